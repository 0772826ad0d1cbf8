"""What tests share: paths, small files, a publisher's service on loopback, adopting and loading as the command line does.

Nothing here is collected as a test; fixtures that all tests see are in ``tests/conftest.py``.
"""

import pytest

# A failed assertion in these shows the values, as in a test.
pytest.register_assert_rewrite("tests.support.loading", "tests.support.source_contract")
