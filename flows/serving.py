"""Prefect's server, a worker and all deployments on one machine, from nothing: the processes that ``entrepot serve`` starts and ends."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError

import httpx

from flows import runtime
from warehouse.errors import EntrepotError
from warehouse.settings import Settings

#: How long the server and the worker may take to start and to end, seconds.
_START, _END = 180, 60


class ServeFault(EntrepotError):
    """The server or the worker did not start, or ended by itself."""


#: Addresses that a server listens on and nobody asks: all of the machine.
_ALL_ADDRESSES = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104


def address(host: str, port: int) -> str:
    """The address of the server's pages, as this machine asks for them. ``host`` is what the server listens on."""
    asked = _ALL_ADDRESSES.get(host, host)
    return f"http://[{asked}]:{port}" if ":" in asked else f"http://{asked}:{port}"


@contextmanager
def served(
    settings: Settings, host: str, port: int, on_progress: Callable[[str], None]
) -> Iterator[dict[str, subprocess.Popen[bytes]]]:
    """A server, all deployments, and a worker that runs them, while the block runs; yields the two processes by name.

    ``host`` is the address that the server listens on, loopback unless a container keeps others out.

    The server keeps its state in the home folder (SQLite), or where PREFECT_API_DATABASE_CONNECTION_URL says. Raises ServeFault.
    """
    _check_free(host, port)
    os.environ["PREFECT_API_URL"] = f"{address(host, port)}/api"
    os.environ["PREFECT_LOGGING_LEVEL"] = os.environ.get("PREFECT_LOGGING_LEVEL", "INFO")
    os.environ.setdefault("PREFECT_HOME", str(settings.home_folder.root / "prefect"))
    runtime.prepare(settings.home_folder)
    logs = settings.home_folder.root / "prefect"
    logs.mkdir(parents=True, exist_ok=True)
    on_progress("starting Prefect's server")
    with _program(["server", "start", "--host", host, "--port", str(port)], logs / "server.log") as server:
        _wait_for(server, address(host, port), logs / "server.log")
        on_progress("registering the deployments")
        from flows import deployments  # imports Prefect, which reads where its server is

        deployments.register(settings, Path.cwd())
        on_progress("starting the worker")
        pool = ["worker", "start", "--pool", deployments.WORK_POOL, "--type", "process", "--name", "entrepot"]
        with _program(pool, logs / "worker.log") as worker:
            yield {"server": server, "worker": worker}


@contextmanager
def faults_of_server() -> Iterator[None]:
    """Raise ServeFault where a configured server does not answer, or not as it should."""
    try:
        yield
    except (
        httpx.HTTPError,
        ValueError,
        RuntimeError,
    ) as fault:  # Prefect's client raises RuntimeError for a server that it does not reach
        where = os.environ.get("PREFECT_API_URL", "of the active profile")
        raise ServeFault(f"the Prefect server {where} cannot be used: {str(fault).splitlines()[0]}") from fault


@contextmanager
def _program(arguments: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A program of Prefect with its output in a file, ended at the end of the block: asked to, and after a minute made to."""
    with log.open("ab") as output:
        program = subprocess.Popen(
            [sys.executable, "-m", "prefect", *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
        )
        try:
            yield program
        finally:
            program.send_signal(signal.SIGINT)
            try:
                program.wait(_END)
            except subprocess.TimeoutExpired:
                program.kill()
                program.wait()


def _check_free(host: str, port: int) -> None:
    """Raise ServeFault for a port that another program has: its answers would be taken for those of our server."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((host, port))
        except OSError as fault:
            raise ServeFault(
                f"port {port} of {host} cannot be used: {fault.strerror}; `--port` chooses another"
            ) from fault


def _wait_for(server: subprocess.Popen[bytes], pages: str, log: Path) -> None:
    end = time.monotonic() + _START
    while time.monotonic() < end:
        if server.poll() is not None:
            raise ServeFault(f"Prefect's server ended at once: {log} says why")
        try:
            with urllib.request.urlopen(f"{pages}/api/health", timeout=5):  # noqa: S310  our own server
                return
        except (URLError, OSError):
            time.sleep(0.5)
    raise ServeFault(f"Prefect's server does not answer at {pages} after {_START} seconds: {log} says why")


def watch(programs: dict[str, subprocess.Popen[bytes]], is_ended: Callable[[], bool]) -> None:
    """Return when ``is_ended``; raise ServeFault when one of the programs ends by itself."""
    while not is_ended():
        for name, program in programs.items():
            if program.poll() is not None:
                raise ServeFault(f"Prefect's {name} ended with status {program.returncode}; its log says why")
        time.sleep(0.5)
