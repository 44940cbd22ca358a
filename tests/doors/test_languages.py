"""Both languages at the doors: addresses that say theirs, a desk that speaks that of whoever works there."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils import translation

from entremise.doors.frame.templatetags import entremise as tags
from entremise.jobs.models import Activity
from entremise.kernel.act import Role
from entremise.people.models import Person
from tests.doors.conftest import Visitor, inside_as
from tests.doors.desk.conftest import Desk, desk
from tests.jobs.conftest import hedge, karim, legal, place

__all__ = ["desk", "hedge", "inside_as", "karim", "legal", "place"]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("inside")]


@pytest.fixture
def in_english() -> Callable[[], None]:
    with translation.override("en"):
        yield


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


@pytest.mark.parametrize(
    ("french", "english"), [("/resultats/", "/en/results/"), ("/entrer", "/en/enter"), ("/", "/en/")]
)
def test_a_page_leads_to_itself_in_the_other_language(visitor: Client, french: str, english: str) -> None:
    there, back = page(visitor, f"{french}?a=1"), page(visitor, f"{english}?a=1")
    assert '<html lang="fr">' in there
    assert '<html lang="en">' in back
    assert f'href="{english}?a=1" lang="en" hreflang="en">English</a>' in there
    assert f'href="{french}?a=1" lang="fr" hreflang="fr">Français</a>' in back
    assert f'<link rel="alternate" hreflang="en" href="http://pas-de-porte.localhost{english}?a=1">' in there


def test_what_exists_in_no_language_leads_home(visitor: Client) -> None:
    assert 'href="/en/" lang="en"' in visitor.get("/nulle-part").content.decode()


def test_a_members_page_has_its_english_address(inside_as: Visitor, karim: Person) -> None:
    assert 'href="/en/me/hours/"' in page(inside_as(karim), "/moi/heures/")


def test_a_member_chooses_the_language_of_our_messages(inside_as: Visitor, karim: Person) -> None:
    answer = inside_as(karim).post("/moi/langue", {"language": "en"})
    assert answer.headers["Location"] == "/en/me/help/"
    karim.refresh_from_db()
    assert karim.language == "en"


def test_an_unknown_language_is_said_beside_the_choice(inside_as: Visitor, karim: Person) -> None:
    answer = inside_as(karim).post("/moi/langue", {"language": "tlh"})
    assert answer.status_code == 422
    assert "Choisissez une langue." in answer.content.decode()


def test_the_desk_speaks_the_language_of_whoever_works_there(desk: Desk) -> None:
    coordination = desk(Role.COORDINATOR)
    assert "Demandes" in page(coordination, "/bureau/demandes/")
    answer = coordination.post("/bureau/langue", {"language": "en", "next": "/bureau/demandes/"})
    assert answer.headers["Location"] == "/bureau/demandes/"
    assert "<h1>Requests" in page(coordination, "/bureau/demandes/")


def test_the_choice_leads_nowhere_else(desk: Desk) -> None:
    answer = desk(Role.COORDINATOR).post("/bureau/langue", {"language": "en", "next": "https://example.org/"})
    assert answer.headers["Location"] == "/bureau/"


def test_before_the_desk_opens_the_browser_says_its_language(visitor: Client) -> None:
    english = visitor.get("/bureau/entrer", headers={"Accept-Language": "en-GB"}).content.decode()
    assert '<html lang="en">' in english
    assert '<html lang="fr">' in page(visitor, "/bureau/entrer")
    visitor.post("/bureau/langue", {"language": "en", "next": "/bureau/entrer"})
    assert '<html lang="en">' in page(visitor, "/bureau/entrer")


def test_an_activity_is_called_by_its_english_name_where_it_has_one(hedge: Activity) -> None:
    hedge.name_en = "Trim a hedge"
    assert hedge.called == "Tailler une haie"
    with translation.override("en"):
        assert hedge.called == "Trim a hedge"
        hedge.name_en = ""
        assert hedge.called == "Tailler une haie"


@pytest.mark.usefixtures("in_english")
def test_english_habits() -> None:
    said = [tags.hours(150), tags.hours(120), tags.hours(45), tags.phone("+33639981427"), tags.percent(12)]
    assert [one.replace("\u00a0", " ") for one in said] == [
        "2 h 30 min",
        "2 h",
        "45 minutes",
        "+33 6 39 98 14 27",
        "12%",
    ]
