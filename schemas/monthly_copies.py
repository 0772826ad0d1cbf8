"""Korea's and the United States' trade with China by month, as one collector copied the publishers' columns."""

from typing import Any

import ibis
import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import types
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    heading=Meaning("Heading of the figure's column, as printed"),
    partner_label=Meaning("Partner as the publisher prints it"),
    printed_month=Meaning("Month as printed: 2001.01, January 2001"),
    exports_thousand_usd=Meaning("Exports", "thousand USD"),
    imports_thousand_usd=Meaning("Imports", "thousand USD"),
    exports_million_usd=Meaning("Exports", "million USD"),
    imports_million_usd=Meaning("Imports", "million USD"),
    balance_million_usd=Meaning("Exports less imports, as printed", "million USD"),
)

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"


class KoreaCopy(Table):
    """Korea's trade with China by month, thousand USD, one row per month and direction. The month is text: 2001.10 read as a number is January."""

    partner_label: types.Text = field(isin=["China, peoples' republic of"])
    printed_month: types.Text = field(str_matches=r"^\d{4}\.(0[1-9]|1[0-2])$")
    heading: types.Text = field(isin=["Exports", "Imports"])
    exports_thousand_usd: types.BigInteger = field(gt=0)
    imports_thousand_usd: types.BigInteger = field(gt=0)

    class Config:
        name = "kor_kosis.china_copy"
        unique = ["printed_month", "heading"]


class CensusCopy(Table):
    """The United States' trade in goods with China by month, million USD, one row per month and direction."""

    printed_month: types.Text = field(str_matches=rf"^({_MONTH}) \d{{4}}$")
    heading: types.Text = field(isin=["Exports", "Imports"])
    exports_million_usd: types.Thousandths14 = field(gt=0)
    imports_million_usd: types.Thousandths14 = field(gt=0)
    balance_million_usd: types.Thousandths14 = field()

    class Config:
        name = "usa_census.china_copy"
        unique = ["printed_month", "heading"]

    @pa.dataframe_check(error="the balance is exports less imports, but for rounding")
    def balance_is_the_difference(cls, data: IbisData) -> Any:
        t = data.table
        return (t.exports_million_usd - t.imports_million_usd - t.balance_million_usd).abs() <= ibis.literal(0.15)
