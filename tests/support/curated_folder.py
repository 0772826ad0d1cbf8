"""Folders of bundled files with rows of a test's own."""

import csv
from collections.abc import Iterable
from pathlib import Path

_CITED = {
    "publisher": "Bureau of Statistics",
    "title": "Yearbook 2017, table 1",
    "address": "https://example.org/yearbook/2017",
    "published_on": "2017-09-30",
    "published_precision": "day",
    "seen_via": "",
    "note": "",
}
_PRINTED = {"freq": "A", "period": "2016", "printed_value": "12.5", "obs_status": "A"}
_ROWS: dict[str, dict[str, str]] = {
    "trade": {
        "dataset": "customs.annual", "reporter": "CHN", "partner": "JPN", "flow": "export", "valuation": "FOB", "basis": "",
        "classification": "TOTAL", "product": "TOTAL", **_PRINTED, "printed_unit": "USD million", **_CITED,
    },
    "fdi": {
        "dataset": "ministry.annual", "concept": "mofcom_utilised", "accounting": "flow", "direction": "inward",
        "principle": "directional", "instrument": "total", "derivation": "reported", "sector_scope": "all",
        "reporter": "CHN", "counterpart": "JPN", "industry": "TOTAL",
        **_PRINTED, "printed_unit": "USD million", **_CITED,
    },
    "fdi_rate": {
        "dataset": "ministry.annual", "concept": "mofcom_utilised", "direction": "inward", "reporter": "CHN",
        "counterpart": "JPN", "measure": "growth_on_year", "rate_basis": "USD",
        **_PRINTED, "printed_unit": "percent", **_CITED,
    },
    "indicator": {
        "dataset": "bureau.gdp", "place": "CN-LN", "indicator": "gdp",
        **_PRINTED, "printed_unit": "CNY 100 million", **_CITED,
    },
    "pair": {
        "dataset": "institute.distances", "place": "CHN", "counterpart": "JPN", "indicator": "distance_weighted",
        **_PRINTED, "freq": "", "period": "", "printed_unit": "km", **_CITED,
    },
    "presence": {
        "dataset": "ministry.bases", "place": "CN-LN", "origin": "JPN", "counting_unit": "bases", "as_of": "2016-10",
        "approximate": "false", **_PRINTED, "printed_value": "12", "printed_unit": "bases", **_CITED,
    },
    "visits": {
        "event": "forum_2016", "kind": "forum", "started_on": "2016-05-11", "ended_on": "2016-05-12",
        "date_precision": "day", "held_in": "CN-LN", "side": "Japan", "place": "JP-01", "organisation": "Hokkaido",
        "person": "", "office": "governor", "visited": "false", "purpose": "tourism", **_CITED,
    },
    "milestones": {
        "name": "Harbin-Dalian line", "kind": "high_speed_rail", "place": "CN-LN", "opened_on": "2012-12-01",
        "opened_precision": "day", "length_km": "921", "design_speed_kmh": "350", "counterpart": "", **_CITED,
    },
}  # fmt: skip


class CuratedFolder:
    """A folder laid out as warehouse/curated is, with rows of the test's own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir()

    @staticmethod
    def row(table: str, **changes: str) -> dict[str, str]:
        """A valid row of a bundled table, with some cells changed."""
        return {**_ROWS[table], **changes}

    def write(self, filename: str, rows: Iterable[dict[str, str]]) -> Path:
        """Write rows to ``<table>/<name>.csv``; the header is that of the first row."""
        rows = list(rows)
        path = self.root / filename
        path.parent.mkdir(exist_ok=True)
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def remove(self, filename: str) -> None:
        """Take a file away."""
        (self.root / filename).unlink()
