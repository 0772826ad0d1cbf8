"""What ``entrepot diff`` shows: tables on the terminal, every changed value as CSV, the difference as JSON or as a page."""

from __future__ import annotations

import dataclasses
import io
import json
import tempfile
from decimal import Decimal, InvalidOperation
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import jinja2
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from flows.cli import terminal
from warehouse.errors import HomeError
from warehouse.sql import quoted

if TYPE_CHECKING:
    from tasks.ask.release_diff import Change, Count, Difference, Input, PreferenceChange


#: Width of tables that are written to a file.
_FILE_WIDTH = 300


def write(difference: Difference, con: duckdb.DuckDBPyConnection, form: str, output: Path | None) -> None:
    """Write the difference as a table, csv, json or html, to ``output`` or to standard output.

    ``con`` has the table ``change``. Raises HomeError if ``output`` cannot be written.
    """
    try:
        _write(difference, con, form, output)
    except OSError as fault:
        raise HomeError(f"the result cannot be written to {fault.filename or output}: {fault.strerror}") from fault
    except duckdb.IOException as fault:
        raise HomeError(f"the result cannot be written to {output}: {fault}") from fault


def _write(difference: Difference, con: duckdb.DuckDBPyConnection, form: str, output: Path | None) -> None:
    if form == "csv":
        _write_changes(con, output)
    elif form == "table" and output is None:
        show(terminal.console, difference)
    else:
        text = {"table": _as_text, "json": as_json, "html": as_page}[form](difference)
        if output is None:
            terminal.write_data(text)
        else:
            output.write_text(text + "\n", encoding="utf-8")


def _as_text(difference: Difference) -> str:
    console = Console(record=True, width=_FILE_WIDTH, file=io.StringIO())
    show(console, difference)
    return console.export_text().rstrip("\n")


def show(console: Console, difference: Difference) -> None:
    """The difference as tables."""
    console.print(f"from release {difference.older} to release {difference.newer}", highlight=False)
    for line in _inputs(difference):
        console.print(line, markup=False, highlight=False)
    counts = Table(
        "mart", "dataset", *(Column(n, justify="right") for n in ("values", "changed", "share", "new", "gone"))
    )
    for c in _with_changes(difference.counts):
        cells = f"{c.values:,}", f"{c.changed:,}", format_share(c.share), f"{c.new:,}", f"{c.gone:,}"
        counts.add_row(c.mart, escape(c.dataset or "–"), *cells)
    console.print(
        counts
        if counts.row_count
        else f"no value differs{' where both releases have it' if difference.left_out else ''}"
    )
    if difference.largest:
        largest = Table(
            "mart", "cell", "column", *(Column(n, justify="right") for n in ("before", "after", "change")), "cause"
        )
        for change in difference.largest:
            largest.add_row(
                change.mart, escape(change.cell), change.column, format_number(change.before), format_number(change.after),
                describe_change(change), escape(change.cause),
            )  # fmt: skip
        console.print(largest)
    for why in difference.left_out:
        console.print(f"not compared: {why}", markup=False, highlight=False)


def _with_changes(counts: list[Count]) -> list[Count]:
    return [c for c in counts if c.changed or c.new or c.gone]


def _inputs(difference: Difference) -> list[str]:
    """A line for each file and preference that differs."""
    lines = [describe_input(i) for i in difference.inputs] + [describe_preference(p) for p in difference.preferences]
    return lines or ["the same files and preferences: what differs is the program's doing"]


def describe_input(file: Input) -> str:
    """A file that stands in one of the releases only."""
    published = f", published {file.published_on}" if file.published_on else ""
    return f"{file.kind} file: {file.filename} ({file.source}, dataset {file.dataset}{published})"


def describe_preference(changed: PreferenceChange) -> str:
    """A rank of ref.preference that differs."""
    before, after = ("none" if rank is None else str(rank) for rank in (changed.before, changed.after))
    of = f"{changed.source} {changed.dataset_prefix}".strip()
    return f"preference changed: {changed.fact} of {of}, rank {before} before, {after} now"


def describe_change(change: Change) -> str:
    """By how much a value changed; new or gone for one that only one release has."""
    if change.kind != "changed":
        return change.kind
    return "changed" if change.relative_difference is None else f"{change.relative_difference:+.2%}"


def format_share(share: float | None) -> str:
    """A share in percent."""
    return "–" if share is None else f"{share:.2%}"


def format_number(text: str | None) -> str:
    """A number with separators and without trailing zeros; a text that is not a number as it is, a dash for none."""
    if text is None:
        return "–"
    try:
        number = f"{Decimal(text):,f}"
    except InvalidOperation:
        return text
    return number.rstrip("0").rstrip(".") if "." in number else number


def as_json(difference: Difference) -> str:
    """The difference, as an object with the fields of its class."""
    return json.dumps(dataclasses.asdict(difference), ensure_ascii=False, indent=1, default=str)


def as_page(difference: Difference) -> str:
    """The difference as a page of HTML that needs no other file."""
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    text = (resources.files(__package__) / "diff_page.html.jinja").read_text(encoding="utf-8")
    return environment.from_string(text).render(
        difference=difference, counts=_with_changes(difference.counts), inputs=_inputs(difference),
        number=format_number, share=format_share, change_of=describe_change,
    )  # fmt: skip


def _write_changes(con: duckdb.DuckDBPyConnection, output: Path | None) -> None:
    """Every value that differs, one a row, as CSV."""
    with tempfile.TemporaryDirectory() as folder:
        path = output or Path(folder) / "changes.csv"
        con.execute(
            "COPY (FROM change ORDER BY mart, kind, cell, column_name, before, after) "
            f"TO {quoted(str(path))} (FORMAT csv, HEADER)"
        )
        if output is None:
            terminal.write_data(path.read_text(encoding="utf-8").rstrip("\n"))
