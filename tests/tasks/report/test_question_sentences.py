"""The sentences of answers to founding questions are true: each is worked out again here, by another way, from the published file."""

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.report.contents import question_charts, question_sentences
from warehouse.connection import one, reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with reader(bundled) as opened:
        yield opened


@pytest.fixture(scope="module")
def said(site: Path) -> dict[str, str]:
    """The sentence of each question."""
    text = (site / "questions" / "index.html").read_text(encoding="utf-8")
    found = re.findall(r'<figure class="figure[^"]*" id="([^"]*)">.*?<p class="takeaway">(.*?)</p>', text, re.S)
    return {name: html.unescape(re.sub("<.*?>", "", sentence)).replace("\u00a0", " ") for name, sentence in found}


def test_every_answer_says_more_than_how_many_rows_it_has(said: dict[str, str]) -> None:
    assert len(said) >= 28
    assert [name for name, sentence in said.items() if re.fullmatch(r"[\d,]+ rows?( of [\d to]+)?\.", sentence)] == []


def test_most_answers_have_a_chart(site: Path) -> None:
    text = (site / "questions" / "index.html").read_text(encoding="utf-8")
    drawn = [
        name
        for name in question_charts.CHARTS
        if "<svg" in text[text.index(f'id="{name}"') :].partition("</figure>")[0]
    ]
    assert len(drawn) >= 18


def test_directions_of_both_sides(said: dict[str, str]) -> None:
    """2015: -25.8 percent as MOFCOM counts (The Mainichi had it from its press conference), +48.5 as Japan's balance of payments does."""
    sentence = said["fdi_both_sides"]
    assert sentence.startswith("In 3 of 3 periods")
    assert "in 2015 China's ministry printed −25.9 % to −25.8 % and Japan +48.5 %" in sentence


def test_rates_of_one_direction_are_not_opposite() -> None:
    rows = [
        {"period": "2015", "reporter": reporter, "rate_percent": rate} for reporter, rate in (("CHN", -2), ("CHN", 1), ("JPN", 5))
    ]  # fmt: skip
    sentence = question_sentences.sentence("fdi_both_sides", rows, {})
    assert (
        sentence
        == "In 0 of 1 period for which both sides printed a growth rate they saw it move in opposite directions."
    )


def test_visits(con: duckdb.DuckDBPyConnection, said: dict[str, str]) -> None:
    events, in_2018, persons = one(con.execute(
        "SELECT count(DISTINCT event), count(DISTINCT event) FILTER (year(started_on) = 2018), count(DISTINCT person) FROM visits WHERE kind IN ('visit', 'meeting', 'seminar')"
    ))  # fmt: skip
    assert f"{events} events from 2018 to" in said["visits"]
    assert f"{in_2018} of them in 2018, with {persons} persons named" in said["visits"]


def test_governors_forums(said: dict[str, str]) -> None:
    """The forum of 2018 in Sapporo: five of China's and seven of Japan's; of the three provinces Heilongjiang and Liaoning."""
    assert "5 and 7 in 2018" in said["governors_forums"]
    assert "Heilongjiang and Liaoning in 2018" in said["governors_forums"]


def test_trade_of_places_is_of_whole_years(con: duckdb.DuckDBPyConnection, said: dict[str, str]) -> None:
    for place, name in (("CN-LN", "Liaoning"), ("CN-JL", "Jilin"), ("CN-SD", "Shandong")):
        year, value = one(con.execute(
            f"SELECT year, value_usd FROM trade_figures WHERE reporter = '{place}' AND partner = 'JPN' AND flow = 'export_and_import' AND freq = 'A' AND is_preferred "
            "AND product = 'TOTAL' ORDER BY year DESC LIMIT 1"
        ))  # fmt: skip
        assert f"{name} {float(value) / 10**9:,.2f} billion dollars in {year}" in said["trade_with_japan_by_province"]
    assert "Dalian 13.24 billion dollars in 2018" in said["trade_with_japan_by_city"]


def test_shares_that_erina_printed(said: dict[str, str]) -> None:
    """ERINA Report 125: 12.4 percent of China's exports to Japan in 2000, 7.3 in 2012; of imports 7.6 and 4.4."""
    sentence = said["share_of_the_northeast_in_trade_with_japan"]
    assert "share of China's exports to Japan 12.4 % in 2000 and 7.3 % in 2012" in sentence
    assert "share of China's imports from Japan 7.6 % in 2000 and 4.4 % in 2012" in sentence


def test_ratios_of_unlike_years_are_no_shares(con: duckdb.DuckDBPyConnection, said: dict[str, str]) -> None:
    (ratio,) = one(con.execute(
        "SELECT (SELECT value_usd FROM trade_figures WHERE reporter = 'CN-LN' AND partner = 'JPN' AND flow = 'export_and_import' AND period = '2009' AND is_preferred) / "
        "(SELECT sum(value_usd) FROM trade_figures WHERE (reporter, period) IN (('CN-LN', '2009'), ('CN-JL', '2011')) AND partner = 'JPN' AND flow = 'export_and_import' AND is_preferred)"
    ))  # fmt: skip
    sentence = said["concentration_in_liaoning_and_dalian"]
    assert sentence.startswith("No part and whole are of one year and one dataset")
    assert f"trade with Japan {ratio:.0%} (Liaoning 2009 over Jilin 2011 and Liaoning 2009)" in sentence.replace(
        " %", "%"
    )
    assert "228" not in sentence  # more than the whole: two counts that do not compare


def test_largest_counts_of_japans_investment(said: dict[str, str]) -> None:
    """Liaoning: 10.83 billion dollars used up to 2009 (Xinhua), 24.24 billion in all up to 2019 (CGTN)."""
    sentence = said["japans_investment_by_province"]
    assert "10.83 billion dollars used up to then (Liaoning, 2009)" in sentence
    assert "24.24 billion dollars in all, not said how counted (Liaoning, 2019)" in sentence
    assert "Dalian 4.21 billion dollars by 2002-02" in said["japans_investment_by_city"]


def test_provinces_of_the_last_full_table(con: duckdb.DuckDBPyConnection, said: dict[str, str]) -> None:
    ranked = con.execute(
        "SELECT reporter_name, value_usd FROM fdi_figures WHERE year = 2003 AND reporter_kind = 'province' AND counterpart = 'WLD' AND freq = 'A' AND is_preferred "
        "AND value_usd IS NOT NULL AND concept IN ('mofcom_utilised', 'province_utilised') ORDER BY value_usd DESC"
    ).fetchall()
    position = [name for name, _ in ranked].index("Liaoning") + 1
    assert said["fdi_by_province"] == (
        f"In 2003, the last year with figures of {len(ranked)} provinces, {ranked[0][0]} received most, {float(ranked[0][1]) / 10**9:,.2f} billion dollars, "
        f"Liaoning {position}th with 2.82 billion."
    )


def test_a_doubtful_count_of_companies_is_in_the_table_alone(said: dict[str, str], site: Path) -> None:
    sentence = said["japanese_companies_by_province"]
    assert "8,000" not in sentence
    assert "Jilin 243 (not said how counted, 2011)" in sentence
    rows = list(csv.DictReader((site / "questions" / "japanese_companies_by_province.csv").read_text(encoding="utf-8-sig").splitlines()))  # fmt: skip
    assert f"{sum(row['is_doubtful'] == 'true' for row in rows)} doubtful count is in the table alone" in sentence


def test_openings_ties_and_zones(con: duckdb.DuckDBPyConnection, said: dict[str, str]) -> None:
    expressways, lines, undated = one(con.execute(
        "SELECT count(*) FILTER (kind = 'expressway'), count(*) FILTER (kind = 'high_speed_rail'), count(*) FILTER (kind IN ('expressway', 'high_speed_rail') AND opened_on IS NULL) FROM milestones WHERE list_has_any(string_split(places, ';'), ['CN-LN', 'CN-JL', 'CN-HL'])"
    ))  # fmt: skip
    assert said["openings"].startswith(f"{expressways} expressways and {lines} high-speed lines, {undated} of them without a date: the first is Shenyang-Dalian Expressway of 1990")  # fmt: skip
    assert "Liaoning in 2017; Heilongjiang in 2019; Jilin has none on record" in said["free_trade_zones"]
    assert "the first is Shanghai-Yokohama of 1973" in said["ties"]


def test_cases_against_chance(con: duckdb.DuckDBPyConnection, said: dict[str, str], site: Path) -> None:
    rows = list(csv.DictReader((site / "questions" / "before_and_after_visits_and_openings.csv").read_text(encoding="utf-8-sig").splitlines()))  # fmt: skip
    rare = [row for row in rows if float(row["placebo_share"]) <= 0.05]
    assert f"Of {len(rows)} cases" in said["before_and_after_visits_and_openings"]
    assert f", {len(rare)} moved further" in said["before_and_after_visits_and_openings"]
