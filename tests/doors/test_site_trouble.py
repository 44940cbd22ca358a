"""A client says on their own page that a bill is a trouble: reminders stop and somebody calls."""

import pytest

from entremise.messaging.models import Task
from entremise.people.models import Person
from entremise.settlement.models import Invoice, Pause
from tests.doors.conftest import Visitor
from tests.doors.test_site_mandate import text
from tests.jobs.conftest import hedge, legal, nadege, odile, place
from tests.settlement.town import bill

__all__ = ["hedge", "legal", "nadege", "odile", "place"]

PAGE = "/moi/factures/"


@pytest.fixture
def invoice(odile: Person, legal: None) -> Invoice:
    return bill(odile, 4900)


def test_a_word_stops_reminders_and_somebody_calls(inside_as: Visitor, odile: Person, invoice: Invoice) -> None:
    client = inside_as(odile)
    assert "Un souci pour payer" in text(client.get(PAGE))
    typed = {"why": "contested", "number": invoice.number, "note": "Deux heures, pas trois."}
    page = text(client.post(f"{PAGE}souci", typed, follow=True))
    assert "nous n’envoyons plus de rappel" in page
    pause = Pause.objects.get()
    assert (pause.invoice, pause.why, pause.until) == (invoice, "contested", None)
    assert Task.objects.get(kind="money_talk").params["note"] == "Deux heures, pas trois."


@pytest.mark.parametrize(
    "typed",
    [{}, {"why": "spite"}, {"why": "other", "number": "FA-1999-0001"}, {"why": "other", "note": "x" * 301}],
    ids=ascii,
)
def test_nonsense_is_asked_again(inside_as: Visitor, odile: Person, invoice: Invoice, typed: dict[str, str]) -> None:
    answer = inside_as(odile).post(f"{PAGE}souci", typed)
    assert answer.status_code == 422
    assert not Pause.objects.exists()


def test_somebody_elses_invoice_is_not_in_the_list(
    inside_as: Visitor, odile: Person, nadege: Person, invoice: Invoice
) -> None:
    other = bill(nadege, 3000)
    page = text(inside_as(odile).get(PAGE))
    assert other.number not in page
    assert inside_as(odile).post(f"{PAGE}souci", {"why": "other", "number": other.number}).status_code == 422


def test_whoever_owes_nothing_is_not_asked_what_the_trouble_is(inside_as: Visitor, odile: Person, legal: None) -> None:
    assert "Un souci pour payer" not in text(inside_as(odile).get(PAGE))
    assert inside_as(odile).post(f"{PAGE}souci", {"why": "other"}).status_code == 302
    assert not Pause.objects.exists()
