"""Direct debits for the bank: ISO 20022 pain.008.001.08, checked against the official schema."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sepaxml.debit import SepaDD

from entremise.kernel.refused import Refused
from entremise.payments.adapters.iban import check_iban
from entremise.payments.adapters.sepa import Draft, PostalAddress, check, finished, plain, written_address

SCHEMA = "pain.008.001.08"
_debit = cast("Callable[[dict[str, object], str, bool], Draft]", SepaDD)  # The library has no types.


@dataclass(frozen=True)
class Creditor:
    """Who collects. identifier: the SEPA creditor identifier (ICS)."""

    name: str
    iban: str
    identifier: str
    bic: str = ""
    address: PostalAddress | None = None


@dataclass(frozen=True)
class Collection:
    """One debit. amount: cents. end_to_end: our reference, at most 35 characters, unique in the file."""

    name: str
    iban: str
    amount: int
    end_to_end: str
    text: str
    mandate: str
    signed_on: date
    collect_on: date
    bic: str = ""
    address: PostalAddress | None = None


def debits_file(
    *, creditor: Creditor, collections: Sequence[Collection], message_id: str, created_at: datetime
) -> bytes:
    """The file to hand to the bank: one batch a day of collection, each booked as one credit line. Same input, same
    bytes. All are RCUR: FRST is needed no longer since November 2016 (EPC SDD Core rulebook 9.1).

    Raises Refused("nothing_to_collect") without collections, Refused("iban_not_understood"); ValueError for an amount
    that is not positive or a reference that is malformed or used twice.
    """
    if not collections:
        raise Refused("nothing_to_collect")
    check([one.amount for one in collections], [one.end_to_end for one in collections], message_id)
    ours: dict[str, object] = {
        "name": plain(creditor.name, 70),
        "IBAN": check_iban(creditor.iban),
        "creditor_id": creditor.identifier,
        "batch": True,
        "currency": "EUR",
    }
    if creditor.bic:
        ours["BIC"] = creditor.bic
    if creditor.address:
        ours["address"] = written_address(creditor.address)
    sepa = _debit(ours, SCHEMA, False)
    for one in sorted(collections, key=lambda row: (row.collect_on, row.end_to_end)):
        sepa.add_payment(_row(one))
    return finished(sepa, SCHEMA, message_id, created_at)


def _row(one: Collection) -> dict[str, object]:
    row: dict[str, object] = {
        "name": plain(one.name, 70),
        "IBAN": check_iban(one.iban),
        "amount": one.amount,
        "type": "RCUR",
        "collection_date": one.collect_on,
        "mandate_id": one.mandate,
        "mandate_date": one.signed_on,
        "description": plain(one.text, 140),
        "endtoend_id": one.end_to_end,
    }
    if one.bic:
        row["BIC"] = one.bic
    if one.address:
        row["address"] = written_address(one.address)
    return row
