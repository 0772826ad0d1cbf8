"""CEPII's website: the page of BACI links a zip for each HS edition of the newest version, with all its years."""

import re
from collections.abc import Iterator

from tasks.archive import containers
from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Selection, ValidAnswer
from tasks.sources.cepii_baci import files
from warehouse.errors import ArchiveRefused, EmptyAnswer, LayoutChanged, NotData

#: The first year of each HS edition, newest edition first.
_FIRST_YEARS = {"22": 2022, "17": 2017, "12": 2012, "07": 2007, "02": 2002, "96": 1996, "92": 1995}
_PAGE = "/CEPII/en/bdd_modele/bdd_modele_item.asp"
_ZIP = re.compile(r"BACI_HS(?P<edition>\d{2})_V(?P<stamp>\d{6})\.zip")


def requests(selection: Selection) -> Iterator[Request]:
    """The page of BACI, for the newest HS edition that covers the first year; nothing for years before BACI's first."""
    if selection.last >= min(_FIRST_YEARS.values()):
        context = (("edition", _edition(selection.first)),)
        yield Request(_PAGE, "baci_page.html", (("id", "37"),), accept="text/html", context=context)


def judge(request: Request, answer: Sniffed) -> ValidAnswer:
    """The page leads to the zip of the newest version; the zip must have that version's years in it.

    Raises LayoutChanged, NotData, EmptyAnswer.
    """
    return _judge_page(request, answer) if request.path == _PAGE else _judge_zip(request, answer)


def _edition(first: int) -> str:
    """The newest HS edition whose files begin by a year; the oldest for years before all."""
    return next((edition for edition, begins in _FIRST_YEARS.items() if begins <= first), "92")


def _judge_page(request: Request, answer: Sniffed) -> ValidAnswer:
    edition = dict(request.context)["edition"]
    text = answer.path.read_text(encoding="utf-8", errors="replace")
    stamps = [match["stamp"] for match in _ZIP.finditer(text) if match["edition"] == edition]
    if not stamps:
        raise LayoutChanged(
            f"the page links no BACI_HS{edition}_V….zip: cepii.baci, {request.path}. Download the zip by hand and adopt it"
        )
    newest = max(stamps)
    name, context = f"BACI_HS{edition}_V{newest}.zip", (("edition", edition), ("stamp", newest))
    following = Request(f"/DATA_DOWNLOAD/baci/data/{name}", name, accept="application/zip", context=context)
    return ValidAnswer(len(stamps), newest, (following,), is_kept=False)


def _judge_zip(request: Request, answer: Sniffed) -> ValidAnswer:
    where, wanted = f"cepii.baci, {request.path}", dict(request.context)
    if answer.kind != "zip":
        raise NotData(f"expected a zip, received {answer.kind}: {where}")
    try:
        names = [member.name for member in containers.members(answer.path, request.filename)]
    except ArchiveRefused as fault:
        raise NotData(f"the zip cannot be opened: {where}: {fault}") from fault
    years = {name: file for name in names if (file := files.match_name(name))}
    if not years:
        raise EmptyAnswer(f"the zip has no file of a year: {where}")
    edition = wanted["edition"], wanted["stamp"]
    if others := [name for name, file in years.items() if (file.edition, file.stamp) != edition]:
        raise LayoutChanged(f"the zip has a file of another edition or version, {others[0]}: {where}")
    return ValidAnswer(len(years), f"V{wanted['stamp']}")
