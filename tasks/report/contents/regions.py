"""The Northeast against the three coastal regions, and how its three provinces share what they have."""

from tasks.report.contents import measures
from tasks.report.contents.columns import PUBLISHER, YEAR, billion_usd
from tasks.report.contents.measures import IN_WORDS
from tasks.report.contents.sentences import BILLION, billions, by, listed, percent, short
from tasks.report.contents.three_provinces import THREE
from tasks.report.model import Bars, Column, Exhibit, Lines, Rows, Shares

_REGIONS = "('CN_NORTHEAST', 'CN_PEARL_DELTA', 'CN_YANGTZE_DELTA', 'CN_BOHAI_RIM')"
_OVERLAP = "Liaoning is in the Northeast and in the Bohai Rim: the two are compared and never added."


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


def regions_output() -> Exhibit:
    """Output of the Northeast and the coastal regions over the years."""
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


def per_head() -> Exhibit:
    """Measures a head in the coastal regions, as multiples of the Northeast."""
    return Exhibit(
        slug="per-head",
        title="Per head, as a multiple of the Northeast, last year on record",
        sql=f"""
SELECT {IN_WORDS.format("topic")} AS what, year, place_name, per_head, per_head_over_northeast, unit, covered_population_share, place, topic,
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


def concentration() -> Exhibit:
    """How the three provinces share each measure, in the last year with all three."""
    return Exhibit(
        slug="concentration",
        title="How the three provinces share what they have, last year with all three",
        sql=f"""
WITH complete AS (
    SELECT topic, max(year) AS year FROM (
        SELECT topic, year FROM mart.disparity WHERE place IN {THREE} AND topic_value > 0 GROUP BY ALL HAVING count(*) = 3
    ) GROUP BY topic
)
SELECT {IN_WORDS.format("d.topic")} || ', ' || d.year AS what, d.place_name, d.topic_value, d.unit, d.share_of_northeast, d.place, d.topic, d.year,
    array_to_string(string_split(d.datasets, ','), ';') AS dataset, {measures.traced_columns("d.topic")}
FROM mart.disparity AS d JOIN complete USING (topic, year)
WHERE d.place IN {THREE}
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


def population() -> Exhibit:
    """Residents of the three provinces together."""
    return Exhibit(
        slug="population",
        title="Population of the three provinces together",
        sql=f"""
SELECT 'Northeast' AS place_name, year, sum(value) AS population, 'population' AS what, bool_or(is_seam) AS is_seam,
    string_agg(DISTINCT dataset, '; ' ORDER BY dataset) AS dataset, any_value(publisher) AS publisher, {measures.map_of("'population'")} AS made_of
FROM mart.indicator WHERE indicator = 'population' AND place IN {THREE}
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
