"""China's provinces: a map and a ranking by any measure and year, and a page for each province."""

from collections.abc import Iterator

import duckdb

from schemas import profile
from tasks.report.contents import measures
from tasks.report.contents.columns import NOTE, PUBLISHED, PUBLISHER, YEAR, billion_usd
from tasks.report.contents.province_map import SHOWN, map_section, measure_trace
from tasks.report.contents.province_page import province
from tasks.report.contents.sentences import by, count, listed
from tasks.report.model import Bars, Column, Exhibit, Page, Row, Rows, Section, Trace
from warehouse.sql import quoted


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
            map_section(con, places),
            Section("Rankings", [_ranking(), _all_measures(con)]),
            Section("Foreign investment as printed", [_investment_by_province()]),
        ],
    )
    for place in places:
        yield province(place)


def _places(con: duckdb.DuckDBPyConnection) -> list[Row]:
    query = "SELECT place, name, name_zh, name_ja FROM ref.place WHERE kind = 'province' ORDER BY name"
    return [dict(zip(("place", "name", "zh", "ja"), row, strict=True)) for row in con.execute(query).fetchall()]


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
        columns=(Column("place_name", "Province", link="page"), YEAR, Column("value", "GDP", "billion CNY", 0, 10**9, measures.INDICATOR), PUBLISHER, PUBLISHED),
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
            divisor, digits, unit = SHOWN.get(measure.unit, (1, 0, measure.unit))
            columns += [
                Column(measure.name, measure.description, unit, digits, divisor, Trace(*measure_trace(measure), anchor=f"{measure.name}_year")),
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
WHERE reporter LIKE 'CN-__' AND freq = 'A' AND instrument = 'total' AND industry = 'TOTAL' AND is_preferred AND value IS NOT NULL
ORDER BY reporter, f.concept, counterpart, year, dataset, f.direction, f.principle, f.derivation, f.sector_scope, published_on
""",
        columns=(
            Column("reporter_name", "Province", link="page"), YEAR, billion_usd("value_usd", "Amount", Trace("fdi", ("reporter", "counterpart"))),
            Column("counterpart_name", "Origin"), Column("concept", "Concept"), Column("printed_value", "As printed"), Column("printed_unit", "Printed unit"),
            PUBLISHER, NOTE,
        ),
        takeaway=lambda rows: f"{count(len(rows), 'figure')} of {count(len(by(rows, 'reporter_name')), 'province')} and {count(len(by(rows, 'concept')), 'concept')}, of "
        f"{min(row['year'] for row in rows)} to {max(row['year'] for row in rows)}.",
        concept="Provinces define the investment that they report themselves. Their figures are not added to a figure of China, and concepts are not compared with each other.",
        missing="No province has a yearly figure of foreign investment.",
        search=True,
    )  # fmt: skip
