"""« Remercier », through the doors: on one's own page, at the counter, and what the worker sees of it."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Role
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import Tip
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import Desk, desk
from tests.doors.desk.pages import text
from tests.doors.test_feedback import coordination, done
from tests.jobs.conftest import asked, hedge, karim, legal, mission, nadege, odile, place, request_
from tests.settlement.conftest import treasurer

__all__ = [
    "asked",
    "coordination",
    "desk",
    "done",
    "hedge",
    "karim",
    "legal",
    "mission",
    "nadege",
    "odile",
    "place",
    "request_",
    "treasurer",
]

PAGE = "/moi/remercier/"


@pytest.fixture
def saved(treasurer: Act, odile: Person) -> None:
    """10 € that Odile has with us."""
    settlement.pay_in(act=treasurer, person=odile, amount=1000, how="cash", key="ahead")


@pytest.mark.usefixtures("saved")
def test_from_the_clients_page_to_the_workers(inside_as: Visitor, done: Mission, odile: Person, karim: Person) -> None:
    client = inside_as(odile)
    assert PAGE in text(client.get("/moi/avis/"))
    page = text(client.get(PAGE))
    assert "Un merci suffit." in page
    assert " checked" not in page
    page = text(client.post(f"{PAGE}{done.id}", {"choice": "200", "once": "a"}, follow=True))
    assert "Vous avez donné 2,00 €." in page
    assert "Odile vous remercie : 2,00 €" in text(inside_as(karim).get("/moi/paie/"))
    assert "Un client vous remercie" in text(inside_as(karim).get("/moi/compte/"))
    assert "Remerciement donné" in text(client.get("/moi/compte/"))


@pytest.mark.usefixtures("saved")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({}, "Choisissez un montant."),
        ({"choice": "999"}, "Choisissez un montant."),
        ({"choice": "other"}, "Écrivez votre montant."),
        ({"choice": "other", "amount": "²"}, "error"),
        ({"choice": "other", "amount": "9" * 19}, "error"),
        ({"choice": "other", "amount": "51"}, "50,00 €"),
        ({"choice": "other", "amount": "12"}, "error"),
    ],
)
def test_odd_amounts_are_a_sentence_and_nothing_is_given(
    inside_as: Visitor, done: Mission, odile: Person, typed: dict[str, str], said: str
) -> None:
    answer = inside_as(odile).post(f"{PAGE}{done.id}", {**typed, "once": "a"})
    assert said in text(answer, 422)
    assert not Tip.objects.exists()


def test_nobody_is_asked_before_the_job_and_nobody_thanks_for_another(
    inside_as: Visitor, mission: Mission, odile: Person, nadege: Person
) -> None:
    assert "Donner quelque chose" not in text(inside_as(odile).get(PAGE))
    answer = inside_as(odile).post(f"{PAGE}{mission.id}", {"choice": "100", "once": "a"})
    assert answer.status_code == 422
    assert inside_as(nadege).post(f"{PAGE}{mission.id}", {"choice": "100", "once": "a"}).status_code in (403, 404)
    assert not Tip.objects.exists()


def test_without_an_account_coins_at_the_counter_are_named(inside_as: Visitor, done: Mission, odile: Person) -> None:
    page = text(inside_as(odile).get(PAGE))
    assert "En espèces : à l’accueil" in page
    assert "<form" not in page.partition('id="contenu"')[2].partition("</main>")[0]


def test_at_the_counter_it_is_noted_once_listed_and_taken_back(coordination: Client, desk: Desk, done: Mission) -> None:
    address = reverse("desk:thank", args=[done.id])
    assert address in text(coordination.get(reverse("desk:feedback", args=[done.id])))
    text(coordination.post(address, {"choice": "other", "amount": "", "once": "a"}), 422)
    for _ in range(2):
        coordination.post(address, {"choice": "500", "how": "cash", "once": "a"})
    tip = Tip.objects.get()
    assert "5,00 €" in text(coordination.get(address))
    treasury = desk(Role.TREASURER)
    page = text(treasury.get(reverse("desk:tips")))
    assert "5,00 € attendent un bulletin de paie" in page
    back = reverse("desk:take_back_tip", args=[tip.id])
    assert "Écrivez pourquoi" in text(treasury.post(back, {"reason": ""}), 422)
    page = text(treasury.post(back, {"reason": "un billet de trop"}, follow=True))
    assert "0,00 € attendent" in page
    assert "repris" in page


def test_more_tips_ask_no_more_questions(desk: Desk, treasurer: Act, done: Mission) -> None:
    treasury = desk(Role.TREASURER)

    def give(number: int) -> None:
        settlement.give_tip(
            act=treasurer,
            client=done.client,
            worker=done.worker,
            occasion=treasurer.by.person if number else done.id,  # type: ignore[arg-type]  # Any id will do.
            amount=100,
            how="cash",
            key=f"t{number}",
        )

    give(0)
    few = questions(treasury, reverse("desk:tips"))
    give(1)
    assert questions(treasury, reverse("desk:tips")) == few
