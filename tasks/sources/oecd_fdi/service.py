"""Requests for the OECD's direct investment statistics, and checks of the answers: a dataflow for each measure."""

from collections.abc import Iterator, Sequence

from tasks.archive.sniff import Sniffed
from tasks.contract.service import Request, Scope, Selection, ValidAnswer
from tasks.sources._shared.oecd import service as oecd
from tasks.sources.oecd_fdi.structure import STRUCTURE
from warehouse import reference_files
from warehouse.errors import Unknown

#: Dataflows of flows, positions and income, with the measure that has all instruments.
_DATAFLOWS = (("DF_FDI_FLOW_CTRY", "T_FA_F"), ("DF_FDI_POS_CTRY", "LE_FA_F"), ("DF_FDI_INC_CTRY", "T_D4P_F"))


def requests(selection: Selection) -> Iterator[Request]:
    """The constraint of each dataflow; by default for the reporters and partners of _reporters and _default_partners.

    Raises Unknown.
    """
    reporters, partners = _reporters(selection), tuple(selection.partners or _default_partners())
    reference_files.codes_of("oecd", (*reporters, *partners))
    for dataflow, measure in _DATAFLOWS:
        context = {
            "flow": dataflow, "measure": measure, "first": str(selection.first), "last": str(selection.last),
            "reporters": ",".join(reporters), "partners": ",".join(partners),
        }  # fmt: skip
        yield oecd.constraint("OECD.DAF.INV", f"DSD_FDI@{dataflow}", context)


def judge(request: Request, received: Sniffed) -> ValidAnswer:
    """When a dataflow was updated; or CSV of DSD_FDI with records, each figure once. Raises as oecd.judge does."""
    return oecd.judge(request, received, STRUCTURE, _data_requests)


def scope(request: Request) -> Scope:
    """See oecd.scope."""
    return oecd.scope(request, STRUCTURE)


def judge_status(request: Request, status: int, words: str) -> ValidAnswer | None:
    """See oecd.judge_status."""
    return oecd.judge_status(request, status, words, _data_requests)


def _reporters(selection: Selection) -> tuple[str, ...]:
    """The members among those asked for; by default Japan, South Korea, the United States and the EU's. Raises Unknown."""
    wanted = selection.reporters or ("JPN", "KOR", "USA", *reference_files.members("EU27_2020"))
    members = tuple(place for place in wanted if place in oecd.MEMBERS)
    if not members:
        raise Unknown(
            f"{', '.join(wanted)} is not a member of the OECD and does not report to it. Selection for a member, such as JPN"
        )
    return members


def _default_partners() -> tuple[str, ...]:
    return ("WLD", "CHN", "JPN", "KOR", "USA", *reference_files.members("EU27_2020"))


def _data_requests(context: dict[str, str], stamp: str | None) -> tuple[Request, ...]:
    """The requests for the data of a dataflow, a few reporters at a time."""
    partners = context["partners"].split(",")
    return tuple(_data(context, some, partners, stamp) for some in oecd.in_groups(context["reporters"].split(",")))


def _data(context: dict[str, str], reporters: Sequence[str], partners: Sequence[str], stamp: str | None) -> Request:
    areas, counterparts = ("+".join(reference_files.codes_of("oecd", places)) for places in (reporters, partners))
    years = context["first"], context["last"]
    key = f"{areas}.{context['measure']}.USD_EXC.DI+DO.NET_FDI.ALL.D.S1.{counterparts}.IMC._T.A.CTRY_IND"
    filename = f"{context['flow']}_{areas.replace('+', '-')}_{'-'.join(years)}.csv"
    return oecd.data(f"/data/OECD.DAF.INV,DSD_FDI@{context['flow']},1.0/{key}", filename, years, stamp)
