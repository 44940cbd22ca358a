"""A spreadsheet is shown line by line before anything is written."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from entremise.jobs.models import Request
from entremise.people.models import Person
from tests.doors.desk.pages import text

pytestmark = pytest.mark.usefixtures("inside")

PEOPLE = "Nom;Prénom;Téléphone;Ville\nAubry;Paul;06 39 98 77 01;Valmarelle\nMarsan;Odile;06 39 98 14 27;Valmarelle\n"


def sheet(content: str) -> SimpleUploadedFile:
    return SimpleUploadedFile("gens.csv", content.encode(), "text/csv")


def preview(client: Client, content: str, *, kind: str = "people") -> tuple[str, str]:
    """The page and its token."""
    page = text(client.post(reverse("desk:imports"), {"kind": kind, "role": "client", "file": sheet(content)}))
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return page, found[1]


def test_the_preview_writes_nothing_and_the_yes_writes_once(coordination: Client, odile: Person) -> None:
    page, token = preview(coordination, PEOPLE)
    assert "Importer 1 ligne" in page
    assert "Connue" in page
    assert not Person.objects.filter(family_name="Aubry").exists()
    assert coordination.post(reverse("desk:imports"), {"token": token}).status_code == 302
    assert Person.objects.filter(family_name="Aubry").count() == 1
    page, token = preview(coordination, PEOPLE)
    coordination.post(reverse("desk:imports"), {"token": token})
    assert Person.objects.filter(family_name="Aubry").count() == 1


def test_a_bad_line_says_why_and_stops_all_unless_asked(coordination: Client, place: object) -> None:
    page, token = preview(coordination, PEOPLE + "Lefort;Anne;12;Valmarelle\n")
    assert "À corriger" in page
    assert 'name="good_only" value="1"' in page
    assert "« 12 » n’est pas complet" in page
    answer = coordination.post(reverse("desk:imports"), {"token": token})
    assert "Lignes à corriger : 1" in text(answer, 422)
    coordination.post(reverse("desk:imports"), {"token": token, "good_only": "1"})
    assert Person.objects.filter(family_name="Aubry").exists()


def test_somebody_who_may_be_known_is_asked_about(coordination: Client, odile: Person) -> None:
    page, token = preview(coordination, "Nom;Prénom\nMarsan;Odile\n")
    assert "en attente de votre réponse" in page
    line = re.search(r'name="(line-\d+)"', page)
    assert line
    coordination.post(reverse("desk:imports"), {"token": token, line[1]: "new"})
    assert Person.objects.filter(family_name="Marsan").count() == 2


def test_a_file_that_waited_too_long_is_chosen_again(coordination: Client) -> None:
    assert "attendait depuis trop longtemps" in text(coordination.post(reverse("desk:imports"), {"token": "gone"}), 422)


def test_the_file_of_one_person_is_nobody_elses(coordination: Client, direction: Client, odile: Person) -> None:
    _, token = preview(coordination, PEOPLE)
    assert direction.post(reverse("desk:imports"), {"token": token}).status_code == 422


def test_requests_come_in_with_their_price(coordination: Client, odile: Person, hedge: object) -> None:
    content = "Client;Activité;Date;Heure;Durée\nMarsan Odile;haie;01/12/2026;9:00;2 h\n"
    page, token = preview(coordination, content, kind="requests")
    assert "Importer 1 ligne" in page
    coordination.post(reverse("desk:imports"), {"token": token})
    assert Request.objects.get().price == 4900


def test_a_file_that_is_no_table_is_refused(coordination: Client) -> None:
    file = SimpleUploadedFile("photo.png", b"\x89PNG\r\n\x1a\n\x00\x00", "image/png")
    page = text(coordination.post(reverse("desk:imports"), {"kind": "people", "role": "", "file": file}), 422)
    assert "n’est pas un tableau" in page


def test_whom_a_line_may_mean_is_told_apart_by_street_and_telephone(coordination: Client, odile: Person) -> None:
    page, _ = preview(coordination, "Nom;Prénom\nMarsan;Odile\n")
    assert f'<option value="{odile.id}">Odile Marsan, {odile.street}, 06 39 98 14 27</option>' in page.replace(
        "\u202f", " "
    ).replace("\xa0", " ")
