"""The page of a province: its profile, its ties to Japan, and every figure that is on record."""

from typing import Any

from tasks.report.contents import measures, releases
from tasks.report.contents.columns import MILESTONE_KIND, NOTE, PUBLISHED, PUBLISHER, YEAR, billion_usd, event_name
from tasks.report.contents.companies import companies
from tasks.report.contents.province_map import path_of
from tasks.report.contents.sentences import billions, by, count, last, listed
from tasks.report.model import Column, Exhibit, Lines, Page, Row, Rows, Section, Trace
from warehouse.sql import quoted


def province(place: Row) -> Page:
    """The page of a province."""
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
        columns=(YEAR, Column("value", "GDP", "billion CNY", 1, 10**9, measures.INDICATOR), Column("is_seam", "New release"), PUBLISHER, PUBLISHED),
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
        columns=(Column("measure", "Measure"), YEAR, billion_usd("value_usd", "Value", Trace("trade", ("reporter", "partner")), measures.INDICATOR), PUBLISHER, PUBLISHED),
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
        columns=(Column("measure", "Measure"), YEAR, Column("value", "Length", "km", 0, 1, measures.INDICATOR), PUBLISHER, PUBLISHED),
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
ORDER BY year DESC, concept, counterpart_name
""",
        columns=(
            YEAR, billion_usd("value_usd", "Amount", Trace("fdi", ("reporter", "counterpart"))), Column("counterpart_name", "Origin"),
            Column("concept", "Concept"), PUBLISHER, NOTE,
        ),
        takeaway=lambda rows: f"{count(len(rows), 'figure')} of {count(len(by(rows, 'concept')), 'concept')}, the last of {max(row['year'] for row in rows)}: "
        "concepts are different things and are not compared with each other.",
        missing=f"No yearly figure of foreign investment in {name} is in this release.",
        size="full",
    )  # fmt: skip


def _milestones(code: str, name: str) -> Exhibit:
    return Exhibit(
        slug="milestones",
        title=f"Sister ties, railway lines, roads and zones of {name}",
        sql=f"""
SELECT name, {MILESTONE_KIND.format("kind")} AS kind_name, kind, place_name, opened_on, opened_precision, length_km, counterpart_name, publisher, dataset
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
            Column("indicator_name", "Measure"), YEAR, Column("value", "Value", "", 0, 1, measures.INDICATOR), Column("unit", "Unit"),
            Column("printed_value", "As printed"), Column("printed_unit", "Printed unit"), PUBLISHER,
        ),
        takeaway=_indicators_takeaway,
    )  # fmt: skip


def _indicators_takeaway(rows: Rows) -> str:
    newest = max(row["year"] for row in rows)
    of_newest = sum(row["year"] == newest for row in rows)
    return f"{count(len(rows), 'measure')} on record; the last year of {of_newest} of them is {newest}."
