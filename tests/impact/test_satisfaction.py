"""What people say of the organisation is published, unless so few said it that it could point at somebody."""

from datetime import UTC

import pytest

from entremise.agreements.models import Agreement, Feedback
from entremise.impact.queries import report
from entremise.kernel.ids import new_id
from entremise.kernel.time import Period
from entremise.people.models import Person
from tests.conftest import TODAY


def said(answers: str) -> list[Person]:
    """w, f or b: what each of so many people said of us."""
    agreement = Agreement.objects.create(
        number="AG-1", mode="x", title="Haie", starts_on=TODAY.date(), ends_on=TODAY.date(), drawn_up_at=TODAY
    )
    people = []
    for letter in answers:
        person = Person.objects.create(family_name="Marsan", known_since=TODAY)
        say(agreement, person, letter)
        people.append(person)
    return people


def say(agreement: Agreement, person: Person, letter: str) -> None:
    words = {"w": "well", "f": "fair", "b": "badly"}
    Feedback.objects.create(
        agreement=agreement,
        occasion=new_id(),
        writer=person,
        state="open",
        answer=words[letter],
        opens_at=TODAY,
        written_at=TODAY,
    )


def content() -> tuple[int | None, int]:
    figure = report(period=Period.month(2026, 11), zone=UTC).figures["content"]  # type: ignore[arg-type]  # A zone.
    return figure.value, figure.n


@pytest.mark.usefixtures("inside")
def test_the_share_of_those_who_are_content_is_published() -> None:
    said("wwwfb")
    assert content() == (60, 5)


@pytest.mark.usefixtures("inside")
def test_under_five_it_is_hidden() -> None:
    said("wwwb")
    assert content() == (None, 4)


@pytest.mark.usefixtures("inside")
def test_a_person_counts_once_however_often_they_are_asked() -> None:
    first = said("bwww")[0]
    say(Agreement.objects.get(), first, "w")
    assert content() == (None, 4)
