"""What documents say, held against the bundled figures; claims of the home folder beside those that come with the project."""

import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from tasks.ask import claims as steps
from tasks.ask.claims import Verdict
from warehouse import claims
from warehouse.connection import reader
from warehouse.errors import ClaimsFault, Unknown
from warehouse.settings import Home

MINE = """
document: "A report of ours"
claims:
  - id: mine
    passage: page 1
    statement: Japan invested 8 billion dollars in China in 2012.
    comparison: equals
    expected: 8
    unit: billion USD
    missing: the Ministry's figure
    sql: SELECT value_usd / 1e9 AS figure, dataset AS source FROM fdi_figures WHERE reporter = 'CHN' AND counterpart = 'JPN' AND period = '2012' AND dataset = 'mofcom.via_afp'
"""


@pytest.fixture(scope="module")
def con(bundled: Home) -> Iterator[duckdb.DuckDBPyConnection]:
    """A reader of the published file."""
    with reader(bundled) as opened:
        yield opened


@pytest.fixture(scope="module")
def verdicts(con: duckdb.DuckDBPyConnection, bundled: Home) -> dict[str, Verdict]:
    """The published verdicts."""
    return {v.id: v for v in steps.judge(con, bundled).verdicts}


def test_every_claim_has_a_verdict(verdicts: dict[str, Verdict]) -> None:
    assert set(verdicts) == {claim.id for document in claims.bundled() for claim in document.claims}
    for v in verdicts.values():
        assert bool(v.missing) == (v.verdict == "no data"), v.id
        assert bool(v.supported_by) == (v.verdict in ("supported", "mixed")), v.id
        assert bool(v.contradicted_by) == (v.verdict in ("contradicted", "mixed")), v.id


#: Verdicts that follow from figures that their documents print, with a figure that has to be named.
PRINTED = {
    "N1_peak": ("supported", "7.38 (mofcom.via_afp"),
    "N1_steady": (
        "mixed",
        "1.7 (mofcom.via_xinhua, 2016, growth in CNY",
    ),  # in dollars it fell each year; in yuan 2016 rose
    "N1_steady_by_japan": ("contradicted", "48.5 (mof_boj.bop"),
    "N2_usa_path": ("contradicted", "-20.6 (mofcom.via_mainichi, 2014"),
    "N2_eu_path": ("contradicted", "-5.3 (mofcom.via_mainichi, 2014"),
    # Of all 2016 and of South Korea's 2012 the Ministry's count is printed by the article alone.
    "N2_usa_2012": ("supported", "3.13"),
    "N2_kor_2012": ("no data", ""),
    "N2_kor_end_points": ("no data", ""),
    "N2_usa_end_points": ("no data", ""),
    "N2_eu_end_points": ("no data", ""),
    # The list of the forum's guests has the five; whom they met is in the newspaper alone.
    "N4_in_japan": ("supported", "5 (Kiyoshi Ueda"),
    "N4_visitors": ("no data", ""),
    "N6_heads_of_government": ("no data", ""),
    "N9_governor": ("no data", ""),
    "N9_zone_for_japan": ("no data", ""),
    "N11_governor": ("no data", ""),
    "N11_others": ("supported", "Japan External Trade Organization"),
    "N3_level": ("supported", "3.27"),
    # The forum before was held in China and that of 2018 in Japan: their provinces (7 and 5) do not compare.
    "N7_more_than_before": ("no data", ""),
    "E3_neighbours": ("no data", ""),
    "N7_slump": ("no data", ""),
    "N8_companies": ("no data", ""),
    "E2_population": ("supported", "109.55 (erina.report_106"),
    "E1_every_year": ("contradicted", "Heilongjiang 2009"),
    "E1_constant_prices": ("no data", ""),
    "E4_investor": ("supported", "13.5 (liaoning_province.via_xinhua"),
    "E4_investor_inland": ("no data", ""),
    "E4_partner": ("supported", "14.3 (erina.report_125"),
    "E4_partner_of_heilongjiang": ("no data", ""),
    "E5_dalian": ("supported", "60.3739"),  # 13.24 to 21.93
    "E5_trade_pearl": ("no data", ""),
    # January to June 2020: CNY 6.88 billion in Jilin, USD 10.37 billion in Shandong.
    "E5_trade_bohai": ("supported", "9.4353"),
    "E5_trade_per_head": ("supported", "39.9791"),
    "E5_trade_yangtze": (
        "supported",
        "3.1018",
    ),  # a month: CNY 6.88 billion over 6 in Jilin, 373.42 over 11 in Shanghai
    "E5_trade_per_gdp": ("mixed", "56.1278"),
    "E5_investment": ("no data", ""),
    "E5_investment_inland": ("supported", "7.684"),  # 0.75 billion by 2011 to 9.76 by 2003
    "E1_sustained_since": ("contradicted", "Heilongjiang 2015"),
    # 28,669.02 in 2015 and 22,246.9 in 2016 (CNY 100 million) before the revision, 20,210.3 and 20,392.5 after it.
    "E1_sustained_in_liaoning": ("mixed", "-22.4009 (panel.province_2005_2024, Liaoning 2016"),
    "E1_sustained_in_liaoning_first": ("contradicted", "Liaoning 2016: 2225.0 billion yuan after 2867.0"),
    "E8_lines": ("supported", "Changchun-Jilin 2011-01-11"),
    "E6_trade": ("supported", "3.87859"),  # 12.14 to 3.13
    "E6_trade_per_head": ("supported", "2.43473"),
    "E6_trade_for_its_size": ("contradicted", "1.3596"),
    "E6_investment": ("supported", "14.44"),  # 10.83 to 0.75
    "E7_concentrated": ("supported", "68.6554"),  # 7.71 to 11.23
    "E7_companies": ("no data", ""),
    "E7_few": ("supported", "243 in Jilin 2011 of 1500"),
    "E7_few_in_heilongjiang": ("no data", ""),
    "E8_expressways": ("supported", "23.2955"),  # 4,100 to 176 km
}


@pytest.mark.parametrize("id", PRINTED)
def test_a_verdict_names_the_figure_it_follows_from(verdicts: dict[str, Verdict], id: str) -> None:
    verdict, figure = PRINTED[id]
    v = verdicts[id]
    assert v.verdict == verdict
    assert figure in f"{v.supported_by} {v.contradicted_by}"


def test_why_shows_every_figure_and_what_would_support_it(con: duckdb.DuckDBPyConnection, bundled: Home) -> None:
    reasons = steps.why(con, bundled, "N2_usa_path")
    verdict, evidence = reasons.verdict, reasons.evidence
    assert verdict.verdict == "contradicted"
    assert steps.supporting(verdict) == "more than 0, percent, growth on the year before"
    assert [(e.figure, e.source, e.supports, e.off_by) for e in evidence] == [
        (-20.6, "mofcom.via_chinascope", False, -20.6), (-20.6, "mofcom.via_mainichi", False, -20.6),
    ]  # fmt: skip
    with pytest.raises(Unknown, match=r"no claim 'N99'\. The claims are: E1_high_rate"):
        steps.why(con, bundled, "N99")


def test_a_document_of_the_home_folder_is_judged_beside_the_others(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.claims.mkdir()
    (home.claims / "mine.yml").write_text(MINE, encoding="utf-8")
    (mine,) = [v for v in steps.judge(con, home).verdicts if v.id == "mine"]
    assert (mine.verdict, mine.off_by) == ("contradicted", -0.62)
    assert steps.why(con, home, "mine").evidence[0].figure == 7.38


def test_a_query_that_fails_is_told_and_the_others_are_judged(con: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.claims.mkdir()
    (home.claims / "mine.yml").write_text(MINE.replace("value_usd", "no_such_column"), encoding="utf-8")
    judged = steps.judge(con, home)
    assert len(judged.verdicts) == sum(len(d.claims) for d in claims.bundled())
    (fault,) = judged.faults
    assert fault.startswith("the query of claim mine of 'A report of ours' fails: Binder Error")
    assert fault.endswith("It has to give the columns figure and source, and may give published_on and about")


@pytest.mark.parametrize(
    ("query", "message"),
    [
        (
            "SELECT 1 AS figures, 'a' AS source",
            "has no column figure and has a column figures, which means nothing here",
        ),
        ("SELECT 1 AS figure", "has no column source"),
        ("SELECT 1 AS figure, NULL AS source", "gives a figure without a source"),
        ("SELECT 1 AS figure, ' ' AS source", "gives a figure without a source"),
        ("SELECT 'inf'::DOUBLE AS figure, 'a' AS source", "gives a figure that is not finite"),
        ("SELECT 'ten' AS figure, 'a' AS source", "gives a figure that is no number but VARCHAR"),
        ("SELECT 1 AS figure, 'a' AS source; SELECT 2", "fails: Parser Error"),
    ],
)
def test_a_query_whose_rows_are_no_figures_is_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str, message: str
) -> None:
    home = Home(tmp_path)
    home.claims.mkdir()
    before, _, _ = MINE.partition("    sql: ")
    (home.claims / "mine.yaml").write_text(f"{before}    sql: {query}\n", encoding="utf-8")
    (fault,) = steps.judge(con, home).faults
    assert fault.startswith(f"the query of claim mine of 'A report of ours' {message}")
    assert fault.endswith("It has to give the columns figure and source, and may give published_on and about")


@pytest.mark.parametrize("id", [claim.id for document in claims.bundled() for claim in document.claims])
def test_the_query_of_every_claim_gives_figures_with_sources(
    con: duckdb.DuckDBPyConnection, bundled: Home, id: str
) -> None:
    reasons = steps.why(con, bundled, id)
    assert reasons.verdict.verdict == "no data" or all(e.source for e in reasons.evidence)
    assert not reasons.cautions  # the release has the claims of today


def test_a_file_that_breaks_the_schema_is_told_and_the_others_are_judged(
    con: duckdb.DuckDBPyConnection, tmp_path: Path
) -> None:
    home = Home(tmp_path)
    home.claims.mkdir()
    (home.claims / "broken.yml").write_text(MINE.replace("    unit: billion USD\n", ""), encoding="utf-8")
    (home.claims / "mine.yml").write_text(MINE, encoding="utf-8")
    (home.claims / "mine_again.yml").write_text(MINE, encoding="utf-8")
    judged = steps.judge(con, home)
    first, second = judged.faults
    assert re.search(r"broken\.yml: claim mine: unit: is missing", first)
    assert re.search(r"two claims have one id: mine, in .*mine_again\.yml", second)
    assert [v.verdict for v in judged.verdicts if v.id == "mine"] == ["contradicted"]
    assert len(judged.verdicts) == 1 + sum(len(d.claims) for d in claims.bundled())
    with pytest.raises(ClaimsFault, match=r"broken\.yml"):
        steps.why(con, home, "N99")


def test_a_release_from_before_claims_says_so(tmp_path: Path) -> None:
    with duckdb.connect() as con, pytest.raises(ClaimsFault, match="run `entrepot build`"):
        steps.judge(con, Home(tmp_path))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (MINE.partition("    sql: ")[2].replace("'CHN'", "'CHINA'"), "claim mine: reporter = 'CHINA' finds nothing: 'CHINA' is not a place code"),
        ("SELECT sum(value_usd) AS figure, 'fdi' AS source FROM fdi_figures", "claim mine: sum(value_usd) over fdi_figures adds"),
    ],
)  # fmt: skip
def test_what_a_query_should_not_add_or_ask_is_told(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, query: str, said: str
) -> None:
    home = Home(tmp_path)
    home.claims.mkdir()
    before, _, _ = MINE.partition("    sql: ")
    (home.claims / "mine.yml").write_text(f"{before}    sql: {query.strip()}\n", encoding="utf-8")
    judged = steps.judge(con, home)
    assert judged.cautions
    assert judged.cautions[0].startswith(said)
    assert steps.why(con, home, "mine").cautions == judged.cautions


def test_claims_that_are_not_those_of_the_release_are_judged_now(
    con: duckdb.DuckDBPyConnection, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an upgrade the list says what --why says, and that the release has the older claims."""
    first, *others = claims.bundled()
    harder = first.claims[0].model_copy(update={"expected": 100.0})
    changed = first.model_copy(update={"claims": (harder, *first.claims[1:])})
    monkeypatch.setattr(claims, "bundled", lambda: (changed, *others))
    judged = steps.judge(con, Home(tmp_path))
    (caution,) = judged.cautions
    assert f"other claims than this program has: {harder.id} was judged now" in caution
    reasons = steps.why(con, Home(tmp_path), harder.id)
    assert reasons.cautions == judged.cautions
    assert reasons.verdict == next(v for v in judged.verdicts if v.id == harder.id)
    assert reasons.verdict.verdict == "contradicted"
    assert not steps.why(con, Home(tmp_path), first.claims[1].id).cautions
