"""The marts: what analysts use. Their columns are declared here; their SQL is in warehouse/sql.

*Figures* (``…_figures``) are what anybody published, one row a figure. *Facts* have one row a thing in the world and are made for adding.
*Readings* answer a question from facts.
"""

from schemas.base import Table
from schemas.mart import measures
from schemas.mart.figures import (
    MartFdiFigures,
    MartFdiRate,
    MartIndicatorFigures,
    MartMilestoneFigures,
    MartPair,
    MartPresenceFigures,
    MartTradeFigures,
    MartVisits,
)
from schemas.mart.investment import MartFdi, MartFdiChinaByOrigin, MartFdiCities, MartFdiProvinces
from schemas.mart.other_facts import (
    MartExchangeRates,
    MartIndicator,
    MartIndicatorOneRelease,
    MartMilestonePlaces,
    MartMilestones,
    MartPresence,
)
from schemas.mart.profiles import MartProvinceProfile, MartProvinceProfileOneRelease, MartRegionProfile
from schemas.mart.readings import (
    MartBothImport,
    MartClaims,
    MartConcentration,
    MartCoverage,
    MartFreshness,
    MartMirrorFdi,
    MartMirrorTrade,
    MartQuestion,
    MartRevisions,
    MartRevisionsBySource,
    MartTradeMonthsDerived,
)
from schemas.mart.trade import (
    MartTrade,
    MartTradeChapters,
    MartTradeCities,
    MartTradeMonths,
    MartTradeProvinces,
    MartTradeReconciled,
    MartTradeSubheadings,
)

VIEWS: tuple[type[Table], ...] = (
    MartTrade, MartTradeChapters, MartTradeSubheadings, MartTradeMonths, MartTradeProvinces, MartTradeCities, MartTradeReconciled,
    MartFdi, MartFdiProvinces, MartFdiCities, MartFdiChinaByOrigin, MartIndicator, MartIndicatorOneRelease, MartExchangeRates, MartPresence,
    MartMilestones, MartMilestonePlaces, MartVisits, MartPair,
    MartProvinceProfile, MartProvinceProfileOneRelease, MartRegionProfile, MartMirrorTrade, MartMirrorFdi, MartBothImport,
    MartConcentration, MartRevisions, MartRevisionsBySource, MartCoverage, MartFreshness, MartQuestion, MartClaims,
    MartTradeFigures, MartFdiFigures, MartFdiRate, MartIndicatorFigures, MartPresenceFigures, MartMilestoneFigures,
    MartTradeMonthsDerived,
    *measures.VIEWS,
)  # fmt: skip

#: The mart with the figures of each fact, by its name (tasks.contract.facts). It is here so that loading does not depend on marts.
FIGURES_OF: dict[str, type[Table]] = {
    "trade": MartTradeFigures, "fdi": MartFdiFigures, "fdi_rate": MartFdiRate, "indicator": MartIndicatorFigures, "pair": MartPair,
    "presence": MartPresenceFigures, "visits": MartVisits, "milestones": MartMilestoneFigures,
}  # fmt: skip
