"""What holds for every source: files are recognised by one source only, and each inherits the tests of sources."""

from importlib import import_module
from pathlib import Path

import pytest

from tasks import sources
from tasks.archive.sniff import sniff
from tasks.contract.source import Source
from tasks.identity import closure
from tasks.intake import accept
from tests.support.answers import answer
from tests.support.paths import ROOT
from tests.support.source_contract import ServiceContract, SourceContract
from warehouse.errors import Unexpected

SOURCES = sources.all_sources()
for _path in sorted(Path(__file__).parent.glob("test_*.py")):
    import_module(f"tests.tasks.sources.{_path.stem}")
CONTRACTS = {
    contract.source.id: contract
    for base in (SourceContract, ServiceContract)
    for contract in base.__subclasses__()
    if contract is not ServiceContract
}

#: The bundled figures are recognised by their place in the project and judged by nobody: tests/tasks/load loads them.
WITHOUT_SPECIMEN = {"curated"}

#: Files that a folder of downloads has beside data.
UNKNOWN_FILES: dict[str, bytes] = {
    "empty": b"",
    "text": b"Notes: 2016 figures are provisional.\n",
    "Markdown": b"# Trade\n\n| year | value |\n|---|---|\n| 2016 | 1 |\n",
    "HTML": b"<!DOCTYPE html><html><head><title>Downloads</title></head><body>2016</body></html>",
    "XML": b'<?xml version="1.0"?><catalogue><entry year="2016">1</entry></catalogue>',
    "JSON object": b'{"data": [{"year": 2016, "value": 1}]}',
    "JSON list": b"[1, 2, 3]",
    "JSON that is cut": b'{"data": [{"year": 2016',
    "CSV": b"name,height\nFuji,3776\nPaektu,2744\n",
    "CSV of a header": b"Date,Country,Value\n",
    "CSV with semicolons": b"Land;Jahr;Wert\nChina;2016;1,5\n",
    "UTF-16": "name\theight\n富士山\t3776\n".encode("utf-16"),
    "GB18030": "地区,年份\n辽宁省,2016\n".encode("gb18030"),
    "image": b"\x89PNG\r\n\x1a\n" + bytes(64),
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "zeros": bytes(2048),
}


@pytest.fixture(params=list(SOURCES))
def source(request: pytest.FixtureRequest) -> Source:
    """Each source in turn."""
    return SOURCES[request.param]


def test_every_source_inherits_the_tests_of_sources() -> None:
    assert CONTRACTS.keys() == SOURCES.keys() - WITHOUT_SPECIMEN


@pytest.mark.parametrize("source_id", list(CONTRACTS))
def test_each_form_that_a_page_calls_refused_is_tried(source_id: str) -> None:
    assert set(CONTRACTS[source_id].refused_forms) == {refused.form for refused in SOURCES[source_id].refused}


def test_a_form_that_a_page_does_not_list_is_not_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    contract = CONTRACTS["fred.fx"]
    monkeypatch.setattr(type(SOURCES["fred.fx"]), "forms", SOURCES["fred.fx"].forms[1:])
    with pytest.raises(Unexpected, match="does not declare the layout 'graph'"):
        accept.recognise(sniff(contract.specimen.write(tmp_path)), list(SOURCES.values()))


@pytest.mark.parametrize("source_id", list(CONTRACTS))
def test_a_specimen_is_recognised_by_its_own_source_only(source_id: str, tmp_path: Path) -> None:
    path = CONTRACTS[source_id].specimen.write(tmp_path)
    assert [s.id for s in SOURCES.values() if s.recognises(sniff(path)) is not None] == [source_id]


def test_no_other_file_is_recognised(source: Source, tmp_path: Path) -> None:
    recognised = {what: source.recognises(answer(tmp_path, content)) for what, content in UNKNOWN_FILES.items()}
    assert [what for what, found in recognised.items() if found is not None] == []


@pytest.mark.parametrize("source_id", list(CONTRACTS))
def test_a_source_that_asks_a_service_inherits_the_tests_of_answers(source_id: str) -> None:
    contract = CONTRACTS[source_id]
    assert issubclass(contract, ServiceContract) is (SOURCES[source_id].service is not None)
    if issubclass(contract, ServiceContract):
        assert len({refused.fault for refused in contract.refused_answers.values()}) >= 2
        assert any(valid.rows for valid in contract.valid_answers.values())


def test_a_load_rests_on_the_package_and_the_schemas_of_its_source_and_on_no_other_source(source: Source) -> None:
    tree = closure.of_process()
    files = tree.files([tree.module_of(type(source))])
    package = type(source).__module__.replace(".", "/")
    assert {f"{table.__module__.replace('.', '/')}.py" for table in source.tables} <= files
    beside = {f"{package}/{p.name}" for p in (ROOT / package).iterdir() if p.is_file()}
    assert beside <= tree.files([tree.module_of(type(source))], with_service=True)
    of_sources = {f for f in files if f.startswith("tasks/sources/") and f != "tasks/sources/__init__.py"}
    assert {f for f in of_sources if not f.startswith((f"{package}/", "tasks/sources/_shared/"))} == set()
