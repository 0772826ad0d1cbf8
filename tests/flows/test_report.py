"""Reports for people."""

from flows import report
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
        "a.b: 3 of 5 requests done, resumed at request 2; 1,200 rows, 2 new files, 1 answers unchanged; 7 requests are left"
    )
    assert report.pull_faults([pulled]) == ["no x"]
    assert report.pull_markdown([pulled]).endswith("Faults:\n\n- no x")
