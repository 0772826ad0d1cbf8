"""What a name or a code stands for, and why. Strict: what is unknown or stands for several places is told, never guessed."""

import datetime as dt
import difflib
import json
import re
import unicodedata
from dataclasses import dataclass

import duckdb

from warehouse.errors import Ambiguous, Unknown

#: Schemes that are not other publishers' codes: the codes of this warehouse, and names.
OWN, NAMES = "entrepot", "names"
#: How alike a name must be to be suggested, and to be warned of.
_SUGGESTED, _CONFUSED = 0.72, 0.9
_MOST_SUGGESTIONS = 6


#: A rule of a schema that a column's value is a code of a scheme, as quarantine tells it.
_CODE_RULE = re.compile(r"(\w+): stands in ref\.place_code\.code among (\w+)")


@dataclass(frozen=True)
class Reason:
    """Why a text stands for a place: the row of ref.place_code, of ref.place_name, or the place's own code."""

    place: str
    scheme: str
    text: str
    told: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    note: str | None = None

    def holds(self, on: dt.date | None) -> bool:
        """Whether the row holds on a day; any day if none is asked for."""
        return on is None or ((self.valid_from or on) <= on and (self.valid_to is None or on < self.valid_to))


@dataclass(frozen=True)
class Place:
    """A place with everything known of it."""

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
    predecessors: list[tuple[str, str, dt.date, str | None]]
    successors: list[tuple[str, str, dt.date, str | None]]
    confused_with: list[tuple[str, str]]


def resolve(con: duckdb.DuckDBPyConnection, text: str, scheme: str | None = None, on: dt.date | None = None) -> str:
    """The one place a name or code stands for, on a day if one is said.

    Raises Ambiguous where it stands for several, Unknown with suggestions where it stands for none or no longer does.
    """
    found = candidates(con, text, scheme, on)
    places = sorted({reason.place for reason in found})
    if len(places) == 1:
        return places[0]
    if not places:
        raise Unknown(_unknown(con, text, scheme, on))
    told = "; ".join(f"{place} {_name(con, place)} ({_because(found, place)})" for place in places)
    raise Ambiguous(f"{text!r} stands for {len(places)} places: {told}. Say which scheme, day or place is meant")


def candidates(
    con: duckdb.DuckDBPyConnection, text: str, scheme: str | None = None, on: dt.date | None = None
) -> list[Reason]:
    """Every reason for which a text stands for a place. Raises Unknown for a scheme that is not there.

    The code of a place in this warehouse is that place whatever other schemes mean by it, unless a scheme is said.
    """
    if scheme is not None:
        _check_scheme(con, scheme)
    rows = [reason for reason in _all(con) if scheme in (None, reason.scheme) and _same(reason, text)]
    own = [reason for reason in rows if reason.scheme == OWN]
    found = own if own and scheme is None else rows
    return [reason for reason in found if reason.holds(on)]


def suggestions(con: duckdb.DuckDBPyConnection, text: str, scheme: str | None = None, on: dt.date | None = None) -> list[str]:  # fmt: skip
    """What may have been meant, best first: the same in other schemes or on other days, a level above, names that are alike."""
    told = [
        f"{r.text} {_dates(r)}in {r.scheme} is {r.place} {_name(con, r.place)}"
        for r in _all(con)
        if _same(r, text) and not (scheme in (None, r.scheme) and r.holds(on))
    ]
    for other in _rewritten(text):
        told += [
            f"{r.text} in {r.scheme} is {r.place} {_name(con, r.place)}" for r in candidates(con, other, scheme, on)
        ]
    if scheme not in (None, OWN, NAMES) and not text.isalpha():
        return list(dict.fromkeys(told))[:_MOST_SUGGESTIONS]
    told += [f"{name} is {place} {_name(con, place)}" for place, name in _alike(con, text, _SUGGESTED)]
    return list(dict.fromkeys(told))[:_MOST_SUGGESTIONS]


def meant(con: duckdb.DuckDBPyConnection, rules: str, raw: str) -> list[str]:
    """For a refused row: what each code that stands in no row of ref.place_code may have been meant for."""
    printed = json.loads(raw)
    told = []
    for column, scheme in _CODE_RULE.findall(rules):
        if printed.get(column) is not None:
            found = suggestions(con, str(printed[column]).strip(), scheme)
            told += [f"{column} = {printed[column]}: perhaps {'; '.join(found)}"] if found else []
    return told


def describe(con: duckdb.DuckDBPyConnection, place: str, on: dt.date | None = None) -> Place:
    """Everything known of a place; its groups on the day, or today. Raises Unknown."""
    row = con.execute(
        "SELECT place, kind, name, parent, valid_from, valid_to, note FROM ref.place WHERE place = ?", [place]
    ).fetchone()
    if row is None:
        raise Unknown(f"there is no place {place!r}")
    names = con.execute(
        "SELECT language, kind, name FROM ref.place_name WHERE place = ? "
        "ORDER BY language, list_position(['short', 'official', 'former', 'alias'], kind), name",
        [place],
    ).fetchall()
    groups = con.execute(
        "SELECT g.place_group, p.name FROM ref.place_group AS g JOIN ref.place AS p ON p.place = g.place_group "
        "WHERE g.member = $place AND coalesce(g.valid_from, $day) <= $day AND (g.valid_to IS NULL OR g.valid_to > $day) ORDER BY 1",
        {"place": place, "day": on or dt.datetime.now(dt.UTC).date()},
    ).fetchall()
    codes = sorted(
        (r for r in _all(con) if r.place == place and r.scheme not in (OWN, NAMES)), key=lambda r: (r.scheme, r.text)
    )
    confused = [(other, name) for other, name in _alike(con, row[2], _CONFUSED) if other != place]
    before, after = (
        _succession(con, place, a, b) for a, b in (("predecessor", "successor"), ("successor", "predecessor"))
    )
    code, kind, name, parent, since, until, note = row
    return Place(code, kind, name, parent, since, until, note, names, codes, groups, before, after, confused)


def _succession(con: duckdb.DuckDBPyConnection, place: str, wanted: str, known: str) -> list[tuple[str, str, dt.date, str | None]]:  # fmt: skip
    return con.execute(
        f"SELECT s.{wanted}, p.name, s.succeeded_on, s.note FROM ref.place_succession AS s "
        f"JOIN ref.place AS p ON p.place = s.{wanted} WHERE s.{known} = ? ORDER BY 3, 1",
        [place],
    ).fetchall()


def _all(con: duckdb.DuckDBPyConnection) -> list[Reason]:
    """All that a text may be: own codes, others' codes, names."""
    own = con.execute("SELECT place, valid_from, valid_to, note FROM ref.place ORDER BY place").fetchall()
    codes = con.execute(
        "SELECT place, scheme, code, valid_from, valid_to, note FROM ref.place_code ORDER BY scheme, code, place"
    ).fetchall()
    names = con.execute(
        "SELECT place, language, name, kind FROM ref.place_name ORDER BY place, language, name"
    ).fetchall()
    # A former place is still that place: its own code and its names have no last day.
    return [
        *(Reason(p, OWN, p, "its code here") for p, *_ in own),
        *(Reason(p, s, c, f"code {c} of the scheme {s}", a, b, n) for p, s, c, a, b, n in codes),
        *(Reason(p, NAMES, n, f"{kind} name in {_LANGUAGES[lang]}") for p, lang, n, kind in names),
    ]


_LANGUAGES = {"en": "English", "zh": "Chinese", "ja": "Japanese"}


def _same(reason: Reason, text: str) -> bool:
    """Names and labels are compared without case, accents and width; codes and digits as they are."""
    return reason.text == text or (reason.scheme != OWN and _folded(reason.text) == _folded(text))


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'"))
    bare = "".join(c for c in decomposed if not "\u0300" <= c <= "\u036f")  # Latin accents; voicing marks of kana stay
    return " ".join(unicodedata.normalize("NFKC", bare).casefold().split())


def _alike(con: duckdb.DuckDBPyConnection, text: str, least: float) -> list[tuple[str, str]]:
    """Places with a name like ``text``, most alike first."""
    wanted = _folded(text)
    scored: dict[str, tuple[float, str]] = {}
    for reason in _all(con):
        if reason.scheme == NAMES and abs(len(reason.text) - len(wanted)) <= max(2, len(wanted) // 2):
            matcher = difflib.SequenceMatcher(None, wanted, _folded(reason.text), autojunk=False)
            if matcher.real_quick_ratio() >= least and matcher.quick_ratio() >= least:
                score = matcher.ratio()
                if score >= least and score > scored.get(reason.place, (0.0, ""))[0]:
                    scored[reason.place] = (score, reason.text)
    ordered = sorted(scored.items(), key=lambda item: (-item[1][0], item[0]))
    return [(place, name) for place, (_, name) in ordered[:_MOST_SUGGESTIONS]]


def _rewritten(text: str) -> list[str]:
    """Other ways a code of digits is written: with and without leading zeros, and the city and province of a county."""
    if not re.fullmatch(r"\d{1,12}", text):
        return []
    ways = [text.lstrip("0"), text.zfill(2), text.zfill(3)]
    if len(text) in (6, 9, 12):  # GB/T 2260, or the statistical codes that start with it
        ways += [text[:6], text[:4] + "00", text[:2] + "0000"]
    if len(text) in (2, 4):
        ways.append(text.ljust(6, "0"))
    return [way for way in dict.fromkeys(ways) if way and way != text]


def _unknown(con: duckdb.DuckDBPyConnection, text: str, scheme: str | None, on: dt.date | None) -> str:
    where = f" in the scheme {scheme}" if scheme else ""
    when = f" on {on}" if on else ""
    meant = suggestions(con, text, scheme, on)
    return f"no place is called {text!r}{where}{when}" + (f"; perhaps: {'; '.join(meant)}" if meant else "")


def _check_scheme(con: duckdb.DuckDBPyConnection, scheme: str) -> None:
    schemes = [s for (s,) in con.execute("SELECT DISTINCT scheme FROM ref.place_code ORDER BY 1").fetchall()]
    if scheme not in (OWN, NAMES, *schemes):
        raise Unknown(f"no scheme {scheme!r}; there are {OWN}, {NAMES}, {', '.join(schemes)}")


def _name(con: duckdb.DuckDBPyConnection, place: str) -> str:
    row = con.execute("SELECT name FROM ref.place WHERE place = ?", [place]).fetchone()
    return str(row[0]) if row else place


def _because(found: list[Reason], place: str) -> str:
    return ", ".join(dict.fromkeys(r.told + (f" {_dates(r)}".rstrip()) for r in found if r.place == place))


def _dates(reason: Reason) -> str:
    since = f"from {reason.valid_from} " if reason.valid_from else ""
    return since + (f"before {reason.valid_to} " if reason.valid_to else "")
