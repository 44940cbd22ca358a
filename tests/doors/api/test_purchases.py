"""Group purchases at the API: read by anybody, ordered in for oneself or by the desk, closed as they were seen."""

from typing import Any

import pytest

from entremise.buying import operations, queries
from entremise.buying.models import Purchase, Share
from entremise.buying.operations import closing
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign, Pledge
from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from tests.buying.conftest import CLOCK, OIL, PELLETS, Ask, Offer, ask, household, offer, planned
from tests.doors.api.conftest import Program, Programs

__all__ = ["ask", "offer"]

pytestmark = pytest.mark.usefixtures("inside")


def at(purchase: Purchase, more: str = "") -> str:
    return f"/purchases/{purchase.campaign.number}{more}"


def wants(desk: Program, purchase: Purchase, quantity: int, **more: Any) -> dict[str, Any]:
    (article, *_) = desk.get(at(purchase)).json()["articles"]
    return {"wants": [{"article": article["id"], "quantity": quantity, **more}]}


def test_whoever_has_a_key_sees_how_it_stands_and_never_who(as_karim: Program, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS)
    for number in range(3):
        ask(purchase, household(number), (2, 1, 620))
    (row,) = as_karim.get("/purchases").json()["rows"]
    assert (row["number"], row["measured"], row["threshold"]) == (purchase.campaign.number, 3, 3)
    seen = as_karim.get(at(purchase))
    (article,) = seen.json()["articles"]
    assert (article["price"], article["next_price"], article["missing_for_next"]) == (620, 575, 2)
    assert (article["quantity"], article["tolerance"], article["left"]) == (6, 3, None)
    assert "Odile" not in seen.content.decode()
    assert as_karim.get(at(purchase, "/pledges")).json()["rows"] == []


def test_a_plan_is_the_desk_s_own(desk: Program, as_karim: Program, act: Act) -> None:
    purchase = planned(act, PELLETS)
    assert as_karim.get(at(purchase)).status_code == 404
    assert as_karim.get("/purchases", {"state": "all"}).json()["rows"] == []
    assert len(desk.get("/purchases", {"state": "all"}).json()["rows"]) == 1
    assert desk.get("/purchases").json()["rows"] == []
    assert desk.post(at(purchase, "/opening")).json()["state"] == "open"
    assert len(as_karim.get("/purchases").json()["rows"]) == 1


def test_somebody_orders_changes_and_takes_it_back(as_karim: Program, offer: Offer) -> None:
    purchase = offer(PELLETS)
    made = as_karim.post(at(purchase, "/pledges"), {**wants(as_karim, purchase, 4, tolerance=1), "budget": 4000})
    assert made.status_code == 201
    assert (made.json()["at_most"], made.json()["state"]) == (3100, "pledged")
    changed = as_karim.post(at(purchase, "/pledges"), wants(as_karim, purchase, 3, ceiling=575))
    assert changed.json()["at_most"] == 1725
    assert [row["wants"][0]["quantity"] for row in as_karim.get(at(purchase, "/pledges")).json()["rows"]] == [3]
    assert as_karim.post(at(purchase, "/withdrawal"), {}).json()["state"] == "withdrawn"
    assert as_karim.post(at(purchase, "/withdrawal"), {}).status_code == 404
    assert Pledge.objects.count() == 1


def test_the_same_attempt_orders_once(as_karim: Program, offer: Offer) -> None:
    purchase = offer(PELLETS)
    body = wants(as_karim, purchase, 4)
    answers = [as_karim.post(at(purchase, "/pledges"), body, attempt="one") for _ in range(2)]
    assert answers[0].json() == answers[1].json()
    assert Pledge.objects.count() == 1


def test_only_the_desk_orders_for_others(desk: Program, as_karim: Program, odile: Person, offer: Offer) -> None:
    purchase = offer(PELLETS)
    body = {**wants(desk, purchase, 4), "person": str(odile.id)}
    assert as_karim.post(at(purchase, "/pledges"), body).status_code == 404
    assert desk.post(at(purchase, "/pledges"), body).json()["person"]["id"] == str(odile.id)
    assert as_karim.post(at(purchase, "/withdrawal"), {"person": str(odile.id)}).status_code == 404
    assert desk.post(at(purchase, "/withdrawal"), {"person": str(odile.id)}).json()["state"] == "withdrawn"


def test_nobody_is_charged_on_another_s_word(desk: Program, odile: Person, offer: Offer) -> None:
    purchase = offer(PELLETS)
    body = {**wants(desk, purchase, 4), "person": str(odile.id), "means": "kept"}
    assert desk.post(at(purchase, "/pledges"), body).status_code == 403


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"quantity": 0}, 409, "nothing_wanted"),
        ({"quantity": 2, "ceiling": 539}, 409, "ceiling_too_low"),
        ({"quantity": -1}, 422, "not_valid"),
        ({"quantity": 10_001}, 422, "not_valid"),
        ({"quantity": 2, "article": "7b0c1d9e-0000-7000-8000-000000000000"}, 404, "not_found"),
    ],
)
def test_what_is_refused_is_a_problem_document(
    as_karim: Program, offer: Offer, more: dict[str, Any], status: int, code: str
) -> None:
    purchase = offer(PELLETS)
    body = wants(as_karim, purchase, 1)
    body["wants"][0].update(more)
    answer = as_karim.post(at(purchase, "/pledges"), body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not Pledge.objects.exists()


def test_more_than_the_budget_is_refused_with_both_numbers(as_karim: Program, offer: Offer) -> None:
    purchase = offer(PELLETS)
    answer = as_karim.post(at(purchase, "/pledges"), {**wants(as_karim, purchase, 4), "budget": 100})
    assert (answer.status_code, answer.json()["params"]) == (409, {"at_most": "2480", "budget": "100"})


def test_a_key_without_the_scope_neither_reads_nor_orders(program: Programs, offer: Offer) -> None:
    purchase = offer(PELLETS)
    reader = program(Role.COORDINATOR, scopes=["purchases:read"])
    assert reader.get(at(purchase)).status_code == 200
    assert reader.post(at(purchase, "/pledges"), wants(reader, purchase, 1)).json()["code"] == "scope_needed"
    assert program(Role.COORDINATOR, scopes=["requests:read"]).get("/purchases").json()["code"] == "scope_needed"


def test_it_closes_as_it_was_seen(desk: Program, as_karim: Program, offer: Offer, ask: Ask) -> None:
    purchase = offer(PELLETS, OIL)
    for number in range(3):
        ask(purchase, household(number), (2, 0, 620), (0, 0, 0))
    campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    assert as_karim.get(at(purchase, "/closing")).json()["code"] == "not_allowed"
    first = desk.get(at(purchase, "/closing"), {"limit": 2}).json()
    second = desk.get(at(purchase, "/closing"), {"limit": 2, "cursor": first["next"]}).json()
    assert [row["amount"] for row in first["rows"] + second["rows"]] == [1240, 1240, 1240]
    assert (first["enough"], first["households"], first["total"], second["next"]) == (True, 3, 3720, None)
    assert [(one["price"], one["units"]) for one in first["outcomes"]] == [(620, 6), (None, 0)]
    assert as_karim.post(at(purchase, "/closing"), {"seen": first["digest"]}).json()["code"] == "not_allowed"
    assert desk.post(at(purchase, "/closing"), {"seen": "0" * 64}).json()["code"] == "closing_changed"
    assert not Share.objects.exists()
    assert desk.get(at(purchase)).json()["closed_at"] is None
    closed = desk.post(at(purchase, "/closing"), {"seen": first["digest"]}).json()
    assert (closed["state"], bool(closed["closed_at"])) == ("tipped", True)
    assert Share.objects.count() == 3


def test_a_large_one_is_decided_at_once_and_says_when_it_is_written_down(
    desk: Program, offer: Offer, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(closing, "CHUNK", 2)
    purchase = offer(PELLETS)
    for number in range(3):
        ask(purchase, household(number), (2, 0, 620))
    campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    seen = desk.get(at(purchase, "/closing")).json()
    answer = desk.post(at(purchase, "/closing"), {"seen": seen["digest"]}).json()
    assert (answer["state"], answer["closed_at"]) == ("tipped", None)
    assert desk.get(at(purchase, "/closing")).json() == seen, "it stays what was confirmed"
    found = queries.preview(purchase=purchase)
    operations.write_shares(act=CLOCK, purchase=purchase, found=found, limit=3)
    assert desk.get(at(purchase)).json()["closed_at"]


def test_too_few_end_it_and_enough_do_not(desk: Program, as_karim: Program, offer: Offer, ask: Ask) -> None:
    few, enough = offer(PELLETS, threshold=9), offer(PELLETS, threshold=3)
    for number in range(3):
        ask(few, household(number), (2, 0, 620))
        ask(enough, household(number), (2, 0, 620))
    for one in (few, enough):
        campaigns.shut(act=CLOCK, campaign=one.campaign)
    assert as_karim.post(at(few, "/failure")).json()["code"] == "not_allowed"
    assert desk.post(at(enough, "/failure")).json()["code"] == "not_now"
    assert desk.post(at(few, "/failure")).json()["state"] == "failed"


def test_it_is_called_off_for_a_reason(desk: Program, as_karim: Program, offer: Offer) -> None:
    purchase = offer(PELLETS)
    assert as_karim.post(at(purchase, "/cancellation"), {"reason": "x"}).json()["code"] == "not_allowed"
    assert desk.post(at(purchase, "/cancellation"), {"reason": " "}).json()["code"] == "reason_needed"
    answer = desk.post(at(purchase, "/cancellation"), {"reason": "Le fournisseur ferme."}).json()
    assert (answer["state"], answer["reason"]) == ("called_off", "Le fournisseur ferme.")
    assert Campaign.objects.get().state == "called_off"


def test_a_purchase_of_another_organisation_is_not_found(program: Programs, offer: Offer, elsewhere: Any) -> None:
    purchase = offer(PELLETS)
    assert queries.purchase(number=purchase.campaign.number)
    stranger = program(Role.DIRECTOR, of=elsewhere)
    assert stranger.get(at(purchase)).status_code == 404
    assert stranger.get("/purchases").json()["rows"] == []
