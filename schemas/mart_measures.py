"""The marts that hold measures of the field over facts: reconciled trade, disparity, profiles of corridors and others.

They are readings like those in :mod:`schemas.mart`; the formulas are in :mod:`schemas.formulas`, the methods of reconciliation in
:mod:`schemas.reconciliation`.
"""

from schemas import reconciliation, types
from schemas.base import Declared, Table, field, with_columns
from schemas.columns import Meaning, declare


def _text(*names: str, nullable: bool = False) -> dict[str, Declared]:
    return {name: (types.Text, field(nullable=nullable)) for name in names}


_YEAR: dict[str, Declared] = {"year": (types.Integer, field())}

declare(
    reconciliation_method=Meaning(
        "How one figure is made of what both sides publish (schemas/reconciliation.py): "
        + "; ".join(f"{m.name}: {m.rule}" for m in reconciliation.METHODS)
    ),
    method_version=Meaning("Version of the method; another version may give another value"),
    import_basis=Meaning("Whether the importer's figure has freight and insurance in it, and how that is known"),
    cif_rate=Meaning("Share of freight and insurance that was taken off the importer's figure, over its value without it", "ratio"),
    import_compared_usd=Meaning("The importer's figure without freight and insurance, as the method compares it", "USD"),
    exporter_weight=Meaning("Weight of the exporter's figure, from 0 to 1; the importer's has the rest", "ratio"),
)  # fmt: skip


@with_columns(
    _text("exporter", "exporter_name", "importer", "importer_name")
    | _YEAR
    | {
        "reconciliation_method": (types.Text, field(isin=[m.name for m in reconciliation.METHODS])),
        "method_version": (types.Text, field()),
        "mirror_status": (types.Text, field(isin=["both", "exporter_only", "importer_only"])),
        "export_usd": (types.TradeValue, field(nullable=True)),
        "import_usd": (types.TradeValue, field(nullable=True)),
    }
    | _text("import_basis", nullable=True)
    | {
        "cif_rate": (types.Double, field(nullable=True, ge=0)),
        "import_compared_usd": (types.TradeValue, field(nullable=True)),
        "exporter_weight": (types.Double, field(nullable=True, ge=0, le=1)),
        "value_usd": (types.TradeValue, field(nullable=True)),
    }
    | _text("why_not", nullable=True)
)
class MartTradeByMethod(Table):
    """One figure of the trade of a pair by each of several methods, from what exporter and importer publish of all goods.

    Choose one ``reconciliation_method`` before adding. For China and Japan the habit is ``both_import``. The value is
    ``exporter_weight`` times ``export_usd`` plus the rest times ``import_compared_usd``; where there is none, ``why_not`` says why. The ``…_like``
    methods are after their models and not equal to them: their weights are estimated from the pairs that are loaded.
    """

    class Config:
        name = "mart.trade_by_method"
        unique = ["exporter", "importer", "year", "reconciliation_method"]


declare(
    topic=Meaning("What is compared, such as railway_km or exports_to_japan_by_operator_usd (schemas/topics.py)"),
    topic_value=Meaning("The value of the topic, in its unit; of a region there only where all members have one"),
    topic_value_partial=Meaning("Sum of the topic over the members that have a figure, in its unit"),
    members_with_figure=Meaning("How many members have a figure of the topic", "places"),
    per_head=Meaning("The topic over the population of those members that have both"),
    per_gdp_billion=Meaning("The topic over the gross domestic product, in billions of US dollars, of those members that have both"),
    covered_population_share=Meaning("Share of the place's population in members that have a figure; NULL where a member's population is missing", "ratio"),
    share_of_northeast=Meaning(
        "Share in the sum over those provinces of the Northeast that have a figure, of its provinces and of Dalian; NULL where fewer than two have one", "ratio"
    ),
    northeast_members_with_figure=Meaning("How many of the three provinces of the Northeast have a figure", "places"),
    per_head_over_northeast=Meaning("per_head over that of the Northeast", "ratio"),
    datasets=Meaning("Datasets of the figures, separated by semicolons"),
)  # fmt: skip


@with_columns(
    _text("topic", "unit", "place", "place_name")
    | _YEAR
    | {name: (types.BigInteger, field(ge=0)) for name in ("member_count", "members_with_figure")}
    | {
        name: (types.Double, field(nullable=True))
        for name in (
            "topic_value", "topic_value_partial", "per_head", "per_gdp_billion", "covered_population_share", "share_of_northeast",
        )
    }
    | {
        "northeast_members_with_figure": (types.BigInteger, field(nullable=True)),
        "per_head_over_northeast": (types.Double, field(nullable=True)),
    }
    | _text("datasets", "why_not", nullable=True)
)  # fmt: skip
class MartDisparity(Table):
    """The Northeast, its three provinces and Dalian against the Pearl River Delta, the Yangtze River Delta and the Bohai Rim: trade and investment with Japan, companies, infrastructure.

    One row a topic, place and year; ``why_not`` says where figures are missing. The regions are whole provinces (the Pearl River Delta is
    Guangdong), and Liaoning is in the Northeast and in the Bohai Rim, Dalian in Liaoning: compare rows, do not add them. Topics that sound
    alike are different things: trade by operator and by place of the goods, companies approved and registered.
    """

    class Config:
        name = "mart.disparity"
        unique = ["topic", "place", "year"]


declare(
    studied_event=Meaning("Event of mart.visits, or key of a line, road or zone of mart.milestones"),
    event_kind=Meaning("Kind of the event: visit, forum, seminar, high_speed_rail, free_trade_zone …"),
    value_before_usd=Meaning("Mean of the two years before the event", "USD"),
    value_after_usd=Meaning("Mean of the two years after the event", "USD"),
    change_log=Meaning("Logarithm of value_after_usd over value_before_usd"),
    others=Meaning("Provinces without an event of that kind in those five years that have the figures", "places"),
    others_change_log=Meaning("Mean change_log of the others"),
    effect_log=Meaning("change_log less that of the others"),
    placebos=Meaning("Other provinces and years without such an event for which the same was worked out", "cases"),
    placebos_as_large=Meaning("Those placebos that moved as far from the others as this case, or farther, up or down", "cases"),
    placebo_share=Meaning("Rank among the placebos: (1 + placebos_as_large) / (1 + placebos); one near 0 is rare", "ratio"),
    other_events=Meaning("Other events of the province in the five years", "events"),
    spans_datasets=Meaning("True if the years are of several datasets, so that a change may be theirs"),
    caution=Meaning("How little the case can prove, as a sentence"),
)  # fmt: skip


@with_columns(
    _text("studied_event", "event_kind", "place", "place_name")
    | _YEAR
    | _text("topic")
    | {name: (types.Double, field(nullable=True)) for name in ("value_before_usd", "value_after_usd", "change_log")}
    | {"others": (types.BigInteger, field(nullable=True))}
    | {name: (types.Double, field(nullable=True)) for name in ("others_change_log", "effect_log")}
    | {name: (types.BigInteger, field(nullable=True)) for name in ("placebos", "placebos_as_large")}
    | {"placebo_share": (types.Double, field(nullable=True, gt=0, le=1))}
    | {"other_events": (types.BigInteger, field(ge=0)), "spans_datasets": (types.Boolean, field(nullable=True))}
    | _text("datasets", "why_not", nullable=True)
    | _text("caution")
)
class MartEventStudy(Table):
    """Trade and investment of provinces before and after visits, forums and openings, against other provinces and against placebos.

    One row an event, province and topic. The effect is the change of the mean of the two years after over that of the two years before, less
    the mean change of provinces without an event of that kind. The same is worked out for all other provinces and years: where many of
    those moved as far, there is no effect. A handful of events proves no cause; ``caution`` says so of each.
    """

    class Config:
        name = "mart.event_study"
        unique = ["studied_event", "place", "topic"]


VIEWS: tuple[type[Table], ...] = (MartTradeByMethod, MartDisparity, MartEventStudy)
