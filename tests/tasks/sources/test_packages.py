"""What all sources' packages have in common: their names, and their SQL."""

import re
from pathlib import Path

import pytest

from tasks import sources
from warehouse.errors import Unknown

FOLDER = Path(sources.__file__).parent
_SINGLE_BRACES = re.compile(r"(?<!\{)\{[a-z_]+\}(?!\})")


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
