"""The founding questions: what the project was made to answer, each with its answer, and what that lacks."""

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

import duckdb

from tasks.report.contents import answers, measures, question_charts, question_sentences, tables
from tasks.report.contents.sentences import count
from tasks.report.model import Column, Exhibit, Page, Row, Rows, Section, Trace

PATH = "questions/index.html"
_OF_JAPAN, _OF_ALL = Trace("fdi", ("province", "=JPN")), Trace("fdi", ("province", "=WLD"))
_EVENT = Trace("visits", ("event",), "event")
_COMPANIES = Trace("presence", ("place", "=JPN"))
_BY_IMPORTER, _BY_EXPORTER = Trace("trade", ("importer", "exporter")), Trace("trade", ("exporter", "importer"))
#: What the numbers of an answer are traced to, by question and column. Numbers of places that are sums have no printed row of their own.
_TRACES: dict[str, dict[str, Trace | tuple[Trace, ...]]] = {
    "fdi_by_origin": {"value_usd": Trace("fdi", ("=CHN", "origin"))},
    "fdi_by_both_sides_2001_2012": {
        "china_counts_usd": Trace("fdi", ("=CHN", "investor")),
        "investor_counts_usd": Trace("fdi", ("investor", "=CHN")), "relative_gap": Trace("fdi", ("investor", "=CHN")),
    },
    "fdi_both_sides": {"rate_percent": Trace("rates", ("reporter", "counterpart"))},
    "visits": {"event": _EVENT}, "governors_forums": {"event": _EVENT, "regions": _EVENT},
    "neighbours": {"km": Trace("pair", ("place", "counterpart"), "=distance_main_cities")},
    "growth_of_the_northeast": {"gdp_cny": Trace("indicator", ("place", "=gdp"))},
    "trade_with_japan_by_province": dict.fromkeys(("exports_and_imports_usd", "exports_usd"), Trace("trade", ("province", "=JPN"))),
    "trade_with_japan_by_city": dict.fromkeys(("exports_and_imports_usd", "value"), Trace("trade", ("city", "=JPN"))),
    "share_of_the_northeast_in_trade_with_japan": {"percent": Trace("indicator", ("place", "indicator"))},
    "concentration_in_liaoning_and_dalian": dict.fromkeys(("place_value", "ratio_of_unlike", "covered_population_share", "share"), measures.TRACES),
    "japans_investment_by_city": {"value_usd": Trace("fdi", ("city", "=JPN"))},
    "before_and_after_visits_and_openings": {
        "value_before_usd": measures.traces("year_before"), "value_after_usd": measures.traces("year_after"), "effect_log": measures.traces("year_after"),
    },
    "ties": {"name": Trace("milestones", ("=sister_tie",), "name")}, "free_trade_zones": {"name": Trace("milestones", ("=free_trade_zone",), "name")},
    "intensity_of_trade_with_japan": dict.fromkeys(("trade_with_japan_usd", "all_trade_usd", "location_quotient"), Trace("trade", ("place", "=JPN"))),
    "trade_of_the_northeast": {
        f"{of}_usd": Trace("indicator", ("place", f"={of}")) for of in ("goods_trade_total", "goods_trade_total_by_goods_place")
    },
    "japans_investment_by_province": dict.fromkeys(("utilised_usd", "utilised_cumulative_usd", "stated_cumulative_usd"), _OF_JAPAN),
    "fdi_by_province": dict.fromkeys(("utilised_usd", "fdi_proper_usd", "foreign_exchange_administration_usd"), _OF_ALL),
    "japanese_companies_by_province": dict.fromkeys(("approved_companies", "registered_companies", "operating_companies", "bases", "companies_stated"), _COMPANIES),
    "japanese_companies_by_region": {"registered_companies": _COMPANIES},
    "registered_investment_by_province": {"foreign_investment_registered_usd": Trace("indicator", ("place", "=foreign_enterprise_investment_registered"))},
    "length_of_roads_and_railways": {"km": Trace("indicator", ("place", "indicator"))},
    "openings": dict.fromkeys(("name", "length_km"), Trace("milestones", ("kind",), "name")),
    "trade_of_china_and_japan": {"value_usd": _BY_IMPORTER, "opposite_value_usd": _BY_EXPORTER, "total_usd": _BY_IMPORTER, "balance_usd": _BY_IMPORTER},
}  # fmt: skip
#: Columns with sums and ratios of several places: they lead to the map that has the numbers they are made of.
_MADE_OF = ("population", "topic_value", "per_head", "per_head_over_northeast", "per_gdp_billion")
#: The column whose first and last values are the answer, where it is not the first with numbers, and what it is in words.
_VALUES = {"disparity_with_the_coast": "per_head_over_northeast"}
_WORDS = {
    "fdi_by_origin": "Investment in China, as the Ministry of Commerce counts what was used",
    "disparity_with_the_coast": "Per head, as a multiple of the Northeast",
    "trade_of_the_northeast": "Exports and imports",
    "registered_investment_by_province": "Investment registered by foreign companies",
    "length_of_roads_and_railways": "Length",
    "trade_of_china_and_japan": "As the importing side counts it",
}
#: Columns of codes, and what was added for a chart, that a table does not show: names stand beside them.
_UNSHOWN = (
    "made_of",
    "traced_indicator",
    "traced_partner",
    "traced_investor",
    "traced_origin",
    "year_before",
    "year_after",
    "in_chart",
    "is_doubtful",
    "is_china",
    "is_japan",
    "is_northeast",
    "tie",
)


def pages(con: duckdb.DuckDBPyConnection) -> Iterator[Page]:
    """The page of the founding questions, where the published file has them."""
    if not tables.exists(con, "question"):
        return
    result = con.execute("SELECT id, question, state, sql, missing, obtainable FROM mart.question ORDER BY number")
    names = [str(column[0]) for column in result.description or []]
    questions = [dict(zip(names, row, strict=True)) for row in result.fetchall()]
    yield Page(
        path=PATH,
        title="The founding questions",
        names={"short": "Questions"},
        lead="What an article and a study made people ask, each with the query that answers it from the figures that are here, what the answer lacks, "
        "and where that could be had.",
        sections=[
            Section("All questions", [overview()]),
            Section("The answers", [_answer(con, question) for question in questions if question["sql"]]),
        ],
    )


def overview() -> Exhibit:
    """All questions with what is missing."""
    return Exhibit(
        slug="all-questions",
        title="The questions, and what their answers lack",
        sql=f"""
SELECT number, question, state, missing, obtainable, statements, id, CASE WHEN sql IS NOT NULL THEN '{PATH}#' || id END AS page
FROM mart.question ORDER BY number
""",
        columns=(
            Column("question", "Question", link="page"), Column("state", "State"), Column("missing", "What is missing"), Column("obtainable", "Where it could be had"),
        ),
        takeaway=_overview_takeaway,
        opened=True,
    )  # fmt: skip


def _overview_takeaway(rows: Rows) -> str:
    states: dict[str, int] = {}
    for row in rows:
        states[row["state"]] = states.get(row["state"], 0) + 1
    said = ", ".join(
        f"{number} {'without a figure' if state == 'no figure' else state}"
        for state, number in sorted(states.items(), key=lambda item: -item[1])
    )
    return f"{count(len(rows), 'question')}: {said}."


def _answer(con: duckdb.DuckDBPyConnection, question: Row) -> Exhibit:
    name, missing = str(question["id"]), str(question["missing"] or "")
    names = dict(con.execute("SELECT place, name FROM ref.place").fetchall())
    drawn = question_charts.CHARTS.get(name)
    query = str(question["sql"])
    answer = tables.exhibit(
        con, name, question["question"], drawn.query(query) if drawn else query, partial(_answer_takeaway, name, names),
        missing=f"No figure answers it. {missing}".strip(),
    )  # fmt: skip
    traces = _TRACES.get(name, {})
    note = f"{question['state'].capitalize()}." + (f" Missing: {missing}" if missing else "")
    columns = (column for column in answer.columns if column.name not in _UNSHOWN)
    return replace(
        answer,
        notes=(note,),
        concept=drawn.says if drawn else "",
        small_chart=True,
        columns=tuple(_leading(column, traces.get(column.name, ()), answer) for column in columns),
        chart=drawn.chart if drawn else None,
        drawn=drawn.only if drawn else None,
    )


def _leading(column: Column, traces: Trace | tuple[Trace, ...], answer: Exhibit) -> Column:
    """A column whose numbers lead to where they were printed, or to the map that has what they are made of."""
    on_map = column.name in _MADE_OF and any(other.name == "made_of" for other in answer.columns)
    return replace(column, other_traces=(traces,) if isinstance(traces, Trace) else traces, link="made_of" if on_map else None)  # fmt: skip


def _answer_takeaway(question: str, names: dict[str, str], rows: Rows) -> str:
    said = question_sentences.sentence(question, rows, names)
    if said is None and question not in question_sentences.SENTENCES:
        said = answers.sentence(rows, _VALUES.get(question), names, _WORDS.get(question))
    return said or f"{count(len(rows), 'row')}."
