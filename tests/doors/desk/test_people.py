"""People at the desk."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.jobs.models import Skill, Worker
from entremise.kernel.act import Role
from entremise.payments.models import BankAccount
from entremise.people.models import Consent, ContactPoint, EntryKey, Membership, Paper, Person, Place
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text

pytestmark = pytest.mark.usefixtures("inside")

NEW = {"family_name": "Aubry", "given_name": "Paul", "title": "M.", "kind": "individual", "role": "client"}


def test_somebody_new_is_written_down_once_they_agreed(coordination: Client, place: Place) -> None:
    address = reverse("desk:add_person")
    page = text(coordination.post(address, {**NEW, "place": "Valmarelle"}), 422)
    assert "Lisez-lui la phrase" in page
    assert 'value="Aubry"' in page
    coordination.post(address, {**NEW, "place": "Valmarelle", "agrees": "1", "remarks": "Parler fort\nChien gentil"})
    person = Person.objects.get(family_name="Aubry")
    assert (person.place, person.remarks) == (place, ["Parler fort", "Chien gentil"])
    assert Consent.objects.get(person=person).given


def test_somebody_whom_nothing_reaches_is_flagged(coordination: Client, place: Place) -> None:
    coordination.post(reverse("desk:add_person"), {**NEW, "agrees": "1"})
    person = Person.objects.get(family_name="Aubry")
    assert "Rien ne joint cette personne." in text(coordination.get(reverse("desk:person", args=[person.id])))
    assert "Aubry" in text(coordination.get(reverse("desk:people"), {"role": "injoignables"}))


def test_an_unknown_commune_is_refused_with_an_example(coordination: Client, place: Place) -> None:
    page = text(coordination.post(reverse("desk:add_person"), {**NEW, "place": "Nulleville", "agrees": "1"}), 422)
    assert "n’est pas dans la liste des communes" in page


def test_the_list_is_filtered_by_words_and_role(coordination: Client, odile: Person, karim: Person) -> None:
    page = text(coordination.get(reverse("desk:people"), {"q": "mars"}))
    assert "Marsan" in page
    assert "Belkacem" not in page
    assert "Marsan" not in text(coordination.get(reverse("desk:people"), {"role": "salaries"}))


def test_a_person_is_changed_and_reached_otherwise(coordination: Client, odile: Person) -> None:
    typed = {
        "family_name": "Marsan",
        "given_name": "Odile",
        "title": "Mme",
        "kind": "individual",
        "place": "Valmarelle",
    }
    coordination.post(reverse("desk:change_person", args=[odile.id]), {**typed, "street": "3, rue du Four"})
    coordination.post(reverse("desk:add_contact", args=[odile.id]), {"value": "odile@exemple.fr", "label": "fille"})
    odile.refresh_from_db()
    assert odile.street == "3, rue du Four"
    assert ContactPoint.objects.filter(person=odile, kind="email").exists()
    page = text(coordination.post(reverse("desk:add_contact", args=[odile.id]), {"value": "12"}), 422)
    assert page.count("n’est pas complet") == 2


def test_texts_stop_and_come_back(coordination: Client, odile: Person) -> None:
    contact = ContactPoint.objects.get(person=odile)
    address = reverse("desk:texts", args=[odile.id, contact.id])
    coordination.post(address)
    assert "STOP" in text(coordination.get(reverse("desk:person", args=[odile.id])))
    coordination.post(address)
    contact.refresh_from_db()
    assert contact.stopped_at is None


def test_papers_and_account_are_noted(coordination: Client, karim: Person) -> None:
    typed = {"kind": "right_to_work", "valid_to": "01/06/2027"}
    coordination.post(reverse("desk:paper", args=[karim.id]), typed)
    assert Paper.objects.filter(person=karim, kind="right_to_work").exists()
    address = reverse("desk:bank_account", args=[karim.id])
    assert "Cet IBAN n’est pas complet" in text(coordination.post(address, {"iban": "FR76 1234"}), 422)
    coordination.post(address, {"iban": "FR76 3000 6000 0112 3456 7890 189"})
    assert BankAccount.objects.get(person=karim).iban == "FR7630006000011234567890189"
    page = text(coordination.get(reverse("desk:person", args=[karim.id])))
    assert "…0189" in page
    assert "FR7630006" not in page


def test_what_a_worker_wants_and_can_do(coordination: Client, karim: Person) -> None:
    address = reverse("desk:worker", args=[karim.id])
    typed = {"hours_wanted": "18 h", "travel_mode": "bike", "free_0": "8h-12h30", "skill_haie": "trained", "note": ""}
    for odd in ("le matin", "18h-8h", "8h-30h"):
        assert "Écrivez ainsi" in text(coordination.post(address, {**typed, "free_1": odd}), 422)
    coordination.post(address, typed)
    worker = Worker.objects.get(person=karim)
    assert (worker.hours_wanted, worker.travel_mode) == (1080, "bike")
    assert worker.free_times == [[0, "08:00", "12:30"]]
    assert Skill.objects.get(worker=worker).how == "trained"


def test_a_code_card_is_shown_once(coordination: Client, odile: Person) -> None:
    page = text(coordination.post(reverse("desk:code_card", args=[odile.id])))
    assert "cette page ne reviendra pas" in page
    assert EntryKey.objects.filter(person=odile, kind="card").count() == 10


def test_only_the_director_gives_staff_roles(desk: Desk, coordination: Client, odile: Person) -> None:
    address = reverse("desk:give_role", args=[odile.id])
    assert "Votre rôle ne permet pas" in text(coordination.post(address, {"role": "coordinator"}), 422)
    coordination.post(address, {"role": "worker"})
    desk(Role.DIRECTOR).post(address, {"role": "coordinator"})
    held = set(Membership.objects.filter(person=odile, until=None).values_list("role", flat=True))
    assert held == {"client", "worker", "coordinator"}
    coordination.post(reverse("desk:end_role", args=[odile.id]), {"role": "worker"})
    assert Membership.objects.get(person=odile, role="worker").until


def test_consent_may_be_taken_back(coordination: Client, odile: Person) -> None:
    coordination.post(reverse("desk:consent", args=[odile.id]), {"given": "no"})
    assert "repris" in text(coordination.get(reverse("desk:person", args=[odile.id])))


def test_nobody_wants_more_hours_than_a_week_may_have(coordination: Client, karim: Person) -> None:
    typed = {"hours_wanted": "200 h", "travel_mode": "walk"}
    page = text(coordination.post(reverse("desk:worker", args=[karim.id]), typed), 422)
    assert "plus de 48 h par semaine" in page
    assert 'value="200 h"' in page
