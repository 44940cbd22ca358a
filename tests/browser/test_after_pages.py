"""What comes after a visit, or instead of it, in light and dark, wide and narrow, with its errors."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from entremise.agreements.models import Feedback
from entremise.doors.frame import visit
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request
from entremise.kernel.act import Act
from entremise.people.models import Person
from tests.browser.test_site_pages import At, at_the_door, faults, faulty
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as
from tests.jobs.conftest import by_text, later, say_yes, sign_all

__all__ = ["at_the_door", "inside_as"]

pytestmark = pytest.mark.django_db(transaction=True)

EVENING, NOON = TODAY + timedelta(hours=9), TODAY + timedelta(days=1, hours=3)


def test_calling_off_late_says_its_price_on_both_screens(
    at_the_door: At,
    coordination: Client,
    inside_as: Visitor,
    odile: Person,
    mission: Mission,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(visit, "now", lambda: EVENING)
    page = at_the_door(f"/moi/missions/{mission.id}/annulation", inside_as(odile))
    assert faults(page) == []
    assert "24,50" in page.get_by_role("button", name="Annuler et payer").inner_text()
    page.locator("[name=fee]").evaluate("one => one.value = 0")
    page.get_by_role("button", name="Annuler et payer").click()
    page.get_by_text("Annuler maintenant coûte").wait_for()
    assert faults(page) == []
    addresses = [f"/bureau/missions/{mission.id}/{what}" for what in ("annulation", "absence", "deplacement")]
    assert faulty(at_the_door("/bureau/", coordination, width=1280), addresses) == {}


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
    assert faulty(at_the_door("/bureau/", coordination, width=1280), [f"/bureau/missions/{mission.id}/avis"]) == {}


def test_a_season_with_its_days_apart(
    at_the_door: At, coordination: Client, act: Act, odile: Person, karim: Person, hedge: Activity
) -> None:
    friday = TODAY + timedelta(days=4)
    with transaction.atomic():
        weekly = jobs.post_request(
            act=act, client=odile, activity=hedge, starts_at=friday, minutes=120, recurrence="FREQ=WEEKLY;BYDAY=FR"
        )
        proposal = say_yes(act, weekly, karim)
        agreement = Mission.objects.filter(proposal=proposal).select_related("agreement")[0].agreement
        assert agreement
        sign_all(act, agreement)
        jobs.skip(act=act, request=Request.objects.get(), day=friday.date() + timedelta(weeks=4))
    assert (
        faulty(at_the_door("/bureau/", coordination, width=1280), [f"/bureau/demandes/{weekly.listing.number}/"]) == {}
    )
