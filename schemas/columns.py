"""The registry of column meanings: one name, one meaning, one unit, in every table that has it.

A schema class declares the type and the checks of a column, this registry its meaning. A name has the same meaning in
every table: a column that means something else gets another name.
"""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Meaning:
    """What a column holds. ``unit`` is None where the column has none."""

    description: str
    unit: str | None = None


#: Columns of what there is at a moment: positions and stocks, cumulative amounts, numbers of companies and people, lengths in operation.
_STOCKS = re.compile(
    r"position|stock|cumulative|(^|_)(companies|bases|residents|club_members|population)(_stated)?(_partial)?$|_km(_partial)?$"
)


def is_stock(column: str) -> bool:
    """Whether a value column is what there is at a moment, so that values of several years are not added.

    By its name: ``entrepot sql`` asks before each answer, and importing the schemas that declare the columns takes longer than most.
    """
    return _STOCKS.search(column) is not None


def _m(description: str, unit: str | None = None) -> Meaning:
    return Meaning(description, unit)


MEANINGS: dict[str, Meaning] = {
    # who, whom, what, when
    "number": _m("Place in the list, from 1"),
    "id": _m("Short name of the question or claim, which does not change"),
    "document": _m("Document that says it"),
    "passage": _m("Where in the document the statement stands"),
    "figure_unit": _m("What the figures of a claim are in, and what they are"),
    "statement": _m("What the document says, in the project's own words"),
    "verdict": _m("supported, contradicted, mixed (sources disagree) or no data"),
    "off_by": _m(
        "How far the figure that contradicts most is from what would support the statement, in the unit of the claim"
    ),
    "supported_by": _m("Figures that support the statement, each with source and vintage"),
    "contradicted_by": _m("Figures that contradict the statement, each with source and vintage"),
    "comparison": _m("How a figure has to stand to the expected one: equals, at least, at most, more than, less than"),
    "expected": _m("The figure that the statement expects, in the unit of the claim"),
    "tolerance": _m("By how much a figure may miss the expected one, in the unit of the claim"),
    "statements": _m(
        "Statements of the founding documents that the question is behind: N1 to N14 (Nikkei Asian Review), E1 to E9 (ERINA)"
    ),
    "question": _m("The question in words"),
    "state": _m("answered, answered in part, or no figure"),
    "sql": _m("Query over the published file; NULL where there is no figure"),
    "missing": _m("What the answer lacks, or what a verdict would need; NULL where nothing is missing"),
    "obtainable": _m("Where what is missing could be had"),
    "source": _m("Id of the source this was loaded from (ref.source)"),
    "dataset": _m("Series of publications within the source: later releases of one dataset revise earlier ones"),
    "reporter": _m("Place code of the economy or province whose statistics these are"),
    "reporter_name": _m("English name of the reporter"),
    "partner": _m(
        "Place code of the partner: destination of exports, origin of imports; among figures WLD is all partners, in facts _X what is not allotted to one"
    ),
    "partner_name": _m("English name of the partner"),
    "counterpart": _m(
        "Place code of the other side of the investment, tie or pair; among figures WLD is all of them, in facts _X what is not allotted to one"
    ),
    "counterpart_name": _m("English name of the counterpart"),
    "origin": _m("Place code of the economy or prefecture the investor or company comes from"),
    "origin_name": _m("English name of the origin"),
    "place": _m(
        "Place code (ref.place): ISO 3166-1 alpha-3, ISO 3166-2, CN- and GB/T 2260, JP- and JIS, or a group's name"
    ),
    "place_name": _m("English name of the place"),
    "flow": _m(
        "Direction of trade as the reporter sees it: export, import, export_and_import (both together, where only that is printed), re_export, re_import, domestic_export, foreign_import or a flow of processing trade; all but the first two are never added to them"
    ),
    "valuation": _m("Basis of valuation: FOB, CIF, FAS or unknown; never inferred from the flow alone"),
    "basis": _m(
        "For provinces: operator_location (where the trading firm is registered) or goods_place (origin or destination of the goods); empty for economies"
    ),
    "classification": _m("Product classification and edition: TOTAL, HS1992 to HS2022, SITC1 to SITC4, BEC4, BEC5"),
    "product": _m(
        "Product code in its classification, as text; among figures TOTAL is all goods, in facts _X what is not allotted to one"
    ),
    "product_name": _m("English name of the product"),
    "concept": _m(
        "FDI concept: figures of different concepts are never added or compared as one series (ref.fdi_concept)"
    ),
    "accounting": _m("flow (transactions of the period), position (stock at its end) or income"),
    "direction": _m("inward or outward (directional principle), liabilities or assets (asset/liability principle)"),
    "principle": _m("directional, asset_liability or unknown"),
    "instrument": _m("total, equity, reinvested_earnings or debt"),
    "derivation": _m("reported by the reporter, or derived_from_counterpart"),
    "sector_scope": _m("all, non_financial (without banking, securities, insurance) or unknown"),
    "industry": _m("Industry of the enterprise invested in; TOTAL is all"),
    "indicator": _m("Code of the indicator (ref.indicator)"),
    "indicator_name": _m("English name of the indicator"),
    "counting_unit": _m(
        "What is counted: bases, registered_companies, approved_companies (since the opening, whether or not they still exist), operating_companies, parent_companies, companies_stated, club_members or residents; different units are never added"
    ),
    "approximate": _m("True if the publisher says that the number is about so much, or it is clearly rounded"),
    "measure": _m("growth_on_year or share_of_total"),
    "rate_basis": _m("Currency in which a growth rate was measured: CNY, JPY, USD or unknown"),
    "rate_percent": _m("The printed rate", "percent"),
    "freq": _m("A year, Q quarter, M month, YTD cumulative since January, D day"),
    "period": _m("The period in SDMX text: 2016, 2016-Q1, 2016-09, 2016-09-30"),
    "period_start": _m("First day of the period (1 January for YTD)"),
    "period_end": _m("Last day of the period"),
    "year": _m("Calendar year of the period"),
    "as_of": _m("Day of the count; the last day of the month where only the month is known"),
    # values
    "value": _m("The value in units of the currency or unit, multiples resolved exactly"),
    "value_usd": _m(
        "The value in US dollars: the publisher's own where it gave dollars, else converted with the period's rate (average for flows, end of period for positions)",
        "USD",
    ),
    "currency": _m(
        "ISO 4217 code of the currency of value; of an amount in US dollars that of the published amount: converted where it is not USD"
    ),
    "unit": _m("Base unit of value (persons, km, CNY, CNY per USD)"),
    "quantity": _m("Quantity in quantity_unit"),
    "quantity_unit": _m("Unit of quantity"),
    "net_weight_kg": _m("Net weight", "kg"),
    "printed_value": _m("The number as printed, without thousands separators; NULL where nothing is printed"),
    "printed_unit": _m("The unit as printed (ref.unit)"),
    "obs_status": _m(
        "SDMX observation status: A normal, B break, D definition differs, E estimated, P provisional, O missing or no longer published, and others of CL_OBS_STATUS"
    ),
    "fx_rate": _m("Rate used for value_usd, units of currency per US dollar; NULL where none was needed"),
    "fx_source": _m("Dataset of the rate used for value_usd"),
    # provenance
    "published_on": _m(
        "Day on which the publisher published this figure; the last day of the month or year where only that is on record; NULL where it is not known"
    ),
    "published_precision": _m(
        "How exactly published_on is known: day, month, year or unknown; year without a day for a year that was not over when the file was received"
    ),
    "known_from": _m("When this warehouse first learned of this value"),
    "artifact": _m("sha256 of the archived bytes it was read from (meta.artifacts)"),
    "publisher": _m("Publisher of the figure"),
    "title": _m("Title of the document, page or table it was read in"),
    "address": _m("Address of the document"),
    "seen_via": _m("Publication in which it was read, where it was not read from the publisher itself"),
    "note": _m("What a reader must know about this row"),
    "preferred": _m("True for the one figure to use where several exist, by the rule stated for the table"),
    "edition": _m("Number of the edition (meta.editions) whose value this is: one release of one dataset's partition"),
    "superseded_by": _m("Number of the edition whose value replaced this one; NULL for the current version"),
    "first_known_by": _m(
        "Number of the edition through which this value was first known here, where that is not edition"
    ),
    "citation": _m("Number of the citation (meta.citations); NULL where the edition's own citation holds"),
    "part": _m("Number of the row of core.trade_part with the columns that are equal for many rows"),
    "product_number": _m("Number of the product among those of core.trade_bulk (core.trade_product)"),
    "slice": _m("Number of the row of core.trade_slice with the columns that are equal for many rows"),
    "reporter_key": _m("Integer key of the reporter (ref.place.place_key)"),
    "partner_key": _m("Integer key of the partner (ref.place.place_key)"),
    "product_key": _m("Integer key of the product (ref.product.product_key)"),
    # events and milestones
    "event": _m("Slug of the event, the same in every participant's row"),
    "kind": _m("Kind of the thing described"),
    "started_on": _m("First day of the event"),
    "ended_on": _m("Last day of the event"),
    "date_precision": _m("How exactly the dates are known: day, month, year or fiscal_year"),
    "held_in": _m("Place codes of where it took place, separated by semicolons"),
    "side": _m("China or Japan: whose side the participant is on"),
    "organisation": _m("Company, ministry, office or government the participant is or belongs to"),
    "person": _m("Name of the person as printed"),
    "office": _m("The person's office as printed"),
    "visited": _m("True where the participant is a company or office the other side called on"),
    "purpose": _m("What the event was for"),
    "name": _m("English name; the local name where no English one is on record"),
    "opened_on": _m(
        "Day of opening; where only a month or year is known its last day in milestone_figures, NULL in milestones"
    ),
    "opened_precision": _m("How exactly opened_on is known: day, month, year or unknown"),
    "length_km": _m(
        "Length of the whole line; in milestone_figures repeated in the row of every place on it: do not add", "km"
    ),
    "design_speed_kmh": _m("Design speed", "km/h"),
    # reference
    "place_key": _m("Integer key of the place, never changed once assigned"),
    "name_zh": _m("Chinese short name"),
    "name_zh_official": _m("Chinese official name"),
    "name_ja": _m("Japanese name"),
    "parent": _m("Place code of the place this one lies in"),
    "valid_from": _m("First day on which the row is valid; NULL: no first day"),
    "valid_to": _m("First day on which the row is no longer valid; NULL: still valid"),
    "is_aggregate": _m("True for groups of places: never add them to their members"),
    "scheme": _m("Code scheme: iso3166_1_alpha2, m49, comtrade, baci, world_bank, imf, eurostat, gb2260 …"),
    "code": _m("The code in its scheme, as text"),
    "language": _m("en, zh or ja"),
    "place_group": _m("Place code of the group"),
    "member": _m("Place code of the member"),
    "membership_source": _m("Source of the membership"),
    "predecessor": _m("Place code of the earlier place"),
    "successor": _m("Place code of the place that followed it, or separated from it"),
    "succeeded_on": _m("First day of the successor as trade statistics book it; a last day of a month means the month"),
    "level": _m("Number of characters of the product code, 0 for TOTAL"),
    "description": _m("What it means"),
    "correction": _m("Slug of a declared correction"),
    "concerns": _m("SQL condition on conformed rows of the dataset and period that selects the wrong figures"),
    "expectation": _m("SQL condition on aggregates of these rows that is true as long as they are wrong"),
    "alias": _m("What people write for the place"),
    "reason": _m("Why figures or rows are kept out, why a dataset has its rank, or why an alias means the place"),
    "base_unit": _m("Unit in which values are stored"),
    "multiplier": _m("How many base units one printed unit is"),
    "quotation": _m("How many foreign units a printed exchange rate is for (1 or 100)"),
    "unit_kind": _m(
        "Kind of unit it is measured in: money, count, length, rate, exchange_rate, area, angle, flag or other"
    ),
    "pair": _m("An indicator and a printed unit it may come in, as text"),
    "fx_base": _m("Currency of which one unit is quoted"),
    "fx_kind": _m("avg (average of the period) or eop (end of period); empty for rates of single days"),
    "rate": _m("Units of currency per US dollar"),
    "is_issuer": _m("True for the place whose rate is used for the currency, where several places share it"),
    "quoted": _m(
        "as_printed (per dollar), turned_round (inverse of dollars per unit) or through_euro (from rates per euro)"
    ),
    "from_classification": _m("Classification the code is translated from"),
    "from_product": _m("Code that is translated"),
    "to_classification": _m("Classification the code is translated to"),
    "to_product": _m("Code it corresponds to, wholly or in part"),
    "relation": _m(
        "How many codes correspond to how many, as printed: 1:1, 1:n, n:1, n:n; NULL where nothing is printed"
    ),
    "weight": _m("Share of the code's value that goes to the other: 1 where it is all, NULL where it is not on record"),
    "is_correlation": _m("True if the pair is in the table of correlations"),
    "is_conversion": _m("True if it is the one target that the table of conversions gives the code"),
    "is_reversed": _m("True if the table is printed in the opposite direction"),
    "family": _m(
        "Codes of both classifications that correspond to each other and to no other: the least code they have in the older one; NULL for a conversion beside the correlations"
    ),
    "licence": _m("Licence or terms of the source"),
    "redistribution": _m("Whether figures may be passed on: yes, attribution, ask"),
    "documentation": _m("Page of the source's documentation"),
    "covers": _m("What the source has figures of"),
    "units": _m("In which units its figures are"),
    "traps": _m("What a reader may take them for by mistake, one sentence a line"),
    # meta
    "filename": _m("Name of the file as received"),
    "media_type": _m("Media type of the bytes"),
    "size_bytes": _m("Size of the bytes", "bytes"),
    "received_at": _m("When this warehouse received the bytes"),
    "origin_kind": _m("How the file arrived: pull, adopt or bundled"),
    "request": _m("Request sent to the publisher, without the key; or the path of the file"),
    "publisher_stamp": _m("The publisher's own stamp: ETag, lastupdated or release"),
    "load": _m("Number of the load"),
    "loaded_at": _m("Time of the load"),
    "identity": _m("Hash of everything the result depends on: the bytes, the code that reads them, the schemas"),
    "rows_in": _m("Rows read", "rows"),
    "rows_accepted": _m("Rows accepted", "rows"),
    "rows_quarantined": _m("Rows quarantined", "rows"),
    "rows_set_aside": _m("Rows set aside on purpose, whose reasons are in meta.set_aside", "rows"),
    "rows_new": _m("Versions added for cells not seen before", "rows"),
    "rows_revised": _m("Versions added for cells with another value", "rows"),
    "rows_gone": _m("Cells marked as no longer published", "rows"),
    "rows_unchanged": _m("Cells whose value is unchanged", "rows"),
    "table_name": _m("Schema and name of the table"),
    "partition": _m("Part of the dataset that is loaded in one transaction"),
    "is_complete": _m("True if the edition states the whole partition, so that a missing cell is gone"),
    "rows_stated": _m("Rows the edition states", "rows"),
    "content_hash": _m("Hash of the rows the edition states"),
    "retracted_at": _m("When a later state of the project's bundled table withdrew this edition; NULL while it stands"),
    "row_number": _m("Number of the row among the artifact's records, from 1"),
    "rules": _m("Rules the row broke, separated by semicolons"),
    "raw": _m("The row as it was printed, as JSON"),
    "stage": _m("Step that quarantined the row: staged (the source's own table) or conformed (the warehouse's terms)"),
    "quarantined_at": _m("When it was quarantined"),
    "check_name": _m("Name of the check"),
    "checked_at": _m("When it was checked"),
    "passed": _m("True if it holds"),
    "severity": _m(
        "What a violation does: stop (nothing is published), error (the build ends with faults), warning (it is told)"
    ),
    "example": _m("The first row that violates the check"),
    "violations": _m("Rows that break it", "rows"),
    "revisions": _m("How many figures a later edition stated with another value", "figures"),
    "newly_stated": _m(
        "How many figures a later edition stated for the first time in a cell that was missing", "figures"
    ),
    "withdrawn": _m("How many figures a later edition left out or stated as missing", "figures"),
    "median_relative_difference": _m("Median of the sizes of revisions relative to the figure before, without sign"),
    "largest_relative_difference": _m("Largest size of a revision relative to the figure before, without sign"),
    "share_up": _m("Share of the revisions that made the figure larger"),
    "median_days_between": _m("Median of the days between the publication of the two editions", "days"),
    "column_name": _m("Name of the column"),
    "mart": _m("Name of the mart, without its schema"),
    "made_of": _m("Relation of the figures, or mart of the facts, that the value is made of"),
    "condition": _m(
        "SQL condition that these meet: f is a figure, c a cell of the fact, t a row of a fact, r one of the reading"
    ),
    "data_type": _m("DuckDB type of the column"),
    "is_key": _m("Whether the column is one of those whose values together identify a row"),
    "release": _m("Name of the published release"),
    "built_at": _m("When the release was built"),
    "fingerprint": _m("Hash of everything the release depends on"),
    "setting": _m("Name of the setting"),
    "setting_value": _m("Value of the setting"),
    "previous_value": _m("Value of the version before, in units of the currency or unit"),
    "previous_published_on": _m("When the version before was published"),
    "change": _m("new, revised or gone"),
    "fact": _m("Kind of figure: trade, fdi, fdi_rate, indicator, pair or presence"),
    "cell": _m("The cell of the figure, as JSON of its key columns"),
    "exporter": _m("Place code of the exporting side"),
    "exporter_name": _m("English name of the exporter"),
    "importer": _m("Place code of the importing side, whose statistics these are"),
    "importer_name": _m("English name of the importer"),
    "opposite_value_usd": _m("Trade the other way, by the other side's import statistics", "USD"),
    "total_usd": _m("Both directions added up", "USD"),
    "cumulative_value": _m("Trade from January to the month, as published, in units of the currency"),
    "previous_cumulative_value": _m("Trade from January to the month before, as published; NULL for January"),
    "derived_value": _m("The month as the difference of the two cumulatives, in units of the currency"),
    "monthly_value": _m("The month as it was published by itself; NULL where it was not"),
    "hidden_revision": _m("derived_value less monthly_value: by how much earlier months were revised without notice"),
    "balance_usd": _m("The exporter's surplus: what it sold less what it bought", "USD"),
    # mirrors
    "export_usd": _m("What the exporter's statistics say", "USD"),
    "import_usd": _m("What the importer's statistics say", "USD"),
    "mirror_status": _m("Which sides have a figure: both, exporter_only, importer_only, investor_only, host_only"),
    "gap_usd": _m("The importer's figure less the exporter's; the host's less the investor's", "USD"),
    "import_to_export": _m("The importer's figure over the exporter's", "ratio"),
    "relative_gap": _m("The gap over the mean of both figures; of investment over the mean of their sizes", "ratio"),
    "investor": _m("Place code of the economy the investment comes from"),
    "investor_name": _m("English name of the investor's economy"),
    "host": _m("Place code of the economy invested in"),
    "host_name": _m("English name of the economy invested in"),
    "outward_usd": _m("What the investor's statistics say", "USD"),
    "inward_usd": _m("What the host's statistics say", "USD"),
    # concentration, coverage, freshness
    "subject": _m("What is spread over which members: 'exports by partner', 'inward position by counterpart' …"),
    "members": _m("Single places with a figure above zero", "places"),
    "members_total": _m("What the members add up to, in USD, or in what the subject counts"),
    "published_total": _m("The publisher's own total (partner WLD), where there is one"),
    "covered_share": _m("The members' sum over the published total", "ratio"),
    "hhi": _m("Herfindahl-Hirschman index: the sum of squared shares", "ratio"),
    "hhi_normalised": _m("(H - 1/n) / (1 - 1/n)", "ratio"),
    "hhi_unctad": _m("(sqrt H - sqrt 1/n) / (1 - sqrt 1/n), as UNCTAD computes concentration", "ratio"),
    "largest": _m("Place code of the member with the largest share"),
    "largest_share": _m("Its share of the members' sum", "ratio"),
    "figures": _m("Current figures", "figures"),
    "figures_missing": _m("Figures without a value, with the reason in their status", "figures"),
    "source_title": _m("Title of the source"),
    "usual_days": _m("Days between two releases of the source, as a rule", "days"),
    "late_days": _m("Days after its last release from which on a source is late", "days"),
    "expected_by": _m("Day by which the source releases again as a rule"),
    "source_state": _m("Whether the source released when it does as a rule: current, due, late"),
    "oldest_period": _m("Oldest period with a figure"),
    "newest_period": _m("Newest period with a figure"),
    "last_published": _m("When a figure was last published, where the publisher says"),
    "last_received": _m("When a file was last received"),
    "files": _m("Archived files that the dataset's editions come from", "files"),
    "age_days": _m("Days since the last publication, or receipt where no date is on record, as of today", "days"),
    "years_behind": _m("This year less the newest year with a figure", "years"),
    # figures and facts
    "reporter_kind": _m("Kind of the reporter: economy, province, prefecture, city, group, world or unspecified"),
    "partner_kind": _m("Kind of the partner: economy, province, prefecture, city, group, world or unspecified"),
    "counterpart_kind": _m("Kind of the counterpart: economy, province, prefecture, city, group, world or unspecified"),
    "place_kind": _m("Kind of the place: economy, province, prefecture, city, group, world or unspecified"),
    "kind_of_origin": _m("Kind of the origin: economy, province, prefecture, city, group, world or unspecified"),
    "product_level": _m("total, chapter (two digits), heading (four), subheading (six) or other"),
    "measurement": _m(
        "reported, derived from counterpart (the counterpart's report seen from this side), or reconciled from both sides"
    ),
    "is_preferred": _m("True for the one figure to use of those of one cell (ref.preference); each cell has one"),
    "preference_reason": _m("Why the figure is the preferred one, or which one it steps behind and why"),
    "other_figures": _m("How many other figures there are of the same cell", "figures"),
    "spread": _m("Largest less smallest figure of the cell, over this one; empty where there is one figure", "ratio"),
    "is_residual": _m(
        "True for a row _X whose value, or one of whose values, is or has in it the difference between a published total and its members (the method of the value says which)"
    ),
    "residual_is_negative": _m(
        "True if members are more than the published total, beyond rounding, in a value of the row"
    ),
    "exports_valuation": _m("Basis of valuation of exports_usd: FOB, FAS or unknown"),
    "imports_valuation": _m("Basis of valuation of imports_usd: CIF, FOB or unknown"),
    "month": _m("Month as 2019-08; _X for what the months do not reach of the year"),
    "month_start": _m("First day of the month; NULL for _X"),
    "province": _m("Place code of the province; _X is not allotted to a province"),
    "province_name": _m("English name of the province"),
    "country": _m("Place code of the economy the province lies in"),
    "economy": _m("Place code of the economy the place lies in, as the publisher counts it"),
    "origin_region": _m(
        "Place code of the prefecture of the headquarters where counted by it; _X is not allotted to one"
    ),
    "origin_region_name": _m("English name of the region of origin"),
    "unit_as_published": _m("Unit as the publisher names it: LCU where it is local currency"),
    "is_rounded": _m("True if more than six decimals were printed: exact in printed_value and indicator_figures"),
    "additive_over": _m(
        "'places of one kind' where values of one unit may be added over places, otherwise 'nothing': growth, per head, shares, rates, indices"
    ),
    "is_seam": _m(
        "True if the figure of the year before is of another release or dataset, so that growth across the two is not growth (SDMX status B)"
    ),
    "average": _m("Average of the period, units of currency per US dollar"),
    "end_of_period": _m("Rate at the end of the period, units of currency per US dollar"),
    "average_exact": _m("average with all its digits"),
    "end_of_period_exact": _m("end_of_period with all its digits"),
    "average_from": _m(
        "Provenance of average; its method says how the rate was quoted: as_printed, turned_round or through_euro"
    ),
    "end_of_period_from": _m("Provenance of end_of_period; its method says how the rate was quoted"),
    "seams": _m(
        "Value columns whose figure differs from that of the year before in publisher, in what is counted (scope, valuation) or in the printed currency, and how: growth across a seam is not growth; NULL where none does"
    ),
    "members_within": _m(
        "Place codes of the members that have a figure of their own, which is within the group's, separated by semicolons; NULL for one that is no group or has none"
    ),
    "milestone": _m("Key of the milestone: its kind and name, of a tie its two places"),
    "place_count": _m("How many places it lies in", "places"),
    "places": _m("Place codes, separated by semicolons"),
    "opened_from": _m("First day on which it may have opened"),
    "opened_to": _m("Last day on which it may have opened"),
    "length_there_km": _m("Length in this place; in the row _X the length of a line in several places", "km"),
    "other_dates": _m("How many different dates are in print", "dates"),
    "status": _m(
        "SDMX observation status of the figure: A normal, B break, E estimated, P provisional and others of that code list"
    ),
    "method": _m(
        "published; cumulated to December; sum of chapters, months or quarters; difference of cumulative figures; end of the year; rest of a total; rounding; a published figure with the rest of a total or the rounding"
    ),
    "total_method": _m(
        "How the total was found that the rows add up to; 'none published' where there is none, 'of the partner alone: …' or 'of the part alone: …' where only that of one partner or of one product or month is known"
    ),
    "missing_side": _m(
        "Why a side has no figure: 'published nothing' for this partner, or its partners are 'not loaded'"
    ),
    "value_from": _m("Provenance of value_usd"),
    "opposite_from": _m("Provenance of opposite_value_usd"),
    "export_from": _m("Provenance of export_usd"),
    "import_from": _m("Provenance of import_usd"),
    "outward_from": _m("Provenance of outward_usd"),
    "inward_from": _m("Provenance of inward_usd"),
    "outward_is_derived": _m(
        "True if outward_usd is not the investor's report but derived from the host's counterpart data"
    ),
    "inward_is_derived": _m(
        "True if inward_usd is not the host's report but derived from the investor's counterpart data"
    ),
    "why_not": _m("Why there is no measure or value here; NULL where there is one"),
    "difference": _m("value less previous_value; NULL where one of them is missing"),
    "relative_difference": _m("difference over the size of previous_value", "ratio"),
    "direction_of_change": _m("up or down; NULL where one of the values is missing or they are equal"),
    "days_between": _m("Days from the publication of the version before to that of this one", "days"),
    "figures_without_usd": _m(
        "Amounts without a value in US dollars, for want of an exchange rate of their period", "figures"
    ),
    "figures_undated": _m(
        "Figures without a date of publication: as_of counts them from the day of receipt", "figures"
    ),
    "figures_preferred": _m("Figures that are the preferred ones of their cells", "figures"),
    "dataset_prefix": _m("Beginning of the dataset's name; empty for all datasets of the source"),
    "rank": _m("Order of preference, the lowest first"),
    "visits_by_chinese": _m("Those of japan_visits in which a Chinese participant took part", "events"),
    "visits_by_japanese": _m("Those of japan_visits in which a Japanese participant took part", "events"),
    # profiles of provinces and regions, beside the measures of schemas.profile
    "sister_ties": _m(
        "Ties with Japanese prefectures and cities concluded by the end of the year, of the province and its cities",
        "ties",
    ),
    "sister_ties_undated": _m("Further such ties of which no date is on record", "ties"),
    "free_trade_zone_since": _m("Year the pilot free trade zone was set up", "year"),
    "japan_visits": _m("Events with Japan the province took part in that began in the year", "events"),
    "provenance": _m(
        "For each number of the row: source, dataset, basis, published_on and its precision, and artifact, as JSON; of a region, by member"
    ),
    "member_count": _m("Provinces in the group at the end of the year", "places"),
    "member_places": _m("Place codes of the members at the end of the year, separated by semicolons"),
    "member_names": _m("English names of the members, in the same order"),
    "free_trade_zone_members": _m("How many members had a pilot free trade zone by the end of the year", "places"),
}


def declare(**meanings: Meaning) -> None:
    """Register the meanings of columns, in the module that declares them.

    Raises ValueError if a name is registered with another meaning: the column needs another name.
    """
    for name, meaning in meanings.items():
        if MEANINGS.setdefault(name, meaning) != meaning:
            raise ValueError(
                f"the column name {name} already means {MEANINGS[name].description!r}: choose another name"
            )
