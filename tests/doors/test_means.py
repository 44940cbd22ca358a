"""A card or an account kept at the provider: the client's page, their card at the desk, the clock's day."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.api import hooks
from entremise.doors.clock import dunning, paying
from entremise.doors.desk import people as desk_people
from entremise.doors.frame import visit
from entremise.doors.site import hosting
from entremise.doors.site import means as site_means
from entremise.kernel.act import Act, Role
from entremise.messaging.models import Letter, Task
from entremise.payments.models import Intent, KeptMeans
from entremise.people.models import Person
from entremise.settlement.models import Charge, Invoice
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import desk
from tests.doors.test_paying import messages, text
from tests.provider.fake import Fake
from tests.provider.kept import turn_out
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
    treasurer,
    worked,
)
from tests.settlement.town import Town, due

__all__ = [
    "asked", "clock_act", "desk", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_",
    "treasurer", "worked",
]  # fmt: skip

PAGE = "/moi/moyens-de-paiement/"


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
    for door in (visit, dunning):
        monkeypatch.setattr(door, "now", lambda: town.at)
    for door in (hosting, site_means, desk_people):
        monkeypatch.setattr(door, "takes_cards", lambda organisation: "stripe")
    monkeypatch.setattr(dunning, "read", paying.read)
    monkeypatch.setattr(dunning, "write", paying.write)
    monkeypatch.setattr(hooks, "provider_of", lambda organisation, name: town.provider)
    monkeypatch.setattr(hooks, "scope", SimpleNamespace(writing=paying.scope.writing))
    return town


@pytest.fixture
def client(town: Town, inside_as: Visitor, odile: Person) -> Client:
    return inside_as(odile)


def keeps(town: Town, client: Client, visitor: Client, kind: str = "card", means: str = "pm_card_visa") -> KeptMeans:
    """As far as the provider has it, and has told us twice."""
    client.post(PAGE, {"kind": kind})
    town.turn()
    town.fake.pay(KeptMeans.objects.get(state="asked").page, means)
    for _ in range(2):
        assert set(messages(town, visitor)) == {200}
    town.turn()
    return KeptMeans.objects.get(state="kept")


def chosen(town: Town, client: Client, visitor: Client) -> KeptMeans:
    kept = keeps(town, client, visitor)
    client.post(f"{PAGE}{kept.id}/factures", {"agree": "on"})
    return kept


def a_day(town: Town) -> None:
    dunning.tell_charges(town.watch, town.organisation)
    Letter.objects.filter(template="charge_told", state="queued").update(state="sent")
    dunning.charge(town.watch, town.organisation)
    for _ in range(3):
        town.turn()


def until_its_day(town: Town) -> None:
    town.later(days=(Charge.objects.get().collect_on - town.at.date()).days)
    a_day(town)


def test_a_card_is_kept_chosen_told_charged_and_contested(
    town: Town, client: Client, visitor: Client, invoice: Invoice
) -> None:
    assert PAGE in text(client.get("/moi/factures/"))
    there = client.post(PAGE, {"kind": "card"})["Location"]
    assert client.get(there)["Refresh"] == "2"
    town.turn()
    assert client.get(there)["Refresh"].startswith(f"0; url={town.fake.address}/pay/")
    town.fake.pay(KeptMeans.objects.get().page, "pm_card_createDispute")
    assert client.get(f"{PAGE}?retour=1")["Refresh"] == "2"
    assert set(messages(town, visitor)) == set(messages(town, visitor)) == {200}
    town.turn()
    page = text(client.get(PAGE))
    assert "Carte Visa …4242" in page
    assert "Valable jusqu’à 12/2034" in page
    a_day(town)
    assert not Charge.objects.exists()
    kept = KeptMeans.objects.get()
    assert "paie vos factures" in text(client.post(f"{PAGE}{kept.id}/factures", {"agree": "on"}, follow=True))
    a_day(town)
    assert Letter.objects.filter(template="charge_told").count() == 1
    assert invoice.number in text(client.get(PAGE))
    assert "prélevés le" in text(client.get("/moi/factures/"))
    until_its_day(town)
    assert set(messages(town, visitor)) == set(messages(town, visitor)) == {200}
    town.turn()
    assert due(invoice) == 0
    town.later(days=2)
    assert set(messages(town, visitor)) == {200}
    town.turn()
    assert (due(invoice), Charge.objects.get().state) == (4900, "returned")
    assert "Payer mes factures avec" in text(client.get(PAGE))


@pytest.mark.parametrize(
    ("fate", "said"),
    [("generic_decline", "generic_decline"), ("authentication_required", "sa banque veut qu’elle confirme elle-même")],
)
def test_a_card_that_will_not_pay_is_said_to_its_owner_and_to_the_desk(
    town: Town, client: Client, visitor: Client, desk: Callable[..., Client], invoice: Invoice, fate: str, said: str
) -> None:
    turn_out(town.fake.till, chosen(town, client, visitor).ref, fate)
    a_day(town)
    until_its_day(town)
    letter = Letter.objects.get(template="charge_failed")
    assert ("Votre banque veut" in letter.body) == (fate == "authentication_required")
    task = Task.objects.get(kind="charge_failed")
    assert said in text(desk(Role.COORDINATOR).get(reverse("desk:task", args=[task.id])))
    assert "Payer par carte" in text(client.get("/moi/factures/"))
    a_day(town)
    assert (Intent.objects.count(), due(invoice)) == (1, 4900)


@pytest.mark.parametrize("how", ["retrait", "factures/fin"])
def test_said_no_before_the_day_nothing_is_charged(
    town: Town, client: Client, visitor: Client, invoice: Invoice, how: str
) -> None:
    kept = chosen(town, client, visitor)
    a_day(town)
    client.post(f"{PAGE}{kept.id}/{how}")
    until_its_day(town)
    assert (Intent.objects.count(), Charge.objects.get().state) == (0, "dropped")
    assert ("…4242" in text(client.get(PAGE))) == (how == "factures/fin")


def test_the_choice_wants_its_box_ticked_and_a_kind_that_there_is(town: Town, client: Client, visitor: Client) -> None:
    kept = keeps(town, client, visitor)
    refused = client.post(f"{PAGE}{kept.id}/factures", {})
    assert (refused.status_code, "Cochez la case" in text(refused)) == (422, True)
    refused = client.post(PAGE, {"kind": "gold"})
    assert (refused.status_code, 'role="alert"' in text(refused)) == (422, True)
    refused = client.post(PAGE, {"kind": "card"})
    assert (refused.status_code, "C’est déjà gardé." in text(refused)) == (422, True)
    assert KeptMeans.objects.get().pays_since is None


def test_nobody_sees_or_takes_away_what_is_somebody_elses(
    town: Town, client: Client, visitor: Client, inside_as: Visitor, nadege: Person
) -> None:
    kept, other = keeps(town, client, visitor), inside_as(nadege)
    for what in ("factures", "factures/fin", "retrait"):
        assert other.post(f"{PAGE}{kept.id}/{what}", {"agree": "on"}).status_code == 404
    assert KeptMeans.objects.get().state == "kept"


def test_without_a_provider_none_is_offered(inside_as: Visitor, odile: Person, invoice: Invoice) -> None:
    client = inside_as(odile)
    assert "pas encore possible" in text(client.get(PAGE))
    assert client.post(PAGE, {"kind": "card"}).status_code == 404


def test_the_desk_sends_the_link_sees_what_is_kept_and_takes_it_away(
    town: Town, client: Client, visitor: Client, desk: Callable[..., Client], odile: Person
) -> None:
    coordination, card = desk(Role.COORDINATOR), f"/bureau/personnes/{odile.id}/"
    assert "Rien n’est gardé" in text(coordination.get(card))
    coordination.post(f"{card}moyens/lien")
    assert "garder votre carte" in Letter.objects.get(template="means_link").body
    kept = chosen(town, client, visitor)
    a_day(town)
    page = text(coordination.get(card))
    assert "Carte Visa …4242" in page
    assert "paie ses factures" in page
    assert "49,00 € le" in page
    coordination.post(f"{card}moyens/{kept.id}/fin")
    assert Charge.objects.get().state == "dropped"
    coordination.post(f"{card}moyens/{kept.id}/retrait")
    kept.refresh_from_db()
    assert kept.state == "removed"
    assert coordination.post(f"{card}moyens/{odile.id}/retrait").status_code == 404


def test_an_account_is_kept_with_its_mandate_and_two_kinds_stand_beside_each_other(
    town: Town, client: Client, visitor: Client
) -> None:
    keeps(town, client, visitor)
    iban = {"iban": "FR1420041010050500013M02606"}
    means = town.fake.till.new_means({"type": "sepa_debit", "sepa_debit": iban})["id"]
    client.post(PAGE, {"kind": "sepa_debit"})
    town.turn()
    town.fake.pay(KeptMeans.objects.get(state="asked").page, means)
    messages(town, visitor)
    town.turn()
    page = text(client.get(PAGE))
    assert "Compte …2606" in page
    assert "Mandat RUM" in page
    assert "Garder un moyen de paiement" not in page
    assert questions(client, PAGE) <= 16


def test_a_page_left_open_moves_on_by_itself_for_minutes_only(town: Town, client: Client) -> None:
    there = client.post(PAGE, {"kind": "card"})["Location"]
    town.at += timedelta(minutes=11)
    assert "Refresh" not in client.get(there)
