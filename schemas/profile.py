"""The measures of ``mart.province_profile`` and ``mart.region_profile``: one entry of ``MEASURES`` each.

Columns, meanings and the SQL of both marts are made from this list. A measure takes its values from the rows of one
mart, for whole years, that have the values in ``where``. Each row of a mart belongs to at most one measure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from schemas.columns import Meaning

#: The marts that warehouse/sql/mart/21_province_profile.sql reads figures from.
Mart = Literal["indicator", "trade", "fdi", "presence"]


@dataclass(frozen=True)
class Measure:
    """A number about a province in a year.

    ``name`` is its column. ``where`` gives columns of the mart and the values they must have.
    ``in_usd``: a value in another currency is converted at the average rate of the year (indicators only; values of
    trade and fdi are always in US dollars).
    """

    name: str
    description: str
    unit: str
    mart: Mart
    where: Mapping[str, str]
    in_usd: bool = False


_WORLD_TRADE = {"partner": "WLD", "product": "TOTAL"}

#: In the order of their columns.
MEASURES = (
    Measure("gdp_cny", "Gross domestic product, current prices", "CNY", "indicator", {"indicator": "gdp", "unit": "CNY"}),
    Measure("population", "Resident population at the end of the year", "persons", "indicator", {"indicator": "population"}),
    Measure("exports_usd", "Goods exports", "USD", "trade", {"flow": "export", **_WORLD_TRADE}),
    Measure("imports_usd", "Goods imports", "USD", "trade", {"flow": "import", **_WORLD_TRADE}),
    Measure("goods_trade_total_usd", "Goods exports plus imports", "USD", "indicator", {"indicator": "goods_trade_total"}, in_usd=True),
    Measure(
        "fdi_utilised_usd", "FDI actually utilised, by the province's own definition", "USD",
        "fdi", {"concept": "province_utilised", "counterpart": "WLD", "accounting": "flow"},
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
        "presence", {"origin": "JPN", "counting_unit": "registered_companies"},
    ),
)  # fmt: skip


def common_values(measures: Sequence[Measure]) -> dict[str, list[str]]:
    """The columns that every one of the measures restricts, with all values that any of them asks for."""
    columns = [column for column in measures[0].where if all(column in m.where for m in measures)] if measures else []
    return {column: list(dict.fromkeys(m.where[column] for m in measures)) for column in columns}


def meanings() -> dict[str, Meaning]:
    """The meanings of the measures' columns in both marts, by column."""
    columns: dict[str, Meaning] = {}
    for m in MEASURES:
        columns[m.name] = Meaning(m.description, m.unit)
        columns[f"{m.name}_partial"] = Meaning(f"Sum of {m.name} over the members that have a figure", m.unit)
        columns[f"{m.name}_members"] = Meaning(f"How many members have a figure for {m.name}", "places")
    return columns
