"""Facts of trade: one row a reporter, partner and year, made for adding."""

from schemas import types
from schemas.base import Table, field, with_columns
from schemas.columns import Meaning, declare
from schemas.mart.parts import RESIDUAL, SEAMS, YEAR, text, values

_FLOWS = "exports imports re_exports re_imports"

for _flow, _words in (("exports", "Goods exported"), ("imports", "Goods imported"),
                      ("re_exports", "Re-exports, a part of exports"), ("re_imports", "Re-imports, a part of imports")):  # fmt: skip
    declare(**{f"{_flow}_usd": Meaning(_words, "USD"), f"{_flow}_from": Meaning(f"Provenance of {_flow}_usd")})


@with_columns(
    text("reporter", "reporter_name", "partner", "partner_name")
    | YEAR
    | values(_FLOWS, types.TradeValue)
    | text("exports_valuation", "imports_valuation", nullable=True)
    | SEAMS
    | RESIDUAL
)
class MartTrade(Table):
    """Goods trade of economies by partner and year, made for adding: a sum over partners, or over reporters, is the published total.

    One preferred figure for each reporter, partner and direction. Partners are economies and the publisher's own unspecified areas,
    never groups or the world; where they do not reach the published total the partner _X has the rest. Where no total was
    published (``exports_from.total_method = 'none published'``) a sum is that of the partners that are here. Re-exports are a
    part of exports. Exports and imports of different valuation (FOB, CIF) are not compared without care.
    """

    class Config:
        name = "mart.trade"
        unique = ["reporter", "partner", "year"]


_BY_PRODUCT = (
    text("reporter", "reporter_name", "partner", "partner_name", "classification", "product", "product_name")
    | YEAR
    | values(_FLOWS, types.TradeValue)
    | RESIDUAL
)


@with_columns(_BY_PRODUCT)
class MartTradeChapters(Table):
    """Goods trade of economies by chapter (two digits), partner and year, made for adding over products and partners.

    One edition of the classification for each reporter, year and direction. The product _X is what the chapters do not reach of
    all goods, the partner _X what the partners do not reach of a product.
    """

    class Config:
        name = "mart.trade_chapters"
        unique = ["reporter", "partner", "classification", "product", "year"]


@with_columns(_BY_PRODUCT)
class MartTradeSubheadings(Table):
    """Goods trade of economies by subheading (six digits), partner and year, made for adding over products and partners.

    As trade_chapters. In another edition of the classification: ``FROM trade_in_classification('HS2012')``.
    """

    class Config:
        name = "mart.trade_subheadings"
        unique = ["reporter", "partner", "classification", "product", "year"]


@with_columns(
    text("reporter", "reporter_name", "partner", "partner_name", "month")
    | YEAR
    | {"month_start": (types.Date, field(nullable=True))}
    | values(_FLOWS, types.TradeValue)
    | RESIDUAL
)
class MartTradeMonths(Table):
    """Goods trade of economies by partner and month, made for adding over months and partners.

    A month is the published one, otherwise the difference of two cumulative figures (``exports_from.method``). The month _X is what the
    months do not reach of the year.
    """

    class Config:
        name = "mart.trade_months"
        unique = ["reporter", "partner", "month", "year"]


#: Columns of trade_provinces; their meanings are those of the measures of profiles with the same names.
_PROVINCE_FLOWS = [
    f"{flow}_by_{basis}" for basis in ("operator", "goods_place", "unknown_basis") for flow in ("exports", "imports")
]
_PROVINCE_FLOWS += ["exports_and_imports"]
for _name in _PROVINCE_FLOWS:
    declare(**{f"{_name}_from": Meaning(f"Provenance of {_name}_usd")})
declare(
    exports_and_imports_usd=Meaning(
        "Goods exports and imports together, where only their sum is printed; not the sum of the columns beside it",
        "USD",
    ),
    city=Meaning("Place code of the city (GB/T 2260)"),
    city_name=Meaning("English name of the city"),
)


@with_columns(
    text("province", "province_name", "country", "partner", "partner_name")
    | YEAR
    | values(" ".join(_PROVINCE_FLOWS), types.TradeValue)
    | SEAMS
    | RESIDUAL
)
class MartTradeProvinces(Table):
    """Goods trade of provinces by partner and year, made for adding over provinces and partners.

    By the location of the trading firm (operator) and by the origin or destination of the goods (goods_place): two counts of the
    same trade, which are never added to each other. Press pages and offices of provinces mostly name no basis, and of the trade with
    one partner often print only exports and imports together. Totals of exports and imports together, by both counts for all 31 provinces, are in
    indicator (goods_trade_total, goods_trade_total_by_goods_place) and province_profile. Cities are in trade_cities.
    """

    class Config:
        name = "mart.trade_provinces"
        unique = ["province", "partner", "year"]


@with_columns(
    text("city", "city_name", "province", "partner", "partner_name")
    | YEAR
    | values("exports imports exports_and_imports", types.TradeValue)
    | SEAMS
    | RESIDUAL
)
class MartTradeCities(Table):
    """Goods trade of cities by partner and year, made for adding over cities and partners.

    A city is a part of its province: never add it to trade_provinces. Few cities have figures, so cities do not add up to a province.
    """

    class Config:
        name = "mart.trade_cities"
        unique = ["city", "partner", "year"]


@with_columns(
    text("exporter", "exporter_name", "importer", "importer_name", "classification", "product", "product_name")
    | YEAR
    | {
        "value_usd": (types.TradeAmount, field(nullable=True)),
        "net_weight_kg": (types.TradeAmount, field(nullable=True)),
        **text("source", "dataset"),
        **text("publisher", nullable=True),
        "published_on": (types.Date, field(nullable=True)),
        **text("published_precision", "artifact", "status"),
    }
)
class MartTradeReconciled(Table):
    """Goods trade reconciled from both sides (CEPII's BACI) by exporter, importer, subheading and year, made for adding over all of them.

    Neither side's own figure: to compare sides use mirror_trade. One edition of the classification a year. In another edition:
    ``FROM reconciled_in_classification('HS2012')``.
    """

    class Config:
        name = "mart.trade_reconciled"
        unique = ["exporter", "importer", "classification", "product", "year"]
