"""Requests as the database of pulls stores them: as JSON, and as hashes."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from tasks.contract.service import Request


def to_fields(request: Request) -> dict[str, Any]:
    """A request as values that JSON can express."""
    return asdict(request)


def from_fields(fields: dict[str, Any]) -> Request:
    """The request that ``to_fields`` expressed, after a round trip through JSON."""
    pairs = {name: tuple((key, value) for key, value in fields[name]) for name in ("parameters", "context")}
    return Request(**{**fields, **pairs})


def digest_in_plan(request: Request) -> str:
    """The hash by which a plan knows a request: of all of it but its stamp and file name."""
    return digest(to_fields(replace(request, stamp=None, filename="")))


def digest_as_sent(request: Request) -> str:
    """The hash of what is sent of a request, by which its last answer is stored."""
    return digest(to_fields(replace(request, stamp=None, filename="", context=())))


def distinct(requests: Iterable[Request]) -> list[Request]:
    """The requests without those that a plan would not tell from an earlier one."""
    unique: dict[str, Request] = {}
    for request in requests:
        unique.setdefault(digest_in_plan(request), request)
    return list(unique.values())


def digest(value: Any) -> str:
    """The sha256 of a value that JSON can express."""
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
