"""Where things lie, defined once."""

from pathlib import Path

#: The repository's root folder.
ROOT = Path(__file__).parents[2]

#: The publishers' files, which do not come with the project; what needs them is skipped where the folder is missing.
SHARED = ROOT.parent / "shared"

#: What is kept between runs of the tests; `make clean` removes it.
CACHE = ROOT / ".pytest_cache" / "warehouse"
