"""Answers of the Bank of Japan's time series API: series with dates and values (JSON).

The date 202404 is April of a monthly series and the *fourth quarter* of a quarterly one. A null means that there is no value. Errors have a
STATUS of their own and a MESSAGEID. Keys end in ``_J`` where an answer is in Japanese.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from tasks.sources._shared.tables import rows_beside
from warehouse.errors import LayoutChanged, Unknown

COLUMNS = (
    "database", "series_code", "series_name", "survey_frequency", "survey_date", "series_unit", "updated_on", "freq", "period",
    "place", "indicator", "mapped_unit", "figure",
)  # fmt: skip
#: The series that the project keeps, by database and code; users name others in the vocabulary of the home folder.
SERIES = {(row["database"], row["series_code"]): row for row in rows_beside(__package__ or "", "series.csv")}
#: MESSAGEID of an answer without data.
NO_DATA = "M181030I"

Answer = Mapping[str, Any]


def checked(parsed: Any, filename: str) -> Answer:
    """Parsed JSON as an answer of the API. Raises LayoutChanged if it is not one."""
    if not isinstance(parsed, dict) or not {"STATUS", "MESSAGEID"} <= parsed.keys():
        raise LayoutChanged(f"not an answer of the Bank of Japan's API, it has no STATUS and MESSAGEID: {filename}")
    return parsed


def describe(answer: Answer, filename: str) -> str:
    """How many series of which database an answer has, in words. Raises Unknown for an answer without figures."""
    if str(answer["STATUS"]) != "200" or answer["MESSAGEID"] == NO_DATA:
        raise Unknown(f"no data: {filename}. The Bank of Japan answers {answer['MESSAGEID']}: {answer.get('MESSAGE')}")
    if "PARAMETER" not in answer:
        raise Unknown(f"an answer of the Bank of Japan that describes series and has no figures: {filename}")
    codes = {series["SERIES_CODE"] for series in answer["RESULTSET"]}
    return f"{len(codes)} series of database {_database(answer)}"


def last_update(answer: Answer) -> str | None:
    """The latest day (2024-05-17) on which any series of an answer was updated; None if no day is given."""
    return _day(max((str(s.get("LAST_UPDATE") or "") for s in answer["RESULTSET"]), default=""))


def values(series: Mapping[str, Any], filename: str) -> Iterator[tuple[str, str]]:
    """Dates and values of a series that are not null. Raises LayoutChanged if there are not as many dates as values."""
    dates, figures = series["VALUES"]["SURVEY_DATES"], series["VALUES"]["VALUES"]
    if len(dates) != len(figures):
        raise LayoutChanged(f"{series['SERIES_CODE']} has {len(dates)} dates and {len(figures)} values: {filename}")
    return ((str(d), str(v)) for d, v in zip(dates, figures, strict=True) if v is not None)


def rows(answer: Answer, filename: str) -> Iterator[tuple[str | None, ...]]:
    """One row per value, in the order of COLUMNS; indicator and unit are None for series that the project does not keep."""
    database = _database(answer)
    for series in answer["RESULTSET"]:
        kept = SERIES.get((database, series["SERIES_CODE"]), {})
        unit = series.get("UNIT", series.get("UNIT_J"))
        name = series.get("NAME_OF_TIME_SERIES") or series.get("NAME_OF_TIME_SERIES_J")
        for date, value in values(series, filename):
            yield (
                database, series["SERIES_CODE"], name, series["FREQUENCY"], date, unit, _day(str(series["LAST_UPDATE"])),
                *_period(series["FREQUENCY"], date), kept.get("place", "JPN"), kept.get("indicator"),
                kept.get("printed_unit") if unit in (kept.get("unit"), kept.get("unit_j")) else None, value,
            )  # fmt: skip


def _database(answer: Answer) -> str:
    return str(answer["PARAMETER"].get("DB", "")).upper()


def _day(printed: str) -> str | None:
    return f"{printed[:4]}-{printed[4:6]}-{printed[6:]}" if re.fullmatch(r"\d{8}", printed) else None


def _period(frequency: str, date: str) -> tuple[str | None, str | None]:
    """Frequency and period; None for days, weeks, half years, fiscal years, or a date that does not fit the frequency."""
    if frequency == "MONTHLY" and re.fullmatch(r"\d{4}(0[1-9]|1[0-2])", date):
        return "M", f"{date[:4]}-{date[4:]}"
    if frequency == "QUARTERLY" and re.fullmatch(r"\d{4}0[1-4]", date):
        return "Q", f"{date[:4]}-Q{date[5]}"
    if frequency == "ANNUAL" and re.fullmatch(r"\d{4}", date):
        return "A", date
    return None, None
