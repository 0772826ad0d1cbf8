"""What code rests on: a module, every module of the project it imports, and every file these read.

Derived from the syntax tree, so that nobody has to list modules by hand, and from files alone: nothing is imported, and a
copy of the project gives the same. Three rules say what counts:

- Imports of the project's own modules count wherever they stand, also inside a function; the ``__init__`` of each
  package on the way is run, so it counts too. Imports by a name made at run time do not: ``tasks.sources`` finds its
  modules so, and a source is asked for its own closure.
- In a package below ``tasks/sources`` every file beside the modules counts. Elsewhere those named in a text count:
  ``"state.sql"`` beside the module, ``"load/delta.sql"`` below ``warehouse/sql``, ``"places.csv"`` below ``warehouse/reference``,
  patterns with ``*`` too, all files of a folder where it is named in ``names("checks")``, and what an SQL template
  imports. Code that names a macro or view of ``warehouse/sql/core`` rests on the file that creates it.
- Modules named ``service`` only ask a publisher's service. They count where the answers to requests are trusted, not
  for what is read from archived files.

What schemas say in words, in docstrings and as meanings of columns (``schemas/columns.py``), is published: it counts for a
release, and for no load.
"""

import ast
import inspect
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

from tasks.identity import fingerprint
from warehouse.errors import Unknown

#: The folder that holds the project's packages, as this process runs it.
ROOT = Path(__file__).parents[2]
PACKAGES = ("flows", "schemas", "tasks", "warehouse")

_SOURCES = Path("tasks/sources")
_SCHEMAS = Path("schemas")
_SQL = Path("warehouse/sql")
_DATABASE = _SQL / "core"
#: Where files named in a text lie, beside the folder of the module itself.
_FOLDERS = (_SQL, Path("warehouse/reference"))
_SERVICE = "service.py"
_MEANINGS = _SCHEMAS / "columns.py"
_NAMES_A_FILE = re.compile(r"[\w./*-]+\.(sql|csv|json)")
_OF_DATABASE = re.compile(r"\b(?:core|ref)\.\w+")
_CREATES = re.compile(r"\bCREATE\s+(?:OR\s+REPLACE\s+)?(?:VIEW|MACRO)\s+([\w.]+)", re.IGNORECASE)
_TEMPLATE = re.compile(r"\{%-?\s*(?:import|include|extends|from)\s+[\"']([^\"']+)[\"']")


_T = TypeVar("_T")


@dataclass(frozen=True)
class _Scan:
    """What a file says that it needs: ``imports`` as (level, module, name), files and folders by their names."""

    imports: tuple[tuple[int, str, str], ...] = ()
    files: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    of_database: tuple[str, ...] = ()


class Tree:
    """The project's files below a root, each read once: a change made later is not seen."""

    def __init__(self, root: Path = ROOT) -> None:
        self.root = root
        self._needs: dict[Path, tuple[Path, ...]] = {}
        self._hashes: dict[tuple[Path, bool], str] = {}
        self._closures: dict[tuple[frozenset[Path], bool, bool], str] = {}

    def module(self, name: str) -> Path:
        """The file of a module of the project. Raises Unknown."""
        path = self._module(name)
        if path is None:
            raise Unknown(f"no module {name!r} below {self.root}")
        return path

    def module_of(self, kind: type) -> Path:
        """The file of the module that defines a class, which may be none of the project's, such as a test."""
        return self._module(kind.__module__) or Path(inspect.getfile(kind))

    def hash(self, entries: Iterable[Path], *, with_service: bool = False, with_descriptions: bool = False) -> str:
        """Hash of what modules do with all they rest on.

        ``with_service``: modules that ask a service count. ``with_descriptions``: what schemas say in words counts.
        """
        key = frozenset(entries), with_service, with_descriptions
        if key not in self._closures:
            found = self.files(key[0], with_service=with_service, with_descriptions=with_descriptions)
            files = sorted((self._label(path), path) for path in found)
            self._closures[key] = fingerprint.of(*(f"{name} {self._hash(p, with_descriptions)}" for name, p in files))
        return self._closures[key]

    def files(
        self, entries: Iterable[Path], *, with_service: bool = False, with_descriptions: bool = False
    ) -> set[Path]:
        """The files of modules and of all they rest on. An entry may lie outside the root, as a test does."""
        reached, waiting = set[Path](), list(entries)
        while waiting:
            path = waiting.pop()
            is_out = (path.name == _SERVICE and not with_service) or (
                path == self.root / _MEANINGS and not with_descriptions
            )
            if not is_out and path not in reached:
                reached.add(path)
                waiting += self._needed(path)
        return reached

    def _label(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.name

    def _hash(self, path: Path, with_descriptions: bool) -> str:
        key = path, with_descriptions and path.is_relative_to(self.root / _SCHEMAS)
        if key not in self._hashes:
            self._hashes[key] = _hash(*key)
        return self._hashes[key]

    def _needed(self, path: Path) -> tuple[Path, ...]:
        if path not in self._needs:
            self._needs[path] = tuple(dict.fromkeys(self._directly_needed(path)))
        return self._needs[path]

    def _directly_needed(self, path: Path) -> Iterator[Path]:
        scan = _scan(path)
        for level, module, name in scan.imports:
            yield from self._imported(self._absolute(path, level, module), name)
        for name in scan.files:
            yield from self._named(path, name)
        for name in scan.folders:
            yield from sorted((self.root / _SQL / name).glob("*.sql"))
        for name in scan.of_database:
            if name in self._created and path.is_relative_to(self.root):
                yield self._created[name]
        if path.suffix == ".py" and path.is_relative_to(self.root / _SOURCES):
            yield from _beside(path.parent)

    def _absolute(self, path: Path, level: int, module: str) -> str:
        """The name of a module that is imported from a file, relative to its package (``level`` > 0) or not."""
        if not level:
            return module
        package = path.relative_to(self.root).parent.parts
        return ".".join((*package[: len(package) - level + 1], *filter(None, [module])))

    def _imported(self, module: str, name: str) -> Iterator[Path]:
        """The files that an import runs: the packages on the way, the module, and ``name`` where it is a module."""
        if module.partition(".")[0] not in PACKAGES:
            return
        parts = module.split(".")
        for n in range(1, len(parts) + 1):
            if path := self._module(".".join(parts[:n])):
                yield path
        if name and (path := self._module(f"{module}.{name}")):
            yield path

    def _module(self, name: str) -> Path | None:
        base = self.root.joinpath(*name.split("."))
        return next((p for p in (base / "__init__.py", base.with_name(f"{base.name}.py")) if p.is_file()), None)

    def _named(self, path: Path, name: str) -> Iterator[Path]:
        """The files of the project that a name or a pattern in a file stands for."""
        folders = (path.parent, *(self.root / folder for folder in _FOLDERS))
        for folder in folders:
            if "*" in name:
                yield from sorted(folder.glob(name))
            elif (folder / name).is_file():
                yield (folder / name).resolve() if ".." in name else folder / name
                return

    @cached_property
    def _created(self) -> dict[str, Path]:
        """The macros and views of ``warehouse/sql/core``, each with the file that creates it."""
        return {
            name: path
            for path in sorted((self.root / _DATABASE).glob("*.sql"))
            for name in _CREATES.findall(path.read_text(encoding="utf-8"))
        }


@cache
def of_process() -> Tree:
    """The files of the project as this process runs it."""
    return Tree()


def _beside(folder: Path) -> Iterator[Path]:
    """The files of a package that are no modules, also in folders below that are no packages."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name == "__pycache__" or path.suffix in (".py", ".pyc"):
            continue
        if path.is_file():
            yield path
        elif not (path / "__init__.py").exists():
            yield from _beside(path)


def _hash(path: Path, with_descriptions: bool) -> str:
    if path.suffix == ".py":
        return fingerprint.of_python(path.read_text(encoding="utf-8"), with_descriptions)
    if path.suffix == ".sql":
        return fingerprint.of_sql(path.read_text(encoding="utf-8"))
    return fingerprint.of_file(path)


def _scan(path: Path) -> _Scan:
    """What a file needs, by its text; the answer is kept with what else is known of the text."""
    if path.suffix not in (".py", ".sql"):
        return _Scan()
    text = path.read_text(encoding="utf-8")
    look = _scan_python if path.suffix == ".py" else _scan_sql
    kept = json.loads(fingerprint.known(f"needs of {path.suffix}", text, lambda t: json.dumps(vars(look(t)))))
    return _Scan(tuple(tuple(i) for i in kept.pop("imports")), **{k: tuple(v) for k, v in kept.items()})


def _scan_sql(text: str) -> _Scan:
    return _Scan(files=tuple(_TEMPLATE.findall(text)), of_database=_unique(_OF_DATABASE.findall(text)))


def _scan_python(text: str) -> _Scan:
    tree = _without_own_names(fingerprint.without_descriptions(ast.parse(text)))
    imports: list[tuple[int, str, str]] = []
    texts: list[str] = []
    folders: list[str] = []
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
            case ast.Call(
                func=ast.Attribute(attr="names") | ast.Name(id="names"), args=[ast.Constant(value=str(value))]
            ):
                folders.append(value)
    files = [t for t in texts if _NAMES_A_FILE.fullmatch(t) and not t.startswith(("*", "/"))]
    of_database = [name for t in texts for name in _OF_DATABASE.findall(t)]
    return _Scan(_unique(imports), _unique(files), _unique(folders), _unique(of_database))


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
    return re.sub(r"\*+", "*", "".join(parts))  # two values side by side: ** would stand for folders


def _unique(items: Iterable[_T]) -> tuple[_T, ...]:
    return tuple(dict.fromkeys(items))
