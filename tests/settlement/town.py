"""A town with a provider of cards that misbehaves: what tests of online payments share."""

from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from random import Random
from time import time
from types import SimpleNamespace
from uuid import UUID

import pytest

from entremise.documents.models import Document
from entremise.doors.clock import paying
from entremise.doors.clock.watch import Watch
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.ids import new_id
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter
from entremise.payments import operations as payments
from entremise.payments.adapters.stripe_api import Stripe
from entremise.payments.models import Intent, KeptMeans
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.provider.fake import Fake

BACK = "http://localhost/moi/"
FAULTS = (("lose",), ("lose", "lose"), ("", "lose"), ("refuse",), ("fail", "lose"), ("busy",), ())
START = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)


class Town:
    """An organisation with a provider and its clock, without a thread: every turn is asked for."""

    def __init__(self, fake: Fake, patch: pytest.MonkeyPatch) -> None:
        self.fake, self.at = fake, START
        self.fake.till.now = int(START.timestamp())
        self.watch = Watch()
        secret = fake.webhook_secret
        self.provider = Stripe(key=fake.wire.secret, webhook_secret=secret, address=fake.address, patience=0.5)
        patch.setattr(paying, "provider_of", lambda organisation, name: self.provider)
        patch.setattr(paying, "providers_of", lambda organisation: ["stripe"])
        patch.setattr(paying, "now", lambda: self.at)
        patch.setattr(paying, "read", lambda organisation, ask: ask())
        patch.setattr(paying, "write", lambda organisation, change: change(self.clock))
        patch.setattr(paying, "scope", SimpleNamespace(writing=lambda organisation: nullcontext()))
        self.organisation = Organisation.objects.get(id=scope.current())

    @property
    def clock(self) -> Act:
        return Act(by=THE_CLOCK, at=self.at, door=Door.CLOCK)

    @property
    def treasurer(self) -> Act:
        return Act(by=Actor(new_id(), frozenset({Role.TREASURER})), at=self.at, door=Door.DESK)

    def client(self, person: Person) -> Act:
        return Act(by=Actor(person.id, frozenset({Role.CLIENT})), at=self.at, door=Door.SITE)

    def later(self, **span: float) -> None:
        self.at += timedelta(**span)
        self.fake.till.later(seconds=int(self.at.timestamp()) - self.fake.till.now)

    def turn(self) -> None:
        """One turn of the clock, then long enough for what failed to be due again."""
        paying.carry_out(self.watch, self.organisation)
        paying.look(self.watch, self.organisation)
        paying.look_at_means(self.watch, self.organisation)
        assert self.watch.failures == 0
        self.later(seconds=1)

    def day(self) -> None:
        """Who lets their kept means be charged is told; what was told for today is charged."""
        on = self.at.date()
        for one in queries.to_tell(on=on):
            operations.tell_charge(act=self.clock, one=one)
        Letter.objects.filter(template="charge_told", state="queued").update(state="sent")
        for charge in queries.charges_due(on=on):
            operations.charge_now(act=self.clock, charge=charge)

    def settle_down(self) -> None:
        """No more faults, and time enough: whatever was begun is carried to its end."""
        self.fake.wire.faults = []
        for _ in range(3):
            self.later(minutes=16)
            self.turn()

    def told(self, chance: Random | None = None) -> None:
        """The provider's messages arrive."""

        def post(body: bytes, headers: dict[str, str]) -> int:
            hint = self.provider.hint(body, headers)
            act = Act(by=Actor(None), at=self.at, door=Door.API)
            payments.hear(act=act, provider="stripe", message=hint.id, about=hint.about, ref=hint.ref)
            return 200

        self.fake.deliver(post, chance=chance, at=int(time()))  # The library's own clock.

    def page_of(self, intent: Intent) -> str:
        intent.refresh_from_db()
        return intent.page


def keeps(town: Town, person: Person, means: str = "pm_card_visa") -> KeptMeans:
    """What somebody leaves on the provider's page, to be charged later: a card, or an account by its IBAN."""
    act, kind = town.client(person), "card" if means.startswith("pm_") else "sepa_debit"
    kept = payments.keep_means(act=act, person=person, kind=kind, provider="stripe", back=BACK)
    town.turn()
    kept.refresh_from_db()
    if kind == "sepa_debit":
        means = town.fake.till.new_means({"type": kind, "sepa_debit": {"iban": means}})["id"]
    town.fake.pay(kept.page, means)
    town.told()
    town.turn()
    kept.refresh_from_db()
    return kept


def chooses(town: Town, person: Person, means: str = "pm_card_visa") -> KeptMeans:
    """They keep it, and want what they owe to be paid with it."""
    return payments.pay_with(act=town.client(person), means=keeps(town, person, means))


def bill(person: Person, total: int) -> Invoice:
    """An invoice, without the month that made it."""
    number, today = f"FA-2026-{Invoice.objects.count():04d}", START.date()
    document = Document.objects.create(
        kind="invoice", number=number, person=person, template="invoice", data={}, issued_at=START
    )
    return Invoice.objects.create(
        number=number,
        client=person,
        month=today.replace(day=1),
        issued_on=today,
        due_on=today,
        total=total,
        document=document,
        entry=new_id(),
        issued_at=START,
    )


def ask(town: Town, invoice: Invoice) -> Intent:
    return operations.pay_online(act=town.client(invoice.client), invoice=invoice, provider="stripe", back=BACK)


def due(invoice: Invoice) -> int:
    return queries.dues(invoices=[invoice])[invoice.id]


def pays(town: Town, invoice: Invoice, means: str = "pm_card_visa") -> Intent:
    intent = ask(town, invoice)
    town.turn()
    town.fake.pay(town.page_of(intent), means)
    town.told()
    town.turn()
    intent.refresh_from_db()
    return intent


def account(code: str) -> UUID:
    found = ledger.account(code=code)
    assert found
    return found.id
