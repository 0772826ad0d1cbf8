"""Figures that an as-of question leaves out because nobody knows when they were published."""

import re
from collections.abc import Iterator

import duckdb

from schemas import lineage
from warehouse import sql
from warehouse.connection import one

_AFTER_FROM = re.compile(r"\b(?:from|join)\s+([\w.]+)\b(?!\s*\()", re.IGNORECASE)
_READINGS = {reading.mart: reading for reading in lineage.READINGS}
#: The kind of the figures of each mart of figures.
_KINDS = {
    name: {"milestone_figures": "milestones"}.get(name, name.removesuffix("_figures")) for name in lineage.FIGURES
}
#: Marts that are made of no figures, or of those that their own queries choose.
OF_NONE = ("question", "claims")
#: Marts that are made of all figures, of those that are compared, or of none.
_OF_SEVERAL: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(OF_NONE, ()),
    "trade_months_derived": ("trade",),
    **dict.fromkeys(("revisions", "revisions_by_source"), ("trade", "fdi", "indicator", "pair", "presence")),
    **dict.fromkeys(("coverage", "freshness"), tuple(_KINDS.values())),
    "northeast_shares": ("trade", "fdi", "indicator", "presence"),
    **dict.fromkeys(("gravity_gap", "gravity_model"), ("trade", "indicator")),
}


def describe_undated(con: duckdb.DuckDBPyConnection, query: str, moment: str) -> str | None:
    """A sentence about the figures without a date of publication that a query's marts do not have at a moment; None if there are none.

    ``con`` is that of ``reader_as_of``.
    """
    marts = sorted(_asked(query))
    kinds = sorted({kind for mart in marts for kind in _kinds_of(mart)})
    if not kinds:
        return None
    (figures,) = one(con.execute(sql.render("ask/undated_left_out.sql", kinds=kinds)))
    if not figures:
        return None
    return (
        f"{figures:,} figures behind {', '.join(marts)} have no date of publication and were received after {moment}: "
        "they are left out, though they may have been published by then"
    )


def _asked(query: str) -> set[str]:
    """The marts that a query names."""
    known = {*_KINDS, *lineage.FACTS, *_READINGS, *_OF_SEVERAL}
    return {name.removeprefix("mart.").removeprefix("main.") for name in _tables(query)} & known


def _tables(query: str) -> set[str]:
    """The names of tables in a query, as they are written there."""
    # A database that has the marts would give the tables that they are defined over.
    with duckdb.connect() as empty:
        try:
            return set(empty.get_table_names(query, qualified=True))
        except duckdb.Error:  # it does not know a macro that the query has beside them
            return set(_AFTER_FROM.findall(query))


def _kinds_of(mart: str) -> Iterator[str]:
    """The kinds of figures that a mart is made of."""
    if mart in _KINDS:
        yield _KINDS[mart]
    elif mart in lineage.FACTS:
        yield _KINDS[lineage.FACTS[mart].figures.split(".")[1]]
    elif mart in _READINGS:
        for of in {fact.mart for facts in _READINGS[mart].columns.values() for fact in facts}:
            yield from _kinds_of(of)
    else:
        yield from _OF_SEVERAL[mart]
