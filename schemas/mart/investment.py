"""Facts of direct investment, one column a concept, made for adding."""

from schemas import types
from schemas.base import Table, field, with_columns
from schemas.columns import Meaning, declare
from schemas.mart.parts import FROM_ONE_FIGURE, PLACE_KINDS, RESIDUAL, SEAMS, YEAR, text, values

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
    text("reporter", "reporter_name", "counterpart", "counterpart_name")
    | YEAR
    | values(" ".join(FDI_CONCEPTS), types.Dollars)
    | SEAMS
    | RESIDUAL
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
    text("province", "province_name", "country", "origin", "origin_name")
    | YEAR
    | values(" ".join(PROVINCE_CONCEPTS), types.Dollars)
    | SEAMS
    | RESIDUAL
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
    text("city", "city_name", "province", "origin", "origin_name")
    | YEAR
    | values(" ".join(PROVINCE_CONCEPTS), types.Dollars)
    | SEAMS
    | RESIDUAL
)
class MartFdiCities(Table):
    """Foreign investment in cities by origin and year, one column a concept, made for adding over cities and origins.

    A city is a part of its province: never add it to fdi_provinces. Few cities have figures, so cities do not add up to a province.
    """

    class Config:
        name = "mart.fdi_cities"
        unique = ["city", "origin", "year"]


@with_columns(
    text("origin", "origin_name")
    | {"kind_of_origin": (types.Text, field(isin=PLACE_KINDS))}
    | text("members_within", nullable=True)
    | YEAR
    | {"value_usd": (types.Dollars, field()), **text("sector_scope")}
    | FROM_ONE_FIGURE
    | text("status", "method", "total_method")
    | {"other_figures": (types.Integer, field(ge=0)), "spread": (types.Double, field(nullable=True))}
    | SEAMS
    | RESIDUAL
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
