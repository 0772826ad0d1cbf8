"""What adopt promises, build keeps: a file that a build would refuse is not archived, and what it would quarantine is told."""

import tracemalloc
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tasks.archive import store
from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load.trial import Trial, trial
from tests.fuzz import specimens
from warehouse.settings import Home, Settings

GOOD = "observation_date,AEXCHUS\n2000-01-01,8.2784\n"
PARTLY = "observation_date,AEXCHUS\n2000-01-01,8.2784\n2001-01-01,n/a\n"
REFUSED = "observation_date,AEXCHUS\n2000-01-01,n/a\n"
DAMAGED = "observation_date,AEXCHUS\n2000-01-01,8.2784\n2001-01-02,8.2770\n"


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> tuple[Home, dict[str, AdoptionResult]]:
    root = tmp_path_factory.mktemp("trial")
    home, folder = Home(root / "home"), root / "downloads"
    folder.mkdir()
    for name, text in (("good.csv", GOOD), ("partly.csv", PARTLY), ("refused.csv", REFUSED), ("damaged.csv", DAMAGED)):
        (folder / name).write_text(text, encoding="utf-8")
    with zipfile.ZipFile(folder / "both.zip", "w") as file:
        file.writestr("refused.csv", REFUSED.replace("CHUS", "JPUS"))
        file.writestr("good.csv", GOOD.replace("AEXCHUS", "AEXKOUS").replace("8.2784", "1130.9"))
    with trial(settings.model_copy(update={"home": home.root})) as reading:
        found = list(adopt.adopt(home, [folder], None, reading.examine))
    return home, {str(r.path.relative_to(folder)): r for r in found}


def test_a_file_that_a_build_would_refuse_is_not_archived(results: tuple[Home, dict[str, AdoptionResult]]) -> None:
    home, found = results
    assert {name for name, r in found.items() if r.source} == {"good.csv", "partly.csv", "both.zip/good.csv"}
    archived = store.manifests(home)
    assert sorted(a.filename for a in archived) == ["good.csv", "good.csv", "partly.csv"]
    assert {p.name for p in store.objects(home)} == {a.stored_as for a in archived}


def test_the_reason_is_that_of_the_build(results: tuple[Home, dict[str, AdoptionResult]]) -> None:
    _, found = results
    assert "not one of 1 rows can be loaded" in found["refused.csv"].message
    assert "not one of 1 rows can be loaded" in found["both.zip/refused.csv"].message
    assert "2001-01-02 is not the first day of a year" in found["damaged.csv"].message


def test_what_will_be_quarantined_is_told(results: tuple[Home, dict[str, AdoptionResult]]) -> None:
    _, found = results
    assert "1 of 2 rows will be quarantined, the first of them row 2 (fred_value" in found["partly.csv"].message
    assert "quarantined" not in found["good.csv"].message


def test_without_examining_a_file_is_only_recognised(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "refused.csv"
    path.write_text(REFUSED, encoding="utf-8")
    assert [r.is_new for r in adopt.adopt(home, [path])] == [True]


def test_a_record_of_a_bulk_file_that_is_none_is_told(home: Home, settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "BACI_HS92_Y2023_V202501.csv"
    path.write_text("t,i,j,k,v,q\n2023,156,392,010121,1.5,2.0\n2023,156,842,010121,1,5,2.0\n", encoding="utf-8")
    with trial(settings.model_copy(update={"home": home.root})) as reading:
        (result,) = adopt.adopt(home, [path], None, reading.examine)
    assert "1 records will be quarantined, the first of them record 2 (" in result.message


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[Trial]:
    with trial(settings.model_copy(update={"home": tmp_path_factory.mktemp("reading")})) as opened:
        yield opened


def _adopted(reading: Trial, home: Path, *files: Path) -> None:
    results = list(adopt.adopt(Home(home), list(files), None, reading.examine))
    assert [r.message for r in results if not r.source] == []


def test_rows_of_earlier_files_are_not_kept_in_memory(reading: Trial, tmp_path: Path) -> None:
    """Figures of trade and of an indicator have tables of their own."""
    trade, indicator = tmp_path / "comtrade.csv", tmp_path / "graph.csv"
    trade.write_bytes(specimens.made()["comtrade.csv"])
    indicator.write_text(GOOD, encoding="utf-8")
    tables = "SELECT table_name, estimated_size FROM duckdb_tables() WHERE temporary ORDER BY ALL"
    kept = []
    for number, files in enumerate(([indicator], [trade, indicator])):
        _adopted(reading, tmp_path / f"home-{number}", *files)
        kept.append(reading.connection.execute(tables).fetchall())
    assert kept[0] == kept[1]
    cached = "SELECT sum(memory_usage_bytes) FROM duckdb_memory() WHERE tag = 'EXTERNAL_FILE_CACHE'"
    assert reading.connection.execute(cached).fetchall() == [(0,)]


def test_an_unknown_code_is_told_with_its_name_and_where_to_say_what_it_is(reading: Trial, tmp_path: Path) -> None:
    some, none = tmp_path / "some.csv", tmp_path / "none.csv"
    text = specimens.made()["TradeData.csv"].decode()
    some.write_text(text.replace('"392","JPN","Japan"', '"9876","ZZQ","Atlantis"'), encoding="utf-8")
    none.write_text(text.replace('"156","CHN","China"', '"9876","ZZQ","Atlantis"'), encoding="utf-8")
    results = adopt.adopt(Home(tmp_path / "home"), [some, none], None, reading.examine)
    told = {r.path.name: r.message for r in results}
    for name, column in (("some.csv", "partner1_code"), ("none.csv", "reporter_code")):
        assert f"{column} is 9876, printed beside it: ZZQ, Atlantis. " in told[name]
        assert "vocabulary/place_codes.csv of the home folder (scheme,code,place," in told[name]
    assert "`entrepot try uncomtrade FILE --rows 20`" in told["none.csv"]


def test_python_keeps_nothing_of_a_file_that_was_adopted(reading: Trial, tmp_path: Path) -> None:
    peaks: list[int] = []
    for count in (4, 4, 32):  # the first time modules are imported and templates compiled
        folder = tmp_path / f"files-{len(peaks)}"
        folder.mkdir()
        for number in range(count):
            years = "".join(f"{1981 + year}-01-01,8.{number:02}{year:02}\n" for year in range(40))
            (folder / f"{number}.csv").write_text(f"observation_date,AEXCHUS\n{years}", encoding="utf-8")
        tracemalloc.start()
        _adopted(reading, tmp_path / f"home-{len(peaks)}", folder)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.3 * peaks[1]
