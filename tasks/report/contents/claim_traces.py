"""Where the figures behind a verdict are printed: for each claim what its figures lead to, and what else it was computed from."""

from collections.abc import Mapping
from dataclasses import dataclass

from tasks.report.model import Behind, Trace

#: SQL for the place whose name a figure's words begin with, and for the first year in them.
PLACE = "(SELECT any_value(p.place) FROM ref.place AS p WHERE p.place LIKE 'CN%' AND (starts_with(about, p.name || ' ') OR starts_with(about, p.name || ',')))"
YEAR = "nullif(regexp_extract(about, '\\b(?:19|20)[0-9]{2}\\b'), '')"

_THREE = {"CN-LN": "Liaoning", "CN-JL": "Jilin", "CN-HL": "Heilongjiang"}
_TRADE, _INVESTMENT = Trace("trade", ("place", "=JPN")), Trace("fdi", ("place", "=JPN"))


@dataclass(frozen=True)
class Printed:
    """What the figures of a claim lead to, and the printed rows that they were computed from."""

    traces: tuple[Trace, ...]
    behind: tuple[Behind, ...] = ()


def _indicator(indicator: str, words: str, *years: str) -> tuple[Behind, ...]:
    return tuple(
        Behind(f"{words} of {name} in {year}", "indicator", (place, indicator), year)
        for place, name in _THREE.items()
        for year in years
    )


def _of_japan(kind: str, words: str, *places: tuple[str, str]) -> tuple[Behind, ...]:
    return tuple(
        Behind(f"{words} of {_THREE.get(place, 'the three together')} in {year}", kind, (place, "JPN"), year)  # type: ignore[arg-type]
        for place, year in places
    )


def _of_china(counterpart: str, *years: str) -> Printed:
    behind = tuple(Behind(f"China's figures of {year}", "fdi", ("CHN", counterpart), year) for year in years)
    return Printed((Trace("fdi", ("=CHN", f"={counterpart}")), Trace("fdi", ("=CHN", f"={counterpart}"), f"={years[0]}")), behind)  # fmt: skip


def _rates(reporter: str, counterpart: str) -> Printed:
    return Printed((Trace("rates", (f"={reporter}", f"={counterpart}")), Trace("fdi", (f"={reporter}", f"={counterpart}"))))  # fmt: skip


_SAPPORO = Printed((Trace("visits", ("=governors_forum_2018",), "=governors_forum_2018"),))
_BOTH_PROVINCES = (("CN-LN", "2009"), ("CN-JL", "2011"))
_TRADE_OF_BOTH = _of_japan("trade", "trade with Japan", *_BOTH_PROVINCES)
_INVESTMENT_OF_BOTH = _of_japan("fdi", "Japan's investment, cumulated,", *_BOTH_PROVINCES)
_NORTHEAST = Trace("indicator", ("=CN_NORTHEAST", "=share_of_own_exports_going_to_japan"))

#: By the name of a claim, or what it begins with: the longest that fits counts.
_PRINTED: Mapping[str, Printed] = {
    "E1": Printed((Trace("indicator", ("place", "=gdp")), Trace("indicator", ("=CN-LN", "=gdp"), "=2011"))),
    "E1_high": Printed((Trace("indicator", ("place", "=gdp")),), _indicator("gdp", "output", "2003", "2011")),
    "E2_population": Printed((Trace("indicator", ("=CN-LN", "=population"), "=2010"),), _indicator("population", "residents", "2010")),
    "E4_partner": Printed((_TRADE, _NORTHEAST), _TRADE_OF_BOTH),
    "E4_investor": Printed((_INVESTMENT,), (*_of_japan("fdi", "Japan's investment, cumulated,", ("CN-LN", "2009")), Behind("all investment of Liaoning in 2009", "fdi", ("CN-LN", "WLD"), "2009"))),
    "E5_investment": Printed((_INVESTMENT,), _INVESTMENT_OF_BOTH),
    "E5": Printed((_TRADE,), _TRADE_OF_BOTH),
    "E6_investment": Printed((_INVESTMENT,), _INVESTMENT_OF_BOTH),
    "E6": Printed((_TRADE,), _TRADE_OF_BOTH),
    "E7_concentrated": Printed((Trace("trade", ("=CN-LN", "=JPN"), "=2009"),), (*_TRADE_OF_BOTH, *_INVESTMENT_OF_BOTH)),
    "E7_few": Printed((Trace("presence", ("=CN-JL", "=JPN"), "=2011"),), _of_japan("presence", "companies", ("CN-JL", "2011"), ("CN_NORTHEAST", "2012"))),
    "E8_expressways": Printed((Trace("indicator", ("place", "=expressway_length")),), _indicator("expressway_length", "expressways", "1999")),
    "E8_lines": Printed((Trace("milestones", ("=high_speed_rail",), "=Qinhuangdao-Shenyang"),)),
    "N1_steady_by_japan": _rates("JPN", "CHN"),
    "N1_steady": _rates("CHN", "JPN"),
    "N1": _of_china("JPN", "2012", "2016"),
    "N1_peak": _of_china("JPN", "2012"),
    "N1_highest": _of_china("JPN", "2013"),
    "N2_usa_path": _rates("CHN", "USA"),
    "N2_eu_path": _rates("CHN", "EU_AT_THE_TIME"),
    "N2_usa": _of_china("USA", "2012", "2016"),
    "N2_eu": _of_china("EU_AT_THE_TIME", "2012", "2016"),
    "N2_kor": _of_china("KOR", "2012", "2016"),
    "N3": _of_china("JPN", "2017", "2016"),
    "N4": _SAPPORO,
    "N6": _SAPPORO,
    "N9": Printed((Trace("milestones", ("=free_trade_zone",), "=Sichuan Pilot Free Trade Zone"),)),
    "N11": Printed((Trace("visits", ("=heilongjiang_delegation_2018_05",), "=heilongjiang_delegation_2018_05"),)),
}  # fmt: skip


def printed(claim: str) -> Printed:
    """What the figures of a claim lead to."""
    fitting = [name for name in _PRINTED if claim.startswith(name)]
    return _PRINTED[max(fitting, key=len)] if fitting else Printed(())
