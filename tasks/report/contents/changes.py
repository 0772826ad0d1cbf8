"""What the newest release changed against the one before it: values by dataset, the largest changes, and the files that came and went.

The published file is of one release and has no other in it. The queries here state what ``entrepot diff`` finds, row by row.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from schemas import lineage
from tasks.ask import release_diff
from tasks.ask.release_diff import Difference
from tasks.publish import release
from tasks.report.contents.columns import DATASET
from tasks.report.contents.sentences import count, percent
from tasks.report.model import Column, Exhibit, Rows
from warehouse.settings import Home
from warehouse.sql import quoted

#: How many of the largest changes of each table of figures are shown.
_LARGEST = 5


@dataclass(frozen=True)
class Changes:
    """What changed in the releases of a home folder; they are compared once, when a page first asks."""

    home: Home

    @cached_property
    def difference(self) -> Difference | None:
        """Between the two newest releases; None where there are not two."""
        if len(release.releases(self.home)) < 2:
            return None
        older, newer = release_diff.two_releases(self.home, None, None)
        with release_diff.compare(self.home, older, newer, _LARGEST) as (found, _):
            return found

    def exhibits(self) -> list[Exhibit]:
        """All that changed; where there is nothing to compare with, it is said once."""
        return [self.by_dataset(), *([self.largest(), self.files()] if self.difference else [])]

    @property
    def _missing(self) -> str:
        found = self.difference
        if found is None:
            return "This is the only release in this home folder: there is none to compare it with."
        return f"No value differs from release {found.older} of {day_of(found.older)}."

    @property
    def _note(self) -> tuple[str, ...]:
        found = self.difference
        if found is None:
            return ()
        command = f"entrepot diff {found.older} {found.newer}"
        left_out = [f"Not compared: {why}." for why in found.left_out]
        return (f"All of it, as a table, CSV or JSON: {command}. The query states what that command found, because a published file has no other release in it.", *left_out)  # fmt: skip

    def by_dataset(self) -> Exhibit:
        """How many values changed, are new and are gone, by table and dataset."""
        found = self.difference
        counts = [c for c in found.counts if c.changed or c.new or c.gone] if found else []
        of_facts = {name: name in lineage.FACTS for name in {c.mart for c in counts}}
        rows = [(c.mart, of_facts[c.mart], c.dataset, c.values, c.changed, c.share, c.new, c.gone) for c in counts]
        return Exhibit(
            slug="changed-values",
            title="Values that changed since the last release",
            sql=_stating(_COUNTED, sorted(rows, key=lambda row: (not row[1], -(row[4] + row[6] + row[7]), str(row[:3])))),
            columns=(
                Column("mart", "Table"), DATASET, Column("figures", "Values now", "", 0), Column("changed", "Changed", "", 0),
                Column("share", "Changed of those in both", "%", 2), Column("new", "New", "", 0), Column("gone", "Gone", "", 0),
            ),
            takeaway=_counted_takeaway(found),
            notes=self._note,
            missing=self._missing,
        )  # fmt: skip

    def largest(self) -> Exhibit:
        """The largest changes of each table."""
        found = self.difference
        rows = [
            (c.mart, c.cell, c.column, c.kind, c.before, c.after, c.relative_difference, c.after_dataset or c.before_dataset, c.cause)
            for c in (found.largest if found else [])
        ]  # fmt: skip
        return Exhibit(
            slug="largest-changes",
            title="The largest changes of each table",
            sql=_stating(_LISTED, rows),
            columns=(
                Column("mart", "Table"), Column("cell", "Figure"), Column("column_name", "Column"), Column("kind", "Kind"), Column("before", "Before"), Column("after", "After"),
                Column("relative", "Change", "%", 2), DATASET, Column("cause", "Caused by"),
            ),
            takeaway=_largest_takeaway,
            missing=self._missing,
            opened=False,
        )  # fmt: skip

    def files(self) -> Exhibit:
        """The files that one of the two releases has."""
        found = self.difference
        rows = [(i.kind, i.source, i.dataset, i.filename, i.published_on) for i in (found.inputs if found else [])]
        return Exhibit(
            slug="changed-files",
            title="Files that came and went",
            sql=_stating(_FILES, rows),
            columns=(Column("kind", "Kind"), Column("source", "Source"), DATASET, Column("filename", "File"), Column("published_on", "Published")),
            takeaway=lambda rows: f"{count(sum(row['kind'] == 'new' for row in rows), 'file')} came and {count(sum(row['kind'] == 'gone' for row in rows), 'file')} went.",
            missing="No file came or went: both releases are made of the same ones." if found else self._missing,
            opened=False,
        )  # fmt: skip


def day_of(name: str) -> str:
    """The day of a release, whose name begins with it."""
    return f"{name[:4]}-{name[4:6]}-{name[6:8]}"


_COUNTED = {
    "mart": "VARCHAR", "is_fact": "BOOLEAN", "dataset": "VARCHAR", "figures": "BIGINT", "changed": "BIGINT", "share_of_changed": "DOUBLE", "new": "BIGINT", "gone": "BIGINT",
}  # fmt: skip
_LISTED = {
    "mart": "VARCHAR", "cell": "VARCHAR", "column_name": "VARCHAR", "kind": "VARCHAR", "before": "VARCHAR", "after": "VARCHAR", "relative_difference": "DOUBLE",
    "dataset": "VARCHAR", "cause": "VARCHAR",
}  # fmt: skip
_FILES = {"kind": "VARCHAR", "source": "VARCHAR", "dataset": "VARCHAR", "filename": "VARCHAR", "published_on": "DATE"}
#: Shares as percentages, for the table.
_PERCENTAGES = {"share_of_changed": "share", "relative_difference": "relative"}


def _stating(types: dict[str, str], rows: Sequence[tuple[Any, ...]]) -> str:
    """A query that returns these rows in their order."""
    names = ", ".join(types)
    selected = ", ".join(f"{name}::{kind} AS {name}" for name, kind in types.items())
    selected += "".join(f", 100 * {name}::DOUBLE AS {label}" for name, label in _PERCENTAGES.items() if name in types)
    if not rows:
        return f"SELECT {selected} FROM (SELECT {', '.join(f'NULL AS {name}' for name in types)}) WHERE false"
    values = ",\n    ".join(f"({number}, {', '.join(map(_literal, row))})" for number, row in enumerate(rows))
    return f"SELECT {selected}\nFROM (VALUES\n    {values}\n) AS stated(number, {names})\nORDER BY number"


def _literal(value: Any) -> str:
    if value is None:
        return "NULL"
    return str(value) if isinstance(value, bool | int | float) else quoted(str(value))


def _counted_takeaway(found: Difference | None) -> Callable[[Rows], str]:
    """Of facts where any differs, else of figures: adding both would count a value twice."""

    def said(rows: Rows) -> str:
        counted = [row for row in rows if row["is_fact"]] or rows
        total = {name: sum(row[name] for row in counted) for name in ("figures", "changed", "new", "gone")}
        in_both = total["figures"] - total["new"]
        share = f" ({percent(total['changed'] / in_both, 2)} of those in both)" if in_both else ""
        since = f"Since release {found.older} of {day_of(found.older)}" if found else "Since the last release"
        most = max(counted, key=lambda row: row["changed"] + row["new"] + row["gone"])
        return (
            f"{since} {count(total['changed'], 'value')} changed{share}, "
            f"{total['new']:,} {'is' if total['new'] == 1 else 'are'} new and {total['gone']:,} {'is' if total['gone'] == 1 else 'are'} gone; most of it in {most['dataset']}."
        )

    return said


def _largest_takeaway(rows: Rows) -> str:
    changed = [row for row in rows if row["relative_difference"] is not None]
    if not changed:
        return f"{count(len(rows), 'value')} listed; none that both releases have has changed."
    most = max(changed, key=lambda row: abs(row["relative_difference"]))
    return f"The largest is {percent(most['relative_difference'], 1)}: {most['cell']}."
