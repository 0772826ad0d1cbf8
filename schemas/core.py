"""The tables of ``core``: every observation with its versions.

A version belongs to the edition that published it (meta.editions has ``published_on`` and ``known_from``) and ends with
the edition in ``superseded_by``. Current versions have ``superseded_by IS NULL``. Publishers and titles are in
meta.citations.
"""

from schemas import observations as obs
from schemas import types, vocabulary
from schemas.base import Table, field


class Versioned(Table):
    """The columns that make a row one version of an observation."""

    edition: types.Integer = field()
    superseded_by: types.Integer = field(nullable=True)
    first_known_by: types.Integer = field(nullable=True)
    citation: types.Integer = field(nullable=True)


class TradeSlice(Table):
    """Columns that are equal for many rows of trade, stored once. ``core.trade`` and ``core.trade_part`` join to it by ``slice``."""

    slice: types.Integer = field()
    flow: types.Text = field(isin=vocabulary.FLOWS)
    valuation: types.Text = field(isin=vocabulary.VALUATIONS)
    basis: types.Text = field(nullable=True, isin=vocabulary.BASES)
    classification: types.Text = field()
    freq: types.Text = field(isin=vocabulary.FREQUENCIES)
    period: types.Text = field()
    currency: types.Text = field()
    quantity_unit: types.Text = field(nullable=True)

    class Config:
        name = "core.trade_slice"
        unique = ["slice"]


class Trade(Versioned):
    """Versions of merchandise trade figures; columns that are equal for many rows are in core.trade_slice."""

    slice: types.Integer = field()
    reporter_key: types.Integer = field()
    partner_key: types.Integer = field()
    product_key: types.Integer = field()
    value: types.TradeAmount = field(nullable=True)
    quantity: types.TradeAmount = field(nullable=True)
    net_weight_kg: types.TradeAmount = field(nullable=True)
    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)

    class Config:
        name = "core.trade"


class TradePart(Versioned):
    """Columns that are equal for many rows of core.trade_bulk, stored once: slice, edition, status, and the edition that replaced them.

    Writing a column of eleven million equal values costs as much as writing any other. A version that is replaced
    moves to a part that names the edition that replaced it.
    """

    part: types.Integer = field()
    slice: types.Integer = field()
    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)

    class Config:
        name = "core.trade_part"
        unique = ["part"]


class TradeProduct(Table):
    """Products that occur in core.trade_bulk, numbered without gaps in the order in which they first occur.

    With fewer than 20,000 numbers DuckDB joins the codes as a dictionary, and evaluates an expression on a code once a
    code instead of once a row. ``name`` repeats that of ref.product.
    """

    product_number: types.Integer = field(ge=1)
    classification: types.Text = field()
    product: types.Text = field()
    name: types.Text = field()

    class Config:
        name = "core.trade_product"
        unique = ["product_number"]


class TradeBulk(Table):
    """Versions of the trade figures of datasets of many millions of rows; mart.trade_figures shows them together with those of core.trade."""

    part: types.Integer = field()
    reporter_key: types.Integer = field()
    partner_key: types.Integer = field()
    product_number: types.Integer = field()
    value: types.TradeAmount = field(nullable=True)
    net_weight_kg: types.TradeAmount = field(nullable=True)

    class Config:
        name = "core.trade_bulk"


class Fdi(obs.FdiFigure, Versioned):
    """Versions of amounts of direct investment."""

    class Config:
        name = "core.fdi"


class FdiRate(obs.FdiRateFigure, Versioned):
    """Versions of printed growth rates and shares of direct investment."""

    class Config:
        name = "core.fdi_rate"


class Indicator(obs.IndicatorFigure, Versioned):
    """Versions of figures about places."""

    class Config:
        name = "core.indicator"


class Pair(obs.PairFigure, Versioned):
    """Versions of figures about two places."""

    class Config:
        name = "core.pair"


class Presence(obs.PresenceFigure, Versioned):
    """Versions of counts of companies, bases and residents."""

    class Config:
        name = "core.presence"


class Visits(obs.VisitFigure, Versioned):
    """Versions of participants of events."""

    class Config:
        name = "core.visits"


class Milestones(obs.MilestoneFigure, Versioned):
    """Versions of openings, zones and ties."""

    class Config:
        name = "core.milestones"


TABLES: tuple[type[Table], ...] = (
    TradeSlice, Trade, TradePart, TradeProduct, TradeBulk, Fdi, FdiRate, Indicator, Pair, Presence, Visits, Milestones,
)  # fmt: skip
