"""A copy of the project's code, to change a file of it and see what that changes."""

import shutil
from pathlib import Path

from tasks.identity import closure

_BUNDLED_FIGURES = "curated"


def make(root: Path) -> Path:
    """Copy the code, SQL and tables of the project below ``root``, but not the bundled figures."""
    for package in closure.PACKAGES:
        left_out = ["__pycache__", *([_BUNDLED_FIGURES] if package == "warehouse" else [])]
        shutil.copytree(closure.ROOT / package, root / package, ignore=shutil.ignore_patterns(*left_out))
    return root
