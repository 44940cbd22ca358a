"""Visits by quote that do not take place: the fee is the supplier's, by the terms of the quote."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest

from entremise.agreements.models import Agreement, Fulfilment
from entremise.documents.models import Document
from entremise.figures import operations as figures
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request, SupplierQuote
from entremise.jobs.queries import calling_off as queries
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.messaging.rules import is_gsm7
from entremise.people.models import Person
from entremise.settlement.models import Invoice, SupplierInvoice, SupplierInvoiceLine
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later
from tests.settlement.conftest import settle, treasurer

__all__ = ["treasurer"]


def sent(act: Act, odile: Person, hedge: Activity, bruno: Person) -> SupplierQuote:
    mode = with_pricing("quote").code
    wanted = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, mode=mode)
    (proposal,) = jobs.propose(act=act, request=wanted, workers=[bruno.id])
    return jobs.send_quote(act=by_text(bruno, role=Role.SUPPLIER), proposal=proposal, hourly=3200)


@pytest.fixture
def visit(act: Act, odile: Person, hedge: Activity, bruno: Person) -> Mission:
    """Tomorrow, two hours at 32 €; agreed at nine this morning."""
    jobs.accept_quote(act=by_text(odile, role=Role.CLIENT), quote=sent(act, odile, hedge, bruno))
    return Mission.objects.select_related(
        "agreement", "request__listing", "request__activity", "worker", "client", "proposal", "organisation"
    ).get()


@pytest.fixture
def this_evening(act: Act, visit: Mission) -> Act:
    return later(act, hours=9)


def refused(call: Callable[[], object]) -> str:
    with pytest.raises(Refused) as caught:
        call()
    return caught.value.code


def owed() -> tuple[str, int, int | None]:
    row = Fulfilment.objects.latest("at", "id")
    return row.kind, row.minutes, row.due


def test_the_terms_are_frozen_in_the_quote_and_its_papers_say_them(visit: Mission) -> None:
    kept = SupplierQuote.objects.get().calling_off
    assert Agreement.objects.get().terms["calling_off"] == kept
    assert kept["paid_share"] == "0"
    for kind in ("quote", "service_order"):
        (said,) = [one["text"] for one in Document.objects.get(kind=kind).data["clauses"] if "Annuler" in one["title"]]
        assert "50 % du prix de la visite est dû à la personne indépendante" in said


def test_a_quote_keeps_the_terms_that_it_was_read_with(
    act: Act, treasurer: Act, odile: Person, hedge: Activity, bruno: Person
) -> None:
    """The organisation changes its rule between the quote and the client's yes."""
    quote = sent(act, odile, hedge, bruno)
    figures.override(
        act=treasurer,
        key="calling_off.late_share",
        value=Decimal(1),
        unit="rate",
        valid_from=TODAY.date(),
        source="conseil d’administration",
    )
    jobs.accept_quote(act=by_text(odile, role=Role.CLIENT), quote=quote)
    assert Agreement.objects.get().terms["calling_off"]["late_share"] == "0.5"


def test_a_quote_from_before_there_were_terms_owes_nothing(visit: Mission, this_evening: Act) -> None:
    terms = {key: value for key, value in visit.agreement.terms.items() if key != "calling_off"}  # type: ignore[union-attr]  # It has one.
    Agreement.objects.update(terms=terms)
    visit.agreement.refresh_from_db()  # type: ignore[union-attr]  # It has one.
    jobs.cancel_mission(act=this_evening, mission=visit)
    assert not Fulfilment.objects.exists()


def test_a_late_cancellation_is_owed_to_the_supplier_who_is_told(visit: Mission, this_evening: Act) -> None:
    calling = queries.calling_off(missions=[visit], at=this_evening.at)[visit.id]
    assert (calling.due.fee, calling.due.minutes, calling.pay, calling.borne) == (3200, 0, 0, 0)
    assert (calling.theirs, calling.commission) == (True, 320)
    jobs.cancel_mission(act=this_evening, mission=visit, fee=3200)
    told = Letter.objects.get(template="visit_cancelled", person=visit.worker).body
    assert "Le client vous doit 32,00" in told
    assert len(told) <= 160
    assert is_gsm7(told)


def test_an_absent_client_owes_the_whole_visit(act: Act, visit: Mission) -> None:
    jobs.report_absence(act=later(act, days=1, hours=1), mission=visit, who="client", fee=6400)
    assert owed() == ("absent", 0, 6400)


def test_a_supplier_who_does_not_come_is_owed_nothing(act: Act, visit: Mission) -> None:
    jobs.report_absence(act=later(act, days=1, hours=1), mission=visit, who="worker")
    assert not Fulfilment.objects.exists()


def test_only_what_the_terms_name_excuses(visit: Mission, this_evening: Act) -> None:
    """The desk does not give away what is owed to somebody else."""
    for excuse in ("ours", "goodwill"):
        said = {"excuse": excuse, "reason": "Un geste"}
        assert refused(lambda: jobs.cancel_mission(act=this_evening, mission=visit, **said)) == "excuse_unknown"  # noqa: B023  # Called at once.
    jobs.cancel_mission(act=this_evening, mission=visit, excuse="hardship")
    assert not Fulfilment.objects.exists()
    assert visit.state == "cancelled"


def test_the_supplier_forgoes_it_and_nobody_else_does(
    visit: Mission, this_evening: Act, bruno: Person, odile: Person
) -> None:
    jobs.cancel_mission(act=this_evening, mission=visit, fee=3200)
    after = this_evening.at + timedelta(minutes=5)
    assert refused(lambda: jobs.waive(act=this_evening, mission=visit, reason="Un geste")) == "theirs_to_waive"
    own = by_text(odile, role=Role.CLIENT, at=after)
    assert refused(lambda: jobs.waive(act=own, mission=visit, reason="Trop cher")) == "not_allowed"
    jobs.waive(act=by_text(bruno, role=Role.SUPPLIER, at=after), mission=visit)
    assert owed() == ("called_off", 0, 0)
    assert queries.owed_to(person=bruno.id) == []


def test_the_desk_notes_that_they_forgo_it(visit: Mission, this_evening: Act, bruno: Person) -> None:
    jobs.cancel_mission(act=this_evening, mission=visit, fee=3200)
    spoken = later(this_evening, minutes=5).for_person(bruno.id)
    assert refused(lambda: jobs.waive(act=spoken, mission=visit, reason=" ")) == "waiver_needs_reason"
    jobs.waive(act=spoken, mission=visit, reason="Elle a prévenu la veille")
    assert owed() == ("called_off", 0, 0)


def test_a_request_that_stops_owes_its_late_visits(visit: Mission, this_evening: Act) -> None:
    request = Request.objects.select_related("listing", "client").get()
    assert refused(lambda: jobs.cancel(act=this_evening, request=request)) == "fee_changed"
    jobs.cancel(act=this_evening, request=request, fee=3200)
    assert owed() == ("called_off", 0, 3200)


def test_a_supplier_hears_what_is_owed_when_the_whole_request_stops(visit: Mission, this_evening: Act) -> None:
    jobs.cancel(act=this_evening, request=Request.objects.select_related("listing", "client").get(), fee=3200)
    told = Letter.objects.get(template="job_cancelled", person=visit.worker).body
    assert "Le client vous doit 32,00" in told
    assert len(told) <= 160
    assert is_gsm7(told)


def test_it_is_billed_in_their_name_with_our_commission(
    treasurer: Act, visit: Mission, this_evening: Act, bruno: Person, odile: Person
) -> None:
    jobs.cancel_mission(act=this_evening, mission=visit, fee=3200)
    assert [one.due for one in queries.owed_to(person=bruno.id)] == [3200]
    settle(treasurer)
    line, theirs = SupplierInvoiceLine.objects.get(), SupplierInvoice.objects.get()
    assert (theirs.client, theirs.total, theirs.commission) == (odile, 3200, 320)
    assert line.label == "Tailler une haie : visite annulée après le délai"
    assert (Invoice.objects.get().client, Invoice.objects.get().total) == (bruno, 320)
    assert queries.owed_to(person=bruno.id) == []
    spoken = later(this_evening, days=20).for_person(bruno.id)
    assert refused(lambda: jobs.waive(act=spoken, mission=visit, reason="Trop tard")) == "forfeit_settled"


def test_what_is_forgone_is_on_no_invoice(treasurer: Act, visit: Mission, this_evening: Act, bruno: Person) -> None:
    jobs.cancel_mission(act=this_evening, mission=visit, fee=3200)
    jobs.waive(act=by_text(bruno, role=Role.SUPPLIER, at=this_evening.at), mission=visit)
    settle(treasurer)
    assert not SupplierInvoice.objects.exists()
    assert not Invoice.objects.exists()
