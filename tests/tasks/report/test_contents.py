"""Every chart and table that is written for a page stands on one."""

import ast
from pathlib import Path

import pytest

from tasks.report import contents

MODULES = sorted(Path(contents.__path__[0]).glob("*.py"))


NAMED = {
    node.id if isinstance(node, ast.Name) else node.attr
    for path in [*MODULES, *Path(contents.__path__[0]).parent.glob("*.py")]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    if isinstance(node, ast.Name | ast.Attribute)
}


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_every_function_of_a_page_is_used(module: Path) -> None:
    functions = ast.parse(module.read_text(encoding="utf-8")).body
    assert {node.name for node in functions if isinstance(node, ast.FunctionDef)} - NAMED == set()
