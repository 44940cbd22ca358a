from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction

from entremise.buying import operations, queries
from entremise.buying.models import Purchase
from entremise.buying.operations import ArticleDraft, Plan, Wants
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge
from entremise.campaigns.operations import Terms
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.people.models import Person
from tests.conftest import TODAY

PELLETS = ArticleDraft(
    "Granulés de bois",
    "sac de 15 kg",
    [Tier(3, 620), Tier(5, 575), Tier(7, 540)],
    Decimal("0.1"),
    size=1,
    measure="households",
    ours=25,
    carriage=45,
)
OIL = ArticleDraft("Huile", "bouteille", [Tier(1, 700), Tier(3, 620)], Decimal("0.055"), size=6)
SOAP = ArticleDraft("Savon", "pain", [Tier(1, 150)], Decimal("0.2"), size=12)
CLOSES = TODAY + timedelta(days=12)
CLOCK = Act(by=THE_CLOCK, at=CLOSES, door=Door.CLOCK)

Offer = Callable[..., Purchase]
Ask = Callable[..., Pledge]


def planned(
    act: Act, *articles: ArticleDraft, measure: str = "pledges", threshold: int = 3, strategy: str = "queue"
) -> Purchase:
    said = Plan(
        role="own_sale",
        pays="handover",
        where="Au local, 14, rue du Lavoir",
        handed_from=(CLOSES + timedelta(days=9)).date(),
        handed_until=(CLOSES + timedelta(days=13)).date(),
        articles=articles,
        strategy=strategy,
    )
    terms = Terms("Ensemble", measure, threshold, act.at, CLOSES, CLOSES - timedelta(days=2))
    return operations.plan(act=act, terms=terms, plan=said)


def household(number: int) -> Person:
    return Person.objects.create(given_name="Odile", family_name=f"Foyer {number}", known_since=TODAY)


@pytest.fixture
def offer(act: Act) -> Offer:
    """A purchase of these articles that takes pledges."""

    def one(*articles: ArticleDraft, **more: Any) -> Purchase:
        with transaction.atomic():  # For tests that a browser looks at, which have none of their own.
            purchase = planned(act, *articles, **more)
            campaigns.open_campaign(act=act, campaign=purchase.campaign)
        return purchase

    return one


@pytest.fixture
def ask(act: Act) -> Ask:
    """What a household wants of each article: (quantity, tolerance, ceiling)."""

    def one(purchase: Purchase, person: Person, *wanted: tuple[int, int, int], **more: Any) -> Pledge:
        articles = queries.articles_of(purchase=purchase.id)
        wants = [Wants(article, *of) for article, of in zip(articles, wanted, strict=True)]
        given = {"act": act, "means": "later", **more}
        with transaction.atomic():
            return operations.order(purchase=purchase, person=person, wants=wants, **given)

    return one


def over(purchase: Purchase) -> Purchase:
    """Its time is over."""
    campaigns.shut(act=CLOCK, campaign=purchase.campaign)
    return purchase
