"""What all sources' packages have in common: their service modules, and their SQL."""

import ast
import re
from pathlib import Path

import pytest

from tasks import sources
from warehouse.errors import Unknown

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


def test_every_source_is_in_a_package_named_as_its_id() -> None:
    modules = {source_id: type(source).__module__ for source_id, source in sources.all_sources().items()}
    assert modules == {source_id: f"tasks.sources.{source_id.replace('.', '_')}" for source_id in modules}
    assert list(modules) == sorted(modules)
    assert all((FOLDER / source_id.replace(".", "_") / "__init__.py").is_file() for source_id in modules)


def test_an_unknown_source_is_named_beside_the_known_ones() -> None:
    with pytest.raises(Unknown, match=r"^no source 'who\.knows'\. Sources: cepii\.baci, "):
        sources.get("who.knows")
