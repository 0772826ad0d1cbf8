"""The peers: how others load the same file. Each module has ``load``, and says what it checks and what it lacks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Peer:
    """A way to load the file. ``work`` is the function that is measured."""

    name: str
    package: str
    work: str
    checks: str
    lacks: str


_UNSAID = "codes resolved, the good rows where one is bad, line numbers, quarantine, versions, provenance"

ALL: tuple[Peer, ...] = (
    Peer(
        "dlt through Arrow",
        "dlt",
        "peers.dlt_arrow.load",
        "types only: the first bad value stops the load; dlt records the load",
        "value checks, unique keys, codes resolved, quarantine, versions of figures",
    ),
    Peer(
        "pandas + Pandera + DuckDB",
        "pandas",
        "peers.pandas_pandera.load",
        "types, values, unique keys, known country codes",
        _UNSAID,
    ),
    Peer(
        "polars + Pandera + DuckDB",
        "polars",
        "peers.polars_pandera.load",
        "types, values, unique keys, known country codes",
        _UNSAID,
    ),
    Peer(
        "Pandera on Ibis (checks only)",
        "ibis",
        "peers.ibis_pandera.check",
        "values, unique keys, known country codes, of a table DuckDB has read before; nothing is stored",
        f"the reading, the writing, {_UNSAID}",
    ),
)
