"""The answers of publishers' services that the campaign makes faulty: for each source a request as the source makes it, the figures
that it asks for, and how the publisher writes them.

The figures are of the size of the publisher's own, so that a scale that is wrong can be seen.
"""

import csv
import io
import json
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import py7zr

from tasks import sources
from tasks.contract.service import Request, Selection
from tasks.contract.source import Source
from tests.support.workbooks import workbook_bytes
from tests.tasks.sources import test_jpn_customs, test_uncomtrade, test_unctad_fdi


@dataclass(frozen=True)
class Figure:
    """One figure as a publisher states it: its codes and value as printed. None: the publisher has no such field."""

    period: str
    place: str
    value: str
    partner: str | None = None
    subject: str | None = None
    name: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Asked:
    """A request, the figures of its true answer, and the publisher's way to write an answer.

    ``other_place`` is the publisher's code of a place that was not asked for. ``has_rows``: a cell may be stated twice, which one in a
    cube or a printed table cannot.
    """

    source: Source
    request: Request
    figures: tuple[Figure, ...]
    write: Callable[[Sequence[Figure]], bytes]
    other_place: str | None
    may_be_negative: bool = False
    has_rows: bool = True

    def answer(self, figures: Sequence[Figure] | None = None) -> bytes:
        """The bytes of an answer with these figures, or with the true ones."""
        return self.write(self.figures if figures is None else figures)


def _series(years: Iterable[str], values: Iterable[str], **fixed: str) -> list[Figure]:
    return [Figure(period=year, value=value, **fixed) for year, value in zip(years, values, strict=True)]


_YEARS = ("2015", "2016", "2017", "2018")


def _table(
    columns: Sequence[str], row: Callable[[Figure], dict[str, str | None]]
) -> Callable[[Sequence[Figure]], bytes]:
    """A writer of CSV: ``row`` gives the cells that are not empty."""

    def write(figures: Sequence[Figure]) -> bytes:
        text = io.StringIO()
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row(figure) for figure in figures)
        return text.getvalue().encode()

    return write


_MARK = "\u0001"


def _json(body: Any) -> bytes:
    """JSON in which texts between marks are numbers as printed."""
    return (
        json.dumps(body, ensure_ascii=False)
        .replace(f'"{json.dumps(_MARK)[1:-1]}', "")
        .replace(f'{json.dumps(_MARK)[1:-1]}"', "")
        .encode()
    )


def _number(printed: str) -> str | None:
    return f"{_MARK}{printed}{_MARK}" if printed else None


# -- the World Bank ------------------------------------------------------------------------------------------


def _world_bank() -> Asked:
    source = sources.get("worldbank.wdi")
    (request,) = source.requests(Selection(2015, 2018, ("CHN", "JPN"), products=("NY.GDP.MKTP.CD",)))
    figures = [
        *_series(
            _YEARS,
            ("11061553079876.4", "11233276536744.7", "12310409370894.2", "13894817110036.3"),
            place="CHN",
            name="China",
        ),
        *_series(
            _YEARS,
            ("4444930651964.18", "5003677627544.24", "4930837369151.42", "5040880939324.86"),
            place="JPN",
            name="Japan",
        ),
    ]

    def write(stated: Sequence[Figure]) -> bytes:
        two = {"CHN": "CN", "JPN": "JP", "FRA": "FR"}
        header = {
            "page": 1,
            "pages": 1,
            "per_page": "20000",
            "total": len(stated),
            "sourceid": "2",
            "lastupdated": "2026-07-01",
        }
        rows = [
            {
                "indicator": {"id": "NY.GDP.MKTP.CD", "value": f.unit or "GDP (current US$)"},
                "country": {"id": two[f.place], "value": f.name}, "countryiso3code": f.place, "date": f.period,
                "value": _number(f.value), "unit": "", "obs_status": "", "decimal": 0,
            }
            for f in stated
        ]  # fmt: skip
        return _json([header, rows])

    return Asked(source, request, tuple(figures), write, "FRA")


# -- UN Comtrade ---------------------------------------------------------------------------------------------


def _comtrade() -> Asked:
    source = sources.get("uncomtrade")
    request = Request(
        "/public/v1/preview/C/A/HS", "comtrade.json",
        (("reporterCode", "156"), ("period", "2016"), ("partnerCode", "392,842"), ("cmdCode", "TOTAL"), ("flowCode", "M,X")),
        stamp="s1",
    )  # fmt: skip
    figures = [
        Figure("2016", "156", value, partner, subject=flow, name=name)
        for partner, name, flow, value in (
            ("392", "Japan", "M", "145670725433"), ("392", "Japan", "X", "129270234122"),
            ("842", "USA", "M", "135120128433"), ("842", "USA", "X", "385678765344"),
        )
    ]  # fmt: skip

    def write(stated: Sequence[Figure]) -> bytes:
        iso = {"156": "CHN", "392": "JPN", "842": "USA", "251": "FRA"}
        rows = []
        for f in stated:
            year = f.period if f.period.isdigit() else "2016"
            imports = f.subject == "M"
            rows.append(
                test_uncomtrade.ROW | {
                    "refPeriodId": int(f"{year}0101"), "refYear": int(year), "period": f.period,
                    "reporterCode": _number(f.place), "reporterISO": iso[f.place], "reporterDesc": f.place,
                    "partnerCode": _number(f.partner or ""), "partnerISO": iso[f.partner or ""], "partnerDesc": f.name,
                    "flowCode": f.subject, "flowDesc": "Import" if imports else "Export", "classificationCode": "H4",
                    "cifvalue": _number(f.value) if imports else None, "fobvalue": None if imports else _number(f.value),
                    "primaryValue": _number(f.value),
                }
            )  # fmt: skip
        return _json({"elapsedTime": "0.2 secs", "count": len(rows), "data": rows, "error": ""})

    return Asked(source, request, tuple(figures), write, "251")


# -- the IMF, the OECD, the ECB, FRED ----------------------------------------------------------------------------


def _imts() -> Asked:
    source = sources.get("imf.imts")
    (request,) = source.requests(Selection(2015, 2018, ("CHN",), ("JPN", "USA")))
    figures = [
        *_series(_YEARS, ("142902000000", "145670725433", "165794000000", "180661000000"), place="CHN", partner="JPN", subject="MG_CIF_USD"),
        *_series(_YEARS, ("410145000000", "385678765344", "430328000000", "479702000000"), place="CHN", partner="USA", subject="XG_FOB_USD"),
    ]  # fmt: skip
    columns = (
        "DATAFLOW", "COUNTRY", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY", "TIME_PERIOD", "OBS_VALUE", "SCALE", "PRECISION",
        "DECIMALS_DISPLAYED", "TRADE_FLOW", "VALUATION", "UNIT", "DERIVATION_TYPE", "OVERLAP", "STATUS",
    )  # fmt: skip
    write = _table(
        columns,
        lambda f: {
            "DATAFLOW": "IMF.STA:IMTS(1.0.0)", "COUNTRY": f.place, "INDICATOR": f.subject, "COUNTERPART_COUNTRY": f.partner,
            "FREQUENCY": "A", "TIME_PERIOD": f.period, "OBS_VALUE": f.value, "SCALE": "6", "TRADE_FLOW": (f.subject or "")[:2],
            "VALUATION": (f.subject or "")[3:6], "UNIT": f.unit or "USD", "DERIVATION_TYPE": "M", "OVERLAP": "OL",
        },
    )  # fmt: skip
    return Asked(source, request, tuple(figures), write, "FRA")


def _dip() -> Asked:
    source = sources.get("imf.dip")
    (request,) = source.requests(Selection(2015, 2018, ("DEU",), ("CHN", "USA")))
    figures = [
        *_series(_YEARS, ("75469000000", "79977000000", "97047000000", "98738000000"), place="DEU", partner="CHN"),
        *_series(_YEARS, ("275230000000", "291000000000", "340300000000", "352700000000"), place="DEU", partner="USA"),
    ]
    columns = (
        "DATAFLOW", "COUNTRY", "DV_TYPE", "INDICATOR", "COUNTERPART_COUNTRY", "FREQUENCY", "TIME_PERIOD", "OBS_VALUE", "SCALE", "STATUS",
    )  # fmt: skip
    write = _table(
        columns,
        lambda f: {
            "DATAFLOW": "IMF.STA:DIP(12.0.1)", "COUNTRY": f.place, "DV_TYPE": "O", "INDICATOR": "OTWD_D_NETAL_FALL_ALL",
            "COUNTERPART_COUNTRY": f.partner, "FREQUENCY": "A", "TIME_PERIOD": f.period, "OBS_VALUE": f.value, "SCALE": "6",
        },
    )  # fmt: skip
    return Asked(source, request, tuple(figures), write, "FRA", may_be_negative=True)


def _er() -> Asked:
    source = sources.get("imf.er")
    request = next(iter(source.requests(Selection(2015, 2018, ("CHN", "JPN")))))
    figures = [
        *_series(_YEARS, ("6.22748867", "6.64447783", "6.75875542", "6.61595717"), place="CHN", subject="PA_RT"),
        *_series(_YEARS, ("121.0440257", "108.7929001", "112.1661411", "110.4231794"), place="JPN", subject="PA_RT"),
    ]
    columns = (
        "DATAFLOW",
        "COUNTRY",
        "INDICATOR",
        "TYPE_OF_TRANSFORMATION",
        "FREQUENCY",
        "TIME_PERIOD",
        "OBS_VALUE",
        "SCALE",
    )
    write = _table(
        columns,
        lambda f: {
            "DATAFLOW": "IMF.STA:ER(4.0.1)", "COUNTRY": f.place, "INDICATOR": "XDC_USD", "TYPE_OF_TRANSFORMATION": f.subject,
            "FREQUENCY": "A", "TIME_PERIOD": f.period, "OBS_VALUE": f.value, "SCALE": "0",
        },
    )  # fmt: skip
    return Asked(source, request, tuple(figures), write, "GBR")


def _leading_to(source: Source, selection: Selection, number: int = 0) -> Request:
    """The request for data that a dataflow's constraint leads to."""
    constraint = list(source.requests(selection))[number]
    judged = source.judge_status(constraint, 404, "")
    assert judged is not None
    return judged.following[0]


def _oecd_fdi() -> Asked:
    source = sources.get("oecd.fdi")
    request = _leading_to(source, Selection(2015, 2018, ("DEU",), ("CHN", "USA")), 1)
    figures = [
        *_series(_YEARS, ("75469.2", "79977.4", "97047.1", "98738.5"), place="DEU", partner="CHN", unit="USD_EXC"),
        *_series(_YEARS, ("275230.1", "291000.2", "340300.3", "352700.4"), place="DEU", partner="USA", unit="USD_EXC"),
    ]
    columns = (
        "DATAFLOW", "REF_AREA", "MEASURE", "UNIT_MEASURE", "MEASURE_PRINCIPLE", "ACCOUNTING_ENTRY", "TYPE_ENTITY", "FDI_COMP", "SECTOR",
        "COUNTERPART_AREA", "LEVEL_COUNTERPART", "ACTIVITY", "FREQ", "FDI_COLLECTION_ID", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS",
        "UNIT_MULT", "CONF_STATUS", "CURRENCY", "DECIMALS",
    )  # fmt: skip
    write = _table(
        columns,
        lambda f: {
            "DATAFLOW": "OECD.DAF.INV:DSD_FDI@DF_FDI_POS_CTRY(1.0)", "REF_AREA": f.place, "MEASURE": "LE_FA_F", "UNIT_MEASURE": f.unit,
            "MEASURE_PRINCIPLE": "DO", "ACCOUNTING_ENTRY": "NET_FDI", "TYPE_ENTITY": "ALL", "FDI_COMP": "D", "SECTOR": "S1",
            "COUNTERPART_AREA": f.partner, "LEVEL_COUNTERPART": "IMC", "ACTIVITY": "_T", "FREQ": "A", "FDI_COLLECTION_ID": "CTRY_IND",
            "TIME_PERIOD": f.period, "OBS_VALUE": f.value, "OBS_STATUS": "A", "UNIT_MULT": "6", "CONF_STATUS": "F", "CURRENCY": "USD",
            "DECIMALS": "2",
        },
    )  # fmt: skip
    return Asked(source, request, tuple(figures), write, "FRA", may_be_negative=True)


def _oecd_itic() -> Asked:
    source = sources.get("oecd.itic")
    request = _leading_to(source, Selection(2015, 2016, ("CHN", "JPN"), ("USA", "KOR")))
    figures = [
        Figure(year, place, value, partner, unit="PT_IM_CIF")
        for year, place, partner, value in (
            ("2015", "CHN", "USA", "4.6765049794874"), ("2016", "CHN", "USA", "4.7265049794874"), ("2015", "CHN", "KOR", "2.5265049794874"),
            ("2016", "CHN", "KOR", "2.4265049794874"), ("2015", "JPN", "USA", "5.1265049794874"), ("2016", "JPN", "USA", "5.0265049794874"),
        )
    ]  # fmt: skip
    columns = (
        "DATAFLOW", "REF_AREA", "COUNTERPART_AREA", "MEASURE", "PRODUCT_TYPE", "COMM_HS2017", "FREQ", "UNIT_MEASURE", "TIME_PERIOD",
        "OBS_VALUE", "OBS_STATUS", "METHODOLOGY_TYPE", "UNIT_MULT", "DECIMALS",
    )  # fmt: skip
    write = _table(
        columns,
        lambda f: {
            "DATAFLOW": "OECD.SDD.TPS:DSD_ITIC@DF_ITIC(1.1)", "REF_AREA": f.place, "COUNTERPART_AREA": f.partner, "MEASURE": "C_F",
            "PRODUCT_TYPE": "C", "COMM_HS2017": "_T", "FREQ": "A", "UNIT_MEASURE": f.unit, "TIME_PERIOD": f.period,
            "OBS_VALUE": f.value, "OBS_STATUS": "I", "METHODOLOGY_TYPE": "AG", "UNIT_MULT": "0", "DECIMALS": "2",
        },
    )  # fmt: skip
    return Asked(source, request, tuple(figures), write, "FRA")


def _ecb() -> Asked:
    source = sources.get("ecb.exr")
    (request,) = source.requests(Selection(2015, 2018, ("CHN", "JPN")))
    figures = [
        *_series(_YEARS, ("6.9733", "7.3522", "7.6290", "7.8081"), place="CNY", unit="CNY", name="CNY/Euro"),
        *_series(_YEARS, ("134.3140", "120.1967", "126.7112", "130.3959"), place="JPY", unit="JPY", name="JPY/Euro"),
    ]
    columns = (
        "KEY",
        "FREQ",
        "CURRENCY",
        "CURRENCY_DENOM",
        "EXR_TYPE",
        "EXR_SUFFIX",
        "TIME_PERIOD",
        "OBS_VALUE",
        "OBS_STATUS",
        "OBS_CONF",
        "OBS_PRE_BREAK",
        "OBS_COM",
        "TIME_FORMAT",
        "BREAKS",
        "COLLECTION",
        "COMPILING_ORG",
        "DISS_ORG",
        "DOM_SER_IDS",
        "PUBL_ECB",
        "PUBL_MU",
        "PUBL_PUBLIC",
        "UNIT_INDEX_BASE",
        "COMPILATION",
        "COVERAGE",
        "DECIMALS",
        "NAT_TITLE",
        "SOURCE_AGENCY",
        "SOURCE_PUB",
        "TITLE",
        "TITLE_COMPL",
        "UNIT",
        "UNIT_MULT",
    )
    write = _table(
        columns,
        lambda f: {
            "KEY": f"EXR.A.{f.place}.EUR.SP00.A", "FREQ": "A", "CURRENCY": f.place, "CURRENCY_DENOM": "EUR", "EXR_TYPE": "SP00",
            "EXR_SUFFIX": "A", "TIME_PERIOD": f.period, "OBS_VALUE": f.value, "OBS_STATUS": "A", "OBS_CONF": "F", "TIME_FORMAT": "P1Y",
            "COLLECTION": "A", "UNIT_INDEX_BASE": "99Q1=100", "DECIMALS": "4", "SOURCE_AGENCY": "4F0", "TITLE": f.name,
            "TITLE_COMPL": f"ECB reference exchange rate, {f.name}, 2.15 pm (C.E.T.)", "UNIT": f.unit, "UNIT_MULT": "0",
        },
    )  # fmt: skip
    return Asked(source, request, tuple(figures), write, "GBP")


def _fred() -> Asked:
    source = sources.get("fred.fx")
    request = next(iter(source.requests(Selection(2015, 2018, ("JPN",)))))
    figures = _series(_YEARS, ("121.0496", "108.6566", "112.0986", "110.3977"), place="JPN")
    write = _table(
        ("observation_date", "AEXJPUS"), lambda f: {"observation_date": f"{f.period}-01-01", "AEXJPUS": f.value}
    )
    return Asked(source, request, tuple(figures), write, None)


# -- Eurostat ------------------------------------------------------------------------------------------------


def _eurostat() -> Asked:
    source = sources.get("eurostat.fdi")
    request = next(
        r for r in source.requests(Selection(2015, 2018, ("DEU",), ("CHN", "USA"))) if r.path.endswith("_pos")
    )
    figures = [
        *_series(_YEARS, ("69321", "75872", "80918", "86234"), place="DE", partner="CN"),
        *_series(_YEARS, ("252921", "276310", "284120", "308041"), place="DE", partner="US"),
    ]

    def write(stated: Sequence[Figure]) -> bytes:
        codes = {
            "freq": ["A"], "currency": ["MIO_EUR"], "nace_r2": ["FDI"], "fdi_item": ["DO__D__F"], "entity": ["TOTAL"], "counterp": ["IMM"],
            "stk_flow": ["NO"], "partner": sorted({f.partner or "" for f in stated}), "geo": sorted({f.place for f in stated}),
            "time": sorted({f.period for f in stated}),
        }  # fmt: skip
        values: dict[str, Any] = {}
        for f in stated:
            at = [codes["partner"].index(f.partner or ""), codes["geo"].index(f.place), codes["time"].index(f.period)]
            number = (at[0] * len(codes["geo"]) + at[1]) * len(codes["time"]) + at[2]
            if f.value:
                values[str(number)] = _number(f.value)
        return _json({
            "version": "2.0", "class": "dataset", "label": "EU direct investment positions", "source": "ESTAT",
            "updated": "2026-06-03T23:00:00+0200", "value": values, "id": list(codes), "size": [len(c) for c in codes.values()],
            "dimension": {
                name: {"label": name, "category": {"index": {c: n for n, c in enumerate(listed)}, "label": {c: c for c in listed}}}
                for name, listed in codes.items()
            },
            "extension": {"lang": "EN", "id": "BOP_FDI6_POS", "agencyId": "ESTAT", "version": "1.0", "datastructure": {}},
        })  # fmt: skip

    return Asked(source, request, tuple(figures), write, "IT", may_be_negative=True, has_rows=False)


# -- Japan ---------------------------------------------------------------------------------------------------


def _boj() -> Asked:
    source = sources.get("jpn.boj")
    request = next(r for r in source.requests(Selection(2015, 2018)) if ("db", "FM08") in r.parameters)
    months = [f"2016{m:02d}" for m in range(1, 9)]
    values = ("118.18", "115.01", "113.05", "109.72", "109.23", "105.45", "103.97", "101.28")
    figures = _series(
        months, values, place="JPN", subject="FXERM07", name="US.Dollar/Yen Spot Rate", unit="Yen per U.S. Dollar"
    )

    def write(stated: Sequence[Figure]) -> bytes:
        series = [
            {
                "SERIES_CODE": code, "NAME_OF_TIME_SERIES": some[0].name, "UNIT": some[0].unit, "FREQUENCY": "MONTHLY",
                "CATEGORY": "Foreign Exchange Rates", "LAST_UPDATE": 20260204,
                "VALUES": {"SURVEY_DATES": [_number(f.period) for f in some], "VALUES": [_number(f.value) for f in some]},
            }
            for code in sorted({f.subject or "" for f in stated})
            for some in [[f for f in stated if f.subject == code]]
        ]  # fmt: skip
        return _json({
            "STATUS": 200, "MESSAGEID": "M181000I", "MESSAGE": "Successfully completed", "DATE": "2026-02-19T9:00:06.669+09:00",
            "PARAMETER": {"FORMAT": "JSON", "LANG": "EN", "DB": "FM08"}, "NEXTPOSITION": None, "RESULTSET": series,
        })  # fmt: skip

    return Asked(source, request, tuple(figures), write, None)


def _estat() -> Asked:
    source = sources.get("jpn.estat")
    request = next(r for r in source.requests(Selection(2015, 2018)) if "0000010101" in r.filename)
    figures = [
        Figure(f"{year}100000", area, value, subject="A1101", unit="人", name="総人口")
        for year, area, value in (
            ("2010", "00000", "128057352"), ("2015", "00000", "127094745"), ("2010", "13000", "13159388"), ("2015", "13000", "13515271"),
            ("2010", "27000", "8865245"), ("2015", "27000", "8839469"),
        )
    ]  # fmt: skip

    def write(stated: Sequence[Figure]) -> bytes:
        values = [
            {"@tab": "00001", "@cat01": f.subject, "@area": f.place, "@time": f.period, "@unit": f.unit, "$": f.value}
            for f in stated
        ]
        inf = {"TOTAL_NUMBER": len(values), "FROM_NUMBER": 1, "TO_NUMBER": len(values)}
        return _json({"GET_STATS_DATA": {
            "RESULT": {"STATUS": 0, "ERROR_MSG": "words"},
            "STATISTICAL_DATA": {
                "RESULT_INF": inf,
                "TABLE_INF": {"@id": "0000010101", "STATISTICS_NAME": "都道府県データ", "TITLE": {"@no": "1", "$": "人口・世帯"}, "UPDATED_DATE": "2024-02-09"},
                "CLASS_INF": {"CLASS_OBJ": {"@id": "cat01", "@name": "人口", "CLASS": {"@code": "A1101", "@name": stated[0].name}}},
                "DATA_INF": {"NOTE": [{"@char": "***", "$": "当該属性での集計なし"}], "VALUE": values},
            },
        }})  # fmt: skip

    return Asked(source, request, tuple(figures), write, None)


def _jetro() -> Asked:
    source = sources.get("jpn.jetro")
    request = Request("/ivs/country1_e_18cy.xlsx", "country1_e_18cy.xlsx", context=(("kind", "flow"),))
    figures = [
        *_series(_YEARS, ("10011", "9534", "9680.5", "10755.25"), place="China", unit="(US$ million)"),
        *_series(_YEARS, ("44893", "52197", "45501.5", "25253.75"), place="U.S.A.", unit="(US$ million)"),
    ]

    def cell(text: str) -> str | float | None:
        if re.fullmatch(r"-?\d+(\.\d+)?", text):
            return float(text)
        return text or None

    def write(stated: Sequence[Figure]) -> bytes:
        years, places = sorted({f.period for f in stated}), list(dict.fromkeys(f.place for f in stated))
        by_cell = {(f.place, f.period): cell(f.value) for f in stated}
        rows: list[list[str | float | None]] = [
            ["Japan's Outward FDI by Country/Region (Balance of Payments Basis, Net and Flow)"],
            [None, None, stated[0].unit],
            [None, None, *map(cell, years)],
            *([None, place, *(by_cell.get((place, year)) for year in years)] for place in places),
            ["Note: figures up to 2013 follow BPM5"],
        ]
        return workbook_bytes({"Historical(Outward)": rows})

    return Asked(source, request, tuple(figures), write, None, may_be_negative=True, has_rows=False)


def _customs() -> Asked:
    source = sources.get("jpn.customs")
    request = Request(
        "/stat-search/file-download", "customs_export_2016_1.csv", (("statInfId", "1"), ("fileKind", "1")),
        context=(("kind", "file"), ("title", ""), ("flow", "export"), ("year", "2016")),
    )  # fmt: skip
    # Each stands for many products, so that those of a country add up to no less than a real file's.
    figures = [
        Figure("2016", country, value, subject=code)
        for country, code, value in (
            ("105", "852351000", "237028123"), ("103", "852351000", "137012456"), ("304", "852351000", "337055789"), ("105", "870323000", "137028321"),
        )
    ]  # fmt: skip

    def write(stated: Sequence[Figure]) -> bytes:
        def record(f: Figure) -> str:
            months = [f.value, *["0"] * 11]
            cells = ["1", f.period, f"'{f.subject}'", f.place, "  ", "NO", "0", "117318", f.value]
            for value in months:
                cells += ["0", "117318" if value != "0" else "0", value]
            return ",".join(cells)

        return "\n".join([test_jpn_customs.HEADER, *(record(f) for f in stated), ""]).encode()

    return Asked(source, request, tuple(figures), write, None)


# -- China ---------------------------------------------------------------------------------------------------


def _nbs() -> Asked:
    source = sources.get("chn.nbs")
    years = ["2015YY-2018YY"]
    request = Request(
        "/stream/esData", "nbs_province_c1_i1_1.json",
        body={
            "cid": "c1", "indicatorIds": ["i1"], "daCatalogId": "", "das": [{"text": "辽宁省", "value": "210000000000"}, {"text": "吉林省", "value": "220000000000"}],
            "dts": years, "showType": "1", "rootId": "root1",
        },
        context=(("tree", "province"), ("first", "2015"), ("last", "2018"), ("regions", "辽宁省 吉林省"), ("root", "root1")),
    )  # fmt: skip
    periods = [f"{year}YY" for year in _YEARS]
    figures = [
        *_series(
            periods, ("28669.0", "22246.9", "23409.2", "25315.4"), place="210000000000", name="辽宁省", unit="亿元"
        ),
        *_series(
            periods, ("14063.1", "14776.8", "14944.5", "15074.6"), place="220000000000", name="吉林省", unit="亿元"
        ),
    ]

    def write(stated: Sequence[Figure]) -> bytes:
        blocks = [
            {
                "code": period, "name": period.replace("YY", "年"),
                "values": [
                    {
                        "_id": "i1", "i_showname": f"地区生产总值 ({f.unit}) ", "value": f.value, "da_name": f.name, "du_name": f.unit,
                        "da": f.place,
                    }
                    for f in stated if f.period == period
                ],
            }
            for period in sorted({f.period for f in stated})
        ]  # fmt: skip
        return _json({"success": True, "state": 20000, "data": blocks})

    return Asked(source, request, tuple(figures), write, "440000000000")


def _gacc() -> Asked:
    source = sources.get("chn.gacc")
    path = "/Statics/5fef7057-efe0-41e6-a171-5be895aa5abf.html"
    context = (("year", "2019"), ("month", "12"), ("table", "by_country"))
    request = Request(path, "gacc_by_country_2019_12.html", accept="text/html", context=context)
    figures = [
        Figure("12. 2019", name, value, subject=column, unit="US$1,000")
        for name, exports, imports in (
            ("TOTAL", ("238,267,589", "2,499,028,927"), ("191,057,245", "2,077,097,114")),
            ("Japan", ("13,000,000", "143,000,000"), ("16,000,000", "171,000,000")),
            ("Republic of Korea", ("9,500,000", "110,985,000"), ("15,000,000", "173,553,000")),
        )
        for column, value in zip(("e1", "e12", "i1", "i12"), (*exports, *imports), strict=True)
    ]

    def write(stated: Sequence[Figure]) -> bytes:
        def row(*cells: str) -> str:
            return "<tr>" + "".join(f"<td><span>{cell}</span>&nbsp;</td>" for cell in cells) + "</tr>"

        def of(name: str) -> str:
            by_column = {f.subject: f.value for f in stated if f.place == name}
            e1, e12, i1, i12 = (by_column.get(column, "-") for column in ("e1", "e12", "i1", "i12"))
            totals = [_sum(e1, i1), _sum(e12, i12)]
            return row(name, *totals, e1, e12, i1, i12, "1.0", "-2.0", "3.0")

        first = stated[0]
        names = list(dict.fromkeys(f.place for f in stated))
        title = f"(2) Imports and Exports by Country (Region) of Origin/Destination, {first.period}"
        rows = [
            row(title), row(f"Unit: {first.unit}"),
            row("Country (Region) of Origin/Destination", "Total", "Exports", "Imports", "Percentage Change"),
            row(*("12", "1 to 12") * 3, "Total", "Exports", "Imports"), *map(of, names), row("1. Figures in brackets are revised."),
        ]  # fmt: skip
        return f"<!DOCTYPE html><html><body><table>{''.join(rows)}</table></body></html>".encode()

    return Asked(source, request, tuple(figures), write, None, has_rows=False)


def _sum(*printed: str) -> str:
    """The total that a page prints beside its parts; a dash where a part is no number."""
    try:
        return f"{sum(int(text.replace(',', '')) for text in printed):,}"
    except ValueError:
        return "-"


# -- bulk files ----------------------------------------------------------------------------------------------


def _unctad() -> Asked:
    source = sources.get("unctad.fdi")
    figures = [
        *_series(_YEARS, ("135610", "133710", "136315", "138306"), place="156", name="China"),
        *_series(_YEARS, ("2976", "19359", "9356", "9963"), place="392", name="Japan"),
    ]
    header = test_unctad_fdi.BULK_HEADER.split(",")

    def write(stated: Sequence[Figure]) -> bytes:
        rows = _table([name.strip('"') for name in header], lambda f: _unctad_row(f, header))
        return seven_zip("US_FdiFlowsStock.csv", rows(stated))

    return Asked(source, test_unctad_fdi.BULK_REQUEST, tuple(figures), write, None, may_be_negative=True)


def _unctad_row(f: Figure, header: Sequence[str]) -> dict[str, str | None]:
    known: dict[str, str | None] = {
        "Year": f.period, "Economy": f.place, "Economy Label": f.name, "Flow": "08", "Flow Label": "Flow", "Direction": "1",
        "Direction Label": "Inward",
    }  # fmt: skip
    columns = [name.strip('"') for name in header]
    return {name: known[name] for name in columns if name in known} | {
        name: f.value for name in columns if name == test_unctad_fdi.AMOUNT
    }


def seven_zip(name: str, content: bytes) -> bytes:
    """A 7z archive of one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.7z"
        with py7zr.SevenZipFile(path, "w") as archive:
            archive.writestr(content, name)
        return path.read_bytes()


def _baci() -> Asked:
    source = sources.get("cepii.baci")
    context = (("edition", "92"), ("stamp", "202601"))
    request = Request(
        "/DATA_DOWNLOAD/baci/data/BACI_HS92_V202601.zip",
        "BACI_HS92_V202601.zip",
        accept="application/zip",
        context=context,
    )
    # Four products stand for all five thousand, so that those of a pair add up to its trade, as in a real file; thousand dollars.
    figures = [
        Figure("2016", reporter, f"{share * total:.3f}", partner, subject=product)
        for reporter, partner, total in (
            ("156", "842", 385678765), ("842", "156", 135120128), ("156", "392", 129270234), ("392", "156", 145670725),
            ("410", "156", 124432941), ("392", "842", 130557213),
        )
        for product, share in (("847330", 0.5), ("852520", 0.3), ("870323", 0.19998), ("852352", 0.00002))
    ]  # fmt: skip

    def write(stated: Sequence[Figure]) -> bytes:
        rows = [f"{f.period},{f.place},{f.partner},{f.subject},{f.value},54.363" for f in stated]
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w") as file:
            file.writestr(zipfile.ZipInfo("BACI_HS92_Y2016_V202601.csv"), "\n".join(["t,i,j,k,v,q", *rows, ""]))
        return content.getvalue()

    return Asked(source, request, tuple(figures), write, None)


_MADE = {
    "worldbank.wdi": _world_bank, "uncomtrade": _comtrade, "imf.imts": _imts, "imf.dip": _dip, "imf.er": _er, "oecd.fdi": _oecd_fdi,
    "oecd.itic": _oecd_itic, "ecb.exr": _ecb, "fred.fx": _fred, "eurostat.fdi": _eurostat, "jpn.boj": _boj, "jpn.estat": _estat,
    "jpn.jetro": _jetro, "jpn.customs": _customs, "chn.nbs": _nbs, "chn.gacc": _gacc, "unctad.fdi": _unctad, "cepii.baci": _baci,
}  # fmt: skip


def missing() -> list[str]:
    """Sources that are asked by requests and of which there is no answer here."""
    return [source.id for source in sources.all_sources().values() if source.service and source.id not in _MADE]


@cache
def asked() -> dict[str, Asked]:
    """What is asked of each source that answers requests, by its id."""
    return {name: make() for name, make in _MADE.items()}
