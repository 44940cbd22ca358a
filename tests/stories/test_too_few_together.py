"""A group purchase that too few people wanted: each is told once, what they had set aside is free, nobody owes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from entremise.buying.models import Purchase, Share
from entremise.campaigns.models import Pledge
from entremise.kernel.act import Role
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from entremise.settlement.queries.accounts import free_on_account
from tests.doors.desk.conftest import Desk
from tests.stories.conftest import Time
from tests.stories.together import PLAN, Household, books_balance, done, household, member, phone, read

__all__ = ["household", "member"]


@pytest.mark.usefixtures("inside", "legal")
def test_too_few_and_everybody_is_free_again(
    time: Time, desk: Desk, household: Household, member: Callable[[Person], Client]
) -> None:
    coordination = desk(Role.COORDINATOR)
    people = [household(number) for number in range(1, 4)]
    done(coordination, "/bureau/ensemble/nouveau/", {**PLAN, "threshold": "20"})
    number = Purchase.objects.get().campaign.number
    page, ours = f"/ensemble/{number}/", f"/bureau/ensemble/{number}/"
    done(coordination, f"{ours}ouverture")

    # 1 · Two set aside what they brought; the third will pay later.
    for place, person in enumerate(people):
        if place < 2:
            brought = {"amount": "100", "how": "cash", "once": f"coins-{place}"}
            done(coordination, f"/bureau/personnes/{person.id}/compte/versement", brought)
        wants = {"quantity_1": "10", "ceiling_1": "620", "means": "account" if place < 2 else "later"}
        done(member(person), f"{page}commande", wants)
    assert [free_on_account(person=one.id) for one in people] == [3800, 3800, 0]
    time.rounds()
    before = [len(time.texts_to(phone(number))) for number in range(1, 4)]

    # 2 · Its time is over, and twenty were needed. The clock lets them go; however often it goes round, once.
    time.to(datetime(2026, 12, 7, 9, tzinfo=UTC))
    for turn in range(4):
        time.to(time.now + timedelta(minutes=2 * turn))
        time.rounds()
    assert (Purchase.objects.get().campaign.state, Purchase.objects.get().state) == ("failed", "off")
    assert [len(time.texts_to(phone(number))) for number in range(1, 4)] == [one + 1 for one in before]
    assert set(Pledge.objects.values_list("state", flat=True)) == {"released"}

    # 3 · All of it is free, on their pages too; nothing is closed any more.
    assert [free_on_account(person=one.id) for one in people] == [10000, 10000, 0]
    assert "100,00 €" in read(member(people[0]), "/moi/compte/")
    assert coordination.post(f"{ours}cloture/", {"seen": "0", "households": "0", "total": "0"}).status_code == 422
    assert not Share.objects.exists()
    assert not Invoice.objects.exists()
    assert ledger.balances_by_holder(code="411000") == {}
    assert books_balance()
