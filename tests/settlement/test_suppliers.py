"""A month of somebody who works on their own account: their invoices, our commission, the books."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from entremise.documents import queries as documents
from entremise.documents.models import Document
from entremise.figures import operations as figures
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.messaging.models import Letter
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.settlement import operations as settlement
from entremise.settlement import queries
from entremise.settlement.models import Invoice, SupplierInvoice, SupplierInvoiceLine
from entremise.settlement.queries.books import fec_lines
from entremise.settlement.rules import fec
from tests.jobs.conftest import TOMORROW, bruno, by_text, hedge, legal, odile, place

__all__ = ["bruno", "hedge", "legal", "odile", "place"]

NOVEMBER = Period.month(2026, 11)
SIRET = "73282932000074"


def done_for(act: Act, client: Person, supplier: Person, activity: Activity, *, whole: int | None = None) -> Mission:
    """Asked, quoted, accepted, done as planned and confirmed."""
    mode = with_pricing("quote").code
    request = jobs.post_request(act=act, client=client, activity=activity, starts_at=TOMORROW, minutes=120, mode=mode)
    (proposal,) = jobs.propose(act=act, request=request, workers=[supplier.id])
    hourly = None if whole else 3333
    quote = jobs.send_quote(act=act.for_person(supplier.id), proposal=proposal, hourly=hourly, whole=whole)
    jobs.accept_quote(act=act.for_person(client.id), quote=quote)
    mission = Mission.objects.select_related("agreement", "request__listing", "client", "worker").get(request=request)
    evening = by_text(supplier, role=Role.SUPPLIER, at=mission.ends_at)
    jobs.log_hours(act=evening, mission=mission, minutes=120, key=str(mission.id))
    mission.refresh_from_db()
    jobs.confirm_hours(act=by_text(client, role=Role.CLIENT, at=mission.ends_at), mission=mission)
    return mission


@pytest.fixture
def december(act: Act) -> Act:
    return Act(by=act.by, at=datetime(2026, 12, 4, 9, tzinfo=UTC), door=act.door)


def settle(act: Act) -> None:
    run = settlement.open_run(act=act, month=NOVEMBER)
    for item in queries.items_to_do(run=run.id):
        settlement.settle_item(act=act, item=item)
    settlement.finish_run(act=act, run=run)


@pytest.fixture
def worked(act: Act, odile: Person, bruno: Person, hedge: Activity) -> Mission:
    return done_for(act, odile, bruno, hedge)


def test_the_client_owes_the_supplier_and_the_supplier_owes_the_commission(
    worked: Mission, december: Act, bruno: Person, odile: Person
) -> None:
    settle(december)
    theirs, ours = SupplierInvoice.objects.get(), Invoice.objects.get()
    assert (theirs.number, theirs.client, theirs.total, theirs.commission) == ("S1-2026-0001", odile, 6666, 667)
    assert (ours.client, ours.total, ours.vat, ours.what) == (bruno, 667, 111, "commission")
    assert ledger.balances_by_holder(code="411000") == {bruno.id: 667}
    assert {line.code: line.balance for line in ledger.trial_balance(up_to=date(2026, 12, 31)) if line.balance} == {
        "411000": 667,
        "708200": -556,
        "445710": -111,
    }
    assert ledger.verify() == []
    assert queries.owed_by(client=odile.id) == 0
    assert Letter.objects.filter(template="supplier_invoice_ready", person=odile).count() == 1
    assert Letter.objects.filter(template="supplier_month", person=bruno).count() == 1


def test_settling_twice_changes_nothing(worked: Mission, december: Act) -> None:
    settle(december)
    settle(december)
    assert SupplierInvoice.objects.count() == Invoice.objects.count() == 1
    assert SupplierInvoiceLine.objects.count() == 1
    assert Document.objects.filter(kind="supplier_statement").count() == 1


def test_the_fec_holds_the_commission_and_nothing_of_the_clients_money(worked: Mission, december: Act) -> None:
    settle(december)
    lines = list(fec_lines(period=Period(date(2026, 1, 1), date(2026, 12, 31))))
    assert fec.problems(lines) == []
    assert any("708200" in line and "5,56" in line for line in lines)
    assert not any("66,66" in line for line in lines)


def test_each_client_has_an_invoice_and_the_series_has_no_gap(
    act: Act, worked: Mission, bruno: Person, hedge: Activity, place: Place, december: Act
) -> None:
    paul = people.add_person(act=act, family_name="Vasseur", place=place, roles=[Role.CLIENT])
    mode = with_pricing("quote").code
    later = TOMORROW.replace(day=26)
    wanted = jobs.post_request(act=act, client=paul, activity=hedge, starts_at=later, minutes=60, mode=mode)
    (proposal,) = jobs.propose(act=act, request=wanted, workers=[bruno.id])
    quote = jobs.send_quote(act=act.for_person(bruno.id), proposal=proposal, whole=5001)
    jobs.accept_quote(act=act.for_person(paul.id), quote=quote)
    mission = Mission.objects.select_related("agreement", "request__listing", "client", "worker").get(request=wanted)
    jobs.log_hours(
        act=by_text(bruno, role=Role.SUPPLIER, at=mission.ends_at), mission=mission, minutes=45, key="second"
    )
    mission.refresh_from_db()
    jobs.confirm_hours(act=by_text(paul, role=Role.CLIENT, at=mission.ends_at), mission=mission)
    settle(december)
    assert sorted(SupplierInvoice.objects.values_list("number", flat=True)) == ["S1-2026-0001", "S1-2026-0002"]
    assert sorted(SupplierInvoice.objects.values_list("total", "commission")) == [(5001, 500), (6666, 667)]
    assert Invoice.objects.get().total == 667 + 500


def test_without_a_mandate_nothing_is_drawn_up(worked: Mission, december: Act, act: Act, bruno: Person) -> None:
    jobs.describe_supplier(act=act, person=bruno, siret=SIRET)
    with pytest.raises(Refused) as refused:
        settle(december)
    assert refused.value.code == "no_billing_mandate"


def test_without_vat_the_commission_says_why(worked: Mission, december: Act) -> None:
    treasurer = Act(by=Actor(december.by.person, frozenset({Role.TREASURER})), at=december.at, door=december.door)
    figures.override(
        act=treasurer, key="commission.vat_rate", value=Decimal(0), unit="rate", valid_from=date(2026, 1, 1), source="x"
    )
    settle(december)
    ours = Invoice.objects.get()
    assert ours.vat == 0
    assert "293 B" in str(ours.document.data["exemption"])


def test_a_liable_supplier_bills_vat_inside_the_price(worked: Mission, december: Act, act: Act, bruno: Person) -> None:
    jobs.describe_supplier(
        act=act, person=bruno, siret=SIRET, vat="standard", vat_number="FR44732829320", mandate_on=date(2026, 11, 2)
    )
    settle(december)
    theirs = SupplierInvoice.objects.get()
    assert (theirs.total, theirs.vat) == (6666, 1111)


def test_papers_print(worked: Mission, december: Act) -> None:
    settle(december)
    for document in Document.objects.filter(kind__in=["supplier_invoice", "supplier_statement", "invoice"]):
        assert documents.pdf(document=document).startswith(b"%PDF")


def test_a_commission_is_credited_with_its_vat(worked: Mission, december: Act, bruno: Person) -> None:
    settle(december)
    ours = Invoice.objects.get()
    note = settlement.credit(act=december, invoice=ours, key="k", reason="geste")
    assert (note.total, note.vat, note.what) == (667, 111, "commission")
    assert ledger.balances_by_holder(code="411000") == {}
    assert ledger.verify() == []


def test_a_commission_and_its_credit_note_go_to_the_business_on_the_terms_of_trade(
    worked: Mission, december: Act
) -> None:
    settle(december)
    ours = Invoice.objects.get()
    note = settlement.credit(act=december, invoice=ours, key="k", reason="geste")
    billed, credited = ours.document.data, note.document.data
    assert billed["buyer"] == credited["buyer"]
    assert billed["buyer"]["siret"] == SIRET
    assert [one["subject"] for one in billed["mentions"]] == ["PMD", "PMT", "AAB"]
    assert credited["mentions"] == billed["mentions"]


def test_the_supplier_says_that_a_client_has_paid(worked: Mission, december: Act, bruno: Person, odile: Person) -> None:
    settle(december)
    (row,) = queries.sold_by(supplier=bruno.id)
    assert not row.paid
    mine = by_text(bruno, role=Role.SUPPLIER, at=december.at)
    for _ in range(2):
        settlement.mark_supplier_paid(act=mine, invoice=row.invoice, on=date(2026, 12, 4))
    assert [one.paid for one in queries.sold_by(supplier=bruno.id)] == [True]
    with pytest.raises(Refused):
        settlement.mark_supplier_paid(
            act=by_text(odile, role=Role.CLIENT, at=december.at), invoice=row.invoice, on=date(2026, 12, 4)
        )


def test_what_dac7_asks_of_a_seller_is_at_hand(worked: Mission, december: Act, bruno: Person) -> None:
    settle(december)
    (row,) = queries.seller_quarters(year=2026)
    assert (row.supplier.person, row.quarter, row.activities, row.consideration, row.commission) == (
        bruno,
        4,
        1,
        6666,
        667,
    )
    assert queries.seller_quarters(year=2025) == []


def test_a_month_shows_before_it_settles(worked: Mission, bruno: Person) -> None:
    seen = queries.preview(month=NOVEMBER)
    (row,) = seen.suppliers
    assert (row.supplier, row.clients, row.claim.total, row.commission) == (bruno, 1, 6666, 667)
    assert seen.invoices == []
