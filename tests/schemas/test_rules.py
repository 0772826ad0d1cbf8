"""The compiled rules and Pandera itself accept and refuse the same rows.

Pandera judges a table as a whole. So of a table of rows, those the rules accept must pass Pandera
together, and each that they refuse must fail it alone: that is the same verdict on every row.
"""

import importlib
import itertools
import pkgutil
import random
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any, cast

import duckdb
import hypothesis.strategies as st
import ibis
import pandera.ibis as pa
import pytest
from hypothesis import Phase, given, settings
from pandera.errors import SchemaErrors

import schemas
from schemas import base, types, vocabulary
from schemas.base import Table, field
from schemas.rules import rules
from warehouse import ddl

#: Pandera takes long for each example: few of them, and a failing one is shown as it is, not made smaller.
FEW = settings(max_examples=6, deadline=None, derandomize=True, phases=[Phase.explicit, Phase.generate])


@pytest.fixture(scope="module")
def con() -> Any:
    """A database whose reference tables know few things, one of them with a quote in it."""
    con = duckdb.connect()
    con.execute("SET TimeZone = 'UTC'")
    ddl.create_tables(con)
    for known in _references():
        _known(con, *known)
    con.execute("CREATE TABLE ref.indicator_unit AS SELECT unnest(['JPN in CHN', '億円 in JPN']) AS pair")
    yield con
    con.close()


KNOWN = ["JPN", "CHN", "L'Aquila", "億円", "WLD", "010121"]


def _references() -> set[tuple[str, str, str, str, bool]]:
    """What columns refer to: table, column, a further column and its wanted value, and whether the codes are numbers."""
    return {
        (
            c.statistics["table"],
            c.statistics["column"],
            c.statistics["further"],
            c.statistics["wanted"],
            column.dtype.type.is_integer(),
        )
        for table in (*TABLES, cast(Any, Known))
        for column in table.to_schema().columns.values()
        for c in column.checks
        if c.name == base.REFERENCES
    }


def _known(con: duckdb.DuckDBPyConnection, table: Any, column: Any, further: Any, wanted: Any, is_number: Any) -> Any:
    """Put KNOWN, or the numbers 1 and 2, into one column of a reference table, and anything that fits into the others."""
    filler = {"VARCHAR": "'x'", "INTEGER": "1", "BIGINT": "1", "BOOLEAN": "false", "DATE": "NULL"}
    described = con.execute(f"DESCRIBE {table}").fetchall()
    given = {column: "?", further: f"'{wanted}'"}
    values = ", ".join(given.get(name, filler[kind]) for name, kind, *_ in described)
    con.executemany(f"INSERT INTO {table} VALUES ({values})", [[k] for k in (["1", "2"] if is_number else KNOWN)])


# --- two verdicts on the same rows --------------------------------------------------------------------------


class Part:
    """Some columns of a schema with their checks, and some of its dataframe-level checks, as a schema of its own."""

    def __init__(self, columns: Any, checks: Any = ()) -> None:
        self.schema = pa.DataFrameSchema(columns, checks=list(checks), strict=True, name="part")

    def to_schema(self) -> Any:
        return self.schema


def fill(con: duckdb.DuckDBPyConnection, schema: Any, rows: Any) -> Any:
    """Make the table ``judged`` of the rows (tuples of values)."""
    declared = schema.to_schema().columns
    columns = ", ".join(f'"{n}" {base.duckdb_type(c.dtype.type)}' for n, c in declared.items())
    con.execute(f"CREATE OR REPLACE TABLE judged ({columns})")
    con.executemany(f"INSERT INTO judged VALUES ({', '.join('?' * len(declared))})", [list(r) for r in rows])


def broken(con: duckdb.DuckDBPyConnection, schema: Any, rows: Any) -> list[list[str]]:
    """The names of the compiled rules that each row breaks."""
    fill(con, schema, rows)
    rules_of_table = rules(schema)
    marks = ", ".join(f"coalesce(NOT ({r.sql}), FALSE)" for r in rules_of_table)
    verdicts = con.execute(f"SELECT {marks or 'FALSE'} FROM judged AS t0 ORDER BY rowid").fetchall()
    return [[r.name for r, b in zip(rules_of_table, v, strict=False) if b] for v in verdicts]


def pandera_accepts(con: duckdb.DuckDBPyConnection, schema: Any, rows: Any) -> bool:
    """Pandera's own verdict on a table of these rows. A check that could not be run is a fault of the test."""
    fill(con, schema, rows)
    try:
        schema.to_schema().validate(ibis.duckdb.from_connection(con).table("judged"), lazy=True)
    except SchemaErrors as fault:
        reasons = {error.reason_code.name for error in fault.schema_errors}
        assert reasons <= {"DATAFRAME_CHECK", "SERIES_CONTAINS_NULLS"}, reasons
        return False
    return True


def hold_to_the_same_verdicts(con: duckdb.DuckDBPyConnection, schema: Any, rows: Any) -> tuple[int, int]:
    """Assert that Pandera and the rules agree about every row; return how many were accepted and refused."""
    marks = broken(con, schema, rows)
    good = [row for row, mark in zip(rows, marks, strict=True) if not mark]
    bad = [row for row, mark in zip(rows, marks, strict=True) if mark]
    if good and not pandera_accepts(con, schema, good):
        alone = [row for row in good if not pandera_accepts(con, schema, [row])]
        raise AssertionError(f"the rules accept what Pandera refuses: {alone or good}")
    for row in bad:
        assert not pandera_accepts(con, schema, [row]), f"the rules refuse what Pandera accepts: {row}"
    return len(good), len(bad)


# --- small schemas, one for each kind of check ---------------------------------------------------------------


class Chosen(Table):
    """isin."""

    a: types.Text = field(isin=["A", "it's", 'say "x"', "遼寧", "a;b", ""])
    b: types.Text = field(nullable=True, isin=vocabulary.FREQUENCIES)
    c: types.Integer = field(nullable=True, isin=[1, 2, 3])


class Matched(Table):
    """str_matches: found from the beginning; only a ``$`` binds the end."""

    a: types.Text = field(str_matches=r"^[A-Z]{3}$")
    b: types.Text = field(nullable=True, str_matches=r"^-?\d+(\.\d+)?$")
    c: types.Text = field(nullable=True, str_matches=r"[a-z']+")
    d: types.Text = field(nullable=True, str_matches=r"^https?://[^\s]+")


class Long(Table):
    """str_length counts characters."""

    a: types.Text = field(str_length={"min_value": 1})
    b: types.Text = field(nullable=True, str_length={"min_value": 2, "max_value": 3})


class Bounded(Table):
    """ge and gt on every kind of number, and on dates."""

    a: types.Integer = field(ge=1)
    b: types.BigInteger = field(nullable=True, gt=0)
    c: types.TradeAmount = field(nullable=True, ge=0)
    d: types.Money = field(nullable=True, gt=0)
    e: types.Quantity = field(nullable=True, gt=0)
    f: types.DollarSum = field(nullable=True, ge=-1, le=1)
    g: types.Date = field(nullable=True, ge=date(2000, 1, 1))


class Known(Table):
    """A value that must stand in a reference table."""

    a: types.Text = field(references="ref.place.place")
    b: types.Text = field(nullable=True, references="ref.unit.printed_unit")


class There(Table):
    """Nullability alone, of every type."""

    a: types.Text = field()
    b: types.Integer = field()
    c: types.BigInteger = field()
    d: types.Boolean = field()
    e: types.Date = field()
    f: types.Timestamp = field()
    g: types.TradeAmount = field()
    h: types.Quantity = field()


class Floating(Table):
    """No fact is kept so, but a NaN counts as null to Pandera, and so it must to the rules."""

    a: ibis.expr.datatypes.Float64 = field(ge=0)
    b: ibis.expr.datatypes.Float64 = field(nullable=True, gt=0)


def nasty_text(*likely: Any) -> Any:
    """Text that is often right, often nearly right, and sometimes anything."""
    odd = ["", " ", "'", '"', "''", ";", "\n", "\\", "%", "$1", "{{ x }}", "遼寧", "é", "𠮷", "ＡＢＣ", "NULL", "٣"]
    nearly = [v + tail for v in likely for tail in ("\n", " ", "'")] + [v.lower() for v in likely]
    anything = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
    return st.one_of(st.sampled_from([*likely]), st.sampled_from(nearly + odd), anything)


def exact(places: Any, digits: Any) -> Any:
    """Decimals around zero and at both ends of the type."""
    most, one = 10**digits - 1, 10**places
    # put together from digits: arithmetic would round to the context's 28 digits
    return (st.sampled_from([0, 1, -1, one, -one, one + 1, most, -most]) | st.integers(-most, most)).map(
        lambda n: Decimal((n < 0, tuple(map(int, str(abs(n)))), -places))
    )


def or_null(strategy: Any) -> Any:
    return st.one_of(st.none(), strategy)


DATES = st.dates(date(1, 1, 1), date(9999, 12, 31)) | st.sampled_from([date(2000, 1, 1), date(1999, 12, 31)])
VALUES = {
    Chosen: (nasty_text("A", "it's", 'say "x"', "遼寧", "a;b"), nasty_text("A", "YTD"), st.integers(-1, 5)),
    Matched: (
        nasty_text("ABC", "USD", "ABCD"),
        nasty_text("1", "-1.5", "1.", "1e3"),
        nasty_text("abc", "ab'c", "1a"),
        nasty_text("https://a.b", "http://a b", "ftp://a"),
    ),
    Long: (nasty_text("a", "ab"), nasty_text("abc", "abcd", "遼寧", "遼寧省政府")),
    Bounded: (
        st.integers(-(2**31), 2**31 - 1) | st.integers(-1, 2),
        st.integers(-(2**63), 2**63 - 1) | st.integers(-1, 2),
        exact(3, 18),
        exact(6, 38),
        exact(15, 38),
        exact(2, 38),
        DATES,
    ),
    Known: (nasty_text(*KNOWN, "TWN"), nasty_text(*KNOWN, "xxx")),
    There: (
        nasty_text("x"),
        st.integers(-5, 5),
        st.integers(-5, 5),
        st.booleans(),
        DATES,
        st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc)),  # noqa: DTZ001, UP017
        exact(3, 18),
        exact(15, 38),
    ),
    Floating: (st.floats(), st.floats()),
}


@pytest.mark.parametrize("schema", VALUES, ids=lambda s: s.__name__)
def test_generated_rows(con: duckdb.DuckDBPyConnection, schema: Any) -> None:
    seen = {"accepted": 0, "refused": 0}

    @FEW
    @given(st.lists(st.tuples(*map(or_null, VALUES[schema])), min_size=1, max_size=6))
    def holds(rows: Any) -> Any:
        good, bad = hold_to_the_same_verdicts(con, schema, rows)
        seen["accepted"] += good
        seen["refused"] += bad

    holds()
    assert seen["refused"], "no row was ever refused: the data are too good to test anything"


RIGHT_AND_WRONG = [
    (Chosen, ("it's", None, 1), ("its", None, 1)),
    (Chosen, ('say "x"', "A", None), ('say "x"', "a", None)),
    (Chosen, ("遼寧", "YTD", 3), ("辽宁", "YTD", 3)),
    (Chosen, ("", "A", 3), ("", "A", 4)),
    (Matched, ("ABC", "1.5", "ab1", None), ("ABC\n", "1.5", "ab1", None)),
    (Matched, ("ABC", "-0", None, "https://x"), ("ABC", "٣", None, "https://x")),
    (Matched, ("ABC", None, "a;", "http://辽宁"), ("ABC", None, ";a", "http://辽宁")),
    (Long, ("𠮷", "𠮷𠮷"), ("", "𠮷𠮷")),
    (Long, (" ", "ab"), ("a", "𠮷𠮷𠮷𠮷")),
    (Bounded, (1, 1, 0, None, None, None, None), (0, 1, 0, None, None, None, None)),
    (Bounded, (1, None, Decimal("0.000"), None, None, 1, None), (1, None, Decimal("-0.001"), None, None, 1, None)),
    (Bounded, (1, None, None, Decimal("0.000001"), None, None, None), (1, None, None, Decimal(0), None, None, None)),
    (Bounded, (1, None, None, None, Decimal("1e-15"), None, None), (1, None, None, None, Decimal(0), None, None)),
    (Bounded, (1, None, None, None, None, 1, None), (1, None, None, None, None, Decimal("1.01"), None)),
    (Bounded, (1, *[None] * 5, date(2000, 1, 1)), (1, *[None] * 5, date(1999, 12, 31))),
    (Known, ("L'Aquila", "億円"), ("LAquila", "億円")),
    (Known, ("JPN", None), ("JPN", "jpn")),
    (Floating, (float("inf"), None), (float("nan"), None)),
    (Floating, (0.0, float("inf")), (0.0, float("-inf"))),
]


@pytest.mark.parametrize(("schema", "right", "wrong"), RIGHT_AND_WRONG)
def test_a_right_row_and_one_that_is_nearly_right(
    con: duckdb.DuckDBPyConnection, schema: Any, right: Any, wrong: Any
) -> None:
    assert pandera_accepts(con, schema, [right])
    assert not pandera_accepts(con, schema, [wrong])
    right_breaks, wrong_breaks = broken(con, schema, [right, wrong])
    assert not right_breaks
    assert len(wrong_breaks) == 1


def test_a_null_breaks_nullability_and_nothing_else(con: duckdb.DuckDBPyConnection) -> None:
    for schema, count in ((There, 8), (Chosen, 1), (Matched, 1), (Bounded, 1), (Known, 1), (Floating, 1)):
        nulls = tuple(None for _ in schema.to_schema().columns)
        (names,) = broken(con, schema, [nulls])
        assert len(names) == count
        assert all(n.endswith(": not_null") for n in names)


# --- the schemas that are used -------------------------------------------------------------------------------


def _tables() -> list[type[Table]]:
    modules = [importlib.import_module(m.name) for m in pkgutil.walk_packages(schemas.__path__, "schemas.")]
    tables = {
        v for m in modules for v in vars(m).values() if isinstance(v, type) and issubclass(v, Table) and v is not Table
    }
    named = [t for t in tables if t.to_schema().name not in (None, t.__name__)]
    return sorted(named, key=lambda t: (t.__module__, t.__name__))


TABLES = _tables()


def _signature(column: Any) -> tuple[Any, ...]:
    checks = tuple((c.name, repr(sorted(c.statistics.items(), key=repr))) for c in column.checks)
    return str(column.dtype), column.nullable, checks


#: One column of every kind that any schema has.
COLUMNS = {
    _signature(column): (table, name)
    for table in TABLES
    for name, column in reversed(table.to_schema().columns.items())
    if column.checks or not column.nullable
}


def _values(column: Any) -> list[Any]:
    """Values of a column's type: good ones, edges, and bad ones as its checks call for."""
    kind = base.duckdb_type(column.dtype.type).split("(")[0]
    if kind != "TEXT":
        now = datetime(2026, 11, 21, tzinfo=timezone.utc)  # noqa: UP017
        bounds = {
            v
            for c in column.checks
            for k, v in c.statistics.items()
            if k in ("min_value", "max_value") and v is not None
        }
        numbers = sorted({0, 1, -1, 2, *bounds, *(b + 1 for b in bounds), *(b - 1 for b in bounds)})
        return {
            "DECIMAL": [*numbers, Decimal("0.001"), Decimal("-0.001")],
            "DATE": [date(2016, 2, 29), date(1, 1, 1)],
            "BOOLEAN": [True, False],
            "TIMESTAMPTZ": [now],
            "TIMESTAMP": [now],
            "DOUBLE": [*numbers, 0.5, float("inf"), float("-inf"), float("nan")],
        }.get(kind, numbers)
    given = [v for c in column.checks for v in c.statistics.get("allowed_values", [])]
    samples = [
        "010121",
        "",
        "x",
        "it's",
        "ABC",
        "ABC\n",
        "1.5",
        "2016",
        "2016-09",
        "2016-13",
        "201609",
        "a_b.c",
        "https://x.y",
        "f" * 64,
        "2026/07",
        "2001.01",
        "January 2001",
        "Exp-Total",
        "010121000",
        "0003065345",
        "T_FA_F",
        "DI__D__F",
        "OECD.DAF.INV:DSD_FDI@DF_FDI_FLOW_CTRY(1.0)",
        "OECD.SDD.TPS:DSD_ITIC@DF_ITIC(1.1)",
        *KNOWN[2:],
    ]
    return [*given[:2], *given[-1:], *(v.upper() + "'" for v in given[:1]), *samples]


@pytest.mark.parametrize("signature", COLUMNS, ids=lambda s: f"{COLUMNS[s][0].__name__}.{COLUMNS[s][1]}")
def test_every_kind_of_column_in_use(con: duckdb.DuckDBPyConnection, signature: Any) -> None:
    table, name = COLUMNS[signature]
    column = table.to_schema().columns[name]
    # All that is refused fails alone; to run no more queries than need be, the surplus of refused values is left out.
    rows = [(None,), *((v,) for v in _values(column))]
    marks = broken(con, Part({name: column}), rows)
    accepted = [r for r, mark in zip(rows, marks, strict=True) if not mark]
    refused = [r for r, mark in zip(rows, marks, strict=True) if mark]
    assert accepted, "no value was right: give _values one that is"
    hold_to_the_same_verdicts(con, Part({name: column}), [*accepted, *refused[:5]])


@pytest.mark.parametrize("table", TABLES, ids=lambda t: f"{t.__module__}.{t.__name__}")
def test_a_tables_rules_are_those_of_its_columns(table: Any) -> None:
    declared = table.to_schema()
    names = [r.name for r in rules(table)]
    of_table = {
        c.error for c in declared.checks
    }  # one of them may begin with the name of the column that it is mainly about
    for name, column in declared.columns.items():
        of_column = [r for r in names if r.startswith(f"{name}: ") and r not in of_table]
        assert len(of_column) == len(column.checks) + (not column.nullable)
    assert len(names) == len(set(names)), "two rules of one name could not be distinguished in the quarantine"
    assert len([r for r in names if r in {c.error for c in declared.checks}]) == len(declared.checks)


PERIODS = [
    "2016", "2016-Q1", "2016-Q5", "2016-09", "2016-9", "2016-13", "16", "２０１６", "2016\n", "", "2016-09-30", "2016-02-30",
    "2016-9-30",
]  # fmt: skip

#: The columns each dataframe-level check looks at, with values for them.
TABLE_CHECKS: dict[str, dict[str, list[Any]]] = {
    "period_fits_frequency": {
        "freq": [*vocabulary.FREQUENCIES, "W", ""],
        "period": PERIODS,
    },
    "period_fits_frequency_if_any": {
        "freq": [*vocabulary.FREQUENCIES, "W", ""],
        "period": PERIODS,
    },
    "indicator_is_known": {
        "fact": ["indicator", "unknown", ""],
        "nbs_name": ["No such indicator", ""],
    },
    "series_is_known": {
        "indicator": KNOWN,
        "database": ["FM01", ""],
        "series_code": ["NO_SUCH_SERIES", ""],
    },
    "area_is_known": {
        "partner": KNOWN,
        "area": ["999_Atlantis", ""],
    },
    "unit_is_known": {
        "printed_unit": KNOWN,
        "nbs_name": ["No such indicator", ""],
    },
    "cell_is_known": {
        "indicator": KNOWN,
        "stats_data_id": ["0000000000", ""],
        "dimensions": ["no such cell", ""],
    },
    "unit_is_expected": {
        "indicator": KNOWN,
        "mapped_unit": KNOWN,
    },
    "tie_is_one": {
        "geodist_column": ["dist", "distwces", "contig", ""],
        "measured": ["1", "0", "2.5", ".", ""],
    },
    "missing_value_has_a_reason": {
        "value": [Decimal(0), Decimal(1), Decimal(-1)],
        "printed_value": ["0", "-1", ""],
        "obs_status": [*vocabulary.OBS_STATUSES, "a", ""],
    },
    "precision_fits_date": {
        "published_on": [date(2016, 1, 1), date(1, 1, 1)],
        "published_precision": [*vocabulary.PRECISIONS, "Unknown", ""],
    },
    "direction_fits_principle": {
        "direction": [*vocabulary.DIRECTIONS, ""],
        "principle": [*vocabulary.PRINCIPLES, ""],
    },
    "unit_fits_indicator": {
        "indicator": KNOWN,
        "printed_unit": KNOWN,
    },
    "as_of_is_in_the_calendar": {
        "as_of": ["2016-02", "2016-02-29", "2016-02-31", ""],
    },
    "published_by_now": {
        "published_on": [date(2016, 1, 1), date(2999, 1, 1)],
    },
    "is_possible": {
        "value": [Decimal(0), Decimal(1), Decimal(-1)],
        "unit": ["USD", "persons", "km", "CNY per USD", "percent"],
    },
    "adds_up": {
        "printed_value": ["5", "1000", "-"],
        "printed_opposite": ["7", "x"],
        "printed_total": ["12", "13", "1007", "5", "1"],
    },
    "ends_after_it_starts": {
        "started_on": [date(2016, 1, 1), date(2016, 1, 2)],
        "ended_on": [date(2015, 12, 31), date(2016, 1, 1), date(2016, 1, 2)],
    },
    "comtrade_period_fits": {
        "freq_code": ["A", "M", "Q", ""],
        "ref_year": [2016, 2017],
        "period_code": ["2016", "201601", "20160", ""],
    },
    "legacy_period_fits": {
        "ref_year": [2016, 2017],
        "period_code": ["2016", "201601", ""],
    },
    "hs_code_is_whole": {
        "classification_code": ["H0", "H6", "S3", ""],
        "cmd_code": ["TOTAL", "01", "1", "0101", "010121", "10121", ""],
        "aggr_level": [0, 2, 4, 6, -1],
    },
    "hs_code_can_be_made_whole": {
        "pf_code": ["H0", "H6", "S3", ""],
        "cmd_code": ["TOTAL", "01", "1", "0101", "010121", "10121", ""],
        "aggr_level": [0, 2, 4, 6, -1],
    },
    "has_number_or_sign": {
        "thousand_yen": [0, 1],
        "no_figure": ["-"],
    },
    "world_is_not_nil": {
        "partner": ["WLD", "CHN"],
        "thousand_yen": [0, 1],
    },
    "quantity_has_a_unit": {
        "unit_1": ["NO"],
        "quantity_1": [0, 1],
        "unit_2": ["KG"],
        "quantity_2": [0, 1],
    },
    "balance_is_the_difference": {
        "exports_million_usd": [Decimal("1187.5"), Decimal("0.1")],
        "imports_million_usd": [Decimal("8427.5"), Decimal("0.1")],
        "balance_million_usd": [Decimal("-7240.0"), Decimal("-7240.1"), Decimal("-7240.2"), Decimal(0)],
    },
    "period_is_of_its_frequency": {
        "imf_frequency": ["A", "Q", "M", ""],
        "imf_period": ["2016", "2016-Q1", "2016-M09", "2016-09", ""],
    },
    "currency_fits_unit": {
        "oecd_unit_measure": ["USD_EXC", "XDC", ""],
        "oecd_currency": ["USD", "JPY", ""],
    },
    "entry_fits_principle": {
        "oecd_measure_principle": ["DI", "DO", "A", ""],
        "oecd_accounting_entry": ["NET_FDI", "A", "L", ""],
    },
}  # fmt: skip


def _looked_at(check: Any, declared: Any) -> dict[str, Any]:
    """The columns a dataframe-level check of this table looks at: a bundled figure has no value but the printed."""
    without = "printed_value" if "value" in declared.columns else "value"
    return {n: declared.columns[n] for n in TABLE_CHECKS[check.name] if n != without}


def _table_checks() -> list[tuple[str, type[Table]]]:
    """One table for every dataframe-level check and every kind of columns it is used with."""
    in_use: dict[tuple[str, Any], type[Table]] = {}
    for table in TABLES:
        for check in table.to_schema().checks:
            kinds = tuple(_signature(c) for c in _looked_at(check, table.to_schema()).values())
            in_use.setdefault((check.name, kinds), table)
    return [(name, table) for (name, _), table in in_use.items()]


@pytest.mark.parametrize(("name", "table"), _table_checks(), ids=lambda p: getattr(p, "__name__", p))
def test_dataframe_level_checks(con: duckdb.DuckDBPyConnection, name: str, table: Any) -> None:
    """Nulls where nulls may be give a verdict, too: a check whose verdict is NULL for every row fails in Pandera."""
    declared = table.to_schema()
    (check,) = [c for c in declared.checks if c.name == name]
    columns = _looked_at(check, declared)
    part = Part(columns, [check])
    rows = list(itertools.product(*([None, *TABLE_CHECKS[name][n]] for n in columns)))
    marks = broken(con, part, rows)
    accepted = [r for r, mark in zip(rows, marks, strict=True) if not mark]
    refused = [r for r, mark in zip(rows, marks, strict=True) if mark == [check.error]]
    assert accepted
    assert refused
    hold_to_the_same_verdicts(con, part, accepted + random.Random(1).sample(refused, min(8, len(refused))))
    for row in accepted[:5]:
        assert pandera_accepts(con, part, [row]), row


@pytest.mark.parametrize("table", [t for t in TABLES if t.to_schema().checks], ids=lambda t: t.__name__)
def test_no_dataframe_level_check_is_silent_about_a_row(con: duckdb.DuckDBPyConnection, table: Any) -> None:
    """A verdict of NULL would count as kept here, and as broken by Pandera where no row has another."""
    declared = table.to_schema()
    for check in declared.checks:
        part = Part(_looked_at(check, declared), [check])
        choices = (
            [*([None] if c.nullable else []), *TABLE_CHECKS[check.name][n]] for n, c in part.schema.columns.items()
        )
        fill(con, part, itertools.product(*choices))
        (verdict,) = [r.sql for r in rules(cast(Any, part)) if r.name == check.error]
        assert con.execute(f"SELECT count(*) FROM judged AS t0 WHERE ({verdict}) IS NULL").fetchone() == (0,)


def test_every_check_in_use_is_held_to_panderas_verdict() -> None:
    tested = {c.name for s in VALUES for column in s.to_schema().columns.values() for c in column.checks}
    used = {c.name for t in TABLES for column in t.to_schema().columns.values() for c in column.checks}
    assert used <= tested, "give the new kind of check a small schema above"
    assert {c.name for t in TABLES for c in t.to_schema().checks} <= set(TABLE_CHECKS)


def test_a_check_that_is_no_expression_of_a_row_is_refused() -> None:
    class Aggregated(Table):
        """A check over all rows is not a rule of a row."""

        a: types.Integer = field()

        @pa.dataframe_check
        def sums_up(cls, data: Any) -> Any:
            return data.table.filter(data.table.a > 0).select(ok=data.table.a > 0)

    with pytest.raises(TypeError, match="more than one expression a row"):
        rules(Aggregated)
