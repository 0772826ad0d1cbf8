"""A file that no source recognises is told by what it looks like, and by the source that comes nearest."""

from pathlib import Path

import pytest

from tasks import sources
from tasks.archive.sniff import sniff
from tasks.intake import looks
from tests.support.workbooks import workbook
from tests.tasks.sources.test_every_source import CONTRACTS, UNKNOWN_FILES

#: What each of the files beside data looks like.
LOOKS = {
    "empty": "text without a table", "text": "text without a table",
    "Markdown": "a table with bars, whose columns are (none), year, value, (none)", "HTML": "a file of the kind html",
    "XML": "XML, whose root is catalogue", "JSON object": "JSON, an object whose keys are data", "JSON list": "JSON, a list of 3",
    "JSON that is cut": "JSON that is cut or damaged", "CSV": "a table with commas, whose columns are name, height",
    "CSV of a header": "text without a table", "CSV with semicolons": "a table with semicolons, whose columns are Land, Jahr, Wert",
    "UTF-16": "a table with tabs, whose columns are name, height", "GB18030": "a table with commas, whose columns are 地区, 年份",
    "image": "a file of bytes that are no text", "PDF": "a file of the kind pdf", "zeros": "a file of bytes that are no text",
}  # fmt: skip


@pytest.mark.parametrize("what", UNKNOWN_FILES)
def test_what_a_file_looks_like(tmp_path: Path, what: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(UNKNOWN_FILES[what])
    assert looks.describe(sniff(path)) == LOOKS[what]


def test_a_workbook_looks_like_its_sheets(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {name: [["x"]] for name in "ABCDEFG"})
    assert looks.describe(sniff(path)) == "a workbook, whose sheets are A, B, C, D, E and 2 more"


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Country Name;Country Code;2019\nJapan;JPN;1\nChina;CHN;2\n", "worldbank.wdi"),
        ("typeCode,freqCode,value\nC,A,1\n", "uncomtrade"),
        ('{"GET_STATS_DATA": {"STATISTICAL_DATA": 1}}', "jpn.estat"),
        ("name,height\nFuji,3776\nPaektu,2744\n", None),
        ("# t, i and j\nfor i in t:\n    j = k\n", None),
        ('{"t": 1, "i": 2, "j": 3, "k": 4}', None),
    ],
)
def test_the_source_that_comes_nearest(tmp_path: Path, text: str, source: str | None) -> None:
    path = tmp_path / "file"
    path.write_text(text, encoding="utf-8")
    near = looks.nearest(sniff(path), sources.all_sources().values())
    assert (near and near[0].id) == source


#: Sources that no marks lead to: what is bundled, and workbooks whose sheets and titles change from release to release.
WITHOUT_MARKS = {"curated", "jpn.jetro"}


@pytest.mark.parametrize("source_id", sorted(CONTRACTS.keys() - WITHOUT_MARKS))
def test_a_source_comes_nearest_to_its_own_specimen(tmp_path: Path, source_id: str) -> None:
    path = CONTRACTS[source_id].specimen.write(tmp_path)
    near = looks.nearest(sniff(path), sources.all_sources().values())
    assert near
    assert near[0].id == source_id
