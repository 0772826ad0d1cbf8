"""DuckDB's command line."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


def rows(query: str) -> list[dict[str, Any]]:
    """The rows of a query, asked of the program that is installed beside this Python."""
    program = Path(sys.executable).with_name("duckdb")
    done = subprocess.run(
        [program, "-readonly", "-json", sys.argv[1], query], capture_output=True, text=True, check=True
    )
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


WHERE = "FROM trade WHERE reporter = 'CHN' AND year = 2019"
(total,) = rows(f"SELECT CAST(sum(exports_usd) AS VARCHAR) AS n {WHERE}")
(provenance,) = rows(f"SELECT max(exports_from.publisher) AS publisher {WHERE}")
marts = sorted(row["name"] for row in rows("SHOW TABLES"))
columns = [row["column_name"] for row in rows("DESCRIBE trade")]
json.dump({"marts": marts, "columns": columns, "total": total["n"], "publisher": provenance["publisher"]}, sys.stdout)
