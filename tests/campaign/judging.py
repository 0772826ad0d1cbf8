"""What becomes of a faulty answer: as a pull would judge it, then as a load would read it, then as a reader would see its figures."""

import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb
import httpx

from tasks import sources
from tasks.archive.store import Artifact
from tasks.contract.service import AnswerRead
from tasks.contract.source import Source
from tasks.fetch import judged
from tasks.fetch.answer import Answer
from tasks.fetch.judged import check_not_fewer
from tasks.intake import accept
from tasks.load import conform
from tasks.load.load_source import load_source
from tasks.load.outcome import Outcome
from tasks.load.trial import Trial, trial
from tests.campaign.publishers import Asked
from tests.support.answers import answer_to
from warehouse import one_file
from warehouse.connection import make_folders, writer
from warehouse.errors import EntrepotError, HomeError, Unexpected
from warehouse.settings import Home, Settings

#: What became of an answer. In capitals what must not happen.
REFUSED_PULLED, REFUSED_LOADED = "refused when pulled", "refused when loaded"
QUARANTINED, MARKED, COUNTED, RIGHT = "rows quarantined", "marked as doubtful", "told as missing", "read right"
WRONG, LOST, CRASHED = "PUBLISHED WRONG", "LOST IN SILENCE", "CRASH"
OUTCOMES = (REFUSED_PULLED, REFUSED_LOADED, QUARANTINED, MARKED, COUNTED, RIGHT, WRONG, LOST, CRASHED)

#: A figure with all that is stored of it but where it comes from.
_Row = tuple[Any, ...]


@dataclass(frozen=True)
class Verdict:
    """What became of one answer; ``message`` is the first thing that was told of it."""

    outcome: str
    message: str = ""


@dataclass(frozen=True)
class _Read:
    rows: frozenset[_Row]
    told: AnswerRead


class Judge:
    """Judges answers. ``record`` is a home folder with the figures that answers are held against, which is copied."""

    def __init__(self, reading: Trial, folder: Path, record: Home, settings: Settings) -> None:
        self._reading, self._folder, self._record, self._settings = reading, folder, record, settings
        self._true: dict[str, tuple[_Read, int]] = {}

    def verdict(self, asked: Asked, data: bytes, *, is_again: bool = False) -> Verdict:
        """What becomes of an answer with these bytes; ``is_again``: the true answer to the same request is on record."""
        true, true_rows = self._truth(asked)
        try:
            with one_file.faults_of(asked.source.id):
                read, rows = self._pulled(asked, data)
                fewer = check_not_fewer(rows, true_rows, asked.source.id) if is_again else None
        except (Unexpected, HomeError) as fault:
            return Verdict(CRASHED, str(fault))
        except EntrepotError as fault:
            return Verdict(REFUSED_PULLED, str(fault))
        wrong = read.rows - true.rows
        if not wrong and read.rows == true.rows:
            return Verdict(RIGHT)
        if not wrong:
            verdict = Verdict(COUNTED, fewer) if fewer else self._fewer(read, true)
            return self._gone(asked, data, verdict) if is_again and verdict.outcome == LOST else verdict
        return self._loaded(asked, data, true, is_again=is_again)

    def _truth(self, asked: Asked) -> tuple[_Read, int]:
        if asked.source.id not in self._true:
            read, rows = self._pulled(asked, asked.answer())
            assert len(read.rows) >= len(asked.figures), f"the true answer of {asked.source.id} is not read whole"
            self._true[asked.source.id] = read, rows
        return self._true[asked.source.id]

    def _pulled(self, asked: Asked, data: bytes) -> tuple[_Read, int]:
        """The figures of an answer that a pull would archive, and its number of rows. Raises EntrepotError."""
        received = answer_to(self._folder, asked.request, data)
        answer = Answer(200, httpx.Headers(), received.path, received.size)
        valid = judged.judge(asked.source, asked.request, answer)
        rows, told = set[_Row](), list[AnswerRead]()
        faults = list[EntrepotError]()

        def examine(source: Source, artifact: Artifact, path: Path) -> str | None:
            try:
                told.append(self._reading.examine_answer(source, artifact, path, source.scope(asked.request)))
            except EntrepotError as fault:
                faults.append(fault)
                raise
            rows.update(_figures(self._reading.connection, source, artifact))
            return told[-1].remark

        origin = accept.Origin("pull", "asked", asked.request.filename)
        beside = Home(self._folder / "beside")
        make_folders(beside)
        results = list(accept.accept(beside, received.path, [asked.source], origin, beside.scratch, examine))
        shutil.rmtree(beside.root)
        if faults or not any(result.artifact for result in results):
            raise faults[0] if faults else EntrepotError("; ".join(result.message for result in results))
        remarks = "; ".join(filter(None, (read.remark for read in told))) or None
        return _Read(frozenset(rows), replace(told[0], remark=remarks)), valid.rows

    def _fewer(self, read: _Read, true: _Read) -> Verdict:
        """An answer of which no figure is wrong and some are not there: told or not."""
        if read.told.remark:
            return Verdict(QUARANTINED, read.told.remark)
        counts, all_counts = read.told.coverage, true.told.coverage
        if counts.asked and (counts.missing, counts.empty) != (all_counts.missing, all_counts.empty):
            return Verdict(COUNTED, counts.describe())
        return Verdict(LOST, f"{len(true.rows - read.rows)} figures")

    def _gone(self, asked: Asked, data: bytes, verdict: Verdict) -> Verdict:
        """What a build would say of an answer that leaves out figures that are on record; they may stand, as of a later edition."""
        with _copy(self._record, self._folder / "loaded") as home, writer(home, self._settings) as con:
            outcomes = _outcomes(con, home, self._settings, asked, data)
            shown = {row[:-1] for row in _shown(con, asked.source)}
        faults = _faults(outcomes)
        gone = sum(outcome.change.gone for outcome in outcomes)
        if faults:
            return Verdict(REFUSED_LOADED, faults[0])
        if self._truth(asked)[0].rows <= shown:
            return Verdict(RIGHT)
        return Verdict(COUNTED, f"{gone} figures are gone") if gone else verdict

    def _loaded(self, asked: Asked, data: bytes, true: _Read, *, is_again: bool) -> Verdict:
        """What a reader would see of an answer of which a figure is wrong."""
        with (
            _copy(self._record, self._folder / "loaded") as home,
            writer(home, self._settings) as con,
        ):
            if not is_again:
                _forget(con, home, asked.source)
            faults = _faults(_outcomes(con, home, self._settings, asked, data))
            if faults:
                return Verdict(REFUSED_LOADED, faults[0])
            unmarked = [row for row in _shown(con, asked.source) if row[:-1] not in true.rows]
            if any(not is_marked for *_, is_marked in unmarked):
                return Verdict(WRONG, str(next(row for row in unmarked if not row[-1])))
        return Verdict(MARKED if unmarked else QUARANTINED)


@contextmanager
def judge(folder: Path, record: Home) -> Iterator[Judge]:
    """A judge that works in a folder of its own."""
    settings = Settings.model_construct(home=folder / "home", memory_limit="1GB", threads=1)
    with trial(settings) as reading:
        yield Judge(reading, folder, record, settings)


def on_record(root: Path, template: Path, asked: Iterable[Asked], *, has_bundled: bool = True) -> Home:
    """A home folder with the bundled figures loaded, and the true answers to requests. ``template`` is a warehouse without figures."""
    home = Home(root)
    make_folders(home)
    settings = Settings.model_construct(home=root, memory_limit="1GB", threads=1)
    shutil.copyfile(template, home.warehouse)
    with writer(home, settings) as con:
        if has_bundled:
            load_source(con, home, settings, sources.get("curated"), common="campaign")
        for one in asked:
            assert _faults(_outcomes(con, home, settings, one, one.answer())) == []
    return home


@contextmanager
def _copy(home: Home, root: Path) -> Iterator[Home]:
    copy = Home(root)
    make_folders(copy)
    shutil.copyfile(home.warehouse, copy.warehouse)
    shutil.copytree(home.archive, copy.archive, dirs_exist_ok=True)
    try:
        yield copy
    finally:
        shutil.rmtree(root)


def _forget(con: duckdb.DuckDBPyConnection, home: Home, source: Source) -> None:
    """Take away all that is on record of a source, as if it had never been asked."""
    shutil.rmtree(home.archive / "manifests" / source.id, ignore_errors=True)
    editions = f"(SELECT edition FROM meta.editions WHERE source = '{source.id}')"
    for table in ("trade", "trade_part", "fdi", "indicator", "pair"):
        con.execute(f"DELETE FROM core.{table} WHERE edition IN {editions}")
    con.execute("DELETE FROM core.trade_bulk WHERE part NOT IN (SELECT part FROM core.trade_part)")
    for table in ("editions", "loads"):
        con.execute(f"DELETE FROM meta.{table} WHERE source = '{source.id}'")


def _outcomes(
    con: duckdb.DuckDBPyConnection, home: Home, settings: Settings, asked: Asked, data: bytes
) -> list[Outcome]:
    """Archive and load an answer as a pull and a build do; what became of its files."""
    path = home.root / asked.request.filename
    path.write_bytes(data)
    origin = accept.Origin("pull", "asked", asked.request.filename)
    list(accept.accept(home, path, [asked.source], origin, home.scratch))
    return list(load_source(con, home, settings, asked.source, common="campaign").outcomes)


def _faults(outcomes: Iterable[Outcome]) -> list[str]:
    return [str(outcome.fault) for outcome in outcomes if outcome.fault]


def _figures(con: duckdb.DuckDBPyConnection, source: Source, artifact: Artifact) -> Iterator[_Row]:
    for of in source.dataset(artifact).conforms:
        yield from _rows(con, of.fact.name, f"SELECT * FROM {conform.accepted_view(of.fact)}")


def _shown(con: duckdb.DuckDBPyConnection, source: Source) -> Iterator[_Row]:
    """The figures of a source as its mart shows them, and whether each is marked as doubtful."""
    for fact in _COLUMNS:
        query = f"SELECT *, coalesce(contains(note, 'doubtful: '), false) AS is_marked FROM {_MARTS.get(fact, f'mart.{fact}_figures')} WHERE source = '{source.id}'"
        yield from _rows(con, fact, query, "is_marked")


#: Marts of figures that have another name than the others.
_MARTS = {"pair": "mart.pair"}
#: What identifies a figure of each fact, and its value.
_COLUMNS = {
    "trade": "reporter, partner, flow, valuation, basis, classification, product, freq, period, currency, value",
    "fdi": "concept, accounting, direction, instrument, derivation, reporter, counterpart, industry, freq, period, currency, value",
    "indicator": "place, indicator, unit, freq, period, value",
    "pair": "place, counterpart, indicator, unit, freq, period, value",
}


def _rows(con: duckdb.DuckDBPyConnection, fact: str, query: str, *further: str) -> Iterator[_Row]:
    columns = ", ".join(
        (*(f"{c}::VARCHAR" for c in _COLUMNS[fact].split(", ")[:-1]), "round(value::DOUBLE, 6)", *further)
    )
    for row in con.execute(f"SELECT {columns} FROM ({query}) WHERE value IS NOT NULL").fetchall():
        yield (fact, *row)
