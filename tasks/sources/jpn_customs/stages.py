"""Stages of release of Japan Customs' commodity tables, as titles state them.

Which months are published, and at which stage, is stated only in the title on the page a file is fetched from:
``1-6月：確報、7月：輸入9桁速報`` is January to June at one stage, and July at another with imports only.
"""

import re

from tasks.sources._shared.tables import rows_beside

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
#: A date (2026-08-28) in a title: the day of release.
DATE = re.compile(r"(?<!\d)(\d{4}-\d{2}-\d{2})(?!\d)")

_STAGES = {row["printed"]: row["stage"] for row in rows_beside(__package__ or "", "stages.csv")}
_STAGE_WORDS = "|".join(re.escape(word) for word in sorted(_STAGES, key=len, reverse=True))
_MONTH_WORDS = "|".join(MONTHS)
_SEGMENT = re.compile(
    rf"(?P<flow>輸出|輸入|Exports?|Imports?)?\s*(?:(?P<first>\d{{1,2}})(?:[-~～－](?P<last>\d{{1,2}}))?月(?:分)?"
    rf"|(?P<first_en>{_MONTH_WORDS})(?:-(?P<last_en>{_MONTH_WORDS}))?)\s*[：:]\s*(?P<only>輸出|輸入)?\s*(?P<stage>{_STAGE_WORDS})"
)
_FLOWS = {"輸出": "1", "Export": "1", "Exports": "1", "輸入": "2", "Import": "2", "Imports": "2"}


def parse(title: str) -> dict[tuple[str, int], str]:
    """The stage of release by direction (1 exports, 2 imports) and month, as a title states it; empty if it does not.

    >>> parse("1月：確報、2月：輸入9桁速報")
    {('1', 1): '確報', ('2', 1): '確報', ('2', 2): '9桁速報'}
    """
    stages: dict[tuple[str, int], str] = {}
    current: str | None = None
    for segment in _SEGMENT.finditer(title):
        current = segment["flow"] or current
        only = segment["only"] or current
        first = int(segment["first"]) if segment["first"] else MONTHS.index(segment["first_en"]) + 1
        last = segment["last"] or segment["last_en"]
        until = first if not last else int(last) if last.isdigit() else MONTHS.index(last) + 1
        for flow in [_FLOWS[only]] if only else ["1", "2"]:
            stages |= {(flow, month): _STAGES[segment["stage"]] for month in range(first, until + 1)}
    return stages


def stamp(text: str) -> str | None:
    """A text that states stages of release, such as a title kept as a file's name; None for one that does not."""
    return text if parse(text) else None


def statements(text: str) -> list[str]:
    """The parts of a text that state stages of release, as printed, and the last date in it."""
    return [match[0] for match in _SEGMENT.finditer(text)] + DATE.findall(text)[-1:]
