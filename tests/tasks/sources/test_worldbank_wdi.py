"""World Development Indicators: every form they come in, what breaks silently in them, and what the service is asked."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive.sniff import HEAD, Sniffed
from tasks.contract.service import Request, Selection
from tasks.intake import adopt
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.sources.worldbank_wdi import SOURCE, tables
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, NotAsked, NotData, RepeatedKeys, Unknown
from warehouse.settings import Home, Settings

GDP, FDI, RATE = "NY.GDP.MKTP.CD", "BX.KLT.DINV.CD.WD", "PA.NUS.FCRF"
NAMES = {
    GDP: "GDP (current US$)", FDI: "Foreign direct investment, net inflows (BoP, current US$)",
    RATE: "Official exchange rate (LCU per US$, period average)", "SP.POP.TOTL": "Population, total",
}  # fmt: skip
ASK = Selection(first=2015, last=2016)


def bulk(
    *records: tuple[str, ...], years: tuple[str, ...] = ("2015", "2016"), updated: str | None = "2025-10-07"
) -> bytes:
    """A bulk table as it is served: BOM, headings, CRLF, every cell quoted, a comma at every line's end."""

    def line(cells: tuple[str, ...]) -> str:
        return "".join(f'"{cell}",' for cell in cells) + "\r\n"

    above = (
        f'"Data Source","World Development Indicators",\r\n\r\n"Last Updated Date","{updated}",\r\n\r\n'
        if updated
        else ""
    )
    header = line(("Country Name", "Country Code", "Indicator Name", "Indicator Code", *years))
    return b"\xef\xbb\xbf" + (above + header + "".join(map(line, records))).encode()


def record(country: str, series: str, *values: str, name: str | None = None) -> tuple[str, ...]:
    return (f"Name of {country}", country, name or NAMES[series], series, *values)


def figure(country: str, code: str, value: Any, series: str = GDP, date: str = "2016", **more: Any) -> dict[str, Any]:
    """A row of an answer. ``country`` is the two-character code, ``code`` the three-letter one."""
    return {
        "indicator": {"id": series, "value": NAMES.get(series, series)}, "country": {"id": country, "value": country},
        "countryiso3code": code, "date": date, "value": value, "unit": "", "obs_status": "", "decimal": 0, **more,
    }  # fmt: skip


def answer(*rows: dict[str, Any], **header: Any) -> bytes:
    """An answer of the Indicators API; numbers of its header are text here and there, as they are."""
    top = {"page": 1, "pages": 1, "per_page": "1000", "total": len(rows), "sourceid": "2", "lastupdated": "2026-07-01"}
    return json.dumps([top | header, list(rows)]).encode()


def archived(*rows: tuple[str, str, str, str, Any], **header: Any) -> bytes:
    """An answer of the archived database: country, series, year, version and value of every row."""
    concepts = ("Country", "Series", "Time", "Version")
    data = [
        {"variable": [{"concept": c, "id": v} for c, v in zip(concepts, row[:4], strict=True)], "value": row[4]}
        for row in rows
    ]
    top = {"page": 1, "pages": 1, "per_page": 1000, "total": len(rows), "lastupdated": "2025-10-29"}
    return json.dumps(top | header | {"source": {"id": "57", "name": "WDI Database Archives", "data": data}}).encode()


def databank(
    *lines: str, below: str = "Data from database: World Development Indicators,,,,,\nLast Updated: 10/07/2025,,,,,\n"
) -> bytes:
    header = "\ufeffCountry Name,Country Code,Series Name,Series Code,2015 [YR2015],2016 [YR2016]\n"
    return (header + "".join(f"{x}\n" for x in lines) + ",,,,,\n,,,,,\n,,,,,\n" + below).encode()


Load = Callable[..., list[Outcome]]


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt files of these bytes and load what is pending."""

    def loading(**files: bytes) -> list[Outcome]:
        for name, content in files.items():
            path = tmp_path / name.replace("__", ".")
            path.write_bytes(content)
            taken = list(adopt.adopt(home, [path]))
            assert [a.source for a in taken] == ["worldbank.wdi"], taken
        outcomes = load_source(warehouse, home, settings, SOURCE, common="code").outcomes
        assert [o.fault for o in outcomes if o.fault] == []
        return outcomes

    return loading


def sniffed(content: bytes, tmp_path: Path, name: str = "a.json") -> Sniffed:
    path = tmp_path / name
    path.write_bytes(content)
    return Sniffed(name, content[:HEAD], len(content), lambda: path)


def indicators(
    con: duckdb.DuckDBPyConnection, columns: str = "place, indicator, period, value, unit, obs_status"
) -> list[tuple[Any, ...]]:
    return con.execute(
        f"SELECT {columns} FROM mart.indicator_figures WHERE source = 'worldbank.wdi' ORDER BY ALL"
    ).fetchall()


def turned(header: str, *lines: str) -> bytes:
    """A DataBank extract whose columns the user arranged in another way."""
    below = "Data from database: World Development Indicators\nLast Updated: 10/07/2025\n"
    return "\n".join((header, *lines, "", "", "", below)).encode()


def download(*records: str) -> bytes:
    """The XML of data.worldbank.org: country, its code, year and value of population."""
    made = '<?xml version="1.0" encoding="utf-8"?>\n<Root xmlns:wb="http://www.worldbank.org">\n  <data>\n'
    for one in records:
        name, code, year, value = one.split(",")
        made += (
            f'<record><field name="Country or Area" key="{code}">{name}</field>'
            f'<field name="Item" key="SP.POP.TOTL">Population, total</field><field name="Year">{year}</field>'
            + (f'<field name="Value">{value}</field>' if value else '<field name="Value" />') + "</record>\n"
        )  # fmt: skip
    return f"{made}  </data>\n</Root>\n".encode()


def answer_as_xml(value: str = "5003677627544.24", pages: int = 1, total: int = 1) -> bytes:
    """An answer of the service without format=json."""
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n<wb:data page="1" pages="{pages}" per_page="1" total="{total}" sourceid="2" sourcename="World '
        'Development Indicators" lastupdated="2026-07-01" xmlns:wb="http://www.worldbank.org">\n<wb:data><wb:indicator id="NY.GDP.MKTP.CD">GDP '
        '(current US$)</wb:indicator><wb:country id="JP">Japan</wb:country><wb:countryiso3code>JPN</wb:countryiso3code><wb:date>2016</wb:date>'
        f"<wb:value>{value}</wb:value><wb:unit /><wb:obs_status /><wb:decimal>0</wb:decimal></wb:data>\n</wb:data>\n"
    ).encode()


# -- tables ---------------------------------------------------------------------------------------------------


def test_a_bulk_table(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    done = load(a__csv=bulk(record("JPN", GDP, "", "5003677627544.24"), record("NAM", GDP, "1.0390E+10", "0")))
    assert [(o.rows_in, o.rows_quarantined) for o in done] == [(4, 0)], "a blank cell is a row without a value"
    assert indicators(warehouse, "place, indicator, period, value, unit, printed_value, published_on::VARCHAR") == [
        ("JPN", "gdp", "2016", Decimal("5003677627544.24"), "USD", "5003677627544.24", "2025-10-07"),
        ("NAM", "gdp", "2015", Decimal(10390000000), "USD", "1.0390E+10", "2025-10-07"),
        ("NAM", "gdp", "2016", Decimal(0), "USD", "0", "2025-10-07"),
    ]


def test_flows_of_direct_investment_are_where_analysts_look_for_them(
    load: Load, warehouse: duckdb.DuckDBPyConnection
) -> None:
    load(a__csv=bulk(
        record("CHN", FDI, "242489331627.4", "-174749584584.1234567"),
        record("CHN", "BM.KLT.DINV.CD.WD", "", "216424460753.574", name="Foreign direct investment, net outflows (BoP, current US$)"),
        record("CHN", "BN.KLT.DINV.CD", "", "1", name="Foreign direct investment, net (BoP, current US$)"),
    ))  # fmt: skip
    shown = warehouse.execute(
        "SELECT concept, accounting, direction, principle, counterpart, year, value FROM mart.fdi_figures WHERE source = 'worldbank.wdi' ORDER BY ALL"
    ).fetchall()
    same = ("bop", "flow")
    assert shown == [
        (*same, "assets", "asset_liability", "WLD", 2016, Decimal("216424460753.574")),
        (*same, "liabilities", "asset_liability", "WLD", 2015, Decimal("242489331627.4")),
        (*same, "liabilities", "asset_liability", "WLD", 2016, Decimal("-174749584584.123457")),
    ]
    assert [i for _, i, *_ in indicators(warehouse)] == ["wdi.bn_klt_dinv_cd"], "a row goes to one fact"


def test_a_copy_without_headings_revises_no_edition(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(a__csv=bulk(record("JPN", GDP, "", "5003677627544.24")))
    load(b__csv=bulk(record("JPN", GDP, "", "5.00E+12"), updated=None))
    assert indicators(warehouse, "dataset, value, published_on") == [
        ("worldbank.wdi", Decimal("5003677627544.24"), date(2025, 10, 7)),
        ("worldbank.wdi.undated.bulk", Decimal(5000000000000), None),
    ]


@pytest.mark.parametrize(
    "content",
    [
        turned(
            f"Country Name,Country Code,Time,Time Code,GDP (current US$) [{GDP}],\"Population, total [SP.POP.TOTL]\"",
            "Japan,JPN,2015,YR2015,..,127141000", "Japan,JPN,2016,YR2016,5003677627544.24,",
        ),
        turned(
            "Time,Time Code,Series Name,Series Code,Japan [JPN],China [CHN]",
            f"2016,YR2016,GDP (current US$),{GDP},5003677627544.24,", '2015,YR2015,"Population, total",SP.POP.TOTL,127141000,',
            f"2015,YR2015,GDP (current US$),{GDP},..,",
        ),
    ],
)  # fmt: skip
def test_a_databank_extract_with_series_or_economies_in_columns(
    load: Load, warehouse: duckdb.DuckDBPyConnection, content: bytes
) -> None:
    load(a__csv=content)
    assert indicators(warehouse, "place, indicator, period, value, obs_status, published_on::VARCHAR") == [
        ("JPN", "gdp", "2015", None, "O", "2025-10-07"),
        ("JPN", "gdp", "2016", Decimal("5003677627544.24"), "A", "2025-10-07"),
        ("JPN", "population", "2015", Decimal(127141000), "A", "2025-10-07"),
    ]


def test_a_download_as_xml_says_no_day(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (done,) = load(a__xml=download("Japan,JPN,2015,127141000", "Japan,JPN,2016,", "Namibia,NAM,2015,2282704"))
    assert (done.rows_in, done.rows_accepted) == (2, 2)
    assert indicators(warehouse, "dataset, place, period, value") == [
        ("worldbank.wdi.undated.xml", "JPN", "2015", Decimal(127141000)),
        ("worldbank.wdi.undated.xml", "NAM", "2015", Decimal(2282704)),
    ]


def test_an_answer_as_xml_is_what_the_answer_as_json_is(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(a__xml=answer_as_xml())
    assert indicators(warehouse, "dataset, place, period, value, published_on::VARCHAR") == [
        ("worldbank.wdi", "JPN", "2016", Decimal("5003677627544.24"), "2026-07-01")
    ]


@pytest.mark.parametrize(
    "content", [answer_as_xml(pages=3, total=3), answer(figure("JP", "JPN", 1), per_page=1, pages=3, total=3)]
)
def test_a_first_page_is_told_as_a_part(home: Home, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "answer"
    path.write_bytes(content)
    (adopted,) = adopt.adopt(home, [path])
    assert "a part: page 1 of 3" in adopted.message


def test_a_databank_extract(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    done = load(a__csv=databank(f"Japan,JPN,GDP (current US$),{GDP},..,5003677627544.24"))
    assert [(o.rows_in, o.rows_quarantined) for o in done] == [(2, 0)], "the lines below are not rows"
    assert indicators(warehouse, "period, value, printed_value, obs_status, published_on::VARCHAR") == [
        ("2015", None, "..", "O", "2025-10-07"),
        ("2016", Decimal("5003677627544.24"), "5003677627544.24", "A", "2025-10-07"),
    ]


def test_a_copy_made_with_r(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    done = load(
        a__csv=f'"country","year","iso2c","{GDP}"\n"Namibia",2016,"NA",11.5\n"Namibia",2015,"NA",NA\n"World",2016,"1W",7\n'.encode()
    )
    assert [(o.rows_in, o.rows_quarantined) for o in done] == [(2, 0)], "NA is Namibia, and also a blank"
    assert indicators(warehouse, "dataset, place, value") == [
        ("worldbank.wdi.undated.r", "NAM", Decimal("11.5")),
        ("worldbank.wdi.undated.r", "WLD", Decimal(7)),
    ]


def test_numbers_of_a_workbook_are_read_as_they_are() -> None:
    found = tables.Heading(
        "bulk", ("Country Name", "Country Code", "Indicator Name", "Indicator Code", "2015", "2016"), 0, None
    )
    cells = ["Aruba", "ABW", "Population, total", "SP.POP.TOTL", 54922.0, 0.1]
    assert [row[6] for row in tables.rows(iter([cells]), found, None)] == ["54922", "0.1"]


@pytest.mark.parametrize(
    ("content", "fault", "said"),
    [
        (bulk(record("JPN", GDP, "1", "2")).replace(b'"2016"', b'"Total"'), LayoutChanged, "Total"),
        (bulk(record("JPN", GDP, "1", "2")).replace(b'"2016"', b'"2015"'), LayoutChanged, "twice"),
        (bulk(record("JPN", GDP, "1", "2"), updated="7 October"), LayoutChanged, "not a date"),
        (bulk(record("JPN", GDP, "1", "2")).replace(b"World Development", b"Doing Business"), Unknown, "Doing Business"),
        (databank(f"Japan,JPN,GDP,{GDP},1,2", below=""), LayoutChanged, "cut"),
        (b'"Data Source","World Development Indicators",\n\n"Last Updated Date"', LayoutChanged, "nothing beside Last Updated Date"),
        (databank(f"Japan,JPN,GDP,{GDP},1,2").replace(b"Indicators,,", b"Outcomes,,"), Unknown, "Outcomes"),
        (databank(f"Japan,JPN,GDP,{GDP},1,2").replace(b"[YR2016]", b"[YR2017]"), LayoutChanged, "YR2017"),
        (turned("Country Name,Country Code,Time,Time Code,GDP", "Japan,JPN,2015,YR2015,1"), LayoutChanged, "columns are not known: 'GDP'"),
        (b'"Country Code","Region","IncomeGroup",\n"ABW","","",\n', Unknown, "no figures"),
        (b"Country Name,Country Code,Year,Value\nAruba,ABW,1960,54922\n", Unknown, "says which series"),
        (f"iso2c,country,year,{GDP},colour\nJP,Japan,2016,1,red\n".encode(), LayoutChanged, "colour"),
        (b'[{"message":[{"id":"120","key":"Invalid value","value":"The provided parameter value is not valid"}]}]', ErrorInBody, "120"),
        (answer(figure("JP", "JPN", 1), total=264), NotData, "cut"),
        (answer({"id": "JPN", "iso2Code": "JP"}), Unknown, "no figures"),
        (answer(figure("JP", "JPN", 1), sourceid="6"), Unknown, "database 6"),
        (answer(figure("JP", "JPN", 1, unit="million")), LayoutChanged, "million"),
        (answer(figure("JP", "JPN", 1, colour="red")), LayoutChanged, "colour"),
        (answer(figure("JP", "JPN", 1), lastupdated=None), LayoutChanged, "day of update"),
    ],
)  # fmt: skip
def test_what_is_almost_ours_is_refused(content: bytes, fault: type[Exception], said: str, tmp_path: Path) -> None:
    with pytest.raises(fault, match=said):
        SOURCE.recognises(sniffed(content, tmp_path))


@pytest.mark.parametrize(
    "content", [b"t,i,j,k,v,q\n", b"{}", b"[]", b'[{"a": 1}]', b"Country,Year\nJapan,2016\n", b"\x00\x01", b""]
)
def test_what_is_others_is_left_to_them(content: bytes, tmp_path: Path) -> None:
    assert SOURCE.recognises(sniffed(content, tmp_path)) is None


def test_a_table_that_was_cut_is_not_loaded(
    home: Home, warehouse: duckdb.DuckDBPyConnection, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(bulk(record("JPN", GDP, "1", "2"), record("KOR", GDP, "1", "2"))[:-9])
    list(adopt.adopt(home, [path]))
    (done,) = load_source(warehouse, home, settings, SOURCE, common="code").outcomes
    assert isinstance(done.fault, LayoutChanged)
    assert indicators(warehouse) == []


def test_a_bad_row_is_kept_aside_with_the_rule_it_broke(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (done,) = load(a__csv=bulk(
        record("JPN", GDP, "1", "n/a"), record("JPX", GDP, "1", ""), record("JPN", "NY.NEW.SERIES", "1", "", name="A new series"),
    ))  # fmt: skip
    assert done.rows_accepted == 1
    assert {(r.row_number, r.rules) for r in done.quarantined} == {
        (2, r"printed_value: str_matches('^(-?\d+(\.\d+)?([eE][+-]?\d{1,3})?|\.\.)$')"),
        (3, "wb_country: stands in ref.place_code.code among world_bank"),
        (4, "wb_country: stands in ref.place_code.code among world_bank"),  # its blank cell
        (5, "wb_series: stands in ref.indicator_code.code among world_bank"),
        (6, "wb_series: stands in ref.indicator_code.code among world_bank"),  # its blank cell
    }


# -- answers --------------------------------------------------------------------------------------------------


def test_an_answer_of_the_service(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    body = answer(
        figure("JP", "JPN", None), figure("XN", "", 7.5), figure("1W", "WLD", 8, obs_status="E"), figure("NA", "NAM", 9)
    ).replace(b"7.5", b"2481.42751777184000001")  # digits no binary number keeps
    (done,) = load(a__json=body)
    assert (done.rows_in, done.rows_quarantined) == (3, 0), "null is not a row"
    assert indicators(warehouse, "place, printed_value, obs_status, published_on::VARCHAR") == [
        ("NAM", "9", "A", "2026-07-01"),
        ("WB_LMC", "2481.42751777184000001", "A", "2026-07-01"),
        ("WLD", "8", "E", "2026-07-01"),
    ]


def test_the_two_codes_of_a_row_name_one_place(load: Load) -> None:
    (done,) = load(a__json=answer(figure("1A", "ARG", 2867811095547), figure("1A", "ZZ", 1), figure("1A", "ARB", 3)))
    assert [r.row_number for r in done.quarantined] == [1, 2], "the Arab World is not Argentina"


def test_answers_kept_together_and_rows_without_a_header(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    kept = [{"response": json.loads(answer(figure("JP", "JPN", n, date=d), lastupdated=u))} for n, d, u in
            ((1, "2015", "2026-07-01"), (2, "2016", "2026-07-02"))]  # fmt: skip
    load(
        a__json=json.dumps({"requests": kept, "source": "World Bank"}).encode(),
        b__json=json.dumps([figure("JP", "JPN", 3)]).encode(),
    )
    assert indicators(warehouse, "dataset, period, value, published_on::VARCHAR") == [
        ("worldbank.wdi", "2015", 1, "2026-07-01"),
        ("worldbank.wdi", "2016", 2, "2026-07-02"),
        ("worldbank.wdi.undated.answer", "2016", 3, None),
    ]


def test_quarters_and_months(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(a__json=answer(figure("JP", "JPN", 1, date="2016Q3"), figure("JP", "JPN", 2, date="2016M09")))
    assert indicators(warehouse, "freq, period, value") == [("M", "2016-09", 2), ("Q", "2016-Q3", 1)]


# -- editions -------------------------------------------------------------------------------------------------

EDITIONS = {
    "bulk__csv": bulk(record("JPN", FDI, "1", "39323067188"), record("JPN", GDP, "4", "5"), updated="2018-05-21"),
    "answer__json": answer(figure("JP", "JPN", 40954181468.5533, FDI), figure("JP", "JPN", 5, GDP)),
    "archives__json": archived(("JPN", FDI, "YR2016", "201804", 35), ("JPN", GDP, "YR2016", "201804", 4), ("ROM", GDP, "YR2016", "199504", 1)),
}  # fmt: skip
VERSIONS = """
    SELECT 'fdi' AS fact, reporter AS place, period, value, t.published_on, published_precision, superseded_on FROM core.fdi_versions AS t
    WHERE source = 'worldbank.wdi'
    UNION ALL SELECT 'indicator', place, period, value, t.published_on, published_precision, superseded_on FROM core.indicator_versions AS t
    WHERE source = 'worldbank.wdi' ORDER BY ALL
"""


def test_editions_in_either_order_give_the_same_versions(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    for name in EDITIONS:
        load(**{name: EDITIONS[name]})
    shown = warehouse.execute(VERSIONS).fetchall()
    assert [(place, str(day), precision, str(until)) for fact, place, period, _, day, precision, until in shown if (fact, period) == ("fdi", "2016")] == [
        ("JPN", "2018-04-30", "month", "2018-05-21"),
        ("JPN", "2018-05-21", "day", "2026-07-01"),
        ("JPN", "2026-07-01", "day", "None"),
    ]  # fmt: skip
    assert ("ROU", "1995-04-30") in {(place, str(day)) for _, place, _, _, day, _, _ in shown}, "codes of that time"
    for table in ("core.fdi", "core.indicator", "meta.editions", "meta.loads"):
        warehouse.execute(f"DELETE FROM {table}")
    for name in reversed(EDITIONS):
        load(**{name: EDITIONS[name]})
    assert warehouse.execute(VERSIONS).fetchall() == shown


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")], ids=["in order", "the later one first"])
def test_a_figure_that_a_later_edition_leaves_blank_is_gone_from_its_day_on(
    load: Load, warehouse: duckdb.DuckDBPyConnection, order: tuple[str, ...]
) -> None:
    """Also where a whole line is blank; a cell that never had a figure gives nothing, and one that comes back is one again."""
    editions = {
        "a": bulk(record("TUV", GDP, "10", "0"), record("JPN", GDP, "1", ""), record("NAM", GDP, "5", "6"), updated="2026-07-14"),
        "b": bulk(record("TUV", GDP, "10", ""), record("JPN", GDP, "1", ""), record("NAM", GDP, "", ""), updated="2026-07-27"),
    }  # fmt: skip
    for name in order:
        load(**{f"{name}__csv": editions[name]})
    current = "SELECT place, period, value, obs_status FROM core.indicator WHERE superseded_by IS NULL ORDER BY ALL"
    assert warehouse.execute(current).fetchall() == [
        ("JPN", "2015", 1, "A"), ("NAM", "2015", None, "O"), ("NAM", "2016", None, "O"), ("TUV", "2015", 10, "A"),
        ("TUV", "2016", None, "O"),
    ]  # fmt: skip
    before = "SELECT place, period, value FROM core.indicator AS i JOIN meta.editions AS e USING (edition) WHERE e.published_on = '2026-07-14' ORDER BY ALL"
    assert warehouse.execute(before).fetchall() == [
        ("JPN", "2015", 1), ("NAM", "2015", 5), ("NAM", "2016", 6), ("TUV", "2015", 10), ("TUV", "2016", 0),
    ]  # fmt: skip
    load(c__csv=bulk(record("TUV", GDP, "10", "7"), updated="2026-08-01"))
    assert ("TUV", "2016", 7, "A") in warehouse.execute(current).fetchall()


def test_the_same_again_changes_nothing(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(**EDITIONS)
    shown = warehouse.execute(VERSIONS).fetchall()
    assert load(**EDITIONS) == []
    assert warehouse.execute(VERSIONS).fetchall() == shown


def test_a_moved_base_year_is_no_revision(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    code = "NY.GDP.MKTP.KD"
    load(
        a__csv=bulk(record("JPN", code, "", "5", name="GDP (constant 2010 US$)"), updated="2018-05-21"),
        b__csv=bulk(record("JPN", code, "", "6", name="GDP (constant 2015 US$)"),
                    record("JPN", "SI.POV.DDAY", "", "7", name="Poverty headcount ratio at $3.00 a day (2021 PPP) (% of population)")),
    )  # fmt: skip
    assert indicators(warehouse, "unit, value") == [
        ("USD at constant prices of 2010", 5),
        ("USD at constant prices of 2015", 6),
        ("percent at 2021 PPP", 7),
    ]


def test_the_european_union_is_that_of_the_edition(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    days = {"2018-05-21": "EU28", "2025-10-07": "EU27_2020", "2006-12-31": "EU25", None: "WB_EUU"}
    load(**{f"f{n}__csv": bulk(record("EUU", GDP, "", str(n)), updated=day) for n, day in enumerate(days)})
    assert {(place, int(value)) for place, value in indicators(warehouse, "place, value")} == {
        (place, n) for n, place in enumerate(days.values())
    }


def test_exchange_rates_are_of_the_currency_of_the_year(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    years = ("1998", "1999", "2005")
    load(a__csv=bulk(
        record("DEU", RATE, "1.7596676", "0.938283072395283", ""), record("EMU", RATE, "", "0.9382", ""),
        record("TUR", RATE, "", "9.039999999E-06", ""), record("ZWE", RATE, "", "", "22.36"), record("DEU", "PA.NUS.ATLS", "1", "", "", name="DEC alternative conversion factor (LCU per US$)"),
        years=years,
    ))  # fmt: skip
    shown = warehouse.execute(
        "SELECT currency, period, rate FROM ref.exchange_rate WHERE preferred AND source = 'worldbank.wdi' AND freq = 'A' ORDER BY ALL"
    )
    assert shown.fetchall() == [
        ("DEM", "1998", Decimal("1.7596676")),
        ("EUR", "1999", Decimal("0.9382")),  # the euro area's own before Germany's
        ("TRY", "1999", Decimal("0.000009039999999")),
    ], "what is in LCU, or is not an official rate, converts nothing"
    assert ("ZWE", "exchange_rate_avg", "2005", Decimal("22.36"), "LCU per USD", "A") in indicators(warehouse)


# -- reference ------------------------------------------------------------------------------------------------


def test_the_places_of_the_world_bank(warehouse: duckdb.DuckDBPyConnection) -> None:
    """296 of them, 79 of which are aggregates (https://api.worldbank.org/v2/country)."""
    counted = warehouse.execute(
        "SELECT count(*), count(*) FILTER (p.is_aggregate), count(*) FILTER (p.is_aggregate AND p.kind <> 'group') "
        "FROM ref.place_code AS c JOIN ref.place AS p USING (place) WHERE c.scheme = 'world_bank_iso2'"
    )
    assert counted.fetchone() == (296, 79, 0)


def test_every_series_has_one_indicator_and_a_unit_of_its_kind(warehouse: duckdb.DuckDBPyConnection) -> None:
    wrong = warehouse.execute(
        "SELECT code, indicator, printed_unit FROM ref.indicator_code WHERE scheme = 'world_bank' "
        "AND indicator || ' in ' || printed_unit NOT IN (SELECT pair FROM ref.indicator_unit)"
    )
    assert wrong.fetchall() == []
    twice = warehouse.execute("SELECT indicator FROM ref.indicator_code GROUP BY ALL HAVING count(*) > 1")
    assert twice.fetchall() == []


# -- the service ----------------------------------------------------------------------------------------------


def test_what_is_asked_for_by_itself() -> None:
    asked = list(SOURCE.requests(Selection(first=1992, last=2025)))
    assert asked == list(SOURCE.requests(Selection(first=1992, last=2025))), "in a fixed order, so that a pull resumes"
    assert len({r.filename for r in asked}) == len(asked) == 14
    first = asked[0]
    codes = first.path.removeprefix("/country/").removesuffix(f"/indicator/{GDP}").split(";")
    assert {"CHN", "JPN", "KOR", "USA", "DEU", "GBR", "WLD", "EUU"} <= set(codes)
    assert codes == sorted(set(codes))
    assert dict(first.parameters) == {
        "format": "json",
        "source": "2",
        "date": "1992:2025",
        "per_page": "20000",
        "page": "1",
    }


def test_what_is_asked_for_by_name() -> None:
    selection = Selection(
        first=2015, last=2016, reporters=("JPN", "ROU", "COD"), products=("gdp", "SP.POP.0014.TO", f"{FDI}@201804")
    )
    assert [r.path for r in SOURCE.requests(selection)] == [
        f"/country/COD;JPN;ROU/indicator/{GDP}",
        "/country/COD;JPN;ROU/indicator/SP.POP.0014.TO",
        f"/sources/57/country/COD;JPN;ROU/series/{FDI}/version/201804/time/all/data",
    ]


def test_long_lists_are_asked_for_in_parts(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = warehouse.execute(
        "SELECT DISTINCT place FROM ref.place_code WHERE scheme = 'world_bank' ORDER BY place"
    ).fetchall()
    selection = Selection(first=2015, last=2016, reporters=tuple(p for (p,) in found), products=("gdp",))
    asked = list(SOURCE.requests(selection))
    parts = [r.path.split("/")[2] for r in asked]
    assert all(len(p) <= 1500 for p in parts)
    assert sum(p.count(";") + 1 for p in parts) == 296
    assert len({r.filename for r in asked}) == len(asked) == 2


@pytest.mark.parametrize("selection", [Selection(2015, 2016, reporters=("TWN",)), Selection(2015, 2016, reporters=("CN-LN",)), Selection(2015, 2016, products=("TOTAL",)),
                                 Selection(2015, 2016, products=(f"{GDP}@201813",))])  # fmt: skip
def test_what_the_world_bank_does_not_have_is_not_asked_for(selection: Selection) -> None:
    with pytest.raises(Unknown):
        list(SOURCE.requests(selection))


def request(**changes: Any) -> Request:
    return next(SOURCE.requests(replace(Selection(2015, 2016, products=("gdp",)), **changes)))


def test_a_good_answer_is_kept_and_recognised(tmp_path: Path) -> None:
    body = sniffed(answer(figure("JP", "JPN", 1), figure("KR", "KOR", None)), tmp_path)
    judged = SOURCE.judge(request(), body)
    assert (judged.rows, judged.stamp, judged.following, judged.is_kept) == (1, "2026-07-01", (), True)
    known = SOURCE.recognises(body)
    assert known is not None
    assert (known.layout, known.stamp) == ("answer", "2026-07-01")


def test_further_pages(tmp_path: Path) -> None:
    rows = [figure("JP", "JPN", 1, date=d) for d in ("2015", "2016")]
    one = SOURCE.judge(request(), sniffed(answer(*rows, pages="3", per_page=2, total="5"), tmp_path))
    assert [dict(r.parameters)["page"] for r in one.following] == ["2", "3"]
    assert {r.path for r in one.following} == {request().path}
    assert len({request().filename, *(r.filename for r in one.following)}) == 3
    last = SOURCE.judge(one.following[1], sniffed(answer(rows[0], page=3, pages=3, per_page=2, total=5), tmp_path))
    with pytest.raises(NotAsked, match="page 3 was asked for, and page 1 came"):
        SOURCE.judge(one.following[1], sniffed(answer(*rows, pages="3", per_page=2, total="5"), tmp_path))
    assert last.following == ()


def test_archived_versions(tmp_path: Path) -> None:
    index = request(products=(f"{FDI}@all",), reporters=("JPN",))
    listed = {
        "source": [
            {
                "id": "57",
                "concept": [{"id": "Version", "variable": [{"id": "201805"}, {"id": "201804"}, {"id": "WDI"}]}],
            }
        ]
    }
    led = SOURCE.judge(index, sniffed(json.dumps(listed).encode(), tmp_path))
    assert not led.is_kept
    assert [r.path.split("/")[8] for r in led.following] == ["201804", "201805"]
    one = led.following[0]
    judged = SOURCE.judge(one, sniffed(archived(("JPN", FDI, "YR2016", "201804", 1.5)), tmp_path))
    assert (judged.rows, judged.stamp, judged.is_kept) == (1, "2018-04-30", True)
    with pytest.raises(LayoutChanged, match="another version"):
        SOURCE.judge(one, sniffed(archived(("JPN", FDI, "YR2016", "201805", 1.5)), tmp_path))
    with pytest.raises(EmptyAnswer):
        SOURCE.judge(index, sniffed(b'{"source": []}', tmp_path))
    with pytest.raises(EmptyAnswer):
        SOURCE.judge(one, sniffed(archived(), tmp_path))
    with pytest.raises(ErrorInBody):
        SOURCE.judge(one, sniffed(b'[{"message":[{"id":"120","key":"Invalid value","value":"not valid"}]}]', tmp_path))
    with pytest.raises(LayoutChanged, match="concepts"):
        SOURCE.judge(
            one, sniffed(archived(("JPN", FDI, "YR2016", "201804", 1)).replace(b'"Version"', b'"Vintage"'), tmp_path)
        )


REQUEST = request()
GOOD = answer(figure("JP", "JPN", 5003677627544.24), figure("KR", "KOR", 1))


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("gdp.json", GOOD, rows=2)
    golden = {
        "SELECT place, indicator, period, value FROM mart.indicator_figures ORDER BY place": [
            ("JPN", "gdp", "2016", Decimal("5003677627544.24")), ("KOR", "gdp", "2016", Decimal(1)),
        ],
    }  # fmt: skip
    bad_row = BadRow(answer(figure("JP", "JPN", 1), figure("XX", "XXX", 1)), rule="wb_country: stands in")
    refused_forms = {
        tables.NOTES.form: b'"Country Code","Region","IncomeGroup",\n"ABW","","",\n',
        tables.SERIES_UNKNOWN.form: b"Country Name,Country Code,Year,Value\nAruba,ABW,1960,54922\n",
        tables.OTHER_DATABASES.form: answer(figure("JP", "JPN", 1), sourceid="6"),
    }
    changed_layouts = {
        "a key less": (answer({k: v for k, v in figure("JP", "JPN", 1).items() if k != "obs_status"}), "")
    }
    refused_answers = {
        what: Refused(REQUEST, body, fault, words)
        for what, (body, fault, words) in {
            "HTML": (b"<html><body>Service unavailable</body></html>", NotData, "html"),
            "XML": (b"<?xml version='1.0'?><wb:error/>", NotData, "xml"),
            "cut": (GOOD[:-20], NotData, "not whole JSON"),
            "empty": (b"", NotData, "text"),
            "an error": (b'[{"message":[{"id":"175","key":"Invalid format","value":"The indicator was not found. It may have been deleted or archived."}]}]', ErrorInBody, "175 Invalid format The indicator was not found"),
            "no rows": (b'[{"page":0,"pages":0,"per_page":0,"total":0,"sourceid":null,"lastupdated":null},null]', EmptyAnswer, "0 rows on 0 pages"),
            "rows that are promised": (b'[{"page":1,"pages":1,"per_page":50,"total":2,"sourceid":"2","lastupdated":"2026-07-01"},null]', EmptyAnswer, "2 rows"),
            "another object": (b'{"fault": "x"}', NotData, "header and rows"),
            "a row less than promised": (answer(figure("JP", "JPN", 1), total=2), NotData, "promises 2"),
            "a figure twice": (answer(figure("JP", "JPN", 1), figure("JP", "JPN", 1)), RepeatedKeys, "JP JPN"),
            "another series": (answer(figure("JP", "JPN", 1, "SP.POP.TOTL")), LayoutChanged, "of the series SP.POP.TOTL"),
            "a key less": (answer({k: v for k, v in figure("JP", "JPN", 1).items() if k != "obs_status"}), LayoutChanged, "obs_status"),
            "a header without a page": (b'[{"pages":1,"per_page":50,"total":2},[]]', LayoutChanged, "page"),
        }.items()
    }  # fmt: skip
    valid_answers = {
        "two economies": Valid(REQUEST, GOOD, rows=2),
        "nulls": Valid(REQUEST, answer(figure("JP", "JPN", None)), rows=0),
    }
