"""Resolving names and codes to places. Strict: a text that means no place, or several, is an error with suggestions; nothing is guessed.

Values stand in the queries as literals: any parameter makes DuckDB import pandas, which takes longer than all else here.
"""

import datetime as dt
import difflib
import json
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import duckdb

from warehouse import sql
from warehouse.errors import Ambiguous, Unknown

#: The scheme of this warehouse's own codes, that of aliases and that of names; all others are publishers' codes.
OWN, ALIASES, NAMES = "entrepot", "aliases", "names"
#: How similar a name must be, from 0 to 1, to be suggested, and to be listed as easily confused.
_MIN_SUGGESTED, _MIN_CONFUSED = 0.72, 0.9
_MOST_SUGGESTIONS = 6

#: A broken rule of a quarantined row that says that a column's value is not a code of a scheme.
_CODE_RULE = re.compile(r"(\w+): stands in ref\.place_code\.code among (\w+)")

#: A related place: its code, its name, the day of the succession, a note.
Succession = tuple[str, str, dt.date, str | None]


@dataclass(frozen=True)
class Reason:
    """Why a text means a place: a row of ref.place_code, ref.place_name or ref.place_alias, or the place's own code."""

    place: str
    scheme: str
    text: str
    description: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: str | None = None

    def is_valid_on(self, day: dt.date | None) -> bool:
        """Whether the row is valid on a day; true if no day is given."""
        return day is None or ((self.valid_from or day) <= day and (self.valid_to is None or day < self.valid_to))


@dataclass(frozen=True)
class Place:
    """A place with everything known of it.

    ``names`` are (language, kind, name), ``groups`` (code, name), ``confused_with`` (code, name) of places with similar names.
    """

    place: str
    kind: str
    name: str
    parent: str | None
    valid_from: dt.date | None
    valid_to: dt.date | None
    note: str | None
    names: list[tuple[str, str, str]]
    codes: list[Reason]
    groups: list[tuple[str, str]]
    predecessors: list[Succession]
    successors: list[Succession]
    confused_with: list[tuple[str, str]]


def resolve(con: duckdb.DuckDBPyConnection, text: str, scheme: str | None = None, on: dt.date | None = None) -> str:
    """The code of the one place that a name or code means, on a day if one is given.

    Raises Ambiguous if it means several; Unknown, with suggestions, if it means none, or none on that day.

    Example: ``resolve(con, "辽宁")`` is ``"CN-LN"``; ``resolve(con, "842", scheme="comtrade")`` is ``"USA"``.
    """
    reasons = candidates(con, text, scheme, on)
    places = sorted({reason.place for reason in reasons})
    if not places:
        raise Unknown(_describe_unknown(con, text, scheme, on))
    if len(places) > 1:
        list_of_places = "; ".join(
            f"{place} {_name(con, place)} ({_describe_reasons(reasons, place)})" for place in places
        )
        raise Ambiguous(f"{text!r} means {len(places)} places: {list_of_places}. Name a scheme, a day or the code")
    return places[0]


def candidates(
    con: duckdb.DuckDBPyConnection, text: str, scheme: str | None = None, on: dt.date | None = None
) -> list[Reason]:
    """Every reason for which a text means a place. Raises Unknown for an unknown scheme.

    Without a scheme, a code of this warehouse or an alias is that place, whatever it means in other schemes.
    """
    if scheme is not None:
        _check_scheme(con, scheme)
    reasons = [reason for reason in _all_reasons(con) if scheme in (None, reason.scheme) and _matches(reason, text)]
    for first in (OWN, ALIASES) if scheme is None else ():
        reasons = [reason for reason in reasons if reason.scheme == first] or reasons
    return [reason for reason in reasons if reason.is_valid_on(on)]


def suggestions(con: duckdb.DuckDBPyConnection, text: str, scheme: str | None = None, on: dt.date | None = None) -> list[str]:  # fmt: skip
    """What may have been meant, the likeliest first: the text in other schemes or on other days, other spellings of a
    code, the level above it, similar names."""
    reasons = _all_reasons(con)
    lines = [
        f"{r.text} {_describe_dates(r)}in {r.scheme} is {r.place} {_name(con, r.place)}"
        for r in reasons
        if _matches(r, text) and not (scheme in (None, r.scheme) and r.is_valid_on(on))
    ]
    for other in _other_spellings(text):
        lines += [
            f"{r.text} in {r.scheme} is {r.place} {_name(con, r.place)}" for r in candidates(con, other, scheme, on)
        ]
    if scheme in (None, OWN, ALIASES, NAMES) or text.isalpha():
        lines += [
            f"{name} is {place} {_name(con, place)}" for place, name in _similar_names(reasons, text, _MIN_SUGGESTED)
        ]
    return list(dict.fromkeys(lines))[:_MOST_SUGGESTIONS]


def suggest_for_row(con: duckdb.DuckDBPyConnection, rules: str, raw: str) -> list[str]:
    """For a quarantined row (``rules`` and ``raw`` of meta.quarantine): what each unknown place code may have meant."""
    printed = json.loads(raw)
    lines = []
    for column, scheme in _CODE_RULE.findall(rules):
        if printed.get(column) is not None:
            meanings = suggestions(con, str(printed[column]).strip(), scheme)
            lines += [f"{column} = {printed[column]}: perhaps {'; '.join(meanings)}"] if meanings else []
    return lines


def details(con: duckdb.DuckDBPyConnection, place: str, on: dt.date | None = None) -> Place:
    """Everything known of a place by its code; its groups on the day, or today. Raises Unknown."""
    row = con.execute(
        "SELECT place, kind, name, parent, valid_from, valid_to, note FROM ref.place "
        f"WHERE place = {sql.literal(place)}"
    ).fetchone()
    if row is None:
        raise Unknown(f"no place has the code {place!r}")
    day = on or dt.datetime.now(dt.UTC).date()
    reasons = _all_reasons(con)
    codes = [r for r in reasons if r.place == place and r.scheme not in (OWN, ALIASES, NAMES)]
    code, kind, name, parent, valid_from, valid_to, note = row
    return Place(
        code,
        kind,
        name,
        parent,
        valid_from,
        valid_to,
        note,
        names=con.execute(sql.render("ask/place_names.sql", place=place)).fetchall(),
        codes=sorted(codes, key=lambda r: (r.scheme, r.text)),
        groups=con.execute(sql.render("ask/place_groups.sql", place=place, day=day)).fetchall(),
        predecessors=_succession(con, place, wanted="predecessor", known="successor"),
        successors=_succession(con, place, wanted="successor", known="predecessor"),
        confused_with=[(p, similar) for p, similar in _similar_names(reasons, name, _MIN_CONFUSED) if p != place],
    )


def _succession(con: duckdb.DuckDBPyConnection, place: str, *, wanted: str, known: str) -> list[Succession]:
    return con.execute(sql.render("ask/place_succession.sql", place=place, wanted=wanted, known=known)).fetchall()


def _all_reasons(con: duckdb.DuckDBPyConnection) -> list[Reason]:
    rows = con.execute(sql.render("ask/place_reasons.sql", own=OWN, aliases=ALIASES, names=NAMES)).fetchall()
    return [Reason(*row) for row in rows]


def _matches(reason: Reason, text: str) -> bool:
    """Names and labels are compared without case, accents and width; own codes exactly."""
    return reason.text == text or (reason.scheme != OWN and _folded(reason.text) == _folded(text))


@lru_cache(maxsize=50_000)
def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    bare = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")  # Latin accents; voicing marks of kana stay
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())


def _similar_names(reasons: list[Reason], text: str, least: float) -> list[tuple[str, str]]:
    """Places (code, name) whose names have at least this similarity to ``text``, the most similar first."""
    wanted = _folded(text)
    best: dict[str, tuple[float, str]] = {}
    for reason in reasons:
        if reason.scheme == NAMES:
            score = _similarity(wanted, reason.text, least)
            if score >= least and score > best.get(reason.place, (0.0, ""))[0]:
                best[reason.place] = (score, reason.text)
    ordered = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))
    return [(place, name) for place, (_, name) in ordered[:_MOST_SUGGESTIONS]]


def _similarity(wanted: str, name: str, least: float) -> float:
    """The similarity of a folded text and a name; 0 where cheaper bounds show that it is below ``least``."""
    if abs(len(name) - len(wanted)) > max(2, len(wanted) // 2):
        return 0.0
    matcher = difflib.SequenceMatcher(None, wanted, _folded(name), autojunk=False)
    if matcher.real_quick_ratio() < least or matcher.quick_ratio() < least:
        return 0.0
    return matcher.ratio()


def _other_spellings(text: str) -> list[str]:
    """Other ways to write a code of digits: with and without leading zeros, and the codes of its city and province."""
    if not re.fullmatch(r"\d{1,12}", text):
        return []
    spellings = [text.lstrip("0"), text.zfill(2), text.zfill(3)]
    if len(text) in (6, 9, 12):  # GB/T 2260, or the statistical codes that begin with it
        spellings += [text[:6], text[:4] + "00", text[:2] + "0000"]
    if len(text) in (2, 4):
        spellings.append(text.ljust(6, "0"))
    return [spelling for spelling in dict.fromkeys(spellings) if spelling and spelling != text]


def _describe_unknown(con: duckdb.DuckDBPyConnection, text: str, scheme: str | None, on: dt.date | None) -> str:
    where = f" in the scheme {scheme}" if scheme else ""
    when = f" on {on}" if on else ""
    meanings = suggestions(con, text, scheme, on)
    unknown = f"no place is called {text!r}{where}{when}"
    if meanings:
        return f"{unknown}; perhaps: {'; '.join(meanings)}"
    return f"{unknown}. All places: `entrepot sql 'SELECT place, name FROM ref.place ORDER BY ALL'`"


def _check_scheme(con: duckdb.DuckDBPyConnection, scheme: str) -> None:
    schemes = [s for (s,) in con.execute("SELECT DISTINCT scheme FROM ref.place_code ORDER BY 1").fetchall()]
    if scheme not in (OWN, ALIASES, NAMES, *schemes):
        raise Unknown(f"no scheme {scheme!r}; there are {OWN}, {ALIASES}, {NAMES}, {', '.join(schemes)}")


def _name(con: duckdb.DuckDBPyConnection, place: str) -> str:
    row = con.execute(f"SELECT name FROM ref.place WHERE place = {sql.literal(place)}").fetchone()
    return str(row[0]) if row else place


def _describe_reasons(reasons: list[Reason], place: str) -> str:
    texts = (f"{r.description} {_describe_dates(r)}".rstrip() for r in reasons if r.place == place)
    return ", ".join(dict.fromkeys(texts))


def _describe_dates(reason: Reason) -> str:
    since = f"from {reason.valid_from} " if reason.valid_from else ""
    return since + (f"before {reason.valid_to} " if reason.valid_to else "")
