"""The project installed as a wheel, into an environment in which the checkout cannot be imported."""

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

#: The repository.
ROOT = Path(__file__).parents[2]


def installed(folder: Path) -> Path:
    """Build the wheel, install it into a new environment below ``folder``, and return that environment's Python.

    The libraries are those of this environment. Its own ``.pth`` files, of which one points to the checkout, do not count in the other.
    """
    run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder / "wheel")])
    (wheel,) = (folder / "wheel").glob("*.whl")
    environment = folder / "environment"
    venv.create(environment, with_pip=False, symlinks=True)
    (packages,) = environment.glob("lib/python3*/site-packages")
    own = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "libraries.pth").write_text("\n".join(own) + "\n", encoding="utf-8")
    # Not by pip, which would take the editable installation of this environment away: a wheel of Python code is installed by unpacking it.
    zipfile.ZipFile(wheel).extractall(packages)
    return environment / "bin" / "python"


def run(command: list[str]) -> None:
    """Run a command at the root of the repository; its output is the message where it fails."""
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert not done.returncode, done.stdout + done.stderr
