"""JETRO: rows by their labels, revised years, the break between manuals, and the page that leads to the workbooks."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive.sniff import sniff
from tasks.contract.service import Request, Selection
from tasks.sources.jpn_jetro import SOURCE
from tests.support.answers import answer_to
from tests.support.loading import adopt_files, load_pending
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from tests.support.workbooks import workbook, workbook_bytes
from warehouse.errors import LayoutChanged, NotData
from warehouse.settings import Home, Settings

_Sheet = list[list[str | float | None]]


def flows(*, shift: int = 0, unit: str = "(US$ million)") -> _Sheet:
    """The sheet of flows; ``shift`` moves its rows and columns, as releases do."""
    rows: _Sheet = [
        ["Japan's Outward FDI by Country/Region (Balance of Payments Basis, Net and Flow)"], [], [None, None, unit],
        [None, None, 2012.0, 2013.0, "2014r", "2015 r", "2016p"],
        ["Asia", None, 33477, 40470, 41388.25, 32300, 14000],
        [None, "China", 13479, 9104, 10889, 10011, 9534],
        [None, "R.Korea", "n.a.", 3296, -3200, 1688, 0.123456789012345],
        [None, "Others", 1, 2, 3, 4, 5],
        ["Oceania"], [None, "Australia", 10946, 5953, 5060, 6700, "n.a."], [None, "Others", 6, 7, 8, 9, None],
        ["World", None, 122355, 135049, 138000, 138400, 170000],
        ["Note: figures up to 2013 follow BPM5"], ["Source: Ministry of Finance"],
    ]  # fmt: skip
    return [[]] * shift + [[None] * shift + row for row in rows]


def stocks() -> _Sheet:
    return [
        ["Japan's Total Outward FDI by Country/Region"], [None, None, None, "(US$ million)"], [],
        [None, None, None, "end of 99", "end of 00", "end of 01"], ["Asia"], [None, "China", None, 7340, 8699, 10043],
    ]  # fmt: skip


def loaded(con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, path: Path) -> Any:
    assert adopt_files(home, path)[path.name].source == "jpn.jetro"
    (outcome,) = load_pending(con, home, settings, "jpn.jetro")
    return outcome


COLUMNS = "counterpart, concept, accounting, direction, principle, period, value, currency, obs_status"


@pytest.mark.parametrize("shift", [0, 2])
def test_flows_wherever_they_stand(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path, shift: int
) -> None:
    path = workbook(
        tmp_path / "country1_e_25cy.xlsx", {"Historical(Outward)": flows(shift=shift), "Cover": [["JETRO"]]}
    )
    outcome = loaded(warehouse, home, settings, path)
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 34, 0)
    rows = warehouse.execute(
        f"SELECT {COLUMNS} FROM mart.fdi_figures WHERE source = 'jpn.jetro' ORDER BY ALL"
    ).fetchall()
    fixed = ("bop", "flow", "outward", "unknown")
    assert [r for r in rows if r[0] == "KOR"] == [
        ("KOR", *fixed, "2012", None, "USD", "O"),
        ("KOR", *fixed, "2013", Decimal("3296000000"), "USD", "A"),
        ("KOR", *fixed, "2014", Decimal("-3200000000"), "USD", "B"),
        ("KOR", *fixed, "2015", Decimal("1688000000"), "USD", "A"),
        ("KOR", *fixed, "2016", Decimal("123456.789012"), "USD", "P"),
    ]
    assert [r[6] for r in rows if r[0] == "JPN_ASIA"][2] == Decimal("41388250000")
    assert {r[0] for r in rows} == {"JPN_ASIA", "CHN", "KOR", "_JPN_ASIA_OTHERS", "AUS", "_JPN_OCEANIA_OTHERS", "WLD"}


def test_manuals_are_datasets_and_revised_years_are_noted(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    loaded(warehouse, home, settings, workbook(tmp_path / "a.xlsx", {"Historical(Outward)": flows()}))
    found = warehouse.execute(
        "SELECT dataset, min(period), max(period) FROM core.fdi_versions WHERE source = 'jpn.jetro' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert found == [("jpn.jetro.flow.bpm5", "2012", "2013"), ("jpn.jetro.flow.bpm6", "2014", "2016")]
    notes = {
        n for (n,) in warehouse.execute("SELECT DISTINCT note FROM meta.citations WHERE note LIKE 'BPM%'").fetchall()
    }
    assert notes >= {
        "BPM5",
        "BPM6; r beside the year",
        "BPM6; p beside the year",
        "BPM5; printed as n.a.: not available",
    }


def test_positions(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> None:
    assert (
        loaded(
            warehouse,
            home,
            settings,
            workbook(tmp_path / "24fdistock01_en.xlsx", {"Total Outward FDI": stocks()}),
        ).rows_in
        == 3
    )
    rows = warehouse.execute(
        f"SELECT {COLUMNS} FROM mart.fdi_figures WHERE source = 'jpn.jetro' ORDER BY ALL"
    ).fetchall()
    fixed = ("CHN", "direct_investment_position", "position", "outward", "unknown")
    assert rows == [
        (*fixed, "1999", Decimal(7340000000), "USD", "A"), (*fixed, "2000", Decimal(8699000000), "USD", "A"),
        (*fixed, "2001", Decimal(10043000000), "USD", "A"),
    ]  # fmt: skip


def test_a_release_revises_the_one_before(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    loaded(warehouse, home, settings, workbook(tmp_path / "a.xlsx", {"Historical(Outward)": flows()}))
    later = flows()
    later[5][6] = 9535
    outcome = loaded(warehouse, home, settings, workbook(tmp_path / "b.xlsx", {"Historical(Outward)": later}))
    assert (outcome.change.revised, outcome.change.new) == (1, 0)


def test_bad_cells_are_quarantined(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    rows = flows()
    rows[5][6] = "-"  # no note says what it means
    rows += [["Atlantis", None, 1], [None, None, 2]]
    outcome = loaded(warehouse, home, settings, workbook(tmp_path / "a.xlsx", {"Historical(Outward)": rows}))
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 36, 3)
    rules = [(r.rules.split(": ")[0], '"printed_figure": "-"' in r.raw) for r in outcome.quarantined]
    assert sorted(rules) == [("label_code", False), ("label_code", False), ("obs_status", True)]


PAGE = (
    '<html><a href="/ext_images/en/reports/statistics/data/country1_e_24cy.xlsx">old</a>'
    '<a href="/ext_images/en/reports/statistics/data/country1_e_25cy.xlsx">Flow</a>'
    '<a href="/ext_images/en/reports/statistics/data/industry1_e_24Q2.xls">by industry</a>'
    '<a href="/ext_images/en/reports/statistics/data/24fdistock01_en.xls">Stock</a></html>'
)


def test_the_page_leads_to_the_newest_workbooks(tmp_path: Path) -> None:
    (page,) = SOURCE.requests(Selection(2012, 2017))
    judged = SOURCE.judge(page, answer_to(tmp_path, page, PAGE))
    assert (judged.is_kept, [r.filename for r in judged.following]) == (
        False,
        ["country1_e_25cy.xlsx", "24fdistock01_en.xls"],
    )
    flow, _ = judged.following
    good = workbook(tmp_path / flow.filename, {"Historical(Outward)": flows()})
    assert SOURCE.judge(flow, sniff(good)).rows == 34


def sheets(rows: _Sheet, name: str = "Historical(Outward)") -> bytes:
    return workbook_bytes({name: rows})


WITH_A_BAD_CELL = [[*row[:6], "-"] if n == 5 else row for n, row in enumerate(flows())]
(PAGE_REQUEST,) = SOURCE.requests(Selection(2012, 2017))
FILE_REQUEST = Request("/a.xlsx", "a.xlsx", context=(("kind", "flow"),))


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("country1_e_25cy.xlsx", sheets(flows()), rows=34)
    golden = {
        "SELECT period, value FROM mart.fdi_figures WHERE counterpart = 'CHN' ORDER BY period LIMIT 2": [
            ("2012", Decimal(13479000000)), ("2013", Decimal(9104000000)),
        ],
    }  # fmt: skip
    bad_row = BadRow(sheets(WITH_A_BAD_CELL), rule="obs_status")
    changed_layouts = {
        "no unit": (sheets(flows(unit="(yen)")), "does not say its unit"),
        "another unit": (sheets(flows(unit="(100 million yen)")), "not in million dollars"),
        "no years": (sheets(flows()[:3]), "no row of years"),
        "a year before the labels": (
            sheets([[row[2] if len(row) > 2 else None, *row] for row in flows()]),
            "before the labels of the rows",
        ),
        "another sheet": (sheets(flows(), "Flows"), "no source recognises"),
    }
    refused_answers = {
        "a page of CSV": Refused(PAGE_REQUEST, "a,b", NotData),
        "a page without links": Refused(PAGE_REQUEST, "<html>moved</html>", LayoutChanged),
        "HTML": Refused(FILE_REQUEST, "<html></html>", NotData),
        "a cut workbook": Refused(FILE_REQUEST, sheets(flows(), "Flows")[:300], NotData),
        "another workbook": Refused(FILE_REQUEST, sheets(flows(), "Flows"), LayoutChanged),
    }
    valid_answers = {
        "the page": Valid(PAGE_REQUEST, PAGE, rows=0),
        "a workbook": Valid(FILE_REQUEST, sheets(flows()), rows=34),
    }
