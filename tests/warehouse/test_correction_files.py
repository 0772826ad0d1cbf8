"""Files of corrections: those of the project and of a user are read, and one that is none says every field that is wrong."""

from pathlib import Path

import duckdb
import pytest

from tasks.load import reference
from warehouse import correction_files
from warehouse.errors import BadData

GOOD = """
source: curated
dataset: bureau.gdp
fact: indicator
period: "2016"
concerns: indicator = 'gdp'
expectation: sum(value) > 30000000
reason: printed in the wrong unit
"""


@pytest.fixture
def vocabulary(tmp_path: Path) -> Path:
    (tmp_path / "vocabulary" / "corrections").mkdir(parents=True)
    return tmp_path / "vocabulary"


def names(con: duckdb.DuckDBPyConnection) -> list[str]:
    return [name for (name,) in con.execute("SELECT correction FROM ref.correction ORDER BY ALL").fetchall()]


def test_a_users_corrections_are_added_to_those_of_the_project(
    warehouse: duckdb.DuckDBPyConnection, vocabulary: Path
) -> None:
    bundled = names(warehouse)
    assert "province_panel_trade_2006" in bundled
    (vocabulary / "corrections" / "gdp_2016.yml").write_text(GOOD, "utf-8")
    assert reference.load(warehouse, vocabulary=vocabulary)
    assert names(warehouse) == sorted([*bundled, "gdp_2016"])
    row = "SELECT source, fact, period, expectation FROM ref.correction WHERE correction = 'gdp_2016'"
    assert warehouse.execute(row).fetchall() == [("curated", "indicator", "2016", "sum(value) > 30000000")]
    assert not reference.load(warehouse, vocabulary=vocabulary)
    (vocabulary / "corrections" / "gdp_2016.yml").write_text(GOOD.replace("3000", "4000"), "utf-8")
    assert reference.load(warehouse, vocabulary=vocabulary)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (GOOD.replace("reason", "because"), "reason: Field required; because: Extra inputs"),
        (GOOD.replace("indicator\n", "visits\n", 1), "fact: Input should be 'trade'"),
        (GOOD.replace('"2016"', "2016"), "period: Input should be a valid string"),
        ("- a list", "the file: Input should be a valid dictionary"),
        ("a: [", "cannot be read"),
        (GOOD.replace("curated", "curatde"), "there is no source 'curatde'"),
    ],
)
def test_what_is_wrong_with_a_file_is_said(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(text, "utf-8")
    with pytest.raises(BadData) as caught:
        correction_files.rows([path], ["curated"])
    assert str(path) in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "name", ["corrections/gdp.csv", "corrections/gdp.yml.txt", "gdp.yml", "places.xlsx", "more/places.csv"]
)
def test_a_file_that_nobody_reads_is_told(warehouse: duckdb.DuckDBPyConnection, vocabulary: Path, name: str) -> None:
    path = vocabulary / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(GOOD, "utf-8")
    with pytest.raises(BadData, match=f"{name} is not of a reference table"):
        reference.load(warehouse, vocabulary=vocabulary)


@pytest.mark.parametrize("name", ["corrections/gdp.yaml", "README.md", ".gdp.yml.swp"])
def test_both_endings_of_yaml_and_notes_are_taken(
    warehouse: duckdb.DuckDBPyConnection, vocabulary: Path, name: str
) -> None:
    (vocabulary / name).write_text(GOOD, "utf-8")
    before = names(warehouse)
    reference.load(warehouse, vocabulary=vocabulary)
    assert (names(warehouse) != before) == name.endswith(".yaml")


def test_a_correction_whose_name_is_taken_is_refused(warehouse: duckdb.DuckDBPyConnection, vocabulary: Path) -> None:
    (vocabulary / "corrections" / "province_panel_trade_2006.yml").write_text(GOOD, "utf-8")
    with pytest.raises(BadData, match="corrections"):
        reference.load(warehouse, vocabulary=vocabulary)
