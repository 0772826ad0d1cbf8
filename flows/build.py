"""``build``: the main job. Everything archived and bundled is loaded, checked and published."""

from pathlib import Path

from prefect import flow
from prefect.artifacts import create_markdown_artifact

from flows.ingest import ingest
from flows.publish import publish
from flows.report import BuildReport


@flow(name="build", validate_parameters=False)
def build(home: Path, source_ids: list[str] | None = None) -> BuildReport:
    """Load, check and publish; leave an artifact that says what was done."""
    files, withdrawn, unchanged = ingest(home, source_ids)
    published = publish(home)
    report = BuildReport(files, withdrawn, unchanged, published.release, str(published.path))
    create_markdown_artifact(report.markdown(), key="build", description="What the last build did")
    return report
