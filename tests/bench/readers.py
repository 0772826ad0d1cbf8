"""Three readers who ask while a release is published: how long did one wait, and did one fail?

A wait is what a reader spends before an answer that costs nothing: opening the published file and reading which
release it is. The questions asked then have work of their own, which is noted beside it. One of the readers keeps the
file open all the time, as a notebook does.
"""

import json
import time
from pathlib import Path
from typing import Any

from tests.bench import questions
from tests.bench.measure import begin
from warehouse import connection
from warehouse.settings import Home

READERS = 3
#: Between two questions of a reader; without it three readers alone keep both cores busy.
_PAUSE_SECONDS = 0.2
_QUESTION = "02_top_products_between_two"
_IDLE_SECONDS = 2.0


class Readers:
    """Readers at work in processes of their own, for as long as a block lasts; then ``results`` says what they met."""

    def __init__(self, home: Path, folder: Path, year: int) -> None:
        self._home, self._folder, self._year = home, folder, year
        self.results: dict[str, Any] = {}

    def __enter__(self) -> "Readers":
        self._folder.mkdir(parents=True, exist_ok=True)
        for left in self._folder.iterdir():
            left.unlink()
        self._processes = [
            begin(
                "readers.read",
                home=self._home,
                folder=self._folder,
                name=f"reader{n}",
                year=self._year,
                keeps_open=n == 0,
            )
            for n in range(READERS)
        ]
        while len(list(self._folder.glob("*.ready"))) < READERS:
            if any(p.poll() is not None for p in self._processes):
                break  # it is told below by what is missing
            time.sleep(0.05)
        time.sleep(_IDLE_SECONDS)
        (self._folder / "busy").touch()
        return self

    def __exit__(self, *_: object) -> None:
        (self._folder / "stop").touch()
        ended = [p.wait() for p in self._processes]
        of_readers = [json.loads(path.read_text()) for path in sorted(self._folder.glob("*.json"))]
        self.results = _together(of_readers, failed_processes=sum(1 for code in ended if code))


def read(home: str, folder: str, name: str, year: int, keeps_open: bool) -> dict[str, object]:
    """Ask until told to stop; write down the longest waits before and after the publishing began."""
    place, signals = Home(Path(home)), Path(folder)
    query = next(q for q in questions.all_questions() if q.name == _QUESTION).sql.format(
        trade="mart.trade_figures", year=year
    )
    asker = _KeepsOpen(place) if keeps_open else _OpensAnew(place)
    noted = {"idle": _Noted(), "busy": _Noted()}
    while not (signals / "stop").exists():
        now = noted["busy" if (signals / "busy").exists() else "idle"]
        now.ask(asker, query)
        (signals / f"{name}.ready").touch()
        time.sleep(_PAUSE_SECONDS)
    result = {when: vars(n) for when, n in noted.items()}
    (signals / f"{name}.json").write_text(json.dumps(result))
    return {"seconds": 0.0}


class _OpensAnew:
    """Opens the published file for every question."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def ask(self, query: str) -> tuple[str, float, float]:
        """The release that was read, and the seconds of the wait and of the question."""
        begun = time.perf_counter()
        with connection.reader(self._home) as con:
            release = _release(con)
            waited = time.perf_counter()
            con.execute(query).fetchall()
        return release, waited - begun, time.perf_counter() - waited


class _KeepsOpen:
    """Keeps the file open that it opened first."""

    def __init__(self, home: Home) -> None:
        self._reader = connection.reader(home)
        self._con = self._reader.__enter__()

    def ask(self, query: str) -> tuple[str, float, float]:
        """The release that was read, and the seconds of the wait and of the question."""
        begun = time.perf_counter()
        release = _release(self._con)
        waited = time.perf_counter()
        self._con.execute(query).fetchall()
        return release, waited - begun, time.perf_counter() - waited


class _Noted:
    """What a reader met."""

    def __init__(self) -> None:
        self.asked, self.longest_wait, self.longest_question = 0, 0.0, 0.0
        self.failures: list[str] = []
        self.releases: list[str] = []

    def ask(self, asker: _OpensAnew | _KeepsOpen, query: str) -> None:
        """Ask once and note it."""
        self.asked += 1
        try:
            release, wait, question = asker.ask(query)
        except Exception as fault:  # noqa: BLE001  whatever keeps a reader from an answer is what is looked for
            self.failures.append(f"{type(fault).__name__}: {fault}")
            return
        self.longest_wait = max(self.longest_wait, wait)
        self.longest_question = max(self.longest_question, question)
        if release not in self.releases:
            self.releases.append(release)


def _release(con: Any) -> str:
    return str(con.execute("SELECT max(release) FROM meta.releases").fetchone()[0])


def _together(of_readers: list[dict[str, Any]], failed_processes: int) -> dict[str, Any]:
    """What all readers met, before the publishing and during it."""
    results: dict[str, Any] = {"readers": len(of_readers), "failed_processes": failed_processes}
    for when in ("idle", "busy"):
        each = [t[when] for t in of_readers]
        results[when] = {
            "asked": sum(e["asked"] for e in each),
            "longest_wait": max((e["longest_wait"] for e in each), default=0.0),
            "longest_question": max((e["longest_question"] for e in each), default=0.0),
            "failures": [f for e in each for f in e["failures"]],
            "releases": sorted({r for e in each for r in e["releases"]}),
        }
    return results
