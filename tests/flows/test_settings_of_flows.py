"""The settings made where the program begins are those that the flows work with; no flow reads the environment for them."""

import os
import subprocess
import sys
from pathlib import Path

from tasks.publish import release
from tests.support import small_warehouse as small
from warehouse.settings import Home, Settings

ROOT = Path(__file__).parents[2]

#: A build with settings that the environment contradicts.
_BUILD = """
import sys
from pathlib import Path
from tasks import sources
from tasks.sources import curated
from flows.cli import run
from warehouse.settings import Settings

curated.SOURCE = curated.Curated(Path(sys.argv[2]))
sources.all_sources.cache_clear()
settings = Settings(home=Path(sys.argv[1]), keep_releases=1, threads=1, memory_limit="1GB")
report = run.build(settings, lambda _: None)
print(report.release or report.sentences())
"""

#: What a worker does with parameters that a deployment has as JSON.
_VALIDATE = """
import sys
from pathlib import Path
from flows import runtime
from warehouse.settings import Home
runtime.prepare(Home(Path(sys.argv[1])))
from flows.build import build
from flows.ingest import ingest
from flows.publish import publish
from flows.pull import pull

given = {"settings": {"home": "/srv/entrepot", "keep_releases": 9, "pull": {"attempts": 2}}}
for flow, more in ((build, {}), (ingest, {}), (publish, {}), (pull, {"source_ids": [], "years": "last 3", "on_fault": "tell"})):
    settings = flow.validate_parameters(given | more)["settings"]
    print(type(settings).__name__, settings.home, settings.keep_releases, settings.pull.attempts, settings.max_bad_share)
print(build.parameters.definitions["Settings"]["properties"]["keep_releases"]["description"])
"""


def _run(script: str, *arguments: Path | str, **environment: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PREFECT_", "ENTREPOT_", "COV_"))}
    done = subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)], cwd=ROOT, env={**kept, **environment},
        capture_output=True, text=True, check=False, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_build_works_with_the_settings_it_is_given_and_not_with_the_environment(
    settings: Settings, warehouse_template: Path, tmp_path: Path
) -> None:
    home = small.make(tmp_path, settings, warehouse_template)
    folder = small.write_folder(tmp_path / "other")
    first = small.release(home, settings).release
    folder.write("presence/first.csv", [folder.row("presence", printed_value="21")])
    made = _run(
        _BUILD, home.root, folder.root, ENTREPOT_HOME=str(tmp_path / "elsewhere"), ENTREPOT_KEEP_RELEASES="4",
        ENTREPOT_MEMORY_LIMIT="1MB",
    ).strip()  # fmt: skip
    assert made != first
    assert release.releases(home) == [made]
    assert not (tmp_path / "elsewhere").exists()
    assert Home(home.root).published_file.exists()


def test_a_deployment_gives_settings_as_json_and_the_environment_fills_in_nothing(tmp_path: Path) -> None:
    lines = _run(_VALIDATE, tmp_path, ENTREPOT_MAX_BAD_SHARE="0.5", ENTREPOT_HOME="/srv/other").splitlines()
    assert lines == ["Settings /srv/entrepot 9 2 0.05"] * 4 + ["How many published releases stay"]
