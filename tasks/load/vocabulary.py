"""What users add to the reference tables, in the folder ``vocabulary`` of the home folder: which files there are, and which one a broken rule asks for.

A list that a publisher may extend at any time (indicators, series, codes and names of places, units) is a reference table, or a list of a
source's own that a reference table is consulted beside. Nobody has to edit a file of the installed package.
"""

import json
import re

from schemas import base, reference
from schemas.base import Table

#: The file of each table and, where rows get an integer key of the warehouse's own, the key and the columns that identify a row.
FILES: dict[type[Table], tuple[str, str | None, tuple[str, ...]]] = {
    reference.Place: ("places.csv", "place_key", ("place",)),
    reference.PlaceCode: ("place_codes.csv", None, ()),
    reference.PlaceName: ("place_names.csv", None, ()),
    reference.PlaceAlias: ("place_aliases.csv", None, ()),
    reference.PlaceGroup: ("place_groups.csv", None, ()),
    reference.PlaceSuccession: ("place_succession.csv", None, ()),
    reference.Product: ("products.csv", "product_key", ("classification", "product")),
    reference.Correlation: ("concordances/*.csv", None, ()),
    reference.Unit: ("units.csv", None, ()),
    reference.IndicatorName: ("indicators.csv", None, ()),
    reference.IndicatorCode: ("indicator_codes.csv", None, ()),
    reference.FdiConcept: ("fdi_concepts.csv", None, ()),
    reference.PlaceCurrency: ("place_currency.csv", None, ()),
    reference.Preference: ("preference.csv", None, ()),
    reference.Correction: ("corrections/*.yml", None, ()),
}

#: What a rule says of a value that a reference table does not have (schemas.base.stands_in, and rules of sources' own).
_MISSING = re.compile(r"stands in [^;]*?\bref\.(\w+)")
#: The column that such a rule is of, and the word that its name has in common with the columns of names beside it.
_COLUMN = re.compile(r"(?:^|; )((\w+?)(?:\d*_code)?): stands in ")
#: What a rule says of what nobody has named yet: no sign that a file is damaged or read wrongly.
_UNNAMED = (": stands in ref.indicator_code.code", ": stands in the list of ")


def is_unnamed(rules: str) -> bool:
    """Whether a row broke a rule because nobody has said yet what its indicator, series or area is."""
    return any(text in rules for text in _UNNAMED)


def advice(rules: str) -> str:
    """The file of the vocabulary in which a user can say what the value is that a rule did not find; empty for other rules.

    >>> advice("wb_series: stands in ref.indicator_code.code")
    'Say what it is in vocabulary/indicator_codes.csv of the home folder (scheme,code,indicator,printed_unit,note), or leave the file out. '
    """
    wanted = _MISSING.search(rules)
    for table, (filename, key, _) in FILES.items():
        if wanted and base.table_name(table) == f"ref.{wanted[1]}" and "/" not in filename:
            columns = ",".join(column.name for column in base.columns(table) if column.name != key)
            return f"Say what it is in vocabulary/{filename} of the home folder ({columns}), or leave the file out. "
    return ""


def advice_on(rules: str, raw: str) -> str:
    """As ``advice``, after the value that a row has printed; ``raw`` is the row as a JSON object."""
    value = printed_value(rules, raw)
    return (f"{value}. " if value else "") + advice(rules)


def printed_value(rules: str, raw: str) -> str:
    """The value that a rule did not find, with the names that the row has printed beside it; empty for other rules.

    >>> printed_value("rt_code: stands in ref.place_code.code among comtrade", '{"rt_code": "987", "rt_title": "Atlantis", "pt_title": "Japan"}')
    'rt_code is 987, printed beside it: Atlantis'
    """
    found, row = _COLUMN.search(rules), json.loads(raw)
    if not found or not row.get(found[1]):
        return ""
    beside = re.compile(rf"{found[2]}3?_(?:iso|desc|title|name)")
    names = [str(value) for name, value in row.items() if value and beside.fullmatch(name)]
    return f"{found[1]} is {row[found[1]]}" + (f", printed beside it: {', '.join(names)}" if names else "")
