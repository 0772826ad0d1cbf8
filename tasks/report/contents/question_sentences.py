"""What the answers to founding questions say that are not series over years: a sentence each, computed from the rows.

The rows are those of the question's own query, so that a sentence holds of whatever is loaded. Each function may return None where the rows do
not carry what it says.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from tasks.report.contents.sentences import amount, billions, by, count, listed, named, percent, short
from tasks.report.model import Rows

#: From the rows and the names of places by code.
Sentence = Callable[[Rows, Mapping[str, str]], str | None]

_FORUM = "governors_forum"
_COUNTS = {
    "approved_companies": "approved since the opening",
    "registered_companies": "registered",
    "operating_companies": "in operation",
    "bases": "bases",
    "companies_stated": "not said how counted",
}


def _growth_of_both_sides(rows: Rows, _: Mapping[str, str]) -> str | None:
    """The last period, and all periods, in which both sides printed a growth rate."""
    rates: dict[str, dict[str, list[Decimal]]] = {}
    for row in rows:
        rates.setdefault(row["period"], {}).setdefault(row["reporter"], []).append(row["rate_percent"])
    both = {period: sides for period, sides in sorted(rates.items()) if {"CHN", "JPN"} <= set(sides)}
    if not both:
        return None
    apart = [period for period, sides in both.items() if max(sides["CHN"]) < 0 < min(sides["JPN"]) or max(sides["JPN"]) < 0 < min(sides["CHN"])]  # fmt: skip
    said = [f"{_period(period)} China's ministry printed {_rates(both[period]['CHN'])} and Japan {_rates(both[period]['JPN'])}" for period in apart]  # fmt: skip
    return f"In {len(apart)} of {count(len(both), 'period')} for which both sides printed a growth rate they saw it move in opposite directions{': ' if said else ''}{'; '.join(said)}."


def _both_sides_apart(rows: Rows, _: Mapping[str, str]) -> str:
    """Where the counts of China and of the investor are furthest apart."""
    furthest = max(rows, key=lambda row: abs(row["china_counts_usd"] - row["investor_counts_usd"]))
    more = sum(row["china_counts_usd"] > row["investor_counts_usd"] for row in rows)
    return (
        f"{count(len(rows), 'flow')} of a year have both sides, of which China counts {more:,} higher; furthest apart is {named(furthest['investor_name'])} in {furthest['year']}: "
        f"{billions(furthest['china_counts_usd'])} as China counts it and {billions(furthest['investor_counts_usd'])} as the investor does."
    )


def _period(period: str) -> str:
    year, _, month = period.partition("-")
    return f"up to month {int(month)} of {year}" if month else f"in {year}"


def _rates(rates: list[Decimal]) -> str:
    shown = dict.fromkeys(f"{rate:+.1f}\u00a0%".replace("-", "−") for rate in sorted(rates))
    return " to ".join((next(iter(shown)), *list(shown)[1:][-1:]))


def _visits(rows: Rows, _: Mapping[str, str]) -> str:
    events = {row["event"]: row["started_on"] for row in rows}
    persons = {row["person"] for row in rows if row["person"]}
    visited = {row["organisation"] for row in rows if row["visited"]}
    years = by([{"year": day.year, "event": event} for event, day in events.items() if day], "year")
    most = max(years, key=lambda year: (len(years[year]), year))
    return (
        f"{count(len(events), 'event')} from {min(years)} to {max(years)}, {len(years[most])} of them in {most}, with {count(len(persons), 'person', 'persons')} named; "
        f"{count(len(visited), 'company or office', 'companies or offices')} visited in them {'is' if len(visited) == 1 else 'are'} on record."
    )


def _governors_forums(rows: Rows, names: Mapping[str, str]) -> str | None:
    forums = [row for row in rows if row["event"].startswith(_FORUM)]
    if not forums:
        return None
    said = []
    for day, of_forum in by(forums, "started_on").items():
        regions = {row["side"]: row["regions"] for row in of_forum}
        said.append(f"{regions.get('China', 0)} and {regions.get('Japan', 0)} in {day.year}")
    northeast = {"CN-LN", "CN-JL", "CN-HL"}
    of_northeast = [f"{listed([names[place] for place in sorted(there)])} in {row['started_on'].year}" for row in forums if (there := northeast & set(row["places"].split()))]  # fmt: skip
    return f"Chinese provinces and Japanese prefectures at the governors' forums: {listed(said)}. Of the Northeast came {'; '.join(of_northeast) or 'nobody'}."


def _neighbours(rows: Rows, names: Mapping[str, str]) -> str:
    nearest = sorted(rows, key=lambda row: row["km"])
    said = [f"{names.get(row['counterpart'], row['counterpart'])} {row['km']:,.0f} km" for row in nearest]
    japan = next((f" Japan is the {_ordinal(number)} nearest of them." for number, row in enumerate(nearest, 1) if row["counterpart"] == "JPN"), "")  # fmt: skip
    return f"Between main cities, from {names.get(nearest[0]['place'], nearest[0]['place'])}: {listed(said)}.{japan}"


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _trade_of_places(rows: Rows, place: str) -> str | None:
    """The last whole year of each place's exports and imports."""
    yearly = [row for row in rows if row["freq"] == "A" and row["exports_and_imports_usd"] is not None]
    last = [max(of_place, key=lambda row: row["year"]) for of_place in by(yearly, place).values()]
    said = [f"{row[place]} {billions(row['exports_and_imports_usd'])} in {row['year']}" for row in sorted(last, key=lambda row: -row["exports_and_imports_usd"])]  # fmt: skip
    return f"Exports and imports with Japan, last whole year on record of each: {listed(said)}." if said else None


def _intensity(rows: Rows, _: Mapping[str, str]) -> str:
    by_size = sorted(rows, key=lambda row: -row["location_quotient"])
    said = [f"{row['place_name']} {row['location_quotient']:.1f} times in {row['year']}" for row in by_size]
    above = sum(row["location_quotient"] > 1 for row in rows)
    return f"Japan's part of their trade over its part of China's: {listed(said)}. More than once, as for {above} of {len(rows)}, is more than their whole trade lets expect."


def _shares_of_the_northeast(rows: Rows, _: Mapping[str, str]) -> str:
    said = []
    for indicator, of_indicator in by(rows, "indicator").items():
        words = indicator.replace("_", " ").replace("share of own", "share of its own").replace("china", "China's").replace("japan", "Japan")  # fmt: skip
        ends = sorted(of_indicator, key=lambda row: row["year"])
        parts = [f"{percent(float(ends[end]['percent']) / 100, 1)} in {ends[end]['year']}" for end in dict.fromkeys((0, len(ends) - 1))]  # fmt: skip
        said.append(f"{words} {listed(parts)}")
    return f"The Northeast's {'; its '.join(said)}."


def _concentration(rows: Rows, names: Mapping[str, str]) -> str:
    shares = [f"{row['place_name']}'s part of {_topic(row['topic'])} was {percent(row['share'])} in {row['year']}" for row in rows if row["share"] is not None]  # fmt: skip
    if shares:
        return f"{'; '.join(shares)}."
    ratios = [
        f"{_topic(row['topic'])} {percent(row['ratio_of_unlike'])} ({row['place_name']} {row['year']} over {_whole(row['whole'], row['whole_years'], names)})"
        for row in rows
        if row["ratio_of_unlike"] is not None and row["ratio_of_unlike"] <= 1
    ]
    return f"No part and whole are of one year and one dataset; of unlike years, an order of magnitude alone: {'; '.join(ratios)}."


def _whole(whole: str, years: str, names: Mapping[str, str]) -> str:
    """A whole with the years of its parts: Jilin 2011 and Liaoning 2009, or Liaoning 2010."""
    parts = [part.split() for part in years.split(", ")]
    if all(len(part) == 1 for part in parts):
        return f"{names.get(whole, whole)} {years}"
    return listed([f"{names.get(place, place)} {year}" for place, year in parts])


def _topic(topic: str) -> str:
    return topic.removesuffix("_usd").replace("_by_unknown_basis", "").replace("_", " ").replace("japanese", "Japanese").replace("japan", "Japan").replace("fdi", "FDI")  # fmt: skip


def _japans_investment_by_province(rows: Rows, _: Mapping[str, str]) -> str | None:
    said = []
    for measure, words in (("utilised_cumulative_usd", "used up to then"), ("stated_cumulative_usd", "in all, not said how counted"), ("utilised_usd", "used in the year")):  # fmt: skip
        stated = [row for row in rows if row["freq"] == "A" and row[measure] is not None]
        if stated:
            largest = max(stated, key=lambda row: row[measure])
            said.append(f"{amount(largest[measure])} dollars {words} ({largest['province_name']}, {largest['year']})")
    return f"The largest of each count: {'; '.join(said)}. The counts are different things." if said else None


def _japans_investment_by_city(rows: Rows, _: Mapping[str, str]) -> str:
    said = [f"{row['reporter_name']} {amount(row['value_usd'])} dollars by {row['period']}" for row in sorted(rows, key=lambda row: -row["value_usd"])]  # fmt: skip
    return f"Japan's investment used up to a month or year: {listed(said)}."


def _fdi_by_province(rows: Rows, _: Mapping[str, str]) -> str | None:
    """The last year in which one publisher's table has the provinces."""
    years = {year: [row for row in of_year if row["utilised_usd"] is not None] for year, of_year in by(rows, "year").items()}  # fmt: skip
    full = [year for year, of_year in years.items() if len(of_year) >= 20]
    if not full:
        return None
    of_last = sorted(years[max(full)], key=lambda row: -row["utilised_usd"])
    liaoning = next((f", Liaoning {_ordinal(number)} with {amount(row['utilised_usd'])}" for number, row in enumerate(of_last, 1) if row["province"] == "CN-LN" and number > 1), "")  # fmt: skip
    return f"In {max(full)}, the last year with figures of {len(of_last)} provinces, {of_last[0]['province_name']} received most, {amount(of_last[0]['utilised_usd'])} dollars{liaoning}."


def _companies_by_province(rows: Rows, _: Mapping[str, str]) -> str:
    said = []
    for place, of_place in by(rows, "place_name").items():
        stated = [(row["year"], row[unit], words) for row in of_place for unit, words in _COUNTS.items() if row[unit] is not None and not row["is_doubtful"]]  # fmt: skip
        if stated:
            year, value, words = max(stated, key=lambda one: one[0])
            said.append(f"{place} {value:,} ({words}, {year})")
    doubtful = sum(row["is_doubtful"] for row in rows)
    left_out = f" {count(doubtful, 'doubtful count is', 'doubtful counts are')} in the table alone." if doubtful else ""
    return f"The newest count of Japanese companies of each place: {'; '.join(said)}. They do not compare.{left_out}"


def _companies_by_region(rows: Rows, _: Mapping[str, str]) -> str | None:
    ordered = sorted(rows, key=lambda row: -row["registered_companies"])
    liaoning = next((row for row in ordered if row["place"] == "CN-LN"), None)
    if liaoning is None or liaoning is ordered[0]:
        return None
    times = ordered[0]["registered_companies"] / liaoning["registered_companies"]
    return f"In {ordered[0]['year']} {ordered[0]['place_name']} had {ordered[0]['registered_companies']:,} registered companies, {times:.1f} times Liaoning's {liaoning['registered_companies']:,}."


def _openings(rows: Rows, _: Mapping[str, str]) -> str:
    dated = [row for row in rows if row["opened_on"]]
    said = [count(len(of_kind), kind.replace("high_speed_rail", "high-speed line").replace("_", " ")) for kind, of_kind in by(rows, "kind").items()]  # fmt: skip
    first, last = min(dated, key=lambda row: row["opened_on"]), max(dated, key=lambda row: row["opened_on"])
    undated = f", {len(rows) - len(dated)} of them without a date" if len(dated) < len(rows) else ""
    return f"{listed(said)}{undated}: the first is {first['name']} of {first['opened_on'].year}, the last {last['name']} of {last['opened_on'].year}."


def _before_and_after(rows: Rows, _: Mapping[str, str]) -> str:
    judged = [row for row in rows if row["placebo_share"] is not None]
    rare = sum(row["placebo_share"] <= 0.05 for row in judged)
    events = len({row["studied_event"] for row in rows})
    return (
        f"Of {count(len(judged), 'case')} after {count(events, 'event')}, {rare} moved further than all but one in twenty of the provinces and years without such an event; "
        f"chance alone would make it about {len(judged) * 0.05:.0f}. No effect is shown by that."
    )


def _ties(rows: Rows, _: Mapping[str, str]) -> str:
    dated = [row for row in rows if row["opened_on"]]
    first, last = min(dated, key=lambda row: row["opened_on"]), max(dated, key=lambda row: row["opened_on"])
    northeast = sum(any(place.startswith(("CN-21", "CN-22", "CN-23", "CN-LN", "CN-JL", "CN-HL")) for place in row["places"].split(";")) for row in rows)  # fmt: skip
    return f"{count(len(rows), 'tie')} between provinces or cities of China and Japan, {northeast} of them with the three provinces; the first is {first['name']} of {first['opened_on'].year}, the last {last['name']} of {last['opened_on'].year}."


def _free_trade_zones(rows: Rows, _: Mapping[str, str]) -> str:
    first = min(rows, key=lambda row: row["year"])
    three = {"CN-LN": "Liaoning", "CN-JL": "Jilin", "CN-HL": "Heilongjiang"}
    opened = {place: row["year"] for row in rows for place in row["places"].split(";") if place in three}
    with_one = [f"{three[place]} in {year}" for place, year in sorted(opened.items(), key=lambda item: item[1])]
    without = [f"{name} has none on record" for place, name in three.items() if place not in opened]
    return f"{count(len(rows), 'zone')} from {first['year']} ({short(first['name'])}) to {max(row['year'] for row in rows)}; of the three provinces {'; '.join([*with_one, *without])}."


SENTENCES: Mapping[str, Sentence] = {
    "fdi_by_both_sides_2001_2012": _both_sides_apart,
    "fdi_both_sides": _growth_of_both_sides,
    "visits": _visits,
    "governors_forums": _governors_forums,
    "neighbours": _neighbours,
    "trade_with_japan_by_province": lambda rows, _: _trade_of_places(rows, "province_name"),
    "trade_with_japan_by_city": lambda rows, _: _trade_of_places(rows, "city_name"),
    "intensity_of_trade_with_japan": _intensity,
    "share_of_the_northeast_in_trade_with_japan": _shares_of_the_northeast,
    "concentration_in_liaoning_and_dalian": _concentration,
    "japans_investment_by_province": _japans_investment_by_province,
    "japans_investment_by_city": _japans_investment_by_city,
    "fdi_by_province": _fdi_by_province,
    "japanese_companies_by_province": _companies_by_province,
    "japanese_companies_by_region": _companies_by_region,
    "openings": _openings,
    "before_and_after_visits_and_openings": _before_and_after,
    "ties": _ties,
    "free_trade_zones": _free_trade_zones,
}


def sentence(question: str, rows: Rows, names: Mapping[str, str]) -> str | None:
    """The sentence of a question that has one of its own; None where its rows are series over years, or do not carry it."""
    of: Any = SENTENCES.get(question)
    said: str | None = of(rows, names) if of else None
    return said
