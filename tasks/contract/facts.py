"""The kinds of figures that the warehouse keeps, derived from the schemas."""

from dataclasses import dataclass

from schemas import base, core
from schemas import observations as obs
from schemas.base import Table


@dataclass(frozen=True)
class Fact:
    """A kind of figure: the schema of its conformed rows and of its stored table.

    ``key`` are the columns of the stored table that identify an observation; a change of one of ``values`` makes a new
    version.
    """

    name: str
    conformed: type[Table]
    stored: type[Table]
    key: tuple[str, ...]
    values: tuple[str, ...]


_VERSION = {c.name for c in base.columns(core.Versioned)} | {"part"}
_TRADE_KEY = ("slice", "reporter_key", "partner_key", "product_key")


def _fact(name: str, conformed: type[Table], stored: type[Table], key: tuple[str, ...] | None = None) -> Fact:
    own = [c.name for c in base.columns(stored) if c.name not in _VERSION]
    keys = key or tuple(k for k in base.key(conformed) if k in own)
    return Fact(name, conformed, stored, keys, tuple(c for c in own if c not in keys))


TRADE = _fact("trade", obs.TradeObservation, core.Trade, _TRADE_KEY)
#: Trade of datasets of many millions of rows: the same figures, with what many of them have in common is stored once, in parts.
TRADE_BULK = _fact("trade", obs.TradeObservation, core.TradeBulk, ("reporter_key", "partner_key", "product_number"))
FDI = _fact("fdi", obs.FdiObservation, core.Fdi)
FDI_RATE = _fact("fdi_rate", obs.FdiRateObservation, core.FdiRate)
INDICATOR = _fact("indicator", obs.IndicatorObservation, core.Indicator)
PAIR = _fact("pair", obs.PairObservation, core.Pair)
PRESENCE = _fact("presence", obs.PresenceObservation, core.Presence)
VISITS = _fact("visits", obs.VisitObservation, core.Visits)
MILESTONES = _fact("milestones", obs.MilestoneObservation, core.Milestones)

ALL = (TRADE, FDI, FDI_RATE, INDICATOR, PAIR, PRESENCE, VISITS, MILESTONES)
