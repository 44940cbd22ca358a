"""Calling off a visit: what it costs is on the page before it is confirmed, at home and at the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from entremise.agreements.models import Fulfilment
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.conftest import Visitor
from tests.doors.desk.conftest import desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import asked, hedge, karim, later, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "desk", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]


@pytest.fixture
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: TODAY + timedelta(hours=9))


@pytest.fixture
def coordination(desk: object) -> Client:
    return desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.


def test_a_client_calls_off_in_time_for_nothing(inside_as: Visitor, odile: Person, mission: Mission) -> None:
    client, address = inside_as(odile), f"/moi/missions/{mission.id}/annulation"
    assert address in text(client.get("/moi/visites/"))
    assert "Rien n’est dû : la dernière signature date de moins de 30 minutes." in text(client.get(address))
    assert client.post(address, {"fee": "0"}).status_code == 302
    mission.refresh_from_db()
    assert mission.state == "cancelled"


@pytest.mark.usefixtures("evening")
def test_a_client_sees_the_price_of_calling_off_late_before_they_do(
    inside_as: Visitor, odile: Person, mission: Mission
) -> None:
    client, address = inside_as(odile), f"/moi/missions/{mission.id}/annulation"
    page = text(client.get(address))
    assert "Annuler et payer 24,50 €" in page
    assert "Si personne n’est là à l’arrivée, 100 % du prix est dû." in page
    again = text(client.post(address, {"fee": "0"}), 422)
    assert "Annuler maintenant coûte 24,50 €" in again
    assert not Fulfilment.objects.exists()
    client.post(address, {"fee": "2450"})
    assert Fulfilment.objects.get().due == 2450


@pytest.mark.usefixtures("evening")
def test_nonsense_in_the_price_is_no_agreement(inside_as: Visitor, odile: Person, mission: Mission) -> None:
    answer = inside_as(odile).post(f"/moi/missions/{mission.id}/annulation", {"fee": "beaucoup"})
    assert answer.status_code == 422
    assert not Fulfilment.objects.exists()


def test_nobody_calls_off_anothers_visit(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    assert inside_as(karim).post(f"/moi/missions/{mission.id}/annulation", {"fee": "0"}).status_code in (403, 404)


def test_a_visit_that_is_over_says_to_call(
    inside_as: Visitor, odile: Person, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "now", lambda: TODAY + timedelta(days=3))
    assert "ne s’annule plus ici" in text(inside_as(odile).get(f"/moi/missions/{mission.id}/annulation"))


@pytest.mark.usefixtures("evening")
def test_the_desk_reads_the_price_aloud_and_may_excuse(coordination: Client, mission: Mission) -> None:
    address = reverse("desk:cancel_visit", args=[mission.id])
    page = text(coordination.get(address))
    assert "24,50 € sont dus : la visite est dans moins de 24 heures." in page
    assert "Nous payons 2 h à Karim Belkacem (27,08 € brut), dont 2,58 € au moins à notre charge." in page
    assert "Écrivez pourquoi rien n’est compté" in text(
        coordination.post(address, {"fee": "2450", "excuse": "goodwill"}), 422
    )
    assert coordination.post(address, {"fee": "2450", "excuse": "weather"}).status_code == 302
    assert (Fulfilment.objects.get().due, Fulfilment.objects.get().minutes) == (0, 120)
    assert "Rien n’est compté au client ; payé à la personne : 2 h" in text(
        coordination.get(reverse("desk:request", args=[mission.number]))
    )


def test_the_desk_notes_an_absent_client_with_the_price(
    coordination: Client, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "now", lambda: TODAY + timedelta(days=1, hours=1))
    address = reverse("desk:absence", args=[mission.id])
    assert "49,00 € sont dus" in text(coordination.get(address))
    assert coordination.post(address, {"who": "client", "fee": "4900"}).status_code == 302
    page = text(coordination.get(reverse("desk:request", args=[mission.number])))
    assert "Compté au client : 49,00 €" in page
    coordination.post(reverse("desk:waive", args=[mission.id]), {"reason": "Elle était à l’hôpital"})
    assert "Rien n’est compté au client" in text(coordination.get(reverse("desk:request", args=[mission.number])))


@pytest.mark.usefixtures("evening")
def test_a_request_that_stops_shows_what_its_visits_cost(coordination: Client, mission: Mission) -> None:
    page = text(coordination.get(reverse("desk:request", args=[mission.number])))
    assert "24,50 € sont dus : une visite est dans le délai." in page
    address = reverse("desk:cancel", args=[mission.number])
    assert "Annuler maintenant coûte 24,50 €" in text(coordination.post(address), 422)
    assert coordination.post(address, {"fee": "2450"}).status_code == 302


def test_the_rule_is_read_before_signing(inside_as: Visitor, act: Act, odile: Person, mission: Mission) -> None:
    assert mission.agreement
    page = text(inside_as(odile).get(f"/moi/papiers/{mission.agreement.id}/"))
    assert "Annuler est gratuit jusqu’à 24 heures avant la visite." in page


def test_the_worker_reads_what_they_are_paid(inside_as: Visitor, karim: Person, mission: Mission) -> None:
    assert mission.agreement
    page = text(inside_as(karim).get(f"/moi/papiers/{mission.agreement.id}/"))
    assert "100 % des heures prévues est payé" in page


def test_the_contract_says_the_rule_at_the_desk(coordination: Client, act: Act, mission: Mission) -> None:
    assert mission.agreement
    jobs.cancel_mission(act=later(act, hours=1), mission=mission, fee=10_000)
    page = text(coordination.get(reverse("desk:contract", args=[mission.agreement.number])))
    assert "Si une venue est annulée" in page
