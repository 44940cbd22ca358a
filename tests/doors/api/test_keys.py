"""Who comes in at the API, and how far."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.test import Client

from entremise.doors.api import door
from entremise.doors.frame.limits import Share
from entremise.history.models import Fact
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.people import operations as people
from entremise.people.models import Account, Membership, Person, ProgramKey
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.api.conftest import ALL, Program, Programs, let_in

pytestmark = pytest.mark.usefixtures("inside")


def test_without_a_key_nothing_is_told(organisation: Organisation) -> None:
    answer = Program().get("/requests")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    assert answer.json()["code"] == "key_needed"


def test_a_key_opens_what_its_scopes_name_and_nothing_else(program: Programs) -> None:
    reader = program(*ALL, scopes=["requests:read"])
    assert reader.get("/requests").status_code == 200
    refused = reader.get("/people")
    assert (refused.status_code, refused.json()["code"], refused.json()["scope"]) == (
        403,
        "scope_needed",
        "people:read",
    )
    assert reader.post("/requests", {}).status_code == 403


def test_what_somebody_owes_is_told_with_the_scope_of_money_only(program: Programs, odile: Person) -> None:
    path = f"/people/{odile.id}"
    assert program(*ALL, scopes=["people:read"]).get(path).json()["owes"] is None
    assert program(*ALL, scopes=["people:read", "money:read"]).get(path).json()["owes"] == 0


def test_a_scope_adds_nothing_to_what_the_person_may(program: Programs) -> None:
    treasurer = program(Role.TREASURER)
    answer = treasurer.post("/calls", {"outcome": "nothing"})
    assert answer.status_code == 201
    assert treasurer.get("/requests").json()["rows"] == []
    coordinator = program(Role.COORDINATOR)
    assert coordinator.post("/months/2026-10/settlement").json()["code"] == "not_allowed"


def test_a_key_of_another_organisation_opens_nothing(program: Programs, elsewhere: Organisation) -> None:
    theirs = program(*ALL, of=elsewhere)
    assert theirs.get("/people").status_code == 200
    theirs.host = "pas-de-porte.localhost"
    assert theirs.get("/people").status_code == 401


def test_a_revoked_key_opens_nothing(desk: Program, act: Act) -> None:
    director = replace(act, by=Actor(act.by.person, frozenset({Role.DIRECTOR})))
    people.revoke_program_key(act=director, key=ProgramKey.objects.get())
    people.revoke_program_key(act=director, key=ProgramKey.objects.get())
    assert desk.get("/requests").status_code == 401
    assert Fact.objects.filter(type="program_shut_out").count() == 1


def test_a_key_opens_until_the_day_before_it_ends(coordinator: Person) -> None:
    tomorrow = TODAY.date() + timedelta(days=1)
    lasting = Program(let_in(coordinator, until=tomorrow))
    assert lasting.get("/requests").status_code == 200
    ProgramKey.objects.update(expires_on=TODAY.date())
    assert lasting.get("/requests").status_code == 401


def test_a_closed_account_closes_its_keys(coordinator: Person) -> None:
    coordinator.account = Account.objects.create(login="solene", is_active=True)
    coordinator.save()
    known = Program(let_in(coordinator))
    assert known.get("/requests").status_code == 200
    Account.objects.update(is_active=False)
    assert known.get("/requests").status_code == 401


def test_a_role_that_ended_is_gone_at_once(desk: Program, odile: Person, request_: object) -> None:
    assert len(desk.get("/requests").json()["rows"]) == 1
    Membership.objects.filter(role__in=[role.value for role in ALL]).update(until=TODAY.date())
    assert desk.get("/requests").json()["rows"] == []


def test_a_key_is_kept_as_a_digest_only(desk: Program) -> None:
    row = ProgramKey.objects.get()
    assert desk.key not in str(vars(row))
    assert desk.key.startswith(row.prefix)


def test_the_day_of_its_last_use_is_noted(desk: Program) -> None:
    assert ProgramKey.objects.get().last_used_on is None
    desk.get("/requests")
    assert ProgramKey.objects.get().last_used_on == TODAY.date()


def test_a_session_of_the_desk_opens_nothing_here(organisation: Organisation, coordinator: Person) -> None:
    coordinator.account = Account.objects.create(login="solene", is_active=True)
    coordinator.save()
    client = Client(headers={"host": "pas-de-porte.localhost"})
    client.force_login(coordinator.account)
    assert client.get("/api/v1/requests").status_code == 401


def test_too_many_calls_of_one_key_are_told_to_wait(desk: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "SHARE", Share("api", 4, 60, slot=2))
    monkeypatch.setattr("entremise.doors.frame.limits.time", lambda: 1_800_000_000)
    assert [desk.get("/activities").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    answer = desk.get("/activities")
    assert answer.json()["code"] == "too_many"
    assert 1 <= int(answer.headers["Retry-After"]) <= 60


def test_only_the_direction_lets_a_program_in(coordinator: Person) -> None:
    act = Act(by=Actor(coordinator.id, frozenset({Role.COORDINATOR})), at=TODAY, door=Door.DESK)
    with pytest.raises(Exception, match="not_allowed"):
        people.make_program_key(
            act=act,
            person=coordinator,
            label="x",
            scopes=["requests:read"],
            expires_on=date(2027, 1, 1),
            secret_key="s",
        )


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"label": " "}, "name_missing"),
        ({"scopes": []}, "scope_missing"),
        ({"scopes": ["all"]}, "scope_missing"),
        ({"until": TODAY.date()}, "day_past"),
        ({"until": date(2031, 1, 1)}, "date_too_late"),
    ],
)
def test_a_key_has_a_name_scopes_and_an_end(coordinator: Person, wrong: dict[str, object], code: str) -> None:
    with pytest.raises(Exception, match=code):
        let_in(coordinator, **wrong)  # type: ignore[arg-type]  # Wrong on purpose.
