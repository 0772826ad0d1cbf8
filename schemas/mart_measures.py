"""The marts that hold measures of the field over facts: reconciled trade, disparity, profiles of corridors and others.

They are readings like those in :mod:`schemas.mart`; the formulas are in :mod:`schemas.formulas`, the methods of reconciliation in
:mod:`schemas.reconciliation`.
"""

from schemas import reconciliation, types
from schemas.base import Declared, Table, field, with_columns
from schemas.columns import Meaning, declare


def _text(*names: str, nullable: bool = False) -> dict[str, Declared]:
    return {name: (types.Text, field(nullable=nullable)) for name in names}


_YEAR: dict[str, Declared] = {"year": (types.Integer, field())}

declare(
    reconciliation_method=Meaning(
        "How one figure is made of what both sides publish (schemas/reconciliation.py): "
        + "; ".join(f"{m.name}: {m.rule}" for m in reconciliation.METHODS)
    ),
    method_version=Meaning("Version of the method; another version may give another value"),
    import_basis=Meaning("Whether the importer's figure has freight and insurance in it, and how that is known"),
    cif_rate=Meaning("Share of freight and insurance that was taken off the importer's figure, over its value without it", "ratio"),
    import_compared_usd=Meaning("The importer's figure without freight and insurance, as the method compares it", "USD"),
    exporter_weight=Meaning("Weight of the exporter's figure, from 0 to 1; the importer's has the rest", "ratio"),
)  # fmt: skip


@with_columns(
    _text("exporter", "exporter_name", "importer", "importer_name")
    | _YEAR
    | {
        "reconciliation_method": (types.Text, field(isin=[m.name for m in reconciliation.METHODS])),
        "method_version": (types.Text, field()),
        "mirror_status": (types.Text, field(isin=["both", "exporter_only", "importer_only"])),
        "export_usd": (types.TradeValue, field(nullable=True)),
        "import_usd": (types.TradeValue, field(nullable=True)),
    }
    | _text("import_basis", nullable=True)
    | {
        "cif_rate": (types.Double, field(nullable=True, ge=0)),
        "import_compared_usd": (types.TradeValue, field(nullable=True)),
        "exporter_weight": (types.Double, field(nullable=True, ge=0, le=1)),
        "value_usd": (types.TradeValue, field(nullable=True)),
    }
    | _text("why_not", nullable=True)
)
class MartTradeByMethod(Table):
    """One figure of the trade of a pair by each of several methods, from what exporter and importer publish of all goods.

    Choose one ``reconciliation_method`` before adding. For China and Japan the habit is ``both_import``. The value is
    ``exporter_weight`` times ``export_usd`` plus the rest times ``import_compared_usd``; where there is none, ``why_not`` says why. The ``…_like``
    methods are after their models and not equal to them: their weights are estimated from the pairs that are loaded.
    """

    class Config:
        name = "mart.trade_by_method"
        unique = ["exporter", "importer", "year", "reconciliation_method"]


VIEWS: tuple[type[Table], ...] = (MartTradeByMethod,)
