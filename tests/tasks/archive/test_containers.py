"""Archives are verified by their checksums, and never unpacked beyond the limits."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest

from tasks.archive import containers
from tests.support.publisher_server import csv
from warehouse.errors import ArchiveRefused

TABLE = csv("a,2015,1").body


def zipped(**members: bytes) -> bytes:
    """A zip file."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name, data in members.items():
            file.writestr(name, data)
    return made.getvalue()


def test_a_damaged_member_fails_its_checksum(tmp_path: Path) -> None:
    data = zipped(a=TABLE * 50)
    path = tmp_path / "a.zip"
    path.write_bytes(data)
    containers.check(path, "a.zip")
    path.write_bytes(data.replace(b"a,2015,1", b"a,2015,2", 1))
    assert [m.name for m in containers.members(path, "a.zip")] == ["a"]
    with pytest.raises(ArchiveRefused, match=r"a.zip is damaged: Bad CRC-32"):
        containers.check(path, "a.zip")


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.gz"
    path.write_bytes(gzip.compress(b"0" * (80 << 20)))
    with pytest.raises(ArchiveRefused, match="unpacks to more than the limit"):
        containers.check(path, "a.gz")
