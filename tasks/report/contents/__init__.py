"""The pages of the report site. Each module has ``pages(con)``, which gives the pages that the published file has figures for."""

from tasks.report.contents import (
    ask,
    claims,
    corridors,
    data,
    fdi_by_origin,
    front,
    northeast,
    own_pages,
    provinces,
    questions,
    visits,
)
from tasks.report.contents.changes import Changes
from tasks.report.model import PageMaker
from warehouse.settings import Home

#: The project's own pages between Home and Data, in the order in which the site lists them.
_MAKERS = (
    fdi_by_origin.pages,
    northeast.pages,
    provinces.pages,
    corridors.pages,
    visits.pages,
    questions.pages,
    claims.pages,
)


def makers(home: Home) -> list[PageMaker]:
    """What makes the pages of a home folder's site: the project's own, then those that its user has written."""
    changes = Changes(home)
    return [
        front.pages_of(changes),
        *_MAKERS,
        data.pages_of(changes),
        ask.pages_of(home),
        own_pages.pages_of(home.reports),
    ]
