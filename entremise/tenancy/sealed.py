"""Words that lie in the database, and in every backup of it, as cipher text only."""

import base64
from functools import cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models

SALT = b"entremise.sealed"  # Its own: knowing a session's key tells nothing of this one.
MARK = "sealed:"
LOST = "⚠"  # What is read of words whose key is lost.


def seal(words: str) -> str:
    """Cipher text, authenticated; another one each time. Nothing stays nothing."""
    return MARK + _ours().encrypt(words.encode()).decode() if words else ""


def unseal(kept: str) -> str:
    """The words again; what was never sealed as it is."""
    if not kept.startswith(MARK):
        return kept
    try:
        return _ours().decrypt(kept.removeprefix(MARK)).decode()
    except InvalidToken:
        return LOST


def _ours() -> MultiFernet:
    return _keys(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


@cache
def _keys(*secrets: str) -> MultiFernet:
    """The first seals; all of them open."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(one))) for one in secrets])


def _derived(secret: str) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=SALT, info=b"").derive(secret.encode())


if TYPE_CHECKING:
    _Text = models.TextField[str, str]
else:
    _Text = models.TextField


class SealedTextField(_Text):
    """Sealed on its way in, opened on its way out: nobody can search it, compare it or read it in a backup."""

    def from_db_value(self, value: str | None, expression: object, connection: object) -> str | None:
        return None if value is None else unseal(value)

    def get_prep_value(self, value: Any) -> Any:
        words = super().get_prep_value(value)
        return None if words is None else seal(words)
