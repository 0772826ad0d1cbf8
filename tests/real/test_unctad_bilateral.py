"""UNCTAD's Bilateral FDI Statistics 2014 as others merged them: every cell against the files. Needs ../shared/regional.

Golden figures are those of the files' readme, which has them from China's yearbook, the press and the ministry.
"""

import csv
import gzip
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tasks.intake.adopt import AdoptionResult
from tasks.load.outcome import Outcome
from tasks.sources.unctad_fdi import SOURCE
from tests.support.loading import adopt_each_and_load
from tests.support.paths import SHARED
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

FOLDERS = ("unctad_bilateral_fdi_2001-2012",)
NOT_LOADED = {
    "iso_3166_2_countries.csv": "no source recognises its content",  # the list of economies that the script walks
    "README.md": "no source recognises its content",
}
#: Files with what they show, their rows by the readme, and the keys that occur more than once.
FILES = {
    "inflow.csv": ("unctad.bilateral.inflows", 104_352, 3_804),
    "outflow.csv": ("unctad.bilateral.outflows", 82_820, 2_794),
    "instock.csv": ("unctad.bilateral.inward_stock", 114_060, 5_004),
}


def printed(name: str) -> list[tuple[str, str, str, str]]:
    """Reporting economy, partner, year and value of each row, read by another way than the source's."""
    with gzip.open(SHARED / "regional" / FOLDERS[0] / f"{name}.gz", "rt", encoding="utf-8", newline="") as file:
        return [(r["area"], r["Reporting Economy"], r["Year"], r["value"]) for r in csv.DictReader(file)]


@dataclass(frozen=True)
class Loaded:
    """The files, adopted and loaded."""

    con: duckdb.DuckDBPyConnection
    taken: dict[str, AdoptionResult]
    outcomes: dict[str, Outcome]

    def values(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query."""
        return self.con.execute(query).fetchall()


@pytest.fixture(scope="module")
def loaded(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings, warehouse_template: Path
) -> Iterator[Loaded]:
    """Every file of the folder."""
    home = Home(tmp_path_factory.mktemp("bilateral") / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    files = sorted((shared / "regional" / FOLDERS[0]).iterdir())
    with writer(home, settings) as con:
        yield Loaded(con, *adopt_each_and_load(con, home, settings, SOURCE, files))


@pytest.mark.usefixtures("shared")
class TestBilateralFdiStatistics:
    """What the files hold."""

    def test_every_file_is_loaded_or_left_with_its_reason(self, loaded: Loaded) -> None:
        assert set(loaded.outcomes) == set(FILES)
        assert {name: str(o.fault) for name, o in loaded.outcomes.items() if o.fault} == {}
        for name, reason in NOT_LOADED.items():
            assert reason in loaded.taken[name].message

    @pytest.mark.parametrize("name", FILES)
    def test_rows_in_are_accepted_quarantined_or_set_aside(self, loaded: Loaded, name: str) -> None:
        outcome, (_, rows, repeated) = loaded.outcomes[name], FILES[name]
        read = printed(name)
        assert outcome.rows_in == len(read) == rows
        assert outcome.rows_accepted + outcome.rows_quarantined + outcome.rows_set_aside == rows
        keys = Counter(row[:3] for row in read)
        assert sum(1 for times in keys.values() if times > 1) == repeated
        # What repeats is the same word for word, but for rows that lost the name of their partner.
        values: dict[tuple[str, ...], set[str]] = {}
        for row in read:
            values.setdefault(row[:3], set()).add(row[3])
        assert {key[:2] for key, different in values.items() if len(different) > 1} <= {("ARM", ""), ("ARM", "NA")}
        assert outcome.rows_accepted + outcome.rows_quarantined == len({r for r in read if not _is_heading(r[1])})

    def test_what_is_quarantined(self, loaded: Loaded) -> None:
        rows = loaded.values(
            "SELECT filename, rules[1:42], json_extract_string(raw, '$.unctad_reporter') || ' ' || json_extract_string(raw, '$.unctad_partner') "
            "FROM meta.quarantine ORDER BY ALL"
        )
        eu = "correction: unctad_bilateral_china_eu_2012"
        assert rows == [
            ("inflow.csv", eu, "CHN Developedeconomies"),
            ("inflow.csv", eu, "CHN Europe"),
            ("inflow.csv", eu, "CHN EuropeanUnion"),
            ("outflow.csv", rows[3][1], "SEN Benin"),  # the text of a program's error in place of a number
        ]
        assert rows[3][1].startswith("unctad_million_usd: str_matches")

    @pytest.mark.parametrize("name", FILES)
    def test_every_printed_number_is_there_to_a_millionth_of_a_dollar(self, loaded: Loaded, name: str) -> None:
        found = loaded.values(
            "SELECT unctad_reporter, unctad_partner, f.period, f.value, f.printed_value FROM ("
            "  SELECT r.code AS unctad_reporter, p.code AS unctad_partner, f.* FROM core.fdi AS f"
            "  JOIN ref.place_code AS r ON r.scheme = 'iso3166_1_alpha3' AND r.place = f.reporter"
            "  JOIN ref.place_code AS p ON p.scheme = 'unctad_bilateral' AND p.place = f.counterpart"
            f"  JOIN meta.editions AS e USING (edition) WHERE e.dataset = '{FILES[name][0]}') AS f"
        )
        cells = {(reporter, partner, year): (value, text) for reporter, partner, year, value, text in found}
        missing = []
        for reporter, partner, year, text in set(printed(name)):
            if _is_heading(partner) or (reporter, partner, year) in _QUARANTINED[name]:
                continue
            # The rests of sums in binary arithmetic (-4.4e-16) are zeros too.
            value = None if text in ("..", "-", "NA") or abs(float(text)) < 1e-15 else Decimal(text) * 1_000_000
            kept, kept_text = cells[reporter, partner, year]
            exact = kept is None if value is None else kept is not None and abs(kept - value) <= Decimal("0.000001")
            if not exact or kept_text != text:
                missing.append((reporter, partner, year, text, kept))
        assert missing == []

    @pytest.mark.parametrize(
        ("direction", "reporter", "counterpart", "year", "millions"),
        [
            # the readme's table
            ("inward", "CHN", "JPN", 2001, "4348.42"), ("inward", "CHN", "JPN", 2005, "6529.77"), ("inward", "CHN", "JPN", 2006, "4759.41"),
            ("inward", "CHN", "JPN", 2008, "3652.35"), ("inward", "CHN", "JPN", 2010, "4083.72"), ("inward", "CHN", "JPN", 2011, "6329.63"),
            ("inward", "CHN", "JPN", 2012, "7351.56"), ("outward", "JPN", "CHN", 2001, "2160.8"), ("outward", "JPN", "CHN", 2005, "6589.0"),
            ("outward", "JPN", "CHN", 2006, "6167.3"), ("outward", "JPN", "CHN", 2008, "6482.0"), ("outward", "JPN", "CHN", 2010, "7158.3"),
            ("outward", "JPN", "CHN", 2011, "12587.7"), ("outward", "JPN", "CHN", 2012, "13484.1"),
            # China Statistical Yearbook 2007, table 18-15: 1,794,879 and so on, 10,000 dollars, of 2005
            ("inward", "CHN", "HKG", 2005, "17948.79"), ("inward", "CHN", "SGP", 2005, "2204.32"), ("inward", "CHN", "KOR", 2005, "5168.34"),
            ("inward", "CHN", "MAC", 2005, "600.46"),
            # and those of the traps
            ("inward", "CHN", "WLD", 2005, "72405.69"), ("inward", "CHN", "WLD", 2012, "111716.14"), ("inward", "CHN", "USA", 2012, "2598.09"),
        ],
    )  # fmt: skip
    def test_figures_of_the_readme(
        self, loaded: Loaded, direction: str, reporter: str, counterpart: str, year: int, millions: str
    ) -> None:
        ((value,),) = loaded.values(
            f"SELECT value FROM mart.fdi_figures WHERE concept = 'unctad' AND accounting = 'flow' AND direction = '{direction}' AND "
            f"reporter = '{reporter}' AND counterpart = '{counterpart}' AND year = {year}"
        )
        places = len(millions.partition(".")[2])
        assert round(value / 1_000_000, places) == Decimal(millions)

    def test_yearbook_of_2007_prints_the_same_for_2005(self, loaded: Loaded, shared: Path) -> None:
        """Table 18-15 in ../citable_figures_2: five of five in 2005; of 2006 those here are larger, with banks."""
        path = (
            shared
            / "regional"
            / "citable_figures_2"
            / "nbs_yearbook2007_table18-15_fdi_by_country_asia_part_usd10000.csv"
        )
        with path.open(encoding="utf-8-sig", newline="") as file:
            yearbook = list(csv.DictReader(file))
        assert len(yearbook) > 5
        names = {"Japan": "JPN", "Hong Kong": "HKG", "Singapore": "SGP", "Republic of Korea": "KOR", "Macao": "MAC"}
        compared = 0
        for row in yearbook:
            label = next(value for value in row.values() if value and not value[0].isdigit())
            place = next((code for name, code in names.items() if label.startswith(name)), None)
            if place is None:
                continue
            (((five,), (six,))) = loaded.values(
                "SELECT value / 10000 FROM mart.fdi_figures WHERE concept = 'unctad' AND direction = 'inward' AND reporter = 'CHN' "
                f"AND counterpart = '{place}' AND year IN (2005, 2006) ORDER BY year"
            )
            of = {key[-4:]: value for key, value in row.items() if key.startswith("fdi_")}
            assert five == Decimal(of["2005"])
            assert six >= Decimal(of["2006"])
            compared += 1
        assert compared == 5

    def test_chinas_stock_grows_by_the_inflow(self, loaded: Loaded) -> None:
        """Japan's of 2002: 36,340 less 32,150 is 4,190, the inflow of the year: a sum of inflows and not a position."""
        assert loaded.values(
            "SELECT DISTINCT concept FROM mart.fdi_figures WHERE reporter = 'CHN' AND accounting = 'position'"
        ) == [("mofcom_cumulative_utilised",)]
        stocks = "SELECT value FROM mart.fdi_figures WHERE concept = 'mofcom_cumulative_utilised' AND counterpart = 'JPN' AND year IN (2001, 2002) ORDER BY year"
        assert loaded.values(stocks) == [(32_150_000_000,), (36_340_000_000,)]

    def test_sums_of_2011_again_are_marked(self, loaded: Loaded) -> None:
        """Of partners without an inflow in 2012 the file has the stock of 2011 again: all of these, and no others."""
        again = {
            counterpart
            for (counterpart,) in loaded.values(
                "SELECT a.counterpart FROM mart.fdi_figures AS a JOIN mart.fdi_figures AS b USING (concept, reporter, counterpart, counterpart_kind, value) "
                "WHERE a.concept = 'mofcom_cumulative_utilised' AND a.year = 2011 AND b.year = 2012 AND a.counterpart_kind = 'economy'"
            )
        }
        marked = loaded.values(
            "SELECT counterpart FROM mart.fdi_figures WHERE concept = 'mofcom_cumulative_utilised' AND year = 2012 AND obs_status = 'I' "
            "AND counterpart_kind = 'economy'"
        )
        assert {counterpart for (counterpart,) in marked} == again
        assert len(again) == 20

    def test_singapore_repeats_chinas_figure(self, loaded: Loaded) -> None:
        same = loaded.values(
            "SELECT count(*), count(*) FILTER (a.value = b.value), count(*) FILTER (a.derivation = 'derived_from_counterpart') "
            "FROM mart.fdi_figures AS a JOIN mart.fdi_figures AS b USING (year) WHERE a.reporter = 'SGP' AND a.counterpart = 'CHN' AND a.direction = 'outward' "
            "AND b.reporter = 'CHN' AND b.counterpart = 'SGP' AND b.direction = 'inward' AND b.accounting = 'flow'"
        )
        assert same == [(12, 12, 12)]


#: Cells that are not loaded, with the reason in the quarantine.
_QUARANTINED = {
    "inflow.csv": {("CHN", group, "2012") for group in ("EuropeanUnion", "Europe", "Developedeconomies")},
    "outflow.csv": {("SEN", "Benin", "2012")},
    "instock.csv": set(),
}


def _is_heading(partner: str) -> bool:
    return partner in ("", "NA", "..", "Region/economy", "(MillionsofUSdollars)") or partner.startswith(
        ("Table", "Note:")
    )
