"""What ``entrepot trace`` shows: figures with their versions, values of facts with the figures they are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape

from flows.cli import tables

# Only for types: importing what reads archived files takes a second.
if TYPE_CHECKING:
    from datetime import date

    from tasks.ask.archived import Version
    from tasks.ask.trace import Figure
    from tasks.ask.trace_facts import Input, ReadingValue, Value


def show_value(console: Console, value: Value | ReadingValue, depth: int = 0) -> None:
    """A value of a fact with its figures; of a reading, with the values of the facts it comes from."""
    from tasks.ask.trace_facts import ReadingValue

    key = ", ".join(f"{name}={part}" for name, part in value.key.items() if part not in (None, False))
    console.rule(escape(f"{'· ' * depth}{value.mart} {key}".rstrip()))
    _line(console, value.column, _number(value.value))
    if isinstance(value, ReadingValue):
        _line(
            console,
            "made of",
            f"{len(value.facts)} values of facts" if value.facts else "no value of a fact is on record",
        )
        for fact in value.facts:
            show_value(console, fact, depth + 1)
        return
    _show_provenance(console, value.provenance)
    if value.members:
        _line(
            console,
            "less members",
            f"{value.members.count:,} figures that together are {_number(value.members.amount)}",
        )
    _line(console, "figures", f"{len(value.inputs):,}{' of the total' if value.members else ''}")
    for made_of in value.inputs:
        console.print()
        _show_input(console, made_of)


def _show_provenance(console: Console, provenance: dict[str, Any]) -> None:
    if "published_on" in provenance:
        published = _published(provenance["published_on"], provenance.get("published_precision", "day"))
        _line(console, "published", published)
    for name in ("source", "dataset", "publisher", "status", "valuation", "method", "total_method"):
        if provenance.get(name) is not None:
            _line(console, name.replace("_", " "), provenance[name])
    if provenance.get("other_figures"):
        spread = provenance.get("spread")
        apart = f", at most {spread:.2%} apart" if spread is not None else ""
        _line(console, "other figures", f"{provenance['other_figures']:,}{apart}")


def _show_input(console: Console, made_of: Input) -> None:
    """A figure that a value is made of: how it counts, what was done with it, and its printed row."""
    _line(console, made_of.part, {1: "added", -1: "subtracted"}.get(made_of.sign or 0, "taken from"))
    for step in made_of.steps:
        _line(console, step.name, step.text)
    _show_version(console, made_of.version)


def _line(console: Console, name: str, text: Any) -> None:
    console.print(f"{name:>17}  {text}", markup=False, highlight=False)


def _number(value: Any) -> str:
    if isinstance(value, str) or not hasattr(value, "__format__") or not hasattr(value, "real"):
        return str(value)
    text = f"{value:,f}" if not isinstance(value, int) else str(value)
    return text.rstrip("0").rstrip(".") if "." in text else text


def show_figure(console: Console, figure: Figure) -> None:
    """A figure with all its versions."""
    key = ", ".join(f"{k}={v}" for k, v in figure.key.items() if v is not None)
    console.rule(escape(key))
    for version in figure.versions:
        _show_version(console, version)


def _show_version(console: Console, version: Version) -> None:
    row = version.row
    state = (
        "current" if version.is_current else f"replaced by the release of {tables.format_day(version.superseded_on)}"
    )
    published = _published(row["published_on"], row["published_precision"])
    lines = [
        ("value", _value(row)),
        ("state", state),
        ("published", published),
        ("known here since", f"{row['known_from']:%Y-%m-%d %H:%M:%S} UTC"),
        ("publisher", row["publisher"]),
        ("title", row["title"]),
        ("address", row["address"]),
        ("seen via", row["seen_via"]),
        ("note", row["note"]),
        ("artifact", row["artifact"]),
        (
            "file",
            f"{version.artifact.filename}, {version.artifact.size_bytes:,} bytes, {version.artifact.origin_kind}"
            if version.artifact
            else None,
        ),
        ("archived at", version.archived_at),
        ("row", str(version.row_number) if version.row_number else None),
        ("archive", version.fault),
    ]
    for name, value in lines:
        if value is not None:
            console.print(f"{name:>17}  {value}", markup=False, highlight=False)
    if version.raw:
        tables.show_printed(console, version.raw)
    console.print()


def _published(day: date | None, precision: str) -> str:
    if day:
        return f"{day} (to the {precision})"
    return (
        "in a year that was not over when it was received"
        if precision == "year"
        else "no date of publication on record"
    )


def _value(row: dict[str, Any]) -> str | None:
    """The value with its unit, and the value in dollars where it was converted. None for an event."""
    if "value" not in row and "rate_percent" not in row:
        return None
    value = row.get("value", row.get("rate_percent"))
    unit = row.get("currency") or row.get("unit") or row.get("counting_unit") or "percent"
    printed = "missing" if value is None else f"{value:,f}".rstrip("0").rstrip(".") + f" {unit}"
    if unit != "USD" and row.get("value_usd") is not None:
        printed += f" = {row['value_usd']:,.2f} USD at {row['fx_rate']:f}".rstrip("0") + f" ({row['fx_source']})"
    return f"{printed}, status {row['obs_status']}"
