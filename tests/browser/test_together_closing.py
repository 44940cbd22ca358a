"""A large group purchase that closes: its page follows by itself, also while somebody only listens."""

from unittest.mock import patch

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from entremise.buying import operations, queries
from entremise.buying.models import Purchase
from entremise.buying.operations import closing
from entremise.campaigns import operations as campaigns
from tests.browser.conftest import Open, violations
from tests.buying.conftest import CLOCK, OIL, Ask, Offer, ask, household, offer

__all__ = ["ask", "offer"]

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("inside")]


def test_the_page_of_a_closing_follows_by_itself_until_it_is_over(
    at_the_desk: Open, coordination: Client, offer: Offer, ask: Ask
) -> None:
    purchase = offer(OIL, threshold=1)
    for number in range(7):
        ask(purchase, household(number), (6, 0, 700))
    with transaction.atomic():
        campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    page = at_the_desk(coordination)
    page.goto(page.url.partition("/bureau/")[0] + reverse("desk:together_closing", args=[purchase.campaign.number]))
    with patch.object(closing, "CHUNK", 3):
        page.click("text=Clôturer ainsi")
        page.wait_for_selector("h2:has-text('0 foyer sur 7')")
    assert violations(page) == []
    found = queries.preview(purchase=purchase)
    for words, limit in (("3 foyers sur 7", 3), ("7 foyers sur 7", 4)):
        with transaction.atomic():
            operations.write_shares(act=CLOCK, purchase=Purchase.objects.get(), found=found, limit=limit)
        page.wait_for_selector(f"h2:has-text('{words}')")
    page.wait_for_selector("[data-poll-status]:has-text('Terminé.')", state="attached")
    assert violations(page) == []
    page.click("text=Voir l’achat")
    page.wait_for_selector("text=Commandez au fournisseur")
