"""Pages that numbers of the site lead to: every version of the figures behind them, publisher, address, archived file, printed row.

A page has the figures of one group (Japan's investment in China), a part of it those of one year. All figures of a kind are found in one
query and each archived file is read once: following values one by one, as ``entrepot trace`` does, takes a hundred times longer.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import base, mart
from tasks.archive.store import Artifact
from tasks.ask.archived import ArchiveReader
from tasks.contract import facts
from tasks.contract.facts import Fact
from tasks.report.model import Column, Row, Trace, TracedKind
from warehouse import sql
from warehouse.errors import EntrepotError
from warehouse.settings import Home

#: Printed rows of larger files are not read for the site: `entrepot trace` reads them when somebody asks.
_LARGEST_FILE = 8 * 1024**2


@dataclass(frozen=True)
class Kind:
    """How figures of a kind are found and called.

    ``group`` are the columns that choose a page, ``anchor`` an SQL text for the place on it; ``what`` is an SQL text that says which thing
    a figure is about; ``number`` its value; ``condition`` limits the figures to those that the site shows.
    """

    fact: Fact
    group: tuple[str, ...]
    anchor: str
    what: str
    number: str
    unit: str
    command: str
    condition: str = "true"
    has_frequency: bool = True


_COMMAND = "entrepot trace {mart} {conditions}"
KINDS: Mapping[TracedKind, Kind] = {
    "trade": Kind(
        facts.TRADE, ("reporter", "partner"), "v.year",
        "concat_ws(', ', v.reporter_name || '''s ' || v.flow || 's ' || CASE v.flow WHEN 'import' THEN 'from ' ELSE 'to ' END || v.partner_name, v.period, "
        "CASE v.basis WHEN 'unknown' THEN NULL ELSE 'by ' || replace(v.basis, '_', ' ') END, CASE v.valuation WHEN 'unknown' THEN 'valuation not stated' ELSE v.valuation END)",
        "v.value_usd", "USD", "trade_figures", "v.product = 'TOTAL'",
    ),
    "products": Kind(
        facts.TRADE, ("reporter", "partner"), "concat_ws(' ', v.year, v.product)",
        "concat_ws(', ', rtrim(v.product_name, '.'), v.reporter_name || '''s ' || v.flow || 's ' || CASE v.flow WHEN 'import' THEN 'from ' ELSE 'to ' END || v.partner_name, v.period, "
        "CASE v.valuation WHEN 'unknown' THEN 'valuation not stated' ELSE v.valuation END)",
        "v.value_usd", "USD", "trade_figures", "v.product <> 'TOTAL'",
    ),
    "fdi": Kind(
        facts.FDI, ("reporter", "counterpart"), "v.year",
        "concat_ws(', ', (SELECT name FROM ref.fdi_concept AS k WHERE k.concept = v.concept), v.accounting, v.direction, "
        "v.counterpart_name || ' in the figures of ' || v.reporter_name, v.period, CASE v.sector_scope WHEN 'unknown' THEN NULL ELSE 'sectors: ' || replace(v.sector_scope, '_', ' ') END)",
        "v.value_usd", "USD", "fdi_figures", "v.instrument = 'total' AND v.industry = 'TOTAL'",
    ),
    "indicator": Kind(
        facts.INDICATOR, ("place", "indicator"), "v.year", "concat_ws(', ', v.indicator_name, v.place_name, v.period)", "v.value", "unit", "indicator_figures",
    ),
    "presence": Kind(
        facts.PRESENCE, ("place", "origin"), "v.year",
        "concat_ws(', ', replace(v.counting_unit, '_', ' '), v.origin_name || ' in ' || v.place_name, v.period)", "v.value", "", "presence_figures",
    ),
    "visits": Kind(
        facts.VISITS, ("event",), "v.event", "concat_ws(', ', v.person, v.office, v.organisation, v.place_name)", "NULL", "", "visits", has_frequency=False,
    ),
    "milestones": Kind(
        facts.MILESTONES, ("kind",), "v.name", "concat_ws(', ', v.name, v.place_name, v.opened_on)", "v.length_km", "km", "milestone_figures", has_frequency=False,
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Printed:
    """One version of a figure as a trace page shows it. ``printed`` is the printed row: pairs of a column and a text."""

    what: str
    value: Any
    unit: str
    row: Row
    status: str
    reason: str
    artifact: Artifact | None
    archived_at: str
    row_number: int | None
    printed: tuple[tuple[str, str], ...]
    fault: str | None


@dataclass(frozen=True)
class TracePage:
    """The figures of one group, by anchor."""

    path: str
    kind: TracedKind
    title: str
    parts: dict[str, list[Printed]]
    command: str


def path_of(kind: TracedKind, group: tuple[Any, ...]) -> str:
    """The address of the page of a group."""
    name = "-".join(str(part) for part in group)
    return f"trace/{kind}/{''.join(c if c.isalnum() or c in '-_' else '_' for c in name)}.html"


def anchor_of(value: Any) -> str:
    """The name of a part of a page."""
    return "at-" + "".join(c if c.isalnum() else "-" for c in str(value)).strip("-")


class Requests:
    """The groups and anchors that numbers of the site are traced to."""

    def __init__(self) -> None:
        self.wanted: dict[TracedKind, dict[tuple[Any, ...], set[str]]] = {}

    def add(self, column: Column, row: Row) -> None:
        """A number of a row is traced, if it is there."""
        if row[column.name] is not None and (target := target_of(column, row)) is not None:
            kind, group, anchor = target
            self.wanted.setdefault(kind, {}).setdefault(group, set()).add(anchor)


def target_of(column: Column, row: Row) -> tuple[TracedKind, tuple[Any, ...], str] | None:
    """The kind, group and anchor that a row's number is traced to; None where there is none."""
    found = ((trace.kind, _group_and_anchor(trace, row)) for trace in column.traces)
    return next(((kind, *target) for kind, target in found if target is not None), None)


def _group_and_anchor(trace: Trace, row: Row) -> tuple[tuple[Any, ...], str] | None:
    """The group and anchor that the columns of a row give; None where one of them has no value.

    What is not allotted (_X) is the rest of a published total: it is traced to the total.
    """
    total = {"fdi": "WLD", "trade": "WLD"}.get(trace.kind)
    group = tuple(total if total and row[column] == "_X" else row[column] for column in trace.group)
    if any(part is None for part in group) or row[trace.anchor] is None:
        return None
    return group, str(row[trace.anchor])


def pages(
    con: duckdb.DuckDBPyConnection, home: Home, requests: Requests, on_progress: Callable[[str], None]
) -> Iterator[TracePage]:
    """The pages of all groups that are wanted and have figures. ``con`` reads the published file of ``home``.

    No more than the figures of one kind are held at a time.
    """
    for kind, groups in requests.wanted.items():
        on_progress(f"tracing numbers to printed rows: {kind}")
        yield from _pages_of_kind(con, ArchiveReader(con, home), kind, groups)


def _pages_of_kind(
    con: duckdb.DuckDBPyConnection, reader: ArchiveReader, kind: TracedKind, groups: Mapping[tuple[Any, ...], set[str]]
) -> Iterator[TracePage]:
    of = KINDS[kind]
    rows = _versions(con, of, groups)
    printed = _printed_rows(reader, of, rows)
    found: dict[tuple[Any, ...], dict[str, list[Printed]]] = {}
    for row in rows:
        group = tuple(row[column] for column in of.group)
        parts = found.setdefault(group, {})
        parts.setdefault(str(row["trace_anchor"]), []).append(_shown(reader, of, row, *printed[row["trace_version"]]))
    for group in sorted(found, key=lambda group: tuple(map(str, group))):
        parts = found.pop(group)
        yield TracePage(path_of(kind, group), kind, _title(of, group, parts), parts, _command(of, group))


def _versions(con: duckdb.DuckDBPyConnection, of: Kind, groups: Mapping[tuple[Any, ...], set[str]]) -> list[Row]:
    """Every version of the wanted figures, the preferred figure of a cell first, into the temporary table traced_version."""
    wanted = [(*group, anchor) for group, anchors in sorted(groups.items(), key=str) for anchor in sorted(anchors)]
    key = ["source", "edition", *base.key(of.fact.conformed)]
    view = base.table_name(mart.FIGURES_OF[of.fact.name])
    has_preference = of.fact.name not in ("visits", "milestones")
    con.execute(sql.render(
        "report/traced_versions.sql", of=of, key=key, figures=view, wanted=wanted, has_preference=has_preference
    ))  # fmt: skip
    result = con.execute("FROM traced_version ORDER BY trace_version")
    names = [str(column[0]) for column in result.description or []]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


_Found = tuple[int | None, str | None, str | None]


def _printed_rows(reader: ArchiveReader, of: Kind, rows: Iterable[Row]) -> dict[int, _Found]:
    """Number, text and fault of the printed row of each version."""
    by_file: dict[tuple[str, str], list[int]] = {}
    for row in rows:
        by_file.setdefault((row["source"], row["artifact"]), []).append(row["trace_version"])
    found: dict[int, _Found] = {}
    for (source, name), versions in by_file.items():
        artifact = reader.artifact(source, name)
        try:
            if artifact is not None and artifact.size_bytes > _LARGEST_FILE:
                found |= dict.fromkeys(versions, (None, None, "the file is large, and its rows are not in this site"))
                continue
            rows_of_file = reader.printed_rows(of.fact, source, name, "traced_version")
            found |= {version: (*rows_of_file.get(version, (None, None)), None) for version in versions}
        except EntrepotError as fault:
            found |= dict.fromkeys(versions, (None, None, str(fault)))
    return found


def _shown(
    reader: ArchiveReader, of: Kind, row: Row, number: int | None, raw: str | None, fault: str | None
) -> Printed:
    unit = row["unit"] if of.unit == "unit" else of.unit
    cells = tuple((k, str(v)) for k, v in json.loads(raw or "{}").items() if v not in (None, ""))
    return Printed(
        row["trace_what"], row["trace_value"], unit, row, _status(row), row.get("preference_reason") or "",
        reader.artifact(row["source"], row["artifact"]), f"archive/objects/{row['artifact'][:2]}/{row['artifact']}", number, cells, fault,
    )  # fmt: skip


def _status(row: Row) -> str:
    if row["superseded_by"] is not None:
        return f"replaced on {row['superseded_on']}" if row["superseded_on"] else "replaced by a later edition"
    if row.get("is_preferred") is False:
        return "steps behind another figure"
    return "in use"


def _title(of: Kind, group: tuple[Any, ...], parts: Mapping[str, list[Printed]]) -> str:
    first = next(iter(parts.values()))[0].row
    names = [
        str(first.get(f"{column}_name") or value).replace("_", " ")
        for column, value in zip(of.group, group, strict=True)
    ]
    return (": " if of.fact is facts.INDICATOR else " and ").join(names)


def _command(of: Kind, group: tuple[Any, ...]) -> str:
    conditions = " ".join(f"{column}={value}" for column, value in zip(of.group, group, strict=True))
    return _COMMAND.format(mart=of.command, conditions=conditions)
