"""An invoice paid by card: the client's pages, the provider's messages, the treasurer's pages."""

import re
from collections.abc import Callable, Iterator
from time import time
from types import SimpleNamespace

import pytest
from django.test import Client

from entremise.doors.api import hooks
from entremise.doors.clock import paying
from entremise.doors.desk import money
from entremise.doors.frame import visit
from entremise.doors.site import hosting
from entremise.kernel.act import Act, Role
from entremise.payments.models import BankLine, Intent, ProviderMessage
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import desk
from tests.provider.fake import Fake
from tests.settlement.conftest import (
    asked,
    clock_act,
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
from tests.settlement.town import Town

__all__ = [
    "asked", "clock_act", "desk", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_",
    "treasurer", "worked",
]  # fmt: skip


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def invoice(worked: object, treasurer: Act) -> Invoice:
    """49 € that Odile owes."""
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


@pytest.fixture
def town(invoice: Invoice, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = Town(fake, monkeypatch)
    monkeypatch.setattr(visit, "now", lambda: town.at)
    monkeypatch.setattr(hosting, "takes_cards", lambda organisation: "stripe")
    monkeypatch.setattr(money, "providers_of", lambda organisation: ["stripe"])
    monkeypatch.setattr(hooks, "provider_of", lambda organisation, name: town.provider if name == "stripe" else None)
    monkeypatch.setattr(hooks, "scope", SimpleNamespace(writing=paying.scope.writing))
    return town


def text(answer: object) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", answer.content.decode())


def pays(town: Town, client: Client, invoice: Invoice) -> str:
    """As far as the payer has filled in the provider's page; the address of their own page here."""
    answer = client.post(f"/moi/factures/{invoice.number}/carte")
    town.turn()
    town.fake.pay(Intent.objects.get().page)
    return answer["Location"]


def messages(town: Town, visitor: Client) -> list[int]:
    return [
        visitor.post(
            "/api/providers/stripe",
            body,
            content_type="application/json",
            headers={"Stripe-Signature": headers["Stripe-Signature"]},
        ).status_code
        for body, headers in (town.fake.signed(event, at=int(time())) for event in town.fake.till.events)
    ]


def test_a_client_pays_by_card_without_a_script(
    town: Town, inside_as: Visitor, visitor: Client, odile: Person, invoice: Invoice
) -> None:
    client = inside_as(odile)
    assert "Payer par carte" in text(client.get("/moi/factures/"))
    there = client.post(f"/moi/factures/{invoice.number}/carte")["Location"]
    waiting = client.get(there)
    assert (waiting["Refresh"], "Nous ouvrons la page" in text(waiting)) == ("2", True)
    town.turn()
    assert client.get(there)["Refresh"].startswith(f"0; url={town.fake.address}/pay/")
    town.fake.pay(Intent.objects.get().page)
    back = client.get(f"/moi/factures/{invoice.number}/retour", follow=True)
    assert "Nous attendons la réponse" in text(back)
    assert set(messages(town, visitor)) == {200}
    town.turn()
    assert "C’est payé, merci." in text(client.get(there))
    assert "Payée" in text(client.get("/moi/factures/"))


def test_a_message_counts_once_and_a_forged_one_never(
    town: Town, inside_as: Visitor, visitor: Client, odile: Person, invoice: Invoice
) -> None:
    pays(town, inside_as(odile), invoice)
    assert set(messages(town, visitor)) == set(messages(town, visitor)) == {200}
    assert ProviderMessage.objects.count() == len(town.fake.till.events)
    town.fake.webhook_secret = "whsec_other"
    assert set(messages(town, visitor)) == {400}
    assert visitor.post("/api/providers/nobody", b"{}", content_type="application/json").status_code == 404
    assert visitor.get("/api/providers/stripe").status_code == 405


def test_nobody_pays_or_sees_what_somebody_else_owes(
    town: Town, inside_as: Visitor, odile: Person, nadege: Person, invoice: Invoice
) -> None:
    there = pays(town, inside_as(odile), invoice)
    other = inside_as(nadege)
    assert other.post(f"/moi/factures/{invoice.number}/carte").status_code == 404
    assert other.get(there).status_code == 404


def test_without_a_provider_no_card_is_offered(inside_as: Visitor, odile: Person, invoice: Invoice) -> None:
    client = inside_as(odile)
    assert "Payer par carte" not in text(client.get("/moi/factures/"))
    assert client.post(f"/moi/factures/{invoice.number}/carte").status_code == 404


def test_the_treasurer_gives_back_and_never_more_than_was_taken(
    town: Town, inside_as: Visitor, desk: Callable[..., Client], odile: Person, invoice: Invoice
) -> None:
    pays(town, inside_as(odile), invoice)
    for _ in range(2):
        town.later(minutes=2)
        town.turn()
    treasury, payment = desk(Role.TREASURER), str(Intent.objects.get().id)
    address, ours = f"/bureau/argent/factures/{invoice.number}/rendu", {"bearer": "organisation"}
    refused = treasury.post(address, {**ours, "payment": payment, "amount": "50"})
    assert (refused.status_code, "ce qui reste du paiement, 49,00 €" in text(refused)) == (422, True)
    treasury.post(address, {**ours, "payment": payment, "amount": "19"})
    town.turn()
    page = text(treasury.get(f"/bureau/argent/factures/{invoice.number}/"))
    assert "Pris : 49,00 €, rendu : 19,00 €" in page
    assert "Frais non rendus : 0,38 €, à la charge de l’organisation" in page
    assert treasury.post(address, {"payment": "x", "amount": "1"}).status_code == 404
    elsewhere = "/bureau/argent/factures/FA-1999-0001/rendu"
    assert treasury.post(elsewhere, {"payment": payment, "amount": "1"}).status_code == 404


def test_the_client_bears_the_fee_of_a_refund_only_with_a_reason_and_everybody_sees_it(
    town: Town, inside_as: Visitor, desk: Callable[..., Client], odile: Person, invoice: Invoice
) -> None:
    pays(town, inside_as(odile), invoice)
    for _ in range(2):
        town.later(minutes=2)
        town.turn()
    treasury, address = desk(Role.TREASURER), f"/bureau/argent/factures/{invoice.number}/"
    given = {"payment": str(Intent.objects.get().id), "amount": "49", "bearer": "client"}
    refused = treasury.post(f"{address}rendu", given)
    assert (refused.status_code, "Écrivez pourquoi" in text(refused)) == (422, True)
    page = text(treasury.post(f"{address}rendu", {**given, "reason": "annulé la veille"}, follow=True))
    assert "48,01 € vont être rendus" in page
    town.turn()
    page = text(treasury.get(address))
    assert "Frais non rendus : 0,99 €, à la charge du client, qui a annulé" in page
    assert "(annulé la veille)" in page
    assert "gardés pour les frais du remboursement" in page
    assert "Frais du remboursement, gardés par le prestataire" in text(inside_as(odile).get("/moi/compte/"))


def test_the_treasurer_sees_only_what_differs(
    town: Town, inside_as: Visitor, desk: Callable[..., Client], odile: Person, invoice: Invoice, treasurer: Act
) -> None:
    treasury = desk(Role.TREASURER)
    pays(town, inside_as(odile), invoice)
    paying.read_statements(town.watch, town.organisation)
    assert "Un paiement que nous ne connaissons pas" in text(treasury.get("/bureau/argent/en-ligne/"))
    town.later(minutes=2)
    town.turn()
    assert "Aucun écart" in text(treasury.get("/bureau/argent/en-ligne/"))
    town.later(days=2)
    town.fake.till.pay_out()
    town.later(days=1)
    paying.read_statements(town.watch, town.organisation)
    page = text(treasury.get("/bureau/argent/en-ligne/"))
    assert "Virement vers la banque, pas encore reconnu" in page
    assert "1 écart" in page
    statement(treasurer, ("48.01", "CRDT", "R9", "STRIPE"))
    treasury.post(f"/bureau/argent/banque/lignes/{BankLine.objects.get().id}/mise-de-cote", {"what": "provider"})
    assert "Aucun écart" in text(treasury.get("/bureau/argent/en-ligne/"))
    assert questions(treasury, "/bureau/argent/en-ligne/") <= 18
