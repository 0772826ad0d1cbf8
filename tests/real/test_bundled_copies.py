"""A bundled copy of a table and the table itself, loaded together: one figure each, and the table is preferred. Needs ../shared."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.intake import adopt
from tasks.sources.curated import FOLDER, Curated
from tests.support.loading import load_pending
from tests.support.paths import SHARED
from warehouse.connection import make_folders, writer
from warehouse.settings import Home, Settings

#: Bundled files, the source of what they copy, and its folder.
COPIES = {
    "fdi/unctad_bilateral_inflows.csv": ("unctad.fdi", "unctad_bilateral_fdi_2001-2012"),
    "fdi/unctad_bilateral_outflows.csv": ("unctad.fdi", "unctad_bilateral_fdi_2001-2012"),
    "fdi/unctad_bilateral_inward_stock.csv": ("unctad.fdi", "unctad_bilateral_fdi_2001-2012"),
    "indicator/provinces_transport_lengths.csv": ("chn.nbs", "china_province_transport_2005-2023"),
    "indicator/provinces_trade_two_bases.csv": ("chn.nbs", "china_province_trade_two_bases_2016-2024"),
}


@pytest.fixture(scope="module")
def con(
    shared: Path, tmp_path_factory: pytest.TempPathFactory, settings: Settings, warehouse_template: Path
) -> Iterator[duckdb.DuckDBPyConnection]:
    """The bundled files and what they copy, and nothing else."""
    folder = tmp_path_factory.mktemp("copies")
    home = Home(folder / "home")
    make_folders(home)
    shutil.copyfile(warehouse_template, home.warehouse)
    for name in COPIES:
        (folder / "curated" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(FOLDER / name, folder / "curated" / name)
    for adopted in adopt.adopt(home, [SHARED / "regional" / of for of in sorted({of for _, of in COPIES.values()})]):
        assert adopted.source in (None, "unctad.fdi", "chn.nbs")
    with writer(home, settings) as opened:
        for source in (Curated(folder / "curated"), "unctad.fdi", "chn.nbs"):
            assert [o.fault for o in load_pending(opened, home, settings, source) if o.fault] == []
        yield opened


@pytest.mark.usefixtures("shared")
@pytest.mark.parametrize("mart", ["fdi_figures", "indicator_figures"])
def test_every_bundled_figure_is_the_tables_own_and_steps_behind_it(con: duckdb.DuckDBPyConnection, mart: str) -> None:
    """So nothing changes but where a figure is from: both have the same value, and the same keys."""
    copies, preferred, spread, others = con.execute(
        f"SELECT count(*), count(*) FILTER (is_preferred), max(coalesce(spread, 0)), min(other_figures) FROM mart.{mart} WHERE source = 'curated'"
    ).fetchall()[0]
    assert (copies > 2000, preferred, spread, others) == (True, 0, 0, 1)
