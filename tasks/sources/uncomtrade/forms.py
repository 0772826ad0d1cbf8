"""The forms UN Comtrade's figures come in: how each is known, and how its records are read as text.

All forms of API v1 have the publisher's names, written as typeCode (API, bulk files), TypeCode (Comtrade Plus) or
type_code (the R package comtradr); the API of before 2023 has other names, and in its CSV files headings in words.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tasks.archive.store import Opened
from tasks.contract.source import sql_beside
from warehouse import sql
from warehouse.errors import ErrorInBody, LayoutChanged

#: Most rows of one answer: without a key, with a free key, with a paid one.
PREVIEW_LIMIT, KEYED_LIMIT, PREMIUM_LIMIT = 500, 100_000, 250_000
_NAMED = (
    "reporterISO reporterDesc flowDesc partnerISO partnerDesc partner2ISO partner2Desc cmdDesc aggrLevel isLeaf customsDesc "
    "motDesc qtyUnitAbbr altQtyUnitAbbr"
)
_CODED = (
    "typeCode freqCode refPeriodId refYear refMonth period reporterCode flowCode partnerCode partner2Code classificationCode "
    "classificationSearchCode isOriginalClassification cmdCode customsCode mosCode motCode qtyUnitCode qty isQtyEstimated "
    "altQtyUnitCode altQty isAltQtyEstimated netWgt isNetWgtEstimated grossWgt isGrossWgtEstimated cifvalue fobvalue "
    "primaryValue legacyEstimationFlag isReported isAggregate"
)
#: Fields every form has; those of names, which bulk files lack; and those only some files have.
API_FIELDS = tuple(_CODED.split())
API_NAMES = tuple(_NAMED.split())
_SOME = ("datasetCode", "mosDesc")
#: Fields of API v1 under a name of ours that is not the publisher's with underscores.
_RENAMED = {
    "period": "period_code",
    "cifvalue": "cif_value",
    "fobvalue": "fob_value",
    "isAggregate": "is_unsd_aggregate",
    "partnerCode": "partner1_code",
}
#: What the publisher misspells: Comtrade Plus writes AtlQty.
_MISSPELT = {"atlqty": "altqty"}

#: The API of before 2023: name, and heading of its CSV files.
_LEGACY = {
    "pfCode": "Classification", "yr": "Year", "period": "Period", "periodDesc": "Period Desc.",
    "aggrLevel": "Aggregate Level", "IsLeaf": "Is Leaf Code", "rgCode": "Trade Flow Code", "rgDesc": "Trade Flow",
    "rtCode": "Reporter Code", "rtTitle": "Reporter", "rt3ISO": "Reporter ISO", "ptCode": "Partner Code",
    "ptTitle": "Partner", "pt3ISO": "Partner ISO", "ptCode2": "2nd Partner Code", "ptTitle2": "2nd Partner",
    "pt3ISO2": "2nd Partner ISO", "cstCode": "Customs Proc. Code", "cstDesc": "Customs",
    "motCode": "Mode of Transport Code", "motDesc": "Mode of Transport", "cmdCode": "Commodity Code",
    "cmdDescE": "Commodity", "qtCode": "Qty Unit Code", "qtDesc": "Qty Unit", "qtAltCode": "Alt Qty Unit Code",
    "qtAltDesc": "Alt Qty Unit", "TradeQuantity": "Qty", "AltQuantity": "Alt Qty", "NetWeight": "Netweight (kg)",
    "GrossWeight": "Gross weight (kg)", "TradeValue": "Trade Value (US$)", "CIFValue": "CIF Trade Value (US$)",
    "FOBValue": "FOB Trade Value (US$)", "estCode": "Flag",
}  # fmt: skip
LEGACY_FIELDS = tuple(_LEGACY)
#: Fields the legacy bulk files do without.
_LEGACY_SOME = (
    "ptCode2", "ptTitle2", "pt3ISO2", "cstCode", "cstDesc", "motCode", "motDesc", "qtAltCode", "qtAltDesc", "AltQuantity",
    "GrossWeight", "CIFValue", "FOBValue",
)  # fmt: skip
_LEGACY_USED = {
    "pfCode": "pf_code", "yr": "ref_year", "period": "period_code", "aggrLevel": "aggr_level", "rgCode": "rg_code",
    "rtCode": "rt_code", "ptCode": "pt_code", "ptCode2": "partner2_code", "cstCode": "customs_code",
    "motCode": "mot_code", "cmdCode": "cmd_code", "cmdDescE": "cmd_desc", "qtCode": "qt_code",
    "TradeQuantity": "trade_quantity", "NetWeight": "net_weight", "TradeValue": "trade_value",
    "CIFValue": "cif_value", "FOBValue": "fob_value", "estCode": "est_code",
}  # fmt: skip

#: How much is read of a JSON text at a time.
_CHUNK = 1 << 20


def snake(name: str) -> str:
    """typeCode, TypeCode: type_code; the names of API v1 as the schema has them."""
    if name in _RENAMED:
        return _RENAMED[name]
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _bare(name: str) -> str:
    bare = name.replace("_", "").strip().lower()
    return _MISSPELT.get(bare, bare)


API = {_bare(name): name for name in (*API_FIELDS, *API_NAMES, *_SOME)}
#: Columns of API v1 that the warehouse does not keep: names of codes, and second and third measures of quantity.
API_IGNORED = tuple(
    snake(n) for n in (
        "datasetCode", "refPeriodId", "refMonth", "reporterISO", "reporterDesc", "flowDesc", "partnerISO", "partnerDesc",
        "partner2ISO", "partner2Desc", "isLeaf", "customsDesc", "mosDesc", "motDesc", "qtyUnitAbbr", "altQtyUnitCode",
        "altQtyUnitAbbr", "altQty", "isAltQtyEstimated", "grossWgt", "isGrossWgtEstimated", "legacyEstimationFlag",
    )
)  # fmt: skip
LEGACY_IGNORED = tuple(snake(n) for n in LEGACY_FIELDS if n not in _LEGACY_USED)
_SURPLUS = "surplus"


@dataclass(frozen=True)
class Header:
    """What the first line of a delimited file says: its form, and for each of its fields our name, None for an index."""

    layout: str
    delimiter: str
    columns: tuple[str | None, ...]


def header_of(line: str, where: str) -> Header | None:
    """The form of a delimited file by its first line; None if it is not UN Comtrade's.

    Raises LayoutChanged for a header with most of UN Comtrade's names and one too few or too many.
    """
    delimiter = "\t" if "\t" in line else ","
    names = next(csv.reader([line], delimiter=delimiter), [])
    if names and not names[-1].strip():
        names = names[:-1]  # every line of a Comtrade Plus file ends with a comma
    bare = [_bare(n) for n in names]
    known = [n for n in bare if n in API]
    if len(known) > len(API_FIELDS) // 2:
        _check(known, bare, [_bare(f) for f in API_FIELDS], where)
        layout = "bulk-tsv" if delimiter == "\t" else "snake-csv" if "_" in "".join(names) else "plus-csv"
        return Header(layout, delimiter, tuple(snake(API[n]) for n in bare))
    return _legacy_header([n.strip() for n in names], delimiter, where)


def _legacy_header(names: list[str], delimiter: str, where: str) -> Header | None:
    by_name = {**{n: n for n in _LEGACY}, **{heading: n for n, heading in _LEGACY.items()}}
    found = [by_name.get(n) for n in names]
    if sum(n is not None for n in found) <= len(_LEGACY) // 2:
        return None
    named = names[1:] if names[0] == "" else names  # a table written by pandas begins with its index
    needed = [n for n in _LEGACY if n not in _LEGACY_SOME]
    _check([by_name[n] for n in named if n in by_name], [by_name.get(n, n) for n in named], needed, where)
    return Header("legacy-csv", delimiter, tuple(n and _legacy_name(n) for n in found))


def _legacy_name(name: str) -> str:
    return _LEGACY_USED.get(name) or snake(name)


def _check(known: list[str], found: list[str], needed: list[str], where: str) -> None:
    missing = [n for n in needed if n not in known]
    unknown = [n for n in found if n not in known]
    repeated = sorted({n for n in known if known.count(n) > 1})
    if missing or unknown or repeated:
        parts = [f"lacks {', '.join(missing)}"] * bool(missing) + [f"has the unknown {', '.join(unknown)}"] * bool(
            unknown
        )
        parts += [f"has twice {', '.join(repeated)}"] * bool(repeated)
        raise LayoutChanged(f"{where}: almost a file of UN Comtrade, but the header {' and '.join(parts)}")


def delimited(opened: Opened, layout: str) -> str:
    """A FROM clause over a delimited file, with our names. Raises LayoutChanged.

    Records of Comtrade Plus have a field more than the header names: by position they are right, and read so; what
    stands in the field more is kept as ``surplus``, where the schema refuses anything.
    """
    where = f"uncomtrade, {opened.artifact.filename}"
    with opened.path.open(encoding="utf-8-sig", newline="") as file:
        first, second = file.readline(), file.readline()
    header = header_of(first.rstrip("\r\n"), where)
    if header is None or header.layout != layout:
        raise LayoutChanged(f"{where}: the header is not that of {layout} any more")
    fields = len(next(csv.reader([second], delimiter=header.delimiter), []))
    named = len(header.columns)
    if second and fields not in (named, named + 1):
        raise LayoutChanged(f"{where}: the header names {named} fields, the first record has {fields}")
    columns = [f"f{n}" for n in range(fields or named)]
    quote = "" if header.delimiter == "\t" else '"'
    types = ", ".join(f"'{c}': 'VARCHAR'" for c in columns)
    relation = (
        f"read_csv({sql.quoted(str(opened.path))}, header = true, columns = {{{types}}}, auto_detect = false, "
        f"delim = {sql.quoted(header.delimiter)}, quote = {sql.quoted(quote)}, escape = {sql.quoted(quote)}, "
        "nullstr = '', comment = '', skip = 0, encoding = 'utf-8')"
    )
    given = {name: f'"{columns[n]}"' for n, name in enumerate(header.columns) if name}
    if fields > named:
        given[_SURPLUS] = f'"{columns[-1]}"'
    return selected(relation, given, layout)


def selected(relation: str, given: dict[str, str], layout: str) -> str:
    """A subquery with every column of the form: trimmed, truth written as true and false, NULL where it has none."""
    wanted = (
        [_legacy_name(n) for n in LEGACY_FIELDS] if layout.startswith("legacy")
        else [snake(n) for n in (*API_FIELDS, *API_NAMES, *_SOME)]
    )  # fmt: skip
    shown = []
    for name in (*wanted, _SURPLUS):
        text = f"nullif(trim({given[name]}), '')" if name in given else "CAST(NULL AS VARCHAR)"
        if name.startswith("is_") and name in given:
            text = f"CASE lower({text}) WHEN '1' THEN 'true' WHEN '0' THEN 'false' ELSE lower({text}) END"
        shown.append(f"{text} AS {name}")
    return f"(SELECT {', '.join(shown)} FROM {relation})"


def totals(relation: str, layout: str) -> str:
    """Only the totals of a form's records, each with the number of records that break it down.

    A breakdown whose total is not in the file stays, and is refused by the schema: nothing says what it is part of.
    """
    cell: tuple[str, ...]
    if layout.startswith("legacy"):
        cell = ("pf_code", "period_code", "rg_code", "rt_code", "pt_code", "cmd_code")
        whole = "coalesce(partner2_code, '0') = '0' AND coalesce(customs_code, 'C00') = 'C00' AND coalesce(mot_code, '0') = '0'"
    else:
        cell = (
            "type_code", "freq_code", "classification_code", "is_original_classification", "period_code", "reporter_code",
            "flow_code", "partner1_code", "cmd_code",
        )  # fmt: skip
        whole = "partner2_code = '0' AND customs_code = 'C00' AND mot_code = '0' AND mos_code = '0'"
    same = " AND ".join(f"r.{c} IS NOT DISTINCT FROM g.{c}" for c in cell)
    text = sql_beside(__package__ or "", "totals.sql")
    return f"({text.format(relation=relation, cell=', '.join(cell), whole=whole, same=same)})"


class Damaged(LayoutChanged):
    """A JSON text that is no list of rows, ends early, or has other rows than it says."""


def records(path: Path, array: str, *, is_counted: bool = True, where: str | None = None) -> Iterator[dict[str, Any]]:
    """The objects of an array of a JSON text's top object, one at a time: an answer may have 100,000 of them.

    Numbers stay text as printed. ``where`` is what the text is called in faults. Raises Damaged for a text that is not
    that or ends early, and, if ``is_counted``, for an answer that says (``count``) it has other rows than it has;
    ErrorInBody for one whose ``error`` says something.
    """
    name = where or path.name
    with path.open(encoding="utf-8-sig") as file:
        text = file.read(_CHUNK)
        start = re.search(rf'"{array}"\s*:\s*\[', text)
        if start is None:
            raise Damaged(f"{name}: no list of rows named {array} in the JSON text")
        before, at, rows = text[: start.end()], start.end(), 0
        while True:
            at = _past_commas(text, at)
            if text[at : at + 1] == "]":
                break
            try:
                row, at = _DECODER.raw_decode(text, at)
            except json.JSONDecodeError as fault:
                more = file.read(_CHUNK)
                if not more:
                    raise Damaged(f"{name}: the JSON text is cut or damaged after {rows} rows") from fault
                text, at = text[at:] + more, 0
                continue
            if not isinstance(row, dict):
                raise Damaged(f"{name}: {array} holds something else than rows")
            rows += 1
            yield row
        _check_count(before + text[at:] + file.read(), rows if is_counted else None, name)


_DECODER = json.JSONDecoder(parse_float=str, parse_int=str)


def _past_commas(text: str, at: int) -> int:
    while text[at : at + 1] and text[at] in ", \t\r\n":
        at += 1
    return at


def _check_count(envelope: str, rows: int | None, name: str) -> None:
    try:
        said = json.loads(envelope, parse_float=str, parse_int=str)
    except ValueError as fault:
        raise Damaged(f"{name}: the JSON text is damaged around its rows") from fault
    if said.get("error"):
        raise ErrorInBody(f"{name}: {str(said['error'])[:300]}")
    count = said.get("count", said.get("validation", {}).get("count", {}).get("value"))
    if rows is not None and count is not None and count != str(rows):
        raise Damaged(f"{name}: says it has {count} rows, but has {rows}: cut, or put together of several")


def api_rows(rows: Iterator[dict[str, Any]], where: str) -> Iterator[list[str | None]]:
    """Rows of API v1 in the order of API_FIELDS, API_NAMES and the rest. Raises LayoutChanged for unknown fields."""
    order = (*API_FIELDS, *API_NAMES, *_SOME)
    return _in_order(rows, order, API_FIELDS, where)


def legacy_rows(rows: Iterator[dict[str, Any]], where: str) -> Iterator[list[str | None]]:
    """Rows of the legacy API in the order of LEGACY_FIELDS. Raises LayoutChanged for unknown fields."""
    return _in_order(rows, LEGACY_FIELDS, [n for n in LEGACY_FIELDS if n not in _LEGACY_SOME], where)


def _in_order(
    rows: Iterator[dict[str, Any]], order: Sequence[str], needed: Sequence[str], where: str
) -> Iterator[list[str | None]]:
    known, wanted = set(order), set(needed)
    for number, row in enumerate(rows, start=1):
        if not wanted <= row.keys() <= known:
            unknown, missing = sorted(row.keys() - known), sorted(wanted - row.keys())
            raise LayoutChanged(
                f"{where}: row {number} lacks {missing or 'nothing'} and has the unknown {unknown or 'nothing'}"
            )
        yield [_text(row.get(name)) for name in order]


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return str(value).lower() if isinstance(value, bool) else json.dumps(value, ensure_ascii=False)


def read_json(opened: Opened, layout: str) -> str:
    """A FROM clause over a JSON answer, with our names. Raises LayoutChanged."""
    where = f"uncomtrade, {opened.artifact.filename}"
    if layout == "legacy-json":
        names = [_legacy_name(n) for n in LEGACY_FIELDS]
        rows = legacy_rows(records(opened.path, "dataset", where=where), where)
    else:
        names = [snake(n) for n in (*API_FIELDS, *API_NAMES, *_SOME)]
        rows = api_rows(records(opened.path, "data", where=where), where)
    return selected(opened.table(names, rows), {n: n for n in names}, layout)
