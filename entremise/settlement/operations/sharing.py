"""What others owe of an invoice, the moment it is made."""

from collections.abc import Sequence
from datetime import timedelta

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.messaging import operations as messaging
from entremise.settlement.models import Invoice, PayerShare, Undertaking
from entremise.settlement.operations.booking import book
from entremise.settlement.rules.books_fr import share_moves
from entremise.tenancy.queries import here, legal_identity


def share_out(*, act: Act, invoice: Invoice, parts: Sequence[tuple[Undertaking, int]]) -> list[PayerShare]:
    """The payers of an invoice that was just made owe their parts, each by its own day and told by a letter."""
    return [_share(act, invoice, number, *part) for number, part in enumerate(parts, 1)]


def _share(act: Act, invoice: Invoice, number: int, undertaking: Undertaking, amount: int) -> PayerShare:
    payer = undertaking.payer
    share = PayerShare.objects.create(
        invoice=invoice,
        undertaking=undertaking,
        reference=f"{invoice.number}-T{number}",
        asked=amount,
        amount=amount,
        due_on=invoice.issued_on + timedelta(days=payer.due_days),
    )
    moves = share_moves(payer.person_id, invoice.client_id, amount, f"{share.reference}, {payer.person.full_name}")
    book(act=act, key=f"share:{share.id}", on=invoice.issued_on, cause="share", cause_id=share.id, moves=moves)
    data = {"number": share.reference, "amount": amount}
    record(act=act, type="share_asked", thing="share", thing_id=share.id, data=data)
    legal = legal_identity()
    messaging.queue(
        act=act,
        person=payer.person,
        template="share_asked",
        context={
            "payer": payer.person,
            "share": share,
            "iban": legal.iban if legal else "",
            "organisation": here(),
        },
        key=f"share:{share.id}",
        about="share",
        about_id=share.id,
        enclosures=[(invoice.document_id, f"{invoice.number}.pdf")],
    )
    return share
