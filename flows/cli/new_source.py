"""``entrepot new-source``: the skeleton of a source, written into a checkout of the project.

Package, schema, SQL and test of an example that works: it passes every check, and each place to fill in says so.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import jinja2

from warehouse.errors import Unknown

#: Template, and where its file goes below the root of the project.
_FILES = {
    "source.py.jinja": "tasks/sources/{module}/__init__.py",
    "indicator.sql.jinja": "tasks/sources/{module}/indicator.sql",
    "schema.py.jinja": "schemas/{module}.py",
    "test.py.jinja": "tests/tasks/sources/test_{module}.py",
}
_ID = re.compile(r"[a-z][a-z0-9]*\.[a-z][a-z0-9]*")

#: What stands at each place that has to be changed.
FILL_IN = "Fill in"


def write(source_id: str, root: Path | None = None) -> list[Path]:
    """Write the skeleton of a source below ``root`` (default: this checkout) and its page; return the files, as written.

    Raises Unknown for an id of another form, an installation without the tests beside it, a file that exists, or generated
    pages that cannot be written, as where another source cannot be imported.
    """
    if not _ID.fullmatch(source_id):
        raise Unknown(
            f"{source_id!r} is not an id of a source. Write it as publisher.dataset in lower case, such as unctad.fdi"
        )
    root = root or Path(__file__).parents[2]
    if not (root / "tests" / "tasks" / "sources").is_dir():
        raise Unknown(
            f"{root} is not a checkout of the project: clone it, and call `entrepot new-source` of its environment"
        )
    texts = _texts(source_id, root)
    for path in texts:
        if path.exists():
            raise Unknown(f"{path} exists: choose another id, or remove the files of an earlier try")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    _write_pages(root)
    return list(texts)


def places_to_fill_in(path: Path) -> Iterator[tuple[int, str]]:
    """Line numbers and lines of a file that say what has to be filled in."""
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if FILL_IN in line:
            yield number, line.strip()


def _texts(source_id: str, root: Path) -> dict[Path, str]:
    module = source_id.replace(".", "_")
    name = "".join(part.capitalize() for part in module.split("_"))
    names = {"id": source_id, "module": module, "name": name, "table": f"{name}Figure"}
    return {root / place.format(module=module): _render(template, names) for template, place in _FILES.items()}


def _render(template: str, names: dict[str, str]) -> str:
    text = (resources.files(__package__) / "skeleton" / template).read_text(encoding="utf-8")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, keep_trailing_newline=True)
    return environment.from_string(text).render(**names)


def _write_pages(root: Path) -> None:
    """Write the generated documents again, in a process that imports the new source. Raises Unknown."""
    for module, place in (("tasks.pages.source_pages", "docs/sources"), ("tasks.pages.readme", "README.md")):
        done = subprocess.run(
            [sys.executable, "-m", module, place], cwd=root, stderr=subprocess.PIPE, text=True, check=False
        )
        if done.returncode:
            cause = done.stderr.strip().rpartition("\n")[2] or f"exit status {done.returncode}"
            raise Unknown(f"the skeleton is written, but {place} is not: {cause}. Correct that and run `make docs`")
