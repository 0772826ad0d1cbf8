"""Japan and China's Northeast: trade, investment, companies, infrastructure, visits; against the three coastal regions."""

from collections.abc import Iterator

import duckdb

from tasks.report.contents import measures
from tasks.report.contents.columns import NOTE, PUBLISHED, PUBLISHER, YEAR, billion_usd, event_name
from tasks.report.contents.provinces import companies
from tasks.report.contents.sentences import BILLION, billions, by, count, listed, percent, short
from tasks.report.model import Bars, Column, Exhibit, Lines, Page, Rows, Section, Shares, TimeLine, Trace

_THREE = "('CN-LN', 'CN-JL', 'CN-HL')"
_IN_THREE = (
    f"(place IN {_THREE} OR place IN (SELECT place FROM ref.place WHERE parent IN {_THREE}) OR place = 'CN_NORTHEAST')"
)
_REGIONS = "('CN_NORTHEAST', 'CN_PEARL_DELTA', 'CN_YANGTZE_DELTA', 'CN_BOHAI_RIM')"
_EVENT = Trace("visits", ("event",), "event")
_INDICATOR = Trace("indicator", ("place", "indicator"))
_OVERLAP = "Liaoning is in the Northeast and in the Bohai Rim: the two are compared and never added."


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:  # noqa: ARG001
    """The page of Japan and the three provinces."""
    yield Page(
        path="northeast/index.html",
        title="Japan and China's Northeast",
        names={"short": "Northeast", "zh": "东北", "ja": "中国東北"},
        lead="Liaoning, Jilin and Heilongjiang, and what ties them to Japan: trade, investment, companies, lines and zones, visits. And how far the "
        "three coastal regions are ahead.",
        sections=[
            Section("Companies", [
                companies(_IN_THREE, "in Liaoning, Jilin and Heilongjiang", "companies-northeast"), companies_by_province(),
                companies("place LIKE 'CN-%'", "in every province and city that has a count", "companies-everywhere"),
            ]),
            Section("Trade with Japan", [_trade_with_japan(), _trade_by_province()]),
            Section("Investment", [_investment()]),
            Section("Concentration", [_concentration()]),
            Section("Against the coastal regions", [regions_trade(), _regions_output(), _per_head(), population()]),
            Section("Lines, roads and zones", [infrastructure(), _openings(), _opening_list()]),
            Section("Visits and what followed", [_visits(), event_study("event_kind IN ('visit', 'forum', 'seminar', 'meeting', 'expo') AND place IN " + _THREE, "in the three provinces")], text=[
                "A handful of visits cannot show what they brought about: trade and investment of every province move from year to year by more than "
                "a visit could explain, provinces that were visited were chosen for their prospects, and what is decided in a meeting is invested years later. "
                "The list says who met whom; it is no evidence of an effect.",
            ]),
        ],
    )  # fmt: skip


def companies_by_province() -> Exhibit:
    """The newest count of Japanese companies of the counting unit that most provinces have."""
    return Exhibit(
        slug="companies-by-province",
        title="Japanese companies by province, by the count that covers most provinces",
        sql="""
WITH counted AS (
    SELECT * FROM mart.presence_figures
    WHERE is_preferred AND origin = 'JPN' AND place_kind = 'province' AND counting_unit <> 'residents' AND value IS NOT NULL
),
widest AS (SELECT counting_unit, year FROM counted GROUP BY ALL ORDER BY count(DISTINCT place) DESC, year DESC, counting_unit LIMIT 1)
SELECT place_name, value, year, replace(counting_unit, '_', ' ') AS counted, place, origin, place IN ('CN-LN', 'CN-JL', 'CN-HL') AS is_northeast,
    'provinces/' || place || '.html' AS page, publisher, dataset, published_on
FROM counted SEMI JOIN widest USING (counting_unit, year)
ORDER BY value DESC, place
""",
        columns=(
            Column("place_name", "Province", link="page"), Column("value", "Companies", "", 0, 1, Trace("presence", ("place", "origin"))), YEAR,
            Column("counted", "What is counted"), Column("publisher", "Who counted"),
        ),
        takeaway=_by_province_takeaway,
        chart=Bars("place_name", "value", emphasis="is_northeast"),
        missing="No count of Japanese companies by province is in this release.",
    )  # fmt: skip


def _by_province_takeaway(rows: Rows) -> str:
    first, unit = rows[0], rows[0]["counted"]
    inland = {row["place"]: row for row in rows}
    missing = [
        name
        for place, name in (("CN-LN", "Liaoning"), ("CN-JL", "Jilin"), ("CN-HL", "Heilongjiang"))
        if place not in inland
    ]
    liaoning = inland.get("CN-LN")
    said = f"In {first['year']} {first['publisher']} counted {first['value']:,} {unit} in {first['place_name']}"
    if liaoning and liaoning is not first:
        said += f" and {liaoning['value']:,} in Liaoning"
    return f"{said}; of {listed(missing)} this count has no figure." if missing else f"{said}."


def _trade_with_japan() -> Exhibit:
    return Exhibit(
        slug="trade-with-japan",
        title="Trade of the three provinces and their cities with Japan",
        sql=f"""
SELECT reporter_name, replace(flow, '_', ' ') AS flow, year, value_usd, reporter, partner, basis, publisher, dataset, published_on, note
FROM mart.trade_figures
WHERE partner = 'JPN' AND product = 'TOTAL' AND freq = 'A' AND is_preferred AND value_usd IS NOT NULL
  AND (reporter IN {_THREE} OR reporter = 'CN_NORTHEAST' OR reporter IN (SELECT place FROM ref.place WHERE parent IN {_THREE}))
ORDER BY reporter, flow, year
""",
        columns=(
            Column("reporter_name", "Place"), Column("flow", "Flow"), YEAR, billion_usd("value_usd", "Value", Trace("trade", ("reporter", "partner"))),
            PUBLISHER, NOTE,
        ),
        takeaway=_trade_with_japan_takeaway,
        missing="No yearly figure of the three provinces' trade with Japan is in this release: no publisher's table of trade by province and partner is "
        "among its files.",
    )  # fmt: skip


def _trade_with_japan_takeaway(rows: Rows) -> str:
    largest = max(rows, key=lambda row: row["value_usd"])
    return (
        f"{count(len(rows), 'yearly figure')} of {listed([short(name) for name in by(rows, 'reporter_name')])}; the largest is "
        f"{billions(largest['value_usd'])} of {largest['flow'].replace('export and import', 'exports and imports')} of {largest['reporter_name']} in {largest['year']}."
    )


def _trade_by_province() -> Exhibit:
    return Exhibit(
        slug="trade-by-province",
        title="Goods trade of the three provinces with the whole world",
        sql=f"""
SELECT place_name, year, value_usd, place, indicator, 'total' AS what, is_seam, status, unit, publisher, dataset, published_on
FROM mart.indicator WHERE indicator = 'goods_trade_total' AND place IN {_THREE} AND value_usd IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY place, year ORDER BY unit DESC) = 1
ORDER BY place, year
""",
        columns=(Column("place_name", "Province"), YEAR, billion_usd("value_usd", "Exports plus imports", _INDICATOR), Column("unit", "Published in"), PUBLISHER),
        takeaway=_trade_by_province_takeaway,
        chart=Lines("year", "value_usd", "place_name", code="place", what="what", dataset="dataset"),
        concept="Exports plus imports. Amounts in yuan are converted with the average rate of the year.",
    )  # fmt: skip


def _trade_by_province_takeaway(rows: Rows) -> str:
    final = max(row["year"] for row in rows)
    amounts = {row["place_name"]: row["value_usd"] for row in rows if row["year"] == final}
    largest = max(amounts, key=lambda name: amounts[name])
    share = percent(float(amounts[largest] / sum(amounts.values())))
    return f"In {final} {largest} stood for {share} of the {billions(sum(amounts.values()))} of goods trade of {listed(sorted(amounts))}."


def _investment() -> Exhibit:
    return Exhibit(
        slug="investment",
        title="Foreign investment in the three provinces and their cities, with what Japan invested",
        sql=f"""
SELECT reporter_name, counterpart_name AS origin, coalesce(c.name, f.concept) AS concept, f.period, year, value_usd, reporter, counterpart, publisher, dataset,
    published_on, f.note
FROM mart.fdi_figures AS f LEFT JOIN ref.fdi_concept AS c USING (concept)
WHERE is_preferred AND instrument = 'total' AND industry = 'TOTAL' AND value_usd IS NOT NULL
  AND (reporter IN {_THREE} OR reporter = 'CN_NORTHEAST' OR reporter IN (SELECT place FROM ref.place WHERE parent IN {_THREE}))
ORDER BY counterpart <> 'JPN', reporter, concept, period
""",
        columns=(
            Column("reporter_name", "Place"), Column("origin", "Origin"), Column("concept", "Concept"), Column("period", "Period"),
            billion_usd("value_usd", "Amount", Trace("fdi", ("reporter", "counterpart"))), PUBLISHER, NOTE,
        ),
        takeaway=_investment_takeaway,
        concept="A province's own wide count, direct investment proper, the foreign exchange administration's count and sums of all years are different things.",
        missing="No figure of foreign investment in the three provinces is in this release.",
    )  # fmt: skip


def _investment_takeaway(rows: Rows) -> str:
    japan = [row for row in rows if row["counterpart"] == "JPN"]
    said = f"{count(len(rows), 'figure')} of {count(len(by(rows, 'concept')), 'concept')}"
    if not japan:
        return f"{said}, none of them by origin: what Japan invested in the three provinces is not on record here."
    largest = max(japan, key=lambda row: row["value_usd"])
    return (
        f"{said}; {count(len(japan), 'figure')} of Japan's investment, the largest {billions(largest['value_usd'])} in {largest['reporter_name']} "
        f"({largest['concept']}, {largest['period']})."
    )


def regions_trade() -> Exhibit:
    """Goods trade of the Northeast and the coastal regions in the last year that all of them have."""
    return Exhibit(
        slug="regions-trade",
        title="Goods trade of the Northeast and of the three coastal regions",
        sql=f"""
WITH total AS (
    FROM mart.indicator WHERE indicator = 'goods_trade_total' AND value_usd IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY place, year ORDER BY unit DESC) = 1
),
region AS (
    SELECT r.place_name, r.place, r.year, sum(t.value_usd) AS value_usd, count(*) AS members, r.member_count,
        string_agg(DISTINCT t.dataset, '; ' ORDER BY t.dataset) AS dataset, any_value(t.publisher) AS publisher
    FROM mart.region_profile AS r
    JOIN total AS t ON list_contains(string_split(r.member_places, ';'), t.place) AND t.year = r.year
    WHERE r.place IN {_REGIONS} GROUP BY ALL HAVING count(*) = r.member_count
),
complete AS (SELECT year FROM region GROUP BY year HAVING count(*) = (SELECT count(DISTINCT place) FROM region))
SELECT * EXCLUDE (member_count), place = 'CN_NORTHEAST' AS is_northeast, {measures.map_of("'goods_trade_total_usd'")} AS made_of
FROM region WHERE year = (SELECT max(year) FROM complete)
ORDER BY value_usd DESC, place
""",
        columns=(Column("place_name", "Region"), YEAR, billion_usd("value_usd", "Exports plus imports", link="made_of"), Column("members", "Provinces", "", 0, link="made_of"), PUBLISHER),
        takeaway=_regions_takeaway,
        chart=Bars("place_name", "value_usd", emphasis="is_northeast"),
        concept="Sums over the provinces of each region, of the last year in which every one of them has a figure.",
        notes=(_OVERLAP,),
    )  # fmt: skip


def _regions_takeaway(rows: Rows) -> str:
    northeast = next((row for row in rows if row["place"] == "CN_NORTHEAST"), None)
    if northeast is None or len(rows) == 1:
        return f"In {rows[0]['year']} {short(rows[0]['place_name'])} traded goods of {billions(rows[0]['value_usd'])}."
    others = [
        f"{float(row['value_usd'] / northeast['value_usd']):,.1f} times in the {short(row['place_name'])}"
        for row in rows
        if row is not northeast
    ]
    return f"In {northeast['year']} the Northeast traded goods of {billions(northeast['value_usd'])}; it was {listed(others)}."


def _regions_output() -> Exhibit:
    return Exhibit(
        slug="regions-gdp",
        title="Output of the Northeast and of the three coastal regions",
        sql=f"""
SELECT place_name, year, gdp_cny, place, 'gdp' AS what, gdp_cny_is_seam AS is_seam, member_names, {measures.map_of("'gdp_cny'")} AS made_of
FROM mart.region_profile WHERE place IN {_REGIONS} AND gdp_cny IS NOT NULL ORDER BY place, year
""",
        columns=(Column("place_name", "Region"), YEAR, Column("gdp_cny", "GDP", "billion CNY", 0, BILLION, link="made_of"), Column("is_seam", "New release"), Column("member_names", "Provinces")),
        takeaway=lambda rows: _output_takeaway(rows),
        chart=Lines("year", "gdp_cny", "place_name", code="place", what="what", seam="is_seam"),
        concept="Sum of the provinces' gross domestic product, current prices. A dashed step is between two releases.",
        notes=(_OVERLAP, "The members' own figures, with their sources, are on the pages of the provinces."),
    )  # fmt: skip


def _output_takeaway(rows: Rows) -> str:
    shares = []
    of_year = by(rows, "year")
    for year in (min(of_year), max(of_year)):
        amounts = {row["place"]: row["gdp_cny"] for row in of_year[year]}
        if {"CN_NORTHEAST", "CN_YANGTZE_DELTA"} <= set(amounts):
            shares.append(f"{percent(float(amounts['CN_NORTHEAST'] / amounts['CN_YANGTZE_DELTA']))} in {year}")
    if len(shares) < 2:
        return f"Output of {listed([short(name) for name in by(rows, 'place_name')])}."
    return f"The Northeast's output was {shares[0]} of that of the Yangtze River Delta, and {shares[1]}."


def population() -> Exhibit:
    """Residents of the three provinces together."""
    return Exhibit(
        slug="population",
        title="Population of the three provinces together",
        sql=f"""
SELECT 'Northeast' AS place_name, year, sum(value) AS population, 'population' AS what, bool_or(is_seam) AS is_seam,
    string_agg(DISTINCT dataset, '; ' ORDER BY dataset) AS dataset, any_value(publisher) AS publisher, {measures.map_of("'population'")} AS made_of
FROM mart.indicator WHERE indicator = 'population' AND place IN {_THREE}
GROUP BY year HAVING count(*) = 3 ORDER BY year
""",
        columns=(
            YEAR,
            Column("population", "Residents", "million", 2, 10**6, link="made_of"),
            Column("is_seam", "New release"),
            PUBLISHER,
        ),
        takeaway=_population_takeaway,
        chart=Lines("year", "population", "place_name", what="what", seam="is_seam"),
        concept="Residents at the end of the year. A dashed step is between two releases.",
        size="small",
    )


def _population_takeaway(rows: Rows) -> str:
    peak, final = max(rows, key=lambda row: row["population"]), rows[-1]
    above = [row["year"] for row in rows if row["population"] > 100 * 10**6]
    said = f"{float(peak['population']) / 10**6:.1f} million at most, in {peak['year']}, and {float(final['population']) / 10**6:.1f} million in {final['year']}"
    return f"{said}; more than 100 million until {max(above)}." if above else f"{said}: never above 100 million."


def infrastructure() -> Exhibit:
    """Expressways of the three provinces, or railways where no expressways are on record."""
    return Exhibit(
        slug="expressways",
        title="Expressways and railways of the three provinces",
        sql=f"""
SELECT place_name AS series, CASE indicator WHEN 'railway_length' THEN 'Railways' ELSE 'Expressways' END AS what, year, value, place, indicator, is_seam,
    status, publisher, dataset, published_on
FROM mart.indicator WHERE place IN {_THREE} AND unit = 'km' AND indicator = coalesce(
    (SELECT min(indicator) FROM mart.indicator WHERE indicator = 'expressway_length' AND place IN {_THREE}), 'railway_length')
ORDER BY series, year
""",
        columns=(Column("series", "Province"), Column("what", "What"), YEAR, Column("value", "Length", "km", 0, 1, _INDICATOR), PUBLISHER, PUBLISHED),
        takeaway=_infrastructure_takeaway,
        chart=Lines("year", "value", "series", code="place", what="indicator", seam="is_seam"),
        concept="Length in operation at the end of the year.",
    )  # fmt: skip


def _infrastructure_takeaway(rows: Rows) -> str:
    parts = []
    for series, of_series in by(rows, "series").items():
        first, final = of_series[0], of_series[-1]
        before = f"{first['value']:,.0f} km in {first['year']} and " if first is not final else ""
        parts.append(f"{series} {before}{final['value']:,.0f} km in {final['year']}")
    return f"{rows[0]['what']}: {'; '.join(parts)}."


_OPENINGS_SQL = """
SELECT name, replace(kind, '_', ' ') AS kind_name, kind, coalesce(opened_on, opened_to) AS shown_on, opened_from, opened_to, opened_precision, length_km, places,
    publisher, dataset, note
FROM mart.milestones
WHERE kind <> 'sister_tie' AND opened_to IS NOT NULL {condition}
ORDER BY kind, shown_on, name
"""
_NORTHEASTERN = f"""AND EXISTS (FROM ref.place AS p WHERE list_contains(string_split(places, ';'), p.place)
    AND (p.place IN {_THREE} OR p.parent IN {_THREE}))"""
_OPENING_COLUMNS = (
    Column("name", "Name", trace=Trace("milestones", ("kind",), "name")), Column("kind_name", "Kind"), Column("shown_on", "Opened"),
    Column("opened_precision", "Known to the"), Column("length_km", "Length", "km", 0, 1, Trace("milestones", ("kind",), "name")), PUBLISHER, NOTE,
)  # fmt: skip


def _openings() -> Exhibit:
    return Exhibit(
        slug="time-line",
        title="Lines, roads and zones opened in China, in the order of their days",
        sql=_OPENINGS_SQL.format(condition=""),
        columns=_OPENING_COLUMNS,
        takeaway=lambda rows: (
            f"{listed([count(len(of), kind) for kind, of in by(rows, 'kind_name').items()])} with a date of opening."
        ),
        chart=TimeLine("shown_on", "kind_name", "name"),
        notes=("Where only the year or month is known, the point stands at its last day.",),
    )


def _opening_list() -> Exhibit:
    return Exhibit(
        slug="openings-northeast",
        title="Of these in the Northeast",
        sql=_OPENINGS_SQL.format(condition=_NORTHEASTERN),
        columns=_OPENING_COLUMNS,
        takeaway=lambda rows: (
            f"{count(len(rows), 'opening')} in the three provinces: {listed([row['name'] for row in rows][:6])}"
            f"{' and others' if len(rows) > 6 else ''}."
        ),
        missing="No line, road or zone with a date in the three provinces is in this release.",
        opened=True,
    )


#: A measure's name in words, of an SQL expression.
_IN_WORDS = (
    "replace(replace(replace(replace(replace({0}, '_usd', ''), '_cny', ''), '_', ' '), 'fdi', 'FDI'), 'gdp', 'GDP')"
)


def _concentration() -> Exhibit:
    return Exhibit(
        slug="concentration",
        title="How the three provinces share what they have, last year with all three",
        sql=f"""
WITH complete AS (
    SELECT topic, max(year) AS year FROM (
        SELECT topic, year FROM mart.disparity WHERE place IN {_THREE} AND topic_value > 0 GROUP BY ALL HAVING count(*) = 3
    ) GROUP BY topic
)
SELECT {_IN_WORDS.format("d.topic")} || ', ' || d.year AS what, d.place_name, d.topic_value, d.unit, d.share_of_northeast, d.place, d.topic, d.year,
    array_to_string(string_split(d.datasets, ','), ';') AS dataset, {measures.traced_columns("d.topic")}
FROM mart.disparity AS d JOIN complete USING (topic, year)
WHERE d.place IN {_THREE}
ORDER BY d.topic, CASE d.place WHEN 'CN-LN' THEN 1 WHEN 'CN-JL' THEN 2 ELSE 3 END
""",
        columns=(
            Column("what", "Measure and year"), Column("place_name", "Province"), Column("topic_value", "Value", "", 0, other_traces=measures.TRACES), Column("unit", "Unit"),
            Column("share_of_northeast", "Share", "of the three", 3, other_traces=measures.TRACES),
        ),
        takeaway=_concentration_takeaway,
        chart=Shares("what", "place_name", "topic_value", code="place", places="place"),
    )  # fmt: skip


def _concentration_takeaway(rows: Rows) -> str:
    shares = {
        row["what"]: float(row["topic_value"]) / sum(float(r["topic_value"]) for r in rows if r["what"] == row["what"])
        for row in rows
        if row["place"] == "CN-LN"
    }
    most = max(shares, key=lambda what: shares[what])
    population = next((what for what in shares if what.startswith("population")), None)
    beside = (
        f", against {percent(shares[population])} of the {population.replace(', ', ' of ')}"
        if population and population != most
        else ""
    )
    return f"Liaoning's share is largest in {most.replace(', ', ' of ')}, {percent(shares[most])}{beside}."


def _per_head() -> Exhibit:
    return Exhibit(
        slug="per-head",
        title="Per head, as a multiple of the Northeast, last year on record",
        sql=f"""
SELECT {_IN_WORDS.format("topic")} AS what, year, place_name, per_head, per_head_over_northeast, unit, covered_population_share, place, topic,
    array_to_string(string_split(datasets, ','), ';') AS dataset, {measures.map_of("topic")} AS made_of
FROM mart.disparity
WHERE place IN {_REGIONS} AND place <> 'CN_NORTHEAST' AND per_head_over_northeast IS NOT NULL
  AND covered_population_share >= 0.9
QUALIFY year = max(year) OVER (PARTITION BY topic)
ORDER BY what, per_head_over_northeast DESC
""",
        columns=(
            Column("what", "Measure"), YEAR, Column("place_name", "Region"), Column("per_head_over_northeast", "Times the Northeast", "", 2, link="made_of"),
            Column("covered_population_share", "Population with figures", "share", 2, link="made_of"),
        ),
        takeaway=_per_head_takeaway,
        missing="No measure has figures of all three provinces and of nearly all of a coastal region.",
        concept="Only where all three provinces have a figure, and members with nine tenths of a region's people.",
        notes=(_OVERLAP,),
    )  # fmt: skip


def _per_head_takeaway(rows: Rows) -> str:
    widest = max(rows, key=lambda row: row["per_head_over_northeast"])
    behind = sum(row["per_head_over_northeast"] > 1 for row in rows)
    return (
        f"In {behind} of {len(rows)} comparisons the coastal region has more per head; most in {widest['what']} of the {short(widest['place_name'])} "
        f"in {widest['year']}, {widest['per_head_over_northeast']:,.1f} times."
    )


def event_study(condition: str, where: str) -> Exhibit:
    """Trade and investment before and after events, against other provinces and placebos."""
    return Exhibit(
        slug="event-study",
        title=f"Before and after, against other provinces and years, {where}",
        sql=f"""
SELECT {event_name("studied_event")} AS event, event_kind, place_name, year, {_IN_WORDS.format("topic")} AS topic_name, value_before_usd, value_after_usd,
    exp(effect_log) - 1 AS effect, placebos, placebos_as_large, placebo_share, caution, place, studied_event, year - 1 AS year_before, year + 1 AS year_after, {measures.traced_columns("topic")}, array_to_string(string_split(datasets, ','), ';') AS dataset
FROM mart.event_study WHERE effect_log IS NOT NULL AND {condition}
ORDER BY placebo_share, studied_event, place, topic
""",
        columns=(
            Column("event", "Event"), Column("place_name", "Province"), YEAR, Column("topic_name", "Measure"), billion_usd("value_before_usd", "Two years before", *measures.traces("year_before")),
            billion_usd("value_after_usd", "Two years after", *measures.traces("year_after")), Column("effect", "Beyond the others", "share", 2, other_traces=measures.traces("year_after")), Column("placebos", "Placebos", "", 0),
            Column("placebo_share", "As large", "share", 2), Column("caution", "What it proves"),
        ),
        takeaway=_event_study_takeaway,
        concept="Beyond the others: the change of the two years after over the two before, less that of provinces without such an event on record. As large: the share of "
        "other provinces and years, without an event, that moved as far or farther.",
        missing=f"No event {where} has figures of the two years before and after it.",
    )  # fmt: skip


def _event_study_takeaway(rows: Rows) -> str:
    rare = sum(row["placebo_share"] < 0.05 for row in rows)
    expected = len(rows) * 0.05
    return (
        f"Of {count(len(rows), 'case')}, {rare} moved farther than nineteen in twenty of the provinces and years without such an event on record; by chance alone it "
        f"would be about {expected:.0f}. No effect is shown by that."
        if rare <= 2 * expected + 1
        else f"Of {count(len(rows), 'case')}, {rare} moved farther than nineteen in twenty of the provinces and years without such an event on record, against about "
        f"{expected:.0f} by chance; the cases overlap, and they prove no cause."
    )


def _visits() -> Exhibit:
    return Exhibit(
        slug="visits-northeast",
        title="Visits and forums with people of the three provinces, or held there",
        sql=f"""
SELECT event, {event_name("event")} AS event_name, kind, min(started_on) AS started_on, count(*) AS participants, count(person) AS persons,
    string_agg(DISTINCT place_name, ', ' ORDER BY place_name) AS places, string_agg(DISTINCT publisher, '; ' ORDER BY publisher) AS publisher,
    string_agg(DISTINCT dataset, '; ' ORDER BY dataset) AS dataset
FROM mart.visits
WHERE event IN (
    SELECT event FROM mart.visits
    WHERE {_IN_THREE} OR list_has_any(string_split(coalesce(held_in, ''), ';'), ['CN-LN', 'CN-JL', 'CN-HL']))
GROUP BY event, kind ORDER BY started_on, event
""",
        columns=(
            Column("event_name", "Event", trace=_EVENT), Column("kind", "Kind"), Column("started_on", "From"),
            Column("participants", "Participants on record", "", 0, trace=_EVENT), Column("persons", "With a person's name", "", 0, trace=_EVENT), Column("places", "Places"), PUBLISHER,
        ),
        takeaway=_visits_takeaway,
        opened=True,
    )  # fmt: skip


def _visits_takeaway(rows: Rows) -> str:
    most = max(rows, key=lambda row: row["participants"])
    return (
        f"{count(len(rows), 'event')} between {rows[0]['started_on'].year} and {rows[-1]['started_on'].year}; most participants on record, {most['participants']}, "
        f"are of {most['event_name']}."
    )
