"""Paper for the desk: the plan of a day, the calls to make, the slip of a visit."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pypdf import PdfReader

from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.jobs.queries import sheets
from entremise.kernel.act import Act, Role
from entremise.kernel.time import Window
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import by_text


def read(answer: HttpResponse) -> str:
    assert answer["Content-Type"] == "application/pdf"
    pages = (page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)
    return " ".join(" ".join(pages).replace("\u00a0", " ").split())


def test_the_day_says_who_goes_where_with_both_telephones(coordination: Client, mission: Mission) -> None:
    day = mission.starts_at.date().isoformat()
    paper = read(coordination.get(reverse("desk:day_plan"), {"jour": day}))
    for said in ("Karim Belkacem", "06 39 98 20 01", "Mme Odile Marsan", "06 39 98 14 27", "12, rue des Tilleuls"):
        assert said in paper
    assert "À signer" not in paper


def test_the_day_says_who_has_not_signed(coordination: Client, asked: list[Proposal], karim: Person) -> None:
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    day = Mission.objects.get().starts_at.date().isoformat()
    assert "À signer : Mme Odile Marsan, Karim Belkacem" in read(
        coordination.get(reverse("desk:day_plan"), {"jour": day})
    )


def test_a_day_without_visits_says_so(coordination: Client) -> None:
    assert "Aucune venue" in read(coordination.get(reverse("desk:day_plan"), {"jour": "pas un jour"}))


def test_the_call_sheet_says_whom_why_and_what(coordination: Client, act: Act, odile: Person) -> None:
    messaging.add_task(
        act=act, kind="call_back", key="k", person=odile, due_at=TODAY, params={"number": 318, "note": "Sa haie"}
    )
    paper = read(coordination.get(reverse("desk:call_sheet")))
    for said in ("Mme Odile Marsan", "06 39 98 14 27", "demande 318", "Sa haie", "Noté"):
        assert said in paper


def test_what_waits_until_tomorrow_is_not_called_today(coordination: Client, act: Act, odile: Person) -> None:
    messaging.add_task(act=act, kind="call_back", key="k", person=odile, due_at=TODAY + timedelta(days=1))
    assert "Personne n’est à appeler" in read(coordination.get(reverse("desk:call_sheet")))


def test_a_slip_has_its_square_and_hours_to_circle(coordination: Client, mission: Mission) -> None:
    paper = read(coordination.get(reverse("desk:slip", args=[mission.id])))
    for said in (f"Mission {mission.number}", "Karim Belkacem", "Entourez les heures faites", "À rendre au bureau"):
        assert said in paper


def test_the_pages_lead_to_the_paper(coordination: Client, mission: Mission) -> None:
    day, job = text(coordination.get(reverse("desk:today"))), reverse("desk:request", args=[mission.number])
    assert reverse("desk:day_plan") in day
    assert reverse("desk:call_sheet") in day
    assert reverse("desk:slip", args=[mission.id]) in text(coordination.get(job))


@pytest.mark.parametrize("name", ["day_plan", "call_sheet"])
def test_the_treasurer_prints_no_plan_of_peoples_days(treasury: Client, mission: Mission, name: str) -> None:
    assert treasury.get(reverse(f"desk:{name}")).status_code == (404 if name == "day_plan" else 200)


def test_a_member_prints_nothing_here(desk: Desk, mission: Mission) -> None:
    answer = desk(Role.WORKER).get(reverse("desk:slip", args=[mission.id]))
    assert answer.status_code in (302, 404)


def test_a_day_takes_as_many_queries_however_full(inside: object, mission: Mission) -> None:
    day = Window(TODAY, TODAY + timedelta(days=3))
    with CaptureQueriesContext(connection) as asked:
        assert len(sheets.day_plan(day=day)) == 1
    assert len(asked) <= 5
