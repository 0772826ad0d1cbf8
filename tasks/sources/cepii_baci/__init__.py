"""``cepii.baci``: BACI, bilateral trade reconciled by CEPII, one CSV file a year of eleven million rows.

Format: http://www.cepii.fr/DATA_DOWNLOAD/baci/doc/baci_webpage.html. The file does not say which HS edition and
which release it belongs to; its name does (``BACI_HS92_Y2023_V202501.csv``), so a renamed file is refused.
A release restates the whole year: what it no longer has is gone. v is thousand USD, q metric tons.
"""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schemas.cepii import Baci
from tasks.archive import containers
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import CODES, Conform, Dataset, Keyed, Plain
from tasks.contract.service import Request, Selection, Service, ValidAnswer
from tasks.contract.source import Recognised, Source
from tasks.formats import csv_text
from warehouse import sql
from warehouse.errors import ArchiveRefused, EmptyAnswer, LayoutChanged, NotData, Unknown

_NAME = re.compile(r"BACI_HS(?P<edition>92|96|02|07|12|17|22)_Y(?P<year>\d{4})_V(?P<stamp>\d{6})\.csv$")
_HEADER = b"t,i,j,k,v,q"
_NOTHING = re.compile(rb" *NA")
#: Headers of the lists of countries that come with a release, older and newer; of products, which has a third column
#: in a copy.
_COUNTRIES = (
    "country_code,country_name_abbreviation,country_name_full,iso_2digit_alpha,iso_3digit_alpha",
    "country_code,country_name,country_iso2,country_iso3",
)
_PRODUCTS = ("code,description", "code,description,bec")
_README = re.compile(r"(Name of the dataset : )?BACI\s+Version ?: ?(?P<stamp>\d{6})")
#: The first year of each HS edition's files: one is asked for that begins no later than the question, the newest such.
_FIRST_YEARS = {"22": 2022, "17": 2017, "12": 2012, "07": 2007, "02": 2002, "96": 1996, "92": 1995}
_PAGE = "/CEPII/en/bdd_modele/bdd_modele_item.asp"
_ZIP = re.compile(r"BACI_HS(?P<edition>\d{2})_V(?P<stamp>\d{6})\.zip")

#: Conformed in the warehouse's words, for tracing single figures; loading goes through ``keyed``.
_CONFORM = """
    SELECT a.row_number, '{dataset}' AS dataset, i.place AS reporter, j.place AS partner, 'export' AS flow, 'FOB' AS valuation,
        CAST(NULL AS VARCHAR) AS basis, '{classification}' AS classification, a.k AS product, 'A' AS freq,
        CAST(a.t AS VARCHAR) AS period, CAST(a.v * 1000::DECIMAL(4, 0) AS DECIMAL(18, 3)) AS value, 'USD' AS currency,
        CAST(NULL AS DECIMAL(18, 3)) AS quantity, CAST(NULL AS VARCHAR) AS quantity_unit,
        CAST(a.q * 1000::DECIMAL(4, 0) AS DECIMAL(18, 3)) AS net_weight_kg, 'A' AS obs_status,
        'CEPII' AS publisher, '{title}' AS title, '{address}' AS address, DATE '{published}' AS published_on,
        'month' AS published_precision, CAST(NULL AS VARCHAR) AS seen_via, CAST(NULL AS VARCHAR) AS note
    FROM accepted AS a
    JOIN ref.place_code AS ci ON ci.scheme = 'baci' AND ci.code = a.i::VARCHAR JOIN ref.place AS i ON i.place = ci.place
    JOIN ref.place_code AS cj ON cj.scheme = 'baci' AND cj.code = a.j::VARCHAR JOIN ref.place AS j ON j.place = cj.place
"""
_ADDRESS = "https://www.cepii.fr/CEPII/en/bdd_modele/bdd_modele_item.asp?id=37"


@dataclass(frozen=True)
class _File:
    """What the name of a BACI file says."""

    edition: str
    year: int
    stamp: str

    @property
    def classification(self) -> str:
        """The HS edition, as the warehouse names it."""
        return f"HS{'19' if self.edition in ('92', '96') else '20'}{self.edition}"

    @property
    def dataset(self) -> str:
        """The publication line: each HS edition is one."""
        return f"cepii.baci.hs{self.edition}"

    @property
    def published_on(self) -> date:
        """Last day of the month of the release."""
        year, month = int(self.stamp[:4]), int(self.stamp[4:])
        return date(year, month, calendar.monthrange(year, month)[1])

    @property
    def title(self) -> str:
        """Title for citations."""
        return f"BACI, HS {self.classification[2:]}, version V{self.stamp}, {self.year} (Gaulier and Zignago 2010)"


def _beside_figures(sniffed: Sniffed) -> str | None:
    """What a file is that comes with a release and is not loaded; None for all others."""
    if sniffed.kind != "text" or not sniffed.lines:
        return None
    lines = [line.lstrip("\ufeff").replace('"', "").strip() for line in sniffed.lines[:20]]
    if lines[0] in _COUNTRIES:
        return "list of countries: not loaded, the warehouse has these codes (ref.place_code, scheme baci)"
    if lines[0] in _PRODUCTS and all(re.match(r"\d{5,6},", line) for line in lines[1:]):
        return "list of products: not loaded, the warehouse has these codes (ref.product)"
    if found := _README.match(sniffed.text.lstrip("\ufeff")):
        return f"readme of version V{found['stamp']}: no figures"
    return None


def _edition(first: int) -> str:
    """The newest HS edition whose files begin by a year; the oldest for years before all."""
    return next((edition for edition, begins in _FIRST_YEARS.items() if begins <= first), "92")


def _judge_page(request: Request, answer: Sniffed) -> ValidAnswer:
    edition = dict(request.context)["edition"]
    text = answer.path.read_text(encoding="utf-8", errors="replace")
    stamps = [m["stamp"] for m in _ZIP.finditer(text) if m["edition"] == edition]
    if not stamps:
        raise LayoutChanged(f"cepii.baci, {request.path}: the page links no BACI_HS{edition}_V….zip")
    name, context = f"BACI_HS{edition}_V{max(stamps)}.zip", (("edition", edition), ("stamp", max(stamps)))
    following = Request(f"/DATA_DOWNLOAD/baci/data/{name}", name, accept="application/zip", context=context)
    return ValidAnswer(len(stamps), max(stamps), (following,), is_kept=False)


def _judge_zip(request: Request, answer: Sniffed) -> ValidAnswer:
    where, asked = f"cepii.baci, {request.path}", dict(request.context)
    if answer.kind != "zip":
        raise NotData(f"{where}: {answer.kind} came instead of a zip")
    try:
        names = [m.name for m in containers.members(answer.path, request.filename)]
    except ArchiveRefused as fault:
        raise NotData(f"{where}: {fault}") from fault
    years = [found for name in names if (found := _NAME.search(name))]
    if not years:
        raise EmptyAnswer(f"{where}: no year's file in the zip")
    if other := [y[0] for y in years if (y["edition"], y["stamp"]) != (asked["edition"], asked["stamp"])]:
        raise LayoutChanged(f"{where}: {other[0]} is of another edition or version than the zip")
    return ValidAnswer(len(years), f"V{asked['stamp']}")


def _file(filename: str) -> _File:
    found = _NAME.search(filename)
    if not found or not 1 <= int(found["stamp"][4:]) <= 12:
        raise LayoutChanged(
            f"{filename}: BACI's columns, but the name does not say HS edition, year and release as in "
            "BACI_HS92_Y2023_V202501.csv"
        )
    return _File(found["edition"], int(found["year"]), found["stamp"])


class CepiiBaci(Source):
    """BACI."""

    id = "cepii.baci"
    title = "BACI: international trade at the product level, reconciled"
    publisher = "Centre d'études prospectives et d'informations internationales (CEPII)"
    licence = "Etalab Open Licence 2.0; name CEPII and Gaulier and Zignago (2010), WP 2010-23"
    redistribution = "attribution"
    documentation = _ADDRESS
    covers = "Trade of every two economies in every HS6 product and year from 1995, exporters' and importers' reports reconciled."
    units = "Thousand current US dollars, FOB, and metric tons; kept as dollars and kilograms, exactly."
    forms = (
        "CSV named as CEPII names it (BACI_HS92_Y2023_V202501.csv) with the header t,i,j,k,v,q; also in the publisher's zip.",
    )
    tables = (Baci,)
    traps = (
        "Versions must not be mixed: each revises all years, and the last year of a version is provisional.",
        "The file does not say its edition, year and version; its name does, so a renamed file is refused.",
        "Only positive flows are in the file: a missing row is zero or unknown.",
        "Country codes are Comtrade's (USA 842, Taiwan 490), and change between versions.",
        "A quantity that is not known is NA, padded with blanks.",
        "The lists of countries and products in the zip are not loaded; the one of V202301 has lost leading zeros.",
        "The zip of HS 1992 has 2.4 GB.",
    )
    service = Service("https://www.cepii.fr", interval_seconds=2, timeout_seconds=3600, is_large=True)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A CSV file with BACI's header and BACI's name. Raises LayoutChanged for the header without the name.

        Raises Unknown, saying what it is, for the lists and the readme that come with a release.
        """
        if sniffed.head.split(b"\n")[0].strip() != _HEADER:
            if told := _beside_figures(sniffed):
                raise Unknown(f"BACI's {told}")
            return None
        file = _file(sniffed.filename)
        return Recognised("csv", file.title, f"V{file.stamp}")

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The data set's page, which links the zips of the newest version; what it leads to is one zip with all years."""
        if selection.last >= min(_FIRST_YEARS.values()):
            context = (("edition", _edition(selection.first)),)
            yield Request(_PAGE, "baci_page.html", (("id", "37"),), accept="text/html", context=context)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """The page leads to the newest version's zip; the zip must have that version's years in it."""
        if request.path == _PAGE:
            return _judge_page(request, answer)
        return _judge_zip(request, answer)

    def dataset(self, artifact: Artifact) -> Dataset:
        """The year's file, for tracing."""
        file = _file(artifact.filename)
        conform = _CONFORM.format(
            dataset=file.dataset, classification=file.classification, title=file.title, address=_ADDRESS,
            published=file.published_on,
        )  # fmt: skip
        return Dataset(Baci, (Conform(facts.TRADE, conform),), coded=("t", "i", "j", "k"))

    def text(self, opened: Opened) -> str:
        """Records as text, padding removed; NA is nothing. A record with too few or too many fields is set aside."""
        records = csv_text.relation(opened.path, quote="", sets_aside=True)
        return f"(SELECT t, i, j, k, trim(v) AS v, nullif(trim(q), 'NA') AS q FROM {records})"

    def plain(self, opened: Opened) -> Plain | None:
        """Typed. The columns are padded to a width that differs from file to file, and with them the marks of nothing."""
        with opened.path.open("rb") as file:
            head = file.read(1 << 16)
        if head.split(b"\n")[0] != _HEADER:
            return None
        marks = sorted({b"NA", *_NOTHING.findall(head)})
        types = {**dict.fromkeys("tijkvq", "DECIMAL(14,3)"), "k": CODES}
        return Plain(
            csv_text.relation(opened.path, types, quote="", missing=[mark.decode() for mark in marks]),
            marks=b",\n NA", decimals=3, code=3,
            known=f"SELECT product FROM ref.product WHERE classification = {sql.quoted(_file(opened.artifact.filename).classification)}",
        )  # fmt: skip

    def keyed(self, artifact: Artifact) -> Keyed:
        """Integer keys for codes; thousand dollars to dollars and tons to kilograms, exactly."""
        file = _file(artifact.filename)
        classification = sql.quoted(file.classification)
        return Keyed(
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
            joins="JOIN baci_place AS i ON i.code = s.i JOIN baci_place AS j ON j.code = s.j JOIN baci_product AS p ON p.product = s.k",
            conflicts="SELECT string_agg(code::VARCHAR, ', ' ORDER BY code) FROM baci_place WHERE code IN "
            "(SELECT DISTINCT i FROM accepted UNION SELECT DISTINCT j FROM accepted) GROUP BY place_key HAVING count(*) > 1",
            constants={"t": file.year},
            prepare=(
                "CREATE OR REPLACE TEMP TABLE baci_place AS SELECT CAST(c.code AS INTEGER) AS code, p.place_key "
                "FROM ref.place_code AS c JOIN ref.place AS p USING (place) WHERE c.scheme = 'baci'",
                f"CREATE OR REPLACE TEMP TABLE baci_product AS SELECT {classification} AS classification, k, k::VARCHAR AS product "
                "FROM (SELECT DISTINCT k FROM accepted)",
                # Products of a release that no code list has named yet are kept under their code.
                "INSERT INTO ref.product SELECT d.classification, d.product, (SELECT coalesce(max(product_key), 0) FROM ref.product) "
                "+ row_number() OVER (ORDER BY d.product), 6, NULL, 'HS ' || d.product FROM baci_product AS d "
                "WHERE NOT EXISTS (FROM ref.product AS p WHERE p.classification = d.classification AND p.product = d.product)",
                "INSERT INTO core.trade_product SELECT (SELECT coalesce(max(product_number), 0) FROM core.trade_product) "
                "+ row_number() OVER (ORDER BY p.product), p.classification, p.product, p.name FROM baci_product AS d "
                "JOIN ref.product AS p USING (classification, product) "
                "WHERE NOT EXISTS (FROM core.trade_product AS n WHERE n.classification = p.classification AND n.product = p.product)",
                "CREATE OR REPLACE TEMP TABLE baci_product AS SELECT d.k AS product, p.product_number "
                "FROM baci_product AS d JOIN core.trade_product AS p USING (classification, product)",
            ),
            citation=("CEPII", file.title, _ADDRESS),
        )  # fmt: skip


SOURCE = CepiiBaci()
