"""A deposit from a contract: asked at the desk, paid or held by the client on their page, used by the invoice."""

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from entremise.agreements.models import Agreement
from entremise.doors.desk import deposits as desk_deposits
from entremise.doors.frame import visit
from entremise.doors.site import deposits as site_deposits
from entremise.jobs.models import Activity, Mission
from entremise.kernel.act import Act, Role
from entremise.ledger.models import Transfer
from entremise.payments.models import Intent
from entremise.people.models import Person
from entremise.settlement.models import Deposit, Invoice
from entremise.tenancy.models import Organisation
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import desk
from tests.doors.desk.test_exports import rows_of, take
from tests.doors.test_paying import text
from tests.jobs.conftest import bruno
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
    treasurer,
    worked,
)
from tests.settlement.test_suppliers import done_for
from tests.settlement.town import Town

__all__ = [
    "asked", "bruno", "clock_act", "desk", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_",
    "treasurer", "worked",
]  # fmt: skip

LIST = "/bureau/argent/acomptes/"


@pytest.fixture
def fake() -> Iterator[Fake]:
    with Fake.open() as fake:
        yield fake


@pytest.fixture
def town(inside: Organisation, fake: Fake, monkeypatch: pytest.MonkeyPatch) -> Town:
    town = Town(fake, monkeypatch)
    monkeypatch.setattr(visit, "now", lambda: town.at)
    for door in (desk_deposits, site_deposits):
        monkeypatch.setattr(door, "takes_cards", lambda organisation: "stripe")
    return town


@pytest.fixture
def counter(desk: Callable[..., Client], town: Town) -> Client:
    return desk(Role.DIRECTOR)


def page_of(worked: Mission) -> str:
    assert worked.agreement
    return f"/bureau/contrats/{worked.agreement.number}/acompte/"


def ask(counter: Client, worked: Mission, how: str = "pay") -> Deposit:
    counter.post(page_of(worked), {"amount": "50", "how": how})
    return Deposit.objects.select_related("client", "agreement").get()


def test_no_contract_leads_to_a_deposit_that_is_not_ours(
    counter: Client, act: Act, odile: Person, bruno: Person, hedge: Activity
) -> None:
    mission = done_for(act, odile, bruno, hedge)
    assert mission.agreement
    page = text(counter.get(f"/bureau/contrats/{mission.agreement.number}/"))
    assert "Marsan" in page
    assert page_of(mission) not in page


def test_from_the_contract_to_the_list(counter: Client, worked: Mission) -> None:
    assert worked.agreement
    address = page_of(worked)
    assert address in text(counter.get(f"/bureau/contrats/{worked.agreement.number}/"))
    page = text(counter.post(address, {"amount": "50", "how": "hold"}, follow=True))
    assert "La personne reçoit un message" in page
    assert "Réservation sur la carte : 50,00 €" in page
    assert "Le travail fait et pas encore facturé coûte 49,00 €" in page
    assert address in text(counter.get(LIST))
    assert rows_of(take(counter, "deposits"))[1][3:] == ["Demandé", "50,00", "0,00"]


def test_a_wrong_amount_is_a_sentence_and_loses_nothing(counter: Client, worked: Mission) -> None:
    answer = counter.post(page_of(worked), {"amount": "beaucoup", "how": "hold"})
    assert answer.status_code == 422
    assert "Écrivez le montant ainsi" in text(answer)
    assert 'value="beaucoup"' in text(answer)
    assert not Deposit.objects.exists()


def test_coins_at_the_counter_and_the_rest_to_the_account(counter: Client, worked: Mission, treasurer: Act) -> None:
    deposit = ask(counter, worked)
    counter.post(f"{page_of(worked)}{deposit.id}/recu", {"how": "cash"})
    settle(treasurer)
    assert "Mettre les 1,00 € qui restent" in text(counter.get(page_of(worked)))
    page = text(counter.post(f"{page_of(worked)}{deposit.id}/reste", follow=True))
    assert "Le reste est sur le compte de la personne" in page
    assert "Demander un acompte" in page
    said = text(counter.get(f"/bureau/personnes/{deposit.client_id}/compte/"))
    assert "Acompte versé" in said
    assert "Facture payée avec l’acompte" in said
    assert "Reste de l’acompte, sur le compte" in said


def test_a_client_has_it_held_and_the_desk_takes_what_is_due(
    counter: Client, worked: Mission, town: Town, inside_as: Visitor
) -> None:
    deposit = ask(counter, worked, "hold")
    mine, address = inside_as(deposit.client), f"/moi/acomptes/{deposit.id}/"
    assert address in text(mine.get("/moi/factures/"))
    assert "Rien n’est pris aujourd’hui" in text(mine.get(address))
    answer = mine.post(address, follow=True)
    assert answer["Refresh"] == "2"
    town.turn()
    assert mine.get(address)["Refresh"].startswith("0; url=http")
    assert "Reprendre le paiement" in text(mine.get(f"{address}?retour=1"))
    town.fake.pay(Intent.objects.get().page)
    town.told()
    town.turn()
    assert "50,00 € sont réservés sur votre carte" in text(mine.get(address))
    assert "La banque garde cette somme" in text(counter.get(page_of(worked)))
    refused = counter.post(f"{page_of(worked)}{deposit.id}/prise", {"amount": "80"})
    assert refused.status_code == 422
    assert "ce qui est réservé, 50,00 €" in text(refused)
    counter.post(f"{page_of(worked)}{deposit.id}/prise", {"amount": "49"})
    assert "Le prestataire de paiement s’en occupe" in text(counter.get(page_of(worked)))
    town.turn()
    assert "49,00 € seront déduits" in text(mine.get(address))
    settle(town.treasurer)
    assert "Votre acompte a payé votre facture" in text(mine.get(address))
    assert Invoice.objects.get().total == 4900


def test_what_is_left_of_a_card_goes_back_to_it(
    counter: Client, worked: Mission, town: Town, inside_as: Visitor
) -> None:
    deposit = ask(counter, worked)
    inside_as(deposit.client).post(f"/moi/acomptes/{deposit.id}/")
    town.turn()
    town.fake.pay(Intent.objects.get().page)
    town.told()
    town.turn()
    settle(town.treasurer)
    assert "Rendre 1,00 € sur sa carte" in text(counter.get(page_of(worked)))
    counter.post(f"{page_of(worked)}{deposit.id}/carte")
    assert "Le prestataire de paiement s’en occupe" in text(counter.get(page_of(worked)))
    town.turn()
    town.turn()
    deposit.refresh_from_db()
    assert (deposit.state, deposit.left, town.fake.till.all("charge")[0]["amount_refunded"]) == ("returned", 0, 100)


def test_what_is_given_up_lets_the_card_go(counter: Client, worked: Mission, town: Town, inside_as: Visitor) -> None:
    deposit = ask(counter, worked, "hold")
    mine = inside_as(deposit.client)
    mine.post(f"/moi/acomptes/{deposit.id}/")
    town.turn()
    town.fake.pay(Intent.objects.get().page)
    town.told()
    town.turn()
    counter.post(f"{page_of(worked)}{deposit.id}/retrait")
    town.turn()
    town.turn()
    assert "Cet acompte n’est plus demandé" in text(mine.get(f"/moi/acomptes/{deposit.id}/"))
    assert not Transfer.objects.filter(phase="posted", cause="deposit_in").exists()


def test_somebody_elses_deposit_is_none(
    counter: Client, worked: Mission, town: Town, inside_as: Visitor, karim: Person
) -> None:
    deposit = ask(counter, worked)
    assert inside_as(karim).get(f"/moi/acomptes/{deposit.id}/").status_code == 404
    assert counter.post(f"/bureau/contrats/autre/acompte/{deposit.id}/retrait").status_code == 404


def test_the_list_asks_as_many_questions_for_one_as_for_many(counter: Client, worked: Mission) -> None:
    deposit = ask(counter, worked)
    for _ in range(2):
        counter.get(LIST)
    one = questions(counter, LIST)
    for number in range(4):
        Deposit.objects.create(
            agreement=_another(deposit.agreement, f"MAD-{number}"),
            client=deposit.client,
            amount=100,
            state="asked",
            asked_at=deposit.asked_at,
        )
    assert questions(counter, LIST) == one


def _another(agreement: Agreement, number: str) -> Agreement:
    return Agreement.objects.create(
        number=number,
        mode=agreement.mode,
        title=agreement.title,
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        drawn_up_at=agreement.drawn_up_at,
    )
