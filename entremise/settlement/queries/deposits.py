"""What clients put aside for a piece of work, and what of it is needed."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Sum

from entremise.agreements import queries as agreements
from entremise.agreements.models import Agreement
from entremise.kernel.time import Period
from entremise.payments.models import Instruction, Intent
from entremise.payments.queries import live_intent
from entremise.settlement.models import Deposit, Invoice
from entremise.settlement.queries.months import claims_of
from entremise.settlement.queries.owed import owed_of
from entremise.settlement.rules import claims
from entremise.settlement.rules.deposits import LIVE


@dataclass(frozen=True)
class DepositSeen:
    """A deposit with the card's payment, if one is under way. by_card: one that was taken, for it can go back there.
    unbilled: cents that the work costs so far beyond what invoices hold, fees for a visit called off included. taking:
    what the provider is asked to do.
    """

    deposit: Deposit
    intent: Intent | None
    by_card: Intent | None
    unbilled: int
    taking: str

    @property
    def to_take(self) -> int:
        """What is worth taking of a hold."""
        return min(self.unbilled, self.deposit.amount)


def deposit(*, deposit: UUID) -> Deposit | None:
    return Deposit.objects.select_related("agreement", "client").filter(id=deposit).first()


def takes_deposit(*, agreement: UUID) -> bool:
    """Whether its client pays us for the work, and nobody else. One query."""
    return "price" in agreements.promised_by(agreements=[agreement]).get(agreement, {})


def deposit_of(*, agreement: UUID) -> Deposit | None:
    """The latest one asked for a work."""
    rows = Deposit.objects.select_related("agreement", "client").filter(agreement_id=agreement)
    return rows.order_by("-asked_at", "-id").first()


def deposits_of(*, client: UUID, limit: int = 24) -> list[Deposit]:
    """The latest asked first."""
    rows = Deposit.objects.select_related("agreement", "client").filter(client_id=client)
    return list(rows.order_by("-asked_at", "-id")[:limit])


def live_deposits() -> list[Deposit]:
    """What is asked, held or not used up, the oldest first."""
    rows = Deposit.objects.filter(state__in=LIVE).select_related("agreement", "client")
    return list(rows.order_by("asked_at", "id"))


def see_deposit(*, deposit: Deposit) -> DepositSeen:
    """A constant number of queries."""
    held = live_intent(about="deposit", about_id=deposit.id)
    by_card = Intent.objects.filter(about="deposit", about_id=deposit.id, taken__gt=0).order_by("-asked_at").first()
    asked = held or by_card
    return DepositSeen(
        deposit, held, by_card, unbilled(agreement=deposit.agreement), waiting_for(intent=asked.id) if asked else ""
    )


def unbilled(*, agreement: Agreement) -> int:
    """Cents that the work of an agreement costs and no invoice holds yet."""
    term = Period(agreement.starts_on, agreement.ends_on)
    bound = agreement.parties.filter(role="client").values_list("person", flat=True).first()
    if bound is None:
        return 0
    lines = [line for one in claims_of(month=term, person=bound) if one.kind == claims.INVOICE for line in one.lines]
    return sum(line.amount for line in lines if line.agreement == agreement.id)


def paid_ahead(*, client: UUID, agreements: Collection[UUID]) -> int:
    """Cents left of what a client paid for these works before they are billed."""
    rows = Deposit.objects.filter(client_id=client, agreement__in=agreements, state="paid")
    return int(rows.aggregate(total=Sum("left"))["total"] or 0)


def invoices_to_pay(*, agreement: UUID, client: UUID) -> list[Invoice]:
    """Those that hold work of an agreement and are not paid, the oldest first."""
    owed = [one.invoice for one in owed_of(client=client)]
    held = set(
        Invoice.objects.filter(id__in=[one.id for one in owed], lines__agreement=agreement).values_list("id", flat=True)
    )
    return [one for one in owed if one.id in held]


def waiting_for(*, intent: UUID) -> str:
    """What the provider is asked to do and has not done: take, let_go or give_back; empty when nothing."""
    rows = Instruction.objects.filter(intent_id=intent, verb__in=("take", "let_go", "give_back"), state="waiting")
    return rows.values_list("verb", flat=True).first() or ""
