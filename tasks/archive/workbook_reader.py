"""The program of the process in which a workbook is read (tasks.archive.workbook): path and number of rows in, pickled sheets out."""

import pickle
import sys
from pathlib import Path

#: The memory that reading one workbook may take, bytes. A sheet of an xls file has 65,536 rows and 256 columns at most, and fits;
#: of an xlsx file a sheet of a million rows and thirty columns fits.
_MOST_MEMORY_XLS, _MOST_MEMORY = 768 * 1024**2, 4 * 1024**3
_XLS = b"\xd0\xcf\x11\xe0"


def main() -> None:
    """Write the rows of each sheet, by its name, to standard output."""
    from python_calamine import CalamineWorkbook

    path, most_rows, skips_empty_area = sys.argv[1], int(sys.argv[2]) or None, sys.argv[3] == "True"
    book = CalamineWorkbook.from_path(path)
    sheets = {
        name: book.get_sheet_by_name(name).to_python(skip_empty_area=skips_empty_area, nrows=most_rows)
        for name in book.sheet_names
    }
    pickle.dump(sheets, sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


def limit_memory(path: str) -> None:
    """End rather than take the memory of the machine; systems without such limits (Windows) have to do without."""
    try:
        import resource
    except ImportError:
        return
    with Path(path).open("rb") as file:
        limit = _MOST_MEMORY_XLS if file.read(len(_XLS)) == _XLS else _MOST_MEMORY
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if most < 0 else min(limit, most), most))


if __name__ == "__main__":
    try:
        limit_memory(sys.argv[1])
        main()
    except Exception as fault:  # noqa: BLE001 (said in one line to the process that asked)
        sys.exit(f"{type(fault).__name__}: {fault}")
