"""Tables of China's National Bureau of Statistics: National Data (https://data.stats.gov.cn), and panels copied from it.

Files of all layouts are read into one figure per row. What an indicator's Chinese name means in the warehouse is
looked up in the project's own list and added to the row; a user names others in the vocabulary of the home folder.
"""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import types, vocabulary
from schemas.base import field, is_in
from schemas.columns import Meaning, declare
from schemas.curated import NUMBER
from schemas.observations import Periodic

declare(
    nbs_name=Meaning("Name of the indicator as printed, without its unit"),
    nbs_code=Meaning("Code or id of the indicator in National Data, where the file has one"),
    region=Meaning("Name of the province, city or country as printed"),
    region_code=Meaning("NBS code of the province or city, six digits"),
    region_level=Meaning("The level of the printed name: nation, province, city, or any of them"),
)


class NbsSeries(Periodic):
    """What every layout has: the indicator, what it means, the figure with its unit."""

    dataset: types.Text = field(str_matches=r"^[a-z0-9_.]+$")
    nbs_name: types.Text = field()
    fact: types.Text = field(isin=["indicator", "trade", "fdi", "unknown"])
    indicator: types.Text = field(nullable=True, references="ref.indicator.indicator")
    flow: types.Text = field(nullable=True, isin=vocabulary.FLOWS)
    valuation: types.Text = field(nullable=True, isin=vocabulary.VALUATIONS)
    basis: types.Text = field(nullable=True, isin=vocabulary.BASES)
    concept: types.Text = field(nullable=True, references="ref.fdi_concept.concept")
    region_level: types.Text = field(isin=["nation", "province", "city", "any"])
    printed_value: types.Text = field(str_matches=NUMBER)
    printed_unit: types.Text = field(nullable=True, references="ref.unit.printed_unit")
    obs_status: types.Text = field(isin=vocabulary.OBS_STATUSES)

    @pa.dataframe_check(
        error="nbs_name: stands in the list of indicators, or under the scheme nbs in ref.indicator_code"
    )
    def indicator_is_known(cls, data: IbisData) -> Any:
        t = data.table
        return (t.fact != "unknown") | is_in(t, t.nbs_name, "ref.indicator_code", "code", "scheme", "nbs")

    @pa.dataframe_check(
        error="printed_unit: the file has it, or nbs_name stands in the list of units, ref.indicator_code under the scheme nbs"
    )
    def unit_is_known(cls, data: IbisData) -> Any:
        t = data.table
        return t.printed_unit.notnull() | is_in(t, t.nbs_name, "ref.indicator_code", "code", "scheme", "nbs")

    @pa.dataframe_check(error="printed_unit is of the kind the indicator is measured in (ref.indicator)")
    def unit_fits_indicator(cls, data: IbisData) -> Any:
        t = data.table
        return (
            t.indicator.isnull()
            | t.printed_unit.isnull()
            | is_in(t, t.indicator + " in " + t.printed_unit, "ref.indicator_unit", "pair")
        )


class NbsFigure(NbsSeries):
    """A figure of National Data: exported by hand from the old or the new site, or answered by their services.

    A cell that is empty, or that the old service marks as without data, is not published and makes no row.
    """

    nbs_code: types.Text = field(nullable=True)
    region: types.Text = field(references="ref.place_name.name", among=("language", "zh"))
    region_code: types.Text = field(nullable=True, references="ref.place_code.code", among=("scheme", "nbs"))

    class Config:
        name = "nbs.figure"
        unique = ["dataset", "region", "nbs_name", "printed_unit", "freq", "period"]


class NbsPanelFigure(NbsSeries):
    """A figure of a panel of provinces that others copied from yearbooks; nbs_name is the panel's column."""

    region: types.Text = field(references="ref.place_name.name")
    note: types.Text = field(nullable=True)

    class Config:
        name = "nbs.panel_figure"
        unique = ["dataset", "region", "nbs_name", "freq", "period"]
