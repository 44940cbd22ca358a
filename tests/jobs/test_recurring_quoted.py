"""A recurring job by quote: its season is quoted, and goes on only by another yes of the client."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from entremise.agreements.models import Agreement, Promise, Signature
from entremise.documents.models import Document
from entremise.figures import operations as figures
from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Notice, Request, SupplierQuote
from entremise.jobs.queries.quotes import to_answer
from entremise.jobs.queries.seasons import running_out
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter, Task
from entremise.people import operations as people
from entremise.people.models import Paper, Person
from tests.jobs.conftest import TOMORROW, by_text, clock_act
from tests.jobs.test_recurring import to_the_end
from tests.settlement.conftest import treasurer

__all__ = ["clock_act", "treasurer"]

PARIS = ZoneInfo("Europe/Paris")


@pytest.fixture
def weekly(act: Act, odile: Person, hedge: Activity, bruno: Person) -> Request:
    """Every Tuesday, 70 € each time: thirteen visits are agreed."""
    mode = with_pricing("quote").code
    wanted = jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=TU",
        mode=mode,
    )  # fmt: skip
    (proposal,) = jobs.propose(act=act, request=wanted, workers=[bruno.id])
    quote = jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=proposal, whole=7000)
    jobs.accept_quote(act=by_text(odile, role=Role.CLIENT), quote=quote)
    return again()


def again() -> Request:
    return Request.objects.select_related("listing", "client", "activity").get()


def answer(odile: Person, at: datetime) -> SupplierQuote:
    (quote,) = to_answer(client=odile.id)
    return jobs.accept_quote(act=by_text(odile, role=Role.CLIENT, at=at), quote=quote)


@pytest.fixture
def the_end(act: Act, weekly: Request) -> Act:
    """Two weeks before the last visit."""
    return to_the_end(act, weekly)


def test_a_season_is_quoted_with_all_its_visits(weekly: Request) -> None:
    paper = Document.objects.get(kind="quote").data
    assert (len(paper["slots"]), paper["times"], paper["price"]) == (13, 13, 7000)
    assert Agreement.objects.count() == 1
    assert Mission.objects.filter(state="ready").count() == 13


def test_going_on_sends_the_same_price_and_binds_nobody_yet(weekly: Request, the_end: Act, bruno: Person) -> None:
    assert jobs.renew(act=the_end, request=weekly) == []
    quote = SupplierQuote.objects.get(state="sent")
    assert (quote.price, quote.supplier, Agreement.objects.count()) == (7000, bruno, 1)
    last = Mission.objects.latest("starts_at").starts_at.astimezone(PARIS).date()
    first = quote.document.data["slots"][0]["on"]
    assert first == (last + timedelta(weeks=1)).isoformat()
    told = Letter.objects.get(template="quote_ready", about_id=quote.id)
    assert told.person == weekly.client
    assert Fact.objects.get(type="quote_sent", thing_id=quote.id).on_behalf_of == bruno.id


def test_the_clients_yes_makes_the_next_agreement(weekly: Request, the_end: Act, odile: Person) -> None:
    jobs.renew(act=the_end, request=weekly)
    before = Agreement.objects.get()
    answer(odile, the_end.at + timedelta(hours=2))
    after = Agreement.objects.exclude(id=before.id).get()
    assert (after.state, after.starts_on) == ("active", before.ends_on + timedelta(weeks=1))
    assert set(Signature.objects.filter(agreement=after).values_list("party__role", flat=True)) == {
        "client",
        "supplier",
    }
    assert Promise.objects.get(agreement=after, kind="whole_fee").quantity == 7000
    starts = list(Mission.objects.order_by("starts_at").values_list("starts_at", flat=True))
    days = [start.astimezone(PARIS).date() for start in starts]
    assert {(b - a).days for a, b in itertools.pairwise(days)} == {7}
    assert again().state == "filled"
    assert Fact.objects.filter(type="request_renewed").exists()
    with pytest.raises(Refused, match="not_running_out"):
        jobs.renew(act=replace(the_end, at=the_end.at + timedelta(hours=3)), request=again())


def test_the_next_season_has_the_commission_of_its_day(
    weekly: Request, the_end: Act, treasurer: Act, odile: Person
) -> None:
    figures.override(
        act=treasurer,
        key="commission.rate",
        value=Decimal("0.12"),
        unit="rate",
        valid_from=the_end.at.date(),
        source="CA",
    )
    jobs.renew(act=the_end, request=weekly)
    assert [part["amount"] for part in SupplierQuote.objects.get(state="sent").document.data["split"]] == [6160, 840]
    answer(odile, the_end.at + timedelta(hours=2))
    shares = Promise.objects.filter(kind="commission").order_by("agreement__starts_on")
    assert list(shares.values_list("quantity", flat=True)) == [1000, 1200]


def test_another_season_is_quoted_from_the_last(
    weekly: Request, the_end: Act, act: Act, odile: Person, bruno: Person
) -> None:
    jobs.renew(act=the_end, request=weekly)
    answer(odile, the_end.at + timedelta(hours=2))
    later_on = to_the_end(act, weekly)
    with pytest.raises(Refused, match="no_longer_possible"):  # Six months on, the register is looked at again.
        jobs.renew(act=later_on, request=again())
    people.show_paper(act=later_on, person=bruno, kind="registration")
    jobs.renew(act=later_on, request=again())
    answer(odile, later_on.at + timedelta(hours=2))
    assert Agreement.objects.count() == 3
    starts = Mission.objects.values_list("starts_at", flat=True)
    assert len(set(starts)) == len(starts)


def test_a_no_leaves_what_was_promised_and_the_desk_to_seek(
    weekly: Request, the_end: Act, odile: Person, clock_act: Act
) -> None:
    (season,) = running_out(at=the_end.at)
    jobs.remind_renewal(act=replace(clock_act, at=the_end.at), season=season)
    jobs.renew(act=the_end, request=weekly)
    (quote,) = to_answer(client=odile.id)
    jobs.decline_quote(act=by_text(odile, role=Role.CLIENT, at=the_end.at), quote=quote)
    assert Letter.objects.get(template="quote_declined").person == quote.supplier
    assert again().state == "filled"
    assert Mission.objects.filter(state="ready").count() == 13
    assert Task.objects.get(kind="renew").done_at is None
    jobs.seek_another(act=the_end, request=again())
    assert again().state == "open"


def test_who_seeks_somebody_else_takes_the_open_quote_back(weekly: Request, the_end: Act, odile: Person) -> None:
    jobs.renew(act=the_end, request=weekly)
    jobs.seek_another(act=the_end, request=again())
    assert to_answer(client=odile.id) == []


def test_asked_to_go_on_twice_there_is_one_quote(weekly: Request, the_end: Act, odile: Person) -> None:
    jobs.renew(act=the_end, request=weekly)
    jobs.renew(act=the_end, request=again())
    assert len(to_answer(client=odile.id)) == 1


def test_a_season_is_not_quoted_against_a_rule(weekly: Request, the_end: Act, bruno: Person) -> None:
    Paper.objects.filter(person=bruno, kind="registration").delete()
    with pytest.raises(Refused, match="no_longer_possible"):
        jobs.renew(act=the_end, request=weekly)


def test_somebody_else_for_one_visit_names_their_own_price(weekly: Request, act: Act) -> None:
    mission = Mission.objects.select_related("request__listing__place", "agreement", "client", "worker").earliest(
        "starts_at"
    )
    search = jobs.replace_once(act=act, mission=mission)
    assert (search.mode, search.price, search.hourly_wage) == (weekly.mode, 0, 0)
    assert not Notice.objects.exists()
