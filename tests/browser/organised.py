"""Group purchases in each of their states, beside the two of the example."""

from datetime import datetime, timedelta
from decimal import Decimal
from unittest.mock import patch

from entremise.buying import operations as buying
from entremise.buying.models import Purchase
from entremise.buying.operations import ArticleDraft, Plan, Wants, closing
from entremise.buying.queries import articles_of, preview
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.operations import Terms
from entremise.doors.clock.demo.founding import Cast
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.people.models import Person

OIL = ArticleDraft("Huile", "bouteille", [Tier(1, 700), Tier(3, 620)], Decimal("0.055"), size=6, capacity=60)
SOAP = ArticleDraft("Savon", "pain", [Tier(5, 150)], Decimal("0.2"), size=12)
BEGUN = timedelta(days=9)


def buy_together(cast: Cast, now: datetime, client: Person) -> None:
    """One that is planned, one that is called off, one to close, one that is too small, one that is closed, one that is
    so large that it takes a while.
    """
    act, before = cast.desk(now), cast.desk(now - BEGUN)
    _plan(before, now, "Un achat à ouvrir", 3)
    called_off = _plan(before, now, "Un achat abandonné", 3)
    campaigns.call_off(act=before, campaign=called_off.campaign, reason="Le fournisseur ne livre plus.")
    for title, threshold in (
        ("Un achat trop petit", 40),
        ("Un achat clôturé", 2),
        ("Un achat en clôture", 2),
        ("Un achat à clôturer", 2),
    ):
        purchase = _plan(before, now - timedelta(hours=1), title, threshold)
        campaigns.open_campaign(act=before, campaign=purchase.campaign)
        for number, person in enumerate([client, *cast.clients[10:14]]):
            _order(before, purchase, person, number)
        clock = Act(by=THE_CLOCK, at=now, door=Door.CLOCK)
        campaigns.shut(act=clock, campaign=purchase.campaign)
        if title == "Un achat clôturé":
            buying.close_purchase(act=act, purchase=purchase, seen=preview(purchase=purchase).digest)
        elif title == "Un achat en clôture":
            seen = preview(purchase=purchase)
            with patch.object(closing, "CHUNK", 3):
                buying.close_purchase(act=act, purchase=purchase, seen=seen.digest)
            buying.write_shares(act=clock, purchase=purchase, found=seen, limit=3)


def _plan(act: Act, closes: datetime, title: str, threshold: int) -> Purchase:
    ends = max(closes, act.at + timedelta(days=1))
    first = ends.date() + timedelta(days=3)
    said = Plan("own_sale", "handover", "Au local", first, first, [OIL, SOAP], about="Par cartons entiers.")
    return buying.plan(act=act, terms=Terms(title, "pledges", threshold, act.at, ends), plan=said)


def _order(act: Act, purchase: Purchase, person: Person, number: int) -> None:
    """Of five, one would not pay the price, and some of what is wanted fills no box."""
    oil, soap = articles_of(purchase=purchase.id)
    wants = [Wants(oil, 3, 1, 620 if number == 4 else 700), Wants(soap, number, 0, 150)]
    buying.order(act=act.for_person(person.id), purchase=purchase, person=person, wants=wants, means="later")
