"""The reference tables load, keep their keys, refuse bad rows whole, and say one thing for every code on any day."""

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from schemas import base
from schemas import reference as schemas
from schemas.base import Table
from tasks import sources
from tasks.load import reference, vocabulary
from warehouse import ddl, reference_files
from warehouse.errors import BadData, LayoutChanged

#: The twenty largest traders of goods, by the codes UN Comtrade gives them (which are not all M49's).
TOP_TRADERS = {
    "156": "CHN", "842": "USA", "276": "DEU", "528": "NLD", "392": "JPN", "251": "FRA", "410": "KOR", "380": "ITA",
    "344": "HKG", "484": "MEX", "124": "CAN", "826": "GBR", "56": "BEL", "699": "IND", "702": "SGP", "490": "TWN",
    "784": "ARE", "724": "ESP", "643": "RUS", "757": "CHE",
}  # fmt: skip

#: The provinces, municipalities and autonomous regions of the Chinese mainland, by short and official name.
PROVINCES = {
    "CN-BJ": ("北京", "北京市"), "CN-TJ": ("天津", "天津市"), "CN-HE": ("河北", "河北省"), "CN-SX": ("山西", "山西省"),
    "CN-NM": ("内蒙古", "内蒙古自治区"), "CN-LN": ("辽宁", "辽宁省"), "CN-JL": ("吉林", "吉林省"),
    "CN-HL": ("黑龙江", "黑龙江省"), "CN-SH": ("上海", "上海市"), "CN-JS": ("江苏", "江苏省"), "CN-ZJ": ("浙江", "浙江省"),
    "CN-AH": ("安徽", "安徽省"), "CN-FJ": ("福建", "福建省"), "CN-JX": ("江西", "江西省"), "CN-SD": ("山东", "山东省"),
    "CN-HA": ("河南", "河南省"), "CN-HB": ("湖北", "湖北省"), "CN-HN": ("湖南", "湖南省"), "CN-GD": ("广东", "广东省"),
    "CN-GX": ("广西", "广西壮族自治区"), "CN-HI": ("海南", "海南省"), "CN-CQ": ("重庆", "重庆市"), "CN-SC": ("四川", "四川省"),
    "CN-GZ": ("贵州", "贵州省"), "CN-YN": ("云南", "云南省"), "CN-XZ": ("西藏", "西藏自治区"), "CN-SN": ("陕西", "陕西省"),
    "CN-GS": ("甘肃", "甘肃省"), "CN-QH": ("青海", "青海省"), "CN-NX": ("宁夏", "宁夏回族自治区"),
    "CN-XJ": ("新疆", "新疆维吾尔自治区"),
}  # fmt: skip


def empty() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    ddl.create_tables(con)
    return con


@pytest.fixture(scope="module")
def ref() -> Any:
    """The bundled reference tables, to be read only."""
    con = empty()
    assert reference.load(con)
    yield con
    con.close()


def _shorten(folder: Path) -> Any:
    """Keep the codes and names of no more than a few places."""
    for name in ("place_codes.csv", "place_names.csv"):
        lines = (folder / name).read_text(encoding="utf-8").splitlines()
        (folder / name).write_text("\n".join(lines[:50]) + "\n", encoding="utf-8")


@pytest.fixture
def folder(loaded: Path, tmp_path: Path) -> Any:
    """A copy of the files in ``con`` that a test may change."""
    return shutil.copytree(loaded / "reference", tmp_path / "reference")


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A database file with what ``folder`` holds at first, and that folder: made once, for it takes Pandera a second."""
    root = tmp_path_factory.mktemp("loaded")
    shutil.copytree(reference_files.FOLDER, root / "reference")
    _shorten(root / "reference")
    with duckdb.connect(str(root / "warehouse.duckdb")) as con:
        ddl.create_tables(con)
        assert reference.load(con, root / "reference")
    return root


@pytest.fixture
def con(loaded: Path, tmp_path: Path) -> Any:
    shutil.copyfile(loaded / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    with duckdb.connect(str(tmp_path / "warehouse.duckdb")) as con:
        yield con


def lines_of(folder: Path, name: str) -> Any:
    return (folder / name).read_text(encoding="utf-8").splitlines()


def write(folder: Path, name: str, lines: list[str]) -> Any:
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


def contents(con: duckdb.DuckDBPyConnection) -> dict[str, list[Any]]:
    """Everything in the reference tables and what is remembered of them."""
    names = [base.table_name(t) for t in schemas.TABLES]
    return {n: con.execute(f"FROM {n} ORDER BY ALL").fetchall() for n in [*names, "meta.settings"]}


def keys(con: duckdb.DuckDBPyConnection, table: str, key: str, known_by: str) -> dict[tuple[Any, ...], int]:
    return {tuple(row[1:]): row[0] for row in con.execute(f"SELECT {key}, {known_by} FROM {table}").fetchall()}


def none(con: duckdb.DuckDBPyConnection, query: str) -> bool:
    """Assert that a query finds nothing."""
    assert con.execute(query).fetchall() == []
    return True


# --- loading ------------------------------------------------------------------------------------------------


ONE_FILE = [t for t in schemas.BUNDLED if t not in (schemas.Correlation, schemas.Correction)]


@pytest.mark.parametrize("table", ONE_FILE, ids=lambda t: t.__name__)
def test_every_record_of_a_file_is_in_its_table(ref: duckdb.DuckDBPyConnection, table: type[Table]) -> None:
    filename = vocabulary.FILES[table][0]
    with (reference_files.FOLDER / filename).open(encoding="utf-8", newline="") as file:
        printed = [tuple(v or None for v in row.values()) for row in csv.DictReader(file)]
        columns = list(
            csv.DictReader((reference_files.FOLDER / filename).read_text(encoding="utf-8").splitlines()).fieldnames
            or ()
        )
    stored = ref.execute(
        f"SELECT {', '.join(f'{c}::VARCHAR' for c in columns)} FROM {base.table_name(table)}"
    ).fetchall()
    assert sorted(stored, key=repr) == sorted(printed, key=repr)


def test_the_files_are_those_of_the_folder() -> None:
    named = {name.split("/")[0] for name, _, _ in vocabulary.FILES.values()}
    assert {p.name for p in reference_files.FOLDER.iterdir()} - {"README.md"} == named
    assert set(vocabulary.FILES) == set(schemas.BUNDLED)


def test_the_sources_are_those_that_are_declared(ref: duckdb.DuckDBPyConnection) -> None:
    assert [r[0] for r in ref.execute("SELECT source FROM ref.source ORDER BY 1").fetchall()] == list(
        sources.all_sources()
    )


def test_unchanged_files_are_not_read_again(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    before = contents(con)
    assert not reference.load(con, folder)
    assert contents(con) == before


def test_a_changed_file_is_read_again(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    before = reference.content_hash(folder)
    write(folder, "units.csv", [*lines_of(folder, "units.csv"), "USD zillion,money,USD,USD,1000,1"])
    assert reference.content_hash(folder) != before
    assert reference.load(con, folder)
    assert con.execute("SELECT multiplier FROM ref.unit WHERE printed_unit = 'USD zillion'").fetchone() == (1000,)
    assert not reference.load(con, folder)


def test_a_file_that_shrinks_leaves_nothing_behind(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    write(folder, "place_names.csv", lines_of(folder, "place_names.csv")[:10])
    assert reference.load(con, folder)
    assert con.execute("SELECT count(*) FROM ref.place_name").fetchone() == (9,)


# --- keys ---------------------------------------------------------------------------------------------------

KEYED = [("places.csv", "ref.place", "place_key", "place", "AAA,economy,Atlantis,,,,,,,false,"),
         ("products.csv", "ref.product", "product_key", "classification, product", "HS1992,00,2,TOTAL,Nothing")]  # fmt: skip


@pytest.mark.parametrize(("filename", "table", "key", "known_by", "added"), KEYED)
def test_keys_count_from_one(
    con: duckdb.DuckDBPyConnection, filename: str, table: str, key: str, known_by: str, added: str
) -> None:
    given = keys(con, table, key, known_by).values()
    assert sorted(given) == list(range(1, len(given) + 1))


@pytest.mark.parametrize(("filename", "table", "key", "known_by", "added"), KEYED)
def test_keys_stay_when_the_file_grows(
    con: duckdb.DuckDBPyConnection, folder: Path, filename: str, table: str, key: str, known_by: str, added: str
) -> None:
    before = keys(con, table, key, known_by)
    header, *rows = lines_of(folder, filename)
    write(folder, filename, [header, added, *rows, added.replace("AAA", "AAB").replace(",00,", ",0A,")])
    assert reference.load(con, folder)
    after = keys(con, table, key, known_by)
    assert {k: after[k] for k in before} == before
    assert sorted(after[k] for k in set(after) - set(before)) == [len(before) + 1, len(before) + 2]


@pytest.mark.parametrize(("filename", "table", "key", "known_by", "added"), KEYED)
def test_keys_stay_when_the_file_is_put_in_another_order(
    con: duckdb.DuckDBPyConnection, folder: Path, filename: str, table: str, key: str, known_by: str, added: str
) -> None:
    before = keys(con, table, key, known_by)
    header, *rows = lines_of(folder, filename)
    write(folder, filename, [header, *reversed(rows)])
    assert reference.load(con, folder)
    assert keys(con, table, key, known_by) == before


def test_a_renamed_product_is_renamed_among_those_of_bulk_datasets(
    con: duckdb.DuckDBPyConnection, folder: Path
) -> None:
    con.execute("DELETE FROM core.trade_product")
    con.execute("INSERT INTO core.trade_product VALUES (1, 'TOTAL', 'TOTAL', 'as it was')")
    write(folder, "place_names.csv", lines_of(folder, "place_names.csv")[:10])  # any change loads all of them
    assert reference.load(con, folder)
    named = con.execute("SELECT name FROM ref.product WHERE classification = 'TOTAL'").fetchall()
    assert con.execute("SELECT name FROM core.trade_product").fetchall() == named


@pytest.mark.parametrize(("filename", "table", "key", "known_by", "added"), KEYED)
def test_the_first_keys_do_not_depend_on_the_order(
    con: duckdb.DuckDBPyConnection, folder: Path, filename: str, table: str, key: str, known_by: str, added: str
) -> None:
    header, *rows = lines_of(folder, filename)
    write(folder, filename, [header, *reversed(rows)])
    other = empty()
    reference.load(other, folder)
    assert keys(other, table, key, known_by) == keys(con, table, key, known_by)


# --- bad rows -----------------------------------------------------------------------------------------------

BAD = [
    ("places.csv", "AAA,nonsense,Atlantis,,,,,,,false,", "kind: isin"),
    ("places.csv", "AAA,economy,Atlantis,,,,,,,perhaps,", "is_aggregate: not BOOLEAN"),
    ("places.csv", "AAA,economy,Atlantis,,,,,1990-02-30,,false,", "valid_from: not DATE"),
    ("places.csv", "#AA,economy,Atlantis,,,,,,,false,", "place: str_matches"),
    ("places.csv", "JPN,economy,Nippon,,,,,,,false,", "repeated key"),
    ("place_codes.csv", "comtrade,9999,AAA,,,", "place: stands in ref.place.place"),
    ("place_codes.csv", ",9999,JPN,,,", "scheme: not_null"),
    ("place_names.csv", "JPN,fr,Japon,short", "language: isin"),
    ("place_groups.csv", "WLD,AAA,,,nobody,", "member: stands in ref.place.place"),
    ("products.csv", "HS1992,00,two,TOTAL,Nothing", "level: not INT"),
    ("units.csv", "USD zillion,money,USD,usd,1000,1", "currency: str_matches"),
    ("units.csv", "USD zillion,money,USD,USD,0,1", "multiplier: greater_than"),
    ("units.csv", "USD half,money,USD,USD,0.5,1", "multiplier: not BIGINT"),
    ("indicators.csv", "nothing,,Nothing,money,,", "name: not_null"),
    ("fdi_concepts.csv", "nothing,Nothing,", "description: not_null"),
]


@pytest.mark.parametrize(("filename", "row", "message"), BAD)
def test_a_bad_row_leaves_the_tables_as_they_were(
    con: duckdb.DuckDBPyConnection, folder: Path, filename: str, row: str, message: str
) -> None:
    before = contents(con)
    # a good change in the first file to be read must not stay either
    write(folder, "places.csv", [*lines_of(folder, "places.csv"), "ZZZ,economy,Zembla,,,,,,,false,"])
    rows = [*lines_of(folder, filename), row]
    write(folder, filename, rows)
    with pytest.raises(BadData, match=rf"{filename}\. .*{message}") as fault:
        reference.load(con, folder)
    if "repeated" not in message:
        assert f"The first, row {len(rows) - 1}, breaks: " in str(fault.value)
    assert contents(con) == before


def test_a_mended_file_is_read(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    rows = lines_of(folder, "units.csv")
    write(folder, "units.csv", [*rows, "USD zillion,money,USD,USD,0,1"])
    with pytest.raises(BadData):
        reference.load(con, folder)
    write(folder, "units.csv", [*rows, "USD zillion,money,USD,USD,1000,1"])
    assert reference.load(con, folder)


@pytest.mark.parametrize("spoil", [lambda rows: [rows[0].replace("kind", "sort"), *rows[1:]], lambda rows: rows[1:],
    lambda rows: ["Places of the world", *rows], lambda rows: [*rows, "AAA,economy"], lambda rows: [*rows, rows[1] + ",x"],
    lambda rows: [*rows, '"AAA,economy'], lambda _: []],
    ids=["renamed", "no header", "title", "short", "long", "quotation", "empty"])  # fmt: skip
def test_another_layout_leaves_the_tables_as_they_were(
    con: duckdb.DuckDBPyConnection, folder: Path, spoil: Callable[[list[str]], list[str]]
) -> None:
    before = contents(con)
    write(folder, "places.csv", spoil(lines_of(folder, "places.csv")))
    with pytest.raises(LayoutChanged, match=r"reference table places\.csv"):
        reference.load(con, folder)
    assert contents(con) == before


# --- what the bundled tables say ----------------------------------------------------------------------------

OVERLAP = """coalesce(a.valid_from, DATE '0001-01-01') < coalesce(b.valid_to, DATE '9999-12-31')
         AND coalesce(b.valid_from, DATE '0001-01-01') < coalesce(a.valid_to, DATE '9999-12-31') AND a.rowid < b.rowid"""


def test_a_code_is_one_place_on_any_day(ref: duckdb.DuckDBPyConnection) -> None:
    none(
        ref,
        f"SELECT a.scheme, a.code, a.place, b.place FROM ref.place_code a JOIN ref.place_code b USING (scheme, code) WHERE {OVERLAP}",
    )


def test_a_member_is_in_its_group_once_on_any_day(ref: duckdb.DuckDBPyConnection) -> None:
    none(
        ref,
        f"SELECT a.place_group, a.member FROM ref.place_group a JOIN ref.place_group b USING (place_group, member) WHERE {OVERLAP}",
    )


@pytest.mark.parametrize("table", ["place", "place_code", "place_group"])
def test_what_holds_ends_after_it_begins(ref: duckdb.DuckDBPyConnection, table: str) -> None:
    none(ref, f"FROM ref.{table} WHERE valid_to <= valid_from")


def test_every_parent_and_member_is_there(ref: duckdb.DuckDBPyConnection) -> None:
    none(ref, "SELECT place, parent FROM ref.place WHERE parent NOT IN (SELECT place FROM ref.place)")
    none(ref, "SELECT product, parent FROM ref.product c WHERE parent IS NOT NULL AND parent <> 'TOTAL' AND NOT EXISTS "
              "(FROM ref.product p WHERE p.classification = c.classification AND p.product = c.parent)")  # fmt: skip
    none(ref, "SELECT place_group, member FROM ref.place_group WHERE place_group NOT IN (SELECT place FROM ref.place) "
              "OR member NOT IN (SELECT place FROM ref.place)")  # fmt: skip
    none(
        ref,
        "SELECT place_group FROM ref.place_group g JOIN ref.place p ON p.place = g.place_group WHERE NOT p.is_aggregate",
    )


def test_no_place_lies_in_itself(ref: duckdb.DuckDBPyConnection) -> None:
    none(
        ref,
        """WITH RECURSIVE above(place, parent, depth) AS (
        SELECT place, parent, 1 FROM ref.place WHERE parent IS NOT NULL
        UNION ALL SELECT a.place, p.parent, depth + 1 FROM above a JOIN ref.place p ON p.place = a.parent
        WHERE p.parent IS NOT NULL AND depth < 10)
        SELECT place FROM above WHERE parent = place OR depth >= 10""",
    )


def test_no_group_is_a_member_of_itself(ref: duckdb.DuckDBPyConnection) -> None:
    none(ref, "FROM ref.place_group WHERE place_group = member")


def test_an_aggregate_is_a_group_and_a_group_an_aggregate(ref: duckdb.DuckDBPyConnection) -> None:
    none(ref, "SELECT place, kind FROM ref.place WHERE (kind = 'group') <> is_aggregate")


@pytest.mark.parametrize("code", TOP_TRADERS)
def test_the_largest_traders_by_comtrade_code(ref: duckdb.DuckDBPyConnection, code: str) -> None:
    found = ref.execute(
        "SELECT place FROM ref.place_code WHERE scheme = 'comtrade' AND ltrim(code, '0') = ? "
        "AND coalesce(valid_from, DATE '0001-01-01') <= DATE '2016-07-01' AND coalesce(valid_to, DATE '9999-12-31') > DATE '2016-07-01'",
        [code],
    ).fetchall()
    assert found == [(TOP_TRADERS[code],)]


def test_comtrade_codes_have_no_leading_zeros(ref: duckdb.DuckDBPyConnection) -> None:
    none(ref, "SELECT code FROM ref.place_code WHERE scheme = 'comtrade' AND code LIKE '0%' AND code <> '0'")


def test_there_are_thirty_one_provinces(ref: duckdb.DuckDBPyConnection) -> None:
    found = ref.execute("SELECT place FROM ref.place WHERE parent = 'CHN' AND kind = 'province'").fetchall()
    assert {r[0] for r in found} - {"CN-TW", "CN-HK", "CN-MO"} == set(PROVINCES)
    assert len(PROVINCES) == 31


@pytest.mark.parametrize("place", PROVINCES)
def test_a_province_is_found_by_its_chinese_names(ref: duckdb.DuckDBPyConnection, place: str) -> None:
    short, official = PROVINCES[place]
    assert ref.execute("SELECT name_zh, name_zh_official FROM ref.place WHERE place = ?", [place]).fetchone() == (
        short,
        official,
    )
    for name, kind in ((short, "short"), (official, "official")):
        query = "SELECT place, kind FROM ref.place_name WHERE language = 'zh' AND name = ?"
        assert ref.execute(query, [name]).fetchall() == [(place, kind)]


def test_provinces_and_prefectures_have_the_names_they_are_listed_under(ref: duckdb.DuckDBPyConnection) -> None:
    for column, language in (("name", "en"), ("name_zh", "zh"), ("name_zh_official", "zh"), ("name_ja", "ja")):
        none(ref, f"SELECT place, {column} FROM ref.place p WHERE {column} IS NOT NULL AND kind IN ('province', 'prefecture') "
                  f"AND NOT EXISTS (FROM ref.place_name n WHERE n.place = p.place AND n.language = '{language}' "
                  f"AND n.name = p.{column})")  # fmt: skip


def test_namibia_is_not_missing(ref: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT place FROM ref.place_code WHERE scheme = 'iso3166_1_alpha2' AND code = 'NA'"
    assert ref.execute(query).fetchall() == [("NAM",)]


@pytest.mark.parametrize("scheme", ["oecd", "imf_dots", "m49"])
def test_every_iso_economy_has_a_code_in_the_schemes_that_build_on_iso(
    ref: duckdb.DuckDBPyConnection, scheme: str
) -> None:
    """The counterparts of a dataset are all economies, not only those that report."""
    none(
        ref,
        "SELECT code FROM ref.place_code AS i WHERE scheme = 'iso3166_1_alpha3' AND valid_to IS NULL "
        f"AND NOT EXISTS (FROM ref.place_code AS c WHERE c.scheme = '{scheme}' AND c.place = i.place)",
    )


def test_a_category_whose_economies_are_not_on_record_is_no_group(ref: duckdb.DuckDBPyConnection) -> None:
    query = "SELECT kind, is_aggregate FROM ref.place WHERE place = 'IMF_TX374'"
    assert ref.execute(query).fetchall() == [("non_place", False)]


# --- units of indicators ------------------------------------------------------------------------------------


def test_no_indicator_is_in_a_unit_as_named(ref: duckdb.DuckDBPyConnection) -> None:
    """A unit that refers to the name says nothing to whoever has only the figure."""
    none(ref, "SELECT code, printed_unit FROM ref.indicator_code WHERE starts_with(printed_unit, 'as named')")
    none(ref, "SELECT printed_unit FROM ref.unit WHERE starts_with(printed_unit, 'as named')")


@pytest.mark.parametrize("unit", ["index", "score", "standard normal score", "percentile rank", "factor", "1 in"])
def test_a_unit_that_says_little_has_a_reason(ref: duckdb.DuckDBPyConnection, unit: str) -> None:
    """Unless the name says what the unit leaves open, such as the year that is 100."""
    none(ref, f"SELECT code FROM ref.indicator_code AS c JOIN ref.indicator AS i USING (indicator) "
              f"WHERE c.printed_unit = '{unit}' AND c.note IS NULL AND NOT regexp_matches(i.name, '= ?100|[Ii]ndex')")  # fmt: skip


def test_a_rate_has_the_unit_that_its_name_prints(ref: duckdb.DuckDBPyConnection) -> None:
    none(ref, r"SELECT i.name, c.printed_unit FROM ref.indicator_code AS c JOIN ref.indicator AS i USING (indicator) "
              r"WHERE regexp_matches(i.name, '\(per [^()]*\)$') AND c.printed_unit <> regexp_extract(i.name, '\((per [^()]*)\)$', 1)")  # fmt: skip


@pytest.mark.parametrize(
    ("code", "unit"),
    [
        ("SP.DYN.TFRT.IN", "births per woman"), ("AG.LND.ARBL.HA", "hectares"), ("SI.POV.GINI", "index"),
        ("EG.USE.PCAP.KG.OE", "kg of oil equivalent per capita"), ("SE.PRM.ENRL.TC.ZS", "pupils per teacher"),
        ("IQ.CPA.TRAD.XQ", "score, 1 = low to 6 = high"), ("SI.DST.05TH.20", "percent"), ("SM.POP.REFG", "persons"),
    ],
)  # fmt: skip
def test_units_follow_the_name_or_the_publishers_definition(
    ref: duckdb.DuckDBPyConnection, code: str, unit: str
) -> None:
    query = "SELECT printed_unit FROM ref.indicator_code WHERE scheme = 'world_bank' AND code = ?"
    assert ref.execute(query, [code]).fetchall() == [(unit,)]
