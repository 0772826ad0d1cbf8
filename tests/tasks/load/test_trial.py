"""What adopt promises, build keeps: a file that a build would refuse is not archived, and what it would quarantine is told."""

import zipfile
from pathlib import Path

import pytest

from tasks.archive import store
from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load.trial import trial
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
