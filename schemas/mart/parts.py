"""What schemas of marts are made of: provenance, periods, columns that several have."""

from typing import Any

from schemas import types, vocabulary
from schemas.base import Declared, Table, columns, declared_types, field


def shown(figure: type[Table], names: str, **further: Declared) -> dict[str, Declared]:
    """The columns of a mart that shows a kind of figure, in the order of ``names``.

    Type and nullability are those of the figure's column; ``…_name`` follows the column it names. ``further`` declares
    the columns that the figure does not have. Raises KeyError for a name that is neither.
    """
    nullable = {column.name: column.nullable for column in columns(figure)}
    known = {name: (type_, field(nullable=nullable[name])) for name, type_ in declared_types(figure).items()}
    english = {f"{name}_name": (types.Text, field(nullable=nullable[name])) for name in nullable}
    declared = {"source": (types.Text, field()), **known, **english, **further}
    return {name: declared[name] for name in names.split()}


class Provenance(Table):
    """Dataset, date and archived file of a version."""

    dataset: types.Text = field()
    published_on: types.Date = field(nullable=True)
    known_from: types.UtcTimestamp = field()
    artifact: types.Text = field()


class FullProvenance(Provenance):
    """Provenance with the citation."""

    published_precision: types.Text = field()
    publisher: types.Text = field(nullable=True)
    title: types.Text = field(nullable=True)
    address: types.Text = field(nullable=True)
    seen_via: types.Text = field(nullable=True)
    note: types.Text = field(nullable=True)
    edition: types.Integer = field()


#: Kinds of places in marts (warehouse/sql/figures/00_kinds.sql).
PLACE_KINDS = [*(kind for kind in vocabulary.PLACE_KINDS if kind != "non_place"), "world", "unspecified"]


class Chosen(Table):
    """Whether a figure is the preferred one of its cell, and how it compares with the others."""

    measurement: types.Text = field(isin=["reported", "derived from counterpart", "reconciled"])
    is_preferred: types.Boolean = field()
    preference_reason: types.Text = field()
    other_figures: types.Integer = field(ge=0)
    spread: types.Double = field(nullable=True)


class InPeriod(Table):
    """The period of a figure."""

    freq: types.Text = field()
    period: types.Text = field()
    period_start: types.Date = field()
    period_end: types.Date = field()
    year: types.Integer = field()


class Converted(Table):
    """The exchange rate with which an amount was converted."""

    fx_rate: types.Quantity = field(nullable=True)
    fx_source: types.Text = field(nullable=True)


def text(*names: str, nullable: bool = False) -> dict[str, Declared]:
    return {name: (types.Text, field(nullable=nullable)) for name in names}


def values(names: str, type_: Any, suffix: str = "_usd") -> dict[str, Declared]:
    """The value columns of a fact, then the provenance of each."""
    values = {f"{name}{suffix}": (type_, field(nullable=True)) for name in names.split()}
    return values | {f"{name}_from": (types.Provenance, field(nullable=True)) for name in names.split()}


YEAR: dict[str, Declared] = {"year": (types.Integer, field())}
RESIDUAL: dict[str, Declared] = {
    "is_residual": (types.Boolean, field()),
    "residual_is_negative": (types.Boolean, field()),
}
#: The seams of facts of which each row is a year of a series.
SEAMS = text("seams", nullable=True)
#: The columns that identify a row of a profile.
PLACE_AND_YEAR: dict[str, Declared] = {
    "place": (types.Text, field()),
    "place_name": (types.Text, field()),
    "year": (types.Integer, field()),
}
FROM_ONE_FIGURE: dict[str, Declared] = {
    **text("source", "dataset"),
    **text("publisher", nullable=True),
    "published_on": (types.Date, field(nullable=True)),
    **text("published_precision", "artifact"),
}
