"""Corridors: trade between two economies as each of them publishes it, and investment between them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import duckdb

from schemas import reconciliation
from tasks.report.contents.columns import NOTE, PUBLISHED, PUBLISHER, YEAR, billion_usd
from tasks.report.contents.sentences import BILLION, billions, by, count, listed, named, percent
from tasks.report.model import POSSESSIVE, Bars, Column, Dumbbell, Exhibit, Lines, Page, Rows, Section, Trace
from warehouse.sql import quoted

#: These have a page in any case; other pairs have one where both sides have figures.
_ALWAYS = (("JPN", "CHN"), ("KOR", "CHN"), ("USA", "CHN"), ("EU", "CHN"))
_SIDES = Trace("trade", ("reporter", "partner"))
_OF_EXPORTER, _OF_IMPORTER = Trace("trade", ("exporter", "importer")), Trace("trade", ("importer", "exporter"))
#: A value made of two sides leads to the importer's figure where there is one, and else to the exporter's; the row has both.
_OF_METHOD = Trace("trade", ("stating_importer", "exporter")), Trace("trade", ("stating_exporter", "importer"))
_FREIGHT = {method.name: method.cif_rate for method in reconciliation.METHODS}
_WHY = (
    "Two customs services rarely print the same number for the same trade. Exports are valued when they leave (FOB, free on board), imports when they arrive "
    "(CIF, with insurance and freight), which alone makes imports larger: the International Monetary Fund "
    f"reckons with {percent(_FREIGHT['dots_106'])}, and did with {percent(_FREIGHT['dots_110'])} until 2017.",
    "Goods through Hong Kong or another third place are exports to that place for the one side and imports from the country of origin for the other. "
    "What leaves in December arrives in January. Values in yuan or yen are converted at different rates. And each side decides for itself what "
    "to count: returned goods, processing, parcels.",
)


#: SQL for a method as a chart names it; one that has no words here by its name.
_METHOD_IN_WORDS = """CASE reconciliation_method WHEN 'dots_106' THEN 'IMF, 6 % freight' WHEN 'dots_110' THEN 'IMF, 10 % freight'
    WHEN 'both_import' THEN 'importers alone, as JETRO' WHEN 'oecd_itic' THEN 'OECD''s freight' WHEN 'baci_like' THEN 'like BACI' WHEN 'harvard_like' THEN 'like Harvard'
    ELSE replace(reconciliation_method, '_', ' ') END"""
_OBTAINABLE = (
    "Files with it can be adopted: UN Comtrade has every country's trade, and Korea's, the United States' and the European Union's services their own; "
    "the page Data names them with their terms."
)


@dataclass(frozen=True)
class _Pair:
    """Two economies: codes as SQL expressions, names, and the name of the page."""

    first: str
    second: str
    first_name: str
    second_name: str
    file: str

    @property
    def name(self) -> str:
        return f"{self.first_name} and {self.second_name}"


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """A list of corridors, and a page for each."""
    pairs = list(_pairs(con))
    yield Page(
        path="corridors/index.html",
        title="Corridors: trade from both sides",
        names={"short": "Corridors"},
        lead="What one country's customs say it sold, and what the other's say it bought. The two are shown side by side and never averaged.",
        sections=[
            Section("The pairs", [_list(pairs)], block="pairs.html.jinja", values={"pairs": [{"name": p.name, "path": _path(p)} for p in pairs]}),
            Section("Why the sides differ", text=_WHY),
        ],
    )  # fmt: skip
    for pair in pairs:
        yield _page(pair) if _has_trade(con, pair) else _page_of_investment(pair)


def _path(pair: _Pair) -> str:
    return f"corridors/{pair.file}.html"


def _pairs(con: duckdb.DuckDBPyConnection) -> Iterator[_Pair]:
    """The pairs that always have a page, then those with figures of both sides."""
    query = """
SELECT least(exporter, importer) AS a, greatest(exporter, importer) AS b FROM mart.mirror_trade
WHERE product = 'TOTAL' AND mirror_status = 'both' GROUP BY a, b ORDER BY count(*) DESC, a, b
"""
    codes = dict(con.execute("SELECT place, name FROM ref.place").fetchall())
    names = {"EU": "European Union", **codes}
    seen: set[frozenset[str]] = set()
    for first, second in (*_ALWAYS, *con.execute(query).fetchall()):
        if frozenset((first, second)) not in seen and first in names and second in names:
            seen.add(frozenset((first, second)))
            yield _Pair(_code(first), _code(second), names[first], names[second], f"{first}-{second}")


def _code(place: str) -> str:
    """The code of a place as an SQL expression. The European Union is whatever group of its members figures are of."""
    return f"place('{place}')" if place == "EU" else quoted(place)


def _has_trade(con: duckdb.DuckDBPyConnection, pair: _Pair) -> bool:
    """Whether one of the two has figures of goods trade with the other."""
    query = (
        f"SELECT 1 FROM mart.trade_figures WHERE {_between((pair.first, pair.second), 'reporter', 'partner')} LIMIT 1"
    )
    return con.execute(query).fetchone() is not None


def _page(pair: _Pair) -> Page:
    return Page(
        path=_path(pair),
        title=pair.name,
        parent="corridors/index.html",
        lead=f"Goods trade between {pair.name} as each side's statistics have it, and direct investment between them.",
        sections=[
            Section("What each side says", _of_trade(pair), text=_WHY),
            Section("Products", [_products(pair)]),
            Section("Direct investment", [_investment(pair)]),
        ],
    )


def _page_of_investment(pair: _Pair) -> Page:
    """The page of a pair without a figure of trade: it says so, and has what it would have folded up."""
    return Page(
        path=_path(pair),
        title=pair.name,
        parent="corridors/index.html",
        lead=f"Direct investment between {pair.name}. No figure of their goods trade is in this release.",
        sections=[
            Section("Direct investment", [_investment(pair)]),
            Section("Goods trade", [*_of_trade(pair), _products(pair)], text=[_OBTAINABLE]),
        ],
    )


def _of_trade(pair: _Pair) -> list[Exhibit]:
    return [both_sides(pair.first, pair.second, pair.name), _gaps(pair), _both_import(pair), _methods(pair)]


def _between(pair: tuple[str, str], left: str, right: str) -> str:
    first, second = pair
    return f"(({left} = {first} AND {right} = {second}) OR ({left} = {second} AND {right} = {first}))"


def both_sides(first: str, second: str, name: str, slug: str = "both-sides", size: str = "full") -> Exhibit:
    """All four series of a pair; codes are SQL expressions."""
    return Exhibit(
        slug=slug,
        title=f"Trade of {name}, as each side publishes it",
        sql=f"""
WITH printed AS (
    SELECT reporter, reporter_name, partner, partner_name, flow, year, value_usd, valuation, obs_status, publisher, dataset, published_on
    FROM mart.trade_figures
    WHERE {_between((first, second), "reporter", "partner")} AND product = 'TOTAL' AND is_preferred AND value_usd IS NOT NULL
      AND flow IN ('import', 'export') AND (freq = 'A' OR (freq = 'YTD' AND period LIKE '%-12')) AND measurement = 'reported'
    QUALIFY row_number() OVER (PARTITION BY reporter, partner, flow, year ORDER BY freq, published_on DESC NULLS LAST, dataset) = 1
),
summed AS (
    {" UNION ALL ".join(
        f"SELECT reporter, reporter_name, partner, partner_name, '{flow}' AS flow, year, {flow}s_usd AS value_usd, {flow}s_valuation AS valuation, {flow}s_from.status AS obs_status, "
        f"{flow}s_from.publisher AS publisher, {flow}s_from.dataset AS dataset, {flow}s_from.published_on AS published_on FROM mart.trade WHERE {flow}s_from.method LIKE 'sum of %'"
        for flow in ("import", "export")
    )}
)
SELECT {POSSESSIVE.format("reporter_name")} || CASE flow WHEN 'import' THEN ' imports from ' ELSE ' exports to ' END || partner_name AS series, year, value_usd, reporter, partner,
    {POSSESSIVE.format("reporter_name")} || ' ' || flow || 's' AS side, if(flow = 'import', partner_name || ' to ' || reporter_name, reporter_name || ' to ' || partner_name) AS direction,
    {POSSESSIVE.format("partner_name")} || if(flow = 'import', ' exports', ' imports') AS other_side, flow AS what, valuation, obs_status AS status, publisher, dataset, published_on, is_sum
FROM (
    SELECT *, false AS is_sum FROM printed
    UNION ALL BY NAME
    SELECT *, true AS is_sum FROM summed ANTI JOIN printed USING (reporter, partner, flow, year) WHERE {_between((first, second), "reporter", "partner")}
)
ORDER BY series, year
""",
        columns=(
            Column("series", "Who says what"), YEAR, billion_usd("value_usd", "Value", _SIDES), Column("valuation", "Valuation"), Column("is_sum", "Sum of its parts"), PUBLISHER, PUBLISHED,
        ),
        takeaway=lambda rows: _sides_takeaway(rows),
        chart=Lines("year", "value_usd", "series", what="what", dataset="dataset", scope="valuation"),
        concept="All goods. Exports are valued free on board (FOB), imports with insurance and freight (CIF), unless the table says otherwise.",
        missing=f"No yearly figure of goods trade of {name} is in this release.",
        size="small" if size == "small" else "full",
    )  # fmt: skip


def _sides_takeaway(rows: Rows) -> str:
    years = {row["year"] for row in rows}
    year = 2016 if 2016 in years else max(years)
    flows = [_flow_said(of_flow) for of_flow in by([row for row in rows if row["year"] == year], "direction").values()]
    return f"In {year}, in billion dollars: {', '.join(flows)}. {_both_said(rows)}"


def _flow_said(rows: Rows) -> str:
    """One direction of one year: each side's figure, or whose figure there is not."""
    said = [f"{float(row['value_usd']) / BILLION:,.1f} ({row['side']})" for row in rows]
    if len(rows) == 1:
        said = [f"{said[0].removesuffix(')')}; {rows[0]['other_side']} are not here)"]
    return f"{rows[0]['direction']} {listed(said)}"


def _both_said(rows: Rows) -> str:
    """Of how many flows and years both sides are here, and what they say of the last."""
    years = [of_year for of_flow in by(rows, "direction").values() for of_year in by(of_flow, "year").values()]
    both = [sides for sides in years if len(sides) > 1]
    if not both:
        return "No flow has the figures of both sides in any year."
    final = max(both, key=lambda sides: sides[0]["year"])
    flow = f"{final[0]['direction']} in {final[0]['year']}"
    said = listed([f"{float(row['value_usd']) / BILLION:,.1f} ({row['side']})" for row in final])
    if len(both) == 1:
        return f"Both sides of the same flow are here only for {flow}: {said}."
    return f"Both sides of the same flow are here {len(both)} times, last for {flow}: {said}."


def _gaps(pair: _Pair) -> Exhibit:
    return Exhibit(
        slug="gaps",
        title="The same flow from both sides",
        sql=f"""
SELECT exporter_name || ' to ' || importer_name || ', ' || year AS flow, exporter_name || ' to ' || importer_name AS direction, exporter_name, importer_name, year, export_usd, import_usd, gap_usd, relative_gap,
    exporter, importer, export_from.dataset AS export_dataset, export_from.publisher AS export_publisher, export_from.valuation AS export_valuation,
    import_from.dataset AS import_dataset, import_from.publisher AS import_publisher, import_from.valuation AS import_valuation, missing_side
FROM mart.mirror_trade
WHERE {_between((pair.first, pair.second), "exporter", "importer")} AND product = 'TOTAL'
ORDER BY exporter, year DESC
""",
        columns=(
            Column("exporter_name", "From"), Column("importer_name", "To"), YEAR,
            billion_usd("export_usd", "Exporter says", _OF_EXPORTER), billion_usd("import_usd", "Importer says", _OF_IMPORTER),
            billion_usd("gap_usd", "Gap", _OF_IMPORTER), Column("relative_gap", "Gap to mean", "share", 3, 1, _OF_IMPORTER), Column("missing_side", "Side without a figure"),
            Column("export_dataset", "Exporter's dataset"), Column("import_dataset", "Importer's dataset"),
        ),
        takeaway=_gaps_takeaway,
        chart=Dumbbell("year", "export_usd", "import_usd", within="direction"),
        concept="The preferred figure of each side, never averaged.",
        missing=f"No flow between {pair.name} has figures here.",
    )  # fmt: skip


def _gaps_takeaway(rows: Rows) -> str:
    both = [row for row in rows if row["relative_gap"] is not None]
    if not both:
        sides = sorted(
            {str(row["importer_name"] if row["import_usd"] is not None else row["exporter_name"]) for row in rows}
        )
        return f"Each flow has the figure of one side only: of {listed(sides)}, for its imports. The other side's exports are not in this release."
    widest = max(both, key=lambda row: abs(row["relative_gap"]))
    said = (
        f"from {widest['exporter_name']} to {widest['importer_name']} in {widest['year']}: {billions(widest['export_usd'])} sold, "
        f"{billions(widest['import_usd'])} bought."
    )
    if len(both) == 1:
        return f"Of {count(len(rows), 'flow')} of a year one has both sides, that {said}"
    apart = percent(abs(float(widest["relative_gap"])))
    return f"{len(both)} of {count(len(rows), 'flow')} of a year have both sides; the widest gap for its size, {apart} of their mean, is that {said}"


def _both_import(pair: _Pair) -> Exhibit:
    return Exhibit(
        slug="both-import",
        title="Trade by each side's import statistics",
        sql=f"""
SELECT exporter_name || ' to ' || importer_name AS direction, year, value_usd, exporter, importer, valuation, value_from.publisher AS publisher,
    value_from.dataset AS dataset, value_from.published_on AS published_on, balance_usd
FROM mart.both_import WHERE {_between((pair.first, pair.second), "exporter", "importer")} AND value_usd IS NOT NULL
ORDER BY direction, year
""",
        columns=(
            Column("direction", "Direction"), YEAR, billion_usd("value_usd", "Value", _OF_IMPORTER),
            billion_usd("balance_usd", "Balance", _OF_IMPORTER), PUBLISHER, PUBLISHED,
        ),
        takeaway=_both_import_takeaway,
        chart=Lines("year", "value_usd", "direction", code="exporter", dataset="dataset", scope="valuation"),
        concept="Both-import basis, as JETRO uses it: each direction as the importing side values it on arrival. A gap of customs practice then does not look like a surplus.",
        missing=f"The import statistics of {pair.name} are not both in this release.",
    )  # fmt: skip


def _both_import_takeaway(rows: Rows) -> str:
    directions = {year: len(of_year) for year, of_year in by(rows, "year").items()}
    final = max(directions, key=lambda year: (directions[year], year))
    said = [f"{row['direction']} {float(row['value_usd']) / 10**9:,.1f}" for row in rows if row["year"] == final]
    only = "" if len(said) > 1 else "; of the other direction no importer's figure is here"
    return f"In {final}, in billion dollars: {listed(said)}{only}."


def _methods(pair: _Pair) -> Exhibit:
    return Exhibit(
        slug="methods",
        title="One figure from two sides by each named method, last year with both",
        sql=f"""
WITH stated AS (
    FROM mart.trade_by_method
    WHERE {_between((pair.first, pair.second), "exporter", "importer")} AND value_usd IS NOT NULL AND mirror_status = 'both'
)
SELECT exporter_name || ' to ' || importer_name || ', ' || {_METHOD_IN_WORDS} AS series, year, value_usd, reconciliation_method,
    method_version, mirror_status, export_usd, import_usd, import_basis, cif_rate, freight_basis, exporter_weight, weight_basis, exporter, importer,
    CASE WHEN import_usd IS NOT NULL THEN importer END AS stating_importer, CASE WHEN export_usd IS NOT NULL THEN exporter END AS stating_exporter,
    export_from.dataset AS export_dataset, export_from.publisher AS export_publisher, import_from.dataset AS import_dataset, import_from.publisher AS import_publisher
FROM stated
LEFT JOIN (SELECT exporter, importer, year, export_from, import_from FROM mart.mirror_trade WHERE product = 'TOTAL') AS sides USING (exporter, importer, year)
WHERE year = (SELECT max(year) FROM stated)
ORDER BY exporter, value_usd DESC, reconciliation_method
""",
        columns=(
            Column("series", "Flow and method"), YEAR, billion_usd("value_usd", "Value", *_OF_METHOD), billion_usd("export_usd", "Exporter says", _OF_EXPORTER),
            billion_usd("import_usd", "Importer says", _OF_IMPORTER), Column("import_basis", "Valuation of imports"), Column("cif_rate", "Freight taken off", "share", 3, other_traces=_OF_METHOD),
            Column("freight_basis", "Where freight is from"), Column("exporter_weight", "Weight of the exporter", "share", 2, other_traces=_OF_METHOD),
            Column("weight_basis", "Where the weight is from"), Column("method_version", "Version"),
        ),
        takeaway=_methods_takeaway,
        chart=Bars("series", "value_usd"),
        concept="What reconciles two sides decides what comes out. Each method is named, with what it takes off for freight and how much it trusts each side.",
        missing=f"No flow between {pair.name} has the figures of both sides, which the methods reconcile.",
    )  # fmt: skip


def _methods_takeaway(rows: Rows) -> str:
    said = []
    for flow, of_flow in by([{**row, "flow": row["series"].split(",")[0]} for row in rows], "flow").items():
        values = [float(row["value_usd"]) / 10**9 for row in of_flow]
        said.append(f"{flow} between {min(values):,.1f} and {max(values):,.1f} billion dollars")
    return f"In {rows[0]['year']}, by method: {listed(said)}."


def _products(pair: _Pair) -> Exhibit:
    return Exhibit(
        slug="products",
        title="Largest chapters of goods, last year on record",
        sql=f"""
WITH chapter AS (
    SELECT reporter_name, partner_name, product, product_name, year, flow, usd, reporter, partner, dataset, publisher
    FROM (
        SELECT *, 'exports' AS flow, exports_usd AS usd, exports_from.dataset AS dataset, exports_from.publisher AS publisher FROM mart.trade_chapters
        UNION ALL
        SELECT *, 'imports', imports_usd, imports_from.dataset, imports_from.publisher FROM mart.trade_chapters
    )
    WHERE {_between((pair.first, pair.second), "reporter", "partner")} AND usd IS NOT NULL
)
SELECT {POSSESSIVE.format("reporter_name")} || ' ' || flow || ': ' || product_name AS series, *, year || ' ' || product AS year_and_product FROM chapter
WHERE year = (SELECT max(year) FROM chapter)
QUALIFY row_number() OVER (PARTITION BY reporter, flow ORDER BY usd DESC, product) <= 8
ORDER BY reporter, flow, usd DESC
""",
        columns=(Column("series", "Chapter"), YEAR, billion_usd("usd", "Value", Trace("products", ("reporter", "partner"), "year_and_product")), Column("product", "Code"), PUBLISHER),
        takeaway=lambda rows: f"In {rows[0]['year']} the largest was {max(rows, key=lambda row: row['usd'])['series'].split(';')[0]}, "
        f"{billions(max(row['usd'] for row in rows))}.",
        chart=Bars("series", "usd"),
        missing=f"No figures by product of {pair.name} are in this release.",
    )  # fmt: skip


def _investment(pair: _Pair) -> Exhibit:
    return Exhibit(
        slug="investment",
        title=f"Direct investment between {pair.name}, every yearly figure",
        sql=f"""
SELECT reporter_name, counterpart_name, coalesce(c.name, f.concept) AS concept, accounting, direction, year, value_usd, reporter, counterpart, publisher, dataset,
    published_on, f.note, replace(principle, '_', ' ') AS principle_name, replace(derivation, '_', ' ') AS derivation_name
FROM mart.fdi_figures AS f LEFT JOIN ref.fdi_concept AS c USING (concept)
WHERE {_between((pair.first, pair.second), "reporter", "counterpart")} AND freq = 'A' AND is_preferred AND instrument = 'total' AND industry = 'TOTAL'
  AND value_usd IS NOT NULL
ORDER BY reporter, concept, accounting, direction, year, f.dataset, principle, derivation, published_on, value_usd
""",
        columns=(
            Column("reporter_name", "Side"), YEAR, billion_usd("value_usd", "Amount", Trace("fdi", ("reporter", "counterpart"))), Column("counterpart_name", "About"),
            Column("direction", "Direction"), Column("accounting", "Flow or position"), Column("concept", "Concept"), Column("principle_name", "Principle"),
            Column("derivation_name", "How it came about"), PUBLISHER, NOTE,
        ),
        takeaway=_investment_takeaway,
        concept="Concepts, flows and positions are different things and are never added.",
        missing=f"No yearly figure of direct investment between {pair.name} is in this release.",
    )  # fmt: skip


def _investment_takeaway(rows: Rows) -> str:
    """The series with most years: its first and last amount, and its largest."""
    series: dict[tuple[Any, ...], Rows] = {}
    for row in rows:
        series.setdefault(tuple(row[name] for name in ("reporter_name", "counterpart_name", "concept", "accounting", "direction", "principle_name", "derivation_name")), []).append(row)  # fmt: skip
    longest = max(series.values(), key=lambda of: (len({row["year"] for row in of}), of[0]["direction"] == "inward"))
    first, final = min(longest, key=lambda row: row["year"]), max(longest, key=lambda row: row["year"])
    largest = max(longest, key=lambda row: row["value_usd"])
    said = (
        f"By the figures of {named(final['reporter_name'])} about {named(final['counterpart_name'])} ({final['concept']}, {final['direction']} {final['accounting']}): "
        f"{billions(first['value_usd'])} in {first['year']} and {billions(final['value_usd'])} in {final['year']}"
    )
    of_others = count(len(rows) - len(longest), "figure") if len(series) > 1 else ""
    at_most = (
        f", at most {billions(largest['value_usd'])} in {largest['year']}" if largest not in (first, final) else ""
    )
    return f"{said}{at_most}{f'; {of_others} of other concepts and sides' if of_others else ''}."


def _list(pairs: list[_Pair]) -> Exhibit:
    listed_pairs = ", ".join(f"('{pair.file}')" for pair in pairs)
    return Exhibit(
        slug="pairs",
        title="How far the two sides are apart",
        sql=f"""
WITH page AS (SELECT file, 'corridors/' || file || '.html' AS page FROM (VALUES {listed_pairs}) AS p (file)),
flow AS (
    SELECT exporter, importer, exporter_name, importer_name, year, export_usd, import_usd, gap_usd, relative_gap, export_from.dataset AS export_dataset,
        import_from.dataset AS import_dataset, export_from.publisher AS export_publisher, import_from.publisher AS import_publisher
    FROM mart.mirror_trade WHERE product = 'TOTAL' AND mirror_status = 'both'
    QUALIFY row_number() OVER (PARTITION BY exporter, importer ORDER BY year DESC) = 1
)
SELECT exporter_name || ' to ' || importer_name AS direction, flow.* EXCLUDE (exporter_name, importer_name), page
FROM flow LEFT JOIN page ON file IN (exporter || '-' || importer, importer || '-' || exporter)
ORDER BY export_usd DESC LIMIT 60
""",
        columns=(
            Column("direction", "Flow", link="page"), YEAR, billion_usd("export_usd", "Exporter says", _OF_EXPORTER),
            billion_usd("import_usd", "Importer says", _OF_IMPORTER), Column("relative_gap", "Gap to mean", "share", 3, 1, _OF_IMPORTER),
            Column("export_dataset", "Exporter's dataset"), Column("import_dataset", "Importer's dataset"),
        ),
        takeaway=_list_takeaway,
        missing="No flow has the figures of both sides in this release; the pages have the sides that there are. Files of UN Comtrade, Korea's and the United States' "
        "customs can be adopted: see the page Data.",
    )  # fmt: skip


def _list_takeaway(rows: Rows) -> str:
    if len(rows) == 1:
        (only,) = rows
        return f"One flow has both sides, {only['direction']} in {only['year']}: {billions(only['export_usd'])} sold, {billions(only['import_usd'])} bought."
    above = sum(row["import_usd"] > row["export_usd"] for row in rows)
    median = sorted(abs(float(row["relative_gap"] or 0)) for row in rows)[len(rows) // 2]
    return f"Of {len(rows)} flows, {above} {'is' if above == 1 else 'are'} larger for the importer than for the exporter; the median gap is {percent(median)}."
