"""The views and macros of marts, rendered from ``warehouse/sql/core`` and ``warehouse/sql/mart``."""

from collections.abc import Iterator, Sequence

from schemas import profile, vocabulary
from schemas.profile import Measure
from warehouse import sql


def definitions(measures: Sequence[Measure] = profile.MEASURES) -> Iterator[str]:
    """The SQL scripts that create all views and macros of ``core``, ``ref``, ``mart`` and ``main``, in order.

    ``measures`` are those of the profiles of provinces and regions.
    """
    for folder in ("core", "mart"):
        for name in sql.names(folder):
            yield sql.render(
                name,
                profile=measures,
                common_values=profile.common_values,
                missing_statuses=vocabulary.MISSING_STATUSES,
            )
