"""What tests share: paths, made files, a publisher's service on loopback, adopting and loading as the command line does.

Nothing here is collected as a test; fixtures that all tests see are in ``tests/conftest.py``.
"""
