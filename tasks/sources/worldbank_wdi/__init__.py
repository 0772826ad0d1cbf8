"""``worldbank.wdi``: the World Bank's World Development Indicators, from its service, its files and copies of them.

Every series goes to ``mart.indicator_figures`` but two: net inflows and outflows of direct investment are balance-of-payments
flows and go to ``mart.fdi_figures``, where analysts look for them. Which series is which indicator, in which unit, is in
``warehouse/reference/indicator_codes.csv``; a series without a row there is quarantined by the rule that names its code.
``currencies.csv`` says which currency a place's LCU is.
"""

import csv
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import chain, islice

from schemas.worldbank import Wdi
from tasks.archive.sniff import Sniffed, sniff
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, render_beside
from tasks.formats.layout import errors_naming
from tasks.sources._shared.tables import rows_beside
from tasks.sources.worldbank_wdi import answers, markup, service, tables
from tasks.sources.worldbank_wdi.answers import Answer
from tasks.sources.worldbank_wdi.tables import Row
from warehouse.errors import LayoutChanged

#: Layouts that do not say of which edition they are. Each is a dataset of its own: a copy of unknown age must not revise
#: what an edition says, nor what another copy says.
_UNDATED = {
    "bulk, undated": "worldbank.wdi.undated.bulk",
    "r": "worldbank.wdi.undated.r",
    "answer's rows, undated": "worldbank.wdi.undated.answer",
    "xml, undated": "worldbank.wdi.undated.xml",
}
#: A DataBank extract as a workbook.
_DATABANK_WORKBOOK = "databank workbook"
#: An answer of the service without format=json.
_XML_ANSWER = "answer as XML"
#: What every answer of the service has in its first bytes.
_MARKS = ('"countryiso3code"', '"lastupdated"', '"message"', '"variable"')


class WorldBankWdi(Source):
    """World Development Indicators."""

    id = "worldbank.wdi"
    title = "World Development Indicators"
    publisher = "World Bank"
    licence = "CC BY 4.0; name the World Bank, World Development Indicators"
    redistribution = "attribution"
    documentation = "https://datahelpdesk.worldbank.org/knowledgebase/articles/889392"
    covers = (
        "About 1,600 yearly series of 217 economies and 79 aggregates since 1960: GDP, population, direct investment, "
        "trade of goods and services, exchange rates, railways. Without names given, fourteen series of China, Japan, South "
        "Korea, Hong Kong, the United States, the European Union and its members, and the world are pulled; --product names "
        "others by the World Bank's code, and CODE@201804 or CODE@all earlier editions."
    )
    units = (
        "Plain units of what the name of the series says; nothing is in thousands or millions. Exchange rates are units of "
        "the place's currency for one US dollar."
    )
    marks = (
        "Country Name",
        "Country Code",
        "Indicator Name",
        "Indicator Code",
        "Series Name",
        "Series Code",
        "countryiso3code",
        "indicator",
        "lastupdated",
    )
    forms = (
        Form(
            "Answers of the Indicators API v2, JSON or XML, of the JSON also the records alone; of several pages each is a part.",
            ("answer", "answers", "answer of the archives", "answer's rows, undated", "answer as XML"),
            made=("answer of the archives", "answer as XML"),
        ),
        Form(
            "Bulk CSV and xls, also zipped, with and without the lines above the header.",
            ("bulk", "bulk, undated", "xls"),
        ),
        Form(
            "Extracts of DataBank, CSV or xlsx (sheet Data) with two lines below the table, whichever of years, series and economies are the columns.",
            ("databank", "databank, turned", "databank workbook"),
            made=("databank, turned", "databank workbook"),
        ),
        Form(
            "XML of data.worldbank.org's downloads (API_..._en_xml_v2), which states no day.",
            ("xml, undated",),
            made=("xml, undated",),
        ),
        Form("Copies in long form: country, code, year, value, if they say which series.", ("r",)),
    )
    refused = (tables.NOTES, tables.SERIES_UNKNOWN, tables.OTHER_DATABASES)
    tables = (Wdi,)
    traps = (
        "An error comes with status 200, as [{\"message\": …}].",
        "79 of the 296 countries are aggregates, such as WLD and WB_LCN: never add them to economies.",
        "Income groups have no three-letter code in answers, only a two-character one.",
        "The code of a series stays when its base year moves: constant prices and PPP of different years have different units here.",
        "The European Union of an edition is that of its day: EU28 in 2018, EU27_2020 since; copies that do not say their day have WB_EUU.",
        "The last column of a bulk table has no name and no figures, and an extract of DataBank ends in two lines that are not rows.",
        "NA is Namibia, and also what R writes for a blank.",
        "Net inflows and outflows of direct investment are liabilities and assets of the balance of payments, in mart.fdi_figures.",
        "A copy without the World Bank's headings does not say its edition: it is kept apart, in a dataset worldbank.wdi.undated.….",
        "Values have up to 18 digits from the World Bank's arithmetic; they are kept to fifteen decimals (investment to six), and as printed beside.",
        "A figure that the World Bank takes back is blank in the next edition: where that is a bulk table, the figure is gone from its day on.",
        "Rates of a currency that the table of currencies does not know are in LCU per USD and convert nothing.",
    )  # fmt: skip
    service = Service(url="https://api.worldbank.org/v2", interval_seconds=0.5, timeout_seconds=120)

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A table with the World Bank's columns, or an answer of its service.

        Raises LayoutChanged for one that is almost that, ErrorInBody and others for an answer without figures.
        """
        with errors_naming(sniffed.filename):
            if sniffed.kind == "text":
                return _recognised_csv(sniffed)
            if sniffed.kind in ("xls", "xlsx"):
                return _recognised_workbook(sniffed)
            if sniffed.kind == "xml":
                return _recognised_xml(sniffed)
            if sniffed.kind == "json" and any(mark in sniffed.text for mark in _MARKS):
                return _recognised_answer(sniffed)
        return None

    def dataset(self, artifact: Artifact) -> Dataset:
        """One table, of which two series go to mart.fdi_figures."""
        return _dataset(_UNDATED.get(artifact.layout or "", "worldbank.wdi"))

    def text(self, opened: Opened) -> str:
        """One record per figure that is printed. Raises LayoutChanged, and the faults of an answer."""
        layout = opened.artifact.layout or ""
        with errors_naming(opened.artifact.filename):
            rows = _rows(opened, layout)
            return opened.table(tables.COLUMNS, rows)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """One request per series, for all places together."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """The years, places and series of a request; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """The first page leads to the others, the index to the versions; see service.judge."""
        return service.judge(request, answer)


@cache
def _dataset(name: str = "worldbank.wdi") -> Dataset:
    figure = render_beside(__name__, "figure.sql", dataset=name, currencies=rows_beside(__name__, "currencies.csv"))
    return Dataset(
        Wdi,
        (
            Conform(facts.INDICATOR, render_beside(__name__, "indicator.sql", figure=figure)),
            Conform(facts.FDI, render_beside(__name__, "fdi.sql", figure=figure)),
        ),
        states_blanks=True,
    )


def _recognised(layout: str, day: str | None, remark: str = "") -> Recognised:
    return Recognised(layout, f"World Development Indicators, {layout}, {day or 'no date'}{remark}", day)


def _recognised_as_answer(layout: str, answer: Answer) -> Recognised:
    is_part = answer.pages > 1
    part = f"; a part: page {answer.page} of {answer.pages}, the others have the rest of its figures" if is_part else ""
    return _recognised(layout, answer.updated, part)


def _recognised_xml(sniffed: Sniffed) -> Recognised | None:
    form = markup.form(sniffed.text[:2000])
    if form is None:
        return None
    if form == "answer":
        return _recognised_as_answer(_XML_ANSWER, answers.read(markup.answer(sniffed.path)))
    return _recognised("xml, undated", None)


def _recognised_csv(sniffed: Sniffed) -> Recognised | None:
    heading = tables.heading_of(islice(csv.reader(sniffed.lines), 8))
    if heading is None:
        return None
    is_databank = heading.layout in tables.DATABANK_LAYOUTS
    updated = tables.databank_day(tables.csv_records(sniffed.path)) if is_databank else heading.updated
    return _recognised(heading.layout, str(updated) if updated else None)


def _recognised_workbook(sniffed: Sniffed) -> Recognised | None:
    heading = tables.heading_of(sniffed.sheets.get("Data", []))
    if heading is None:
        return None
    if heading.layout in tables.DATABANK_LAYOUTS:
        return _recognised(_DATABANK_WORKBOOK, str(tables.databank_day(tables.xls_records(sniffed.path))))
    if heading.layout != "bulk":
        raise LayoutChanged("a World Bank workbook without its day of update")
    return _recognised("xls", str(heading.updated))


def _recognised_answer(sniffed: Sniffed) -> Recognised | None:
    body = sniffed.json
    if kept := answers.responses(body):
        return _recognised("answers", max(answers.read(one).updated or "" for one in kept))
    if isinstance(body, dict):
        if not isinstance(body.get("source"), dict | list) or "per_page" not in body:
            return None
        answer = answers.read_archives(body)
        newest = answers.last_day(max(row["Version"] for row in answer.rows))
        return _recognised_as_answer("answer of the archives", replace(answer, updated=newest))
    if answers.is_figures(body):
        return _recognised("answer's rows, undated", None)
    if answers.is_error(body) or (isinstance(body, list) and len(body) == 2 and isinstance(body[0], dict)):
        if not answers.is_error(body) and "per_page" not in body[0]:
            return None
        return _recognised_as_answer("answer", answers.read(body))
    return None


def _rows(opened: Opened, layout: str) -> Iterator[Row]:
    if layout == "xml, undated":
        return markup.figures(opened.path)
    return _rows_of_answer(opened, layout) if layout.startswith("answer") else _rows_of_table(opened, layout)


def _rows_of_answer(opened: Opened, layout: str) -> Iterator[Row]:
    body = markup.answer(opened.path) if layout == _XML_ANSWER else sniff(opened.path, opened.artifact.filename).json
    if layout == "answer of the archives":
        return answers.archived_figures(answers.read_archives(body))
    if layout == "answers":
        return chain.from_iterable(answers.figures(answers.read(one)) for one in answers.responses(body))
    if layout == "answer's rows, undated":
        return answers.figures(Answer(body))
    return answers.figures(answers.read(body))


def _rows_of_table(opened: Opened, layout: str) -> Iterator[Row]:
    records = tables.xls_records if layout in ("xls", _DATABANK_WORKBOOK) else tables.csv_records
    heading = tables.heading_of(records(opened.path))
    if heading is None:
        raise LayoutChanged("the table does not have the World Bank's columns")
    updated = (
        tables.databank_day(records(opened.path)) if heading.layout in tables.DATABANK_LAYOUTS else heading.updated
    )
    return tables.rows(records(opened.path), heading, updated)


SOURCE = WorldBankWdi()
