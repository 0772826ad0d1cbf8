"""``build``: the main job. Everything archived and bundled is loaded, checked and published."""

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.ingest import ingest
from flows.publish import publish
from flows.report import BuildReport
from tasks.ask.missing_rates import missing_rates
from tasks.load import losses
from tasks.publish import gravity
from warehouse import connection
from warehouse.settings import Settings


@flow(name="build")
def build(settings: Settings, source_ids: list[str] | None = None) -> BuildReport:
    """Load (all sources if none is named), check and publish; leave an artifact that says what was done.

    A deployment gives ``settings`` as JSON, such as ``{"home": "/srv/entrepot", "keep_releases": 9}``.
    """
    files, withdrawn, unchanged = ingest(settings, source_ids)
    published = publish(settings)
    with connection.reader(settings.home_folder) as con:
        rates = [rate.describe() for rate in missing_rates(con)]
        lost = losses.recorded(con)
        left_out = gravity.left_out(con)
    report = BuildReport(files, withdrawn, unchanged, published.release, str(published.path), rates, lost, left_out)
    create_markdown_artifact(report.markdown(), key="build", description="What the last build did")
    return report
