"""Tables and lists of the command line: status, quarantined rows, places."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

# Only for types: each command shows one kind of thing, and importing the others takes a second.
if TYPE_CHECKING:
    from tasks.ask.places import Place, Reason
    from tasks.ask.warehouse_status import QuarantinedRow, Release, SourceStatus
    from tasks.fetch.history import LastPull


def show_status(
    console: Console, release: Release, sources: list[SourceStatus], pulls: dict[str, LastPull]
) -> None:  # fmt: skip
    """The release, a line for each source, and the message of each last pull that is incomplete."""
    failed = f", {release.failed_checks} checks fail" if release.failed_checks else ", all checks pass"
    console.print(f"release {release.release}, built {release.built_at:%Y-%m-%d %H:%M} UTC{failed}", highlight=False)
    for check in release.failing:
        console.print(f"a check fails, {check}", markup=False, highlight=False)
    table = Table(
        "source", _number("files"), "last received", "newest period", _number("figures"), _number("quarantined"),
        _number("set aside"), "next release", "last pull", _number("quota left"),
    )  # fmt: skip
    for s in sources:
        counts = (s.files, s.figures, s.quarantined, s.set_aside)
        files, figures, quarantined, set_aside = (f"{n:,}" if n else "–" for n in counts)
        table.add_row(
            s.source, files, format_day(s.last_received), s.newest_period or "–", figures, quarantined, set_aside,
            _next_release(s),
            *_last_pull(pulls.get(s.source)),
        )  # fmt: skip
    console.print(table)
    for pull in pulls.values():
        if pull.message:
            console.print(
                f"the last pull of {pull.source} is incomplete: {pull.message}", markup=False, highlight=False
            )


def status_as_json(
    release: Release, sources: list[SourceStatus], pulls: dict[str, LastPull], damaged: list[str]
) -> str:
    """The same as JSON: the release, each source with its last pull (null if it was never pulled), and damaged files of the archive."""
    described = [{**asdict(s), "last_pull": asdict(pulls[s.source]) if s.source in pulls else None} for s in sources]
    return json.dumps(
        {**asdict(release), "sources": described, "damaged_files": damaged},
        ensure_ascii=False,
        indent=1,
        default=_plain,
    )


def _plain(value: Any) -> str:
    """A day, or a moment in UTC, as text."""
    return value.isoformat(timespec="seconds") if isinstance(value, datetime) else str(value)


def _number(name: str) -> Column:
    return Column(name, justify="right")


def _next_release(status: SourceStatus) -> str:
    """When the publisher releases again, and that it should have: ``late`` where it should have by far."""
    day = format_day(status.expected_by)
    return day if status.state in (None, "current") else f"{day} ({status.state})"


def _last_pull(pull: LastPull | None) -> tuple[str, str]:
    if pull is None:
        return "–", "–"
    stale = " (stale)" if pull.is_stale else ""
    return f"{format_day(pull.ended_at)}{stale}", "–" if pull.quota_left is None else f"{pull.quota_left:,}"


def show_quarantine(console: Console, quarantined: list[QuarantinedRow]) -> None:
    """A line for each quarantined row."""
    if not quarantined:
        console.print("nothing is in quarantine")
        return
    from tasks.archive import naming

    table = Table("source", "file", "hash", "row", "stage", "rules broken")
    for row in quarantined:
        table.add_row(
            row.source,
            escape(row.filename),
            naming.short(row.artifact),
            str(row.row_number),
            row.stage,
            escape(row.rules),
        )
    console.print(table)


def show_quarantined(console: Console, row: QuarantinedRow) -> None:
    """One refused row, whole."""
    console.print(f"{row.filename}, row {row.row_number}: {row.rules}", markup=False, highlight=False)
    show_printed(console, row.raw)


def show_place(console: Console, place: Place, because: list[Reason]) -> None:
    """A place: why it was found, then everything known of it."""
    console.rule(escape(f"{place.place} {place.name}"))
    dates = [f"{word} {day}" for word, day in (("from", place.valid_from), ("before", place.valid_to)) if day]
    lines = [
        ("found by", "; ".join(_reason(r) for r in because)),
        ("kind", ", ".join([place.kind, *dates])),
        ("lies in", place.parent or "–"),
        *(
            (language, _names(place, code))
            for language, code in (("English", "en"), ("Chinese", "zh"), ("Japanese", "ja"))
        ),
        ("codes", "; ".join(_reason(r, short=True) for r in place.codes) or "–"),
        ("groups", "; ".join(f"{code} ({name})" for code, name in place.groups) or "–"),
        *(("came from", _succeeded(row)) for row in place.predecessors),
        *(("followed by", _succeeded(row)) for row in place.successors),
        *(("not to be confused with", f"{code} {name}") for code, name in place.confused_with),
        *([("note", place.note)] if place.note else []),
    ]
    for label, text in lines:
        console.print(f"{label:<24}{text}", markup=False, highlight=False)


def _reason(reason: Reason, short: bool = False) -> str:
    dates = [f"{word} {day}" for word, day in (("from", reason.valid_from), ("before", reason.valid_to)) if day]
    text = f"{reason.scheme} {reason.text}" if short else reason.description
    notes = [*dates, *([reason.note] if reason.note and not short else [])]
    return text + (f" ({', '.join(notes)})" if notes else "")


def _names(place: Place, language: str) -> str:
    return "; ".join(name + ("" if kind == "short" else f" ({kind})") for lang, kind, name in place.names if lang == language) or "–"  # fmt: skip


def _succeeded(row: tuple[str, str, Any, str | None]) -> str:
    code, name, day, note = row
    return f"{code} {name} on {day}" + (f": {note}" if note else "")


def show_printed(console: Console, raw: str) -> None:
    for name, value in json.loads(raw).items():
        if value is not None:
            console.print(f"{'as printed':>17}  {name} = {value}", markup=False, highlight=False)


def format_day(day: date | datetime | None) -> str:
    """A date for a person; a dash for none."""
    return f"{day:%Y-%m-%d}" if day else "–"
