"""``entrepot serve`` beside another: none is ended that it did not start, and no other server is taken for its own."""

import socket
import subprocess
import sys
from pathlib import Path

from filelock import FileLock


def serve(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.cli.app", "serve", "--home", str(home), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_a_number_that_a_dead_one_left_ends_no_other_process(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as another:
        (home / "serve.pid").write_text(str(another.pid))
        said = serve(home, "--stop")
        assert (said.returncode, said.stdout) == (0, "nothing is served for this home folder\n")
        assert another.poll() is None
        another.kill()


def test_a_home_folder_is_served_once(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with FileLock(tmp_path / "home" / "serve.lock"):
        said = serve(tmp_path / "home")
    assert said.returncode == 1
    assert "is served already; end that with `" in said.stderr
    assert not (tmp_path / "home" / "serve.pid").exists()


def test_a_port_of_another_program_is_refused(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = serve(tmp_path / "home", "--port", str(other.getsockname()[1]))
    assert said.returncode == 1
    assert "cannot be used: Address already in use; `--port` chooses another" in said.stderr
    assert not (tmp_path / "home" / "serve.pid").exists()
