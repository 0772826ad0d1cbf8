"""Japan Customs' own tables: the time series, and the commodity-by-country table of the trade statistics.

https://www.customs.go.jp/toukei/info/tsdl_e.htm. Values are thousand yen, exports FOB, imports CIF.
"""

from typing import Any

import ibis
import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import types
from schemas.base import Table, field, is_in
from schemas.columns import Meaning, declare

declare(
    survey_month=Meaning("Year, or year and month, as printed: 2026 or 2026/07"),
    area=Meaning("Words that name the area: the title of the file, or a heading without Exp- or Imp-"),
    heading=Meaning("Heading of the figure's column, as printed"),
    thousand_yen=Meaning("Value; NULL where a sign is printed instead", "thousand JPY"),
    no_figure=Meaning("The sign that is printed instead of a figure"),
    exp_or_imp=Meaning("1 exports, 2 imports"),
    statistical_year=Meaning("Year of the statistics, which also says which list of nine-digit codes is valid"),
    statistical_code=Meaning("Nine-digit statistical code: six digits of HS and three of Japan's own"),
    country_code=Meaning("Country or area, Japan Customs' three-digit code"),
    statistical_month=Meaning("Month of the year, 1 to 12; 0 for January to the last published month together"),
    last_month=Meaning("The last month of which the file has published figures"),
    unit_1=Meaning("First unit of quantity, as abbreviated by Japan Customs"),
    unit_2=Meaning("Second unit of quantity, as abbreviated by Japan Customs; the usual one"),
    quantity_1=Meaning("Quantity in the first unit; 0 where there is no first unit"),
    quantity_2=Meaning("Quantity in the second unit; 0 where there is no second unit"),
    release_stage=Meaning("Stage of release as the title of the file states it: 速報, 9桁速報, 確報, 確々報 or 確定"),
)


class Series(Table):
    """Japan Customs' time series: one row per month and column. Months that are not published yet are printed as 0."""

    partner: types.Text = field(nullable=True, references="ref.place.place")
    area: types.Text = field(nullable=True)
    survey_month: types.Text = field(str_matches=r"^\d{4}(/(0[1-9]|1[0-2]))?$")
    heading: types.Text = field(str_matches=r"^(Exp|Imp)-.+$")
    thousand_yen: types.BigInteger = field(nullable=True, ge=0)
    no_figure: types.Text = field(nullable=True)

    class Config:
        name = "jpn_customs.series"
        unique = ["partner", "area", "survey_month", "heading"]

    @pa.dataframe_check(
        error="area: stands in the list of areas, or under the scheme jpn_customs_area in ref.place_code"
    )
    def area_is_known(cls, data: IbisData) -> Any:
        t = data.table
        return t.partner.notnull() | is_in(t, t.area, "ref.place_code", "code", "scheme", "jpn_customs_area")

    @pa.dataframe_check(error="there is a number, or a sign for none")
    def has_number_or_sign(cls, data: IbisData) -> Any:
        return data.table.thousand_yen.isnull() == data.table.no_figure.notnull()

    @pa.dataframe_check(error="trade with the world is not nil")
    def world_is_not_nil(cls, data: IbisData) -> Any:
        t = data.table
        return (t.partner != "WLD") | t.partner.isnull() | t.thousand_yen.isnull() | (t.thousand_yen > 0)


class Commodity(Table):
    """Trade by nine-digit commodity: one row per commodity and published month, and one for the year so far."""

    exp_or_imp: types.Text = field(isin=["1", "2"])
    statistical_year: types.Integer = field(ge=1988, le=2100)
    statistical_code: types.Text = field(str_matches=r"^\d{9}$")
    statistical_month: types.Integer = field(ge=0, le=12)
    last_month: types.Integer = field(ge=1, le=12)
    unit_1: types.Text = field(nullable=True)
    unit_2: types.Text = field(nullable=True)
    quantity_1: types.BigInteger = field(ge=0)
    quantity_2: types.BigInteger = field(ge=0)
    thousand_yen: types.BigInteger = field(ge=0)
    release_stage: types.Text = field(nullable=True)

    class Config:
        name = "jpn_customs.commodity"
        unique = ["exp_or_imp", "statistical_year", "statistical_code", "statistical_month"]

    @pa.dataframe_check(error="a quantity has a unit")
    def quantity_has_a_unit(cls, data: IbisData) -> Any:
        t = data.table
        first = t.unit_1.notnull() | (t.quantity_1 == ibis.literal(0))
        return first & (t.unit_2.notnull() | (t.quantity_2 == ibis.literal(0)))


class CommodityByCountry(Commodity):
    """Trade by nine-digit commodity and country: one row for each published month, and one for the year so far."""

    country_code: types.Text = field(references="ref.place_code.code", among=("scheme", "jpn_customs"))

    class Config:
        name = "jpn_customs.commodity_by_country"
        unique = ["exp_or_imp", "statistical_year", "statistical_code", "country_code", "statistical_month"]
