"""The OECD's own tables, as its SDMX service and its Data Explorer give them in CSV."""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import types, vocabulary
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    oecd_dataflow=Meaning("OECD: agency, structure, dataflow and version the record belongs to"),
    oecd_action=Meaning("OECD: I information, D a record that was deleted since; NULL where the form has none"),
    oecd_ref_area=Meaning("OECD: reporting economy"),
    oecd_counterpart_area=Meaning("OECD: counterpart economy or group, W is all"),
    oecd_measure=Meaning("OECD: what is measured, such as T_FA_F flows, LE_FA_F positions, T_D4P_F income"),
    oecd_unit_measure=Meaning("OECD: unit of measure, such as USD_EXC (converted to dollars) or PT_IM_CIF"),
    oecd_measure_principle=Meaning("OECD: DI inward, DO outward (directional principle), A asset/liability principle"),
    oecd_accounting_entry=Meaning("OECD: NET_FDI the net, A assets, L liabilities"),
    oecd_type_entity=Meaning("OECD: ALL resident units, ROU without special purpose entities, RSP these alone"),
    oecd_fdi_comp=Meaning("OECD: component of direct investment, D is all"),
    oecd_sector=Meaning("OECD: institutional sector, S1 is all"),
    oecd_level_counterpart=Meaning("OECD: IMC immediate counterpart; another code is the ultimate one"),
    oecd_activity=Meaning("OECD: economic activity (ISIC 4), _T is all"),
    oecd_freq=Meaning("OECD: frequency"),
    oecd_collection=Meaning("OECD: the questionnaire the figure comes from"),
    oecd_time_period=Meaning("OECD: the period, in SDMX text"),
    oecd_value=Meaning("OECD: the value as printed; nothing, or NaN, where it is missing or confidential"),
    oecd_obs_status=Meaning("OECD: SDMX observation status; A is also given for empty values"),
    oecd_unit_mult=Meaning("OECD: power of ten the value is to be multiplied by; 6 is millions"),
    oecd_conf_status=Meaning("OECD: SDMX confidentiality status, F is free"),
    oecd_currency=Meaning("OECD: currency of the value"),
    oecd_decimals=Meaning("OECD: decimals the publisher shows"),
    oecd_product_type=Meaning("OECD: kind of product, C is goods"),
    oecd_product=Meaning("OECD: product of HS 2017, _T is all"),
    oecd_methodology=Meaning("OECD: how the figure was estimated"),
)

VALUE = r"^(-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|NaN)$"
#: Flows, positions and income: all of it, and by instrument.
FDI_MEASURES = (
    r"^(T_FA_F|T_FA_F5A|T_FA_F5B|T_FA_FL|LE_FA_F|LE_FA_F5|LE_FA_FL|T_D4P_F|T_D42S_F5|T_D43S_F5|T_D4[0-9A-Z]*_FL)$"
)


class FdiBmd4(Table):
    """Foreign direct investment statistics by the Benchmark Definition, fourth edition, one record per figure.

    The value is in 10 to the power of the unit multiplier of the currency: millions, which must be multiplied out.
    """

    oecd_dataflow: types.Text = field(str_matches=r"^.*DSD_FDI@DF_FDI_")
    oecd_action: types.Text = field(nullable=True, isin=["I", "A", "R", "M"])
    oecd_ref_area: types.Text = field(references="ref.place_code.code", among=("scheme", "oecd"))
    oecd_measure: types.Text = field(str_matches=FDI_MEASURES)
    oecd_unit_measure: types.Text = field()
    oecd_measure_principle: types.Text = field(isin=["DI", "DO", "A"])
    oecd_accounting_entry: types.Text = field(isin=["NET_FDI", "A", "L"])
    oecd_type_entity: types.Text = field(isin=["ALL", "ROU", "RSP"])
    oecd_fdi_comp: types.Text = field()
    oecd_sector: types.Text = field()
    oecd_counterpart_area: types.Text = field(references="ref.place_code.code", among=("scheme", "oecd"))
    oecd_level_counterpart: types.Text = field()
    oecd_activity: types.Text = field()
    oecd_freq: types.Text = field(isin=["A", "Q"])
    oecd_collection: types.Text = field(nullable=True)
    oecd_time_period: types.Text = field()
    oecd_value: types.Text = field(nullable=True, str_matches=VALUE)
    oecd_obs_status: types.Text = field(nullable=True, isin=vocabulary.OBS_STATUSES)
    oecd_unit_mult: types.Integer = field(isin=[0, 3, 6, 9])
    oecd_conf_status: types.Text = field(nullable=True)
    oecd_currency: types.Text = field(nullable=True, str_matches=r"^[A-Z]{3}$")
    oecd_decimals: types.Text = field(nullable=True)

    class Config:
        name = "oecd.fdi"
        unique = [
            "oecd_dataflow", "oecd_ref_area", "oecd_measure", "oecd_unit_measure", "oecd_measure_principle",
            "oecd_accounting_entry", "oecd_type_entity", "oecd_fdi_comp", "oecd_sector", "oecd_counterpart_area",
            "oecd_level_counterpart", "oecd_activity", "oecd_freq", "oecd_collection", "oecd_time_period",
        ]  # fmt: skip

    @pa.dataframe_check(error="USD_EXC is in dollars, any other unit names its currency")
    def currency_fits_unit(cls, data: IbisData) -> Any:
        t = data.table
        dollars = t.oecd_currency.isnull() | (t.oecd_currency == "USD")
        return ((t.oecd_unit_measure == "USD_EXC") & dollars) | (
            (t.oecd_unit_measure != "USD_EXC") & t.oecd_currency.notnull()
        )

    @pa.dataframe_check(error="the net belongs to DI and DO, assets or liabilities alone to all three")
    def entry_fits_principle(cls, data: IbisData) -> Any:
        t = data.table
        return (t.oecd_measure_principle != "A") | (t.oecd_accounting_entry != "NET_FDI")


class Itic(Table):
    """International transport and insurance costs of merchandise trade, one record per importer, exporter and year.

    The value is the cost in percent of the imports at CIF prices (PT_IM_CIF): the CIF value times one less this is the FOB
    value. Most are imputed by the OECD.
    """

    oecd_dataflow: types.Text = field(str_matches=r"^.*DSD_ITIC@DF_ITIC")
    oecd_action: types.Text = field(nullable=True, isin=["I", "A", "R", "M"])
    oecd_ref_area: types.Text = field(references="ref.place_code.code", among=("scheme", "oecd"))
    oecd_counterpart_area: types.Text = field(references="ref.place_code.code", among=("scheme", "oecd"))
    oecd_measure: types.Text = field(isin=["C_F"])
    oecd_product_type: types.Text = field(isin=["C"])
    oecd_product: types.Text = field(isin=["_T"])
    oecd_freq: types.Text = field(isin=["A"])
    oecd_unit_measure: types.Text = field(isin=["PT_IM_CIF"])
    oecd_time_period: types.Text = field()
    oecd_value: types.Text = field(nullable=True, str_matches=VALUE)
    oecd_obs_status: types.Text = field(nullable=True, isin=vocabulary.OBS_STATUSES)
    oecd_methodology: types.Text = field(nullable=True)
    oecd_unit_mult: types.Integer = field(isin=[0])
    oecd_decimals: types.Text = field(nullable=True)

    class Config:
        name = "oecd.itic"
        unique = [
            "oecd_ref_area", "oecd_counterpart_area", "oecd_measure", "oecd_product_type", "oecd_product", "oecd_freq",
            "oecd_unit_measure", "oecd_time_period",
        ]  # fmt: skip
