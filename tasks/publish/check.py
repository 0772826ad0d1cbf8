"""Checks of the whole warehouse, made before anything is published. A check is a query for the rows that violate it.

Each is a file of ``warehouse/sql/checks``: its first line says what it promises, its second how severe a violation is. ``stop``: nothing is
published; ``error``: the release is made, and the build ends as one with faults; ``warning``: it is told. A user's own are in
:mod:`tasks.publish.own_checks`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import duckdb

from schemas import base, core, mart, meta, reference, vocabulary
from schemas.base import table_name
from schemas.rules import rules
from tasks.contract import facts
from tasks.load import losses, validate
from warehouse import sql
from warehouse.connection import first, one
from warehouse.errors import BadData, ChecksFailed
from warehouse.rows import insert_all

#: What a violation does.
STOP, ERROR, WARNING = vocabulary.SEVERITIES
#: The second line of a check.
_SEVERITY = re.compile(r"-- severity: (\w+)")

#: Checks made for every kind of fact; all others are made once.
_PER_FACT = (
    "checks/one_current_version.sql",
    "checks/one_value_a_day.sql",
    "checks/versions_follow.sql",
)
#: The check of every mart of figures.
_PER_MART = "checks/mart_is_whole.sql"


@dataclass(frozen=True)
class Finding:
    """How a check came out. ``example`` is the first row that violates it; ``left_out`` says why it was not made.

    ``severity``: what a violation does, see above.
    """

    name: str
    description: str
    violations: int
    example: str | None
    left_out: str | None = None
    severity: str = STOP

    @property
    def passed(self) -> bool:
        """Whether it was made and nothing violates it."""
        return not self.left_out and not self.violations

    @property
    def failed(self) -> bool:
        """Whether something violates it, so that nothing is published."""
        return self.violations > 0 and self.severity == STOP

    def as_row(self) -> dict[str, Any]:
        """The columns of meta.checks, without the time."""
        return {
            "check_name": self.name,
            "severity": self.severity,
            "description": self.description,
            "passed": self.passed,
            "violations": self.violations,
            "example": self.example,
        }


def run(
    con: duckdb.DuckDBPyConnection, with_schemas: bool = True, thorough: bool = False, with_marts: bool = True
) -> list[Finding]:
    """Make every check; a finding for each.

    ``with_marts``: check the marts that are there too. A build leaves them to :func:`of_release`: in the warehouse every question to
    a mart works out all rates and preferences again.

    ``with_schemas``: check every stored table and mart against its schema too (some seconds), but tables and marts with
    more rows than Pandera is run over: their findings say that they are left out. ``thorough``: look for repeated cells of bulk datasets too, which their loading rules out and which takes a second
    for eleven million rows.
    """
    findings = [*(query(con, name, text) for name, text in _queries()), *_lost_figures(con)]
    if with_marts:
        findings += _whole_marts(con)
    if thorough:
        findings.append(query(con, "one_current_version.trade_bulk", _repeated_in_bulk()))
    if with_schemas:
        findings += _schemas(con, (*reference.TABLES, *core.TABLES, *meta.TABLES, *(mart.VIEWS if with_marts else ())))
    return findings


def of_release(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """The findings of a release's marts: that they show every figure, and keep their schemas."""
    return [*_whole_marts(con), *_schemas(con, mart.VIEWS)]


def errors(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The violations of a release that keep nothing back and that a build must not end well with."""
    statement = "SELECT check_name, violations, description, example FROM meta.checks WHERE NOT passed AND severity = ? ORDER BY check_name"
    rows = con.execute(statement, [ERROR]).fetchall()
    return [
        f"the check {name} finds {violations} violations ({description}), such as {example}"
        for name, violations, description, example in rows
    ]


def _lost_figures(con: duckdb.DuckDBPyConnection) -> Iterator[Finding]:
    """An alarm where the last load of a source lost figures; nothing where none did."""
    lost = losses.recorded(con)
    if lost:
        yield Finding(
            "lost_figures",
            f"no load loses places, years or many figures: {'; '.join(lost)}",
            len(lost),
            lost[0],
            severity=WARNING,
        )


def _schemas(con: duckdb.DuckDBPyConnection, tables: Iterable[type[base.Table]]) -> list[Finding]:
    """A finding for each table that is there."""
    # Only stored rows can be too many; where they are not, no mart is counted before it is scanned.
    are_many = any(_left_out(con, table) for table in core.TABLES)
    present = {name for (name,) in con.execute(sql.read("shared/tables_and_views.sql")).fetchall()}
    return [
        (_left_out(con, table) if are_many else None) or _schema(con, table)
        for table in tables
        if table_name(table) in present
    ]


def record(con: duckdb.DuckDBPyConnection, findings: list[Finding]) -> None:
    """Write the findings of checks that were made into meta.checks. Raises ChecksFailed, naming each check that failed."""
    con.execute("DELETE FROM meta.checks")
    record_more(con, findings)


def record_more(con: duckdb.DuckDBPyConnection, findings: list[Finding]) -> None:
    """Write further findings into meta.checks, in place of those of the same names. Raises ChecksFailed, naming each that failed."""
    now = datetime.now(UTC)
    con.execute("DELETE FROM meta.checks WHERE list_contains(?, check_name)", [[f.name for f in findings]])
    insert_all(con, meta.Check, (f.as_row() | {"checked_at": now} for f in findings if not f.left_out))
    failed = [f for f in findings if f.failed]
    if failed:
        listed = "; ".join(f"{f.name} ({f.description}): {f.violations}, such as {f.example}" for f in failed)
        raise ChecksFailed(f"{len(failed)} checks failed, nothing is published: {listed}")


def _queries() -> Iterator[tuple[str, str]]:
    for name in sql.names("checks"):
        if name in _PER_FACT:
            for fact in facts.ALL:
                key = ", ".join(f't."{k}"' for k in fact.key)
                yield f"{_short(name)}.{fact.name}", sql.render(name, table=table_name(fact.stored), key=key)
        elif name != _PER_MART:
            yield _short(name), sql.render(name)
    yield "versions_follow.trade_bulk", sql.render("checks/versions_follow.sql", table=table_name(core.TradePart))


def _whole_marts(con: duckdb.DuckDBPyConnection) -> list[Finding]:
    """A finding for each mart of figures: whether it shows every current version once."""
    findings = []
    for fact in facts.ALL:
        values = {
            "table": table_name(fact.stored),
            "figures": table_name(mart.FIGURES_OF[fact.name]),
            "is_trade": fact is facts.TRADE,
        }
        findings.append(query(con, f"{_short(_PER_MART)}.{fact.name}", sql.render(_PER_MART, **values)))
    return findings


def _short(name: str) -> str:
    return name.removeprefix("checks/").removesuffix(".sql")


def _repeated_in_bulk() -> str:
    table = f"({sql.read('publish/bulk_versions.sql')})"
    key = ", ".join(f't."{k}"' for k in ("slice", *facts.TRADE_BULK.key))
    return sql.render("checks/one_current_version.sql", table=table, key=key)


def query(con: duckdb.DuckDBPyConnection, name: str, text: str) -> Finding:
    """The finding of one check, the text of a file. Raises BadData for one that does not begin as a check, and duckdb.Error."""
    description, severity = header(name, text)
    violating = text.rstrip().removesuffix(";")  # and a line of its own: the last one may be a comment
    try:
        rows = con.execute(f"SELECT *, count(*) OVER () AS __all FROM (\n{violating}\n) LIMIT 1").fetchall()
    except duckdb.DataError as fault:  # a figure that the query cannot reckon with, such as one that is too large
        return not_made(name, description, severity, str(fault))
    return Finding(
        name, description, rows[0][-1] if rows else 0, str(rows[0][:-1]) if rows else None, severity=severity
    )


def not_made(name: str, description: str, severity: str, why: str) -> Finding:
    """The finding for a check that cannot be made: a violation of itself."""
    return Finding(name, description, 1, f"it cannot be made: {why.splitlines()[0]}", severity=severity)


def header(name: str, text: str) -> tuple[str, str]:
    """What a check promises, and how severe a violation is. Raises BadData for a file that does not say it in its first two lines."""
    first_line, second_line = [*text.splitlines(), "", ""][:2]
    severity = _SEVERITY.fullmatch(second_line.strip())
    if not first_line.startswith("-- ") or severity is None or severity[1] not in vocabulary.SEVERITIES:
        raise BadData(
            f"the check {name} does not begin with two lines such as `-- No place has a negative population` and `-- severity: "
            f"{WARNING}` ({', '.join(vocabulary.SEVERITIES)})"
        )
    return first_line.removeprefix("-- ").strip(), severity[1]


def _schema(con: duckdb.DuckDBPyConnection, table: type[base.Table]) -> Finding:
    """A table against its schema, in one scan: Pandera's checks compiled (schemas.rules), types and key.

    Pandera itself asks a query for every column and check, and each asks a mart for all its rows again: with the
    publishers' files of a few hundred thousand figures that took 136 s against 15 s.
    """
    name = table_name(table)
    violations = [*_wrong_types(con, table), *_broken_rules(con, table), *_repeated_keys(con, table)]
    return Finding(f"schema.{name}", f"{name} keeps its schema", len(violations), "; ".join(violations)[:500] or None)


def _left_out(con: duckdb.DuckDBPyConnection, table: type[base.Table]) -> Finding | None:
    """The finding for a table that is too large to be checked against its schema; None for all others."""
    name = table_name(table)
    rows = validate.count(con, name)
    if rows <= validate.PROOF_BY_PANDERA_LIMIT:
        return None
    why = f"it has {rows:,} rows, more than {validate.PROOF_BY_PANDERA_LIMIT:,}. Its rows were checked when they were loaded"
    return Finding(f"schema.{name}", f"{name} keeps its schema", 0, None, left_out=why)


def _wrong_types(con: duckdb.DuckDBPyConnection, table: type[base.Table]) -> list[str]:
    """Columns that are missing, unknown or of another type than declared; an enumerated type is a text."""
    declared = {c.name: _as_described(con, c.type) for c in base.columns(table)}
    actual = {
        str(c[0]): "VARCHAR" if str(c[1]).startswith("ENUM") else str(c[1])
        for c in con.execute(f"DESCRIBE {table_name(table)}").fetchall()
    }
    return [
        f"{name}: {actual.get(name, 'missing')}, not {declared.get(name, 'known')}"
        for name in {**declared, **actual}
        if actual.get(name) != declared.get(name)
    ]


def _as_described(con: duckdb.DuckDBPyConnection, type_name: str) -> str:
    """A type as DuckDB itself calls it."""
    row = one(con.execute(f"SELECT typeof(CAST(NULL AS {type_name}))"))
    return str(row[0])


def _broken_rules(con: duckdb.DuckDBPyConnection, table: type[base.Table]) -> list[str]:
    """Rules that rows break, each with how many rows do."""
    declared = rules(table)
    if not declared:
        return []
    counts = ", ".join(f"count(*) FILTER (NOT ({rule.sql}))" for rule in declared)
    row = one(con.execute(f"SELECT {counts} FROM {table_name(table)} AS t0"))
    return [f"{rule.name} ({broken} rows)" for rule, broken in zip(declared, row, strict=True) if broken]


def _repeated_keys(con: duckdb.DuckDBPyConnection, table: type[base.Table]) -> list[str]:
    key = ", ".join(f'"{k}"' for k in base.key(table))
    if not key:
        return []
    row = first(con.execute(f"SELECT {key} FROM {table_name(table)} GROUP BY ALL HAVING count(*) > 1 LIMIT 1"))
    return [f"repeated key ({key}): {row}"] if row else []
