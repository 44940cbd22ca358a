"""What no browser sends, and somebody will."""

import pytest
from django.test import Client

from entremise.market.models import Listing
from tests.doors.desk.pages import text

pytestmark = pytest.mark.usefixtures("inside", "place", "hedge")

ODD = ["²", "²²²²", "9" * 30, "1" * 5000, "\x00", "%", "٣٣"]
ASKED = {
    "/bureau/appel": ("refaire", "tel", "client", "debut"),
    "/bureau/appel/apercu": ("like", "client", "line", "when", "length", "place"),
    "/bureau/chercher": ("q",),
    "/bureau/palette": ("q",),
    "/bureau/demandes/": ("q", "page", "etat"),
    "/bureau/ensemble/": ("quoi",),
    "/bureau/ensemble/nouveau/": ("count",),
    "/bureau/personnes/": ("q", "page", "role"),
}


@pytest.mark.parametrize("typed", ODD, ids=ascii)
def test_odd_words_in_an_address_are_no_bug(coordination: Client, typed: str) -> None:
    for address, names in ASKED.items():
        for name in names:
            assert coordination.get(address, {name: typed}).status_code == 200, (address, name)


@pytest.mark.parametrize("typed", ODD, ids=ascii)
def test_an_odd_year_has_no_books(treasury: Client, typed: str) -> None:
    assert treasury.get("/bureau/argent/fec", {"annee": typed}).status_code == 404
    assert treasury.get("/bureau/argent/balance/", {"au": typed}).status_code == 200


@pytest.mark.parametrize("typed", ODD, ids=ascii)
def test_an_odd_amount_is_asked_again(treasury: Client, typed: str) -> None:
    text(treasury.post("/bureau/reglages/tarifs/", {"hourly_price": typed, "hourly_wage": typed}), 422)


@pytest.mark.parametrize("typed", ODD, ids=ascii)
def test_an_odd_call_is_asked_again(coordination: Client, typed: str) -> None:
    names = ("client", "who", "like", "started", "once_key", "line", "what", "when", "length", "phone")
    text(coordination.post("/bureau/appel", dict.fromkeys(names, typed) | {"do": "request", "seen": "1"}), 422)
    assert not Listing.objects.exists()
