"""Lists: the latest first, page after page, nothing twice and nothing left out."""

from datetime import timedelta

import pytest

from entremise.documents import operations as documents
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Request
from entremise.jobs.operations.offers import Terms
from entremise.kernel.act import Act, Role
from entremise.kernel.time import Period
from entremise.messaging import operations as messaging
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.settlement import operations as settlement
from entremise.settlement import queries as months
from tests.conftest import TODAY
from tests.doors.api.conftest import Program, Programs
from tests.jobs.conftest import by_text, later

pytestmark = pytest.mark.usefixtures("inside")


def post(act: Act, odile: Person, hedge: Activity, count: int) -> list[Request]:
    return [
        jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TODAY + timedelta(days=1 + n), minutes=120)
        for n in range(count)
    ]


def test_pages_show_every_row_once_the_latest_first(desk: Program, act: Act, odile: Person, hedge: Activity) -> None:
    made = [row.listing.number for row in post(act, odile, hedge, 7)]
    seen, query = [], {"limit": 3}
    while True:
        page = desk.get("/requests", query).json()
        seen += [row["number"] for row in page["rows"]]
        if page["next"] is None:
            break
        query = {"limit": 3, "cursor": page["next"]}
    assert seen == made[::-1]


def test_rows_that_come_in_meanwhile_do_not_move_the_pages(
    desk: Program, act: Act, odile: Person, hedge: Activity
) -> None:
    post(act, odile, hedge, 4)
    first = desk.get("/requests", {"limit": 2}).json()
    post(act, odile, hedge, 3)
    second = desk.get("/requests", {"limit": 2, "cursor": first["next"]}).json()
    assert [row["number"] for row in second["rows"]] == [row["number"] - 2 for row in first["rows"]]


def test_a_cursor_that_we_did_not_give_leads_nowhere(desk: Program, act: Act, odile: Person, hedge: Activity) -> None:
    post(act, odile, hedge, 2)
    given = desk.get("/requests", {"limit": 1}).json()["next"]
    for cursor in ("x", given[:-1], given + "x", "Ijox"):
        assert desk.get("/requests", {"cursor": cursor}).status_code == 404
    assert desk.get("/missions", {"cursor": given}).status_code == 404


@pytest.mark.parametrize("limit", ["0", "101", "-1", "1.5", "x", "", "9" * 30])
def test_a_page_is_neither_empty_nor_endless(desk: Program, limit: str) -> None:
    answer = desk.get("/requests", {"limit": limit})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/limit"


def test_requests_are_found_by_state_and_client(
    desk: Program, act: Act, odile: Person, nadege: Person, hedge: Activity
) -> None:
    kept, gone = post(act, odile, hedge, 2)
    jobs.cancel(act=act, request=gone)
    assert [row["number"] for row in desk.get("/requests", {"state": "open"}).json()["rows"]] == [kept.listing.number]
    assert desk.get("/requests", {"client": str(nadege.id)}).json()["rows"] == []
    assert desk.get("/requests", {"state": "lost"}).status_code == 422


def whole_job(act: Act, place: Place, hedge: Activity, number: int) -> None:
    """A client, a worker, a request, a job with its hours, a task and a message: one more row for every list."""
    client = people.add_person(act=act, family_name=f"Client {number}", place=place, street="1", roles=[Role.CLIENT])
    worker = people.add_person(act=act, family_name=f"Worker {number}", place=place, street="2", roles=[Role.WORKER])
    people.show_paper(act=act, person=worker, kind="pass_iae", number=f"99999271{number:04}")
    jobs.describe_worker(act=act, person=worker, skills={"haie": "seen"})
    jobs.put_up(act=act, person=worker, activity=hedge, terms=Terms(reach_km=10))
    request = jobs.post_request(
        act=act, client=client, activity=hedge, starts_at=TODAY + timedelta(hours=1), minutes=120
    )
    (proposal,) = jobs.propose(act=act, request=request, workers=[worker.id])
    jobs.answer(act=by_text(worker), proposal=proposal, yes=True)
    mission = request.missions.select_related("agreement", "worker", "client", "request__listing").get()
    for role in ("client", "worker"):
        jobs.sign(act=act, agreement=mission.agreement, role=role, how="screen")
    mission.refresh_from_db()
    done = later(act, hours=4)
    jobs.log_hours(act=done, mission=mission, minutes=120, key=f"key {number}")
    jobs.confirm_hours(act=done, mission=mission)
    messaging.add_task(act=act, kind="call_back", key=f"task {number}", person=client)
    messaging.receive(act=act, channel="text", sender="+33639981427", text="?", received_at=TODAY, key=f"in {number}")


def settle(act: Act) -> None:
    month = Period.month_of(TODAY.date())
    run = settlement.open_run(act=later(act, days=20), month=month)
    for item in months.items_to_do(run=run.id):
        settlement.settle_item(act=later(act, days=20), item=item)


def test_lists_of_people_show_each_what_is_theirs(
    desk: Program, program: Programs, act: Act, place: Place, hedge: Activity
) -> None:
    for number in range(2):
        whole_job(act, place, hedge, number)
    settle(act)
    client, worker = (program(person=Person.objects.get(family_name=name)) for name in ("Client 1", "Worker 1"))
    seen = {
        who: {path: len(one.get(path).json()["rows"]) for path in ("/people", "/requests", "/proposals", "/missions")}
        for who, one in (("client", client), ("worker", worker))
    }
    assert seen["client"] == {"/people": 1, "/requests": 1, "/proposals": 0, "/missions": 1}
    assert seen["worker"] == {"/people": 1, "/requests": 0, "/proposals": 1, "/missions": 1}
    assert len(client.get("/invoices").json()["rows"]) == 1
    assert client.get("/payslips").json()["rows"] == []
    assert len(worker.get("/payslips").json()["rows"]) == 1
    assert client.get("/tasks").json()["code"] == "not_allowed"


@pytest.mark.parametrize("kind", ["invoice", "credit_note", "payslip", "supplier_invoice", "supplier_statement"])
def test_papers_about_money_are_not_among_the_others(desk: Program, act: Act, odile: Person, kind: str) -> None:
    kept = documents.issue(act=act, kind="quote", prefix="DV", template="quote", data={}, person=odile)
    money = documents.issue(act=act, kind=kind, prefix="X", template="invoice", data={}, person=odile)
    assert [row["id"] for row in desk.get("/documents").json()["rows"]] == [str(kept.id)]
    assert desk.get(f"/documents/{money.id}").status_code == 404
