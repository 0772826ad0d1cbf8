"""The long run: ``python -m tests.campaign``. What was judged is kept, so that a run that ended goes on where it was.

``--write`` puts the table of what became of the answers into docs/reliability.md.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.campaign import faults, kinds, publishers
from tests.campaign.faults import Case
from tests.campaign.judging import Judge, judge, on_record
from tests.support import template
from tests.support.paths import ROOT
from warehouse.settings import Settings

_SEED = 17
_PAGE = ROOT / "docs" / "reliability.md"
_BEGIN, _END = "<!-- table of the campaign -->", "<!-- end of the table -->"
_KEPT = ROOT / "build"


def main() -> int:
    """Judge what is not judged yet and print the table; the status is 1 if something happened that must not."""
    parser = argparse.ArgumentParser(prog="python -m tests.campaign", description=__doc__)
    parser.add_argument("--seed", type=int, default=_SEED, help="the seed (default: %(default)s)")
    parser.add_argument("--sources", default=",".join(publishers.asked()), help="ids of sources (default: all)")
    parser.add_argument("--minutes", type=float, default=600, help="end after so long; the next run goes on")
    parser.add_argument("--table", action="store_true", help="judge nothing, only show what was judged")
    parser.add_argument("--write", action="store_true", help="write the table to docs/reliability.md")
    arguments = parser.parse_args()
    kept = _KEPT / f"campaign-{arguments.seed}.jsonl"
    kept.parent.mkdir(exist_ok=True)
    if not arguments.table:
        _judge_further(kept, arguments.seed, arguments.sources.split(","), arguments.minutes)
    judged = _judged(kept)
    lines = list(faults.page(judged, arguments.seed))
    sys.stdout.write("\n".join(lines) + "\n")
    if arguments.write:
        _write(lines)
    unfounded = list(faults.unfounded(judged))
    sys.stdout.writelines(f"can be known, against what the campaign says: {line}\n" for line in unfounded)
    return 1 if unfounded or any(map(faults.is_fault, judged)) else 0


def _judge_further(kept: Path, seed: int, source_ids: list[str], minutes: float) -> None:
    end = time.monotonic() + 60 * minutes
    with kept.open("a", encoding="utf-8") as file, tempfile.TemporaryDirectory() as folder:
        for case in _left(Path(folder), seed, source_ids, _judged(kept)):
            file.write(json.dumps(asdict(case), ensure_ascii=False) + "\n")
            file.flush()
            if time.monotonic() > end:
                break


def _judged(kept: Path) -> list[Case]:
    return [Case(**json.loads(line)) for line in kept.read_text(encoding="utf-8").splitlines()] if kept.exists() else []


def _left(folder: Path, seed: int, source_ids: list[str], judged: list[Case]) -> Iterator[Case]:
    """What becomes of the answers that no run has judged yet."""
    done = {(case.source, case.kind, case.record) for case in judged}
    settings = Settings.model_construct(memory_limit="1GB", threads=1)
    record = on_record(
        folder / "record", template.warehouse_file(folder / "cache", settings), publishers.asked().values()
    )
    (folder / "work").mkdir()
    with judge(folder / "work", record) as judging:
        for source_id in source_ids:
            yield from _of_source(judging, seed, source_id, done)


def _of_source(judging: Judge, seed: int, source_id: str, done: set[tuple[str, str, str]]) -> Iterator[Case]:
    left = [kind for kind in kinds.KINDS if (source_id, kind, faults.AGAIN) not in done]
    yield from (
        case
        for case in faults.cases(judging, seed, [source_id], left)
        if (case.source, case.kind, case.record) not in done
    )


def _write(lines: list[str]) -> None:
    before, _, rest = _PAGE.read_text(encoding="utf-8").partition(_BEGIN)
    _, _, after = rest.partition(_END)
    _PAGE.write_text(f"{before}{_BEGIN}\n" + "\n".join(lines) + f"\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
