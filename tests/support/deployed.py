"""What ``entrepot serve`` brings up, as a process of its own, and asking its server by HTTP as any client does."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from warehouse.settings import Home

#: The longest that the server, or a run, may take on a busy machine, seconds.
_PATIENCE = 240
#: The types of states in which a run has ended.
_ENDS = ("COMPLETED", "FAILED", "CRASHED", "CANCELLED")


@dataclass(frozen=True)
class Served:
    """A server on loopback with a worker, for one home folder."""

    home: Home
    url: str
    process: "subprocess.Popen[bytes]"
    log: Path
    python: Path

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer of the server's API as JSON."""
        for _ in range(20):
            answer = httpx.request(method, f"{self.url}/api{path}", json=body, timeout=60, trust_env=False)
            if answer.status_code != httpx.codes.SERVICE_UNAVAILABLE:  # its database is locked, on a busy machine
                break
            time.sleep(1)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def start(self, deployment: str, **parameters: Any) -> str:
        """Start a run of a deployment; return its id. Parameters replace those of the deployment one by one."""
        found = self.ask("GET", f"/deployments/name/{deployment}")
        return str(self.ask("POST", f"/deployments/{found['id']}/create_flow_run", {"parameters": parameters})["id"])

    def state(self, run: str) -> dict[str, Any]:
        """The state of a run now."""
        return dict(self.ask("GET", f"/flow_runs/{run}")["state"])

    def end_of(self, run: str) -> dict[str, Any]:
        """The state in which a run ended."""
        return self.wait(run, lambda state: state["type"] in _ENDS)

    def wait(self, run: str, is_reached: Any) -> dict[str, Any]:
        """The first state of a run that meets a condition."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            state = self.state(run)
            if is_reached(state):
                return state
            assert state["type"] not in _ENDS, f"the run has ended as {state['name']}: {state.get('message')}"
            time.sleep(0.5)
        raise AssertionError(f"after {_PATIENCE} seconds the run is {state['name']}: {state.get('message')}")

    def logged(self, beginning: str) -> bool:
        """Whether a run logs a message with this beginning; logs reach the server some seconds later."""
        for _ in range(60):
            lines = self.ask("POST", "/logs/filter", {"sort": "TIMESTAMP_DESC"})
            if any(line["message"].startswith(beginning) for line in lines):
                return True
            time.sleep(0.5)
        return False


@contextmanager
def served(python: Path, home: Home, folder: Path, **environment: str) -> Iterator[Served]:
    """``entrepot serve`` of an installation for a home folder, started in ``folder``, until the end of the block."""
    ours = ("PREFECT_", "ENTREPOT_", "COV_", "COVERAGE_", "PYTHON")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    port, log = _free_port(), folder / "serve.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(python), "-m", "entrepot", "serve", "--port", str(port), "--home", str(home.root)],
            cwd=folder, env={**kept, **environment}, stdout=output, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            _wait_for_line(process, log, "runs and deployments: ")
            yield Served(home, f"http://127.0.0.1:{port}", process, log, python)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_PATIENCE)
            except subprocess.TimeoutExpired:
                process.kill()


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _wait_for_line(process: "subprocess.Popen[bytes]", log: Path, wanted: str) -> None:
    end = time.monotonic() + _PATIENCE
    while wanted not in log.read_text(encoding="utf-8"):
        assert process.poll() is None, log.read_text(encoding="utf-8")
        assert time.monotonic() < end, log.read_text(encoding="utf-8")
        time.sleep(0.5)
