"""Cards for people who work on their own account: they open an account, a client pays, the treasurer gives back."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from entremise.doors.clock import paying
from entremise.doors.frame import visit
from entremise.doors.site import business, hosting, supplied
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Role
from entremise.payments.models import Intent, ProviderAccount
from entremise.people.models import Person
from entremise.settlement.models import SupplierInvoice
from entremise.tenancy.models import Organisation
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import desk
from tests.doors.desk.test_exports import rows_of, take
from tests.doors.test_paying import text
from tests.jobs.conftest import bruno, hedge, legal, odile, place
from tests.provider.fake import Fake
from tests.settlement.test_supplied import owed
from tests.settlement.test_suppliers import december, worked
from tests.settlement.town import Town

__all__ = ["bruno", "december", "desk", "hedge", "legal", "odile", "owed", "place", "worked"]

CARDS = "/moi/entreprise/cartes/"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def town(inside: Organisation, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = Town(fake, monkeypatch)
    monkeypatch.setattr(visit, "now", lambda: town.at)
    for door in (business, hosting, supplied):
        monkeypatch.setattr(door, "takes_cards", lambda organisation: "stripe")
    return town


def clock(town: Town) -> None:
    paying.look_at_accounts(town.watch, town.organisation)


def test_a_supplier_opens_an_account_and_a_client_pays_into_it(
    town: Town, inside_as: Visitor, owed: SupplierInvoice, bruno: Person, odile: Person, desk: Callable[..., Client]
) -> None:
    own, client = inside_as(bruno), inside_as(odile)
    assert CARDS in text(own.get("/moi/entreprise/"))
    assert "Payer par carte" not in text(client.get("/moi/factures/"))
    assert "Ouvrir mon compte" in text(own.get(CARDS))
    assert own.post(CARDS, follow=True)["Refresh"] == "2"
    clock(town)
    assert own.get(CARDS)["Refresh"].startswith("0; url=https://connect")
    assert "Le prestataire n’en sait pas encore assez" in text(own.get(f"{CARDS}?retour=1"))
    town.fake.till.knows(ProviderAccount.objects.get().ref)
    town.told()
    clock(town)
    assert "Vos clients peuvent vous payer par carte" in text(own.get(CARDS))
    pay = f"/moi/factures/independants/{owed.id}/carte"
    assert pay in text(client.get("/moi/factures/"))
    there = client.post(pay)["Location"]
    assert "66,66 €" in text(client.get(there))
    town.turn()
    town.fake.pay(Intent.objects.get().page)
    assert client.get(f"/moi/factures/independants/{owed.id}/retour")["Location"] == f"{there}?retour=1"
    town.told()
    town.turn()
    assert "C’est payé, merci" in text(client.get(there))
    town.turn()
    assert "Commission gardée" in text(own.get("/moi/compte/"))
    treasury = desk(Role.TREASURER)
    page = text(treasury.get("/bureau/argent/independants/"))
    assert "dont 59,99 € versés" in page
    assert rows_of(take(treasury, "supplied"))[1][4:] == ["66,66", "59,99", "0,00"]
    given = {"invoice": str(owed.id), "amount": "100"}
    refused = treasury.post("/bureau/argent/independants/", given)
    assert refused.status_code == 422
    assert "ce qui reste du paiement, 66,66 €" in text(refused)
    treasury.post("/bureau/argent/independants/", {**given, "amount": "10"})
    town.turn()
    town.turn()
    assert "rendu : 10,00 €" in text(treasury.get("/bureau/argent/independants/"))


def test_nobody_pays_or_sees_what_somebody_else_owes(
    town: Town, inside_as: Visitor, owed: SupplierInvoice, bruno: Person
) -> None:
    other = inside_as(bruno)
    assert other.post(f"/moi/factures/independants/{owed.id}/carte").status_code in (403, 404)


def test_without_a_provider_there_are_no_cards(
    inside_as: Visitor, owed: SupplierInvoice, bruno: Person, december: Act, worked: Mission
) -> None:
    own = inside_as(bruno)
    assert CARDS not in text(own.get("/moi/entreprise/"))
    assert own.get(CARDS).status_code == 404


def test_the_list_asks_as_many_questions_for_one_as_for_many(
    town: Town, owed: SupplierInvoice, desk: Callable[..., Client]
) -> None:
    treasury, page = desk(Role.TREASURER), "/bureau/argent/independants/"
    paid = {
        "person": owed.client, "about": "supplied", "about_id": owed.id, "role": "agent", "provider": "stripe",
        "amount": 6666, "state": "captured", "taken": 6666, "asked_at": town.at, "entry": owed.id,
    }  # fmt: skip
    Intent.objects.create(**paid)
    one = questions(treasury, page)
    for _ in range(4):
        Intent.objects.create(**paid)
    assert questions(treasury, page) == one
