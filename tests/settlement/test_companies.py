"""What an invoice between professionals says beyond that of a household."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from entremise.documents.adapters.facturx import invoice_xml
from entremise.documents.rules import InvoiceData, invoice_from_json
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.people.models import Paper, Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice
from tests.documents.test_facturx import FRENCH, failures
from tests.settlement.conftest import settle

__all__ = ["failures"]


@pytest.fixture
def company(odile: Person) -> Person:
    Person.objects.filter(id=odile.id).update(kind="company", family_name="Fermes & Cie", given_name="", title="")
    Paper.objects.create(person=odile, kind="siret", number="98765432400017", checked_on=date(2026, 11, 1))
    return odile


def printed(invoice: Invoice) -> InvoiceData:
    return invoice_from_json(invoice.document.data)


def test_a_company_reads_what_being_late_costs(
    treasurer: Act, worked: Mission, company: Person, failures: Callable[[Path, bytes], list[str]]
) -> None:
    settle(treasurer)
    invoice = Invoice.objects.get()
    note = operations.credit(act=treasurer, key="note 1", invoice=invoice, reason="Une heure de trop", amount=1000)
    said = {mention.subject: mention.text for mention in printed(invoice).mentions}
    assert "majoré de 10 points" in said["PMD"]
    assert "40 €" in said["PMT"]
    assert "escompte" in said["AAB"]
    for one in (invoice, note):
        assert failures(FRENCH, invoice_xml(printed(one))) == []


def test_a_household_does_not(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    assert not {mention.subject for mention in printed(Invoice.objects.get()).mentions} & {"PMD", "PMT", "AAB"}
