"""How ``entrepot try`` shows what would become of a file."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from tasks.load.dry_run import FileOutcome, RowOutcome


def show(console: Console, outcome: FileOutcome) -> None:
    """Print what would become of a file: as what it was recognised, its balance of rows, and rows with their outcome."""
    for line in _lines(outcome):
        console.print(line, markup=False, highlight=False)


def _lines(outcome: FileOutcome) -> Iterator[str]:
    if outcome.layout is None:
        yield f"{outcome.name}: not recognised: {outcome.description}"
        return
    yield f"{outcome.name}: recognised: {outcome.description}"
    stamp = f", the publisher's stamp {outcome.publisher_stamp}" if outcome.publisher_stamp else ""
    yield f"  layout {outcome.layout}{stamp}"
    if outcome.staged_as:
        facts = ", ".join(f"{count:,} {name}" for name, count in (outcome.facts or {}).items())
        yield (
            f"  staged as {outcome.staged_as}: {outcome.rows_in:,} rows in, {outcome.rows_accepted:,} accepted ({facts}), "
            f"{outcome.rows_refused:,} refused"
        )
        yield from (f"  set aside, {count:,} rows: {reason}" for reason, count in (outcome.set_aside or {}).items())
    if outcome.fault:
        yield f"  the file would not be loaded: {outcome.fault}"
    for row in outcome.rows:
        yield from _row(row)


def _row(row: RowOutcome) -> Iterator[str]:
    yield ""
    yield f"  row {row.row_number}: " + (f"refused: {row.rules}" if row.rules else f"accepted, a figure of {row.fact}")
    yield f"    as printed: {_columns(row.printed)}"
    if row.conformed:
        yield f"    conformed:  {_columns(row.conformed)}"


def _columns(values: dict[str, Any]) -> str:
    """The columns that have a value."""
    return ", ".join(f"{name}={value}" for name, value in values.items() if value is not None)
