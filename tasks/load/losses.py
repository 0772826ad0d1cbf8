"""What a source's datasets lost in a load: places and years that had figures and have none now, or a large share of all figures.

Rows that are refused vanish without a fault: where a predecessor and its successor share a place, the rows of both may contradict
each other, and a place is gone. So the figures of before and after are compared. Bulk datasets are left out.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import duckdb

from tasks.load.outcome import Outcome
from warehouse import sql

#: From this share of a dataset's figures on a loss is told though no place and no year is gone altogether.
TOLD_SHARE = 0.1
#: How many places or years a message names.
_NAMED = 8
#: How the names of settings begin that keep the losses of a source's last load (meta.settings).
SETTING = "lost figures of "
#: What the rule says for rows of one cell with different values.
_CONTRADICTION = "but other values"

#: Numbers of figures by dataset, place and year.
Figures = Mapping[tuple[str, str, str], int]


def current_figures(con: duckdb.DuckDBPyConnection, source_id: str) -> Figures:
    """The numbers of current figures with a value of a source."""
    rows = con.execute(sql.read("load/current_figures.sql"), {"source": source_id}).fetchall()
    return {(dataset, place, year): figures for dataset, place, year, figures in rows}


def describe(before: Figures, after: Figures) -> Iterator[str]:
    """A sentence for each kind of loss of each dataset."""
    for dataset in sorted({key[0] for key in before}):
        had, has = _of(before, dataset), _of(after, dataset)
        for number, word in ((1, "places"), (2, "years")):
            gone = sorted({key[number] for key in had} - {key[number] for key in has})
            if gone:
                figures = sum(count for key, count in had.items() if key[number] in gone)
                more = " …" if len(gone) > _NAMED else ""
                yield f"{dataset} has lost all figures of {len(gone)} {word}, {', '.join(gone[:_NAMED])}{more} ({figures:,} figures)"
        lost = sum((Counter(had) - Counter(has)).values())
        if lost > TOLD_SHARE * sum(had.values()):
            yield f"{dataset} has lost {lost:,} of {sum(had.values()):,} figures"


def describe_contradictions(outcomes: Sequence[Outcome]) -> Iterator[str]:
    """A sentence for each file with rows that were refused because another row of the file gives the same cell another value."""
    for outcome in outcomes:
        rows = [row.row_number for row in outcome.quarantined if _CONTRADICTION in row.rules]
        if rows:
            yield (
                f"{len(rows)} rows are refused because rows of one cell differ, so that the cell has no figure: {outcome.artifact.source}, "
                f"{outcome.artifact.filename}, the first is row {rows[0]}"
            )


def record(con: duckdb.DuckDBPyConnection, source_id: str, told: Sequence[str]) -> None:
    """Keep what a source's last load lost, for the checks of the whole warehouse."""
    con.execute("DELETE FROM meta.settings WHERE setting = ?", [SETTING + source_id])
    if told:
        con.execute(
            "INSERT INTO meta.settings (setting, setting_value) VALUES (?, ?)", [SETTING + source_id, "; ".join(told)]
        )


def recorded(con: duckdb.DuckDBPyConnection) -> list[str]:
    """What the last loads of all sources lost."""
    query = "SELECT setting_value FROM meta.settings WHERE starts_with(setting, ?) ORDER BY setting"
    return [str(row[0]) for row in con.execute(query, [SETTING]).fetchall()]


def _of(figures: Figures, dataset: str) -> Figures:
    return {key: count for key, count in figures.items() if key[0] == dataset}
