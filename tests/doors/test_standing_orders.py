"""The same each time: at the desk by telephone, on one's own page, and the next purchase planned from the last."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.models import Purchase, Standing, StandingLine
from entremise.campaigns.models import Pledge
from entremise.figures.operations import load_shipped
from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.people import operations as people
from entremise.people.models import Person
from tests.buying.conftest import OIL, SOAP, Ask, Offer, ask, household, offer
from tests.buying.test_repeating import Same, same
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import coordination, desk
from tests.doors.desk.pages import text
from tests.doors.test_desk_together import TYPED, address
from tests.doors.test_site_purchases import at, plain
from tests.jobs.conftest import odile, place

__all__ = ["ask", "coordination", "desk", "odile", "offer", "place", "same"]


@pytest.fixture
def first(act: Act, offer: Offer) -> Purchase:
    purchase = offer(OIL, SOAP)
    buying.repeat(act=act, purchase=purchase, weeks=2)
    return purchase


SAID = {"quantity_1": "2", "tolerance_1": "4", "ceiling_1": "700", "quantity_2": "0", "means": "later", "budget": ""}


# Planned from the last


def test_the_next_one_is_the_form_of_the_last_with_its_dates_moved(coordination: Client, offer: Offer) -> None:
    load_shipped()
    first = offer(OIL, SOAP)
    page = text(coordination.get(address("together_series", first)))
    assert "Planifier le suivant" not in page
    coordination.post(address("repeat_together", first), {"weeks": "2"})
    page = text(coordination.get(address("together_series", first)))
    assert f"?suite={first.campaign.number}" in page
    page = text(coordination.get(f"{reverse('desk:new_together')}?suite={first.campaign.number}"))
    for shown in ('value="Huile"', 'value="Savon"', 'value="19/12/2026"', 'value="7,00"', 'name="suite"'):
        assert shown in page
    typed = {**TYPED, "suite": str(first.campaign.number), "closes_on": "19/12/2026", "fills_on": "17/12/2026"}
    typed |= {"handed_from": "28/12/2026", "handed_until": "30/12/2026"}
    answer = coordination.post(reverse("desk:new_together"), typed)
    series = Purchase.objects.get(id=first.id).series_id
    assert series is not None
    second = queries.latest_of(series=series)
    assert answer["Location"] == address("together_one", second)
    assert (second.campaign.state, second.handed_from) == ("draft", date(2026, 12, 28))
    assert second.id != first.id
    refused = text(coordination.post(reverse("desk:new_together"), typed), 422)
    assert f"L’achat {second.campaign.number} est déjà noté pour la suite" in refused


@pytest.mark.parametrize("weeks", ["", "0", "53", "deux"])
def test_a_rhythm_that_needs_another_look(coordination: Client, offer: Offer, weeks: str) -> None:
    page = text(coordination.post(address("repeat_together", offer(OIL)), {"weeks": weeks}), 422)
    assert "Écrivez un nombre de semaines" in page
    assert Purchase.objects.get().series is None


# At the desk


def test_a_caller_says_it_once_and_hears_of_it_each_time(coordination: Client, first: Purchase) -> None:
    person = household(1)
    there = address("together_standing", first, person.id)
    typed = {**SAID, "ceiling_1": "7", "ceiling_2": "1,50", "door": "phone"}
    assert coordination.post(there, typed)["Location"] == there
    standing, line = Standing.objects.get(), StandingLine.objects.get()
    assert (standing.person_id, line.title, line.quantity, line.tolerance, line.ceiling) == (
        person.id,
        "Huile",
        2,
        4,
        700,
    )
    fact = Fact.objects.get(type="standing_said")
    assert (fact.on_behalf_of, fact.door) == (person.id, "phone")
    assert not Pledge.objects.exists()
    page = text(coordination.get(there))
    assert 'name="quantity_1" value="2"' in page
    assert "2 × Huile, bouteille" in text(coordination.get(address("together_series", first)))
    for said, state in (("pause", "paused"), ("reprise", "active"), ("saut", "active"), ("fin", "ended")):
        coordination.post(address("say_standing", first, person.id), {"dit": said})
        assert Standing.objects.get().state == state
    assert coordination.post(address("say_standing", first, person.id), {"dit": "pause"}).status_code == 404


def test_what_needs_another_look_is_kept_and_nothing_noted(coordination: Client, first: Purchase) -> None:
    there = address("together_standing", first, household(1).id)
    typed = {**SAID, "ceiling_1": "6,19", "ceiling_2": "1,50", "door": "phone"}
    page = text(coordination.post(there, typed), 422)
    assert "le prix ne descendra pas sous 6,20" in page
    assert 'name="tolerance_1" value="4"' in page
    assert not Standing.objects.exists()


def test_two_households_take_turns_at_the_desk(coordination: Client, act: Act, first: Purchase, same: Same) -> None:
    one = household(1)
    other, _ = people.add_person(act=act, given_name="Yves", family_name="Marsan"), same(one)
    there = address("share_standing", first, one.id)
    assert "Écrivez" in text(coordination.post(there, {"who": "Zzz", "picked": ""}), 422)
    coordination.post(there, {"who": "Yves Marsan", "picked": str(other.id)})
    assert Standing.objects.get().partner_id == other.id
    page = text(coordination.get(address("together_standing", first, other.id)))
    assert "Prendre le prochain tour" in page
    coordination.post(address("say_standing", first, other.id), {"dit": "tour"})
    assert Standing.objects.get().partners_turn


def test_a_purchase_that_comes_once_has_nothing_each_time(coordination: Client, offer: Offer) -> None:
    assert coordination.get(address("together_standing", offer(OIL), household(1).id)).status_code == 404


def test_the_desk_asks_as_much_for_many_as_for_one(coordination: Client, first: Purchase, same: Same) -> None:
    same(household(0))
    few = questions(coordination, address("together_series", first))
    for number in range(1, 5):
        same(household(number))
    assert questions(coordination, address("together_series", first)) == few


# On one's own page


def test_whoever_ordered_asks_for_the_same_each_time(
    inside_as: Visitor, first: Purchase, odile: Person, ask: Ask
) -> None:
    client = inside_as(odile)
    ask(first, odile, (3, 1, 620), (0, 0, 150))
    assert at(first, "chaque-fois") in client.get("/moi/commandes/").content.decode()
    form = client.get(at(first, "chaque-fois")).content.decode()
    assert 'value="3"' in form
    assert '<option value="620" selected>' in form
    page = plain(client.post(at(first, "chaque-fois"), {**SAID, "ceiling_1": "620"}, follow=True).content)
    assert "2 × Huile , bouteille 6,20 € l’unité au plus, et jusqu’à 4 de plus" in page
    assert "La prochaine commande est notée dès l’ouverture" in page
    for said, words in (("saut", "La prochaine fois est sautée."), ("pause", "En pause"), ("fin", "C’est arrêté.")):
        assert words in plain(client.post(at(first, "chaque-fois/dit"), {"dit": said}, follow=True).content)
    assert client.post(at(first, "chaque-fois/dit"), {"dit": "saut"}).status_code == 404


def test_the_other_household_sees_whose_turn_it_is_and_takes_it(
    inside_as: Visitor, act: Act, first: Purchase, odile: Person, same: Same
) -> None:
    standing = buying.share_standing(act=act, standing=same(household(1)), partner=odile)
    client = inside_as(odile)
    page = plain(client.get("/moi/commandes/").content)
    assert "La prochaine fois, c’est le tour de" in page
    assert "Arrêter" not in page, "it is not theirs to end"
    assert "c’est votre tour" in plain(client.post(at(first, "chaque-fois/dit"), {"dit": "tour"}, follow=True).content)
    refused = client.post(at(first, "chaque-fois/dit"), {"dit": "fin"})
    assert refused.status_code in (403, 422)
    standing.refresh_from_db()
    assert (standing.state, standing.whose) == ("active", odile)
    client.post(at(first, "chaque-fois/dit"), {"dit": "seul"})
    standing.refresh_from_db()
    assert standing.partner is None


def test_what_nobody_could_order_stands_beside_its_field(inside_as: Visitor, first: Purchase, odile: Person) -> None:
    answer = inside_as(odile).post(at(first, "chaque-fois"), {**SAID, "quantity_1": ""})
    assert answer.status_code == 422
    assert not Standing.objects.exists()


def test_ones_own_page_asks_as_much_for_several_series(
    inside_as: Visitor, act: Act, offer: Offer, first: Purchase, odile: Person
) -> None:
    client = inside_as(odile)

    def say(purchase: Purchase) -> None:
        wants = [buying.Wants(one, 1, 0, 700) for one in queries.articles_of(purchase=purchase.id)]
        assert purchase.series is not None
        buying.say_standing(act=act, series=purchase.series, person=odile, wants=wants, means="later")

    say(first)
    few = questions(client, "/moi/commandes/")
    for _ in range(3):
        more = offer(OIL)
        buying.repeat(act=act, purchase=more, weeks=1)
        say(more)
    assert questions(client, "/moi/commandes/") == few


def test_a_purchase_says_that_it_comes_again(visitor: Client, first: Purchase) -> None:
    assert "Cet achat revient toutes les 2 semaines." in plain(visitor.get(at(first)).content)
    assert visitor.get(at(first, "chaque-fois")).headers["Location"].startswith("/entrer")


def test_what_comes_once_is_not_asked_for_each_time(inside_as: Visitor, offer: Offer, odile: Person) -> None:
    assert inside_as(odile).get(at(offer(OIL), "chaque-fois")).status_code == 404
