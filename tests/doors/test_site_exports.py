"""Members take away what is theirs, and nothing else."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from entremise.doors.site.lists import LISTS
from entremise.history.models import Fact
from entremise.jobs.models import Activity, Mission
from entremise.people.models import Person
from tests.doors.conftest import Visitor
from tests.jobs.conftest import asked, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]


@pytest.mark.parametrize(("name", "whose"), [("hours", "worker"), ("pay", "worker"), ("invoices", "client")])
def test_members_take_their_own_lists(inside_as: Visitor, mission: Mission, name: str, whose: str) -> None:
    person = getattr(mission, whose)
    client: Client = inside_as(person)
    asked_for = client.post(reverse("site:exports"), {"liste": name, "format": "csv"})
    answer = client.get(asked_for["Location"])
    content = answer.getvalue().decode("utf-8-sig")
    assert content.splitlines()[0].split(";") == [str(column.title) for column in LISTS[name].columns]
    assert Fact.objects.get(type="list_exported").by == person.id


def test_a_file_holds_ones_own_rows_alone(inside_as: Visitor, mission: Mission, karim: Person, nadege: Person) -> None:
    Mission.objects.update(state="confirmed")
    rows = {}
    for worker in (karim, nadege):
        client = inside_as(worker)
        taken = client.post(reverse("site:exports"), {"liste": "hours", "format": "csv"})["Location"]
        rows[worker] = client.get(taken).getvalue().decode("utf-8-sig").splitlines()[1:]
        assert inside_as(mission.client).get(taken).status_code == 404
    assert len(rows[karim]) == 1
    assert "Mme Odile Marsan" in rows[karim][0]
    assert rows[nadege] == []


def test_in_english_the_work_has_its_english_name(inside_as: Visitor, mission: Mission, hedge: Activity) -> None:
    Activity.objects.filter(id=hedge.id).update(name_en="Trim a hedge")
    Mission.objects.update(state="confirmed")
    client = inside_as(mission.worker)
    with override("en"):
        taken = client.post(reverse("site:exports"), {"liste": "hours", "format": "csv"})
    assert "Trim a hedge" in client.get(taken["Location"]).getvalue().decode()


def test_a_client_has_no_pay_to_take(inside_as: Visitor, mission: Mission) -> None:
    client = inside_as(mission.client)
    assert client.post(reverse("site:exports"), {"liste": "pay", "format": "csv"}).status_code == 404


def test_nobody_takes_a_list_of_the_desk_from_here(inside_as: Visitor, mission: Mission) -> None:
    client = inside_as(mission.client)
    assert client.post(reverse("site:exports"), {"liste": "requests", "format": "csv"}).status_code == 404
