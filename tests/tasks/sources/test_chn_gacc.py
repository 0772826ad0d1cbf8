"""China's customs: exports of the query made by hand, the bulletin by country, and what is refused of either.

No file of the customs comes with the project: these are written to the layout the customs publish in. The bulletin's totals
are those of 2019 (http://english.customs.gov.cn/Statics/4b033d6b-9973-499c-8215-b23d74a68363.html and the months before).
"""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.archive.sniff import sniff
from tasks.contract.service import Request, Selection
from tasks.intake.adopt import AdoptionResult
from tasks.load.outcome import Outcome
from tasks.sources.chn_gacc import SOURCE, query
from tests.support.answers import answer
from tests.support.loading import adopt_each_and_load, create_reading
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse.errors import BadData, CutAtLimit, EmptyAnswer, LayoutChanged, NotAsked, NotData, Unknown
from warehouse.settings import Home, Settings

Loading = Callable[..., tuple[dict[str, AdoptionResult], dict[str, Outcome]]]

HEADER = "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,第一数量,第一计量单位,第二数量,第二计量单位,美元,"
ROWS = [
    '201912,01012100,改良种用马,116,日本,"1,012",头,"505,500",千克,"12,345,678",',
    '201912,85423190,其他处理器,133,韩国,"7,654,321",个,0,千克,"1,234,567,890",',
    "201911,85423190,其他处理器,143,台湾,12,千克,,,99,",
]
#: As ref.product has it: a name that is there already stays.
NAME_84 = "Machinery and mechanical appliances, boilers, nuclear reactors; parts thereof"
BY_PROVINCE = "数据年月,商品编码,商品名称,贸易伙伴编码,贸易伙伴名称,注册地编码,注册地名称,第一数量,第一计量单位,第二数量,第二计量单位,人民币,"


@pytest.fixture
def loading(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> Loading:
    """Adopt files and load what is pending."""
    return lambda *paths: adopt_each_and_load(warehouse, home, settings, SOURCE, paths)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write lines in GB18030, as the customs' site does."""

    def writing(name: str, *lines: str, encoding: str = "gb18030") -> Path:
        path = tmp_path / name
        path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
        return path

    return writing


def trade(con: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {columns} FROM mart.trade_figures WHERE source = 'chn.gacc' ORDER BY ALL").fetchall()


# the query


def test_an_export_is_read_to_the_last_digit(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    _, outcomes = loading(write("出口2019.csv", HEADER, *ROWS))
    outcome = outcomes["出口2019.csv"]
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 3, 0)
    assert trade(
        warehouse, "period, classification, product, partner, value_usd, quantity, quantity_unit, net_weight_kg"
    ) == [
        ("2019-11", "CNHS2017", "85423190", "TWN", 99, 12, "千克", 12),
        ("2019-12", "CNHS2017", "01012100", "JPN", 12345678, 1012, "头", 505500),
        ("2019-12", "CNHS2017", "85423190", "KOR", 1234567890, 7654321, "个", 0),
    ]
    assert trade(warehouse, "DISTINCT reporter, flow, valuation, basis, freq, dataset, obs_status") == [
        ("CHN", "export", "FOB", None, "M", "gacc.query_usd", "A")
    ]
    assert trade(warehouse, "DISTINCT product_name") == [("其他处理器",), ("改良种用马",)]


def test_loading_again_changes_nothing(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    path = write("出口2019.csv", HEADER, *ROWS)
    loading(path)
    before = (
        warehouse.execute("FROM core.trade ORDER BY ALL").fetchall(),
        warehouse.execute("FROM ref.product").fetchall(),
    )
    taken, outcomes = loading(path)
    assert outcomes == {}
    assert not taken["出口2019.csv"].is_new
    assert before[0] == warehouse.execute("FROM core.trade ORDER BY ALL").fetchall()
    assert before[1] == warehouse.execute("FROM ref.product").fetchall()


def test_provinces_trade_by_the_location_of_the_firm(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = [
        '202203,84,核反应堆,116,日本,210000,辽宁省,0,-,0,-,"1,000",',
        '202203,84,核反应堆,116,日本,22,吉林省,0,-,0,-,"7,000",',
    ]
    loading(write("imports.csv", BY_PROVINCE, *rows, encoding="utf-8-sig"))
    assert trade(
        warehouse,
        "reporter, partner, flow, valuation, basis, classification, product, product_name, value, currency, quantity",
    ) == [
        ("CN-JL", "JPN", "import", "CIF", "operator_location", "HS2022", "84", NAME_84, 7000, "CNY", None),
        ("CN-LN", "JPN", "import", "CIF", "operator_location", "HS2022", "84", NAME_84, 1000, "CNY", None),
    ]  # fmt: skip


def test_a_province_whose_name_is_not_its_codes_is_quarantined(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = [
        '202203,84,核反应堆,116,日本,210000,吉林省,0,-,0,-,"1,000",',
        "202203,84,核反应堆,116,日本,99,辽宁省,0,-,0,-,5,",
        '202203,84,核反应堆,116,日本,22,吉林省,0,-,0,-,"7,000",',
    ]
    loading(write("imports.csv", BY_PROVINCE, *rows))
    assert trade(warehouse, "reporter") == [("CN-JL",)]
    quarantined = warehouse.execute("SELECT rules FROM meta.quarantine ORDER BY row_number").fetchall()
    assert "reporter: not_null" in quarantined[0][0]
    assert quarantined[1] == ("registered_code: stands in ref.place_code.code among gacc_registered",)


def test_a_query_of_totals_has_all_products_and_all_partners(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    loading(write("出口.csv", "数据年月,美元", '201912,"238,267,589,123"'))
    assert trade(warehouse, "reporter, partner, classification, product, value") == [
        ("CHN", "WLD", "TOTAL", "TOTAL", 238267589123)
    ]


@pytest.mark.parametrize(
    ("year", "edition"),
    [("1995", "1992"), ("1996", "1996"), ("2001", "1996"), ("2002", "2002"), ("2011", "2007"), ("2012", "2012"),
     ("2016", "2012"), ("2021", "2017"), ("2022", "2022")],
)  # fmt: skip
def test_the_edition_of_the_tariff_is_that_of_the_year(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection, year: str, edition: str
) -> None:
    loading(write("出口.csv", HEADER, ROWS[0].replace("2019", year)))
    assert trade(warehouse, "classification") == [(f"CNHS{edition}",)]


BAD = [
    ("201912,1012100,马,116,日本,1,头,0,千克,5,", "product_printed: str_matches"),
    ("201912,01012100,马,001,哪里,1,头,0,千克,5,", "partner_code: stands in ref.place_code.code among gacc"),
    ("201912,01012200,马,116,韩国,1,头,0,千克,5,", "partner: not_null"),
    ("201913,01012100,马,116,日本,1,头,0,千克,5,", "year_month: str_matches"),
    ("2019,01012300,马,116,日本,1,头,0,千克,5,", "year_month: str_matches"),
    ("201912,01012400,马,116,日本,1,头,0,千克,不详,", "printed_value: str_matches"),
    ("201912,01012500,马,116,日本,多,头,0,千克,5,", "first_quantity: not DECIMAL"),
    ("201912,01012600,马,116,日本,-1,头,0,千克,5,", "first_quantity: greater_than_or_equal_to"),
    ("201912,01012700,马,116,日本,1,头,0,千克,-5,", "value: greater_than_or_equal_to"),
]


def test_every_bad_row_is_quarantined_with_its_rule(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    good = [f"201910,{n:08d},物,116,日本,1,个,0,千克,5," for n in range(10_000_000, 10_000_200)]
    _, outcomes = loading(write("出口.csv", HEADER, *good, *(b for b, _ in BAD)))
    assert outcomes["出口.csv"].fault is None
    quarantined = warehouse.execute("SELECT row_number, rules FROM meta.quarantine ORDER BY 1").fetchall()
    assert [n for n, _ in quarantined] == list(range(201, 201 + len(BAD)))
    for (_, rules), (_, rule) in zip(quarantined, BAD, strict=True):
        assert rule in rules


@pytest.mark.parametrize(
    ("name", "lines", "fault", "message"),
    [
        ("2019.csv", [HEADER, ROWS[0]], LayoutChanged, "出口 or 进口"),
        ("进出口export_import.csv", [HEADER, ROWS[0]], LayoutChanged, "出口 or 进口"),
        (
            "出口.csv",
            [HEADER.replace("第一数量", "贸易方式编码,贸易方式名称,第一数量"), ROWS[0]],
            Unknown,
            "customs regime",
        ),
        ("出口.csv", [HEADER.replace("商品名称", "品名"), ROWS[0]], LayoutChanged, "品名"),
        ("出口.csv", [HEADER.replace("贸易伙伴名称,", ""), ROWS[0]], LayoutChanged, "header"),
        ("出口.csv", [HEADER.replace("美元", "美元,人民币"), ROWS[0]], LayoutChanged, "header"),
        ("出口.csv", [HEADER.replace("美元", "美元,美元"), ROWS[0]], LayoutChanged, "header"),
        ("出口.csv", [HEADER], EmptyAnswer, "without rows"),
        ("出口.csv", [HEADER, *[ROWS[0]] * 10_000], CutAtLimit, "10000"),
    ],
)
def test_exports_that_are_not_as_promised_are_refused(
    write: Callable[..., Path], name: str, lines: list[str], fault: type[Exception], message: str
) -> None:
    with pytest.raises(fault, match=message):
        SOURCE.recognises(sniff(write(name, *lines)))


def test_one_row_less_than_the_limit_is_whole(write: Callable[..., Path]) -> None:
    assert SOURCE.recognises(sniff(write("出口.csv", HEADER, *[ROWS[0]] * 9_999)))


def test_a_row_of_another_width_stops_the_file(loading: Loading, write: Callable[..., Path]) -> None:
    _, outcomes = loading(write("出口.csv", HEADER, ROWS[0], "201912,01012100,马,116"))
    assert isinstance(outcomes["出口.csv"].fault, LayoutChanged)


def test_other_files_are_not_taken(write: Callable[..., Path]) -> None:
    assert SOURCE.recognises(sniff(write("a.csv", "年月,美元", "201912,5"))) is None
    assert SOURCE.recognises(sniff(write("a.html", "<html><body>Imports and exports</body></html>"))) is None


# the bulletin


def page(
    month: int = 12,
    *,
    title: str = "",
    unit: str = "Unit: US$1,000",
    rows: list[list[str]] | None = None,
    spans: str = "",
    date: str = "",
) -> str:
    """A page of the bulletin, laid out as the customs do: nested in a table, cells with spans of their own."""
    head = ["Country (Region) of Origin/Destination", "Total", "Exports", "Imports", "Percentage Change"]
    columns = spans.split("|") if spans else [str(month), f"1 to {month}"] * 3
    body = rows if rows is not None else TOTALS[month]
    lines = [
        [f"(2) Imports and Exports by Country (Region) of Origin/Destination, {month}. 2019{title}"], [unit], head,
        [*columns, "Total", "Exports", "Imports"], *body, ["1. Figures in brackets are revised."],
    ]  # fmt: skip
    table = "".join(
        "<tr>" + "".join(f"<td><span>{c}</span>&nbsp;</td>" for c in line) + "</tr>" for line in lines if line != [""]
    )
    return f"<!DOCTYPE html><html><body><p>Home {date}</p><table><tr><td><table>{table}</table></td></tr></table></body></html>"


def row(name: str, exports: tuple[str, str], imports: tuple[str, str]) -> list[str]:
    total = [_sum(x, m) for x, m in zip(exports, imports, strict=True)]
    return [name, *total, *exports, *imports, "1.0", "-2.0", "3.0"]


def _sum(a: str, b: str) -> str:
    return f"{sum(int(t.replace(',', '')) for t in (a, b) if t != '-'):,}"


#: Thousand dollars: the month, and since January.
TOTALS = {
    9: [row("TOTAL", ("218,123,102", "1,825,105,773"), ("178,474,843", "1,526,675,116"))],
    10: [row("TOTAL", ("212,916,095", "2,037,923,161"), ("169,898,075", "1,697,419,226"))],
    11: [row("TOTAL", ("221,337,434", "2,260,094,505"), ("183,411,013", "1,881,977,078"))],
    12: [
        row("TOTAL", ("238,267,589", "2,499,028,927"), ("191,057,245", "2,077,097,114")),
        row("Asia:", ("100,000,000", "1,200,000,000"), ("90,000,000", "1,100,000,000")),
        row("Japan", ("13,000,000", "143,000,000"), ("16,000,000", "171,000,000")),
        row("Bhutan", ("1,300", "11,000"), ("-", "45")),
        row("ASEAN:", ("36,000,000", "359,000,000"), ("27,000,000", "282,000,000")),
        row("European Union:", ("40,000,000", "428,000,000"), ("25,000,000", "276,000,000")),
    ],
}


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write a page."""

    def writing(name: str, text: str) -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return writing


def test_a_page_gives_month_and_cumulative_of_both_flows(
    loading: Loading, put: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    taken, outcomes = loading(put("12.html", page(date="01/23/2020")))
    assert taken["12.html"].message == "customs bulletin by country, 2019-12, US$1,000"
    assert (outcomes["12.html"].rows_in, outcomes["12.html"].rows_quarantined) == (24, 0)
    of_total = "partner, flow, valuation, freq, period, value_usd, published_on::VARCHAR"
    assert [r for r in trade(warehouse, of_total) if r[0] == "WLD"] == [
        ("WLD", "export", "FOB", "A", "2019", 2499028927000, "2020-01-23"),
        ("WLD", "export", "FOB", "M", "2019-12", 238267589000, "2020-01-23"),
        ("WLD", "import", "CIF", "A", "2019", 2077097114000, "2020-01-23"),
        ("WLD", "import", "CIF", "M", "2019-12", 191057245000, "2020-01-23"),
    ]
    partners = "DISTINCT partner, (SELECT is_aggregate FROM ref.place WHERE place = partner)"
    assert trade(warehouse, partners) == [
        ("ASEAN", True), ("BTN", False), ("EU_AT_THE_TIME", True), ("GACC_ASIA", True), ("JPN", False), ("WLD", True),
    ]  # fmt: skip


def test_a_dash_is_no_figure(loading: Loading, put: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection) -> None:
    loading(put("12.html", page()))
    rows = [r for r in trade(warehouse, "partner, flow, freq, value, obs_status") if r[:2] == ("BTN", "import")]
    assert rows == [("BTN", "import", "A", 45000, "A"), ("BTN", "import", "M", None, "O")]


def test_the_edition_in_yuan_is_another_dataset(
    loading: Loading, put: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    loading(put("12.html", page()), put("12cny.html", page(title=" (in CNY)", unit="Unit:RMB 10,000")))
    assert {r[:2] for r in trade(warehouse, "dataset, currency")} == {
        ("gacc.bulletin_by_country_usd", "USD"),
        ("gacc.bulletin_by_country_cny", "CNY"),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (page(title=" (in USD)", unit="Unit: RMB 10,000"), "title states USD"),
        (page(title=" (in CNY)"), "title states CNY"),
        (page(unit="Unit: RMB 10,000"), "the title no currency"),
        (page(title=" (in USD)", unit="Unit: USD 100 Million"), "unknown unit"),
        (page(unit="Unit: US$10,000"), "unknown unit"),
        (page(unit=""), "does not state its unit"),
        (page(spans="12|1 to 12|12|1 to 12"), "no header"),
        (page(spans="12|1 to 11|12|1 to 11|12|1 to 11"), "no header"),
        (page().replace("<span>Exports</span>", "<span>Imports </span>", 1), "no header"),
        (page().replace("12. 2019", "December"), "month and year"),
        (page(rows=[["Japan", "1", "2", "3"]]), "fewer than a name"),
    ],
)  # fmt: skip
def test_pages_that_are_not_as_promised_are_refused(put: Callable[..., Path], text: str, message: str) -> None:
    with pytest.raises(LayoutChanged, match=message):
        SOURCE.recognises(sniff(put("a.html", text)))


def test_rows_that_do_not_add_up_or_name_nobody_known_are_quarantined(
    loading: Loading, put: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    names = ["Japan", "India", "Nepal", "Oman", "Iraq", "Iran", "Israel", "Jordan", "Kuwait", "Qatar", "Cyprus"]
    rows = [row(n, ("1,000", "5,000"), ("2,000", "7,000")) for n in names]
    rows[0][1] = "3,003"
    rows[1][1] = "3,002"
    rows.append(row("Atlantis", ("-", "1"), ("-", "1")))
    _, outcomes = loading(put("12.html", page(rows=rows)))
    assert isinstance(outcomes["12.html"].fault, BadData)
    more = [
        row(n, ("1,000", "5,000"), ("2,000", "7,000"))
        for n in (
            "Egypt",
            "Ghana",
            "Kenya",
            "Libya",
            "Malawi",
            "Mali",
            "Chad",
            "Gabon",
            "Togo",
            "Benin",
            "Cuba",
            "Peru",
            "Chile",
            "Brazil",
            "Haiti",
            "Fiji",
            "Samoa",
            "Tonga",
            "Canada",
            "Mexico",
        )
    ]
    _, outcomes = loading(put("12b.html", page(rows=[*rows, *more])))
    assert outcomes["12b.html"].rows_quarantined == 6
    quarantined = warehouse.execute(
        "SELECT rules, count(*) FROM meta.quarantine WHERE filename = '12b.html' GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    assert quarantined == [
        ("exports and imports add up to the printed total, to two of the last digit", 2),
        ("partner_printed: stands in ref.place_code.code among gacc_en", 4),
    ]


def test_months_derived_show_where_later_cumulatives_revised_earlier_months(
    loading: Loading, put: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    loading(*(put(f"{m}.html", page(m)) for m in (9, 10, 11, 12)))
    create_reading(warehouse, "24_trade_months_derived")
    rows = warehouse.execute(
        "SELECT flow, period, derived_value / 1000, monthly_value / 1000, hidden_revision / 1000 FROM mart.trade_months_derived "
        "WHERE source = 'chn.gacc' AND partner = 'WLD' ORDER BY ALL"
    ).fetchall()
    # Published by the customs: exports derived less published -98,707, +833,910, +666,833; imports likewise.
    assert [(f, p, int(d), int(m), int(r)) for f, p, d, m, r in rows] == [
        ("export", "2019-10", 212817388, 212916095, -98707),
        ("export", "2019-11", 222171344, 221337434, 833910),
        ("export", "2019-12", 238934422, 238267589, 666833),
        ("import", "2019-10", 170744110, 169898075, 846035),
        ("import", "2019-11", 184557852, 183411013, 1146839),
        ("import", "2019-12", 195120036, 191057245, 4062791),
    ]


def test_january_is_its_own_cumulative_and_a_gap_gives_no_month(
    loading: Loading, put: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    january = page(1, rows=[row("TOTAL", ("10", "12"), ("5", "5"))])
    loading(put("1.html", january), put("9.html", page(9)), put("11.html", page(11)))
    create_reading(warehouse, "24_trade_months_derived")
    query = "SELECT flow, period, derived_value, hidden_revision FROM mart.trade_months_derived WHERE source = 'chn.gacc' ORDER BY ALL"
    assert warehouse.execute(query).fetchall() == [
        ("export", "2019-01", Decimal(12000), Decimal(2000)),
        ("import", "2019-01", Decimal(5000), Decimal(0)),
    ]


# the service


INDEX = """<html><body><table><tr><td>(1) Summary</td><td><a href="http://english.customs.gov.cn/Statics/00000000-0000-0000-0000-000000000009.html">Jan.</a></td></tr>
<tr><td>(2) Imports and Exports by Country (Region) of Origin/Destination</td>
<td><a href='http://english.customs.gov.cn/Statics/5fef7057-efe0-41e6-a171-5be895aa5abe.html' target="_blank">Nov.</a></td>
<td><a href=http://english.customs.gov.cn/Statics/5fef7057-efe0-41e6-a171-5be895aa5abf.html>Dec.</a></td></tr>
<tr><td>(3) By HS</td><td><a href="x.html">Jan.</a></td></tr></table></body></html>"""


def index_request() -> Request:
    return Request("/statics/report/monthly2019.html", "index.html", context=(("year", "2019"),))


def test_a_pull_asks_for_the_index_of_each_year_and_follows_the_table_by_country(tmp_path: Path) -> None:
    requests = list(SOURCE.requests(Selection(2018, 2019)))
    assert [r.path for r in requests] == ["/statics/report/monthly2018.html", "/statics/report/monthly2019.html"]
    judged = SOURCE.judge(requests[1], answer(tmp_path, INDEX))
    assert not judged.is_kept
    assert [(r.path, r.filename) for r in judged.following] == [
        ("/Statics/5fef7057-efe0-41e6-a171-5be895aa5abe.html", "gacc_by_country_2019_11.html"),
        ("/Statics/5fef7057-efe0-41e6-a171-5be895aa5abf.html", "gacc_by_country_2019_12.html"),
    ]
    kept = SOURCE.judge(judged.following[1], answer(tmp_path, page()))
    assert (kept.is_kept, kept.rows) == (True, 24)
    assert SOURCE.recognises(answer(tmp_path, page()))


def test_the_index_of_the_current_year_has_no_year_in_its_name_and_none_comes_after_it() -> None:
    paths = [r.path for r in SOURCE.requests(Selection(2019, 9999))]
    assert paths[0] == "/statics/report/monthly2019.html"
    assert paths[-1] == "/statics/report/monthly.html"
    assert len(set(paths)) == len(paths) < 200


PAGE_REQUEST = Request(
    "/Statics/5fef7057-efe0-41e6-a171-5be895aa5abf.html", "gacc_by_country_2019_12.html",
    context=(("year", "2019"), ("table", "by_country")),
)  # fmt: skip


def exported(*rows: str) -> bytes:
    return ("\r\n".join([HEADER, *rows]) + "\r\n").encode("gb18030")


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("出口2019.csv", exported(*ROWS), rows=3)
    golden = {
        "SELECT period, product, partner, value_usd FROM mart.trade_figures ORDER BY ALL": [
            ("2019-11", "85423190", "TWN", 99), ("2019-12", "01012100", "JPN", 12345678), ("2019-12", "85423190", "KOR", 1234567890),
        ],
    }  # fmt: skip
    bad_row = BadRow(
        exported(*ROWS, "201912,01012100,改良种用马,999,未知,1,头,1,千克,5,"), rule="partner_code: stands in"
    )
    refused_forms = {
        query.BY_REGIME.form: exported(*ROWS).replace(
            "第一数量".encode("gb18030"), "贸易方式编码,贸易方式名称,第一数量".encode("gb18030"), 1
        )
    }
    changed_layouts = {
        "another currency": (exported(*ROWS).replace("美元".encode("gb18030"), "欧元".encode("gb18030")), "")
    }
    refused_answers = {
        "an index without the table": Refused(index_request(), "<html><body>moved</body></html>", LayoutChanged),
        "an index with another month": Refused(index_request(), INDEX.replace("Dec.", "Total"), LayoutChanged),
        "an index with other links": Refused(index_request(), INDEX.replace("5abf.html", "5abf.exe"), LayoutChanged),
        "an index in JSON": Refused(index_request(), '{"error": 412}', NotData),
        "a page of an error": Refused(PAGE_REQUEST, "<html><body>HTTP 412</body></html>", LayoutChanged),
        "a page without rows": Refused(PAGE_REQUEST, page(rows=[]), EmptyAnswer),
        "a page of another year": Refused(PAGE_REQUEST, page().replace("12. 2019", "12. 2018"), NotAsked),
    }
    valid_answers = {"an index": Valid(index_request(), INDEX, rows=2), "a page": Valid(PAGE_REQUEST, page(), rows=24)}
