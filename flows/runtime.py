"""Prefect set up for a machine with nothing but this project: no server needed, no reports of usage sent.

Call :func:`prepare` before Prefect is first imported. The command line reports a fault, so Prefect's log
does not; under a worker, where this is not called, the log is as usual. Variables that are set already stay.
"""

import os

from warehouse.settings import Home


def prepare(home: Home) -> None:
    """Keep Prefect's own files under the home folder and its reports of usage off."""
    defaults = {
        "PREFECT_HOME": str(home.root / "prefect"),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_SERVER_LOGGING_LEVEL": "ERROR",
        "DO_NOT_TRACK": "1",
        # On a busy machine Prefect's own server takes longer to start than its default of twenty seconds.
        "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)
