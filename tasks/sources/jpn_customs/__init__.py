"""``jpn.customs``: the Trade Statistics of Japan, by Japan Customs.

Three layouts: time series (``series``), commodity tables with nine-digit codes (``commodities``), and ``copy``: Japan's
trade with China by month in a third party's copy of a time series (tasks.sources._shared.china_copies).

Nine-digit codes are new every year, and differ between exports and imports: they are kept in classifications of their
own, ``JPHS2026X`` and ``JPHS2026M``. Their first six digits are HS, in the edition Japan applied in that year.
"""

from collections.abc import Iterator

from schemas.jpn_customs import Commodity, CommodityByCountry, Series
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Request, Scope, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, render_beside
from tasks.formats.layout import layout_errors
from tasks.sources._shared import china_copies
from tasks.sources.jpn_customs import commodities, series, service, stages
from warehouse.errors import Unknown

_COPY_HEADER = "Date;Exports;Imports"
#: SQL of a row's classification: nine-digit codes are those of one year and direction.
_CLASSIFICATION = "'JPHS' || a.statistical_year || CASE a.exp_or_imp WHEN '1' THEN 'X' ELSE 'M' END"


class JpnCustoms(Source):
    """Japan Customs."""

    id = "jpn.customs"
    title = "Trade Statistics of Japan"
    publisher = "Ministry of Finance Japan (Japan Customs)"
    licence = "Terms of use of the Trade Statistics of Japan: free to use with the source named; name what was edited"
    redistribution = "attribution"
    documentation = "https://www.customs.go.jp/toukei/info/tsdl_e.htm"
    covers = "Japan's exports and imports: totals by month from 1979, and nine-digit commodities by country and month from 1988."
    units = "Thousand yen, kept in yen; exports FOB, imports CIF; quantities in Japan Customs' units, weights also in kilograms."
    marks = (
        "Years/Months",
        "Exp-Total",
        "Imp-Total",
        "Exp or Imp",
        "Unit1",
        "Unit2",
        "Quantity1-Year",
        "Value-Year",
        "Custom",
    )
    forms = (
        Form(
            "Time series as CSV in CP932: Years/Months, Exp-Total, Imp-Total, below a title that names the area. Areas that are not known are quarantined by name, unless vocabulary/place_codes.csv of the home folder says which place they are: scheme jpn_customs_area, the title or the words behind Exp- and Imp- as code.",
            ("series",),
            made=("series",),
        ),
        Form(
            "Nine-digit commodities, with or without country, as CSV that begins with Exp or Imp.",
            ("commodity*",),
            made=("commodity*",),
        ),
        Form(
            "A collector's copy of the time series of trade with China, by its columns and its name, japan-china-trade-data.csv.",
            ("copy",),
        ),
    )
    refused = (commodities.BY_OFFICE,)
    encodings = None
    tables = (Series, Commodity, CommodityByCountry)
    traps = (
        "Months to come are printed as 0: they are not published, not nil.",
        "Nine-digit codes are new every year and differ between exports and imports; only the first six digits are HS.",
        "The stage of release (速報, 9桁速報, 確報, 確々報, 確定) is in the title of the page, not in the file.",
        "Country codes are Japan's own three digits: China is 105, South Korea 103, the United States 304.",
        "The files of a year are cumulative: each month's file restates the months before it.",
        "Tables by customs office are not loaded: they would repeat the national figures.",
    )
    service = Service(url="https://www.e-stat.go.jp", interval_seconds=2, headers=(("User-Agent", "Mozilla/5.0"),))

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """A time series, a commodity table or the copy. Raises LayoutChanged for one with other columns."""
        if sniffed.kind != "text" or not sniffed.lines:
            return None
        if china_copies.is_copy(sniffed, _COPY_HEADER, "japan"):
            return Recognised("copy", "Japan's trade with China by month, a copy of the time series")
        if commodities.is_table(sniffed.lines[0]):
            layout = commodities.layout_of(sniffed.lines[0], sniffed.filename)
            words = f"Trade Statistics of Japan, {layout.replace('_', ' ')}"
            return Recognised(layout, words, stages.stamp(sniffed.filename))
        title = series.title_of(sniffed)
        return Recognised("series", f"Trade Statistics of Japan, time series: {title}") if title else None

    def dataset(self, artifact: Artifact) -> Dataset:
        """The table of the artifact's layout. Raises Unknown."""
        if artifact.layout in ("series", "copy"):
            is_copy = artifact.layout == "copy"
            address, seen_via = (china_copies.ADDRESS, china_copies.SEEN_VIA) if is_copy else (series.PAGE, None)
            query = render_beside(__name__, "series.sql", address=address, seen_via=seen_via)
            return Dataset(Series, (Conform(facts.TRADE, query),))
        if artifact.layout in commodities.LAYOUTS:
            return _commodity_dataset(artifact)
        raise Unknown(f"{self.id} has no layout {artifact.layout!r}: {artifact.filename}")

    def text(self, opened: Opened) -> str:
        """One row per month and figure; for commodities one row per record and month."""
        with layout_errors(opened.artifact.filename):
            if opened.artifact.layout == "copy":
                return opened.table(series.COLUMNS, series.rows_of_copy(opened.path))
            if opened.artifact.layout == "series":
                return opened.table(series.COLUMNS, series.rows(opened.path, opened.artifact.filename))
            return commodities.relation(opened)

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The page that lists the time series, and those that list the commodity-by-country files."""
        return service.requests(selection)

    def scope(self, request: Request) -> Scope:
        """Japan, and the year of a table; see service.scope."""
        return service.scope(request)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """A list leads to the newest page of each year, that to its files; see service.judge."""
        return service.judge(request, answer)


def _commodity_dataset(artifact: Artifact) -> Dataset:
    by_country = artifact.layout == "commodity_by_country"
    date = stages.DATE.search(artifact.publisher_stamp or "")
    query = render_beside(
        __name__,
        "commodity.sql",
        dataset=f"jpn.customs.{artifact.layout}",
        by_country=by_country,
        classification=_CLASSIFICATION,
        published_on=date[1] if date else None,
    )
    products = render_beside(__name__, "products.sql", classification=_CLASSIFICATION)
    schema = CommodityByCountry if by_country else Commodity
    return Dataset(schema, (Conform(facts.TRADE, query),), prepare=(products,))


SOURCE = JpnCustoms()
