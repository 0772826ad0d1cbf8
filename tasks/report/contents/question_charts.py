"""Small charts of answers to founding questions, where the rows of one carry a chart.

The query of a question stays as it is; what a chart needs beside its columns (names in place of codes, which rows are drawn) is added around it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.report.contents import measures
from tasks.report.contents.columns import MILESTONE_KIND
from tasks.report.model import Bars, Chart, Dumbbell, Lines, TimeLine

_THREE = "('CN-LN', 'CN-JL', 'CN-HL')"


@dataclass(frozen=True)
class Drawn:
    """A chart with the columns that are added for it, by their SQL; ``only`` is the one that says which rows are drawn, which ``says`` tells in words.

    ``order`` is that of all rows, ``columns`` is SQL for more columns. Without a chart the columns are for the sentence of the answer and for what its numbers lead to.
    """

    chart: Chart | None
    order: str
    added: Mapping[str, str]
    only: str | None = None
    says: str = ""
    columns: str = ""

    def query(self, sql: str) -> str:
        """The question's query with what the chart needs."""
        added = [
            *(f"{value} AS {name}" for name, value in self.added.items()),
            *([self.columns] if self.columns else []),
        ]
        return f"SELECT *, {', '.join(added)} FROM (\n{sql}\n) AS answer ORDER BY {self.order}"


def _name(column: str) -> str:
    """SQL for the name of a place."""
    return (
        f"(SELECT regexp_replace(any_value(p.name), ' [(].*', '') FROM ref.place AS p WHERE p.place = answer.{column})"
    )


_OF_INDICATOR = "EXISTS (FROM mart.indicator AS i WHERE i.place {places} AND i.year = answer.year AND i.indicator = '{indicator}' AND i.is_seam)"

CHARTS: Mapping[str, Drawn] = {
    "fdi_by_origin": Drawn(
        Lines("year", "value_usd", "origin_name", code="origin", dataset="dataset"), "origin, year", {"origin_name": _name("origin")},
    ),
    "fdi_by_both_sides_2001_2012": Drawn(
        Dumbbell("investor_name", "china_counts_usd", "investor_counts_usd"), "year, abs(china_counts_usd - investor_counts_usd) DESC, investor",
        {"in_chart": "year = 2009 AND greatest(china_counts_usd, investor_counts_usd) > 100000000"}, "in_chart", "The chart: flows of 2009 that one side counts as more than 100 million dollars.",
    ),
    "fdi_both_sides": Drawn(None, "period, reporter, rate_percent, dataset", {"counterpart": "CASE reporter WHEN 'CHN' THEN 'JPN' ELSE 'CHN' END", "year": "left(period, 4)"}),
    "governors_forums": Drawn(
        Bars("forum", "regions", emphasis="is_china"), "started_on, side", {"forum": "year(started_on) || ', ' || side", "is_china": "side = 'China'"},
    ),
    "growth_of_the_northeast": Drawn(
        Lines("year", "gdp_cny", "place_name", code="place", seam="gdp_cny_is_seam"), "place, year", {"in_chart": "gdp_cny IS NOT NULL"}, "in_chart",
    ),
    "population_of_the_northeast": Drawn(
        Lines("year", "population", "region", seam="is_seam"), "year",
        {"region": "'Northeast'", "is_seam": _OF_INDICATOR.format(places=f"IN {_THREE}", indicator="population"), "made_of": measures.map_of("'population'")},
    ),
    "neighbours": Drawn(Bars("name", "km", emphasis="is_japan"), "km", {"name": _name("counterpart"), "is_japan": "counterpart = 'JPN'"}),
    "trade_with_japan_by_province": Drawn(
        Bars("province_and_year", "exports_and_imports_usd", emphasis="is_northeast"), "exports_and_imports_usd DESC NULLS LAST, province, period",
        {"province_and_year": "province_name || ', ' || year", "is_northeast": f"province IN {_THREE}", "in_chart": "freq = 'A' AND exports_and_imports_usd IS NOT NULL"}, "in_chart",
    ),
    "trade_with_japan_by_city": Drawn(
        Bars("city_and_year", "exports_and_imports_usd"), "exports_and_imports_usd DESC NULLS LAST",
        {"city_and_year": "city_name || ', ' || year", "in_chart": "freq = 'A' AND exports_and_imports_usd IS NOT NULL"}, "in_chart",
    ),
    "intensity_of_trade_with_japan": Drawn(
        Bars("place_and_year", "location_quotient"), "location_quotient DESC", {"place_and_year": "place_name || ', ' || year"},
    ),
    "share_of_the_northeast_in_trade_with_japan": Drawn(
        Bars("share_and_year", "percent"), "indicator, year",
        {"share_and_year": "replace(replace(replace(indicator, '_', ' '), 'china', 'China''s'), 'japan', 'Japan') || ', ' || year"},
    ),
    "disparity_with_the_coast": Drawn(
        Lines("year", "per_head_over_northeast", "place_name", code="place", seam="is_seam"), "topic, year, place",
        {"in_chart": "topic = 'gdp_cny' AND per_head_over_northeast IS NOT NULL"}, "in_chart", "The chart: output (GDP) a head, as a multiple of the Northeast's.",
        f"{measures.map_of('topic')} AS made_of",
    ),
    "trade_of_the_northeast": Drawn(
        Lines("year", "goods_trade_total_usd", "place_name", code="place", seam="is_seam"), "place, year",
        {"is_seam": _OF_INDICATOR.format(places="= answer.place", indicator="goods_trade_total"), "in_chart": "goods_trade_total_usd IS NOT NULL"}, "in_chart",
    ),
    "japans_investment_by_city": Drawn(Bars("city_and_period", "value_usd"), "value_usd DESC", {"city_and_period": "reporter_name || ', ' || period", "year": "left(period, 4)"}),
    "fdi_by_province": Drawn(
        Lines("year", "utilised_usd", "province_name", code="province", seam="is_seam"), "province, year",
        {"is_seam": "seams IS NOT NULL", "in_chart": f"province IN {_THREE} AND utilised_usd IS NOT NULL"}, "in_chart", "The chart: what the three provinces used. A dotted step is between two counts, and is no growth.",
    ),
    "japanese_companies_by_province": Drawn(
        None, "place, year",
        {"is_doubtful": "EXISTS (FROM mart.presence_figures AS p WHERE p.place = answer.place AND p.year = answer.year AND p.origin = 'JPN' AND p.is_preferred "
         "AND (p.obs_status = 'U' OR contains(p.note, 'low confidence')))"},
    ),
    "japanese_companies_by_region": Drawn(
        Bars("place_name", "registered_companies", emphasis="is_northeast"), "registered_companies DESC", {"is_northeast": f"place IN {_THREE}"},
    ),
    "registered_investment_by_province": Drawn(
        Bars("place_name", "foreign_investment_registered_usd", emphasis="is_northeast"), "year DESC, foreign_investment_registered_usd DESC NULLS LAST, place",
        {"is_northeast": f"place IN {_THREE}", "in_chart": "year = max(year) OVER () AND foreign_investment_registered_usd IS NOT NULL"}, "in_chart", "The chart: the last year on record.",
    ),
    "length_of_roads_and_railways": Drawn(
        Lines("year", "km", "place_name", code="place", dataset="dataset"), "place, indicator, year",
        {"in_chart": "indicator = 'expressway_length' AND km IS NOT NULL"}, "in_chart", "The chart: expressways.",
    ),
    "concentration_in_liaoning_and_dalian": Drawn(None, "topic, year, whole", {}, columns=measures.traced_columns("topic")),
    "before_and_after_visits_and_openings": Drawn(
        None, "studied_event, place, topic", {"year_before": "year - 1", "year_after": "year + 1"}, columns=measures.traced_columns("topic"),
    ),
    "openings": Drawn(
        TimeLine("opened_on", "kind_of_opening", "name"), "opened_on NULLS LAST, name", {"kind_of_opening": MILESTONE_KIND.format("kind")},
    ),
    "ties": Drawn(TimeLine("opened_on", "tie", "name"), "opened_on NULLS LAST, name", {"tie": "'ties'"}),
    "trade_of_china_and_japan": Drawn(
        Lines("year", "value_usd", "direction", code="exporter", dataset="dataset", scope="valuation"), "exporter, year",
        {"direction": "exporter_name || ' to ' || importer_name", "dataset": "value_from.dataset", "publisher": "value_from.publisher"},
    ),
}  # fmt: skip
