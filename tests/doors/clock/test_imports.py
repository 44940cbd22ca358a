from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from entremise.agreements.models import Agreement, Confirmation, Fulfilment
from entremise.documents.models import Document
from entremise.history.models import Fact
from entremise.jobs.models import Mission, Request, Skill, Worker
from entremise.kernel.time import Period
from entremise.messaging.models import Letter
from entremise.payments.models import BankAccount
from entremise.people.models import Person, Place
from entremise.settlement.queries import claims_of
from tests.drills.scenario import House, agree, offer, post

Rows = Callable[[Callable[[], object]], object]
NOVEMBER = Period.month(2026, 11)
REQUESTS = "N° demande;Client;Téléphone;Activité;Date;Heure;Durée;Fréquence;Remarque"
HOURS = "Date;Salarié;Client;Activité;Heures;Validé par"
WORKED = "23/11/2026;BELKACEM-A Karim;MARSAN-A Odile;haie;3,5;O. Marsan"


@pytest.fixture
def bring(house: House, tmp_path: Path) -> Callable[..., str]:
    """Runs the command over a file of these lines and returns what it printed."""

    def run(kind: str, headers: str, *lines: str, options: Sequence[str] = ()) -> None:
        file = tmp_path / f"{kind}.csv"
        file.write_text("\n".join([headers, *lines]))
        call_command("import", kind, str(file), *options)

    return run


Bring = Callable[..., None]


def test_people_twice_are_there_once_with_hours_skills_and_way_of_going(
    house: House, bring: Bring, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = "Nom;Prénom;Téléphone;Type;Heures souhaitées;Compétences;Locomotion"
    line = "TISSOT;Nadège;06 39 98 40 01;salarié;20 h par semaine;haies, poterie;vélo"
    for _ in range(2):
        bring("people", headers, line)
    worker = rows(lambda: Worker.objects.get(person__family_name="Tissot"))
    assert (worker.hours_wanted, worker.travel_mode) == (1200, "bike")
    assert rows(lambda: Skill.objects.get(worker=worker).activity.code) == "haie"
    shown = capsys.readouterr().out
    assert "1 à créer, 0 déjà connu" in shown
    assert "0 à créer, 1 déjà connu" in shown


def test_bank_accounts_come_in_only_when_staff_answer_for_them(house: House, bring: Bring, rows: Rows) -> None:
    line = "TISSOT;Nadège;06 39 98 40 01;salarié;FR76 3000 6000 0112 3456 7890 189"
    bring("people", "Nom;Prénom;Téléphone;Type;IBAN", line)
    assert not rows(lambda: BankAccount.objects.filter(person__family_name="Tissot").exists())


def test_communes_are_shared_by_all(house: House, bring: Bring) -> None:
    bring("places", "Code INSEE;Nom;Code postal;Latitude;Longitude", "01004;Ambérieu;01500;45,95;5,35")
    assert Place.objects.get(code="01004").latitude == 45.95


def test_requests_are_posted_once_without_a_letter(house: House, bring: Bring, rows: Rows) -> None:
    lines = (
        "12;MARSAN-A Odile;;haie portail vert;24/11/2026;14h30;2;;",
        "13;;06 39 98 10 01;haies;;9h;1h30;tous les vendredis;",
    )
    for _ in range(2):
        bring("requests", REQUESTS, *lines)
    first, second = rows(lambda: list(Request.objects.select_related("listing").order_by("import_key")))
    assert (first.client_id, first.minutes, first.note, first.price) == (house.clients[0].id, 120, "portail vert", 4900)
    assert first.listing.starts_at == datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
    assert (second.client_id, second.listing.recurrence) == (house.clients[1].id, "FREQ=WEEKLY;INTERVAL=1;BYDAY=FR")
    assert second.listing.starts_at == datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
    assert rows(Letter.objects.count) == 0


def test_a_request_without_a_number_is_known_by_all_that_it_says(house: House, bring: Bring, rows: Rows) -> None:
    headers = "Client;Activité;Fréquence;Durée"
    for _ in range(2):
        bring("requests", headers, "MARSAN-A Odile;haie;tous les vendredis;2")
    bring("requests", headers, "MARSAN-A Odile;haie;tous les vendredis;3")
    assert rows(Request.objects.count) == 2


def test_what_cannot_be_taken_is_said_by_line_and_nothing_is_written(
    house: House, bring: Bring, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    good = "12;MARSAN-A Odile;;haie;24/11/2026;14h30;2;;"
    bad = ("13;Inconnue Zoé;;haie;24/11/2026;9h;2;;", "14;MARSAN-A Odile;;poterie;24/11/2026;9h;2;;")
    with pytest.raises(CommandError, match="Lignes à corriger : 2"):
        bring("requests", REQUESTS, good, *bad)
    assert rows(Request.objects.count) == 0
    assert capsys.readouterr().err.count("refusé") == 3  # Two lines, and the count.
    bring("requests", REQUESTS, good, *bad, options=["--good-ones"])
    assert rows(Request.objects.count) == 1


def test_a_name_that_several_bear_is_asked_not_guessed(
    house: House, bring: Bring, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    headers = "Client;Activité;Date;Durée"
    bring("requests", headers, "Odile;haie;24/11/2026;2")
    assert "1 à décider" in capsys.readouterr().out
    assert rows(Request.objects.count) == 0


@pytest.mark.parametrize(
    ("kind", "headers", "line"),
    [
        ("people", "Nom;Prénom;Téléphone", "TISSOT;Nadège;06 39 98 40 01"),
        ("requests", REQUESTS, "12;MARSAN-A Odile;;haie;24/11/2026;14h30;2;;"),
        ("hours", HOURS, WORKED),
        ("places", "Code INSEE;Nom;Code postal;Latitude;Longitude", "01004;Ambérieu;01500;45,95;5,35"),
    ],
)
def test_a_preview_says_what_would_be_made_and_writes_nothing(
    house: House, bring: Bring, rows: Rows, kind: str, headers: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    def count() -> list[int]:
        return [model.objects.count() for model in (Person, Request, Mission, Fact, Place)]

    before = rows(count)
    bring(kind, headers, line, options=["--dry-run"])
    assert rows(count) == before
    assert "1 à créer" in capsys.readouterr().out


def test_hours_of_an_unknown_job_stand_as_if_agreed_on_paper_and_count_for_the_month(
    house: House, bring: Bring, rows: Rows
) -> None:
    for _ in range(2):
        bring("hours", HOURS, WORKED)
    mission = rows(lambda: Mission.objects.select_related("request", "agreement").get())
    assert (mission.state, mission.request.state, mission.agreement.state) == ("confirmed", "done", "ended")
    assert rows(lambda: set(Agreement.objects.get().signatures.values_list("how", flat=True))) == {"paper"}
    assert rows(lambda: (Letter.objects.count(), Document.objects.count())) == (0, 0)
    due = rows(lambda: claims_of(month=NOVEMBER))
    assert {claim.kind: claim.total for claim in due} == {"invoice": 8575, "payslip": 4309}


def test_hours_that_nobody_confirmed_wait_for_the_client(house: House, bring: Bring, rows: Rows) -> None:
    bring("hours", HOURS, WORKED.replace("O. Marsan", "non"))
    assert rows(lambda: (Mission.objects.get().state, Confirmation.objects.count())) == ("worked", 0)
    bring("hours", HOURS, WORKED)
    assert rows(lambda: (Mission.objects.get().state, Confirmation.objects.count())) == ("confirmed", 1)


def test_hours_find_the_mission_that_is_known(house: House, bring: Bring, rows: Rows) -> None:
    before = datetime(2026, 11, 22, 8, tzinfo=UTC)
    request = post(house, client=0, on=date(2026, 11, 23), at=before)
    (proposal,) = offer(house, request, workers=[0], at=before)
    mission = agree(house, proposal, at=before)
    for _ in range(2):
        bring("hours", "Date;Salarié;Heures;Validé", "23/11/2026;Karim BELKACEM-A;2;oui")
    assert rows(lambda: (Fulfilment.objects.get().occasion, Mission.objects.get().state)) == (mission.id, "confirmed")


def test_other_hours_than_those_written_down_are_refused(
    house: House, bring: Bring, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    bring("hours", HOURS, WORKED)
    bring("hours", HOURS, WORKED.replace("3,5", "4"), options=["--good-ones"])
    assert "1 refusé" in capsys.readouterr().out
    assert rows(lambda: Fulfilment.objects.get().minutes) == 210


def test_two_visits_of_one_day_are_two_missions(house: House, bring: Bring, rows: Rows) -> None:
    headers = "Date;Salarié;Client;Activité;Début;Fin;Validé"
    line = "23/11/2026;Karim BELKACEM-A;Odile MARSAN-A;haie;{};oui"
    for _ in range(2):
        bring("hours", headers, line.format("9h;11h"), line.format("14h;15h30"))
    assert rows(lambda: sorted(Fulfilment.objects.values_list("minutes", flat=True))) == [90, 120]


def test_a_file_that_is_not_there_is_said(house: House) -> None:
    with pytest.raises(CommandError, match="ne s’ouvre pas"):
        call_command("import", "people", "/nowhere.csv")
