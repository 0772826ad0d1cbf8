"""An archived file is named by path, name or the beginning of its hash; where several fit, the message says how each is named."""

import gzip
import io
from pathlib import Path

import pytest

from tasks.archive import naming, store
from tasks.archive.store import Artifact
from warehouse.errors import Ambiguous
from warehouse.settings import Home


@pytest.fixture
def archived(home: Home, tmp_path: Path) -> list[Artifact]:
    """Two files of one name from two folders, and one of another name."""
    made = []
    for folder, name, content in (
        ("a", "comtrade.csv", b"good"),
        ("b", "comtrade.csv", b"bad"),
        ("a", "fdi.csv", b"other"),
    ):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder / name).write_bytes(content)
        artifact, _ = store.store(
            home,
            "uncomtrade",
            io.BytesIO(content),
            filename=name,
            media_type="text/csv",
            origin_kind="adopt",
            request=f"adopted:{name}",
        )
        made.append(artifact)
    return made


def test_a_file_is_named_by_path_name_or_hash(home: Home, tmp_path: Path, archived: list[Artifact]) -> None:
    good, bad, other = archived
    everything = store.manifests(home)
    assert naming.matching(everything, "fdi.csv") == [other]
    assert naming.matching(everything, str(tmp_path / "b" / "comtrade.csv")) == [bad]
    assert naming.matching(everything, naming.short(good.artifact)) == [good]
    assert naming.matching(everything, good.artifact) == [good]
    assert naming.matching(everything, good.artifact[:5]) == [], "too few digits to be meant as a hash"
    assert naming.matching(everything, "nothing.csv") == []


def test_a_name_of_several_files_is_asked_back(home: Home, archived: list[Artifact]) -> None:
    found = naming.matching(store.manifests(home), "comtrade.csv")
    with pytest.raises(Ambiguous) as told:
        naming.check_one(found, "comtrade.csv")
    assert all(naming.short(a.artifact) in str(told.value) for a in archived[:2])
    naming.check_one(found[:1], "comtrade.csv")
    naming.check_one([], "comtrade.csv")


def test_a_member_is_named_by_its_archive(home: Home, tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"a"))
    with path.open("rb") as content:
        container, _ = store.store_bytes(home, content)
    member = Artifact(
        store.member_id(container, "a.csv"), "uncomtrade", "a.csv", "text/csv", 1, store.now(), "adopt", "adopted:a.csv.gz/a.csv",
        container=container, member="a.csv",
    )  # fmt: skip
    store.save_manifest(home, member)
    assert naming.matching(store.manifests(home), str(path)) == [member]
