"""Lines of the bank one after another, as the treasurer works through them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entremise.doors.desk import words_bank
from entremise.kernel.act import Act
from entremise.payments.models import BankLine, LineRule
from entremise.payments.rules import suggestions
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.operations.undoing import WHY
from tests.doors.desk.pages import text
from tests.doors.desk.test_money import december, settled, statement
from tests.settlement.conftest import treasurer, worked
from tests.settlement.test_lines import another

__all__ = ["december", "settled", "treasurer", "worked"]

pytestmark = pytest.mark.usefixtures("inside")
IBAN = "FR7630004000070000000178914"


def brought(treasury: Client, *lines: tuple[str, str, str]) -> list[BankLine]:
    """(amount, the bank's reference, text) of money that came in."""
    file = statement(*((amount, "CRDT", ref, said) for amount, ref, said in lines))
    treasury.post(reverse("desk:bank"), {"file": file})
    return list(BankLine.objects.order_by("booked_on", "id"))


def test_a_line_shows_what_it_may_pay_with_how_sure_and_why(treasury: Client, settled: Invoice) -> None:
    (line,) = brought(treasury, ("49.00", "R1", "merci"))
    BankLine.objects.update(counterparty="MME MARSAN ODILE", counterparty_iban=IBAN)
    assert reverse("desk:line", args=[line.id]) in text(treasury.get(reverse("desk:bank")))
    page = text(treasury.get(reverse("desk:line", args=[line.id])))
    assert "Probable, 2 sur 3" in page
    assert "même nom, montant exact" in page
    assert f'name="{settled.number}" value="49,00"' in page
    assert 'data-key="1"' in page


def test_a_chosen_suggestion_is_booked_and_the_next_line_comes(treasury: Client, settled: Invoice) -> None:
    first, second = brought(treasury, ("49.00", "R1", "merci"), ("17.00", "R2", "merci"))
    answer = treasury.post(reverse("desk:receive_line", args=[first.id]), {settled.number: "49,00"})
    assert answer["Location"] == f"{reverse('desk:line', args=[second.id])}?fait={first.id}"
    assert Receipt.objects.get().amount == 4900
    page = text(treasury.get(answer["Location"]))
    assert "Paiement noté." in page
    assert reverse("desk:line", args=[first.id]) + "#annuler" in page
    answer = treasury.post(
        reverse("desk:set_aside", args=[second.id]), {"what": "grant", "suite": "1", "always": "on", "reason": ""}
    )
    assert answer["Location"] == reverse("desk:line", args=[second.id])
    assert "Toutes les lignes sont reconnues" in text(treasury.get(answer["Location"]))
    assert LineRule.objects.get(what="grant").text == "merci"


def test_a_client_is_searched_and_the_line_shared_over_their_invoices(treasury: Client, settled: Invoice) -> None:
    second = another(settled, 2, 2000)
    (line,) = brought(treasury, ("60.00", "R1", "merci"))
    address = reverse("desk:line", args=[line.id])
    page = text(treasury.get(address, {"q": "marsan"}))
    assert f"?client={settled.client_id}" in page
    assert "Rien ne correspond" in text(treasury.get(address, {"q": "zzz"}))
    page = text(treasury.get(address, {"client": str(settled.client_id)}))
    assert 'value="49,00"' in page
    assert 'value="11,00"' in page  # What is left goes to the next.
    treasury.post(reverse("desk:receive_line", args=[line.id]), {settled.number: "40", second.number: "20,00"})
    assert sorted(Receipt.objects.values_list("amount", flat=True)) == [2000, 4000]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("49,01", "ce qui reste dû, 49,00 €"),
        ("-3", "Écrivez le montant"),
        ("beaucoup", "Écrivez le montant"),
        ("0", "ce qui reste dû, 49,00 €"),
        ("", "Choisissez au moins une facture"),
    ],
)
def test_a_wrong_amount_comes_back_with_a_sentence_and_nothing_is_booked(
    treasury: Client, settled: Invoice, typed: str, sentence: str
) -> None:
    (line,) = brought(treasury, ("60.00", "R1", "merci"))
    page = text(treasury.post(reverse("desk:receive_line", args=[line.id]), {settled.number: typed}), 422)
    assert sentence in page
    assert f'name="{settled.number}"' in page
    assert not Receipt.objects.exists()


def test_more_than_the_line_is_said_beside_the_invoice(treasury: Client, settled: Invoice) -> None:
    second = another(settled, 2, 2000)
    (line,) = brought(treasury, ("60.00", "R1", "merci"))
    typed = {settled.number: "49", second.number: "20", "FA-9": "3", "autre": "x"}
    page = text(treasury.post(reverse("desk:receive_line", args=[line.id]), typed), 422)
    assert "plus que ce qui reste de la ligne, 11,00 €" in page
    assert f'id="part_{second.number}_error"' in page
    assert 'value="20"' in page


def test_whoever_comes_second_hears_that_the_line_is_no_longer_there(treasury: Client, settled: Invoice) -> None:
    (line,) = brought(treasury, ("20.00", "R1", "merci"))
    address = reverse("desk:receive_line", args=[line.id])
    treasury.post(address, {settled.number: "20"})
    page = text(treasury.post(address, {settled.number: "20"}), 422)
    assert "n’est plus possible" in page
    assert Receipt.objects.count() == 1


def test_a_match_is_taken_back_with_a_reason(treasury: Client, settled: Invoice) -> None:
    (line,) = brought(treasury, ("49.00", "R1", settled.number))
    address = reverse("desk:undo_line", args=[line.id])
    page = text(treasury.get(reverse("desk:line", args=[line.id])))
    assert "Annuler ce rapprochement" in page
    for typed in ({}, {"reason": "humeur"}):
        assert "Choisissez pourquoi" in text(treasury.post(address, typed), 422)
    assert treasury.post(address, {"reason": "wrong_client"}).status_code == 302
    page = text(treasury.get(reverse("desk:line", args=[line.id])))
    assert "rapprochement annulé : mauvais client" in page
    assert "n’est plus possible" in text(treasury.post(address, {"reason": "wrong_client"}), 422)


def test_rules_are_listed_with_who_taught_them_and_withdrawn(treasury: Client, settled: Invoice) -> None:
    assert "Aucune encore" in text(treasury.get(reverse("desk:line_rules")))
    (line,) = brought(treasury, ("49.00", "R1", "merci"))
    BankLine.objects.update(counterparty="MME MARSAN ODILE", counterparty_iban=IBAN)
    treasury.post(reverse("desk:receive_line", args=[line.id]), {settled.number: "49"})
    page = text(treasury.get(reverse("desk:line_rules")))
    assert "MME MARSAN ODILE" in page
    assert "Hélène Garrigue" in page
    assert "dite 1 fois" in page
    address = reverse("desk:withdraw_rule", args=[LineRule.objects.get().id])
    assert treasury.post(address).status_code == 302
    assert "Retirée le" in text(treasury.get(reverse("desk:line_rules")))
    assert "n’est plus possible" in text(treasury.post(address), 422)
    assert treasury.post(reverse("desk:withdraw_rule", args=[line.id])).status_code == 404


def test_a_client_who_owes_nothing_is_said_to(treasury: Client, settled: Invoice) -> None:
    (line,) = brought(treasury, ("49.00", "R1", "merci"))
    nobody = Person.objects.create(family_name="Quitte", known_since=settled.issued_at)
    page = text(treasury.get(reverse("desk:line", args=[line.id]), {"client": str(nobody.id)}))
    assert "ne doit rien en ce moment" in page


def test_an_odd_address_of_a_line_is_no_error(treasury: Client, settled: Invoice) -> None:
    (line,) = brought(treasury, ("49.00", "R1", "merci"))
    address = reverse("desk:line", args=[line.id])
    for asked in ({"client": "moi"}, {"fait": "hier"}, {"q": "'\""}, {"client": str(line.id)}):
        assert treasury.get(address, asked).status_code == 200
    assert treasury.get(reverse("desk:line", args=[settled.id])).status_code == 404


def test_more_lines_invoices_and_rules_ask_no_more_questions(
    treasury: Client, treasurer: Act, settled: Invoice
) -> None:
    def asked(name: str, *args: object) -> int:
        with CaptureQueriesContext(connection) as seen:
            text(treasury.get(reverse(name, args=args)))
        return len(seen)

    first, last = brought(treasury, ("9.00", "R0", "a"), ("49.00", "R1", "merci"))
    BankLine.objects.filter(id=last.id).update(counterparty="MME MARSAN", counterparty_iban=IBAN)
    settlement.receive_by_hand(act=treasurer, line=first, invoice=settled)
    asked("desk:line", last.id)
    before = asked("desk:line", last.id), asked("desk:line_rules")
    people = [Person.objects.create(family_name="Marsan", known_since=treasurer.at) for _ in range(4)]
    for number, person in enumerate(people):
        another(settled, number + 2, 4900, person)
        LineRule.objects.create(
            iban=IBAN, came_in=True, client=person, said="x", taught_at=treasurer.at + timedelta(days=number)
        )
    assert (asked("desk:line", last.id), asked("desk:line_rules")) == before


def test_every_step_reason_and_undoing_has_its_words() -> None:
    assert set(words_bank.STEPS) == set(suggestions.STEPS)
    assert set(words_bank.UNDO) == set(words_bank.UNDONE) == set(WHY)
