"""Sending requests to one service: within its rate limit, with retries, each answer into a file."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import tenacity

from tasks.contract.service import Request
from tasks.fetch import http_status, rate_limit, response_body
from tasks.fetch.answer import Answer
from tasks.fetch.cancel import Cancellation
from tasks.fetch.endpoint import Endpoint
from tasks.fetch.http_status import RetryableFault
from tasks.fetch.rate_limit import RateLimit
from tasks.fetch.redact import Redactor
from tasks.fetch.transport import KeyTransport
from tasks.fetch.watchdog import Watchdog
from warehouse.errors import NotData, PublisherFault, QuotaUsed, ServiceRefused
from warehouse.settings import PullLimits

_AGENT = "entrepot/0.1 (a warehouse of trade statistics)"
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
#: Bytes that are read from the body of an answer with another status than 200.
_TEXT_BYTES = 16 * 1024


@dataclass(frozen=True)
class _Message:
    """One HTTP request without its key, as it is sent, redirected and sent again."""

    method: str
    url: httpx.URL
    headers: dict[str, str]
    content: bytes | None

    def redirected(self, url: httpx.URL, status: int) -> "_Message":
        """The request that follows a redirect: a GET without content where HTTP says so."""
        if status == 303 or (status in (301, 302) and self.method == "POST"):
            headers = {name: value for name, value in self.headers.items() if name != "Content-Type"}
            return _Message("GET", url, headers, None)
        return _Message(self.method, url, self.headers, self.content)


class Session:
    """A series of requests to one service. The body of the last answer is in ``answer_path``, a file in ``folder``."""

    def __init__(
        self, endpoint: Endpoint, limits: PullLimits, rate_limit: RateLimit, cancellation: Cancellation, folder: Path
    ) -> None:
        service = endpoint.service
        self.redactor = Redactor(endpoint.key)
        self.folder, self.answer_path = folder, folder / "answer"
        self.rate_limit, self.cancellation = rate_limit, cancellation
        self._limits = limits
        self._url, self._timeout = endpoint.url, service.timeout_seconds
        self._key_setting = endpoint.key_setting if service.key else None
        self._transport = KeyTransport(httpx.URL(endpoint.url), service.key, endpoint.key)
        self._client = httpx.Client(
            transport=self._transport,
            timeout=httpx.Timeout(service.timeout_seconds, connect=limits.connect_seconds),
            headers={"User-Agent": _AGENT, "Accept-Encoding": "gzip", **dict(service.headers)},
        )
        self._watchdog = Watchdog()

    @contextmanager
    def opened(self) -> Iterator["Session"]:
        """While the block runs: reuse connections, keep the key out of logs, end reads when the pull is cancelled."""
        with (
            self.redactor.redacting_logs(),
            self.cancellation.on_cancel(self._watchdog.end_connection),
            self._client,
        ):
            yield self

    def address(self, request: Request) -> str:
        """The address of a request, without the key."""
        is_absolute = request.path.startswith(("http://", "https://"))
        parts = (self._url, request.path.lstrip("/"))
        url = request.path if is_absolute else "/".join(part for part in parts if part)
        query = "&".join(f"{quote(name, safe='[]')}={quote(value, safe=':,*')}" for name, value in request.parameters)
        separator = "" if not query else "&" if "?" in url else "?"
        return self.redactor.redact(f"{url}{separator}{query}")

    def describe(self, request: Request) -> str:
        """A request for messages and manifests: method, address and body, without the key."""
        body = f" {json.dumps(request.body, ensure_ascii=False)}" if request.body is not None else ""
        return self.redactor.redact(f"{_method(request)} {self.address(request)}{body}")

    def fetch(self, request: Request, conditions: dict[str, str]) -> Answer:
        """Send a request, with retries, and return the answer. ``conditions`` are headers for unchanged answers.

        Answers with another status than 200 are returned too, for the source to check. Raises the faults of a
        publisher (warehouse.errors), Cancelled.
        """
        limits = self._limits
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(RetryableFault),
            wait=tenacity.wait_exponential_jitter(limits.first_wait, limits.longest_wait, jitter=limits.first_wait),
            stop=tenacity.stop_after_attempt(limits.attempts) | tenacity.stop_after_delay(limits.give_up_after),
            sleep=self.cancellation.sleep,
            reraise=True,
        )
        try:
            return retrying(self._attempt, self._message(request, conditions))
        except RetryableFault as retryable:
            attempts = retrying.statistics["attempt_number"]
            fault = type(retryable.fault)(f"{retryable.fault} ({attempts} attempts)")
        raise fault

    def fault_of(self, answer: Answer) -> PublisherFault:
        """The fault that the status of an answer means."""
        fault = http_status.fault_of_status(answer.status, answer.text, self._key_setting)
        return fault.fault if isinstance(fault, RetryableFault) else fault

    def _message(self, request: Request, conditions: dict[str, str]) -> _Message:
        headers = {**conditions, **({"Accept": request.accept} if request.accept else {})}
        content = None
        if request.body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(request.body).encode()
        return _Message(_method(request), httpx.URL(self.address(request)), headers, content)

    def _attempt(self, message: _Message) -> Answer:
        """Send a request once and follow redirects. Raises RetryableFault."""
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._send(message)
            if answer.status not in _REDIRECTS or "location" not in answer.headers:
                return self._checked(answer)
            message = message.redirected(self._target(message.url, answer.headers["location"]), answer.status)
        raise ServiceRefused(f"redirected more than {_MOST_REDIRECTS} times")

    def _checked(self, answer: Answer) -> Answer:
        """The answer, unless its status asks for a retry or a pause. Raises RetryableFault, QuotaUsed."""
        if answer.status in (200, 304):
            return answer
        fault = http_status.fault_of_status(answer.status, answer.text, self._key_setting)
        if not isinstance(fault, RetryableFault | QuotaUsed):
            return answer
        if wait := http_status.requested_wait(answer.headers, answer.text):
            until = self.rate_limit.pause(wait)
            if isinstance(fault, QuotaUsed) or wait > self._limits.longest_wait:
                raise QuotaUsed(f"{fault}; come back {rate_limit.describe_time(until)}")
        raise fault

    def _send(self, message: _Message) -> Answer:
        """Send one HTTP request within the rate limit.

        Faults are raised outside of the handlers: the client's exceptions contain the request, and Python would chain them.
        """
        if self._transport.is_own(message.url):
            self.rate_limit.acquire(self._limits.longest_wait, self.cancellation)
        request = self._client.build_request(
            message.method, message.url, content=message.content, headers=message.headers,
            extensions={"trace": self._watchdog.trace},
        )  # fmt: skip
        try:
            with self._watchdog.deadline(self._limits.connect_seconds + self._timeout):
                response = self._client.send(request, stream=True)
            try:
                return self._received(response)
            finally:
                response.close()
        except response_body.TooSlow:
            fault: PublisherFault | RetryableFault = http_status.too_slow()
        except httpx.HTTPError as client_fault:
            text = self.redactor.redact(str(client_fault))
            is_late = self._watchdog.has_expired
            fault = http_status.too_slow() if is_late else http_status.fault_of_connection(client_fault, text)
        self.cancellation.check()
        raise fault

    def _received(self, response: httpx.Response) -> Answer:
        status, headers, path = response.status_code, response.headers, self.answer_path
        if status != 200:
            text = response_body.read_beginning(response, _TEXT_BYTES, self._timeout)
            return Answer(status, headers, path, text=self.redactor.redact(text))
        size = response_body.write(response, path, self._limits, self._timeout, self.redactor.detector())
        return Answer(status, headers, path, size)

    def _target(self, url: httpx.URL, location: str) -> httpx.URL:
        """The target of a redirect, without the key's parameter. Raises ServiceRefused, NotData."""
        target = None
        with suppress(httpx.InvalidURL, ValueError):
            target = self._transport.without_key(url.join(location))
        if target is None:
            raise NotData("redirected to an invalid address")
        shown = self.redactor.redact(str(target))
        if target.scheme not in ("http", "https") or not target.host or target.userinfo:
            raise ServiceRefused(f"redirected to {shown}, which is not followed")
        if shown != str(target):
            raise ServiceRefused(f"redirected to {shown}, which contains the key and is not followed")
        return target


def _method(request: Request) -> str:
    return "GET" if request.body is None else "POST"
