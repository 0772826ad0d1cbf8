"""The closed vocabularies that columns draw from. Open ones (places, units, indicators) are reference tables."""

#: All but the first two are never added to them: the third is both together, as printed, the others are parts of them (IMTS 2010).
FLOWS = [
    "export", "import", "export_and_import", "re_export", "re_import", "domestic_export", "foreign_import", "import_for_inward_processing",
    "import_after_outward_processing", "export_after_inward_processing", "export_for_outward_processing",
]  # fmt: skip
VALUATIONS = ["FOB", "CIF", "FAS", "unknown"]
BASES = ["operator_location", "goods_place", "unknown"]

ACCOUNTING = ["flow", "position", "income"]
DIRECTIONS = ["inward", "outward", "liabilities", "assets"]
PRINCIPLES = ["directional", "asset_liability", "unknown"]
INSTRUMENTS = ["total", "equity", "reinvested_earnings", "debt"]
DERIVATIONS = ["reported", "derived_from_counterpart"]
SECTOR_SCOPES = ["all", "non_financial", "unknown"]
RATE_MEASURES = ["growth_on_year", "share_of_total"]
RATE_BASES = ["CNY", "JPY", "USD", "unknown"]

FREQUENCIES = ["A", "Q", "M", "YTD", "D"]

#: SDMX CL_OBS_STATUS 2.0, https://sdmx.org (cross-domain code lists).
#: What a violated check does: keep a release back, end the build as one with faults, be told.
SEVERITIES = ["stop", "error", "warning"]
OBS_STATUSES = ["A", "B", "D", "E", "F", "G", "H", "I", "J", "L", "M", "N", "O", "P", "Q", "S", "U", "V"]
#: The statuses of an observation that has no value.
MISSING_STATUSES = ["H", "L", "M", "O", "Q"]

PRECISIONS = ["day", "month", "year", "unknown"]
EVENT_PRECISIONS = ["day", "month", "year", "fiscal_year"]

COUNTING_UNITS = [
    "bases", "registered_companies", "approved_companies", "operating_companies", "parent_companies", "companies_stated",
    "club_members", "residents",
]  # fmt: skip
EVENT_KINDS = ["visit", "forum", "meeting", "seminar", "expo"]
SIDES = ["China", "Japan"]
MILESTONE_KINDS = ["high_speed_rail", "railway", "expressway", "free_trade_zone", "sister_tie", "network_length"]

PLACE_KINDS = ["economy", "province", "prefecture", "city", "group", "non_place"]
UNIT_KINDS = ["money", "count", "length", "rate", "exchange_rate", "area", "angle", "flag", "other"]
#: Number of codes on the left and on the right of a correlation, as the UN's tables print it.
RELATIONS = ["1:1", "1:n", "n:1", "n:n"]
#: How a rate per US dollar was derived.
QUOTATIONS = ["as_printed", "turned_round", "through_euro"]
REDISTRIBUTION = ["yes", "attribution", "ask"]
ORIGIN_KINDS = ["pull", "adopt", "bundled"]
