"""Sending requests to one service: at its pace, again where that is worth it, each answer into a file."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import tenacity

from tasks.contract.service import Request, Service
from tasks.fetch import body, http_status, rate_limit
from tasks.fetch.cancel import Stop
from tasks.fetch.http_status import Again
from tasks.fetch.rate_limit import Pace
from tasks.fetch.redact import Scrub
from tasks.fetch.settings import Connection
from tasks.fetch.transport import KeyTransport
from warehouse.errors import NotData, PublisherFault, QuotaUsed, ServiceRefused
from warehouse.settings import Patience

_AGENT = "entrepot/0.1 (a warehouse of trade statistics)"
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
#: How much is read of the body of an answer that is no data.
_WORDS = 16 * 1024


@dataclass(frozen=True)
class Reply:
    """An answer: of status 200 with its body in ``path``, or 304, or another that the source may judge, with its ``words``."""

    status: int
    headers: httpx.Headers
    path: Path
    size: int = 0
    words: str = ""


class Session:
    """A conversation with one service. ``folder`` takes the bodies, one at a time."""

    def __init__(
        self, service: Service, connection: Connection, key_setting: str, patience: Patience, pace: Pace, stop: Stop,
        folder: Path,
    ) -> None:  # fmt: skip
        self.scrub = Scrub(connection.key)
        self._service, self._patience, self._pace, self._stop, self._folder = service, patience, pace, stop, folder
        self._base = connection.url or service.url
        self._key_setting = key_setting if service.key else None
        self._transport = KeyTransport(httpx.URL(self._base), service.key, connection.key)
        timeout = httpx.Timeout(service.timeout_seconds, connect=patience.connect_seconds)
        headers = {"User-Agent": _AGENT, "Accept-Encoding": "gzip", **dict(service.headers)}
        self._client = httpx.Client(transport=self._transport, timeout=timeout, headers=headers)
        self._line: Any = None
        self._is_late = False

    @contextmanager
    def opened(self) -> Iterator["Session"]:
        """Keep connections for the while; the key out of logs; break off when stopped."""
        with self.scrub.logging(), self._stop.breaks(self._break_off), self._client:
            yield self

    def address(self, request: Request) -> str:
        """The address of a request, as it is told and kept: without a key."""
        path = request.path
        is_whole = path.startswith(("http://", "https://"))
        url = path if is_whole else "/".join(part for part in (self._base, path.lstrip("/")) if part)
        query = "&".join(f"{quote(name, safe='[]')}={quote(value, safe=':,*')}" for name, value in request.parameters)
        return self.scrub(url + ("&" if query and "?" in url else "?" if query else "") + query)

    def told(self, request: Request) -> str:
        """A request as it is told and kept."""
        sent = f" {json.dumps(request.body, ensure_ascii=False)}" if request.body is not None else ""
        return self.scrub(f"{_method(request)} {self.address(request)}{sent}")

    def ask(self, request: Request, conditions: dict[str, str]) -> Reply:
        """One answer, after as many attempts as are worth it. Raises the faults of a publisher, Stopped."""
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(Again),
            wait=tenacity.wait_exponential_jitter(
                self._patience.first_wait, self._patience.longest_wait, jitter=self._patience.first_wait
            ),
            stop=tenacity.stop_after_attempt(self._patience.attempts)
            | tenacity.stop_after_delay(self._patience.give_up_after),
            sleep=self._stop.sleep,
            reraise=True,
        )
        try:
            return retrying(self._attempt, request, conditions)
        except Again as again:
            fault = type(again.fault)(f"{again.fault} (asked {retrying.statistics['attempt_number']} times)")
        raise fault

    def _attempt(self, request: Request, conditions: dict[str, str]) -> Reply:
        """Send once, following redirects. Raises Again."""
        headers = {**conditions, **({"Accept": request.accept} if request.accept else {})}
        content = json.dumps(request.body).encode() if request.body is not None else None
        if content is not None:
            headers["Content-Type"] = "application/json"
        method, url = _method(request), httpx.URL(self.address(request))
        for _ in range(_MOST_REDIRECTS + 1):
            reply = self._exchange(method, url, content, headers)
            if reply.status not in _REDIRECTS or "location" not in reply.headers:
                return self._judged(reply)
            url = self._redirected(url, reply.headers["location"])
            if reply.status == 303 or (reply.status in (301, 302) and method == "POST"):
                method, content = "GET", None
                headers.pop("Content-Type", None)
        raise ServiceRefused(f"redirected more than {_MOST_REDIRECTS} times")

    def _judged(self, reply: Reply) -> Reply:
        """An answer that is worth looking at; the wait it asks for is kept for all processes. Raises Again, QuotaUsed."""
        if reply.status in (200, 304):
            return reply
        fault = http_status.fault_of(reply.status, reply.words, self._key_setting)
        may_wait = isinstance(fault, Again | QuotaUsed)
        if may_wait and (wait := http_status.told_wait(reply.headers, reply.words)):
            until = self._pace.block(wait)
            if isinstance(fault, QuotaUsed) or wait > self._patience.longest_wait:
                raise QuotaUsed(f"{fault}; come back {rate_limit.at(until)}")
        if isinstance(fault, QuotaUsed | Again):
            raise fault
        return reply

    def fault_of(self, reply: Reply) -> PublisherFault:
        """The fault an answer of another status than 200 seems to be."""
        fault = http_status.fault_of(reply.status, reply.words, self._key_setting)
        return fault.fault if isinstance(fault, Again) else fault

    def _exchange(self, method: str, url: httpx.URL, content: bytes | None, headers: dict[str, str]) -> Reply:
        """One request and its answer. Faults are raised outside the handler: the client's hold the request."""
        if self._transport.is_own(url):
            self._pace.take(self._patience.longest_wait, self._stop)
        self._is_late = False
        made = self._client.build_request(
            method, url, content=content, headers=headers, extensions={"trace": self._trace}
        )
        try:
            with self._watched():
                response = self._client.send(made, stream=True)
            try:
                return self._received(response)
            finally:
                response.close()
        except body.TooSlow:
            fault: PublisherFault | Again = http_status.too_slow()
        except httpx.HTTPError as broken:
            fault = http_status.fault_of_connection(broken, self.scrub(str(broken)))
            if self._is_late:
                fault = http_status.too_slow()
        self._stop.check()
        raise fault

    def _received(self, response: httpx.Response) -> Reply:
        path = self._folder / "answer"
        if response.status_code != 200:
            words = self.scrub(body.beginning(response, _WORDS, self._service.timeout_seconds))
            return Reply(response.status_code, response.headers, path, words=words)
        patience, timeout = self._patience, self._service.timeout_seconds
        size = body.receive(response, path, patience, timeout, self.scrub.watch())
        return Reply(200, response.headers, path, size)

    def _redirected(self, url: httpx.URL, location: str) -> httpx.URL:
        target = None
        with suppress(httpx.InvalidURL, ValueError):
            target = self._transport.without_key(url.join(location))
        if target is None:
            raise NotData("redirected to what is no address")
        shown = str(target)
        if target.scheme not in ("http", "https") or not target.host or target.userinfo:
            raise ServiceRefused(f"redirected to {self.scrub(shown)}, which is not followed")
        if self.scrub(shown) != shown:
            raise ServiceRefused(f"redirected to {self.scrub(shown)}, which repeats the key: not followed")
        return target

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Break off an answer whose headers do not come in time, though each byte of them may."""
        timer = threading.Timer(self._patience.connect_seconds + self._service.timeout_seconds, self._late)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _late(self) -> None:
        self._is_late = True
        self._break_off()

    def _trace(self, event: str, info: dict[str, Any]) -> None:
        """Remember the connection that is used, which the client does not show before headers have come."""
        if event in ("connection.connect_tcp.complete", "connection.start_tls.complete"):
            self._line = info["return_value"]

    def _break_off(self) -> None:
        """End reading at once. Shutting down is safe from another thread, closing is not."""
        line = self._line.get_extra_info("socket") if self._line else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(socket.SHUT_RDWR)


def _method(request: Request) -> str:
    return "GET" if request.body is None else "POST"
