"""The measures of ``mart.province_profile`` and ``mart.region_profile``: one entry of ``MEASURES`` each.

Columns, meanings and the SQL of both marts are made from this list. A measure takes its values from one column of one
fact mart, from the rows that have the values in ``where``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas.columns import Meaning

#: The marts that warehouse/sql/readings/21_province_profile.sql reads figures from.
Mart = Literal["indicator", "trade_provinces", "fdi_provinces", "presence"]


@dataclass(frozen=True)
class Measure:
    """A number about a province in a year.

    ``name`` is its column. ``where`` gives columns of the mart and the values they must have, ``value`` the column that is
    added up.
    """

    name: str
    description: str
    unit: str
    mart: Mart
    where: Mapping[str, str]
    value: str = "value"

    @property
    def provenance(self) -> str:
        """The column of the mart with the provenance of the value, which each value of a mart of several values has."""
        return f"{self.value.removesuffix('_usd')}_from"

    @property
    def has_seam(self) -> bool:
        """Whether its mart says where a series goes on in another release, or by another publisher or definition."""
        return self.mart != "presence"


#: In the order of their columns.
MEASURES = (
    Measure("gdp_cny", "Gross domestic product, current prices", "CNY", "indicator", {"indicator": "gdp", "unit": "CNY"}),
    Measure("population", "Resident population at the end of the year", "persons", "indicator", {"indicator": "population"}),
    *(
        Measure(f"{flow}_by_{basis}_usd", f"Goods {flow} by {words}", "USD", "trade_provinces", {}, f"{flow}_by_{basis}_usd")
        for basis, words in (
            ("operator", "the location of the trading firm"),
            ("goods_place", "origin or destination of the goods"),
            ("unknown_basis", "province, on a basis that is not on record"),
        )
        for flow in ("exports", "imports")
    ),
    Measure("goods_trade_total_usd", "Goods exports plus imports", "USD", "indicator", {"indicator": "goods_trade_total"}, "value_usd"),
    Measure(
        "goods_trade_total_by_goods_place_usd", "Goods exports plus imports by origin or destination of the goods", "USD",
        "indicator", {"indicator": "goods_trade_total_by_goods_place"}, "value_usd",
    ),
    Measure(
        "fdi_utilised_usd", "FDI actually utilised, by the province's own definition", "USD", "fdi_provinces", {}, "utilised_usd"
    ),
    Measure("railway_km", "Length of railways in operation", "km", "indicator", {"indicator": "railway_length"}),
    Measure("highway_km", "Length of highways", "km", "indicator", {"indicator": "highway_length"}),
    Measure("expressway_km", "Length of expressways", "km", "indicator", {"indicator": "expressway_length"}),
    Measure(
        "foreign_companies", "Registered foreign-funded enterprises at the end of the year", "companies",
        "indicator", {"indicator": "foreign_enterprises"},
    ),
    Measure(
        "foreign_investment_registered_usd", "Total investment of registered foreign-funded enterprises", "USD",
        "indicator", {"indicator": "foreign_enterprise_investment_registered", "unit": "USD"},
    ),
    Measure(
        "japanese_companies", "Registered Japanese-funded companies", "companies",
        "presence", {"origin": "JPN"}, "registered_companies",
    ),
)  # fmt: skip


def meanings() -> dict[str, Meaning]:
    """The meanings of the measures' columns in both marts, by column."""
    columns: dict[str, Meaning] = {}
    for m in MEASURES:
        columns[m.name] = Meaning(m.description, m.unit)
        if m.has_seam:
            other = "release or dataset" if m.mart == "indicator" else "publisher, definition or printed currency"
            columns[f"{m.name}_is_seam"] = Meaning(f"Whether {m.name} of the year before is of another {other}")
        columns[f"{m.name}_partial"] = Meaning(f"Sum of {m.name} over the members that have a figure", m.unit)
        columns[f"{m.name}_members"] = Meaning(f"How many members have a figure for {m.name}", "places")
    return columns
