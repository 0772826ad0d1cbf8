"""Where alerts go: webhooks, mail and chats, by the addresses that Apprise knows (https://github.com/caronc/apprise/wiki).

The addresses have passwords and tokens in them. They are read here, where they are used, and are neither settings of a run nor in a message.
"""

import logging

import apprise
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from warehouse.errors import SettingError

#: The name of the setting.
SETTING = "ENTREPOT_ALERT_URLS"


class _Addresses(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="ENTREPOT_", env_file=".env", extra="ignore")

    alert_urls: SecretStr = SecretStr("")


class Receivers:
    """Those who are told. ``len`` is how many; each has a number, since its address is not shown."""

    def __init__(self) -> None:
        """Read the addresses, separated by white space. Raises SettingError for one that no service has."""
        logging.getLogger("apprise").setLevel(logging.CRITICAL)  # its messages may repeat an address
        self.unreached: set[int] = set()
        self._addresses = _Addresses().alert_urls.get_secret_value().split()
        for number, address in enumerate(self._addresses, 1):
            if apprise.Apprise.instantiate(address) is None:
                raise SettingError(
                    f"{SETTING}: address {number} cannot be understood. Examples: json://host/path, mailto://user:password@host"
                )

    def __len__(self) -> int:
        return len(self._addresses)

    def send(self, title: str, text: str) -> bool:
        """Send to all; whether somebody got it, or there is nobody to tell. ``unreached`` has the numbers of those who did not."""
        results = self.results(title, text)
        self.unreached |= {number for number, is_sent in enumerate(results, 1) if not is_sent}
        return not results or any(results)

    def results(self, title: str, text: str) -> list[bool]:
        """Send to all; whether each got it, in the order of the setting."""
        return [bool(_one(address).notify(body=text, title=title)) for address in self._addresses]


def _one(address: str) -> apprise.Apprise:
    receiver = apprise.Apprise()
    receiver.add(address)
    return receiver
