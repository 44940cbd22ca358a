"""A town where people give by card: at HelloAsso, at the provider of cards, or with an invoice that they pay."""

from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

import pytest

from entremise.doors.clock import paying
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.payments import operations as payments
from entremise.payments.models import Intent
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from entremise.solidarity import operations
from entremise.solidarity.models import Fund
from tests.provider.fake import Fake
from tests.provider.helloasso import FakeHelloAsso
from tests.settlement.town import BACK, Town


class GivingTown(Town):
    """`fake` is the provider of cards, `helloasso` the other one; both share one clock."""

    def __init__(self, fake: Fake, other: FakeHelloAsso, patch: pytest.MonkeyPatch) -> None:
        self.helloasso = other
        super().__init__(fake, patch)
        other.now = int(self.at.timestamp())
        self.giving = other.client()
        both = {"stripe": self.provider, "helloasso": self.giving}
        patch.setattr(paying, "provider_of", lambda organisation, name: both[name])
        patch.setattr(paying, "providers_of", lambda organisation: list(both))

    def later(self, **span: float) -> None:
        super().later(**span)
        self.helloasso.later(seconds=int(self.at.timestamp()) - self.helloasso.now)

    def settle_down(self) -> None:
        self.helloasso.wire.faults = []
        super().settle_down()

    def told(self, chance: Random | None = None) -> None:
        super().told(chance)

        def post(body: bytes, headers: dict[str, str]) -> int:
            hint = self.giving.hint(body, headers)
            act = Act(by=Actor(None), at=self.at, door=Door.API)
            payments.hear(act=act, provider="helloasso", message=hint.id, about=hint.about, ref=hint.ref)
            return 200

        self.helloasso.deliver(post, chance=chance)

    def whoever(self, person: Person) -> Act:
        return Act(by=Actor(person.id, frozenset({Role.CLIENT})), at=self.at, door=Door.SITE)


@contextmanager
def giving_town(patch: pytest.MonkeyPatch) -> Iterator[GivingTown]:
    with Fake.open() as cards, FakeHelloAsso.open() as other:
        yield GivingTown(cards, other, patch)


def mean_to_give(town: GivingTown, giver: Person, fund: Fund, amount: int, provider: str = "helloasso") -> Intent:
    return operations.give_online(
        act=town.whoever(giver), giver=giver, fund=fund, amount=amount, provider=provider, back=BACK
    )


def pay(town: GivingTown, intent: Intent, means: str = "pm_card_visa") -> None:
    """The payer fills the page in, whoever's it is."""
    intent.refresh_from_db()
    if intent.provider == "stripe":
        town.fake.pay(intent.page, means)
    else:
        town.helloasso.pay(intent.page)


def carried(town: GivingTown, intent: Intent, means: str = "pm_card_visa") -> Intent:
    """All that a payment takes when nothing goes wrong."""
    town.turn()
    pay(town, intent, means)
    town.told()
    town.turn()
    intent.refresh_from_db()
    return intent


def with_invoice(town: GivingTown, invoice: Invoice, fund: Fund | None, amount: int = 300) -> Intent:
    act = town.whoever(invoice.client)
    return operations.pay_with_gift(act=act, invoice=invoice, provider="stripe", back=BACK, fund=fund, amount=amount)
