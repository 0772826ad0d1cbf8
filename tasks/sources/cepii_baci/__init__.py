"""``cepii.baci``: BACI, bilateral trade reconciled by CEPII: one CSV file for each year, with eleven million rows.

The HS edition and the release of a file are only in its name (``files``), so a renamed file is refused. A release restates
the whole year: what it no longer has is gone. v is thousand USD, q metric tons.
"""

import re
from collections.abc import Iterator

from schemas.cepii import Baci
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import BulkPartition, Conform, Dataset, TypedReading
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, render_beside, sql_beside
from tasks.formats import csv_text
from tasks.sources.cepii_baci import files, service
from warehouse import sql
from warehouse.errors import Unknown

_ADDRESS = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"
#: A quantity that is not known, padded as the file pads its columns.
_NOT_KNOWN = re.compile(rb" *NA")
#: How much of a file is read to see how its columns are padded.
_HEAD = 1 << 16


class CepiiBaci(Source):
    """BACI, reconciled bilateral trade."""

    id = "cepii.baci"
    title = "BACI: international trade at the product level, reconciled"
    publisher = "Centre d'études prospectives et d'informations internationales (CEPII)"
    licence = "Etalab Open Licence 2.0; name CEPII and Gaulier and Zignago (2010), WP 2010-23"
    redistribution = "attribution"
    documentation = _ADDRESS
    covers = "Trade of every two economies in every HS6 product and year from 1995, reconciled from exporters' and importers' reports."
    units = "Thousand current US dollars, FOB, and metric tons; kept as dollars and kilograms, exactly."
    marks = ("t", "i", "j", "k", "v", "q")
    forms = (
        Form(
            "CSV named as CEPII names it (BACI_HS92_Y2023_V202501.csv) with the header t,i,j,k,v,q; also in the publisher's zip.",
            ("csv",),
            made=("csv",),
        ),
    )
    refused = (files.OF_BEFORE_VERSIONS,)
    encodings = None
    tables = (Baci,)
    traps = (
        "Versions must not be mixed: each revises all years, and the last year of a version is provisional.",
        "Edition, year and version are only in the file's name, so a renamed file is refused.",
        "The file has positive flows only: a missing row is zero or unknown.",
        "Country codes are Comtrade's (USA 842, Taiwan 490), and change between versions.",
        "A quantity that is not known is NA, padded with blanks.",
        "The lists of countries and products in the zip are not loaded; the one of V202301 has lost leading zeros.",
        "The zip of HS 1992 has 2.4 GB.",
    )
    service = Service("https://www.cepii.fr", interval_seconds=2, timeout_seconds=3600, is_large=True)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A CSV file with BACI's header and BACI's name. Raises LayoutChanged for the header without the name.

        Raises Unknown, naming them, for the lists and the readme that come with a release.
        """
        if sniffed.head.split(b"\n")[0].strip() != files.HEADER:
            if companion := files.describe_companion(sniffed):
                raise Unknown(f"BACI's {companion}")
            if files.is_of_before_versions(sniffed):
                raise files.OF_BEFORE_VERSIONS.fault(f"{self.id}, {sniffed.filename}")
            return None
        file = files.of_name(sniffed.filename)
        return Recognised("csv", file.title, f"V{file.stamp}")

    def dataset(self, artifact: Artifact) -> Dataset:
        """The file of a year, for tracing."""
        file = files.of_name(artifact.filename)
        conform = render_beside(
            __name__, "trade.sql", dataset=file.dataset, classification=file.classification, title=file.title,
            address=_ADDRESS, published_on=file.published_on,
        )  # fmt: skip
        return Dataset(Baci, (Conform(facts.TRADE, conform),), coded=("t", "i", "j", "k"))

    def text(self, opened: Opened) -> str:
        """Records as text without padding; NA is NULL. A record with too few or too many fields is set aside."""
        records = csv_text.relation(opened.path, quote="", sets_aside=True)
        return f"(SELECT t, i, j, k, trim(v) AS v, nullif(trim(q), 'NA') AS q FROM {records})"

    def typed_reading(self, opened: Opened) -> TypedReading | None:
        """Typed columns. How wide the columns are padded differs from file to file, and so does NA with its blanks."""
        with opened.path.open("rb") as file:
            head = file.read(_HEAD)
        if head.split(b"\n")[0] != files.HEADER:
            return None
        not_known = sorted({b"NA", *_NOT_KNOWN.findall(head)})
        types = {**dict.fromkeys("tijkvq", "DECIMAL(14,3)"), "k": "VARCHAR"}
        classification = files.of_name(opened.artifact.filename).classification
        return TypedReading(
            csv_text.relation(opened.path, types, quote="", missing=[mark.decode() for mark in not_known]),
            marks=b",\n NA", decimals=3, code=3,
            known=f"SELECT product FROM ref.product WHERE classification = {sql.quoted(classification)}",
        )  # fmt: skip

    def bulk_partition(self, artifact: Artifact) -> BulkPartition:
        """Integer keys for codes; thousand dollars to dollars and tons to kilograms, exactly."""
        file = files.of_name(artifact.filename)
        return BulkPartition(
            dataset=file.dataset,
            partition=f"{file.dataset}.{file.year}",
            published_on=file.published_on,
            published_precision="month",
            slice={
                "flow": "export", "valuation": "FOB", "basis": None, "classification": file.classification, "freq": "A",
                "period": str(file.year), "currency": "USD", "quantity_unit": None,
            },
            columns={
                "reporter_key": "i.place_key", "partner_key": "j.place_key", "product_number": "p.product_number",
                "value": "s.v * 1000::DECIMAL(4, 0)", "net_weight_kg": "s.q * 1000::DECIMAL(4, 0)",
            },
            joins=sql_beside(__name__, "joins.sql"),
            conflicts=sql_beside(__name__, "conflicts.sql"),
            constants={"t": file.year},
            prepare=(render_beside(__name__, "keys.sql", classification=file.classification),),
            citation=("CEPII", file.title, _ADDRESS),
        )  # fmt: skip

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The page of BACI, which leads to one zip with all years."""
        return service.requests(selection)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """The page, or the zip; see service.judge."""
        return service.judge(request, answer)


SOURCE = CepiiBaci()
