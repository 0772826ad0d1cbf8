"""The transport of the HTTP client: a request gets its key here, and nowhere above.

So no request object, address or exception of the HTTP client contains the key, and no log record does.
"""

import urllib.request
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from tasks.contract.service import Key


class KeyTransport(httpx.BaseTransport):
    """Adds the key to requests to the service's own scheme, host and port, and to no others."""

    def __init__(self, base: httpx.URL, key: Key | None, secret: SecretStr | None) -> None:
        self._base, self._key, self._secret = base, key, secret
        self._routes: dict[str | None, httpx.HTTPTransport] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request with its key."""
        return self._route(request.url).handle_request(self._signed(request))

    def close(self) -> None:
        """Close all connections."""
        for route in self._routes.values():
            route.close()

    def is_own(self, url: httpx.URL) -> bool:
        """Whether an address is the service's own: the same scheme, host and port."""
        return _origin(url) == _origin(self._base)

    def without_key(self, url: httpx.URL) -> httpx.URL:
        """An address without the parameter of the key, which a redirect may repeat."""
        name = self._key.parameter if self._key else None
        return url.copy_remove_param(name) if name and name in url.params else url

    def _signed(self, request: httpx.Request) -> httpx.Request:
        if not (self._key and self._secret and self.is_own(request.url)):
            return request
        secret, url, headers = self._secret.get_secret_value(), request.url, request.headers.copy()
        if self._key.header:
            headers[self._key.header] = secret
        if self._key.parameter:
            pair = f"{self._key.parameter}={quote(secret, safe='')}".encode()
            url = url.copy_with(query=b"&".join(part for part in (url.query, pair) if part))
        return httpx.Request(request.method, url, headers=headers, stream=request.stream, extensions=request.extensions)

    def _route(self, url: httpx.URL) -> httpx.HTTPTransport:
        """The transport to an address: through the proxy that the environment sets for it, if any."""
        proxy = None if urllib.request.proxy_bypass(url.host) else urllib.request.getproxies().get(url.scheme)
        if proxy not in self._routes:
            self._routes[proxy] = httpx.HTTPTransport(proxy=proxy)
        return self._routes[proxy]


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"http": 80, "https": 443}.get(url.scheme)
