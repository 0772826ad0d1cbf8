"""The fact marts: what is printed as a total of their rows, read from the marts of figures, and the sums of parts of the rows."""

import duckdb

from schemas import base
from schemas.mart import investment, other_facts, trade

FACTS = (
    trade.MartTrade, trade.MartTradeChapters, trade.MartTradeSubheadings, trade.MartTradeMonths, trade.MartTradeProvinces,
    trade.MartTradeCities, investment.MartFdi, investment.MartFdiProvinces, investment.MartFdiCities, other_facts.MartPresence,
)  # fmt: skip
KEYS = {base.table_name(fact).removeprefix("mart."): base.key(fact) for fact in FACTS}
_PREFERRED = "is_preferred AND value_usd IS NOT NULL"
_TRADE = f"FROM trade_figures WHERE {_PREFERRED} AND product = 'TOTAL' AND reporter_kind = 'economy'"
# A 0 for all goods to the world is a year that the economy has not reported.
_TRADE_OF_YEAR = f"SELECT reporter, year, flow || 's' AS measure, value_usd AS total {_TRADE} AND freq = 'A'"
# Months of the same source: a year of another is of another valuation, and not laid over twelve months.
_HAS_MONTHS = (
    "(reporter, partner, year, flow, source) IN (SELECT (reporter, partner, year, flow, source) FROM trade_figures "
    "WHERE freq = 'M' AND is_preferred AND product = 'TOTAL' AND value_usd IS NOT NULL)"
)
_FDI = f"FROM fdi_figures WHERE {_PREFERRED} AND freq = 'A'"

#: What is printed as a total, by what: the columns of a fact that it is the total of, and the query of the printed totals.
PRINTED = [
    ("trade", "reporter, year", f"{_TRADE_OF_YEAR} AND partner = 'WLD'"),
    ("trade_months", "reporter, year", f"{_TRADE_OF_YEAR} AND partner = 'WLD' AND {_HAS_MONTHS}"),
    (
        "trade_months", "reporter, partner, year",
        f"SELECT reporter, partner, year, flow || 's' AS measure, value_usd AS total {_TRADE} AND freq = 'A' AND partner_kind = 'economy' AND {_HAS_MONTHS}",
    ),
    (
        "trade_months", "reporter, month",
        f"SELECT reporter, period AS month, flow || 's' AS measure, value_usd AS total {_TRADE} AND freq = 'M' AND partner = 'WLD'",
    ),
    *(
        (
            f"trade_{level}s", "reporter, year",
            f"{_TRADE_OF_YEAR} AND partner = 'WLD' AND (reporter, year, flow) IN (SELECT (reporter, year, flow) FROM trade_figures "
            f"WHERE product_level = '{level}' AND freq = 'A' AND value_usd IS NOT NULL AND source <> 'cepii.baci')",
        )
        for level in ("chapter", "subheading")
    ),
    *(
        (
            f"trade_{level}s", "reporter, classification, product, year",
            "SELECT reporter, classification, product, year, flow || 's' AS measure, value_usd AS total FROM trade_figures "
            f"WHERE {_PREFERRED} AND partner = 'WLD' AND product_level = '{level}' AND freq = 'A' AND reporter_kind = 'economy' AND "
            f"(reporter, year, classification) IN (SELECT (reporter, year, classification) FROM trade_{level}s)",
        )
        for level in ("chapter", "subheading")
    ),
    (
        "trade_provinces", "province, year",
        "SELECT reporter AS province, year, 'exports_by_goods_place' AS measure, value_usd AS total FROM trade_figures "
        f"WHERE {_PREFERRED} AND reporter_kind = 'province' AND partner = 'WLD' AND flow = 'export' AND basis = 'goods_place' AND freq = 'A' AND product = 'TOTAL'",
    ),
    *(
        (
            "fdi", "reporter, year",
            f"SELECT reporter, year, '{measure}' AS measure, value_usd AS total {_FDI} AND {condition} "
            "AND counterpart = 'WLD' AND reporter_kind = 'economy'",
        )
        for measure, condition in (
            ("mofcom_utilised", "concept = 'mofcom_utilised'"),
            ("bop_liabilities", "concept = 'bop' AND direction = 'liabilities'"),
            ("bop_assets", "concept = 'bop' AND direction = 'assets'"),
            ("unctad_inflow", "concept = 'unctad' AND accounting = 'flow' AND direction = 'inward'"),
            ("unctad_outflow", "concept = 'unctad' AND accounting = 'flow' AND direction = 'outward'"),
        )
    ),
    (
        "fdi", "year",
        "SELECT year, CASE direction WHEN 'inward' THEN 'unctad_inflow' ELSE 'unctad_outflow' END AS measure, value_usd AS total "
        f"{_FDI} AND concept = 'unctad' AND accounting = 'flow' AND reporter = 'WLD'",
    ),
    (
        "fdi_provinces", "year",
        "SELECT year, CASE concept WHEN 'province_utilised' THEN 'utilised' ELSE 'other_investment' END AS measure, value_usd AS total "
        f"{_FDI} AND concept IN ('province_utilised', 'province_other_investment') AND reporter = 'CN_31_PROVINCES'",
    ),
    (
        "trade_cities", "city, year",
        "SELECT reporter AS city, year, flow || 's' AS measure, value_usd AS total FROM trade_figures "
        f"WHERE {_PREFERRED} AND reporter_kind = 'city' AND partner = 'WLD' AND flow IN ('export', 'import') AND freq = 'A' AND product = 'TOTAL'",
    ),
    (
        "fdi_cities", "city, year",
        f"SELECT reporter AS city, year, 'utilised' AS measure, value_usd AS total {_FDI} AND concept = 'province_utilised' "
        "AND counterpart = 'WLD' AND reporter_kind = 'city' AND freq = 'A'",
    ),
    (
        "presence", "economy, origin, year",
        "SELECT place AS economy, origin, year, counting_unit AS measure, value AS total FROM presence_figures "
        "WHERE is_preferred AND value IS NOT NULL AND place_kind = 'economy' AND kind_of_origin = 'economy' AND place <> 'HKG'",
    ),
]  # fmt: skip


def measures(con: duckdb.DuckDBPyConnection, fact: str) -> dict[str, str]:
    """The value columns of a fact by measure: those that have a provenance."""
    names = [row[0] for row in con.execute(f"DESCRIBE {fact}").fetchall()]
    found = [name.removesuffix("_from") for name in names if name.endswith("_from")]
    return {m: m if m in names else f"{m}_usd" for m in found}


def one_by_one(con: duckdb.DuckDBPyConnection, fact: str, further: str = "NULL") -> str:
    """A query of all values of a fact, one a row, with its key and provenance. ``further`` is an expression for one more column."""
    columns = ", ".join(KEYS[fact])
    return " UNION ALL ".join(
        f"SELECT {columns}, '{m}' AS measure, {column} AS value, {m}_from AS provenance, is_residual, residual_is_negative, {further} AS further "
        f"FROM {fact} WHERE {column} IS NOT NULL"
        for m, column in measures(con, fact).items()
    )


def compare(
    con: duckdb.DuckDBPyConnection, fact: str, by: str, printed: str, part: str
) -> tuple[int, list[tuple[object, ...]]]:
    """How many totals are printed, and those that the parts of the rows do not add up to: with the total and the sum."""
    compared = con.execute(f"""
        WITH printed AS ({printed}),
        part AS (SELECT {by}, measure, further, sum(value) AS value FROM ({one_by_one(con, fact, part)}) GROUP BY ALL),
        whole AS (SELECT {by}, measure, sum(value) AS value FROM part GROUP BY ALL)
        SELECT {by}, measure, p.total::DECIMAL(38, 3), w.value::DECIMAL(38, 3) FROM printed AS p LEFT JOIN whole AS w USING ({by}, measure)
        """).fetchall()
    return len(compared), [row for row in compared if row[-1] != row[-2]]


def at_random(fact: str, seed: int, parts: int) -> str:
    """An expression that puts each row of a fact into one of several parts."""
    return f"hash({', '.join(KEYS[fact])}, {seed}) % {parts}"
