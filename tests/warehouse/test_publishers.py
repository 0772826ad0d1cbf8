"""A publisher has one name: what is counted and listed by publisher is not split by how a row happens to write it."""

import csv
import re
from pathlib import Path

import warehouse
from tasks import sources


def _names() -> set[str]:
    """The names of publishers in the bundled tables and of the sources."""
    named = {source.publisher for source in sources.all_sources().values()}
    for path in (Path(warehouse.__file__).parent / "curated").glob("*/*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as file:
            named |= {row["publisher"] for row in csv.DictReader(file)}
    return named


def test_no_publisher_is_named_by_its_abbreviation_or_without_it() -> None:
    names = _names()
    with_abbreviation = {name: found for name in names if (found := re.fullmatch(r"(.+) \(([A-Z]{3,})\)", name))}
    assert len(with_abbreviation) > 10
    short = {part: name for name, found in with_abbreviation.items() for part in found.groups()}
    assert {name: short[name] for name in names if name in short} == {}


def test_the_figures_of_a_source_name_its_publisher_as_the_source_does() -> None:
    """Where a query states the publisher, and not each row of the bundled tables or each kind of workbook."""
    rooms = Path(sources.__file__).parent
    for source in sources.all_sources().values():
        room = rooms / type(source).__module__.split(".")[2]
        for query in room.glob("*.sql"):
            for stated in re.findall(r"'((?:[^']|\'\')+)' AS publisher", query.read_text(encoding="utf-8")):
                assert stated.replace("''", "'") == source.publisher, query
