"""Round trips: every code and every name of the files resolves to one place, on the days it was printed for."""

import csv
import datetime as dt
import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.ask import places
from tasks.load import reference
from warehouse import ddl, reference_files

#: Codes of GB/T 2260 that are not places: headings over districts, counties, and over what a province governs directly.
HEADINGS = {
    "110100": "districts", "110200": "counties", "120100": "districts", "120200": "counties", "310100": "districts",
    "310200": "counties", "500100": "districts", "500200": "counties", "500300": "cities", "139000": "governed directly",
    "419000": "governed directly", "429000": "governed directly", "469000": "governed directly",
    "659000": "governed directly",
}  # fmt: skip
#: Districts and counties are below the level kept here: the city or province they lie in is suggested.
COUNTY = re.compile(r"\d{4}(?!00)\d{2}")
#: Names that two places have: they resolve in their scheme, or with more of the name.
SHARED_NAMES = {
    "Suzhou": {"CN-320500", "CN-341300"},
    "中国": {"CHN"},  # the region 中国 of Japan is found as 中国地方
    "北海道": {"JP-01"},  # the region is the prefecture
    "沖縄": {"JP-47"},
    "さいたま": {"JP-11", "JP-11100"},  # the prefecture in kana, and the city
}


class Known:
    """What every text means: the rows that ``resolve`` looks through, found by scheme and text."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.rows: dict[tuple[str, str], list[places.Reason]] = {}
        for reason in places._all_reasons(con):
            self.rows.setdefault((reason.scheme, places._folded(reason.text)), []).append(reason)

    def code(self, scheme: str, code: str, on: dt.date | None = None) -> set[str]:
        return {r.place for r in self.rows.get((scheme, places._folded(code)), []) if r.is_valid_on(on)}

    def name(self, name: str) -> set[str]:
        return self.code(places.NAMES, name)


@pytest.fixture(scope="module")
def known() -> Iterator[Known]:
    with duckdb.connect() as con:
        ddl.create_tables(con)
        reference.load(con)
        yield Known(con)


def table(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def edition_day(path: Path) -> dt.date:
    """The last day of the month of an edition, 200212."""
    year, month = int(path.stem[:4]), int(path.stem[4:])
    return dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)


def test_every_code_of_the_19_editions_is_one_place_on_its_day(shared: Path, known: Known) -> None:
    editions = sorted((shared / "regional/admin_china_gb2260").glob("20*.json"))
    assert len(editions) == 19
    checked, wrong = 0, []
    for path in editions:
        for code, name in json.loads(path.read_text(encoding="utf-8")).items():
            if code in HEADINGS or COUNTY.fullmatch(code):
                continue
            found = known.code("gb2260", code, edition_day(path) - dt.timedelta(days=1))
            checked += 1
            if len(found) != 1 or not found <= known.name(name):
                wrong.append((path.name, code, name, found))
    assert wrong == []
    assert checked > 19 * 360


def test_a_district_is_no_place_but_its_city_is_suggested(shared: Path, known: Known) -> None:
    codes = json.loads((shared / "regional/admin_china_gb2260/201607.json").read_text(encoding="utf-8"))
    counties = [c for c in codes if COUNTY.fullmatch(c)]
    assert not [c for c in counties if not known.code("gb2260", c[:4] + "00") | known.code("gb2260", c[:2] + "0000")]


@pytest.mark.parametrize(("region", "place"), [("hongkong", "HKG"), ("macao", "MAC")])
def test_hong_kong_and_macao(shared: Path, known: Known, region: str, place: str) -> None:
    codes = json.loads((shared / f"regional/admin_china_gb2260/{region}-201512.json").read_text(encoding="utf-8"))
    whole = next(c for c in codes if c.endswith("0000"))
    assert known.code("gb2260", whole) == known.name(codes[whole]) == {place}


def test_the_division_codes_of_2023(shared: Path, known: Known) -> None:
    folder = shared / "regional/admin_china_division_2023"
    rows = [*table(folder / "provinces.csv"), *table(folder / "cities.csv")]
    assert len(rows) == 31 + 342
    kept = [r for r in rows if r["code"].ljust(6, "0") not in HEADINGS]
    assert len(kept) == 31 + 342 - 9
    wrong = [r for r in kept if len(known.code("nbs_division", r["code"])) != 1 or known.code("nbs_division", r["code"]) != known.name(r["name"])]  # fmt: skip
    assert wrong == []
    assert all(known.code("nbs_12_digits", r["code"].ljust(12, "0")) == known.name(r["name"]) for r in kept)
    assert all(len(known.name(n)) == 1 for n in json.loads((folder / "HK-MO-TW.json").read_text(encoding="utf-8")))


def test_prefectures_and_regions_of_japan(shared: Path, known: Known) -> None:
    folder = shared / "regional/admin_japan"
    for row in table(folder / "prefjp-utf8.csv"):
        place = {row["ISO3166-2"]}
        for column in ("pref", "prefkana", "prefshort", "prefshortkana", "pref_en"):
            assert known.name(row[column]) == SHARED_NAMES.get(row[column], place), row[column]
        assert known.code("iso3166_2", row["ISO3166-2"]) == place
        assert known.code("jis_x0401", row["pid"].zfill(2)) == place
        assert known.code("jpn_local_government", row["lgcode"].zfill(6)) == place
        assert known.code("jpn_prefecture_letters", row["pref3code"]) == place
    assert len(table(folder / "dataofjapan_prefectures.csv")) == 47
    for row in table(folder / "dataofjapan_prefectures.csv"):
        assert known.name(row["name-ja"]) == known.name(row["name-en"]) == {f"JP-{int(row['id']):02}"}
    for row in table(folder / "dataofjapan_resions.csv"):
        assert len(known.name(row["name-ja"])) == 1, row
        assert len(known.name(row["name-en"])) == 1, row


def test_iso_3166_2_in_three_languages(shared: Path, known: Known) -> None:
    rows = table(shared / "regional/iso3166_2_cn_jp/names_en_ja_zh.csv")
    assert len(rows) == 81
    for row in rows:
        place = known.code("iso3166_2", row["code"])
        assert len(place) == 1
        for column in ("name", "name_ja", "name_zh_cn"):
            assert not row[column] or known.name(row[column]) == place, row


def test_iso_3166_2_digits_to_letters(known: Known) -> None:
    """The first two digits of GB/T 2260, but for Hong Kong and Macao, to 22 November 2017."""
    for (scheme, _), reasons in known.rows.items():
        for reason in reasons if scheme == "iso3166_2_old" else ():
            assert reason.valid_to == dt.date(2017, 11, 23)
            digits = {"91": "81", "92": "82"}.get(reason.text[3:], reason.text[3:])
            assert known.code("gb2260", digits + "0000") == {reason.place}


def test_names_on_the_maps(shared: Path, known: Known) -> None:
    folder = shared / "regional/maps"
    for name in ("china", "liaoning", "jilin", "heilongjiang"):
        features = json.loads((folder / f"{name}_decoded.geojson").read_text(encoding="utf-8"))["features"]
        for properties in (f["properties"] for f in features):
            found = known.name(properties["name"])
            assert len(found) == 1, properties
            if "id" in properties:
                assert known.code("gb2260", properties["id"]) == found
    features = json.loads((folder / "japan_prefectures_s0001.geojson").read_text(encoding="utf-8"))["features"]
    assert len({p for f in features for p in known.name(f["properties"]["N03_001"])}) == 47
    for country, misspelt in (("china", {"Quinghai"}), ("japan", set())):
        text = (folder / f"svgmaps_{country}.svg").read_text(encoding="utf-8")
        names = set(re.findall(r'(?:aria-label|name|title)="([^"]+)"', text)) - {f"Map of {country.title()}"}
        assert {n for n in names if len(known.name(n)) != 1} == misspelt


#: Wikidata's ties of which a label is the name of several Japanese municipalities: left out, not guessed.
NOT_RESOLVED = {
    ("Q360374", "Q502403"): "Ibaraki", ("Q30002", "Q201932"): "Kōfu", ("Q8686", "Q38283"): "Yokohama",
    ("Q11720", "Q164234"): "Kawasaki", ("Q42622", "Q1204975"): "Daisen", ("Q42622", "Q817965"): "Ikeda",
    ("Q75150", "Q386179"): "Ōta",
}  # fmt: skip


def test_ties_of_wikidata_are_as_its_relations_say(shared: Path, known: Known) -> None:
    folder = shared / "regional/sister_cities_wikidata_2016"
    relations = {
        tuple(line.split("\t")) for line in (folder / "relations.tsv").read_text(encoding="utf-8").splitlines()
    }
    labels = dict(line.split("\t") for line in (folder / "names.tsv").read_text(encoding="utf-8").splitlines())
    bundled = table(Path(reference_files.FOLDER).parent / "curated/milestones/sister_ties_wikidata.csv")
    assert len(bundled) == 2 * 83
    for row in bundled:
        items = re.findall(r"(Q\d+) \(([^)]+)\)", row["note"])
        (one, first), (other, second) = items
        assert (one, other) in relations or (other, one) in relations
        assert (labels[one], labels[other]) == (first, second)
        chinese = row["place"] if row["place"].startswith("CN-") else row["counterpart"]
        assert known.name(first) == SHARED_NAMES.get(
            first, {chinese} if first != "Fuzhou" else {"CN-350100", "CN-361000"}
        )
    pairs = {tuple(q for q, _ in re.findall(r"(Q\d+) \(([^)]+)\)", row["note"])) for row in bundled}
    assert len(pairs) == 83
    assert not pairs & set(NOT_RESOLVED)
    assert all(pair in relations or pair[::-1] in relations for pair in NOT_RESOLVED)


#: What Comtrade's lists call places otherwise than anyone else.
COMTRADES_OWN_NAMES = {"China,Hong Kong SAR": "HKG", "Other Asia, nes (Taiwan)": "TWN"}


@pytest.mark.parametrize("name", ["partnerAreas", "reporterAreas"])
def test_each_code_of_comtrades_lists_means_the_place_that_its_name_means(shared: Path, name: str) -> None:
    """Name against name: a list's column of ISO codes may say otherwise, as it does of 492, Europe EU nes."""
    codes: dict[str, set[str]] = {}
    for row in reference_files.rows("place_codes.csv"):
        if row["scheme"] == "comtrade":
            codes.setdefault(row["code"], set()).add(row["place"])
    names: dict[str, set[str]] = {text: {place} for text, place in COMTRADES_OWN_NAMES.items()}
    for row in reference_files.rows("place_names.csv"):
        names.setdefault(row["name"], set()).add(row["place"])
    listed = json.loads((shared / "sources" / "uncomtrade-legacy-api" / f"{name}.json").read_text(encoding="utf-8-sig"))
    others = {
        area["id"]: area["text"] for area in listed if not codes.get(area["id"], set()) & names.get(area["text"], set())
    }
    assert {code: text for code, text in others.items() if code != "all"} == {}
    assert len(listed) > 150


#: Other publishers' lists of codes: file, scheme, and the columns of the code and of the name.
LISTS = (
    ("countrycode_data_ecb.csv", "iso3166_1_alpha2", "ecb", "country"),
    ("countrycode_data_eurostat.csv", "eurostat", "eurostat", "country"),
    ("countrycode_data_un.csv", "m49", "un", "country"),
    ("countrycode_data_un.csv", "unctad", "un", "country"),
    ("UNSD-M49_en.csv", "m49", "M49 Code", "Country or Area"),
    ("countrycode_data_world_bank_api.csv", "world_bank", "wb_api3c", "country"),
    ("countrycode_data_world_bank_api.csv", "world_bank_iso2", "wb_api2c", "country"),
    ("countrycode_data_iso.csv", "iso3166_1_alpha2", "iso2c", "iso.name.en"),
    ("countrycode_data_iso.csv", "iso3166_1_alpha3", "iso3c", "iso.name.en"),
)
#: Codes of these lists that a publisher of the files here does not write.
NOT_WRITTEN = {"XK"}
#: What a list adds to a name.
_ADDED = re.compile(r"\s*(\(the\)|\[[^\]]*\]|\*|\(FR - [^)]*\))")


@pytest.mark.parametrize(("file", "scheme", "code", "name"), LISTS)
def test_each_code_of_a_publishers_list_means_the_place_that_its_name_means(
    shared: Path, known: Known, file: str, scheme: str, code: str, name: str
) -> None:
    rows = table(shared / "sources" / "country-codes" / file)
    pairs = {row[code].zfill(3) if row[code].isdigit() else row[code]: _ADDED.sub("", row[name]) for row in rows}
    assert _differing(known, scheme, pairs) == {}
    named = [text for text in pairs.values() if known.name(text)]
    assert len(named) > 0.95 * len(pairs) > 200


@pytest.mark.parametrize("listed", ["CL_IMTS_COUNTRY", "CL_DIP_COUNTRY", "CL_ER_COUNTRY_PUB"])
def test_each_code_of_the_imf_means_the_place_that_its_name_means(shared: Path, known: Known, listed: str) -> None:
    with gzip.open(shared / "sources" / "imf-structures" / "imf_IMTS-DIP-ER_structures.json.gz") as file:
        codes = json.load(file)["codelists"][listed]
    pairs = {code: text for code, text in codes.items() if known.code("imf", code)}
    assert _differing(known, "imf", pairs) == {}
    assert len(pairs) > 200


def test_each_code_of_the_oecd_means_the_place_that_its_name_means(shared: Path, known: Known) -> None:
    pairs: dict[str, str] = {}
    for path in (shared / "sources" / "oecd-sdmx").glob("*ITIC*.csv.gz"):
        with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                pairs |= {
                    row["REF_AREA"]: row["Reference area"],
                    row["COUNTERPART_AREA"]: row["Counterpart area"],
                }
    assert _differing(known, "oecd", pairs) == {}
    assert len([name for name in pairs.values() if known.name(name)]) == len(pairs) == 234


#: First digits of Japan Customs' codes: the regions of M49 that they mean.
CONTINENTS = {"1": {"Asia"}, "2": {"Europe"}, "3": {"Americas"}, "4": {"Americas"}, "5": {"Africa"}, "6": {"Oceania"}}
#: Economies that Japan Customs counts to Europe and the United Nations to Asia.
OF_EUROPE = {"CYP", "TUR"}


def test_codes_of_japan_customs_are_one_place_each_on_the_continent_of_their_first_digit(shared: Path) -> None:
    regions = {
        row["ISO-alpha3 Code"]: row["Region Name"]
        for row in table(shared / "sources" / "country-codes" / "UNSD-M49_en.csv")
    }
    codes = {
        row["code"]: row["place"] for row in reference_files.rows("place_codes.csv") if row["scheme"] == "jpn_customs"
    }
    assert len(set(codes.values())) == len(codes) > 70
    elsewhere = {place for code, place in codes.items() if regions.get(place) not in CONTINENTS[code[0]]}
    assert elsewhere == OF_EUROPE


def test_each_label_of_japans_tables_means_the_place_that_it_names(known: Known) -> None:
    """JETRO's and the Bank of Japan's labels; those that are no name are their groups, rests and short forms."""
    labels = {
        row["code"]: row["place"] for row in reference_files.rows("place_codes.csv") if row["scheme"] == "jpn_label"
    }
    named = {label: place for label, place in labels.items() if known.name(label)}
    assert {label: place for label, place in named.items() if known.name(label) != {place}} == {}
    others = {
        label for label, place in labels.items() if label not in named and not place.startswith(("JPN_", "_JPN_"))
    }
    assert others == {
        "TOTAL", "P.R.CHINA", "P.R. CHINA", "R.KOREA", "R. KOREA", "U.S.A.", "U.S.A", "U.K.", "U.A.E.", "CAYMAN IS.", "R.SOUTH AFRICA"
    }  # fmt: skip


#: Currencies that are no longer used, each with a last day (ref.place_currency).
FORMER = {
    "ANG", "ATS", "BEF", "BGN", "CYP", "DEM", "ECS", "EEK", "ESP", "FIM", "FRF", "GRD", "HRK", "IEP", "ITL", "LTL", "LUF", "LVL", "MTL",
    "NLG", "PTE", "SIT", "SKK", "VEF", "ZWL",
}  # fmt: skip
#: Places of which the joint list has no currency, or a former one: groups, and Palestine, Turkey and Kosovo.
WITHOUT_CURRENCY = {"CWX", "EMU", "IMF_G309", "IMF_G758", "IMF_G759", "PSE", "TUR", "XKX"}


def test_each_currency_is_of_the_places_that_the_list_of_iso_says(shared: Path) -> None:
    folder = shared / "sources" / "country-codes"
    listed = {
        row["alpha_3"] for row in json.loads((folder / "pycountry_iso4217.json").read_text(encoding="utf-8"))["4217"]
    }
    used = {
        row["ISO3166-1-Alpha-3"]: set(row["ISO4217-currency_alphabetic_code"].split(","))
        for row in table(folder / "datasets_country-codes.csv")
    }
    rows = reference_files.rows("place_currency.csv")
    assert {row["currency"] for row in rows} - listed == FORMER
    assert [row for row in rows if row["currency"] in FORMER and not row["valid_to"]] == []
    today = {(row["place"], row["currency"]) for row in rows if not row["valid_to"]}
    assert {place for place, currency in today if currency not in used.get(place, set())} == WITHOUT_CURRENCY
    assert len(today) > 240
    codes = {row["code"]: row["place"] for row in reference_files.rows("place_codes.csv") if row["scheme"] == "iso4217"}
    of_place = {(row["place"], row["currency"]) for row in rows} | {("TUR", "TRL"), ("ROU", "ROL")}
    assert {code for code, place in codes.items() if (place, code) not in of_place} == set()


def _differing(known: Known, scheme: str, pairs: dict[str, str]) -> dict[str, tuple[str, set[str]]]:
    """Codes of a scheme that are no place, or another one than their name."""
    return {
        code: (name, known.code(scheme, code))
        for code, name in pairs.items()
        if code not in NOT_WRITTEN and not known.code(scheme, code) & (known.name(name) or known.code(scheme, code))
    }


def test_a_place_that_has_two_codes_of_the_un_at_a_time_has_them_on_other_days() -> None:
    """Of a state that changed, the code of before and that of after: the empty rows of the one must not meet the rows of the other."""
    codes: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in reference_files.rows("place_codes.csv"):
        if row["scheme"] in ("comtrade", "m49", "unctad") and row["code"].isdigit():
            codes.setdefault((row["scheme"], row["place"]), []).append(row)
    undated = {
        key: [row["code"] for row in rows]
        for key, rows in codes.items()
        if len(rows) > 1 and sum(not row["valid_from"] and not row["valid_to"] for row in rows) > 1
    }
    assert {key: sorted(listed) for key, listed in undated.items()} == STATISTICAL_TERRITORIES


#: Economies that the UN counts with and without a part of theirs, under two codes in use side by side; a publisher writes one of them.
STATISTICAL_TERRITORIES = {
    **{("comtrade", place): codes for place, codes in (
        ("CHE", ["756", "757"]), ("FRA", ["250", "251"]), ("ITA", ["380", "381"]), ("NOR", ["578", "579"]), ("TWN", ["158", "490"]),
    )},
    **{("unctad", place): codes for place, codes in (
        ("CHE", ["756", "757"]), ("FRA", ["250", "251"]), ("IND", ["356", "699"]), ("ITA", ["380", "381"]), ("NOR", ["578", "579"]),
        ("USA", ["840", "842"]),
    )},
}  # fmt: skip
