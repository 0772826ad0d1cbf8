"""How much disk space a build will take, estimated before it begins, so that no build ends with a full disk.

Shares of the size of the files that are read, measured with eleven million rows of BACI (367 MB of CSV text): 0.34 in the
warehouse, the same again in the release's copy of it, 0.31 in its Parquet files; the larger of reading, where text is
unpacked from an archive and what does not fit into memory is spilled, and of what is already there and is copied too.
"""

from collections.abc import Sequence

from tasks.archive.store import Artifact
from warehouse import connection
from warehouse.settings import Home

#: Bytes in the warehouse, and in a release, for each byte of text.
_STORED, _RELEASED = 0.4, 0.8
#: Bytes in a release for each byte of the warehouse as it is.
_COPIED = 2.0


def needed(home: Home, pending: Sequence[Artifact]) -> int:
    """Bytes that loading artifacts and publishing take beyond what is there now, at most."""
    sizes = [a.size_bytes for a in pending]
    unpacked = max((a.size_bytes for a in pending if a.member), default=0)
    spilled = max(sizes, default=0)
    stored = home.warehouse.stat().st_size if home.warehouse.exists() else 0
    return int(sum(sizes) * (_STORED + _RELEASED) + unpacked + spilled + stored * _COPIED)


def check(home: Home, pending: Sequence[Artifact]) -> None:
    """Raise HomeError if the disk has less room than a build of these artifacts will take."""
    connection.check_space(home, needed(home, pending))
