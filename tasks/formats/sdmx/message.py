"""The header of a data message, and the form of its observations."""

import re
from dataclasses import dataclass, field

from warehouse.errors import LayoutChanged


class Damaged(LayoutChanged):
    """The bytes end too early, or are not those that were sent."""


#: One observation: SDMX ids and the text printed for them; None or absent: no value.
Record = dict[str, str | None]

_URN = re.compile(r"(?:^|=)(?P<agency>[A-Za-z0-9_.\-]+):(?P<id>[A-Za-z0-9_@\-]+)\((?P<version>[^)]*)\)")


@dataclass(frozen=True)
class Message:
    """A data message. ``agency``, ``id`` and ``version`` name its dataflow, or its data structure where it names that.

    ``prepared`` is when the message was written, which is not a date of publication. ``attributes`` are those of the
    data set. ``columns`` is a table's header. ``footer`` is the sender's text instead of, or beside, the data.
    """

    form: str
    agency: str | None = None
    id: str | None = None
    version: str | None = None
    prepared: str | None = None
    attributes: dict[str, str] = field(default_factory=dict)
    columns: tuple[str, ...] = ()
    footer: str | None = None

    @property
    def flow(self) -> str | None:
        """The dataflow as ``agency:id(version)``, as far as it is known."""
        return f"{self.agency}:{self.id}({self.version})" if self.id else None


def reference(text: str) -> tuple[str | None, str | None, str | None]:
    """Agency, id and version of a URN or of ``agency:id(version)``; nothing if it is neither."""
    match = _URN.search(text.strip())
    return (match["agency"], match["id"], match["version"]) if match else (None, None, None)
