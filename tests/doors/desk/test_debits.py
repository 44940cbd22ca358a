"""Direct debits, as the treasurer and the coordinator work."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entremise.documents.models import Document
from entremise.doors.frame import visit
from entremise.kernel.act import Act
from entremise.messaging.models import Letter, Task
from entremise.payments.models import BankLine, Mandate
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Debit, Invoice
from entremise.tenancy.models import LegalIdentity
from tests.conftest import TODAY
from tests.doors.desk.pages import text
from tests.doors.desk.test_exports import rows_of, take
from tests.doors.desk.test_money import statement
from tests.settlement.conftest import DECEMBER_4, treasurer, worked
from tests.settlement.test_debits import IBAN, invoice, notice, returned, status
from tests.stories.test_job_by_phone import photo

__all__ = ["invoice", "treasurer", "worked"]

pytestmark = pytest.mark.usefixtures("inside")

PAGE = "/bureau/argent/prelevements/"
LATER = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)


def later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: LATER)


def bank_says(client: Client, content: bytes) -> str:
    file = SimpleUploadedFile("avis.xml", content, "text/xml")
    return text(client.post(reverse("desk:bank"), {"file": file}, follow=True))


def test_the_buttons_say_what_they_do_and_for_how_much(
    treasury: Client, invoice: Invoice, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Annoncer 1 prélèvement, 49,00 €" in text(treasury.get(PAGE))
    page = text(treasury.post(PAGE, {"collect_on": "18/12/2026"}, follow=True))
    assert "1 prélèvement annoncé, 49,00 €." in page
    assert "FA-2026-0001, 04/01/2027" in page
    assert "Faire le fichier" not in page
    later(monkeypatch)
    assert "Faire le fichier de 1 prélèvement, 49,00 €" in text(treasury.get(PAGE))
    page = text(treasury.post(reverse("desk:order_debits"), follow=True))
    assert "Fichier prêt, 49,00 €" in page
    assert "PRLV-20261228-00001.xml" in page
    file = treasury.get(reverse("desk:bank_file", args=[Debit.objects.get().file_id]))
    assert b"pain.008.001.08" in file.content


@pytest.mark.parametrize("typed", ["", "bientôt", "\x00", "99/99/9999", "17/12/2026", "٠١/٠١/٢٠٢٧"], ids=ascii)
def test_a_day_that_is_none_or_too_early_is_asked_again(treasury: Client, invoice: Invoice, typed: str) -> None:
    text(treasury.post(PAGE, {"collect_on": typed}, headers={"accept": "text/html"}), 422)
    assert not Debit.objects.exists()


def test_without_a_creditor_identifier_the_page_says_where_to_put_it(treasury: Client, invoice: Invoice) -> None:
    LegalIdentity.objects.update(creditor_id="")
    assert "identifiant créancier" in text(treasury.post(PAGE, {"collect_on": "18/12/2026"}), 422)


def test_what_the_bank_refuses_is_said_in_words_and_waits(
    treasury: Client, invoice: Invoice, treasurer: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    debit = _ordered(treasurer)
    later(monkeypatch)
    page = bank_says(treasury, status(debit, "AM04"))
    assert "pas assez d’argent sur le compte" in page
    assert "Prélever de nouveau" in page
    task = text(treasury.get(reverse("desk:task", args=[Task.objects.get(kind="debit_back").id])))
    assert "pas assez d’argent sur le compte" in task
    assert reverse("desk:invoice", args=["FA-2026-0001"]) in task
    treasury.post(reverse("desk:collect_again", args=[debit.id]))
    assert "Annoncer 1 prélèvement" in text(treasury.get(PAGE))


def test_a_debit_is_collected_and_taken_back_by_the_files_of_the_bank(
    treasury: Client, invoice: Invoice, treasurer: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    _ordered(treasurer)
    later(monkeypatch)
    treasury.post(reverse("desk:bank"), {"file": statement(("49.00", "CRDT", "R1", "REMISE"))})
    assert "prélèvements encaissés" in text(
        treasury.get(reverse("desk:statement", args=[BankLine.objects.get().file_id]))
    )
    page = bank_says(treasury, notice("FA-2026-0001-P1"))
    assert "la personne a demandé à être remboursée" in page
    card = text(treasury.get(reverse("desk:person", args=[invoice.client_id])))
    assert "en attente" in card
    treasury.post(reverse("desk:bank"), {"file": statement(returned("FA-2026-0001-P1"))})
    assert BankLine.objects.filter(state="matched").count() == 2


def test_a_line_is_explained_by_the_name_of_a_file(
    treasury: Client, invoice: Invoice, treasurer: Act, monkeypatch: pytest.MonkeyPatch
) -> None:
    debit = _ordered(treasurer)
    later(monkeypatch)
    Debit.objects.update(collect_on=date(2026, 12, 1))
    treasury.post(reverse("desk:bank"), {"file": statement(("48.00", "CRDT", "R1", "REMISE"))})
    (line,) = BankLine.objects.filter(state="unmatched")
    address = reverse("desk:match", args=[line.id])
    assert "Ce numéro fait 49,00 €" in text(treasury.post(address, {"number": debit.batch}), 422)
    treasury.post(reverse("desk:debit_back", args=[debit.id]))
    assert Debit.objects.get().state == "rejected"
    text(treasury.post(address, {"number": debit.batch}), 422)


def test_a_person_drops_one_and_says_that_one_came_back(treasury: Client, invoice: Invoice, treasurer: Act) -> None:
    (debit,) = operations.announce_debits(act=treasurer)
    page = text(treasury.post(reverse("desk:drop_debit", args=[debit.id]), follow=True))
    assert "mis de côté par une personne du bureau" in page
    text(treasury.post(reverse("desk:drop_debit", args=[debit.id])), 422)


def test_a_mandate_on_paper_is_noted_on_the_card_and_ended_there(
    coordination: Client, odile: Person, legal: None
) -> None:
    card = reverse("desk:person", args=[odile.id])
    assert "Ses factures ne sont pas prélevées" in text(coordination.get(card))
    typed = {"iban": IBAN, "signed_on": "20/11/2026", "holder": ""}
    page = text(coordination.post(reverse("desk:mandate", args=[odile.id]), typed, follow=True))
    assert "RUM-00001" in page
    assert IBAN not in page
    assert Mandate.objects.get().how == "paper"
    text(coordination.post(reverse("desk:revoke_mandate", args=[odile.id]), follow=True))
    assert Mandate.objects.get().state == "revoked"
    assert coordination.post(reverse("desk:revoke_mandate", args=[odile.id])).status_code == 404


def test_the_form_is_printed_signed_and_kept_with_its_photograph(
    coordination: Client, odile: Person, legal: None
) -> None:
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    address = reverse("desk:print_mandate", args=[odile.id])
    first, again = coordination.post(address), coordination.post(address)
    assert first["Location"] == again["Location"]
    assert coordination.get(first["Location"]).content.startswith(b"%PDF")
    typed = {"iban": IBAN, "signed_on": "20/11/2026", "scan": photo()}
    page = text(coordination.post(reverse("desk:mandate", args=[odile.id]), typed, follow=True))
    mandate = Mandate.objects.get()
    assert str(mandate.document) in first["Location"]
    assert reverse("desk:scan", args=[mandate.document]) in page
    assert coordination.get(reverse("desk:scan", args=[mandate.document])).status_code == 200


def test_a_photograph_that_does_not_open_keeps_nothing(coordination: Client, odile: Person, legal: None) -> None:
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    broken = SimpleUploadedFile("mandat.jpg", b"not a picture", "image/jpeg")
    typed = {"iban": IBAN, "signed_on": "20/11/2026", "scan": broken}
    text(coordination.post(reverse("desk:mandate", args=[odile.id]), typed), 422)
    assert not Mandate.objects.exists()
    assert not Document.objects.exists()


@pytest.mark.parametrize("typed", ["", "FR76", "²", "\x00", "1" * 5000], ids=lambda typed: ascii(typed)[:10])
def test_nonsense_is_no_mandate(coordination: Client, odile: Person, legal: None, typed: str) -> None:
    address = reverse("desk:mandate", args=[odile.id])
    for given in ({"iban": typed, "signed_on": "20/11/2026"}, {"iban": IBAN, "signed_on": typed}):
        text(coordination.post(address, given), 422)
    assert not Mandate.objects.exists()


def test_a_coordinator_collects_nothing(coordination: Client, invoice: Invoice) -> None:
    assert coordination.get(PAGE).status_code in (302, 403, 404)
    assert coordination.post(PAGE, {"collect_on": "18/12/2026"}).status_code in (302, 403, 404)
    assert not Letter.objects.filter(template="debit_announced").exists()


def test_more_debits_ask_no_more_questions(treasury: Client, invoice: Invoice, treasurer: Act) -> None:
    def asked() -> int:
        treasury.get(PAGE)
        with CaptureQueriesContext(connection) as seen:
            treasury.get(PAGE)
        return len(seen)

    states = ["", "announced", "ordered", "paid", "rejected"]
    _many(invoice, states)
    few = asked()
    _many(invoice, states * 3)
    assert asked() == few


def test_the_list_is_taken_away(treasury: Client, invoice: Invoice, treasurer: Act) -> None:
    operations.announce_debits(act=treasurer)
    (row,) = rows_of(take(treasury, "debits"))[1:]
    assert row[:4] == ["FA-2026-0001", "Odile Marsan", "FA-2026-0001-P1", "RUM-00001"]


def _ordered(treasurer: Act) -> Debit:
    operations.announce_debits(act=treasurer)
    return operations.order_debits(act=replace(treasurer, at=LATER)).ordered[0]


def _many(invoice: Invoice, states: list[str]) -> None:
    """Invoices of others with a mandate, one for each state of its debit."""
    for state in states:
        number = Invoice.objects.count() + 1
        person = Person.objects.create(family_name=f"C{number}", known_since=TODAY)
        mandate = Mandate.objects.create(
            person=person,
            reference=f"RUM-9{number:04d}",
            iban=IBAN,
            holder="C",
            signed_on=date(2026, 11, 1),
            how="paper",
            given_at=TODAY,
        )
        one = Invoice.objects.create(
            number=f"FA-2026-{number:04d}",
            client=person,
            month=invoice.month,
            issued_on=invoice.issued_on,
            due_on=invoice.due_on,
            total=100,
            document=invoice.document,
            entry=invoice.entry,
            issued_at=invoice.issued_at,
        )
        if state:
            Debit.objects.create(
                invoice=one,
                mandate=mandate,
                reference=f"{one.number}-P1",
                amount=100,
                collect_on=invoice.due_on,
                state=state,
                announced_at=TODAY,
                paid_on=invoice.due_on,
                back_on=invoice.due_on,
            )
