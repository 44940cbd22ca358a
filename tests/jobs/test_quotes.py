from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.agreements.models import Agreement, Promise, Signature
from entremise.documents.models import Document
from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request, SupplierQuote
from entremise.jobs.queries import quotes
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.jobs.rules.quotes import split_quote
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.market.models import Listing, Proposal
from entremise.messaging.models import Letter, Task
from entremise.people.models import Person
from tests.jobs.conftest import TOMORROW, by_text, later

rates = st.decimals(min_value=0, max_value=1, places=4)


@pytest.fixture
def wanted(act: Act, odile: Person, hedge: Activity) -> Request:
    """Odile asks for a hedge by quote."""
    mode = with_pricing("quote").code
    return jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, mode=mode)


@pytest.fixture
def asked(act: Act, wanted: Request, bruno: Person) -> Proposal:
    (proposal,) = jobs.propose(act=act, request=wanted, workers=[bruno.id])
    return proposal


def as_client(odile: Person, act: Act) -> Act:
    return by_text(odile, role=Role.CLIENT, at=act.at)


@given(hourly=st.integers(1, 20000), minutes=st.integers(15, 720), commission=rates, contributions=rates)
def test_a_split_adds_up_and_nobody_is_below_nothing(hourly, minutes, commission, contributions) -> None:  # type: ignore[no-untyped-def]  # hypothesis fills them.
    parts = split_quote(hourly=hourly, whole=None, minutes=minutes, commission=commission, contributions=contributions)
    assert parts.supplier + parts.commission == parts.price
    assert 0 <= parts.commission <= parts.price
    assert 0 <= parts.contributions <= parts.price


def test_a_request_by_quote_has_no_price_and_says_so(wanted: Request) -> None:
    assert (wanted.price, wanted.hourly_price, wanted.hourly_wage) == (0, 0, 0)
    assert Letter.objects.get(template="request_for_quotes").person == wanted.client


def test_the_supplier_reads_the_split_before_saying_anything(asked: Proposal) -> None:
    body = Letter.objects.get(template="quote_asked").body
    assert "64,00" in body
    assert "57,60" in body


def test_a_yes_is_a_quote_at_their_own_price(asked: Proposal, bruno: Person) -> None:
    jobs.answer(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, yes=True)
    quote = SupplierQuote.objects.get()
    assert (quote.hourly_price, quote.price, quote.commission, quote.state) == (3200, 6400, 1000, "sent")
    assert not Agreement.objects.exists()
    paper = Document.objects.get(kind="quote").data
    assert [part["amount"] for part in paper["split"]] == [5760, 640]
    assert "6,40" in Letter.objects.get(template="quote_ready").body


def test_without_an_own_price_a_yes_asks_for_one(act: Act, wanted: Request, bruno: Person) -> None:
    jobs.describe_supplier(act=act, person=bruno, siret="73282932000074", prices={"haie": None})
    (proposal,) = jobs.propose(act=act, request=wanted, workers=[bruno.id])
    with pytest.raises(Refused) as refused:
        jobs.answer(act=by_text(bruno, role=Role.SUPPLIER), proposal=proposal, yes=True)
    assert refused.value.code == "own_price_missing"


def test_an_accepted_quote_binds_both_at_once(asked: Proposal, bruno: Person, odile: Person, act: Act) -> None:
    quote = jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, whole=7000)
    jobs.accept_quote(act=as_client(odile, act), quote=quote)
    agreement = Agreement.objects.get()
    assert agreement.state == "active"
    assert set(Signature.objects.values_list("party__role", flat=True)) == {"supplier", "client"}
    assert dict(Promise.objects.values_list("kind", "quantity")) == {
        "work": 120,
        "whole_fee": 7000,
        "commission": 1000,
    }
    assert Mission.objects.get().state == "ready"
    request = Request.objects.get()
    assert (request.state, request.price, request.hourly_price) == ("filled", 7000, 0)
    assert Document.objects.filter(kind="service_order", person=bruno).exists()
    assert Letter.objects.filter(template="mission_ready", person=bruno).exists()
    assert jobs.accept_quote(act=as_client(odile, act), quote=quote).state == "accepted"
    assert Agreement.objects.count() == 1


def test_an_hourly_quote_promises_an_hourly_fee(asked: Proposal, bruno: Person, odile: Person, act: Act) -> None:
    quote = jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, hourly=3000)
    jobs.accept_quote(act=as_client(odile, act), quote=quote)
    assert dict(Promise.objects.values_list("kind", "quantity")) == {"work": 120, "fee": 3000, "commission": 1000}


def test_a_job_for_two_stays_open_until_the_second_quote_is_accepted(
    act: Act, bruno: Person, odile: Person, hedge: Activity
) -> None:
    mode = with_pricing("quote").code
    wanted = jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, mode=mode, slots=2
    )
    (proposal,) = jobs.propose(act=act, request=wanted, workers=[bruno.id])
    quote = jobs.send_quote(act=act.for_person(bruno.id), proposal=proposal, whole=6000)
    jobs.accept_quote(act=as_client(odile, act), quote=quote)
    assert Request.objects.get().state == Listing.objects.get().state.replace("open", "proposed") == "proposed"


def test_nothing_of_a_price_is_left_when_its_supplier_cannot_come(
    asked: Proposal, bruno: Person, odile: Person, act: Act
) -> None:
    quote = jobs.send_quote(act=act.for_person(bruno.id), proposal=asked, whole=6000)
    jobs.accept_quote(act=as_client(odile, act), quote=quote)
    mission = Mission.objects.select_related("agreement", "proposal").get()
    jobs.withdraw_worker(act=act.for_person(bruno.id), mission=mission)
    left = Request.objects.get()
    assert (left.state, left.price, left.hourly_price) == ("open", 0, 0)


def test_another_quote_replaces_the_first(asked: Proposal, bruno: Person) -> None:
    for price in (7000, 6500):
        jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, whole=price)
    assert list(SupplierQuote.objects.order_by("sent_at", "id").values_list("price", "state")) == [
        (7000, "replaced"),
        (6500, "sent"),
    ]


def test_a_declined_quote_leaves_the_request_to_the_desk(
    asked: Proposal, bruno: Person, odile: Person, act: Act
) -> None:
    quote = jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, whole=7000)
    jobs.decline_quote(act=as_client(odile, act), quote=quote)
    assert Request.objects.get().state == "open"
    assert Letter.objects.filter(template="quote_declined", person=bruno).exists()
    assert Task.objects.filter(kind="nobody_left").exists()


def test_a_quote_past_its_last_day_is_not_accepted(asked: Proposal, bruno: Person, odile: Person, act: Act) -> None:
    quote = jobs.send_quote(
        act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, whole=7000, valid_until=act.at.date()
    )
    with pytest.raises(Refused) as refused:
        jobs.accept_quote(act=later(as_client(odile, act), days=1), quote=quote)
    assert refused.value.code == "quote_over"


def test_a_quote_without_answer_lapses_and_the_client_is_called(
    asked: Proposal, bruno: Person, clock_act: Act, act: Act
) -> None:
    jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, whole=7000, valid_until=act.at.date())
    asked.refresh_from_db()
    assert asked.deadline > act.at + timedelta(hours=1)
    assert Fact.objects.filter(type="proposal_waiting", thing_id=asked.id).exists()
    jobs.expire(act=clock_act, proposal=asked)
    assert SupplierQuote.objects.get().state == "lapsed"
    assert Task.objects.filter(kind="quote_over").exists()


def test_other_terms_end_the_quotes_on_the_old_ones(asked: Proposal, bruno: Person, act: Act, wanted: Request) -> None:
    jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, whole=7000)
    wanted.refresh_from_db()
    jobs.amend(act=act, request=wanted, starts_at=TOMORROW, minutes=60, note="")
    assert SupplierQuote.objects.get().state == "lapsed"
    assert Request.objects.get().price == 0


@pytest.mark.parametrize(("hourly", "whole"), [(None, None), (3000, 6000), (0, None), (None, 100_000_00)])
def test_one_sensible_price_is_needed(asked: Proposal, bruno: Person, hourly: int | None, whole: int | None) -> None:
    with pytest.raises(Refused) as refused:
        jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, hourly=hourly, whole=whole)
    assert refused.value.code == "price_needed"


def test_only_the_client_answers_and_only_the_supplier_quotes(
    asked: Proposal, bruno: Person, nadege: Person, odile: Person, act: Act
) -> None:
    with pytest.raises(Refused) as refused:
        jobs.send_quote(act=by_text(nadege), proposal=asked, whole=7000)
    assert refused.value.code == "not_allowed"
    quote = jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=asked, whole=7000)
    with pytest.raises(Refused) as refused:
        jobs.accept_quote(act=by_text(bruno, role=Role.SUPPLIER), quote=quote)
    assert refused.value.code == "not_allowed"
    assert [one.id for one in quotes.to_answer(client=odile.id)] == [quote.id]
    assert quotes.to_answer(client=bruno.id) == []
