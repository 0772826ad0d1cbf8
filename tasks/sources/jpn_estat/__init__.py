"""``jpn.estat``: tables of e-Stat, the portal of Japan's official statistics, through its API 3.0 (getStatsData, JSON).

https://www.e-stat.go.jp/api/api-info/e-stat-manual3-0. The portal has more than a hundred thousand tables on everything;
those whose cells are figures of this warehouse are in ``tables.csv``, one row per cell of all dimensions but area and time.
A user names other cells in the vocabulary of the home folder, under the scheme ``estat``; all others are quarantined by name.
"""

import re
from collections.abc import Iterator

from schemas.estat import StatsData
from tasks.archive import json_text
from tasks.archive.sniff import Sniffed
from tasks.archive.store import Artifact, Opened
from tasks.contract import facts
from tasks.contract.dataset import Conform, Dataset
from tasks.contract.service import Key, Request, Selection, Service, ValidAnswer
from tasks.contract.source import Form, Recognised, Source, sql_beside
from tasks.formats.layout import layout_errors
from tasks.sources.jpn_estat import answers, service


class JpnEstat(Source):
    """e-Stat."""

    id = "jpn.estat"
    title = "e-Stat: tables of Japan's official statistics"
    publisher = "Statistics Bureau of Japan (e-Stat)"
    licence = "e-Stat terms of use: free to use with the source named; an application must show e-Stat's credit line"
    redistribution = "attribution"
    documentation = "https://www.e-stat.go.jp/api/api-info/e-stat-manual3-0"
    covers = "Figures of Japan and its 47 prefectures: population, audiences of music, and what a user names in the vocabulary of the home folder."
    units = "As each table prints them (人, 千人); multiples are resolved exactly."
    marks = ("GET_STATS_DATA", "STATISTICAL_DATA", "TABLE_INF", "CLASS_INF", "DATA_INF")
    forms = (
        Form(
            "Answers to getStatsData (JSON). Cells that the project does not keep are quarantined by name, unless vocabulary/indicator_codes.csv of the home folder says what they are: scheme estat, code 0000010101 tab=00001 cat01=A1102.",
            ("stats_data",),
        ),
    )
    tables = (StatsData,)
    traps = (
        "STATUS 1 is an empty success, and errors come with HTTP 200.",
        "A list of one is given as an object.",
        "Signs for no figure (-, ***, x, …) mean what the table's own notes say; 皆無 is nil.",
        "Fiscal years (2015100000) run from April: they are read as calendar years where a figure is of one day in them, and in cells that a user has named, with status D and a note.",
    )
    key_help = (
        "Register at https://www.e-stat.go.jp/mypage/user/preregister and make an application id (appId); it is free."
    )
    service = Service(
        url="https://api.e-stat.go.jp/rest/3.0/app/json", interval_seconds=1, key=Key(parameter="appId", needed=True)
    )

    def recognises(self, sniffed: Sniffed) -> Recognised | None:
        """Cells of a table. Raises Unknown for any other answer of e-Stat."""
        if sniffed.kind != "json" or not re.match(r"\s*\{\s*\"GET_(STATS|META|DATA)_", sniffed.text[:200]):
            return None
        with layout_errors(sniffed.filename):
            table = answers.table_of(sniffed.json, sniffed.filename)
            return Recognised(
                "stats_data", f"e-Stat table {table['@id']}: {answers.title(table)}", table["UPDATED_DATE"]
            )

    def dataset(self, artifact: Artifact) -> Dataset:  # noqa: ARG002
        """Cells of a table."""
        return Dataset(StatsData, (Conform(facts.INDICATOR, sql_beside(__name__, "indicator.sql")),), max_bad_share=0.5)

    def text(self, opened: Opened) -> str:
        """One row per VALUE, in the order of the answer."""
        filename = opened.artifact.filename
        with layout_errors(filename):
            parsed = json_text.parse(opened.path.read_text(encoding="utf-8-sig"), opened.path.name)
            return opened.table(answers.COLUMNS, answers.rows(answers.checked(parsed, filename), filename))

    def requests(self, selection: Selection) -> Iterator[Request]:
        """The kept cells of each table, all years."""
        return service.requests(selection)

    def judge(self, request: Request, answer: Sniffed) -> ValidAnswer:
        """Count the values and ask for the next page; see service.judge."""
        return service.judge(request, answer)


SOURCE = JpnEstat()
