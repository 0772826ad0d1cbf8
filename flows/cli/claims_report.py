"""What ``entrepot claims`` shows: a line for each claim with its verdict, or one claim with its figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

if TYPE_CHECKING:
    from tasks.ask.claims import Evidence, Verdict

_STYLES = {"supported": "green", "contradicted": "red", "mixed": "yellow", "no data": "dim"}


def show_all(console: Console, verdicts: tuple[Verdict, ...]) -> None:
    """A table for each document, and how many claims have which verdict."""
    for document in dict.fromkeys(v.document for v in verdicts):
        table = Table("claim", "verdict", "what it says", "why", title=escape(document), title_justify="left")
        for v in verdicts:
            if v.document == document:
                table.add_row(escape(v.id), _styled(v.verdict), escape(v.statement), escape(_reason(v)))
        console.print(table)
    counts = {name: sum(v.verdict == name for v in verdicts) for name in _STYLES}
    console.print(", ".join(f"{count} {name}" for name, count in counts.items()), highlight=False)


def show_one(console: Console, verdict: Verdict, evidence: tuple[Evidence, ...], supporting: str) -> None:
    """A claim with every figure, its source and vintage, and the query."""
    for name, text in (
        ("claim", verdict.id),
        ("document", verdict.document),
        ("passage", verdict.passage),
        ("statement", verdict.statement),
        ("verdict", verdict.verdict),
        ("would be supported by", f"a figure {supporting}"),
        ("missing", verdict.missing),
    ):
        if text:
            console.print(f"{name:<21} {text}", markup=False, highlight=False)
    if evidence:
        table = Table(
            Column("figure", justify="right"),
            "verdict",
            Column("off by", justify="right"),
            "source",
            "published",
            "about",
        )
        for e in evidence:
            table.add_row(
                f"{e.figure:,.6g}", "supports" if e.supports else "contradicts", "" if e.supports else f"{e.off_by:+,.6g}",
                escape(e.source or ""), str(e.published_on or "not dated"), escape(e.about or ""),
            )  # fmt: skip
        console.print(table)
    console.print(verdict.sql, markup=False, highlight=False)


def _styled(verdict: str) -> str:
    return f"[{_STYLES[verdict]}]{verdict}[/]"


def _reason(v: Verdict) -> str:
    if v.missing:
        return f"missing: {v.missing}"
    if v.verdict == "supported":
        return v.supported_by or ""
    off = f"off by {v.off_by:+,.6g}: " if v.off_by is not None else ""
    return f"{off}{v.contradicted_by}" + (f" | supported by {v.supported_by}" if v.supported_by else "")
