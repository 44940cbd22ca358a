"""A group purchase of many households, as if each had said so themselves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from entremise.buying import operations
from entremise.buying.models import Purchase
from entremise.buying.operations import ArticleDraft, Plan
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge, PledgeLine, PledgeStep
from entremise.campaigns.operations import Terms
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.people.models import Person

HOUSEHOLDS = 1000
TWO = [
    ArticleDraft("Huile", "bouteille", [Tier(1, 700), Tier(100, 620)], Decimal("0.055"), 6),
    ArticleDraft("Savon", "pain", [Tier(1, 150)], Decimal("0.2"), 12),
]


def purchase_of(households: int, *, act: Act, closes: datetime) -> Purchase:
    """Shut. Everybody wants some of both, one in seven at no price that there will be, and the last boxes are short."""
    day = closes.date() + timedelta(days=1)
    said = Plan("own_sale", "handover", "Au local", day, day, TWO, strategy="fair")
    terms = Terms("Ensemble", "pledges", 1, act.at, closes)
    purchase = operations.plan(act=act, terms=terms, plan=said)
    campaigns.open_campaign(act=act, campaign=purchase.campaign)
    people = [Person(given_name="Odile", family_name=f"F{n}", known_since=act.at) for n in range(households)]
    Person.objects.bulk_create(people, batch_size=1000)
    pledges = [
        Pledge(campaign=purchase.campaign, person=person, means=Pledge.Means.LATER, at_most=2800, made_at=act.at)
        for person in people
    ]
    Pledge.objects.bulk_create(pledges, batch_size=1000)
    lines = [
        PledgeLine(
            pledge=pledge,
            lot=lot,
            quantity=1 + number % 3,
            tolerance=number % 2,
            ceiling=(610 if number % 7 == 0 else 700) if place == 0 else 150,
        )
        for number, pledge in enumerate(pledges)
        for place, lot in enumerate(purchase.campaign.lots.order_by("place"))
    ]
    PledgeLine.objects.bulk_create(lines, batch_size=1000)
    steps = [PledgeStep(line=one, quantity=one.quantity, tolerance=one.tolerance, at=act.at) for one in lines]
    PledgeStep.objects.bulk_create(steps, batch_size=1000)
    campaigns.shut(act=Act(by=THE_CLOCK, at=closes, door=Door.CLOCK), campaign=purchase.campaign)
    return purchase


def set_limit(of: Callable[..., Any], limit: int) -> None:
    """Another default of how many it takes at a time."""
    vars_ = of.__kwdefaults__
    vars_["limit"] = limit
