"""Purchases that come again, what households want of each, and two that take turns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.models import Purchase, Series, Standing, StandingTurn
from entremise.buying.operations import ArticleDraft, Plan, Wants
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge, PledgeLine
from entremise.campaigns.operations import Terms
from entremise.history.models import Fact
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.queries.accounts import free_on_account
from tests.buying.conftest import CLOSES, OIL, PELLETS, SOAP, Ask, Offer, ask, household, offer

__all__ = ["ask", "offer"]

LATER = timedelta(weeks=2)
Again = Callable[..., Purchase]
Same = Callable[..., Standing]


@pytest.fixture
def first(act: Act, offer: Offer) -> Purchase:
    """The first purchase of a series, of oil and soap, that takes pledges."""
    purchase = offer(OIL, SOAP)
    buying.repeat(act=act, purchase=purchase, weeks=2)
    return purchase


@pytest.fixture
def same(act: Act, first: Purchase) -> Same:
    """Two bottles and a soap each time."""

    def said(person: Person, *wanted: tuple[int, int, int], **more: str) -> Standing:
        articles = queries.articles_of(purchase=first.id)
        wants = [Wants(one, *of) for one, of in zip(articles, wanted or ((2, 4, 700), (1, 0, 150)), strict=True)]
        assert first.series is not None
        return buying.say_standing(
            act=act, series=first.series, person=person, wants=wants, means=more.get("means", "later")
        )

    return said


@pytest.fixture
def again(act: Act, first: Purchase) -> Again:
    """The next purchase of the series, open."""

    def one(*articles: ArticleDraft) -> Purchase:
        later = replace(act, at=act.at + LATER)
        plan = Plan(
            role="own_sale",
            pays="handover",
            where="Au local",
            handed_from=(CLOSES + LATER).date(),
            handed_until=(CLOSES + LATER).date(),
            articles=articles or (OIL, SOAP),
        )
        terms = Terms("Ensemble", "pledges", 3, later.at, CLOSES + LATER)
        assert first.series is not None
        made = buying.plan_next(act=later, series=first.series, terms=terms, plan=plan)
        campaigns.open_campaign(act=later, campaign=made.campaign)
        return made

    return one


def clock(act: Act) -> Act:
    return Act(by=THE_CLOCK, at=act.at + LATER + timedelta(hours=1), door=Door.CLOCK)


def place(act: Act) -> list[StandingTurn]:
    """As the clock does it."""
    due = queries.to_place(at=clock(act).at)
    return [buying.place_standing(act=clock(act), standing=one.standing, purchase=one.purchase) for one in due]


# It comes again


def test_a_rhythm_said_again_changes_and_says_so_once(act: Act, first: Purchase) -> None:
    assert buying.repeat(act=act, purchase=first, weeks=2).weeks == 2
    assert buying.repeat(act=act, purchase=first, weeks=4).weeks == 4
    assert Series.objects.count() == 1
    assert Fact.objects.filter(type="series_rhythm_set").count() == 2


@pytest.mark.parametrize("weeks", [0, 53])
def test_a_rhythm_is_at_least_a_week_and_at_most_a_year(act: Act, offer: Offer, weeks: int) -> None:
    with pytest.raises(Refused, match="rhythm_wrong"):
        buying.repeat(act=act, purchase=offer(OIL), weeks=weeks)


def test_the_next_one_is_planned_once(act: Act, first: Purchase, again: Again) -> None:
    second = again()
    assert second.series_id == first.series_id
    Purchase.objects.get(id=second.id).campaign.refresh_from_db()
    assert first.series is not None
    second.campaign.state = "draft"
    second.campaign.save()
    with pytest.raises(Refused, match="next_planned"):
        again()


# The same each time


def test_nothing_is_ordered_of_the_purchase_that_was_open_when_they_said_it(act: Act, same: Same) -> None:
    same(household(1))
    assert queries.to_place(at=act.at + timedelta(hours=1)) == []
    assert not Pledge.objects.exists()


def test_it_is_ordered_once_when_the_next_one_opens_and_they_are_told(act: Act, same: Same, again: Again) -> None:
    person = household(1)
    standing = same(person)
    second = again()
    (turn,) = place(act)
    assert place(act) == []
    assert buying.place_standing(act=clock(act), standing=standing, purchase=second) == turn
    pledge = Pledge.objects.get()
    assert (pledge.person_id, pledge.campaign_id, pledge.at_most) == (person.id, second.campaign_id, 6 * 700 + 150)
    assert sorted(PledgeLine.objects.values_list("quantity", "tolerance", "ceiling")) == [(1, 0, 150), (2, 4, 700)]
    assert Fact.objects.filter(type="standing_placed").count() == 1
    assert Fact.objects.get(type="pledge_made").on_behalf_of == person.id
    letter = Letter.objects.get(template="standing_placed")
    assert letter.person_id == person.id


def test_whoever_ordered_themselves_keeps_their_order(act: Act, same: Same, again: Again, ask: Ask) -> None:
    person = household(1)
    same(person)
    second = again()
    mine = ask(second, person, (6, 0, 700), (0, 0, 150), act=replace(act, at=act.at + LATER))
    (turn,) = place(act)
    assert (turn.outcome, turn.pledge_id) == ("already", mine.id)
    assert Pledge.objects.count() == 1
    assert not Letter.objects.filter(template__startswith="standing").exists()


def test_paused_skipped_and_ended_are_not_ordered(act: Act, same: Same, again: Again) -> None:
    paused, skipped, ended = (same(household(number)) for number in range(3))
    buying.pause_standing(act=act, standing=paused)
    buying.skip_standing(act=act, standing=skipped)
    buying.end_standing(act=act, standing=ended)
    again()
    assert [turn.outcome for turn in place(act)] == ["skipped"]
    skipped.refresh_from_db()
    assert not skipped.skips, "once"
    assert not Pledge.objects.exists()


def test_what_is_resumed_waits_for_the_next_one(act: Act, same: Same, again: Again) -> None:
    standing = same(household(1))
    buying.pause_standing(act=act, standing=standing)
    again()
    buying.resume_standing(act=act, standing=standing)
    assert place(act) == []


def test_what_is_gone_is_left_out_and_named(act: Act, same: Same, again: Again) -> None:
    same(household(1))
    again(SOAP)
    (turn,) = place(act)
    assert turn.outcome == "placed"
    assert Pledge.objects.get().at_most == 150


@pytest.mark.parametrize("articles", [(PELLETS,), (replace(OIL, tiers=[Tier(1, 900), Tier(3, 701)]),)])
def test_gone_or_dearer_than_was_said_nothing_is_ordered_and_they_are_told(
    act: Act, same: Same, again: Again, articles: tuple[ArticleDraft, ...]
) -> None:
    same(household(1), (2, 0, 700), (0, 0, 150))
    again(*articles)
    (turn,) = place(act)
    assert (turn.outcome, turn.pledge_id) == ("missed", None)
    assert not Pledge.objects.exists()
    assert Letter.objects.get(template="standing_missed").person_id == turn.person_id
    assert place(act) == []


def test_a_price_that_may_still_come_down_to_the_ceiling_is_ordered(act: Act, same: Same, again: Again) -> None:
    same(household(1), (2, 0, 700), (0, 0, 150))
    again(replace(OIL, tiers=[Tier(1, 900), Tier(3, 700)]))
    assert [turn.outcome for turn in place(act)] == ["placed"]


def test_what_cannot_be_set_aside_is_missed_once_and_nothing_is_held(act: Act, same: Same, again: Again) -> None:
    person = household(1)
    settlement.pay_in(act=act, person=person, amount=100, how="cash", key="x")
    standing = same(person, means="account")
    second = again()
    with pytest.raises(Refused, match="not_enough"):
        buying.place_standing(act=clock(act), standing=standing, purchase=second)
    turn = buying.miss_standing(act=clock(act), standing=standing, purchase=second, why="not_enough")
    assert (turn.outcome, turn.why) == ("missed", "not_enough")
    assert free_on_account(person=person.id) == 100


def test_a_change_takes_the_place_of_what_was_said_before(act: Act, same: Same, again: Again) -> None:
    person = household(1)
    first = same(person)
    assert same(person, (3, 0, 620), (0, 0, 150)) == first
    again()
    place(act)
    assert list(PledgeLine.objects.values_list("quantity", "ceiling")) == [(3, 620)]


@pytest.mark.parametrize(
    ("wanted", "code"),
    [(((0, 0, 700), (0, 0, 150)), "nothing_wanted"), (((1, 0, 619), (0, 0, 150)), "ceiling_too_low")],
)
def test_what_could_never_be_ordered_is_refused(
    same: Same, wanted: tuple[tuple[int, int, int], ...], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        same(household(1), *wanted)
    assert not Standing.objects.exists()


# In turn


def test_two_households_take_turns(act: Act, same: Same, again: Again) -> None:
    one, other = household(1), household(2)
    standing = buying.share_standing(act=act, standing=same(one, means="account"), partner=other)
    assert Letter.objects.get(template="standing_shared").person_id == other.id
    settlement.pay_in(act=act, person=one, amount=10000, how="cash", key="x")
    again()
    place(act)
    assert [(row.person_id, row.means) for row in Pledge.objects.all()] == [(one.id, "account")]
    standing.refresh_from_db()
    assert standing.whose == other
    campaigns.call_off(act=act, campaign=again().campaign, reason="Essai.")
    again()
    (turn,) = place(act)
    assert (turn.person_id, turn.pledge.means if turn.pledge else "") == (other.id, "later")
    standing.refresh_from_db()
    assert standing.whose == one


def test_either_may_take_the_next_turn_over(act: Act, same: Same, again: Again) -> None:
    one, other = household(1), household(2)
    standing = buying.share_standing(act=act, standing=same(one), partner=other)
    standing = buying.take_turn(act=act, standing=standing, person=other)
    buying.take_turn(act=act, standing=standing, person=other)
    assert Fact.objects.filter(type="standing_swapped").count() == 1
    again()
    assert [turn.person_id for turn in place(act)] == [other.id]
    with pytest.raises(Refused, match="not_shared"):
        buying.take_turn(act=act, standing=standing, person=household(3))


def test_a_turn_that_was_skipped_or_missed_stays_theirs(act: Act, same: Same, again: Again) -> None:
    one, other = household(1), household(2)
    standing = buying.share_standing(act=act, standing=same(one, (2, 0, 700), (0, 0, 150)), partner=other)
    again(PELLETS)
    assert [turn.outcome for turn in place(act)] == ["missed"]
    standing.refresh_from_db()
    assert standing.whose == one


def test_one_partner_at_a_time_and_never_oneself(act: Act, same: Same) -> None:
    one = household(1)
    standing = same(one)
    with pytest.raises(Refused, match="shared_alone"):
        buying.share_standing(act=act, standing=standing, partner=one)
    buying.share_standing(act=act, standing=standing, partner=household(2))
    with pytest.raises(Refused, match="shared_already"):
        buying.share_standing(act=act, standing=standing, partner=household(3))
    assert buying.part_standing(act=act, standing=standing).partner is None


def test_nobody_has_two_orders_in_one_series(act: Act, same: Same) -> None:
    one, other = household(1), household(2)
    standing = same(one)
    theirs = same(other)
    with pytest.raises(Refused, match="shared_alone"):
        buying.share_standing(act=act, standing=standing, partner=other)
    buying.end_standing(act=act, standing=theirs)
    buying.share_standing(act=act, standing=standing, partner=other)
    with pytest.raises(Refused, match="shared_already"):
        same(other)
