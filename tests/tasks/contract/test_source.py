"""SQL beside a source, filled in with values."""

import re

import jinja2
import pytest

from tasks.contract import source
from tests.support.paths import ROOT
from warehouse import sql


def test_a_template_beside_a_source_is_filled_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        source, "sql_beside", lambda package, name: f"SELECT {{{{ title | sql }}}} /* {package} {name} */"
    )
    assert (
        source.render_beside("a.package", "a.sql", title="Côte d'Ivoire")
        == "SELECT 'Côte d''Ivoire' /* a.package a.sql */"
    )
    with pytest.raises(jinja2.UndefinedError):
        source.render_beside("a.package", "a.sql")


def test_a_value_becomes_a_literal_and_none_null() -> None:
    assert sql.render_text("CAST({{ day | sql }} AS DATE)", day=None) == "CAST(NULL AS DATE)"
    assert sql.render_text("{% if flag %}{{ columns }}{% endif %}", flag=True, columns="a, b") == "a, b"


def test_sql_that_is_not_there_is_named() -> None:
    with pytest.raises(FileNotFoundError, match=r"nothing\.sql"):
        source.sql_beside("tasks.sources.curated", "nothing.sql")


def test_nobody_reads_an_artifact_but_through_records() -> None:
    """``text`` takes text in UTF-8 only: whoever calls it directly fails on the files that ``records`` decodes."""
    callers = [
        path.relative_to(ROOT).as_posix()
        for folder in ("tasks", "flows")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if re.search(r"(?<!self)\.text\(opened\)", path.read_text(encoding="utf-8"))
    ]
    assert callers == []
