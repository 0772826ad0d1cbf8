"""What documents say, held against the published figures: the verdicts of claims, and the figures behind one.

Claims come with the project (warehouse/claims), where their verdicts are published as ``mart.claims``, and from the folder ``claims`` of
the home folder, a file a document.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import duckdb

from tasks.ask.cautions import cautions as cautions_of
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
    """All verdicts, what is wrong with claims that could not be judged, and what a reader should know of the queries of the others."""

    verdicts: tuple[Verdict, ...]
    faults: tuple[str, ...]
    cautions: tuple[str, ...]


@dataclass(frozen=True)
class Reasons:
    """The verdict of one claim with every figure, and what a reader should know of its query."""

    verdict: Verdict
    evidence: tuple[Evidence, ...]
    cautions: tuple[str, ...]


def judge(con: duckdb.DuckDBPyConnection, home: Home) -> Verdicts:
    """The verdicts of the claims that come with the project and of the home folder's; a file or claim that cannot be judged is a fault beside the others.

    Verdicts of the release are those of its own claims. Claims that have since changed are judged now, as :func:`why` does.
    """
    documents, faults = of_home(home)
    published = {verdict.id: verdict for verdict in _published(con)}
    found, cautions, changed = [], [], []
    for document, claim in _claims(files.bundled()):
        stored = published.get(claim.id)
        if stored and _is_of(stored, document, claim):
            found.append(stored)
        else:
            changed.append(claim.id)
            _judge_one(con, document, claim, found, faults)
    if changed or published.keys() - {verdict.id for verdict in found}:
        cautions.append(_other_claims(changed))
    for document, claim in _claims(documents):
        _judge_one(con, document, claim, found, faults)
        cautions += _cautions(con, claim)
    return Verdicts(tuple(found), tuple(faults), tuple(cautions))


def why(con: duckdb.DuckDBPyConnection, home: Home, id: str) -> Reasons:
    """The verdict of one claim, judged now, with every figure. Raises Unknown for an id that no claim has, ClaimsFault."""
    documents, faults = of_home(home)
    every = {claim.id: (document, claim) for document, claim in _claims((*files.bundled(), *documents))}
    if id not in every:
        if faults:
            raise ClaimsFault("; ".join(faults))
        raise Unknown(f"no claim {id!r}. The claims are: {', '.join(every)}")
    verdict = _verdict(con, *every[id])
    rows = _run(con, "claims/figures_of_one.sql", *every[id]).fetchall()
    is_bundled = any(claim.id == id for _, claim in _claims(files.bundled()))
    stored = {} if not is_bundled else {v.id: v for v in _published(con)}
    cautions = _cautions(con, every[id][1]) if not is_bundled else []
    if is_bundled and not (id in stored and _is_of(stored[id], *every[id])):
        cautions = [_other_claims([id])]
    return Reasons(verdict, tuple(Evidence(*row) for row in rows), tuple(cautions))


def _claims(documents: Iterable[Document]) -> Iterator[tuple[Document, Claim]]:
    return ((document, claim) for document in documents for claim in document.claims)


def _judge_one(
    con: duckdb.DuckDBPyConnection, document: Document, claim: Claim, found: list[Verdict], faults: list[str]
) -> None:
    try:
        found.append(_verdict(con, document, claim))
    except ClaimsFault as fault:
        faults.append(str(fault))


def _is_of(verdict: Verdict, document: Document, claim: Claim) -> bool:
    """Whether a published verdict is of a claim as it now stands."""
    asked = (
        claim.statement,
        claim.comparison,
        claim.expected,
        claim.tolerance,
        claim.unit,
        claim.sql,
        document.document,
    )
    return asked == (
        verdict.statement, verdict.comparison, verdict.expected, verdict.tolerance, verdict.figure_unit, verdict.sql, verdict.document,
    )  # fmt: skip


def _other_claims(changed: list[str]) -> str:
    now = (
        f"{', '.join(changed)} {'was' if len(changed) == 1 else 'were'} judged now"
        if changed
        else "it has claims that there are no more"
    )
    return f"the release was published with other claims than this program has: {now}, and mart.claims has the older ones until `entrepot build` publishes it again"


def _cautions(con: duckdb.DuckDBPyConnection, claim: Claim) -> list[str]:
    """What `entrepot sql` would say of a claim's query: sums of what must not be added, places that there are not."""
    return [f"claim {claim.id}: {caution}" for caution in cautions_of(con, claim.sql)]


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
    compared = "equal to" if verdict.comparison == "equals" else verdict.comparison
    return f"{compared} {verdict.expected:g}{around}, {verdict.figure_unit}"


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
    """Raise ClaimsFault for a query whose rows are not figures with their sources: without it such rows would count as no data, or as evidence of nobody."""
    with _told(document, claim):
        asked = con.execute(f"SELECT * FROM (\n{claim.sql}\n) LIMIT 0")
    types = {name: str(type_) for name, type_, *_ in asked.description or []}
    faults = [f"has no column {name}" for name in ("figure", "source") if name not in types]
    faults += [f"has a column {name}, which means nothing here" for name in types if name not in _COLUMNS]
    if "figure" in types and not types["figure"].startswith(_NUMBERS):
        faults.append(f"gives a figure that is no number but {types['figure']}")
    faults = faults or _faults_of_rows(con, document, claim)
    if faults:
        raise ClaimsFault(f"the query of claim {claim.id} of {document.document!r} {' and '.join(faults)}. {_WANTED}")


def _faults_of_rows(con: duckdb.DuckDBPyConnection, document: Document, claim: Claim) -> list[str]:
    with _told(document, claim):
        without_source, infinite = one(
            con.execute(
                f"""SELECT count(*) FILTER (coalesce(trim(source::VARCHAR), '') = ''), count(*) FILTER (NOT isfinite(figure::DOUBLE))
                FROM (\n{claim.sql}\n) WHERE figure IS NOT NULL"""
            )
        )
    return [
        *(["gives a figure without a source"] if without_source else []),
        *(["gives a figure that is not finite"] if infinite else []),
    ]


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
