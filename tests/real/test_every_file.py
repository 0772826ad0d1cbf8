"""All publishers' files at once: each is one source's and loads, or is named here, or in its folder's test, with the reason.

What is in a folder of one publisher is looked at closely in that publisher's test; here is that nothing is left over, and that
all of it together fills the marts. Figures are the publishers' own, typed in. Needs ../shared.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatch
from pathlib import Path

import duckdb
import pytest

from schemas import base
from schemas.mart import FIGURES_OF
from tasks import sources
from tasks.archive import store
from tasks.contract import facts
from tasks.intake import adopt
from tasks.intake.adopt import AdoptionResult
from tasks.load.outcome import Outcome
from tests.real import (
    test_comtrade,
    test_estat_boj,
    test_fx_distances_products,
    test_imf,
    test_national_customs,
    test_nbs,
    test_unctad_bilateral,
    test_unctad_oecd_eurostat,
    test_worldbank,
)
from tests.support import published
from tests.support.paths import SHARED
from tests.support.published import Built
from warehouse.connection import reader
from warehouse.settings import Home

# All files are loaded once, before the first test that looks at them.
pytestmark = [pytest.mark.shared, pytest.mark.timeout(1200)]

ROOTS = ("sources", "regional")

_PLACES = (
    "codes, names or shapes of places: the warehouse has its own (ref.place, ref.place_code), and no figures are here"
)
_SPECIMEN = "a specimen of SDMX for testing readers, of which tests/real/test_imf.py and others read many"
#: Why files are not loaded, by patterns of their place under ../shared: whole folders, and what lies beside data.
WHOLE_FOLDERS = {
    "*/README.md": "says what the folder holds",
    "sources/sdmx-test-data/*": _SPECIMEN,
    "sources/un-correlation-tables/BEC4_DESC.xlsx": "names of BEC 4: the warehouse has them (ref.product)",
    "sources/un-correlation-tables/WITS_*": "WITS, H0 to SITC 3: comes with the project (ref.correlation)",
    "regional/admin_*": _PLACES,
    "regional/iso3166_2_cn_jp/*": _PLACES,
    "regional/maps/*": _PLACES,
    "regional/sister_cities_wikidata_2016/*": "ties of cities by volunteers, without dates: the bundled ties have their documents (curated/milestones)",
    "regional/citable_figures/*": "transcribed by hand: bundled row by row, which test_bundled_figures.py holds to them",
    "regional/citable_figures_2/*": "transcribed by hand: to be bundled row by row with the founding questions",
}
#: The same by folder and then by name or place in it, said in the tests of these folders.
BY_FOLDER: dict[tuple[str, ...], Mapping[str, str]] = {
    test_fx_distances_products.FOLDERS: test_fx_distances_products.NOT_LOADED,
    tuple(test_imf.FOLDERS): test_imf.NOT_LOADED,
    tuple(f"uncomtrade-{name}" for name in test_comtrade.FOLDERS): test_comtrade.NOT_LOADED,
    test_unctad_oecd_eurostat.FOLDERS: test_unctad_oecd_eurostat.NOT_LOADED,
    test_unctad_bilateral.FOLDERS: test_unctad_bilateral.NOT_LOADED,
    test_worldbank.FOLDERS: test_worldbank.NOT_LOADED,
    tuple(f.split("/")[1] for f in test_national_customs.FOLDERS): test_national_customs.NOT_LOADED,
    test_nbs.FOLDERS: test_nbs.LEFT,
    ("estat_api_responses",): test_estat_boj.NOT_LOADED,
    ("boj_api_responses",): test_estat_boj.BOJ_NOT_LOADED,
}
#: Of folders that are left out as a whole, what is loaded nevertheless.
EXCEPT = {"sources/sdmx-test-data/ECB_EXR/1/M.USD.EUR.SP00.A.xml"}
#: The bundled figures are in the same home.
BUNDLED = "curated"
#: Of these sources there are no files that could be loaded.
WITHOUT_FILES = {"cepii.baci", "chn.gacc", BUNDLED, "eurostat.fdi", "jpn.jetro", "oecd.fdi"}
#: Tables of correspondences are no figures.
WITHOUT_FIGURES = {"unsd.correlation"}
#: Files of which nothing is loaded: a fixture of another project, whose only row is made up, and series that nobody has named.
WITHOUT_ROWS = published.NOT_LOADED
#: Rows refused, by source: Venezuela's rates, a corrected year of a panel, incomplete sums, a program's error in place of a number
#: (see the sources' tests), and a share of Benin's in 1988 of -1.1e-16, smaller than the decimals that are kept.
QUARANTINED = {"fred.fx": 440, "chn.nbs": 31, "unctad.fdi": 4, "worldbank.wdi": 1}


def place(path: Path) -> str:
    """A file's place under ../shared; of a gz file its own, not its member's."""
    parts = path.relative_to(SHARED).parts
    return "/".join(parts[:-1] if parts[-2].endswith(".gz") else parts)


def reasons(where: str) -> list[str]:
    """Why a file is not loaded, as far as it is named."""
    found = [why for pattern, why in WHOLE_FOLDERS.items() if fnmatch(where, pattern) and where not in EXCEPT]
    folder, within = where.split("/")[1], where.split("/", 1)[1]
    name = Path(where).name
    for folders, named in BY_FOLDER.items():
        if folder in folders:
            wanted = {name, name.removesuffix(".gz"), within}
            found += [why for key, why in named.items() if key in wanted or fnmatch(within, key)]
    return found


@dataclass(frozen=True)
class Loaded:
    """All of it, loaded: the published file, and what became of each file."""

    con: duckdb.DuckDBPyConnection
    outcomes: list[Outcome]

    def one(self, query: str) -> object:
        """The one row of a query, or its one value."""
        (row,) = self.con.execute(query).fetchall()
        return row[0] if len(row) == 1 else row


@pytest.fixture(scope="module")
def home(everything: Built) -> Home:
    """The home folder of all of it."""
    return everything.home


@pytest.fixture(scope="module")
def adopted(everything: Built) -> list[AdoptionResult]:
    """What became of every file and member."""
    return everything.adopted


@pytest.fixture(scope="module")
def loaded(everything: Built) -> Iterator[Loaded]:
    """Everything that was adopted, loaded source by source and published, as a build does, beside the bundled figures."""
    outcomes = [outcome for outcome in everything.outcomes if outcome.artifact.source != BUNDLED]
    with reader(everything.home) as con:
        yield Loaded(con, outcomes)


def test_a_page_says_of_each_layout_whether_a_publishers_file_was_tried(
    home: Home, adopted: list[AdoptionResult]
) -> None:
    assert adopted
    seen = {(artifact.source, artifact.layout or "") for artifact in store.manifests(home)}
    for source in sources.all_sources().values():
        for form in source.forms:
            tried = [p for p in form.layouts if any(s == source.id and fnmatch(layout, p) for s, layout in seen)]
            assert tried == [pattern for pattern in form.layouts if pattern not in form.made], (source.id, form.form)


# -- adopting ------------------------------------------------------------------------------------------------


def test_every_file_is_one_sources_or_named_with_the_reason(adopted: list[AdoptionResult]) -> None:
    unnamed = {place(a.path): a.message for a in adopted if a.source is None and not reasons(place(a.path))}
    assert unnamed == {}, "load it, or name it in the test of its folder, or here, with the reason"
    assert [a for a in adopted if "several sources recognise it" in a.message] == []


def test_what_is_named_is_there_and_is_not_loaded(adopted: list[AdoptionResult]) -> None:
    both = {place(a.path): reasons(place(a.path)) for a in adopted if a.source and reasons(place(a.path))}
    assert both == {}
    missed = [place(a.path) for a in adopted if a.source is None]
    assert [pattern for pattern in WHOLE_FOLDERS if not any(fnmatch(where, pattern) for where in missed)] == []
    assert {where for where in EXCEPT if where in {place(a.path) for a in adopted if a.source}} == EXCEPT


def test_every_folder_and_every_source_is_here(adopted: list[AdoptionResult]) -> None:
    files = [p for root in ROOTS for p in (SHARED / root).rglob("*") if p.is_file()]
    told = [place(a.path) for a in adopted]
    silent = [where for p in files if not any(t.startswith(where := p.relative_to(SHARED).as_posix()) for t in told)]
    assert silent == [], "adopting says something of every file"
    assert {a.source for a in adopted if a.source} == set(sources.all_sources()) - WITHOUT_FILES


def test_a_file_is_read_into_a_table_its_source_declares(home: Home, adopted: list[AdoptionResult]) -> None:
    for name in {a.source for a in adopted if a.source}:
        source = sources.get(name)
        used = {source.dataset(artifact).staged for artifact in store.manifests(home, name)}
        assert used <= set(source.tables), name


def test_what_is_adopted_again_is_known(home: Home, adopted: list[AdoptionResult]) -> None:
    before = [path.name for path in store.objects(home)]
    again = list(adopt.adopt(home, [SHARED / root for root in ROOTS]))
    assert [a for a in again if a.is_new] == []
    assert [(a.path, a.source) for a in again] == [(a.path, a.source) for a in adopted]
    assert [path.name for path in store.objects(home)] == before


# -- loading -------------------------------------------------------------------------------------------------


def test_every_adopted_file_is_loaded(loaded: Loaded, adopted: list[AdoptionResult]) -> None:
    assert {o.artifact.filename for o in loaded.outcomes if o.fault} == WITHOUT_ROWS
    assert len(loaded.outcomes) == sum(a.is_new for a in adopted)


def test_every_row_is_accepted_quarantined_or_set_aside(loaded: Loaded) -> None:
    for o in loaded.outcomes:
        assert o.rows_in == o.rows_accepted + o.rows_quarantined + o.rows_set_aside, o
    quarantined: dict[str, int] = {}
    for o in loaded.outcomes:
        quarantined[o.artifact.source] = quarantined.get(o.artifact.source, 0) + o.rows_quarantined
    assert {source: rows for source, rows in quarantined.items() if rows} == QUARANTINED
    nothing = {o.artifact.filename for o in loaded.outcomes if not o.rows_accepted}
    assert nothing == WITHOUT_ROWS


#: Which sources fill which mart of figures.
FILLED = {
    "trade": {"chn.nbs", "imf.imts", "jpn.customs", "kor.kosis", "uncomtrade", "usa.census"},
    "fdi": {"imf.dip", "unctad.fdi", "worldbank.wdi"},
    "indicator": {"cepii.geodist", "chn.nbs", "ecb.exr", "fred.fx", "imf.er", "jpn.boj", "jpn.estat", "worldbank.wdi"},
    "pair": {"cepii.geodist", "oecd.itic"},
}


FIGURES = {f.name: base.table_name(FIGURES_OF[f.name]) for f in facts.ALL}


@pytest.mark.parametrize("mart", FILLED)
def test_marts_are_filled_by_every_source_that_should(loaded: Loaded, mart: str) -> None:
    found = loaded.con.execute(f"SELECT DISTINCT source FROM {FIGURES[mart]}").fetchall()
    assert {source for (source,) in found} - {BUNDLED} == FILLED[mart]


def test_coverage_counts_every_figure_of_every_source(loaded: Loaded) -> None:
    for mart, expected in FILLED.items():
        covered = dict(
            loaded.con.execute(
                f"SELECT source, sum(figures)::BIGINT FROM mart.coverage WHERE fact = '{mart}' GROUP BY ALL"
            ).fetchall()
        )
        assert covered == dict(
            loaded.con.execute(f"SELECT source, count(*) FROM {FIGURES[mart]} GROUP BY ALL").fetchall()
        )
        assert set(covered) - {BUNDLED} == expected
    fresh = loaded.con.execute("SELECT source, sum(figures)::BIGINT FROM mart.freshness GROUP BY ALL").fetchall()
    assert {source for source, _ in fresh} - {BUNDLED} == set(sources.all_sources()) - WITHOUT_FILES - WITHOUT_FIGURES


#: Figures as their publishers print them, in US dollars; rounded where only a rounded one is on record.
GOLDEN = [
    (
        "World Bank, China's inflow of direct investment 2012, 241.21 billion", 2, "241213868161.42",
        "SELECT value_usd FROM mart.fdi_figures WHERE dataset = 'worldbank.wdi' AND reporter = 'CHN' AND counterpart = 'WLD' "
        "AND direction = 'liabilities' AND accounting = 'flow' AND year = 2012",
    ),
    (
        "World Bank, Japan's gross domestic product 2016, 5.0037 trillion", -8, "5003700000000",
        "SELECT value FROM mart.indicator_figures WHERE dataset = 'worldbank.wdi' AND place = 'JPN' AND indicator = 'gdp' "
        "AND unit = 'USD' AND year = 2016",
    ),
    (
        "Comtrade, Japan's exports to China 2019, all chapters", -7, "134670000000",
        "SELECT sum(value_usd) FROM mart.trade_figures WHERE dataset = 'uncomtrade.legacy.a.hs' AND reporter = 'JPN' "
        "AND partner = 'CHN' AND flow = 'export' AND year = 2019",
    ),
    (
        "Comtrade, imports of the United States from Japan 2023", 0, "151580564290",
        "SELECT value_usd FROM mart.trade_figures WHERE dataset = 'uncomtrade.a.hs' AND reporter = 'USA' AND partner = 'JPN' "
        "AND flow = 'import' AND product = 'TOTAL' AND year = 2023",
    ),
    (
        "UNCTAD, China's inflow 2012, 121,073.14 million", 2, "121073140000.00",
        "SELECT value_usd FROM mart.fdi_figures WHERE dataset = 'unctad.wir.inflows' AND reporter = 'CHN' AND year = 2012",
    ),
    (
        "IMF, Japan's position in China 2016 as Japan states it, 108.23 billion", -7, "108230000000",
        "SELECT value_usd FROM mart.fdi_figures WHERE dataset = 'imf.dip' AND reporter = 'JPN' AND counterpart = 'CHN' "
        "AND direction = 'outward' AND instrument = 'total' AND derivation = 'reported' AND year = 2016",
    ),
    (
        "IMF, the same as China states it, 142.02 billion", -7, "142020000000",
        "SELECT value_usd FROM mart.fdi_figures WHERE dataset = 'imf.dip' AND reporter = 'CHN' AND counterpart = 'JPN' "
        "AND direction = 'inward' AND instrument = 'total' AND derivation = 'reported' AND year = 2016",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("what", "digits", "printed", "query"), GOLDEN, ids=[what for what, *_ in GOLDEN])
def test_golden_totals(loaded: Loaded, what: str, digits: int, printed: str, query: str) -> None:
    found = loaded.one(query)
    assert isinstance(found, Decimal)
    assert round(found, digits) == Decimal(printed)


def test_the_mirror_has_both_statements_of_one_position(loaded: Loaded) -> None:
    found = loaded.one(
        "SELECT round(outward_usd / 1e9, 2), round(inward_usd / 1e9, 2), round(gap_usd / 1e9, 2), mirror_status "
        "FROM mart.mirror_fdi WHERE outward_from.dataset = 'imf.dip' AND investor = 'JPN' AND host = 'CHN' AND year = 2016"
    )
    assert found == (108.23, 142.02, 33.79, "both")
