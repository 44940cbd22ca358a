"""Credit transfers for the bank: ISO 20022 pain.001.001.09, checked against the official schema."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sepaxml.transfer import SepaTransfer

from entremise.kernel.refused import Refused
from entremise.payments.adapters.iban import check_iban
from entremise.payments.adapters.sepa import Draft, PostalAddress, check, finished, plain, written_address

SCHEMA = "pain.001.001.09"

# The library has no types.
_transfer = cast("Callable[[dict[str, object], str, bool], Draft]", SepaTransfer)


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


def transfers_file(
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
    check([payment.amount for payment in payments], [payment.end_to_end for payment in payments], message_id)
    payer: dict[str, object] = {"name": plain(debtor, 70), "IBAN": check_iban(iban), "batch": True, "currency": "EUR"}
    if bic:
        payer["BIC"] = bic
    sepa = _transfer(payer, SCHEMA, False)
    for payment in payments:
        sepa.add_payment(_row(payment, execution_date))
    return finished(sepa, SCHEMA, message_id, created_at)


def _row(payment: Payment, execution_date: date) -> dict[str, object]:
    row: dict[str, object] = {
        "name": plain(payment.name, 70),
        "IBAN": check_iban(payment.iban),
        "amount": payment.amount,
        "execution_date": execution_date,
        "description": plain(payment.text, 140),
        "endtoend_id": payment.end_to_end,
    }
    if payment.bic:
        row["BIC"] = payment.bic
    if payment.address:
        row["address"] = written_address(payment.address)
    return row
