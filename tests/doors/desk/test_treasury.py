"""The treasurer's room, as the treasurer and a second person use it."""

import re
from decimal import Decimal

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.figures.operations import override
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.payments.models import BankFile
from entremise.settlement import operations as settlement
from entremise.settlement.models import Approval, Invoice, Payout
from tests.doors.desk.pages import text
from tests.settlement.conftest import DECEMBER_4, settle, treasurer, worked

__all__ = ["treasurer", "worked"]

pytestmark = pytest.mark.usefixtures("inside")

PAY = {"on": "10/12/2026"}


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)


@pytest.fixture
def settled(treasurer: Act, worked: Mission) -> Invoice:
    settle(treasurer)
    return Invoice.objects.get()


@pytest.fixture
def limited(treasurer: Act, settled: Invoice) -> Invoice:
    """Ten euros in one file take two people."""
    key = "payments.second_person_above"
    first = DECEMBER_4.date().replace(day=1)
    override(act=treasurer, key=key, value=Decimal(10), unit="EUR", valid_from=first, source="conseil")
    return settled


def words(answer: HttpResponse, status: int = 200) -> str:
    """What stands on a page, without its tags and in one line."""
    return " ".join(re.sub("<[^>]*>", " ", text(answer, status)).split())


def test_the_room_says_what_there_is_and_who_owes_what(treasury: Client, treasurer: Act, settled: Invoice) -> None:
    day = DECEMBER_4.date()
    settlement.receive_cash(act=treasurer, invoice=settled, amount=2000, how="cash", on=day, key="one")
    page = words(treasury.get(reverse("desk:money")))
    assert "Ce que nous avons 20,00 €" in page
    assert "On nous doit 29,00 €" in page
    assert "Personnel, rémunérations dues depuis le 30/11/2026, 1 personne 21,44 €" in page


def test_every_figure_of_the_room_opens_onto_its_entries(treasury: Client, treasurer: Act, settled: Invoice) -> None:
    day = DECEMBER_4.date()
    settlement.receive_cash(act=treasurer, invoice=settled, amount=2000, how="cash", on=day, key="one")
    address = reverse("desk:account_lines", args=["530000"])
    assert address in treasury.get(reverse("desk:money")).content.decode()
    page = words(treasury.get(address + "?mois=2026-12"))
    assert "De 0,00 € à 20,00 €" in page
    assert settled.number in page
    assert "Aucun mouvement ce mois-là" in words(treasury.get(address + "?mois=2026-10"))
    assert words(treasury.get(address + "?mois=hier"))
    assert treasury.get(reverse("desk:account_lines", args=["999999"])).status_code == 404


def test_what_we_owe_names_who_waits(treasury: Client, settled: Invoice) -> None:
    page = words(treasury.get(reverse("desk:owing")))
    assert "Karim Belkacem" in page
    assert "431000" in page


def test_an_organisation_without_a_movement_owes_nothing(treasury: Client) -> None:
    assert "Nous ne devons rien" in words(treasury.get(reverse("desk:owing")))
    assert "Aucune écriture ce mois-là" in words(treasury.get(reverse("desk:journal")))


def test_a_months_journal_has_two_sides(treasury: Client, settled: Invoice) -> None:
    page = words(treasury.get(reverse("desk:journal") + "?mois=2026-12"))
    assert "411000" in page
    assert "706000" in page


def test_a_year_is_told_by_month(treasury: Client, settled: Invoice) -> None:
    page = words(treasury.get(reverse("desk:reports") + "?annee=2026"))
    assert "novembre 1 49,00 € 49,00 € 0,00 € 0,00 €" in page
    assert words(treasury.get(reverse("desk:reports") + "?annee=mille")) == words(treasury.get(reverse("desk:reports")))


def test_much_money_takes_a_second_person(treasury: Client, direction: Client, limited: Invoice) -> None:
    address = reverse("desk:pay")
    page = treasury.get(address).content.decode()
    assert "Préparer pour confirmation, 21,44" in words(treasury.get(address))
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    assert "Une autre personne le confirme" in words(treasury.post(address, {**PAY, "seen": seen}, follow=True))
    assert not Payout.objects.exists()
    assert "attend une deuxième personne" in words(treasury.get(reverse("desk:money")))
    assert "quand une autre personne confirme" in words(treasury.get(address))
    page = words(treasury.post(address, {**PAY, "seen": seen}), 422)
    assert "dépasse ce qu’une personne peut faire seule" in page
    assert "21,44 €" in page
    page = words(direction.get(address))
    assert "Hélène Garrigue a préparé ce fichier" in page
    assert "Confirmer 1 virement, 21,44 €" in page
    assert direction.post(address, {**PAY, "seen": seen})["Location"] == reverse("desk:bank")
    assert Payout.objects.get().state == "ordered"
    assert "deuxième personne" not in words(treasury.get(reverse("desk:money")))


def test_a_prepared_file_can_be_withdrawn(treasury: Client, direction: Client, limited: Invoice) -> None:
    treasury.post(reverse("desk:pay"), PAY)
    address = reverse("desk:withdraw_approval", args=[Approval.objects.get().id])
    assert direction.post(address)["Location"] == reverse("desk:pay")
    assert "n’est plus possible" in words(treasury.post(address), 422)
    assert not BankFile.objects.filter(way="out").exists()


def test_a_list_that_changed_is_looked_at_again(treasury: Client, settled: Invoice) -> None:
    page = text(treasury.post(reverse("desk:pay"), {**PAY, "seen": "0" * 64}), 422)
    assert "La liste a changé entre-temps" in page
    assert 'value="10/12/2026"' in page
    assert not Payout.objects.exists()


def test_a_coordinator_does_not_enter_the_room(coordination: Client, limited: Invoice) -> None:
    for name in ("money", "pay", "owing", "journal", "reports", "closing"):
        assert coordination.get(reverse(f"desk:{name}")).status_code == 404
