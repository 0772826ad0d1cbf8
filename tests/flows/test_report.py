"""Reports for people."""

from datetime import date

from flows import report
from tasks.ask.warehouse_status import Freshness
from tasks.fetch.probe import Probed
from tasks.fetch.report import PullReport


def test_a_pull_report_as_a_sentence_and_as_markdown() -> None:
    pulled = PullReport(
        "a.b",
        done=3,
        total=5,
        rows=1200,
        new_files=2,
        unchanged=1,
        quota_left=7,
        resumed_at=2,
        failures=("no x",),
        fault="no x",
    )
    assert pulled.describe() == (
        "a.b: 2 of 5 requests done, resumed at request 2; 1,200 rows, 2 new files, 1 answers unchanged; 7 requests are left"
    )
    assert report.pull_faults([pulled]) == ["no x"]
    assert report.pull_markdown([pulled]).endswith("Faults:\n\n- no x")


def test_a_build_report_counts_rows_set_aside_and_ends_with_the_missing_rates() -> None:
    file = report.FileReport("a.b", "a.csv", "00", rows_in=5, accepted=2, quarantined=1, set_aside=2)
    missing = "4 figures of trade in JPY (2016-01) have no dollar amount for want of an average rate of the month"
    built = report.BuildReport([file], release="r", published="p", missing_rates=[missing])
    loaded, *_, last = built.sentences()
    assert "5 rows in, 2 accepted, 1 quarantined, 2 set aside;" in loaded
    assert last == missing
    assert "| a.b | a.csv | 5 | 2 | 1 | 2 |" in built.markdown()


def test_what_services_answered_comes_with_the_sources_that_are_late() -> None:
    fresh = [Freshness("fred.fx", "failing", date(2026, 1, 9)), Freshness("ecb.exr", "late", date(2026, 1, 2))]
    shown = report.probes_markdown([Probed("fred.fx", "503"), Probed("ecb.exr", None)], fresh).splitlines()
    assert shown[0].startswith("- wrong: fred.fx")
    assert shown[-2:] == ["| fred.fx | failing | 2026-01-09 |", "| ecb.exr | late | 2026-01-02 |"]
    assert report.probes_markdown([], []) == "- no service to ask"
