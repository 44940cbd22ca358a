"""A day's open jobs put to people, all at once."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.jobs.models import Request
from entremise.market.models import Proposal
from entremise.people.models import Paper, Person
from tests.doors.desk.pages import text
from tests.jobs.conftest import TOMORROW

pytestmark = pytest.mark.usefixtures("inside")


def page() -> str:
    return f"{reverse('desk:spreading')}?jour={TOMORROW:%Y-%m-%d}"


def test_each_job_of_the_day_comes_with_somebody_and_why(
    coordination: Client, request_: Request, karim: Person
) -> None:
    shown = text(coordination.get(page()))
    assert "Karim Belkacem" in shown
    assert "Sait faire" in shown
    pair = f"{request_.listing.number}:{karim.id}"
    assert f'value="{pair}"' in shown
    assert "Proposé à 1 personne." in text(coordination.post(page(), {"pairs": [pair]}, follow=True))
    assert Proposal.objects.get().person == karim
    assert "Rien à répartir ce jour-là" in text(coordination.get(page()))


def test_a_job_that_nobody_may_do_says_so(coordination: Client, request_: Request, karim: Person) -> None:
    Paper.objects.all().delete()
    assert "Personne de libre à qui proposer" in text(coordination.get(page()))


@pytest.mark.parametrize("pairs", [[], ["x"], ["318:not-somebody"], ["99999999999:"]])
def test_nonsense_is_answered_beside_the_list(
    coordination: Client, request_: Request, karim: Person, pairs: list[str]
) -> None:
    shown = text(coordination.post(page(), {"pairs": pairs}), 422)
    assert "Cochez au moins une demande." in shown
    assert "Karim Belkacem" in shown
    assert not Proposal.objects.exists()


@pytest.mark.parametrize("day", ["nonsense", "9999-12-31", "0001-01-01", ""])
def test_a_day_that_is_none_is_tomorrow(coordination: Client, request_: Request, karim: Person, day: str) -> None:
    assert "Karim Belkacem" in text(coordination.get(f"{reverse('desk:spreading')}?jour={day}"))
