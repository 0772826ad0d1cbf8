"""Entrepôt from Python: the flows, and what a release is asked for. What is public is here; all else may change.

>>> from entrepot import sql
>>> sql("SELECT year, exports_usd FROM trade WHERE reporter = 'JPN' AND partner = 'CHN'", home="data")  # doctest: +SKIP

Importing this package imports nothing else: the flows take two seconds (Prefect), asking takes a tenth of one (DuckDB).
"""

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from entrepot.asking import Caution as Caution
    from entrepot.asking import claims as claims
    from entrepot.asking import connect as connect
    from entrepot.asking import places as places
    from entrepot.asking import sql as sql
    from entrepot.asking import trace as trace
    from entrepot.running import EntrepotError as EntrepotError
    from entrepot.running import Settings as Settings
    from entrepot.running import adopt as adopt
    from entrepot.running import alerts as alerts
    from entrepot.running import backfill as backfill
    from entrepot.running import build as build
    from entrepot.running import housekeeping as housekeeping
    from entrepot.running import monitor as monitor
    from entrepot.running import pull as pull

#: The module that defines each public name.
_DEFINED_IN = {
    "running": ("EntrepotError", "Settings", "adopt", "alerts", "backfill", "build", "housekeeping", "monitor", "pull"),
    "asking": ("Caution", "claims", "connect", "places", "sql", "trace"),
}

__all__ = [
    *_DEFINED_IN["running"],
    *_DEFINED_IN["asking"],
]


def __getattr__(name: str) -> Any:
    for module, names in _DEFINED_IN.items():
        if name in names:
            return getattr(importlib.import_module(f"{__name__}.{module}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}: public are {', '.join(sorted(__all__))}")


def __dir__() -> list[str]:
    return sorted(__all__)
