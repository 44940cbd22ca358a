"""What is due without work reaches the invoice, the payslip and the books."""

import pytest

from entremise.documents.models import Document
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.settlement.models import Invoice, InvoiceLine, PaidWork, Payslip
from tests.jobs.conftest import later
from tests.settlement.conftest import balance, settle


@pytest.fixture
def called_off(act: Act, mission: Mission) -> Mission:
    return jobs.cancel_mission(act=later(act, hours=9), mission=mission, fee=2450)


def test_a_late_cancellation_is_billed_and_paid(treasurer: Act, called_off: Mission) -> None:
    settle(treasurer)
    invoice, line, payslip = Invoice.objects.get(), InvoiceLine.objects.get(), Payslip.objects.get()
    assert (invoice.total, line.minutes, line.unit_price, line.amount) == (2450, 0, 2450, 2450)
    assert line.label == "Tailler une haie : visite annulée après le délai"
    assert (payslip.gross, PaidWork.objects.get().minutes) == (2708, 120)
    assert balance("411000") == 2450
    assert ledger.verify() == []


def test_its_papers_say_what_it_is(treasurer: Act, called_off: Mission) -> None:
    settle(treasurer)
    papers = {one.kind: one.data for one in Document.objects.filter(kind__in=["invoice", "payslip"])}
    assert papers["payslip"]["earnings"][0]["label"] == "Heures annulées, payées"
    assert papers["payslip"]["notes"][0].startswith("Vous étiez en mission 0 fois")
    assert papers["invoice"]["tax_credit"] == 0
    split = Invoice.objects.get().split
    assert sum(split.values()) == 2450
    assert split["accompaniment"] == split["running"] == 0


def test_an_absent_client_pays_the_whole_visit_without_tax_credit(act: Act, treasurer: Act, mission: Mission) -> None:
    jobs.report_absence(act=later(act, days=1, hours=1), mission=mission, who="client", fee=4900)
    settle(treasurer)
    assert InvoiceLine.objects.get().label == "Tailler une haie : personne à l’arrivée"
    assert (Invoice.objects.get().total, Payslip.objects.get().gross) == (4900, 2708)


def test_an_excused_client_has_no_invoice_and_the_worker_a_payslip(act: Act, treasurer: Act, mission: Mission) -> None:
    jobs.cancel_mission(act=later(act, hours=9), mission=mission, excuse="weather")
    settle(treasurer)
    assert not Invoice.objects.exists()
    assert Payslip.objects.get().gross == 2708


def test_what_is_billed_is_not_waived_nor_worked(treasurer: Act, act: Act, mission: Mission) -> None:
    jobs.report_absence(act=later(act, days=1, hours=1), mission=mission, who="client", fee=4900)
    settle(treasurer)
    with pytest.raises(Refused, match="forfeit_settled"):
        jobs.waive(act=later(act, days=20), mission=mission, reason="Trop tard")
    with pytest.raises(Refused, match="forfeit_settled"):
        jobs.log_hours(act=later(act, days=20), mission=mission, minutes=120, key="slip")
