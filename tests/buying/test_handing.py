"""The hand-over: who takes what home, what is billed for it, and what nobody came for."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from entremise.buying import operations, queries
from entremise.buying.models import Article, ParcelLine, Purchase
from entremise.campaigns.models import Campaign, Pledge
from entremise.history.models import Fact
from entremise.kernel.act import Act, Actor
from entremise.kernel.refused import Refused
from entremise.ledger.models import Transfer
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.queries.owed import dues
from tests.buying.conftest import CLOCK, OIL, PELLETS, SOAP, Ask, Offer, household
from tests.buying.supply import HANDED, Ordered, closed, later, legal, letters, order, parcels, receive

__all__ = ["later", "legal", "order"]

pytestmark = pytest.mark.usefixtures("inside", "legal")


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
