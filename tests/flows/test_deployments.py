"""The deployments: one for each source with a service, with a schedule that is one, and a reason."""

from prefect.client.schemas.schedules import CronSchedule

import entrepot
from flows import deployments, prefect_yaml
from tasks import sources
from tests.support.paths import ROOT


def test_every_source_with_a_service_is_pulled_on_a_schedule() -> None:
    wanted = {source.id for source in sources.all_sources().values() if source.service is not None}
    made = list(deployments.every())
    assert {d.name for d in made if d.flow == "pull"} == wanted
    assert {d.flow for d in made} == {"pull", "build", "backfill", "monitor", "alerts", "housekeeping"}
    assert len({(d.flow, d.name) for d in made}) == len(made)


def test_a_schedule_has_a_time_a_zone_and_a_reason() -> None:
    for deployment in deployments.every():
        assert deployment.reason
        if deployment.cron is None:
            assert deployment.flow == "backfill"
            continue
        assert CronSchedule(cron=deployment.cron, timezone=deployment.timezone)  # raises for what is none
        assert str(deployment.parameters.get("years", "last ")).startswith("last ")  # no fixed years


def test_the_file_for_a_server_of_ones_own_is_what_make_docs_writes() -> None:
    assert (ROOT / "prefect.yaml").read_text(encoding="utf-8") == prefect_yaml.text()


def test_every_deployment_names_a_public_flow() -> None:
    for deployment in deployments.every():
        assert getattr(entrepot, deployment.entrypoint.removeprefix("entrepot.")).name == deployment.flow


def test_no_schedule_is_left_of_a_source_that_is_gone() -> None:
    assert set(deployments.schedules()["pull"]) == {d.name for d in deployments.every() if d.flow == "pull"}
