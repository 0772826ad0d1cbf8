"""Eurostat's own tables of direct investment (BPM6): bop_fdi6_geo, _pos, _flow, _inc."""

from schemas import types
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    estat_table=Meaning("Eurostat: code of the table, in lower case"),
    estat_updated=Meaning("Eurostat: when the table was last updated, as printed"),
    estat_freq=Meaning("Eurostat: frequency"),
    estat_currency=Meaning("Eurostat: unit, MIO_EUR is million euro"),
    estat_nace_r2=Meaning("Eurostat: activity (NACE 2), FDI is all; NULL in tables without it"),
    estat_indic_bp=Meaning("Eurostat: STOCKS, FLOWS or INCOME; NULL in tables that hold but one"),
    estat_fdi_item=Meaning("Eurostat: direct investment in the reporting economy (DI__…) or abroad (DO__…), and its instrument"),
    estat_entity=Meaning("Eurostat: TOTAL all resident units, SPE special purpose entities; NULL in tables without it"),
    estat_counterp=Meaning("Eurostat: IMM immediate, ULT ultimate counterpart; NULL in tables without it"),
    estat_stk_flow=Meaning("Eurostat: NI, NO, II, IO the net; LIAB, ASS, CRE, DEB one side; NULL in tables without it"),
    estat_partner=Meaning("Eurostat: counterpart, WRL_REST is all"),
    estat_geo=Meaning("Eurostat: reporting economy; Greece is EL, the United Kingdom UK"),
    estat_time=Meaning("Eurostat: the period"),
    estat_value=Meaning("Eurostat: the value as printed", "million EUR"),
    estat_flag=Meaning("Eurostat: flags of status, letters; c is confidential"),
    estat_conf=Meaning("Eurostat: confidentiality status, apart from the flags since January 2025"),
)  # fmt: skip

#: Direct investment inward or outward: all, equity without reinvested earnings, reinvested earnings, equity, debt; its income.
FDI_ITEMS = r"^D[IO]__(D__(F|F5|F5A|F5B|FL)|D4P__D__F|D42S__D__F5|D43S__D__F5|D4[0-9A-Z]*__D__FL)$"


class EurostatFdi(Table):
    """One cell of a table of direct investment in Eurostat's cube.

    The value is in millions of euro. Cells without value and flag are in no file; a flag without a value gives the reason.
    """

    estat_table: types.Text = field(isin=["bop_fdi6_geo", "bop_fdi6_pos", "bop_fdi6_flow", "bop_fdi6_inc"])
    estat_updated: types.Text = field(nullable=True, str_matches=r"^(\d{4}-\d{2}-\d{2}|\d{2}/\d{2}/\d{2})")
    estat_freq: types.Text = field(isin=["A", "Q"])
    estat_currency: types.Text = field(isin=["MIO_EUR"])
    estat_nace_r2: types.Text = field(nullable=True)
    estat_indic_bp: types.Text = field(nullable=True, isin=["STOCKS", "FLOWS", "INCOME"])
    estat_fdi_item: types.Text = field(str_matches=FDI_ITEMS)
    estat_entity: types.Text = field(nullable=True)
    estat_counterp: types.Text = field(nullable=True)
    estat_stk_flow: types.Text = field(nullable=True, isin=["NI", "NO", "II", "IO", "LIAB", "ASS", "CRE", "DEB"])
    estat_partner: types.Text = field(references="ref.place_code.code", among=("scheme", "eurostat"))
    estat_geo: types.Text = field(references="ref.place_code.code", among=("scheme", "eurostat"))
    estat_time: types.Text = field()
    estat_value: types.Text = field(
        nullable=True, str_matches=r"^(-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|:|NaN)$"
    )
    estat_flag: types.Text = field(nullable=True, str_matches=r"^[a-z]+$")
    estat_conf: types.Text = field(nullable=True)

    class Config:
        name = "eurostat.fdi"
        unique = [
            "estat_table", "estat_freq", "estat_currency", "estat_nace_r2", "estat_indic_bp", "estat_fdi_item", "estat_entity",
            "estat_counterp", "estat_stk_flow", "estat_partner", "estat_geo", "estat_time",
        ]  # fmt: skip
