"""Every list of the desk can be taken away, by those who see it, with a trace of who did."""

import csv
import re
from io import BytesIO, StringIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve, reverse
from python_calamine import CalamineWorkbook

from entremise.doors.desk.lists import LISTS
from entremise.doors.frame import visit
from entremise.doors.frame.lists import FORMATS, OPEN_FOR
from entremise.history.models import Fact
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission
from entremise.kernel.act import Act, Role
from entremise.ledger.models import Transfer
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.doors.desk.conftest import Desk
from tests.doors.desk.pages import text
from tests.laws.test_templates import FOLDER
from tests.laws.tree import clean
from tests.settlement.conftest import clock_act, settle, treasurer, worked

__all__ = ["clock_act", "treasurer", "worked"]

NOT_LISTS = {
    "import_preview": "What a file holds before it is brought in: whoever brought it has the file.",
    "results": "Sums, with their own file on the public page.",
}


def take(client: Client, name: str, kind: str = "csv", **given: str) -> HttpResponse:
    asked = client.post(reverse("desk:exports"), {"liste": name, "format": kind, **given})
    return client.get(asked["Location"]) if asked.status_code == 302 else asked


def content_of(answer: HttpResponse) -> bytes:
    return bytes(answer.getvalue())  # Read to its end, the file is closed.


def rows_of(answer: HttpResponse) -> list[list[str]]:
    return list(csv.reader(StringIO(content_of(answer).decode("utf-8-sig"), newline=""), delimiter=";"))


OF_ONE: dict[str, list[object]] = {
    "statement": [UUID(int=0)],
    "together_one": [1],
    "together_closing": [1],
    "together_series": [1],
    "account_lines": ["512000"],
    "member_account": [UUID(int=0)],
    "together_handover": [101],
    "together_pickup": [101],
}


@pytest.fixture
def everything(desk: Desk) -> Client:
    return desk(Role.DIRECTOR)


def test_every_page_with_a_table_offers_its_list() -> None:
    """A new list page declares its columns in entremise/doors/desk/lists_*.py and includes components/exports.html."""
    pages = {file.stem: file.read_text() for file in (FOLDER / "desk").glob("*.html")}
    listing = {name for name, page in pages.items() if '<table class="table"' in page or "pagination.html" in page}
    clean(
        f"desk/{name}.html: offer its list with components/exports.html, or say in NOT_LISTS why it is none"
        for name in sorted((listing | set(LISTS)) - set(NOT_LISTS))
        if "components/exports.html" not in pages[name]
    )
    assert set(NOT_LISTS) <= listing


def test_a_list_is_for_those_who_see_its_page() -> None:
    for name, listed in LISTS.items():
        address = reverse(f"desk:{name}", args=OF_ONE.get(name, []))
        assert vars(resolve(address).func)["ways"]["GET"].guard is listed.guard, name


@pytest.mark.parametrize("kind", FORMATS)
def test_every_list_is_taken(everything: Client, mission: Mission, kind: str) -> None:
    for name, listed in LISTS.items():
        answer = take(everything, name, kind)
        content = content_of(answer)
        assert answer["Content-Type"] == FORMATS[kind]
        assert f".{kind}" in answer["Content-Disposition"]
        titles = [str(column.title) for column in listed.columns]
        if kind == "ods":
            (head, *_rows) = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0).to_python()
            assert head == titles
        else:
            assert content.decode("utf-8-sig").splitlines()[0].split(";") == titles


def test_everything_about_money_is_one_file(everything: Client, treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    book = CalamineWorkbook.from_filelike(BytesIO(content_of(take(everything, "everything", "ods"))))
    assert book.sheet_names[:3] == ["Entré et sorti, par mois", "Factures", "Salaires"]
    titles = [str(column.title) for column in LISTS["journal"].columns]
    head, *rows = book.get_sheet_by_name("Journal des écritures").to_python()
    assert (head, len(rows)) == (titles, Transfer.objects.count() * 2)
    answer = take(everything, "everything", "csv")
    assert answer["Content-Type"] == "application/zip"
    with ZipFile(BytesIO(content_of(answer))) as archive:
        names = archive.namelist()
        assert "factures.csv" in names
        (fec,) = [name for name in names if name.endswith("20261231.txt")]
        assert archive.read(fec).decode("iso-8859-15").count("FA-2026-0001")
        assert archive.read("factures.csv").decode("utf-8-sig").count("FA-2026-0001") == 1


def test_the_page_of_a_list_has_both_words(everything: Client, mission: Mission) -> None:
    filters = {"requests": "?etat=pourvues", "contracts": "?etat=signes"}
    for name in ("requests", "contracts", "people", "activities", "figures"):
        page = text(everything.get(reverse(f"desk:{name}") + filters.get(name, "")))
        assert re.search(r'name="format" value="ods".*tableur \(ODS\)', page), name
        assert re.search(r'name="format" value="csv">CSV', page), name


def test_the_filters_of_the_page_choose_the_rows(coordination: Client, mission: Mission) -> None:
    page = text(coordination.get(reverse("desk:requests"), {"etat": "pourvues"}))
    assert 'name="filters" value="etat=pourvues"' in page
    assert len(rows_of(take(coordination, "requests"))) == 1
    (_titles, row) = rows_of(take(coordination, "requests", filters="etat=pourvues"))
    assert row[0] == str(mission.number)


def test_who_took_a_list_is_written_down_without_its_words(coordination: Client, mission: Mission) -> None:
    content_of(take(coordination, "requests", "ods", filters="q=Marsan"))
    fact = Fact.objects.get(type="list_exported")
    assert fact.by == Person.objects.get(family_name="Oudin", account__isnull=False).id
    assert fact.data == {"list": "desk:requests", "format": "ods"}


def test_only_the_director_takes_everybody_away(coordination: Client, everything: Client, odile: Person) -> None:
    assert "tableur (ODS)" not in text(coordination.get(reverse("desk:people")))
    assert take(coordination, "people").status_code == 404
    assert ["Mme", "Marsan", "Odile"] in [row[:3] for row in rows_of(take(everything, "people"))]


def test_a_coordinator_takes_no_money_list(coordination: Client, mission: Mission) -> None:
    assert take(coordination, "invoices").status_code == 404
    assert not Fact.objects.filter(type="list_exported").exists()


def test_a_file_is_not_had_without_asking(coordination: Client, mission: Mission) -> None:
    answer = coordination.get(reverse("desk:exports"), {"liste": "requests", "format": "csv"})
    assert answer.status_code == 302
    assert answer["Location"] == reverse("desk:requests")


def test_a_colleague_cannot_use_the_same_link(coordination: Client, desk: Desk, mission: Mission) -> None:
    asked = coordination.post(reverse("desk:exports"), {"liste": "requests", "format": "csv"})
    assert desk(Role.COORDINATOR, given="Alix").get(asked["Location"])["Location"] == reverse("desk:requests")


def test_the_link_is_over_after_a_while(
    coordination: Client, mission: Mission, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = coordination.post(reverse("desk:exports"), {"liste": "requests", "format": "csv"})
    monkeypatch.setattr(visit, "now", lambda: TODAY + 2 * OPEN_FOR)
    assert coordination.get(asked["Location"])["Location"] == reverse("desk:requests")


@pytest.mark.parametrize("given", [{}, {"liste": "nothing", "format": "csv"}, {"liste": "requests", "format": "exe"}])
def test_nonsense_takes_nothing(coordination: Client, given: dict[str, str]) -> None:
    assert coordination.post(reverse("desk:exports"), given).status_code == 404


def test_what_somebody_wrote_is_no_formula(coordination: Client, act: Act, odile: Person, hedge: Activity) -> None:
    odile.given_name, odile.title = '=HYPERLINK("http://ailleurs";"ici")', ""
    odile.save()
    jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TODAY.replace(day=28), minutes=60)
    (_titles, row) = rows_of(take(coordination, "requests"))
    assert row[3].startswith("'=HYPERLINK")
