"""dbt-duckdb: the published file is attached read-only as a source of the project in ``dbt/``, whose one model reads it."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

with tempfile.TemporaryDirectory() as folder:
    project = Path(shutil.copytree(Path(__file__).with_name("dbt"), Path(folder) / "project"))
    variables = {"ENTREPOT_FILE": sys.argv[1], "DBT_SEND_ANONYMOUS_USAGE_STATS": "false"}
    dbt = Path(sys.executable).with_name("dbt")
    subprocess.run(
        [dbt, "--quiet", "build", "--profiles-dir", project],
        cwd=project, env=os.environ | variables, check=True, stdout=sys.stderr,
    )  # fmt: skip
    with duckdb.connect(str(project / "analysis.duckdb"), read_only=True) as con:
        ((answer,),) = con.execute("SELECT to_json(a) FROM exports_of_china AS a").fetchall()
json.dump(json.loads(answer), sys.stdout)
