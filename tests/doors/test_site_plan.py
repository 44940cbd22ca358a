"""A client spreads what they owe, alone, on their own page."""

import pytest

from entremise.people.models import Person
from entremise.settlement.models import Invoice, Plan
from tests.doors.conftest import Visitor
from tests.doors.test_site_mandate import text
from tests.doors.test_site_trouble import invoice
from tests.jobs.conftest import hedge, legal, nadege, odile, place

__all__ = ["hedge", "invoice", "legal", "nadege", "odile", "place"]

PAGE = "/moi/factures/en-plusieurs-fois/"


def asked(invoice: Invoice, **more: object) -> dict[str, object]:
    return {"invoices": [invoice.number], "count": "2", "first_on": "15/12/2026", "once": "one", **more}


def test_a_client_looks_at_the_dates_then_agrees_once(inside_as: Visitor, odile: Person, invoice: Invoice) -> None:
    client = inside_as(odile)
    page = text(client.get(PAGE, asked(invoice)))
    assert "15 janvier 2027" in page
    assert "Je suis d’accord" in page
    for _ in range(2):
        page = text(client.post(PAGE, asked(invoice), follow=True))
    assert "Ce qui est convenu" in page
    plan = Plan.objects.get()
    assert (plan.client, plan.how) == (odile, "site")


def test_whoever_has_a_plan_changes_it_by_telephone(inside_as: Visitor, odile: Person, invoice: Invoice) -> None:
    client = inside_as(odile)
    client.post(PAGE, asked(invoice))
    assert client.post(PAGE, asked(invoice, once="two")).status_code == 422
    assert client.post(PAGE, asked(invoice, once="two", instead_of=Plan.objects.get().id)).status_code == 422
    assert Plan.objects.count() == 1


@pytest.mark.parametrize("odd", [{"count": "9"}, {"first_on": "hier"}, {"first_on": "01/01/2020"}], ids=ascii)
def test_nonsense_is_asked_again(inside_as: Visitor, odile: Person, invoice: Invoice, odd: dict[str, object]) -> None:
    client = inside_as(odile)
    assert client.get(PAGE, asked(invoice, **odd)).status_code == 200
    assert client.post(PAGE, asked(invoice, **odd)).status_code == 422
    assert not Plan.objects.exists()


def test_nobody_spreads_what_somebody_else_owes(
    inside_as: Visitor, nadege: Person, odile: Person, invoice: Invoice
) -> None:
    assert inside_as(nadege).post(PAGE, asked(invoice)).status_code in (302, 403, 404, 422)
    assert not Plan.objects.exists()
