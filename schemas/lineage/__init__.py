"""From which figures the values of facts come: one entry for each mart.

The macros ``figures_of_<mart>`` (warehouse/sql/readings/50_figures_of.sql), ``meta.lineage`` and ``entrepot trace`` are made
from these lists. In SQL texts "c" is a cell of a fact (shared/facts.sql) or a row of the mart, and "f" a figure.
"""

from schemas.lineage.facts import CELLS, ROWS
from schemas.lineage.kinds import CellLineage, RowLineage
from schemas.lineage.readings import READINGS

__all__ = ["CELLS", "FACTS", "FIGURES", "NOT_TRACED", "READINGS", "ROWS", "SAME_CELL", "described"]

#: Marts that are figures themselves.
FIGURES = (
    "trade_figures", "fdi_figures", "fdi_rate", "indicator_figures", "pair", "presence_figures", "visits", "milestone_figures",
)  # fmt: skip
#: The columns that say which thing in the world a figure is about: figures that have them in common are of one cell.
SAME_CELL = {
    "trade": "reporter, partner, flow, basis, classification, product, freq, period",
    "fdi": "concept, accounting, direction, principle, instrument, derivation, reporter, counterpart, industry, freq, period",
    "indicator": "place, indicator, unit, freq, period",
    "presence": "place, origin, counting_unit, freq, period",
}
#: Marts that count or compare figures and have no value of their own to trace, with where to look instead.
NOT_TRACED = {
    "trade_months_derived": "is made of cumulative and monthly rows of trade_figures: trace the figure there",
    "revisions": "compares versions of figures: trace the figure of its cell in the …_figures marts",
    "revisions_by_source": "counts rows of revisions: trace the figure of a cell there",
    "coverage": "counts figures: trace a figure in the …_figures marts",
    "claims": "gives verdicts: entrepot claims --why shows the figures of each, and trace the printed row of one",
    "gravity_gap": "compares with a model of all pairs of a year: trace the rows of the pair in trade_reconciled",
    "gravity_model": "is fitted to all pairs of a year: trace the rows of a pair in trade_reconciled",
    "northeast_shares": "sets values of disparity of near years against each other: trace them there",
    "question": "lists questions: trace the values that its query gives",
    "freshness": "says how new datasets are: trace a figure in the …_figures marts",
}

FACTS: dict[str, CellLineage | RowLineage] = {
    **{cells.mart: cells for cells in CELLS},
    **{row.mart: row for row in ROWS},
}


def described() -> list[tuple[str, str, str, str, str]]:
    """The rows of meta.lineage: mart, value column, where from, method, condition as text."""
    rows: list[tuple[str, str, str, str, str]] = []
    for cells in CELLS:
        rows += [
            (cells.mart, column, cells.figures, way.method, f"{cells.joined} AND c.measure = '{measure}' AND {way.condition}")
            for measure, column in cells.columns.items()
            for way in cells.ways
        ]  # fmt: skip
    for row in ROWS:
        rows += [(row.mart, column, row.figures, "published", row.condition) for column in row.columns]
    for reading in READINGS:
        rows += [
            (reading.mart, column, f"mart.{fact.mart}", f"{fact.column} of a fact", f"{fact.where} AND {fact.applies}")
            for column, facts in reading.columns.items()
            for fact in facts
        ]
    return rows
