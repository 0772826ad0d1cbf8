"""What code depends on: a module, every module of the project that it imports, and every file that these read.

This is derived from syntax trees, so that nobody lists modules by hand, and from files alone: nothing is imported, and a copy of
the project gives the same. What counts:

- The project's own modules that are imported anywhere in a module, also inside a function, and the ``__init__`` of each package
  on the way. Modules imported by a name made at run time do not count: only ``tasks.sources`` does that, to find the sources,
  each of which has its own hash.
- In a package below ``tasks/sources``, every file beside the modules.
- Elsewhere, files that a text in a module names: ``"state.sql"`` beside the module, ``"load/delta.sql"`` below ``warehouse/sql``,
  ``"places.csv"`` below ``warehouse/reference``. An f-string and a text with ``*`` are patterns. ``sql.names("checks")`` names all files of
  a folder of ``warehouse/sql``; with another argument than a text, of each folder that a text in the module names.
- Files that an SQL template imports, and those of ``warehouse/sql/core`` that create a macro or view that code names.

What does not count, unless asked for:

- Modules named ``service``, which only ask a publisher's service (``with_service``).
- What schemas say in words: docstrings, and the meanings of columns in ``schemas/columns.py`` (``with_descriptions``).
"""

import ast
import inspect
import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from tasks.identity import fingerprint
from warehouse.errors import Unknown

#: The folder that holds the project's packages, as this process runs it.
ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "schemas", "tasks", "warehouse")

# Folders and files are named by their path below the root, with slashes.
_SOURCES = "tasks/sources/"
_SCHEMAS = "schemas/"
_SQL = "warehouse/sql/"
_DATABASE = f"{_SQL}core/"
#: Where files named in a text lie, beside the folder of the module itself.
_FOLDERS = (_SQL, "warehouse/reference/")
_SERVICE = "service.py"
_MEANINGS = f"{_SCHEMAS}columns.py"

_NAMES_A_FILE = re.compile(r"[\w./*-]+\.(sql|csv|json|toml|yml)")
#: The one pattern for all files of a kind that counts: bundled tables, which are found so too, are known by their own hashes.
_CLAIMS = "*.yml"
_OF_DATABASE = re.compile(r"\b(?:core|ref)\.\w+")
_CREATES = re.compile(
    r"(?:\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:(?:TEMP|TEMPORARY)\s+)?(?:VIEW|MACRO|FUNCTION)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r"|\{\{\s*stored\(\")([\w.]+)",  # what a release stores, see warehouse/marts.py
    re.IGNORECASE,
)
_TEMPLATE = re.compile(r"\{%-?\s*(?:import|include|extends|from)\s+[\"']([^\"']+)[\"']")

_T = TypeVar("_T")


@dataclass(frozen=True)
class _Scan:
    """What a file does, as a hash, and what it needs: ``imports`` as (level, module, name), files and folders by name."""

    hash: str = ""
    imports: tuple[tuple[int, str, str], ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    of_database: tuple[str, ...] = ()


_LISTS = ("files", "folders", "of_database")


class Tree:
    """The project's files below a root, each read once: a change made later is not seen.

    A file is named by its path below the root, with slashes; a module outside the root, as a test's, by its whole path.
    """

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self.paths = frozenset(name for package in PACKAGES for name in _walk(root / package, f"{package}/"))
        self._scans: dict[str, _Scan] = {}
        self._needs: dict[str, tuple[str, ...]] = {}
        self._described: dict[str, str] = {}
        self._closures: dict[tuple[frozenset[str], bool, bool], str] = {}

    def module(self, name: str) -> str:
        """The file of a module of the project. Raises Unknown."""
        path = self._module(name)
        if path is None:
            raise Unknown(f"no module {name!r} below {self.root}")
        return path

    def module_of(self, kind: type) -> str:
        """The file of the module that defines a class, which may be outside the project, as a test's is."""
        return self._module(kind.__module__) or inspect.getfile(kind)

    def hash(self, entries: Iterable[str], *, with_service: bool = False, with_descriptions: bool = False) -> str:
        """Hash of what modules do, with everything they depend on.

        ``with_service``: modules that ask a service count. ``with_descriptions``: what schemas say in words counts.
        """
        key = frozenset(entries), with_service, with_descriptions
        if key not in self._closures:
            paths = sorted(self.files(key[0], with_service=with_service, with_descriptions=with_descriptions))
            texts = (f"{self._label(path)} {self._hash(path, with_descriptions)}" for path in paths)
            self._closures[key] = fingerprint.of(*texts)
        return self._closures[key]

    def files(self, entries: Iterable[str], *, with_service: bool = False, with_descriptions: bool = False) -> set[str]:
        """The files of modules and of everything they depend on."""
        reached, waiting = set[str](), [p for entry in entries for p in (entry, *self._packages(entry))]
        while waiting:
            path = waiting.pop()
            is_left_out = (not with_service and _name(path) == _SERVICE) or (
                not with_descriptions and path == _MEANINGS
            )
            if not is_left_out and path not in reached:
                reached.add(path)
                waiting += self._needed(path)
        return reached

    def _packages(self, path: str) -> Iterator[str]:
        """The files of the packages that a module lies in, which importing it runs first."""
        parts = path.split("/")[:-1] if path in self.paths else []
        yield from filter(None, (self._module(".".join(parts[:n])) for n in range(1, len(parts) + 1)))

    def _label(self, path: str) -> str:
        return path if path in self.paths else _name(path)

    def _hash(self, path: str, with_descriptions: bool) -> str:
        is_schema = path.startswith(_SCHEMAS) and path.endswith(".py")  # a table beside them has no docstrings
        if not with_descriptions or not is_schema:
            return self._scan(path).hash
        if path not in self._described:
            text = (self.root / path).read_text(encoding="utf-8")
            self._described[path] = fingerprint.of_python(text, with_descriptions=True)
        return self._described[path]

    def _scan(self, path: str) -> _Scan:
        if path not in self._scans:
            self._scans[path] = _scan(self.root / path, is_schema=path.startswith(_SCHEMAS))
        return self._scans[path]

    def _needed(self, path: str) -> tuple[str, ...]:
        if path not in self._needs:
            self._needs[path] = _unique(self._directly_needed(path))
        return self._needs[path]

    def _directly_needed(self, path: str) -> Iterator[str]:
        scan = self._scan(path)
        for level, module, name in scan.imports:
            yield from self._imported(_absolute(path, level, module), name)
        for name in scan.files:
            yield from self._named(path, name)
        for name in scan.folders:
            yield from self._matching(f"{_SQL}{name}/*.sql")
        for name in scan.of_database:
            if name in self._created and path in self.paths:
                yield self._created[name]
        if path.startswith(_SOURCES) and path.endswith(".py"):
            yield from self._beside(_folder(path))

    def _imported(self, module: str, name: str) -> Iterator[str]:
        """The files that an import runs: the packages on the way, the module, and ``name`` where it is a module."""
        parts = module.split(".")
        if parts[0] not in PACKAGES:
            return
        wanted = (".".join(parts[:n]) for n in range(1, len(parts) + 1))
        yield from filter(None, map(self._module, (*wanted, f"{module}.{name}")))

    def _module(self, name: str) -> str | None:
        base = name.removeprefix(fingerprint.INSTALLED).replace(".", "/")
        return next((p for p in (f"{base}/__init__.py", f"{base}.py") if p in self.paths), None)

    def _named(self, path: str, name: str) -> Iterator[str]:
        """The files of the project that a name or a pattern in a file means."""
        for folder in (_folder(path), *_FOLDERS):
            if "*" in name:
                yield from self._matching(folder + name)
            elif folder + name in self.paths:
                yield folder + name
                return

    def _matching(self, pattern: str) -> Iterator[str]:
        """Files whose path matches a pattern, in which ``*`` is anything but a slash."""
        begins, depth = pattern.partition("*")[0], pattern.count("/")
        near = (p for p in self.paths if p.startswith(begins))
        return (p for p in near if p.count("/") == depth and fnmatchcase(p, pattern))

    def _beside(self, folder: str) -> Iterator[str]:
        """The files of a package that are not modules, also in folders below that are not packages."""
        for path in self.paths:
            if path.startswith(folder) and not path.endswith(".py"):
                below = _folder(path)
                if below == folder or f"{below}__init__.py" not in self.paths:
                    yield path

    @cached_property
    def _created(self) -> dict[str, str]:
        """The macros and views of ``warehouse/sql/core``, each with the file that creates it."""
        return {
            name: path
            for path in self._matching(f"{_DATABASE}*.sql")
            for name in _CREATES.findall((self.root / path).read_text(encoding="utf-8"))
        }


@cache
def of_process() -> Tree:
    """The files of the project as this process runs it."""
    return Tree()


def _walk(folder: Path, name: str) -> Iterator[str]:
    """Files below a folder, as ``name`` and their path in it, but hidden ones and what Python compiles."""
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.startswith(".") or entry.name == "__pycache__":
                continue
            if entry.is_dir():
                yield from _walk(folder / entry.name, f"{name}{entry.name}/")
            else:
                yield name + entry.name


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _folder(path: str) -> str:
    """The folder of a file, with a slash at its end."""
    return path[: path.rfind("/") + 1]


def _absolute(path: str, level: int, module: str) -> str:
    """The name of a module that is imported from a file: ``level`` is 0, or how many packages up its name begins."""
    if not level:
        return module
    package = path.split("/")[:-level]
    return ".".join((*package, *filter(None, [module])))


def _scan(path: Path, *, is_schema: bool) -> _Scan:
    """What a file does and needs, by its text; the answer is kept with what else is known of texts."""
    if path.suffix not in (".py", ".sql"):
        return _Scan(fingerprint.of_file(path))
    kind = "schema" if is_schema else path.suffix
    look = {"schema": _scan_schema, ".py": _scan_python, ".sql": _scan_sql}[kind]
    text = path.read_text(encoding="utf-8")
    kept = json.loads(fingerprint.known(f"scan of {kind}", text, lambda t: json.dumps(vars(look(t)))))
    return _Scan(kept["hash"], tuple(map(tuple, kept["imports"])), *(tuple(kept[k]) for k in _LISTS))


def _scan_sql(text: str) -> _Scan:
    plain = fingerprint.without_comments(text)
    files, of_database = _unique(_TEMPLATE.findall(plain)), _unique(_OF_DATABASE.findall(plain))
    return _Scan(fingerprint.of_sql(text), files=files, of_database=of_database)


def _scan_schema(text: str) -> _Scan:
    """A module of ``schemas``, where calls say what columns mean; elsewhere a call of the same name is something else."""
    return _scan_tree(fingerprint.without_meanings(fingerprint.parse(text)))


def _scan_python(text: str) -> _Scan:
    return _scan_tree(fingerprint.parse(text))


def _scan_tree(tree: ast.Module) -> _Scan:
    tree = fingerprint.without_docstrings(tree)
    digest = fingerprint.of_tree(tree)
    tree = _without_own_names(tree)
    imports: list[tuple[int, str, str]] = []
    texts: list[str] = []
    folders: list[str | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                imports += [(0, alias.name, "") for alias in names]
            case ast.ImportFrom(module=module, names=names, level=level):
                imports += [(level, module or "", alias.name) for alias in names]
            case ast.Constant(value=str(value)):
                texts.append(value)
            case ast.JoinedStr():
                texts.append(_pattern(node))
            case ast.Call(func=ast.Attribute(value=ast.Name(id="sql"), attr="names"), args=[folder]):
                folders.append(str(folder.value) if isinstance(folder, ast.Constant) else None)
    files = [t for t in texts if _NAMES_A_FILE.fullmatch(t) and (t == _CLAIMS or not t.startswith(("*", "/")))]
    of_database = [name for t in texts for name in _OF_DATABASE.findall(t)]
    named = texts if None in folders else folders
    return _Scan(digest, _unique(imports), _unique(files), _unique(filter(None, named)), _unique(of_database))


def _without_own_names(tree: ast.Module) -> ast.Module:
    """The tree without the names of the tables that schemas describe: a schema does not read its own table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and node.name == "Config":
            named = (isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "name" for line in node.body)
            node.body = [line for line, is_name in zip(node.body, named, strict=True) if not is_name]
    return tree


def _pattern(text: ast.JoinedStr) -> str:
    """An f-string as a pattern of names of files."""
    parts = (str(v.value) if isinstance(v, ast.Constant) else "*" for v in text.values)
    return re.sub(r"\*+", "*", "".join(parts))  # two values side by side: ** would match folders


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))
