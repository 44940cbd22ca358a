"""What a program does for a job, and what it may not."""

from datetime import timedelta

import pytest

from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission, Request
from entremise.kernel.act import Act, Role
from entremise.market.models import Proposal
from entremise.messaging.models import Call, Incoming, Task
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.api.conftest import Program, Programs
from tests.jobs.conftest import bruno

__all__ = ["bruno"]

pytestmark = pytest.mark.usefixtures("inside")
LATER = (TODAY + timedelta(days=3)).isoformat()


def test_a_request_is_amended_and_cancelled(desk: Program, request_: Request) -> None:
    number = request_.listing.number
    amended = desk.post(f"/requests/{number}/amendments", {"starts_at": LATER, "minutes": 90, "note": "Chien"})
    assert (amended.status_code, amended.json()["minutes"], amended.json()["note"]) == (201, 90, "Chien")
    assert desk.post(f"/requests/{number}/cancellation", {"reason": "Parti"}).json()["state"] == "cancelled"
    again = desk.post(f"/requests/{number}/cancellation", {})
    assert (again.status_code, again.json()["code"]) == (409, "not_now")
    assert Fact.objects.get(type="request_cancelled").on_behalf_of == request_.client_id


def test_a_request_that_nobody_takes_is_given_up(desk: Program, request_: Request) -> None:
    assert desk.post(f"/requests/{request_.listing.number}/abandonment").json()["state"] == "unmet"


def test_a_job_that_does_not_come_back_has_no_next_season(desk: Program, mission: Mission) -> None:
    for what in ("renewal", "replacement"):
        assert desk.post(f"/requests/{mission.number}/{what}").json()["code"] == "not_running_out"


def test_candidates_come_with_reasons_and_with_what_stands_against_them(
    desk: Program, request_: Request, karim: Person
) -> None:
    told = desk.get(f"/requests/{request_.listing.number}/candidates").json()
    (one,) = told["rows"]
    assert one["worker"] == {"id": str(karim.id), "name": "Karim Belkacem"}
    assert one["reach"] == "text"
    assert {"can_do", "no_job_yet"} <= {why["code"] for why in one["reasons"]}
    assert one["against"] == []
    assert told["criteria"][-1] == "drawn_by_lot"


def test_a_rule_stops_a_proposal_unless_somebody_waives_it(
    desk: Program, request_: Request, karim: Person, odile: Person
) -> None:
    path = f"/requests/{request_.listing.number}/proposals"
    refused = desk.post(path, {"workers": [str(karim.id), str(odile.id)]})
    assert (refused.status_code, refused.json()["code"]) == (409, "block_not_waivable")
    assert not Proposal.objects.exists()
    waivers = [{"worker": str(odile.id), "reason": "Elle le veut"}]
    assert desk.post(path, {"workers": [str(odile.id)], "waivers": waivers}).json()["code"] == "block_not_waivable"
    assert len(desk.post(path, {"workers": [str(karim.id)] * 2}).json()["rows"]) == 1


def test_the_first_yes_has_the_job(desk: Program, asked: list[Proposal], program: Programs) -> None:
    first, second = asked
    for proposal, state in ((first, "accepted"), (second, "too_late")):
        theirs = program(person=proposal.person)
        assert theirs.get("/proposals").json()["rows"][0]["id"] == str(proposal.id)
        assert theirs.post(f"/proposals/{proposal.id}/answer", {"yes": True}).json()["state"] == state
    assert desk.get(f"/proposals/{first.id}").json()["worker"]["name"] == "Karim Belkacem"


def test_nobody_answers_for_another(as_odile: Program, as_karim: Program, asked: list[Proposal]) -> None:
    karims, nadeges = asked
    assert as_odile.post(f"/proposals/{karims.id}/answer", {"yes": True}).status_code == 404
    assert as_karim.post(f"/proposals/{nadeges.id}/answer", {"yes": False}).status_code == 404
    assert as_karim.post(f"/proposals/{karims.id}/answer", {"yes": False}).json()["state"] == "declined"


def test_a_client_asks_for_themselves_and_for_nobody_else(as_odile: Program, karim: Person, hedge: object) -> None:
    wanted = {"activity": "haie", "starts_at": LATER, "minutes": 120}
    assert as_odile.post("/requests", {**wanted, "client": str(karim.id)}).status_code == 404
    made = as_odile.post("/requests", wanted).json()
    assert made["client"]["name"] == "Odile Marsan"
    assert as_odile.get(f"/requests/{made['number']}").json() == made
    assert as_odile.post(f"/requests/{made['number']}/abandonment").json()["code"] == "not_allowed"
    assert as_odile.get(f"/requests/{made['number']}/candidates").json()["code"] == "not_allowed"


def test_others_find_nothing_of_a_job(program: Programs, nadege: Person, mission: Mission, odile: Person) -> None:
    stranger = program(person=nadege)
    agreement = mission.agreement
    assert agreement
    for path in (
        f"/requests/{mission.number}",
        f"/missions/{mission.id}",
        f"/agreements/{agreement.number}",
        f"/people/{odile.id}",
    ):
        assert stranger.get(path).status_code == 404
    assert stranger.get("/missions").json()["rows"] == []
    assert stranger.post(f"/missions/{mission.id}/hours", {"minutes": 60}).status_code == 404


def test_both_sides_read_the_agreement_and_its_papers(as_odile: Program, as_karim: Program, mission: Mission) -> None:
    for theirs in (as_odile, as_karim):
        (agreement,) = theirs.get("/agreements").json()["rows"]
        assert (agreement["state"], agreement["missing"]) == ("active", [])
        for paper in theirs.get("/documents").json()["rows"]:
            assert theirs.get(f"/documents/{paper['id']}").json() == paper
            pdf = theirs.get(f"/documents/{paper['id']}/content")
            assert pdf.headers["Content-Type"] == "application/pdf"
            assert pdf.content.startswith(b"%PDF")
    of_karim = {paper["id"] for paper in as_karim.get("/documents").json()["rows"]}
    (other, *_) = [one["id"] for one in as_odile.get("/documents").json()["rows"] if one["id"] not in of_karim]
    assert as_karim.get(f"/documents/{other}/content").status_code == 404


def test_hours_that_differ_are_settled_at_the_desk(
    desk: Program, as_odile: Program, as_karim: Program, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("entremise.doors.frame.visit.now", lambda: mission.ends_at + timedelta(hours=1))
    assert as_karim.post(f"/missions/{mission.id}/hours", {"minutes": 150}).json()["hours"]["logged"] == 150
    hours = as_odile.post(f"/missions/{mission.id}/confirmation", {"minutes": 120}).json()["hours"]
    assert hours == {"logged": 150, "answer": "differs", "said": 120}
    assert as_karim.post(f"/missions/{mission.id}/decision", {"minutes": 150}).json()["code"] == "not_allowed"
    settled = desk.post(f"/missions/{mission.id}/decision", {"minutes": 135}).json()
    assert (settled["state"], settled["hours"]["logged"]) == ("confirmed", 135)


def test_a_visit_is_called_off_or_nobody_comes(
    desk: Program, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert desk.post(f"/missions/{mission.id}/absence", {"who": "worker"}).json()["code"] == "absent_too_early"
    monkeypatch.setattr("entremise.doors.frame.visit.now", lambda: mission.starts_at + timedelta(minutes=20))
    assert desk.post(f"/missions/{mission.id}/absence", {"who": "worker"}).json()["state"] == "no_show_worker"
    assert desk.get("/tasks").json()["rows"][0]["kind"] == "absent_worker"


def test_a_worker_withdraws_through_the_desk(desk: Program, as_karim: Program, mission: Mission) -> None:
    assert as_karim.post(f"/missions/{mission.id}/cancellation", {}).json()["code"] == "not_allowed"
    assert desk.post(f"/missions/{mission.id}/withdrawal", {"reason": "Malade"}).json()["state"] == "cancelled"
    assert desk.get(f"/requests/{mission.number}").json()["state"] == "open"


def test_people_are_written_down_changed_and_found(desk: Program, place: object, hedge: object) -> None:
    made = desk.post("/people", {"family_name": "Marsan", "given_name": "Odile", "phone": "06 39 98 14 27"}).json()
    person = made["id"]
    assert made["consents"][0]["purpose"] == "be_on_file"
    changed = desk.post(f"/people/{person}/changes", {"street": "3, rue du Four", "remarks": ["Chien"]}).json()
    assert (changed["street"], changed["remarks"], changed["given_name"]) == ("3, rue du Four", ["Chien"], "Odile")
    added = desk.post(f"/people/{person}/contacts", {"kind": "email", "value": "odile@exemple.fr"}).json()
    assert desk.post(f"/people/{person}/contacts/{added['id']}/removal").json()["contacts"][0]["kind"] == "phone"
    assert desk.post(f"/people/{person}/consents", {"given": False}).json()["given"] is False
    assert desk.post(f"/people/{person}/roles", {"role": "worker"}).json()["roles"] == ["client", "worker"]
    work = {"hours_wanted": 600, "free_times": [{"weekday": 0, "opens": "08:00", "closes": "12:00"}]}
    assert desk.post(f"/people/{person}/work", work).json()["work"]["free_times"] == [[0, "08:00", "12:00"]]
    unknown = desk.post(f"/people/{person}/work", {"skills": [{"activity": "magie", "how": "said"}]})
    assert unknown.json()["code"] == "activity_not_found"
    assert [one["id"] for one in desk.get("/people", {"q": "mars od"}).json()["rows"]] == [person]
    assert desk.get("/people", {"q": "1427"}).json()["rows"][0]["name"] == "Odile Marsan"


def test_hours_that_end_before_they_begin_are_not_lost_in_silence(desk: Program, karim: Person) -> None:
    wrong = [{"weekday": 0, "opens": "14:00", "closes": "12:00"}]
    for path, body in (("free-times", {"weekly": wrong}), ("work", {"free_times": wrong})):
        refused = desk.post(f"/people/{karim.id}/{path}", body)
        assert (refused.status_code, refused.json()["code"]) == (409, "hours_reversed")


def test_a_week_that_was_read_can_be_written_back(desk: Program, act: Act, karim: Person) -> None:
    jobs.set_free_times(act=act, person=karim, weekly=[(5, "20:00", "24:00")])
    weekly = desk.get(f"/people/{karim.id}/free-times").json()["weekly"]
    said = [dict(zip(("weekday", "opens", "closes"), one, strict=True)) for one in weekly]
    assert desk.post(f"/people/{karim.id}/free-times", {"weekly": said}).json()["weekly"] == weekly


def test_people_are_found_by_every_role_they_may_hold(desk: Program, bruno: Person) -> None:
    assert [one["id"] for one in desk.get("/people", {"role": "supplier"}).json()["rows"]] == [str(bruno.id)]


def test_nobody_gets_a_place_at_the_desk_through_a_program(desk: Program, odile: Person) -> None:
    assert desk.post(f"/people/{odile.id}/roles", {"role": "director"}).status_code == 422
    assert desk.post("/people", {"family_name": "X", "role": "coordinator"}).status_code == 422


def test_a_bank_account_is_written_and_never_told(desk: Program, karim: Person) -> None:
    body = {"iban": "FR76 3000 6000 0112 3456 7890 189", "holder": "Karim"}
    answer = desk.post(f"/people/{karim.id}/bank-account", body)
    assert answer.status_code == 201
    assert "3000" not in answer.content.decode() + desk.get(f"/people/{karim.id}").content.decode()
    assert desk.post(f"/people/{karim.id}/bank-account", {"iban": "FR76"}).json()["code"] == "iban_not_understood"


def test_tasks_messages_and_calls_are_dealt_with(desk: Program, odile: Person) -> None:
    call = desk.post("/calls", {"person": str(odile.id), "phone": "06 39 98 14 27", "outcome": "call_back"}).json()
    assert Call.objects.get().person_id == odile.id
    (task,) = desk.get("/tasks").json()["rows"]
    assert task["about_id"] == call["id"]
    assert desk.post(f"/tasks/{task['id']}/completion", {"outcome": "Rappelée"}).json()["outcome"] == "Rappelée"
    assert desk.get("/tasks").json()["rows"] == []
    assert len(desk.get("/tasks", {"state": "done"}).json()["rows"]) == 1
    assert Task.objects.get().done_by
    Incoming.objects.create(key="1", channel="text", sender="+33639981427", text="?", received_at=TODAY)
    (message,) = desk.get("/messages").json()["rows"]
    assert desk.post(f"/messages/{message['id']}/reading", {"outcome": "vu"}).json()["outcome"] == "vu"


def test_a_quote_tells_where_each_euro_goes(as_odile: Program, hedge: object, karim: Person) -> None:
    query = {"activity": "haie", "minutes": 120, "on": "2026-11-24"}
    told = as_odile.get("/quote", query).json()
    assert (told["total"], sum(told["split"].values())) == (4900, 4900)
    assert as_odile.get("/quote", {**query, "activity": "magie"}).status_code == 404
    assert as_odile.get("/quote", {**query, "client": str(karim.id)}).status_code == 404
    assert as_odile.get("/activities").json()["rows"][0]["code"] == "haie"
    assert as_odile.get("/tariffs").json()["code"] == "not_allowed"


def test_a_month_to_come_is_not_settled(program: Programs, legal: object) -> None:
    treasurer = program(Role.TREASURER)
    assert treasurer.get("/months/2026-11").json()["run"] is None
    assert treasurer.post("/months/2026-11/settlement").json()["code"] == "month_to_come"
    assert treasurer.get("/months/2026-13").status_code == 422
