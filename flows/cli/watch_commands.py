"""Commands for whoever watches the publishers and the warehouse: ``monitor``, ``alert``."""

from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli import options, terminal
from flows.cli.options import HomeOption
from flows.cli.usage import WrongUsage
from warehouse.settings import Home

if TYPE_CHECKING:
    from tasks.alerts.receivers import Receivers

commands = typer.Typer()


@commands.command()
def monitor(
    sources: Annotated[
        list[str] | None,
        typer.Argument(metavar="[SOURCE]...", help="Sources to ask; all that need no key are asked if none is named."),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Ask publishers for their smallest answers and hold them to the declared layouts; nothing is archived."""
    from flows.cli import run

    settings = options.settings_of(home)
    for source in sources or []:
        options.check_source(source)
    with terminal.progress("asking the publishers") as on_progress:
        probed = run.monitor(settings, sources or [], on_progress)
    for one in probed:
        (terminal.fail if one.fault else terminal.write)(one.describe())
    if any(one.fault for one in probed):
        raise SystemExit(1)


@commands.command()
def alert(
    test: Annotated[bool, typer.Option("--test", help="Send a test to each address of ENTREPOT_ALERT_URLS.")] = False,
    accept: Annotated[
        str | None,
        typer.Option(
            help='Tell this cause no more until it has ended: its kind and subject, such as "quarantine curated".'
        ),
    ] = None,
    home: HomeOption = None,
) -> None:
    """Show what is wrong now and what to do; flows tell it to the addresses of ENTREPOT_ALERT_URLS, once a cause."""
    from tasks.alerts import telling
    from tasks.alerts.receivers import SETTING, Receivers

    settings = options.settings_of(home)
    if test:
        from flows import secrets

        if not len(Receivers()):
            secrets.load_addresses()
        _test(Receivers(), SETTING)
        return
    found = telling.present(settings.home_folder, settings.alert)
    if accept is not None:
        _accept(settings.home_folder, accept, [one.key for one in found])
    for line in telling.listed(found, telling.accepted(settings.home_folder)):
        terminal.write(line)
    if not found:
        terminal.write("nothing is wrong")


def _accept(home: Home, key: str, present: list[str]) -> None:
    """Accept a cause that is there now. Raises WrongUsage for another."""
    from tasks.alerts import telling

    if key not in present:
        raise WrongUsage(f"{key!r} is not wrong now. What is: {', '.join(present) or 'nothing'}")
    telling.accept(home, key)


def _test(receivers: "Receivers", setting: str) -> None:
    """Send a test to each address; exit with status 1 where one does not get it, or there is none."""
    if not len(receivers):
        terminal.fail(
            f"nobody is told: set {setting}, such as json://127.0.0.1:8080/alerts or mailto://user:password@host"
        )
        raise SystemExit(1)
    results = receivers.results("Entrepôt: test", "This is a test: alerts of this warehouse arrive here.")
    for number, is_sent in enumerate(results, 1):
        (terminal.write if is_sent else terminal.fail)(f"address {number} {'got it' if is_sent else 'did not get it'}")
    if not all(results):
        raise SystemExit(1)
