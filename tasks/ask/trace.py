"""From a number in a mart to the archived bytes: every version, its artifact and citation, and the row as printed."""

from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import base
from tasks import sources
from tasks.archive import store
from tasks.archive.store import Artifact
from tasks.contract import facts
from tasks.contract.facts import Fact
from tasks.load import conform, stage
from tasks.load.validate import Proof
from warehouse import sql
from warehouse.connection import first
from warehouse.errors import ArchiveDamaged, EntrepotError, Unknown
from warehouse.settings import Home

#: More figures than this are not traced at once: the question was too wide.
MOST_FIGURES = 50

#: Status of a version that says that a later release left the figure out; it was not printed.
_NO_LONGER_STATED = "O"


@dataclass(frozen=True)
class Version:
    """One version of a figure.

    ``row`` has the columns of the mart, ``raw`` the printed row as JSON, ``row_number`` its number among the records of
    the artifact. ``fault`` says why there is no printed row, where there should be one.
    """

    row: dict[str, Any]
    superseded_on: Any
    is_current: bool
    artifact: Artifact | None
    archived_at: str
    row_number: int | None
    raw: str | None
    fault: str | None


@dataclass(frozen=True)
class Figure:
    """One figure with all its versions, the first published first. ``key`` identifies it: values by column."""

    key: dict[str, Any]
    versions: list[Version]


@dataclass(frozen=True)
class _ViewOf:
    """A mart that shows rows of another: ``renamed`` gives its column names there, ``where`` the values its rows have."""

    mart: str
    renamed: dict[str, str]
    where: dict[str, str]


_VIEWS_OF = {
    "fdi_china_by_origin": _ViewOf(
        "fdi",
        {"origin": "counterpart", "origin_name": "counterpart_name"},
        {"reporter": "CHN", "concept": "mofcom_utilised", "direction": "inward", "accounting": "flow", "freq": "A"},
    ),
    "both_import": _ViewOf(
        "trade",
        {"importer": "reporter", "importer_name": "reporter_name", "exporter": "partner", "exporter_name": "partner_name"},
        {"flow": "import"},
    ),
}  # fmt: skip
#: Marts that combine rows of several others.
_COMBINED_FROM = {
    "province_profile": "indicator, trade, fdi, presence, visits and milestones",
    "region_profile": "province_profile",
    "trade_months_derived": "cumulative and monthly rows of trade",
    "revisions": "trade, fdi, indicator, pair and presence",
}


def trace(con: duckdb.DuckDBPyConnection, home: Home, table: str, wanted: dict[str, str]) -> list[Figure]:
    """All figures of a mart that have a version with the wanted values (text by column), each with all its versions.

    ``con`` reads the published file of ``home``. Raises Unknown for an unknown table or column, for no figure, and for
    more than MOST_FIGURES.

    Example: ``trace(con, home, "trade", {"reporter": "JPN", "partner": "CHN", "flow": "import", "period": "2021"})``
    """
    table, wanted = _underlying(table.removeprefix("mart.").removeprefix("core."), wanted)
    fact = _fact(table)
    key = ["source", *_key(fact)]
    versions: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in _versions(con, fact, wanted):
        versions.setdefault(tuple(row[column] for column in key), []).append(row)
    condition = ", ".join(f"{column}={value}" for column, value in wanted.items()) or "no condition"
    if not versions:
        raise Unknown(f"{table} has no row with {condition}. {_where_to_look(fact, wanted)}")
    if len(versions) > MOST_FIGURES:
        raise Unknown(f"{len(versions)} figures of {table} have {condition}: name more columns ({', '.join(key[1:])})")
    reader = _ArchiveReader(con, home)
    return [
        Figure(dict(zip(key, values, strict=True)), [reader.version(fact, row) for row in rows])
        for values, rows in versions.items()
    ]


def _underlying(table: str, wanted: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The mart whose rows a mart shows, and the wanted values by its columns. Raises Unknown for a combination of marts."""
    if table in _COMBINED_FROM:
        raise Unknown(f"{table} is made of {_COMBINED_FROM[table]}: trace the figure there")
    view = _VIEWS_OF.get(table)
    if view is None:
        return table, wanted
    return view.mart, view.where | {view.renamed.get(column, column): value for column, value in wanted.items()}


def _where_to_look(fact: Fact, wanted: dict[str, str]) -> str:
    """What to do where no figure has the wanted values."""
    if not wanted:
        return "`entrepot build` loads figures"
    return f"Their values: `entrepot sql 'SELECT DISTINCT {', '.join(wanted)} FROM core.{fact.name}_versions ORDER BY ALL'`"


def _fact(name: str) -> Fact:
    for fact in facts.ALL:
        if name in (fact.name, base.table_name(fact.figures).removeprefix("mart.")):
            return fact
    raise Unknown(f"no table {name!r} to trace; there are: {', '.join(f.name for f in facts.ALL)}")


def _key(fact: Fact) -> list[str]:
    """The columns that identify a figure within its source, whatever edition states it."""
    return [column for column in base.key(fact.conformed) if column != "published_on"]


def _versions(con: duckdb.DuckDBPyConnection, fact: Fact, wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of core.<fact>_versions, by column, of every figure that has a version with the wanted values."""
    view = f"core.{fact.name}_versions"
    names = [str(column[0]) for column in con.execute(f"DESCRIBE FROM {view}").fetchall()]
    for column in wanted:
        if column not in names:
            raise Unknown(f"{fact.name} has no column {column!r}; it has: {', '.join(names)}")
    query = sql.render("ask/versions.sql", view=view, wanted=list(wanted), key=["source", *_key(fact)])
    return [dict(zip(names, row, strict=True)) for row in con.execute(query, list(wanted.values())).fetchall()]


class _ArchiveReader:
    """Finds printed rows by reading archived files again; each file once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, home: Home) -> None:
        self.con, self.home = con, home
        self._conformed: dict[tuple[str, str], str] = {}
        self._manifests = {(a.source, a.artifact): a for a in store.manifests(home)}

    def version(self, fact: Fact, row: dict[str, Any]) -> Version:
        """A version with its printed row, or with the fault that kept the archive from giving it."""
        artifact = self._manifests.get((row["source"], row["artifact"]))
        number, raw, fault = None, None, None
        try:
            if artifact is None:
                raise ArchiveDamaged(f"the archive has no manifest of {row['artifact']}")
            number, raw = self._printed(fact, artifact, row)
            if number is None and row.get("obs_status") != _NO_LONGER_STATED:
                fault = "the file, read with today's code, does not have this row: run `entrepot build`"
        except EntrepotError as error:
            fault = str(error)
        return Version(
            row={column: value for column, value in row.items() if column not in ("superseded_by", "superseded_on")},
            superseded_on=row["superseded_on"],
            is_current=row["superseded_by"] is None,
            artifact=artifact,
            archived_at=str(store.object_path(self.home, artifact.stored_as if artifact else row["artifact"])),
            row_number=number,
            raw=raw,
            fault=fault,
        )

    def _printed(self, fact: Fact, artifact: Artifact, row: dict[str, Any]) -> tuple[int | None, str | None]:
        """Number and text of the row that a version was read from; None for both if the file does not have it."""
        table = self._conformed_rows(fact, artifact)
        key = base.key(fact.conformed)
        condition = " AND ".join(f'"{column}" IS NOT DISTINCT FROM ?' for column in key)
        match = first(self.con.execute(f"SELECT row_number FROM {table} WHERE {condition}", [row[k] for k in key]))
        if match is None:
            return None, None
        (number,) = match
        with store.opened(self.home, artifact) as opened:
            return number, stage.raw_rows(self.con, sources.get(artifact.source).text(opened), [number])[number]

    def _conformed_rows(self, fact: Fact, artifact: Artifact) -> str:
        """The name of a temporary table with the conformed rows of an artifact."""
        key = artifact.artifact, fact.name
        if key not in self._conformed:
            conform.conform(self.con, self.home, sources.get(artifact.source), artifact, Proof(self.con), None)
            name = f"traced_{len(self._conformed)}"
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {conform.accepted_view(fact)}")
            self._conformed[key] = name
        return self._conformed[key]
