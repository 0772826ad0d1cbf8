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
from warehouse.connection import first
from warehouse.errors import ArchiveDamaged, EntrepotError, Unknown
from warehouse.settings import Home

#: More figures than this are not traced at once: the question was too wide.
MOST_FIGURES = 50

#: Status of a version that says a later release left the figure out; it was printed nowhere.
_NO_LONGER_STATED = "O"


@dataclass(frozen=True)
class Version:
    """One version of a figure. ``row`` has the columns of the mart; ``raw`` is the printed row as JSON."""

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
    """One figure with all its versions, the first published first."""

    key: dict[str, Any]
    versions: list[Version]


def trace(con: duckdb.DuckDBPyConnection, home: Home, table: str, wanted: dict[str, str]) -> list[Figure]:
    """All figures of a mart whose columns have the wanted values, each with its versions.

    ``con`` reads the published file. Raises Unknown for a table or column that is not there, a value that
    cannot be compared, for no figure, and for more than MOST_FIGURES.
    """
    table, wanted = _underlying(table.removeprefix("mart.").removeprefix("core."), wanted)
    fact = _fact(table)
    key = [k for k in base.key(fact.conformed) if k != "published_on"]
    rows = _versions(con, fact, wanted)
    grouped: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
    for row in rows:
        grouped.setdefault((row["source"], *(row.get(k) for k in key)), []).append(row)
    if not rows:
        raise Unknown(f"{table} has no row with {_told(wanted)}")
    if len(grouped) > MOST_FIGURES:
        raise Unknown(f"{len(grouped)} figures of {table} have {_told(wanted)}: name more columns ({', '.join(key)})")
    reader = _Reader(con, home)
    return [
        Figure(dict(zip(["source", *key], values, strict=True)), [reader.version(fact, row) for row in versions])
        for values, versions in grouped.items()
    ]


#: Marts that show rows of another: which, how their columns are named there, and what they are restricted to.
_SHOWN_BY: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "fdi_china_by_origin": (
        "fdi",
        {"origin": "counterpart", "origin_name": "counterpart_name"},
        {"reporter": "CHN", "concept": "mofcom_utilised", "direction": "inward", "accounting": "flow", "freq": "A"},
    ),
    "both_import": (
        "trade",
        {
            "importer": "reporter",
            "importer_name": "reporter_name",
            "exporter": "partner",
            "exporter_name": "partner_name",
        },
        {"flow": "import"},
    ),
}
#: Marts that put rows of several others together.
_MADE_OF = {
    "province_profile": "indicator, trade, fdi, presence, visits and milestones",
    "region_profile": "province_profile",
    "trade_months_derived": "cumulative and monthly rows of trade",
    "revisions": "trade, fdi, indicator, pair and presence",
}


def _underlying(table: str, wanted: dict[str, str]) -> tuple[str, dict[str, str]]:
    """The table whose rows a mart shows, and the question in its columns. Raises Unknown for a mart made of several."""
    if table in _MADE_OF:
        raise Unknown(f"{table} is made of {_MADE_OF[table]}: trace the figure there")
    if table not in _SHOWN_BY:
        return table, wanted
    name, renamed, restricted = _SHOWN_BY[table]
    return name, restricted | {renamed.get(column, column): value for column, value in wanted.items()}


def _fact(name: str) -> Fact:
    for fact in facts.ALL:
        if fact.name == name:
            return fact
    table = name
    raise Unknown(f"no table {table!r} to trace; there are: {', '.join(f.name for f in facts.ALL)}")


def _versions(con: duckdb.DuckDBPyConnection, fact: Fact, wanted: dict[str, str]) -> list[dict[str, Any]]:
    """Rows of core.<fact>_versions of every figure one of whose versions has the wanted values."""
    view = f"core.{fact.name}_versions"
    names = [str(c[0]) for c in con.execute(f"DESCRIBE FROM {view}").fetchall()]
    for column in wanted:
        if column not in names:
            raise Unknown(f"{fact.name} has no column {column!r}; it has: {', '.join(names)}")
    condition = " AND ".join(f'"{c}"::VARCHAR = ?' for c in wanted) or "TRUE"
    key = [k for k in base.key(fact.conformed) if k != "published_on"]
    same = " AND ".join(f'v."{k}" IS NOT DISTINCT FROM w."{k}"' for k in ("source", *key))
    found = con.execute(
        f"SELECT v.* FROM {view} AS v WHERE EXISTS (FROM (FROM {view} WHERE {condition}) AS w WHERE {same}) "
        "ORDER BY v.published_on NULLS LAST, v.known_from, v.edition",
        list(wanted.values()),
    )
    columns = [d[0] for d in found.description or []]
    return [dict(zip(columns, row, strict=True)) for row in found.fetchall()]


def _told(wanted: dict[str, str]) -> str:
    return ", ".join(f"{k}={v}" for k, v in wanted.items()) or "nothing asked"


class _Reader:
    """Finds printed rows by reading artifacts again; each artifact once."""

    def __init__(self, con: duckdb.DuckDBPyConnection, home: Home) -> None:
        self.con, self.home = con, home
        self._conformed: dict[tuple[str, str], str] = {}
        self._manifests = {(a.source, a.artifact): a for a in store.manifests(home)}

    def version(self, fact: Fact, row: dict[str, Any]) -> Version:
        """A version with what the archive has of it. A fault of the archive is told, not raised."""
        artifact = self._manifests.get((row["source"], row["artifact"]))
        path = store.object_path(self.home, artifact.stored_as if artifact else row["artifact"])
        number, raw, fault = None, None, None
        try:
            if artifact is None:
                raise ArchiveDamaged(f"the archive has no manifest of {row['artifact']}")
            number, raw = self._printed(fact, artifact, row)
            if number is None and row.get("obs_status") != _NO_LONGER_STATED:
                fault = "the file, as it is read today, does not have this row: run `entrepot build`"
        except EntrepotError as found:
            fault = str(found)
        shown = {k: v for k, v in row.items() if k not in ("superseded_by", "superseded_on")}
        return Version(
            shown, row["superseded_on"], row["superseded_by"] is None, artifact, str(path), number, raw, fault
        )

    def _printed(self, fact: Fact, artifact: Artifact, row: dict[str, Any]) -> tuple[int | None, str | None]:
        source = sources.get(artifact.source)
        table = self._read(fact, artifact)
        keys = base.key(fact.conformed)
        condition = " AND ".join(f'"{k}" IS NOT DISTINCT FROM ?' for k in keys)
        found = first(self.con.execute(f"SELECT row_number FROM {table} WHERE {condition}", [row[k] for k in keys]))
        if found is None:
            return None, None
        with store.opened(self.home, artifact) as opened:
            return found[0], stage.raw_rows(self.con, source.text(opened), [found[0]])[found[0]]

    def _read(self, fact: Fact, artifact: Artifact) -> str:
        """The conformed rows of an artifact, as a temporary table."""
        key = artifact.artifact, fact.name
        if key not in self._conformed:
            conform.conform(self.con, self.home, sources.get(artifact.source), artifact, Proof(self.con), None)
            name = f"traced_{len(self._conformed)}"
            self.con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM {conform.accepted_view(fact)}")
            self._conformed[key] = name
        return self._conformed[key]
