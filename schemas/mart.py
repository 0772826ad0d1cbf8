"""The marts: what analysts use. Their columns are declared here; their SQL is in warehouse/sql.

*Figures* (``…_figures``) are what anybody published, one row a figure; they take types from its schema in
:mod:`schemas.observations`. *Facts* have one row a thing in the world and are made for adding. *Readings* answer a question from
facts; the measures of profiles are listed in :mod:`schemas.profile`.
"""

from typing import Any

from schemas import mart_measures, profile, types, vocabulary
from schemas import observations as obs
from schemas.base import Declared, Table, columns, declared_types, field, with_columns
from schemas.columns import Meaning, declare

declare(**profile.meanings())


def _shown(figure: type[Table], names: str, **further: Declared) -> dict[str, Declared]:
    """The columns of a mart that shows a kind of figure, in the order of ``names``.

    Type and nullability are those of the figure's column; ``…_name`` follows the column it names. ``further`` declares
    the columns that the figure does not have. Raises KeyError for a name that is neither.
    """
    nullable = {column.name: column.nullable for column in columns(figure)}
    known = {name: (type_, field(nullable=nullable[name])) for name, type_ in declared_types(figure).items()}
    english = {f"{name}_name": (types.Text, field(nullable=nullable[name])) for name in nullable}
    declared = {"source": (types.Text, field()), **known, **english, **further}
    return {name: declared[name] for name in names.split()}


class Provenance(Table):
    """Dataset, date and archived file of a version."""

    dataset: types.Text = field()
    published_on: types.Date = field(nullable=True)
    known_from: types.UtcTimestamp = field()
    artifact: types.Text = field()


class FullProvenance(Provenance):
    """Provenance with the citation."""

    published_precision: types.Text = field()
    publisher: types.Text = field(nullable=True)
    title: types.Text = field(nullable=True)
    address: types.Text = field(nullable=True)
    seen_via: types.Text = field(nullable=True)
    note: types.Text = field(nullable=True)
    edition: types.Integer = field()


#: Kinds of places in marts (warehouse/sql/figures/00_kinds.sql).
_PLACE_KINDS = [*(kind for kind in vocabulary.PLACE_KINDS if kind != "non_place"), "world", "unspecified"]


class Chosen(Table):
    """Whether a figure is the preferred one of its cell, and how it compares with the others."""

    measurement: types.Text = field(isin=["reported", "derived from counterpart", "reconciled"])
    is_preferred: types.Boolean = field()
    preference_reason: types.Text = field()
    other_figures: types.Integer = field(ge=0)
    spread: types.Double = field(nullable=True)


class InPeriod(Table):
    """The period of a figure."""

    freq: types.Text = field()
    period: types.Text = field()
    period_start: types.Date = field()
    period_end: types.Date = field()
    year: types.Integer = field()


class Converted(Table):
    """The exchange rate with which an amount was converted."""

    fx_rate: types.Quantity = field(nullable=True)
    fx_source: types.Text = field(nullable=True)


@with_columns(
    _shown(
        obs.TradeFigure,
        "source reporter reporter_name reporter_kind partner partner_name partner_kind flow valuation basis classification product "
        "product_name product_level value_usd value currency quantity quantity_unit net_weight_kg obs_status",
        value_usd=(types.TradeValue, field(nullable=True)),
        value=(types.TradeValue, field(nullable=True)),
        reporter_kind=(types.Text, field(isin=_PLACE_KINDS)),
        partner_kind=(types.Text, field(isin=_PLACE_KINDS)),
        product_level=(types.Text, field(isin=["total", "chapter", "heading", "subheading", "other"])),
    )
)
class MartTradeFigures(FullProvenance, InPeriod, Converted, Chosen):
    """Every published figure of merchandise trade, in its current version. For sums use trade, trade_chapters, trade_subheadings, trade_months, trade_provinces or trade_reconciled.

    One row is one publisher's figure. Japan's exports to China and China's imports from Japan are two figures; totals and
    products, the world and its partners, years and months, several publishers and reconciled figures (BACI) are all here: before
    adding, choose is_preferred, one freq, one flow, one product_level and classification, and partner_kind = 'economy'.
    What was known at a moment: ``FROM trade_figures_as_of('2022-06-01')``.
    """

    class Config:
        name = "mart.trade_figures"


@with_columns(
    _shown(
        obs.FdiFigure,
        "source concept accounting direction principle instrument derivation sector_scope reporter reporter_name reporter_kind "
        "counterpart counterpart_name counterpart_kind industry value_usd value currency printed_value printed_unit obs_status",
        value_usd=(types.Dollars, field(nullable=True)),
        value=(types.Amount, field(nullable=True)),
        reporter_kind=(types.Text, field(isin=_PLACE_KINDS)),
        counterpart_kind=(types.Text, field(isin=_PLACE_KINDS)),
    )
)
class MartFdiFigures(FullProvenance, InPeriod, Converted, Chosen):
    """Every published figure of direct investment, in its current version. For sums use fdi, fdi_provinces or fdi_china_by_origin.

    Never add or compare across ``concept``: the balance of payments and MOFCOM's count are different things. Reporters
    and counterparts include the world and groups beside their members. Values may be negative. What was known at a moment:
    ``FROM fdi_figures_as_of('2022-06-01')``.
    """

    class Config:
        name = "mart.fdi_figures"


@with_columns(
    _shown(
        obs.FdiRateFigure,
        "source concept direction reporter reporter_name counterpart counterpart_name measure rate_basis rate_percent "
        "printed_value obs_status",
        rate_percent=(types.Percent, field(nullable=True)),
    )
)
class MartFdiRate(FullProvenance, InPeriod):
    """Growth rates and shares of direct investment as printed, for which no amount was given."""

    class Config:
        name = "mart.fdi_rate"


@with_columns(
    _shown(
        obs.IndicatorFigure,
        "source place place_name place_kind indicator indicator_name unit value printed_value printed_unit obs_status",
        place_kind=(types.Text, field(isin=_PLACE_KINDS)),
    )
)
class MartIndicatorFigures(FullProvenance, InPeriod, Chosen):
    """Every published figure about a place (GDP, population, exchange rates, kilometres), in its current version. One figure a year is in indicator.

    The same indicator may stand in several units and from several datasets, and "LCU" is another currency in every place.
    What was known at a moment: ``FROM indicator_figures_as_of('2022-06-01')``.
    """

    class Config:
        name = "mart.indicator_figures"


@with_columns(
    _shown(
        obs.PairFigure,
        "source place place_name counterpart counterpart_name indicator indicator_name freq period period_start "
        "period_end year unit value printed_value printed_unit obs_status",
        period_start=(types.Date, field(nullable=True)),
        period_end=(types.Date, field(nullable=True)),
        year=(types.Integer, field(nullable=True)),
    )
)
class MartPair(FullProvenance):
    """Figures about two places (distances, CIF/FOB margins): the current version of each.

    A figure that belongs to no period, such as a distance, has none of the five columns of the period. The distance of
    a place from itself is that within it. Choose one indicator and, where it has them, one period before you join.
    """

    class Config:
        name = "mart.pair"


@with_columns(
    _shown(
        obs.PresenceFigure,
        "source place place_name place_kind origin origin_name kind_of_origin counting_unit as_of value approximate printed_value "
        "printed_unit obs_status",
        place_kind=(types.Text, field(isin=_PLACE_KINDS)),
        kind_of_origin=(types.Text, field(isin=_PLACE_KINDS)),
    )
)
class MartPresenceFigures(FullProvenance, InPeriod, Chosen):
    """Every published count of companies, bases and residents from one place in another. For sums use presence.

    Different counting units are different things. Nations stand beside their provinces, and provinces beside their cities.
    What was known at a moment: ``FROM presence_figures_as_of('2022-06-01')``.
    """

    class Config:
        name = "mart.presence_figures"


@with_columns(
    _shown(
        obs.VisitFigure,
        "event kind started_on ended_on date_precision held_in side place place_name organisation person office visited "
        "purpose source",
    )
)
class MartVisits(FullProvenance):
    """Visits, forums and meetings between China and Japan: one row a participant."""

    class Config:
        name = "mart.visits"


@with_columns(
    _shown(
        obs.MilestoneFigure,
        "name kind place place_name opened_on opened_precision year length_km design_speed_kmh counterpart "
        "counterpart_name source",
        year=(types.Integer, field(nullable=True)),
    )
)
class MartMilestoneFigures(FullProvenance):
    """Every published figure of railway lines, zones and ties, one row a place. To count or to add lengths use milestones or milestone_places.

    The length is the whole line's, repeated in the row of every place. A tie that two publishers print is here twice. opened_on is
    the last day of the year or month where only that is known.
    """

    class Config:
        name = "mart.milestone_figures"


def _text(*names: str, nullable: bool = False) -> dict[str, Declared]:
    return {name: (types.Text, field(nullable=nullable)) for name in names}


def _values(names: str, type_: Any, suffix: str = "_usd") -> dict[str, Declared]:
    """The value columns of a fact, then the provenance of each."""
    values = {f"{name}{suffix}": (type_, field(nullable=True)) for name in names.split()}
    return values | {f"{name}_from": (types.Provenance, field(nullable=True)) for name in names.split()}


_YEAR: dict[str, Declared] = {"year": (types.Integer, field())}
_RESIDUAL: dict[str, Declared] = {
    "is_residual": (types.Boolean, field()),
    "residual_is_negative": (types.Boolean, field()),
}
#: The seams of facts of which each row is a year of a series.
_SEAMS = _text("seams", nullable=True)
_FLOWS = "exports imports re_exports re_imports"

for _flow, _words in (("exports", "Goods exported"), ("imports", "Goods imported"),
                      ("re_exports", "Re-exports, a part of exports"), ("re_imports", "Re-imports, a part of imports")):  # fmt: skip
    declare(**{f"{_flow}_usd": Meaning(_words, "USD"), f"{_flow}_from": Meaning(f"Provenance of {_flow}_usd")})


@with_columns(
    _text("reporter", "reporter_name", "partner", "partner_name")
    | _YEAR
    | _values(_FLOWS, types.TradeValue)
    | _text("exports_valuation", "imports_valuation", nullable=True)
    | _SEAMS
    | _RESIDUAL
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
    _text("reporter", "reporter_name", "partner", "partner_name", "classification", "product", "product_name")
    | _YEAR
    | _values(_FLOWS, types.TradeValue)
    | _RESIDUAL
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
    _text("reporter", "reporter_name", "partner", "partner_name", "month")
    | _YEAR
    | {"month_start": (types.Date, field(nullable=True))}
    | _values(_FLOWS, types.TradeValue)
    | _RESIDUAL
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
    _text("province", "province_name", "country", "partner", "partner_name")
    | _YEAR
    | _values(" ".join(_PROVINCE_FLOWS), types.TradeValue)
    | _SEAMS
    | _RESIDUAL
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
    _text("city", "city_name", "province", "partner", "partner_name")
    | _YEAR
    | _values("exports imports exports_and_imports", types.TradeValue)
    | _SEAMS
    | _RESIDUAL
)
class MartTradeCities(Table):
    """Goods trade of cities by partner and year, made for adding over cities and partners.

    A city is a part of its province: never add it to trade_provinces. Few cities have figures, so cities do not add up to a province.
    """

    class Config:
        name = "mart.trade_cities"
        unique = ["city", "partner", "year"]


@with_columns(
    _text("exporter", "exporter_name", "importer", "importer_name", "classification", "product", "product_name")
    | _YEAR
    | {
        "value_usd": (types.TradeAmount, field(nullable=True)),
        "net_weight_kg": (types.TradeAmount, field(nullable=True)),
        **_text("source", "dataset"),
        **_text("publisher", nullable=True),
        "published_on": (types.Date, field(nullable=True)),
        **_text("published_precision", "artifact", "status"),
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


#: The value columns of mart.fdi, with their meanings.
FDI_CONCEPTS = {
    "mofcom_utilised": "Foreign investment actually used, as China's Ministry of Commerce counts it",
    "mofcom_contracted": "Foreign investment contracted, as China's Ministry of Commerce counts it",
    "mofcom_cumulative": "Sum of all past foreign investment actually used, as China's Ministry of Commerce counts it",
    "bop_liabilities": "Flow of the balance of payments, incurrence of liabilities (inward, asset/liability principle)",
    "bop_assets": "Flow of the balance of payments, acquisition of assets (outward, asset/liability principle)",
    "bop_inward": "Flow of the balance of payments, inward (directional principle)",
    "bop_outward": "Flow of the balance of payments, outward (directional principle)",
    "unctad_inflow": "Inflow as UNCTAD compiles it",
    "unctad_outflow": "Outflow as UNCTAD compiles it",
    "unctad_instock": "Inward stock as UNCTAD compiles it",
    "unctad_outstock": "Outward stock as UNCTAD compiles it",
    "position_inward": "Inward position at the end of the year as the reporter reports it",
    "position_outward": "Outward position at the end of the year as the reporter reports it",
    "position_inward_by_counterpart": "Inward position as it follows from its counterparts' reports",
    "position_outward_by_counterpart": "Outward position as it follows from its counterparts' reports",
    "position_liabilities": "Position at the end of the year, liabilities (asset/liability principle)",
    "position_assets": "Position at the end of the year, assets (asset/liability principle)",
}


for _concept, _words in FDI_CONCEPTS.items():
    declare(
        **{
            f"{_concept}_usd": Meaning(_words, "USD"),
            f"{_concept}_from": Meaning(f"Provenance of {_concept}_usd"),
        }
    )


@with_columns(
    _text("reporter", "reporter_name", "counterpart", "counterpart_name")
    | _YEAR
    | _values(" ".join(FDI_CONCEPTS), types.Dollars)
    | _SEAMS
    | _RESIDUAL
)
class MartFdi(Table):
    """Direct investment by reporter, counterpart and year, one column a concept, made for adding over counterparts.

    Columns are different things (MOFCOM's count, balance of payments, UNCTAD, positions) and are never added to each other. The
    counterpart _X is what the counterparts do not reach of the published total; where no counterparts are published it is the
    total itself. UNCTAD's columns may also be added over reporters: the reporter _X has what the printed world total has
    beyond the economies, which is negative where the total leaves out financial centres.
    """

    class Config:
        name = "mart.fdi"
        unique = ["reporter", "counterpart", "year"]


#: The value columns of mart.fdi_provinces and mart.fdi_cities, with their meanings.
PROVINCE_CONCEPTS = {
    "utilised": "Foreign investment actually used, by the own, mostly wide count; in tables of the China Statistical Yearbook the direct investment it gives for the province",
    "other_investment": "Foreign investment that is neither direct investment nor loans",
    "utilised_cumulative": "Sum of past foreign investment actually used up to the end of the year, as stated; never added over years",
    "stated_cumulative": "Sum of past foreign investment up to the end of the year, of which it is not said how it is counted; never added over years",
    "fdi_proper": "Foreign direct investment proper, a part of the wide count",
    "foreign_exchange_administration": "Direct investment as the administration of foreign exchange counts it",
}
for _concept, _words in PROVINCE_CONCEPTS.items():
    declare(
        **{
            f"{_concept}_usd": Meaning(_words, "USD"),
            f"{_concept}_from": Meaning(f"Provenance of {_concept}_usd"),
        }
    )


@with_columns(
    _text("province", "province_name", "country", "origin", "origin_name")
    | _YEAR
    | _values(" ".join(PROVINCE_CONCEPTS), types.Dollars)
    | _SEAMS
    | _RESIDUAL
)
class MartFdiProvinces(Table):
    """Foreign investment in provinces by origin and year, one column a concept, made for adding over provinces and origins.

    Provinces count by their own definitions and do not add up to the nation's total, which is in fdi. The columns are different
    things and are never added or joined into one series: of Jilin in 2013 utilised is 6.76 and fdi_proper 1.82 billion dollars, in
    2018 foreign_exchange_administration 0.275. Liaoning's utilised of 2009 (15.4) and 2016 (3.0) are of different levels. Cities are
    in fdi_cities.
    """

    class Config:
        name = "mart.fdi_provinces"
        unique = ["province", "origin", "year"]


@with_columns(
    _text("city", "city_name", "province", "origin", "origin_name")
    | _YEAR
    | _values(" ".join(PROVINCE_CONCEPTS), types.Dollars)
    | _SEAMS
    | _RESIDUAL
)
class MartFdiCities(Table):
    """Foreign investment in cities by origin and year, one column a concept, made for adding over cities and origins.

    A city is a part of its province: never add it to fdi_provinces. Few cities have figures, so cities do not add up to a province.
    """

    class Config:
        name = "mart.fdi_cities"
        unique = ["city", "origin", "year"]


@with_columns(
    _text("place", "place_name")
    | {"place_kind": (types.Text, field(isin=_PLACE_KINDS))}
    | _text("indicator", "indicator_name", "unit", "unit_as_published")
    | _YEAR
    | {
        "value": (types.Amount, field()),
        "is_rounded": (types.Boolean, field()),
        **_text("printed_value", nullable=True),
        **_text("printed_unit"),
        "value_usd": (types.Dollars, field(nullable=True)),
        "additive_over": (types.Text, field(isin=["places of one kind", "nothing"])),
        **_text("source", "dataset"),
        **_text("publisher", nullable=True),
        "published_on": (types.Date, field(nullable=True)),
        **_text("published_precision", "artifact", "status"),
        "other_figures": (types.Integer, field(ge=0)),
        "spread": (types.Double, field(nullable=True)),
        "is_seam": (types.Boolean, field()),
    }
)
class MartIndicator(Table):
    """One preferred figure for each place, indicator, unit and year. Choose indicator, unit and place_kind before adding.

    Groups and the world are here beside economies, provinces and cities. ``additive_over`` marks growth rates, shares and amounts per
    head, which are not added. Across a seam (``is_seam``) growth is not growth: ``FROM indicator_one_release`` has the newest
    part of each series that is of one release. Exchange rates are in exchange_rates.
    """

    class Config:
        name = "mart.indicator"
        unique = ["place", "indicator", "unit", "year"]


class MartIndicatorOneRelease(MartIndicator):
    """The newest part of each series of indicator that is of one release of one dataset: growth over its years is not across a seam."""

    class Config:
        name = "mart.indicator_one_release"
        unique = ["place", "indicator", "unit", "year"]


class MartExchangeRates(Table):
    """One row for each currency and period, in units of the currency per US dollar: the average and the end of the period.

    Years, quarters and months are rows beside each other: a join needs the period (2016, 2016-Q1, 2016-01), or the year and ``freq = 'A'``, and
    an average of rates one ``freq``.
    """

    currency: types.Text = field()
    freq: types.Text = field()
    period: types.Text = field()
    year: types.Integer = field()
    average: types.Rate = field(nullable=True)
    end_of_period: types.Rate = field(nullable=True)
    average_exact: types.Quantity = field(nullable=True)
    end_of_period_exact: types.Quantity = field(nullable=True)
    average_from: types.Provenance = field(nullable=True)
    end_of_period_from: types.Provenance = field(nullable=True)

    class Config:
        name = "mart.exchange_rates"
        unique = ["currency", "period"]


#: The value columns of mart.presence, with their meanings.
COUNTING_UNITS = {
    "bases": "Bases (kyoten), as Japan's Ministry of Foreign Affairs counts them",
    "registered_companies": "Companies in the company register",
    "approved_companies": "Companies approved by the authorities since the opening, whether or not they still exist",
    "operating_companies": "Companies in operation, as stated: about a quarter of those approved",
    "parent_companies": "Parent companies with a presence; one may be counted at several places",
    "companies_stated": "Companies as stated in a speech or on a page",
    "club_members": "Corporate members of a chamber of commerce",
    "residents": "Persons who live there",
}
for _unit, _words in COUNTING_UNITS.items():
    declare(
        **{
            _unit: Meaning(_words, "persons" if _unit == "residents" else "companies"),
            f"{_unit}_from": Meaning(f"Provenance of {_unit}"),
        }
    )


@with_columns(
    _text("economy", "place", "place_name")
    | {"place_kind": (types.Text, field(isin=_PLACE_KINDS))}
    | _text("province", nullable=True)
    | _text("origin", "origin_name", "origin_region", "origin_region_name")
    | _YEAR
    | _values(" ".join(COUNTING_UNITS), types.BigInteger, "")
    | _SEAMS
    | _RESIDUAL
)
class MartPresence(Table):
    """Companies, bases and residents of an origin by place and year, one column a counting unit, made for adding over places.

    Places of one economy do not contain each other: a city is a row only where its province has no figure. Columns are different
    things and are never added to each other; ``parent_companies`` may count one company at several places.
    """

    class Config:
        name = "mart.presence"
        unique = ["economy", "place", "origin", "origin_region", "year"]


_OPENING: dict[str, Declared] = {
    "opened_on": (types.Date, field(nullable=True)),
    "opened_from": (types.Date, field(nullable=True)),
    "opened_to": (types.Date, field(nullable=True)),
    **_text("opened_precision"),
    "year": (types.Integer, field(nullable=True)),
}
_FROM_ONE_FIGURE: dict[str, Declared] = {
    **_text("source", "dataset"),
    **_text("publisher", nullable=True),
    "published_on": (types.Date, field(nullable=True)),
    **_text("published_precision", "artifact"),
}


@with_columns(
    _text("milestone", "name", "kind")
    | {"place_count": (types.BigInteger, field(ge=1)), **_text("places")}
    | _OPENING
    | {"length_km": (types.Kilometres, field(nullable=True)), "design_speed_kmh": (types.Integer, field(nullable=True))}
    | _FROM_ONE_FIGURE
    | _text("note", nullable=True)
    | {"other_figures": (types.Integer, field(ge=0)), "other_dates": (types.Integer, field(ge=0))}
)
class MartMilestones(Table):
    """Railway lines, zones and ties: one row each, made for counting and for adding lengths.

    ``opened_on`` is there only where the day of opening is known: a year alone is all days from ``opened_from`` to ``opened_to``.
    """

    class Config:
        name = "mart.milestones"
        unique = ["milestone"]


@with_columns(
    _text("milestone", "name", "kind", "place", "place_name")
    | {"place_kind": (types.Text, field(isin=_PLACE_KINDS))}
    | _OPENING
    | {
        "length_there_km": (types.Kilometres, field(nullable=True)),
        "design_speed_kmh": (types.Integer, field(nullable=True)),
    }
    | _FROM_ONE_FIGURE
    | {"is_residual": (types.Boolean, field())}
)
class MartMilestonePlaces(Table):
    """Railway lines, zones and ties: one row a place. The length there is known where a line lies in one place; of others it is in the row _X."""

    class Config:
        name = "mart.milestone_places"
        unique = ["milestone", "place"]


@with_columns(
    _text("origin", "origin_name")
    | {"kind_of_origin": (types.Text, field(isin=_PLACE_KINDS))}
    | _text("members_within", nullable=True)
    | _YEAR
    | {"value_usd": (types.Dollars, field()), **_text("sector_scope")}
    | _FROM_ONE_FIGURE
    | _text("status", "method", "total_method")
    | {"other_figures": (types.Integer, field(ge=0)), "spread": (types.Double, field(nullable=True))}
    | _SEAMS
    | _RESIDUAL
)
class MartFdiChinaByOrigin(Table):
    """Foreign investment actually used in China by origin (MOFCOM's concept) and year, made for adding over origins.

    One preferred figure an origin and year. The EU is one origin in every year in which its total is printed: what is then printed for
    its members (``members_within``) is within it, and by itself in fdi. Any other group is an origin only in years in which none
    of its members has a figure. The origin _X is what the origins do not reach of the published total.
    """

    class Config:
        name = "mart.fdi_china_by_origin"
        unique = ["origin", "year"]


#: The columns that identify a row of a profile.
_PLACE_AND_YEAR: dict[str, Declared] = {
    "place": (types.Text, field()),
    "place_name": (types.Text, field()),
    "year": (types.Integer, field()),
}


def _measure(measure: profile.Measure) -> dict[str, Declared]:
    """The column of a measure, and of one whose series may be of several releases whether the year is a seam."""
    seam: dict[str, Declared] = {f"{measure.name}_is_seam": (types.Boolean, field())} if measure.has_seam else {}
    return {measure.name: (types.Money, field(nullable=True)), **seam}


@with_columns({**_PLACE_AND_YEAR, **{name: column for m in profile.MEASURES for name, column in _measure(m).items()}})
class MartProvinceProfile(Table):
    """One row a Chinese province and year, from the facts; ``provenance`` gives the source and date of each number.

    Amounts on different bases are in columns of their own and are never added. ``…_is_seam`` marks a year whose figure is of another
    release than that of the year before. ``japanese_companies`` are some of the ``foreign_companies``, as another publisher
    counts them.
    """

    free_trade_zone_since: types.Integer = field(nullable=True)
    sister_ties: types.BigInteger = field()
    sister_ties_undated: types.BigInteger = field()
    japan_visits: types.BigInteger = field()
    visits_by_chinese: types.BigInteger = field()
    visits_by_japanese: types.BigInteger = field()
    provenance: types.Text = field(nullable=True)

    class Config:
        name = "mart.province_profile"
        unique = ["place", "year"]


class MartProvinceProfileOneRelease(MartProvinceProfile):
    """As province_profile, with only those years of an indicator that come from its newest release: growth is not across a seam."""

    class Config:
        name = "mart.province_profile_one_release"
        unique = ["place", "year"]


def _sums(measure: profile.Measure) -> dict[str, Declared]:
    """A measure of a region: of all members, of those that have a figure, and how many those are."""
    return {
        **_measure(measure),
        f"{measure.name}_partial": (types.Money, field(nullable=True)),
        f"{measure.name}_members": (types.BigInteger, field(ge=0)),
    }


@with_columns(
    {
        **_PLACE_AND_YEAR,
        "member_count": (types.BigInteger, field(ge=1)),
        "member_places": (types.Text, field()),
        "member_names": (types.Text, field()),
        **{name: column for m in profile.MEASURES for name, column in _sums(m).items()},
    }
)
class MartRegionProfile(Table):
    """One row a group of Chinese provinces and year: the sums of mart.province_profile, with the members spelt out.

    A number is there only where all members have one; ``…_partial`` is the sum of those that have one, ``…_members`` how
    many that are. Only CN_EAST, CN_CENTRAL, CN_WEST and CN_NORTHEAST together are a partition of the 31 provinces: other
    groups overlap (macro ``partition_of`` refuses them).
    """

    free_trade_zone_members: types.BigInteger = field(ge=0)
    sister_ties: types.BigInteger = field(ge=0)
    sister_ties_undated: types.BigInteger = field(ge=0)
    japan_visits: types.BigInteger = field(ge=0)
    visits_by_chinese: types.BigInteger = field(ge=0)
    visits_by_japanese: types.BigInteger = field(ge=0)
    provenance: types.Text = field()

    class Config:
        name = "mart.region_profile"
        unique = ["place", "year"]


class MartRevisions(Provenance):
    """Every figure that a later release changed, with the previous figure."""

    fact: types.Text = field()
    source: types.Text = field()
    cell: types.Text = field()
    period: types.Text = field(nullable=True)
    unit: types.Text = field()
    previous_value: types.Quantity = field(nullable=True)
    value: types.Quantity = field(nullable=True)
    previous_published_on: types.Date = field(nullable=True)
    change: types.Text = field(isin=["new", "revised", "gone"])
    difference: types.Quantity = field(nullable=True)
    relative_difference: types.Double = field(nullable=True)
    direction_of_change: types.Text = field(nullable=True, isin=["up", "down"])
    days_between: types.BigInteger = field(nullable=True)

    class Config:
        name = "mart.revisions"


class MartRevisionsBySource(Table):
    """How often and how much each dataset revises its figures, from revisions: sizes without sign, share upwards, days between.

    Revisions of figures that were 0 have no relative difference. A median of few revisions says little: look at ``revisions`` first.
    """

    source: types.Text = field()
    dataset: types.Text = field()
    fact: types.Text = field()
    revisions: types.BigInteger = field(ge=0)
    newly_stated: types.BigInteger = field(ge=0)
    withdrawn: types.BigInteger = field(ge=0)
    median_relative_difference: types.Double = field(nullable=True)
    largest_relative_difference: types.Double = field(nullable=True)
    share_up: types.Double = field(nullable=True)
    median_days_between: types.Double = field(nullable=True)

    class Config:
        name = "mart.revisions_by_source"
        unique = ["source", "dataset", "fact"]


@with_columns(
    _text("exporter", "exporter_name", "importer", "importer_name")
    | _YEAR
    | {
        name: (types.TradeValue, field(nullable=True))
        for name in ("value_usd", "opposite_value_usd", "total_usd", "balance_usd")
    }
    | _text("valuation", nullable=True)
    | {name: (types.Provenance, field(nullable=True)) for name in ("value_from", "opposite_from")}
)
class MartBothImport(Table):
    """Trade between two economies by each side's import statistics (JETRO's both-import basis), one row a direction.

    ``total_usd``, both directions together, is on one row of the pair only, so that it can be added.
    """

    class Config:
        name = "mart.both_import"
        unique = ["exporter", "importer", "year"]


@with_columns(
    _text("exporter", "exporter_name", "importer", "importer_name", "classification", "product", "product_level")
    | _YEAR
    | {
        "export_usd": (types.TradeValue, field(nullable=True)),
        "import_usd": (types.TradeValue, field(nullable=True)),
        "mirror_status": (types.Text, field(isin=["both", "exporter_only", "importer_only"])),
        "missing_side": (types.Text, field(nullable=True, isin=["published nothing", "not loaded"])),
        "gap_usd": (types.TradeValue, field(nullable=True)),
        "import_to_export": (types.Money, field(nullable=True)),
        "relative_gap": (types.Money, field(nullable=True)),
        "export_from": (types.Provenance, field(nullable=True)),
        "import_from": (types.Provenance, field(nullable=True)),
    }
)
class MartMirrorTrade(Table):
    """What exporter and importer each publish of the same trade, the preferred figure of each side, side by side; never averaged.

    All goods, chapters and subheadings are here: choose one ``product_level`` before adding (``total`` for all goods).

    Imports are mostly CIF and exports FOB (``export_from.valuation``), so that a gap of some six per cent is freight and insurance;
    gaps also come from goods through third places (Hong Kong), time of recording and attribution. Reconciled data are not here.
    """

    class Config:
        name = "mart.mirror_trade"
        unique = ["exporter", "importer", "classification", "product", "year"]


@with_columns(
    _text("investor", "investor_name", "host", "host_name")
    | _YEAR
    | {
        "outward_usd": (types.Dollars, field(nullable=True)),
        "inward_usd": (types.Dollars, field(nullable=True)),
        "outward_is_derived": (types.Boolean, field()),
        "inward_is_derived": (types.Boolean, field()),
        "mirror_status": (types.Text, field(isin=["both", "investor_only", "host_only"])),
        "gap_usd": (types.Dollars, field(nullable=True)),
        "relative_gap": (types.Money, field(nullable=True)),
        "outward_from": (types.Provenance, field(nullable=True)),
        "inward_from": (types.Provenance, field(nullable=True)),
    }
)
class MartMirrorFdi(Table):
    """What the investor's and the host's statistics each publish of the same direct investment position; never averaged."""

    class Config:
        name = "mart.mirror_fdi"
        unique = ["investor", "host", "year"]


class MartConcentration(Table):
    """Concentration of trade, investment and companies over partners, origins and provinces.

    A measure is there only where a total was published and the members reach 0.9 of it; otherwise ``why_not`` says why there is
    none. Three Herfindahl-Hirschman indices that are often confused: ``hhi`` the sum of squared shares, ``hhi_normalised``
    (H - 1/n)/(1 - 1/n), ``hhi_unctad`` of square roots. Shares are of the members that have a figure above zero.
    """

    subject: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    year: types.Integer = field()
    members: types.BigInteger = field(ge=0)
    members_total: types.DollarSum = field()
    published_total: types.DollarSum = field(nullable=True)
    covered_share: types.Percent = field(nullable=True)
    why_not: types.Text = field(nullable=True)
    hhi: types.Percent = field(nullable=True)
    hhi_normalised: types.Percent = field(nullable=True)
    hhi_unctad: types.Percent = field(nullable=True)
    largest: types.Text = field(nullable=True)
    largest_share: types.Percent = field(nullable=True)

    class Config:
        name = "mart.concentration"
        unique = ["subject", "place", "year"]


class MartCoverage(Table):
    """Number of figures of each source and dataset, for each place and period, and how many lack a value, dollars or a date.

    ``place`` is the reporter, or the place that the figure is about. Figures without a period, such as distances, are in
    rows without one.
    """

    fact: types.Text = field()
    source: types.Text = field()
    dataset: types.Text = field()
    place: types.Text = field()
    place_name: types.Text = field()
    freq: types.Text = field(nullable=True)
    period: types.Text = field(nullable=True)
    year: types.Integer = field(nullable=True)
    figures: types.BigInteger = field(ge=1)
    figures_missing: types.BigInteger = field(ge=0)
    figures_without_usd: types.BigInteger = field(ge=0)
    figures_undated: types.BigInteger = field(ge=0)
    figures_preferred: types.BigInteger = field(ge=0)
    published_on: types.Date = field(nullable=True)
    known_from: types.UtcTimestamp = field()

    class Config:
        name = "mart.coverage"


class MartFreshness(Table):
    """How new each dataset is: its newest period, when it was last published and received, and how long ago that is.

    ``source_state`` holds the newest day of the source against its publisher's calendar; it is NULL for sources without one, such as bundled figures.
    """

    source: types.Text = field()
    source_title: types.Text = field(nullable=True)
    dataset: types.Text = field()
    figures: types.BigInteger = field(ge=1)
    oldest_period: types.Text = field(nullable=True)
    newest_period: types.Text = field(nullable=True)
    last_published: types.Date = field(nullable=True)
    last_received: types.UtcTimestamp = field(nullable=True)
    files: types.BigInteger = field(nullable=True)
    age_days: types.BigInteger = field(nullable=True)
    years_behind: types.Integer = field(nullable=True)
    usual_days: types.Integer = field(nullable=True)
    late_days: types.Integer = field(nullable=True)
    expected_by: types.Date = field(nullable=True)
    source_state: types.Text = field(isin=["current", "due", "late"], nullable=True)

    class Config:
        name = "mart.freshness"


class MartQuestion(Table):
    """The founding questions: what the project was made to answer, each with the query that answers it and what is missing.

    Run ``sql`` as it is. What has no figure says so, and where it could be had.
    """

    number: types.Integer = field(ge=1)
    id: types.Text = field(unique=True)
    statements: types.Text = field()
    question: types.Text = field()
    state: types.Text = field(isin=["answered", "answered in part", "no figure"])
    sql: types.Text = field(nullable=True)
    missing: types.Text = field(nullable=True)
    obtainable: types.Text = field(nullable=True)

    class Config:
        name = "mart.question"


class MartClaims(Table):
    """What documents say, held against figures: one row a statement, with the verdict that the figures give. Verdicts are computed.

    A figure of each source is compared with what the statement expects: all support it (supported), none (contradicted), some (mixed:
    the sources disagree), or there is none (no data). ``entrepot claims --why ID`` shows the figures.
    """

    id: types.Text = field(unique=True)
    document: types.Text = field()
    passage: types.Text = field()
    statement: types.Text = field()
    verdict: types.Text = field(isin=["supported", "contradicted", "mixed", "no data"])
    off_by: types.Double = field(nullable=True)
    figure_unit: types.Text = field()
    supported_by: types.Text = field(nullable=True)
    contradicted_by: types.Text = field(nullable=True)
    missing: types.Text = field(nullable=True)
    comparison: types.Text = field(isin=["equals", "at least", "at most", "more than", "less than"])
    expected: types.Double = field()
    tolerance: types.Double = field(ge=0)
    sql: types.Text = field()

    class Config:
        name = "mart.claims"


@with_columns(
    _shown(
        obs.TradeFigure,
        "source reporter reporter_name partner partner_name flow valuation basis classification product period year currency",
        year=(types.Integer, field()),
    )
)
class MartTradeMonthsDerived(Provenance):
    """Months of trade as the difference of two cumulative figures of one dataset, with the month as published.

    China's customs publish what was traded since January; a later cumulative figure may revise earlier months without
    notice. Where hidden_revision is not zero, the derived month includes the revision of all months before it.
    """

    cumulative_value: types.TradeValue = field(nullable=True)
    previous_cumulative_value: types.TradeValue = field(nullable=True)
    derived_value: types.TradeValue = field(nullable=True)
    monthly_value: types.TradeValue = field(nullable=True)
    hidden_revision: types.TradeValue = field(nullable=True)

    class Config:
        name = "mart.trade_months_derived"


VIEWS: tuple[type[Table], ...] = (
    MartTrade, MartTradeChapters, MartTradeSubheadings, MartTradeMonths, MartTradeProvinces, MartTradeCities, MartTradeReconciled,
    MartFdi, MartFdiProvinces, MartFdiCities, MartFdiChinaByOrigin, MartIndicator, MartIndicatorOneRelease, MartExchangeRates, MartPresence,
    MartMilestones, MartMilestonePlaces, MartVisits, MartPair,
    MartProvinceProfile, MartProvinceProfileOneRelease, MartRegionProfile, MartMirrorTrade, MartMirrorFdi, MartBothImport,
    MartConcentration, MartRevisions, MartRevisionsBySource, MartCoverage, MartFreshness, MartQuestion, MartClaims,
    MartTradeFigures, MartFdiFigures, MartFdiRate, MartIndicatorFigures, MartPresenceFigures, MartMilestoneFigures,
    MartTradeMonthsDerived,
    *mart_measures.VIEWS,
)  # fmt: skip

#: The mart with the figures of each fact, by its name (tasks.contract.facts). It is here so that loading does not depend on marts.
FIGURES_OF: dict[str, type[Table]] = {
    "trade": MartTradeFigures, "fdi": MartFdiFigures, "fdi_rate": MartFdiRate, "indicator": MartIndicatorFigures, "pair": MartPair,
    "presence": MartPresenceFigures, "visits": MartVisits, "milestones": MartMilestoneFigures,
}  # fmt: skip
