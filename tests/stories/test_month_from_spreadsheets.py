"""The story once more, as an organisation lives it that kept spreadsheets: its files come in, and the month closes."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import call_command

from entremise.impact.queries import report
from entremise.jobs.models import Mission, Request
from entremise.jobs.queries.suggestions import candidates
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.people.models import Membership, Person, Place
from entremise.settlement import queries as settlement
from entremise.settlement.models import Invoice, Payslip, Run
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.people.test_sheets import ods, xlsx
from tests.stories.conftest import Time

FOUND = (
    "--slug=essai", "--name=Le Coup de pouce", "--town=Valmarelle", "--phone=05 36 49 12 00", "--coordinator=solene",
    "--price=24,50", "--siret=732 829 320 00074", "--street=14, rue du Lavoir", "--postcode=33499",
    "--iban=FR76 3000 6000 0112 3456 7890 189",
)  # fmt: skip
# As the statistics office publishes them: commas, and more columns than are wanted.
PLACES = (
    "code_commune_INSEE,nom_commune_postal,code_postal,latitude,longitude,code_departement\n"
    "33990,VALMARELLE,33499,44.6012,-0.2105,33\n33991,SAINT AUBIN DES PRES,33499,44.6241,-0.1870,33\n"
)
PEOPLE = (
    ["Fichier de l'association, mis à jour le 20/11"],
    ["Nom et prénom", "Type", "Tél.", "Adresse", "CP", "Commune", "Né(e) le", "Compétences"],
    ["Mme MARSAN Odile", "cliente", "06.39.98.14.27", "12 rue des Tilleuls", "33499", "Valmarelle", "", ""],
    ["M. et Mme AUBRY Paul", "client", "0536491300", "3 place du Marché", "33499", "Valmarelle", "", ""],
    ["BELKACEM Karim", "salarié", "+33 6 39 98 20 01", "5 rue Haute", "33499", "Valmarelle", date(1988, 5, 12), "haie"],
    ["TISSOT Nadège", "salariée", 639982002, "8 rue Haute", "33499", "Valmarelle", date(1979, 1, 30), "ménage"],
)  # fmt: skip
REQUESTS = (
    "N°;Client;Activité;Jour;Heure;Durée;Fréquence;À savoir\r\n"
    "41;Odile MARSAN;Tailler une haie;10/11/2026;9h;2h30;;portail vert, chien gentil\r\n"
    "42;AUBRY Paul;ménage;12/11/2026;14h;2;tous les jeudis;\r\n"
)
HOURS = (
    ["Date", "Salarié", "Client", "Travail", "Heures", "Prix horaire", "Validé"],
    [date(2026, 11, 10), "Karim Belkacem", "Odile Marsan", "haie", "2,5", "", "oui"],
    [date(2026, 11, 12), "TISSOT Nadège", "Aubry Paul", "ménage", "2 h", "", "oui"],
)


@pytest.fixture
def bring(tmp_path: Path) -> Callable[[str, str, bytes], None]:
    def run(kind: str, name: str, content: bytes) -> None:
        file = tmp_path / name
        file.write_bytes(content)
        call_command("import", kind, str(file), "--organisation=essai")

    return run


@pytest.mark.django_db
def test_a_month_kept_in_spreadsheets_closes_in_the_books(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object, bring: Callable[[str, str, bytes], None]
) -> None:
    settings.TEXT_SPOOL = str(tmp_path / "sms")  # type: ignore[attr-defined]  # pytest-django's settings.
    time = Time(monkeypatch, tmp_path / "sms" / "essai")
    time.to(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    call_command("found", *FOUND)
    essai = Organisation.objects.get(slug="essai")

    # The files, each twice: the second time nothing is new.
    for _ in range(2):
        bring("places", "communes.csv", PLACES.encode())
        bring("people", "personnes.ods", ods(*PEOPLE))
        bring("requests", "demandes.csv", REQUESTS.encode("cp1252"))
        bring("hours", "heures.xlsx", xlsx(*HOURS))

    with scope.reading(essai.id):
        assert Place.objects.filter(postcode="33499").count() == 2
        roles = set(Membership.objects.values_list("person__family_name", "role"))
        assert roles >= {("Marsan", "client"), ("Aubry", "client"), ("Belkacem", "worker"), ("Tissot", "worker")}
        karim = Person.objects.get(family_name="Belkacem")
        assert (karim.birth_date, karim.place and karim.place.name) == (date(1988, 5, 12), "Valmarelle")
        # The hours were for the first request; the second comes back each week, and still looks for somebody.
        assert sorted(Request.objects.values_list("state", flat=True)) == ["done", "done", "open"]
        weekly = Request.objects.select_related("listing__place", "client", "activity").get(import_key__endswith="42")
        assert weekly.listing.starts_at == datetime(2026, 11, 12, 13, 0, tzinfo=UTC)
        assert set(Mission.objects.values_list("state", flat=True)) == {"confirmed"}
        # A request of the file is one like any other: somebody could go, or it says why not.
        found = candidates(request=weekly, at=time.now)
        assert {block.code for one in found.people for block in one.suggestion.blocks} >= {"pass_missing"}

    # The month, from the command line, and once more.
    time.to(datetime(2026, 12, 4, 9, 0, tzinfo=UTC))
    for _ in range(2):
        call_command("settle", "--organisation=essai", "--month=2026-11")
    with scope.reading(essai.id):
        assert Run.objects.get().state == "finished"
        assert dict(Invoice.objects.values_list("client__family_name", "total")) == {"Marsan": 6125, "Aubry": 4900}
        assert set(Payslip.objects.values_list("worker__family_name", flat=True)) == {"Belkacem", "Tissot"}
        assert ledger.verify() == []
        rows = list(settlement.fec_lines(period=Period(date(2026, 1, 1), date(2026, 12, 31))))
        assert len(rows) > 10
        year = report(period=Period.month(2026, 11), zone=ZoneInfo(essai.timezone))
        assert year.figures["hours"].hidden or year.figures["hours"].value == 270
