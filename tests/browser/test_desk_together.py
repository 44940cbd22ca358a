"""An order in a group purchase, taken by telephone with the keyboard alone."""

import pytest
from django.test import Client
from django.urls import reverse

from entremise.campaigns.models import Pledge, PledgeLine
from entremise.people.models import Person
from tests.browser.conftest import Keys, Open, focused, violations
from tests.buying.conftest import PELLETS, Offer, offer

__all__ = ["offer"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inside")]

MOST_KEYS = 10


def test_an_order_by_telephone_takes_few_keys(
    at_the_desk: Open, coordination: Client, offer: Offer, odile: Person
) -> None:
    purchase = offer(PELLETS)
    page = at_the_desk(coordination)
    page.goto(page.url.partition("/bureau/")[0] + reverse("desk:together_one", args=[purchase.campaign.number]))
    keys = Keys(page)
    keys.press("Alt+1")
    keys.type("odi")
    page.wait_for_selector("[role=option][aria-selected=true]:has-text('Odile')")
    keys.press("Enter", "Enter")
    page.wait_for_url("**/commandes/**")
    focused(page, "[name=quantity_1]")
    keys.type("40")
    keys.press("Enter")
    page.wait_for_selector(".script q:has-text('Vous paierez au plus 248,00')")
    assert violations(page) == []
    keys.press("Enter")
    page.wait_for_selector(".toast:has-text('Commande notée')")
    assert Pledge.objects.get().person_id == odile.id
    assert PledgeLine.objects.get().quantity == 40
    assert keys.count <= MOST_KEYS
