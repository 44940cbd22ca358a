"""What becomes of a purchase after it closed: the order, what comes, and who takes what home."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.buying import operations, queries
from entremise.buying.models import Article, Parcel, ParcelLine, Purchase
from entremise.buying.operations import ArticleDraft
from entremise.buying.rules.sharing_out import STRATEGIES
from entremise.buying.rules.supplying import Balance, share_again
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as campaign_queries
from entremise.campaigns.models import Campaign, Pledge
from entremise.campaigns.rules import Step
from entremise.documents import queries as documents
from entremise.documents.models import Document
from entremise.history.models import Fact
from entremise.kernel.act import Act, Actor
from entremise.kernel.refused import Refused
from entremise.ledger.models import Transfer
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.queries.owed import dues
from tests.buying.conftest import CLOCK, OIL, PELLETS, SOAP, Ask, Offer, household, over
from tests.settlement.conftest import legal

__all__ = ["legal"]

pytestmark = pytest.mark.usefixtures("inside", "legal")

HANDED = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)  # The first day of the hand-over.
Ordered = Callable[..., Purchase]


@pytest.fixture
def later(act: Act) -> Act:
    return replace(act, at=HANDED)


@pytest.fixture
def order(act: Act, later: Act, offer: Offer, ask: Ask) -> Ordered:
    """A purchase that closed with what these households wanted, and was ordered."""

    def one(
        *wanted: tuple[tuple[int, int, int], ...], articles: tuple[ArticleDraft, ...] = (OIL,), means: str = "later"
    ) -> Purchase:
        purchase = offer(*articles, threshold=1)
        for number, wants in enumerate(wanted):
            person = household(number)
            if means == "account":
                settlement.pay_in(act=act, person=person, amount=100000, how="cash", key=f"in{number}")
            ask(purchase, person, *wants, means=means)
        closed(later, purchase)
        operations.order_supply(act=later, purchase=purchase)
        return purchase

    return one


def closed(act: Act, purchase: Purchase) -> Purchase:
    seen = queries.preview(purchase=over(purchase)).digest
    return operations.close_purchase(act=act, purchase=purchase, seen=seen)


def receive(act: Act, purchase: Purchase, *units: int, complete: bool = True) -> Purchase:
    articles = queries.articles_of(purchase=purchase.id)
    received = {article.id: count for article, count in zip(articles, units, strict=True)}
    return operations.receive_supply(act=act, purchase=purchase, received=received, complete=complete)


def parcels(purchase: Purchase) -> list[Parcel]:
    return sorted(queries.parcels_of(purchase=purchase.id), key=lambda one: one.number)


def planned(purchase: Purchase) -> list[int]:
    return [sum(line.planned for line in parcel.lines.all()) for parcel in parcels(purchase)]


def letters(template: str) -> list[Person | None]:
    return [one.person for one in Letter.objects.filter(template=template).order_by("queued_at", "id")]


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


def test_a_parcel_is_billed_once_to_its_household_however_often_it_is_ticked(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((5, 0, 700),), ((1, 0, 700),)), 6)
    parcel, other = parcels(purchase)
    for _again in range(2):
        operations.hand_over(act=later, parcel=parcels(purchase)[0], key="tick", to="Sa voisine, Mme Bru")
    with pytest.raises(Refused, match="parcel_ended"):
        operations.hand_over(act=later, parcel=parcels(purchase)[0], key="another")
    invoice = Invoice.objects.get()
    assert (invoice.client_id, invoice.total, invoice.role) == (parcel.share.pledge.person_id, 3500, "own_sale")
    parcel.refresh_from_db()
    assert (parcel.state, parcel.to, parcel.invoice) == ("collected", "Sa voisine, Mme Bru", invoice)
    assert Pledge.objects.get(id=parcel.share.pledge_id).state == "charged"
    assert dues(invoices=[invoice])[invoice.id] == 3500
    assert other.state == "ready"
    assert Fact.objects.filter(type="parcel_collected").count() == 1


def test_what_was_set_aside_pays_what_is_taken_and_the_rest_is_free(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((5, 1, 700),), means="account"), 6)
    (parcel,) = parcels(purchase)
    person = parcel.share.pledge.person_id
    assert free_on_account(person=person) == 100000 - 6 * 700
    given_ = {Article.objects.get().id: 4}
    operations.hand_over(act=later, parcel=parcel, key="tick", given=given_)
    invoice = Invoice.objects.get()
    assert (invoice.total, dues(invoices=[invoice])[invoice.id]) == (2800, 0)
    assert Receipt.objects.get().how == "account"
    assert free_on_account(person=person) == 100000 - 2800
    letter = Letter.objects.get(template="invoice_ready")
    assert "déjà payée" in letter.body or letter.channel == "text"


def test_for_a_supplier_only_our_share_is_ours(later: Act, offer: Offer, ask: Ask) -> None:
    purchase = offer(replace(PELLETS, tiers=PELLETS.tiers), threshold=3)
    for number in range(3):
        ask(purchase, household(number), (2, 0, 700))
    supplier = Person.objects.create(family_name="Scierie du Lac", kind="company", known_since=HANDED)
    Purchase.objects.update(role="agent", supplier=supplier)
    purchase.refresh_from_db()
    closed(later, purchase)
    operations.order_supply(act=later, purchase=purchase)
    receive(later, purchase, 6)
    operations.hand_over(act=later, parcel=parcels(purchase)[0], key="tick")
    invoice = Invoice.objects.get()
    (row,) = invoice.lines.all()
    assert (invoice.role, invoice.supplier, row.amount, row.ours) == ("agent", supplier, 2 * 620, 2 * 25)


def test_nobody_takes_more_than_their_parcel_or_nothing_of_it(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((6, 0, 700),)), 6)
    (parcel,), article = parcels(purchase), Article.objects.get().id
    with pytest.raises(Refused, match="more_than_parcel"):
        operations.hand_over(act=later, parcel=parcel, key="tick", given={article: 7})
    (parcel,) = parcels(purchase)
    with pytest.raises(Refused, match="nothing_given"):
        operations.hand_over(act=later, parcel=parcel, key="tick", given={article: 0})
    assert not Invoice.objects.exists()


def test_nothing_is_handed_over_before_it_came(later: Act, order: Ordered) -> None:
    (parcel,) = parcels(order(((6, 0, 700),)))
    with pytest.raises(Refused, match="not_now"):
        operations.hand_over(act=later, parcel=parcel, key="tick")


def test_once_a_parcel_went_home_nothing_is_counted_anew(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((5, 0, 700),), ((1, 0, 700),)), 6)
    operations.hand_over(act=later, parcel=parcels(purchase)[0], key="tick")
    with pytest.raises(Refused, match="not_now"):
        receive(later, Purchase.objects.get(), 5)


def test_a_parcel_that_nobody_collects_is_kept_for_a_while_and_then_offered_again(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((6, 0, 700),), means="account"), 6)
    (parcel,) = parcels(purchase)
    until = queries.kept_until(purchase=purchase)
    assert until == purchase.handed_until + timedelta(days=3)
    last = replace(later, at=datetime(until.year, until.month, until.day, 20, tzinfo=UTC))
    with pytest.raises(Refused, match="parcel_kept"):
        operations.leave_parcel(act=last, parcel=parcel)
    operations.leave_parcel(act=replace(last, at=last.at + timedelta(days=1)), parcel=parcels(purchase)[0])
    (line,) = queries.supply(purchase=purchase.id)
    assert (line.balance.waiting, line.balance.left) == (0, 6)
    assert not Invoice.objects.exists()
    assert free_on_account(person=parcel.share.pledge.person_id) == 100000


def test_who_says_that_they_do_not_come_leaves_it_before(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((6, 0, 700),)), 6)
    operations.leave_parcel(act=later, parcel=parcels(purchase)[0], reason="Elle déménage")
    (parcel,) = parcels(purchase)
    assert (parcel.state, parcel.reason) == ("left", "Elle déménage")
    with pytest.raises(Refused, match="parcel_ended"):
        operations.hand_over(act=later, parcel=parcel, key="tick")


def test_a_purchase_is_over_when_its_last_parcel_is(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((5, 0, 700),), ((1, 0, 700),)), 6)
    operations.hand_over(act=later, parcel=parcels(purchase)[0], key="one")
    with pytest.raises(Refused, match="parcels_left"):
        operations.finish_purchase(act=later, purchase=Purchase.objects.get())
    assert queries.to_finish() == []
    operations.leave_parcel(act=later, parcel=parcels(purchase)[1], reason="Partie")
    assert queries.to_finish() == [purchase]
    for _again in range(2):
        done = operations.finish_purchase(act=CLOCK, purchase=Purchase.objects.get())
    assert (done.state, Campaign.objects.get().state) == ("finished", "finished")
    assert not Pledge.objects.filter(state="confirmed").exists()


def test_a_member_hands_nothing_over(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((6, 0, 700),)), 6)
    (parcel,) = parcels(purchase)
    theirs = replace(later, by=Actor(parcel.share.pledge.person_id))
    for verb in (
        lambda: operations.hand_over(act=theirs, parcel=parcel, key="x"),
        lambda: operations.leave_parcel(act=theirs, parcel=parcel, reason="x"),
        lambda: operations.order_supply(act=theirs, purchase=purchase),
        lambda: receive(theirs, purchase, 6),
    ):
        with pytest.raises(Refused, match="not_allowed"):
            verb()


def test_who_did_not_come_is_reminded_once_the_day_before_the_last(later: Act, order: Ordered) -> None:
    purchase = receive(later, order(((6, 0, 700),)), 6)
    assert queries.to_remind(on=purchase.handed_until - timedelta(days=2)) == []
    day = purchase.handed_until - timedelta(days=1)
    (parcel,) = queries.to_remind(on=day)
    for _again in range(2):
        operations.remind_parcel(act=CLOCK, parcel=parcel)
    assert len(letters("parcel_waiting")) == 1
    assert queries.to_remind(on=day) == []


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


def test_handed_over_left_and_left_over_are_what_came_and_the_books_are_even(later: Act, order: Ordered) -> None:
    wanted = [((3 + number % 3, number % 2, 700), (number % 4 + 2, 1, 150)) for number in range(6)]
    purchase = receive(later, order(*wanted, articles=(OIL, SOAP), means="account"), 19, 11)
    for number, parcel in enumerate(queries.parcels_of(purchase=purchase.id, states=("ready",))):
        if number % 3 == 2:
            operations.leave_parcel(act=later, parcel=parcel, reason="Partie")
            continue
        less = {line.article_id: max(0, line.planned - number % 2) for line in parcel.lines.all()}
        operations.hand_over(act=later, parcel=parcel, key=str(number), given=less)
    for line, came in zip(queries.supply(purchase=purchase.id), (19, 11), strict=True):
        seen = line.balance
        assert seen.waiting == 0
        assert seen.handed + seen.left == seen.received == came
        assert min(seen.handed, seen.back, seen.never_given) >= 0
    collected = ParcelLine.objects.filter(parcel__state="collected")
    assert sum(one.amount for one in collected) == sum(Invoice.objects.values_list("total", flat=True))
    ended = [one.share.pledge for one in parcels(purchase)]
    assert {one.state for one in ended} <= {"charged", "released"}
    for pledge in ended:
        paid = sum(Invoice.objects.filter(client=pledge.person).values_list("total", flat=True))
        assert free_on_account(person=pledge.person_id) == 100000 - paid
    balances: dict[UUID, int] = {}
    for one in Transfer.objects.exclude(phase__in=("pending", "voids")):
        balances[one.debit_id] = balances.get(one.debit_id, 0) + one.amount
        balances[one.credit_id] = balances.get(one.credit_id, 0) - one.amount
    assert sum(balances.values()) == 0


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
