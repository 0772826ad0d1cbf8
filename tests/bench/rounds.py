"""The timed loads of one year: floor, ours and the peers in turn, so that a slow moment of the machine hits all."""

import importlib.util
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import files, floor, ours, peers
from tests.bench.data import YearFile
from tests.bench.measure import Run, WorkFailed, work
from tests.bench.peers import Peer
from tests.bench.plan import Plan

OnProgress = Callable[[str], None]


@dataclass(frozen=True)
class Release:
    """A year, and the archive it comes in where it does."""

    year: YearFile
    zipped: Path | None = None

    @property
    def path(self) -> Path:
        """What is adopted."""
        return self.zipped or self.year.path


@dataclass
class OneYear:
    """The runs of each loader, in order: the n-th of each belong to one round."""

    floor: list[Run] = field(default_factory=list)
    first: list[Run] = field(default_factory=list)
    again: list[Run] = field(default_factory=list)
    floor_revised: list[Run] = field(default_factory=list)
    revised: list[Run] = field(default_factory=list)
    peers: dict[str, list[Run]] = field(default_factory=dict)
    adopted_again: list[Run] = field(default_factory=list)
    absent: dict[str, str] = field(default_factory=dict)
    failed: str | None = None


def one_year(plan: Plan, clean: Release, revised: Release, archived: Path | None, on_progress: OnProgress) -> OneYear:
    """Measure ``plan.runs`` rounds. ``archived`` is a home folder with the clean file archived, None to leave ours out."""
    results = OneYear()
    chosen = [p for p in peers.ALL if plan.peers and _is_there(p, results)]
    for n in range(plan.runs):
        on_progress(f"one year, round {n + 1} of {plan.runs}: floor")
        results.floor.append(_floor(plan, clean))
        if archived and not results.failed:
            on_progress(f"one year, round {n + 1} of {plan.runs}: ours")
            _ours(plan, archived, clean, revised, results)
        for peer in [p for p in chosen if p.name not in results.absent]:
            on_progress(f"one year, round {n + 1} of {plan.runs}: {peer.name}")
            _peer(plan, peer, clean, results)
    return results


def _floor(plan: Plan, file: Release) -> Run:
    return work("floor.load", csv=[file.year.path], database=plan.folder / "floor.duckdb", zipped=file.zipped)


def _ours(plan: Plan, archived: Path, clean: Release, revised: Release, results: OneYear) -> None:
    """First load, the same again, then the revised release with its own floor beside it."""
    home = files.clone_home(archived, plan.folder / "home")
    try:
        results.first.append(work("ours.load", home=home))
        results.adopted_again.append(ours.adopt(home, [clean.path]))
        results.again.append(work("ours.load", home=home))
        ours.adopt(home, [revised.path])
        results.floor_revised.append(_floor(plan, revised))
        results.revised.append(work("ours.load", home=home))
    except WorkFailed as fault:
        results.failed = str(fault)
    files.fresh(home)


def _peer(plan: Plan, peer: Peer, clean: Release, results: OneYear) -> None:
    try:
        run = work(peer.work, csv=clean.year.path, database=plan.folder / "peer.duckdb")
    except WorkFailed as fault:
        results.absent[peer.name] = f"failed: {fault}"
        results.peers.pop(peer.name, None)
        return
    results.peers.setdefault(peer.name, []).append(run)


def _is_there(peer: Peer, results: OneYear) -> bool:
    if importlib.util.find_spec(peer.package):
        return True
    results.absent[peer.name] = f"{peer.package} is not installed: make bench installs it"
    return False


def checked(kind: str) -> tuple[str, str]:
    """What the floor and ours check, and what they lack."""
    if kind == "floor":
        return floor.CHECKS, floor.LACKS
    return (
        "types, every check of the schema, unique keys, codes resolved to places and products; bad rows quarantined with "
        "rule and raw text; versions, provenance, one transaction",
        "–",
    )
