"""The month, the invoices, the bank and the books, as the treasurer works."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entremise.doors.desk.words import EXPLANATIONS
from entremise.doors.frame import visit
from entremise.jobs.models import Mission
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.ledger.rules import Problem
from entremise.payments.models import BankAccount, BankFile, BankLine
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, Payout, Payslip, Receipt, Run
from entremise.settlement.rules.books_fr import EXPLAINED
from tests.doors.desk.pages import text
from tests.settlement.conftest import DECEMBER_4, ENTRY, STATEMENT, settle, treasurer, worked

__all__ = ["treasurer", "worked"]

pytestmark = pytest.mark.usefixtures("inside")

NOVEMBER = "?mois=2026-11"


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)


@pytest.fixture
def settled(treasurer: Act, worked: Mission) -> Invoice:
    settle(treasurer)
    return Invoice.objects.get()


def statement(*lines: tuple[str, str, str, str]) -> SimpleUploadedFile:
    entries = "".join(ENTRY.format(amount=a, way=w, ref=r, text=t) for a, w, r, t in lines)
    return SimpleUploadedFile("releve.xml", STATEMENT.format(entries=entries).encode(), "text/xml")


def test_the_button_says_what_it_makes_and_for_how_much(treasury: Client, worked: Mission) -> None:
    page = text(treasury.get(reverse("desk:payroll") + NOVEMBER))
    assert "Faire 1 bulletin et 1 facture, 49,00 €" in page
    assert "Belkacem" in page
    assert "Marsan" in page


def test_a_month_that_is_not_over_cannot_be_settled(treasury: Client) -> None:
    page = text(treasury.post(reverse("desk:payroll"), {"month": "2026-12"}), 422)
    assert "Ce mois n’est pas terminé" in page


def test_a_run_is_opened_and_its_page_follows_it(treasury: Client, worked: Mission, treasurer: Act) -> None:
    answer = treasury.post(reverse("desk:payroll"), {"month": "2026-11"})
    run = Run.objects.get()
    assert answer["Location"] == reverse("desk:run", args=[run.id])
    page = text(treasury.get(answer["Location"]))
    assert "0 documents faits sur 2" in page
    assert "data-poll=" in page
    assert 'http-equiv="refresh"' in page
    settle(treasurer)
    part = text(treasury.get(reverse("desk:run_progress", args=[run.id])))
    assert "2 documents faits sur 2" in part
    assert "data-poll=" not in part


def test_wages_are_ordered_in_one_file(treasury: Client, settled: Invoice) -> None:
    payslip = Payslip.objects.get()
    page = text(treasury.get(reverse("desk:payroll") + NOVEMBER))
    assert "Préparer 1 virement, 21,44 €" in page
    page = text(treasury.get(reverse("desk:pay")))
    assert "Payer 1 salaire, 21,44 €" in page
    assert payslip.worker.family_name in page
    assert payslip.paid == 2144
    assert "Écrivez la date ainsi" in text(treasury.post(reverse("desk:pay"), {"on": "bientôt"}), 422)
    assert "Ce jour est passé" in text(treasury.post(reverse("desk:pay"), {"on": "03/12/2026"}), 422)
    assert treasury.post(reverse("desk:pay"), {"on": "10/12/2026"}).status_code == 302
    assert Payout.objects.get().state == "ordered"
    file = BankFile.objects.get(way="out")
    answer = treasury.get(reverse("desk:bank_file", args=[file.id]))
    assert b"pain.001.001.09" in answer.content
    assert file.name in text(treasury.get(reverse("desk:bank")))
    assert "Aucune paie n’attend" in text(treasury.post(reverse("desk:pay"), {"on": "10/12/2026"}), 422)


def test_who_has_no_account_is_shown_before_paying(treasury: Client, settled: Invoice) -> None:
    with_account = text(treasury.get(reverse("desk:payroll") + NOVEMBER))
    assert "faute d’IBAN" not in with_account
    BankAccount.objects.all().delete()
    page = text(treasury.get(reverse("desk:payroll") + NOVEMBER))
    assert "À payer autrement, faute d’IBAN" in page
    assert "Préparer 1 virement" not in page


def test_an_invoice_is_paid_at_the_counter_once(treasury: Client, settled: Invoice) -> None:
    address = reverse("desk:cash", args=[settled.number])
    page = text(treasury.get(reverse("desk:invoice", args=[settled.number])))
    assert "Encaisser au comptoir" in page
    ids = re.findall(' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)  # Two forms ask for an amount.
    once = page.partition('name="once" value="')[2].partition('"')[0]
    typed = {"amount": "20", "how": "cash", "once": once}
    treasury.post(address, typed)
    treasury.post(address, typed)
    assert Receipt.objects.get().amount == 2000
    assert "29,00 €" in text(treasury.get(reverse("desk:invoice", args=[settled.number])))
    assert "ce qui reste dû, 29,00 €" in text(treasury.post(address, {**typed, "amount": "50", "once": "x"}), 422)


def test_a_credit_note_takes_back_a_part(treasury: Client, settled: Invoice) -> None:
    address = reverse("desk:credit", args=[settled.number])
    page = text(treasury.post(address, {"amount": "12,25", "reason": "", "once": "x"}), 422)
    assert "Écrivez pourquoi" in page
    assert 'value="12,25"' in page
    for _ in range(2):  # Two clicks.
        treasury.post(address, {"amount": "12,25", "reason": "une demi-heure en trop", "once": "x"})
    note = Invoice.objects.get(kind="credit_note")
    assert (note.total, note.corrects) == (1225, settled)
    page = text(treasury.get(reverse("desk:invoice", args=[settled.number])))
    assert note.number in page
    assert "36,75 €" in page


def test_a_statement_settles_what_it_cites_and_shows_the_rest(treasury: Client, settled: Invoice) -> None:
    file = statement(("49.00", "CRDT", "R1", f"facture {settled.number}"), ("17.00", "CRDT", "R2", "merci"))
    answer = treasury.post(reverse("desk:bank"), {"file": file})
    page = text(treasury.get(answer["Location"]))
    assert "Reconnues : 1 ligne sur 2" in page
    assert Receipt.objects.get().invoice == settled
    page = text(treasury.get(reverse("desk:bank")))
    assert "1 ligne à reconnaître" in page
    file = statement(("49.00", "CRDT", "R1", f"facture {settled.number}"), ("17.00", "CRDT", "R2", "merci"))
    treasury.post(reverse("desk:bank"), {"file": file})
    assert Receipt.objects.count() == 1


def test_a_statement_leaves_under_its_name_whatever_the_bank_called_it(treasury: Client, settled: Invoice) -> None:
    content = STATEMENT.format(entries="").replace("<Id>S1</Id>", '<Id>S"1\n2</Id>')
    treasury.post(reverse("desk:bank"), {"file": SimpleUploadedFile("r.xml", content.encode(), "text/xml")})
    answer = treasury.get(reverse("desk:bank_file", args=[BankFile.objects.get().id]))
    assert answer["Content-Disposition"] == 'attachment; filename="S\\"1 2.xml"'


def test_a_line_is_matched_by_hand_or_set_aside(treasury: Client, settled: Invoice) -> None:
    treasury.post(
        reverse("desk:bank"),
        {"file": statement(("20.00", "CRDT", "R1", "merci"), ("300.00", "CRDT", "R2", "subvention"))},
    )
    first, second = BankLine.objects.order_by("amount")
    address = reverse("desk:match", args=[first.id])
    page = text(treasury.post(address, {"number": "FA-1"}), 422)
    assert "Rien n’attend sous le numéro FA-1" in page
    assert 'value="FA-1"' in page
    treasury.post(address, {"number": settled.number.lower()})
    page = text(treasury.post(reverse("desk:set_aside", args=[second.id]), {"what": ""}), 422)
    assert page.count("Choisissez ce que c’était") == 2
    treasury.post(reverse("desk:set_aside", args=[second.id]), {"what": "grant", "reason": "Département"})
    assert Receipt.objects.get().amount == 2000
    assert "740000" in text(treasury.get(reverse("desk:balance") + "?au=2026-12-31"))
    assert "Toutes les lignes sont reconnues" in text(treasury.get(reverse("desk:bank")))


def test_a_wage_is_handed_over_once_and_taken_back_when_noted_by_mistake(treasury: Client, settled: Invoice) -> None:
    BankAccount.objects.all().delete()
    payslip = Payslip.objects.get()
    assert reverse("desk:wages") in text(treasury.get(reverse("desk:payroll") + NOVEMBER))
    page = text(treasury.get(reverse("desk:wages")))
    assert "Noter comme remis" in page
    address = reverse("desk:hand_over", args=[payslip.number])
    for _ in range(2):
        treasury.post(address, {"how": "cheque"})
    payout = Payout.objects.get()
    assert (payout.state, payout.how, payout.amount) == ("paid", "cheque", 2144)
    page = text(treasury.get(reverse("desk:wages")))
    assert "par chèque" in page
    assert "Aucun salaire n’attend" in page
    assert treasury.post(reverse("desk:send_back", args=[payout.id])).status_code == 302
    assert "revenue, ou pas partie" in text(treasury.get(reverse("desk:wages")))
    again = text(treasury.post(reverse("desk:send_back", args=[payout.id])), 422)
    assert "n’est plus possible" in again
    assert treasury.post(reverse("desk:hand_over", args=["BP-0"]), {"how": "cash"}).status_code == 404


def test_more_wages_ask_no_more_questions(treasury: Client, settled: Invoice) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as seen:
            treasury.get(reverse("desk:wages"))
        return len(seen)

    slip = Payslip.objects.get()
    asked()
    before = asked()
    for number in range(2, 6):
        slip.pk, slip.number = None, f"BP-2026-000{number}"
        slip.save(force_insert=True)
    assert asked() == before


def test_money_out_is_shown_until_somebody_says_what_it_was(treasury: Client, settled: Invoice) -> None:
    treasury.post(reverse("desk:pay"), {"on": "10/12/2026"})
    file = statement(("3.10", "DBIT", "R1", "FRAIS"), ("21.44", "DBIT", "R2", "VIR"), ("21.44", "DBIT", "R3", "VIR"))
    treasury.post(reverse("desk:bank"), {"file": file})
    assert Payout.objects.get().state == "paid"
    page = text(treasury.get(reverse("desk:bank")))
    assert "2 lignes à reconnaître" in page
    assert "N° de bulletin, de fichier ou de facture" in page
    fee, wage = BankLine.objects.filter(state="unmatched").order_by("-amount")
    treasury.post(reverse("desk:send_back", args=[Payout.objects.get().id]))
    treasury.post(reverse("desk:pay"), {"on": "11/12/2026"})
    sent = BankFile.objects.filter(way="out").latest("at", "id")
    page = text(treasury.post(reverse("desk:match", args=[fee.id]), {"number": sent.message_id}), 422)
    assert "Ce numéro fait 21,44 €" in page
    treasury.post(reverse("desk:match", args=[wage.id]), {"number": sent.message_id})
    treasury.post(reverse("desk:set_aside", args=[fee.id]), {"what": "fees"})
    assert "Toutes les lignes sont reconnues" in text(treasury.get(reverse("desk:bank")))
    assert sorted(Payout.objects.values_list("state", flat=True)) == ["paid", "returned"]


def test_every_explanation_of_a_movement_has_its_account() -> None:
    assert set(EXPLANATIONS) == set(EXPLAINED)


def test_a_file_that_is_no_statement_is_refused(treasury: Client) -> None:
    file = SimpleUploadedFile("releve.pdf", b"%PDF-1.7", "application/pdf")
    assert "n’est ni un relevé camt.053" in text(treasury.post(reverse("desk:bank"), {"file": file}), 422)


def test_the_books_balance_and_leave_as_fec(treasury: Client, settled: Invoice) -> None:
    page = text(treasury.get(reverse("desk:balance") + "?au=2026-12-31"))
    assert "équilibrée" in page
    answer = treasury.get(reverse("desk:fec") + "?annee=2026")
    lines = answer.content.decode("iso8859-15").splitlines()
    assert lines[0].count("\t") == 17
    assert len(lines) > 4
    assert answer["Content-Disposition"].startswith('attachment; filename="732829320FEC20261231')
    assert treasury.get(reverse("desk:fec") + "?annee=hier").status_code == 404


def test_the_books_are_shut_for_ever(treasury: Client, settled: Invoice) -> None:
    address = reverse("desk:closing")
    assert "1 salaire pas encore viré" in text(treasury.get(address))
    assert "Rien n’est ouvert jusqu’au 31/10/2026" in text(treasury.get(address + "?au=2026-10-31"))
    assert "Choisissez un jour passé" in text(treasury.post(address, {"up_to": "31/12/2026"}), 422)
    assert treasury.post(address, {"up_to": "30/11/2026"}).status_code == 302
    assert "Clos jusqu’au 30/11/2026" in text(treasury.get(address))


def test_a_coordinator_takes_coins_but_makes_no_credit_note(
    coordination: Client, settled: Invoice, odile: Person
) -> None:
    page = text(coordination.get(reverse("desk:invoice", args=[settled.number])))
    assert "Encaisser au comptoir" in page
    assert "Corriger par un avoir" not in page
    assert coordination.post(reverse("desk:credit", args=[settled.number]), {}).status_code == 404
    assert "Doit" in text(coordination.get("/bureau/appel", {"client": str(odile.id)}))


@pytest.mark.parametrize("where", ["money", "payroll", "wages"])
def test_the_pages_of_money_say_why_nothing_is_paid_out(
    treasury: Client, treasurer: Act, settled: Invoice, where: str
) -> None:
    clock = replace(treasurer, by=THE_CLOCK, door=Door.CLOCK)
    wrong = [Problem("unbalanced", "EUR", 1, 0), *[Problem("transfer_gone", f"T{number}") for number in range(21)]]
    assert "Les versements sont arrêtés" not in text(treasury.get(reverse(f"desk:{where}")))
    settlement.note_proof(act=clock, transfers=9, facts=9, found=wrong)
    page = text(treasury.get(reverse(f"desk:{where}")))
    assert "Les versements sont arrêtés" in page
    assert "Les comptes en EUR ne s’équilibrent plus" in page
    assert "L’écriture T0 a disparu d’un jour scellé." in page
    assert "et 2 autres" in page


def test_whoever_orders_wages_meanwhile_reads_why_not(treasury: Client, treasurer: Act, settled: Invoice) -> None:
    clock = replace(treasurer, by=THE_CLOCK, door=Door.CLOCK)
    settlement.note_proof(act=clock, transfers=9, facts=9, found=[Problem("unbalanced", "EUR", 1, 0)])
    page = text(treasury.post(reverse("desk:pay"), {"month": "2026-11", "on": "2026-12-07"}), 422)
    assert "Plus rien n’est versé depuis le vendredi 4 décembre" in page
    assert not BankFile.objects.filter(way="out").exists()
