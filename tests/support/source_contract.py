"""The tests that every source inherits: what it recognises, loads, quarantines and refuses.

A source's test module declares a specimen, made by hand in the publisher's form, and what has to become of it::

    class TestContract(ServiceContract):
        source = SOURCE
        specimen = Specimen("fredgraph.csv", "observation_date,AEXCHUS\\n2016-01-01,6.64\\n", rows=1)
        golden = {"SELECT value FROM mart.indicator_figures": [(Decimal("6.64"),)]}
        bad_row = BadRow("observation_date,AEXCHUS\\n2016-01-01,6.64\\n2017-01-01,n/a\\n", rule="fred_value")
        changed_layouts = {"another series": ("observation_date,GDP\\n2016-01-01,1\\n", "not an exchange rate of H.10")}
        refused_answers = {"HTML": Refused(REQUEST, "<html></html>", NotData, "AEXCHUS")}
        valid_answers = {"a series": Valid(REQUEST, "observation_date,AEXCHUS\\n2016-01-01,6.64\\n", rows=1)}

The tests of tests/tasks/sources/test_every_source.py hold all sources to each other, and see to it that each has such a class.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import duckdb
import pytest

from tasks.contract.service import Request
from tasks.contract.source import Source
from tests.support.answers import answer_to
from tests.support.loading import adopt_and_load, adopt_files, load_pending, tolerant
from warehouse.errors import EntrepotError
from warehouse.settings import Home, Settings

Content = str | bytes


@dataclass(frozen=True)
class Specimen:
    """A small file in the publisher's form: ``rows`` of it are loaded, all that are not set aside."""

    filename: str
    content: Content
    rows: int

    def write(self, folder: Path, content: Content | None = None) -> Path:
        """Write the file, or one of the same name with another content."""
        path = folder / self.filename
        text = self.content if content is None else content
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path


@dataclass(frozen=True)
class BadRow:
    """The content of a file of which one row, or ``rows``, break the rule with ``rule`` in its name."""

    content: Content
    rule: str
    rows: int = 1


@dataclass(frozen=True)
class Refused:
    """An answer in which the source finds a fault, with a pattern of words that its message has."""

    request: Request
    body: Content
    fault: type[EntrepotError]
    words: str | None = None


@dataclass(frozen=True)
class Valid:
    """An answer that is what was asked for, with the number of rows that are counted in it."""

    request: Request
    body: Content
    rows: int


class SourceContract:
    """What holds for every source. ``golden`` gives queries with the rows that they find after the specimen is loaded.

    ``changed_layouts``: contents that are nearly the source's, with words of the message that says why they are not
    taken. ``refused_forms``: a content for each form of ``Source.refused``, by its name on the source's page.
    """

    source: ClassVar[Source]
    specimen: ClassVar[Specimen]
    golden: ClassVar[Mapping[str, list[tuple[Any, ...]]]]
    bad_row: ClassVar[BadRow]
    changed_layouts: ClassVar[Mapping[str, tuple[Content, str]]]
    refused_forms: ClassVar[Mapping[str, Content]] = {}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """A test for each of the declared contents."""
        for name in ("changed_layout", "refused_form", "refused_answer", "valid_answer"):
            if name in metafunc.fixturenames:
                declared = getattr(self, f"{name}s")
                values = declared.items() if name == "refused_form" else declared.values()
                metafunc.parametrize(name, values, ids=declared.keys())

    def test_the_specimen_is_recognised_loaded_and_gives_the_golden_figures(
        self, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
    ) -> None:
        (outcome,) = adopt_and_load(warehouse, home, settings, self.source, self.specimen.write(tmp_path)).values()
        assert (outcome.fault, outcome.rows_in - outcome.rows_set_aside) == (None, self.specimen.rows)
        assert outcome.rows_quarantined == 0
        for query, rows in self.golden.items():
            assert warehouse.execute(query).fetchall() == rows, query

    def test_a_file_that_is_loaded_is_neither_archived_nor_loaded_again(
        self, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
    ) -> None:
        path = self.specimen.write(tmp_path)
        adopt_and_load(warehouse, home, settings, self.source, path)
        assert [a.is_new for a in adopt_files(home, path).values()] == [False]
        assert load_pending(warehouse, home, settings, self.source) == []

    def test_a_bad_row_is_quarantined_under_its_rule(
        self, warehouse: duckdb.DuckDBPyConnection, home: Home, settings: Settings, tmp_path: Path
    ) -> None:
        path = self.specimen.write(tmp_path, self.bad_row.content)
        (outcome,) = adopt_and_load(warehouse, home, tolerant(settings), self.source, path).values()
        assert outcome.fault is None
        rules = [r for (r,) in warehouse.execute("SELECT rules FROM meta.quarantine ORDER BY row_number").fetchall()]
        assert len(rules) == outcome.rows_quarantined == self.bad_row.rows
        assert [rule for rule in rules if self.bad_row.rule not in rule] == []
        assert outcome.rows_accepted == outcome.rows_in - outcome.rows_set_aside - self.bad_row.rows > 0

    def test_a_changed_layout_is_not_taken_and_the_message_says_why(
        self, home: Home, tmp_path: Path, changed_layout: tuple[Content, str]
    ) -> None:
        content, words = changed_layout
        (adopted,) = adopt_files(home, self.specimen.write(tmp_path, content)).values()
        assert adopted.source is None
        assert words in adopted.message

    def test_a_form_that_the_page_calls_refused_is_refused_with_its_reason(
        self, home: Home, tmp_path: Path, refused_form: tuple[str, Content]
    ) -> None:
        form, content = refused_form
        (declared,) = (refused for refused in self.source.refused if refused.form == form)
        (adopted,) = adopt_files(home, self.specimen.write(tmp_path, content)).values()
        assert adopted.source is None
        assert str(declared.fault("")).partition(". ")[0] in adopted.message


class ServiceContract(SourceContract):
    """What holds for every source that asks a service too."""

    refused_answers: ClassVar[Mapping[str, Refused]]
    valid_answers: ClassVar[Mapping[str, Valid]]

    def test_an_answer_that_is_not_what_was_asked_for_is_refused(self, tmp_path: Path, refused_answer: Refused) -> None:
        refused = refused_answer
        with pytest.raises(refused.fault, match=refused.words) as raised:
            self.source.judge(refused.request, answer_to(tmp_path, refused.request, refused.body))
        assert type(raised.value) is refused.fault

    def test_a_valid_answer_is_counted_and_recognised_where_it_is_kept(
        self, home: Home, tmp_path: Path, valid_answer: Valid
    ) -> None:
        answer = answer_to(tmp_path, valid_answer.request, valid_answer.body)
        judged = self.source.judge(valid_answer.request, answer)
        assert judged.rows == valid_answer.rows
        if judged.is_kept:
            assert self.source.id in {a.source for a in adopt_files(home, answer.path).values()}
