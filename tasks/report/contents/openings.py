"""Roads, railways and zones of the three provinces: their length, and when they opened."""

from tasks.report.contents import measures
from tasks.report.contents.columns import MILESTONE_KIND, NOTE, PUBLISHED, PUBLISHER, YEAR
from tasks.report.contents.sentences import by, count, listed
from tasks.report.contents.three_provinces import THREE
from tasks.report.model import Column, Exhibit, Lines, Rows, TimeLine, Trace

_OPENINGS_SQL = f"""
SELECT name, {MILESTONE_KIND.format("kind")} AS kind_name, kind, coalesce(opened_on, opened_to) AS shown_on, opened_from, opened_to, opened_precision, length_km, places,
    publisher, dataset, note
FROM mart.milestones
WHERE kind <> 'sister_tie' AND opened_to IS NOT NULL {{condition}}
ORDER BY kind, shown_on, name
"""
_NORTHEASTERN = f"""AND EXISTS (FROM ref.place AS p WHERE list_contains(string_split(places, ';'), p.place)
    AND (p.place IN {THREE} OR p.parent IN {THREE}))"""
_OPENING_COLUMNS = (
    Column("name", "Name", trace=Trace("milestones", ("kind",), "name")), Column("kind_name", "Kind"), Column("shown_on", "Opened"),
    Column("opened_precision", "Known to the"), Column("length_km", "Length", "km", 0, 1, Trace("milestones", ("kind",), "name")), PUBLISHER, NOTE,
)  # fmt: skip


def infrastructure() -> Exhibit:
    """Expressways of the three provinces, or railways where no expressways are on record."""
    return Exhibit(
        slug="expressways",
        title="Expressways and railways of the three provinces",
        sql=f"""
SELECT place_name AS series, CASE indicator WHEN 'railway_length' THEN 'Railways' ELSE 'Expressways' END AS what, year, value, place, indicator, is_seam,
    status, publisher, dataset, published_on
FROM mart.indicator WHERE place IN {THREE} AND unit = 'km' AND indicator = coalesce(
    (SELECT min(indicator) FROM mart.indicator WHERE indicator = 'expressway_length' AND place IN {THREE}), 'railway_length')
ORDER BY series, year
""",
        columns=(Column("series", "Province"), Column("what", "What"), YEAR, Column("value", "Length", "km", 0, 1, measures.INDICATOR), PUBLISHER, PUBLISHED),
        takeaway=_infrastructure_takeaway,
        chart=Lines("year", "value", "series", code="place", what="indicator", seam="is_seam"),
        concept="Length in operation at the end of the year.",
    )  # fmt: skip


def _infrastructure_takeaway(rows: Rows) -> str:
    parts = []
    for series, of_series in by(rows, "series").items():
        first, final = of_series[0], of_series[-1]
        before = f"{first['value']:,.0f} km in {first['year']} and " if first is not final else ""
        parts.append(f"{series} {before}{final['value']:,.0f} km in {final['year']}")
    return f"{rows[0]['what']}: {'; '.join(parts)}."


def openings() -> Exhibit:
    """Every opening that is on record, on a time line."""
    return Exhibit(
        slug="time-line",
        title="Lines, roads and zones opened in China, in the order of their days",
        sql=_OPENINGS_SQL.format(condition=""),
        columns=_OPENING_COLUMNS,
        takeaway=lambda rows: (
            f"{listed([count(len(of), kind) for kind, of in by(rows, 'kind_name').items()])} with a date of opening."
        ),
        chart=TimeLine("shown_on", "kind_name", "name"),
        notes=("Where only the year or month is known, the point stands at its last day.",),
    )


def opening_list() -> Exhibit:
    """The openings in the three provinces, as a table."""
    return Exhibit(
        slug="openings-northeast",
        title="Of these in the Northeast",
        sql=_OPENINGS_SQL.format(condition=_NORTHEASTERN),
        columns=_OPENING_COLUMNS,
        takeaway=_list_takeaway,
        missing="No line, road or zone with a date in the three provinces is in this release.",
        opened=True,
    )


def _list_takeaway(rows: Rows) -> str:
    """How many there are of each kind, and the first and the last."""
    kinds = [count(len(of_kind), str(kind)) for kind, of_kind in by(rows, "kind_name").items()]
    first, last = min(rows, key=lambda row: row["shown_on"]), max(rows, key=lambda row: row["shown_on"])
    return f"{listed(kinds)}, from {first['name']} in {first['shown_on'].year} to {last['name']} in {last['shown_on'].year}."
