"""Tables of the United Nations Statistics Division in which the codes of two classifications correspond."""

from schemas import types, vocabulary
from schemas.base import Table, field


class UnsdCorrelation(Table):
    """A pair of codes of a workbook or CSV file, from the newer to the older classification, as in ref.correlation."""

    from_classification: types.Text = field(references="ref.product.classification")
    from_product: types.Text = field(str_matches=r"^[0-9]+$", references="ref.product.product")
    to_classification: types.Text = field(references="ref.product.classification")
    to_product: types.Text = field(str_matches=r"^[0-9]+$", references="ref.product.product")
    relation: types.Text = field(nullable=True, isin=vocabulary.RELATIONS)
    is_correlation: types.Boolean = field()
    is_conversion: types.Boolean = field()
    family: types.Text = field(nullable=True)

    class Config:
        name = "unsd.correlation"
        unique = ["from_classification", "to_classification", "from_product", "to_product"]
