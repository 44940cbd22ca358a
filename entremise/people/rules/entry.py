"""Codes, links and cards: how they are made, kept and compared."""

import hmac
import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256
from urllib.parse import urlsplit
from uuid import UUID

from entremise.kernel.refused import Refused

MOST_TRIES = 5
CODES_AN_HOUR = 5
CARD_LINES = 10
LONGEST_PATH = 120


def new_code() -> str:
    """Six digits, said and typed in any spacing."""
    return f"{secrets.randbelow(10**6):06}"


def new_token() -> str:
    """128 bits for an address."""
    return secrets.token_urlsafe(16)


def letter_token(letter: UUID, *, secret_key: str) -> str:
    """96 bits for the address in a letter, short enough for a text: a letter carried twice says the same."""
    return urlsafe_b64encode(bytes.fromhex(_digest(f"letter:{letter}", secret_key))[:12]).decode()


def code_digest(key: UUID, code: str, *, secret_key: str) -> str:
    """What is kept of a code: bound to its own row, because two people may well be given the same six digits."""
    return _digest(f"code:{key}:{code}", secret_key)


def link_digest(token: str, *, secret_key: str) -> str:
    """What is kept of a link's token, and looked up by."""
    return _digest(f"link:{token}", secret_key)


def same(kept: str, offered: str) -> bool:
    """In a time that does not tell how much of it fits."""
    return hmac.compare_digest(kept, offered)


def digits_of(typed: str) -> str:
    """A code as typed, in any spacing: `47 12 03`, `471-203`."""
    return "".join(char for char in typed if char in "0123456789")


def decoy_position(phone: str, *, secret_key: str) -> int:
    """A line of the card to ask a number that has none, always the same one."""
    return int(_digest(f"position:{phone}", secret_key)[:8], 16) % CARD_LINES + 1


def check_path(path: str) -> str:
    """A path of our own pages. Raises Refused("path_not_local") for anything that would lead elsewhere."""
    parts = urlsplit(path)
    plain = path.isprintable() and "\\" not in path and len(path) <= LONGEST_PATH
    if path and (parts.scheme or parts.netloc or not path.startswith("/") or path.startswith("//") or not plain):
        raise Refused("path_not_local", {"path": path[:LONGEST_PATH]})
    return path


def _digest(text: str, secret_key: str) -> str:
    return hmac.new(secret_key.encode(), text.encode(), sha256).hexdigest()
