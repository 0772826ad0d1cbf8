"""Files for mutations: small ones in publishers' forms, made by hand, and the publishers' own where they are at hand."""

import io
from collections.abc import Iterator
from pathlib import Path

import openpyxl

from tests.support.paths import SHARED
from tests.support.source_contract import SourceContract

_PLUS = (
    "typeCode,freqCode,refPeriodId,refYear,refMonth,period,reporterCode,reporterISO,reporterDesc,flowCode,flowDesc,partnerCode,partnerISO,"
    "partnerDesc,partner2Code,partner2ISO,partner2Desc,classificationCode,classificationSearchCode,isOriginalClassification,cmdCode,cmdDesc,"
    "aggrLevel,isLeaf,customsCode,customsDesc,mosCode,motCode,motDesc,qtyUnitCode,qtyUnitAbbr,qty,isQtyEstimated,altQtyUnitCode,altQtyUnitAbbr,"
    "altQty,isAltQtyEstimated,netWgt,isNetWgtEstimated,grossWgt,isGrossWgtEstimated,cifvalue,fobvalue,primaryValue,legacyEstimationFlag,"
    "isReported,isAggregate\n"
)
_LEGACY = (
    "Classification,Year,Period,Period Desc.,Aggregate Level,Is Leaf Code,Trade Flow Code,Trade Flow,Reporter Code,Reporter,Reporter ISO,"
    "Partner Code,Partner,Partner ISO,2nd Partner Code,2nd Partner,2nd Partner ISO,Customs Proc. Code,Customs,Mode of Transport Code,"
    "Mode of Transport,Commodity Code,Commodity,Qty Unit Code,Qty Unit,Qty,Alt Qty Unit Code,Alt Qty Unit,Alt Qty,Netweight (kg),"
    "Gross weight (kg),Trade Value (US$),CIF Trade Value (US$),FOB Trade Value (US$),Flag\n"
)


def _plus() -> str:
    partners = ((392, "JPN", "Japan"), (384, "CIV", "Côte d'Ivoire"), (531, "CUW", "Curaçao"), (792, "TUR", "Türkiye"))
    return _PLUS + "".join(
        f'"C","A","20210101","2021","52","2021","156","CHN","China","X","Export","{code}","{iso}","{name}","0","W00","World","H5","HS","true",'
        f'"TOTAL","All Commodities","0","false","C00","TOTAL CPC","0","0","TOTAL MOT","-1","N/A","0","false","-1","N/A","0","false","0","false",'
        f'"0","false",,"{code}11","{code}11","0","false","true",\n'
        for code, iso, name in partners
    )


def _legacy() -> str:
    return _LEGACY + "".join(
        f"H4,2013,2013,2013,2,0,2,Export,156,China,CHN,392,Japan,JPN,,,,,,,,{code},Goods,8,kg,,,,,1,,1{code},,,0\n"
        for code in range(84, 90)
    )


def _bulk() -> str:
    lines = (
        '"Japan","JPN","Population, total","SP.POP.TOTL","127629000","127445000","",',
        '"Tuvalu","TUV","Population, total","SP.POP.TOTL","10444","10694","10899",',
        '"China","CHN","Population, total","SP.POP.TOTL","","1363240000","1371860000",',
    )
    above = '"Data Source","World Development Indicators",\n\n"Last Updated Date","2026-07-14",\n\n'
    return (
        above
        + '"Country Name","Country Code","Indicator Name","Indicator Code","2012","2013","2014",\n'
        + "\n".join(lines)
        + "\n"
    )


_DATABANK = (
    'Country Name,Country Code,Series Name,Series Code,2019 [YR2019],2020 [YR2020]\nJapan,JPN,"Population, total",SP.POP.TOTL,126633000,126261000\n'
    'China,CHN,"Population, total",SP.POP.TOTL,1407745000,..\n,,,,,\n,,,,,\n,,,,,\nData from database: World Development Indicators,,,,,\n'
    "Last Updated: 06/28/2024,,,,,\n"
)
_NBS = "数据库：分省年度数据\n指标：地区生产总值(亿元)\n时间：最近3年\n地区,2022年,2021年,2020年\n辽宁省,28975.1,27569.5,25011.4\n吉林省,13070.2,13163.8,12256.0\n数据来源：国家统计局\n"
_FRED = "observation_date,DEXCHUS,AEXJPUS\n2020-01-01,,106.7754\n2020-01-02,6.9630,\n2020-01-03,6.9620,\n"
_TSV = (
    "freq,currency,nace_r2,fdi_item,entity,counterp,stk_flow,partner,geo\\TIME_PERIOD\t2020 \t2021 \t2022 \n"
    "A,MIO_EUR,FDI,DI__D__F,TOTAL,IMM,NI,CN,FR\t100.5 b\t-20.0 p\t: c\nA,MIO_EUR,FDI,DI__D__F,TOTAL,IMM,NI,JP,FR\t: \t7.25 e\t: c\n"
)
_RATES = "Date,USD,JPY,CNY,\n2020-01-03,1.1147,120.55,7.7636,\n2020-01-02,1.1193,121.75,7.7946,\n"


def _workbook() -> bytes:
    made, book = io.BytesIO(), openpyxl.Workbook()
    book.active.title = "Data"
    for line in (
        ["Country Name", "Country Code", "Series Name", "Series Code", "2019 [YR2019]", "2020 [YR2020]"],
        ["Japan", "JPN", "Population, total", "SP.POP.TOTL", 126633000, 126261000], [], [], [],
        ["Data from database: World Development Indicators"], ["Last Updated: 06/28/2024"],
    ):  # fmt: skip
        book.active.append(line)
    book.create_sheet("Series - Metadata").append(["Code", "License Type"])
    book.save(made)
    return made.getvalue()


def made() -> dict[str, bytes]:
    """The bytes of each file made by hand, by its name: those here, and the specimens of all sources' tests."""
    texts = {
        "TradeData.csv": _plus(), "comtrade.csv": _legacy(), "API_SP.POP.TOTL.csv": _bulk(), "databank.csv": _DATABANK,
        "分省年度数据_retrieved2024.csv": _NBS, "fredgraph.csv": _FRED, "bop_fdi6_pos.tsv": _TSV, "eurofxref-hist.csv": _RATES,
    }  # fmt: skip
    files = {**{name: text.encode() for name, text in texts.items()}, "databank.xlsx": _workbook()}
    return files | dict(_of_contracts())


def _of_contracts() -> Iterator[tuple[str, bytes]]:
    from tests.tasks.sources.test_every_source import CONTRACTS

    contracts: dict[str, type[SourceContract]] = CONTRACTS
    for contract in contracts.values():
        content = contract.specimen.content
        yield contract.specimen.filename, content.encode() if isinstance(content, str) else content


def of_publishers(most: int) -> dict[str, bytes]:
    """The files of ../shared of up to ``most`` bytes, by their place, and the beginnings of longer tables."""
    found: dict[str, bytes] = {}
    for path in sorted(SHARED.rglob("*")) if SHARED.is_dir() else []:
        is_data = path.is_file() and path.suffix not in _NO_DATA
        if is_data and (content := _content(path, most)):
            found[f"{len(found):03}_{path.name}"] = content
    return found


_NO_DATA = (".md", ".py", ".svg", ".png", ".geojson")


def _content(path: Path, most: int) -> bytes | None:
    if path.stat().st_size <= most:
        return path.read_bytes()
    if path.suffix not in (".csv", ".tsv"):
        return None
    data = path.read_bytes()[:most]
    return data[: data.rfind(b"\n") + 1]
