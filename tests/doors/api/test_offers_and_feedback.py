"""Offers and how it went, through the API: what each may say, and see."""

from datetime import timedelta

import pytest

from entremise.agreements.models import Feedback
from entremise.jobs.models import Mission
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.api.conftest import Program

pytestmark = pytest.mark.usefixtures("inside")
OFFER = {"activity": "haie", "reach_km": 10, "bookable": True}
WEEK = [{"weekday": day, "opens": "08:00", "closes": "18:00"} for day in range(7)]


def test_an_offer_is_seen_by_everybody_once_the_desk_opened_it(
    desk: Program, as_karim: Program, as_odile: Program, karim: Person
) -> None:
    made = as_karim.post("/offers", OFFER).json()
    assert (made["state"], made["person"]["name"]) == ("draft", "Karim Belkacem")
    assert as_odile.get("/offers").json()["rows"] == []
    assert [one.get(f"/offers/{made['number']}").status_code for one in (as_karim, desk, as_odile)] == [200, 200, 404]
    assert as_odile.get(f"/people/{karim.id}/offers").status_code == 404
    assert as_karim.post(f"/offers/{made['number']}/opening").json()["code"] == "not_allowed"
    assert desk.post(f"/offers/{made['number']}/opening").json()["state"] == "open"
    (seen,) = as_odile.get("/offers").json()["rows"]
    assert (seen["number"], seen["hourly_price"]) == (made["number"], 2450)
    assert "Belkacem" not in str(seen)
    assert as_odile.post(f"/offers/{made['number']}/pause").status_code == 404
    assert as_karim.post(f"/offers/{made['number']}/pause").json()["state"] == "paused"
    assert as_karim.post(f"/offers/{made['number']}/resumption").json()["state"] == "open"
    assert as_karim.post(f"/offers/{made['number']}/end").json()["state"] == "closed"
    assert as_karim.post("/offers", {**OFFER, "reach_km": 3}).status_code == 422


def test_a_client_books_a_free_moment_or_asks_for_somebody(
    desk: Program, as_odile: Program, as_karim: Program, karim: Person
) -> None:
    desk.post(f"/people/{karim.id}/work", {"free_times": WEEK, "skills": [{"activity": "haie", "how": "seen"}]})
    number = desk.post("/offers", {**OFFER, "person": str(karim.id)}).json()["number"]
    moments = as_odile.get(f"/offers/{number}", {"minutes": 120}).json()["moments"]
    booked = as_odile.post(f"/offers/{number}/bookings", {"starts_at": moments[0]["start"], "minutes": 120})
    assert (booked.status_code, booked.json()["worker"]["name"]) == (201, "Karim Belkacem")
    again = as_odile.post(f"/offers/{number}/bookings", {"starts_at": moments[0]["start"], "minutes": 120})
    assert again.json()["code"] == "moment_taken"
    later = {"starts_at": (TODAY + timedelta(days=9)).isoformat(), "minutes": 120}
    asked = as_odile.post(f"/offers/{number}/requests", later).json()
    assert asked["state"] == "proposed"
    assert as_karim.get("/proposals", {"state": "offered"}).json()["rows"][0]["request"] == asked["number"]


def test_how_it_went_is_blind_until_both_have_spoken(
    desk: Program, as_odile: Program, as_karim: Program, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entremise.doors.frame.visit.now", lambda: mission.ends_at + timedelta(hours=1))
    as_karim.post(f"/missions/{mission.id}/hours", {"minutes": 120})
    as_odile.post(f"/missions/{mission.id}/confirmation", {})
    (hers,) = as_odile.get("/feedback").json()["rows"]
    (his,) = as_karim.get("/feedback").json()["rows"]
    assert as_karim.post(f"/feedback/{hers['id']}/answer", {"answer": "well"}).status_code == 404
    said = as_odile.post(f"/feedback/{hers['id']}/answer", {"answer": "fair", "words": "En retard", "of_us": "well"})
    assert (said.json()["state"], said.json()["words"]) == ("sealed", "En retard")
    assert "En retard" not in str(desk.get(f"/missions/{mission.id}/feedback").json())
    assert [one["id"] for one in as_karim.get("/feedback").json()["rows"]] == [his["id"]]
    as_karim.post(f"/feedback/{his['id']}/answer", {"answer": "well"})
    assert "En retard" in str(as_karim.get("/feedback").json())
    assert as_karim.post(f"/feedback/{hers['id']}/reply", {"words": "Le bus"}).json()["reply"] == "Le bus"
    contested = as_karim.post(f"/feedback/{hers['id']}/contestation", {"words": "Faux"})
    assert (contested.json()["state"], contested.json()["contest"]) == ("contested", "Faux")
    assert {one["contest"] for one in desk.get(f"/missions/{mission.id}/feedback").json()["rows"]} == {"Faux", ""}
    assert "Faux" not in str(as_odile.get("/feedback").json())
    assert as_karim.post(f"/feedback/{hers['id']}/decision", {"keep": False, "reason": "x"}).status_code == 403
    decided = desk.post(f"/feedback/{hers['id']}/decision", {"keep": False, "reason": "Le bus était en panne"}).json()
    assert (decided["state"], decided["words"]) == ("withdrawn", "")
    assert Feedback.objects.filter(about__isnull=True, answer="well").count() == 1
