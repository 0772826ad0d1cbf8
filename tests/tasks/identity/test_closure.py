"""What depends on what: each file of the project is changed in turn, in meaning and in words, and exactly the right hashes change."""

import ast
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tasks.fetch import identity as answers_identity
from tasks.identity import closure, fingerprint
from tasks.identity.closure import Tree
from tasks.load import identity as load_identity
from tasks.publish import identity as release_identity
from tests.support import project_copy

ALL = Tree()
READ = Tree()
SOURCES = sorted({p.split("/")[2] for p in ALL.paths if p.startswith("tasks/sources/")} - {"__init__.py", "_shared"})
#: What all loads, all cached answers and all releases depend on.
COMMON = {"loads", "answers", "release"}


def entry(source: str) -> str:
    return ALL.module(f"tasks.sources.{source}")


def identities(tree: Tree) -> dict[str, str]:
    """All hashes that a warehouse is made by: those that all have in common, and two of each source."""
    found = {
        "loads": load_identity.of_loading(tree),
        "answers": answers_identity.of_checks(tree),
        "release": release_identity.of_publishing(tree),
    }
    for source in SOURCES:
        found[f"loads of {source}"] = tree.hash([entry(source)])
        found[f"answers of {source}"] = tree.hash([entry(source)], with_service=True)
    return found


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, which each test leaves as it was."""
    return project_copy.make(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def before(root: Path) -> dict[str, str]:
    assert identities(Tree(root)) == identities(READ)
    return identities(READ)


def changed_by(root: Path, before: dict[str, str], path: str, change: Callable[[str], str]) -> set[str]:
    """Which hashes another text of a file changes."""
    file = root / path
    text = file.read_text(encoding="utf-8")
    file.write_text(change(text), encoding="utf-8")
    try:
        tree = Tree(root)
        tree._scans = {name: scan for name, scan in READ._scans.items() if name != path}  # the rest is as it was
        now = identities(tree)
    finally:
        file.write_text(text, encoding="utf-8")
    return {name for name in before if before[name] != now[name]}


def in_meaning(path: str) -> Callable[[str], str]:
    added = {".py": "\nANOTHER = 1\n", ".sql": "\nSELECT 'another'\n"}
    return lambda text: text + added.get(Path(path).suffix, "another\n")


def in_words(path: str, text: str) -> str:
    """A text with other comments, another layout and, where it is not published, another docstring."""
    if path.endswith(".sql"):
        return f"-- another\n{text}\n/* one more */"
    if not path.startswith("schemas/"):
        text = text.replace('"""', '"""Another. ', 1)
    return f"# another\n\n{text}\n\n\n# one more\n"


def loads_of(*sources: str) -> set[str]:
    return {f"{what} of {source}" for source in sources for what in ("loads", "answers")}


# -- What is right was written down by hand, for a file of each kind


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("schemas/curated.py", loads_of("chn_gacc", "chn_nbs", "curated")),
        ("schemas/uncomtrade.py", loads_of("uncomtrade")),
        ("schemas/imf.py", loads_of("imf_dip", "imf_er", "imf_imts")),
        ("schemas/base.py", COMMON | loads_of(*SOURCES)),
        ("schemas/observations.py", COMMON | loads_of(*SOURCES)),
        ("schemas/mart/figures.py", {"release"}),
        ("schemas/columns.py", {"release"}),
        ("tasks/sources/cepii_geodist/pairs.sql", loads_of("cepii_geodist")),
        ("tasks/sources/jpn_customs/stages.csv", loads_of("jpn_customs")),
        ("tasks/sources/uncomtrade/fields.py", loads_of("uncomtrade")),
        ("tasks/sources/uncomtrade/service.py", {"answers of uncomtrade"}),
        ("tasks/sources/chn_nbs/service.py", {"answers of chn_nbs"}),
        ("tasks/sources/_shared/china_copies.py", loads_of("jpn_customs", "kor_kosis", "usa_census")),
        ("tasks/archive/containers.py", COMMON | loads_of(*SOURCES)),
        ("tasks/archive/sniff.py", COMMON | loads_of(*SOURCES)),
        ("tasks/contract/source.py", COMMON | loads_of(*SOURCES)),
        ("tasks/load/versions.py", {"loads"}),
        ("tasks/load/conform.py", {"loads"}),
        ("tasks/load/validate.py", {"loads", "release"}),
        ("tasks/load/dry_run.py", set()),
        ("tasks/intake/accept.py", {"answers"}),
        ("tasks/intake/adopt.py", set()),
        ("tasks/fetch/answer_check.py", {"answers"}),
        ("tasks/fetch/pull.py", set()),
        ("tasks/publish/check.py", {"release"}),
        ("tasks/ask/trace.py", set()),
        ("flows/build.py", set()),
        ("flows/cli/app.py", set()),
        ("warehouse/ddl.py", {"release"}),
        ("warehouse/sql/load/delta.sql", {"loads"}),
        ("warehouse/sql/figures/10_trade.sql", {"release"}),
        ("warehouse/sql/shared/versions.sql", {"release"}),
        ("warehouse/sql/checks/loads_balance.sql", {"release"}),
        ("warehouse/sql/core/06_concordance.sql", {"release"}),
        ("warehouse/sql/core/05_indicator_unit.sql", {"release"} | loads_of("chn_gacc", "chn_nbs", "curated")),
    ],
)
def test_a_change_of_meaning_changes_the_right_hashes(
    root: Path, before: dict[str, str], path: str, expected: set[str]
) -> None:
    assert changed_by(root, before, path, in_meaning(path)) == expected


def test_a_reference_table_counts_for_all_loads_and_for_sources_that_read_it(
    root: Path, before: dict[str, str]
) -> None:
    path = "warehouse/reference/place_groups.csv"
    reading = {name for name in before if "warehouse/reference_files.py" in files_of(name)}
    assert "answers of oecd_fdi" in reading
    assert changed_by(root, before, path, in_meaning(path)) == {"loads", *reading}


def test_code_that_is_only_in_the_schema_of_a_source_counts(root: Path, before: dict[str, str]) -> None:
    def stricter(text: str) -> str:
        old = r'printed_value: types.Text = field(nullable=True, str_matches=r"^\d+(\.\d+)?$")'
        assert old in text
        return text.replace(old, old.replace(r"^\d+(\.\d+)?$", r"^\d{1,2}$"))

    assert changed_by(root, before, "schemas/curated.py", stricter) == loads_of("chn_gacc", "chn_nbs", "curated")


def test_words_about_columns_count_for_releases_alone(root: Path, before: dict[str, str]) -> None:
    def meaning(text: str) -> str:
        old = 'Meaning("Exporter, CEPII\'s numeric code")'
        assert old in text
        return text.replace(old, 'Meaning("Exporter")')

    def description(text: str) -> str:
        return re.sub(r'(\nclass \w+\(.*\):\n    """)', r"\1Another. ", text)

    assert changed_by(root, before, "schemas/cepii.py", meaning) == set()  # no release describes a source's own table
    assert changed_by(root, before, "schemas/mart/figures.py", description) == {"release"}
    assert changed_by(root, before, "schemas/core.py", description) == {"release"}


# -- Each file in turn


def test_each_file_changes_the_hashes_that_reach_it(root: Path, before: dict[str, str]) -> None:
    reached = {name: files_of(name) for name in before}
    for path in sorted(p for p in ALL.paths if not p.startswith("warehouse/curated/")):
        expected = {name for name, files in reached.items() if path in files}
        assert changed_by(root, before, path, in_meaning(path)) == expected, path


def test_comments_in_all_files_change_nothing(tmp_path: Path, before: dict[str, str]) -> None:
    copy = project_copy.make(tmp_path)
    for path in sorted(p for p in ALL.paths if p.endswith((".py", ".sql"))):
        text = (copy / path).read_text(encoding="utf-8")
        (copy / path).write_text(in_words(path, text), encoding="utf-8")
    assert identities(Tree(copy)) == before


def files_of(name: str) -> set[str]:
    entries = {"loads": load_identity.ENTRIES, "answers": answers_identity.ENTRIES, "release": release_identity.ENTRIES}
    if name in entries:
        modules = [ALL.module(m) for m in entries[name]]
        return ALL.files(modules, with_service=name == "answers", with_descriptions=name == "release")
    what, _, source = name.partition(" of ")
    return ALL.files([entry(source)], with_service=what == "answers")


def test_no_sql_and_no_file_of_a_source_is_in_nobodys_hash(before: dict[str, str]) -> None:
    counted = set[str]().union(*(files_of(name) for name in before))
    # Questions about what is published change nothing that is stored.
    asking = ALL.files(
        [p for p in ALL.paths if p.startswith(("tasks/ask/", "tasks/report/", "flows/cli/")) and p.endswith(".py")]
    )
    mine = {p for p in ALL.paths if p.startswith(("warehouse/sql/", "tasks/sources/"))}
    assert mine - counted - asking == set()


# -- What Python itself imports


_IMPORT = """
import json, os, sys
import duckdb, filelock, httpx, ibis, jinja2, pandera.ibis, sqlglot  # once for all
sys.path.insert(0, sys.argv[1])
import tasks.contract.dataset, tasks.contract.source  # which all import
for modules in json.load(sys.stdin):
    if os.fork() == 0:
        for module in modules:
            __import__(module)
        print(json.dumps([m for m in sys.modules if m.partition(".")[0] in sys.argv[2:]]), flush=True)
        os._exit(0)
    os.wait()
"""


def imported(root: Path, entries: Sequence[Sequence[str]]) -> list[set[str]]:
    """The files of the project that importing modules runs, as Python tells it, for each of several entries."""
    asked = [sys.executable, "-c", _IMPORT, str(root), *closure.PACKAGES]
    done = subprocess.run(asked, input=json.dumps(entries), capture_output=True, text=True, check=True, cwd=root)
    return [{ALL.module(name) for name in json.loads(line)} for line in done.stdout.splitlines()]


def test_no_module_that_python_imports_is_missed(root: Path) -> None:
    common = [load_identity.ENTRIES, release_identity.ENTRIES, answers_identity.ENTRIES]
    entries = [*common, *((f"tasks.sources.{source}",) for source in SOURCES)]
    found = imported(root, entries)
    assert len(found) == len(entries)
    for modules, run in zip(entries, found, strict=True):
        reached = ALL.files(map(ALL.module, modules), with_service=True, with_descriptions=True)
        assert run - reached == set(), modules


def test_modules_are_imported_by_name_at_run_time_in_one_place() -> None:
    """What a module imports by a name made at run time is in no hash: only the list of sources does so."""
    found = {
        path
        for path in ALL.paths
        if path.endswith(".py")
        and {"import_module", "__import__"} & _names((closure.ROOT / path).read_text(encoding="utf-8"))
    }
    assert found == {"tasks/sources/__init__.py"}


def _names(text: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(text)))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in nodes if isinstance(node, ast.Name)}


# -- Rules that the hashes depend on


MODULES_OF_SOURCES = sorted(p for p in ALL.paths if p.startswith("tasks/sources/") and p.endswith(".py"))


@pytest.mark.parametrize("path", [p for p in MODULES_OF_SOURCES if not p.endswith("/service.py")])
def test_only_what_asks_uses_the_module_that_asks(path: str) -> None:
    """Loads do not depend on ``service.py``: so nothing that reads files may use it."""
    assert _uses_of_service(path, (closure.ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "importing",
    [
        "from . import service as s", "from .service import f as s", "from ..x import service as s", "import tasks.sources.x.service as s",
        "from tasks.sources.x import service as s", "from tasks.sources._shared.imf.service import s",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["tasks/sources/x/__init__.py", "tasks/sources/x/reader.py"])
def test_a_use_of_the_module_that_asks_is_seen_however_it_is_imported(path: str, importing: str) -> None:
    reads = f"{importing}\nclass X:\n    service = s\n    def judge(self): s()\n    def text(self): s()\n"
    inside = "class X:\n    def text(self):\n        " + importing + "\n        return s()\n"
    assert _uses_of_service(path, reads) == ["5: s"]
    assert _uses_of_service(path, inside) == ["4: s"]


def test_a_use_by_the_whole_name_of_the_module_that_asks_is_seen() -> None:
    assert _uses_of_service(
        "tasks/sources/x/a.py", "import tasks.sources.x.service\ntasks.sources.x.service.f()\n"
    ) == ["2: tasks"]


def _uses_of_service(path: str, text: str) -> list[str]:
    """Line and name of each use, in a module, of what it imports from a service module, but where a pull is declared."""
    tree = ast.parse(text)
    imported = set(_from_service(path, tree))
    asking = {id(n) for f in _asking(tree) for n in ast.walk(f)}
    uses = (n for n in ast.walk(tree) if isinstance(n, ast.Name) and n.id in imported and id(n) not in asking)
    return [f"{n.lineno}: {n.id}" for n in uses]


def _asking(tree: ast.Module) -> Iterator[ast.AST]:
    """The methods of a source that a pull calls, and the declaration of its service."""
    for kind in (n for n in tree.body if isinstance(n, ast.ClassDef)):
        for node in kind.body:
            if (
                isinstance(node, ast.FunctionDef)
                and node.name in ("requests", "scope", "judge", "judge_status", "split")
            ) or (isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "service"):
                yield node


def _from_service(path: str, tree: ast.Module) -> Iterator[str]:
    """Names that a module binds to the ``service`` module of a source or to what is in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            module = closure._absolute(path, node.level, node.module or "")
            names = (a for a in node.names if _is_service(module) or _is_service(f"{module}.{a.name}"))
            yield from (alias.asname or alias.name for alias in names)
        elif isinstance(node, ast.Import):
            yield from (a.asname or a.name.partition(".")[0] for a in node.names if _is_service(a.name))


def _is_service(module: str) -> bool:
    return module.startswith("tasks.sources.") and module.endswith(".service")


def test_no_step_of_loading_reads_what_a_column_means() -> None:
    """Meanings and units of columns count for no load: only the base of schemas and the descriptions of tables read them."""
    modules = (p for p in files_of("loads") if p.endswith(".py"))
    readers = {p for p in modules if "MEANINGS" in _names((closure.ROOT / p).read_text(encoding="utf-8"))}
    assert readers == {"schemas/base.py"}


# -- On every version of Python


def _pythons() -> list[str]:
    """Versions of Python on this machine, one at least."""
    found = [shutil.which(f"python3.{n}") for n in range(11, 20)]
    runs = [p for p in found if p and subprocess.run([p, "-c", ""], capture_output=True, check=False).returncode == 0]
    return [*runs, sys.executable]


@pytest.mark.parametrize("python", _pythons(), ids=lambda p: Path(p).name)
def test_every_version_of_python_gives_the_same_hashes(python: str) -> None:
    paths = sorted(p for p in ALL.paths if p.endswith((".py", ".sql")))
    asked = (
        "import json, sys\nfrom tasks.identity.closure import Tree\ntree = Tree()\n"
        "print(tree.hash(json.load(sys.stdin), with_service=True, with_descriptions=True))"
    )
    done = subprocess.run(
        [python, "-B", "-c", asked],
        input=json.dumps(paths),
        capture_output=True,
        text=True,
        check=True,
        cwd=closure.ROOT,
    )
    assert done.stdout.strip() == ALL.hash(paths, with_service=True, with_descriptions=True)


def test_words_about_columns_are_left_out_in_schemas_alone(tmp_path: Path) -> None:
    """A call of the same name elsewhere is something else, and counts."""
    text = 'from schemas.columns import Meaning\nX = Meaning("Exporter")\n'
    hashes = {}
    for folder in ("schemas", "tasks"):
        for number, words in enumerate((text, text.replace("Exporter", "Importer"))):
            root = tmp_path / folder / str(number)
            for package in closure.PACKAGES:
                (root / package).mkdir(parents=True)
            (root / folder / "x.py").write_text(words, encoding="utf-8")
            hashes[folder, number] = Tree(root).hash([f"{folder}/x.py"])
    assert hashes["schemas", 0] == hashes["schemas", 1]
    assert hashes["tasks", 0] != hashes["tasks", 1]


# -- Every file and every macro can be named


@pytest.mark.parametrize("folder", ["warehouse/sql/", "warehouse/reference/"])
def test_the_form_of_a_name_of_a_file_fits_every_file(folder: str) -> None:
    names = [p.removeprefix(folder) for p in ALL.paths if p.startswith(folder) and not p.endswith((".py", "README.md"))]
    assert names
    assert [name for name in names if not closure._NAMES_A_FILE.fullmatch(name)] == []


@pytest.mark.parametrize(
    "path", sorted(p for p in ALL.paths if p.startswith("warehouse/sql/core/")), ids=lambda p: p.rpartition("/")[2]
)
def test_everything_that_sql_creates_is_known_by_its_name(path: str) -> None:
    text = fingerprint.without_comments((closure.ROOT / path).read_text(encoding="utf-8"))
    plain = re.sub(r"\{\{ stored\(\"([\w.]+)\"\) \}\}", r"CREATE VIEW \1", text)
    created = re.findall(r"\bCREATE\b[^(;]*?\b((?:core|ref)\.\w+)", plain)
    assert len(created) == len(re.findall(r"\bCREATE\b", plain, re.IGNORECASE)) > 0
    assert closure._CREATES.findall(text) == created


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE MACRO core.it(a) AS a", "CREATE OR REPLACE TEMP MACRO core.it(a) AS a", "create temporary view core.it AS SELECT 1",
        "CREATE MACRO IF NOT EXISTS core.it(a) AS TABLE SELECT a", "CREATE OR REPLACE FUNCTION core.it(a) AS a",
        "CREATE VIEW IF NOT EXISTS core.it AS SELECT 1",
    ],
)  # fmt: skip
def test_a_macro_or_view_is_known_however_it_is_created(statement: str) -> None:
    assert closure._CREATES.findall(statement) == ["core.it"]
