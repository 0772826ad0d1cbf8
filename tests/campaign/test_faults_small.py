"""Every kind of fault in the answers of two publishers; `make campaign` does so for all, with the bundled figures on record."""

from collections import Counter
from pathlib import Path

import pytest

from tests.campaign import faults, publishers
from tests.campaign.judging import CRASHED, MARKED, REFUSED_LOADED, REFUSED_PULLED, WRONG, judge, on_record

#: Of this seed.
SEED = 17


@pytest.mark.parametrize(
    ("record", "outcome", "is_fault"),
    [
        (faults.NEW, WRONG, False),
        (faults.AGAIN, WRONG, True),
        (faults.NEW, CRASHED, True),
        (faults.NEW, MARKED, False),
    ],
)
def test_only_of_a_first_answer_a_fault_may_be_impossible_to_know(record: str, outcome: str, is_fault: bool) -> None:
    kind, source = next(iter(faults.UNKNOWABLE))
    assert faults.is_fault(faults.Case(source, kind, record, outcome, "")) is is_fault
    assert faults.is_fault(faults.Case("no.source", kind, record, outcome, "")) is (outcome in faults.FAULTS)


def test_every_source_that_is_asked_has_answers_to_be_made_faulty() -> None:
    assert publishers.missing() == []


def test_what_is_found_is_not_impossible_to_know() -> None:
    kind, source = next(iter(faults.UNKNOWABLE))
    judged = [faults.Case(source, kind, record, MARKED, "") for record in (faults.NEW, faults.AGAIN)]
    assert list(faults.unfounded(judged)) == [f"{kind}, {source}: {MARKED}"]
    assert list(faults.unfounded([faults.Case(source, kind, faults.NEW, WRONG, "")])) == []


def test_no_faulty_answer_gives_a_wrong_figure_without_a_mark_or_loses_one_in_silence(
    tmp_path: Path, warehouse_template: Path
) -> None:
    asked = [publishers.asked()[name] for name in ("imf.imts", "uncomtrade", "fred.fx")]
    record = on_record(tmp_path / "record", warehouse_template, asked, has_bundled=False)
    (tmp_path / "work").mkdir()
    with judge(tmp_path / "work", record) as judged:
        cases = list(faults.cases(judged, SEED, ["imf.imts", "fred.fx"]))
    assert [case for case in cases if faults.is_fault(case)] == []
    counts = Counter(case.outcome for case in cases)
    assert counts[REFUSED_PULLED] >= 60
    assert counts[REFUSED_LOADED] >= 3
    assert counts[MARKED] > 1
