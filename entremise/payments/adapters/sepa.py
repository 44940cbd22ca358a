"""What all our files for the bank have in common: their letters, their references, and that the same input makes the
same bytes."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, cast
from xml.etree import ElementTree

from sepaxml.validation import try_valid_xml

_ID = re.compile(r"[A-Za-z0-9+?/:().,'-]{1,35}")
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")  # Outside the SEPA character set (EPC 217-08).

_SPELLED = str.maketrans(  # What does not fall apart into a letter and its accent.
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "’": "'", "&": "+"}
)


class Draft(Protocol):
    """A file that the library is still filling."""

    def add_payment(self, payment: dict[str, object]) -> None: ...
    def export(self, *, validate: bool) -> bytes: ...


@dataclass(frozen=True)
class PostalAddress:
    """Structured: banks refuse free lines since 15 November 2026."""

    street: str
    number: str
    postcode: str
    town: str
    country: str = "FR"


# The library has no types.
_validate = cast("Callable[[bytes, str], None]", try_valid_xml)


def check(amounts: Sequence[int], references: Sequence[str], message_id: str) -> None:
    """What the bank would reject is a mistake of ours: ValueError for an amount that is not positive, or a reference
    that is malformed or used twice."""
    malformed = [text for text in (message_id, *references) if not _ID.fullmatch(text)]
    if malformed or len(set(references)) != len(references):
        raise ValueError(f"references must be 1 to 35 plain characters and unique: {malformed or references}")
    if any(amount <= 0 for amount in amounts):
        raise ValueError("amounts must be positive")


def plain(text: str, limit: int) -> str:
    """In the SEPA character set; what has nothing left in it reads NOTPROVIDED."""
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", text.translate(_SPELLED)) if not unicodedata.combining(char)
    )
    return " ".join(_FOREIGN.sub(" ", bare).split())[:limit].strip() or "NOTPROVIDED"


def written_address(place: PostalAddress) -> dict[str, str]:
    """Its parts as the library names them; a number that stands in the street stays there."""
    parts = {
        "street_name": plain(place.street, 70) if place.street else "",
        "building_number": plain(place.number, 16) if place.number else "",
        "postcode": plain(place.postcode, 16) if place.postcode else "",
        "town": plain(place.town, 35),
        "country": place.country,
    }
    return {name: text for name, text in parts.items() if text}


def finished(draft: Draft, schema: str, message_id: str, created_at: datetime) -> bytes:
    """The file with our own ids and moment, checked against the official schema.

    The library draws ids and reads the clock; a file made again after a crash must be the same file. A second batch of
    one file is named after it, by its number.
    """
    space = {"p": f"urn:iso:std:iso:20022:tech:xsd:{schema}"}
    root = ElementTree.fromstring(draft.export(validate=False))  # Our own text, not the outside world's.
    values = {
        ".//p:GrpHdr/p:MsgId": message_id,
        ".//p:GrpHdr/p:CreDtTm": created_at.strftime("%Y-%m-%dT%H:%M:%S"),
    }
    for path, value in values.items():
        for element in root.findall(path, space):
            element.text = value
    for number, element in enumerate(root.findall(".//p:PmtInf/p:PmtInfId", space)):
        element.text = f"{message_id}-{number + 1}" if number else message_id
    for bank in root.findall(".//p:DbtrAgt/p:FinInstnId", space):
        if len(bank) == 0:  # EPC: a debtor's bank without BIC is written so.
            other = ElementTree.SubElement(bank, f"{{{space['p']}}}Othr")
            ElementTree.SubElement(other, f"{{{space['p']}}}Id").text = "NOTPROVIDED"
    ElementTree.register_namespace("", space["p"])
    xml: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    _validate(xml, schema)
    return xml
