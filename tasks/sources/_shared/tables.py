"""Small tables that lie beside a source's modules as CSV."""

import csv
import io
from functools import cache
from importlib import resources


@cache
def rows_beside(package: str, name: str) -> tuple[dict[str, str], ...]:
    """The records of a CSV file in a package, in order, each by column name. Raises FileNotFoundError.

    >>> rows_beside("tasks.sources.jpn_boj", "messages.csv")[0]
    {'code': 'M181004E', 'meaning': 'no database is named'}
    """
    text = (resources.files(package) / name).read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(text)))
