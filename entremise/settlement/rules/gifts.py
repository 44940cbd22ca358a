"""Gift vouchers: their codes, and what becomes of them. Pure.

A code is twelve digits, for letters are misheard on the telephone: ten by chance and two that check them (ISO 7064,
MOD 97-10), which find any one wrong digit and any two that changed places.
"""

import hmac
from hashlib import sha256

from entremise.kernel.refused import Refused
from entremise.kernel.state import StateTable

LENGTH = 10  # Digits by chance.

GIFT_VOUCHER = StateTable(
    "gift voucher",
    {
        ("", "sell"): ("live", "gift_voucher_sold"),
        ("live", "spend"): ("live", "gift_voucher_spent"),
        ("live", "take_back"): ("live", "gift_voucher_unspent"),
        ("live", "give_back"): ("returned", "gift_voucher_returned"),
        ("live", "lapse"): ("lapsed", "gift_voucher_lapsed"),
    },
)


def checked_code(number: int) -> str:
    """The code of a number below 10**LENGTH."""
    return f"{number:0{LENGTH}d}{98 - number * 100 % 97:02d}"


def spoken_code(code: str) -> str:
    """Four by four, as it is read aloud."""
    return " ".join(code[at : at + 4] for at in range(0, len(code), 4))


def code_typed(text: str) -> str:
    """Its digits. Raises Refused("gift_code_wrong") when they cannot be a code: somebody misread or misheard it."""
    digits = "".join(one for one in text if one.isdigit() and one.isascii())
    if len(digits) != LENGTH + 2 or checked_code(int(digits[:LENGTH])) != digits:
        raise Refused("gift_code_wrong", where="code")
    return digits


def digest_of(code: str, *, secret_key: str) -> str:
    """What is kept of a code, and looked up by: a stolen table buys nothing."""
    return hmac.new(secret_key.encode(), f"gift:{code}".encode(), sha256).hexdigest()
