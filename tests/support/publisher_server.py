"""A publisher's service on loopback that answers as a test prescribes, and keeps the requests it received.

Answers are given in the order they were put down for a path; the last one stays. Nothing depends on the time.
"""

import gzip
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit


@dataclass(frozen=True)
class Answer:
    """What is sent back. ``writes`` takes over the connection where an ordinary answer will not do."""

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    writes: Callable[[BaseHTTPRequestHandler, threading.Event], None] | None = None


@dataclass(frozen=True)
class ReceivedRequest:
    """One request as it arrived."""

    method: str
    path: str
    parameters: dict[str, str]
    headers: dict[str, str]
    body: bytes


#: Makes an answer to a request.
Answering = Callable[[ReceivedRequest], Answer]


class Publisher:
    """The service: its answers to come, and the requests it received."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.requests: list[ReceivedRequest] = []
        self.closing = threading.Event()
        self._answers: dict[str, list[Answer | Answering]] = {}
        self._lock = threading.Lock()

    def on(self, path: str, *answers: "Answer | Answering") -> None:
        """Put down the answers to a path, in their order; one may be made of its request."""
        self._answers[path] = list(answers)

    def paths(self) -> list[str]:
        """The paths of the requests received, in order."""
        return [r.path for r in self.requests]

    def answer(self, request: ReceivedRequest) -> Answer:
        """The next answer to a request, which is written down."""
        with self._lock:
            self.requests.append(request)
            waiting = self._answers.get(request.path) or [Answer(404, b"no such table")]
            answer = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return answer(request) if callable(answer) else answer


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    publisher: Publisher

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in self.headers.items()}
        request = ReceivedRequest(
            self.command, parts.path, dict(parse_qsl(parts.query)), headers, self.rfile.read(length)
        )
        answer = self.publisher.answer(request)
        if answer.writes is not None:
            self.close_connection = True
            answer.writes(self, self.publisher.closing)
            return
        self.send_response_only(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


class _Server(ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing of a client that hung up."""


@contextmanager
def publisher() -> Iterator[Publisher]:
    """A service on a free port of loopback."""
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    service = Publisher(f"http://127.0.0.1:{server.server_address[1]}")
    handler.publisher = service  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        service.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


# -- answers -------------------------------------------------------------------------------------------------


def csv(*rows: str, **headers: str) -> Answer:
    """A table as the small test source knows it."""
    body = "\n".join(["series,period,value", *rows, ""]).encode()
    return Answer(200, body, {"Content-Type": "text/csv", **{k.replace("_", "-"): v for k, v in headers.items()}})


def status(code: int, text: str = "", **headers: str) -> Answer:
    """An answer that is not data."""
    return Answer(
        code, text.encode(), {"Content-Type": "text/plain", **{k.replace("_", "-"): v for k, v in headers.items()}}
    )


def html(text: str = "<!DOCTYPE html><html><head><title>We will be back soon</title></head></html>") -> Answer:
    """A page for people, with status 200."""
    return Answer(200, text.encode(), {"Content-Type": "text/html; charset=utf-8"})


def zipped(answer: Answer, change: Callable[[bytes], bytes] = lambda data: data) -> Answer:
    """The same answer under Content-Encoding gzip, its packed bytes perhaps damaged."""
    body = change(gzip.compress(answer.body, mtime=0))
    return Answer(answer.status, body, {**answer.headers, "Content-Encoding": "gzip"})


def silence() -> Answer:
    """A service that takes a request and never says a word."""
    return Answer(writes=lambda _, closing: void(closing.wait(30)))


def cut(answer: Answer, after: int) -> Answer:
    """A connection that breaks off within the body."""

    def write(handler: BaseHTTPRequestHandler, _: threading.Event) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", answer.headers["Content-Type"])
        handler.send_header("Content-Length", str(len(answer.body)))
        handler.end_headers()
        handler.wfile.write(answer.body[:after])
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)

    return Answer(writes=write)


def drip(head: bytes, piece: bytes, pause: float = 0.02) -> Answer:
    """An answer that never ends and always has a byte to come."""

    def write(handler: BaseHTTPRequestHandler, closing: threading.Event) -> None:
        try:
            handler.wfile.write(head)
            for _ in range(3000):
                if closing.wait(pause):
                    return
                handler.wfile.write(piece)
        except OSError:  # the client had enough
            return

    return Answer(writes=write)


def hang_up() -> Answer:
    """A service that closes the connection without an answer."""
    return Answer(writes=lambda handler, _: handler.connection.shutdown(socket.SHUT_RDWR))


def void(_: object) -> None:
    """Nothing."""
