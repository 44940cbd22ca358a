import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime

BEGINNING = "0" * 64


def canonical(content: Mapping[str, object]) -> bytes:
    """One spelling of a fact, whatever database gave it back: sorted keys, times in UTC, ids as text."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain).encode()


def link(previous: str, content: bytes) -> str:
    """The hash of a fact's place: SHA-256 over the hash before it and its canonical content."""
    return hashlib.sha256(previous.encode() + b"\n" + content).hexdigest()


def _plain(value: object) -> str:
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else str(value)
