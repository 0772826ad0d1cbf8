"""Foreign direct investment in China by origin: the Ministry's count, the balance of payments, the investors' side, revisions."""

from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

import duckdb

from tasks.report.contents import releases
from tasks.report.contents.columns import DATASET, NOTE, PUBLISHED, PUBLISHER, YEAR, billion_usd
from tasks.report.contents.sentences import BILLION, billions, by, count, listed, moved, named, percent, short
from tasks.report.model import Bars, Column, Dumbbell, Exhibit, Lines, Page, Rows, Section, Trace

_TRACE = Trace("fdi", ("reporter", "counterpart"))
_MOFCOM = (
    "Foreign investment actually used, as China's Ministry of Commerce (MOFCOM) counts it: a flow of a year, not the balance of payments. "
    "Current US dollars."
)

_THROUGH_HONG_KONG = "Investment through Hong Kong is counted as Hong Kong's, whoever owns it: the largest origin is in good part a way, and some of it is China's own."

BY_ORIGIN_SQL = """
SELECT counterpart_name AS origin, year, value_usd, reporter, counterpart, concept, obs_status AS status,
    replace(sector_scope, '_', ' ') AS sectors, publisher, dataset, published_on, in_article.counterpart IS NOT NULL AS is_in_article
FROM mart.fdi_figures
LEFT JOIN (
    SELECT DISTINCT counterpart, year FROM mart.fdi_figures WHERE dataset = 'mofcom.via_nikkei_2018' AND concept = 'mofcom_utilised' AND freq = 'A'
) AS in_article USING (counterpart, year)
WHERE is_preferred AND concept = 'mofcom_utilised' AND accounting = 'flow' AND freq = 'A' AND instrument = 'total' AND industry = 'TOTAL'
  AND reporter = 'CHN' AND counterpart IN ('JPN', 'KOR', 'USA', place('EU')) AND value_usd IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY counterpart, year ORDER BY published_on DESC NULLS LAST, dataset, principle) = 1
ORDER BY counterpart, year
"""
_TOTAL_SQL = """
SELECT CASE concept WHEN 'mofcom_utilised' THEN 'MOFCOM' WHEN 'unctad' THEN 'UNCTAD' ELSE 'balance of payments' END AS counted_by,
    year, value_usd, concept, reporter, counterpart, obs_status AS status, publisher, dataset, published_on
FROM mart.fdi_figures
WHERE is_preferred AND reporter = 'CHN' AND counterpart = 'WLD' AND freq = 'A' AND accounting = 'flow' AND instrument = 'total'
  AND industry = 'TOTAL' AND value_usd IS NOT NULL
  AND (concept = 'mofcom_utilised' OR (concept = 'unctad' AND direction = 'inward') OR (concept = 'bop' AND direction = 'liabilities'))
QUALIFY row_number() OVER (PARTITION BY concept, year ORDER BY published_on DESC NULLS LAST, dataset) = 1
ORDER BY counted_by, year
"""
_HONG_KONG_SQL = """
SELECT CASE counterpart WHEN 'WLD' THEN 'All origins' ELSE counterpart_name END AS origin, year, value_usd, reporter, counterpart, concept, obs_status AS status,
    replace(sector_scope, '_', ' ') AS sectors, (100 * value_usd / max(value_usd) FILTER (counterpart = 'WLD') OVER (PARTITION BY year))::DOUBLE AS share, publisher, dataset, published_on
FROM mart.fdi_figures
WHERE is_preferred AND concept = 'mofcom_utilised' AND accounting = 'flow' AND freq = 'A' AND instrument = 'total' AND industry = 'TOTAL'
  AND reporter = 'CHN' AND counterpart IN ('HKG', 'WLD') AND value_usd IS NOT NULL
QUALIFY row_number() OVER (PARTITION BY counterpart, year ORDER BY published_on DESC NULLS LAST, dataset, principle) = 1
ORDER BY counterpart, year
"""
_RANKING_SQL = """
WITH year_shown AS (
    SELECT year FROM mart.fdi_china_by_origin WHERE origin <> '_X'
    GROUP BY year ORDER BY count(*) >= 4 DESC, year DESC LIMIT 1
)
SELECT CASE origin WHEN '_X' THEN 'All other origins' ELSE origin_name END AS origin_name, year, value_usd, 'CHN' AS reporter, origin AS counterpart,
    origin = 'JPN' AS is_japan, method, sum(value_usd) OVER () AS total_usd, total_method, replace(sector_scope, '_', ' ') AS sectors, publisher, dataset, published_on
FROM mart.fdi_china_by_origin WHERE year = (FROM year_shown)
ORDER BY origin = '_X', value_usd DESC, origin LIMIT 25
"""
_EVERY_SQL = """
SELECT CASE WHEN origin <> '_X' THEN origin_name WHEN count(*) OVER (PARTITION BY year) > 1 THEN 'All other origins' ELSE 'All origins' END AS origin_name, year, value_usd,
    CASE WHEN count(*) FILTER (is_residual OR total_method <> 'none published') OVER (PARTITION BY year) > 0
        THEN (100 * value_usd / sum(value_usd) OVER (PARTITION BY year))::DOUBLE END AS share,
    'CHN' AS reporter, origin AS counterpart, method, total_method, publisher, dataset, published_on
FROM mart.fdi_china_by_origin
ORDER BY year DESC, origin = '_X', value_usd DESC, origin
"""
_ARTICLE_SQL = """
WITH figure AS (
    FROM mart.fdi_figures
    WHERE concept = 'mofcom_utilised' AND accounting = 'flow' AND freq = 'A' AND reporter = 'CHN' AND instrument = 'total' AND industry = 'TOTAL'
)
SELECT regexp_replace(a.counterpart_name, ' [(].*', '') || ' ' || a.year AS cell, a.counterpart_name AS origin, a.year, a.value_usd AS article_usd, o.value_usd AS other_usd,
    o.publisher AS other_publisher, o.dataset AS other_dataset, o.seen_via AS other_seen_via, o.published_on AS other_published_on,
    a.dataset AS article_dataset, a.publisher AS article_publisher, a.reporter, a.counterpart
FROM figure AS a
LEFT JOIN figure AS o ON o.counterpart = a.counterpart AND o.year = a.year AND o.dataset <> a.dataset
WHERE a.dataset = 'mofcom.via_nikkei_2018'
QUALIFY row_number() OVER (PARTITION BY a.counterpart, a.year ORDER BY o.is_preferred DESC NULLS LAST, o.published_on, o.dataset) = 1
ORDER BY a.counterpart, a.year
"""
_MIRROR_SQL = """
SELECT investor_name, host_name, year, outward_usd, inward_usd, gap_usd, investor, host,
    outward_from.publisher AS outward_publisher, outward_from.dataset AS outward_dataset,
    inward_from.publisher AS inward_publisher, inward_from.dataset AS inward_dataset
FROM mart.mirror_fdi
WHERE host = 'CHN' AND investor IN ('JPN', 'KOR', 'USA', 'HKG', 'DEU', 'GBR', 'FRA', 'NLD', 'SGP', 'TWN') AND mirror_status = 'both'
ORDER BY investor, year DESC
"""
_INVESTORS_SQL = """
SELECT f.reporter_name || ', ' || CASE concept WHEN 'bop' THEN 'balance of payments' WHEN 'unctad' THEN 'UNCTAD' ELSE coalesce(c.name, concept) END AS series,
    f.reporter_name AS investor, year, concept || ' ' || direction AS concept, value_usd, reporter, counterpart, obs_status AS status, publisher, dataset, published_on,
    f.note
FROM mart.fdi_figures AS f LEFT JOIN ref.fdi_concept AS c USING (concept)
WHERE is_preferred AND counterpart = 'CHN' AND reporter IN ('JPN', 'KOR', 'USA', 'HKG', 'DEU') AND instrument = 'total' AND industry = 'TOTAL'
  AND freq = 'A' AND direction IN ('outward', 'assets') AND accounting = 'flow' AND value_usd IS NOT NULL
QUALIFY direction = min(direction) OVER (PARTITION BY reporter, concept)
    AND row_number() OVER (PARTITION BY reporter, concept, direction, year ORDER BY published_on DESC NULLS LAST, dataset, principle) = 1
ORDER BY series, year
"""
_REVISIONS_SQL = """
SELECT dataset, source, revisions, newly_stated, withdrawn, median_relative_difference, largest_relative_difference, share_up,
    median_days_between, 'data/index.html#largest-revisions' AS listed
FROM mart.revisions_by_source WHERE fact = 'fdi' ORDER BY revisions DESC, dataset
"""


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:  # noqa: ARG001
    """The page of investment in China by origin."""
    yield Page(
        path="fdi/index.html",
        title="Foreign direct investment in China, by origin",
        names={"short": "FDI in China"},
        lead="How much Japan, the European Union, the United States, South Korea and Hong Kong invested in China: by the ministry that counts "
        "projects, by the balance of payments, and by the investors' own statistics. The three are different things and are never added.",
        sections=[
            Section("Who invests", [by_origin(), _hong_kong(), _ranking(), _every_origin()]),
            Section("The article's figures", [_article()]),
            Section("Counted otherwise", [_total(), _investors(), _mirror()]),
            Section("How the figures were revised", [releases.printings(), releases.inflows(), _revisions()]),
        ],
    )


def by_origin(size: str = "full") -> Exhibit:
    """The Ministry's figures of four origins over the years."""
    return Exhibit(
        slug="by-origin",
        title="Direct investment in China from Japan, the EU, the United States and South Korea",
        sql=BY_ORIGIN_SQL,
        columns=(
            Column("origin", "Origin"), YEAR, billion_usd("value_usd", "Used", _TRACE), Column("sectors", "Sectors"), Column("is_in_article", "In the article"), PUBLISHER, DATASET, PUBLISHED,
        ),
        takeaway=_by_origin_takeaway,
        chart=Lines("year", "value_usd", "origin", code="counterpart", what="concept", dataset="dataset", scope="sectors", ringed="is_in_article"),
        concept=_MOFCOM,
        notes=(
            "Ringed: the article of May 2018 printed a figure of this origin and year; how it differs is below.",
            "Each year is as the press printed it at release, so that neighbouring points are of different releases: such steps are dashed, and so are "
            "steps over years without a figure.",
            "A stroke across a line: what is counted changes there. Figures without the financial sector and of all sectors are not quite the same thing; where a source does not say, it is unknown.",
        ),
        size="small" if size == "small" else "full",
    )  # fmt: skip


def _by_origin_takeaway(rows: Rows) -> str:
    years = sorted({row["year"] for row in rows})
    ends = (2012, 2016) if {2012, 2016} <= set(years) else (years[0], years[-1])
    parts = moved(rows, "origin", "value_usd", ends)
    if not parts:
        return f"No origin has a figure in both {ends[0]} and {ends[1]}."
    return f"From {ends[0]} to {ends[1]}, in billion dollars: {listed(parts)}{_unlike(rows, ends)}."


def _unlike(rows: Rows, ends: tuple[int, int]) -> str:
    """Of which series what is counted is not known to be the same in both years: their scopes differ."""
    scopes = {name: {row["year"]: row["sectors"] for row in of} for name, of in by(rows, "origin").items()}
    unlike = [named(name) for name, of in scopes.items() if all(year in of for year in ends) and of[ends[0]] != of[ends[1]]]  # fmt: skip
    return f"; of {listed(unlike)} the two years are not known to count the same sectors" if unlike else ""


def _hong_kong() -> Exhibit:
    """The largest origin, beside all of them: on one scale with the others it would flatten their lines."""
    return Exhibit(
        slug="hong-kong",
        title="Hong Kong beside all origins",
        sql=_HONG_KONG_SQL,
        columns=(
            Column("origin", "Origin"), YEAR, billion_usd("value_usd", "Used", _TRACE), Column("share", "Share of all", "percent", 1, other_traces=(_TRACE,)), Column("sectors", "Sectors"),
            PUBLISHER, DATASET, PUBLISHED,
        ),
        takeaway=_hong_kong_takeaway,
        chart=Lines("year", "value_usd", "origin", code="counterpart", what="concept", dataset="dataset", scope="sectors"),
        concept=_MOFCOM,
        notes=(_THROUGH_HONG_KONG, "A stroke across a line: what is counted changes there."),
        missing="Neither Hong Kong's investment nor that of all origins is in this release.",
    )  # fmt: skip


def _hong_kong_takeaway(rows: Rows) -> str:
    hong_kong = [row for row in rows if row["counterpart"] == "HKG" and row["share"] is not None]
    if not hong_kong:
        return "No year has both Hong Kong's investment and that of all origins."
    said = [f"{percent(float(row['share']) / 100)} in {row['year']}" for row in (hong_kong[0], *hong_kong[1:][-1:])]  # fmt: skip
    is_one_scope = len({hong_kong[0]["sectors"], hong_kong[-1]["sectors"]}) == 1
    unlike = "" if is_one_scope else "; the two years are not known to count the same sectors"
    return f"Hong Kong stood for {listed(said)} of what all origins invested, as the Ministry counts it{unlike}."


def _ranking() -> Exhibit:
    return Exhibit(
        slug="origins",
        title="Origins in the last year with at least four of them on record",
        sql=_RANKING_SQL,
        columns=(Column("origin_name", "Origin"), YEAR, billion_usd("value_usd", "Used", _TRACE), Column("sectors", "Sectors"), Column("method", "How"), PUBLISHER, DATASET),
        takeaway=_ranking_takeaway,
        chart=Bars("origin_name", "value_usd", emphasis="is_japan"),
        concept=_MOFCOM,
        notes=("All other origins: what the published total has beyond the origins listed; its source is the total's.",),
    )  # fmt: skip


def _ranking_takeaway(rows: Rows) -> str:
    first = rows[0]
    whole = "used" if first["total_method"] != "none published" else "of the origins on record, which are not all"
    japan = next((row for row in rows if row["counterpart"] == "JPN"), None)
    unlike = (
        ""
        if len({row["sectors"] for row in rows}) == 1
        else " The origins are not known to count the same sectors as the total."
    )
    said = f"In {first['year']} {named(first['origin_name'])} stood for {percent(float(first['value_usd'] / first['total_usd']))} of the {billions(first['total_usd'])} {whole}"
    if japan is None:
        return f"{said}; Japan has no figure in that year.{unlike}"
    return f"{said}; Japan for {percent(float(japan['value_usd'] / japan['total_usd']), 1)}, {billions(japan['value_usd'])}.{unlike}"


def _every_origin() -> Exhibit:
    return Exhibit(
        slug="every-origin",
        title="Every origin that is on record, with its share of the published total",
        sql=_EVERY_SQL,
        columns=(
            Column("origin_name", "Origin"), YEAR, billion_usd("value_usd", "Used", _TRACE), Column("share", "Share of all", "percent", 1, trace=_TRACE), Column("method", "How"),
            PUBLISHER, DATASET,
        ),
        takeaway=_every_origin_takeaway,
        concept=_MOFCOM,
        notes=(_THROUGH_HONG_KONG,),
        search=True,
        opened=False,
    )  # fmt: skip


def _every_origin_takeaway(rows: Rows) -> str:
    largest = next((row for row in rows if row["counterpart"] not in ("_X", "WLD") and row["share"] is not None), None)
    origins = count(len({row["counterpart"] for row in rows} - {"_X"}), "origin")
    if largest is None:
        return f"{origins} in {count(len({row['year'] for row in rows}), 'year')}."
    return f"{origins} on record; in {largest['year']} the largest of them was {named(largest['origin_name'])}, with {percent(float(largest['share']) / 100)} of all."


def _article() -> Exhibit:
    return Exhibit(
        slug="article",
        title="What the Nikkei Asian Review printed in May 2018, against the figures of the press at release",
        sql=_ARTICLE_SQL,
        columns=(
            Column("cell", "Figure"),
            billion_usd("article_usd", "The article", _TRACE), billion_usd("other_usd", "Another printing", _TRACE),
            Column("other_dataset", "Its dataset"), Column("other_published_on", "Its date"),
        ),
        takeaway=_article_takeaway,
        chart=Dumbbell("cell", "article_usd", "other_usd"),
        concept=_MOFCOM,
        notes=("The article prints one decimal of a billion. The chart has the figures with another printing in the warehouse, the table has all.",),
    )  # fmt: skip


def _article_takeaway(rows: Rows) -> str:
    both = [row for row in rows if row["other_usd"] is not None]
    if not both:
        return f"The article prints {count(len(rows), 'figure')}; no other printing of them is in the warehouse."
    furthest = max(both, key=lambda row: abs(row["article_usd"] - row["other_usd"]))
    apart = abs(furthest["article_usd"] - furthest["other_usd"])
    otherwise = sum(_to_a_tenth(row["article_usd"]) != _to_a_tenth(row["other_usd"]) for row in both)
    return (
        f"Of {len(rows)} figures of the article {len(both)} were also printed elsewhere; none is further away than "
        f"{billions(apart)} ({short(furthest['origin'])}, {furthest['year']}), and {otherwise} of them {'is' if otherwise == 1 else 'are'} not the other printing "
        "rounded to a tenth of a billion."
    )


def _to_a_tenth(amount: Decimal) -> Decimal:
    """An amount in billions with one decimal, a half rounded up as in print."""
    return (amount / BILLION).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _total() -> Exhibit:
    return Exhibit(
        slug="concepts",
        title="All direct investment in China, by three counts",
        sql=_TOTAL_SQL,
        columns=(Column("counted_by", "Counted by"), YEAR, billion_usd("value_usd", "Flow", _TRACE), PUBLISHER, DATASET, PUBLISHED),
        takeaway=_total_takeaway,
        chart=Lines("year", "value_usd", "counted_by", what="concept", dataset="dataset"),
        concept="MOFCOM counts capital paid into projects; the balance of payments (liabilities) has reinvested earnings, loans between affiliates "
        "and shares listed abroad as well; UNCTAD compiles from both. Current US dollars.",
        notes=("A negative flow is a withdrawal: loans paid back and capital taken home exceed what came in.",),
    )  # fmt: skip


def _total_takeaway(rows: Rows) -> str:
    years = by(rows, "year")
    candidates = [(year, {row["counted_by"]: row["value_usd"] for row in of_year}) for year, of_year in years.items()]
    both = [(year, counts) for year, counts in candidates if {"MOFCOM", "balance of payments"} <= set(counts)]
    if not both:
        return "No year has both the Ministry's total and that of the balance of payments."
    year, counts = max(both, key=lambda one: abs(one[1]["MOFCOM"] - one[1]["balance of payments"]))
    return (
        f"The counts are different things: in {year} MOFCOM counted {billions(counts['MOFCOM'])} and the balance of payments "
        f"{billions(counts['balance of payments'])}."
    )


def _investors() -> Exhibit:
    return Exhibit(
        slug="investors",
        title="Investment in China as the investors' own statistics have it",
        sql=_INVESTORS_SQL,
        columns=(Column("series", "Investor and concept"), YEAR, billion_usd("value_usd", "Flow", _TRACE), Column("concept", "Concept"), PUBLISHER, DATASET, NOTE),
        takeaway=lambda rows: f"{listed([named(name) for name in by(rows, 'investor')])} {'has' if len(by(rows, 'investor')) == 1 else 'have'} "
        f"figures of their own, from {min(row['year'] for row in rows)} to {max(row['year'] for row in rows)}.",
        chart=Lines("year", "value_usd", "series", what="concept", dataset="dataset"),
        concept="Outward flows as the investing economy publishes them. They need not have the sign or size of China's figures.",
        missing="No yearly flow to China from an investor's own statistics is in this release. Bank of Japan and OECD files can be adopted: see the page Data.",
    )  # fmt: skip


def _mirror() -> Exhibit:
    return Exhibit(
        slug="mirror-positions",
        title="Positions in China: what the investor says and what China says",
        sql=_MIRROR_SQL,
        columns=(
            Column("investor_name", "Investor"), YEAR, billion_usd("outward_usd", "By the investor", Trace("fdi", ("investor", "host"))),
            billion_usd("inward_usd", "By China", Trace("fdi", ("host", "investor"))), billion_usd("gap_usd", "Gap", Trace("fdi", ("investor", "host"))),
            Column("outward_dataset", "Investor's dataset"), Column("inward_dataset", "China's dataset"),
        ),
        takeaway=_mirror_takeaway,
        concept="Stocks of direct investment at the end of the year, each side as it publishes them. They are never averaged.",
        missing="No pair of positions that both sides publish is in this release. The IMF's Direct Investment Positions can be adopted: see the page Data.",
    )  # fmt: skip


def _mirror_takeaway(rows: Rows) -> str:
    furthest = max(rows, key=lambda row: abs(row["gap_usd"]))
    return (
        f"The two sides are furthest apart over {furthest['investor_name']} in {furthest['year']}: {billions(furthest['outward_usd'])} by the "
        f"investor, {billions(furthest['inward_usd'])} by China."
    )


def _revisions() -> Exhibit:
    return Exhibit(
        slug="revisions",
        title="Revisions of figures of direct investment, by dataset",
        sql=_REVISIONS_SQL,
        columns=(
            DATASET, Column("revisions", "Revisions", "", 0, link="listed"), Column("newly_stated", "Newly stated", "", 0), Column("withdrawn", "Withdrawn", "", 0),
            Column("median_relative_difference", "Median size", "share", 3), Column("largest_relative_difference", "Largest size", "share", 3),
            Column("median_days_between", "Median days between", "", 0),
        ),
        takeaway=lambda rows: f"{count(sum(row['revisions'] for row in rows), 'figure')} of direct investment of any economy "
        f"{'was' if sum(row['revisions'] for row in rows) == 1 else 'were'} revised by a later release of {count(len(rows), 'dataset')}.",
        missing="No figure of direct investment was revised by a later release that is here.",
    )  # fmt: skip
