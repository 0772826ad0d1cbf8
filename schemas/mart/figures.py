"""Figures: what anybody published, one row a figure. They take types from its schema in :mod:`schemas.observations`."""

from schemas import observations as obs
from schemas import types
from schemas.base import field, with_columns
from schemas.mart.parts import PLACE_KINDS, Chosen, Converted, FullProvenance, InPeriod, shown


@with_columns(
    shown(
        obs.TradeFigure,
        "source reporter reporter_name reporter_kind partner partner_name partner_kind flow valuation basis classification product "
        "product_name product_level value_usd value currency quantity quantity_unit net_weight_kg obs_status",
        value_usd=(types.TradeValue, field(nullable=True)),
        value=(types.TradeValue, field(nullable=True)),
        reporter_kind=(types.Text, field(isin=PLACE_KINDS)),
        partner_kind=(types.Text, field(isin=PLACE_KINDS)),
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
    shown(
        obs.FdiFigure,
        "source concept accounting direction principle instrument derivation sector_scope reporter reporter_name reporter_kind "
        "counterpart counterpart_name counterpart_kind industry value_usd value currency printed_value printed_unit obs_status",
        value_usd=(types.Dollars, field(nullable=True)),
        value=(types.Amount, field(nullable=True)),
        reporter_kind=(types.Text, field(isin=PLACE_KINDS)),
        counterpart_kind=(types.Text, field(isin=PLACE_KINDS)),
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
    shown(
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
    shown(
        obs.IndicatorFigure,
        "source place place_name place_kind indicator indicator_name unit value printed_value printed_unit obs_status",
        place_kind=(types.Text, field(isin=PLACE_KINDS)),
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
    shown(
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
    shown(
        obs.PresenceFigure,
        "source place place_name place_kind origin origin_name kind_of_origin counting_unit as_of value approximate printed_value "
        "printed_unit obs_status",
        place_kind=(types.Text, field(isin=PLACE_KINDS)),
        kind_of_origin=(types.Text, field(isin=PLACE_KINDS)),
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
    shown(
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
    shown(
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
