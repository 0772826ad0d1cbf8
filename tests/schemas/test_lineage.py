"""Every mart says which figures or facts its values come from."""

import pytest

from schemas import base, lineage, mart
from schemas.lineage.kinds import CellLineage

MARTS = {base.table_name(view).removeprefix("mart."): view for view in mart.VIEWS}
READINGS = {reading.mart: reading for reading in lineage.READINGS}
#: Columns that count or compare figures, or say which row it is.
_NOT_VALUES = {"other_figures", "other_dates", "spread", "place_count", "member_count"}


def _declared(name: str) -> set[str]:
    of = lineage.FACTS.get(name) or READINGS[name]
    return set(of.columns.values()) if isinstance(of, CellLineage) else set(of.columns)


@pytest.mark.parametrize("name", MARTS)
def test_every_mart_has_a_lineage_or_says_why_not(name: str) -> None:
    homes = [name in lineage.FACTS, name in READINGS, name in lineage.FIGURES, name in lineage.NOT_TRACED]
    assert homes.count(True) == 1


@pytest.mark.parametrize("name", [*lineage.FACTS, *READINGS])
def test_every_value_column_has_a_lineage(name: str) -> None:
    of = lineage.FACTS.get(name)
    key = of.key if of else ["place", "year", "exporter", "importer"]
    numbers = {
        c.name for c in base.columns(MARTS[name]) if c.type.split("(")[0] in ("DECIMAL", "BIGINT", "INT", "DOUBLE")
    }
    assert numbers - set(key) - _NOT_VALUES - {"year"} <= _declared(name)


@pytest.mark.parametrize("name", [*lineage.FACTS, *READINGS])
def test_only_columns_that_are_there_are_declared(name: str) -> None:
    there = {c.name for c in base.columns(MARTS[name])}
    assert _declared(name) <= there
    if of := lineage.FACTS.get(name):
        assert set(of.key) <= there


def test_readings_are_made_of_columns_that_are_there() -> None:
    for reading in lineage.READINGS:
        for column, facts in reading.columns.items():
            for fact in facts:
                there = {c.name for c in base.columns(MARTS[fact.mart])}
                assert fact.column in there, (reading.mart, column)


def test_every_value_column_is_described() -> None:
    rows = lineage.described()
    assert {(name, column) for name, column, *_ in rows} == {
        (name, column) for name in (*lineage.FACTS, *READINGS) for column in _declared(name)
    }


@pytest.mark.parametrize("of", lineage.CELLS, ids=lambda of: of.mart)
def test_a_row_is_identified_by_the_key_of_the_schema(of: CellLineage) -> None:
    assert [*of.key] == base.key(MARTS[of.mart])
