"""Credit transfers for the bank: ISO 20022 pain.001.001.09, checked against the official schema."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, cast
from xml.etree import ElementTree

from sepaxml.transfer import SepaTransfer
from sepaxml.validation import try_valid_xml

from entremise.kernel.refused import Refused
from entremise.payments.adapters.iban import check_iban

SCHEMA = "pain.001.001.09"
_NS = {"p": f"urn:iso:std:iso:20022:tech:xsd:{SCHEMA}"}
_ID = re.compile(r"[A-Za-z0-9+?/:().,'-]{1,35}")
_FOREIGN = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]+")  # Outside the SEPA character set (EPC 217-08).

_SPELLED = str.maketrans(  # What does not fall apart into a letter and its accent.
    {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D"}
    | {"ð": "d", "Ð": "D", "þ": "th", "Þ": "Th", "ı": "i", "’": "'", "&": "+"}
)


class _Transfer(Protocol):
    def add_payment(self, payment: dict[str, object]) -> None: ...
    def export(self, *, validate: bool) -> bytes: ...


# The library has no types.
_transfer = cast("Callable[[dict[str, object], str, bool], _Transfer]", SepaTransfer)
_validate = cast("Callable[[bytes, str], None]", try_valid_xml)


@dataclass(frozen=True)
class PostalAddress:
    """Structured: banks refuse free lines since 15 November 2026."""

    street: str
    number: str
    postcode: str
    town: str
    country: str = "FR"


@dataclass(frozen=True)
class Payment:
    """One transfer. amount: cents. end_to_end: our reference, at most 35 characters, unique in the file."""

    name: str
    iban: str
    amount: int
    end_to_end: str
    text: str
    bic: str = ""
    address: PostalAddress | None = None


def wages_file(
    *,
    debtor: str,
    iban: str,
    bic: str = "",
    execution_date: date,
    payments: Sequence[Payment],
    message_id: str,
    created_at: datetime,
) -> bytes:
    """The file to hand to the bank: one batch in euros, booked as one debit line. Same input, same bytes.

    message_id: at most 35 characters, new for every file: banks refuse one they have seen. `created_at` is written as
    given, without its zone. Names and texts lose what the SEPA character set lacks;
    one with nothing left of it reads NOTPROVIDED.
    Raises Refused("nothing_to_pay") without payments, Refused("iban_not_understood"); ValueError for an amount that is
    not positive or a reference that is malformed or used twice.
    """
    if not payments:
        raise Refused("nothing_to_pay")
    _check(payments, message_id)
    payer: dict[str, object] = {"name": _plain(debtor, 70), "IBAN": check_iban(iban), "batch": True, "currency": "EUR"}
    if bic:
        payer["BIC"] = bic
    sepa = _transfer(payer, SCHEMA, False)
    for payment in payments:
        sepa.add_payment(_row(payment, execution_date))
    xml = _made_ours(sepa.export(validate=False), message_id, created_at)
    _validate(xml, SCHEMA)
    return xml


def _check(payments: Sequence[Payment], message_id: str) -> None:
    references = [payment.end_to_end for payment in payments]
    malformed = [text for text in (message_id, *references) if not _ID.fullmatch(text)]
    if malformed or len(set(references)) != len(references):
        raise ValueError(f"references must be 1 to 35 plain characters and unique: {malformed or references}")
    if any(payment.amount <= 0 for payment in payments):
        raise ValueError("amounts must be positive")


def _row(payment: Payment, execution_date: date) -> dict[str, object]:
    row: dict[str, object] = {
        "name": _plain(payment.name, 70),
        "IBAN": check_iban(payment.iban),
        "amount": payment.amount,
        "execution_date": execution_date,
        "description": _plain(payment.text, 140),
        "endtoend_id": payment.end_to_end,
    }
    if payment.bic:
        row["BIC"] = payment.bic
    if place := payment.address:
        row["address"] = {
            "street_name": _plain(place.street, 70),
            "building_number": _plain(place.number, 16),
            "postcode": _plain(place.postcode, 16),
            "town": _plain(place.town, 35),
            "country": place.country,
        }
    return row


def _made_ours(xml: bytes, message_id: str, created_at: datetime) -> bytes:
    """The library draws ids and reads the clock; a file made again after a crash must be the same file."""
    root = ElementTree.fromstring(xml)  # Our own text, not the outside world's.
    values = {
        ".//p:GrpHdr/p:MsgId": message_id,
        ".//p:GrpHdr/p:CreDtTm": created_at.strftime("%Y-%m-%dT%H:%M:%S"),
        ".//p:PmtInf/p:PmtInfId": message_id,
    }
    for path, value in values.items():
        for element in root.findall(path, _NS):
            element.text = value
    for bank in root.findall(".//p:DbtrAgt/p:FinInstnId", _NS):
        if len(bank) == 0:  # EPC: a debtor's bank without BIC is written so.
            other = ElementTree.SubElement(bank, f"{{{_NS['p']}}}Othr")
            ElementTree.SubElement(other, f"{{{_NS['p']}}}Id").text = "NOTPROVIDED"
    ElementTree.register_namespace("", _NS["p"])
    text: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return text


def _plain(text: str, limit: int) -> str:
    bare = "".join(
        char for char in unicodedata.normalize("NFKD", text.translate(_SPELLED)) if not unicodedata.combining(char)
    )
    return " ".join(_FOREIGN.sub(" ", bare).split())[:limit].strip() or "NOTPROVIDED"
