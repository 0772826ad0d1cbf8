"""CEPII's own tables. BACI: http://www.cepii.fr/DATA_DOWNLOAD/baci/doc/baci_webpage.html"""

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
)


class Baci(Table):
    """BACI: reconciled bilateral trade by HS6 product, one file a year.

    v is thousand current USD, FOB; q is metric tons, NA where unknown; only positive flows are in the file.
    """

    t: types.Integer = field(ge=1988, le=2100)
    i: types.Integer = field(references="ref.place_code.code", among=("scheme", "baci"))
    j: types.Integer = field(references="ref.place_code.code", among=("scheme", "baci"))
    k: types.Text = field(str_matches=r"^[0-9]{4}[0-9A-Z]{2}$")
    v: types.Thousandths14 = field(ge=0)
    q: types.Thousandths14 = field(nullable=True, ge=0)

    class Config:
        name = "cepii.baci"
        unique = ["i", "j", "k"]
