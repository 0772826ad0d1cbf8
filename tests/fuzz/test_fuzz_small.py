"""A short run over files made by hand; `make fuzz` mutates the publishers' files too, fifty thousand times."""

from pathlib import Path

from tasks.load.trial import trial
from tests.fuzz import specimens
from tests.fuzz.judging import Judge, run
from warehouse.connection import make_folders
from warehouse.settings import Home, Settings

SEED = 14


def test_whatever_happens_to_a_file_it_is_refused_or_read_as_what_it_says(tmp_path: Path, settings: Settings) -> None:
    make_folders(Home(tmp_path / "home"))
    files = specimens.made()
    with trial(settings.model_copy(update={"home": tmp_path / "home"})) as reading:
        judge = Judge(reading, tmp_path)
        assert [name for name, data in files.items() if judge.verdict(name, data).outcome != "read"] == []
        report = run(judge, files, 360, SEED)
    assert report.faults == [], "\n".join(report.lines())
    assert sum(report.counts.values()) == 360
