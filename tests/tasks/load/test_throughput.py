"""The speed of reading is given in rows a second, the time left in proportion to bytes."""

from tasks.archive.store import Artifact
from tasks.load.throughput import Throughput


def artifact(size: int) -> Artifact:
    return Artifact("0" * 64, "test", "a.csv", "text/csv", size, "2026-01-01T00:00:00+00:00", "adopt", "x")


def test_rows_a_second_and_time_left() -> None:
    now = [100.0]
    files = [artifact(100), artifact(300), artifact(400)]
    throughput = Throughput(files, lambda: now[0])
    assert throughput.describe() == ""
    now[0] += 10
    throughput.add(files[0], 2_000_000)
    assert throughput.describe() == "1 of 3 files, 2,000,000 rows, 200,000 rows/s, about 1 min 10 s left"
    now[0] += 30
    throughput.add(files[1], 6_000_000)
    assert throughput.describe() == "2 of 3 files, 8,000,000 rows, 200,000 rows/s, about 40 s left"
    now[0] += 40
    throughput.add(files[2], 0)
    assert throughput.describe() == "3 of 3 files, 8,000,000 rows, 100,000 rows/s"


def test_files_without_bytes_and_no_time_passed() -> None:
    throughput = Throughput([artifact(0), artifact(0)], lambda: 5.0)
    throughput.add(artifact(0), 0)
    assert throughput.describe() == ""
    now = [5.0]
    slow = Throughput([artifact(0), artifact(0)], lambda: now[0])
    now[0] = 6.0
    slow.add(artifact(0), 0)
    assert slow.describe() == "1 of 2 files, 0 rows, 0 rows/s, about 0 s left"
