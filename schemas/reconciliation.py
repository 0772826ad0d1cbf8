"""The methods by which one figure of trade is made of what both sides publish, as ``mart.trade_by_method`` applies them.

All work on ``mart.mirror_trade``. A method that is changed gets a new version.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Method:
    """A method. ``cif_rate`` is what it takes off imports that are CIF, where no freight of the pair is known or estimated.

    ``needs_estimate`` says whether freight and weights are estimated from all pairs that have both sides, as far as there are enough.
    """

    name: str
    version: str
    cif_rate: float
    needs_estimate: bool
    rule: str
    origin: str


METHODS: tuple[Method, ...] = (
    Method("importer_first", "1", 0.0, False,
        "The importer's figure as published; where it has none, the exporter's",
        "Habit: importers record the origin of goods for their duties"),
    Method("exporter_first", "1", 0.0, False,
        "The exporter's figure as published; where it has none, the importer's",
        "Habit of balances of payments"),
    Method("dots_106", "1", 0.06, False,
        "Exports FOB: the exporter's figure; where it has none, the importer's over 1.06",
        "IMF, Direction of Trade Statistics since 2017"),
    Method("dots_110", "1", 0.10, False,
        "Exports FOB: the exporter's figure; where it has none, the importer's over 1.10",
        "IMF, Direction of Trade Statistics until 2017"),
    Method("both_import", "1", 0.0, False,
        "The importer's figure as published, and nothing where it has none",
        "JETRO, both-import basis (the habit for trade between China and Japan)"),
    Method("oecd_itic", "1", 0.06 / 0.94, False,
        "The mean of the exporter's figure and the importer's without freight; where one has none, the other. Freight is the OECD's margin of the pair and "
        "year where it is loaded (oecd.itic), otherwise 6 per cent of the importer's figure. The OECD weights with an index of symmetry, of which the "
        "exponent is not published: here both weigh alike",
        "OECD, balanced trade (BIMTS); 6 per cent is the mean margin of its ITIC data set, 1995 to 2014"),
    Method("baci_like", "3", 0.033, True,
        "A mean of the exporter's figure and the importer's without freight, in which the side that differs less from its partners weighs more "
        "(weights of least variance); where too few partners are known to estimate the weights, both weigh alike (weight_basis); where one has none, the other. Freight is estimated from the ratios of all pairs with both figures, by distance, common "
        "border and having a coast (cepii.geodist), where there are enough; otherwise 3.3 per cent, the mean that the model prints. Simpler than its model: "
        "totals of pairs, so that no product, unit value, quantity or unspecified area enters; each year's weights are its own; re-exports of Hong Kong are in",
        "After CEPII working paper 2010-23 (BACI), which works on products of six digits"),
    Method("harvard_like", "3", 0.06, True,
        "A mean of the exporter's figure and the importer's without freight, weighted by the reliability of both; where too few partners are known to estimate it, both weigh alike "
        "(weight_basis); where one has none, the other. Freight, between 0 and 20 per cent, is estimated by distance and common border with an effect of each exporter and importer of the year (cepii.geodist), where there are "
        "enough pairs; for all others it is the year's mean, and in a year of too few pairs for a mean 6 per cent, the IMF's factor. None is taken off imports below exports or within 5 per cent of them. "
        "Simpler than its model: small economies stay in, the mean is taken whatever the ranks of both reliabilities, and totals are not checked against "
        "sums of products",
        "After Harvard Growth Lab (Bustos and Yildirim), for totals of pairs; taken from its description, since its code departs from it"),
)  # fmt: skip

#: A side's reliability is estimated where it has as many partners with figures of both sides in the year (Harvard Growth Lab's bound).
LEAST_PARTNERS = 10
#: What the exporter's figure weighs where weights cannot be estimated: equal deviations (BACI) and the reliabilities that Harvard's rounds begin with give it.
EQUAL_WEIGHT = 0.5
#: Freight by distance is estimated from at least so many pairs and years with figures of both sides, of LEAST_PARTNERS exporters and importers.
LEAST_PAIRS = 50
#: Harvard's freight: the least trade of both sides that it is estimated from, in USD, and the most that it may be.
LEAST_TRADE = 1_000_000
MOST_FREIGHT = 0.2
#: What mirrored trade says of imports that have freight in them.
CIF_BASES = ("published as CIF", "valuation not on record, taken as CIF")
#: Where freight and weights come from, as the rows of the mart say it.
FREIGHT_BASES = (
    "none taken off",
    "fixed by the method",
    "the OECD's of the pair",
    "estimated",
    "mean of the year",
    "default",
)
WEIGHT_BASES = ("fixed by the method", "estimated", "default", "one report alone")
#: Rounds of both estimates. Harvard's reliabilities alternate between two states, so that their number is part of the method.
ROUNDS = 25
#: The least deviation of BACI's reporting errors, which its formula makes negative for the best reporters.
LEAST_DEVIATION = 0.01
#: Economies that do not report imports CIF, or take freight off them (CEPII working paper 2010-23, footnote 17).
NOT_CIF = ("BWA", "CAN", "DZA", "GEO", "LSO", "NAM", "SWZ", "ZAF")
