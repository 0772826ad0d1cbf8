"""The page of reconciliation methods: what the script gives, the methods of the schema, and figures that follow from its own inputs."""

import re

import pytest

from schemas.reconciliation import METHODS
from tasks.pages import methods_page
from tests.support.jetro import JETRO
from tests.support.paths import ROOT
from warehouse.connection import reader
from warehouse.settings import Home

PAGE = (ROOT / "docs" / "trade_by_method.md").read_text(encoding="utf-8")
NAMES = [method.name for method in METHODS]


def tables(text: str) -> dict[str, dict[int, dict[str, int | None]]]:
    """The numbers of a page by heading, year and column."""
    sections = text.split("\n## ")[1:]
    columns = ["export", "import", *NAMES]
    return {
        section.splitlines()[0]: {
            int(cells[0]): {
                column: int(amount.split()[0].replace(",", "")) if amount[0].isdigit() else None
                for column, amount in zip(columns, cells[1:], strict=False)
            }
            for line in section.splitlines()
            if re.match(r"\| \d{4} ", line)
            for cells in [[c.strip() for c in line.strip("|").split("|")]]
        }
        for section in sections
    }


def test_the_page_of_the_bundled_figures_has_the_importers_side(bundled: Home) -> None:
    with reader(bundled) as con:
        text = methods_page.page(con)
    to_china, to_japan = tables(text).values()
    assert {year: row["both_import"] for year, row in to_china.items()} == {year: w[0] for year, w in JETRO.items()}
    assert {year: row["both_import"] for year, row in to_japan.items()} == {year: w[1] for year, w in JETRO.items()}
    # All but the tables is the same on the page of the repository.
    assert text.split("\n## ")[0] == PAGE.split("\n## ")[0]
    assert text.rpartition("\n\n")[2] == PAGE.rpartition("\n\n")[2]


@pytest.mark.parametrize(("title", "column"), [("Japan's exports to China", 0), ("China's exports to Japan", 1)])
def test_the_page_has_jetros_figures_of_every_year(title: str, column: int) -> None:
    rows = tables(PAGE)[title]
    assert list(rows) == list(methods_page.YEARS)
    assert {year: row["both_import"] for year, row in rows.items()} == {year: w[column] for year, w in JETRO.items()}


@pytest.mark.parametrize("title", tables(PAGE))
def test_figures_on_the_page_follow_from_both_inputs(title: str) -> None:
    for row in tables(PAGE)[title].values():
        exported, imported = row["export"], row["import"]
        assert imported is not None
        assert row["importer_first"] == row["both_import"] == imported
        assert row["exporter_first"] == (imported if exported is None else exported)
        for name, rate in (("dots_106", 1.06), ("dots_110", 1.10)):
            assert row[name] == pytest.approx(imported / rate if exported is None else exported, abs=1)
        balanced = row["oecd_itic"]
        assert balanced is not None
        freight = imported - (balanced if exported is None else 2 * balanced - exported)
        assert 0.04 * imported < freight < 0.0601 * imported  # the OECD's margins of China and Japan, or 6 per cent
        assert row["baci_like"] == pytest.approx(mean(exported, imported / 1.033), abs=1)
        reconciled = row["harvard_like"]
        assert reconciled is not None
        assert (
            mean(exported, imported / 1.2) - 1 <= reconciled <= mean(exported, imported) + 1
        )  # freight of 0 to 20 per cent


def mean(exported: int | None, imported: float) -> float:
    """What both reports come to where weights cannot be estimated."""
    return imported if exported is None else (exported + imported) / 2


def test_each_cell_of_the_page_has_a_value_or_says_why_not() -> None:
    cells = [c.strip() for line in PAGE.splitlines() if re.match(r"\| \d{4} ", line) for c in line.strip("|").split("|")]  # fmt: skip
    assert "" not in cells
    assert {c for c in cells if not c[0].isdigit() and c[0] != "`"} == {"none loaded"}
