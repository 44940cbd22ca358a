"""Every page of the desk opens for those whom it is for, and for nobody else."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Role
from entremise.messaging.models import Task
from entremise.people.models import Person
from entremise.tenancy.models import Organisation
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text

JOBS = ["call", "requests", "contracts", "hours"]
MONEY = ["money", "payroll", "invoices", "bank", "balance"]
ALL = ["today", "messages", "search", "people", "add_person", "results", "settings", "tariffs", "figures"]
MORE = ["activities", "ranking"]


@pytest.mark.parametrize("name", [*JOBS, *ALL, *MORE, "imports"])
def test_the_coordinator_sees_the_work(coordination: Client, mission: Mission, name: str) -> None:
    page = text(coordination.get(reverse(f"desk:{name}")))
    assert "Argent</a>" not in page


@pytest.mark.parametrize("name", [*MONEY, *ALL, *MORE])
def test_the_treasurer_sees_the_money(treasury: Client, mission: Mission, name: str) -> None:
    page = text(treasury.get(reverse(f"desk:{name}")))
    assert "Demandes</a>" not in page


@pytest.mark.parametrize(
    ("role", "name"), [*((Role.COORDINATOR, n) for n in MONEY), *((Role.TREASURER, n) for n in JOBS)]
)
def test_the_others_learn_nothing(desk: Desk, mission: Mission, role: Role, name: str) -> None:
    assert desk(role).get(reverse(f"desk:{name}")).status_code == 404


def test_the_pages_of_one_job_open(coordination: Client, mission: Mission) -> None:
    assert mission.agreement
    number = mission.number
    for address in (
        reverse("desk:request", args=[number]),
        reverse("desk:contract", args=[mission.agreement.number]),
        reverse("desk:person", args=[mission.worker_id]),
        reverse("desk:person", args=[mission.client_id]),
        reverse("desk:change_person", args=[mission.worker_id]),
        reverse("desk:worker", args=[mission.worker_id]),
    ):
        text(coordination.get(address))


def test_a_task_opens(coordination: Client, mission: Mission) -> None:
    for task in Task.objects.all():
        text(coordination.get(reverse("desk:task", args=[task.id])))


def test_a_contract_to_sign_says_which(coordination: Client, act: Act, mission: Mission) -> None:
    assert mission.agreement
    jobs.remind_unsigned(act=act, agreement=mission.agreement)
    task = Task.objects.get(kind="unsigned")
    for page in (reverse("desk:tasks"), reverse("desk:task", args=[task.id])):
        assert reverse("desk:contract", args=[mission.agreement.number]) in text(coordination.get(page))


def test_whoever_works_at_the_desk_finds_the_way_out(coordination: Client) -> None:
    assert reverse("mfa_index") in text(coordination.get(reverse("desk:today")))


def test_a_stranger_finds_nothing_of_ours(desk: Desk, elsewhere: Organisation, mission: Mission) -> None:
    stranger = desk(Role.DIRECTOR, of=elsewhere)
    for address in (
        reverse("desk:request", args=[mission.number]),
        reverse("desk:person", args=[mission.worker_id]),
    ):
        assert stranger.get(address).status_code == 404
    assert "Karim" not in text(stranger.get(reverse("desk:people")))


def test_a_worker_has_no_business_here(desk: Desk, mission: Mission) -> None:
    assert desk(Role.WORKER).get(reverse("desk:today")).status_code in (302, 404)


def test_an_empty_organisation_has_a_page_for_everything(desk: Desk, elsewhere: Organisation) -> None:
    client = desk(Role.DIRECTOR, of=elsewhere)
    for name in (*JOBS, *MONEY, *ALL, *MORE, "imports"):
        text(client.get(reverse(f"desk:{name}")))


@pytest.mark.parametrize("typed", ["", "kar", "101", "AG-2026", "paie"])
def test_the_palette_answers(direction: Client, mission: Mission, karim: Person, typed: str) -> None:
    page = text(direction.get(reverse("desk:palette"), {"q": typed}))
    assert "data-count" in page
    assert 'role="option"' in page
