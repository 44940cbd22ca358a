"""What an organisation shows to everybody."""

from django.test import Client

from entremise.jobs.models import Activity
from entremise.tenancy.models import Organisation
from tests.doors.conftest import questions
from tests.jobs.conftest import hedge, legal

__all__ = ["hedge", "legal"]


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def test_the_number_comes_first(visitor: Client) -> None:
    page = text(visitor, "/")
    assert page.index("tel:+33536491200") < page.index("<main")
    assert "sms:+33639980012?body=TRAVAIL" in page


def test_the_activities_lead_to_the_request(visitor: Client, hedge: Activity) -> None:
    page = text(visitor, "/")
    assert "Tailler une haie" in page
    assert 'href="/demander/besoin/?activite=haie"' in page


def test_the_receipt_adds_up(visitor: Client, hedge: Activity) -> None:
    page = text(visitor, "/")
    assert "2 heures : tailler une haie" in page
    assert "49,00 €" in page
    assert "Salaire de la personne" in page


def test_an_organisation_that_begins_has_its_page(visitor: Client, inside: Organisation) -> None:
    page = text(visitor, "/")
    assert "De quoi avez-vous besoin" not in page
    assert "Le Pas de Porte" in page


def test_the_page_exists_in_english(visitor: Client, hedge: Activity) -> None:
    hedge.name_en = "Trim a hedge"
    hedge.save()
    page = text(visitor, "/en/")
    assert '<html lang="en">' in page
    assert "Trim a hedge" in page
    assert 'href="/" lang="fr"' in page
    assert 'href="/en/" lang="en"' in text(visitor, "/")


def test_a_french_address_stays_french_whatever_the_browser_prefers(visitor: Client) -> None:
    answer = visitor.get("/", headers={"Accept-Language": "en"})
    assert '<html lang="fr">' in answer.content.decode()


def test_results_hide_what_rests_on_too_few(visitor: Client, inside: Organisation) -> None:
    page = text(visitor, "/resultats/")
    assert "Nos résultats" in page


def test_the_space_may_be_kept_among_applications(visitor: Client) -> None:
    manifest = visitor.get("/application.webmanifest").json()
    assert (manifest["name"], manifest["start_url"], manifest["scope"]) == ("Le Pas de Porte", "/moi/", "/moi/")
    assert visitor.get("/sw.js").headers["Cache-Control"] == "no-cache"


def test_the_home_page_asks_few_questions(visitor: Client, hedge: Activity) -> None:
    assert questions(visitor, "/") <= 20
