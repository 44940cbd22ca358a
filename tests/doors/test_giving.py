"""Somebody gives by card: the public page, the providers' messages, the fund's list at the desk."""

import json
import re
from collections.abc import Callable, Iterator
from types import SimpleNamespace

import pytest
from django.test import Client

from entremise.doors.api import hooks
from entremise.doors.clock import paying
from entremise.doors.desk import money
from entremise.doors.frame import visit
from entremise.doors.site import giving, hosting
from entremise.kernel.act import Act, Role
from entremise.payments.models import Intent, ProviderMessage
from entremise.people.models import ContactPoint, Person
from entremise.settlement.models import Invoice
from entremise.solidarity import operations
from entremise.solidarity.models import Fund, Gift
from entremise.tenancy.models import Organisation
from tests.doors.conftest import Visitor
from tests.doors.desk.conftest import desk
from tests.settlement.conftest import legal, odile, place
from tests.solidarity.conftest import due, held, owe, staff
from tests.solidarity.town import GivingTown, giving_town

__all__ = ["desk", "legal", "odile", "place"]

NAME = {"name": "Odile Marsan", "reach": ""}


@pytest.fixture
def act(inside: Organisation, legal: None) -> Act:
    return staff()


@pytest.fixture
def fund(act: Act) -> Fund:
    return operations.open_fund(act=act, name="Coup de pouce", purpose="Aider à payer.", origin="public")


@pytest.fixture
def town(act: Act, monkeypatch: pytest.MonkeyPatch) -> Iterator[GivingTown]:
    with giving_town(monkeypatch) as town:
        monkeypatch.setattr(visit, "now", lambda: town.at)
        monkeypatch.setattr(giving, "takes_gifts", lambda organisation: "helloasso")
        monkeypatch.setattr(hosting, "takes_cards", lambda organisation: "stripe")
        monkeypatch.setattr(money, "providers_of", lambda organisation: ["stripe", "helloasso"])
        monkeypatch.setattr(hooks, "provider_of", lambda organisation, name: town.giving)
        monkeypatch.setattr(hooks, "scope", SimpleNamespace(writing=paying.scope.writing))
        yield town


def text(answer: object) -> str:
    return re.sub(r"[\u00a0\u202f]", " ", answer.content.decode())


def meant(fund: Fund, **more: object) -> dict[str, object]:
    return {"fund": str(fund.id), "amount": "2000", **NAME, **more}


def test_a_visitor_gives_and_is_told_what_is_known(town: GivingTown, visitor: Client, fund: Fund) -> None:
    page = text(visitor.get("/donner/"))
    assert ("Aider à payer." in page, "mettre à 0 €" in page, "checked" in page) == (True, True, False)
    there = visitor.post("/donner/", meant(fund))["Location"]
    assert "Nous ouvrons la page" in text(visitor.get(there))
    town.turn()
    assert visitor.get(there)["Refresh"].startswith(f"0; url={town.helloasso.address}/checkout/")
    town.helloasso.pay(Intent.objects.get().page)
    back = visitor.get("/donner/retour?checkoutIntentId=1&code=succeeded", follow=True)
    assert "peut-être en route" in text(back)
    town.told()
    town.turn()
    assert "Votre don de 20,00 € a bien été reçu" in text(visitor.get(there))
    assert held(fund) == (2000, 0)
    giver = Gift.objects.get().giver
    assert (giver.full_name, giver.memberships.count()) == ("Odile Marsan", 0)


def test_nothing_is_said_to_whoever_gave_nothing_here(town: GivingTown, visitor: Client, fund: Fund) -> None:
    visitor.post("/donner/", meant(fund))
    visitor.cookies.clear()
    assert "Ce navigateur ne sait rien d’un don" in text(visitor.get("/donner/votre-don"))


@pytest.mark.parametrize(
    ("reach", "kept"),
    [("06 39 98 14 27", ("phone", "+33639981427")), ("odile@example.org", ("email", "odile@example.org"))],
)
def test_a_way_to_be_thanked_is_a_claim(
    town: GivingTown, visitor: Client, fund: Fund, reach: str, kept: tuple[str, str]
) -> None:
    visitor.post("/donner/", meant(fund, reach=reach))
    contact = ContactPoint.objects.get(person=Intent.objects.get().person)
    assert ((contact.kind, contact.value), contact.claimed) == (kept, True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"amount": ""}, "Choisissez un montant"),
        ({"other": "0,50"}, "de 1 € à 10 000 €"),
        ({"other": "99999"}, "de 1 € à 10 000 €"),
        ({"amount": "", "other": "dix"}, "Écrivez le montant ainsi"),
        ({"amount": "3"}, "Choisissez un montant"),
        ({"name": ""}, "Écrivez votre prénom"),
        ({"reach": "ici"}, "06"),
        ({"reach": "a@"}, "@"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(
    town: GivingTown, visitor: Client, fund: Fund, wrong: dict[str, str], said: str
) -> None:
    answer = visitor.post("/donner/", meant(fund, **wrong))
    assert (answer.status_code, said in text(answer)) == (422, True)
    assert (Intent.objects.count(), Person.objects.filter(family_name="Marsan").count()) == (0, 0)


def test_among_several_funds_none_is_chosen_in_advance(town: GivingTown, act: Act, visitor: Client, fund: Fund) -> None:
    other = operations.open_fund(act=act, name="Vacances", purpose="Partir un peu.", origin="public")
    operations.open_fund(act=act, name="Convention", purpose="Subvention.", origin="grant")
    page = text(visitor.get("/donner/"))
    assert ("Vacances" in page, "Convention" in page, "checked" in page) == (True, False, False)
    assert visitor.post("/donner/", {**meant(fund), "fund": ""}).status_code == 422
    visitor.post("/donner/", meant(other, other="12,50"))
    assert Intent.objects.get().amount == 1250


def test_whoever_has_signed_in_is_not_asked_who_they_are(
    town: GivingTown, inside_as: Visitor, odile: Person, fund: Fund
) -> None:
    client = inside_as(odile)
    assert "Votre nom" not in text(client.get("/donner/"))
    client.post("/donner/", {"fund": str(fund.id), "amount": "1000"})
    assert Intent.objects.get().person == odile


def test_without_keys_the_page_says_how_to_give_all_the_same(visitor: Client, fund: Fund) -> None:
    page = text(visitor.get("/donner/"))
    assert ("Par virement" in page, "Par chèque" in page, "Par carte" in page) == (True, True, False)
    assert visitor.post("/donner/", meant(fund)).status_code == 404


def test_without_any_fund_nothing_is_asked(town: GivingTown, visitor: Client) -> None:
    assert "Aucun fonds n’est ouvert" in text(visitor.get("/donner/"))


def test_notifications_are_kept_once_and_only_so_many_of_an_address(
    town: GivingTown, visitor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def post(number: int) -> int:
        body = json.dumps({"eventType": "Payment", "data": {"id": number}})
        return visitor.post("/api/providers/helloasso", body, content_type="application/json").status_code

    assert (post(1), post(1), ProviderMessage.objects.count()) == (200, 200, 1)
    assert visitor.post("/api/providers/helloasso", "x", content_type="application/json").status_code == 400
    monkeypatch.setattr(hooks, "HINTS", hooks.Limit("few", 1, 3600, hooks.by_address))
    assert (post(2), post(3), ProviderMessage.objects.count()) == (200, 429, 2)


# With an invoice


def test_a_client_adds_something_only_when_they_tick_it(
    town: GivingTown, inside_as: Visitor, odile: Person, fund: Fund, act: Act
) -> None:
    first, second = (owe(act, odile, total) for total in (4900, 2000))
    client = inside_as(odile)
    page = text(client.get("/moi/factures/"))
    assert ("Ajouter 3 € pour « Coup de pouce »" in page, "checked" in page) == (True, False)
    there = client.post(f"/moi/factures/{first.number}/carte", {"extra": str(fund.id)})["Location"]
    client.post(f"/moi/factures/{second.number}/carte")
    assert "dont 3,00 € pour le fonds « Coup de pouce »" in text(client.get(there))
    town.turn()
    for intent in Intent.objects.all():
        town.fake.pay(intent.page)
    town.told()
    town.turn()
    assert (due(first), due(second), held(fund)) == (0, 0, (300, 0))


def test_a_box_for_a_fund_that_has_closed_is_refused(
    town: GivingTown, inside_as: Visitor, odile: Person, fund: Fund, act: Act
) -> None:
    invoice, client = owe(act, odile, 4900), inside_as(odile)
    operations.close_fund(act=act, fund=fund)
    assert "Ajouter" not in text(client.get("/moi/factures/"))
    for extra in (str(fund.id), "x"):
        assert client.post(f"/moi/factures/{invoice.number}/carte", {"extra": extra}).status_code == 422
    assert Invoice.objects.count() - Intent.objects.count() == 1


def test_a_payment_that_is_to_close_leads_nowhere(
    town: GivingTown, inside_as: Visitor, odile: Person, fund: Fund, act: Act
) -> None:
    invoice, client = owe(act, odile, 4900), inside_as(odile)
    there = client.post(f"/moi/factures/{invoice.number}/carte")["Location"]
    town.turn()
    client.post(f"/moi/factures/{invoice.number}/carte", {"extra": str(fund.id)})
    assert client.get(there)["Refresh"] == "2"
    town.turn()
    town.turn()
    assert "Ce paiement est fermé" in text(client.get(there))


# At the desk


def test_the_desk_sees_a_gift_by_card_and_gives_it_back_to_the_card(
    town: GivingTown, visitor: Client, desk: Callable[..., Client], fund: Fund
) -> None:
    visitor.post("/donner/", meant(fund))
    town.turn()
    town.helloasso.pay(Intent.objects.get().page)
    town.told()
    town.turn()
    treasury = desk(Role.TREASURER)
    page = text(treasury.get("/bureau/solidarite/dons/"))
    assert ("par carte" in page, "Reprendre" in page) == (True, True)
    treasury.post(f"/bureau/solidarite/dons/{Gift.objects.get().id}/reprise")
    town.turn()
    page = text(treasury.get("/bureau/solidarite/dons/"))
    assert ("repris" in page, "Reprendre" in page, held(fund)) == (True, False, (0, 0))
    paying.read_statements(town.watch, town.organisation)
    page = text(treasury.get("/bureau/argent/en-ligne/"))
    assert ("Gardé par HelloAsso" in page, page.count("Aucun écart")) == (True, 2)
    assert "Votre don vous a été rendu" in text(visitor.get("/donner/votre-don"))
