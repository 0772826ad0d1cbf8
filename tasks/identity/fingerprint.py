"""Hashes of what texts of code do, without comments, docstrings and layout.

The hash of a text is the same for every version of Python and of the libraries that the project runs on, so that raising
one of them makes no result again.

Parsing all code takes half a second, of which a build with nothing to do is most: what is known of a text is kept in the
home folder (``keep_in``), under the text's own hash. That file may be deleted at any time.
"""

import ast
import atexit
import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

#: More are kept than all code has texts, so that both of two states of the code that take turns stay known.
_MOST_KEPT = 4_000

#: Tokens of SQL, the longest first: comments (of templates too), texts and quoted names, words and numbers, operators.
_TOKEN = re.compile(
    r"""(?P<comment>--[^\n]*|/\*.*?\*/|\{\#.*?\#\})"""
    r"""|\b[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(?P<tag>\w*)\$.*?\$(?P=tag)\$"""
    r"""|\w+(?:\.\w+)*|(?:(?!--|/\*)[-+*/<>=~!@\#%^&|`?:])+|\S""",
    re.DOTALL | re.VERBOSE,
)

#: Calls in schemas that say what a column means, in words and with its unit.
_MEANINGS = ("Meaning", "_m")

#: What the wheel puts before the names of modules (hatch_build.py).
INSTALLED = "entrepot."

_Tree = TypeVar("_Tree", bound=ast.AST)


def of(*parts: str) -> str:
    """One hash of several texts, which counts where one ends and the next begins."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


@cache
def of_python(text: str, with_descriptions: bool = False) -> str:
    """Hash of what the text of a module does: its syntax tree, without docstrings or with them."""
    if with_descriptions:
        return known("python with descriptions", text, lambda text: of_tree(parse(text)))
    return known("python", text, lambda text: of_tree(without_docstrings(parse(text))))


#: Python 3.11 counts the depth of the tree that it makes once for all threads, so two that parse at a time fail with
#: SystemError, "AST constructor recursion depth mismatch". Sources are pulled in threads.
_PARSING = Lock()


def parse(text: str) -> ast.Module:
    """The syntax tree of a module's text, made by one thread at a time. Raises SyntaxError.

    Modules of the project have the names that they have in a checkout, so that an installation gives the same hashes.
    """
    with _PARSING:
        tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            node.module = node.module.removeprefix(INSTALLED)
    return tree


def of_tree(tree: ast.AST) -> str:
    """Hash of a syntax tree, the same in every version of Python."""
    parts: list[str] = []
    _dump(tree, parts)
    return of(*parts)


@cache
def of_sql(text: str) -> str:
    """Hash of what an SQL text or template does: its tokens, without comments and white space."""
    return known("sql", text, lambda text: of(*_tokens(text)))


def of_file(path: Path) -> str:
    """Hash of a large file of the project; it is read again when its size, its times or its place on the disk change."""
    stat = path.stat()
    state = (path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    return known("file", repr(state), lambda _: _hash_of(path))


def without_docstrings(tree: _Tree) -> _Tree:
    """The same tree, with its docstrings taken out."""
    for node in ast.walk(tree):
        match node:
            case ast.Module() | ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef() if _is_documented(node):
                node.body = node.body[1:]
    return tree


def without_meanings(tree: _Tree) -> _Tree:
    """The same tree of a schema's module, with what it says of the meaning of columns (schemas.columns) taken out."""
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name)) if name in _MEANINGS:
                node.args, node.keywords = [], []
    return tree


def _is_documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ast.get_docstring(node, clean=False) is not None


def without_comments(text: str) -> str:
    """An SQL text or template without its comments."""
    return _TOKEN.sub(lambda m: " " if m.lastgroup == "comment" else m.group(), text)


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tokens(text: str) -> Iterator[str]:
    return (m.group() for m in _TOKEN.finditer(text) if m.lastgroup != "comment")


def _dump(node: object, parts: list[str]) -> None:
    """Add a syntax tree to ``parts``.

    ``ast.dump`` differs between versions: 3.13 leaves out empty fields, and 3.12 added some, which are empty in code that
    3.11 reads. Which characters ``repr`` spells out depends on the Unicode tables of the version. The texts of an f-string
    came in other pieces before 3.12.
    """
    if isinstance(node, ast.AST):
        parts.append(f"({type(node).__name__}")
        is_constant = isinstance(node, ast.Constant)
        for name in node._fields:
            value: Any = getattr(node, name, None)
            # Empty fields say nothing, but None as a constant does; nor does the u of u"text".
            if value == [] or name == "kind" or (value is None and not is_constant):
                continue
            parts.append(f".{name}")
            _dump(_joined(value) if isinstance(node, ast.JoinedStr) else value, parts)
        parts.append(")")
    elif isinstance(node, list):
        parts.append("[")
        for item in node:
            _dump(item, parts)
        parts.append("]")
    else:
        parts.append(f"{type(node).__name__} {node!a}")


def _joined(values: list[ast.expr]) -> list[ast.expr]:
    """The parts of an f-string with texts that follow each other in one, and without empty ones."""
    joined: list[ast.expr] = []
    for value in values:
        last = joined[-1] if joined else None
        if isinstance(value, ast.Constant) and isinstance(last, ast.Constant):
            joined[-1] = ast.Constant(str(last.value) + str(value.value))
        elif not isinstance(value, ast.Constant) or value.value:
            joined.append(value)
    return joined


# -- What is known of texts, kept from one process to the next -------------------------------------------------


@dataclass
class _Known:
    """What is known of texts, the newest last, and the file it is kept in. ``has_more``: than the file."""

    of_text: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    has_more: bool = False


_KNOWN = _Known()


def keep_in(file: Path) -> None:
    """Use what an earlier process left in ``file``, and leave there at the end what this one adds."""
    if _KNOWN.file is None:
        atexit.register(_keep)
    if file == _KNOWN.file:
        return
    _KNOWN.file, _KNOWN.has_more = file, True
    try:
        _KNOWN.of_text |= json.loads(file.read_bytes())
        _KNOWN.has_more = False
    except (OSError, ValueError, TypeError):
        pass  # there is none, or a damaged one: everything is worked out again


def known(kind: str, text: str, work_out: Callable[[str], str]) -> str:
    """What is known of a text, of one kind; worked out where it is not known yet."""
    key = of(_own(), kind, text)
    if key not in _KNOWN.of_text:
        _KNOWN.of_text[key] = work_out(text)
        _KNOWN.has_more = True
    return _KNOWN.of_text[key]


@cache
def _own() -> str:
    """The hash of this room's code and of Python's version: what others worked out does not count."""
    texts = (path.read_text(encoding="utf-8") for path in sorted(Path(__file__).parent.glob("*.py")))
    return of(*texts, sys.version)


def _keep() -> None:
    """Write down what is known; without it the next process only takes longer."""
    if not _KNOWN.file or not _KNOWN.has_more or not _KNOWN.file.parent.exists():
        return
    newest = dict(list(_KNOWN.of_text.items())[-_MOST_KEPT:])
    beside = _KNOWN.file.with_suffix(f".{os.getpid()}")
    try:
        beside.write_text(json.dumps(newest), encoding="utf-8")
        beside.replace(_KNOWN.file)
    except OSError:
        beside.unlink(missing_ok=True)
