"""The International Monetary Fund's own tables: an observation a row, with the attributes that bear on the figure."""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import types, vocabulary
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    imf_country=Meaning("IMF's code of the reporting economy or group: three letters, or G001, GX170, U150 and such"),
    imf_counterpart=Meaning("IMF's code of the counterpart economy, group or rest"),
    imf_indicator=Meaning("IMF's code of the indicator"),
    imf_frequency=Meaning("A year, Q quarter, M month"),
    imf_period=Meaning("The period as the IMF writes it: 2024, 2025-Q1, 2026-M04"),
    imf_value=Meaning("The value as printed, in imf_unit; NaN or nothing where there is none"),
    imf_unit=Meaning("What the value is printed in, by the form of the message (ref.unit)"),
    imf_currency=Meaning("The currency the message names, where it does"),
    imf_scale=Meaning("The power of ten the IMF displays the value with; answers of the service are not scaled by it"),
    imf_status=Meaning("IMF's status of the observation (SDMX)"),
    imf_derivation=Meaning("How the IMF came by the figure: O reported, R raw, M mixed, SE and SP estimated"),
    imf_dv_type=Meaning("O reported by the economy, SCC derived from what its counterparts report"),
    imf_transformation=Meaning("PA_RT average of the period, EOP_RT end of the period"),
    imf_updated=Meaning("When the IMF last changed the data set, where the message states it"),
)

_NUMBER = r"^(-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|NaN)$"
_PERIOD = r"^[0-9]{4}(-Q[1-4]|-M?(0[1-9]|1[0-2]))?$"
_STATUSES = [*vocabulary.OBS_STATUSES, "C"]
_CODES = "ref.place_code.code"

#: Direction, side (net, gross assets, gross liabilities), instrument and entity of a position.
DIP_INDICATORS = [
    f"{way}_D_{part}"
    for way, net in (("INWD", "NETLA"), ("OTWD", "NETAL"))
    for part in (
        f"{net}_FALL_ALL", f"{net}_F51_ALL", f"{net}_FL_ALL", f"{net}_FALL_FE", f"{net}_FL_RFI", f"{net}_FL_REXFI",
        "AG_FALL_FE", "LG_FALL_FE", "AG_FL_ALL", "LG_FL_ALL",
    )
]  # fmt: skip


#: Indicators of the survey that DIP was until 2025, of all instruments net, and what they are in DIP.
FORMER_CDIS = {"IIW_BP6_USD": "INWD_D_NETLA_FALL_ALL", "IOW_BP6_USD": "OTWD_D_NETAL_FALL_ALL"}


class _Observed(Table):
    """What all of the IMF's observations have."""

    imf_frequency: types.Text = field(isin=["A", "Q", "M"])
    imf_period: types.Text = field(str_matches=_PERIOD)
    imf_value: types.Text = field(nullable=True, str_matches=_NUMBER)
    imf_scale: types.Text = field(nullable=True, str_matches=r"^[0-9]+$")
    imf_status: types.Text = field(nullable=True, isin=_STATUSES)
    imf_derivation: types.Text = field(nullable=True)
    imf_updated: types.Text = field(nullable=True, str_matches=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}")

    @pa.dataframe_check(error="imf_period is written as imf_frequency asks: A 2016, Q 2016-Q1, M 2016-M09 or 2016-09")
    def period_is_of_its_frequency(cls, data: IbisData) -> Any:
        t = data.table
        quarterly, yearly = t.imf_period.contains("Q"), t.imf_period.length() == 4
        return ((t.imf_frequency == "A") == yearly) & ((t.imf_frequency == "Q") == quarterly)


class Imts(_Observed):
    """International Trade in Goods by partner country: goods, all together, in US dollars."""

    imf_country: types.Text = field(references=_CODES, among=("scheme", "imf"))
    imf_indicator: types.Text = field(isin=["XG_FOB_USD", "MG_CIF_USD", "MG_FOB_USD"])
    imf_counterpart: types.Text = field(references=_CODES, among=("scheme", "imf"))
    imf_unit: types.Text = field(references="ref.unit.printed_unit")
    imf_currency: types.Text = field(nullable=True, isin=["USD"])

    class Config:
        name = "imf.imts"
        unique = ["imf_country", "imf_indicator", "imf_counterpart", "imf_frequency", "imf_period"]


class Dots(_Observed):
    """Direction of Trade Statistics, what IMTS was called until 2025, as its former service answered."""

    imf_country: types.Text = field(references=_CODES, among=("scheme", "imf_dots"))
    imf_indicator: types.Text = field(isin=["TXG_FOB_USD", "TMG_CIF_USD", "TMG_FOB_USD"])
    imf_counterpart: types.Text = field(references=_CODES, among=("scheme", "imf_dots"))
    imf_unit: types.Text = field(references="ref.unit.printed_unit")
    imf_currency: types.Text = field(nullable=True, isin=["USD"])

    class Config:
        name = "imf.dots"
        unique = ["imf_country", "imf_indicator", "imf_counterpart", "imf_frequency", "imf_period"]


class DotsTable(Dots):
    """Direction of Trade Statistics in the tables of data.imf.org until 2025, with numeric codes."""

    imf_country: types.Text = field(references=_CODES, among=("scheme", "imf_numeric"))
    imf_counterpart: types.Text = field(references=_CODES, among=("scheme", "imf_numeric"))

    class Config:
        name = "imf.dots_table"
        unique = ["imf_country", "imf_indicator", "imf_counterpart", "imf_frequency", "imf_period"]


class Dip(_Observed):
    """Direct Investment Positions by counterpart economy (formerly CDIS), in US dollars, at the end of the year."""

    imf_country: types.Text = field(references=_CODES, among=("scheme", "imf"))
    imf_dv_type: types.Text = field(isin=["O", "SCC"])
    imf_indicator: types.Text = field(isin=DIP_INDICATORS)
    imf_counterpart: types.Text = field(references=_CODES, among=("scheme", "imf"))
    imf_unit: types.Text = field(references="ref.unit.printed_unit")
    imf_currency: types.Text = field(nullable=True, isin=["USD"])

    class Config:
        name = "imf.dip"
        unique = ["imf_country", "imf_dv_type", "imf_indicator", "imf_counterpart", "imf_frequency", "imf_period"]


class CdisTable(Dip):
    """The Coordinated Direct Investment Survey in the tables of data.imf.org until 2025, with numeric codes, and DIP's of indicators."""

    imf_country: types.Text = field(references=_CODES, among=("scheme", "imf_numeric"))
    imf_counterpart: types.Text = field(references=_CODES, among=("scheme", "imf_numeric"))

    class Config:
        name = "imf.cdis_table"
        unique = ["imf_country", "imf_dv_type", "imf_indicator", "imf_counterpart", "imf_frequency", "imf_period"]


class Er(_Observed):
    """Exchange Rates: an economy's currency against the US dollar."""

    imf_country: types.Text = field(references=_CODES, among=("scheme", "imf"))
    imf_indicator: types.Text = field(isin=["XDC_USD", "USD_XDC"])
    imf_transformation: types.Text = field(isin=["PA_RT", "EOP_RT"])
    imf_scale: types.Text = field(nullable=True, isin=["0"])

    class Config:
        name = "imf.er"
        unique = ["imf_country", "imf_indicator", "imf_transformation", "imf_frequency", "imf_period"]
