"""Where a source's service is, and the key to it: read where the service is asked, so that no key travels with other settings."""

import httpx
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from tasks.contract.service import Service
from tasks.contract.source import Source
from warehouse.errors import SettingError


class Connection(BaseSettings):
    """What the environment or ``.env`` says of one source's service. Made by :func:`connection`."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore")

    url: str | None = None
    key: SecretStr | None = None


def setting(source_id: str, name: str) -> str:
    """The name of a source's setting: ENTREPOT_WORLDBANK_WDI_KEY."""
    return f"ENTREPOT_{source_id.replace('.', '_').upper()}_{name}"


def connection(source: Source) -> Connection:
    """Where the source's service is and the key to it, as set here; its own address if none is. Raises SettingError."""
    service = service_of(source)
    found = Connection(_env_prefix=setting(source.id, ""))
    url = (found.url or service.url).strip().rstrip("/")
    if fault := _fault_of_url(url):
        raise SettingError(f"{setting(source.id, 'URL')} {fault}")
    secret = found.key.get_secret_value().strip() if found.key and service.key else ""
    if not secret.isascii() or not secret.isprintable():
        raise SettingError(f"{setting(source.id, 'KEY')} holds characters no key has: was it copied whole and alone?")
    return Connection.model_construct(url=url, key=SecretStr(secret) if secret else None)


def service_of(source: Source) -> Service:
    """The source's service. Raises SettingError for one that is only adopted."""
    if source.service is None:
        raise SettingError(f"{source.id} has no service to pull from: adopt its files")
    return source.service


def _fault_of_url(text: str) -> str | None:
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL:
        return "is not an address"
    if url.scheme not in ("http", "https") or not url.host:
        return "is not an address that begins with http:// or https://"
    if url.userinfo or url.query or url.fragment:
        return "must be an address alone, without a user, a password or parameters; a key goes into the setting for it"
    return None
