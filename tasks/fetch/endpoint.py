"""Endpoints: the address of a source's service and the key to it, as the environment or ``.env`` sets them.

They are read where the service is used, and are not part of ``Settings``: parameters of flows are shown, and so would a key be.
"""

from dataclasses import dataclass

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from tasks.contract.service import Service
from tasks.contract.source import Source
from warehouse.errors import SettingError


@dataclass(frozen=True)
class Endpoint:
    """The service of a source with the address and key that are in use. ``key`` is None if none is set."""

    source_id: str
    service: Service
    url: str
    key: SecretStr | None

    @property
    def key_setting(self) -> str:
        """The name of the setting for the key."""
        return setting_name(self.source_id, "KEY")

    @property
    def has_key(self) -> bool:
        """Whether a key is set that the service takes."""
        return self.key is not None

    @property
    def lacks_key(self) -> bool:
        """Whether the service answers no request without a key, and none is set."""
        return self.service.key is not None and self.service.key.needed and not self.has_key


class _EndpointSettings(BaseSettings):
    """The settings of one source's service; the prefix of their names is given with each reading."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    url: str | None = None
    key: SecretStr | None = None


def setting_name(source_id: str, name: str) -> str:
    """The name of a source's setting, such as ENTREPOT_WORLDBANK_WDI_KEY."""
    return f"ENTREPOT_{source_id.replace('.', '_').upper()}_{name}"


def endpoint_of(source: Source) -> Endpoint:
    """The endpoint of a source. Without a setting for the address it is the service's own.

    Raises SettingError for an invalid setting, and for a source without a service.
    """
    service = service_of(source)
    read = _EndpointSettings(_env_prefix=setting_name(source.id, ""))
    url = (read.url or service.url).strip().rstrip("/")
    if problem := _problem_of_url(url):
        raise SettingError(f"{setting_name(source.id, 'URL')} {problem}")
    secret = read.key.get_secret_value().strip() if read.key and service.key else ""
    if not secret.isascii() or not secret.isprintable():
        raise SettingError(
            f"{setting_name(source.id, 'KEY')} contains characters that no key has. Copy the key again, without other text"
        )
    return Endpoint(source.id, service, url, SecretStr(secret) if secret else None)


def usable_endpoint(source: Source) -> Endpoint:
    """The endpoint of a source. Raises SettingError also for a required key that is not set."""
    endpoint = endpoint_of(source)
    if endpoint.lacks_key:
        help_ = f". {source.key_help}" if source.key_help else ""
        raise SettingError(f"{source.id} needs a key: set {endpoint.key_setting}{help_}")
    return endpoint


def service_of(source: Source) -> Service:
    """The service of a source. Raises SettingError for a source without one."""
    if source.service is None:
        raise SettingError(f"{source.id} has no service to pull from: adopt its files")
    return source.service


def _problem_of_url(text: str) -> str | None:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return "is not an address"
    if url.scheme not in ("http", "https") or not url.host:
        return "is not an address that begins with http:// or https://"
    if url.userinfo or url.query or url.fragment:
        return "must be an address without a user, a password or parameters. A key has a setting of its own"
    return None
