"""``prefect.yaml``, for `prefect deploy --all` at a Prefect server of one's own: the deployments of flows.deployments, written by `make docs`."""

import sys
from pathlib import Path
from typing import Any

import yaml

from flows import deployments
from flows.deployments import WORK_POOL, Deployment

_HEAD = """\
# The deployments of Entrepôt, for `prefect deploy --all` with the installed package. Written by `make docs` from flows/schedules.toml, which says why
# each runs when it does. ENTREPOT_HOME is the home folder on the worker's machine; keys of services are in the worker's environment, never here.
"""


def text() -> str:
    """The file."""
    content = {"name": "entrepot", "deployments": [_entry(deployment) for deployment in deployments.every()]}
    return _HEAD + str(yaml.safe_dump(content, sort_keys=False, allow_unicode=True, width=150))


def _entry(deployment: Deployment) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "name": deployment.name,
        "entrypoint": deployment.entrypoint,
        "description": f"When: {deployment.reason}.",
        "tags": list(deployment.tags),
        "parameters": {"settings": {"home": "{{ $ENTREPOT_HOME }}"}, **deployment.parameters},
        "work_pool": {"name": WORK_POOL, "job_variables": {"working_dir": "{{ $ENTREPOT_HOME }}"}},
        "concurrency_limit": {"limit": 1, "collision_strategy": "ENQUEUE"},
    }
    if deployment.cron:
        entry["schedules"] = [{"cron": deployment.cron, "timezone": deployment.timezone, "active": True}]
    return entry


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(text(), encoding="utf-8")
