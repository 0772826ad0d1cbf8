"""The kinds of fact: their dimensions, values and rules.

``…Figure`` has the key and the values of a kind of fact. ``…Observation`` adds the citation and the date of publication:
rows of all sources are conformed to it. ``core`` tables add versions (schemas.core), marts names and conversions
(schemas.mart).
"""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import checks, types, vocabulary
from schemas.base import Table, field


class Cited(Table):
    """Publisher, title, address and date of publication of a figure."""

    publisher: types.Text = field(str_length={"min_value": 1})
    title: types.Text = field(str_length={"min_value": 1})
    address: types.Text = field(str_matches=r"^https?://[^\s]+")
    published_on: types.Date = field(nullable=True)
    published_precision: types.Text = field(isin=vocabulary.PRECISIONS)
    seen_via: types.Text = field(nullable=True)
    note: types.Text = field(nullable=True)

    @pa.dataframe_check(
        error="published_on is empty where published_precision is unknown, or year for a year that is not over, and only there"
    )
    def precision_fits_date(cls, data: IbisData) -> Any:
        return checks.precision_fits_date(data)

    @pa.dataframe_check(error="published_on is not after today")
    def published_by_now(cls, data: IbisData) -> Any:
        return checks.published_by_now(data)


class Observed(Cited):
    """The columns of every conformed observation beside its figure and citation."""

    row_number: types.BigInteger = field(ge=1)
    dataset: types.Text = field(str_matches=r"^[a-z0-9_.]+$")


class Periodic(Table):
    """A figure of a period."""

    freq: types.Text = field(isin=vocabulary.FREQUENCIES)
    period: types.Text = field()

    @pa.dataframe_check(
        error="period is written as freq asks, of a year from 1800 to ten years ahead: A 2016, Q 2016-Q1, M and YTD 2016-09, D 2016-09-30"
    )
    def period_fits_frequency(cls, data: IbisData) -> Any:
        return checks.period_fits_frequency(data)


class Valued(Table):
    """A figure that may be missing, with the reason."""

    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)

    @pa.dataframe_check(error="there is a value, and it fits its type exactly, unless obs_status says it is missing")
    def missing_value_has_a_reason(cls, data: IbisData) -> Any:
        return checks.missing_value_has_a_reason(data, "value")


class Printed(Valued):
    """A figure kept as printed beside its value."""

    printed_value: types.Text = field(nullable=True)
    printed_unit: types.Text = field(references="ref.unit.printed_unit")


class TradeFigure(Periodic, Valued):
    """Merchandise trade of a reporter with a partner, in one product and period."""

    reporter: types.Text = field(references="ref.place.place")
    partner: types.Text = field(references="ref.place.place")
    flow: types.Text = field(isin=vocabulary.FLOWS)
    valuation: types.Text = field(isin=vocabulary.VALUATIONS)
    basis: types.Text = field(nullable=True, isin=vocabulary.BASES)
    classification: types.Text = field()
    product: types.Text = field(references="ref.product.product")
    value: types.TradeAmount = field(nullable=True, ge=0)
    currency: types.Text = field(str_matches=r"^[A-Z]{3}$")
    quantity: types.TradeAmount = field(nullable=True, ge=0)
    quantity_unit: types.Text = field(nullable=True)
    net_weight_kg: types.TradeAmount = field(nullable=True, ge=0)


class FdiFigure(Periodic, Printed):
    """An amount of direct investment. It may be negative: disinvestment and repaid loans are real."""

    concept: types.Text = field(references="ref.fdi_concept.concept")
    accounting: types.Text = field(isin=vocabulary.ACCOUNTING)
    direction: types.Text = field(isin=vocabulary.DIRECTIONS)
    principle: types.Text = field(isin=vocabulary.PRINCIPLES)
    instrument: types.Text = field(isin=vocabulary.INSTRUMENTS)
    derivation: types.Text = field(isin=vocabulary.DERIVATIONS)
    sector_scope: types.Text = field(isin=vocabulary.SECTOR_SCOPES)
    reporter: types.Text = field(references="ref.place.place")
    counterpart: types.Text = field(references="ref.place.place")
    industry: types.Text = field()
    value: types.Money = field(nullable=True)
    currency: types.Text = field(str_matches=r"^[A-Z]{3}$")

    @pa.dataframe_check(error="direction fits principle: inward and outward are directional")
    def direction_fits_principle(cls, data: IbisData) -> Any:
        return checks.direction_fits_principle(data)


class FdiRateFigure(Periodic, Valued):
    """A printed growth rate or share of direct investment: never an amount, never computed here."""

    concept: types.Text = field(references="ref.fdi_concept.concept")
    direction: types.Text = field(isin=vocabulary.DIRECTIONS)
    reporter: types.Text = field(references="ref.place.place")
    counterpart: types.Text = field(references="ref.place.place")
    measure: types.Text = field(isin=vocabulary.RATE_MEASURES)
    rate_basis: types.Text = field(isin=vocabulary.RATE_BASES)
    value: types.Percent = field(nullable=True)
    printed_value: types.Text = field(nullable=True)
    printed_unit: types.Text = field(isin=["percent"])


class IndicatorFigure(Periodic, Printed):
    """A figure about one place: GDP, population, exchange rates, kilometres of railway."""

    place: types.Text = field(references="ref.place.place")
    indicator: types.Text = field(references="ref.indicator.indicator")
    value: types.Quantity = field(nullable=True)
    unit: types.Text = field()

    @pa.dataframe_check(error="an exchange rate is more than zero; persons and kilometres are not less")
    def is_possible(cls, data: IbisData) -> Any:
        return checks.is_possible(data)


class PairFigure(Printed):
    """A figure about two places: their distance, or the margin between CIF and FOB on trade from one to the other.

    A distance belongs to no period: ``freq`` and ``period`` are empty.
    """

    place: types.Text = field(references="ref.place.place")
    counterpart: types.Text = field(references="ref.place.place")
    indicator: types.Text = field(references="ref.indicator.indicator")
    freq: types.Text = field(nullable=True, isin=vocabulary.FREQUENCIES)
    period: types.Text = field(nullable=True)
    value: types.Quantity = field(nullable=True)
    unit: types.Text = field()

    @pa.dataframe_check(error="period is written as freq asks, or both are empty")
    def period_fits_frequency_if_any(cls, data: IbisData) -> Any:
        return checks.period_fits_frequency_if_any(data)

    @pa.dataframe_check(error="an exchange rate is more than zero; persons and kilometres are not less")
    def is_possible(cls, data: IbisData) -> Any:
        return checks.is_possible(data)


class PresenceFigure(Periodic, Printed):
    """How many companies, bases or residents from an origin there are in a place."""

    place: types.Text = field(references="ref.place.place")
    origin: types.Text = field(references="ref.place.place")
    counting_unit: types.Text = field(isin=vocabulary.COUNTING_UNITS)
    as_of: types.Date = field(nullable=True)
    value: types.Count = field(nullable=True, ge=0)
    approximate: types.Boolean = field()


class VisitFigure(Table):
    """One participant of one event between China and Japan."""

    event: types.Text = field(str_matches=r"^[a-z0-9_]+$")
    kind: types.Text = field(isin=vocabulary.EVENT_KINDS)
    started_on: types.Date = field()
    ended_on: types.Date = field()
    date_precision: types.Text = field(isin=vocabulary.EVENT_PRECISIONS)
    held_in: types.Text = field(nullable=True)
    side: types.Text = field(isin=vocabulary.SIDES)
    place: types.Text = field(references="ref.place.place")
    organisation: types.Text = field(nullable=True)
    person: types.Text = field(nullable=True)
    office: types.Text = field(nullable=True)
    visited: types.Boolean = field()
    purpose: types.Text = field(nullable=True)

    @pa.dataframe_check(error="an event does not end before it starts")
    def ends_after_it_starts(cls, data: IbisData) -> Any:
        return checks.ends_after_it_starts(data)


class MilestoneFigure(Table):
    """One place on a line that opened, with a zone that was set up, or with a tie that was concluded."""

    name: types.Text = field()
    kind: types.Text = field(isin=vocabulary.MILESTONE_KINDS)
    place: types.Text = field(references="ref.place.place")
    opened_on: types.Date = field(nullable=True)
    opened_precision: types.Text = field(isin=vocabulary.PRECISIONS)
    length_km: types.Kilometres = field(nullable=True, gt=0)
    design_speed_kmh: types.Integer = field(nullable=True, gt=0)
    counterpart: types.Text = field(nullable=True, references="ref.place.place")


class TradeObservation(TradeFigure, Observed):
    """A trade figure as conformed."""

    class Config:
        name = "conformed.trade"
        unique = [
            "dataset", "published_on", "reporter", "partner", "flow", "valuation", "basis",
            "classification", "product", "freq", "period", "currency", "quantity_unit",
        ]  # fmt: skip


class FdiObservation(FdiFigure, Observed):
    """An FDI figure as conformed."""

    class Config:
        name = "conformed.fdi"
        unique = [
            "dataset", "published_on", "concept", "accounting", "direction", "principle", "instrument", "derivation",
            "sector_scope", "reporter", "counterpart", "industry", "freq", "period", "currency",
        ]  # fmt: skip


class FdiRateObservation(FdiRateFigure, Observed):
    """An FDI rate as conformed."""

    class Config:
        name = "conformed.fdi_rate"
        unique = [
            "dataset", "published_on", "concept", "direction", "reporter", "counterpart",
            "measure", "rate_basis", "freq", "period",
        ]  # fmt: skip


class IndicatorObservation(IndicatorFigure, Observed):
    """An indicator as conformed."""

    class Config:
        name = "conformed.indicator"
        unique = ["dataset", "published_on", "place", "indicator", "unit", "freq", "period"]


class PairObservation(PairFigure, Observed):
    """A figure about two places as conformed."""

    class Config:
        name = "conformed.pair"
        unique = ["dataset", "published_on", "place", "counterpart", "indicator", "unit", "freq", "period"]


class PresenceObservation(PresenceFigure, Observed):
    """A count of presence as conformed."""

    class Config:
        name = "conformed.presence"
        unique = ["dataset", "published_on", "place", "origin", "counting_unit", "freq", "period", "as_of"]


class VisitObservation(VisitFigure, Observed):
    """A participant as conformed."""

    class Config:
        name = "conformed.visits"
        unique = ["dataset", "published_on", "event", "side", "place", "organisation", "person", "office"]


class MilestoneObservation(MilestoneFigure, Observed):
    """A milestone as conformed."""

    class Config:
        name = "conformed.milestones"
        unique = ["dataset", "published_on", "name", "kind", "place", "counterpart"]
