"""The identity of cached answers: a hash of the code that checks answers, so that changed code fetches them again."""

from tasks.contract.source import Source
from tasks.identity import closure, fingerprint
from tasks.identity.closure import Tree

#: The modules that check an answer besides its source: whether it is data, and whether a source recognises it.
ENTRIES = ("tasks.fetch.answer_check", "tasks.intake.accept")


def of_answers(source: Source) -> str:
    """The hash of all code that checks the answers to a source's requests."""
    return fingerprint.of(source.answering_code(), of_checks())


def of_checks(tree: Tree | None = None) -> str:
    """The hash of the code that checks the answers of all sources."""
    tree = tree or closure.of_process()
    return tree.hash((tree.module(name) for name in ENTRIES), with_service=True)
