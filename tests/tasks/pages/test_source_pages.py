"""The pages of sources are what the sources declare, and every source declares what its page needs."""

import inspect
import pkgutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import schemas
from schemas.base import Table
from tasks import sources
from tasks.contract.source import Source
from tasks.pages import source_pages
from tests.support.paths import ROOT
from warehouse import ddl

FOLDER = ROOT / "docs" / "sources"
SOURCES = sources.all_sources()


@pytest.fixture(params=list(SOURCES))
def source(request: pytest.FixtureRequest) -> Source:
    """Each source in turn."""
    return SOURCES[request.param]


def test_the_pages_in_the_repository_are_up_to_date() -> None:
    actual = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}
    assert actual.keys() == source_pages.pages().keys(), "run `make docs`"
    assert [name for name, text in source_pages.pages().items() if actual[name] != text] == [], "run `make docs`"


def test_pages_of_sources_that_no_longer_exist_are_removed(tmp_path: Path) -> None:
    (tmp_path / "gone.source.md").write_text("once")
    source_pages.write(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {"README.md", *(f"{name}.md" for name in SOURCES)}


def test_a_source_declares_what_its_page_needs(source: Source) -> None:
    for sentence in (source.covers, source.units, *source.traps, *(form.form for form in source.forms)):
        assert sentence.endswith((".", '"')), sentence
        assert sentence.strip() == sentence
    assert source.covers
    assert source.units
    assert source.licence
    assert source.redistribution in ("yes", "attribution", "ask")
    assert source.traps
    assert source.forms
    assert source.tables
    # The bundled figures have many publishers: each row names its own.
    assert (source.documentation or "").startswith("http") is (source.id != "curated")


def test_a_page_says_how_to_get_a_key_that_is_needed(source: Source) -> None:
    has_key = source.service is not None and source.service.key is not None
    assert bool(source.key_help) is has_key


def test_every_schema_of_a_publisher_is_on_a_page() -> None:
    ours = {"meta", "core", "mart", "reference", "observations"}
    modules = [import_module(f"schemas.{m.name}") for m in pkgutil.iter_modules(schemas.__path__) if m.name not in ours]
    declared = {
        value
        for module in modules
        for value in vars(module).values()
        if inspect.isclass(value) and issubclass(value, Table) and value.__module__ == module.__name__
    }
    # Those that are only the base of others have no name of their own.
    named = {table for table in declared if "." in str(table.to_schema().name)}
    assert named == {table for source in SOURCES.values() for table in source.tables}
    assert not named & {*ddl.STORED, *ddl.VIEWS}


def test_a_page_says_that_answers_are_large_and_which_key_is_needed() -> None:
    texts = source_pages.pages()
    assert "pulled only when named, `entrepot pull cepii.baci`" in texts["cepii.baci.md"]
    assert "ENTREPOT_UNCOMTRADE_KEY" in texts["uncomtrade.md"]
    assert "at most 500 in 24 hours" in texts["uncomtrade.md"]
    assert "Takes no request without a key, as the parameter `appId`." in texts["jpn.estat.md"]
    assert "- No key." in texts["ecb.exr.md"]
    assert texts["README.md"].count("\n| [") == len(SOURCES)


@pytest.mark.parametrize("source_id", SOURCES)
def test_a_source_lies_in_the_module_of_its_name(source_id: str) -> None:
    assert sources.get(source_id) is SOURCES[source_id]


def test_one_source_is_loaded_without_importing_the_others() -> None:
    """Importing all of them takes longer than a load that has nothing to do."""
    asked = "import sys; from tasks import sources; sources.get('cepii.baci'); print(*sorted(sys.modules))"
    output = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    packages = {".".join(m.split(".")[:3]) for m in output.split() if m.startswith("tasks.sources.")}
    assert packages == {"tasks.sources.cepii_baci"}
