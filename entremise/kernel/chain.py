"""A chain of hashes: each place hashes the one before it, so that nothing before the last can change unseen."""

import hashlib
import json
from datetime import UTC, datetime

BEGINNING = "0" * 64


def canonical(content: object) -> bytes:
    """One spelling of a row, whatever database gave it back: sorted keys, times in UTC, ids and days as text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def link(previous: str, content: bytes) -> str:
    """The hash of a place: SHA-256 over the hash before it and its content."""
    return hashlib.sha256(previous.encode() + b"\n" + content).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
