"""Group purchases in every state that people see, with orders of a client and others."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from entremise.buying import operations as buying
from entremise.buying import queries
from entremise.buying.models import Purchase
from entremise.buying.operations import ArticleDraft, Plan, Wants
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.operations import Terms
from entremise.doors.clock.demo.founding import Cast
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.people.models import Person

PELLETS = ArticleDraft(
    "Granulés de bois",
    "sac de 15 kg",
    [Tier(2, 620), Tier(4, 575), Tier(9, 540)],
    Decimal("0.1"),
    measure="households",
    ours=25,
    carriage=45,
)
OIL = ArticleDraft("Huile d’olive", "bouteille de 1 L", [Tier(1, 790), Tier(2, 640)], Decimal("0.055"), size=6)
SOAP = ArticleDraft("Savon", "pain de 100 g", [Tier(1, 150)], Decimal("0.2"), size=12)


def join(cast: Cast, now: datetime, client: Person) -> None:
    """One that left with this client and one without enough of them, one called off, one to open, two that run."""
    others = [one for one in cast.clients if one.id != client.id][:3]
    left, failed, ended, _to_open, filling, runs = (
        _planned(cast, now, number, articles)
        for number, articles in enumerate(([PELLETS], [PELLETS], [OIL], [PELLETS], [OIL], [OIL, SOAP]))
    )
    for purchase in (left, failed, ended, filling, runs):
        for person in (client, *others) if purchase != failed else (client,):
            _order(cast, now - timedelta(days=9), purchase, person)
    _close(cast, now, left)
    clock = Act(by=THE_CLOCK, at=now, door=Door.CLOCK)
    campaigns.fail(act=clock, campaign=campaigns.shut(act=clock, campaign=failed.campaign))
    campaigns.call_off(act=cast.desk(now), campaign=ended.campaign, reason="Le fournisseur ferme.")


def _planned(cast: Cast, now: datetime, number: int, articles: list[ArticleDraft]) -> Purchase:
    """The first two are over; of the fifth only what fills a box is taken."""
    then = now - timedelta(days=10)
    opens, closes = (now if number == 3 else then), now - timedelta(days=1) if number < 2 else now + timedelta(days=8)
    opens += timedelta(days=2 * (number == 3))
    act = replace(cast.desk(now), at=then)
    plan = Plan(
        role="own_sale",
        pays="handover",
        where="Au local, 14, rue du Lavoir",
        handed_from=(now + timedelta(days=12)).date(),
        handed_until=(now + timedelta(days=15)).date(),
        articles=articles,
        about="Fabriqués à 40 km." if number % 2 else "",
    )
    terms = Terms(
        f"Achat groupé {number}", "pledges", 2, opens, closes, closes - timedelta(days=9) if number == 4 else None
    )
    purchase = buying.plan(act=act, terms=terms, plan=plan)
    campaigns.open_campaign(act=act, campaign=purchase.campaign)
    return purchase


def _order(cast: Cast, at: datetime, purchase: Purchase, person: Person) -> None:
    wants = [
        Wants(one, 3, 2 if one.size > 1 else 0, one.tiers[0][1]) for one in queries.articles_of(purchase=purchase.id)
    ]
    act = replace(cast.desk(at), at=at)
    buying.order(act=act, purchase=purchase, person=person, wants=wants, means="later")


def _close(cast: Cast, now: datetime, purchase: Purchase) -> None:
    campaigns.shut(act=Act(by=THE_CLOCK, at=now, door=Door.CLOCK), campaign=purchase.campaign)
    seen = queries.preview(purchase=purchase).digest
    buying.close_purchase(act=cast.desk(now), purchase=purchase, seen=seen)
