"""Prefect set up for a machine with nothing but this project: no server needed, no reports of usage sent.

Call :func:`prepare` before Prefect is first imported. The command line reports a fault, so Prefect's log
does not; under a worker, where this is not called, the log is as usual. Variables that are set already stay.
"""

import os
import tomllib
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

from warehouse.settings import Home


def prepare(home: Home) -> None:
    """Keep Prefect's own files under the home folder and its reports of usage off, unless a server is configured: then that is used."""
    if not has_server():
        os.environ.setdefault("PREFECT_HOME", str(home.root / "prefect"))
    _reach_loopback()
    defaults = {
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "DO_NOT_TRACK": "1",
        # By default the history of runs grows for ever; with this it goes after 90 days.
        "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs,orphans",
        # On a busy machine Prefect's own server takes longer to start than its default of twenty seconds.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def has_server() -> bool:
    """Whether the environment, ``.env`` or the active profile names a Prefect server, and not the program's own."""
    if os.environ.get("PREFECT_API_URL") or "PREFECT_PROFILES_PATH" in os.environ:
        return True
    if "PREFECT_API_URL" not in os.environ and _InFile().prefect_api_url:
        return True
    folder = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser()
    try:
        profiles = tomllib.loads((folder / "profiles.toml").read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return False
    active = os.environ.get("PREFECT_PROFILE", profiles.get("active", ""))
    return "PREFECT_API_URL" in profiles.get("profiles", {}).get(active, {})


class _InFile(BaseSettings):
    """What Prefect itself reads of ``.env``."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    prefect_api_url: str = ""


def _reach_loopback() -> None:
    """Keep requests to Prefect's own server on this machine from a proxy, which cannot reach it."""
    for name in ("NO_PROXY", "no_proxy"):
        listed = [host for host in os.environ.get(name, "").split(",") if host]
        if "*" not in listed:
            os.environ[name] = ",".join(dict.fromkeys([*listed, "127.0.0.1", "localhost"]))
