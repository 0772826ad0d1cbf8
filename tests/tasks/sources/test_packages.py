"""What all sources' packages have in common: their service modules, and their SQL."""

import ast
import re
from pathlib import Path

import pytest

from tasks import sources

FOLDER = Path(sources.__file__).parent
_SINGLE_BRACES = re.compile(r"(?<!\{)\{[a-z_]+\}(?!\})")
MODULES = sorted(path for path in FOLDER.rglob("*.py") if path.parent != FOLDER)


def imported(path: Path) -> set[str]:
    """The modules that a module imports, also by ``from package import module``."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names} | {node.module or ""}
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_readers_do_not_import_what_asks_the_service(path: Path) -> None:
    """What a load rests on leaves service modules out, so nothing that reads a file may use them."""
    if path.name in ("__init__.py", "service.py"):
        return
    services = {name for name in imported(path) if name.startswith("tasks.sources.") and name.endswith(".service")}
    assert services == set()


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.sql")), ids=lambda path: path.relative_to(FOLDER).as_posix())
def test_sql_has_one_template_language(path: Path) -> None:
    """Values come by Jinja, ``{{ title | sql }}``; a name in single braces would be left as it is."""
    assert _SINGLE_BRACES.findall(path.read_text(encoding="utf-8")) == []
