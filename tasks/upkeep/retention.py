"""What is removed with time: long logs, and files that killed runs left. Releases go when a newer one is published (ENTREPOT_KEEP_RELEASES).

Archived files are never removed: everything can be made again from them, and nothing without them.
"""

import shutil
from pathlib import Path

from warehouse import locked_temp
from warehouse.settings import Home

#: A log that is longer is cut to its newest part, bytes.
_LONGEST_LOG, _KEPT_OF_LOG = 20 * 1024**2, 5 * 1024**2
#: The logs of a home folder.
_LOGS = ("faults.log", "prefect/server.log", "prefect/worker.log")


def tidy(home: Home) -> list[str]:
    """Remove what nobody needs any more; say what. Only for the one writer of the home folder."""
    done = [text for name in _LOGS if (text := _cut(home.root / name))]
    done += [_removed(path) for path in sorted(home.releases.glob(".*")) if path.is_dir()]
    before = _count(home.incoming) + _count(home.pull / "receiving")
    for folder in (home.incoming, home.pull / "receiving"):
        locked_temp.remove_abandoned(folder)
    left = before - _count(home.incoming) - _count(home.pull / "receiving")
    return done + ([f"removed {left} files that killed runs left"] if left else [])


def _cut(log: Path) -> str | None:
    """Keep the newest part of a long log. It is written in place, since a running program goes on writing at its end."""
    if not log.is_file() or log.stat().st_size <= _LONGEST_LOG:
        return None
    with log.open("r+b") as file:
        file.seek(-_KEPT_OF_LOG, 2)
        file.readline()  # the rest of a line
        newest = file.read()
        file.seek(0)
        file.write(newest)
        file.truncate()
    return f"cut {log} to its newest {len(newest) // 1024**2} MB"


def _removed(path: Path) -> str:
    shutil.rmtree(path)
    return f"removed {path}, a release that was not finished"


def _count(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0
