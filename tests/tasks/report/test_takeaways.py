"""Takeaways are true of the figures: each is worked out again here, by another way, from the published file."""

import csv
import html
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from warehouse.connection import one, reader
from warehouse.settings import Home


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    with reader(bundled) as opened:
        yield opened


def takeaway(site: Path, path: str, slug: str) -> str:
    """The sentence above a figure."""
    text = (site / path).read_text(encoding="utf-8")
    match = re.search(rf'id="{slug}">.*?<p class="takeaway">(.*?)</p>', text, re.S)
    assert match
    return html.unescape(match[1]).replace("\u00a0", " ")


def billion(con: duckdb.DuckDBPyConnection, query: str) -> float:
    (value,) = one(con.execute(query))
    return float(value) / 10**9


def test_investment_by_origin(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "fdi/index.html", "by-origin")
    for origin, name in (("JPN", "Japan"), ("USA", "United States"), ("KOR", "South Korea")):
        ends = [
            billion(con, f"SELECT mofcom_utilised_usd FROM fdi WHERE reporter = 'CHN' AND counterpart = '{origin}' AND year = {year}")
            for year in (2012, 2016)
        ]  # fmt: skip
        assert f"{name} {'fell' if ends[1] < ends[0] else 'rose'} from {ends[0]:.2f} to {ends[1]:.2f}" in said
    assert "Japan fell" in said
    assert "European Union rose from 6.11 to 9.60" in said


def test_shares_of_origins(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "fdi/index.html", "origins")
    match = re.search(r"In (\d{4}) .* stood for .* of the ([\d,.]+) billion dollars used; Japan for ([\d.]+) %", said)
    assert match
    total = billion(
        con,
        f"SELECT value_usd FROM fdi_figures WHERE reporter = 'CHN' AND counterpart = 'WLD' AND concept = 'mofcom_utilised' AND freq = 'A' AND year = {match[1]} AND is_preferred",
    )
    japan = billion(con, f"SELECT value_usd FROM fdi_china_by_origin WHERE origin = 'JPN' AND year = {match[1]}")
    assert float(match[2].replace(",", "")) == pytest.approx(total, abs=0.005)
    assert float(match[3]) == pytest.approx(100 * japan / total, abs=0.05)


def test_both_sides_of_2016(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "corridors/JPN-CHN.html", "both-sides")
    china = billion(con, "SELECT imports_usd FROM trade WHERE reporter = 'CHN' AND partner = 'JPN' AND year = 2016")
    japan = billion(con, "SELECT imports_usd FROM trade WHERE reporter = 'JPN' AND partner = 'CHN' AND year = 2016")
    assert f"China to Japan {japan:.1f} (Japan's imports; China's exports are not here)" in said
    assert f"Japan to China {china:.1f} (China's imports; Japan's exports are not here)" in said
    assert (round(china, 1), round(japan, 1)) == (145.0, 156.6)  # as JETRO printed them


def test_the_one_flow_that_both_customs_have(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "corridors/JPN-CHN.html", "both-sides")
    exports = billion(con, "SELECT exports_usd FROM trade WHERE reporter = 'CHN' AND partner = 'JPN' AND year = 2017")
    imports = billion(con, "SELECT imports_usd FROM trade WHERE reporter = 'JPN' AND partner = 'CHN' AND year = 2017")
    assert f"China to Japan in 2017: {exports:.1f} (China's exports) and {imports:.1f} (Japan's imports)" in said
    gaps = takeaway(site, "corridors/JPN-CHN.html", "gaps")
    assert "widest" not in gaps
    assert (
        f"from China to Japan in 2017: {exports:.2f} billion dollars sold, {imports:.2f} billion dollars bought" in gaps
    )


def test_population_of_the_three_provinces(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "northeast/index.html", "population")
    rows = con.execute(
        "SELECT year, population FROM region_profile WHERE place = 'CN_NORTHEAST' AND population IS NOT NULL"
    ).fetchall()
    year, most = max(rows, key=lambda row: row[1])
    assert f"{float(most) / 10**6:.1f} million at most, in {year}" in said
    assert f"more than 100 million until {max(y for y, people in rows if people > 100 * 10**6)}" in said


def test_the_regions_trade(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "northeast/index.html", "regions-trade")
    match = re.search(
        r"In (\d{4}) the Northeast traded goods of ([\d.,]+) billion dollars; it was ([\d.]+) times in the Yangtze River Delta",
        said,
    )
    assert match
    totals = {
        place: billion(con, f"SELECT goods_trade_total_usd FROM region_profile WHERE place = '{place}' AND year = {match[1]}")
        for place in ("CN_NORTHEAST", "CN_YANGTZE_DELTA")
    }  # fmt: skip
    assert float(match[2]) == pytest.approx(totals["CN_NORTHEAST"], abs=0.005)
    assert float(match[3]) == pytest.approx(totals["CN_YANGTZE_DELTA"] / totals["CN_NORTHEAST"], abs=0.05)


def test_the_regions_per_head(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    """The Delta's output per head in 2024, worked out from the provinces' own output and population."""
    rows = csv.DictReader((site / "northeast" / "per-head.csv").read_text(encoding="utf-8-sig").splitlines())
    assert "comparisons the coastal region has more per head" in takeaway(site, "northeast/index.html", "per-head")
    shown = next(row for row in rows if row["topic"] == "gdp_cny" and row["place"] == "CN_YANGTZE_DELTA")
    per_head = [
        float(one(con.execute(
            "SELECT sum(value) FILTER (indicator = 'gdp' AND unit = 'CNY') / sum(value) FILTER (indicator = 'population') FROM indicator "
            f"WHERE year = {shown['year']} AND place IN {places}"
        ))[0])
        for places in (("CN-SH", "CN-JS", "CN-ZJ"), ("CN-LN", "CN-JL", "CN-HL"))
    ]  # fmt: skip
    assert float(shown["per_head_over_northeast"]) == pytest.approx(per_head[0] / per_head[1], rel=0.001)


def test_companies_in_jilin_and_who_counted(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "provinces/CN-JL.html", "companies")
    publisher, number, year = one(con.execute(
        "SELECT publisher, value, year FROM presence_figures WHERE place = 'CN-JL' AND origin = 'JPN' AND is_preferred ORDER BY year DESC LIMIT 1"
    ))  # fmt: skip
    assert f"Jilin, {year}: " in said
    assert f"{number:,} companies" in said
    assert f"stated by {publisher}" in said  # a speech, not a count


def test_a_doubtful_count_is_no_headline(site: Path) -> None:
    """The newest count of Liaoning, of 2024, is of low confidence by its note, and was printed as over 8,000."""
    said = takeaway(site, "provinces/CN-LN.html", "companies")
    first, _, doubtful = said.partition(" A newer figure is of low confidence: ")
    assert "8,000" not in first
    assert doubtful == "Liaoning, 2024: more than 8,000 approved companies."
    shanghai = takeaway(site, "provinces/CN-SH.html", "companies")
    assert "2024: more than 6,600" in shanghai


def test_participants_are_not_all_persons(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    rows, named = one(con.execute("SELECT count(*), count(*) FILTER (person IS NOT NULL) FROM visits"))
    assert named < rows
    for path in ("visits/index.html", "index.html"):
        said = takeaway(site, path, "visits-by-year")
        assert f"{rows} participants on record, {named} with a person's name" in said


def test_an_answer_says_where_its_series_begin_and_end(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "questions/index.html", "growth_of_the_northeast")
    for place, name in (("CN-LN", "Liaoning"), ("CN-JL", "Jilin"), ("CN-HL", "Heilongjiang")):
        years = con.execute(f"SELECT year, value FROM indicator WHERE place = '{place}' AND indicator = 'gdp' AND unit = 'CNY' ORDER BY year").fetchall()  # fmt: skip
        ends = [f"{float(value) / 10**9:,.2f} billion yuan in {year}" for year, value in (years[0], years[-1])]
        assert f"{name} {' and '.join(ends)}" in said
    page = (site / "questions" / "index.html").read_text(encoding="utf-8")
    assert "Answered in part. Missing: " in html.unescape(page)


def test_claims_are_in_the_order_of_the_document(site: Path) -> None:
    names = [row["id"] for file in sorted((site / "claims").glob("claims-*.csv")) for row in csv.DictReader(file.read_text(encoding="utf-8-sig").splitlines())]  # fmt: skip
    numbers = [(name[0], int(re.findall(r"\d+", name)[0])) for name in names]
    assert numbers == sorted(numbers)
    assert max(number for _, number in numbers) > 9


def test_revisions_are_named_in_words(site: Path) -> None:
    rows = csv.DictReader((site / "data" / "largest-revisions.csv").read_text(encoding="utf-8-sig").splitlines())
    named = [row["figure"] for row in rows]
    assert "Japan with World, Foreign direct investment as UNCTAD compiles it, outward flow" in named
    assert not any(mark in figure for figure in named for mark in "{}_")


def test_what_is_called_a_figure_has_one(site: Path) -> None:
    said = takeaway(site, "provinces/index.html", "fdi-by-province")
    rows = list(csv.DictReader((site / "provinces" / "fdi-by-province.csv").read_text(encoding="utf-8-sig").splitlines()))  # fmt: skip
    assert said.startswith(f"{len(rows)} figures ")
    assert all(row["value_usd"] or row["printed_value"] for row in rows)


def test_checks_of_the_release(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    passed, all_of_them = one(con.execute("SELECT count(*) FILTER (passed), count(*) FROM meta.checks"))
    ending = "." if passed == all_of_them else "; the others are warnings, which keep no release back."
    assert takeaway(site, "data/index.html", "checks") == f"{passed} of {all_of_them} checks pass{ending}"


def test_a_provinces_output_as_releases_printed_it(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    said = takeaway(site, "provinces/CN-LN.html", "gdp-releases")
    match = re.search(r"GDP of (\d{4}) was printed as ([\d,]+) billion yuan and as ([\d,]+) billion yuan, ([\d.]+) % more", said)  # fmt: skip
    assert match
    printed = con.execute(
        "SELECT year, min(value), max(value) FROM core.indicator_versions WHERE place = 'CN-LN' AND indicator = 'gdp' AND unit = 'CNY' AND freq = 'A' "
        "AND dataset LIKE 'nbs.province_annual%' GROUP BY year ORDER BY max(value) / min(value) DESC"
    ).fetchall()
    year, low, high = printed[0]
    assert int(match[1]) == year
    assert [float(match[n].replace(",", "")) for n in (2, 3)] == [
        pytest.approx(float(value) / 10**9, abs=0.5) for value in (low, high)
    ]
    assert float(match[4]) == pytest.approx(100 * float(high / low - 1), abs=0.05)


def test_the_ministrys_printings(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    """Japan, 2012: 7.38 billion dollars in AFP's report of 16 January 2013 and in that of People's Daily Online a day later."""
    said = takeaway(site, "fdi/index.html", "printings")
    lines = (site / "fdi" / "printings.csv").read_text(encoding="utf-8-sig").splitlines()
    japan = next(line for line in lines if line.startswith("Japan,2012"))
    assert (
        "2,7380000000.00,2013-01-16,mofcom.via_afp,7380000000.00,2013-01-17,mofcom.via_people_s_daily_online" in japan
    )
    assert f"{len(lines) - 1} figures of the Ministry are here in more than one printing" in said


def test_a_conversion_is_no_revision(con: duckdb.DuckDBPyConnection, site: Path) -> None:
    """The total of 2018 was printed as 134.97 billion dollars and as 885.61 billion yuan: of two figures neither revises the other."""
    rows = list(csv.DictReader((site / "fdi" / "printings.csv").read_text(encoding="utf-8-sig").splitlines()))
    query = "SELECT count(*) FROM fdi_figures WHERE concept = 'mofcom_utilised' AND counterpart = 'WLD' AND year = 2018 AND freq = 'A' AND currency = '{}'"
    assert all(one(con.execute(query.format(currency)))[0] > 0 for currency in ("USD", "CNY"))
    datasets = dict(con.execute("SELECT dataset, string_agg(DISTINCT currency) FROM fdi_figures WHERE concept = 'mofcom_utilised' AND counterpart = 'WLD' AND year = 2018 GROUP BY dataset").fetchall())  # fmt: skip
    total = [row for row in rows if (row["counterpart"], row["year"]) == ("WLD", "2018")]
    assert all(row["currency"] in datasets[row[end]] for row in total for end in ("first_dataset", "last_dataset"))
    assert "134.00" not in takeaway(site, "fdi/index.html", "printings")


def test_the_article_does_not_only_round(site: Path) -> None:
    """It has 7.3 where the press printed 7.38, and 3.2 where the press printed 3.27."""
    rows = csv.DictReader((site / "fdi" / "article.csv").read_text(encoding="utf-8-sig").splitlines())
    pairs = [(float(row["article_usd"]), float(row["other_usd"])) for row in rows if row["other_usd"]]
    assert {(7.3e9, 7.38e9), (3.2e9, 3.27e9)} <= set(pairs)
    otherwise = sum(abs(article - other) > 0.05e9 for article, other in pairs)
    assert f"{otherwise} of them are not the other printing rounded" in takeaway(site, "fdi/index.html", "article")


def test_of_a_long_answer_the_page_has_the_beginning_and_the_files_all(site: Path) -> None:
    page = (site / "questions" / "index.html").read_text(encoding="utf-8")
    long = [len(file.read_text(encoding="utf-8-sig").splitlines()) - 1 for file in (site / "questions").glob("*.csv")]
    for number in (number for number in long if number > 30):
        assert f"{number:,} rows, of which the first 30 are shown here and all are in the files" in page
    assert max(page.count("<tr>", *span.span()) for span in re.finditer(r"<tbody>.*?</tbody>", page, re.S)) <= 30
