"""Instalments at the desk: a calendar to read aloud, then a yes."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.kernel.act import Act
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice, Plan
from tests.doors.desk.pages import text
from tests.doors.desk.test_counts import questions
from tests.doors.desk.test_exports import rows_of, take
from tests.settlement.conftest import treasurer
from tests.settlement.test_reminders import invoice
from tests.settlement.town import bill

__all__ = ["invoice", "treasurer"]

pytestmark = pytest.mark.usefixtures("inside")

PAGE = "/bureau/argent/echeanciers/"


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: datetime(2026, 12, 14, 9, 0, tzinfo=UTC))


def asked(invoice: Invoice, **more: object) -> dict[str, object]:
    return {"invoices": [invoice.number], "count": "3", "first_on": "20/12/2026", "once": "one", **more}


def of(invoice: Invoice) -> str:
    return reverse("desk:plan", args=[invoice.client_id])


def test_the_calendar_is_shown_before_anybody_agrees(coordination: Client, invoice: Invoice) -> None:
    page = text(coordination.get(of(invoice), asked(invoice)))
    assert "16,34 €" in page
    assert "20 février 2027" in page
    assert "La personne est d’accord" in page
    assert not Plan.objects.exists()


def test_a_yes_is_kept_once_and_the_list_says_what_comes_next(
    coordination: Client, treasury: Client, invoice: Invoice
) -> None:
    for _ in range(2):
        page = text(coordination.post(of(invoice), asked(invoice), follow=True))
    assert "Le calendrier part à la personne" in page
    assert Plan.objects.count() == 1
    page = text(treasury.get(PAGE))
    assert "20/12/2026" in page
    assert "par téléphone" in page
    assert rows_of(take(treasury, "plans"))[1][1] == invoice.number
    assert "en plusieurs fois" in text(treasury.get("/bureau/argent/rappels/"))


def test_another_calendar_takes_its_place_and_a_plan_is_given_up_with_a_reason(
    coordination: Client, invoice: Invoice
) -> None:
    coordination.post(of(invoice), asked(invoice))
    first = Plan.objects.get()
    text(coordination.post(of(invoice), asked(invoice, once="two")), 422)
    page = text(coordination.post(of(invoice), asked(invoice, once="two", instead_of=first.id), follow=True))
    assert "remplacé" in page
    second = Plan.objects.get(state="running")
    address = reverse("desk:cancel_plan", args=[invoice.client_id, second.id])
    text(coordination.post(address, {"reason": ""}), 422)
    assert "paie samedi" in text(coordination.post(address, {"reason": "paie samedi"}, follow=True))
    text(coordination.post(address, {"reason": "paie samedi"}), 422)


def test_a_plan_is_given_up_at_its_own_clients_address_only(coordination: Client, invoice: Invoice) -> None:
    coordination.post(of(invoice), asked(invoice))
    stranger = Person.objects.exclude(id=invoice.client_id)[0]
    address = reverse("desk:cancel_plan", args=[stranger.id, Plan.objects.get().id])
    assert coordination.post(address, {"reason": "paie samedi"}).status_code == 404
    assert Plan.objects.get().state == "running"


@pytest.mark.parametrize(
    "odd",
    [
        {"count": ""},
        {"count": "0"},
        {"count": "4"},
        {"count": "²"},
        {"count": "9" * 30},
        {"first_on": ""},
        {"first_on": "13/12/2026"},
        {"first_on": "31/12/9999"},
        {"first_on": "\x00"},
        {"first_on": "20/02/2027"},
        {"invoices": []},
        {"invoices": ["FA-1999-0001"]},
        {"instead_of": "x"},
        {"instead_of": "00000000-0000-0000-0000-000000000000"},
    ],
    ids=ascii,
)
def test_nonsense_is_asked_again_and_agrees_to_nothing(
    coordination: Client, invoice: Invoice, odd: dict[str, object]
) -> None:
    text(coordination.get(of(invoice), asked(invoice, **odd)))
    text(coordination.post(of(invoice), asked(invoice, **odd)), 422)
    assert not Plan.objects.exists()


def test_more_plans_ask_no_more_questions(treasury: Client, invoice: Invoice, treasurer: Act) -> None:
    def agree(client: Person, late: Invoice) -> None:
        operations.agree_plan(
            act=treasurer,
            client=client,
            invoices=[late],
            count=2,
            first_on=treasurer.at.date(),
            key=str(client.id),
        )

    agree(invoice.client, invoice)
    few = questions(lambda: treasury.get(PAGE))
    for name in ("Aubry", "Barde", "Cazal"):
        person = Person.objects.create(family_name=name, known_since=treasurer.at)
        agree(person, bill(person, 3000))
    assert questions(lambda: treasury.get(PAGE)) == few
