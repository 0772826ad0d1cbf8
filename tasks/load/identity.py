"""What every load depends on, besides the bytes and name of its artifact and the code of its source.

That is the code that loads, everything it imports, and the SQL and the reference tables that these read
(tasks.identity.closure). Comments, docstrings and layout of code do not count.
"""

from tasks.identity import closure, fingerprint
from tasks.identity.closure import Tree
from tasks.load import reference
from warehouse.settings import Home

#: The modules in which a load begins. They import or name everything that takes part.
ENTRIES = ("tasks.load.load_source", "tasks.load.reference")


def of_home(home: Home) -> str:
    """What every load of a home folder has in common: ``of_loading``, and what its user added to the reference tables."""
    added = reference.vocabulary_hash(home.vocabulary)
    return fingerprint.of(of_loading(), added) if added else of_loading()


def of_loading(tree: Tree | None = None) -> str:
    """What every load has in common: a hash."""
    tree = tree or closure.of_process()
    return tree.hash(tree.module(name) for name in ENTRIES)
