"""The gravity model of trade: what each economy would export to each other one, given its size and distance, for ``mart.gravity_gap``.

The trade of a pair is explained by an effect of the exporter, one of the importer, distance and ties, by Poisson pseudo maximum likelihood (Santos
Silva and Tenreyro 2006), which takes pairs without trade as they are. Each year is fitted by itself. The library that fits it is an optional
extra (``gravity``); without it the marts are empty and say why.
"""

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

import duckdb

from schemas.mart.measures import MartGravityModel
from warehouse.rows import insert

if TYPE_CHECKING:  # importing it takes longer than most commands
    import pandas as pd

LIBRARY = "pyfixest"
ABSENT = f'{LIBRARY} is not installed, which fits the model: pip install "{LIBRARY}>=0.60", then build again'
#: Fewer economies than these are no world that sizes and distances explain.
LEAST_ECONOMIES = 20
#: Effects of exporter and importer make fitted totals equal the actual ones; if they differ by a larger share the fit has not converged.
LARGEST_DIFFERENCE = 1e-3

_OF_YEAR = "SELECT exporter, importer, amount, distance_km, ln(distance_km) AS log_distance, contiguous, common_language, colonial_tie FROM core.gravity_pair WHERE year = ? ORDER BY exporter, importer"
_GAPS = """
INSERT INTO mart.gravity_gap BY NAME
SELECT f.exporter, i.name AS exporter_name, f.importer, j.name AS importer_name, CAST($1 AS INTEGER) AS year, f.amount AS trade_usd, f.expected AS expected_usd,
    f.amount / f.expected AS trade_over_expected, f.amount - f.expected AS expected_gap_usd, f.distance_km AS weighted_distance_km
FROM fitted AS f JOIN ref.place AS i ON i.place = f.exporter JOIN ref.place AS j ON j.place = f.importer
ORDER BY f.exporter, f.importer
"""


def library() -> str | None:
    """The name and version of the library that fits the model, None where it is not installed."""
    try:
        return f"{LIBRARY} {version(LIBRARY)}"
    except PackageNotFoundError:
        return None


def fill(con: duckdb.DuckDBPyConnection) -> None:
    """Fit the model to each year of reconciled trade and put what it gives into the marts, which are empty tables."""
    years = con.execute("SELECT DISTINCT year FROM core.reconciled_pair ORDER BY year").fetchall()
    for (year,) in years:
        insert(con, MartGravityModel, _fit_year(con, year))


def left_out(con: duckdb.DuckDBPyConnection) -> list[str]:
    """Why years of reconciled trade have no model, as sentences."""
    query = "SELECT why_not, count(*), min(year), max(year) FROM mart.gravity_model WHERE why_not IS NOT NULL GROUP BY why_not ORDER BY why_not"
    return [
        f"gravity_gap lacks {years} years ({first} to {last}): {why}"
        for why, years, first, last in con.execute(query).fetchall()
    ]


def _fit_year(con: duckdb.DuckDBPyConnection, year: int) -> dict[str, Any]:
    """The row of mart.gravity_model of a year; the gaps of its pairs are put into mart.gravity_gap."""
    pairs = con.execute(_OF_YEAR, [year]).df()
    economies = {f"{side}s": int(pairs[side].nunique()) for side in ("exporter", "importer")}
    row: dict[str, Any] = {"year": year, "pairs": len(pairs), **economies, "fitted_with": library()}
    if row["fitted_with"] is None:
        return row | {"why_not": ABSENT}
    if min(economies.values()) < LEAST_ECONOMIES:
        why_not = f"fewer than {LEAST_ECONOMIES} exporters or importers have a distance (source cepii.geodist)"
        return row | {"why_not": why_not}
    expected, effects = _fitted(pairs)
    pairs = pairs.assign(expected=expected)
    if (difference := _largest_difference(pairs)) > LARGEST_DIFFERENCE:
        why_not = f"the fit has not converged: fitted totals differ from the actual ones by up to {difference:.2%}"
        return row | {"why_not": why_not}
    con.register("fitted", pairs)
    con.execute(_GAPS, [year])
    con.unregister("fitted")
    return row | effects


def _fitted(pairs: "pd.DataFrame") -> tuple[Any, dict[str, float]]:
    """The fitted trade of each pair, and the effects with their standard errors by the columns of the mart."""
    import pyfixest

    # Columns that do not vary, such as ties in a world without any, have no effect that could be told from the others.
    varying = [name for name in ("contiguous", "common_language", "colonial_tie") if pairs[name].nunique() > 1]
    formula = f"amount ~ {' + '.join(['log_distance', *varying])} | exporter + importer"
    model = pyfixest.fepois(formula, data=pairs, vcov="hetero", fixef_rm="none", iwls_tol=1e-10, iwls_maxiter=100)
    effects: dict[str, float] = {}
    for term in ("log_distance", *varying):
        column = "distance" if term == "log_distance" else term
        effects |= {f"{column}_effect": float(model.coef()[term]), f"{column}_error": float(model.se()[term])}
    return model.predict(type="response"), effects


def _largest_difference(pairs: "pd.DataFrame") -> float:
    """By how much the fitted total of an exporter or importer differs from the actual one, as a share of it."""
    sides = (pairs.groupby(side)[["amount", "expected"]].sum() for side in ("exporter", "importer"))
    return max(float((total["expected"] / total["amount"] - 1).abs().max()) for total in sides)
