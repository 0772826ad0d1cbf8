"""Japanese companies by place: how many, and who counted them."""

from tasks.report.contents.columns import NOTE, YEAR
from tasks.report.contents.sentences import listed
from tasks.report.model import Bars, Column, Exhibit, Row, Rows, Trace


def companies(condition: str, where: str, slug: str = "companies") -> Exhibit:
    """Counts of Japanese companies, bases and residents of the places that meet a condition, with who counted."""
    return Exhibit(
        slug=slug,
        title=f"Japanese companies, bases and residents {where}",
        sql=f"""
SELECT place_name, replace(counting_unit, '_', ' ') AS counted, year, value,
    coalesce(nullif(regexp_extract(note, 'printed as ([a-z ]+)', 1), ''), if(regexp_matches(note, '^over [0-9]'), 'more than', if(approximate, 'about', NULL))) AS printed_as,
    obs_status = 'U' OR coalesce(contains(note, 'low confidence'), false) AS is_doubtful, place, origin, publisher, dataset, published_on, note
FROM mart.presence_figures
WHERE ({condition}) AND (origin = 'JPN' OR starts_with(origin, 'JP-')) AND is_preferred AND value IS NOT NULL
ORDER BY place_name, year, counted, origin, dataset
""",
        columns=(
            Column("place_name", "Place"), YEAR, Column("value", "Number", "", 0, 1, Trace("presence", ("place", "origin"))),
            Column("counted", "What is counted"), Column("printed_as", "Printed as"), Column("publisher", "Who counted"), NOTE,
        ),
        takeaway=lambda rows: _companies_takeaway(rows, where),
        concept="Bases, registered, approved and parent companies are different things and are never added.",
        missing=f"No count of Japanese companies or residents {where} is in this release.",
        opened=True,
    )  # fmt: skip


def _companies_takeaway(rows: Rows, where: str) -> str:
    counted = [row for row in rows if row["counted"] != "residents"]
    if not counted:
        return f"No count of Japanese companies {where} is in this release, only of residents."
    newest = max(counted, key=_newest)
    sound = max((row for row in counted if not row["is_doubtful"]), key=_newest, default=None)
    if sound is None:
        return f"{_counted(newest)}, a figure of low confidence, {_verb(newest)} by {newest['publisher']}."
    said = f"{_counted(sound)}, {_verb(sound)} by {sound['publisher']}"
    return (
        f"{said}. A newer figure is of low confidence: {_counted(newest)}."
        if newest["year"] > sound["year"]
        else f"{said}."
    )


def _newest(row: Row) -> tuple[int, int]:
    """By this the newest count comes last, and of a year the largest."""
    return row["year"], row["value"]


def _counted(row: Row) -> str:
    """A count in words, with what it was printed as: more than 6,600 companies stated."""
    printed_as = f"{row['printed_as']} " if row["printed_as"] else ""
    return f"{row['place_name']}, {row['year']}: {printed_as}{row['value']:,} {row['counted'].removesuffix(' stated')}"


def _verb(row: Row) -> str:
    """Some publishers count, others state what they were told."""
    return "stated" if row["counted"].endswith(" stated") else "counted"


def companies_by_province() -> Exhibit:
    """The newest count of Japanese companies of the counting unit that most provinces have."""
    return Exhibit(
        slug="companies-by-province",
        title="Japanese companies by province, by the count that covers most provinces",
        sql="""
WITH counted AS (
    SELECT * FROM mart.presence_figures
    WHERE is_preferred AND origin = 'JPN' AND place_kind = 'province' AND counting_unit <> 'residents' AND value IS NOT NULL
),
widest AS (SELECT counting_unit, year FROM counted GROUP BY ALL ORDER BY count(DISTINCT place) DESC, year DESC, counting_unit LIMIT 1)
SELECT place_name, value, year, replace(counting_unit, '_', ' ') AS counted, place, origin, place IN ('CN-LN', 'CN-JL', 'CN-HL') AS is_northeast,
    'provinces/' || place || '.html' AS page, publisher, dataset, published_on
FROM counted SEMI JOIN widest USING (counting_unit, year)
ORDER BY value DESC, place
""",
        columns=(
            Column("place_name", "Province", link="page"), Column("value", "Companies", "", 0, 1, Trace("presence", ("place", "origin"))), YEAR,
            Column("counted", "What is counted"), Column("publisher", "Who counted"),
        ),
        takeaway=_by_province_takeaway,
        chart=Bars("place_name", "value", emphasis="is_northeast"),
        missing="No count of Japanese companies by province is in this release.",
    )  # fmt: skip


def _by_province_takeaway(rows: Rows) -> str:
    first, unit = rows[0], rows[0]["counted"]
    inland = {row["place"]: row for row in rows}
    missing = [
        name
        for place, name in (("CN-LN", "Liaoning"), ("CN-JL", "Jilin"), ("CN-HL", "Heilongjiang"))
        if place not in inland
    ]
    liaoning = inland.get("CN-LN")
    said = f"In {first['year']} {first['publisher']} counted {first['value']:,} {unit} in {first['place_name']}"
    if liaoning and liaoning is not first:
        said += f" and {liaoning['value']:,} in Liaoning"
    return f"{said}; of {listed(missing)} this count has no figure." if missing else f"{said}."
