"""What the stories of group purchases share: who takes part, how they come in, and what the desk types."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from entremise.doors.frame import sessions
from entremise.kernel.act import Act, Role
from entremise.ledger import queries as ledger
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.tenancy.models import Organisation
from tests.stories.conftest import HOST

Household = Callable[[int], Person]

PLAN = {
    "count": "1",
    "do": "plan",
    "title": "Granulés pour l’hiver",
    "about": "Sacs de 15 kg.",
    "role": "own_sale",
    "where": "Au local, 14, rue du Lavoir",
    "closes_on": "05/12/2026",
    "closes_at": "18:30",
    "handed_from": "14/12/2026",
    "handed_until": "18/12/2026",
    "threshold": "3",
    "measure": "pledges",
    "strategy": "queue",
    "title_1": "Granulés",
    "unit_1": "sac de 15 kg",
    "size_1": "1",
    "rate_1": "0.1",
    "tiers_by_1": "households",
    "from_1_1": "3",
    "price_1_1": "6,20",
    "from_1_2": "5",
    "price_1_2": "5,75",
    "from_1_3": "7",
    "price_1_3": "5,40",
    "ours_1": "0,25",
    "carriage_1": "0,45",
}


def phone(number: int) -> str:
    return f"+3363998170{number}"


@pytest.fixture
def household(act: Act) -> Household:
    def one(number: int) -> Person:
        return people.add_person(
            act=act,
            given_name="Odile",
            family_name=f"Marsan-{chr(64 + number)}",
            phones=[phone(number)],
            roles=[Role.CLIENT],
        )

    return one


@pytest.fixture
def sawmill(act: Act) -> Person:
    return people.add_person(act=act, family_name="Scierie du Lac", kind="company", phones=[], roles=[Role.SUPPLIER])


@pytest.fixture
def member(organisation: Organisation) -> Callable[[Person], Client]:
    """On their own pages, as a link from a letter lets them in."""

    def signed_in(person: Person) -> Client:
        client = Client(headers={"host": HOST})
        session = client.session
        session[sessions.PERSON] = str(person.id)
        session[sessions.MARK] = sessions._mark(str(person.id), organisation)
        session.save()
        return client

    return signed_in


def done(client: Client, address: str, typed: object = None) -> None:
    answer = client.post(address, typed or {})
    assert answer.status_code == 302, f"{address}: {answer.content.decode()}"


def read(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def books_balance() -> bool:
    """All accounts together come to nothing, and no sum was touched behind the ledger's back."""
    return ledger.verify() == [] and sum(one.debit - one.credit for one in ledger.trial_balance(up_to=date.max)) == 0
