"""Pages that numbers of the site lead to: every version of the figures behind them, publisher, address, archived file, printed row.

A page has the figures of one group (Japan's investment in China), a part of it those of one year. All figures of a kind are found in one
query and each archived file is read once: following values one by one, as ``entrepot trace`` does, takes a hundred times longer.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

import duckdb
import pyarrow as pa

from schemas import base, mart
from tasks.archive.store import Artifact
from tasks.ask.archived import ArchiveReader
from tasks.contract import facts
from tasks.contract.facts import Fact
from tasks.report.model import POSSESSIVE, Column, Row, Trace, TracedKind
from warehouse import sql
from warehouse.errors import EntrepotError
from warehouse.settings import Home

#: Printed rows of larger files are not read for the site: `entrepot trace` reads them when somebody asks.
_LARGEST_FILE = 8 * 1024**2
#: Rows that are read at a time.
_BATCH = 500


@dataclass(frozen=True)
class Kind:
    """How figures of a kind are found and called.

    ``group`` are the columns that choose a page, ``anchor`` an SQL text for the place on it; ``what`` is an SQL text that says which thing
    a figure is about; ``number`` its value; ``condition`` limits the figures to those that the site shows. Figures that meet ``parts`` are shown where
    their sum is a number of the site: the chapters of a total that is not printed.
    """

    fact: Fact
    group: tuple[str, ...]
    anchor: str
    what: str
    number: str
    unit: str
    command: str
    condition: str = "true"
    parts: str | None = None
    has_frequency: bool = True
    has_preference: bool = True


_COMMAND = "entrepot trace {mart} {conditions}"
KINDS: Mapping[TracedKind, Kind] = {
    "trade": Kind(
        facts.TRADE, ("reporter", "partner"), "v.year",
        f"concat_ws(', ', CASE WHEN v.product <> 'TOTAL' THEN rtrim(v.product_name, '.') END, {POSSESSIVE.format('v.reporter_name')} || ' ' || replace(v.flow, 'export_and_import', 'exports and import') || 's ' || CASE v.flow WHEN 'import' THEN 'from ' ELSE 'to ' END || v.partner_name, v.period, "
        "CASE v.basis WHEN 'unknown' THEN NULL ELSE 'by ' || replace(v.basis, '_', ' ') END, CASE v.valuation WHEN 'unknown' THEN 'valuation not stated' ELSE v.valuation END)",
        "v.value_usd", "USD", "trade_figures", "v.product = 'TOTAL'", "length(v.product) = 2",
    ),
    "products": Kind(
        facts.TRADE, ("reporter", "partner"), "concat_ws(' ', v.year, v.product)",
        f"concat_ws(', ', rtrim(v.product_name, '.'), {POSSESSIVE.format('v.reporter_name')} || ' ' || v.flow || 's ' || CASE v.flow WHEN 'import' THEN 'from ' ELSE 'to ' END || v.partner_name, v.period, "
        "CASE v.valuation WHEN 'unknown' THEN 'valuation not stated' ELSE v.valuation END)",
        "v.value_usd", "USD", "trade_figures", "v.product <> 'TOTAL'",
    ),
    "fdi": Kind(
        facts.FDI, ("reporter", "counterpart"), "v.year",
        "concat_ws(', ', (SELECT name FROM ref.fdi_concept AS k WHERE k.concept = v.concept), CASE WHEN v.concept <> 'position' THEN v.accounting END, v.direction, "
        "nullif(v.principle, 'unknown'), nullif(v.derivation, 'reported'), v.counterpart_name || ' in the figures of ' || v.reporter_name, v.period, CASE v.sector_scope WHEN 'unknown' THEN NULL ELSE 'sectors: ' || replace(v.sector_scope, '_', ' ') END)",
        "v.value_usd", "USD", "fdi_figures", "v.instrument = 'total' AND v.industry = 'TOTAL'",
    ),
    "indicator": Kind(
        facts.INDICATOR, ("place", "indicator"), "v.year", "concat_ws(', ', v.indicator_name, v.place_name, v.period)", "v.value", "unit", "indicator_figures",
    ),
    "rates": Kind(
        facts.FDI_RATE, ("reporter", "counterpart"), "v.year",
        "concat_ws(', ', (SELECT name FROM ref.fdi_concept AS k WHERE k.concept = v.concept), replace(v.measure, '_', ' '), "
        "v.counterpart_name || ' in the figures of ' || v.reporter_name, v.period, CASE v.rate_basis WHEN 'unknown' THEN NULL ELSE 'in ' || v.rate_basis END)",
        "v.rate_percent", "%", "fdi_rate", has_frequency=False, has_preference=False,
    ),
    "pair": Kind(
        facts.PAIR, ("place", "counterpart"), "v.indicator", "concat_ws(', ', v.indicator_name, v.place_name || ' and ' || v.counterpart_name)", "v.value", "unit", "pair",
        has_frequency=False, has_preference=False,
    ),
    "presence": Kind(
        facts.PRESENCE, ("place", "origin"), "v.year",
        "concat_ws(', ', replace(v.counting_unit, '_', ' '), v.origin_name || ' in ' || v.place_name, v.period)", "v.value", "", "presence_figures",
    ),
    "visits": Kind(
        facts.VISITS, ("event",), "v.event", "concat_ws(', ', v.person, v.office, v.organisation, v.place_name)", "NULL", "", "visits", has_frequency=False,
        has_preference=False,
    ),
    "milestones": Kind(
        facts.MILESTONES, ("kind",), "v.name", "concat_ws(', ', v.name, v.place_name, v.opened_on)", "v.length_km", "km", "milestone_figures",
        has_frequency=False, has_preference=False,
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
    is_wanted: bool


@dataclass(frozen=True)
class TracePage:
    """The figures of one group, by anchor."""

    path: str
    kind: TracedKind
    title: str
    parts: dict[str, list[Printed]]
    command: str

    def named(self) -> dict[int, str]:
        """The names of the figures that numbers of the site are, by their identity: of several with one value the first."""
        names: dict[str, int] = {}
        for anchor, figures in self.parts.items():
            for figure in figures:
                if figure.is_wanted:
                    names.setdefault(figure_of(anchor_of(anchor), figure.value), id(figure))
        return {figure: name for name, figure in names.items()}


def path_of(kind: TracedKind, group: tuple[Any, ...]) -> str:
    """The address of the page of a group."""
    name = "-".join(str(part) for part in group)
    return f"trace/{kind}/{''.join(c if c.isalnum() or c in '-_' else '_' for c in name)}.html"


def address_of(kind: TracedKind, group: tuple[Any, ...], anchor: str) -> str:
    """The address of a part of a group's page, from the root of the site."""
    return f"{path_of(kind, group)}#{anchor_of(anchor)}"


def anchor_of(value: Any) -> str:
    """The name of a part of a page."""
    return "at-" + "".join(c if c.isalnum() else "-" for c in str(value)).strip("-")


def figure_of(part: str, value: Any) -> str:
    """The name of a figure within a part of a page: that of the part, a dot, and the value, of which a part may have several figures."""
    plain = f"{Decimal(str(value)).normalize():f}"
    return f"{part}.{plain.replace('.', '_').replace('-', 'm')}"


def part_of(address: str) -> str:
    """The address of the part of a page that a figure is in."""
    page, _, place = address.partition("#")
    return f"{page}#{place.split('.')[0]}"


class Requests:
    """The groups and anchors that numbers of the site are traced to, with the numbers."""

    def __init__(self) -> None:
        self.wanted: dict[TracedKind, dict[tuple[Any, ...], dict[str, set[float]]]] = {}

    def add(self, column: Column, row: Row) -> None:
        """A number of a row is traced, if it is there."""
        if row[column.name] is not None and (target := target_of(column, row)) is not None:
            values = self._values(*target)
            if column.is_number:
                values.add(float(row[column.name]))

    def add_target(self, kind: TracedKind, group: tuple[Any, ...], anchor: str) -> None:
        """A place of the pages of sources that a number leads to."""
        self._values(kind, group, anchor)

    def _values(self, kind: TracedKind, group: tuple[Any, ...], anchor: str) -> set[float]:
        return self.wanted.setdefault(kind, {}).setdefault(group, {}).setdefault(anchor, set())


def target_of(column: Column, row: Row) -> tuple[TracedKind, tuple[Any, ...], str] | None:
    """The kind, group and anchor that a row's number is traced to; None where there is none."""
    found = ((trace.kind, _group_and_anchor(trace, row)) for trace in column.traces)
    return next(((kind, *target) for kind, target in found if target is not None), None)


def _group_and_anchor(trace: Trace, row: Row) -> tuple[tuple[Any, ...], str] | None:
    """The group and anchor that the columns of a row give; None where one of them has no value.

    What is not allotted (_X) is the rest of a published total: it is traced to the total.
    """
    total = {"fdi": "WLD", "trade": "WLD"}.get(trace.kind)
    given = [column[1:] if column.startswith("=") else row[column] for column in trace.group]
    group = tuple(total if total and value == "_X" else value for value in given)
    anchor = trace.anchor[1:] if trace.anchor.startswith("=") else row[trace.anchor]
    if anchor is None or any(part is None for part in group):
        return None
    return group, str(anchor)


def pages(
    con: duckdb.DuckDBPyConnection, home: Home, requests: Requests, on_progress: Callable[[str], None]
) -> Iterator[TracePage]:
    """The pages of all groups that are wanted and have figures. ``con`` reads the published file of ``home``.

    What is found waits in temporary tables; no more than the figures of one page are held. Nothing else may run on ``con`` between pages.
    """
    reader = ArchiveReader(con, home)
    for kind, groups in requests.wanted.items():
        on_progress(f"tracing numbers to printed rows: {kind}")
        of = KINDS[kind]
        _find_versions(con, of, groups)
        _find_printed_rows(con, reader, of)
        yield from _pages_of_kind(con, reader, kind)


def _pages_of_kind(con: duckdb.DuckDBPyConnection, reader: ArchiveReader, kind: TracedKind) -> Iterator[TracePage]:
    of = KINDS[kind]
    order = ", ".join(f'"{column}"::VARCHAR' for column in of.group)
    result = con.execute(
        f"FROM traced_version LEFT JOIN traced_printed USING (trace_version) ORDER BY {order}, trace_version"
    )
    for group, rows in groupby(_rows(result), key=lambda row: tuple(row[column] for column in of.group)):
        parts: dict[str, list[Printed]] = {}
        for row in rows:
            parts.setdefault(str(row["trace_anchor"]), []).append(_shown(reader, of, row))
        yield TracePage(path_of(kind, group), kind, _title(of, group, parts), parts, _command(of, group))


def _rows(result: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    names = [str(column[0]) for column in result.description or []]
    while batch := result.fetchmany(_BATCH):
        yield from (dict(zip(names, row, strict=True)) for row in batch)


def _find_versions(
    con: duckdb.DuckDBPyConnection, of: Kind, groups: Mapping[tuple[Any, ...], Mapping[str, set[float]]]
) -> None:
    """Every version of the wanted figures, the preferred figure of a cell first, into the temporary table traced_version."""
    wanted = [
        ((*group, anchor), sorted(values))
        for group, anchors in sorted(groups.items(), key=str)
        for anchor, values in sorted(anchors.items())
    ]
    key = ["source", "edition", *base.key(of.fact.conformed)]
    view = base.table_name(mart.FIGURES_OF[of.fact.name])
    con.execute(sql.render(
        "report/traced_versions.sql", of=of, key=key, figures=view, wanted=wanted, has_preference=of.has_preference
    ))  # fmt: skip


def _find_printed_rows(con: duckdb.DuckDBPyConnection, reader: ArchiveReader, of: Kind) -> None:
    """Number, text and fault of the printed row of each version, into the temporary table traced_printed."""
    con.execute(
        "CREATE OR REPLACE TEMP TABLE traced_printed (trace_version BIGINT, printed_number BIGINT, printed_text VARCHAR, printed_fault VARCHAR)"
    )
    files = con.execute("SELECT DISTINCT source, artifact FROM traced_version ORDER BY ALL").fetchall()
    for source, name in files:
        found, fault = _printed_rows(reader, of, source, name)
        if fault is not None:
            con.execute(
                "INSERT INTO traced_printed SELECT trace_version, NULL, NULL, ? FROM traced_version WHERE source = ? AND artifact = ?",
                [fault, source, name],
            )
        elif found:
            numbers, texts = zip(*found.values(), strict=True)
            rows = pa.table([list(found), pa.array(numbers, pa.int64()), pa.array(texts, pa.string())], ["version", "number", "text"])  # fmt: skip
            con.register("found_rows", rows)
            con.execute("INSERT INTO traced_printed SELECT version, number, text, NULL FROM found_rows")
            con.unregister("found_rows")


def _printed_rows(
    reader: ArchiveReader, of: Kind, source: str, name: str
) -> tuple[dict[int, tuple[int, str]], str | None]:
    """The printed rows of the versions that a file states, or why they cannot be had."""
    artifact = reader.artifact(source, name)
    if artifact is not None and artifact.size_bytes > _LARGEST_FILE:
        return {}, "the file is large, and its rows are not in this site"
    try:
        return reader.printed_rows(of.fact, source, name, "traced_version"), None
    except EntrepotError as fault:
        return {}, str(fault)


def _shown(reader: ArchiveReader, of: Kind, row: Row) -> Printed:
    unit = row["unit"] if of.unit == "unit" else of.unit
    cells = tuple((k, str(v)) for k, v in json.loads(row["printed_text"] or "{}").items() if v not in (None, ""))
    return Printed(
        row["trace_what"], row["trace_value"], unit, row, _status(row), row.get("preference_reason") or "",
        reader.artifact(row["source"], row["artifact"]), f"archive/objects/{row['artifact'][:2]}/{row['artifact']}", row["printed_number"], cells,
        row["printed_fault"], row["trace_is_wanted"],
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
