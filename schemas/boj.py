"""The Bank of Japan's own table: one row per value of a time series. https://www.stat-search.boj.or.jp/api"""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import base, types
from schemas.base import Table, field, is_in
from schemas.columns import Meaning, declare

declare(
    database=Meaning("Database of the Bank of Japan that has the series"),
    series_code=Meaning("The publisher's code of the series"),
    series_name=Meaning("Name of the series"),
    survey_frequency=Meaning("Frequency of the series, as the publisher names it"),
    survey_date=Meaning(
        "Date of the value as printed: 202404 is April of a monthly series and the last quarter of a quarterly one"
    ),
    series_unit=Meaning("Unit of the series as printed"),
    updated_on=Meaning("Day the publisher last updated the table or series"),
    figure=Meaning("The figure as plain digits; NULL where a sign is printed instead"),
    mapped_unit=Meaning("The printed unit in the words of ref.unit; NULL where it is not the one expected"),
)


class SeriesValue(Table):
    """Bank of Japan, time series: one row per value that is not null, of the series that the project or a user has named."""

    database: types.Text = field(str_matches=r"^[A-Z0-9]+$")
    series_code: types.Text = field()
    series_name: types.Text = field()
    survey_frequency: types.Text = field()
    survey_date: types.Text = field(str_matches=r"^\d{4,8}$")
    series_unit: types.Text = field(nullable=True)
    updated_on: types.Date = field()
    freq: types.Text = field(isin=["A", "Q", "M"])
    period: types.Text = field()
    place: types.Text = field(references="ref.place.place")
    indicator: types.Text = field(nullable=True, references="ref.indicator.indicator")
    mapped_unit: types.Text = field(nullable=True, references="ref.unit.printed_unit")
    figure: types.Text = field(str_matches=r"^-?\d+(\.\d+)?$")

    class Config:
        name = "jpn_boj.series"
        unique = ["database", "series_code", "survey_date"]

    @pa.dataframe_check(
        error="series_code: stands in the list of series, or under the scheme boj in ref.indicator_code"
    )
    def series_is_known(cls, data: IbisData) -> Any:
        t = data.table
        named = t.database + "'" + t.series_code
        return t.indicator.notnull() | is_in(t, named, "ref.indicator_code", "code", "scheme", "boj")

    @pa.dataframe_check(error="mapped_unit: the series is printed in the unit that is expected of it")
    def unit_is_expected(cls, data: IbisData) -> Any:
        return base.unit_is_expected(data)
