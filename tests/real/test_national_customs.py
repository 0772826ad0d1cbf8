"""Japan's, Korea's and the United States' trade with China 2001-2019 by month, as published. Needs ../shared."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from tasks.intake.adopt import AdoptionResult
from tasks.load.outcome import Outcome
from tests.support.loading import adopt_files, load_pending
from tests.support.paths import SHARED
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

#: What is not loaded, and why.
NOT_LOADED = {
    "README.md": "about the files",
    "exchange-rates.csv": "daily rates the collector had from the IMF: the warehouse keeps years, quarters and months, "
    "which imf.er has as published; averages of ours would be nobody's figures",
}
FOLDERS = ("sources/national-customs-china-trade", "regional/china_bilateral_trade_monthly")
SOURCES = {"japan": "jpn.customs", "korea": "kor.kosis", "usa": "usa.census"}

Loaded = tuple[duckdb.DuckDBPyConnection, list[tuple[Path, AdoptionResult]], list[Outcome]]


@pytest.fixture(scope="module")
def loaded(
    shared: Path, warehouse_template: Path, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Loaded]:
    """Both folders, adopted and loaded once."""
    home = Home(tmp_path_factory.mktemp("customs"))
    make_folders(home)
    home.warehouse.write_bytes(warehouse_template.read_bytes())
    with writer(home, settings) as con:
        taken = [(a.path, a) for folder in FOLDERS for a in adopt_files(home, SHARED / folder).values()]
        yield con, taken, [o for source in SOURCES.values() for o in load_pending(con, home, settings, source)]


def test_every_file_is_loaded_or_named(shared: Path, loaded: Loaded) -> None:
    _, taken, outcomes = loaded
    assert {p.name for p, a in taken if a.source is None} == set(NOT_LOADED)
    assert {p.name.split("-")[0]: a.source for p, a in taken if a.source} == SOURCES
    assert [(o.fault, o.rows_in, o.rows_quarantined) for o in outcomes] == [(None, 456, 0)] * 3


MONTHS = [
    # As printed: thousand yen, thousand dollars, million dollars.
    ("JPN", "JPY", "2001-01", "231700220000", "586529635000"),
    ("JPN", "JPY", "2019-12", "1413010663000", "1541338119000"),
    ("KOR", "USD", "2001-01", "1239083000", "999763000"),
    ("KOR", "USD", "2019-10", "12243754000", "9215893000"),
    ("KOR", "USD", "2019-12", "12296986000", "9023873000"),
    ("USA", "USD", "2001-01", "1187500000", "8427500000"),
    ("USA", "USD", "2019-12", "8901200000", "33418100000"),
]


@pytest.mark.parametrize(("reporter", "currency", "month", "exports", "imports"), MONTHS)
def test_months_to_the_last_digit(
    shared: Path, loaded: Loaded, reporter: str, currency: str, month: str, exports: str, imports: str
) -> None:
    found = loaded[0].execute(
        "SELECT flow, value FROM mart.trade_figures WHERE reporter = ? AND partner = 'CHN' AND period = ? AND currency = ? ORDER BY flow",
        [reporter, month, currency],
    ).fetchall()  # fmt: skip
    assert found == [("export", Decimal(exports)), ("import", Decimal(imports))]


def test_every_month_is_there(shared: Path, loaded: Loaded) -> None:
    found = loaded[0].execute(
        "SELECT reporter, valuation, count(*), min(period), max(period) FROM mart.trade_figures WHERE partner = 'CHN' GROUP BY ALL ORDER BY ALL"
    ).fetchall()  # fmt: skip
    span = (228, "2001-01", "2019-12")
    assert found == [
        ("JPN", "CIF", *span), ("JPN", "FOB", *span), ("KOR", "CIF", *span), ("KOR", "FOB", *span),
        ("USA", "FAS", *span), ("USA", "unknown", *span),
    ]  # fmt: skip


#: Published totals of years, rounded as the READMEs give them: billions of yen, or tenths or hundredths of a billion dollars.
YEARS = [
    ("JPN", 2012, "export", 9, "11509"), ("JPN", 2012, "import", 9, "15039"), ("JPN", 2016, "export", 9, "12361"),
    ("JPN", 2016, "import", 9, "17019"), ("KOR", 2012, "export", 8, "1343"), ("KOR", 2012, "import", 8, "808"),
    ("KOR", 2016, "export", 7, "12443"), ("KOR", 2016, "import", 7, "8698"), ("USA", 2012, "export", 8, "1105"),
    ("USA", 2012, "import", 8, "4256"), ("USA", 2016, "export", 8, "1156"), ("USA", 2016, "import", 8, "4624"),
]  # fmt: skip


@pytest.mark.parametrize(("reporter", "year", "flow", "places", "total"), YEARS)
def test_years(shared: Path, loaded: Loaded, reporter: str, year: int, flow: str, places: int, total: str) -> None:
    row = loaded[0].execute(
        "SELECT sum(value) FROM mart.trade_figures WHERE reporter = ? AND partner = 'CHN' AND year = ? AND flow = ?",
        [reporter, year, flow],
    ).fetchone()  # fmt: skip
    assert row is not None
    assert (row[0] / 10**places).quantize(Decimal(1)) == Decimal(total)
