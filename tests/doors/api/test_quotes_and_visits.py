"""Quotes, visits that do not go as planned, papers, public jobs: who may, and who sees nothing of it."""

import base64
from datetime import timedelta

import pytest

from entremise.agreements.models import Agreement, Fulfilment
from entremise.documents.models import Scan
from entremise.doors.api.door import LARGEST, LARGEST_SCAN
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request, SupplierQuote
from entremise.jobs.rules.modes.registry import with_pricing
from entremise.kernel.act import Act, Role
from entremise.messaging.models import Task
from entremise.people.models import Paper, Person
from tests.doors.api.conftest import Program, Programs
from tests.jobs.conftest import TOMORROW, bruno, say_yes, sign_all

__all__ = ["bruno"]

pytestmark = pytest.mark.usefixtures("inside")


@pytest.fixture
def at_their_visit(mission: Mission, monkeypatch: pytest.MonkeyPatch) -> Mission:
    """Two hours before it begins."""
    monkeypatch.setattr("entremise.doors.frame.visit.now", lambda: mission.starts_at - timedelta(hours=2))
    return mission


@pytest.fixture
def quote(act: Act, odile: Person, bruno: Person, hedge: Activity) -> SupplierQuote:
    mode = with_pricing("quote").code
    request = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, mode=mode)
    (proposal,) = jobs.propose(act=act, request=request, workers=[bruno.id])
    return jobs.send_quote(act=act.for_person(bruno.id), proposal=proposal, whole=7000)


def test_a_quote_is_seen_by_the_two_and_the_desk(
    desk: Program, program: Programs, as_odile: Program, as_karim: Program, bruno: Person, quote: SupplierQuote
) -> None:
    for one in (desk, as_odile, program(person=bruno)):
        assert [row["id"] for row in one.get("/quotes").json()["rows"]] == [str(quote.id)]
        assert one.get(f"/quotes/{quote.id}").json()["price"] == 7000
    assert as_karim.get("/quotes").json()["rows"] == []
    assert as_karim.get(f"/quotes/{quote.id}").status_code == 404
    assert as_karim.post(f"/quotes/{quote.id}/answer", {"yes": True}).status_code == 404
    assert SupplierQuote.objects.get().state == "sent"


def test_a_fee_is_said_before_it_is_owed(as_odile: Program, at_their_visit: Mission) -> None:
    address = f"/missions/{at_their_visit.id}/cancellation"
    cost = as_odile.get(address).json()
    assert (cost["why"], cost["fee"], cost["rule"]["late_share"]) == ("late", 2450, 0.5)
    refused = as_odile.post(address, {"fee": cost["fee"] - 1})
    assert (refused.status_code, refused.json()["params"]) == (409, {"due": "2450"})
    assert as_odile.post(address, {"fee": cost["fee"]}).json()["state"] == "cancelled"


def test_only_the_worker_and_the_desk_say_that_they_are_late(
    as_odile: Program, as_karim: Program, at_their_visit: Mission
) -> None:
    address = f"/missions/{at_their_visit.id}/delay"
    assert as_odile.post(address).json()["code"] == "not_allowed"
    for _ in range(2):
        assert as_karim.post(address).status_code == 201
    assert Task.objects.filter(kind="running_late").count() == 1


def test_only_the_desk_moves_a_visit(desk: Program, as_karim: Program, as_odile: Program, mission: Mission) -> None:
    moved = {"starts_at": (mission.starts_at + timedelta(hours=2)).isoformat()}
    for one in (as_karim, as_odile):
        assert one.post(f"/missions/{mission.id}/moment", moved).json()["code"] == "not_allowed"
    assert desk.post(f"/missions/{mission.id}/moment", moved).status_code == 201


def test_a_scan_may_be_larger_than_another_body(desk: Program, mission: Mission) -> None:
    assert mission.agreement
    address = f"/agreements/{mission.agreement.number}/signed-papers"
    for size, status in ((LARGEST, 409), (LARGEST_SCAN, 413)):
        content = base64.b64encode(b"x" * (size // 4 * 3)).decode()
        assert desk.post(address, {"role": "client", "scan": content}).status_code == status
    answer = desk.post(address, {"role": "client", "scan": "not base64"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/scan")
    assert not Scan.objects.exists()


def test_nobody_learns_of_a_job_that_is_not_public(desk: Program, as_karim: Program, request_: Request) -> None:
    number = request_.listing.number
    assert as_karim.get(f"/notices/{number}/interest").json()["willing"] is False
    desk.post(f"/requests/{number}/publicity", {"listed": False})
    assert as_karim.get("/notices").json()["rows"] == []
    assert as_karim.get(f"/notices/{number}").status_code == 404
    assert as_karim.get(f"/notices/{number}/interest").status_code == 404
    assert as_karim.post(f"/notices/{number}/interest", {"going": True}).status_code == 404


def test_whose_search_it_is_decides(desk: Program, as_karim: Program, as_odile: Program, karim: Person) -> None:
    made = as_karim.post(f"/people/{karim.id}/searches", {"words": "haie"}).json()
    assert as_odile.get(f"/people/{karim.id}/searches").status_code == 404
    assert as_odile.post(f"/searches/{made['id']}/end").status_code == 404
    assert desk.post(f"/searches/{made['id']}/end").json()["state"] == "removed"


def test_the_kind_that_decides_the_price_is_not_ones_own_to_change(
    desk: Program, as_odile: Program, odile: Person
) -> None:
    address = f"/people/{odile.id}/changes"
    assert as_odile.post(address, {"kind": "company"}).json()["code"] == "not_allowed"
    assert as_odile.post(address, {"street": "3, rue Neuve"}).status_code == 201
    assert desk.post(address, {"kind": "association"}).json()["kind"] == "association"


def test_who_asked_on_the_web_is_said_by_the_desk(
    program: Programs, as_odile: Program, act: Act, odile: Person, hedge: Activity
) -> None:
    row = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, claimed=True)
    address = f"/requests/{row.listing.number}"
    coordinator = program(Role.COORDINATOR)
    assert coordinator.get(address).json()["state"] == "claimed"
    assert [one["state"] for one in coordinator.get("/requests", {"state": "claimed"}).json()["rows"]] == ["claimed"]
    assert as_odile.post(f"{address}/identity", {}).json()["code"] == "not_allowed"
    assert coordinator.post(f"{address}/identity", {}).json()["state"] == "open"


@pytest.mark.parametrize("what", ["cancellation", "absence"])
def test_what_the_worker_is_paid_is_no_affair_of_the_client(
    desk: Program, as_odile: Program, as_karim: Program, at_their_visit: Mission, what: str
) -> None:
    address = f"/missions/{at_their_visit.id}/{what}"
    for one in (desk, as_karim):
        told = one.get(address).json()
        assert told["pay"] > 0
        assert told["minutes"] > 0
        assert told["rule"]["paid_share"] > 0
    hers = as_odile.get(address).json()
    assert hers["fee"] == desk.get(address).json()["fee"] > 0
    assert (hers["pay"], hers["minutes"], hers["rule"]["paid_share"]) == (None, None, None)


def test_why_somebody_may_not_come_any_more_is_not_told_to_the_client(
    as_odile: Program, bruno: Person, quote: SupplierQuote
) -> None:
    Paper.objects.filter(person=bruno).delete()
    refused = as_odile.post(f"/quotes/{quote.id}/answer", {"yes": True}).json()
    assert (refused["code"], refused["params"]) == ("no_longer_possible", {})


def test_a_day_without_two_workers_costs_what_both_visits_do(
    as_odile: Program,
    act: Act,
    odile: Person,
    karim: Person,
    nadege: Person,
    hedge: Activity,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    request = jobs.post_request(
        act=act,
        client=odile,
        activity=hedge,
        starts_at=TOMORROW,
        minutes=120,
        recurrence="FREQ=WEEKLY",
        slots=2,
    )
    for worker in (karim, nadege):
        say_yes(act, request, worker)
    for agreement in Agreement.objects.all():
        sign_all(act, agreement)
    first, second = Mission.objects.order_by("starts_at")[:2]
    monkeypatch.setattr("entremise.doors.frame.visit.now", lambda: first.starts_at - timedelta(hours=2))
    fee = sum(as_odile.get(f"/missions/{one.id}/cancellation").json()["fee"] for one in (first, second))
    address, day = f"/requests/{request.listing.number}/days", first.starts_at.date().isoformat()
    refused = as_odile.post(address, {"day": day, "fee": fee // 2}).json()
    assert (refused["code"], refused["params"]) == ("fee_changed", {"due": str(fee)})
    assert as_odile.post(address, {"day": day, "fee": fee}).status_code == 201


def test_what_is_still_to_be_settled_of_a_request_is_told(
    desk: Program, act: Act, odile: Person, hedge: Activity
) -> None:
    made = jobs.post_request(
        act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120, unsettled="dès que possible"
    )
    assert desk.get(f"/requests/{made.listing.number}").json()["unsettled"] == "dès que possible"


def test_what_cannot_be_called_off_any_more_has_no_price(desk: Program, as_odile: Program, mission: Mission) -> None:
    desk.post(f"/requests/{mission.number}/cancellation", {})
    for address in (f"/requests/{mission.number}/cancellation", f"/missions/{mission.id}/absence"):
        assert as_odile.get(address).json()["code"] == "not_now"
    assert as_odile.get(f"/missions/{mission.id}/cancellation").json()["code"] == "not_now"


def test_a_price_for_an_activity_that_nobody_knows_is_refused_with_its_name(desk: Program, bruno: Person) -> None:
    body = {"siret": "73282932000074", "prices": [{"activity": "magie"}]}
    refused = desk.post(f"/people/{bruno.id}/business", body).json()
    assert (refused["code"], refused["params"]) == ("activity_not_found", {"typed": "magie"})


def test_the_desk_notes_that_a_supplier_forgoes_what_is_theirs(
    desk: Program, as_odile: Program, act: Act, quote: SupplierQuote, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs.accept_quote(act=act.for_person(quote.request.client_id), quote=quote)
    mission = Mission.objects.get()
    monkeypatch.setattr("entremise.doors.frame.visit.now", lambda: mission.starts_at - timedelta(hours=2))
    assert as_odile.post(f"/missions/{mission.id}/cancellation", {"fee": 7000}).status_code == 201
    address = f"/missions/{mission.id}/waiver"
    assert as_odile.post(address, {"reason": "Malade"}).json()["code"] == "not_allowed"
    assert desk.post(address, {"reason": "Bruno est d’accord"}).status_code == 201
    assert Fulfilment.objects.latest("id").due == 0
