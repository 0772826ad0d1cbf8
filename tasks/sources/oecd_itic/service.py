"""Requests for the OECD's transport and insurance costs, and checks of the answers."""

from collections.abc import Iterator, Sequence

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.sources._shared.oecd import service as oecd
from tasks.sources.oecd_itic.structure import STRUCTURE
from warehouse import reference_files
from warehouse.errors import Unknown

_DATAFLOW = "DSD_ITIC@DF_ITIC"


def requests(selection: Selection) -> Iterator[Request]:
    """The constraint of the dataflow; by default for China, Japan, South Korea, the United States and the EU's members.

    Without partners: from each other. Products are not asked for. Raises Unknown.
    """
    usual = ("CHN", "JPN", "KOR", "USA", *reference_files.members("EU27_2020"))
    importers, exporters = (
        tuple(selection.reporters or usual),
        tuple(p for p in selection.partners or usual if p != "WLD"),
    )
    if not exporters:
        raise Unknown("margins are stated for pairs of economies, not with the world. Name partners other than WLD")
    reference_files.codes_of("oecd", (*importers, *exporters))
    context = {
        "first": str(selection.first), "last": str(selection.last), "importers": ",".join(importers), "exporters": ",".join(exporters),
    }  # fmt: skip
    yield oecd.constraint("OECD.SDD.TPS", _DATAFLOW, context)


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """When the dataflow was updated; or CSV of DSD_ITIC with records, each figure once. Raises as oecd.judge does."""
    return oecd.judge(request, received, STRUCTURE, _data_requests)


def scope(request: Request) -> Scope:
    """See oecd.scope."""
    return oecd.scope(request, STRUCTURE)


def judge_status(request: Request, status: int, words: str) -> ValidAnswer | None:
    """See oecd.judge_status."""
    return oecd.judge_status(request, status, words, _data_requests)


def _data_requests(context: dict[str, str], stamp: str | None) -> tuple[Request, ...]:
    """The requests for the data, a few importers at a time."""
    exporters = context["exporters"].split(",")
    return tuple(_data(context, some, exporters, stamp) for some in oecd.in_groups(context["importers"].split(",")))


def _data(context: dict[str, str], importers: Sequence[str], exporters: Sequence[str], stamp: str | None) -> Request:
    areas, counterparts = ("+".join(reference_files.codes_of("oecd", places)) for places in (importers, exporters))
    years = context["first"], context["last"]
    path = f"/data/OECD.SDD.TPS,{_DATAFLOW},1.1/{areas}.{counterparts}.C_F.C._T.A.PT_IM_CIF"
    return oecd.data(path, f"DF_ITIC_{areas.replace('+', '-')}_{'-'.join(years)}.csv", years, stamp)
