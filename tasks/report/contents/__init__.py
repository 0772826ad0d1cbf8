"""The pages of the report site. Each module has ``pages(con)``, which gives the pages that the published file has figures for."""

from tasks.report.contents import (
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
from tasks.report.model import PageMaker
from warehouse.settings import Home

#: The project's own pages, in the order in which the site lists them.
_MAKERS = (
    front.pages,
    fdi_by_origin.pages,
    northeast.pages,
    provinces.pages,
    corridors.pages,
    visits.pages,
    questions.pages,
    claims.pages,
    data.pages,
)


def makers(home: Home) -> list[PageMaker]:
    """What makes the pages of a home folder's site: the project's own, then those that its user has written."""
    return [*_MAKERS, own_pages.pages_of(home.reports)]
