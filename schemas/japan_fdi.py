"""Tables of Japan's direct investment by country, as the Bank of Japan and JETRO publish them in workbooks."""

from schemas import types, vocabulary
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    sheet_name=Meaning("Name of the sheet of the workbook"),
    country_label=Meaning("Country or area, as the row is labelled"),
    label_code=Meaning("The label in capitals; Others are preceded by their area"),
    column_label=Meaning("Heading of the column as printed: a year, or an industry"),
    investment_year=Meaning("Calendar year of the flow, or the year at the end of which the position is"),
    manual=Meaning("Manual by which the balance of payments was compiled: bpm5 or bpm6"),
    is_break=Meaning("True in the first year of a manual"),
    printed_note=Meaning("Marks printed beside the figure or its heading, and what a sign means"),
    figure=Meaning("The figure as plain digits; NULL where a sign is printed instead"),
    printed_figure=Meaning("The figure or the sign as printed"),
)


class DirectInvestment(Table):
    """Direct investment by country: one row per cell of a sheet that is not blank."""

    sheet_name: types.Text = field()
    accounting: types.Text = field(isin=["flow", "position"])
    direction: types.Text = field(isin=["inward", "outward"])
    principle: types.Text = field(isin=vocabulary.PRINCIPLES)
    country_label: types.Text = field()
    label_code: types.Text = field(references="ref.place_code.code", among=("scheme", "jpn_label"))
    column_label: types.Text = field()
    industry: types.Text = field(str_length={"min_value": 1})
    investment_year: types.Integer = field(ge=1950, le=2100)
    manual: types.Text = field(isin=["bpm5", "bpm6"])
    is_break: types.Boolean = field()
    printed_unit: types.Text = field(isin=["USD million", "JPY 100 million"])
    figure: types.Text = field(nullable=True, str_matches=r"^-?\d+(\.\d+)?$")
    printed_figure: types.Text = field()
    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)
    printed_note: types.Text = field(nullable=True)

    class Config:
        name = "japan_fdi.direct_investment"
        unique = ["accounting", "direction", "label_code", "industry", "investment_year"]
