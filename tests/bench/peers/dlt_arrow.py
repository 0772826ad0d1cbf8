"""dlt through Arrow: pyarrow reads the typed CSV in batches, dlt writes them to DuckDB."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from tests.bench import files
from tests.bench.clock import Stopwatch
from tests.bench.peers.common import count

#: dlt reports its use to its makers unless it is told not to.
_QUIET = {"RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


def load(csv: str, database: str) -> dict[str, object]:
    """Load a file with dlt."""
    os.environ.update(_QUIET)
    import dlt
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    decimal = pa.decimal128(18, 3)
    types = {"t": pa.int32(), "i": pa.int32(), "j": pa.int32(), "k": pa.string(), "v": decimal, "q": decimal}
    read = arrow_csv.ReadOptions(block_size=1 << 24)
    convert = arrow_csv.ConvertOptions(column_types=types, null_values=["           NA"], strings_can_be_null=False)

    def batches() -> Iterator[object]:
        with arrow_csv.open_csv(csv, read_options=read, convert_options=convert) as reader:
            for batch in reader:
                yield pa.Table.from_batches([batch])

    folder = Path(f"{database}.dlt")
    shutil.rmtree(folder, ignore_errors=True)
    files.fresh(Path(database))
    files.warm(csv)
    with Stopwatch() as watch:
        pipeline = dlt.pipeline(
            "bench", pipelines_dir=str(folder), destination=dlt.destinations.duckdb(database), dataset_name="baci"
        )
        pipeline.run(dlt.resource(batches, name="trade"), write_disposition="replace")
    rows = count(database, "baci.trade")
    shutil.rmtree(folder)
    return {"seconds": watch.seconds, "rows": rows}
