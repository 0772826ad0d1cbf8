"""Answers of National Data's services: the old easyquery (it answers nothing since spring 2026, so recorded answers) and the new.

Old: ``returndata.datanodes`` with ``wds`` codes, named in ``wdnodes``; a cell that is not published has ``hasdata`` false
and the number 0.0. New: ``data[]`` by period, each with ``values[]``; not published is an empty value.
"""

from collections.abc import Iterator
from typing import Any

from tasks.sources.chn_nbs import catalogue, figures
from tasks.sources.chn_nbs.figures import Figure
from warehouse.errors import EmptyAnswer, ErrorInBody, LayoutChanged, RepeatedKeys

#: Names of the nation in place of a region's.
_NATION = ("全国", "国家", "中国")
_ALL_NATION, _PROVINCE_ENDS = "000000", "0000"


def is_old(body: Any) -> bool:
    """Whether parsed JSON is an answer of easyquery with figures or an error."""
    return isinstance(body, dict) and "returncode" in body and "returndata" in body


def is_old_tree(body: Any) -> bool:
    """Whether parsed JSON is a list of indicators or databases of easyquery."""
    return (
        isinstance(body, list) and bool(body) and isinstance(body[0], dict) and {"dbcode", "wdcode"} <= body[0].keys()
    )


def is_new(body: Any) -> bool:
    """Whether parsed JSON is the new service's answer with figures."""
    blocks = body.get("data") if isinstance(body, dict) else None
    return (
        isinstance(blocks, list)
        and bool(blocks)
        and all(isinstance(b, dict) and {"code", "values"} <= b.keys() for b in blocks)
    )


def old_figures(body: Any, where: str) -> Iterator[Figure]:
    """The figures of an easyquery answer. Raises ErrorInBody, LayoutChanged."""
    data = body["returndata"]
    if str(body["returncode"]) != "200" or not isinstance(data, dict):
        raise ErrorInBody(
            f"the old service answered {body['returncode']}: {where}: {data if isinstance(data, str) else ''}"
        )
    try:
        named = {n["wdcode"]: {x["code"]: x for x in n["nodes"] if x} for n in data["wdnodes"]}
        for node in data["datanodes"]:
            if node["data"]["hasdata"]:
                codes = {w["wdcode"]: w["valuecode"] for w in node["wds"]}
                yield _old_figure(codes, named, str(node["data"]["strdata"]), where)
    except (KeyError, TypeError) as fault:
        raise LayoutChanged(f"not in the layout of the old service's answers: {where} ({fault!r})") from fault


def _old_figure(codes: dict[str, str], named: dict[str, Any], value: str, where: str) -> Figure:
    series = named["zb"][codes["zb"]]
    name, unit = _name_and_unit(series["name"], series["unit"], where)
    at = figures.period(codes["sj"], name)
    if at is None:
        raise LayoutChanged(f"unknown form of a period {codes['sj']!r}: {where}. Known are 2023, 2023A and 202312")
    if "reg" not in codes:
        return Figure(figures.dataset("nation", at.freq), name, codes["zb"], "中国", None, "nation", at, value, unit)
    level = _level(codes["reg"])
    # A database of cities has municipalities under their provinces' codes; a list with one city in it is of cities.
    if any(_level(code) == "city" for code in named["reg"]):
        level = "city"
    region = named["reg"][codes["reg"]]["name"]
    return Figure(figures.dataset(level, at.freq), name, codes["zb"], region, codes["reg"], level, at, value, unit)


def new_figures(body: Any, where: str) -> Iterator[Figure]:
    """The figures of an answer of the new service. Raises LayoutChanged."""
    try:
        values = [(block["code"], v) for block in body["data"] for v in block["values"]]
        is_of_cities = any(_level(figures.six_digits(v["da"])) == "city" for _, v in values if v.get("da"))
        for code, value in values:
            if str(value.get("value") or "").strip():
                yield _new_figure(code, value, is_of_cities, where)
    except (KeyError, TypeError, AttributeError) as fault:
        raise LayoutChanged(f"not in the layout of the new service's answers: {where} ({fault!r})") from fault


def _new_figure(code: str, value: dict[str, str], is_of_cities: bool, where: str) -> Figure:
    name, unit = _name_and_unit(value["i_showname"], value.get("du_name") or "", where)
    at = figures.period(code, name)
    if at is None:
        raise LayoutChanged(f"unknown form of a period {code!r}: {where}. Known are 2023YY, 202304SS and 202312MM")
    region, number = value["da_name"].strip(), figures.six_digits(value.get("da") or "") or None
    if region in _NATION:
        region, number, level = "中国", None, "nation"
    else:
        level = "city" if is_of_cities else _level(number) if number else "any"
    dataset = figures.dataset("province" if level == "any" else level, at.freq)
    return Figure(dataset, name, value["_id"], region, number, level, at, value["value"].strip(), unit)


def _name_and_unit(printed: str, unit: str, where: str) -> tuple[str, str | None]:
    """Name and unit, from the field for it, else from the name; where both have one they must be the same."""
    name, in_name = catalogue.split_unit(printed)
    if unit.strip() and in_name and in_name != unit.strip():
        raise LayoutChanged(f"the name states the unit {in_name}, the field for it {unit}: {where}, {printed}")
    return name, unit.strip() or in_name


def _level(code: str) -> str:
    if code == _ALL_NATION:
        return "nation"
    return "province" if code.endswith(_PROVINCE_ENDS) else "city"


def check(rows: list[Figure], where: str) -> None:
    """Raise EmptyAnswer for an answer without a figure, RepeatedKeys for one with two figures of one cell."""
    if not rows:
        raise EmptyAnswer(f"an answer of National Data without a single published figure: {where}")
    cells = {(f.dataset, f.name, f.code, f.region, f.region_code, f.period) for f in rows}
    if len(cells) < len(rows):
        raise RepeatedKeys(f"{len(rows)} figures of {len(cells)} cells: {where}")
