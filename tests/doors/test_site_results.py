"""The public results: figures that open, periods in the address, open data, and nothing of a few."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.frame.results import FIGURES
from entremise.kernel.act import Role
from tests.doors.conftest import questions
from tests.doors.desk.conftest import Desk, desk
from tests.doors.desk.pages import text
from tests.impact.conftest import Work, hedge, legal, people, place, work

__all__ = ["desk", "hedge", "legal", "people", "place", "work"]


@pytest.fixture
def year(work: Work) -> None:
    work(date(2026, 8, 5), workers=6)
    work(date(2026, 9, 5), workers=2, minutes=77)
    work(date(2026, 10, 5), workers=7)


@pytest.mark.usefixtures("year")
def test_every_figure_opens_onto_what_it_is_made_of(visitor: Client) -> None:
    page = text(visitor.get("/resultats/"))
    for code, meaning in FIGURES.items():
        assert reverse("site:figure", args=[code]) in page
        opened = text(visitor.get(reverse("site:figure", args=[code])))
        assert str(meaning.how) in opened
        assert "Calculé à partir de" in opened


@pytest.mark.usefixtures("year")
def test_a_small_month_is_never_told_alone(visitor: Client) -> None:
    for address in ("/resultats/hours/", "/resultats/hours/?periode=2026", "/resultats/hours/?periode=2026-09"):
        page = text(visitor.get(address))
        assert "2 h 34" not in page
        assert "septembre 2026 à octobre 2026" in page


@pytest.mark.usefixtures("year")
def test_the_year_opens_by_activity_and_by_commune(visitor: Client) -> None:
    page = text(visitor.get("/resultats/hours/?periode=2026"))
    assert "Par activité" in page
    assert "Valmarelle" in page
    assert "Par commune</h2>" not in text(visitor.get("/resultats/hours/"))


@pytest.mark.usefixtures("year")
def test_the_open_data_say_the_same(visitor: Client) -> None:
    answer = visitor.get("/resultats/donnees.csv", {"periode": "2026"})
    assert answer["Content-Type"].startswith("text/csv")
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Du;Au;Chiffre;Valeur;Unité"
    assert "01/08/2026;31/10/2026;Heures de travail;15,57;heures" in lines
    assert "01/08/2026;31/08/2026;Heures de travail;6,00;heures" in lines
    assert not [line for line in lines if line.startswith("01/09/2026;30/09/2026")]


@pytest.mark.usefixtures("year")
def test_the_desk_sees_the_numbers_of_everybody(visitor: Client, desk: Desk) -> None:
    public, inside = text(visitor.get("/resultats/")), text(desk(Role.DIRECTOR).get("/bureau/resultats/"))
    for said in ("15 h 34", "100 %"):
        assert said in public
        assert said in inside


@pytest.mark.parametrize("asked", ["2026-13", "0", "x" * 300, "2026-10", "9999"])
def test_a_period_that_is_no_choice_is_twelve_months(visitor: Client, year: None, asked: str) -> None:
    assert 'href="?periode=12-mois" aria-current="true"' in text(visitor.get("/resultats/", {"periode": asked}))


def test_an_unknown_figure_is_not_there(visitor: Client) -> None:
    assert visitor.get("/resultats/bonheur/").status_code == 404


def test_an_organisation_that_begins_says_when_its_figures_come(visitor: Client) -> None:
    page = text(visitor.get("/resultats/"))
    assert "Pas encore de chiffres" in page
    text(visitor.get("/resultats/hours/"))
    assert visitor.get("/resultats/donnees.csv").content.decode("utf-8-sig").count("\n") == 1


def test_the_page_asks_as_much_for_many_rows(visitor: Client, work: Work, year: None) -> None:
    before = questions(visitor, "/resultats/")
    work(date(2026, 10, 8), workers=9)
    work(date(2026, 7, 8), workers=9)
    assert questions(visitor, "/resultats/") == before
    assert questions(visitor, "/resultats/hours/?periode=2026") <= before + 4
