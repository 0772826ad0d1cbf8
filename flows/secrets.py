"""Keys of services from secret blocks of a Prefect server, for workers whose environment has none.

A block is named by its setting: ENTREPOT_UNCOMTRADE_KEY is the block ``entrepot-uncomtrade-key``. A value is put into the environment of the process of
the run, where tasks.fetch.endpoint reads keys, and is written nowhere.
"""

import os
from collections.abc import Iterable
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from flows import runtime
from tasks import sources
from tasks.alerts.receivers import SETTING
from tasks.fetch.endpoint import endpoint_of, setting_name
from warehouse.errors import SettingError

if TYPE_CHECKING:
    from prefect.blocks.system import Secret


def load(source_ids: Iterable[str]) -> None:
    """Take over the keys of these sources that are in blocks, and neither in the environment nor in ``.env``."""
    if runtime.has_server():
        for source_id in source_ids:
            if _lacks_key(source_id):
                _take_over(setting_name(source_id, "KEY"))


def load_addresses() -> None:
    """Take over the addresses of alerts from their block. Who calls it has found none in the environment and ``.env``."""
    if runtime.has_server():
        _take_over(SETTING)


def _take_over(name: str) -> None:
    if value := _value(name.lower().replace("_", "-")):
        os.environ[name] = value


def _lacks_key(source_id: str) -> bool:
    """Whether a source takes a key and none is set in the environment or ``.env``."""
    source = sources.get(source_id)
    with suppress(SettingError):
        return source.service is not None and source.service.key is not None and not endpoint_of(source).has_key
    return False


def _value(block: str) -> str | None:
    from prefect.blocks.system import Secret  # two seconds to import

    with suppress(ValueError):  # there is no such block
        return str(cast("Secret[str]", Secret.load(block)).get())
    return None
