"""The registry of meanings and the schemas say the same: no column without a meaning, no meaning without a column."""

import importlib
import pkgutil
import re
from typing import Any

import pytest

import schemas
from schemas import base, core, curated, mart, meta, observations, profile, reference
from schemas.base import Table
from schemas.columns import MEANINGS, is_stock
from schemas.mart import investment, other_facts

BINARY_FLOATS = ("DOUBLE", "FLOAT", "REAL")


def _modules() -> Any:
    return [importlib.import_module(m.name) for m in pkgutil.walk_packages(schemas.__path__, "schemas.")]


def _declared() -> list[type[Table]]:
    """Every schema class, with or without a name in the database."""
    classes = {
        value
        for module in _modules()
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Table) and value is not Table
    }
    return sorted(classes, key=lambda c: (c.__module__, c.__name__))


def _named() -> list[type[Table]]:
    """The schema classes that are tables, not parts of tables."""
    return [c for c in _declared() if c.to_schema().name not in (None, c.__name__)]


DECLARED, NAMED = _declared(), _named()
FACTS = [
    t for t in NAMED if t.__module__ in {m.__name__ for m in (core, curated, observations)} or t in set(core.TABLES)
]


def _id(table: type[Table]) -> str:
    return f"{table.__module__.removeprefix('schemas.')}.{table.__name__}"


def test_the_tables_are_found() -> None:
    listed = {*core.TABLES, *meta.TABLES, *meta.VIEWS, *reference.TABLES, *mart.VIEWS}
    assert listed <= set(NAMED)
    assert {c for c in NAMED if c.__module__ == "schemas.core"} == set(core.TABLES)
    assert {c for c in NAMED if c.__module__ == "schemas.meta"} == {*meta.TABLES, *meta.VIEWS}
    assert {c for c in NAMED if c.__module__ == "schemas.reference"} == {*reference.TABLES, *reference.VIEWS}
    assert {c for c in NAMED if c.__module__.startswith("schemas.mart.")} == set(mart.VIEWS)
    assert sum(c.__module__ == "schemas.curated" for c in NAMED) == 8
    assert sum(c.__module__ == "schemas.observations" for c in NAMED) == 8


@pytest.mark.parametrize("table", DECLARED, ids=_id)
def test_every_column_has_a_meaning(table: type[Table]) -> None:
    missing = [name for name in table.to_schema().columns if name not in MEANINGS]
    assert not missing
    for column in base.columns(table):
        assert column.description.strip() == column.description != ""
        assert column.unit is None or column.unit.strip()


@pytest.mark.parametrize("table", DECLARED, ids=_id)
def test_every_table_has_a_docstring_of_its_own(table: type[Table]) -> None:
    assert table.__dict__.get("__doc__"), f"{table.__name__} has none, or only its base's"
    assert base.description(table) != base.description(Table)
    assert "\n" not in base.description(table)


@pytest.mark.parametrize("table", NAMED, ids=_id)
def test_a_table_is_named_with_its_schema_and_its_key_stands_in_it(table: type[Table]) -> None:
    schema, name = base.table_name(table).split(".")
    assert schema
    assert name
    names = [c.name for c in base.columns(table)]
    assert set(base.key(table)) <= set(names)
    assert len(names) == len(set(names))


def test_no_two_tables_have_one_name() -> None:
    names = [base.table_name(t) for t in NAMED]
    assert sorted(names) == sorted(set(names))


@pytest.mark.skipif(not mart.VIEWS, reason="the marts, for which many meanings stand, are not declared yet")
def test_no_meaning_is_unused() -> None:
    used = {name for table in DECLARED for name in table.to_schema().columns}
    assert not sorted(set(MEANINGS) - used)


@pytest.mark.parametrize("table", FACTS, ids=_id)
def test_no_fact_is_kept_in_binary_floating_point(table: type[Table]) -> None:
    assert not [c.name for c in base.columns(table) if c.type.split("(")[0].upper() in BINARY_FLOATS]


@pytest.mark.parametrize("view", mart.VIEWS, ids=_id)
def test_no_mart_gives_an_amount_in_binary_floating_point(view: type[Table]) -> None:
    """Shares and indices may be floating; what is added up may not."""
    amounts = {"value", "value_usd", "printed_value", "previous_value", "quantity", "net_weight_kg", "fx_rate"}
    floating = {c.name for c in base.columns(view) if c.type.split("(")[0].upper() in BINARY_FLOATS}
    assert not {n for n in floating if n in amounts or n.endswith(("_usd", "_cny", "_km"))}


@pytest.mark.parametrize("table", NAMED, ids=_id)
def test_references_name_a_column_that_is_there(table: type[Table]) -> None:
    tables = {base.table_name(t): {c.name for c in base.columns(t)} for t in NAMED}
    for name, column in table.to_schema().columns.items():
        for check in (c for c in column.checks if c.name == base.REFERENCES):
            assert check.statistics["column"] in tables[check.statistics["table"]], f"{name}: {check.statistics}"


def test_stocks_are_told_from_flows_by_their_names() -> None:
    """What the descriptions of investment call a position, a stock or a sum of all past is a stock, and no flow is; every count is one."""
    for concept, words in {**investment.FDI_CONCEPTS, **investment.PROVINCE_CONCEPTS}.items():
        says_so = re.search(r"\bposition\b|\bstock\b|sum of (all )?past|so far", words, re.IGNORECASE) is not None
        assert is_stock(f"{concept}_usd") is says_so, concept
    assert all(is_stock(unit) for unit in other_facts.COUNTING_UNITS)
    for measure in profile.MEASURES:
        assert is_stock(measure.name) is (measure.unit in ("persons", "companies", "km")), measure.name
