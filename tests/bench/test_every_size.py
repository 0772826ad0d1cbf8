"""The sizes that are published, as recorded in docs/bench.json and shown on docs/scale.md; and what a cliff is."""

import json
from pathlib import Path

from tests.bench import every_size
from tests.bench.every_size import Size
from tests.support.paths import ROOT

RECORDED = json.loads((ROOT / "docs" / "bench.json").read_text(encoding="utf-8"))[every_size.KEY]


def size(millions: float, seconds: float, gigabytes: float, fault: str | None = None) -> Size:
    """A size with what its build cost."""
    return Size(millions, int(millions * 1e6), 1.0, 10**8, seconds, int(gigabytes * 1e9), 10**8, fault)


def test_a_size_that_costs_more_than_the_next_larger_one_is_a_cliff() -> None:
    assert not [*every_size.cliffs([size(1, 30, 1.0), size(2, 30, 1.0), size(3, 40, 1.2)])]
    assert not [*every_size.cliffs([size(1, 30.5, 1.0), size(2, 30, 1.0)])]  # as much as two runs of one size differ by
    slow, large = every_size.cliffs([size(1, 50, 1.0), size(2, 30, 2.0), size(3, 40, 1.2)])
    assert slow == "1 million rows take 51.0 processor seconds, 2 million 31.0"
    assert large == "2 million rows take 2,000,000,000.0 bytes of memory, 3 million 1,200,000,000.0"


def test_of_several_runs_the_least_counts_and_a_failed_one_before_all() -> None:
    assert every_size._least([size(1, 40, 1.0), size(1, 30, 1.2)]) == size(1, 30, 1.0)
    failed = size(2, 0, 0, "out of memory")
    assert every_size._least([size(2, 30, 1.0), failed]) == failed


def test_every_size_from_half_a_million_to_eleven_million_rows_was_published() -> None:
    sizes = [Size(**recorded) for recorded in RECORDED["sizes"]]
    assert [s.millions for s in sizes] == list(every_size.SIZES)
    assert [s.fault for s in sizes if s.fault] == []
    assert RECORDED["cliffs"] == [*every_size.cliffs(sizes)]


def test_the_page_shows_every_size_as_recorded(tmp_path: Path) -> None:
    sizes = [Size(**recorded) for recorded in RECORDED["sizes"]]
    text = (ROOT / "docs" / every_size.PAGE).read_text(encoding="utf-8")
    assert every_size.page_table(sizes) in text
    page = tmp_path / "scale.md"
    page.write_text(text, encoding="utf-8")
    every_size.write_page(page, [size(1, 30, 1.0)])
    assert "| 1 | 31.0 | 1.00 | 100 | published |" in page.read_text(encoding="utf-8")
    every_size.write_page(page, sizes)
    assert page.read_text(encoding="utf-8") == text
