"""What was printed when: a line for each release of the same figures, and figures that were printed more than once."""

from collections.abc import Callable

from tasks.report.contents.columns import DATASET, PUBLISHED, PUBLISHER, YEAR, billion_usd
from tasks.report.contents.sentences import BILLION, billions, by, count, named, percent
from tasks.report.model import Column, Exhibit, Lines, Rows, Trace
from warehouse.sql import quoted

_CONCEPT = "A line is what one release says; all versions are kept. A release is named by the year in which it was published; the date of some copies is not on record."

#: A smaller difference of two releases is one of rounding.
_HARDLY = 0.001


def _by_release(view: str, selected: str, value: str, condition: str) -> str:
    """A query for the versions of figures by release, of the years that more than one release has."""
    return f"""
WITH version AS (
    SELECT coalesce(strftime(published_on, '%Y'), 'undated') AS release, year, {value} AS value, {selected}, obs_status AS status, published_on, dataset, publisher
    FROM core.{view}
    WHERE {condition} AND freq = 'A' AND {value} IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY release, year ORDER BY published_on DESC NULLS FIRST, superseded_by IS NOT NULL, dataset, edition, known_from) = 1
)
SELECT *, count(*) OVER (PARTITION BY year) AS releases
FROM version
QUALIFY releases > 1
ORDER BY release, year
"""


def gdp(place: str, name: str) -> Exhibit:
    """What the National Bureau of Statistics printed of a province's output, release by release."""
    return Exhibit(
        slug="gdp-releases",
        title="Gross domestic product, release by release",
        sql=_by_release(
            "indicator_versions",
            "place, indicator, unit AS what",
            "value",
            f"place = {quoted(place)} AND indicator = 'gdp' AND unit = 'CNY' AND starts_with(dataset, 'nbs.province_annual')",
        ),
        columns=(
            Column("release", "Release"), YEAR, Column("value", "GDP", "billion CNY", 1, BILLION, Trace("indicator", ("place", "indicator"))), PUBLISHED, DATASET, PUBLISHER,
        ),
        takeaway=_widest(f"{name}'s GDP", lambda value: f"{value / BILLION:,.0f} billion yuan"),
        chart=Lines("year", "value", "release", what="what", dataset="dataset"),
        concept=_CONCEPT,
        missing=f"No year of {name}'s GDP is here from more than one release.",
        size="small",
    )  # fmt: skip


def inflows() -> Exhibit:
    """What UNCTAD printed of direct investment in China, release by release."""
    return Exhibit(
        slug="inflow-releases",
        title="Direct investment in China as UNCTAD's World Investment Reports have it, release by release",
        sql=_by_release(
            "fdi_versions",
            "reporter, counterpart, concept",
            "value_usd",
            "reporter = 'CHN' AND counterpart = 'WLD' AND concept = 'unctad' AND direction = 'inward' AND accounting = 'flow' AND instrument = 'total' AND industry = 'TOTAL' "
            "AND starts_with(dataset, 'unctad.wir')",
        ),
        columns=(Column("release", "Release"), YEAR, billion_usd("value", "Inflow", Trace("fdi", ("reporter", "counterpart"))), PUBLISHED, DATASET, PUBLISHER),
        takeaway=_widest("UNCTAD's inflow", billions),
        chart=Lines("year", "value", "release", what="concept", dataset="dataset"),
        concept=_CONCEPT,
        missing="No year of UNCTAD's figure is here from more than one release.",
    )  # fmt: skip


def _widest(what: str, text: Callable[[float], str]) -> Callable[[Rows], str]:
    """Names the year whose releases are furthest apart."""

    def said(rows: Rows) -> str:
        years = {year: [float(row["value"]) for row in of_year] for year, of_year in by(rows, "year").items()}
        year, values = max(years.items(), key=lambda one: (max(one[1]) - min(one[1])) / abs(min(one[1]) or 1))
        releases = count(len(by(rows, "release")), "release")
        apart = (max(values) - min(values)) / abs(min(values) or 1)
        if apart < _HARDLY:
            return f"{releases} say the same, to a thousandth, of all {count(len(years), 'year')} that several of them have."
        return (
            f"{what} of {year} was printed as {text(min(values))} and as {text(max(values))}, {percent(apart, 1)} more: of "
            f"{count(len(years), 'year')} in {releases} the one with the widest range."
        )

    return said


def printings() -> Exhibit:
    """The Ministry's figures by origin that were printed more than once: the first printing and the last."""
    return Exhibit(
        slug="printings",
        title="The Ministry's figures that were printed more than once",
        sql="""
WITH printed AS (
    SELECT counterpart, counterpart_name, year, value, value_usd, currency, sector_scope, published_on, dataset, publisher, seen_via, reporter
    FROM mart.fdi_figures
    WHERE reporter = 'CHN' AND concept = 'mofcom_utilised' AND accounting = 'flow' AND freq = 'A' AND instrument = 'total' AND industry = 'TOTAL' AND value_usd IS NOT NULL
)
SELECT counterpart_name AS origin, year, replace(sector_scope, '_', ' ') AS sectors, currency, count(*) AS printings,
    arg_min(value_usd, (published_on, dataset)) AS first_usd, min(published_on) AS first_published_on, arg_min(dataset, (published_on, dataset)) AS first_dataset,
    arg_max(value_usd, (published_on, dataset)) AS last_usd, max(published_on) AS last_published_on, arg_max(dataset, (published_on, dataset)) AS last_dataset,
    100 * (arg_max(value, (published_on, dataset)) / arg_min(value, (published_on, dataset)) - 1)::DOUBLE AS change_percent, reporter, counterpart, any_value(publisher ORDER BY published_on, dataset) AS first_publisher
FROM printed WHERE published_on IS NOT NULL
GROUP BY reporter, counterpart, counterpart_name, year, sector_scope, currency
HAVING count(*) > 1
ORDER BY counterpart, year, sectors, currency
""",
        columns=(
            Column("origin", "Origin"), YEAR, billion_usd("first_usd", "First", Trace("fdi", ("reporter", "counterpart"))), billion_usd("last_usd", "Last", Trace("fdi", ("reporter", "counterpart"))),
            Column("change_percent", "Change", "%", 2, trace=Trace("fdi", ("reporter", "counterpart"))), Column("printings", "Printings", "", 0, trace=Trace("fdi", ("reporter", "counterpart"))),
            Column("sectors", "Sectors"), Column("currency", "Printed in"), Column("first_published_on", "First on"), Column("first_dataset", "First in"),
            Column("last_published_on", "Last on"), Column("last_dataset", "Last in"),
        ),
        takeaway=_printings_takeaway,
        concept="Foreign investment actually used, as China's Ministry of Commerce (MOFCOM) counts it, as others printed it. Figures of other sectors are other figures.",
        notes=("Only printings in the same currency are compared: a figure in dollars and the dollars of one in yuan differ by the rate of exchange. The change is that of the printed amounts.",),
        missing="No figure of the Ministry is here in more than one printing.",
        opened=True,
    )  # fmt: skip


def _printings_takeaway(rows: Rows) -> str:
    said = f"{count(len(rows), 'figure')} of the Ministry {'is' if len(rows) == 1 else 'are'} here in more than one printing"
    in_dollars = [row for row in rows if row["currency"] == "USD"]
    if not in_dollars:
        return f"{said}, none of them in dollars."
    furthest = max(in_dollars, key=lambda row: abs(row["change_percent"]))
    if furthest["change_percent"] == 0:
        return f"{said}; of those in dollars the last says what the first does."
    return (
        f"{said}; of those in dollars the last differs most from the first for {named(furthest['origin'])} in {furthest['year']}: {billions(furthest['first_usd'])}, then "
        f"{billions(furthest['last_usd'])} ({percent(furthest['change_percent'] / 100, 1)})."
    )
