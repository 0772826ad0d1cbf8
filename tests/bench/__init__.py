"""The bench: how close loading with everything it promises comes to the speed of a bare DuckDB load.

``make bench`` or ``python -m tests.bench --help``. It asserts nothing absolute: it measures on one machine, in one run,
side by side, and says which bars are met. Read ``run`` first; each other module is one concern.
"""
