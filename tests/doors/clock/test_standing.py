"""What households want each time is ordered by the clock when the next purchase opens, once, also after a crash."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.models import Purchase, StandingTurn
from entremise.buying.operations import Plan, Wants, placing
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge
from entremise.campaigns.operations import Terms
from entremise.doors.clock import together
from entremise.doors.clock.watch import Watch
from entremise.kernel.act import Act
from entremise.messaging.models import Letter
from entremise.tenancy import scope
from tests.buying.conftest import CLOSES, OIL, household, planned
from tests.doors.clock.conftest import MORNING
from tests.doors.clock.test_together import Rows, act
from tests.drills.scenario import House

__all__ = ["act"]

LATER = timedelta(weeks=2)
CAPACITY = 4


@pytest.fixture
def time_is(time_is: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    def set_to(moment: datetime) -> None:
        time_is(moment)
        monkeypatch.setattr(together, "now", lambda: moment)

    set_to(MORNING)
    return set_to


@pytest.fixture
def second(house: House, act: Act) -> Purchase:
    """The next one, of which there is less than three households want: it opens in two weeks."""
    with scope.writing(house.organisation.id):
        first = planned(act, OIL)
        series = buying.repeat(act=act, purchase=first, weeks=2)
        campaigns.open_campaign(act=act, campaign=first.campaign)
        (oil,) = queries.articles_of(purchase=first.id)
        for number in range(3):
            buying.say_standing(
                act=act, series=series, person=household(number), wants=[Wants(oil, 2, 0, 700)], means="later"
            )
        day = (CLOSES + LATER).date()
        plan = Plan("own_sale", "handover", "Au local", day, day, [replace(OIL, capacity=CAPACITY)])
        terms = Terms("Ensemble", "pledges", 2, act.at + LATER, CLOSES + LATER)
        made = buying.plan_next(act=act, series=series, terms=terms, plan=plan)
        campaigns.open_campaign(act=act, campaign=made.campaign)
    return made


def test_each_is_ordered_once_it_opens_and_whoever_comes_too_late_is_told(
    house: House, second: Purchase, watch: Watch, rows: Rows, time_is: Callable[[datetime], None]
) -> None:
    assert together.place_standing(watch, house.organisation) == 0, "it is not open yet"
    time_is(MORNING + LATER + timedelta(hours=1))
    assert together.place_standing(watch, house.organisation) == 3
    assert together.place_standing(watch, house.organisation) == 0
    assert rows(lambda: Pledge.objects.filter(campaign=second.campaign_id).count()) == CAPACITY // 2
    assert rows(lambda: list(StandingTurn.objects.order_by("id").values_list("outcome", "why"))) == [
        ("placed", ""),
        ("placed", ""),
        ("missed", "lot_taken"),
    ]
    assert rows(lambda: Letter.objects.filter(template="standing_placed").count()) == 2
    assert "pas assez" in rows(lambda: Letter.objects.get(template="standing_missed").body)


def test_a_clock_that_dies_while_it_tells_them_orders_nothing_twice(
    house: House,
    second: Purchase,
    watch: Watch,
    rows: Rows,
    time_is: Callable[[datetime], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    time_is(MORNING + LATER + timedelta(hours=1))

    def killed(*given: object, **more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(placing, "_tell", killed)
        with pytest.raises(KeyboardInterrupt):
            together.place_standing(watch, house.organisation)
    assert rows(lambda: Pledge.objects.count()) == 0
    assert together.place_standing(Watch(), house.organisation) == 3
    assert rows(lambda: Pledge.objects.count()) == 2
