"""Japan Customs: time series, commodity tables, stages of release, and the pages that lead to the files."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.contract.service import Request, Selection
from tasks.load.outcome import Outcome
from tasks.sources.jpn_customs import SOURCE, commodities, stages
from tests.support.answers import answer_to
from tests.support.loading import adopt_files, load_pending
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import BadData, EmptyAnswer, LayoutChanged, NotData
from warehouse.settings import Home, Settings

Load = Callable[..., list[Outcome]]

TITLES = "世界　月別　（単位：千円）,,\r\nWORLD  Monthly Data (a thousand yen),,\r\n"
#: From https://www.customs.go.jp/toukei/suii/html/data/d41ma.csv.
SERIES = (
    TITLES
    + "Years/Months,Exp-Total,Imp-Total\r\n2026/06,9000000001 ,9100000000 \r\n2026/07,11509373578 ,12146000000 \r\n2026/08,0 ,0 \r\n2026/09,0,0\r\n"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
FIGURES = [f"{f}-{m}" for m in ("Year", *_MONTHS) for f in ("Quantity1", "Quantity2", "Value")]
HEADER = ",".join(["Exp or Imp", "Year", "HS", "Country", "Unit1", "Unit2", *FIGURES])
NOTHING = ["0"] * 3


def record(flow: int, code: str, country: str, units: str, *triplets: tuple[int, int, int], year: int = 2026) -> str:
    """A record of the commodity table: the months given, nothing after them, and their sum as the year so far."""
    whole = [str(sum(t[n] for t in triplets)) for n in range(3)]
    cells = [str(n) for t in triplets for n in t] + NOTHING * (12 - len(triplets))
    return ",".join([str(flow), str(year), f"'{code}'", country, units, *whole, *cells])


#: Exports of HS 852351000 to Taiwan (106) in January and February 2026.
TAIWAN = record(1, "852351000", "106", "  ,NO", (0, 62772, 544477), (0, 54546, 92551))


@pytest.fixture
def load(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path) -> Load:
    """Adopt texts by file name and load them."""

    def files(*named: tuple[str, str | bytes]) -> list[Outcome]:
        for name, body in named:
            path = tmp_path / name
            path.write_bytes(body if isinstance(body, bytes) else body.encode("cp932"))
            taken = adopt_files(home, path)[name]
            assert taken.source == "jpn.customs", taken.message
        return load_pending(warehouse, home, settings, "jpn.customs")

    return files


def shown(
    con: duckdb.DuckDBPyConnection, columns: str = "partner, flow, valuation, freq, period, value, obs_status"
) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {columns} FROM mart.trade_figures WHERE source = 'jpn.customs' ORDER BY ALL").fetchall()


def test_months_to_come_are_not_nil(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    (outcome,) = load(("d41ma.csv", SERIES))
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 4, 0)
    assert shown(warehouse) == [
        ("WLD", "export", "FOB", "M", "2026-06", Decimal("9000000001000"), "A"),
        ("WLD", "export", "FOB", "M", "2026-07", Decimal("11509373578000"), "A"),
        ("WLD", "import", "CIF", "M", "2026-06", Decimal("9100000000000"), "A"),
        ("WLD", "import", "CIF", "M", "2026-07", Decimal("12146000000000"), "A"),
    ]


def test_series_of_an_area_with_members_and_a_missing_month(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    text = SERIES.replace("世界", "アジア").replace("WORLD", "ASIA").replace("Imp-Total\r\n", "Imp-Total,Exp-CHINA\r\n")
    text = (
        text.replace("9100000000 \r\n", "- ,5\r\n")
        .replace("12146000000 \r\n", "0,0\r\n")
        .replace("0 \r\n", "0,0 \r\n")
        .replace("0,0\r\n2026/08", "0,0\r\n2026/08")
    )
    (outcome,) = load(("d42ma001.csv", text))
    assert (outcome.fault, outcome.rows_quarantined) == (None, 0)
    assert [(p, f, m[-2:], v, s) for p, f, _, _, m, v, s in shown(warehouse)] == [
        ("CHN", "export", "06", Decimal(5000), "A"),
        # China's own column ends a month earlier than its region's.
        ("JPN_ASIA", "export", "06", Decimal(9000000001000), "A"),
        ("JPN_ASIA", "export", "07", Decimal(11509373578000), "A"),
        ("JPN_ASIA", "import", "06", None, "O"),
        ("JPN_ASIA", "import", "07", Decimal(0), "A"),
    ]


def test_bad_rows_of_a_series(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    bad = {"2026/13,1,1": "survey_month: str_matches", "2025/01,x,1": "thousand_yen: not BIGINT", "2025/02,0,1": "trade with the world is not nil"}  # fmt: skip
    good = "".join(f"20{y}/{m:02d},5,6\r\n" for y in range(10, 25) for m in range(1, 13))
    (outcome,) = load(("d41ma.csv", SERIES.replace("2026/06", "\r\n".join(bad) + "\r\n" + good + "2026/06")))
    assert outcome.fault is None
    expected = [bad["2026/13,1,1"], *bad.values()]
    assert [r.rules[: len(rule)] for r, rule in zip(outcome.quarantined, expected, strict=True)] == expected
    (cut,) = load(("d41ma_cut.csv", SERIES.replace("9000000001 ,9100000000 ", "9000000001 ")))
    assert ["thousand_yen: not BIGINT" in r.rules for r in cut.quarantined] == [True]


def test_a_title_states_months_and_stages() -> None:
    assert stages.parse("1-6月：確報、7月：輸入9桁速報") == {
        **{(flow, month): "確報" for flow in "12" for month in range(1, 7)}, ("2", 7): "9桁速報",
    }  # fmt: skip
    assert stages.parse("Commodity by Country (Export Jan-May:Detailed) Section XVI") == {
        ("1", m): "確報" for m in range(1, 6)
    }
    assert stages.parse("2019年 1-12月：確定") == {(flow, month): "確定" for flow in "12" for month in range(1, 13)}
    assert stages.parse("d41ma.csv") == {}


@pytest.mark.parametrize(
    "encode",
    [lambda t: t.encode(), lambda t: b"\xef\xbb\xbf" + t.encode(), lambda t: t.replace("\n", "\r\n").encode("cp932")],
)
def test_commodities_without_a_title(
    load: Load, warehouse: duckdb.DuckDBPyConnection, encode: Callable[[str], bytes]
) -> None:
    china = record(1, "010121000", "105", "NO,KG", (2, 900, 5000))
    (outcome,) = load(("a.csv", encode(f"{HEADER}\n{TAIWAN}\n{china}\n")))
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 6, 0)
    rows = shown(
        warehouse,
        "partner, product, product_name, classification, freq, period, value, quantity, quantity_unit, net_weight_kg, obs_status",
    )
    horses = ("010121000", "Japan's statistical code 010121000 of 2026 (HS2022 010121)", "JPHS2026X")
    drives = ("852351000", "Japan's statistical code 852351000 of 2026 (HS2022 852351)", "JPHS2026X")
    assert rows == [
        ("CHN", *horses, "M", "2026-01", Decimal(5000000), Decimal(2), "NO", Decimal(900), "A"),
        # February is published, for Taiwan has trade in it: China's nil is nil.
        ("CHN", *horses, "M", "2026-02", Decimal(0), Decimal(0), "NO", Decimal(0), "A"),
        ("CHN", *horses, "YTD", "2026-02", Decimal(5000000), Decimal(2), "NO", Decimal(900), "A"),
        ("TWN", *drives, "M", "2026-01", Decimal(544477000), Decimal(62772), "NO", None, "A"),
        ("TWN", *drives, "M", "2026-02", Decimal(92551000), Decimal(54546), "NO", None, "A"),
        ("TWN", *drives, "YTD", "2026-02", Decimal(637028000), Decimal(117318), "NO", None, "A"),
    ]


def test_the_title_says_what_is_published(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    imports = record(2, "271111000", "304", "  ,MT", (0, 7, 100), (0, 8, 200), year=2025)
    load(("1月：確報、2-3月：輸入9桁速報.csv", f"{HEADER}\n{imports}\n"))
    assert shown(warehouse, "classification, freq, period, value, net_weight_kg, obs_status") == [
        ("JPHS2025M", "M", "2025-01", Decimal(100000), Decimal(7000), "A"),
        ("JPHS2025M", "M", "2025-02", Decimal(200000), Decimal(8000), "P"),
        ("JPHS2025M", "M", "2025-03", Decimal(0), Decimal(0), "P"),
        ("JPHS2025M", "YTD", "2025-03", Decimal(300000), Decimal(15000), "P"),
    ]
    notes = warehouse.execute(
        "SELECT DISTINCT note FROM meta.citations WHERE note LIKE 'stage%' ORDER BY note"
    ).fetchall()
    assert notes == [("stage of release: 9桁速報",), ("stage of release: 確報",)]


def test_a_whole_year_is_annual_and_two_units_are_both_kept(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    whole = record(1, "500720000", "103", "SM,NO", *[(10, 3, 7)] * 12, year=2019)
    header = HEADER.replace("Country,", "")
    (outcome,) = load(("b.csv", f"{header}\n{whole.replace('103,SM', 'SM')}\n"))
    assert outcome.fault is None
    (annual,) = [
        r
        for r in shown(warehouse, "freq, period, partner, value, quantity, quantity_unit, net_weight_kg")
        if r[0] == "A"
    ]
    assert annual == ("A", "2019", "WLD", Decimal(84000), Decimal(36), "NO", None)
    assert warehouse.execute("SELECT count(*) FROM meta.citations WHERE note LIKE '%also 120 SM'").fetchone() == (1,)


def test_bad_commodity_rows(load: Load) -> None:
    good = [record(1, f"{n:09d}", "105", "  ,KG", (0, 1, 1)) for n in range(10000, 10200)]
    bad = {
        record(1, "10121000", "105", "  ,KG", (0, 1, 1)): "statistical_code: str_matches",
        record(
            1, "010121000", "999", "  ,KG", (0, 1, 1)
        ): "country_code: stands in ref.place_code.code among jpn_customs",
        record(3, "010121000", "105", "  ,KG", (0, 1, 1)): "exp_or_imp: isin",
        record(1, "010129000", "105", "  ,  ", (0, 1, 1)): "a quantity has a unit",
        record(1, "010130000", "105", "  ,KG", (0, 1, 1)).replace(",1,0,", ",x,0,", 1): "thousand_yen: not BIGINT",
    }
    (outcome,) = load(("c.csv", "\n".join([HEADER, *good, *bad, good[0]]) + "\n"))
    assert outcome.fault is None
    found = " ".join(r.rules for r in outcome.quarantined)
    assert [rule for rule in bad.values() if rule not in found] == []
    assert outcome.rows_in == outcome.rows_accepted + outcome.rows_quarantined
    (worse,) = load(("d.csv", "\n".join([HEADER, *list(bad)]) + "\n"))
    assert isinstance(worse.fault, BadData)


def test_a_later_month_restates_the_earlier_ones(load: Load, warehouse: duckdb.DuckDBPyConnection) -> None:
    load(("a.csv", f"{HEADER}\n{TAIWAN}\n"))
    later = record(1, "852351000", "106", "  ,NO", (0, 62772, 544478), (0, 54546, 92551), (0, 1, 2))
    (outcome,) = load(("b.csv", f"{HEADER}\n{later}\n"))
    assert (outcome.change.revised, outcome.change.unchanged, outcome.change.new) == (1, 1, 2)


LIST = "<html><body>{}</body></html>"
YEARS = LIST.format(
    '<a href="/stat-search/files?page=1&amp;toukei=00350300&amp;year=20260&amp;month=12040604">6</a>'
    '<a href="/stat-search/files?page=1&amp;toukei=00350300&amp;year=20260&amp;month=23070907">7</a>'
    '<a href="/stat-search/files?page=1&amp;toukei=00350300&amp;year=20250&amp;month=24101212">12</a>'
    '<a href="/stat-search/files?page=1&amp;toukei=00350300&amp;year=20240&amp;month=24101212">12</a>'
)
FILES = LIST.format(
    "<div>品別国別表 輸入 1-6月：確報、7月：輸入9桁速報</div><span>2026-08-28</span>"
    '<a href="/stat-search/file-download?statInfId=000040466794&amp;fileKind=1">CSV</a>'
    '<a href="/stat-search/file-download?statInfId=000040466794&amp;fileKind=0">EXCEL</a>'
    "<div>第2部</div>"
    '<a href="/stat-search/file-download?statInfId=000040466795&fileKind=1">CSV</a>'
)


def test_pages_lead_to_files(tmp_path: Path) -> None:
    _, exports, imports = SOURCE.requests(Selection(2025, 2026))
    years = SOURCE.judge(imports, answer_to(tmp_path, imports, YEARS))
    assert (years.is_kept, [dict(r.parameters)["month"] for r in years.following]) == (False, ["24101212", "23070907"])
    assert exports.parameters != imports.parameters
    newest = years.following[-1]
    files = SOURCE.judge(newest, answer_to(tmp_path, newest, FILES))
    assert [dict(r.parameters)["statInfId"] for r in files.following] == ["000040466794", "000040466795"]
    title = dict(files.following[0].context)["title"]
    assert stages.parse(title) == {("2", m): "確報" for m in range(1, 7)} | {("2", 7): "9桁速報"}
    assert "2026-08-28" in title
    got = SOURCE.judge(files.following[1], answer_to(tmp_path, files.following[1], f"{HEADER}\n{TAIWAN}\n"))
    assert (got.rows, got.stamp) == (1, title)


def test_of_many_years_the_newest_is_asked(tmp_path: Path) -> None:
    _, _, imports = SOURCE.requests(Selection(1992, 2026))
    years = SOURCE.judge(imports, answer_to(tmp_path, imports, YEARS))
    assert [dict(r.context)["year"] for r in years.following] == ["2026"]


SERIES_PAGE = LIST.format(
    '<td>World</td><td><a href="data/d41ma.csv">Monthly</a></td><td>Asia <a href="data/d42ma001.csv">Monthly</a></td>'
    '<td>Atlantis <a href="data/d42ma099.csv">Monthly</a></td><a href="data/d52ma105.csv">China</a>'
)


def test_the_page_of_series_leads_to_those_of_known_areas(tmp_path: Path) -> None:
    page, *_ = SOURCE.requests(Selection(2025, 2026))
    found = SOURCE.judge(page, answer_to(tmp_path, page, SERIES_PAGE)).following
    folder = "https://www.customs.go.jp/toukei/suii/html/data"
    assert [r.path for r in found] == [f"{folder}/d41ma.csv", f"{folder}/d42ma001.csv"]
    assert SOURCE.judge(found[0], answer_to(tmp_path, found[0], SERIES.encode("cp932"))).rows == 4
    bodies: list[tuple[str | bytes, type[Exception]]] = [
        (LIST.format("busy"), NotData),
        ("a,b\n1,2\n", LayoutChanged),
        (TITLES.encode("cp932") + b"Years/Months,Exp-Total,Imp-Total\r\n2026/08,0,0\r\n", EmptyAnswer),
    ]
    for body, fault in bodies:
        with pytest.raises(fault):
            SOURCE.judge(found[0], answer_to(tmp_path, found[0], body))
    with pytest.raises(LayoutChanged, match="no links"):
        SOURCE.judge(page, answer_to(tmp_path, page, LIST.format("moved")))


def test_damaged_files_are_faults_of_the_layout(load: Load) -> None:
    (outcome,) = load(("a.csv", SERIES.encode("cp932") + b"2026/10,1,\x81\r\n"))
    assert isinstance(outcome.fault, LayoutChanged)
    _, outcome = load(("japan-china-trade-data.csv", "Date;Exports;Imports\r\n2001/01;1;2;3\r\n"))
    assert isinstance(outcome.fault, LayoutChanged)


SERIES_REQUEST, LIST_REQUEST, _ = SOURCE.requests(Selection(2025, 2026))
FILE_REQUEST = Request(
    "/stat-search/file-download", "f.csv", (("statInfId", "1"),), context=(("kind", "file"), ("title", ""))
)
TABLE = f"{HEADER}\n{TAIWAN}\n"


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("d41ma.csv", SERIES.encode("cp932"), rows=4)
    golden = {
        "SELECT flow, period, value FROM mart.trade_figures WHERE period = '2026-07' ORDER BY flow": [
            ("export", "2026-07", Decimal(11509373578000)), ("import", "2026-07", Decimal(12146000000000)),
        ],
    }  # fmt: skip
    bad_row = BadRow(
        SERIES.replace("2026/06,9000000001 ,", "2026/06,x,").encode("cp932"), rule="thousand_yen: not BIGINT"
    )
    refused_forms = {commodities.BY_OFFICE.form: TABLE.replace("HS,Country", "Custom,HS,Country").encode("cp932")}
    changed_layouts = {
        what: (text.encode("cp932"), words)
        for what, (text, words) in {
            "another unit": (
                SERIES.replace("a thousand yen", "yen").replace("千円", "円"),
                "does not say thousand yen",
            ),
            "another column": (SERIES.replace("Imp-Total", "Imports"), "no source recognises"),
            "another month": (TABLE.replace("Value-Dec", "Value-13"), "columns are not those"),
            "by customs office": (TABLE.replace("HS,Country", "Custom,HS,Country"), "customs office"),
            "a copy of nobody": ("Date;Exports;Imports\r\n2001/01;1;2\r\n", "the name does not say whose"),
        }.items()
    }
    refused_answers = {
        "a list in CSV": Refused(LIST_REQUEST, "a,b\n1,2\n", NotData),
        "a list without links": Refused(LIST_REQUEST, LIST.format("busy"), LayoutChanged),
        "a list of other years": Refused(LIST_REQUEST, YEARS.replace("202", "199"), LayoutChanged),
        "HTML": Refused(FILE_REQUEST, LIST.format("error"), NotData),
        "an archive": Refused(FILE_REQUEST, b"PK\x03\x04", LayoutChanged),
        "header alone": Refused(FILE_REQUEST, HEADER + "\n", EmptyAnswer),
        "another column": Refused(FILE_REQUEST, TABLE.replace("HS", "HS10"), LayoutChanged),
    }
    valid_answers = {
        "the list of years": Valid(LIST_REQUEST, YEARS, rows=0),
        "the page of series": Valid(SERIES_REQUEST, SERIES_PAGE, rows=0),
        "a table": Valid(FILE_REQUEST, TABLE, rows=1),
    }
