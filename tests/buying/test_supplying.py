"""What becomes of a purchase after it closed: the order, what comes, and who is let go."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.buying import operations, queries
from entremise.buying.models import Article, Parcel, Purchase
from entremise.buying.rules.sharing_out import STRATEGIES
from entremise.buying.rules.supplying import Balance, share_again
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as campaign_queries
from entremise.campaigns.models import Campaign, Pledge
from entremise.campaigns.rules import Step
from entremise.documents import queries as documents
from entremise.documents.models import Document
from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.settlement import operations as settlement
from entremise.settlement.queries.accounts import free_on_account
from tests.buying.conftest import CLOCK, OIL, SOAP, Ask, Offer, household
from tests.buying.supply import Ordered, closed, later, legal, letters, order, parcels, planned, receive

__all__ = ["later", "legal", "order"]

pytestmark = pytest.mark.usefixtures("inside", "legal")


def test_the_order_is_one_paper_with_what_the_closing_came_to(later: Act, order: Ordered) -> None:
    purchase = order(((5, 0, 700),), ((1, 0, 700),))
    paper = purchase.order
    assert paper
    assert paper.number == "CF-2026-0001"
    (line,) = paper.data["lines"]
    assert (line["units"], line["boxes"], line["price"], paper.data["total"]) == (6, 1, 700, 4200)
    assert operations.order_supply(act=later, purchase=Purchase.objects.get()) == paper
    assert Document.objects.filter(kind="purchase_order").count() == 1
    assert planned(purchase) == [5, 1]
    assert set(Pledge.objects.values_list("state", flat=True)) == {"confirmed"}
    assert documents.render(document=paper).startswith(b"%PDF")


def test_what_was_ordered_is_not_called_off_any_more(later: Act, order: Ordered) -> None:
    purchase = order(((6, 0, 700),))
    with pytest.raises(Refused, match="not_now"):
        campaigns.call_off(act=later, campaign=Campaign.objects.get(), reason="Trop tard")
    assert Purchase.objects.get(id=purchase.id).state == "ordered"


def test_what_was_called_off_is_not_ordered(later: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL, threshold=1)
    ask(purchase, household(0), (6, 0, 700))
    closed(later, purchase)
    campaigns.call_off(act=later, campaign=purchase.campaign, reason="Le fournisseur arrête")
    with pytest.raises(Refused, match="not_now"):
        operations.order_supply(act=later, purchase=Purchase.objects.get())
    assert not Parcel.objects.exists()


def test_who_receives_nothing_is_told_and_owes_nothing(later: Act, order: Ordered) -> None:
    purchase = order(((6, 0, 700),), ((2, 0, 700),), means="account")
    assert planned(purchase) == [6]
    alone = Pledge.objects.get(state="released").person
    assert letters("parcel_void") == [alone]
    assert free_on_account(person=alone.id) == 100000


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"pays": "before"}, "paid_first"), ({"role": "agent"}, "supplier_needed"), ({"state": "planned"}, "not_now")],
)
def test_an_order_that_cannot_leave_is_refused(
    later: Act, offer: Offer, ask: Ask, changes: dict[str, str], code: str
) -> None:
    purchase = offer(OIL, threshold=1)
    ask(purchase, household(0), (6, 0, 700))
    closed(later, purchase)
    Purchase.objects.update(**changes)
    with pytest.raises(Refused, match=code):
        operations.order_supply(act=later, purchase=Purchase.objects.get())


def test_all_of_it_came_and_everybody_reads_where_and_when(later: Act, order: Ordered) -> None:
    purchase = order(((5, 0, 700),), ((1, 0, 700),))
    receive(later, purchase, 6)
    assert planned(purchase) == [5, 1]
    assert {one.state for one in parcels(purchase)} == {"ready"}
    body = Letter.objects.filter(template="parcel_ready").order_by("id").first()
    assert body
    assert "Au local, 14, rue du Lavoir" in body.body
    assert "14 décembre" in body.body


def test_less_came_and_whoever_asked_last_goes_without(later: Act, order: Ordered) -> None:
    purchase = order(((5, 0, 700),), ((1, 0, 700),), means="account")
    receive(later, purchase, 4)
    first, last = parcels(purchase)
    assert planned(purchase) == [4, 0]
    assert (first.state, last.state) == ("ready", "void")
    assert letters("parcel_void") == [last.share.pledge.person]
    assert free_on_account(person=last.share.pledge.person_id) == 100000


def test_more_came_and_nobody_is_given_more_than_they_would_take(later: Act, order: Ordered) -> None:
    purchase = order(((3, 1, 700),), ((2, 0, 700),))
    assert planned(purchase) == [4, 2]
    receive(later, purchase, 12)
    assert planned(purchase) == [4, 2]
    (line,) = queries.supply(purchase=purchase.id)
    assert (line.balance.left, line.balance.missing) == (6, -6)


def test_what_no_box_held_may_still_be_theirs_when_more_comes(later: Act, order: Ordered) -> None:
    purchase = order(((4, 0, 700), (0, 0, 0)), ((4, 0, 700), (12, 0, 150)), articles=(OIL, SOAP))
    assert planned(purchase) == [4, 14]
    receive(later, purchase, 8, 12)
    assert planned(purchase) == [4, 16]


def test_a_part_of_it_came_and_nothing_is_shared_out_yet(later: Act, order: Ordered) -> None:
    purchase = order(((6, 0, 700),))
    receive(later, purchase, 3, complete=False)
    assert (purchase.state, {one.state for one in parcels(purchase)}) == ("ordered", {"waiting"})
    assert not letters("parcel_ready")
    receive(later, purchase, 6)
    assert planned(purchase) == [6]


def test_what_came_is_counted_anew_and_only_whose_parcel_changes_reads_of_it(later: Act, order: Ordered) -> None:
    purchase = order(((5, 0, 700),), ((7, 0, 700),))
    receive(later, purchase, 6)
    receive(later, purchase, 12)
    assert planned(purchase) == [5, 7]
    first, second = (one.share.pledge.person for one in parcels(purchase))
    assert letters("parcel_ready").count(first) == 1
    assert letters("parcel_ready").count(second) == 2


def test_a_late_delivery_moves_the_hand_over_and_whoever_waits_reads_of_it(later: Act, order: Ordered) -> None:
    purchase = order(((6, 0, 700),))
    first, last = purchase.handed_until + timedelta(days=3), purchase.handed_until + timedelta(days=5)
    operations.set_handover(act=later, purchase=purchase, where="Salle des fêtes", first=first, last=last)
    assert not letters("parcel_ready")
    receive(later, purchase, 6)
    for _again in range(2):
        operations.set_handover(act=later, purchase=purchase, where="Au local", first=first, last=last)
    told = Letter.objects.filter(template="parcel_ready").order_by("id")
    assert ["Salle des fêtes" in told[0].body, "Au local" in told[1].body, len(told)] == [True, True, 2]
    for days, place, code in ((-1, "Au local", "handed_over_past"), (1, "  ", "place_needed")):
        with pytest.raises(Refused, match=code):
            operations.set_handover(
                act=later, purchase=purchase, where=place, first=first, last=first + timedelta(days=days)
            )


@pytest.mark.parametrize(("units", "code"), [(-1, "units_needed"), (2_000_000, "too_many_units")])
def test_a_count_that_cannot_be_is_refused_beside_its_article(
    later: Act, order: Ordered, units: int, code: str
) -> None:
    purchase = order(((6, 0, 700),))
    with pytest.raises(Refused, match=code) as refused:
        receive(later, purchase, units)
    assert refused.value.where == f"units_{Article.objects.get().id}"
    with pytest.raises(Refused, match="units_needed"):
        operations.receive_supply(act=later, purchase=purchase, received={})


def test_what_is_billed_is_kept_beside_what_came(later: Act, order: Ordered) -> None:
    purchase = order(((6, 0, 700),))
    article = Article.objects.get()
    receive(later, purchase, 4)
    operations.note_billed(act=later, purchase=purchase, billed={article.id: 6})
    (line,) = queries.supply(purchase=purchase.id)
    assert line.balance == Balance(ordered=6, billed=6, received=4, waiting=4, handed=0, back=0)
    assert (line.balance.missing, line.balance.billed_more) == (2, 2)


def test_its_time_comes_and_it_fills_shuts_and_fails(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL, threshold=3)
    ask(purchase, household(0), (6, 0, 700))
    at = purchase.campaign.fills_at
    assert at
    operations.move_on(act=replace(CLOCK, at=at - timedelta(minutes=1)), purchase=purchase)
    assert Campaign.objects.get().state == "open"
    operations.move_on(act=replace(CLOCK, at=at), purchase=purchase)
    assert Campaign.objects.get().state == "filling"
    for _again in range(2):
        operations.move_on(act=CLOCK, purchase=purchase)
    assert Campaign.objects.get().state == "failed"
    assert Fact.objects.filter(type="campaign_failed").count() == 1


def test_what_is_enough_waits_for_somebody_to_look(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL, threshold=1)
    ask(purchase, household(0), (6, 0, 700))
    operations.move_on(act=CLOCK, purchase=purchase)
    assert Campaign.objects.get().state == "closing"


def test_letting_go_is_taken_up_where_it_stopped_and_nobody_is_told_twice(act: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(OIL, threshold=99)
    for number in range(7):
        person = household(number)
        settlement.pay_in(act=act, person=person, amount=10000, how="cash", key=f"in{number}")
        ask(purchase, person, (6, 0, 700), means="account")
    operations.move_on(act=CLOCK, purchase=purchase)
    assert queries.to_let_go() == [purchase]
    told = [operations.let_go(act=CLOCK, purchase=Purchase.objects.get(), limit=3) for _chunk in range(4)]
    assert told == [3, 3, 1, 0]
    assert len(letters("purchase_off")) == 7
    assert (Purchase.objects.get().state, queries.to_let_go()) == ("off", [])
    assert {free_on_account(person=one.person_id) for one in Pledge.objects.all()} == {10000}


def test_what_still_may_come_to_something_is_not_let_go(act: Act, offer: Offer) -> None:
    with pytest.raises(Refused, match="not_now"):
        operations.let_go(act=CLOCK, purchase=offer(OIL))


WISHES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 4)), min_size=1, max_size=8)


@given(wishes=WISHES, came=st.integers(0, 60), more=st.integers(0, 9), strategy=st.sampled_from(sorted(STRATEGIES)))
def test_nobody_is_given_more_than_they_would_take_and_more_takes_nothing_away(
    wishes: list[tuple[int, int]], came: int, more: int, strategy: str
) -> None:
    queue = [Step(number, "oil", *wish) for number, wish in enumerate(wishes)]
    takers = {"oil": range(len(wishes))}
    seen, then = (
        share_again(queue=queue, takers=takers, received={"oil": units}, strategy=strategy)["oil"]
        for units in (came, came + more)
    )
    assert all(0 <= seen[number] <= sum(wish) for number, wish in enumerate(wishes))
    assert seen.total() == min(came, sum(map(sum, wishes)))
    assert all(seen[number] <= then[number] for number in seen)


def test_what_came_as_ordered_is_shared_out_as_at_the_closing(later: Act, order: Ordered) -> None:
    wanted = [((1 + number % 5, number % 3, 700),) for number in range(9)]
    purchase = order(*wanted)
    before = planned(purchase)
    receive(later, purchase, sum(before))
    assert planned(purchase) == before
    assert len(campaign_queries.queue_of(campaign=purchase.campaign_id)) >= len(before)
