"""Commands that run flows on a schedule: ``serve``, ``deployments``."""

import os
import signal
import time
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from filelock import FileLock, Timeout

from flows.cli import options, terminal
from flows.cli.options import HomeOption
from flows.cli.usage import WrongUsage
from warehouse.errors import Busy
from warehouse.settings import Settings

commands = typer.Typer()

#: The process id of a running ``entrepot serve``, and the lock that it holds while it runs, in the home folder.
_PID_FILE, _LOCK_FILE = "serve.pid", "serve.lock"
#: How long one that starts may take to write its number, seconds.
_STARTING = 15


@commands.command()
def serve(
    port: Annotated[int, typer.Option(help="Port of Prefect's server on this machine.", min=1, max=65535)] = 4200,
    host: Annotated[
        str,
        typer.Option(
            help="The address that the server listens on. Anybody who reaches it can start runs: keep to loopback."
        ),
    ] = "127.0.0.1",
    stop: Annotated[bool, typer.Option("--stop", help="End the one that runs for this home folder.")] = False,
    home: HomeOption = None,
) -> None:
    """Pull and build on schedules: start Prefect's server and a worker on this machine, with a deployment for each source, until Ctrl-C."""
    settings = options.settings_of(home)
    from warehouse import connection

    connection.make_folders(settings.home_folder)
    root = settings.home_folder.root
    lock, pid_file = FileLock(root / _LOCK_FILE), root / _PID_FILE
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if not stop:
            raise Busy(f"{root} is served already; end that with `entrepot serve --stop`") from None
        _ask_to_end(pid_file)
        return
    try:
        if stop:  # nobody holds the lock: a process with the number in the file is another one
            terminal.write("nothing is served for this home folder")
        else:
            _serve(settings, host, port, pid_file)
    finally:
        lock.release()


def _ask_to_end(pid_file: Path) -> None:
    """Ask the process that holds the lock to end. Raises Busy for one that has not said its number yet."""
    end = time.monotonic() + _STARTING
    while not (number := _number(pid_file)):
        if time.monotonic() > end:
            raise Busy(f"the one that serves is starting and {pid_file} is not there yet: try again")
        time.sleep(0.1)
    try:
        os.kill(number, signal.SIGTERM)
    except ProcessLookupError:  # left by an earlier one: the one that starts has not said its number yet
        raise Busy(f"{pid_file} names a process that has ended, and another is starting: try again") from None
    terminal.write("asked to end; runs that are going on are ended, and made up for by the next one")


def _number(pid_file: Path) -> int | None:
    try:
        return int(pid_file.read_text(encoding="ascii"))
    except (OSError, ValueError):  # it is written at this moment
        return None


def _serve(settings: Settings, host: str, port: int, pid_file: Path) -> None:
    """Serve until a signal asks to end. Raises ServeFault."""
    from flows import serving

    ended = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    pid_file.write_text(str(os.getpid()), encoding="ascii")
    try:
        with serving.served(settings, host, port, terminal.warn) as programs:
            terminal.write(f"runs and deployments: {serving.address(host, port)}")
            terminal.write(
                f"logs: {settings.home_folder.root / 'prefect'}; end with Ctrl-C or: {terminal.command('serve --stop')}"
            )
            serving.watch(programs, ended.is_set)
    finally:
        pid_file.unlink(missing_ok=True)


@commands.command()
def deployments(
    register: Annotated[
        bool,
        typer.Option(
            "--register",
            help="Make them at the configured Prefect server, or bring them up to date: for this home folder, with the settings of this environment.",
        ),
    ] = False,
    home: HomeOption = None,
) -> None:
    """List the deployments, when each runs, and why then."""
    if register:
        _register(options.settings_of(home))
        return
    from flows import deployments as made

    for deployment in made.every():
        when = f"{deployment.cron} ({deployment.timezone})" if deployment.cron else "by hand"
        terminal.write(f"{deployment.flow}/{deployment.name}: {when}: {deployment.reason}")


def _register(settings: Settings) -> None:
    """Make the deployments at the configured server. Raises WrongUsage where none is configured: Prefect's own would end with this command."""
    from flows import runtime

    if not runtime.has_server():
        raise WrongUsage(
            "no Prefect server is configured: set PREFECT_API_URL or choose a profile, or run `entrepot serve`"
        )
    runtime.prepare(settings.home_folder)
    from flows import deployments as made
    from flows import serving

    with serving.faults_of_server():
        for name in made.register(settings, Path.cwd()):
            terminal.write(f"registered {name}")
