"""The deployments of the flows: one for each source with a service, and for builds, backfills, monitoring, alerts and housekeeping.

When they run is in ``schedules.toml``, with the reason of each. A deployment names its flow by its module, so that a worker needs the installed
package and no checkout.
"""

import json
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, ConcurrencyLimitStrategy
from prefect.client.schemas.schedules import CronSchedule
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.callables import parameter_schema

from flows.alerts import alerts
from flows.backfill import backfill
from flows.build import build
from flows.housekeeping import housekeeping
from flows.monitor import monitor
from flows.pull import pull
from tasks import sources
from tasks.identity import fingerprint
from warehouse.settings import Settings

#: The work pool that deployments are made for: runs are processes of the worker's machine, where the home folder is.
WORK_POOL = "entrepot"
_FLOWS: dict[str, Any] = {
    "pull": pull,
    "build": build,
    "backfill": backfill,
    "housekeeping": housekeeping,
    "monitor": monitor,
    "alerts": alerts,
}


@dataclass(frozen=True)
class Deployment:
    """A flow with its parameters and schedule. ``cron`` is None for one that is started by hand; ``reason`` says why it runs then."""

    flow: str
    name: str
    reason: str
    cron: str | None = None
    timezone: str | None = None
    parameters: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()

    @property
    def entrypoint(self) -> str:
        """The flow by its public name, which a user's own folder "flows" cannot hide."""
        return f"entrepot.{self.flow}"


def schedules() -> dict[str, Any]:
    """What ``schedules.toml`` says: of builds, monitoring, alerts and housekeeping, and of pulls by source."""
    return tomllib.loads(resources.files(__package__).joinpath("schedules.toml").read_text(encoding="utf-8"))


def every() -> Iterator[Deployment]:
    """All deployments. Raises KeyError for a source with a service that has no schedule."""
    scheduled = schedules()
    for name in ("build", "monitor", "alerts", "housekeeping"):
        when = scheduled[name]
        yield Deployment(name, name, when["reason"], when["cron"], when["timezone"], tags=("entrepot",))
    by_hand = "started by hand, for the years that a source is to reach back to"
    yield Deployment("backfill", "backfill", by_hand, tags=("entrepot",))
    for source in sources.all_sources().values():
        if source.service is not None:
            when = scheduled["pull"][source.id]
            asked = {"source_ids": [source.id], "years": when["years"]}
            yield Deployment(
                "pull", source.id, when["reason"], when["cron"], when["timezone"], asked, ("entrepot", source.id)
            )


def register(settings: Settings, working_folder: Path) -> list[str]:
    """Make the work pool and all deployments at the configured Prefect server, or bring them up to date; return their names.

    Runs work on the home folder of ``settings`` and begin in ``working_folder``, whose ``.env`` has the keys of services. A second run of a
    deployment waits for the first. One that is as it was is left alone, with what was paused or edited on its page.
    """
    _make_work_pool()
    return [_register(deployment, settings, working_folder) for deployment in every()]


def _make_work_pool() -> None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        try:
            client.create_work_pool(WorkPoolCreate(name=WORK_POOL, type="process"))
        except ObjectAlreadyExists:
            return


def _register(deployment: Deployment, settings: Settings, working_folder: Path) -> str:
    flow = _FLOWS[deployment.flow]
    given = settings.model_dump(mode="json", exclude_defaults=True) | {"home": str(settings.home_folder.root)}
    cron = deployment.cron and CronSchedule(cron=deployment.cron, timezone=deployment.timezone)
    made = flow.to_deployment(
        deployment.name,
        # Set here: Prefect replaces a version that is set afterwards by that of the flow's checkout.
        version=_version(deployment, given, working_folder),
        schedule=cron or None,
        parameters={"settings": given, **deployment.parameters},
        description=f"{flow.description}\n\nWhen: {deployment.reason}.",
        tags=list(deployment.tags),
        concurrency_limit=ConcurrencyLimitConfig(limit=1, collision_strategy=ConcurrencyLimitStrategy.ENQUEUE),
        work_pool_name=WORK_POOL,
        job_variables={"working_dir": str(working_folder)},
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    made.entrypoint = deployment.entrypoint
    name = f"{deployment.flow}/{deployment.name}"
    if _registered_version(name) != made.version:
        made.apply()
    return name


def _version(deployment: Deployment, given: dict[str, Any], working_folder: Path) -> str:
    """What a deployment is made of: it is registered again only where this differs, which would undo what somebody paused or edited on its page."""
    schema = parameter_schema(_FLOWS[deployment.flow]).model_dump(mode="json")
    return fingerprint.of(repr(deployment), json.dumps([given, schema], sort_keys=True), str(working_folder))[:16]


def _registered_version(name: str) -> str | None:
    from prefect.client.orchestration import get_client

    with get_client(sync_client=True) as client:
        try:
            return client.read_deployment_by_name(name).version
        except ObjectNotFound:
            return None
