"""CEPII's own tables.

BACI: http://www.cepii.fr/DATA_DOWNLOAD/baci/doc/baci_webpage.html; GeoDist: CEPII working paper 2011-25.
"""

from typing import Any

import pandera.ibis as pa
from pandera.api.ibis.types import IbisData

from schemas import types
from schemas.base import Table, field
from schemas.columns import Meaning, declare

declare(
    t=Meaning("Year"),
    i=Meaning("Exporter, CEPII's numeric code"),
    j=Meaning("Importer, CEPII's numeric code"),
    k=Meaning("Product, HS six digits as text"),
    v=Meaning("Value of the trade flow, FOB", "thousand current USD"),
    q=Meaning("Quantity; NULL where unknown", "metric tons"),
    iso_o=Meaning("Origin, CEPII's code of three letters"),
    iso_d=Meaning("Destination, CEPII's code of three letters"),
    cepii_code=Meaning("Economy, CEPII's code of three letters"),
    geodist_column=Meaning("Name of GeoDist's column with the measure"),
    measured=Meaning("The measure as printed, a point where it is missing"),
)


class Baci(Table):
    """BACI: reconciled bilateral trade by HS6 product, one file a year.

    v is thousand current USD, FOB; q is metric tons, NA where unknown; only positive flows are in the file. In all goods the most that
    one economy has sold to another in a year is 0.6 trillion dollars.
    """

    t: types.Integer = field(ge=1988, le=2100)
    i: types.Integer = field(references="ref.place_code.code", among=("scheme", "baci"))
    j: types.Integer = field(references="ref.place_code.code", among=("scheme", "baci"))
    k: types.Text = field(str_matches=r"^[0-9]{4}[0-9A-Z]{2}$")
    v: types.Thousandths14 = field(ge=0, le=2_000_000_000)
    q: types.Thousandths14 = field(nullable=True, ge=0)

    class Config:
        name = "cepii.baci"
        unique = ["i", "j", "k"]


MEASURED = r"^(-?\d+(\.\d+)?|\.)$"


class GeoDistPairs(Table):
    """GeoDist, dist_cepii: one record for each measure of two economies, unpivoted from a column a measure.

    dist, distcap, distw and distwces are kilometres, a point where missing; the others are 1, and have no record where
    they are 0.
    """

    iso_o: types.Text = field(references="ref.place_code.code", among=("scheme", "cepii_geodist"))
    iso_d: types.Text = field(references="ref.place_code.code", among=("scheme", "cepii_geodist"))
    geodist_column: types.Text = field()
    measured: types.Text = field(str_matches=MEASURED)

    class Config:
        name = "cepii.geodist_pairs"
        unique = ["iso_o", "iso_d", "geodist_column"]

    @pa.dataframe_check(error="a tie is 1")
    def tie_is_one(cls, data: IbisData) -> Any:
        t = data.table
        return t.geodist_column.startswith("dist") | t.measured.isin(["1"])


class GeoDistPlaces(Table):
    """GeoDist, geo_cepii: one record for each measure of an economy or its first city, unpivoted.

    area is square kilometres, dis_int kilometres, lat and lon degrees, landlocked 1 or 0.
    """

    cepii_code: types.Text = field(references="ref.place_code.code", among=("scheme", "cepii_geodist"))
    geodist_column: types.Text = field()
    measured: types.Text = field(str_matches=MEASURED)

    class Config:
        name = "cepii.geodist_places"
        unique = ["cepii_code", "geodist_column"]
