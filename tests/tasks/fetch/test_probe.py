"""Asking services for their smallest answers on loopback: as declared, changed, gone, and within the quota."""

from pathlib import Path

import pytest

from tasks import sources
from tasks.contract.source import Source
from tasks.fetch import history
from tasks.fetch import probe as probes
from tasks.fetch.endpoint import endpoint_of
from tasks.fetch.probe import Probed, probe
from tasks.load.trial import trial
from tests.support.publisher_server import Answer, Publisher, status
from warehouse.settings import Home, PullLimits, Settings

RATES = "observation_date,AEXJPUS\n2024-01-01,151.3\n"
QUICK = PullLimits(attempts=1, first_wait=0)


@pytest.fixture
def fred(bureau: Publisher, monkeypatch: pytest.MonkeyPatch) -> Source:
    monkeypatch.setenv("ENTREPOT_FRED_FX_URL", bureau.url)
    return sources.get("fred.fx")


def _asked(home: Home, source: Source) -> Probed:
    with trial(Settings(home=home.root)) as reading:
        return probe(home, source, reading, QUICK)


def _csv(text: str) -> Answer:
    return Answer(200, text.encode(), {"Content-Type": "text/csv"})


def test_an_answer_as_declared_is_read_and_not_archived(tmp_path: Path, bureau: Publisher, fred: Source) -> None:
    home = Home(tmp_path)
    bureau.on("/graph/fredgraph.csv", _csv(RATES))
    assert _asked(home, fred) == Probed("fred.fx", rows=1)
    assert [path for path in home.archive.rglob("*") if path.is_file()] == []
    assert len(bureau.requests) == 1
    (end,) = history.ends(home)
    assert (end.source, end.kind, end.fault, end.in_a_row) == ("fred.fx", "probe", None, 0)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (_csv("day,AEXJPUS\n2024-01-01,151.3\n"), "expected the columns observation_date"),
        (_csv("observation_date,AEXJPUS\n2024-01-01,a lot\n"), "not one of 1 rows can be loaded"),
        (status(503, "down for maintenance"), "503"),
        (Answer(200, b"<html><title>Moved</title></html>", {"Content-Type": "text/html"}), "HTML"),
    ],
)
def test_what_is_not_as_declared_is_told_and_counted(
    tmp_path: Path, bureau: Publisher, fred: Source, answer: Answer, words: str
) -> None:
    home = Home(tmp_path)
    bureau.on("/graph/fredgraph.csv", answer)
    for times in (1, 2):
        probed = _asked(home, fred)
        assert words in (probed.fault or "")
        (end,) = history.ends(home)
        assert end.in_a_row == times
    bureau.on("/graph/fredgraph.csv", _csv(RATES))
    assert _asked(home, fred).fault is None
    (end,) = history.ends(home)
    assert end.in_a_row == 0


def test_an_index_of_large_files_is_all_that_is_asked_for(
    tmp_path: Path, bureau: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ENTREPOT_CEPII_BACI_URL", bureau.url)
    page = b'<html><a href="/DATA_DOWNLOAD/baci/data/BACI_HS22_V202601.zip">HS22</a></html>'
    bureau.on("/CEPII/en/bdd_modele/bdd_modele_item.asp", Answer(200, page, {"Content-Type": "text/html"}))
    probed = _asked(Home(tmp_path), sources.get("cepii.baci"))
    assert probed == Probed("cepii.baci", is_read=False)
    assert len(bureau.requests) == 1


def test_every_source_with_a_service_has_a_smallest_request() -> None:
    for source in sources.all_sources().values():
        if source.service is not None:
            assert probes._smallest(source, endpoint_of(source)).path
