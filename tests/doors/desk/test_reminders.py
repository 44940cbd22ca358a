"""Reminders, as the treasurer and the coordinator work."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.kernel.act import Act
from entremise.messaging.models import Call, Letter
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice, Pause
from tests.doors.desk.pages import text
from tests.doors.desk.test_counts import questions
from tests.doors.desk.test_exports import rows_of, take
from tests.settlement.conftest import treasurer
from tests.settlement.test_reminders import clock, goes_round, invoice
from tests.settlement.town import bill

__all__ = ["invoice", "treasurer"]

pytestmark = pytest.mark.usefixtures("inside")

PAGE = "/bureau/argent/rappels/"
To = Callable[[int], None]


@pytest.fixture(autouse=True)
def to(monkeypatch: pytest.MonkeyPatch) -> To:
    """So many days after the invoice was due."""

    def moved(day: int) -> None:
        monkeypatch.setattr(visit, "now", lambda: datetime(2026, 12, 4, 9, 0, tzinfo=UTC) + timedelta(days=day))

    moved(10)
    return moved


def of(invoice: Invoice) -> str:
    return reverse("desk:reminder", args=[invoice.number])


def test_the_list_says_who_since_when_and_what_comes_next(treasury: Client, invoice: Invoice, to: To) -> None:
    to(3)
    page = text(treasury.get(PAGE))
    assert "Mme Odile Marsan" in page
    assert "petit rappel, 11/12/2026" in page
    goes_round(7)
    to(8)
    page = text(treasury.get(PAGE))
    assert "deuxième rappel, 25/12/2026" in page
    assert [row[0] for row in rows_of(take(treasury, "reminders"))][1:] == [invoice.number]


def test_nobody_late_is_said_kindly(treasury: Client) -> None:
    assert "Personne n’est en retard" in text(treasury.get(PAGE))


def test_a_coordinator_reads_the_next_reminder_and_sends_it(coordination: Client, invoice: Invoice) -> None:
    page = text(coordination.get(of(invoice)))
    assert "petit rappel, il reste 49,00 €" in page
    page = text(coordination.post(of(invoice), {"tone": "friendly"}, follow=True))
    assert "Le rappel part." in page
    text(coordination.post(of(invoice), {"tone": "friendly"}, follow=True))
    assert Letter.objects.filter(template="reminder_friendly").count() == 1


@pytest.mark.parametrize("tone", ["", "firm", "plain", "\x00", "²" * 500], ids=lambda tone: ascii(tone)[:10])
def test_no_other_tone_than_the_next_leaves(treasury: Client, invoice: Invoice, tone: str) -> None:
    text(treasury.post(of(invoice), {"tone": tone}), 422)
    assert not Letter.objects.filter(template__startswith="reminder").exists()


def test_the_third_is_a_task_that_leads_to_its_words(treasury: Client, invoice: Invoice, to: To) -> None:
    for day in (7, 21, 45):
        goes_round(day)
    to(46)
    page = text(treasury.get(reverse("desk:tasks")))
    assert "Troisième rappel à relire" in page
    page = text(treasury.get(of(invoice)))
    assert "parlons de la facture" in page
    treasury.post(of(invoice), {"tone": "firm"})
    assert "le mieux est d’appeler" in text(treasury.get(of(invoice)))


def test_a_call_that_was_noted_stops_reminders_and_a_button_takes_them_up(treasury: Client, invoice: Invoice) -> None:
    typed = {"why": "call", "what": "client", "until": "31/12/2026", "note": "Paie après sa retraite."}
    page = text(treasury.post(reverse("desk:pause_reminders", args=[invoice.number]), typed, follow=True))
    assert "Paie après sa retraite." in page
    assert "en pause jusqu’au 31/12/2026" in text(treasury.get(PAGE))
    assert Call.objects.get().note == "Paie après sa retraite."
    text(treasury.post(of(invoice), {"tone": "friendly"}), 422)
    page = text(
        treasury.post(reverse("desk:resume_reminders", args=[invoice.number, Pause.objects.get().id]), follow=True)
    )
    assert "Les rappels reprennent." in page
    assert "Envoyer ce rappel maintenant" in page


def test_a_pause_ends_at_an_invoice_of_its_own_client_only(treasury: Client, invoice: Invoice, karim: Person) -> None:
    typed = {"why": "call", "what": "client", "until": "", "note": ""}
    treasury.post(reverse("desk:pause_reminders", args=[invoice.number]), typed)
    other = bill(karim, 1000)
    pause = Pause.objects.get()
    assert treasury.post(reverse("desk:resume_reminders", args=[other.number, pause.id])).status_code == 404
    assert Pause.objects.get().state == "on"


@pytest.mark.parametrize(
    "typed",
    [
        {},
        {"why": "call"},
        {"why": "spite", "what": "client"},
        {"why": "call", "what": "everything"},
        {"why": "call", "what": "client", "until": "bientôt"},
        {"why": "call", "what": "client", "until": "01/12/2026"},
        {"why": "call", "what": "client", "until": "\x00"},
        {"why": "call", "what": "client", "note": "x" * 301},
    ],
    ids=ascii,
)
def test_nonsense_stops_nothing_and_is_asked_again(treasury: Client, invoice: Invoice, typed: dict[str, str]) -> None:
    page = text(treasury.post(reverse("desk:pause_reminders", args=[invoice.number]), typed), 422)
    assert "Ne plus relancer" in page
    assert not Pause.objects.exists()


def test_more_late_invoices_ask_no_more_questions(
    treasury: Client, invoice: Invoice, treasurer: Act, odile: Person
) -> None:
    operations.remind(act=clock(7), invoice=invoice)
    few = questions(lambda: treasury.get(PAGE))
    for name in ("Aubry", "Barde", "Cazal"):
        person = Person.objects.create(family_name=name, known_since=treasurer.at)
        for _ in range(2):
            late = bill(person, 3000)
        operations.pause_reminders(act=treasurer, client=person, invoice=late, why="contested")
    goes_round(8)
    assert questions(lambda: treasury.get(PAGE)) == few
