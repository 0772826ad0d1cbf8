"""What documents say, held against the published figures: the verdicts of claims, and the figures behind one.

Claims come with the project (warehouse/claims), where their verdicts are published as ``mart.claims``, and from the folder ``claims`` of
the home folder, a file a document.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse import claims as files
from warehouse import sql
from warehouse.claims import Claim, Document
from warehouse.connection import one
from warehouse.errors import ClaimsFault, Unknown
from warehouse.settings import Home

#: What the rows of a claim's query may have.
_COLUMNS = ("figure", "source", "published_on", "about")
#: How the names of types of numbers begin.
_NUMBERS = (
    "DECIMAL",
    "DOUBLE",
    "FLOAT",
    "HUGEINT",
    "INTEGER",
    "BIGINT",
    "SMALLINT",
    "TINYINT",
    "UBIGINT",
    "UHUGEINT",
    "UINTEGER",
    "USMALLINT",
    "UTINYINT",
)
_WANTED = "It has to give the columns figure and source, and may give published_on and about"


@dataclass(frozen=True)
class Verdict:
    """A claim and what the figures say of it: the columns of mart.claims."""

    id: str
    document: str
    passage: str
    statement: str
    verdict: str
    off_by: float | None
    figure_unit: str
    supported_by: str | None
    contradicted_by: str | None
    missing: str | None
    comparison: str
    expected: float
    tolerance: float
    sql: str


@dataclass(frozen=True)
class Evidence:
    """One figure that supports or contradicts a claim. ``off_by`` is how far it is from what would support it."""

    figure: float
    source: str | None
    published_on: date | None
    about: str | None
    supports: bool
    off_by: float


@dataclass(frozen=True)
class Verdicts:
    """All verdicts, and what is wrong with claims of the home folder that could not be judged."""

    verdicts: tuple[Verdict, ...]
    faults: tuple[str, ...]


def judge(con: duckdb.DuckDBPyConnection, home: Home) -> Verdicts:
    """The verdicts of the published claims and of the home folder's; a file or claim that cannot be judged is a fault beside the others."""
    documents, faults = of_home(home)
    found = list(_published(con))
    for document in documents:
        for claim in document.claims:
            try:
                found.append(_verdict(con, document, claim))
            except ClaimsFault as fault:
                faults.append(str(fault))
    return Verdicts(tuple(found), tuple(faults))


def why(con: duckdb.DuckDBPyConnection, home: Home, id: str) -> tuple[Verdict, tuple[Evidence, ...]]:
    """The verdict of one claim, judged now, with every figure. Raises Unknown for an id that no claim has, ClaimsFault."""
    documents, faults = of_home(home)
    every = {claim.id: (document, claim) for document in (*files.bundled(), *documents) for claim in document.claims}
    if id not in every:
        if faults:
            raise ClaimsFault("; ".join(faults))
        raise Unknown(f"no claim {id!r}. The claims are: {', '.join(every)}")
    verdict = _verdict(con, *every[id])
    rows = _run(con, "claims/figures_of_one.sql", *every[id]).fetchall()
    return verdict, tuple(Evidence(*row) for row in rows)


def of_home(home: Home) -> tuple[list[Document], list[str]]:
    """The documents of the home folder, and what is wrong with files that are none."""
    found: list[Document] = []
    faults: list[str] = []
    for path in sorted(path for path in home.claims.glob("*") if path.suffix in (".yml", ".yaml")):
        try:
            found += files.documents([path], *files.bundled(), *found)
        except ClaimsFault as fault:
            faults.append(str(fault))
    return found, faults


def supporting(verdict: Verdict) -> str:
    """The figure that would support a claim, in words."""
    around = f" within {verdict.tolerance:g}" if verdict.tolerance else ""
    return f"{verdict.comparison} {verdict.expected:g}{around}, {verdict.figure_unit}"


def _published(con: duckdb.DuckDBPyConnection) -> tuple[Verdict, ...]:
    columns = ", ".join(Verdict.__dataclass_fields__)
    try:
        rows = con.execute(f"SELECT {columns} FROM mart.claims").fetchall()
    except duckdb.CatalogException as fault:
        raise ClaimsFault(
            "what is published was made before there were claims: run `entrepot build` to publish it again"
        ) from fault
    return tuple(Verdict(*row) for row in rows)


def _verdict(con: duckdb.DuckDBPyConnection, document: Document, claim: Claim) -> Verdict:
    _check_query(con, document, claim)
    return Verdict(*one(_run(con, "claims/of_one.sql", document, claim)))


def _check_query(con: duckdb.DuckDBPyConnection, document: Document, claim: Claim) -> None:
    """Raise ClaimsFault for a query whose rows are not figures with their sources: without it such rows would count as no data."""
    with _told(document, claim):
        asked = con.execute(f"SELECT * FROM (\n{claim.sql}\n) LIMIT 0")
    types = {name: str(type_) for name, type_, *_ in asked.description or []}
    faults = [f"has no column {name}" for name in ("figure", "source") if name not in types]
    faults += [f"has a column {name}, which means nothing here" for name in types if name not in _COLUMNS]
    if "figure" in types and not types["figure"].startswith(_NUMBERS):
        faults.append(f"gives a figure that is no number but {types['figure']}")
    if faults:
        raise ClaimsFault(f"the query of claim {claim.id} of {document.document!r} {' and '.join(faults)}. {_WANTED}")


def _run(con: duckdb.DuckDBPyConnection, query: str, document: Document, claim: Claim) -> duckdb.DuckDBPyConnection:
    with _told(document, claim):
        return con.execute(sql.render(query, claim=(document, claim)))


@contextmanager
def _told(document: Document, claim: Claim) -> Iterator[None]:
    """Tell a fault of DuckDB as one of the claim's query."""
    try:
        yield
    except duckdb.Error as fault:
        why = " ".join(str(fault).split())
        raise ClaimsFault(f"the query of claim {claim.id} of {document.document!r} fails: {why}. {_WANTED}") from fault
