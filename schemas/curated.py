"""The bundled tables as they are written: the project's own selection of real figures (warehouse/curated).

Every row has its citation. Numbers stay as printed; codes are text.
"""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import checks, observations, types, vocabulary
from schemas.base import Table, field, is_in

NUMBER = r"^-?\d+(\.\d+)?$"


class PrintedNumber(Table):
    """A number and its unit as printed."""

    printed_value: types.Text = field(nullable=True, str_matches=NUMBER)
    printed_unit: types.Text = field(references="ref.unit.printed_unit")
    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)

    @pa.dataframe_check(error="a value is missing exactly where obs_status says so")
    def missing_value_has_a_reason(cls, data: IbisData) -> Any:
        return checks.missing_value_has_a_reason(data, "printed_value")


class Dataset(Table):
    """The series of publications that a row belongs to."""

    dataset: types.Text = field(str_matches=r"^[a-z0-9_.]+$")


class CuratedTrade(Dataset, observations.Periodic, PrintedNumber, observations.Cited):
    """Bundled figures of merchandise trade."""

    printed_unit: types.Text = field(references="ref.unit.printed_unit", among=("kind", "money"))
    reporter: types.Text = field(references="ref.place.place")
    partner: types.Text = field(references="ref.place.place")
    flow: types.Text = field(isin=vocabulary.FLOWS)
    valuation: types.Text = field(isin=vocabulary.VALUATIONS)
    basis: types.Text = field(nullable=True, isin=vocabulary.BASES)
    classification: types.Text = field()
    product: types.Text = field(references="ref.product.product")

    class Config:
        name = "curated.trade"


class CuratedFdi(Dataset, observations.Periodic, PrintedNumber, observations.Cited):
    """Bundled amounts of direct investment."""

    printed_unit: types.Text = field(references="ref.unit.printed_unit", among=("kind", "money"))
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

    class Config:
        name = "curated.fdi"


class CuratedFdiRate(Dataset, observations.Periodic, PrintedNumber, observations.Cited):
    """Bundled growth rates and shares of direct investment, as printed."""

    printed_unit: types.Text = field(isin=["percent"])
    concept: types.Text = field(references="ref.fdi_concept.concept")
    direction: types.Text = field(isin=vocabulary.DIRECTIONS)
    reporter: types.Text = field(references="ref.place.place")
    counterpart: types.Text = field(references="ref.place.place")
    measure: types.Text = field(isin=vocabulary.RATE_MEASURES)
    rate_basis: types.Text = field(isin=vocabulary.RATE_BASES)

    class Config:
        name = "curated.fdi_rate"


class CuratedIndicator(Dataset, observations.Periodic, PrintedNumber, observations.Cited):
    """Bundled figures about places."""

    place: types.Text = field(references="ref.place.place")
    indicator: types.Text = field(references="ref.indicator.indicator")

    @pa.dataframe_check(error="printed_unit is of the kind the indicator is measured in (ref.indicator)")
    def unit_fits_indicator(cls, data: IbisData) -> Any:
        t = data.table
        return is_in(t, t.indicator + " in " + t.printed_unit, "ref.indicator_unit", "pair")

    class Config:
        name = "curated.indicator"


class CuratedPair(Dataset, PrintedNumber, observations.Cited):
    """Bundled figures about two places. A distance has neither ``freq`` nor ``period``."""

    place: types.Text = field(references="ref.place.place")
    counterpart: types.Text = field(references="ref.place.place")
    indicator: types.Text = field(references="ref.indicator.indicator")
    freq: types.Text = field(nullable=True, isin=vocabulary.FREQUENCIES)
    period: types.Text = field(nullable=True)

    @pa.dataframe_check(error="period is written as freq asks, or both are empty")
    def period_fits_frequency_if_any(cls, data: IbisData) -> Any:
        return checks.period_fits_frequency_if_any(data)

    @pa.dataframe_check(error="printed_unit is of the kind the indicator is measured in (ref.indicator)")
    def unit_fits_indicator(cls, data: IbisData) -> Any:
        t = data.table
        return is_in(t, t.indicator + " in " + t.printed_unit, "ref.indicator_unit", "pair")

    class Config:
        name = "curated.pair"


class CuratedPresence(Dataset, observations.Periodic, PrintedNumber, observations.Cited):
    """Bundled counts of companies, bases and residents."""

    place: types.Text = field(references="ref.place.place")
    origin: types.Text = field(references="ref.place.place")
    counting_unit: types.Text = field(isin=vocabulary.COUNTING_UNITS)
    as_of: types.Text = field(nullable=True, str_matches=r"^\d{4}-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?$")
    approximate: types.Boolean = field()
    printed_value: types.Text = field(nullable=True, str_matches=r"^\d+(\.\d+)?$")
    printed_unit: types.Text = field(references="ref.unit.printed_unit", among=("kind", "count"))

    @pa.dataframe_check(error="as_of is a day or a month of the calendar")
    def as_of_is_in_the_calendar(cls, data: IbisData) -> Any:
        as_of = data.table.as_of
        return as_of.isnull() | (as_of.length() == 7) | as_of.try_cast("date").notnull()

    class Config:
        name = "curated.presence"


class CuratedVisits(observations.VisitFigure, observations.Cited):
    """Bundled participants of visits, forums and meetings."""

    class Config:
        name = "curated.visits"


class CuratedMilestones(observations.MilestoneFigure, observations.Cited):
    """Bundled openings of lines, zones and ties."""

    class Config:
        name = "curated.milestones"
