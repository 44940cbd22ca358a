"""The keys of programs, as the direction gives and takes them."""

import re

import pytest
from django.test import Client

from entremise.history.models import Fact
from entremise.kernel.act import Role
from entremise.people.models import Person, ProgramKey
from tests.doors.api.conftest import Program
from tests.doors.desk.conftest import Desk

GIVEN = {"label": "Site de la mairie", "scopes": ["requests:read", "requests:write"], "expires_on": "31/12/2027"}


@pytest.mark.usefixtures("inside")
def test_a_key_is_shown_once_and_opens_the_api(direction: Client, odile: Person) -> None:
    page = direction.get(f"/bureau/reglages/programmes/?personne={odile.id}").content.decode()
    assert f'<option value="{odile.id}" selected>' in page
    shown = direction.post("/bureau/reglages/programmes/", {**GIVEN, "person": str(odile.id)}).content.decode()
    key = re.search(r"ent_[\w-]{43}", shown)
    assert key
    assert Program(key[0]).get("/requests").status_code == 200
    assert Program(key[0]).get("/people").status_code == 403
    listed = direction.get("/bureau/reglages/programmes/").content.decode()
    assert key[0] not in listed
    assert "Site de la mairie" in listed
    assert Fact.objects.filter(type="program_let_in", thing_id=odile.id).exists()


@pytest.mark.usefixtures("inside")
def test_a_key_that_is_taken_back_opens_nothing(direction: Client, odile: Person) -> None:
    shown = direction.post("/bureau/reglages/programmes/", {**GIVEN, "person": str(odile.id)}).content.decode()
    key = re.search(r"ent_[\w-]{43}", shown)
    assert key
    row = ProgramKey.objects.get()
    answer = direction.post(f"/bureau/reglages/programmes/{row.id}/retrait")
    assert answer.status_code == 302
    assert Program(key[0]).get("/requests").status_code == 401
    assert "retirée" in direction.get("/bureau/reglages/programmes/").content.decode()


@pytest.mark.parametrize("missing", ["label", "person", "scopes", "expires_on"])
def test_what_is_missing_is_asked_for_and_no_key_made(direction: Client, missing: str) -> None:
    page = direction.post("/bureau/reglages/programmes/", {**GIVEN, "person": "no", missing: ""})
    assert page.status_code == 422
    assert 'aria-invalid="true"' in page.content.decode()


def test_only_the_direction_sees_the_keys(desk: Desk) -> None:
    coordination = desk(Role.COORDINATOR)
    assert coordination.get("/bureau/reglages/programmes/").status_code == 404
    assert "Programmes" not in coordination.get("/bureau/reglages/").content.decode()
