"""UN Comtrade's own tables: API v1 and its other forms, the legacy API, and reports third parties made of them.

Names are the publisher's (https://comtradeapi.un.org/files/v1/app/reference/TradeDataItems.json) with underscores;
``period`` is ``period_code`` here, because it is written 202201 and not 2022-01, and ``isAggregate`` is ``is_unsd_aggregate``.
"""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import types
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    type_code=Meaning("UN Comtrade: C goods, S services"),
    freq_code=Meaning("UN Comtrade: A annual, M monthly"),
    ref_year=Meaning("UN Comtrade: year of the period"),
    period_code=Meaning("UN Comtrade: period as printed, 2022 or 202201"),
    reporter_code=Meaning("UN Comtrade: reporter's numeric code, which is not always M49 (USA 842, India 699)"),
    flow_code=Meaning("UN Comtrade: M, X, RM, RX, DX, FM or a flow of processing trade"),
    partner1_code=Meaning("UN Comtrade: partner's numeric code, 0 is all"),
    partner2_code=Meaning("UN Comtrade: second partner (country of consignment), 0 is all"),
    classification_code=Meaning("UN Comtrade: classification and edition, H0 to H6, S1 to S4, B4, B5"),
    classification_search_code=Meaning("UN Comtrade: classification the row was found under, HS is as reported"),
    is_original_classification=Meaning("UN Comtrade: true where the reporter itself used this edition, not converted"),
    cmd_code=Meaning("UN Comtrade: product code, TOTAL is all"),
    cmd_desc=Meaning("UN Comtrade: the product in words"),
    aggr_level=Meaning("UN Comtrade: number of digits of the product code, 0 for TOTAL"),
    customs_code=Meaning("UN Comtrade: customs procedure, C00 is all"),
    mos_code=Meaning("UN Comtrade: mode of supply (services only), 0 is all"),
    mot_code=Meaning("UN Comtrade: mode of transport, 0 is all"),
    qty_unit_code=Meaning("UN Comtrade: unit of quantity, -1 is none"),
    qty=Meaning("UN Comtrade: quantity in its unit; 0 where unknown"),
    is_qty_estimated=Meaning("UN Comtrade: quantity estimated by UNSD"),
    net_wgt=Meaning("UN Comtrade: net weight; 0 where unknown", "kg"),
    is_net_wgt_estimated=Meaning("UN Comtrade: net weight estimated by UNSD"),
    cif_value=Meaning("UN Comtrade: CIF value; empty or 0 where it does not apply", "USD"),
    fob_value=Meaning("UN Comtrade: FOB value; empty or 0 where it does not apply", "USD"),
    primary_value=Meaning("UN Comtrade: the value of the flow, the CIF or the FOB one", "USD"),
    is_reported=Meaning("UN Comtrade: reported by the country"),
    is_unsd_aggregate=Meaning("UN Comtrade: added up by UNSD from reported detail; true of most totals"),
    breakdown_rows=Meaning(
        "Rows of the file that break the figure down by second partner, customs procedure or transport, and are left out",
        "rows",
    ),
    surplus=Meaning("What a record has after its last named field: nothing, unless fields have shifted"),
    pf_code=Meaning(
        "UN Comtrade legacy: classification and edition (H5, S3 …); HS, ST and BE are as reported, without edition"
    ),
    rg_code=Meaning("UN Comtrade legacy: flow, 1 import, 2 export, 3 re-export, 4 re-import"),
    rt_code=Meaning("UN Comtrade legacy: reporter's numeric code"),
    pt_code=Meaning("UN Comtrade legacy: partner's numeric code, 0 is all"),
    qt_code=Meaning("UN Comtrade legacy: unit of quantity, 1 is none"),
    trade_quantity=Meaning("UN Comtrade legacy: quantity in its unit; 0 where unknown"),
    net_weight=Meaning("UN Comtrade legacy: net weight; 0 where unknown", "kg"),
    trade_value=Meaning("UN Comtrade legacy: value", "USD"),
    est_code=Meaning("UN Comtrade legacy: 2 quantity, 4 net weight, 6 both estimated by UNSD; 0 neither"),
    reporter_desc=Meaning("UN Comtrade: the reporter's English name"),
    partner_desc=Meaning("UN Comtrade: the partner's English name"),
    partner_sum=Meaning("UN Comtrade, in reports made of it: value of the flow", "USD"),
    wits_flow=Meaning("WITS: the flow in words"),
    wits_value=Meaning("WITS: value of the flow as printed", "thousand USD"),
    wits_quantity=Meaning("WITS: quantity in its unit; 0 where unknown"),
    wits_unit=Meaning("WITS: unit of the quantity, mostly Kg"),
)

#: Flows the warehouse has a name for (warehouse: schemas.vocabulary.FLOWS).
FLOWS = ["M", "X", "RX", "RM", "DX", "FM", "MIP", "MOP", "XIP", "XOP"]
CLASSIFICATIONS = ["H0", "H1", "H2", "H3", "H4", "H5", "H6", "S1", "S2", "S3", "S4", "B4", "B5"]
_CODE = r"^(TOTAL|[0-9A-Z]{1,6})$"
_PERIOD = r"^[12][0-9]{3}(0[1-9]|1[0-2])?$"


class ComtradeTrade(Table):
    """UN Comtrade, goods: one row per reporter, partner, flow, product and period.

    Values are current US dollars. Only totals over second partners, customs procedures and modes of transport are
    read; breakdown_rows counts what is left out.
    """

    type_code: types.Text = field(isin=["C"])
    freq_code: types.Text = field(isin=["A", "M"])
    ref_year: types.Integer = field(ge=1950, le=2100)
    period_code: types.Text = field(str_matches=_PERIOD)
    reporter_code: types.Text = field(references="ref.place_code.code", among=("scheme", "comtrade"))
    flow_code: types.Text = field(isin=FLOWS)
    partner1_code: types.Text = field(references="ref.place_code.code", among=("scheme", "comtrade"))
    partner2_code: types.Text = field(isin=["0"])
    classification_code: types.Text = field(isin=CLASSIFICATIONS)
    classification_search_code: types.Text = field(nullable=True)
    is_original_classification: types.Boolean = field()
    cmd_code: types.Text = field(str_matches=_CODE)
    cmd_desc: types.Text = field(nullable=True)
    aggr_level: types.Integer = field(nullable=True)
    customs_code: types.Text = field(isin=["C00"])
    mos_code: types.Text = field(isin=["0"])
    mot_code: types.Text = field(isin=["0"])
    qty_unit_code: types.Integer = field()
    qty: types.TradeAmount = field(nullable=True, ge=0)
    is_qty_estimated: types.Boolean = field(nullable=True)
    net_wgt: types.TradeAmount = field(nullable=True, ge=0)
    is_net_wgt_estimated: types.Boolean = field(nullable=True)
    cif_value: types.TradeAmount = field(nullable=True, ge=0)
    fob_value: types.TradeAmount = field(nullable=True, ge=0)
    primary_value: types.TradeAmount = field(ge=0)
    is_reported: types.Boolean = field()
    is_unsd_aggregate: types.Boolean = field()
    breakdown_rows: types.Integer = field(ge=0)
    surplus: types.Text = field(nullable=True, str_length={"max_value": 0})

    @pa.dataframe_check(error="period fits the frequency and the year: A 2022, M 202201")
    def comtrade_period_fits(cls, data: IbisData) -> Any:
        t = data.table
        length = t.period_code.length()
        fits = ((t.freq_code == "A") & (length == 4)) | ((t.freq_code == "M") & (length == 6))
        return fits & (t.period_code.left(4) == t.ref_year.cast("string"))

    @pa.dataframe_check(error="an HS code has 2, 4 or 6 digits, as many as aggr_level says (a lost leading zero?)")
    def hs_code_is_whole(cls, data: IbisData) -> Any:
        t = data.table
        length = t.cmd_code.length()
        level = t.aggr_level.fill_null(length)
        is_hs = t.classification_code.startswith("H") & (t.cmd_code != "TOTAL")
        return ~is_hs | (length.isin([2, 4, 6]) & (length == level))

    class Config:
        name = "uncomtrade.goods"
        unique = [
            "type_code", "freq_code", "classification_code", "period_code", "reporter_code", "flow_code", "partner1_code",
            "partner2_code", "cmd_code", "customs_code", "mot_code", "mos_code",
        ]  # fmt: skip


class ComtradeLegacy(Table):
    """UN Comtrade's API until 2023, in its own names; values are current US dollars.

    A file that went through a program may have lost the zero an HS code begins with; aggr_level still shows it.
    """

    pf_code: types.Text = field(isin=["HS", "ST", "BE", *CLASSIFICATIONS])
    ref_year: types.Integer = field(ge=1950, le=2100)
    period_code: types.Text = field(str_matches=_PERIOD)
    aggr_level: types.Integer = field(nullable=True)
    rg_code: types.Text = field(isin=["1", "2", "3", "4"])
    rt_code: types.Text = field(references="ref.place_code.code", among=("scheme", "comtrade"))
    pt_code: types.Text = field(references="ref.place_code.code", among=("scheme", "comtrade"))
    partner2_code: types.Text = field(nullable=True, isin=["0"])
    customs_code: types.Text = field(nullable=True, isin=["C00"])
    mot_code: types.Text = field(nullable=True, isin=["0"])
    cmd_code: types.Text = field(str_matches=_CODE)
    cmd_desc: types.Text = field(nullable=True)
    qt_code: types.Integer = field(nullable=True)
    trade_quantity: types.TradeAmount = field(nullable=True, ge=0)
    net_weight: types.TradeAmount = field(nullable=True, ge=0)
    trade_value: types.TradeAmount = field(ge=0)
    cif_value: types.TradeAmount = field(nullable=True, ge=0)
    fob_value: types.TradeAmount = field(nullable=True, ge=0)
    est_code: types.Integer = field(nullable=True, isin=[0, 2, 4, 6])
    breakdown_rows: types.Integer = field(ge=0)
    surplus: types.Text = field(nullable=True, str_length={"max_value": 0})

    @pa.dataframe_check(error="the period begins with the year")
    def legacy_period_fits(cls, data: IbisData) -> Any:
        t = data.table
        return t.period_code.left(4) == t.ref_year.cast("string")

    @pa.dataframe_check(
        error="an HS code has 2, 4 or 6 digits, or one less than aggr_level says, its leading zero lost"
    )
    def hs_code_can_be_made_whole(cls, data: IbisData) -> Any:
        t = data.table
        length = t.cmd_code.length()
        is_hs = t.pf_code.startswith("H") & (t.cmd_code != "TOTAL")
        whole = length.isin([2, 4, 6]) & (t.aggr_level.isnull() | (t.aggr_level == length))
        return ~is_hs | whole | (t.aggr_level.isin([2, 4, 6]) & (t.aggr_level == length + 1)).fill_null(False)

    class Config:
        name = "uncomtrade.legacy"
        unique = [
            "pf_code", "period_code", "rg_code", "rt_code", "pt_code", "partner2_code", "cmd_code", "customs_code", "mot_code",
        ]  # fmt: skip


class ComtradeReport(Table):
    """Tables of Centro Científico e Cultural de Macau's reports, made of UN Comtrade: places by name, one row per value."""

    ref_year: types.Integer = field(ge=1950, le=2100)
    flow_code: types.Text = field(isin=["M", "X"])
    reporter_desc: types.Text = field(references="ref.place_name.name", among=("language", "en"))
    partner_desc: types.Text = field(references="ref.place_name.name", among=("language", "en"))
    cmd_code: types.Text = field(str_matches=r"^(TOTAL|[0-9]{6})$")
    cmd_desc: types.Text = field(nullable=True)
    partner_sum: types.TradeAmount = field(ge=0)

    class Config:
        name = "uncomtrade.report"
        unique = ["ref_year", "flow_code", "reporter_desc", "partner_desc", "cmd_code"]


class ComtradeWits(Table):
    """UN Comtrade by product and partner in the World Bank's World Integrated Trade Solution (WITS): places by name."""

    ref_year: types.Integer = field(ge=1950, le=2100)
    wits_flow: types.Text = field(isin=["Import", "Export", "Re-Export", "Re-Import"])
    reporter_desc: types.Text = field(references="ref.place_name.name", among=("language", "en"))
    partner_desc: types.Text = field(references="ref.place_name.name", among=("language", "en"))
    cmd_code: types.Text = field(str_matches=r"^[0-9]{6}$")
    cmd_desc: types.Text = field(nullable=True)
    wits_value: types.Text = field(str_matches=r"^[0-9]+(\.[0-9]+)?$")
    wits_quantity: types.Quantity = field(nullable=True, ge=0)
    wits_unit: types.Text = field(nullable=True)

    class Config:
        name = "uncomtrade.wits"
        unique = ["ref_year", "wits_flow", "reporter_desc", "partner_desc", "cmd_code"]
