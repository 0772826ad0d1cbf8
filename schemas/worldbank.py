"""The World Bank's own table, one row per figure. https://datahelpdesk.worldbank.org/knowledgebase/articles/889392"""

from schemas import types, vocabulary
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    wb_country=Meaning("The World Bank's code of an economy or aggregate, three letters"),
    wb_country_id=Meaning("The World Bank's code of an economy or aggregate, two characters; only in answers of the service"),
    wb_country_name=Meaning("Name of the economy or aggregate as printed"),
    wb_series=Meaning("Code of the World Bank's series"),
    wb_series_name=Meaning("Name of the series as printed, which states its unit and the year of constant prices"),
    wb_time=Meaning("The period as the World Bank writes it: 2016, 2016Q1, 2016M09"),
    wb_lastupdated=Meaning("Day the World Bank last updated the database the figure was taken from"),
    wb_version=Meaning("Version of the World Bank's archived database, year and month"),
)  # fmt: skip


class Wdi(Table):
    """World Development Indicators, one row per series, economy and period that is printed.

    ``..`` is printed for a missing figure. A cell that an edition's bulk table leaves blank is a row without a value, which
    withdraws the figure an earlier edition had; elsewhere a blank cell, or null, is not a row.
    """

    wb_country: types.Text = field(nullable=True, references="ref.place_code.code", among=("scheme", "world_bank"))
    wb_country_id: types.Text = field(
        nullable=True, references="ref.place_code.code", among=("scheme", "world_bank_iso2")
    )
    wb_country_name: types.Text = field(nullable=True)
    wb_series: types.Text = field(references="ref.indicator_code.code", among=("scheme", "world_bank"))
    wb_series_name: types.Text = field(nullable=True)
    wb_time: types.Text = field(str_matches=r"^\d{4}(Q[1-4]|M(0[1-9]|1[0-2]))?$")
    printed_value: types.Text = field(nullable=True, str_matches=r"^(-?\d+(\.\d+)?([eE][+-]?\d{1,3})?|\.\.)$")
    obs_status: types.Text = field(nullable=True, isin=vocabulary.OBS_STATUSES)
    wb_lastupdated: types.Date = field(nullable=True)
    wb_version: types.Text = field(nullable=True, str_matches=r"^(19|20)\d{2}(0[1-9]|1[0-2])$")

    class Config:
        name = "worldbank.wdi"
        unique = ["wb_country", "wb_country_id", "wb_series", "wb_time", "wb_version"]
