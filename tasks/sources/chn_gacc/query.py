"""Exports of the customs' online query (stats.customs.gov.cn), made by hand: the site refuses programs.

GB18030 or UTF-8, one header, amounts in quotes with thousands separators, an empty last column. The columns depend on how
the query was grouped. Neither the flow nor the conditions of the query are in the file: the flow must be in its name.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from tasks.formats import numbers
from warehouse.errors import CutAtLimit, EmptyAnswer, LayoutChanged

#: The query gives no more rows than this, without a word.
MOST_ROWS = 10_000
#: Printed columns and the staged table's, in its order.
_COLUMNS = {
    "数据年月": "year_month", "商品编码": "product_printed", "商品名称": "product_name_zh", "贸易伙伴编码": "partner_code",
    "贸易伙伴名称": "partner_name_zh", "注册地编码": "registered_code", "注册地名称": "registered_name_zh",
    "第一数量": "first_quantity", "第一计量单位": "first_unit", "第二数量": "second_quantity", "第二计量单位": "second_unit",
}  # fmt: skip
_PAIRS = (("商品编码", "商品名称"), ("贸易伙伴编码", "贸易伙伴名称"), ("注册地编码", "注册地名称"))
_CURRENCIES = ("美元", "人民币")
_REGIME = ("贸易方式编码", "贸易方式名称")
COLUMNS = (*_COLUMNS.values(), "flow", "printed_value", "printed_unit")
_NUMBERS = ("第一数量", "第二数量")
_FLOWS = ((re.compile("出口|export", re.IGNORECASE), "export"), (re.compile("进口|import", re.IGNORECASE), "import"))
_NO_UNIT = ("", "-", "—", "无", "0")


def is_query(first_line: str) -> bool:
    """Whether a text begins like an export of the query."""
    return "数据年月" in first_line and any(c in first_line for c in _CURRENCIES)


def header(first_line: str, where: str) -> list[str]:
    """The columns of an export without the empty last one. Raises LayoutChanged for others than are known."""
    columns = [c.strip() for c in next(csv.reader([first_line.lstrip("\ufeff")]))]
    if columns and not columns[-1]:
        columns = columns[:-1]
    if set(_REGIME) & set(columns):
        raise LayoutChanged(
            f"{where}: is grouped by customs regime (贸易方式), which the warehouse does not keep, and its rows would be taken "
            "for one another: make the query without it"
        )
    unknown = [c for c in columns if c not in _COLUMNS and c not in _CURRENCIES]
    incomplete = [c for pair in _PAIRS for c in pair if c not in columns and set(pair) & set(columns)]
    currencies = [c for c in columns if c in _CURRENCIES]
    if unknown or incomplete or len(currencies) != 1 or "数据年月" not in columns or len(set(columns)) < len(columns):
        raise LayoutChanged(
            f"{where}: the header {','.join(columns)} is not one of the customs' query: 数据年月, code and name of product, partner "
            "and place of registration, quantities, and 美元 or 人民币"
        )
    return columns


def flow(filename: str) -> str:
    """Whether exports or imports were asked for, by the file's name. Raises LayoutChanged where it does not say."""
    found = [name for pattern, name in _FLOWS if pattern.search(filename)]
    if len(found) != 1:
        raise LayoutChanged(
            f"{filename}: an export of the customs' query does not say whether it is of exports or imports: put 出口 or 进口 "
            "(or export or import) in the file's name"
        )
    return found[0]


def read(path: Path) -> str:
    """The text of an export: UTF-8 if it is that, else GB18030."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def check(text: str, where: str) -> int:
    """The number of rows. Raises EmptyAnswer for none, CutAtLimit for as many as the query gives at most."""
    rows = sum(1 for record in csv.reader(io.StringIO(text, newline="")) if any(c.strip() for c in record)) - 1
    if rows < 1:
        raise EmptyAnswer(f"{where}: an export of the customs' query without rows")
    if rows >= MOST_ROWS:
        raise CutAtLimit(
            f"{where}: has {rows} rows, and the customs' query gives no more than {MOST_ROWS}: it may have been cut. Ask for "
            "fewer months, partners or products at once"
        )
    return rows


def rows(text: str, flow: str, where: str) -> Iterator[tuple[str | None, ...]]:
    """Records in the order of COLUMNS; columns that were not asked for are None."""
    records = csv.reader(io.StringIO(text, newline=""), strict=True)
    columns = header(",".join(next(records)), where)
    (currency,) = [c for c in columns if c in _CURRENCIES]
    for record in records:
        if not any(c.strip() for c in record):
            continue
        if len(record) not in (len(columns), len(columns) + 1) or any(c.strip() for c in record[len(columns) :]):
            raise LayoutChanged(f"{where}: a row of {len(record)} cells under a header of {len(columns)}: {record}")
        cells = dict(zip(columns, (c.strip() for c in record), strict=False))
        yield (*(_cell(printed, cells) for printed in _COLUMNS), flow, _number(cells[currency]), currency)


def _cell(printed: str, cells: dict[str, str]) -> str | None:
    text = cells.get(printed) or None
    if text is None:
        return None
    if printed in _NUMBERS:
        unit = cells.get(printed.replace("数量", "计量单位"), "")
        return None if unit in _NO_UNIT else _number(text)
    return None if printed.endswith("单位") and text in _NO_UNIT else text


def _number(printed: str) -> str:
    """A number without separators; what is no number stays as it is, and is quarantined."""
    try:
        read = numbers.read(printed)
    except ValueError:
        return printed
    return read.value_text if read.value_text is not None and read.multiplier == 1 and not read.marks else printed
