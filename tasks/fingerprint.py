"""What a step's result rests on, as a hash: its code and SQL, without comments, docstrings and layout.

A result is made again when the bytes it was read from change, or the code that reads them, or the schemas
they are checked by, or the reference tables they are resolved with. A changed comment does not count.
"""

import ast
import hashlib
import inspect
from collections.abc import Iterable
from functools import cache
from types import ModuleType

import sqlglot


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
    return of(_meaning(inspect.getsource(module)))


def of_modules(modules: Iterable[ModuleType]) -> str:
    """Hash of what several modules do."""
    return of(*(of_module(m) for m in sorted(modules, key=lambda m: m.__name__)))


@cache
def of_sql(text: str) -> str:
    """Hash of what an SQL text does: its tokens, without comments and white space."""
    tokens = sqlglot.tokenize(text, dialect="duckdb")
    return of(*(f"{t.token_type.name} {t.text}" for t in tokens))


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
