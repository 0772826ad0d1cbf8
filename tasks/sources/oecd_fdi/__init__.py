"""``oecd.fdi``: direct investment of OECD members with each economy: flows, positions and income (BMD4).

Dataflows ``OECD.DAF.INV:DSD_FDI@DF_FDI_…`` in CSV, https://data-explorer.oecd.org. Values are in millions (UNIT_MULT 6).
"""

from collections.abc import Iterator, Sequence

from schemas.oecd import FdiBmd4
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Ask, Judged, Request
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.sources._shared import oecd
from warehouse import reference_files
from warehouse.errors import Unknown

#: Dimensions in the order of the key, then attributes, by the OECD's names.
_DIMENSIONS = {
    "REF_AREA": "oecd_ref_area", "MEASURE": "oecd_measure", "UNIT_MEASURE": "oecd_unit_measure",
    "MEASURE_PRINCIPLE": "oecd_measure_principle", "ACCOUNTING_ENTRY": "oecd_accounting_entry",
    "TYPE_ENTITY": "oecd_type_entity", "FDI_COMP": "oecd_fdi_comp", "SECTOR": "oecd_sector",
    "COUNTERPART_AREA": "oecd_counterpart_area", "LEVEL_COUNTERPART": "oecd_level_counterpart",
    "ACTIVITY": "oecd_activity", "FREQ": "oecd_freq", "FDI_COLLECTION_ID": "oecd_collection",
}  # fmt: skip
_COLUMNS = {
    **_DIMENSIONS, "TIME_PERIOD": "oecd_time_period", "OBS_VALUE": "oecd_value", "OBS_STATUS": "oecd_obs_status",
    "UNIT_MULT": "oecd_unit_mult", "CONF_STATUS": "oecd_conf_status", "CURRENCY": "oecd_currency",
    "DECIMALS": "oecd_decimals",
}  # fmt: skip
_OPTIONAL = ("FDI_COLLECTION_ID", "CONF_STATUS", "CURRENCY", "DECIMALS")
#: What is asked for by default: a dataflow for each measure.
_FLOWS = (("DF_FDI_FLOW_CTRY", "T_FA_F"), ("DF_FDI_POS_CTRY", "LE_FA_F"), ("DF_FDI_INC_CTRY", "T_D4P_F"))
#: Reporters in one request: a few thousand records, and an address of a few hundred characters.
_AT_ONCE = 10


class OecdFdi(Source):
    """Direct investment by counterpart."""

    id = "oecd.fdi"
    title = "Foreign direct investment statistics, Benchmark Definition 4th edition"
    publisher = "Organisation for Economic Co-operation and Development (OECD)"
    licence = oecd.LICENCE
    redistribution = "attribution"
    documentation = "https://www.oecd.org/en/data/datasets/foreign-direct-investment-statistics.html"
    covers = (
        "Inward and outward direct investment of OECD members by immediate counterpart (also by industry and instrument): "
        "flows, positions and income, by the directional principle."
    )
    units = (
        "Millions of US dollars or of the reporter's currency (UNIT_MULT 6), multiplied out; negative figures are real."
    )
    forms = (
        "CSV of the service or of the Data Explorer, with or without labels, of the structure OECD.DAF.INV:DSD_FDI.",
    )
    tables = (FdiBmd4,)
    traps = (
        "OBS_VALUE is in millions and must be multiplied; the IMF's, in the same format, must not.",
        "OBS_STATUS says A also where the value is empty: CONF_STATUS tells confidential figures.",
        "Japan and the United States have no values without special purpose entities (ROU): ALL is asked for.",
        "Figures without special purpose entities, of these alone, or by ultimate counterpart are datasets of their own.",
        "China reports nothing here: what members report of China is the mirror.",
        "A file saved again by a spreadsheet is refused: its numbers are broken.",
        "60 downloads an hour, those of the web pages included; callers through a VPN are refused.",
    )
    service = oecd.SERVICE

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """CSV of the structure DSD_FDI. Raises LayoutChanged for another header, or a file a spreadsheet has damaged."""
        if not oecd.is_of(sniffed, "DSD_FDI"):
            return None
        oecd.check_header(oecd.header_of(sniffed.lines[0]), _COLUMNS, _OPTIONAL, sniffed.filename)
        return Recognised("csv", "OECD, foreign direct investment statistics (BMD4)")

    def dataset(self, artifact: Artifact) -> Dataset:
        """The one table there is. Raises Unknown for another layout."""
        if artifact.layout != "csv":
            raise Unknown(f"{artifact.filename}: {self.id} knows no layout {artifact.layout!r}")
        return Dataset(FdiBmd4, (Conform(facts.FDI, sql_beside(__name__, "fdi.sql")),))

    def text(self, opened: Opened) -> str:
        """One figure a record, labels passed over. Raises LayoutChanged."""
        return oecd.text(opened.path, _COLUMNS, _OPTIONAL, opened.artifact.filename)

    def requests(self, ask: Ask) -> Iterator[Request]:
        """Flows, positions and income of the members among the reporters, a few members at a time.

        Without partners: with the world, China, Japan, South Korea, the United States and the EU's members. Raises Unknown.
        """
        reporters, partners = _reporters(ask), tuple(ask.partners or _default_partners())
        reference_files.codes_of("oecd", (*reporters, *partners))
        for flow, measure in _FLOWS:
            context = {
                "flow": flow, "measure": measure, "first": str(ask.first), "last": str(ask.last),
                "reporters": ",".join(reporters), "partners": ",".join(partners),
            }  # fmt: skip
            yield oecd.constraint("OECD.DAF.INV", f"DSD_FDI@{flow}", tuple(context.items()))

    def judge(self, request: Request, answer: Sniffed) -> Judged:
        """When a dataflow was updated; or CSV of DSD_FDI with records, each figure once. Raises the faults of a publisher."""
        if dict(request.context).get("kind") == "constraint":
            return _led_by(request, oecd.updated(answer.text))
        return oecd.judge(request, answer, "DSD_FDI", _COLUMNS, _OPTIONAL, (*_DIMENSIONS, "TIME_PERIOD"))

    def judge_status(self, request: Request, status: int, words: str) -> Judged | None:
        """404 where nothing is reported, 403 to a VPN. Without a constraint the data are asked for all the same."""
        if dict(request.context).get("kind") == "constraint" and status in (400, 404, 406):
            return _led_by(request, None)
        return oecd.judge_status(request, status, words)


def _reporters(ask: Ask) -> tuple[str, ...]:
    """The members among those asked for; by default Japan, South Korea, the United States and the EU's. Raises Unknown."""
    wanted = ask.reporters or ("JPN", "KOR", "USA", *reference_files.members("EU27_2020"))
    found = tuple(p for p in wanted if p in oecd.MEMBERS)
    if not found:
        raise Unknown(f"{', '.join(wanted)} is no member of the OECD and does not report to it")
    return found


def _led_by(request: Request, stamp: str | None) -> Judged:
    """The requests for the data of a dataflow, a few reporters at a time."""
    asked = dict(request.context)
    reporters, partners = asked["reporters"].split(","), asked["partners"].split(",")
    parts = [reporters[n : n + _AT_ONCE] for n in range(0, len(reporters), _AT_ONCE)]
    following = tuple(_data(asked, part, partners, stamp) for part in parts)
    return Judged(rows=0, stamp=stamp, following=following, is_kept=False)


def _data(asked: dict[str, str], reporters: Sequence[str], partners: Sequence[str], stamp: str | None) -> Request:
    areas, others = ("+".join(reference_files.codes_of("oecd", places)) for places in (reporters, partners))
    key = f"{areas}.{asked['measure']}.USD_EXC.DI+DO.NET_FDI.ALL.D.S1.{others}.IMC._T.A.CTRY_IND"
    return Request(
        path=f"/data/OECD.DAF.INV,DSD_FDI@{asked['flow']},1.0/{key}",
        filename=f"{asked['flow']}_{areas.replace('+', '-')}_{asked['first']}-{asked['last']}.csv",
        parameters=(
            ("startPeriod", asked["first"]), ("endPeriod", asked["last"]),
            ("dimensionAtObservation", "AllDimensions"), ("format", "csvfile"),
        ),
        accept="application/vnd.sdmx.data+csv, text/csv", stamp=stamp,
    )  # fmt: skip


def _default_partners() -> tuple[str, ...]:
    return ("WLD", "CHN", "JPN", "KOR", "USA", *reference_files.members("EU27_2020"))


SOURCE = OecdFdi()
