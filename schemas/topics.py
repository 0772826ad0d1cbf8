"""What ``mart.disparity`` and ``mart.event_study`` compare of provinces, regions and Dalian: one entry of ``TOPICS`` each.

Beside the measures of profiles (:mod:`schemas.profile`) these are trade and investment with Japan and counts of its companies.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from schemas import profile

#: The bases of provinces' trade (mart.trade_provinces), by the value of core.trade_figures.basis.
_BASES = {"operator_location": "operator", "goods_place": "goods_place", "unknown": "unknown_basis"}
#: The concepts of provinces' investment (mart.fdi_provinces), by the value of mart.fdi_figures.concept.
_CONCEPTS = {
    "province_utilised": "utilised",
    "province_cumulative_utilised": "utilised_cumulative",
    "province_cumulative_stated": "stated_cumulative",
    "province_fdi_proper": "fdi_proper",
}
_COMPANIES = (
    "bases", "registered_companies", "approved_companies", "operating_companies", "parent_companies", "companies_stated",
)  # fmt: skip


@dataclass(frozen=True)
class Topic:
    """A number about a place and year. ``column`` of ``mart`` in rows "t" that meet ``where`` is a province's value.

    ``city_figures`` and ``city_where`` say which rows "f" are a city's: preferred figures, or a fact of cities; ``city_value`` is the column of
    the value. Where a value is worked out from several columns, ``of_columns`` and ``of_city_columns`` list them.
    """

    name: str
    unit: str
    mart: str
    column: str
    where: str
    city_figures: str
    city_where: str
    city_value: str = "value_usd"
    of_columns: tuple[str, ...] = ()
    of_city_columns: tuple[str, ...] = ()

    @property
    def value(self) -> str:
        """The expression for a province's value."""
        return self.column if self.of_columns else f"t.{self.column}"

    @property
    def city_amount(self) -> str:
        """The expression for a city's value."""
        return self.city_value if self.of_city_columns else f"f.{self.city_value}"

    @property
    def place(self) -> str:
        """The column of the mart that has the province."""
        return "place" if self.mart in ("presence", "province_profile") else "province"

    @property
    def provenance(self) -> str:
        """The expression for the dataset of the value."""
        if self.mart == "province_profile":
            return f"t.provenance->'{self.column}'->>'dataset'"
        if self.of_columns:
            return _first_dataset("t", self.of_columns)
        return f"t.{self.column.removesuffix('_usd')}_from.dataset"

    @property
    def city_provenance(self) -> str:
        """The expression for the dataset of a city's value."""
        if self.of_city_columns:
            return _first_dataset("f", self.of_city_columns)
        return "f.dataset"


def _first_dataset(row: str, columns: tuple[str, ...]) -> str:
    datasets = [f"{row}.{column.removesuffix('_usd')}_from.dataset" for column in columns]
    return f"coalesce({', '.join(datasets)})"


def _equal(columns: Mapping[str, str]) -> str:
    return " AND ".join(f"f.{column} = '{value}'" for column, value in columns.items()) or "true"


def _of_profile(measure: profile.Measure) -> Topic:
    """A measure of the profile; a city's is the same indicator of the city."""
    shown = {"indicator": "mart.indicator_figures", "presence": "mart.presence_figures"}
    conditions = dict(measure.where)
    if measure.mart == "presence":
        conditions["counting_unit"] = measure.value
    elif measure.mart == "trade_provinces":
        flow, _, basis = measure.value.removesuffix("_usd").partition("_by_")
        return Topic(measure.name, "USD", "province_profile", measure.name, "true", "core.trade_figures", _trade(flow, basis, "WLD"))  # fmt: skip
    elif measure.mart == "fdi_provinces":
        return Topic(measure.name, "USD", "province_profile", measure.name, "true", "mart.fdi_figures", _fdi("utilised", "WLD"))  # fmt: skip
    # Of indicators an amount in dollars may be printed in another currency, which only the fact converts.
    unit = {"unit": measure.unit} if measure.unit in ("USD", "CNY") and "unit" not in conditions else {}
    return Topic(
        measure.name, measure.unit, "province_profile", measure.name, "true", shown[measure.mart], _equal({**conditions, **unit}) + " AND f.freq = 'A'", "value",
    )  # fmt: skip


def _trade(flow: str, basis: str, partner: str) -> str:
    printed = next(printed for printed, name in _BASES.items() if name == basis)
    return _equal({"flow": flow.removesuffix("s"), "basis": printed, "partner": partner, "freq": "A", "product": "TOTAL"})  # fmt: skip


def _fdi(concept: str, counterpart: str) -> str:
    printed = next(printed for printed, name in _CONCEPTS.items() if name == concept)
    return _equal({"concept": printed, "counterpart": counterpart, "freq": "A", "instrument": "total", "industry": "TOTAL", "direction": "inward"})  # fmt: skip


def _both_directions(row: str, columns: tuple[str, ...]) -> str:
    """Exports and imports together: as printed, or the sum of both on one basis. ``columns`` are the first, and then pairs."""
    first, *pairs = (f"{row}.{column}" for column in columns)
    return f"coalesce({', '.join([first, *(f'{x} + {m}' for x, m in zip(pairs[::2], pairs[1::2], strict=True))])})"


_BOTH = (
    "exports_and_imports_usd",
    *(f"{flow}_by_{basis}_usd" for basis in _BASES.values() for flow in ("exports", "imports")),
)
_BOTH_OF_CITY = ("exports_and_imports_usd", "exports_usd", "imports_usd")

TOPICS: tuple[Topic, ...] = (
    *(_of_profile(measure) for measure in profile.MEASURES if measure.name != "japanese_companies"),
    *(
        Topic(
            name, "USD", "trade_provinces", _both_directions("t", _BOTH), f"t.partner = '{partner}'",
            "mart.trade_cities", f"f.partner = '{partner}'", _both_directions("f", _BOTH_OF_CITY), _BOTH, _BOTH_OF_CITY,
        )
        for name, partner in (("trade_with_japan_usd", "JPN"),)
    ),
    *(
        Topic(
            f"{flow}_japan_by_{basis}_usd", "USD", "trade_provinces", f"{flow.partition('_')[0]}_by_{basis}_usd", "t.partner = 'JPN'",
            "core.trade_figures", _trade(flow.partition("_")[0], basis, "JPN"),
        )
        for basis in _BASES.values()
        for flow in ("exports_to", "imports_from")
    ),
    *(
        Topic(f"fdi_from_japan_{concept}_usd", "USD", "fdi_provinces", f"{concept}_usd", "t.origin = 'JPN'", "mart.fdi_figures", _fdi(concept, "JPN"))
        for concept in _CONCEPTS.values()
    ),
    *(
        Topic(
            f"japanese_{unit}", "companies", "presence", unit, "t.origin = 'JPN'",
            "mart.presence_figures", _equal({"counting_unit": unit, "origin": "JPN", "freq": "A"}), "value",
        )
        for unit in _COMPANIES
    ),
)  # fmt: skip

#: The groups of provinces among them; a group has a value of its own where a publisher prints one for all its members together.
GROUPS = ("CN_NORTHEAST", "CN_PEARL_DELTA", "CN_YANGTZE_DELTA", "CN_BOHAI_RIM")
#: Years that may lie between the figures of a part and of its whole (mart.northeast_shares).
MOST_YEARS_APART = 3
#: The city among them, whose values are in marts of figures alone: facts have a city only where its province has no figure.
CITY = "CN-210200"
#: The places that the founding documents set against each other: the Northeast, its provinces and Dalian, and three regions of the coast.
PLACES = (
    "CN_NORTHEAST", "CN-LN", "CN-JL", "CN-HL", CITY, "CN_PEARL_DELTA", "CN_YANGTZE_DELTA", "CN_BOHAI_RIM",
)  # fmt: skip

#: Topics whose change after an event is studied: what flows in a year, in dollars, and of foreign investment the stock that is registered, since its
#: flows are known of single provinces and years.
OUTCOMES = tuple(t.name for t in TOPICS if t.unit == "USD" and "cumulative" not in t.name)

#: Topics of which a province's share is set against its share in GDP or population (mart.inequality, mart.location_quotient).
OVER_GDP = (
    "exports_by_goods_place_usd", "goods_trade_total_usd", "fdi_utilised_usd", "foreign_investment_registered_usd", "railway_km", "highway_km",
    "expressway_km",
)  # fmt: skip
