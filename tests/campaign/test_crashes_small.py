"""A few steps that are killed or find the disk full; ``make crashes`` does so for all of them, many times."""

from pathlib import Path

import pytest

from tests.campaign import crashes, homes
from tests.campaign.crashes import Trial
from tests.campaign.homes import Bases

#: Of this seed.
SEED = 5


@pytest.fixture(scope="module")
def bases(warehouse_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Bases:
    """A small home in each state, with files of two publishers."""
    return homes.make(tmp_path_factory.mktemp("crashes"), warehouse_template, ["API_SP.POP.TOTL.csv", "API_SP.POP.TOTL_later.csv"])  # fmt: skip


@pytest.mark.parametrize("number", [0, 11], ids=["adopt, killed", "restore, disk full"])
def test_a_step_that_is_broken_off_is_made_up_for(bases: Bases, number: int) -> None:
    (trial,) = crashes.trials(bases, SEED, [number])
    assert trial.wrong == ()


def test_a_figure_that_differs_is_found(bases: Bases, tmp_path: Path) -> None:
    other = bases.copy("adopted", tmp_path / "other")
    homes.run("build", other)
    assert list(homes.differences(bases.built, other)) == []
    homes.tamper(other)
    assert [line.partition(":")[0] for line in homes.differences(bases.built, other)] == ["core.indicator"] * 2


def test_the_table_counts_what_was_broken_off() -> None:
    lines = list(crashes.page([Trial(0, "adopt", crashes.KILLED, 2, ()), Trial(1, "adopt", crashes.STARVED, 3, ("core.trade: 1 rows",))], 1))  # fmt: skip
    assert "2 trials, seed 1, in which a step was broken off 5 times." in lines
    assert "| adopt | 2 | 3 | 2 | 1 |" in lines
    assert any("core.trade: 1 rows" in line for line in lines)
