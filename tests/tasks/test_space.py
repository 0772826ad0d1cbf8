"""A build that the disk has no room for is refused before it begins."""

from collections import namedtuple
from pathlib import Path

import pytest

from tasks import adopt, archive, space
from tasks.archive import Artifact
from warehouse.errors import HomeError
from warehouse.settings import Home

GIGABYTE = 10**9


def artifact(size: int, member: str | None = None) -> Artifact:
    return Artifact(
        "0" * 64, "test", "a.csv", "text/csv", size, "2026-01-01T00:00:00+00:00", "adopt", "x", member=member
    )


def test_what_is_read_what_is_there_and_what_is_unpacked_count(home: Home) -> None:
    nothing = space.needed(home, [])
    one = space.needed(home, [artifact(GIGABYTE)])
    assert nothing == 0
    assert one > GIGABYTE
    assert space.needed(home, [artifact(GIGABYTE)] * 3) > one + 2 * GIGABYTE
    assert space.needed(home, [artifact(GIGABYTE, "year.csv")]) == one + GIGABYTE
    home.warehouse.write_bytes(b"x" * 1000)
    assert space.needed(home, []) == 2000


def test_too_little_room_is_told_with_how_much_there_is(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr("shutil.disk_usage", lambda _: usage(2 * GIGABYTE, GIGABYTE, GIGABYTE))
    space.check(home, [artifact(GIGABYTE // 4)])
    with pytest.raises(HomeError, match=r"953 MB free; this build needs about 2,098 MB"):
        space.check(home, [artifact(GIGABYTE)])


def test_the_estimate_covers_what_a_file_of_trade_takes(home: Home, tmp_path: Path) -> None:
    """The shares were measured; that they are not too small is seen on a file of fifty thousand rows in the bench."""
    path = tmp_path / "BACI_HS92_Y2023_V202501.csv"
    path.write_text("t,i,j,k,v,q\n" + "".join(f"2023,4,8,{n:06d},{n}.5,1.25\n" for n in range(1000)))
    list(adopt.adopt(home, [path]))
    assert space.needed(home, archive.manifests(home)) >= path.stat().st_size
