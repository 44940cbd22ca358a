"""Small jobs for anyone: the list, the map and one of them, by a visitor whom nobody knows."""

import json
import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from entremise.doors.site.maps import drawing
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Interest, Mission, Notice, Request
from entremise.jobs.queries.notices import Spot
from entremise.kernel.act import Act
from entremise.people.models import Person, Place
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.conftest import Visitor, questions
from tests.doors.desk.conftest import asked, hedge, karim, legal, mission, nadege, odile, place, request_
from tests.jobs.conftest import TOMORROW

__all__ = ["asked", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

SECRETS = ("Marsan", "Odile", "Tilleuls", "Portail vert", "06 39 98 14 27", "639981427")


def english_list() -> str:
    with override("en"):
        return reverse("site:jobs")


def text(client: Client, address: str, status: int = 200) -> str:
    answer = client.get(address)
    assert answer.status_code == status
    return answer.content.decode().replace("\u00a0", " ")


@pytest.fixture
def number(request_: Request) -> int:
    return request_.listing.number


def test_anyone_reads_the_list_and_nothing_of_who_asks(visitor: Client, number: int) -> None:
    page = text(visitor, "/missions/")
    assert "1 mission à prendre" in page
    assert f'<a href="{number}/">Tailler une haie</a>' in page
    assert "27,08 €" in page
    assert "Mardi 24 novembre" in page
    for address in ("/missions/", f"/missions/{number}/", "/missions/?vue=carte", "/sitemap.xml", english_list()):
        assert not [secret for secret in SECRETS if secret in text(visitor, address)]


def test_the_home_page_shows_the_jobs_that_begin_soonest(visitor: Client, number: int) -> None:
    page = text(visitor, "/")
    assert f'<a href="/missions/{number}/">Tailler une haie</a>' in page
    assert "Mardi 24 novembre, 10 h à 12 h" in page
    assert not [secret for secret in SECRETS if secret in page]


def test_filters_are_in_the_address(visitor: Client, number: int) -> None:
    line = f'<a href="{number}/">'
    for kept in ("q=haies", "q=tailler+HAIE", "ou=Valmarelle&km=0", "ou=33490", "activite=haie",
                 "du=2026-11-24", "au=24/11/2026", "jour=1", "moment=matin", "jour=1&jour=5"):  # fmt: skip
        assert line in text(visitor, f"/missions/?{kept}"), kept
    for left in ("q=vitres", "du=2026-11-25", "au=2026-11-23", "jour=6", "moment=soir", "regulier=on"):
        assert line not in text(visitor, f"/missions/?{left}"), left


@pytest.mark.usefixtures("request_")
@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("ou=Zzyzx", "Nous ne connaissons pas cette commune"),
        ("du=demain", "Écrivez une date. Exemple : 24/11/2026."),
        ("au=32/13/2026", "Écrivez une date."),
    ],
)
def test_what_is_not_understood_is_said_beside_the_field(visitor: Client, typed: str, said: str) -> None:
    page = text(visitor, f"/missions/?q=haie&{typed}", 422)
    assert said in page
    assert 'value="haie"' in page
    assert f'value="{typed.partition("=")[2]}"' in page


@pytest.mark.usefixtures("request_")
@pytest.mark.parametrize(
    "nonsense",
    ["apres=x", "apres=0~2026-11-24T08:00:00%2B00:00~" + "f" * 32, "km=%00", "jour=9", "tri=prix", "activite=%27%22",
     "moment=%F0%9F%8C%99", "q=" + "a" * 500, "vue=liste", "km=-5", "du=0001-01-01", "au=9999-12-31", "du=9999-12-31"],
)  # fmt: skip
def test_nonsense_is_answered_and_never_breaks(visitor: Client, nonsense: str) -> None:
    assert visitor.get(f"/missions/?{nonsense}").status_code in (200, 422)


@pytest.mark.usefixtures("request_")
def test_an_empty_list_has_one_way_on(visitor: Client) -> None:
    page = text(visitor, "/missions/?q=vitres")
    assert "Aucune mission ne correspond" in page
    assert "Voir toutes les missions" in page


def test_the_map_counts_by_commune_and_says_so_in_a_list(visitor: Client, number: int) -> None:
    page = text(visitor, "/missions/?vue=carte")
    assert '<a href="?ou=33490+Valmarelle&amp;km=0">Valmarelle</a> <span class="mut">1 mission</span>' in page
    assert f'<a href="{number}/">' in text(visitor, "/missions/?ou=33490+Valmarelle&km=0")


def test_a_page_leads_to_the_next(visitor: Client, act: Act, odile: Person, hedge: Activity) -> None:
    for hour in range(23):
        starts = TOMORROW + timedelta(hours=hour)
        jobs.post_request(act=act, client=odile, activity=hedge, starts_at=starts, minutes=60)
    first = text(visitor, "/missions/?q=haie")
    assert "23 missions à prendre" in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    second = text(visitor, "/missions/" + following[1].replace("&amp;", "&"))
    lines = re.compile(r'<h3 class="t3"><a href="(\d+)/">')
    assert len(lines.findall(first)) == 20
    assert len({*lines.findall(first), *lines.findall(second)}) == 23


def test_a_job_says_when_where_how_long_and_what_it_brings(visitor: Client, number: int) -> None:
    page = text(visitor, f"/missions/{number}/")
    for said in ("Mardi 24 novembre", "10 h à 12 h", "Valmarelle", "24,62 €", "2,46 €", "27,08 €", "sur votre compte"):
        assert said in page
    assert visitor.get(f"/m/{number}").headers["Location"] == f"/missions/{number}/"


def test_a_job_that_is_over_says_so_and_tells_nothing(visitor: Client, act: Act, request_: Request) -> None:
    jobs.cancel(act=act, request=request_)
    page = text(visitor, f"/missions/{request_.listing.number}/", 410)
    assert "n’est plus à prendre" in page
    for secret in (*SECRETS, "haie", "24 novembre"):
        assert secret not in page


def test_the_square_of_a_slip_leads_whoever_goes_there_to_their_own_page(
    visitor: Client, inside_as: Visitor, mission: Mission, karim: Person, nadege: Person
) -> None:
    short, job = f"/m/{mission.number}", f"/missions/{mission.number}/"
    assert inside_as(karim).get(short).headers["Location"] == "/moi/"
    assert inside_as(nadege).get(short).headers["Location"] == job
    assert visitor.get(short).headers["Location"] == job
    assert f'href="/entrer?next={short}"' in text(visitor, job, 410)


def test_a_request_that_nobody_has_looked_at_is_not_there(visitor: Client, request_: Request) -> None:
    Request.objects.update(state="claimed")
    Notice.objects.all().delete()
    assert visitor.get(f"/missions/{request_.listing.number}/").status_code == 404


def test_a_job_that_was_never_public_is_not_there(visitor: Client, act: Act, request_: Request) -> None:
    jobs.set_publicity(act=act, request=request_, listed=False, words="")
    assert visitor.get(f"/missions/{request_.listing.number}/").status_code == 404
    assert visitor.get("/missions/99999/").status_code == 404


def test_nobody_answers_to_a_job_that_is_not_public(
    inside_as: Visitor, act: Act, request_: Request, karim: Person
) -> None:
    jobs.set_publicity(act=act, request=request_, listed=False, words="")
    address = f"/missions/{request_.listing.number}/reponse"
    assert inside_as(karim).post(address, {"answer": "yes"}).status_code == 404
    assert not Interest.objects.exists()


def test_search_engines_read_a_posting(visitor: Client, number: int) -> None:
    page = visitor.get(f"/missions/{number}/").content.decode()
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    posting = json.loads(data)
    assert posting["@type"] == "JobPosting"
    assert posting["datePosted"] == "2026-11-23"
    assert posting["jobLocation"]["address"]["addressLocality"] == "Valmarelle"
    assert posting["baseSalary"]["value"]["value"] == 12.31
    here = f"http://pas-de-porte.localhost/missions/{number}/"
    assert f'<link rel="canonical" href="{here}">' in page
    with override("en"):
        there = reverse("site:job", args=[number])
    assert f'<link rel="alternate" hreflang="en" href="http://pas-de-porte.localhost{there}">' in page
    filtered = visitor.get("/missions/?q=haie").content.decode()
    assert '<link rel="canonical" href="http://pas-de-porte.localhost/missions/">' in filtered


def test_words_cannot_end_the_posting(visitor: Client, act: Act, request_: Request) -> None:
    jobs.set_publicity(act=act, request=request_, listed=True, words="</script><script>alert(1)</script>")
    page = visitor.get(f"/missions/{request_.listing.number}/").content.decode()
    assert "<script>alert" not in page


def test_search_engines_find_every_job(visitor: Client, number: int) -> None:
    assert f"<loc>http://pas-de-porte.localhost/missions/{number}/</loc>" in text(visitor, "/sitemap.xml")
    robots = text(visitor, "/robots.txt")
    for closed in ("/bureau/", "/moi/", "/entrer", "/l/", "/en/me/", "/en/enter", "/en/l/"):
        assert f"Disallow: {closed}\n" in robots
    assert "Sitemap: http://pas-de-porte.localhost/sitemap.xml" in robots


def test_the_order_is_published(visitor: Client, legal: None) -> None:
    page = text(visitor, "/missions/classement/")
    assert "Personne ne paie pour être plus haut" in page
    assert "Tirage au sort" in page


@pytest.mark.usefixtures("request_")
def test_a_list_of_one_organisation_is_empty_at_anothers(elsewhere: Organisation) -> None:
    other = Client(headers={"host": f"{elsewhere.slug}.localhost"})
    for address in ("/missions/", "/missions/?q=haie", "/missions/?vue=carte"):
        page = text(other, address)
        assert "Valmarelle" not in page
        assert 'class="t3"><a' not in page


def test_a_page_asks_at_most_five_questions_whatever_its_rows(
    visitor: Client, act: Act, odile: Person, hedge: Activity, request_: Request
) -> None:
    addresses = [
        "/missions/", "/missions/?q=haie", "/missions/?ou=Valmarelle", "/missions/?ou=Valmarelle&tri=distance",
        f"/missions/{request_.listing.number}/", "/missions/?vue=carte",
    ]  # fmt: skip
    few = [questions(visitor, address) for address in addresses]
    for hour in range(22):
        starts = TODAY + timedelta(days=3, hours=hour)
        jobs.post_request(act=act, client=odile, activity=hedge, starts_at=starts, minutes=60)
    many = [questions(visitor, address) for address in addresses]
    assert many == few
    assert max(many) <= 5


def test_no_name_is_cut_off_at_the_edge_of_the_map() -> None:
    places = [Place(name=name, latitude=latitude, longitude=0.1) for name, latitude in (("Nord", 44.9), ("Sud", 44.7))]
    seen = drawing([Spot(place, 4) for place in places], QueryDict())
    assert seen
    assert all(dot.radius < dot.y and dot.below < seen.height for dot in seen.full)
