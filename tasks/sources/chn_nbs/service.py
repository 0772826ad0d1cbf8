"""The new data service (since March 2026): a tree of catalogues, indicators of a leaf, figures by POST.

1. ``GET /new/queryIndexTreeAsync?pid=&code=6`` gives a tree's root, with ``pid`` its branches; leaves have a ``cid``.
2. ``GET /new/queryIndicatorsByCid?cid=&dt=&name=`` gives a leaf's indicators: ``_id``, name, unit.
3. ``POST /stream/esData`` gives the figures of some indicators, regions and a range of periods.

Only branches with what the warehouse keeps are walked. Ids change from slice to slice of an indicator and are never
stored: every pull looks them up again, by name.
"""

import re
from collections.abc import Iterator
from typing import Any

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.sources.chn_nbs import answers, catalogue
from warehouse.errors import CutAtLimit, EmptyAnswer, ErrorInBody, LayoutChanged, NotData

_TREE, _INDICATORS, _FIGURES = "/new/queryIndexTreeAsync", "/new/queryIndicatorsByCid", "/stream/esData"
SERVICE = Service(
    url="https://data.stats.gov.cn/dg/website/publicrelease/web/external",
    interval_seconds=2,
    headers=(
        ("User-Agent", "Mozilla/5.0 (compatible; entrepot)"),
        ("Referer", "https://data.stats.gov.cn/dg/website/page.html"),
        ("Origin", "https://data.stats.gov.cn"),
    ),
)

#: The trees that are walked: annual figures of provinces, and of the nation.
_TREES = {"province": "6", "nation": "3"}
#: Branches with what is kept; others are not asked for.
_BRANCHES = re.compile(
    "国民经济核算|地区生产总值|国内生产总值|人口|总人口|财政|对外经济贸易|对外贸易|进出口|货物|外商投资|利用外资|外资|运输|交通|里程|线路"
)
#: How many indicators one request has at most.
_MOST_INDICATORS = 10
_NATION = (("全国", "000000000000"),)
_PROVINCES = (
    ("北京市", "110000000000"), ("天津市", "120000000000"), ("河北省", "130000000000"), ("山西省", "140000000000"),
    ("内蒙古自治区", "150000000000"), ("辽宁省", "210000000000"), ("吉林省", "220000000000"), ("黑龙江省", "230000000000"),
    ("上海市", "310000000000"), ("江苏省", "320000000000"), ("浙江省", "330000000000"), ("安徽省", "340000000000"),
    ("福建省", "350000000000"), ("江西省", "360000000000"), ("山东省", "370000000000"), ("河南省", "410000000000"),
    ("湖北省", "420000000000"), ("湖南省", "430000000000"), ("广东省", "440000000000"), ("广西壮族自治区", "450000000000"),
    ("海南省", "460000000000"), ("重庆市", "500000000000"), ("四川省", "510000000000"), ("贵州省", "520000000000"),
    ("云南省", "530000000000"), ("西藏自治区", "540000000000"), ("陕西省", "610000000000"), ("甘肃省", "620000000000"),
    ("青海省", "630000000000"), ("宁夏回族自治区", "640000000000"), ("新疆维吾尔自治区", "650000000000"),
)  # fmt: skip
_REGIONS = {"province": _PROVINCES, "nation": _NATION}
#: Names of provinces by the warehouse's codes without ``CN-``.
_PLACES = {
    code: name
    for code, (name, _) in zip(
        ("BJ", "TJ", "HE", "SX", "NM", "LN", "JL", "HL", "SH", "JS", "ZJ", "AH", "FJ", "JX", "SD", "HA", "HB", "HN", "GD", "GX",
         "HI", "CQ", "SC", "GZ", "YN", "XZ", "SN", "GS", "QH", "NX", "XJ"),
        _PROVINCES, strict=True,
    )
}  # fmt: skip


def requests(selection: Selection) -> Iterator[Request]:
    """The roots of the trees with the figures that are asked for: CHN is the nation, codes such as CN-LN are provinces."""
    wanted = [_PLACES[r.removeprefix("CN-")] for r in selection.reporters if r.removeprefix("CN-") in _PLACES]
    trees = [
        t
        for t in _TREES
        if not selection.reporters or (t == "province" and wanted) or (t == "nation" and "CHN" in selection.reporters)
    ]
    for tree in trees:
        common = {"tree": tree, "first": str(selection.first), "last": str(selection.last), "regions": " ".join(wanted)}
        yield _tree("", {**common, "root": ""})


def judge(request: Request, answer: Sniffed) -> ValidAnswer:
    """What an answer is and leads to; only figures are kept. Raises the faults of a publisher."""
    body = _body(request, answer)
    context = dict(request.context)
    if request.path == _TREE:
        return _judge_tree(request, body, context)
    if request.path == _INDICATORS:
        return _judge_indicators(request, body, context)
    return _judge_figures(request, body)


def scope(request: Request) -> Scope:
    """The years of a request for figures, and its regions."""
    context = dict(request.context)
    names = {region["text"] for region in request.body["das"]}
    places = (
        {"CHN"} if context["tree"] == "nation" else {f"CN-{code}" for code, name in _PLACES.items() if name in names}
    )
    return Scope(int(context["first"]), int(context["last"]), frozenset(places))


def split(request: Request) -> tuple[Request, ...]:
    """Two requests for half the indicators each; none for one indicator."""
    if request.path != _FIGURES or len(request.body["indicatorIds"]) < 2:
        return ()
    ids, half = request.body["indicatorIds"], len(request.body["indicatorIds"]) // 2
    return tuple(
        _figures(dict(request.context), request.body["cid"], part, request.body["dts"][0])
        for part in (ids[:half], ids[half:])
    )


def _body(request: Request, answer: Sniffed) -> Any:
    if answer.kind == "html":
        raise NotData(
            f"expected JSON, received HTML, as the service sends to a caller it blocks: chn.nbs, {request.filename}"
        )
    if answer.kind != "json" or not isinstance(answer.json, dict):
        raise NotData(f"expected JSON, received {answer.kind}, or damaged JSON: chn.nbs, {request.filename}")
    body = answer.json
    if body.get("success") is False or str(body.get("state", "20000")) != "20000":
        raise ErrorInBody(
            f"the service answers with state {body.get('state')}: chn.nbs, {request.filename}: {body.get('message')}"
        )
    return body


def _judge_tree(request: Request, body: Any, context: dict[str, str]) -> ValidAnswer:
    nodes = body.get("data")
    if not isinstance(nodes, list) or not all(
        isinstance(n, dict) and {"_id", "name", "isLeaf"} <= n.keys() for n in nodes
    ):
        raise LayoutChanged(
            f"the answer is not a list of catalogues with _id, name and isLeaf: chn.nbs, {request.filename}"
        )
    if not nodes:
        raise EmptyAnswer(f"a branch without catalogues: chn.nbs, {request.filename}")
    if not context["root"]:
        following = [_tree(n["_id"], {**context, "root": n["_id"]}) for n in nodes]
        return ValidAnswer(len(nodes), following=tuple(following), is_kept=False)
    wanted = [n for n in nodes if _BRANCHES.search(n["name"]) and _overlaps(n, context)]
    leaves = [_indicators(n["_id"], context) for n in wanted if n["isLeaf"]]
    branches = [_tree(n["_id"], context) for n in wanted if not n["isLeaf"]]
    return ValidAnswer(len(nodes), following=(*leaves, *branches), is_kept=False)


def _overlaps(node: dict[str, Any], context: dict[str, str]) -> bool:
    """Whether a slice has periods that are asked for, as far as it says."""
    first, last = (str(node.get(k) or "")[:4] for k in ("sdate", "edate"))
    return not (first.isdigit() and first > context["last"]) and not (last.isdigit() and last < context["first"])


def _judge_indicators(request: Request, body: Any, context: dict[str, str]) -> ValidAnswer:
    listed = body.get("data", {}).get("list") if isinstance(body.get("data"), dict) else None
    if not isinstance(listed, list) or not all(
        isinstance(i, dict) and {"_id", "i_showname"} <= i.keys() for i in listed
    ):
        raise LayoutChanged(
            f"the answer is not a list of indicators with _id and i_showname: chn.nbs, {request.filename}"
        )
    cid = dict(request.parameters)["cid"]
    kept = [i["_id"] for i in listed if catalogue.meaning_of(catalogue.split_unit(i["i_showname"])[0])]
    years = f"{context['first']}YY-{context['last']}YY"
    parts = [kept[at : at + _MOST_INDICATORS] for at in range(0, len(kept), _MOST_INDICATORS)]
    return ValidAnswer(len(listed), following=tuple(_figures(context, cid, p, years) for p in parts), is_kept=False)


def _judge_figures(request: Request, body: Any) -> ValidAnswer:
    where = f"chn.nbs, {request.filename}"
    if isinstance(body.get("data"), list) and not body["data"]:
        raise EmptyAnswer(f"an answer without periods: {where}")
    if not answers.is_new(body):
        raise LayoutChanged(f"the answer is not figures by period with code and values: {where}")
    rows = list(answers.new_figures(body, where))
    answers.check(rows, where)
    _check_regions(request, body)
    return ValidAnswer(len(rows))


def _check_regions(request: Request, body: Any) -> None:
    """Raise CutAtLimit where regions asked for are in no period of an answer with several indicators.

    The service states no limit and empty cells come as empty values, so missing regions point to a cut answer. With one
    indicator there is nothing left to split, and it may really have no figures of these regions.
    """
    named = {v["da_name"].strip() for block in body["data"] for v in block["values"]}
    missing = [d["text"] for d in request.body["das"] if d["text"] not in named]
    if missing and len(named) < len(request.body["das"]) and len(request.body["indicatorIds"]) > 1:
        raise CutAtLimit(
            f"the answer has nothing of {', '.join(missing[:5])}, so it may be cut: chn.nbs, {request.filename}"
        )


def _tree(pid: str, context: dict[str, str]) -> Request:
    return Request(
        _TREE, f"nbs_tree_{context['tree']}_{pid or 'root'}.json", (("pid", pid), ("code", _TREES[context["tree"]])),
        accept="application/json", context=tuple(context.items()),
    )  # fmt: skip


def _indicators(cid: str, context: dict[str, str]) -> Request:
    return Request(
        _INDICATORS, f"nbs_indicators_{context['tree']}_{cid}.json", (("cid", cid), ("dt", ""), ("name", "")),
        accept="application/json", context=tuple(context.items()),
    )  # fmt: skip


def _figures(context: dict[str, str], cid: str, ids: list[str], years: str) -> Request:
    wanted = context["regions"].split()
    regions = [
        {"text": n, "value": c}
        for n, c in _REGIONS[context["tree"]]
        if not wanted or n in wanted or context["tree"] == "nation"
    ]
    body = {
        "cid": cid, "indicatorIds": ids, "daCatalogId": "", "das": regions, "dts": [years], "showType": "1",
        "rootId": context["root"],
    }  # fmt: skip
    return Request(
        _FIGURES, f"nbs_{context['tree']}_{cid}_{ids[0]}_{len(ids)}_{years}.json", body=body, accept="application/json",
        context=tuple(context.items()),
    )  # fmt: skip
