"""Names and codes are resolved strictly: one place, or the reason why not with what may have been meant."""

import datetime as dt
from collections.abc import Iterator

import duckdb
import pytest

from tasks.ask import places
from tasks.load import reference
from warehouse import ddl
from warehouse.errors import Ambiguous, Unknown


@pytest.fixture(scope="module")
def ref() -> Iterator[duckdb.DuckDBPyConnection]:
    """The bundled reference tables, to be read only."""
    with duckdb.connect() as con:
        ddl.create_tables(con)
        reference.load(con)
        yield con


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@pytest.mark.parametrize(
    ("text", "scheme", "on", "place"),
    [
        ("Shanxi", None, None, "CN-SX"), ("Shaanxi", None, None, "CN-SN"), ("辽宁", None, None, "CN-LN"),
        ("辽宁省", None, None, "CN-LN"), ("遼寧省", None, None, "CN-LN"), ("東京", None, None, "JP-13"), ("東京都", None, None, "JP-13"),
        ("东京", None, None, "JP-13"), ("とうきょう", None, None, "JP-13"), ("大連市", None, None, "CN-210200"),
        ("lüliang", None, None, "CN-141100"), ("LULIANG", None, None, "CN-141100"), ("ＪＰＮ", None, None, "JPN"),
        ("中国", None, None, "CHN"), ("CN-LN", None, None, "CN-LN"),
        ("842", None, None, "USA"), ("842", "comtrade", "2016-07-01", "USA"), ("105", "jpn_customs", None, "CHN"),
        ("105", "gacc", None, "BRN"), ("142300", "gb2260", "2003-06-30", "CN-141100"),
        ("SDN", None, None, "SDN"), ("SDN", "cepii_geodist", None, "SDN_FORMER"),
        ("CN-91", "iso3166_2_old", "2017-11-22", "HKG"), ("CN-92", "iso3166_2_old", "2017-11-22", "MAC"),
        ("810000", "gb2260", None, "HKG"), ("210200000000", "nbs_12_digits", None, "CN-210200"), ("2102", None, None, "CN-210200"),
        ("011002", "jpn_local_government", None, "JP-01100"), ("01", "jis_x0401", None, "JP-01"),
        ("Tohoku", None, None, "JP_TOHOKU"), ("関東地方", None, None, "JP_KANTO"),
    ],
)  # fmt: skip
def test_one_place(ref: duckdb.DuckDBPyConnection, text: str, scheme: str | None, on: str | None, place: str) -> None:
    assert places.resolve(ref, text, scheme, day(on)) == place


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Suzhou", "CN-320500 .*CN-341300"), ("Taizhou", "CN-321200 .*CN-331000"), ("Yichun", "CN-230700 .*CN-360900"),
        ("105", "BRN .*gacc.*CHN .*jpn_customs"), ("東北地方", "CN_NORTHEAST .*JP_TOHOKU"),
    ],
)  # fmt: skip
def test_several_places_are_listed_and_none_is_chosen(ref: duckdb.DuckDBPyConnection, text: str, message: str) -> None:
    with pytest.raises(Ambiguous, match=f"means 2 places: {message}"):
        places.resolve(ref, text)


@pytest.mark.parametrize(
    ("text", "scheme", "on", "message"),
    [
        ("Liaonin", None, None, "perhaps: Liaoning is CN-LN"),
        ("Shan xi", None, None, "Shanxi is CN-SX.*Shaanxi is CN-SN"),
        ("842", "m49", None, "842 in baci is USA"),
        ("210102", "gb2260", None, "210100 in gb2260 is CN-210100 Shenyang"),  # a district: no place of its own
        ("142300", "gb2260", "2010-01-01", "142300 before 2003-12-31 in gb2260 is CN-141100"),
        ("CN-21", "iso3166_2_old", "2020-01-01", "CN-21 before 2017-11-23 in iso3166_2_old is CN-LN"),
        ("0156", "comtrade", None, "156 in comtrade is CHN"),
        ("21", "gb2260", None, "210000 in gb2260 is CN-LN"),
        ("Qzxwv", None, None, "no place is called 'Qzxwv'\\. All places: `entrepot sql '"),
        ("1", "nonsense", None, "no scheme 'nonsense'; there are entrepot, aliases, names, baci"),
    ],
)
def test_no_place_and_what_may_have_been_meant(
    ref: duckdb.DuckDBPyConnection, text: str, scheme: str | None, on: str | None, message: str
) -> None:
    with pytest.raises(Unknown, match=message):
        places.resolve(ref, text, scheme, day(on))


def test_a_place_is_described_with_its_names_codes_and_groups(ref: duckdb.DuckDBPyConnection) -> None:
    liaoning = places.details(ref, "CN-LN", dt.date(2016, 1, 1))
    assert {("zh", "short", "辽宁"), ("zh", "official", "辽宁省"), ("en", "short", "Liaoning")} <= set(liaoning.names)
    assert {("gb2260", "210000"), ("iso3166_2_old", "CN-21"), ("nbs_division", "21")} <= {
        (r.scheme, r.text) for r in liaoning.codes
    }
    assert [g for g, _ in liaoning.groups] == ["CN_31_PROVINCES", "CN_BOHAI_RIM", "CN_NORTHEAST"]
    assert places.details(ref, "CN-SX").confused_with == [("CN-SN", "Shaanxi")]
    with pytest.raises(Unknown, match="ATLANTIS"):
        places.details(ref, "ATLANTIS")


def test_groups_are_those_of_the_day(ref: duckdb.DuckDBPyConnection) -> None:
    for on, member in (("2020-01-31", True), ("2020-02-01", False), ("1972-12-31", False)):
        groups = {g for g, _ in places.details(ref, "GBR", dt.date.fromisoformat(on)).groups}
        assert ("EU_AT_THE_TIME" in groups) is member, on
        assert {"EU15", "EU28"} <= groups  # fixed compositions have no days


@pytest.mark.parametrize(
    ("predecessor", "successors", "on"),
    [
        ("CN-SC", {"CN-CQ"}, "1997-03-31"), ("CN-GD", {"CN-HI"}, "1988-04-30"), ("BLX", {"BEL", "LUX"}, "1999-01-01"),
        ("CSK", {"CZE", "SVK"}, "1993-01-01"), ("SDN_FORMER", {"SDN", "SSD"}, "2011-07-01"),
        ("YUG", {"BIH", "HRV", "MKD", "SCG", "SVN"}, "1992-01-01"), ("SCG", {"SRB", "MNE"}, "2006-06-01"),
        ("DDR", {"DEU"}, "1991-01-01"), ("ETH", {"ERI"}, "1993-01-01"),
    ],
)  # fmt: skip
def test_what_came_after(ref: duckdb.DuckDBPyConnection, predecessor: str, successors: set[str], on: str) -> None:
    actual = places.details(ref, predecessor).successors
    assert {place for place, *_ in actual} == successors
    assert {day for _, _, day, _ in actual} == {dt.date.fromisoformat(on)}
    for place in successors:
        assert predecessor in {p for p, *_ in places.details(ref, place).predecessors}


def test_the_union_had_fifteen_successors(ref: duckdb.DuckDBPyConnection) -> None:
    assert len(places.details(ref, "SUN").successors) == 15


def test_every_economy_that_ended_has_a_successor_on_its_last_day(ref: duckdb.DuckDBPyConnection) -> None:
    ended = "SELECT place FROM ref.place WHERE valid_to IS NOT NULL AND kind IN ('economy', 'province', 'city') EXCEPT SELECT predecessor FROM ref.place_succession"
    assert ref.execute(ended).fetchall() == []
    other = """
        SELECT place, valid_to FROM ref.place JOIN ref.place_succession ON predecessor = place
        WHERE valid_to IS NOT NULL GROUP BY ALL HAVING max(succeeded_on) <> valid_to"""
    assert ref.execute(other).fetchall() == []
    # a successor is there from the day it succeeds
    late = "SELECT place FROM ref.place JOIN ref.place_succession ON successor = place WHERE valid_from > succeeded_on"
    assert ref.execute(late).fetchall() == []


def test_the_regions_of_japan_and_china_are_partitions(ref: duckdb.DuckDBPyConnection) -> None:
    japan = "SELECT member, count(*) FROM ref.place_group WHERE place_group LIKE 'JP\\_%' ESCAPE '\\' GROUP BY 1"
    assert dict(ref.execute(japan).fetchall()) == {f"JP-{n:02}": 1 for n in range(1, 48)}
    china = "SELECT count(*), count(DISTINCT member) FROM ref.place_group WHERE place_group IN ('CN_EAST', 'CN_CENTRAL', 'CN_WEST', 'CN_NORTHEAST')"
    assert ref.execute(china).fetchall() == [(31, 31)]


def test_every_prefecture_level_city_has_an_english_and_a_chinese_name(ref: duckdb.DuckDBPyConnection) -> None:
    without = """
        SELECT place, language FROM ref.place CROSS JOIN (VALUES ('en'), ('zh')) AS l(language)
        WHERE kind = 'city' AND parent LIKE 'CN-%' AND NOT EXISTS
            (FROM ref.place_name n WHERE n.place = ref.place.place AND n.language = l.language)"""
    assert ref.execute(without).fetchall() == []
    planned = "SELECT name FROM ref.place WHERE note LIKE 'separately planned city%' ORDER BY 1"
    assert [n for (n,) in ref.execute(planned).fetchall()] == ["Dalian", "Ningbo", "Qingdao", "Shenzhen", "Xiamen"]


def test_a_quarantined_row_gets_suggestions_for_its_code(ref: duckdb.DuckDBPyConnection) -> None:
    rules = "reporter_code: stands in ref.place_code.code among m49; value: not_null"
    lines = places.suggest_for_row(ref, rules, '{"reporter_code": "842", "value": null}')
    assert len(lines) == 1
    assert lines[0].startswith("reporter_code = 842: perhaps 842 in baci is USA United States")
    assert places.suggest_for_row(ref, "value: not_null", '{"value": null}') == []
    assert places.suggest_for_row(ref, rules, '{"another": "842"}') == []


# --- aliases ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("EU", "EU_AT_THE_TIME"), ("China", "CHN"), ("JP", "JPN"), ("Hong Kong", "HKG"), ("Taiwan", "TWN"), ("UK", "GBR"),
        ("Korea", "KOR"), ("South Korea", "KOR"), ("Macau", "MAC"), ("US", "USA"), ("Northeast China", "CN_NORTHEAST"),
        ("european union", "EU_AT_THE_TIME"), ("EU27", "EU27_2020"), ("Dongbei", "CN_NORTHEAST"), ("Holland", "NLD"),
    ],
)  # fmt: skip
def test_what_people_write_stands_for_one_place(ref: duckdb.DuckDBPyConnection, text: str, place: str) -> None:
    assert places.resolve(ref, text) == place


def test_an_alias_says_why_and_a_scheme_asks_past_it(ref: duckdb.DuckDBPyConnection) -> None:
    (reason,) = places.candidates(ref, "EU")
    assert reason.description.startswith("alias: publishers who write EU without a number")
    assert places.resolve(ref, "EU", scheme="world_bank_iso2") == "EU27_2020"


def test_aliases_are_only_what_names_and_codes_do_not_give_for_one_place(ref: duckdb.DuckDBPyConnection) -> None:
    aliases = ref.execute("SELECT alias, place FROM ref.place_alias").fetchall()
    assert aliases
    for alias, place in aliases:
        without = {
            reason.place
            for reason in places._all_reasons(ref)
            if reason.scheme != places.ALIASES and places._matches(reason, alias)
        }
        assert len(without) != 1, (alias, place, without)
