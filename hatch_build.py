"""Building the wheel: the project's packages go into one, ``entrepot``, so that a user's own ``flows`` or ``tasks`` cannot stand in their place.

In a checkout the packages lie at its root and import each other by their names (``from tasks import sources``). In the wheel the same module imports
``entrepot.tasks``: only the names of modules in ``from … import`` lines differ. An editable installation is the checkout as it is.
"""

import ast
import re
import tempfile
from pathlib import Path
from typing import Any, TypeGuard

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGES = ("flows", "schemas", "tasks", "warehouse")
#: The package that has all others in the wheel.
OUTER = "entrepot"


class CustomBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Puts the packages, with their imports renamed, below ``entrepot/`` of the wheel."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before a wheel is written; ``version`` is "standard", or "editable" for one that only points to the checkout."""
        if version == "editable":
            return
        self._folder = tempfile.TemporaryDirectory()
        for name, path in moved(Path(self.root), Path(self._folder.name)):
            build_data["force_include"][str(path)] = name

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002
        """Called when the wheel is written."""
        if version != "editable":
            self._folder.cleanup()


def moved(root: Path, folder: Path) -> "list[tuple[str, Path]]":
    """The files of the wheel by their names in it. Modules are written to ``folder``, other files stay where they are."""
    files: list[tuple[str, Path]] = []
    for package in (OUTER, *PACKAGES):
        for path in sorted((root / package).rglob("*")):
            if not path.is_file() or "__pycache__" in path.parts:
                continue
            inner = path.relative_to(root)
            name = inner if package == OUTER else OUTER / inner
            if path.suffix == ".py":
                written = folder / name
                written.parent.mkdir(parents=True, exist_ok=True)
                written.write_text(renamed(path.read_text(encoding="utf-8"), str(inner)), encoding="utf-8")
                path = written
            files.append((name.as_posix(), path))
    return files


def renamed(text: str, file: str) -> str:
    """The text of a module with its imports of the project's packages renamed to those below ``entrepot``.

    Raises ValueError for ``import tasks.load``, which has no other name for what it imports: ``from tasks import load`` has.
    """
    lines = text.encode().split(b"\n")  # the syntax tree counts bytes, and no lines at form feeds
    ours = [node for node in ast.walk(ast.parse(text)) if _imports_ours(node, file)]
    for node in sorted(
        ours, key=lambda node: (node.lineno, node.col_offset), reverse=True
    ):  # so that positions stay true
        line = lines[node.lineno - 1]
        before, name = line[: node.col_offset], line[node.col_offset :]
        lines[node.lineno - 1] = before + re.sub(rb"^from\s+", rf"\g<0>{OUTER}.".encode(), name)
    return b"\n".join(lines).decode()


def _imports_ours(node: ast.AST, file: str) -> TypeGuard[ast.ImportFrom]:
    if isinstance(node, ast.Import) and any(_is_ours(alias.name) for alias in node.names):
        raise ValueError(f"{file}:{node.lineno}: write `from … import …` for a module of the project")
    return isinstance(node, ast.ImportFrom) and not node.level and _is_ours(node.module or "")


def _is_ours(module: str) -> bool:
    return module.partition(".")[0] in PACKAGES
