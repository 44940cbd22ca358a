"""A list that is empty has a picture, says why, and offers exactly one thing to do."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from entremise.figures.operations import load_shipped
from entremise.kernel.act import Role
from entremise.people.models import Membership, Person
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.conftest import Visitor
from tests.doors.desk.conftest import Desk, desk
from tests.doors.desk.pages import text
from tests.laws.test_templates import PAGES, text_of
from tests.laws.tree import clean

__all__ = ["desk"]

DESK = ["today", "requests", "contracts", "hours", "tasks", "messages", "invoices", "balance", "offers", "debits"]
DESK += ["solidarity", "together", "gifts", "rules", "fund_year", "prices", "items"]
FILTERS = {"requests": "?etat=faites", "contracts": "?etat=termines", "people": "?q=zibeline"}
WORKER = ["hours", "papers", "me"]
CLIENT = ["invoices", "papers", "orders"]
EMPTY = re.compile(r'<div class="empty">(.*?)</div>', re.DOTALL)


def one_way_on(page: str) -> None:
    (empty,) = EMPTY.findall(page)
    assert "<svg" in empty
    assert re.search(r"<p>[^<]{10,}</p>", empty)
    assert len(re.findall(r'<a class="btn[^>]* href="(?:/|tel:)[^"]*">[^<]+</a>', empty)) == 1
    assert empty.count("<a ") == 1


def test_every_empty_state_names_its_action() -> None:
    clean(
        f"{name}: say where the action of the empty state leads (url) and what it is called (action)"
        for name in PAGES
        for given in re.findall(r'include "components/empty.html"([^%]*)%}', text_of(name))
        if "url=" not in given or " as action %}" not in text_of(name)
    )


def test_an_empty_list_of_the_desk_has_one_action(desk: Desk, elsewhere: Organisation) -> None:
    load_shipped()
    client = desk(Role.DIRECTOR, of=elsewhere)
    for name in [*DESK, "people"]:
        one_way_on(text(client.get(reverse(f"desk:{name}") + FILTERS.get(name, ""))))


@pytest.mark.parametrize(("role", "names"), [(Role.WORKER, WORKER), (Role.CLIENT, CLIENT)])
def test_an_empty_list_of_a_member_has_one_action(
    inside_as: Visitor, inside: Organisation, role: Role, names: list[str]
) -> None:
    person = Person.objects.create(given_name="Ana", family_name="Sousa", known_since=TODAY)
    Membership.objects.create(person=person, role=role.value, since=TODAY.date())
    client: Client = inside_as(person)
    for name in names:
        one_way_on(text(client.get(reverse(f"site:{name}"))))


def test_public_results_without_figures_have_one_action(visitor: Client) -> None:
    one_way_on(text(visitor.get("/resultats/")))
