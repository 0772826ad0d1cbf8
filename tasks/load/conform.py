"""From an archived artifact to rows in the warehouse's terms: staged, validated, conformed, validated again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from schemas import base
from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.facts import Fact
from tasks.contract.source import Source
from tasks.load import corrections, stage, validate
from tasks.load.validate import Proof
from warehouse import sql
from warehouse.connection import one
from warehouse.errors import BadData, RowsLost
from warehouse.settings import Home

#: So few bad rows never stop a load, whatever their share.
TOLERATED_ROWS = 3


@dataclass(frozen=True)
class Refused:
    """A row that was not accepted, as meta.quarantine keeps it."""

    row_number: int
    stage: str
    rules: str
    raw: str


@dataclass(frozen=True)
class Stated:
    """One edition as an artifact states it."""

    dataset: str
    published_on: date | None
    published_precision: str
    rows_stated: int
    content_hash: str


@dataclass(frozen=True)
class Landing:
    """An artifact's figures of one kind, ready to be loaded. ``table`` is a temporary table."""

    artifact: Artifact
    dataset: Dataset
    fact: Fact
    table: str
    editions: tuple[Stated, ...]


@dataclass(frozen=True)
class Landed:
    """An artifact's balance of rows, and its landings: one for each kind of figure it has."""

    artifact: Artifact
    rows_in: int
    rows_accepted: int
    refused: tuple[Refused, ...]
    landings: tuple[Landing, ...]


@dataclass(frozen=True)
class Conformed:
    """The balance of an artifact's rows; the accepted ones of a fact are in the view of ``accepted_view``."""

    rows_in: int
    rows_accepted: int
    refused: tuple[Refused, ...]


def accepted_view(fact: Fact) -> str:
    """The view of the last conformed artifact's accepted rows of a fact."""
    return f"accepted_{fact.name}"


def conform(
    con: duckdb.DuckDBPyConnection,
    home: Home,
    source: Source,
    artifact: Artifact,
    proof: Proof,
    scratch: Path | None,
    *,
    is_loading: bool = False,
) -> Conformed:
    """Read, check and conform an artifact into the views ``accepted_<fact>``; ``scratch`` as in archive.opened.

    ``is_loading``: the connection may be written to, and what the dataset prepares is prepared.
    Raises ArchiveDamaged, LayoutChanged, Unknown; CorrectionOutdated if figures declared wrong no longer are;
    RowsLost if a row comes out of no query or of two.
    """
    dataset = source.dataset(artifact)
    where = f"{source.id}, {artifact.filename}"
    with store.opened(home, artifact, scratch) as opened:
        relation = source.text(opened)
        rows_in = stage.stage(con, relation, dataset.staged, dataset.ignored, where)
        staged = validate.split(con, "staged", dataset.staged, stage.ROW_NUMBER, "accepted")
        proof.add("accepted", dataset.staged)
        for statement in dataset.prepare if is_loading else ():
            con.execute(statement)
        splits = [_conform(con, source, c, proof, where) for c in dataset.conforms]
        _check_each_came_out_once(con, dataset, staged.rows_accepted, where)
        return Conformed(rows_in, sum(s.rows_accepted for s in splits), _refused(con, relation, staged, splits))


def land(
    con: duckdb.DuckDBPyConnection, home: Home, source: Source, artifact: Artifact, max_bad_share: float, proof: Proof
) -> Landed:
    """Read, check and conform one artifact; its accepted rows join ``proof``, which the caller runs.

    Raises ArchiveDamaged, LayoutChanged, Unknown; BadData if more than the tolerated share of rows is bad;
    RowsLost if a row is neither landed nor refused.
    """
    rows = conform(con, home, source, artifact, proof, home.scratch, is_loading=True)
    dataset = source.dataset(artifact)
    where = f"{source.id}, {artifact.filename}"
    check_share(rows.rows_in, rows.refused, dataset.max_bad_share or max_bad_share, where)
    landings = tuple(_store(con, artifact, dataset, c.fact) for c in dataset.conforms)
    landed = sum(e.rows_stated for landing in landings for e in landing.editions)
    if landed != rows.rows_accepted:
        raise RowsLost(f"{where}: {rows.rows_accepted} rows accepted, but {landed} landed")
    return Landed(artifact, rows.rows_in, rows.rows_accepted, rows.refused, landings)


def _conform(
    con: duckdb.DuckDBPyConnection, source: Source, conform: Conform, proof: Proof, where: str
) -> validate.Split:
    fact, table = conform.fact, f"conformed_{conform.fact.name}"
    columns = ", ".join(_conformed_columns(con, conform, where))
    con.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT {columns} FROM ({conform.sql})")
    corrected = corrections.rules(con, source.id, fact, table, where)
    found = validate.split(con, table, fact.conformed, "t0.row_number", accepted_view(fact), corrected)
    proof.add(found.accepted, fact.conformed)
    return found


def _conformed_columns(con: duckdb.DuckDBPyConnection, conform: Conform, where: str) -> list[str]:
    """The fact's columns as SQL expressions over the source's query: NULL where the query does not have a nullable one.

    Raises TypeError, which is a fault of the source's SQL and not of its data, if the query lacks another column or has one
    that the fact does not have: a misspelt column must not become NULL.
    """
    columns = base.columns(conform.fact.conformed)
    given = [str(row[0]) for row in con.execute(f"DESCRIBE {conform.sql}").fetchall()]
    missing = [c.name for c in columns if c.name not in given and not c.nullable]
    unknown = sorted(set(given) - {c.name for c in columns})
    if missing or unknown:
        raise TypeError(
            f"The query that conforms rows to {conform.fact.name} lacks {', '.join(missing) or 'no column'} and has "
            f"{', '.join(unknown) or 'no column'} besides those of {conform.fact.conformed.__name__}: {where}. Correct the "
            "source's SQL"
        )
    return [c.name if c.name in given else f"CAST(NULL AS {c.type}) AS {c.name}" for c in columns]


def _check_each_came_out_once(con: duckdb.DuckDBPyConnection, dataset: Dataset, accepted: int, where: str) -> None:
    numbers = " UNION ALL ".join(f"SELECT row_number FROM conformed_{c.fact.name}" for c in dataset.conforms)
    row = one(con.execute(f"SELECT count(*), count(DISTINCT row_number) FROM ({numbers})"))
    if row != (accepted, accepted):
        raise RowsLost(f"{where}: {accepted} rows to conform, but {row[0]} came out, {row[1]} of them different")


def _refused(
    con: duckdb.DuckDBPyConnection, relation: str, staged: validate.Split, conformed: Sequence[validate.Split]
) -> tuple[Refused, ...]:
    found = [(n, "staged", r) for n, r in staged.refused]
    found += [(n, "conformed", r) for split in conformed for n, r in split.refused]
    raw = stage.raw_rows(con, relation, (n for n, _, _ in found))
    return tuple(Refused(n, at, rules, raw[n]) for n, at, rules in sorted(found))


def check_share(rows_in: int, refused: tuple[Refused, ...], most: float, where: str) -> None:
    """Raise BadData if more rows are bad than the tolerated number and share allow.

    Rows that a declared correction keeps out are known to be wrong: they do not count.
    """
    unforeseen = [r for r in refused if not corrections.is_only_corrected(r.rules)]
    bad = len(unforeseen)
    if bad > TOLERATED_ROWS and bad > most * rows_in:
        one = unforeseen[0]
        raise BadData(
            f"{where}: {bad} of {rows_in} rows are bad, more than {most:.0%} allow; the warehouse is left as it was. "
            f"The first, row {one.row_number}: {one.rules}"
        )


def _store(con: duckdb.DuckDBPyConnection, artifact: Artifact, dataset: Dataset, fact: Fact) -> Landing:
    """Give the conformed rows the columns that are stored."""
    view, table = accepted_view(fact), f"landed_{artifact.artifact[:16]}_{fact.name}"
    rows = f"SELECT * FROM {view}"
    con.execute(sql.render("load/citations.sql", rows=view))
    if fact.name == "trade":
        con.execute(sql.render("load/trade_slices.sql", rows=view))
        rows = sql.render("load/trade_rows.sql", rows=view)
    con.execute(sql.render("load/landed.sql", landed=table, rows=rows, columns=(*fact.key, *fact.values)))
    return Landing(artifact, dataset, fact, table, _stated(con, fact, table))


def _stated(con: duckdb.DuckDBPyConnection, fact: Fact, table: str) -> tuple[Stated, ...]:
    columns = ", ".join((*fact.key, *fact.values, "citation"))
    found = con.execute(sql.render("load/stated.sql", landed=table, columns=columns)).fetchall()
    return tuple(Stated(*row) for row in found)
