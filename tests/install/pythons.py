"""The Python versions that are supported, and those of them that can be had on this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

#: Supported versions, and the pip that the first release of each brought with it.
OLDEST_PIP = {"3.11": "22.3", "3.12": "23.2.1", "3.13": "24.2", "3.14": "25.2"}
#: The version that must be there: the README promises that it is enough.
NEEDED = "3.11"

# Without ensurepip no environment with a pip can be made (Debian splits it off).
_PROBE = "import ensurepip, platform, venv; ensurepip.version(); print(platform.python_version())"


@dataclass(frozen=True)
class Python:
    """An interpreter that works and can make environments."""

    minor: str
    release: str
    executable: Path


def find(minor: str) -> Python | None:
    """A working interpreter of a version such as `3.11`, or None. The one that runs this is preferred."""
    for executable in _candidates(minor):
        release = probe(executable)
        if release and release.split(".")[:2] == minor.split("."):
            return Python(minor, release, executable)
    return None


def probe(executable: Path) -> str | None:
    """The release of an interpreter, or None where it does not run or cannot make environments."""
    try:
        done = subprocess.run([executable, "-I", "-c", _PROBE], capture_output=True, text=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def _candidates(minor: str) -> Iterator[Path]:
    yield Path(sys.executable)
    for folder in os.get_exec_path():
        yield from Path(folder).glob(f"python{minor}")
    # A pyenv shim on PATH runs only the versions that are switched on; the versions themselves lie here.
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{minor}.*/bin/python{minor}"))
