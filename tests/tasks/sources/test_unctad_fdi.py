"""UNCTAD: annex tables as CSV and workbooks, bilateral tables, the bulk file, and how answers of the service are judged."""

import io
import json
import zipfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import duckdb
import py7zr
import pytest

from tasks.ask import trace
from tasks.contract.service import Request, Selection
from tasks.load.outcome import Outcome
from tasks.sources.unctad_fdi import SOURCE
from tests.support.answers import answer
from tests.support.loading import adopt_and_load, adopt_files, by_file, load_pending, results_in_each_order
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import EmptyAnswer, LayoutChanged, NotData, ServiceRefused
from warehouse.settings import Home, Settings

Load = Callable[..., dict[str, Outcome]]

#: A few lines of the real form; China's and Japan's inflows are those of the reports of 2022 and 2024.
ANNEX_2022 = """level,type,Region/economy,1990,1991,1992
1,region,World,204887.7031,153959.0873,164684.9945
3,region,Africa,2845.2,3540.1,4100.7
6,country,China,3487.11,4366.34,11007.51
4,country,Japan,1809.277494,1283.978562,2755.6
5,country,Belgium,0,0,0
6,country,"Korea, Democratic People's Republic of",-61.13,134.4,2.3
"""
ANNEX_NEXT = """level,type,Region/economy,1990,1991,1992,1993
1,region,World,204887.7031,153959.0874,164684.9945,222236.6021
6,country,China,3487.11,4366.34,11007.51,27514.95
4,country,Japan,1809.27749,1284,2755.6,210.4
6,country,Democratic People’s Republic of Korea,-61.13,134.4,2.3,0
"""
NAME = "WIR{year}_tab01_fdi-inflows.csv"


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt files of this content and load what is pending."""

    def loading(**files: str | bytes) -> dict[str, Outcome]:
        for name, content in files.items():
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            told = adopt_files(home, path)[name]
            assert told.source == "unctad.fdi", told.message
        return by_file(load_pending(warehouse, home, settings, SOURCE))

    return loading


def figures(con: duckdb.DuckDBPyConnection, where: str = "TRUE") -> list[tuple[Any, ...]]:
    """Figures as mart.fdi_figures shows them."""
    return con.execute(
        "SELECT dataset, accounting, direction, reporter, period, value_usd, printed_value, obs_status, published_on::VARCHAR, "
        f"published_precision FROM mart.fdi_figures WHERE source = 'unctad.fdi' AND ({where}) ORDER BY ALL"
    ).fetchall()


# --- annex tables as CSV ------------------------------------------------------------------------------------


def annex(last: int, text: str = ANNEX_2022, name: str = "inflows") -> dict[str, str]:
    return {f"WIR{last + 1}_tab01_fdi-{name}.csv": text}


def test_millions_are_multiplied_out_to_dollars(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (outcome,) = load(**annex(1992)).values()
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (18, 18, 0)
    assert figures(warehouse, "reporter = 'CHN' AND period = '1990'") == [
        ("unctad.wir.inflows", "flow", "inward", "CHN", "1990", Decimal("3487110000.00"), "3487.11", "A", "1993-12-31", "year")
    ]  # fmt: skip
    exact = "SELECT value FROM core.fdi WHERE reporter = 'JPN' AND period = '1990'"
    assert warehouse.execute(exact).fetchall() == [(Decimal("1809277494.000000"),)]
    assert warehouse.execute(
        "SELECT DISTINCT concept, principle, instrument, counterpart, currency FROM mart.fdi_figures"
    ).fetchall() == [("unctad", "directional", "total", "WLD", "USD")]


def test_negative_flows_are_real(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(**annex(1992))
    assert [f[5] for f in figures(warehouse, "reporter = 'PRK' AND period = '1990'")] == [Decimal("-61130000.00")]


def test_a_printed_zero_is_kept_as_missing(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Belgium had no figures of its own before 2002: the copy prints 0 there, and would make it a country without investment."""
    load(**annex(1992))
    assert {f[5:8] for f in figures(warehouse, "reporter = 'BEL'")} == {(None, "0", "O")}
    note = "SELECT DISTINCT note FROM mart.fdi_figures WHERE reporter = 'BEL'"
    assert "true nil cannot be told" in str(warehouse.execute(note).fetchone())


def test_regions_are_groups(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    header = ",".join(["level,type,Region/economy", *map(str, range(1990, 2022))])
    load(**annex(2021, "\n".join([header, "1,region,World" + ",1" * 32, "4,region,European Union" + ",2" * 32])))
    found = "SELECT DISTINCT reporter, is_aggregate FROM mart.fdi_figures JOIN ref.place ON place = reporter ORDER BY 1"
    assert warehouse.execute(found).fetchall() == [("EU27_2020", True), ("WLD", True)]
    assert {f[8:] for f in figures(warehouse)} == {("2022-06-30", "month")}


def test_the_european_union_of_old_reports_is_not_guessed_at(load: Load) -> None:
    """Which members it has was looked at in the reports of 2022 and 2024 only."""
    (outcome,) = load(**annex(1992, ANNEX_2022.replace("region,Africa", "region,European Union"))).values()
    assert [r.row_number for r in outcome.quarantined] == [4, 5, 6]
    assert {r.rules for r in outcome.quarantined} == {"reporter: not_null"}


def test_an_unknown_economy_is_quarantined_by_name(load: Load) -> None:
    many = "".join(f"6,country,{n},1,2,3\n" for n in ("Brazil", "India", "Chile", "Ghana", "Peru", "Mali", "Niger"))
    text = (ANNEX_2022 + many).replace("Africa", "Atlantis")
    (outcome,) = load(**annex(1992, text)).values()
    assert [r.row_number for r in outcome.quarantined] == [4, 5, 6]
    assert all("wir_economy: stands in ref.place_code.code among unctad" in r.rules for r in outcome.quarantined)
    assert all('"wir_economy": "Atlantis"' in r.raw for r in outcome.quarantined)


def test_what_is_no_number_is_quarantined(load: Load) -> None:
    (outcome,) = load(**annex(1992, ANNEX_2022.replace("4366.34", "4 366.34"))).values()
    (refused,) = outcome.quarantined
    assert (refused.row_number, refused.rules) == (
        8,
        "unctad_million_usd: str_matches(" + refused.rules.split("(", 1)[1],
    )
    assert '"unctad_million_usd": "4 366.34"' in refused.raw


def test_an_empty_cell_is_no_figure(load: Load) -> None:
    (outcome,) = load(**annex(1992, ANNEX_2022.replace("4366.34", ""))).values()
    assert outcome.rows_in == 17


def test_outflows_and_inflows_differ_by_the_name_alone(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(**annex(1992), **annex(1992, ANNEX_2022.replace("3487.11", "830"), "outflows"))
    found = {(f[2], f[5]) for f in figures(warehouse, "reporter = 'CHN' AND period = '1990'")}
    assert found == {("inward", Decimal("3487110000.00")), ("outward", Decimal("830000000.00"))}


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("WIR1993_tab01.csv", ANNEX_2022, "inflows or outflows"),
        ("WIR1993_inflows_and_outflows.csv", ANNEX_2022, "inflows or outflows"),
        ("WIR2024_tab01_fdi-inflows.csv", ANNEX_2022, "the name says World Investment Report 2024, but the table ends in 1992"),
        ("fdi-inflows.csv", ANNEX_2022.replace("1991,1992", "1992,1991"), "years from 1990 on"),
        ("fdi-inflows.csv", ANNEX_2022.replace(",1991,", ",1992,"), "years from 1990 on"),
        ("fdi-inflows.csv", ANNEX_2022.replace("level,type", "level,kind"), "the header of an annex table is level, type"),
    ],
)  # fmt: skip
def test_an_annex_table_that_is_not_quite_one_is_refused(
    home: Home, tmp_path: Path, name: str, text: str, said: str
) -> None:
    (tmp_path / name).write_text(text)
    told = adopt_files(home, tmp_path / name)[name]
    assert told.source is None
    assert said in told.message


def test_a_report_revises_the_one_before_in_whatever_order_they_come(
    warehouse_template: Path, settings: Settings, tmp_path: Path
) -> None:
    older, newer = tmp_path / "WIR1993_fdi-inflows.csv", tmp_path / "WIR1994_fdi-inflows.csv"
    older.write_text(ANNEX_2022)
    newer.write_text(ANNEX_NEXT)
    query = (
        "SELECT reporter, period, value, obs_status, published_on, superseded_on FROM core.fdi_versions "
        "WHERE source = 'unctad.fdi' ORDER BY ALL"
    )
    one, other = results_in_each_order(
        warehouse_template, settings, SOURCE, tmp_path, [(older, newer), (newer, older)], query
    )
    assert one == other
    japan = [r[2:4] for r in one if r[:2] == ("JPN", "1991")]
    assert japan == [(Decimal("1283978562.000000"), "A"), (Decimal("1284000000.000000"), "A")]
    # The next report has no line for Belgium: its figures are marked as gone. Korea's new name is the same place.
    assert [r[3] for r in one if r[:2] == ("BEL", "1990")] == ["O"]
    assert len([r for r in one if r[:2] == ("PRK", "1990")]) == 1


def test_a_figure_is_traced_to_its_line(load: Load, warehouse: duckdb.DuckDBPyConnection, home: Home) -> None:
    load(**annex(1992))
    (figure,) = trace.trace(warehouse, home, "fdi", {"source": "unctad.fdi", "reporter": "CHN", "period": "1991"})
    (version,) = figure.versions
    assert '"unctad_million_usd": "4366.34"' in (version.raw or "")
    assert '"wir_line": "4"' in (version.raw or "")


# --- annex tables as workbooks ------------------------------------------------------------------------------


def workbook(rows: list[list[object]]) -> bytes:
    """An xlsx of one sheet, in the least that a reader needs: texts inline, numbers as they are."""

    def cell(value: object) -> str:
        if value is None:
            return "<c/>"
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
        return f"<c><v>{value!r}</v></c>"

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.'
        f'openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{office}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="WIR" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return made.getvalue()


TITLE = "Annex table 1. FDI inflows, by region and economy, 2021-2023"
SHEET: list[list[object]] = [
    [TITLE, None, None, None],
    ["(Millions of dollars)", None, None, None],
    [None, None, None, None],
    ["Region/economy", 2021, 2022, "2023 a"],
    ["Worldb", 1622000.5, 1356000.25, 1331813.323],
    ["   China", 180956.9, 189132.4, 163253.45],
    ["Caribbean b", 3870.0, "..", "-"],
    ["British Virgin Islands", "..", 0.0, 1e-9],
    ["Memorandum", None, None, None],
    ["Least developed countries (LDCs)", 28693.81234567, 26667.1, 31299.2],
    ["Source: UNCTAD, FDI/MNE database (www.unctad.org/fdistatistics).", None, None, None],
    ["a  Preliminary.", None, None, None],
    ["b", "Excluding the financial centres in the Caribbean.", None, None],
]


def test_a_workbook_is_read_by_labels_and_years(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (outcome,) = load(**{"table.xlsx": workbook(SHEET)}).values()
    assert (outcome.rows_in, outcome.rows_quarantined) == (15, 0)
    found = {(f[3], f[4]): f[5:8] for f in figures(warehouse)}
    assert found["CHN", "2023"] == (Decimal("163253450000.00"), "163253.45", "A")
    assert found["WLD", "2021"] == (Decimal("1622000500000.00"), "1622000.5", "A")
    assert found["UNCTAD_LDC", "2021"] == (Decimal("28693812345.67"), "28693.81234567", "A")
    assert {f[0] for f in figures(warehouse)} == {"unctad.wir.inflows"}
    assert {f[8:] for f in figures(warehouse)} == {("2024-06-30", "month")}


def test_not_available_nil_and_zero_are_three_things(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(**{"table.xlsx": workbook(SHEET)})
    found = {(f[3], f[4]): f[5:8] for f in figures(warehouse)}
    assert found["UNCTAD_CARIBBEAN", "2022"] == (None, "..", "O")
    assert found["UNCTAD_CARIBBEAN", "2023"] == (Decimal("0.00"), "-", "N")
    assert found["VGB", "2022"] == (Decimal("0.00"), "0", "A")
    exact = "SELECT value FROM core.fdi WHERE reporter = 'VGB' AND period = '2023'"
    assert warehouse.execute(exact).fetchone() == (Decimal("0.001000"),)


def test_footnotes_are_taken_off_names_and_kept(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(**{"table.xlsx": workbook(SHEET)})
    noted = "SELECT DISTINCT reporter, note FROM mart.fdi_figures WHERE note IS NOT NULL ORDER BY 1"
    assert warehouse.execute(noted).fetchall() == [
        ("UNCTAD_CARIBBEAN", "Excluding the financial centres in the Caribbean."),
        ("WLD", "Excluding the financial centres in the Caribbean."),
    ]


def test_a_letter_that_is_no_footnote_stays_with_the_name(load: Load) -> None:
    rows = [row if row[0] != "Worldb" else ["Worldz", *row[1:]] for row in SHEET]
    (outcome,) = load(**{"table.xlsx": workbook(rows)}).values()
    assert ['"wir_economy": "Worldz"' in r.raw for r in outcome.quarantined] == [True] * 3


def test_two_tables_side_by_side_are_distinguished(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows: list[list[object]] = [
        ["Annex table 1. FDI flows, by region and economy, 2021-2023 (Millions of dollars)"],
        ["Region/economy", "FDI inflows", None, None, "FDI outflows", None, None],
        [None, 2021, 2022, 2023, 2021, 2022, 2023],
        ["China", 180957, 189132, 163253, 178819, 163121, 147850],
    ]
    load(**{"table.xlsx": workbook(rows)})
    assert {(f[0], f[2], f[4], f[6]) for f in figures(warehouse, "period = '2023'")} == {
        ("unctad.wir.inflows", "inward", "2023", "163253"),
        ("unctad.wir.outflows", "outward", "2023", "147850"),
    }


def test_a_workbook_of_six_years_says_nothing_of_the_others(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    years = ",".join(map(str, range(1990, 2022)))
    load(**annex(2021, f"level,type,Region/economy,{years}\n6,country,China" + ",5" * 32))
    load(**{"table.xlsx": workbook(SHEET)})
    assert warehouse.execute(
        # 'U': one of the workbook is far from the fives of these years, and is marked.
        "SELECT count(*) FROM mart.fdi_figures WHERE reporter = 'CHN' AND obs_status IN ('A', 'U')"
    ).fetchone() == (34,)


def test_stocks_are_positions(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    rows: list[list[object]] = [[TITLE.replace("inflows", "outward stock")], *SHEET[1:6]]
    load(**{"table.xlsx": workbook([*rows, *SHEET[11:]])})
    assert {f[:3] for f in figures(warehouse)} == {("unctad.wir.outward_stock", "position", "outward")}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([SHEET[0], ["(Billions of dollars)"], *SHEET[2:]], "does not say it is in millions"),
        ([SHEET[0], *SHEET[2:]], "does not say it is in millions"),
        ([*SHEET[:3], ["Region/economy", "a", "b", "c"], *SHEET[4:]], "without a row of years"),
        ([*SHEET[:3], ["Region/economy", 2021, 2021, 2023], *SHEET[4:]], "a year is twice"),
    ],
)
def test_a_workbook_that_does_not_state_its_scale_or_years_is_refused(
    home: Home, tmp_path: Path, rows: list[list[object]], said: str
) -> None:
    (tmp_path / "table.xlsx").write_bytes(workbook(rows))
    told = adopt_files(home, tmp_path / "table.xlsx")["table.xlsx"]
    assert told.source is None
    assert said in told.message


def test_a_cut_workbook_is_refused(home: Home, tmp_path: Path) -> None:
    (tmp_path / "WIR2024_tab01.xlsx").write_bytes(workbook(SHEET)[:700])
    told = adopt_files(home, tmp_path / "WIR2024_tab01.xlsx")["WIR2024_tab01.xlsx"]
    assert told.source is None
    assert "damaged" in told.message


# --- the bulk file ------------------------------------------------------------------------------------------

AMOUNT = "US$ at current prices in millions"
BULK_HEADER = (
    f"Year,Economy,Economy Label,Flow,Flow Label,Direction,Direction Label,{AMOUNT},{AMOUNT} Footnote,{AMOUNT} Missing value,"
    "US$ at current prices per capita,US$ at current prices per capita Footnote,US$ at current prices per capita Missing value,"
    "Percentage of total world,Percentage of total world Footnote,Percentage of total world Missing value"
)
BULK = f"""{BULK_HEADER}
2012,0000,World,08,Flow,1,Inward,1468753.125,,,206.1,,,100,,
2012,156,China,08,Flow,1,Inward,121073.14,,,89.1,,,8.2,,
2012,156,China,08,Flow,2,Outward,87803.53,Estimated,,64.6,,,6.0,,
2012,156,China,09,Stock,1,Inward,832882,,,613,,,3.6,,
2012,"842","United States of America",08,Flow,1,Inward,-12.5,,,,,,,,
2012,116,Cambodia,08,Flow,2,Outward,,,Not available or not separately reported,,,,,,
2012,204,Benin,08,Flow,2,Outward,,,Not applicable,,,,,,
2012,158,"China, Taiwan Province of",08,Flow,1,Inward,3207.1,,,137,,,0.2,,
"""


def seven_zip(name: str, text: str) -> bytes:
    made = io.BytesIO()
    with py7zr.SevenZipFile(made, "w") as archive:
        archive.writestr(text, name)
    return made.getvalue()


def test_the_bulk_file_in_its_archive(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    (tmp_path / "US_FdiFlowsStock.7z").write_bytes(seven_zip("US_FdiFlowsStock.csv", "\ufeff" + BULK))
    (told,) = adopt_files(home, tmp_path / "US_FdiFlowsStock.7z").values()
    assert told.source == "unctad.fdi"
    (outcome,) = load_pending(warehouse, home, settings, SOURCE)
    assert (outcome.rows_in, outcome.rows_quarantined) == (8, 0)
    found = {(f[3], f[1], f[2]): f[5:8] for f in figures(warehouse)}
    assert found == {
        ("WLD", "flow", "inward"): (Decimal("1468753125000.00"), "1468753.125", "A"),
        ("CHN", "flow", "inward"): (Decimal("121073140000.00"), "121073.14", "A"),
        ("CHN", "flow", "outward"): (Decimal("87803530000.00"), "87803.53", "E"),
        ("CHN", "position", "inward"): (Decimal("832882000000.00"), "832882", "A"),
        ("USA", "flow", "inward"): (Decimal("-12500000.00"), "-12.5", "A"),
        ("KHM", "flow", "outward"): (None, None, "O"),
        ("BEN", "flow", "outward"): (None, None, "M"),
        ("TWN", "flow", "inward"): (Decimal("3207100000.00"), "3207.1", "A"),
    }
    assert {f[0] for f in figures(warehouse)} == {"unctad.fdi"}
    assert {f[8:] for f in figures(warehouse)} == {(None, "unknown")}


def test_the_form_of_2020(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    """Mode for Flow, US dollars for US$, no column for missing values, semicolons."""
    amount = "US dollars at current prices in millions"
    header = f"Year;Economy;Economy Label;Mode;Mode Label;Direction;Direction Label;{amount};{amount} Footnote;Percentage of total world"
    load(**{"US_FdiFlowsStock_ST202007161100_v1.csv": f"{header}\n2012;156;China;08;Flow;1;Inward;121080;;8.1\n"})
    assert [f[3:7] for f in figures(warehouse)] == [("CHN", "2012", Decimal("121080000000.00"), "121080")]


def test_the_bulk_file_as_a_workbook(
    warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
) -> None:
    """Numbers without their noughts: 8 is the flow 08, 36 Australia's 036."""
    header = BULK_HEADER.split(",")[:9]
    rows: list[list[object]] = [
        [2012, 36, "Australia", 8, "Flow", 1, "Inward", 55802.25, ""],
        [2012, "156", "China", "08", "Flow", "1", "Inward", "121073.14", ""],
    ]
    path = tmp_path / "US_FdiFlowsStock.xlsx"
    path.write_bytes(workbook([list(header), *rows]))
    (outcome,) = adopt_and_load(warehouse, home, settings, SOURCE, path).values()
    assert (outcome.fault, outcome.rows_quarantined) == (None, 0)
    assert [f[3:7] for f in figures(warehouse)] == [
        ("AUS", "2012", Decimal("55802250000.00"), "55802.25"), ("CHN", "2012", Decimal("121073140000.00"), "121073.14"),
    ]  # fmt: skip


def test_a_group_with_no_place_of_ours_is_quarantined_by_its_code(load: Load) -> None:
    (outcome,) = load(**{"bulk.csv": BULK + "2012,1400,Developing economies,08,Flow,1,Inward,1,,,,,,,,\n"}).values()
    assert [(r.row_number, r.rules) for r in outcome.quarantined] == [
        (9, "unctad_economy: stands in ref.place_code.code among unctad")
    ]


def test_the_same_figure_twice_is_quarantined(load: Load) -> None:
    (outcome,) = load(**{"bulk.csv": BULK + "2012,156,China,08,Flow,1,Inward,1,,,,,,,,\n"}).values()
    assert [(r.row_number, r.rules[:12]) for r in outcome.quarantined] == [(2, "repeated key"), (9, "repeated key")]


@pytest.mark.parametrize(
    ("header", "said"),
    [
        (BULK_HEADER.replace("Year,", "Period,"), "Period"),
        (BULK_HEADER + ",US$ at constant prices in millions", "US$ at constant prices in millions"),
        (BULK_HEADER.replace("Direction Label", "Sense"), "Sense"),
        (BULK_HEADER.replace(f"{AMOUNT},", ""), f"lacks {AMOUNT.lower()}"),
        (f"{BULK_HEADER},{AMOUNT}", f"repeats {AMOUNT.lower()}"),
    ],
)
def test_another_header_of_the_bulk_file_is_refused(home: Home, tmp_path: Path, header: str, said: str) -> None:
    (tmp_path / "bulk.csv").write_text(BULK.replace(BULK_HEADER, header))
    told = adopt_files(home, tmp_path / "bulk.csv")["bulk.csv"]
    assert told.source is None
    assert said in told.message


# --- bilateral tables ---------------------------------------------------------------------------------------

#: China's rows as the merged workbooks have them; a page's title, a row without a name, a repeated row and marks among them.
BILATERAL = """"area","Reporting Economy","Year","value"
"CHN","Japan","2005","6529.77"
"CHN","Japan","2006","4759.41"
"CHN","World","2005","72405.69"
"CHN","World","2012","111716.14"
"CHN","EuropeanUnion","2011","5266.95"
"CHN","France","2012",".."
"CHN","Mauritius","2005","0"
"BEL","","2001",NA
"BEL","Table1.FDIflowsinthehosteconomy,bygeographicalorigin(concluded)","2001",NA
"BEL","Region/economy","2001","2001"
"AUS","TaiwanProvinceofChina","2001","3.5"
"AUS","TaiwanProvinceofChina","2001","3.5"
"ARM",NA,"2004","-3.73078644978361"
"EST","Hong Kong, China","2004","-1.5e-05"
"""


def test_rows_of_a_bilateral_table_are_loaded_or_set_aside_with_a_reason(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    (outcome,) = load(**{"inflow.csv": BILATERAL}).values()
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_set_aside) == (14, 9, 0, 5)
    reasons = dict(warehouse.execute("SELECT reason, rows_set_aside FROM meta.set_aside").fetchall())
    assert sorted((reason[:27], rows) for reason, rows in reasons.items()) == [
        ("the record names no partner", 4), ("the same record stands in t", 1),
    ]  # fmt: skip
    found = warehouse.execute(
        "SELECT reporter, counterpart, period, value_usd, obs_status, sector_scope FROM mart.fdi_figures ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("AUS", "TWN", "2001", Decimal("3500000.00"), "A", "unknown"),
        ("CHN", "EU28", "2011", Decimal("5266950000.00"), "A", "unknown"),
        ("CHN", "FRA", "2012", None, "O", "unknown"),
        ("CHN", "JPN", "2005", Decimal("6529770000.00"), "A", "non_financial"),
        ("CHN", "JPN", "2006", Decimal("4759410000.00"), "A", "all"),
        ("CHN", "MUS", "2005", None, "O", "non_financial"),
        ("CHN", "WLD", "2005", Decimal("72405690000.00"), "A", "all"),
        ("CHN", "WLD", "2012", Decimal("111716140000.00"), "A", "non_financial"),
        ("EST", "HKG", "2004", Decimal("-15.00"), "A", "unknown"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_bilateral_table_is_read_in_the_encoding_it_is_in(
    load: Load, warehouse: duckdb.DuckDBPyConnection, encoding: str
) -> None:
    text = BILATERAL + """"CHN","Côted'Ivoire","2004","1.5"\n"""
    load(**{"inflow.csv": text.encode(encoding)})
    found = warehouse.execute("SELECT value_usd FROM mart.fdi_figures WHERE counterpart = 'CIV'").fetchall()
    assert found == [(Decimal("1500000.00"),)]


def test_a_repeated_key_with_another_value_is_quarantined(load: Load) -> None:
    text = BILATERAL + '"CHN","Japan","2005","6529.78"\n'
    (outcome,) = load(**{"inflow.csv": text}).values()
    assert [(r.row_number, r.rules[:12]) for r in outcome.quarantined] == [(1, "repeated key"), (10, "repeated key")]


def test_chinas_stock_is_a_sum_of_inflows_and_singapores_outflow_is_chinas_figure(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    header = '"area","Reporting Economy","Year","value"\n'
    load(
        **{
            "instock.csv": header
            + '"CHN","France","2012","11519"\n"CHN","Japan","2012","87246.56"\n"JPN","China","2012","5"\n',
            "outflow.csv": header + '"SGP","China","2012","6305.08"\n"SGP","Japan","2012","1"\n',
        }
    )
    found = warehouse.execute(
        "SELECT reporter, counterpart, concept, accounting, direction, derivation, obs_status FROM mart.fdi_figures ORDER BY ALL"
    ).fetchall()
    assert found == [
        ("CHN", "FRA", "mofcom_cumulative_utilised", "position", "inward", "reported", "I"),
        ("CHN", "JPN", "mofcom_cumulative_utilised", "position", "inward", "reported", "A"),
        ("JPN", "CHN", "unctad", "position", "inward", "reported", "A"),
        ("SGP", "CHN", "unctad", "flow", "outward", "derived_from_counterpart", "A"),
        ("SGP", "JPN", "unctad", "flow", "outward", "reported", "A"),
    ]


def test_an_incomplete_sum_over_the_european_union_is_quarantined(load: Load) -> None:
    wrong = '"CHN","EuropeanUnion","2012","2594.53"\n"CHN","Europe","2012","3467.33"\n"CHN","Developedeconomies","2012","14208.58"\n'
    (outcome,) = load(**{"inflow.csv": BILATERAL + wrong}).values()
    assert [(r.row_number, r.rules[:42]) for r in outcome.quarantined] == [
        (n, "correction: unctad_bilateral_china_eu_2012") for n in (10, 11, 12)
    ]


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("merged.csv", BILATERAL, "Name it inflow.csv, outflow.csv or instock.csv"),
        ("inflow_outflow.csv", BILATERAL, "neither it nor its name says"),
        ("inflow.csv", BILATERAL.replace('"Year"', '"Period"'), "lacks Year"),
        (
            "inflow.csv",
            BILATERAL.replace('"area","Reporting Economy"', '"Reporting Economy","area"', 1),
            "not in the order",
        ),
    ],
)
def test_another_form_of_a_bilateral_table_is_refused(
    home: Home, tmp_path: Path, name: str, text: str, words: str
) -> None:
    (tmp_path / name).write_text(text)
    adopted = adopt_files(home, tmp_path / name)[name]
    assert adopted.source is None
    assert words in adopted.message


def test_a_cut_record_of_a_bilateral_table_stops_the_file(load: Load) -> None:
    (outcome,) = load(**{"inflow.csv": BILATERAL + '"CHN","Japan"\n'}).values()
    assert "the record has 2 cells, not 4: unctad.fdi, inflow.csv, line 16" in str(outcome.fault)


# --- the service --------------------------------------------------------------------------------------------

METADATA = {"report": {"id": "US.FdiFlowsStock", "dimensions": [{"id": "Economy"}], "Version": "2026-08-10 v3"}}


@pytest.fixture
def asked() -> tuple[Request, Request]:
    """The question for the version, and the one it leads to."""
    (first,) = SOURCE.requests(Selection(2012, 2024))
    return first, Request(
        path="/bulkdownload/US.FdiFlowsStock/US_FdiFlowsStock", filename="US_FdiFlowsStock.7z", stamp="v3"
    )


def test_the_version_leads_to_the_file(asked: tuple[Request, Request], tmp_path: Path) -> None:
    response = answer(tmp_path, json.dumps(METADATA).encode(), "m.json")
    judged = SOURCE.judge(asked[0], response)
    assert not judged.is_kept
    (bulk,) = judged.following
    assert (bulk.path, bulk.stamp, judged.stamp) == (asked[1].path, "2026-08-10 v3", "2026-08-10 v3")


def test_a_good_answer_is_counted(asked: tuple[Request, Request], tmp_path: Path) -> None:
    judged = SOURCE.judge(asked[1], answer(tmp_path, seven_zip("US_FdiFlowsStock.csv", BULK), "b.7z"))
    assert (judged.rows, judged.stamp, judged.is_kept) == (8, "v3", True)


def test_a_moved_file_says_where_to_look(asked: tuple[Request, Request]) -> None:
    with pytest.raises(ServiceRefused, match="no such file any more"):
        SOURCE.judge_status(asked[1], 404, "Not Found")
    assert SOURCE.judge_status(asked[1], 500, "") is None


VERSION_REQUEST = next(SOURCE.requests(Selection(2012, 2024)))
BULK_REQUEST = Request("/bulkdownload/US.FdiFlowsStock/US_FdiFlowsStock", "US_FdiFlowsStock.7z", stamp="v3")


def of_two_files() -> bytes:
    content = io.BytesIO()
    with py7zr.SevenZipFile(content, "w") as archive:
        archive.writestr(BULK, "a.csv")
        archive.writestr(BULK, "b.csv")
    return content.getvalue()


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen(NAME.format(year=1993), ANNEX_2022, rows=18)
    golden = {
        "SELECT reporter, period, value_usd FROM mart.fdi_figures WHERE reporter IN ('CHN', 'JPN') AND period = '1990' ORDER BY ALL": [
            ("CHN", "1990", Decimal("3487110000.00")), ("JPN", "1990", Decimal("1809277494.00")),
        ],
    }  # fmt: skip
    bad_row = BadRow(ANNEX_2022.replace("4366.34", "4 366.34"), rule="unctad_million_usd: str_matches")
    changed_layouts = {"another column of the bulk file": (BULK.replace("Economy Label", "Name"), "")}
    refused_answers = {
        "metadata without a version": Refused(VERSION_REQUEST, '{"report": {}}', LayoutChanged, "version"),
        "HTML": Refused(BULK_REQUEST, "<!DOCTYPE html><html>maintenance</html>", NotData, "US_FdiFlowsStock"),
        "CSV": Refused(BULK_REQUEST, BULK, NotData, "US_FdiFlowsStock"),
        "a cut archive": Refused(BULK_REQUEST, seven_zip("US_FdiFlowsStock.csv", BULK * 50)[:-40], NotData, "US_FdiFlowsStock"),
        "two files": Refused(BULK_REQUEST, of_two_files(), LayoutChanged, "US_FdiFlowsStock"),
        "other columns": Refused(BULK_REQUEST, seven_zip("US_FdiFlowsStock.csv", "Year,Economy,Value\n2012,156,1\n"), LayoutChanged, "US_FdiFlowsStock"),
        "header alone": Refused(BULK_REQUEST, seven_zip("US_FdiFlowsStock.csv", BULK_HEADER + "\n"), EmptyAnswer, "US_FdiFlowsStock"),
    }  # fmt: skip
    valid_answers = {
        "metadata": Valid(VERSION_REQUEST, json.dumps(METADATA), rows=0),
        "the bulk file": Valid(BULK_REQUEST, seven_zip("US_FdiFlowsStock.csv", BULK), rows=8),
    }
