"""What comes after a visit, or instead of it: states that the walk over every page does not meet."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import expect

from entremise.agreements.models import Feedback
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.people.models import Person
from tests.browser.conftest import faults
from tests.browser.test_site_pages import At, at_the_door
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as
from tests.jobs.conftest import by_text, later

__all__ = ["at_the_door", "inside_as"]

pytestmark = pytest.mark.django_db(transaction=True)

EVENING, NOON = TODAY + timedelta(hours=9), TODAY + timedelta(days=1, hours=3)


def test_calling_off_late_says_its_price(
    at_the_door: At, inside_as: Visitor, odile: Person, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(visit, "now", lambda: EVENING)
    page = at_the_door(f"/moi/missions/{mission.id}/annulation", inside_as(odile))
    assert faults(page) == []
    expect(page.get_by_role("button", name="Annuler et payer")).to_contain_text("24,50")
    page.locator("[name=fee]").evaluate("one => one.value = 0")
    page.get_by_role("button", name="Annuler et payer").click()
    page.get_by_text("Annuler maintenant coûte").wait_for()
    assert faults(page) == []


def test_how_it_went_stays_readable_open_and_contested(
    at_the_door: At,
    coordination: Client,
    inside_as: Visitor,
    act: Act,
    karim: Person,
    odile: Person,
    mission: Mission,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with transaction.atomic():
        jobs.log_hours(act=by_text(karim, at=NOON), mission=mission, minutes=120, key="sms")
        jobs.confirm_hours(act=later(act, days=1, hours=3), mission=mission)
    monkeypatch.setattr(visit, "now", lambda: NOON + timedelta(hours=1))
    page = at_the_door("/moi/avis/", inside_as(odile))
    assert faults(page) == []
    page.get_by_role("button", name="Envoyer mon avis").click()
    page.get_by_text("Choisissez une réponse.").first.wait_for()
    assert faults(page) == []
    page.get_by_label("Pas bien").first.check()
    page.get_by_role("button", name="Envoyer mon avis").click()
    page.get_by_text("Donné, pas encore ouvert").wait_for()
    theirs, evening = Feedback.objects.get(writer=karim, about=odile), later(act, days=1, hours=4)
    with transaction.atomic():
        jobs.give_feedback(act=evening, mission=mission, feedback=theirs, answer="well", words="Merci")
    his = at_the_door("/moi/avis/", inside_as(karim))
    his.get_by_text("Demander qu’il soit retiré").click()
    assert faults(his) == []
    about = Feedback.objects.get(writer=odile, about=karim)
    with transaction.atomic():
        jobs.contest_feedback(act=later(act, days=2), mission=mission, feedback=about, words="Ce n’était pas moi")
    assert faults(at_the_door(f"/bureau/missions/{mission.id}/avis", coordination, width=1280)) == []
