"""A person's account with us, on their own page and at the counter."""

import re
from datetime import date

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.payments.operations import set_bank_account
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Invoice, Withdrawal
from tests.doors.conftest import Visitor
from tests.doors.desk.conftest import coordination, desk, treasury
from tests.doors.desk.pages import text
from tests.settlement.conftest import (
    DECEMBER_4,
    asked,
    hedge,
    karim,
    legal,
    mission,
    nadege,
    odile,
    place,
    request_,
    settle,
    statement,
    treasurer,
    worked,
)

__all__ = [
    "asked", "coordination", "desk", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_",
    "treasurer", "treasury", "worked",
]  # fmt: skip

pytestmark = pytest.mark.usefixtures("inside")

IBAN = "FR7630006000011234567890189"


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)


@pytest.fixture
def billed(treasurer: Act, worked: Mission) -> Invoice:
    """49 € that Odile owes."""
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


@pytest.fixture
def herself(billed: Invoice, inside_as: Visitor) -> Client:
    return inside_as(billed.client)


def words(answer: HttpResponse, status: int = 200) -> str:
    return " ".join(re.sub("<[^>]*>", " ", text(answer, status)).split())


def at(name: str, person: Person, *more: object) -> str:
    return reverse(f"desk:{name}", args=[person.id, *more])


def pay_in(act: Act, person: Person, amount: int) -> None:
    settlement.pay_in(act=act, person=person, amount=amount, how="cash", key=f"in {amount}")


def test_coins_at_the_counter_stand_on_the_account_once(coordination: Client, billed: Invoice) -> None:
    address, person = at("member_account", billed.client), billed.client
    assert "49,00 € de factures à payer" in words(coordination.get(address))
    page = text(coordination.post(at("pay_in", person), {"amount": "beaucoup", "how": "cash", "once": "1"}), 422)
    assert "Écrivez le montant ainsi" in page
    assert 'value="beaucoup"' in page
    for _ in range(2):
        coordination.post(at("pay_in", person), {"amount": "60", "how": "cash", "once": "1"})
    assert "60,00 € sur son compte" in words(coordination.get(address))
    answer = coordination.post(at("use_account", person, billed.number), {"once": "1"}, follow=True)
    assert "11,00 € sur son compte" in words(answer)
    assert "Facture payée avec le compte" in words(answer)
    assert "par son compte" in words(coordination.get(reverse("desk:invoice", args=[billed.number])))


def test_an_account_that_is_empty_again_is_closed(coordination: Client, treasurer: Act, billed: Invoice) -> None:
    person = billed.client
    pay_in(treasurer, person, 2000)
    assert "Il reste 20,00 €" in words(coordination.post(at("close_account", person)), 422)
    page = text(coordination.post(at("withdraw_money", person), {"amount": "20,01", "how": "cash", "once": "1"}), 422)
    assert "20,00 €" in page
    coordination.post(at("withdraw_money", person), {"amount": "20", "how": "cash", "once": "1"})
    assert "Il est vide" in words(coordination.get(at("member_account", person)))
    assert "Ce compte est fermé" in words(coordination.post(at("close_account", person), follow=True))


def test_a_member_sees_pays_and_asks_back(herself: Client, treasurer: Act, billed: Invoice) -> None:
    address, person = reverse("site:account"), billed.client
    assert "En tout, vous devez 49,00 €" in words(herself.get(address))
    (line,) = statement(treasurer, ("60.00", "CRDT", "R1", "merci"))
    settlement.receive_by_hand(act=treasurer, line=line, invoice=billed)
    assert "Vous avez payé 11,00 € de trop" in words(herself.get(address))
    herself.post(reverse("site:keep_overpaid"))
    page = words(herself.get(address))
    assert "Sur votre compte 11,00 €" in page
    assert "donner votre IBAN" in page
    set_bank_account(act=treasurer, person=person, iban=IBAN)
    refused = words(herself.post(reverse("site:withdraw_money"), {"amount": "12", "once": "1"}), 422)
    assert "11,00 €" in refused
    for _ in range(2):
        herself.post(reverse("site:withdraw_money"), {"amount": "5", "once": "1"})
    assert "5,00 € qui vous reviennent" in words(herself.get(address))
    asked_back = Withdrawal.objects.get()
    herself.post(reverse("site:drop_withdrawal", args=[asked_back.id]))
    assert settled.free_on_account(person=person.id) == 1100


def test_a_member_pays_an_invoice_with_what_they_have(herself: Client, treasurer: Act, billed: Invoice) -> None:
    pay_in(treasurer, billed.client, 6000)
    assert billed.number in words(herself.get(reverse("site:account")))
    address = reverse("site:use_account", args=[billed.number])
    for _ in range(2):
        herself.post(address, {"once": "1"})
    assert settled.free_on_account(person=billed.client_id) == 1100
    assert "En tout, nous vous devons 11,00 €" in words(herself.get(reverse("site:account")))


def test_nobody_touches_what_is_somebody_elses(treasurer: Act, billed: Invoice, inside_as: Visitor) -> None:
    pay_in(treasurer, billed.client, 6000)
    set_bank_account(act=treasurer, person=billed.client, iban=IBAN)
    asked_back = settlement.withdraw(act=treasurer, person=billed.client, amount=100, how="transfer", key="w")
    stranger = inside_as(Person.objects.exclude(id=billed.client_id)[0])
    assert stranger.post(reverse("site:use_account", args=[billed.number])).status_code == 404
    assert stranger.post(reverse("site:drop_withdrawal", args=[asked_back.id])).status_code == 404
    assert stranger.get(at("member_account", billed.client)).status_code in (302, 404)
    assert settled.free_on_account(person=billed.client_id) == 5900


def test_money_asked_back_leaves_with_one_file(treasury: Client, treasurer: Act, billed: Invoice) -> None:
    address = reverse("desk:withdrawals")
    assert "Personne n’attend d’argent" in words(treasury.get(address))
    pay_in(treasurer, billed.client, 6000)
    set_bank_account(act=treasurer, person=billed.client, iban=IBAN)
    for number in range(2):
        settlement.withdraw(act=treasurer, person=billed.client, amount=1000, how="transfer", key=f"w{number}")
    assert "2 virements, 20,00 €" in words(treasury.get(address))
    first = Withdrawal.objects.order_by("reference")[0]
    treasury.post(reverse("desk:drop_withdrawal", args=[first.id]))
    assert "Écrivez la date ainsi" in words(treasury.post(address, {"on": "demain"}), 422)
    assert treasury.post(address, {"on": "10/12/2026"})["Location"] == reverse("desk:bank")
    page = words(treasury.get(address))
    assert "En route" in page
    assert "Rejeté par la banque" in page
    treasury.post(reverse("desk:drop_withdrawal", args=[Withdrawal.objects.get(state="ordered").id]))
    assert settled.free_on_account(person=billed.client_id) == 6000


def test_a_bank_line_is_said_to_be_what_was_given_back(treasury: Client, treasurer: Act, billed: Invoice) -> None:
    pay_in(treasurer, billed.client, 6000)
    set_bank_account(act=treasurer, person=billed.client, iban=IBAN)
    asked_back = settlement.withdraw(act=treasurer, person=billed.client, amount=1000, how="transfer", key="w")
    settlement.order_withdrawals(act=treasurer, execution_on=date(2026, 12, 7))
    wrong, line = sorted(
        statement(treasurer, ("9.00", "DBIT", "R1", "vir"), ("10.00", "DBIT", "R2", "vir")), key=lambda one: -one.amount
    )
    said = {"number": asked_back.reference}
    assert "10,00 €" in text(treasury.post(reverse("desk:match", args=[wrong.id]), said), 422)
    treasury.post(reverse("desk:match", args=[line.id]), said)
    assert Withdrawal.objects.get().state == "paid"
