"""Group purchases move on by themselves, and whoever is let go is told, also when the clock is killed in between."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Purchase
from entremise.buying.operations import Wants, moving
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign, Pledge
from entremise.doors.clock import together
from entremise.doors.clock.watch import Watch
from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.messaging.models import Letter
from entremise.settlement import operations as settlement
from entremise.settlement.queries.accounts import free_on_account
from entremise.tenancy import scope
from tests.buying.conftest import CLOSES, OIL, household, planned
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House

Rows = Callable[[Callable[[], object]], object]
HOUSEHOLDS = 5


@pytest.fixture
def time_is(time_is: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(moment: datetime) -> None:
        time_is(moment)
        monkeypatch.setattr(together, "now", lambda: moment)

    set_to(MORNING)
    return set_to


@pytest.fixture
def act(house: House) -> Act:
    return house.desk(MORNING)


@pytest.fixture
def purchase(house: House, act: Act) -> Purchase:
    """Of ninety-nine households that it takes, five have put money aside."""
    with scope.writing(house.organisation.id):
        made = planned(act, OIL, threshold=99)
        campaigns.open_campaign(act=act, campaign=made.campaign)
        for number in range(HOUSEHOLDS):
            person = household(number)
            settlement.pay_in(act=act, person=person, amount=10000, how="cash", key=f"in{number}")
            (article,) = bought.articles_of(purchase=made.id)
            wants = [Wants(article, 6, 0, 700)]
            buying.order(act=act, purchase=made, person=person, wants=wants, means="account")
    return made


def state() -> str:
    return Campaign.objects.get().state


def test_it_fills_and_then_fails_and_a_second_turn_does_nothing(
    house: House, purchase: Purchase, watch: Watch, rows: Rows, time_is: Callable[[datetime], None]
) -> None:
    assert together.move_on(watch, house.organisation) == 0
    time_is(CLOSES - timedelta(days=1))
    assert together.move_on(watch, house.organisation) == 1
    assert rows(state) == "filling"
    time_is(CLOSES + timedelta(minutes=1))
    assert together.move_on(watch, house.organisation) == 1
    assert together.move_on(watch, house.organisation) == 0
    assert rows(state) == "failed"


def test_a_clock_that_dies_between_two_chunks_tells_everybody_once_and_frees_their_money(
    house: House,
    purchase: Purchase,
    watch: Watch,
    rows: Rows,
    time_is: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time_is(CLOSES + timedelta(minutes=1))
    together.move_on(watch, house.organisation)
    monkeypatch.setattr(moving.let_go, "__kwdefaults__", {"limit": 2})
    told, tell = [], moving.tell_household

    def killed(*given: object) -> None:
        """In the middle of the second chunk, as if the machine went away: nothing of it remains."""
        told.append(given)
        if len(told) == 4:
            raise KeyboardInterrupt
        tell(*given)  # type: ignore[arg-type]  # The same as it was given.

    monkeypatch.setattr(moving, "tell_household", killed)
    assert together.let_go(watch, house.organisation) == 1
    with pytest.raises(KeyboardInterrupt):
        together.let_go(watch, house.organisation)
    assert rows(lambda: Pledge.objects.filter(state="released").count()) == 2
    again = Watch()
    while together.let_go(again, house.organisation):
        continue
    assert rows(lambda: Letter.objects.filter(template="purchase_off").count()) == HOUSEHOLDS
    assert rows(lambda: Fact.objects.filter(type="pledge_released").count()) == HOUSEHOLDS
    assert rows(lambda: Purchase.objects.get().state) == "off"
    assert rows(lambda: {free_on_account(person=one.person_id) for one in Pledge.objects.all()}) == {10000}


def test_who_did_not_collect_is_reminded_by_day_and_the_last_parcel_ends_it(
    house: House,
    purchase: Purchase,
    act: Act,
    watch: Watch,
    rows: Rows,
    time_is: Callable[[datetime], None],
) -> None:
    later = replace(act, at=CLOSES + timedelta(days=9))
    with scope.writing(house.organisation.id):
        Campaign.objects.update(threshold=1)
        purchase.refresh_from_db()
        campaigns.shut(act=later, campaign=purchase.campaign)
        seen = bought.preview(purchase=purchase).digest
        buying.close_purchase(act=later, purchase=purchase, seen=seen)
        buying.order_supply(act=later, purchase=purchase)
        (article,) = bought.articles_of(purchase=purchase.id)
        buying.receive_supply(act=later, purchase=purchase, received={article.id: 30})
    assert together.remind(watch, house.organisation) == 0
    last = CLOSES + timedelta(days=12)
    time_is(last.replace(hour=23))
    assert together.remind(watch, house.organisation) == 0
    time_is(last)
    assert together.remind(watch, house.organisation) == HOUSEHOLDS
    assert together.remind(watch, house.organisation) == 0
    assert together.finish(watch, house.organisation) == 0
    with scope.writing(house.organisation.id):
        for parcel in bought.parcels_of(purchase=purchase.id):
            buying.leave_parcel(act=later, parcel=parcel, reason="Partie")
    assert together.finish(watch, house.organisation) == 1
    assert together.finish(watch, house.organisation) == 0
    assert rows(state) == "finished"
