"""e-Stat's own table: one row per VALUE of getStatsData. https://www.e-stat.go.jp/api/api-info/e-stat-manual3-0"""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import base, types, vocabulary
from schemas.base import Table, field, is_in
from schemas.columns import Meaning, declare

declare(
    stats_data_id=Meaning("Number of the table in e-Stat"),
    table_title=Meaning("Title of the table, as e-Stat gives it"),
    updated_on=Meaning("Day the publisher last updated the table or series"),
    dimensions=Meaning("Codes of the cell in all dimensions but area and time: tab=001 cat01=008"),
    dimension_names=Meaning("Names of these codes, where the answer brings them"),
    area_code=Meaning("Area in e-Stat's five digits: 00000 Japan, 01000 Hokkaido"),
    time_code=Meaning("Time in e-Stat's ten digits: 2011000000 a year, 2011100000 a fiscal year, 2011000101 January"),
    figure=Meaning("The figure as plain digits; NULL where a sign is printed instead"),
    printed_figure=Meaning("The figure or the sign as printed"),
    mapped_unit=Meaning("The printed unit in the words of ref.unit; NULL where it is not the one expected"),
    sign_meaning=Meaning(
        "What the table's notes say of the sign that is printed instead of a figure, and that it is of a fiscal year"
    ),
)


class StatsData(Table):
    """e-Stat, getStatsData: one row per cell that the project or a user has named. Values and codes are text."""

    stats_data_id: types.Text = field(str_matches=r"^\d{10}$")
    table_title: types.Text = field()
    updated_on: types.Date = field()
    dimensions: types.Text = field()
    dimension_names: types.Text = field(nullable=True)
    area_code: types.Text = field(references="ref.place_code.code", among=("scheme", "estat_area"))
    time_code: types.Text = field(str_matches=r"^\d{10}$")
    freq: types.Text = field(isin=["A", "Q", "M"])
    period: types.Text = field()
    indicator: types.Text = field(nullable=True, references="ref.indicator.indicator")
    mapped_unit: types.Text = field(nullable=True, references="ref.unit.printed_unit")
    figure: types.Text = field(nullable=True, str_matches=r"^-?\d+(\.\d+)?$")
    printed_figure: types.Text = field()
    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)
    sign_meaning: types.Text = field(nullable=True)

    class Config:
        name = "jpn_estat.stats_data"
        unique = ["stats_data_id", "dimensions", "area_code", "time_code"]

    @pa.dataframe_check(
        error="dimensions: stands in the list of cells, or with its table under the scheme estat in ref.indicator_code"
    )
    def cell_is_known(cls, data: IbisData) -> Any:
        t = data.table
        named = t.stats_data_id + " " + t.dimensions
        return t.indicator.notnull() | is_in(t, named, "ref.indicator_code", "code", "scheme", "estat")

    @pa.dataframe_check(error="mapped_unit: the cell is printed in the unit that is expected of it")
    def unit_is_expected(cls, data: IbisData) -> Any:
        return base.unit_is_expected(data)
