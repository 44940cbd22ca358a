"""A client signs once, on their own page, and takes it back there."""

import pytest
from django.test import Client

from entremise.payments.models import Mandate
from entremise.people.models import Person
from entremise.tenancy.models import LegalIdentity
from tests.doors.conftest import Visitor, questions
from tests.jobs.conftest import legal, odile, place

__all__ = ["legal", "odile", "place"]

PAGE = "/moi/prelevement/"
IBAN = "FR76 3000 4000 0700 0000 0178 914"


@pytest.fixture
def client(inside_as: Visitor, odile: Person, legal: None) -> Client:
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    return inside_as(odile)


def text(answer: object) -> str:
    return answer.content.decode().replace("\xa0", " ")  # type: ignore[attr-defined]  # A response.


def test_a_client_signs_and_then_has_nothing_to_do(client: Client, odile: Person) -> None:
    page = text(client.get(PAGE))
    assert "FR72ZZZ123456" in page
    assert "8 semaines" in page
    page = text(client.post(PAGE, {"iban": IBAN, "agree": "on"}, follow=True))
    assert "vous n’avez rien à faire" in page
    mandate = Mandate.objects.get()
    assert (mandate.person, mandate.how, mandate.state) == (odile, "site", "active")
    assert mandate.iban not in page


def test_a_client_stops_it_when_they_like(client: Client) -> None:
    client.post(PAGE, {"iban": IBAN, "agree": "on"})
    for _ in range(2):
        assert "plus rien ne sera prélevé" in text(client.post(f"{PAGE}fin", follow=True))
    assert Mandate.objects.get().state == "revoked"


@pytest.mark.parametrize(
    "typed", [{}, {"iban": IBAN}, {"iban": "FR76", "agree": "on"}, {"iban": "\x00", "agree": "on"}], ids=str
)
def test_nothing_is_signed_by_half(client: Client, typed: dict[str, str]) -> None:
    answer = client.post(PAGE, typed)
    assert answer.status_code == 422
    assert not Mandate.objects.exists()


def test_without_a_creditor_identifier_nobody_signs(client: Client) -> None:
    LegalIdentity.objects.update(creditor_id="")
    assert "Ce n’est pas encore possible ici" in text(client.get(PAGE))
    assert client.post(PAGE, {"iban": IBAN, "agree": "on"}).status_code == 422


def test_the_page_asks_few_questions(client: Client) -> None:
    assert questions(client, PAGE) < 20
