"""``oecd.itic``: what transport and insurance of goods cost from one economy to another, in percent of imports at CIF.

Dataflow ``OECD.SDD.TPS:DSD_ITIC@DF_ITIC`` in CSV. Total goods only: a figure of two places has no product here.
"""

from collections.abc import Iterator, Sequence

from schemas.oecd import Itic
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Ask, Judged, Request
from tasks.contract.source import Recognised, Source, sql_beside
from tasks.sources._shared import oecd
from warehouse import reference_files
from warehouse.errors import Unknown

_FLOW = "DSD_ITIC@DF_ITIC"
#: Dimensions in the order of the key, then attributes, by the OECD's names.
_DIMENSIONS = {
    "REF_AREA": "oecd_ref_area", "COUNTERPART_AREA": "oecd_counterpart_area", "MEASURE": "oecd_measure",
    "PRODUCT_TYPE": "oecd_product_type", "COMM_HS2017": "oecd_product", "FREQ": "oecd_freq",
    "UNIT_MEASURE": "oecd_unit_measure",
}  # fmt: skip
_COLUMNS = {
    **_DIMENSIONS, "TIME_PERIOD": "oecd_time_period", "OBS_VALUE": "oecd_value", "OBS_STATUS": "oecd_obs_status",
    "METHODOLOGY_TYPE": "oecd_methodology", "UNIT_MULT": "oecd_unit_mult", "DECIMALS": "oecd_decimals",
}  # fmt: skip
_OPTIONAL = ("METHODOLOGY_TYPE", "DECIMALS")
_AT_ONCE = 10


class OecdItic(Source):
    """Margins between CIF and FOB."""

    id = "oecd.itic"
    title = "International transport and insurance costs of merchandise trade (ITIC)"
    publisher = "Organisation for Economic Co-operation and Development (OECD)"
    licence = oecd.LICENCE
    redistribution = "attribution"
    documentation = (
        "https://www.oecd.org/en/data/datasets/international-transport-and-insurance-costs-of-merchandise-trade.html"
    )
    covers = (
        "The cost of transport and insurance of an importer's goods from each exporter, all goods together, by year."
    )
    units = "Percent of the value of imports at CIF prices."
    forms = (
        "CSV of the service or of the Data Explorer, with or without labels, of the structure OECD.SDD.TPS:DSD_ITIC.",
    )
    tables = (Itic,)
    traps = (
        "The margin is a share of the CIF value: FOB is CIF times (1 - margin), not CIF divided by (1 + margin).",
        "Most figures are imputed by the OECD (status I), from distance and oil prices among others, not measured.",
        "Margins of single products are quarantined: a figure of two places has no product here.",
        "60 downloads an hour, those of the web pages included; callers through a VPN are refused.",
    )
    service = oecd.SERVICE

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """CSV of the structure DSD_ITIC. Raises LayoutChanged for another header, or a file a spreadsheet has damaged."""
        if not oecd.is_of(sniffed, "DSD_ITIC"):
            return None
        oecd.check_header(oecd.header_of(sniffed.lines[0]), _COLUMNS, _OPTIONAL, sniffed.filename)
        return Recognised("csv", "OECD, international transport and insurance costs of merchandise trade (ITIC)")

    def dataset(self, artifact: Artifact) -> Dataset:
        """The one table there is. Raises Unknown for another layout."""
        if artifact.layout != "csv":
            raise Unknown(f"{artifact.filename}: {self.id} knows no layout {artifact.layout!r}")
        return Dataset(Itic, (Conform(facts.PAIR, sql_beside(__name__, "pair.sql")),))

    def text(self, opened: Opened) -> str:
        """One figure a record, labels passed over. Raises LayoutChanged."""
        return oecd.text(opened.path, _COLUMNS, _OPTIONAL, opened.artifact.filename)

    def requests(self, ask: Ask) -> Iterator[Request]:
        """Margins of the importers asked for, by default China, Japan, South Korea, the United States and the EU's members.

        Without partners: from each other. Products are not asked for. Raises Unknown.
        """
        usual = ("CHN", "JPN", "KOR", "USA", *reference_files.members("EU27_2020"))
        importers, exporters = tuple(ask.reporters or usual), tuple(p for p in ask.partners or usual if p != "WLD")
        if not exporters:
            raise Unknown("margins are stated for pairs of economies, not with the world")
        reference_files.codes_of("oecd", (*importers, *exporters))
        context = {
            "first": str(ask.first), "last": str(ask.last), "importers": ",".join(importers), "exporters": ",".join(exporters),
        }  # fmt: skip
        yield oecd.constraint("OECD.SDD.TPS", _FLOW, tuple(context.items()))

    def judge(self, request: Request, answer: Sniffed) -> Judged:
        """When the dataflow was updated; or CSV of DSD_ITIC with records, each figure once. Raises a publisher's faults."""
        if dict(request.context).get("kind") == "constraint":
            return _led_by(request, oecd.updated(answer.text))
        return oecd.judge(request, answer, "DSD_ITIC", _COLUMNS, _OPTIONAL, (*_DIMENSIONS, "TIME_PERIOD"))

    def judge_status(self, request: Request, status: int, words: str) -> Judged | None:
        """404 where there is nothing, 403 to a VPN. Without a constraint the data are asked for all the same."""
        if dict(request.context).get("kind") == "constraint" and status in (400, 404, 406):
            return _led_by(request, None)
        return oecd.judge_status(request, status, words)


def _led_by(request: Request, stamp: str | None) -> Judged:
    """The requests for the data, a few importers at a time."""
    asked = dict(request.context)
    importers, exporters = asked["importers"].split(","), asked["exporters"].split(",")
    parts = [importers[n : n + _AT_ONCE] for n in range(0, len(importers), _AT_ONCE)]
    following = tuple(_data(asked, part, exporters, stamp) for part in parts)
    return Judged(rows=0, stamp=stamp, following=following, is_kept=False)


def _data(asked: dict[str, str], importers: Sequence[str], exporters: Sequence[str], stamp: str | None) -> Request:
    areas, others = ("+".join(reference_files.codes_of("oecd", places)) for places in (importers, exporters))
    return Request(
        path=f"/data/OECD.SDD.TPS,{_FLOW},1.1/{areas}.{others}.C_F.C._T.A.PT_IM_CIF",
        filename=f"DF_ITIC_{areas.replace('+', '-')}_{asked['first']}-{asked['last']}.csv",
        parameters=(
            ("startPeriod", asked["first"]), ("endPeriod", asked["last"]),
            ("dimensionAtObservation", "AllDimensions"), ("format", "csvfile"),
        ),
        accept="application/vnd.sdmx.data+csv, text/csv", stamp=stamp,
    )  # fmt: skip


SOURCE = OecdItic()
