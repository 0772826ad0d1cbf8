"""UNCTAD's, the OECD's and Eurostat's files as they are. Needs ../shared/sources.

Figures are typed in from the READMEs there, which have them from the publishers' tables, and from the files' own lines.
"""

import json
import shutil
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks import sources
from tasks.contract.service import Request
from tasks.formats import jsonstat
from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load.outcome import Outcome
from tests.support.answers import answer
from tests.support.loading import by_file, load_pending
from tests.support.paths import SHARED
from warehouse.connection import make_folders, writer
from warehouse.errors import CutAtLimit
from warehouse.settings import Home, Settings

FOLDERS = ("unctad-wir", "oecd-fdi", "oecd-sdmx", "eurostat-api")

#: What is not loaded, and the words that say why.
NOT_LOADED = {
    "OECD.DAF.INV_DSD_FDI@DF_FDI_INC_IND.csv": "opened and saved in a spreadsheet",  # its numbers are broken
    "oecd_sdmx_naag_2020_2021_raw.xml": "no source recognises its content",  # national accounts at a glance, not trade or FDI
    "oecd_sdmx_naag_structure_20260604.xml": "no source recognises its content",  # structure of the same
    "oecd1_sdmx-json_legacy-dotstat.json": "no source recognises its content",  # quarterly GDP of the former stats.oecd.org
    "tourism_sdmx-json_legacy-dotstat.json": "no source recognises its content",  # tourism
    "eurostat-namq-10-gdp-2023q1-2023q2-raw.json": "no source recognises its content",  # GDP; the same form as FDI
    "DSD_cdh_e_fos.xml": "no source recognises its content",  # structure of doctorate holders
    "README.md": "no source recognises its content",
}
ROWS = {
    "WIR2022_tab01_fdi-inflows.csv": 244 * 32,
    "WIR2022_tab02_fdi-outflows.csv": 214 * 32,
    "WIR2024_tab01_fdi-inflows_1990-2023.csv": 240 * 34,
    "WIR2024_tab02_fdi-outflows_1990-2023.csv": 217 * 34,
    "OECD.SDD.TPS,DSD_ITIC@DF_ITIC,1.1+CHN...._T.A..csv": 2154,
    "OECD.SDD.TPS,DSD_ITIC@DF_ITIC,1.1+JPN...._T.A..csv": 2254,
}


class Loaded:
    """All files of the folders, adopted and loaded once."""

    def __init__(
        self, con: duckdb.DuckDBPyConnection, told: list[AdoptionResult], outcomes: dict[str, Outcome]
    ) -> None:
        self.con, self.told, self.outcomes = con, told, outcomes

    def one(self, query: str) -> object:
        """The one value a query gives."""
        found = self.con.execute(query).fetchall()
        assert len(found) == 1, found
        return found[0][0]


@pytest.fixture(scope="module")
def loaded(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, warehouse_template: Path, settings: Settings
) -> Iterator[Loaded]:
    """The folders' files in a warehouse of their own."""
    home = Home(tmp_path_factory.mktemp("real") / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    told = list(adopt.adopt(home, [SHARED / "sources" / folder for folder in FOLDERS]))
    with writer(home, settings) as con:
        outcomes: dict[str, Outcome] = {}
        for source in ("unctad.fdi", "oecd.fdi", "oecd.itic", "eurostat.fdi"):
            outcomes |= by_file(load_pending(con, home, settings, source))
        yield Loaded(con, told, outcomes)


def test_every_file_is_loaded_or_named(shared: Path, loaded: Loaded) -> None:
    for file in loaded.told:
        if file.source is None:
            assert NOT_LOADED[file.path.name] in file.message
    taken = {a.path.name for a in loaded.told if a.source}
    assert {n.removesuffix(".gz") for n in taken} == set(ROWS)
    assert {a.path.name.removesuffix(".gz") for a in loaded.told if not a.source} == set(NOT_LOADED)


def test_every_row_is_accepted(shared: Path, loaded: Loaded) -> None:
    assert {n: (o.rows_in, o.rows_quarantined, o.fault) for n, o in loaded.outcomes.items()} == {
        name: (rows, 0, None) for name, rows in ROWS.items()
    }


#: Million dollars, by direction, economy, year and the report they are first stated in or revised by.
GOLDEN = [
    ("inward", "CHN", "1990", 2022, "3487.11"),
    ("inward", "CHN", "2012", 2024, "121073.14"),
    ("inward", "CHN", "2023", 2024, "163253.45"),
    ("inward", "JPN", "2021", 2022, "24652.03117"),
    ("inward", "JPN", "2021", 2024, "34294.02016"),
    ("inward", "WLD", "2023", 2024, "1331813.323"),
    ("inward", "EU27_2020", "2022", 2024, "-84830.85216"),
    ("outward", "CHN", "2012", 2022, "87803.53"),
    ("outward", "JPN", "2021", 2022, "146782.3858"),
    ("outward", "JPN", "2021", 2024, "208985.4337"),
    ("outward", "WLD", "2023", 2024, "1550583.782"),
]


@pytest.mark.parametrize(("direction", "reporter", "period", "report", "millions"), GOLDEN)
def test_unctads_figures_to_the_last_digit(
    shared: Path, loaded: Loaded, direction: str, reporter: str, period: str, report: int, millions: str
) -> None:
    found = loaded.one(
        f"SELECT value FROM core.fdi_versions WHERE source = 'unctad.fdi' AND direction = '{direction}' AND reporter = '{reporter}' "
        f"AND period = '{period}' AND year(published_on) = {report}"
    )
    assert found == Decimal(millions) * 10**6


def test_unctads_inflow_of_china_is_not_the_balance_of_payments(shared: Path, loaded: Loaded) -> None:
    """121 billion dollars in 2012, where the World Bank prints 241.214 from the balance of payments."""
    found = loaded.one(
        "SELECT value_usd FROM mart.fdi_figures WHERE concept = 'unctad' AND reporter = 'CHN' AND period = '2012' AND direction = 'inward'"
    )
    assert found == Decimal("121073140000.00")


@pytest.mark.parametrize("direction", ["inward", "outward"])
def test_the_european_union_is_that_of_27_in_all_years(shared: Path, loaded: Loaded, direction: str) -> None:
    """The sum of the 27, with Belgium and Luxembourg as one before 2002, and Czechoslovakia, is what is printed as the EU."""
    off = loaded.con.execute(
        "SELECT period, sum(value) FILTER (reporter = 'EU27_2020') - sum(value) FILTER (reporter <> 'EU27_2020') AS gap "
        f"FROM core.fdi JOIN meta.editions AS e USING (edition) WHERE e.source = 'unctad.fdi' AND direction = '{direction}' "
        "AND superseded_by IS NULL AND (reporter IN ('EU27_2020', 'BLX', 'CSK') OR reporter IN "
        "(SELECT member FROM ref.place_group WHERE place_group = 'EU27_2020')) GROUP BY period HAVING abs(gap) > 2000"
    ).fetchall()
    assert off == []


def test_developed_and_developing_economies_are_the_world(shared: Path, loaded: Loaded) -> None:
    """To what a table of five decimals, in millions of dollars, can be off."""
    worst = loaded.one(
        "SELECT max(abs(gap)) FROM (SELECT sum(CASE reporter WHEN 'WLD' THEN value ELSE -value END) AS gap FROM mart.fdi_figures "
        "WHERE source = 'unctad.fdi' AND reporter IN ('WLD', 'UNCTAD_DEVELOPED', 'UNCTAD_DEVELOPING') GROUP BY direction, period)"
    )
    assert isinstance(worst, Decimal)
    assert worst < 2000


def test_the_margin_of_chinas_imports_from_japan(shared: Path, loaded: Loaded) -> None:
    """4.68 % in 2016; imputed."""
    found = loaded.con.execute(
        "SELECT value, unit, obs_status, printed_value FROM mart.pair WHERE source = 'oecd.itic' AND place = 'CHN' "
        "AND counterpart = 'JPN' AND period = '2016'"
    ).fetchall()
    assert found == [(Decimal("4.676504979487400"), "percent", "I", "4.6765049794874")]
    assert loaded.one("SELECT round(value, 2) FROM mart.pair WHERE place = 'JPN' AND counterpart = 'CHN' AND year = 2016") == (
        Decimal("4.76")
    )  # fmt: skip


def test_the_broken_numbers_of_the_spreadsheet_are_in_no_table(shared: Path, loaded: Loaded) -> None:
    assert loaded.one("SELECT count(*) FROM meta.loads WHERE source = 'oecd.fdi'") == 0


@pytest.mark.parametrize("name", ["footer.xml", "footer2.xml"])
def test_eurostats_promises_to_prepare_an_answer_are_split(shared: Path, tmp_path: Path, name: str) -> None:
    content = (shared / "sources" / "sdmx-test-data" / "ESTAT" / name).read_bytes()
    with pytest.raises(CutAtLimit):
        sources.get("eurostat.fdi").judge(
            Request("/statistics/1.0/data/bop_fdi6_pos", "x.json"), answer(tmp_path, content, name)
        )


def test_eurostats_cube_of_gdp_is_read_by_the_same_reader(shared: Path) -> None:
    """Germany 1,043,520.0 and 1,031,880.0, both provisional; France 684,762.7 and 706,147.7 million euro."""
    path = shared / "sources" / "eurostat-api" / "eurostat-namq-10-gdp-2023q1-2023q2-raw.json"
    cells = jsonstat.cells(json.loads(path.read_text(), parse_float=str, parse_int=str), path.name)
    assert [(*c.codes[-2:], c.value, c.status) for c in cells] == [
        ("DE", "2023-Q1", "1043520.0", "p"),
        ("DE", "2023-Q2", "1031880.0", "p"),
        ("FR", "2023-Q1", "684762.7", None),
        ("FR", "2023-Q2", "706147.7", None),
    ]
