"""The pages of people's own prices: asked for at home, opened by the direction, unknown at the counter."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.clock import places
from entremise.doors.clock.watch import Watch
from entremise.kernel.act import Act, Role
from entremise.ledger.queries import verify
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement.queries import dues
from entremise.solidarity import operations
from entremise.solidarity.models import Band, Fund, Place
from entremise.solidarity.operations.prices import _relieve
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, inside_as, questions
from tests.doors.desk.conftest import Desk, desk
from tests.doors.desk.pages import text
from tests.jobs.conftest import legal, odile, place
from tests.solidarity.conftest import committee, give, held, owe, somebody, staff
from tests.solidarity.test_prices import FIRST, LAST, THE, asks, worked

__all__ = ["desk", "inside_as", "legal", "odile", "place"]

PRICES = "/bureau/solidarite/prix/"
TYPED = {"first": "01/10/2026", "last": "31/12/2026", "percent": "20", "places": "1", "reserve": "30"}


@pytest.fixture
def at(inside: object) -> Act:
    return staff(TODAY)


@pytest.fixture
def fund(at: Act, legal: None) -> Fund:
    made = operations.open_fund(act=at, name="Coup de pouce", purpose="Aider.", origin="public")
    committee(at)
    give(at, made, 10000, on=TODAY.date())
    return made


@pytest.fixture
def band(at: Act, fund: Fund) -> Band:
    return operations.open_band(act=at, fund=fund, first=FIRST, last=LAST, percent=20, places=1, reserve=3000)


def test_the_direction_opens_a_price_and_changes_its_places(desk: Desk, fund: Fund) -> None:
    director = desk(Role.DIRECTOR)
    assert director.post(PRICES, {**TYPED, "fund": str(fund.id)}).status_code == 302
    band = Band.objects.get()
    assert (band.percent, band.hourly, band.places, band.reserve) == (20, 0, 1, 3000)
    assert director.post(f"{PRICES}{band.id}/places", {"places": "4"}).status_code == 302
    assert "4 places libres" in text(director.get(PRICES))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"percent": "beaucoup"}, "Écrivez un nombre de 1 à 100."),
        ({"hourly": "2,00"}, "Écrivez un pourcentage de 1 à 100"),
        ({"places": ""}, "Écrivez un nombre. Exemple : 12."),
        ({"reserve": "5000"}, "Les règles permettent entre 0,01 € et 100,00 €"),
        ({"last": "01/10/2025"}, "Cette saison est terminée."),
        ({"fund": "x"}, "Choisissez dans la liste."),
    ],
)
def test_nonsense_of_a_price_comes_back_with_a_sentence(
    desk: Desk, fund: Fund, typed: dict[str, str], said: str
) -> None:
    answer = desk(Role.DIRECTOR).post(PRICES, {**TYPED, "fund": str(fund.id), **typed})
    assert said in text(answer, 422)
    assert Band.objects.count() == 0


def test_the_counter_finds_no_page_and_no_word_of_it(desk: Desk, band: Band, odile: Person) -> None:
    place = asks(odile, band)
    clerk = desk(Role.COORDINATOR)
    for address in (PRICES, f"{PRICES}personnes/{place.id}/", f"/bureau/solidarite/demandes/{place.award_id}/"):
        assert clerk.get(address).status_code == 404
    for address in ("/bureau/solidarite/", f"/bureau/personnes/{odile.id}/"):
        page = text(clerk.get(address))
        assert "% de moins" not in page
        assert "Marsan</a>" not in page or "personnes" in address


def test_the_treasurer_reads_who_has_a_price_and_gives_none(desk: Desk, band: Band, odile: Person) -> None:
    place = asks(odile, band)
    treasurer = desk(Role.TREASURER)
    assert "Odile Marsan" in text(treasurer.get(PRICES))
    assert "30,00 €" in text(treasurer.get(f"{PRICES}personnes/{place.id}/"))
    assert treasurer.post(f"{PRICES}personnes/{place.id}/fin").status_code == 404
    assert Place.objects.get().state == "held"


def test_somebody_is_written_down_on_the_phone(desk: Desk, band: Band, odile: Person) -> None:
    support = desk(Role.SUPPORT_WORKER)
    assert support.post(f"{PRICES}demandes", {"who": "Personne", "band": str(band.id)}).status_code == 422
    answer = support.post(f"{PRICES}demandes", {"who": "Odile Marsan", "band": str(band.id)})
    place = Place.objects.get()
    assert answer.headers["Location"] == f"{PRICES}personnes/{place.id}/"
    assert place.state == "held"
    assert support.post(f"{PRICES}personnes/{place.id}/fin").status_code == 302
    assert Place.objects.get().state == "left"


def test_at_home_one_asks_waits_is_served_and_leaves(
    inside_as: Visitor, inside: Organisation, band: Band, odile: Person
) -> None:
    first = asks(somebody("Bo"), band)
    home: Client = inside_as(odile)
    assert "20 % de moins" in text(home.get("/moi/prix/"))
    assert home.post(f"/moi/prix/{band.id}/demande").status_code == 302
    assert "Votre tour, dans l’ordre d’arrivée : 1." in text(home.get("/moi/prix/"))
    mine = Place.objects.get(person=odile)
    operations.leave_place(act=staff(TODAY), place=first)
    assert places.give(Watch(), inside) == 1
    assert places.give(Watch(), inside) == 0
    page = text(home.get("/moi/prix/"))
    assert "Il reste 30,00 € gardés pour vous" in page
    assert Letter.objects.filter(template="price_news", person=odile).count() == 1
    assert "prix" not in Letter.objects.get(template="price_news").body.lower()
    assert "C’est déjà le prix le plus bas." in text(home.post(f"/moi/prix/{mine.id}/baisse"), 422)
    assert home.post(f"/moi/prix/{mine.id}/fin").status_code == 302
    mine.refresh_from_db()
    assert mine.state == "left"


def test_nobody_lowers_or_leaves_the_price_of_another(inside_as: Visitor, band: Band, odile: Person) -> None:
    mine = asks(odile, band)
    stranger: Client = inside_as(somebody("Autre"))
    for what in ("baisse", "fin"):
        assert stranger.post(f"/moi/prix/{mine.id}/{what}").status_code == 404
    mine.refresh_from_db()
    assert mine.state == "held"


def test_everybody_reads_which_prices_there_are_and_nobody_who_has_them(band: Band, odile: Person) -> None:
    asks(odile, band)
    page = text(Client(headers={"host": "pas-de-porte.localhost"}).get("/entraide/"))
    assert "20 % de moins" in page
    assert "Marsan" not in page


def test_the_list_of_prices_costs_the_same_however_many_have_one(desk: Desk, at: Act, band: Band) -> None:
    client = desk(Role.DIRECTOR)
    asks(somebody("P"), band)
    few = questions(client, PRICES)
    for number in range(5):
        asks(somebody(f"P{number}"), band)
    assert questions(client, PRICES) == few


def test_seasons_are_minded_by_the_clock(inside: Organisation, band: Band, odile: Person) -> None:
    asks(odile, band)
    Band.objects.update(last=TODAY.date())
    assert places.mind_seasons(Watch(), inside) == 1
    assert places.mind_seasons(Watch(), inside) == 0
    assert Place.objects.get().asked_again_at


def test_what_is_added_is_chosen_at_home_and_lowered_at_the_desk(
    desk: Desk, inside_as: Visitor, fund: Fund, odile: Person
) -> None:
    home, clerk = inside_as(odile), desk(Role.COORDINATOR)
    more = {"fund": str(fund.id), "hourly": "2,00"}
    assert "Écrivez le montant ainsi" in text(home.post("/moi/prix/plus", {**more, "hourly": "un peu"}), 422)
    assert "entre 0,50 € et 10,00 €" in text(home.post("/moi/prix/plus", {**more, "hourly": "20"}), 422)
    assert home.post("/moi/prix/plus", more).status_code == 302
    assert "Vous ajoutez 2,00 € par heure" in text(home.get("/moi/prix/"))
    assert "Vous ne devez rien" in text(home.post("/moi/prix/plus", {**more, "hourly": "1"}), 422)
    page = "/bureau/solidarite/dons/sur-factures"
    assert "Odile Marsan" in text(clerk.get(page))
    assert clerk.post(page, {**more, "who": "Odile Marsan", "hourly": "0"}).status_code == 302
    assert "Odile Marsan" not in text(clerk.get(page))


def test_an_hour_that_was_given_is_taken_at_the_desk(desk: Desk, at: Act, fund: Fund, odile: Person) -> None:
    hour, invoice, clerk = "1 heure de ménage", owe(at, odile, 4900), desk(Role.COORDINATOR)
    page = "/bureau/solidarite/heures-offertes/"
    assert "Aucune heure" in text(clerk.get(page))
    give(at, fund, 2450, key="hour", kind="suspended", item=hour, on=TODAY.date())
    typed = {"item": hour, "number": invoice.number, "once": "a"}
    assert "Aucune facture" in text(clerk.post(page, {**typed, "number": "x"}), 422)
    assert "Choisissez dans la liste." in text(clerk.post(page, {**typed, "item": "x"}), 422)
    for _ in range(2):
        assert clerk.post(page, typed).status_code == 302
    assert "Toutes ces heures sont prises." in text(clerk.post(page, {**typed, "once": "b"}), 422)
    assert "données : 1, prises : 1" in text(clerk.get(page))
    assert dues(invoices=[invoice])[invoice.id] == 2450


def test_an_invoice_says_their_price_at_home_and_nothing_of_it_at_the_counter(
    desk: Desk, inside_as: Visitor, band: Band, odile: Person
) -> None:
    asks(odile, band)
    invoice = worked(odile)
    _relieve(THE, invoice)
    home = text(inside_as(odile).get("/moi/factures/"))
    assert "votre prix : 39,20 €" in home
    assert "fonds" not in home
    address = f"/bureau/argent/factures/{invoice.number}/"
    assert "par un fonds" not in text(desk(Role.COORDINATOR).get(address))
    assert "par un fonds" in text(desk(Role.TREASURER).get(address))


def test_a_credit_note_at_the_desk_gives_a_fund_its_part_back(
    desk: Desk, at: Act, fund: Fund, band: Band, odile: Person
) -> None:
    asks(odile, band)
    invoice = worked(odile)
    _relieve(THE, invoice)
    clerk, address = desk(Role.TREASURER), reverse("desk:credit", args=[invoice.number])
    typed = {"amount": "24,50", "reason": "une heure en trop", "once": "a"}
    assert [clerk.post(address, typed).status_code for _ in range(2)] == [302, 302]
    assert (dues(invoices=[invoice])[invoice.id], held(fund)) == (1960, (7490, 2020))
    assert clerk.post(address, {"amount": "24,50", "reason": "tout le reste", "once": "b"}).status_code == 302
    assert (dues(invoices=[invoice])[invoice.id], held(fund)) == (0, (7980, 2020))
    assert verify() == []
