"""What fits in a text message: the GSM 7-bit alphabet of 3GPP TS 23.038, and how long texts are cut (TS 23.040)."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")  # Escape, then the character: two septets each.

_SAME_SENSE = str.maketrans(
    {
        "’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
        "–": "-", "—": "-", "‑": "-", "−": "-", "•": "-", "·": "-", "→": "->", "×": "x", "°": "o", "⁄": "/",
        "œ": "oe", "Œ": "OE", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "\t": " ",
        "\u200b": "", "\u00ad": "", "\ufe0f": "",
    }
)  # fmt: skip


@dataclass(frozen=True)
class SmsCount:
    """length and limit: septets in gsm7, UTF-16 units in ucs2; limit is what as many parts hold at most."""

    encoding: str
    length: int
    parts: int
    limit: int


def is_gsm7(text: str) -> bool:
    return all(char in _BASIC or char in _EXTENDED for char in text)


def septets(text: str) -> int:
    """Length in the GSM alphabet. Raises ValueError when a character is outside it."""
    return sum(_widths_gsm7(text))


def to_gsm7(text: str) -> str:
    """`text` brought into the GSM alphabet: é è à ù stay, ê becomes e, ç c, œ oe, curly quotes and spaces plain ones.

    A character without such a relative (another script, an emoji) stays: a dear message that says the thing is better
    than a cheap one that does not.
    """
    composed = unicodedata.normalize("NFC", text).translate(_SAME_SENSE)
    return "".join(char if is_gsm7(char) else _bare(char) for char in composed)


def parts(text: str) -> SmsCount:
    """How many messages `text` costs. One holds 160 septets or 70 units; linked ones 153 or 67, their header aside."""
    encoding, one, linked, widths = "gsm7", 160, 153, []
    if is_gsm7(text):
        widths = _widths_gsm7(text)
    else:
        encoding, one, linked = "ucs2", 70, 67
        widths = [len(char.encode("utf-16-be")) // 2 for char in text]
    length = sum(widths)
    if length <= one:
        return SmsCount(encoding, length, 1, one)
    count = _filled(widths, linked)
    return SmsCount(encoding, length, count, count * linked)


def _bare(char: str) -> str:
    plain = "".join(part for part in unicodedata.normalize("NFKD", char) if not unicodedata.combining(part))
    plain = plain.translate(_SAME_SENSE)
    return plain if is_gsm7(plain) else char


def _widths_gsm7(text: str) -> list[int]:
    if not is_gsm7(text):
        raise ValueError("outside the GSM alphabet")
    return [2 if char in _EXTENDED else 1 for char in text]


def _filled(widths: Iterable[int], room: int) -> int:
    """Parts needed when a character of two units is never cut in half."""
    count, used = 1, 0
    for width in widths:
        if used + width > room:
            count, used = count + 1, 0
        used += width
    return count
