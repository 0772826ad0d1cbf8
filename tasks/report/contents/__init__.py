"""The pages of the report site. Each module has ``pages(con)``, which gives the pages that the published file has figures for."""

from tasks.report.contents import claims, corridors, data, fdi_by_origin, home, northeast, provinces, questions, visits

#: In the order in which the site lists them.
MAKERS = (
    home.pages,
    fdi_by_origin.pages,
    northeast.pages,
    provinces.pages,
    corridors.pages,
    visits.pages,
    questions.pages,
    claims.pages,
    data.pages,
)
