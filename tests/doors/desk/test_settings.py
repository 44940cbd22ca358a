"""What the organisation decides."""

from datetime import date
from importlib.resources import files

import pytest
from django.test import Client
from django.urls import reverse

from entremise.doors.desk import words, words_figures
from entremise.figures.models import Override
from entremise.figures.rules import parse_toml
from entremise.jobs.models import Activity, Tariff, TerritoryPlace
from entremise.jobs.queries.setup import POLICY
from entremise.people.models import Person, Place
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.doors.desk.pages import text

pytestmark = pytest.mark.usefixtures("inside", "hedge")


def test_a_new_tariff_holds_from_a_day_on(treasury: Client, coordination: Client) -> None:
    address = reverse("desk:tariffs")
    typed = {"hourly_price": "26", "hourly_wage": "12,50", "travel_fee": "", "minimum": "1 h", "valid_from": "1/1/2027"}
    page = text(treasury.post(address, {**typed, "hourly_price": "cher"}), 422)
    assert "Écrivez le montant ainsi" in page
    assert 'value="12,50"' in page
    assert "ne couvre pas le coût" in text(treasury.post(address, {**typed, "hourly_price": "5"}), 422)
    treasury.post(address, typed)
    tariff = Tariff.objects.get(valid_from=date(2027, 1, 1))
    assert (tariff.hourly_price, tariff.hourly_wage, tariff.minimum_minutes, tariff.travel_fee) == (2600, 1250, 60, 0)
    assert "Appliquer ce tarif" not in text(coordination.get(address))
    assert coordination.post(address, typed).status_code == 404


def test_figures_to_check_are_flagged_and_a_choice_is_dated(treasury: Client) -> None:
    address = reverse("desk:figures")
    page = text(treasury.get(address))
    assert "à vérifier" in page
    assert "7 jours" in page
    assert "Durée du PASS IAE" in page
    holidays = page[page.index("Jours fériés") :]
    assert "C. trav. L3133-1, 11°" in holidays
    assert "ven. 25 déc." in holidays
    assert holidays.count("à vérifier") == 11  # Nobody has read them in the official text.
    typed = {"key": "hours.silence_days", "value": "10", "valid_from": "23/11/2026", "source": "bureau du 20 novembre"}
    assert "Écrivez un nombre" in text(treasury.post(address, {**typed, "value": "dix"}), 422)
    assert "Il manque une réponse ici" in text(treasury.post(address, {**typed, "source": ""}), 422)
    assert "C’est trop long : 300 caractères" in text(treasury.post(address, {**typed, "source": "x" * 301}), 422)
    treasury.post(address, typed)
    assert Override.objects.get().value == 10
    assert "10 jours" in text(treasury.get(address))


def test_every_figure_of_the_law_has_a_name() -> None:
    data = files("entremise.figures") / "data"
    shipped = [one for name in ("fr.toml", "policy.toml") for one in parse_toml((data / name).read_text("utf-8"))]
    assert {figure.key for figure in shipped if figure.source != POLICY} == set(words_figures.LAW)
    assert {figure.unit for figure in shipped} <= {*words.UNITS, "h", "rate", "yes"}


def test_activities_and_territory_are_the_organisations_own(direction: Client, place: Place) -> None:
    typed = {"code": "vitres", "name": "Vitres", "words": "vitres, carreaux", "pictogram": "vitres", "offered": "1"}
    direction.post(reverse("desk:activities"), typed)
    assert Activity.objects.get(code="vitres").words == ["vitres", "carreaux"]
    assert 'value="Vitres"' in text(direction.get(reverse("desk:activities") + "?code=vitres"))
    direction.post(reverse("desk:cover_place"), {"place": "33490"})
    assert TerritoryPlace.objects.get().place == place


def test_the_director_gives_a_login(direction: Client, coordination: Client, odile: Person) -> None:
    address = reverse("desk:account", args=[odile.id])
    page = text(direction.post(address, {"login": "odile", "password": "court"}), 422)
    assert "au moins 12 signes" in page
    direction.post(address, {"login": "odile", "password": "quatre mots sans lien"})
    odile.refresh_from_db()
    assert odile.account
    assert odile.account.login == "odile"
    assert coordination.get(address).status_code == 404
    assert "Un nouveau mot de passe pour Odile Marsan" in text(direction.get(address))
    direction.post(address, {"password": "cinq autres mots sans lien"})
    odile.account.refresh_from_db()
    assert odile.account.check_password("cinq autres mots sans lien")


def test_the_director_takes_somebody_into_the_office(direction: Client, odile: Person) -> None:
    card = reverse("desk:person", args=[odile.id])
    assert 'value="treasurer"' in text(direction.get(card))
    direction.post(reverse("desk:give_role", args=[odile.id]), {"role": "treasurer"})
    assert odile.memberships.filter(role="treasurer", until=None).exists()


def test_the_published_rule_names_every_criterion(coordination: Client) -> None:
    page = text(coordination.get(reverse("desk:ranking")))
    assert "Habite le plus près" in page
    assert "Tirage au sort" in page


def test_the_director_completes_the_identity(direction: Client, treasury: Client, inside: Organisation) -> None:
    address = reverse("desk:identity")
    typed = {"legal_name": "Le Pas de Porte", "siret": "123", "iban": "FR00", "agreement_to": "hier"}
    page = text(direction.post(address, typed), 422)
    for said in ("Ce SIRET n’est pas complet", "Cet IBAN n’est pas complet", "Écrivez la date ainsi"):
        assert said in page
    right = {"siret": "732 829 320 00074", "iban": "FR76 3000 6000 0112 3456 7890 189", "agreement_to": "31/12/2027"}
    direction.post(address, {**typed, **right})
    identity = LegalIdentity.objects.get()
    assert (identity.siret, identity.iban) == ("73282932000074", "FR7630006000011234567890189")
    assert identity.agreement_to == date(2027, 12, 31)
    assert "31/12/2027" in text(direction.get(reverse("desk:settings")))
    assert treasury.get(address).status_code == 404
