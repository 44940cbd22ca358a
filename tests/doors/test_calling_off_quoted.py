"""The fee of a visit by quote: read before anybody agrees, before it is called off, and forgone by its owner alone."""

import pytest
from django.test import Client

from entremise.agreements.models import Agreement, Fulfilment
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission
from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from tests.doors.conftest import Visitor
from tests.doors.desk.conftest import Desk, desk
from tests.doors.desk.pages import text
from tests.doors.test_calling_off import evening
from tests.jobs.conftest import asked, bruno, hedge, karim, later, legal, mission, nadege, odile, place, request_
from tests.jobs.test_calling_off_quoted import sent, this_evening, visit

__all__ = [
    "asked", "bruno", "desk", "evening", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_",
    "this_evening", "visit",
]  # fmt: skip


@pytest.fixture
def coordination(desk: Desk) -> Client:
    return desk(Role.COORDINATOR)


@pytest.fixture
def called_off(visit: Mission, this_evening: Act) -> Mission:
    return jobs.cancel_mission(act=this_evening, mission=visit, fee=3200)


def test_the_rule_is_read_before_the_quote_is_sent_and_before_it_is_accepted(
    inside_as: Visitor, coordination: Client, act: Act, odile: Person, hedge: Activity, bruno: Person
) -> None:
    quote = sent(act, odile, hedge, bruno)
    assert "il vous doit 50 % du prix" in text(inside_as(bruno).get("/moi/"))
    for page in (
        inside_as(odile).get("/moi/visites/"),
        coordination.get(f"/bureau/demandes/{quote.request.listing.number}/"),
    ):
        assert "Plus tard, 50 % du prix de la visite est dû" in text(page)


def test_each_reads_their_side_of_it_in_the_agreement(
    inside_as: Visitor, visit: Mission, odile: Person, bruno: Person
) -> None:
    address = f"/moi/papiers/{visit.agreement_id}/"
    assert "Plus tard, 50 % du prix de la visite est dû" in text(inside_as(odile).get(address))
    theirs = text(inside_as(bruno).get(address))
    assert "il vous doit 50 % du prix" in theirs
    assert "heures prévues est payé" not in theirs


def test_the_title_of_an_agreement_says_that_it_is_french(
    inside_as: Visitor, coordination: Client, visit: Mission, odile: Person
) -> None:
    """Its text always is; a reader of English hears it with the right voice."""
    english = text(inside_as(odile).get(f"/en/me/papers/{visit.agreement_id}/"))
    assert '<html lang="en">' in english
    assert '<h1 lang="fr">Tailler une haie</h1>' in english
    number = Agreement.objects.get().number
    assert '<h1 lang="fr">Tailler une haie</h1>' in text(coordination.get(f"/bureau/contrats/{number}/"))


@pytest.mark.usefixtures("evening")
def test_a_client_reads_what_it_costs_and_whose_it_is(inside_as: Visitor, visit: Mission, odile: Person) -> None:
    client, address = inside_as(odile), f"/moi/missions/{visit.id}/annulation"
    page = text(client.get(address))
    assert "Annuler et payer 32,00 €" in page
    assert "Cette somme va à Bruno, dont 3,20 € de commission" in page
    assert client.post(address, {"fee": "3200"}).status_code == 302
    assert Fulfilment.objects.get().due == 3200


@pytest.mark.usefixtures("evening")
def test_the_desk_reads_it_aloud_and_gives_nothing_away(coordination: Client, visit: Mission) -> None:
    address = f"/bureau/missions/{visit.id}/annulation"
    page = text(coordination.get(address))
    assert "Cette somme va à" in page
    assert "Intempérie" in page
    assert "Erreur de notre part" not in page
    odd = {"fee": "3200", "excuse": "ours", "reason": "Notre faute"}
    assert coordination.post(address, odd).status_code == 422
    assert not Fulfilment.objects.exists()


def test_the_supplier_sees_what_is_owed_and_forgoes_it(
    inside_as: Visitor, called_off: Mission, bruno: Person, odile: Person
) -> None:
    address = f"/moi/entreprise/visites/{called_off.id}/renonciation"
    assert inside_as(odile).post(address).status_code in (403, 404)
    client = inside_as(bruno)
    assert "32,00 €" in text(client.get("/moi/entreprise/"))
    assert client.post(address).status_code == 302
    assert "Visites annulées trop tard" not in text(client.get("/moi/entreprise/"))
    assert Fulfilment.objects.get(replaces__isnull=False).due == 0


def test_another_supplier_forgoes_nothing_of_theirs(
    inside_as: Visitor, act: Act, called_off: Mission, karim: Person
) -> None:
    jobs.describe_supplier(act=act, person=karim, siret="90000000100017")
    client = inside_as(karim)
    assert client.post(f"/moi/entreprise/visites/{called_off.id}/renonciation").status_code == 404
    assert "Marsan" not in text(client.get("/moi/entreprise/"))


def test_the_desk_notes_that_the_supplier_forgoes_it(coordination: Client, called_off: Mission) -> None:
    assert "Bruno y renonce" in text(coordination.get(f"/bureau/demandes/{called_off.number}/"))
    address = f"/bureau/missions/{called_off.id}/remise"
    assert coordination.post(address, {"reason": ""}).status_code == 422
    assert coordination.post(address, {"reason": "Il l’a dit au téléphone"}).status_code == 302
    row = Fulfilment.objects.get(replaces__isnull=False)
    assert (row.due, row.on_behalf_of) == (0, called_off.worker_id)


def test_a_reason_that_is_missing_or_too_long_is_said_beside_its_field(
    coordination: Client, called_off: Mission
) -> None:
    address, beside = f"/bureau/missions/{called_off.id}/remise", f'id="remise-{called_off.id}-erreur"'
    for typed in ("", "trop long " * 30):
        page = coordination.post(address, {"reason": typed}).content.decode()
        assert beside in page
        assert f'value="{typed}" aria-invalid="true"' in page


def test_nobody_who_is_employed_forgoes_what_is_owed_to_us(inside_as: Visitor, act: Act, mission: Mission) -> None:
    """Somebody employed who works on their own account too."""
    jobs.describe_supplier(act=act, person=mission.worker, siret="90000000100017")
    jobs.cancel_mission(act=later(act, hours=9), mission=mission, fee=2450)
    answer = inside_as(mission.worker).post(f"/moi/entreprise/visites/{mission.id}/renonciation")
    assert answer.status_code in (403, 422)
    assert Fulfilment.objects.get().due == 2450
