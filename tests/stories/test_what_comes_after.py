"""A season through the doors: a day without, a visit called off in time and one too late, an absence on each side, a
replacement, how it went; up to the invoice and the payslips.
"""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from entremise.agreements.models import Agreement, Feedback
from entremise.jobs.models import Mission, Request
from entremise.kernel.act import Role
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement.models import Invoice, InvoiceLine, Payslip, Run
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as
from tests.doors.desk.pages import text
from tests.stories.conftest import Time

__all__ = ["inside_as"]

ODILE, KARIM, NADEGE = "+33639981427", "+33639982001", "+33639982002"
TUESDAY = TODAY + timedelta(days=1)


def week(number: int) -> Mission:
    return Mission.objects.get(starts_at=TUESDAY + timedelta(weeks=number))


def before(mission: Mission, **delta: int) -> datetime:
    return mission.starts_at - timedelta(**delta)


def find_and_sign(desk: Client, time: Time, number: int, worker: Person, phone: str) -> None:
    """Proposed at the desk, said yes to by text, signed by both on the coordinator's screen."""
    desk.post(f"/bureau/demandes/{number}/propositions", {"workers": [str(worker.id)]})
    time.text_from(phone, f"OUI {number}")
    agreement = Agreement.objects.get(listing__number=number)
    for role in ("client", "worker"):
        desk.post(f"/bureau/contrats/{agreement.number}/", {"role": role, "read_aloud": "on"})
    agreement.refresh_from_db()
    assert agreement.state == "active"


def work(time: Time, mission: Mission, phone: str) -> None:
    """The hours by text, and the client's yes."""
    time.to(mission.ends_at + timedelta(minutes=10))
    time.text_from(phone, f"H {mission.number} 2")
    time.text_from(ODILE, f"OUI {mission.number}")
    mission.refresh_from_db()
    assert mission.state == "confirmed"


@pytest.mark.usefixtures("inside", "legal")
def test_a_season_with_all_that_happens_to_one(
    time: Time, desk: object, inside_as: Visitor, karim: Person, nadege: Person, odile: Person
) -> None:
    coordination: Client = desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.
    treasury: Client = desk(Role.TREASURER, given="Hélène", family="Garrigue")  # type: ignore[operator]

    time.rounds()  # The modem's folders.

    # Every Tuesday; not on the 29th of December.
    typed = {"client": str(odile.id), "who": "Odile Marsan", "line": "haie tous les mardis 10h 2h", "seen": "1"}
    assert coordination.post("/bureau/appel", {**typed, "do": "request"}).status_code == 302
    number = Request.objects.get().listing.number
    coordination.post(f"/bureau/demandes/{number}/jours", {"day": "29/12/2026"})
    find_and_sign(coordination, time, number, karim, KARIM)
    assert not Mission.objects.filter(starts_at=TUESDAY + timedelta(weeks=5)).exists()

    # Tomorrow's visit, called off minutes after signing: nothing is due.
    time.to(time.now + timedelta(minutes=10))
    page = text(inside_as(odile).get(f"/moi/missions/{week(0).id}/annulation"))
    assert "Rien n’est dû : la dernière signature date de moins de 30 minutes." in page
    inside_as(odile).post(f"/moi/missions/{week(0).id}/annulation", {"fee": "0"})
    assert week(0).state == "cancelled"

    # The next one, called off the evening before: half of it, and Karim is told that he is paid.
    time.to(before(week(1), hours=14))
    address = f"/moi/missions/{week(1).id}/annulation"
    assert "Annuler et payer 24,50 €" in text(inside_as(odile).get(address))
    assert inside_as(odile).post(address, {"fee": "2450"}).status_code == 302
    time.to(before(week(1), hours=1))
    time.rounds()
    assert "payé : 2 h" in time.texts_to(KARIM)[-1]

    # Karim does not come: somebody else does the day after, under a contract of her own; the season stands.
    missed = week(2)
    time.to(missed.starts_at + timedelta(minutes=30))
    coordination.post(f"/bureau/missions/{missed.id}/absence", {"who": "worker"})
    coordination.post(f"/bureau/missions/{missed.id}/remplacement", {"day": "09/12/2026", "start": "10:00"})
    search = Request.objects.select_related("listing").get(stands_in=missed)
    assert "Nadège" in text(coordination.get(f"/bureau/demandes/{search.listing.number}/"))
    find_and_sign(coordination, time, search.listing.number, nadege, NADEGE)
    work(time, Mission.objects.get(worker=nadege), NADEGE)
    assert week(3).state == "ready"

    # Nobody opens the door.
    time.to(week(3).starts_at + timedelta(minutes=20))
    coordination.post(f"/bureau/missions/{week(3).id}/absence", {"who": "client", "fee": "4900"})
    assert week(3).state == "no_show_client"

    # A visit like any other; then both say how it went, blind until the second has spoken.
    work(time, week(4), KARIM)
    time.text_from(KARIM, f"BIEN {number}")
    about_odile = Feedback.objects.get(writer=karim, about=odile)
    assert about_odile.state == "sealed"
    time.text_from(ODILE, f"PAS BIEN {number}")
    about_odile.refresh_from_db()
    assert about_odile.state == "open"
    about_karim = Feedback.objects.get(writer=odile, about=karim)
    inside_as(karim).post(f"/moi/avis/{about_karim.id}/contestation", {"words": "La haie était deux fois plus longue"})
    decision = {"words": "Durée à revoir ensemble", "keep": "no"}
    coordination.post(f"/bureau/missions/{week(4).id}/avis/{about_karim.id}/decision", decision)
    about_karim.refresh_from_db()
    assert about_karim.state == "withdrawn"

    # The month: one invoice, a payslip each, and books that add up.
    time.to(time.now.replace(year=2027, month=1, day=5, hour=9))
    assert treasury.post("/bureau/argent/paies/?mois=2026-12", {"month": "2026-12"}).status_code == 302
    time.rounds()
    assert Run.objects.get().state == "finished"
    lines = InvoiceLine.objects.order_by("day").values_list("label", "amount")
    assert list(lines) == [
        ("Tailler une haie : visite annulée après le délai", 2450),
        ("Tailler une haie", 4900),
        ("Tailler une haie : personne à l’arrivée", 4900),
        ("Tailler une haie", 4900),
    ]
    assert Invoice.objects.get().total == 17150
    assert Payslip.objects.get(worker=karim).minutes == 360
    assert Payslip.objects.get(worker=nadege).minutes == 120
    assert ledger.verify() == []
