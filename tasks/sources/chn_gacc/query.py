"""Exports of the customs' online query (stats.customs.gov.cn), made by hand: the site refuses programs.

GB18030 or UTF-8, one header, amounts in quotes with thousands separators, an empty last column. The columns depend on how
the query was grouped. The file has neither the flow nor the conditions of the query: the flow must be in its name.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from tasks.contract.source import RefusedForm
from tasks.formats import csv_text, numbers
from warehouse.errors import CutAtLimit, EmptyAnswer, LayoutChanged

#: The query gives no more rows than this, without saying so.
MOST_ROWS = 10_000
#: Printed columns and the staged table's, in its order.
_COLUMNS = {
    "数据年月": "year_month", "商品编码": "product_printed", "商品名称": "product_name_zh", "贸易伙伴编码": "partner_code",
    "贸易伙伴名称": "partner_name_zh", "注册地编码": "registered_code", "注册地名称": "registered_name_zh",
    "第一数量": "first_quantity", "第一计量单位": "first_unit", "第二数量": "second_quantity", "第二计量单位": "second_unit",
}  # fmt: skip
_PAIRS = (("商品编码", "商品名称"), ("贸易伙伴编码", "贸易伙伴名称"), ("注册地编码", "注册地名称"))
_CURRENCIES = ("美元", "人民币")
_MONTH = "数据年月"
_REGIME = ("贸易方式编码", "贸易方式名称")
COLUMNS = (*_COLUMNS.values(), "flow", "printed_value", "printed_unit")
_NUMBERS = ("第一数量", "第二数量")
_FLOWS = ((re.compile("出口|export", re.IGNORECASE), "export"), (re.compile("进口|import", re.IGNORECASE), "import"))
_REMEDY = (
    "Export it again: month, code and name of product, partner or place of registration, quantities, and 美元 or 人民币"
)
_NO_UNIT = ("", "-", "—", "无", "0")


BY_REGIME = RefusedForm(
    "Exports grouped by customs regime (贸易方式)",
    "for the warehouse keeps no regime, and their rows would collide",
    "Make the query without it",
)


def is_query(first_line: str) -> bool:
    """Whether a text begins like an export of the query."""
    return _MONTH in first_line and any(c in first_line for c in _CURRENCIES)


def header(first_line: str, where: str) -> list[str]:
    """The columns of an export without the empty last one. Raises LayoutChanged for others than are known."""
    columns = [cell.strip() for cell in csv_text.cells(first_line)]
    if columns and not columns[-1]:
        columns = columns[:-1]
    if set(_REGIME) & set(columns):
        raise BY_REGIME.fault(where)
    required = [_MONTH, *(name for pair in _PAIRS if set(pair) & set(columns) for name in pair)]
    optional = [name for name in (*_COLUMNS, *_CURRENCIES) if name not in required]
    csv_text.check_columns(columns, required, optional, where=where, remedy=_REMEDY)
    if len(set(columns) & set(_CURRENCIES)) != 1:
        raise LayoutChanged(
            f"the header has both or neither of the columns {' and '.join(_CURRENCIES)}: {where}. {_REMEDY}"
        )
    return columns


def flow(filename: str) -> str:
    """Whether the query was for exports or imports, by the file's name. Raises LayoutChanged where it does not say."""
    flows = [flow for pattern, flow in _FLOWS if pattern.search(filename)]
    if len(flows) != 1:
        raise LayoutChanged(
            f"an export of the customs' query does not state whether it is of exports or imports: {filename}. Put 出口 or 进口 "
            "(or export or import) in the file's name"
        )
    return flows[0]


def read(path: Path) -> str:
    """The text of an export: UTF-8 if it is that, else GB18030."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def count_rows(text: str, where: str) -> int:
    """The number of rows. Raises EmptyAnswer for none, CutAtLimit for as many as the query gives at most."""
    rows = sum(1 for record in csv.reader(io.StringIO(text, newline="")) if any(c.strip() for c in record)) - 1
    if rows < 1:
        raise EmptyAnswer(f"an export of the customs' query without rows: {where}")
    if rows >= MOST_ROWS:
        raise CutAtLimit(
            f"{rows} rows, and the customs' query gives no more than {MOST_ROWS}, so it may have been cut: {where}. Ask for "
            "fewer months, partners or products at once"
        )
    return rows


def rows(text: str, flow: str, where: str) -> Iterator[tuple[str | None, ...]]:
    """Records in the order of COLUMNS; columns that the query was not grouped by are None. Raises LayoutChanged."""
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = header(",".join(next(records)), where)
    (currency,) = [c for c in columns if c in _CURRENCIES]
    for number, record in enumerate(records, 1):
        if not any(c.strip() for c in record):
            continue
        if len(record) not in (len(columns), len(columns) + 1) or any(c.strip() for c in record[len(columns) :]):
            raise LayoutChanged(
                f"the row has {len(record)} cells, the header {len(columns)}: {where}, row {number}. Export it again"
            )
        cells = dict(zip(columns, (c.strip() for c in record), strict=False))
        yield (
            *(_cell(printed, cells) for printed in _COLUMNS),
            flow,
            numbers.without_separators(cells[currency]),
            currency,
        )


def _cell(printed: str, cells: dict[str, str]) -> str | None:
    text = cells.get(printed) or None
    if text is None:
        return None
    if printed in _NUMBERS:
        unit = cells.get(printed.replace("数量", "计量单位"), "")
        return None if unit in _NO_UNIT else numbers.without_separators(text)
    return None if printed.endswith("单位") and text in _NO_UNIT else text
