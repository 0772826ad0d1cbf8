"""What a remembered answer rests on: the code that judged it, so that other code fetches it anew."""

from tasks.contract.source import Source
from tasks.identity import closure, fingerprint
from tasks.identity.closure import Tree

#: The modules that look at an answer beside its source: whether it is data at all, and whether it is recognised.
ENTRIES = ("tasks.fetch.suspicion", "tasks.intake.accept")


def of_answers(source: Source) -> str:
    """What good answers to a source's requests have in common: a hash."""
    return fingerprint.of(source.answering_code(), of_looking())


def of_looking(tree: Tree | None = None) -> str:
    """What answers of all sources have in common: a hash."""
    tree = tree or closure.of_process()
    return tree.hash((tree.module(name) for name in ENTRIES), with_service=True)
