"""Facts that are neither trade nor investment: indicators, exchange rates, presence of companies, milestones."""

from schemas import types
from schemas.base import Declared, Table, field, with_columns
from schemas.columns import Meaning, declare
from schemas.mart.parts import FROM_ONE_FIGURE, PLACE_KINDS, RESIDUAL, SEAMS, YEAR, text, values


@with_columns(
    text("place", "place_name")
    | {"place_kind": (types.Text, field(isin=PLACE_KINDS))}
    | text("indicator", "indicator_name", "unit", "unit_as_published")
    | YEAR
    | {
        "value": (types.Amount, field()),
        "is_rounded": (types.Boolean, field()),
        **text("printed_value", nullable=True),
        **text("printed_unit"),
        "value_usd": (types.Dollars, field(nullable=True)),
        "additive_over": (types.Text, field(isin=["places of one kind", "nothing"])),
        **text("source", "dataset"),
        **text("publisher", nullable=True),
        "published_on": (types.Date, field(nullable=True)),
        **text("published_precision", "artifact", "status"),
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
    text("economy", "place", "place_name")
    | {"place_kind": (types.Text, field(isin=PLACE_KINDS))}
    | text("province", nullable=True)
    | text("origin", "origin_name", "origin_region", "origin_region_name")
    | YEAR
    | values(" ".join(COUNTING_UNITS), types.BigInteger, "")
    | SEAMS
    | RESIDUAL
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
    **text("opened_precision"),
    "year": (types.Integer, field(nullable=True)),
}


@with_columns(
    text("milestone", "name", "kind")
    | {"place_count": (types.BigInteger, field(ge=1)), **text("places")}
    | _OPENING
    | {"length_km": (types.Kilometres, field(nullable=True)), "design_speed_kmh": (types.Integer, field(nullable=True))}
    | FROM_ONE_FIGURE
    | text("note", nullable=True)
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
    text("milestone", "name", "kind", "place", "place_name")
    | {"place_kind": (types.Text, field(isin=PLACE_KINDS))}
    | _OPENING
    | {
        "length_there_km": (types.Kilometres, field(nullable=True)),
        "design_speed_kmh": (types.Integer, field(nullable=True)),
    }
    | FROM_ONE_FIGURE
    | {"is_residual": (types.Boolean, field())}
)
class MartMilestonePlaces(Table):
    """Railway lines, zones and ties: one row a place. The length there is known where a line lies in one place; of others it is in the row _X."""

    class Config:
        name = "mart.milestone_places"
        unique = ["milestone", "place"]
