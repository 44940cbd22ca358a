"""A request on the web whose visitor signs in, comes back from another tab, or is somebody no price is set for."""

from datetime import timedelta

from django.conf import settings
from django.test import Client

from entremise.jobs.models import Activity, Tariff, UnsentRequest
from entremise.jobs.operations import asking
from entremise.kernel.act import Act
from entremise.people import operations as people
from entremise.people.models import Person, Place
from tests.doors.conftest import Visitor
from tests.doors.test_site_asking import ANSWERS, DETAILS, NEED, answer, send, text
from tests.jobs.conftest import hedge, legal, odile, place

__all__ = ["hedge", "legal", "odile", "place"]


def test_whoever_signs_in_on_the_way_goes_on_where_they_were(
    visitor: Client, hedge: Activity, odile: Person, act: Act
) -> None:
    for page in ("besoin", "details", "quand"):
        visitor.post(f"/demander/{page}/", ANSWERS[page])
    _key, secret = people.make_entry_code(
        act=act,
        person=odile,
        kind="link",
        lasting=timedelta(hours=1),
        leads_to="/demander/",
        secret_key=settings.SECRET_KEY,
    )
    assert visitor.post(f"/l/{secret}").headers["Location"] == "/demander/"
    assert visitor.get("/demander/").headers["Location"] == "/demander/verifier/"
    assert "12, rue des Tilleuls" in text(visitor, "/demander/verifier/")
    assert send(visitor).client == odile


def test_an_answer_from_a_tab_left_open_does_not_open_again_what_was_sent(
    visitor: Client, hedge: Activity, place: Place, act: Act
) -> None:
    answer(visitor)
    left_open = UnsentRequest.objects.get()
    sent = send(visitor)
    asking.keep_answers(act=act, unsent=left_open, page="details", typed=DETAILS, note="Portail vert")
    assert UnsentRequest.objects.get(id=left_open.id).request == sent


def test_whoever_no_price_is_set_for_is_told_to_call(
    inside_as: Visitor, visitor: Client, hedge: Activity, odile: Person
) -> None:
    Tariff.objects.update(client_kind="individual")
    Person.objects.filter(id=odile.id).update(kind="company")
    assert "Appelez-nous" in text(inside_as(odile), "/demander/besoin/")
    visitor.post("/demander/besoin/", NEED)
    Tariff.objects.update(client_kind="company")
    assert "1 heure" in text(visitor, "/demander/details/")
