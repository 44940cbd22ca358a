"""Two at once over one payment by card, in real threads: each amount is booked once, no more goes back than came."""

from datetime import timedelta

import pytest

from entremise.documents.models import Document
from entremise.kernel.act import STAFF, THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.payments.models import Instruction, Intent
from entremise.payments.rules.provider import Standing
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice, Receipt
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.races import rivals
from tests.settlement.town import BACK, bill

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

CLOCK = Act(by=THE_CLOCK, at=TODAY + timedelta(minutes=5), door=Door.CLOCK)
TREASURER = Act(by=Actor(new_id(), STAFF), at=TODAY, door=Door.DESK)


@pytest.fixture
def town() -> Organisation:
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        bill(Person.objects.create(family_name="Marsan", known_since=TODAY), 4900)
        assert Document.objects.count() == 1
    return organisation


def pay(_: int) -> Intent:
    invoice = Invoice.objects.select_related("client").get()
    client = Act(by=Actor(invoice.client_id, frozenset({Role.CLIENT})), at=TODAY, door=Door.SITE)
    return operations.pay_online(act=client, invoice=invoice, provider="stripe", back=BACK)


def look(_: int) -> int:
    intent = Intent.objects.select_related("person").get()
    standing = Standing(ref="pi_1", state="captured", amount=4900, taken=4900, fee=99)
    return operations.look_at_payment(act=CLOCK, intent=intent, standing=standing, asked_at=CLOCK.at).taken


def give_back(_: int) -> Instruction:
    intent = Intent.objects.select_related("person").get()
    return operations.give_back_online(act=TREASURER, intent=intent, amount=4000)


def test_asked_for_by_eight_at_once_it_is_one_payment(town: Organisation) -> None:
    answers = rivals(8, town.id, pay)
    assert len({one.id for one in answers if isinstance(one, Intent)}) == 1, answers
    with scope.writing(town.id):
        assert Instruction.objects.count() == 1


def test_seen_by_eight_at_once_it_is_booked_once(town: Organisation) -> None:
    rivals(1, town.id, pay)
    answers = rivals(8, town.id, look)
    assert sorted(one for one in answers if isinstance(one, int)) == [0] * 7 + [4900], answers
    with scope.writing(town.id):
        assert Receipt.objects.get().amount == 4900
        assert ledger.verify() == []


def test_given_back_by_eight_at_once_it_is_ordered_once(town: Organisation) -> None:
    rivals(1, town.id, pay)
    rivals(1, town.id, look)
    answers = rivals(8, town.id, give_back)
    assert sum(isinstance(one, Instruction) for one in answers) == 1, answers
    assert {one.code for one in answers if isinstance(one, Refused)} == {"amount_not_taken"}
