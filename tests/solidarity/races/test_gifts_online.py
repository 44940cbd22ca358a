"""Several at once over one gift by card, in real threads: it is booked once, and no promise of its fund is broken."""

from dataclasses import replace
from datetime import timedelta

import pytest

from entremise.figures.operations import load_shipped
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Task
from entremise.payments.models import Instruction, Intent
from entremise.payments.rules.provider import Standing
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, Fund, Gift, GiftAsked
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.races import rivals
from tests.settlement.town import BACK
from tests.solidarity.conftest import AT, agreed, ask, committee, somebody, staff

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

TAKEN = Standing(ref="41", state="captured", amount=3000, taken=3000)
LATER = AT + timedelta(minutes=5)
CLOCK = Act(by=THE_CLOCK, at=LATER, door=Door.CLOCK)


@pytest.fixture
def town() -> Organisation:
    organisation = Organisation.objects.create(slug="races", name="Races")
    load_shipped()
    with scope.writing(organisation.id):
        LegalIdentity.objects.create(legal_name="R", siret="73282932000074")
        act = staff()
        committee(act)
        fund = operations.open_fund(act=act, name="Fonds", purpose="x", origin="public")
        giver = somebody("Marsan")
        operations.give_online(
            act=replace(act, door=Door.COUNTER, on_behalf_of=giver.id),
            giver=giver,
            fund=fund,
            amount=3000,
            provider="helloasso",
            back=BACK,
        )
    return organisation


def look(number: int, standing: Standing = TAKEN) -> None:
    intent, at = Intent.objects.select_related("person").get(), LATER + timedelta(seconds=number // 2)
    operations.look_at_gift(act=CLOCK, intent=intent, standing=standing, asked_at=at)


def test_seen_by_eight_at_once_it_is_booked_once(town: Organisation) -> None:
    assert not [one for one in rivals(8, town.id, look) if isinstance(one, Exception)]
    with scope.writing(town.id):
        assert Gift.objects.get().amount == 3000
        assert ledger.verify() == []


def test_given_back_by_eight_at_once_it_is_ordered_once(town: Organisation) -> None:
    rivals(1, town.id, look)

    def give_back(_: int) -> None:
        asked = GiftAsked.objects.select_related("intent", "fund").get()
        operations.return_gift(act=replace(staff(), at=LATER), asked=asked)

    answers = rivals(8, town.id, give_back)
    assert [one.code for one in answers if isinstance(one, Refused)] == ["amount_not_taken"] * 7, answers
    with scope.writing(town.id):
        assert Instruction.objects.filter(verb="give_back").count() == 1


def test_a_gift_that_is_contested_while_it_is_promised_breaks_no_promise(town: Organisation) -> None:
    rivals(1, town.id, look)
    with scope.writing(town.id):
        act = staff()
        awards = [agreed(act, ask(act, somebody(f"P{number}"))) for number in range(4)]
    contested = replace(TAKEN, contested=3000)

    def go(number: int) -> object:
        if number == 2:
            return look(9, contested)
        return operations.grant(act=act, award=awards[number % 4], fund=Fund.objects.get(), amount=1000)

    answers = rivals(4, town.id, go)
    assert {one.code for one in answers if isinstance(one, Refused)} <= {"not_enough"}, answers
    with scope.writing(town.id):
        granted = Award.objects.filter(state="granted").count()
        free, promised = queries.balance_of(fund=Fund.objects.get())
        assert (promised, free >= 0) == (1000 * granted, True)
        assert free + promised == (3000 if granted else 0)
        assert Task.objects.filter(kind="gift_stuck").count() == bool(granted)
        assert ledger.verify() == []
