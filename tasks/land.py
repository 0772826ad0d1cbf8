"""From an archived artifact to rows in the warehouse's terms: staged, validated, conformed, validated again."""

from dataclasses import dataclass
from datetime import date

import duckdb

from schemas import base
from tasks import archive, stage, validate
from tasks.archive import Artifact
from tasks.sources.base import Dataset, Source
from tasks.validate import Proof
from warehouse import sql
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
    """The rows of an artifact, ready to be loaded. ``table`` is a temporary table."""

    artifact: Artifact
    dataset: Dataset
    table: str
    rows_in: int
    rows_accepted: int
    refused: tuple[Refused, ...]
    editions: tuple[Stated, ...]


@dataclass(frozen=True)
class Conformed:
    """The balance of an artifact's rows; the accepted ones are in the view ``conformed_accepted``."""

    rows_in: int
    rows_accepted: int
    refused: tuple[Refused, ...]


def conform(con: duckdb.DuckDBPyConnection, home: Home, source: Source, artifact: Artifact, proof: Proof) -> Conformed:
    """Read, check and conform an artifact into the view ``conformed_accepted``.

    Raises ArchiveDamaged, LayoutChanged, Unknown.
    """
    dataset = source.dataset(artifact)
    where = f"{source.id}, {artifact.filename}"
    relation = source.text(archive.verified_path(home, artifact))
    rows_in = stage.stage(con, relation, dataset.staged, dataset.ignored, where)
    staged = validate.split(con, "staged", dataset.staged, stage.ROW_NUMBER, "accepted")
    proof.add("accepted", dataset.staged)
    _conform(con, dataset)
    conformed = validate.split(con, "conformed", dataset.fact.conformed, "t0.row_number", "conformed_accepted")
    proof.add("conformed_accepted", dataset.fact.conformed)
    if conformed.rows_in != staged.rows_accepted:
        raise RowsLost(f"{where}: {staged.rows_accepted} rows to conform, but {conformed.rows_in} came out")
    return Conformed(rows_in, conformed.rows_accepted, _refused(con, relation, staged, conformed))


def land(
    con: duckdb.DuckDBPyConnection, home: Home, source: Source, artifact: Artifact, max_bad_share: float, proof: Proof
) -> Landing:
    """Read, check and conform one artifact; its accepted rows join ``proof``, which the caller runs.

    Raises ArchiveDamaged, LayoutChanged, Unknown; BadData if more than the tolerated share of rows is bad;
    RowsLost if a row is neither landed nor refused.
    """
    rows = conform(con, home, source, artifact, proof)
    dataset = source.dataset(artifact)
    check_share(rows.rows_in, rows.refused, dataset.max_bad_share or max_bad_share, f"{source.id}, {artifact.filename}")
    table = f"landed_{artifact.artifact[:16]}_{dataset.fact.name}"
    _store(con, dataset, table)
    stated = _stated(con, dataset, table)
    landed = sum(e.rows_stated for e in stated)
    if landed != rows.rows_accepted:
        raise RowsLost(f"{source.id}, {artifact.filename}: {rows.rows_accepted} rows accepted, but {landed} landed")
    return Landing(artifact, dataset, table, rows.rows_in, rows.rows_accepted, rows.refused, stated)


def _conform(con: duckdb.DuckDBPyConnection, dataset: Dataset) -> None:
    names = [c.name for c in base.columns(dataset.fact.conformed)]
    con.execute(f"CREATE OR REPLACE TEMP TABLE conformed AS SELECT {', '.join(names)} FROM ({dataset.conform})")


def _refused(
    con: duckdb.DuckDBPyConnection, relation: str, staged: validate.Split, conformed: validate.Split
) -> tuple[Refused, ...]:
    found = [(n, "staged", r) for n, r in staged.refused] + [(n, "conformed", r) for n, r in conformed.refused]
    raw = stage.raw_rows(con, relation, (n for n, _, _ in found))
    return tuple(Refused(n, at, rules, raw[n]) for n, at, rules in sorted(found))


def check_share(rows_in: int, refused: tuple[Refused, ...], most: float, where: str) -> None:
    """Raise BadData if more rows are bad than the tolerated number and share allow."""
    bad = len(refused)
    if bad > TOLERATED_ROWS and bad > most * rows_in:
        first = refused[0]
        raise BadData(
            f"{where}: {bad} of {rows_in} rows are bad, more than {most:.0%} allow; the warehouse is left as it was. "
            f"The first, row {first.row_number}: {first.rules}"
        )


def _store(con: duckdb.DuckDBPyConnection, dataset: Dataset, table: str) -> None:
    """Give the conformed rows the columns that are stored."""
    rows = "SELECT * FROM conformed_accepted"
    con.execute(sql.render("load/citations.sql", rows="conformed_accepted"))
    if dataset.fact.name == "trade":
        con.execute(sql.render("load/trade_slices.sql", rows="conformed_accepted"))
        rows = sql.render("load/trade_rows.sql", rows="conformed_accepted")
    columns = (*dataset.fact.key, *dataset.fact.values)
    con.execute(sql.render("load/landed.sql", landed=table, rows=rows, columns=columns))


def _stated(con: duckdb.DuckDBPyConnection, dataset: Dataset, table: str) -> tuple[Stated, ...]:
    columns = ", ".join((*dataset.fact.key, *dataset.fact.values, "citation"))
    found = con.execute(sql.render("load/stated.sql", landed=table, columns=columns)).fetchall()
    return tuple(Stated(*row) for row in found)
