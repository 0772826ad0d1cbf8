"""Names of UN Comtrade's fields: of API v1 in its three spellings, of the API of before 2023, and ours.

All forms of API v1 have the publisher's names, written as typeCode (API, bulk files), TypeCode (Comtrade Plus) or
type_code (the R package comtradr); the API of before 2023 has other names, and in its CSV files headings in words.
"""

import re

_CODED = (
    "typeCode freqCode refPeriodId refYear refMonth period reporterCode flowCode partnerCode partner2Code classificationCode "
    "classificationSearchCode isOriginalClassification cmdCode customsCode mosCode motCode qtyUnitCode qty isQtyEstimated "
    "altQtyUnitCode altQty isAltQtyEstimated netWgt isNetWgtEstimated grossWgt isGrossWgtEstimated cifvalue fobvalue "
    "primaryValue legacyEstimationFlag isReported isAggregate"
)
_NAMED = (
    "reporterISO reporterDesc flowDesc partnerISO partnerDesc partner2ISO partner2Desc cmdDesc aggrLevel isLeaf customsDesc "
    "motDesc qtyUnitAbbr altQtyUnitAbbr"
)
#: Fields of API v1: those every form has; those of names, which bulk files lack, and those only some files have.
API_REQUIRED = tuple(_CODED.split())
API_NAMES = tuple(_NAMED.split())
API_OPTIONAL = (*API_NAMES, "datasetCode", "mosDesc")
API_FIELDS = (*API_REQUIRED, *API_OPTIONAL)
#: Fields of API v1 whose column has another name here than the publisher's with underscores.
_RENAMED = {
    "period": "period_code",
    "cifvalue": "cif_value",
    "fobvalue": "fob_value",
    "isAggregate": "is_unsd_aggregate",
    "partnerCode": "partner1_code",
}
#: What the publisher misspells: Comtrade Plus writes AtlQty.
_MISSPELT = {"atlqty": "altqty"}

#: The API of before 2023: name, and heading of its CSV files.
LEGACY_HEADINGS = {
    "pfCode": "Classification", "yr": "Year", "period": "Period", "periodDesc": "Period Desc.",
    "aggrLevel": "Aggregate Level", "IsLeaf": "Is Leaf Code", "rgCode": "Trade Flow Code", "rgDesc": "Trade Flow",
    "rtCode": "Reporter Code", "rtTitle": "Reporter", "rt3ISO": "Reporter ISO", "ptCode": "Partner Code",
    "ptTitle": "Partner", "pt3ISO": "Partner ISO", "ptCode2": "2nd Partner Code", "ptTitle2": "2nd Partner",
    "pt3ISO2": "2nd Partner ISO", "cstCode": "Customs Proc. Code", "cstDesc": "Customs",
    "motCode": "Mode of Transport Code", "motDesc": "Mode of Transport", "cmdCode": "Commodity Code",
    "cmdDescE": "Commodity", "qtCode": "Qty Unit Code", "qtDesc": "Qty Unit", "qtAltCode": "Alt Qty Unit Code",
    "qtAltDesc": "Alt Qty Unit", "TradeQuantity": "Qty", "AltQuantity": "Alt Qty", "NetWeight": "Netweight (kg)",
    "GrossWeight": "Gross weight (kg)", "TradeValue": "Trade Value (US$)", "CIFValue": "CIF Trade Value (US$)",
    "FOBValue": "FOB Trade Value (US$)", "estCode": "Flag",
}  # fmt: skip
LEGACY_FIELDS = tuple(LEGACY_HEADINGS)
#: Fields that legacy bulk files lack.
LEGACY_OPTIONAL = (
    "ptCode2", "ptTitle2", "pt3ISO2", "cstCode", "cstDesc", "motCode", "motDesc", "qtAltCode", "qtAltDesc", "AltQuantity",
    "GrossWeight", "CIFValue", "FOBValue",
)  # fmt: skip
LEGACY_REQUIRED = tuple(name for name in LEGACY_FIELDS if name not in LEGACY_OPTIONAL)
_LEGACY_USED = {
    "pfCode": "pf_code", "yr": "ref_year", "period": "period_code", "aggrLevel": "aggr_level", "rgCode": "rg_code",
    "rtCode": "rt_code", "ptCode": "pt_code", "ptCode2": "partner2_code", "cstCode": "customs_code",
    "motCode": "mot_code", "cmdCode": "cmd_code", "cmdDescE": "cmd_desc", "qtCode": "qt_code",
    "TradeQuantity": "trade_quantity", "NetWeight": "net_weight", "TradeValue": "trade_value",
    "CIFValue": "cif_value", "FOBValue": "fob_value", "estCode": "est_code",
}  # fmt: skip


def our_name(field: str) -> str:
    """The name of the schema for a field of API v1.

    >>> our_name("reporterCode"), our_name("period")
    ('reporter_code', 'period_code')
    """
    return _RENAMED.get(field) or _snake(field)


def our_legacy_name(field: str) -> str:
    """The name of the schema for a field of the API of before 2023."""
    return _LEGACY_USED.get(field) or our_name(field)


def api_field(printed: str) -> str | None:
    """The field of API v1 in any of its spellings; None for another name.

    >>> api_field("TypeCode"), api_field("type_code"), api_field("colour")
    ('typeCode', 'typeCode', None)
    """
    return _BY_SPELLING.get(_spelling(printed))


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _spelling(name: str) -> str:
    """A name without underscores and capitals, which is the same in all spellings."""
    spelling = name.replace("_", "").strip().lower()
    return _MISSPELT.get(spelling, spelling)


_BY_SPELLING = {_spelling(field): field for field in API_FIELDS}

#: Columns of API v1 that the warehouse does not keep: names of codes, and second and third measures of quantity.
API_IGNORED = tuple(
    our_name(field) for field in (
        "datasetCode", "refPeriodId", "refMonth", "reporterISO", "reporterDesc", "flowDesc", "partnerISO", "partnerDesc",
        "partner2ISO", "partner2Desc", "isLeaf", "customsDesc", "mosDesc", "motDesc", "qtyUnitAbbr", "altQtyUnitCode",
        "altQtyUnitAbbr", "altQty", "isAltQtyEstimated", "grossWgt", "isGrossWgtEstimated", "legacyEstimationFlag",
    )
)  # fmt: skip
LEGACY_IGNORED = tuple(our_name(field) for field in LEGACY_FIELDS if field not in _LEGACY_USED)
