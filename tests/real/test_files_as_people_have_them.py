"""Small inputs in publishers' real forms that went wrong once, each with its right outcome (../shared/failing)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.support.loading import adopt_files, load_pending
from warehouse.errors import BadData
from warehouse.settings import Home, Settings

pytestmark = pytest.mark.shared


@dataclass(frozen=True)
class Right:
    """What has to become of an input: its source, the rows loaded, quarantined and set aside; or what the refusal says."""

    source: str | None
    loaded: int = 0
    quarantined: int = 0
    set_aside: int = 0
    says: str = ""
    query: str = ""
    gives: tuple[Any, ...] = ()


IDN = (
    "SELECT CAST(value AS DOUBLE) / 1e6 FROM core.fdi WHERE reporter = 'IDN' AND superseded_by IS NULL ORDER BY period"
)
#: By the beginning of the input's name.
OUTCOMES = {
    "01_": Right("uncomtrade", 4, says="its text is in iso-8859-1"),
    "02_": Right("worldbank.wdi", 2),
    "03a_": Right("chn.nbs", 4),
    "03b_": Right("chn.nbs", 4),
    "04_": Right("unctad.fdi", 16, set_aside=2, query=IDN, gives=((-2977.4,), (24212.3,))),
    "05_": Right("chn.nbs", 3, quarantined=6),
    "06_": Right("chn.nbs", 6),
    "07_": Right("worldbank.wdi", 4, says="2024-06-28"),
    "08_": Right("uncomtrade", 3, query="SELECT flow FROM mart.trade_figures ORDER BY 1", gives=(("export",), ("export",), ("import",))),
    "09_": Right("ecb.exr", 2),
    "10_": Right("fred.fx", 3),
    "12_": Right(None, says="trade in services: not taken"),
    "13_": Right(None, says="as data.imf.org gave them until 2025"),
    "14_": Right(
        "eurostat.fdi", 5,
        query="SELECT CAST(printed_value AS DOUBLE), obs_status FROM core.fdi ORDER BY ALL NULLS LAST",
        gives=((-20.0, "P"), (7.25, "E"), (100.5, "B"), (None, "Q"), (None, "Q")),
    ),
    "15_wdi_taken_back_a": Right("worldbank.wdi", 6),
    "15_wdi_taken_back_b": Right("worldbank.wdi", 6),
    "17_": Right("uncomtrade", 2, query="SELECT partner FROM mart.trade_figures ORDER BY 1", gives=(("JPN",), ("_X492",))),
    "18_": Right("uncomtrade", 60, quarantined=10),
    "19_": Right("worldbank.wdi", says="wb_series=SH.XPD.TOTL.ZS"),
    "20_": Right("fred.fx", 2),
    "21_": Right("uncomtrade", 3, query="SELECT DISTINCT classification FROM mart.trade_figures", gives=(("HS",),)),
    "23_": Right("worldbank.wdi", 3),
}  # fmt: skip


@pytest.mark.parametrize("beginning", OUTCOMES)
def test_each_input_has_its_right_outcome(
    shared: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, beginning: str
) -> None:
    right = OUTCOMES[beginning]
    (path,) = (p for p in (shared / "failing").iterdir() if p.name.startswith(beginning) and p.suffix != ".md")
    (adopted,) = adopt_files(home, path).values()
    assert adopted.source == right.source, adopted.message
    if right.source is None:
        assert right.says in adopted.message
        return
    (outcome,) = load_pending(warehouse, home, settings, right.source)
    if not right.loaded:
        assert isinstance(outcome.fault, BadData)
        assert right.says in str(outcome.fault)
        return
    assert outcome.fault is None
    assert right.says in adopted.message
    rows = outcome.rows_accepted, outcome.rows_quarantined, outcome.rows_set_aside
    assert rows == (right.loaded, right.quarantined, right.set_aside)
    if right.query:
        assert tuple(warehouse.execute(right.query).fetchall()) == right.gives


def test_every_input_is_in_the_table(shared: Path) -> None:
    names = [p.name for p in (shared / "failing").iterdir() if p.suffix != ".md" and p.is_file()]
    assert [n for n in names if not any(n.startswith(beginning) for beginning in OUTCOMES)] == []


def test_files_of_one_name_are_loaded_each(
    shared: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    adopt_files(home, shared / "failing" / "11_same_name")
    outcomes = load_pending(warehouse, home, settings, "uncomtrade")
    assert sorted(o.rows_accepted for o in outcomes) == [3, 50]


def test_a_withdrawn_figure_is_gone_from_the_later_edition_on(
    shared: Path, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings
) -> None:
    adopt_files(home, *(shared / "failing" / f"15_wdi_taken_back_{part}.csv" for part in "ab"))
    load_pending(warehouse, home, settings, "worldbank.wdi")
    query = (
        "SELECT value, obs_status FROM core.fdi WHERE reporter = 'TUV' AND period = '2013' AND superseded_by IS {} NULL"
    )
    assert warehouse.execute(query.format("")).fetchall() == [(None, "O")]
    assert warehouse.execute(query.format("NOT")).fetchall() == [(0, "A")]
