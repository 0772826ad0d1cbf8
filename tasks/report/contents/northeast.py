"""Japan and China's Northeast: trade, investment, companies, infrastructure, visits; against the three coastal regions."""

from collections.abc import Iterator

import duckdb

from tasks.report.contents import measures
from tasks.report.contents.columns import NOTE, PUBLISHER, YEAR, billion_usd, event_name
from tasks.report.contents.companies import companies, companies_by_province
from tasks.report.contents.event_study import event_study
from tasks.report.contents.openings import infrastructure, opening_list, openings
from tasks.report.contents.regions import concentration, per_head, population, regions_output, regions_trade
from tasks.report.contents.sentences import billions, by, count, listed, percent, short
from tasks.report.contents.three_provinces import IN_THREE, THREE
from tasks.report.model import Column, Exhibit, Lines, Page, Rows, Section, Trace

_EVENT = Trace("visits", ("event",), "event")


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
                companies(IN_THREE, "in Liaoning, Jilin and Heilongjiang", "companies-northeast"), companies_by_province(),
                companies("place LIKE 'CN-%'", "in every province and city that has a count", "companies-everywhere"),
            ]),
            Section("Trade with Japan", [_trade_with_japan(), _trade_by_province()]),
            Section("Investment", [_investment()]),
            Section("Concentration", [concentration()]),
            Section("Against the coastal regions", [regions_trade(), regions_output(), per_head(), population()]),
            Section("Lines, roads and zones", [infrastructure(), openings(), opening_list()]),
            Section("Visits and what followed", [_visits(), event_study("event_kind IN ('visit', 'forum', 'seminar', 'meeting', 'expo') AND place IN " + THREE, "in the three provinces")], text=[
                "A handful of visits cannot show what they brought about: trade and investment of every province move from year to year by more than "
                "a visit could explain, provinces that were visited were chosen for their prospects, and what is decided in a meeting is invested years later. "
                "The list says who met whom; it is no evidence of an effect.",
            ]),
        ],
    )  # fmt: skip


def _trade_with_japan() -> Exhibit:
    return Exhibit(
        slug="trade-with-japan",
        title="Trade of the three provinces and their cities with Japan",
        sql=f"""
SELECT reporter_name, replace(flow, '_', ' ') AS flow, year, value_usd, reporter, partner, basis, publisher, dataset, published_on, note
FROM mart.trade_figures
WHERE partner = 'JPN' AND product = 'TOTAL' AND freq = 'A' AND is_preferred AND value_usd IS NOT NULL
  AND (reporter IN {THREE} OR reporter = 'CN_NORTHEAST' OR reporter IN (SELECT place FROM ref.place WHERE parent IN {THREE}))
ORDER BY reporter, flow, year
""",
        columns=(
            Column("reporter_name", "Place"), YEAR, billion_usd("value_usd", "Value", Trace("trade", ("reporter", "partner"))), Column("flow", "Flow"),
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
FROM mart.indicator WHERE indicator = 'goods_trade_total' AND place IN {THREE} AND value_usd IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY place, year ORDER BY unit DESC) = 1
ORDER BY place, year
""",
        columns=(Column("place_name", "Province"), YEAR, billion_usd("value_usd", "Exports plus imports", measures.INDICATOR), Column("unit", "Published in"), PUBLISHER),
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
  AND (reporter IN {THREE} OR reporter = 'CN_NORTHEAST' OR reporter IN (SELECT place FROM ref.place WHERE parent IN {THREE}))
ORDER BY counterpart <> 'JPN', reporter, concept, period
""",
        columns=(
            Column("reporter_name", "Place"), Column("period", "Period"), billion_usd("value_usd", "Amount", Trace("fdi", ("reporter", "counterpart"))),
            Column("origin", "Origin"), Column("concept", "Concept"), PUBLISHER, NOTE,
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
    WHERE {IN_THREE} OR list_has_any(string_split(coalesce(held_in, ''), ';'), ['CN-LN', 'CN-JL', 'CN-HL']))
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
