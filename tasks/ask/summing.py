"""Which columns of a mart must have one value in a sum, and what is added where they have several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Dimension:
    """Columns of which one must be fixed before amounts are added; the first tells what is mixed.

    ``listed`` are those for which a list of values is as good as one, since who names them means their sum. ``required`` is
    the value that is needed, if it is one.
    """

    columns: tuple[str, ...]
    mixed: str
    condition: str
    listed: tuple[str, ...] = ()
    required: str = ""


_OF_FIGURES = (
    Dimension(("is_preferred",), "figures of several publishers and editions", "is_preferred", required="true"),
    Dimension(("freq",), "years, quarters, months and cumulative periods", "freq = 'A'"),
)

_UNIT = Dimension(("unit",), "amounts in different units", "unit = 'CNY'")

#: What a mart needs that has the first of the columns.
_OF_COLUMNS = (
    Dimension(("flow",), "exports, imports and parts of them", "flow = 'export'", listed=("flow",)),
    Dimension(
        ("product_level", "product", "product_name"),
        "all goods and their parts",
        "product_level = 'total'",
        listed=("product", "product_name"),
    ),
    Dimension(("concept",), "different concepts of investment", "concept = 'mofcom_utilised'"),
    Dimension(("accounting",), "flows, positions and income", "accounting = 'flow'"),
    Dimension(("direction",), "inward and outward investment", "direction = 'inward'"),
    Dimension(("indicator", "indicator_name"), "different indicators", "indicator = 'gdp'"),
    _UNIT,
    Dimension(("counting_unit",), "different counting units", "counting_unit = 'bases'"),
)

#: What may have several values in a sum that is right: only the rows that are added tell.
_OF_ROWS = (
    Dimension(("measurement",), "figures as reported and as derived or reconciled", "measurement = 'reported'"),
    Dimension(("classification",), "editions of the classification", "classification = 'HS2012'"),
    Dimension(("basis",), "trade by the operator's and by the goods' place", "basis = 'goods_place'"),
    Dimension(("principle",), "directional and asset/liability figures", "principle = 'directional'"),
    Dimension(("instrument",), "instruments and their total", "instrument = 'total'"),
    Dimension(("industry",), "industries and their total", "industry = 'TOTAL'"),
)

#: Along which a fact is added to a published total; one that has products or months has the total of all of these.
_AXES_OF_PLACES = ("partner", "counterpart", "origin", "origin_region", "place")
_AXES_OF_PARTS = ("product", "month")
#: Whose total it is.
_HOLDERS = ("reporter", "province", "economy")


def dimensions_of(columns: Sequence[str], amounts: frozenset[str]) -> tuple[Dimension, ...]:
    """What must be fixed in a mart with these columns before these amounts of it are added."""
    of_figures = _OF_FIGURES if "is_preferred" in columns else ()
    of_columns = tuple(d for d in _OF_COLUMNS if d.columns[0] in columns and (d is not _UNIT or "value" in amounts))
    return (*of_figures, *of_columns, *_places(columns))


def dimensions_of_rows(columns: Sequence[str]) -> tuple[Dimension, ...]:
    """What must be fixed as well, where the rows that are added have several values of it."""
    return tuple(d for d in _OF_ROWS if d.columns[0] in columns)


def _places(columns: Sequence[str]) -> Iterator[Dimension]:
    """Places whose kind a mart states: members beside the groups and wholes they are in."""
    for kind in columns:
        match = re.fullmatch(r"(?P<before>\w+)_kind|kind_of_(?P<after>\w+)", kind)
        place = match and (match["before"] or match["after"])
        if place and place in columns:
            named = (place, f"{place}_name")
            mixed = f"{place}s of several kinds (members beside groups and wholes)"
            # Figures of a partner "world" are totals; of a reporter or place, the figures of one are added.
            usual = "world" if place in _AXES_OF_PLACES and place != "place" else "economy"
            yield Dimension((kind, *named), mixed, f"{kind} = '{usual}'", listed=named)


def axes_of(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns along which a fact is added to the total that its ``total_method`` speaks of."""
    parts = tuple(axis for axis in _AXES_OF_PARTS if axis in columns)
    return parts or tuple(axis for axis in _AXES_OF_PLACES if axis in columns)


def unknown_total(fixed: set[str], axes: Sequence[str]) -> str:
    """The SQL condition, with "{method}" for a total_method, that a total of what is added is not known.

    A total of one partner alone, or of one product or month alone, is one where that is all that is asked.
    """
    conditions = ["{method} = 'none published'"]
    if not fixed & {"partner", "partner_name"}:
        conditions.append("{method} LIKE 'of the partner alone%'")
    if not fixed & set(_AXES_OF_PARTS) & set(axes):
        conditions.append("{method} LIKE 'of the part alone%'")
    return " OR ".join(conditions)


def holders_of(columns: Sequence[str]) -> tuple[str, ...]:
    """The columns that say of whom and of when a total is."""
    holders = [column for column in _HOLDERS if column in columns]
    return (*holders[-1:], *(["year"] if "year" in columns else []))


def plural(column: str) -> str:
    """The name of a column in the plural, as for messages."""
    return f"{column.removesuffix('y')}ies" if column.endswith("y") else f"{column}s"


def provenance_of(column: str, columns: Sequence[str]) -> str | None:
    """The column with the provenance of a value column of a fact; None for any other column."""
    name = f"{column.removesuffix('_usd')}_from"
    return name if name in columns else None


def concept_of(column: str) -> str:
    """What a value column of a fact counts, whatever the direction of trade: exports and imports by one basis may be added."""
    return re.sub(r"(ex|im)ports|_usd$", "", column)
