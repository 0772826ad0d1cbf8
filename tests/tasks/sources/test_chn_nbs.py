"""National Data: every layout read exactly, what a file does not say refused and not guessed, and the service's answers judged."""

import csv
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.archive import store
from tasks.archive.sniff import sniff
from tasks.contract.service import Request, Selection
from tasks.intake.adopt import AdoptionResult
from tasks.load.outcome import Outcome
from tasks.sources._shared.tables import rows_beside
from tasks.sources.chn_nbs import SOURCE, catalogue, exports, figures
from tests.support.answers import answer
from tests.support.loading import adopt_each_and_load
from tests.support.source_contract import BadRow, Refused, ServiceContract, Specimen, Valid
from warehouse import reference_files
from warehouse.errors import (
    BadData,
    CorrectionOutdated,
    CutAtLimit,
    EmptyAnswer,
    ErrorInBody,
    LayoutChanged,
    NotData,
    RepeatedKeys,
    Unknown,
)
from warehouse.settings import Home, Settings

#: As the old site prints the gross regional product of the three provinces of the Northeast.
OLD = """数据库：分省年度数据
指标：地区生产总值(亿元)
时间：最近3年
地区,2024年,2023年,2022年
辽宁省,32540.8,31389.8,29739.7
吉林省,14305.0,13942.7,13121.4
黑龙江省,16478.1,,16359.2
注：1.历史数据进行了系统修订。
　　　2.分省之和,不等于全国。
数据来源：国家统计局
"""

Loading = Callable[..., tuple[dict[str, AdoptionResult], dict[str, Outcome]]]


@pytest.fixture
def loading(warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings) -> Loading:
    """Adopt files and load what is pending."""
    return lambda *paths: adopt_each_and_load(warehouse, home, settings, SOURCE, paths)


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a text in an encoding."""

    def writing(name: str, text: str, encoding: str = "gb18030") -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return writing


def shown(
    con: duckdb.DuckDBPyConnection, columns: str = "place, period, printed_value, unit, value"
) -> list[tuple[Any, ...]]:
    return con.execute(f"SELECT {columns} FROM mart.indicator_figures WHERE source = 'chn.nbs' ORDER BY ALL").fetchall()


def new_site(rows: list[list[str]], notes: str = "数据来源：国家统计局") -> str:
    """A table as the new site writes it: byte order mark, a tab before every comma, an empty last column."""
    lines = ["\ufeff数据库：分省年度数据 ", "时间：2019年-2020年 "]
    return "\n".join([*lines, *("".join(f"{cell}\t," for cell in row) for row in rows), notes])


PROVINCES = [
    "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "辽宁省", "吉林省", "黑龙江省", "上海市", "江苏省", "浙江省", "安徽省", "福建省",
    "江西省", "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "海南省", "重庆市", "四川省", "贵州省", "云南省", "西藏自治区",
    "陕西省", "甘肃省", "青海省", "宁夏回族自治区", "新疆维吾尔自治区",
]  # fmt: skip


def shares(*totals: int) -> list[list[str]]:
    """A table of all provinces whose columns add up to these totals."""
    each = [t // 31 for t in totals]
    rows = [[p, *(str(e) for e in each)] for p in PROVINCES]
    rows[0] = ["北京市", *(str(t - 30 * e) for t, e in zip(totals, each, strict=True))]
    return [["地区", *(f"{2020 - n}年" for n in range(len(totals)))], *rows]


def test_an_export_of_the_old_site_is_read_to_the_last_digit(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    taken, outcomes = loading(write("分省年度数据.csv", OLD.replace("\n", "\r\n")))
    assert taken["分省年度数据.csv"].source == "chn.nbs"
    outcome = outcomes["分省年度数据.csv"]
    assert (outcome.fault, outcome.rows_in, outcome.rows_quarantined) == (None, 8, 0)  # an empty cell is not a figure
    rows = shown(warehouse)
    assert ("CN-JL", "2024", "14305.0", "CNY", Decimal(1430500000000)) in rows
    assert not [r for r in rows if r[:2] == ("CN-HL", "2023")]
    assert shown(warehouse, "DISTINCT dataset, indicator, freq, printed_unit, published_on, published_precision") == [
        ("nbs.province_annual", "gdp", "A", "亿元", None, "unknown")
    ]


def test_the_year_of_retrieval_is_the_vintage_and_the_later_one_is_current_in_either_order(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    later = write("gdp_retrieved2020.csv", OLD)
    earlier = write("gdp_retrieved2019-03-29.csv", OLD.replace("32540.8", "30000.1"))
    loading(later)
    loading(earlier)
    of_liaoning = "place = 'CN-LN' AND period = '2024'"
    assert warehouse.execute(
        f"SELECT printed_value, published_on::VARCHAR, published_precision, superseded_on::VARCHAR FROM core.indicator_versions WHERE {of_liaoning} ORDER BY published_on"
    ).fetchall() == [("30000.1", "2019-03-29", "day", "2020-12-31"), ("32540.8", "2020-12-31", "year", None)]
    known = f"SELECT printed_value FROM mart.indicator_figures_as_of('2020-06-01') WHERE {of_liaoning}"
    assert warehouse.execute(known).fetchall() == [("30000.1",)]


@pytest.mark.parametrize("received_on", ["2026-03-29", "2026-11-30", "2026-12-31"])
def test_a_year_that_is_not_over_is_no_date_whatever_day_the_file_is_adopted(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch,
    received_on: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(store, "now", lambda: f"{received_on}T08:00:00.000000+00:00")
    loading(write("gdp_retrieved2026.csv", OLD))
    loading(write("gdp_retrieved2025.csv", OLD.replace("32540.8", "30000.1")))
    of_liaoning = "place = 'CN-LN' AND period = '2024'"
    found = warehouse.execute(
        "SELECT printed_value, published_on::VARCHAR, published_precision, note FROM core.indicator_versions "
        f"WHERE {of_liaoning} ORDER BY edition"
    ).fetchall()
    assert found == [
        ("32540.8", None, "year", "retrieved from the site in 2026"), ("30000.1", "2025-12-31", "year", None),
    ]  # fmt: skip
    current = f"SELECT printed_value, known_from::DATE::VARCHAR FROM mart.indicator_figures WHERE {of_liaoning}"
    assert warehouse.execute(current).fetchall() == [("32540.8", received_on)]


def test_a_file_of_a_year_is_read_the_same_after_the_year(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What counts is when the file was received, not when it is read."""
    monkeypatch.setattr(store, "now", lambda: "2016-03-29T08:00:00.000000+00:00")
    loading(write("gdp_retrieved2016.csv", OLD))
    assert shown(warehouse, "DISTINCT published_on, published_precision") == [(None, "year")]


def test_a_workbook_says_when_it_was_made_and_whole_numbers_stay_whole(
    loading: Loading, tmp_path: Path, warehouse: duckdb.DuckDBPyConnection
) -> None:
    path = workbook(tmp_path / "数据.xlsx", [
        ["数据库：分省年度数据", ""], ["指标：年末常住人口(万人)", ""], ["地区", "2022年"], ["辽宁省", 4197.0], ["吉林省", 2347.5],
        ["数据来源：国家统计局", ""],
    ])  # fmt: skip
    _, outcomes = loading(path)
    assert outcomes["数据.xlsx"].rows_accepted == 2
    assert shown(warehouse, "place, printed_value, value, unit, published_on::VARCHAR") == [
        ("CN-JL", "2347.5", Decimal(23475000), "persons", "2023-11-19"),
        ("CN-LN", "4197", Decimal(41970000), "persons", "2023-11-19"),
    ]


def workbook(path: Path, rows: list[list[Any]]) -> Path:
    """A workbook as a spreadsheet program saves it, with the day of its creation."""

    def cell(value: Any) -> str:
        return f"<c><v>{value}</v></c>" if isinstance(value, float) else f'<c t="inlineStr"><is><t>{value}</t></is></c>'

    space = "http://schemas.openxmlformats.org"
    sheet = "".join(f"<row>{''.join(cell(c) for c in row)}</row>" for row in rows)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{space}/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{space}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{space}/spreadsheetml/2006/main" xmlns:r="{space}/officeDocument/2006/relationships">'
        '<sheets><sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{space}/package/2006/relationships"><Relationship Id="r1" '
        f'Type="{space}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{space}/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>',
        "docProps/core.xml": "<cp><dcterms:created xsi:type='x'>2023-11-19T10:08:28Z</dcterms:created></cp>",
    }  # fmt: skip
    with ZipFile(path, "w") as file:
        for name, text in parts.items():
            file.writestr(name, text)
    return path


def test_an_export_of_the_new_site_is_known_by_the_nations_totals(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    _, outcomes = loading(write("分省年度数据_6.csv", new_site(shares(1_010_000, 985_000)), "utf-8"))
    assert outcomes["分省年度数据_6.csv"].rows_accepted == 62
    assert shown(warehouse, "DISTINCT indicator, printed_unit, unit") == [("gdp", "亿元", "CNY")]
    total = warehouse.execute(
        "SELECT sum(value) FROM mart.indicator_figures WHERE source = 'chn.nbs' AND period = '2020'"
    )
    assert total.fetchone() == (Decimal(101_000_000_000_000),)


@pytest.mark.parametrize(
    "totals",
    [(1_300_000, 985_000), (1_010_000,), (10_100_000_000, 9_850_000_000), (500_000, 480_000), (1_010_000, 203_743)],
)
def test_sums_that_fit_no_total_are_refused(write: Callable[..., Path], totals: tuple[int, ...]) -> None:
    path = write("a.csv", new_site(shares(*totals)), "utf-8")
    with pytest.raises(LayoutChanged, match="does not say which indicator"):
        SOURCE.recognises(sniff(path))


def test_one_year_far_from_the_total_is_enough_to_refuse() -> None:
    near = {"2019": Decimal(990_000), "2020": Decimal(1_010_000)}
    assert catalogue.by_totals(near) == ("地区生产总值", "亿元")
    assert catalogue.by_totals({**near, "2021": Decimal(1_400_000)}) is None
    assert catalogue.by_totals({"2020": Decimal(1_010_000)}) is None


def test_one_province_short_is_not_the_nation(write: Callable[..., Path]) -> None:
    with pytest.raises(LayoutChanged, match="does not say which indicator"):
        SOURCE.recognises(sniff(write("a.csv", new_site(shares(1_010_000, 985_000)[:-1]), "utf-8")))


ONE = [
    ["指标", "2024年", "2023年"],
    ["铁路营业里程 (万公里) ", "0.65", "0.6456"],
    ["经营单位所在地出口总额(千美元)", "", "1234"],
]


def test_indicators_of_a_province_that_is_not_named_are_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(Unknown, match="do not say of which"):
        SOURCE.recognises(sniff(write("a.csv", new_site(ONE), "utf-8")))


def test_one_file_goes_to_several_facts_and_every_row_to_one(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    rows = [
        *ONE[:2],
        ["经营单位所在地出口总额(千美元)", "", "1,234"],
        ["经营单位所在地进口总额(千美元)", "5", ""],
        ["境内货源地出口总额(千美元)", "7", ""],
        ["外商投资企业投资总额(百万美元)", "3", "2"],
    ]
    text = "\n".join(
        [
            "数据库：分省年度数据",
            "地区：辽宁省",
            "时间：最近2年",
            *(",".join(f'"{c}"' for c in r) for r in rows),
            "数据来源：国家统计局",
        ]
    )
    _, outcomes = loading(write("a.csv", text))
    assert (outcomes["a.csv"].rows_in, outcomes["a.csv"].rows_accepted) == (7, 7)
    assert shown(warehouse, "indicator, period, value, unit") == [
        ("foreign_enterprise_investment_registered", "2023", 2_000_000, "USD"),
        ("foreign_enterprise_investment_registered", "2024", 3_000_000, "USD"),
        ("railway_length", "2023", 6456, "km"),
        ("railway_length", "2024", 6500, "km"),
    ]
    assert warehouse.execute(
        "SELECT reporter, partner, flow, valuation, basis, classification, period, value_usd FROM mart.trade_figures WHERE source = 'chn.nbs' ORDER BY ALL"
    ).fetchall() == [
        ("CN-LN", "WLD", "export", "FOB", "goods_place", "TOTAL", "2024", 7000),
        ("CN-LN", "WLD", "export", "FOB", "operator_location", "TOTAL", "2023", 1_234_000),
        ("CN-LN", "WLD", "import", "CIF", "operator_location", "TOTAL", "2024", 5000),
    ]


def test_investment_of_the_nation_goes_to_fdi(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = "数据库：年度数据\n时间：最近1年\n指标,2020年\n实际利用外商直接投资金额(万美元),14436926\n数据来源：国家统计局\n"
    loading(write("a.csv", text))
    assert warehouse.execute(
        "SELECT reporter, counterpart, concept, direction, period, value_usd, dataset FROM mart.fdi_figures WHERE source = 'chn.nbs'"
    ).fetchall() == [
        ("CHN", "WLD", "mofcom_utilised", "inward", "2020", Decimal(144_369_260_000), "nbs.national_annual")
    ]


def test_sample_years_and_breaks_have_their_status(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = "数据库：分省年度数据\n指标：人口数(人口抽样调查)(人)\n地区,2016年,2015年\n北京市,18132,335775\n数据来源：国家统计局\n"
    loading(write("a.csv", text))
    assert shown(warehouse, "indicator, period, value, obs_status") == [
        ("population_sample_count", "2015", 335775, "D"),
        ("population_sample_count", "2016", 18132, "A"),
    ]


def test_bad_cells_are_quarantined_with_their_text(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = OLD.replace("29739.7", "约29739").replace("黑龙江省", "黑龍江")
    _, outcomes = loading(write("a.csv", text))
    assert outcomes["a.csv"].fault is None
    quarantined = warehouse.execute("SELECT row_number, rules, raw FROM meta.quarantine ORDER BY 1").fetchall()
    assert [(n, rules) for n, rules, _ in quarantined] == [
        (3, r"printed_value: str_matches('^-?\d+(\.\d+)?$')"),
        (7, "region: stands in ref.place_name.name among zh"),
        (8, "region: stands in ref.place_name.name among zh"),
    ]
    assert json.loads(quarantined[0][2])["printed_value"] == "约29739"


def test_too_many_bad_rows_stop_the_file(loading: Loading, write: Callable[..., Path]) -> None:
    bad = "".join(f"火星{n}省,1,2,3\n" for n in range(9))
    _, outcomes = loading(write("a.csv", OLD.replace("注：1", bad + "注：1")))
    assert isinstance(outcomes["a.csv"].fault, BadData)


def test_a_city_is_no_province_of_the_same_name(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = "数据库：主要城市年度数据\n指标：国内生产总值(亿元)\n地区,2019年\n北京,35371.28\n吉林,1416.6\n大连,7001.7\n数据来源：国家统计局\n"
    loading(write("a.csv", text))
    assert shown(warehouse, "place, dataset") == [
        ("CN-210200", "nbs.city_annual"),
        ("CN-220200", "nbs.city_annual"),
        ("CN-BJ", "nbs.city_annual"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("指标：地区生产总值(亿元)", "指标：地区生产总值", "no unit"),
        ("地区,2024年,2023年,2022年", "省份,2024年,2023年,2022年", "no header"),
        ("数据库：分省年度数据", "数据库：分县年度数据", "分县年度数据"),
        ("32540.8,31389.8,29739.7", "32540.8,31389.8,29739.7,1", "5 cells"),
        ("32540.8,31389.8,29739.7", "32540.8,31389.8", "3 cells"),
    ],
)
def test_exports_that_are_not_as_promised_are_refused(
    write: Callable[..., Path], old: str, new: str, message: str
) -> None:
    with pytest.raises(LayoutChanged, match=message):
        SOURCE.recognises(sniff(write("a.csv", OLD.replace(old, new))))


def test_an_export_of_nothing_but_an_indicator_that_is_on_no_list_is_refused_and_says_where_to_add_it(
    loading: Loading, write: Callable[..., Path]
) -> None:
    _, outcomes = loading(write("a.csv", OLD.replace("地区生产总值", "森林覆盖率")))
    fault = outcomes["a.csv"].fault
    assert isinstance(fault, BadData)
    assert "森林覆盖率" in str(fault)
    assert "vocabulary/indicator_codes.csv" in str(fault)


@pytest.mark.parametrize("text", ["a,b\n1,2\n", "地区,人口\n辽宁省,1\n", "指标说明\n", "地区\n辽宁省\n", ""])
def test_other_files_are_not_taken(write: Callable[..., Path], text: str) -> None:
    assert SOURCE.recognises(sniff(write("a.csv", text))) is None


def test_an_export_without_figures_is_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(EmptyAnswer):
        SOURCE.recognises(
            sniff(write("a.csv", "数据库：分省年度数据\n指标：地区生产总值(亿元)\n地区,2025年\n辽宁省,\n"))
        )


# the old service


def old_answer(*nodes: tuple[str, str, str, str, bool], unit: str = "亿元", name: str = "地区生产总值") -> str:
    """An answer of easyquery; nodes are indicator, region, period, figure, and whether it is published."""
    regions = list(dict.fromkeys(n[1] for n in nodes))
    periods = list(dict.fromkeys(n[2] for n in nodes))
    cells = [
        {
            "code": f"zb.{zb}_reg.{reg}_sj.{sj}",
            "data": {"data": float(text or 0), "dotcount": 1, "hasdata": has, "strdata": text},
            "wds": [{"valuecode": v, "wdcode": k} for k, v in (("zb", zb), ("reg", reg), ("sj", sj))],
        }
        for zb, reg, sj, text, has in nodes
    ]
    named = [
        {"nodes": [{"code": "A020101", "name": name, "unit": unit}], "wdcode": "zb"},
        {"nodes": [{"code": r, "name": "辽宁省" if r == "210000" else "沈阳"} for r in regions], "wdcode": "reg"},
        {"nodes": [{"code": p, "name": p} for p in periods], "wdcode": "sj"},
    ]
    return json.dumps({"returncode": 200, "returndata": {"datanodes": cells, "wdnodes": named}}, ensure_ascii=False)


def test_the_old_services_zero_without_data_is_no_figure(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = old_answer(("A020101", "210000", "2023", "", False), ("A020101", "210000", "2022", "28975.10", True))
    loading(write("a.json", text, "utf-8"))
    assert shown(warehouse, "place, dataset, period, printed_value, value") == [
        ("CN-LN", "nbs.province_annual", "2022", "28975.10", Decimal(2897510000000))
    ]


def test_the_unit_may_stand_in_the_name_and_cities_have_their_own_dataset(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    text = old_answer(("A020101", "210100", "2022C", "5.5", True), unit="", name="国内生产总值(亿元)")
    loading(write("a.json", text, "utf-8"))
    assert shown(warehouse, "place, dataset, freq, period, value") == [
        ("CN-210100", "nbs.city_quarterly", "Q", "2022-Q3", 550000000)
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('{"returncode":501,"returndata":"对不起，未能找到符合查询条件的信息。"}', ErrorInBody),
        (old_answer(("A020101", "210000", "2023", "", False)), EmptyAnswer),
        ('[{"dbcode":"fsnd","id":"A01","isParent":true,"name":"综合","pid":"","wdcode":"zb"}]', EmptyAnswer),
        (
            old_answer(("A020101", "210000", "2022", "1.0", True), ("A020101", "210000", "2022", "1.0", True)),
            RepeatedKeys,
        ),
        (old_answer(("A020101", "210000", "2022", "1.0", True), name="地区生产总值(万元)"), LayoutChanged),
        (old_answer(("A020101", "210000", "22", "1.0", True)), LayoutChanged),
        (old_answer(("A020101", "210000", "2022", "1.0", True)).replace('"wdnodes"', '"wdnode"'), LayoutChanged),
    ],
)
def test_faulty_answers_of_the_old_service(write: Callable[..., Path], text: str, fault: type[Exception]) -> None:
    with pytest.raises(fault):
        SOURCE.recognises(sniff(write("a.json", text, "utf-8")))


# the new service

CONTEXT = {"tree": "province", "first": "2015", "last": "2024", "regions": "", "root": "root1"}


def value(name: str = "地区生产总值 (亿元) ", text: str = "32540.8", **more: str) -> dict[str, str]:
    return {
        "_id": "i1",
        "i_showname": name,
        "value": text,
        "da_name": "辽宁省",
        "du_name": "亿元",
        "da": "210000000000",
        **more,
    }


def new_answer(*blocks: tuple[str, list[dict[str, str]]]) -> str:
    data = [{"code": code, "name": f"{code[:4]}年", "values": values} for code, values in blocks]
    return json.dumps({"success": True, "state": 20000, "data": data}, ensure_ascii=False)


def test_an_answer_of_the_new_service_is_adopted_like_any_file(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    without_code = {k: v for k, v in value(text="14305.0", da_name="吉林省").items() if k != "da"}
    text = new_answer(("2024YY", [value(), without_code]), ("2023YY", [value(text="")]), ("2022YY", []))
    _, outcomes = loading(write("a.json", text, "utf-8"))
    assert outcomes["a.json"].rows_in == 2
    assert shown(warehouse, "place, dataset, period, printed_value") == [
        ("CN-JL", "nbs.province_annual", "2024", "14305.0"),
        ("CN-LN", "nbs.province_annual", "2024", "32540.8"),
    ]


def test_months_and_cumulative_months_of_the_nation(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    nation = {"da_name": "全国", "da": "000000000000", "du_name": "千美元"}
    values = [
        value("出口总值_当期值(千美元)", "7", **nation),
        value("出口总值_累计值(千美元)", "30", **{**nation, "_id": "i2"}),
    ]
    loading(write("a.json", new_answer(("202403MM", values)), "utf-8"))
    query = "SELECT reporter, basis, freq, period, value, dataset FROM mart.trade_figures WHERE source = 'chn.nbs' ORDER BY freq"
    assert warehouse.execute(query).fetchall() == [
        ("CHN", None, "M", "2024-03", 7000, "nbs.national_monthly"),
        ("CHN", None, "YTD", "2024-03", 30000, "nbs.national_monthly"),
    ]


def request(path: str, **body: Any) -> Request:
    parameters = (("cid", "c1"), ("dt", ""), ("name", "")) if "Indicators" in path else ()
    sent = {"indicatorIds": ["i1"], "das": [{"text": "辽宁省"}], "cid": "c1", "dts": ["2015YY-2024YY"], **body}
    return Request(path, "a.json", parameters, sent if "esData" in path else None, context=tuple(CONTEXT.items()))


TREE, INDICATORS, FIGURES = "/new/queryIndexTreeAsync", "/new/queryIndicatorsByCid", "/stream/esData"


def tree(*nodes: dict[str, Any]) -> str:
    return json.dumps({"success": True, "state": 20000, "data": list(nodes)}, ensure_ascii=False)


def test_a_pull_begins_at_the_roots_of_the_trees_asked_for() -> None:
    everything = list(SOURCE.requests(Selection(2015, 2024)))
    assert [(r.path, dict(r.parameters), r.body) for r in everything] == [
        (TREE, {"pid": "", "code": "6"}, None),
        (TREE, {"pid": "", "code": "3"}, None),
    ]
    assert everything == list(SOURCE.requests(Selection(2015, 2024)))
    (liaoning,) = SOURCE.requests(Selection(2015, 2024, reporters=("CN-LN", "JPN")))
    assert dict(liaoning.context)["regions"] == "辽宁省"
    (nation,) = SOURCE.requests(Selection(2015, 2024, reporters=("CHN",)))
    assert dict(nation.parameters)["code"] == "3"
    assert list(SOURCE.requests(Selection(2015, 2024, reporters=("JPN",)))) == []


def test_the_tree_is_walked_where_it_holds_what_is_kept(tmp_path: Path) -> None:
    root = Request(TREE, "a.json", context=tuple({**CONTEXT, "root": ""}.items()))
    judged = SOURCE.judge(root, answer(tmp_path, tree({"_id": "r9", "name": "分省年度数据", "isLeaf": False})))
    assert not judged.is_kept
    (below,) = judged.following
    assert (dict(below.parameters)["pid"], dict(below.context)["root"]) == ("r9", "r9")
    nodes = [
        {"_id": "a", "name": "国民经济核算", "isLeaf": False},
        {"_id": "b", "name": "货物进出口总额(2015-2024)", "isLeaf": True, "sdate": "2015", "edate": "2024"},
        {"_id": "c", "name": "货物进出口总额(-2014)", "isLeaf": True, "sdate": "1993", "edate": "2014"},
        {"_id": "d", "name": "教育", "isLeaf": False},
    ]
    judged = SOURCE.judge(request(TREE), answer(tmp_path, tree(*nodes)))
    assert [(r.path, dict(r.parameters).get("cid") or dict(r.parameters)["pid"]) for r in judged.following] == [
        (INDICATORS, "b"),
        (TREE, "a"),
    ]


def test_indicators_are_asked_for_by_name_in_one_slice(tmp_path: Path) -> None:
    listed = [
        {"_id": "i1", "i_showname": "地区生产总值 (亿元) ", "du_name": "亿元"},
        {"_id": "i2", "i_showname": "森林覆盖率 (%)", "du_name": "%"},
        {"_id": "i3", "i_showname": "第一产业增加值 (亿元)", "du_name": "亿元"},
    ]
    text = json.dumps({"success": True, "state": 20000, "data": {"list": listed}}, ensure_ascii=False)
    judged = SOURCE.judge(request(INDICATORS), answer(tmp_path, text))
    assert not judged.is_kept
    (figures_asked,) = judged.following
    assert figures_asked.path == FIGURES
    assert figures_asked.body["indicatorIds"] == ["i1", "i3"]
    assert figures_asked.body["dts"] == ["2015YY-2024YY"]
    assert figures_asked.body["rootId"] == "root1"
    assert len(figures_asked.body["das"]) == 31
    assert {"text": "辽宁省", "value": "210000000000"} in figures_asked.body["das"]
    halves = SOURCE.split(figures_asked)
    assert [h.body["indicatorIds"] for h in halves] == [["i1"], ["i3"]]
    assert len({h.filename for h in (*halves, figures_asked)}) == 3
    assert SOURCE.split(halves[0]) == ()


def test_figures_are_kept_and_are_what_recognises_knows(tmp_path: Path) -> None:
    good = answer(tmp_path, new_answer(("2024YY", [value()])))
    judged = SOURCE.judge(request(FIGURES), good)
    assert (judged.is_kept, judged.rows, judged.following) == (True, 1, ())
    recognised = SOURCE.recognises(good)
    assert recognised
    assert recognised.layout == "esdata"


def test_an_answer_without_regions_that_were_asked_for_is_split_while_it_can_be(tmp_path: Path) -> None:
    text = new_answer(("2024YY", [value(), value(_id="i3", i_showname="第一产业增加值 (亿元)")]))
    wide = [{"text": "辽宁省", "value": "210000000000"}, {"text": "吉林省", "value": "220000000000"}]
    wide_request = request(FIGURES, indicatorIds=["i1", "i3"], das=wide)
    with pytest.raises(CutAtLimit, match="吉林省"):
        SOURCE.judge(wide_request, answer(tmp_path, text))
    assert len(SOURCE.split(wide_request)) == 2
    one = new_answer(("2024YY", [value()]))
    assert SOURCE.judge(request(FIGURES, das=wide), answer(tmp_path, one)).rows == 1
    nation = request(FIGURES, indicatorIds=["i1", "i3"], das=[{"text": "全国", "value": "000000000000"}])
    of_nation = value("出口总额(美元)(百万美元)", "5", da_name="国家", da="000000000000", du_name="百万美元")
    assert SOURCE.judge(nation, answer(tmp_path, new_answer(("2024YY", [of_nation])))).rows == 1


# panels and corrections

PANEL = "地区,年份,GDP_亿元,GDP_当年价_亿元,GDP指数_上年=100,第二产业比重_%,总人口数_人,人口数_抽样调查_人,65岁以上人口_人,65岁以上人口_抽样调查_人,城镇化率_%,就业人员数_万人,城镇单位就业人员_万人,私营个体就业人员_万人,私营个体就业人员_NBS_万人,固定资产投资总额_亿元,固定资产投资到位资金增速_%,进出口总额_亿元人民币,进出口总额_万美元,税收收入_亿元,发明专利申请数_件,公有单位专业技术人员_人,公有单位专业技术人员_NBS_人"  # fmt: skip


def panel(*rows: tuple[str, str, str]) -> str:
    """The panel with provinces, years and their trade in 10,000 US dollars, all else empty."""
    columns = PANEL.split(",")
    lines = [PANEL]
    for province, year, trade in rows:
        cells = {"地区": province, "年份": year, "进出口总额_万美元": trade}
        lines.append(",".join(cells.get(c, "") for c in columns))
    return "\ufeff" + "\n".join(lines) + "\n"


def test_the_wrong_year_of_the_panel_is_kept_out_with_its_reason(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    wrong = panel(("上海", "2006", "200000000.5"), ("辽宁", "2006", "77601262"), ("辽宁", "2007", "5947253"))
    _, outcomes = loading(write("panel.csv", wrong, "utf-8"))
    assert (outcomes["panel.csv"].fault, outcomes["panel.csv"].rows_quarantined) == (None, 2)
    assert shown(warehouse, "place, period, value") == [("CN-LN", "2007", 59472530000)]
    rules = warehouse.execute("SELECT DISTINCT rules FROM meta.quarantine").fetchall()
    assert rules[0][0].startswith("correction: province_panel_trade_2006: ")


@pytest.mark.parametrize(
    ("column", "table", "place"),
    [
        ("Export", "trade", "reporter"),
        ("Population", "indicator", "place"),
        ("Foreign_Investment", "indicator", "place"),
    ],
)
def test_a_panel_has_the_basis_and_the_caveat_that_its_bundled_copy_has(
    loading: Loading,
    write: Callable[..., Path],
    warehouse: duckdb.DuckDBPyConnection,
    column: str,
    table: str,
    place: str,
) -> None:
    columns = ["Location", "Year", *catalogue.panel("carbonemission")]
    cells = {"Location": "Anhui", "Year": "1998", column: "153627"}
    lines = [columns, [cells.get(name, "") for name in columns]]
    loading(write("panel.csv", "\n".join(",".join(line) for line in lines) + "\n", "utf-8"))
    meaning = catalogue.panel("carbonemission")[column]
    folder = Path(reference_files.__file__).parent / "curated" / table
    bundled = {
        (row.get("basis"), row["note"])
        for path in folder.glob("*.csv")
        for row in csv.DictReader(path.open(encoding="utf-8", newline=""))
        if row["dataset"] == "panel.carbonemission" and row.get("indicator") == meaning.indicator
    }
    basis = "basis" if table == "trade" else "NULL"
    found = warehouse.execute(f"SELECT {basis}, note FROM mart.{table}_figures WHERE {place} = 'CN-AH'").fetchall()
    assert len(found) == 1
    assert found == list(bundled)


def test_figures_of_columns_that_are_not_loaded_are_counted_with_the_reason(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    filled = panel(("辽宁", "2007", "5947253"), ("辽宁", "2008", "7240000")).replace("辽宁,2007,", "辽宁,2007,11.5")
    _, outcomes = loading(write("panel.csv", filled, "utf-8"))
    outcome = outcomes["panel.csv"]
    assert (outcome.rows_in, outcome.rows_accepted, outcome.rows_quarantined) == (3, 2, 0)
    kept = warehouse.execute("SELECT source, filename, reason, rows_set_aside FROM meta.set_aside").fetchall()
    assert kept == [("chn.nbs", "panel.csv", "column GDP_亿元: the export of 2026 again", 1)]
    counts = "SELECT rows_in, rows_accepted, rows_quarantined, rows_set_aside FROM meta.loads"
    assert warehouse.execute(counts).fetchall() == [(3, 2, 0, 1)]


def test_a_panel_put_right_is_stopped_by_the_correction(loading: Loading, write: Callable[..., Path]) -> None:
    _, outcomes = loading(write("panel.csv", panel(("上海", "2006", "22752419"), ("辽宁", "2007", "5947253")), "utf-8"))
    assert isinstance(outcomes["panel.csv"].fault, CorrectionOutdated)


def test_a_panel_with_another_column_is_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(LayoutChanged, match="铁路"):
        SOURCE.recognises(sniff(write("panel.csv", panel().replace("税收收入_亿元", "铁路"), "utf-8")))


LENGTHS = """{"西藏自治区": [
 {"年份": "2005", "高速等级公路里程(万公里)": null, "公路里程(万公里)": 4.37, "铁路营业里程(万公里)": null, "客运量(万人)": 385.0,
  "铁路客运量(万人)": null, "公路客运量(万人)": 385.0, "水运客运量(万人)": null, "民用汽车拥有量(万辆)": 7.07, "全体居民人均可支配收入(元)": 3630.0},
 {"年份": "2006", "高速等级公路里程(万公里)": 0.0, "公路里程(万公里)": 4.48}], "辽宁省": [
 {"年份": "2005", "高速等级公路里程(万公里)": 0.18, "公路里程(万公里)": 5.35, "铁路营业里程(万公里)": 0.42}]}"""
NATION = """{"公路里程(万公里)": [{"年份": "2006", "数值": 345.7}], "铁路营业里程(万公里)": [{"年份": "2006", "数值": 7.71}],
 "高速等级路公路里程(万公里)": [{"年份": "2006", "数值": 4.53}], "定期航班航线里程(公里)": [{"年份": "2006", "数值": 2113505.0}],
 "国内游客(百万人次)": [{"年份": "2006", "数值": 1394.0}], "国内旅游人均花费(元)": [{"年份": "2006", "数值": null}],
 "居民人均可支配收入(元)": [{"年份": "2006", "数值": 7229.0}], "居民消费水平(元)": [{"年份": "2006", "数值": 6416.0}]}"""


def test_lengths_by_province_and_of_the_nation_as_json(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """A cell without a figure is none; 0.0 is one. Highways of 2006 break with those of 2005 in the provinces alone."""
    _, outcomes = loading(write("provinces.json", LENGTHS, "utf-8"), write("nation.json", NATION, "utf-8"))
    counts = {name: (o.rows_in, o.rows_accepted, o.rows_set_aside, o.rows_quarantined) for name, o in outcomes.items()}
    assert counts == {"provinces.json": (10, 6, 4, 0), "nation.json": (7, 3, 4, 0)}
    assert shown(warehouse, "place, indicator, period, value, obs_status") == [
        ("CHN", "expressway_length", "2006", 45300, "A"),
        ("CHN", "highway_length", "2006", 3457000, "A"),
        ("CHN", "railway_length", "2006", 77100, "A"),
        ("CN-LN", "expressway_length", "2005", 1800, "A"),
        ("CN-LN", "highway_length", "2005", 53500, "A"),
        ("CN-LN", "railway_length", "2005", 4200, "A"),
        ("CN-XZ", "expressway_length", "2006", 0, "A"),
        ("CN-XZ", "highway_length", "2005", 43700, "A"),
        ("CN-XZ", "highway_length", "2006", 44800, "B"),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            LENGTHS.replace("公路里程(万公里)", "公路里程(公里)"),
            "a year of the panel transport_provinces lacks 高速等级公路里程(万公里)",
        ),
        (
            NATION.replace("居民消费水平(元)", "居民消费水平(美元)"),
            "the panel transport_nation lacks 居民消费水平(元)",
        ),
        (NATION.replace("数值", "值"), "a year of the panel transport_nation lacks 数值"),
    ],
)
def test_lengths_under_other_keys_are_refused(write: Callable[..., Path], text: str, words: str) -> None:
    with pytest.raises(LayoutChanged) as fault:
        SOURCE.recognises(sniff(write("lengths.json", text, "utf-8")))
    assert words in str(fault.value)


# answers of the old service as CSV

CLIENT = """\ufeffrequested_code,indicator_code,indicator_name,region_code,region_name,year,value,display_value,has_data
A060101,A060101,经营单位所在地进出口总额,210000,辽宁省,2016,86557461.0,86557461,True
A060101,A060101,经营单位所在地进出口总额,210000,辽宁省,2019,105263157.4,105263157,True
A060101,A060101,经营单位所在地进出口总额,220000,吉林省,2016,0.0,,False
"""


def test_answers_that_a_client_wrote_as_csv(
    loading: Loading, write: Callable[..., Path], warehouse: duckdb.DuckDBPyConnection
) -> None:
    goods_place = CLIENT.replace("A060101", "A060201").replace(
        "经营单位所在地进出口总额", "境内目的地和货源地进出口总额"
    )
    _, outcomes = loading(write("a.csv", CLIENT, "utf-8"), write("b.csv", goods_place, "utf-8"))
    assert {o.rows_accepted for o in outcomes.values()} == {2}
    assert shown(warehouse, "dataset, place, indicator, period, printed_value, unit, value") == [
        ("nbs.province_annual", "CN-LN", indicator, period, printed, "USD", int(printed) * 1000)
        for indicator in ("goods_trade_total", "goods_trade_total_by_goods_place")
        for period, printed in (("2016", "86557461"), ("2019", "105263157"))
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (CLIENT.replace("A060101,A060101", "A060101,A060201", 1), "A060101 was asked for and A060201 answered"),
        (CLIENT.replace("86557461,True", "8655746,True"), "value 86557461.0 and display_value 8655746 differ"),
        (CLIENT.replace("86557461.0,", "n/a,"), "value n/a and display_value 86557461 differ"),
        (CLIENT.replace("86557461,True", "86557461,yes"), "has_data is neither True nor False"),
        (CLIENT.replace(",2016,", ",zwei,", 1), "unknown form of a year 'zwei'"),
        (CLIENT.replace("has_data", "has"), "lacks has_data"),
    ],
)
def test_an_answer_as_csv_that_contradicts_itself_is_refused(write: Callable[..., Path], text: str, words: str) -> None:
    with pytest.raises(LayoutChanged) as fault:
        SOURCE.recognises(sniff(write("a.csv", text, "utf-8")))
    assert words in str(fault.value)


def test_an_answer_as_csv_without_a_figure_is_refused(write: Callable[..., Path]) -> None:
    with pytest.raises(EmptyAnswer, match="without a single published figure"):
        SOURCE.recognises(sniff(write("a.csv", CLIENT.replace("True", "False"), "utf-8")))


# names and periods


@pytest.mark.parametrize(
    ("printed", "name", "unit"),
    [
        ("地区生产总值(亿元)", "地区生产总值", "亿元"),
        ("地区生产总值 (亿元) ", "地区生产总值", "亿元"),
        ("地区生产总值（亿元）", "地区生产总值", "亿元"),
        ("65岁及以上人口数(人口抽样调查)(人)", "65岁及以上人口数(人口抽样调查)", "人"),
        ("货币和准货币 (M2) 供应量_期末值 (亿元) ", "货币和准货币(M2)供应量_期末值", "亿元"),
        ("居民消费价格指数(上年同月=100)", "居民消费价格指数(上年同月=100)", None),
        ("进出口总额(人民币)(亿元)", "进出口总额(人民币)", "亿元"),
        ("进出口总额(人民币)", "进出口总额(人民币)", None),
    ],
)
def test_units_are_cut_off_names(printed: str, name: str, unit: str | None) -> None:
    assert catalogue.split_unit(printed) == (name, unit)


@pytest.mark.parametrize(
    ("printed", "freq", "text"),
    [
        ("2016年", "A", "2016"), ("2016", "A", "2016"), ("2016YY", "A", "2016"), ("201609", "M", "2016-09"),
        ("201609MM", "M", "2016-09"), ("2016年9月", "M", "2016-09"), ("2016年12月", "M", "2016-12"), ("2016C", "Q", "2016-Q3"),
        ("2016年第三季度", "Q", "2016-Q3"), ("201603SS", "Q", "2016-Q3"),
    ],
)  # fmt: skip
def test_periods(printed: str, freq: str, text: str) -> None:
    assert figures.period(printed, "出口总值_当期值") == figures.Period(freq, text)


@pytest.mark.parametrize("printed", ["", "16", "2016-09", "201613", "201605SS", "2016E", "最近3年", "2016年13月X"])
def test_what_is_no_period(printed: str) -> None:
    assert figures.period(printed, "") is None


@given(st.integers(1949, 2100), st.integers(1, 12))
def test_a_month_is_the_same_however_it_is_written(year: int, month: int) -> None:
    forms = (f"{year}年{month}月", f"{year}{month:02d}", f"{year}{month:02d}MM")
    assert {figures.period(f, "") for f in forms} == {figures.Period("M", f"{year}-{month:02d}")}


def test_every_name_on_the_lists_means_something_the_warehouse_has(warehouse: duckdb.DuckDBPyConnection) -> None:
    known = {r[0] for r in warehouse.execute("SELECT indicator FROM ref.indicator").fetchall()}
    concepts = {r[0] for r in warehouse.execute("SELECT concept FROM ref.fdi_concept").fetchall()}
    listed = [catalogue.meaning_of(row["name"]) for row in rows_beside("tasks.sources.chn_nbs", "indicators.csv")]
    listed += [m for name in catalogue.panels() for m in catalogue.panel(name).values()]
    for meant in listed:
        assert meant
        assert {
            "indicator": meant.indicator in known and not meant.flow and not meant.concept,
            "trade": bool(meant.flow and meant.valuation) and not meant.indicator,
            "fdi": meant.concept in concepts and not meant.indicator,
            "left_out": bool(meant.note),
        }[meant.fact], meant.name


class TestContract(ServiceContract):
    source = SOURCE
    specimen = Specimen("分省年度数据.csv", OLD.encode("gb18030"), rows=8)
    golden = {
        "SELECT place, period, value FROM mart.indicator_figures WHERE place = 'CN-JL' ORDER BY period DESC LIMIT 2": [
            ("CN-JL", "2024", Decimal(1430500000000)), ("CN-JL", "2023", Decimal(1394270000000)),
        ],
    }  # fmt: skip
    bad_row = BadRow(OLD.replace("13942.7", "x").encode("gb18030"), rule="printed_value")
    refused_forms = {exports.REGION_UNKNOWN.form: new_site(ONE)}
    changed_layouts = {"another heading": (OLD.replace("地区,", "省份,").encode("gb18030"), "")}
    refused_answers = {
        "HTML": Refused(request(FIGURES), "<!DOCTYPE html><html><body>403 UrlACL</body></html>", NotData),
        "words": Refused(request(FIGURES), "not json", NotData),
        "a list": Refused(request(FIGURES), "[1]", NotData),
        "an error": Refused(request(FIGURES), '{"success": false, "state": 50000, "message": "系统异常"}', ErrorInBody),
        "no periods": Refused(request(FIGURES), '{"success": true, "state": 20000, "data": []}', EmptyAnswer),
        "no figures": Refused(request(FIGURES), new_answer(("2024YY", [])), EmptyAnswer),
        "empty figures": Refused(request(FIGURES), new_answer(("2024YY", [value(text="")])), EmptyAnswer),
        "other keys": Refused(request(FIGURES), '{"success": true, "state": 20000, "data": [{"period": "2024"}]}', LayoutChanged),
        "figures without names": Refused(request(FIGURES), new_answer(("2024", [{"value": "1"}])), LayoutChanged),
        "an unknown period": Refused(request(FIGURES), new_answer(("vierundzwanzig", [value()])), LayoutChanged),
        "a figure twice": Refused(request(FIGURES), new_answer(("2024YY", [value(), value()])), RepeatedKeys),
        "an empty tree": Refused(request(TREE), '{"success": true, "state": 20000, "data": []}', EmptyAnswer),
        "a tree with other keys": Refused(request(TREE), '{"success": true, "state": 20000, "data": [{"id": "x"}]}', LayoutChanged),
        "indicators under another key": Refused(request(INDICATORS), '{"success": true, "state": 20000, "data": {"rows": []}}', LayoutChanged),
        "indicators as a list": Refused(request(INDICATORS), '{"success": true, "state": 20000, "data": []}', LayoutChanged),
    }  # fmt: skip
    valid_answers = {"a figure": Valid(request(FIGURES), new_answer(("2024YY", [value()])), rows=1)}
