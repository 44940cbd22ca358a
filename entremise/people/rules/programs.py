"""What programs may do at the API, and how their keys are made and compared."""

import hmac
import secrets
from collections.abc import Collection
from datetime import date, timedelta
from hashlib import sha256
from typing import Final

from entremise.kernel.refused import Refused

MARK: Final = "ent_"  # Whoever finds one in a file knows what it opens.
PREFIX: Final = 8
LONGEST: Final = timedelta(days=731)

# A scope narrows what the person may do anyway; it never adds to it.
SCOPES: Final = (
    "people:read",
    "people:write",
    "requests:read",
    "requests:write",
    "agreements:read",
    "agreements:write",
    "missions:read",
    "missions:write",
    "hours:write",
    "tasks:read",
    "tasks:write",
    "money:read",
    "money:write",
    "purchases:read",
    "purchases:write",
)


def new_key() -> str:
    """256 bits after the mark."""
    return MARK + secrets.token_urlsafe(32)


def prefix_of(key: str) -> str:
    return key[: len(MARK) + PREFIX]


def digest_of(key: str, *, secret_key: str) -> str:
    """What is kept of a key, and looked up by: a stolen table opens nothing."""
    return hmac.new(secret_key.encode(), f"program:{key}".encode(errors="replace"), sha256).hexdigest()


def check_terms(*, label: str, scopes: Collection[str], expires_on: date, today: date) -> None:
    """Raises Refused name_missing, scope_missing, day_past or date_too_late."""
    if not label.strip():
        raise Refused("name_missing", where="label")
    if not scopes or not set(scopes) <= set(SCOPES):
        raise Refused("scope_missing", where="scopes")
    if expires_on <= today:
        raise Refused("day_past", where="expires_on")
    if expires_on > today + LONGEST:
        latest = today + LONGEST
        raise Refused("date_too_late", {"typed": expires_on, "latest": latest}, where="expires_on")


def request_digest(method: str, address: str, body: bytes) -> str:
    """What tells one attempt from another that bears the same name."""
    return sha256(b"\n".join((method.encode(), address.encode(errors="replace"), body))).hexdigest()
