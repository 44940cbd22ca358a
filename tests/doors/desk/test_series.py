"""Exceptions of a recurring job, at the desk."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from entremise.agreements.models import Agreement
from entremise.jobs.models import DayException, Mission, Request
from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from tests.doors.conftest import questions
from tests.doors.desk.conftest import desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import hedge, karim, legal, nadege, odile, place
from tests.jobs.test_series import FRIDAY, agreed, fridays

__all__ = ["agreed", "desk", "fridays", "hedge", "karim", "legal", "nadege", "odile", "place"]


@pytest.fixture
def coordination(desk: object) -> Client:
    return desk(Role.COORDINATOR)  # type: ignore[operator]  # A fixture that signs staff in.


def page_of(coordination: Client, number: int) -> str:
    return text(coordination.get(reverse("desk:request", args=[number])))


def test_holidays_are_proposed_as_exceptions(coordination: Client, agreed: Request) -> None:
    number = agreed.listing.number
    assert "Noël" in page_of(coordination, number)
    differ = reverse("desk:differ", args=[number])
    coordination.post(differ, {"day": "2026-12-25"})
    coordination.post(differ, {"day": "2027-01-01", "keep": "1"})
    page = page_of(coordination, number)
    assert "Pas de venue" in page
    assert "Venue gardée" in page
    assert Mission.objects.get(starts_at=FRIDAY + timedelta(weeks=4)).state == "cancelled"


@pytest.mark.parametrize("day", ["", "24 décembre", "24/12/2026"])
def test_a_day_that_cannot_be_comes_back_with_a_sentence(coordination: Client, agreed: Request, day: str) -> None:
    answer = coordination.post(reverse("desk:differ", args=[agreed.listing.number]), {"day": day})
    assert answer.status_code == 422
    assert not DayException.objects.exists()


def test_a_visit_is_moved(coordination: Client, agreed: Request) -> None:
    mission = Mission.objects.get(starts_at=FRIDAY + timedelta(weeks=1))
    address = reverse("desk:move_visit", args=[mission.id])
    assert "À un autre moment" in text(coordination.get(address))
    assert "Le contrat va du" in text(coordination.post(address, {"day": "01/11/2027", "start": "9:30"}), 422)
    coordination.post(address, {"day": "03/12/2026", "start": "9:30"})
    mission.refresh_from_db()
    assert mission.starts_at.isoformat() == "2026-12-03T08:30:00+00:00"


def test_a_replacement_is_searched_for_one_visit(
    coordination: Client, agreed: Request, karim: Person, nadege: Person
) -> None:
    mission = Mission.objects.get(starts_at=FRIDAY + timedelta(weeks=1))
    answer = coordination.post(reverse("desk:replace_once", args=[mission.id]), {"reason": "Malade"})
    assert answer.status_code == 302
    search = Request.objects.select_related("listing").get(stands_in=mission)
    page = page_of(coordination, search.listing.number)
    assert "À la place de" in page
    assert "Nadège" in page
    assert Agreement.objects.get().state == "active"


def test_questions_do_not_grow_with_the_days(coordination: Client, act: Act, agreed: Request) -> None:
    page = reverse("desk:request", args=[agreed.listing.number])
    before = questions(coordination, page)
    for week in range(2, 9):
        DayException.objects.create(request=agreed, day=(FRIDAY + timedelta(weeks=week)).date())
    assert questions(coordination, page) == before
