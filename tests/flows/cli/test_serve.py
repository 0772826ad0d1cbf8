"""``entrepot serve`` beside another: none is ended that it did not start, and no other server is taken for its own."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from threading import Timer

from filelock import FileLock

from flows import serving


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


def test_one_that_is_starting_is_ended_once_it_has_said_its_number(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    with (
        FileLock(tmp_path / "home" / "serve.lock"),
        subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as starting,
    ):
        late = Timer(1, (tmp_path / "home" / "serve.pid").write_text, [str(starting.pid)])
        late.start()
        said = serve(tmp_path / "home", "--stop")
        assert said.stdout.startswith("asked to end"), said.stderr
        assert starting.wait(30) == -signal.SIGTERM


def test_deployments_are_registered_only_where_a_server_is_configured(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "flows.cli.app", "deployments", "--register", "--home", str(tmp_path)]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    for given, status, words in (
        ({"PREFECT_HOME": str(tmp_path)}, 2, "no Prefect server is configured"),
        ({"PREFECT_API_URL": "http://127.0.0.1:9/api"}, 1, "the Prefect server http://127.0.0.1:9/api cannot be used"),
    ):
        done = subprocess.run(command, env=kept | given, capture_output=True, text=True, check=False, timeout=120)
        assert (done.returncode, words in " ".join(done.stderr.split())) == (status, True), done.stderr


def test_the_address_to_ask_at_is_one_that_answers() -> None:
    assert serving.address("0.0.0.0", 4200) == "http://127.0.0.1:4200"  # noqa: S104
    assert serving.address("127.0.0.2", 4200) == "http://127.0.0.2:4200"
    assert serving.address("::", 4200) == "http://[::1]:4200"


def test_a_port_of_another_program_is_refused(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = serve(tmp_path / "home", "--port", str(other.getsockname()[1]))
    assert said.returncode == 1
    assert "cannot be used: Address already in use; `--port` chooses another" in said.stderr
    assert not (tmp_path / "home" / "serve.pid").exists()
