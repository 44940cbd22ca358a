from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from entremise.buying import operations, queries
from entremise.buying.models import Allotment, Purchase, Share
from entremise.buying.operations import ArticleDraft, Plan
from entremise.buying.rules.tiers import Ahead, Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as campaign_queries
from entremise.campaigns.models import Pledge
from entremise.campaigns.operations import Terms
from entremise.campaigns.rules import Progress
from entremise.history.models import Fact
from entremise.kernel.act import Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.queries.accounts import free_on_account
from tests.buying.conftest import CLOCK, CLOSES, OIL, PELLETS, SOAP, Ask, Offer, household, over, planned


def after(act: Act) -> Act:
    return replace(act, at=CLOSES + timedelta(hours=1))


def closed(act: Act, purchase: Purchase) -> Purchase:
    seen = queries.preview(purchase=over(purchase)).digest
    return operations.close_purchase(act=after(act), purchase=purchase, seen=seen)


def test_several_stand_as_each_alone_does_and_none_that_is_over_runs(act: Act, offer: Offer, ask: Ask) -> None:
    pellets, oil = offer(PELLETS), offer(OIL, SOAP)
    planned(act, SOAP)
    for number in range(4):
        ask(pellets, household(number), (40, 0, 620))
    ask(oil, household(9), (7, 2, 700), (1, 0, 150))
    found = queries.standings(purchases=[pellets, oil])
    assert [found[one.id] for one in (pellets, oil)] == [queries.standing(purchase=one) for one in (pellets, oil)]
    assert {one.id for one in queries.running(at=act.at)} == {pellets.id, oil.id}
    assert queries.running(at=CLOSES) == queries.running(at=act.at - timedelta(seconds=1)) == []


def test_somebody_finds_their_orders_with_what_they_came_to(act: Act, offer: Offer, ask: Ask) -> None:
    pellets, oil, who = offer(PELLETS, threshold=1), offer(OIL, SOAP), household(1)
    assert not queries.has_orders(person=who.id)
    for number in range(2, 5):
        ask(pellets, household(number), (2, 0, 620))
    ask(pellets, who, (2, 0, 620))
    ask(oil, who, (0, 0, 700), (1, 0, 150))
    closed(act, pellets)
    last, first = queries.orders_of(person=who.id)
    assert [(one.article.lot.title, one.wish.quantity, one.allotted) for one in last.lines] == [("Savon", 1, None)]
    assert last.share is None
    assert first.share
    assert (first.share.amount, [one.allotted and one.allotted.units for one in first.lines]) == (1240, [2])
    assert queries.has_orders(person=who.id)


def test_the_more_households_the_less_each_pays(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS)
    for number in range(4):
        ask(purchase, household(number), (40, 0, 620))
    seen = queries.standing(purchase=purchase)
    (line,) = seen.lines
    assert seen.progress == Progress(4, 160, 160 * 620)
    assert (line.households, line.now, line.ahead) == (4, Tier(3, 620), Ahead(Tier(5, 575), 1))
    ask(purchase, household(4), (60, 0, 600))
    assert queries.standing(purchase=purchase).lines[0].now == Tier(5, 575)
    closed(act, purchase)
    assert set(Share.objects.values_list("amount", flat=True)) == {40 * 575, 60 * 575}
    (sold,) = queries.ordered(purchase=purchase.id)
    assert (sold.units, sold.households, sold.price) == (220, 5, 575)


def test_what_is_shown_before_is_what_is_done(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL, SOAP, strategy="fair")
    for number in range(3):
        ask(purchase, household(number), (5, number, 700), (3 + number, 2, 150))
    found = queries.preview(purchase=over(purchase))
    operations.close_purchase(act=after(act), purchase=purchase, seen=found.digest)
    done = [
        (one.share.pledge_id, one.article.lot_id, one.units, one.price)
        for one in Allotment.objects.select_related("share", "article")
    ]
    assert sorted(done) == sorted((one.pledge, one.lot, one.units, one.price) for one in found.closing.parts)
    assert sum(Share.objects.values_list("amount", flat=True)) == found.closing.money


def test_a_pledge_that_changes_after_the_preview_stops_the_closing(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS)
    for number in range(3):
        ask(purchase, household(number), (40, 0, 620))
    seen = queries.preview(purchase=purchase).digest
    ask(purchase, household(3), (40, 0, 620))
    with pytest.raises(Refused, match="closing_changed"):
        operations.close_purchase(act=after(act), purchase=over(purchase), seen=seen)
    assert not Share.objects.exists()


def test_closing_twice_is_closing_once(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS)
    for number in range(3):
        ask(purchase, household(number), (40, 0, 620))
    closed(act, purchase)
    operations.close_purchase(act=after(act), purchase=Purchase.objects.get(), seen="whatever")
    assert Share.objects.count() == 3
    assert Fact.objects.filter(type="purchase_closed").count() == 1


def test_nothing_is_closed_while_pledges_are_taken(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS)
    for number in range(3):
        ask(purchase, household(number), (40, 0, 620))
    with pytest.raises(Refused, match="not_now"):
        operations.close_purchase(act=act, purchase=purchase, seen=queries.preview(purchase=purchase).digest)


def test_too_few_households_and_nothing_leaves(act: Act, offer: Offer, ask: Ask) -> None:
    purchase, person = offer(PELLETS), household(0)
    settlement.pay_in(act=act, person=person, amount=50000, how="cash", key="in")
    ask(purchase, person, (40, 0, 620), means="account")
    ask(purchase, household(1), (40, 0, 620))
    assert free_on_account(person=person.id) == 50000 - 40 * 620
    found = queries.preview(purchase=over(purchase))
    assert not found.enough
    with pytest.raises(Refused, match="not_enough_yet"):
        operations.close_purchase(act=after(act), purchase=purchase, seen=found.digest)
    campaigns.fail(act=CLOCK, campaign=purchase.campaign)
    waiting = campaign_queries.pledges_in(campaign=purchase.campaign_id, state="pledged", limit=10)
    campaigns.release(act=CLOCK, pledges=waiting)
    assert free_on_account(person=person.id) == 50000
    assert not Pledge.objects.exclude(state="released").exists()


def test_enough_households_are_not_enough_when_no_price_is_reached(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL)
    for number in range(3):
        ask(purchase, household(number), (1, 0, 700))
    assert not queries.preview(purchase=over(purchase)).enough


def test_a_threshold_in_money_counts_what_comes_of_it(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL, measure="money", threshold=6 * 700)
    ask(purchase, household(0), (5, 0, 700))
    assert not queries.preview(purchase=purchase).enough
    ask(purchase, household(1), (1, 0, 700))
    assert queries.preview(purchase=purchase).enough


def test_a_limit_below_every_price_is_refused(offer: Offer, ask: Ask) -> None:
    with pytest.raises(Refused) as refused:
        ask(offer(PELLETS), household(0), (40, 0, 539))
    assert refused.value.params["price"] == 540


def test_in_the_last_days_only_what_fills_a_box_is_taken(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL)
    ask(purchase, household(0), (4, 0, 700))
    late = replace(act, at=CLOSES - timedelta(days=1))
    ask(purchase, household(1), (2, 0, 700), act=late)
    with pytest.raises(Refused, match="does_not_help"):
        ask(purchase, household(2), (1, 0, 700), act=late)


@pytest.mark.parametrize(
    ("article", "code"),
    [
        (replace(PELLETS, tiers=[]), "tiers_wrong"),
        (replace(PELLETS, tiers=[Tier(3, 620), Tier(5, 620)]), "tiers_wrong"),
        (replace(PELLETS, tiers=[Tier(0, 620)]), "tiers_wrong"),
        (replace(PELLETS, ours=500), "price_parts"),
        (replace(PELLETS, size=0), "size_wrong"),
    ],
)
def test_an_article_that_cannot_be_is_refused(act: Act, article: ArticleDraft, code: str) -> None:
    with pytest.raises(Refused, match=code):
        planned(act, article)


def test_a_purchase_offers_something(act: Act) -> None:
    with pytest.raises(Refused, match="nothing_on_offer"):
        planned(act)


def test_the_hand_over_comes_after_the_deadline_as_clocks_in_town_show_it(act: Act) -> None:
    after_midnight = datetime(2026, 12, 5, 23, 30, tzinfo=UTC)  # In town it is the sixth already.
    terms = Terms("Ensemble", "pledges", 3, act.at, after_midnight)
    said = Plan("own_sale", "handover", "Au local", date(2026, 12, 5), date(2026, 12, 9), [PELLETS])
    with pytest.raises(Refused, match="handed_over_early"):
        operations.plan(act=act, terms=terms, plan=said)


def test_who_wants_nothing_of_an_article_is_not_counted_for_it(offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL, SOAP)
    ask(purchase, household(0), (5, 0, 700), (0, 0, 0))
    assert [line.households for line in queries.standing(purchase=purchase).lines] == [1, 0]


def test_a_standing_is_read_with_as_many_questions_for_ten_as_for_one(
    offer: Offer, ask: Ask, django_assert_max_num_queries: object
) -> None:
    purchase = offer(OIL, SOAP)
    for number in range(10):
        ask(purchase, household(number), (5, 0, 700), (1, 1, 150))
    with django_assert_max_num_queries(3):  # type: ignore[operator]  # A fixture of pytest-django without a type.
        queries.standing(purchase=purchase)


def test_a_member_closes_the_purchase_of_a_group_they_organise_and_no_other(
    act: Act, offer: Offer, ask: Ask, coordinator: Person
) -> None:
    purchase, organiser = offer(PELLETS), household(9)
    for number in range(3):
        ask(purchase, household(number), (40, 0, 620))
    seen = queries.preview(purchase=over(purchase)).digest
    hers = Act(by=Actor(organiser.id), at=CLOSES + timedelta(hours=1), door=Door.SITE)
    with pytest.raises(Refused, match="not_allowed"):
        operations.close_purchase(act=hers, purchase=purchase, seen=seen)
    purchase.campaign.organiser = organiser
    purchase.campaign.save(update_fields=["organiser"])
    assert operations.close_purchase(act=hers, purchase=purchase, seen=seen).state == "closed"
