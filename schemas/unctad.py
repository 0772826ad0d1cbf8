"""UNCTAD's own tables: the annex of the World Investment Report, Bilateral FDI Statistics, and the bulk file of UNCTADstat."""

from schemas import types
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    wir_report=Meaning("Year of the World Investment Report, the one after the last year its tables have", "year"),
    wir_table=Meaning("What an annex table shows: FDI inflows, outflows, inward stock or outward stock"),
    wir_line=Meaning("Line of the file, or row of the sheet, that has the figure, from 1"),
    wir_economy=Meaning("Region or economy as the table prints it, marks of footnotes taken off"),
    unctad_million_usd=Meaning(
        "Amount as printed; .. is not available, a dash nil or negligible", "million current USD"
    ),
    wir_zero_is_open=Meaning("True where this copy of the table writes 0 also for what UNCTAD leaves open"),
    unctad_footnote=Meaning("The publisher's footnote to the row or figure"),
    unctad_table=Meaning("What a bilateral table shows: FDI inflows, outflows or inward stock"),
    unctad_line=Meaning("Line of the file, from 1"),
    unctad_reporter=Meaning("ISO code of the economy that reports; the file's column area"),
    unctad_partner=Meaning(
        "Partner economy or group as printed, most names without their spaces; the file's column Reporting Economy"
    ),
    unctad_economy=Meaning("UNCTADstat's code of an economy (three digits) or group (four), as text"),
    unctad_economy_label=Meaning("UNCTADstat's name of the economy or group"),
    unctad_flow=Meaning("UNCTADstat's code: 08 flow, 09 stock"),
    unctad_flow_label=Meaning("Flow or Stock"),
    unctad_direction=Meaning("UNCTADstat's code of the direction"),
    unctad_direction_label=Meaning("Inward or Outward"),
    unctad_missing=Meaning("The publisher's word for why there is no amount"),
)

ANNEX_TABLES = ["FDI inflows", "FDI outflows", "FDI inward stock", "FDI outward stock"]
BILATERAL_TABLES = ["FDI inflows", "FDI outflows", "FDI inward stock"]
_NUMBER = r"-?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?"
_MARKS = r"\.\.|-|–|—|−|n\.a\."


class WirAnnex(Table):
    """Annex tables of the World Investment Report, one row per figure.

    Regions and economies stand in one list; the amount is text, for it may be a mark instead of a number.
    """

    wir_report: types.Integer = field(ge=1991, le=2100)
    wir_table: types.Text = field(isin=ANNEX_TABLES)
    wir_line: types.Integer = field(ge=1)
    wir_economy: types.Text = field(references="ref.place_code.code", among=("scheme", "unctad"))
    year: types.Integer = field(ge=1970, le=2100)
    unctad_million_usd: types.Text = field(str_matches=rf"^({_NUMBER}|{_MARKS})$")
    wir_zero_is_open: types.Boolean = field()
    unctad_footnote: types.Text = field(nullable=True)

    class Config:
        name = "unctad.wir"
        unique = ["wir_report", "wir_table", "wir_economy", "year"]


class Bilateral(Table):
    """Bilateral FDI Statistics 2014, merged by others: one row per reporting economy, partner or group, and year."""

    unctad_table: types.Text = field(isin=BILATERAL_TABLES)
    unctad_line: types.Integer = field(ge=2)
    unctad_reporter: types.Text = field(references="ref.place_code.code", among=("scheme", "iso3166_1_alpha3"))
    unctad_partner: types.Text = field(references="ref.place_code.code", among=("scheme", "unctad_bilateral"))
    year: types.Integer = field(ge=2001, le=2012)
    unctad_million_usd: types.Text = field(str_matches=rf"^({_NUMBER}|{_MARKS}|NA)$")

    class Config:
        name = "unctad.bilateral"
        unique = ["unctad_table", "unctad_reporter", "unctad_partner", "year"]


class FdiFlowsStock(Table):
    """UNCTADstat's US_FdiFlowsStock: inward and outward flows and stocks of every economy and group, from 1970.

    Only the amount in millions of dollars is kept; what the file computes from it (per head, shares) is not.
    """

    year: types.Integer = field(ge=1970, le=2100)
    unctad_economy: types.Text = field(references="ref.place_code.code", among=("scheme", "unctad"))
    unctad_economy_label: types.Text = field()
    unctad_flow: types.Text = field()
    unctad_flow_label: types.Text = field(isin=["Flow", "Stock"])
    unctad_direction: types.Text = field()
    unctad_direction_label: types.Text = field(isin=["Inward", "Outward"])
    unctad_million_usd: types.Text = field(nullable=True, str_matches=rf"^({_NUMBER}|{_MARKS})$")
    unctad_footnote: types.Text = field(nullable=True)
    unctad_missing: types.Text = field(nullable=True)

    class Config:
        name = "unctad.fdi"
        unique = ["year", "unctad_economy", "unctad_flow_label", "unctad_direction_label"]
