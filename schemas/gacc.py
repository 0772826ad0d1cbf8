"""Tables of China's customs (GACC): results of its online query exported by hand, and its monthly bulletin in English."""

from typing import Any

import ibis
import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import checks, types, vocabulary
from schemas.base import Table, field
from schemas.columns import Meaning, declare
from schemas.curated import NUMBER
from schemas.observations import Periodic

declare(
    year_month=Meaning("Month of the figure as printed, such as 202401 (数据年月)"),
    product_printed=Meaning("Product code as printed: two, four, six or eight digits (商品编码)"),
    product_name_zh=Meaning("Name of the product in Chinese (商品名称)"),
    partner_code=Meaning(
        "China Customs' code of the partner; empty where the query was not grouped by partner (贸易伙伴编码)"
    ),
    partner_name_zh=Meaning("Name of the partner in Chinese (贸易伙伴名称)"),
    registered_code=Meaning(
        "Code of the province the trading firm is registered in; empty for the nation (注册地编码)"
    ),
    registered_name_zh=Meaning("Name of the province the trading firm is registered in (注册地名称)"),
    first_quantity=Meaning("First quantity (第一数量)"),
    first_unit=Meaning("Unit of the first quantity, in Chinese (第一计量单位)"),
    second_quantity=Meaning("Second quantity (第二数量)"),
    second_unit=Meaning("Unit of the second quantity, in Chinese (第二计量单位)"),
    partner_printed=Meaning("Name of the partner or of a group of partners in English, as printed"),
    printed_opposite=Meaning("The same partner's trade the other way, as printed in the same row"),
    printed_total=Meaning("Exports and imports together, as printed in the same row"),
)


class GaccQuery(Table):
    """One row of an export of stats.customs.gov.cn; only the file's name states whether it is of exports or imports."""

    year_month: types.Text = field(str_matches=r"^(19|20)[0-9]{2}(0[1-9]|1[0-2])$")
    flow: types.Text = field(isin=vocabulary.FLOWS)
    product_printed: types.Text = field(nullable=True, str_matches=r"^([0-9]{2}){1,4}$")
    product_name_zh: types.Text = field(nullable=True)
    partner_code: types.Text = field(nullable=True, references="ref.place_code.code", among=("scheme", "gacc"))
    partner_name_zh: types.Text = field(nullable=True)
    registered_code: types.Text = field(
        nullable=True, references="ref.place_code.code", among=("scheme", "gacc_registered")
    )
    registered_name_zh: types.Text = field(nullable=True)
    first_quantity: types.TradeAmount = field(nullable=True, ge=0)
    first_unit: types.Text = field(nullable=True)
    second_quantity: types.TradeAmount = field(nullable=True, ge=0)
    second_unit: types.Text = field(nullable=True)
    printed_value: types.Text = field(str_matches=NUMBER)
    printed_unit: types.Text = field(references="ref.unit.printed_unit", among=("kind", "money"))

    class Config:
        name = "gacc.query"
        unique = ["year_month", "flow", "product_printed", "partner_code", "registered_code"]


class GaccBulletin(Periodic):
    """One figure of the bulletin's table of imports and exports by country: a flow, for the month or since January.

    Continents and groups such as ASEAN are listed among the countries. A dash means that there is no figure: nil, or too small to print.
    """

    partner_printed: types.Text = field(references="ref.place_code.code", among=("scheme", "gacc_en"))
    flow: types.Text = field(isin=vocabulary.FLOWS)
    printed_value: types.Text = field(nullable=True, str_matches=NUMBER)
    printed_opposite: types.Text = field(nullable=True, str_matches=NUMBER)
    printed_total: types.Text = field(nullable=True, str_matches=NUMBER)
    printed_unit: types.Text = field(references="ref.unit.printed_unit", among=("kind", "money"))
    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)

    @pa.dataframe_check(error="a value is missing exactly where obs_status says so")
    def missing_value_has_a_reason(cls, data: IbisData) -> Any:
        return checks.missing_value_has_a_reason(data, "printed_value")

    @pa.dataframe_check(error="exports and imports add up to the printed total, to two of the last digit")
    def adds_up(cls, data: IbisData) -> Any:
        t = data.table
        parts, total = (
            sum((t[name].try_cast("decimal(18, 3)").fill_null(0) for name in names), ibis.literal(0))
            for names in (("printed_value", "printed_opposite"), ("printed_total",))
        )
        return (parts - total).abs() <= 2

    class Config:
        name = "gacc.bulletin"
        unique = ["partner_printed", "flow", "freq", "period"]
