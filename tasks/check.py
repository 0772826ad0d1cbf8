"""Checks of the whole warehouse, made before anything is published. A check is a query for what breaks it."""

from collections.abc import Iterator
from dataclasses import dataclass

import duckdb
import ibis
from pandera.errors import SchemaErrors

from schemas import base, core, mart, meta, reference
from schemas.base import table_name
from tasks import facts, validate
from warehouse import sql
from warehouse.errors import ChecksFailed

#: Checks made for every kind of fact; all others are made once.
_PER_FACT = (
    "checks/one_current_version.sql",
    "checks/one_value_a_day.sql",
    "checks/versions_follow.sql",
    "checks/mart_is_whole.sql",
)


@dataclass(frozen=True)
class Finding:
    """How a check came out. ``example`` is the first row that breaks it."""

    name: str
    description: str
    violations: int
    example: str | None

    @property
    def passed(self) -> bool:
        """Whether nothing breaks it."""
        return self.violations == 0


def run(con: duckdb.DuckDBPyConnection, with_schemas: bool = True) -> list[Finding]:
    """Make every check. ``with_schemas``: let Pandera judge every stored table and every mart too (some seconds)."""
    found = [_query(con, name, text) for name, text in _queries()]
    if with_schemas:
        found += [_schema(con, table) for table in (*reference.TABLES, *core.TABLES, *meta.TABLES, *mart.VIEWS)]
    return found


def record(con: duckdb.DuckDBPyConnection, findings: list[Finding]) -> None:
    """Write the findings into meta.checks. Raises ChecksFailed, naming each check that failed."""
    con.execute("DELETE FROM meta.checks")
    con.executemany(
        "INSERT INTO meta.checks VALUES (?, ?, now(), ?, ?)",
        [[f.name, f.description, f.passed, f.violations] for f in findings],
    )
    failed = [f for f in findings if not f.passed]
    if failed:
        listed = "; ".join(f"{f.name} ({f.description}): {f.violations}, such as {f.example}" for f in failed)
        raise ChecksFailed(f"{len(failed)} checks failed, nothing is published: {listed}")


def _queries() -> Iterator[tuple[str, str]]:
    for name in sql.names("checks"):
        short = name.removeprefix("checks/").removesuffix(".sql")
        if name not in _PER_FACT:
            yield short, sql.render(name)
            continue
        for fact in facts.ALL:
            key = ", ".join(f't."{k}"' for k in fact.key)
            yield f"{short}.{fact.name}", sql.render(name, table=table_name(fact.stored), key=key, fact=fact.name)


def _query(con: duckdb.DuckDBPyConnection, name: str, text: str) -> Finding:
    description = text.splitlines()[0].removeprefix("--").strip()
    rows = con.execute(f"SELECT *, count(*) OVER () AS __all FROM ({text}) LIMIT 1").fetchall()
    return Finding(name, description, rows[0][-1] if rows else 0, str(rows[0][:-1]) if rows else None)


def _schema(con: duckdb.DuckDBPyConnection, table: type[base.Table]) -> Finding:
    name = table_name(table)
    description = f"{name} keeps its schema"
    schema, short = name.split(".")
    bound = ibis.duckdb.from_connection(con).table(short, database=schema)
    rows = validate.count(con, name)
    if rows == 0:  # Pandera's Ibis backend finds nulls in an empty table
        return Finding(f"schema.{name}", description, 0, None)
    if rows > validate.PROOF_BY_PANDERA_LIMIT:
        return Finding(f"schema.{name}", description + " (left to the scan at its loading: too large)", 0, None)
    try:
        table.validate(bound, lazy=True)
    except SchemaErrors as fault:
        return Finding(f"schema.{name}", description, len(fault.schema_errors), str(fault)[:500])
    return Finding(f"schema.{name}", description, 0, None)
