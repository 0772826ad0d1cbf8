"""What readers of several sources share: workbooks as text, small tables beside a source."""

from pathlib import Path

import pytest

from tasks.sources._shared import workbooks
from tasks.sources._shared.tables import rows_beside
from tests.support.workbooks import workbook
from warehouse.errors import LayoutChanged


def test_sheets_of_a_workbook_by_name(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Data": [[], [None, "China", 2016, 0.1]], "Notes": [["x"]]})
    assert workbooks.sheets(path, "a.xlsx") == {"Data": [["China", 2016.0, 0.1]], "Notes": [["x"]]}
    whole = workbooks.sheets(path, "a.xlsx", skips_empty_area=False)
    assert whole["Data"] == [["", "", "", ""], ["", "China", 2016.0, 0.1]]


def test_a_damaged_workbook_names_the_file(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Data": [["x"]]})
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(LayoutChanged, match=r"cannot be read: jpn\.boj, a\.xlsx: it is truncated, damaged"):
        workbooks.sheets(path, "jpn.boj, a.xlsx")


@pytest.mark.parametrize(
    ("cell", "text"),
    [(2016.0, "2016"), (-5.0, "-5"), (0.1, "0.1"), (1e15, "1000000000000000.0"), (" China ", "China"), ("", ""), (None, ""), (True, "True")],
)  # fmt: skip
def test_cells_as_text(cell: object, text: str) -> None:
    assert workbooks.text(cell) == text


def test_a_table_beside_a_source() -> None:
    rows = rows_beside("tasks.sources.uncomtrade", "flows.csv")
    assert rows[0] == {"code": "M", "flow": "import"}
    with pytest.raises(FileNotFoundError):
        rows_beside("tasks.sources.uncomtrade", "nothing.csv")
