"""What a step's result rests on, as a hash: its code and SQL, without comments, docstrings and layout.

A result is made again when the bytes it was read from change, or the code that reads them, or the schemas
they are checked by, or the reference tables they are resolved with. A changed comment does not count.

Parsing all code takes half a second, of which a build with nothing to do is most: what texts were found to do is kept
in the home folder (``keep_in``), by what they are. The file may go at any time.
"""

import ast
import atexit
import hashlib
import inspect
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType

#: More are kept than all code has texts, so that going back and forth between two states finds both.
_MOST_FOUND = 4_000


def of(*parts: str) -> str:
    """One hash of several texts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.encode())
        digest.update(b"\0")
    return digest.hexdigest()


@cache
def of_module(module: ModuleType) -> str:
    """Hash of what a module does."""
    return _found("python", inspect.getsource(module), lambda text: of(_meaning(text)))


def of_modules(modules: Iterable[ModuleType]) -> str:
    """Hash of what several modules do."""
    return of(*(of_module(m) for m in sorted(modules, key=lambda m: m.__name__)))


@cache
def of_sql(text: str) -> str:
    """Hash of what an SQL text does: its tokens, without comments and white space."""
    return _found("sql", text, lambda text: of(*_tokens(text)))


def of_file(path: Path) -> str:
    """Hash of a large file of the project; it is read again when its size, its times or its place on the disk change."""
    stat = path.stat()
    state = (path, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns, stat.st_ino)
    return _found("file", repr(state), lambda _: _hash_of(path))


def _hash_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tokens(text: str) -> list[str]:
    import sqlglot  # only where a text is not known: a build with nothing to do needs none of it

    return [f"{t.token_type.name} {t.text}" for t in sqlglot.tokenize(text, dialect="duckdb")]


@dataclass
class _Found:
    """What was found out about texts, the newest last, and the file that is kept in. ``has_more``: than the file."""

    of_text: dict[str, str] = field(default_factory=dict)
    file: Path | None = None
    has_more: bool = False


_FOUND = _Found()


def keep_in(file: Path) -> None:
    """Use what an earlier process found out and left in ``file``, and leave there at the end what this one did."""
    if _FOUND.file is None:
        atexit.register(_keep)
    if file == _FOUND.file:
        return
    _FOUND.file, _FOUND.has_more = file, True
    try:
        _FOUND.of_text |= json.loads(file.read_bytes())
        _FOUND.has_more = False
    except (OSError, ValueError, TypeError):
        pass  # there is none, or a damaged one: all is found out anew


def _found(kind: str, text: str, find: Callable[[str], str]) -> str:
    """What was found out about a text of a kind before by this module, else now."""
    key = of(_own(), kind, text)
    if key not in _FOUND.of_text:
        _FOUND.of_text[key] = find(text)
        _FOUND.has_more = True
    return _FOUND.of_text[key]


@cache
def _own() -> str:
    """The hash of this module and of Python's version: what others found does not count."""
    return of(Path(__file__).read_text(encoding="utf-8"), sys.version)


def _keep() -> None:
    """Write down what was found; without it the next process only takes longer."""
    if not _FOUND.file or not _FOUND.has_more or not _FOUND.file.parent.exists():
        return
    newest = dict(list(_FOUND.of_text.items())[-_MOST_FOUND:])
    beside = _FOUND.file.with_suffix(f".{os.getpid()}")
    try:
        beside.write_text(json.dumps(newest), encoding="utf-8")
        beside.replace(_FOUND.file)
    except OSError:
        beside.unlink(missing_ok=True)


def _meaning(source: str) -> str:
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and _is_documented(
            node
        ):
            node.body = node.body[1:]
    return ast.dump(tree)


def _is_documented(node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    first = node.body[0] if node.body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
