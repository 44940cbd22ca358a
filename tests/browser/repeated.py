"""A group purchase that comes again, and what households want of it each time: alone, paused, in turn."""

from datetime import datetime, timedelta
from decimal import Decimal

from entremise.buying import operations as buying
from entremise.buying.models import Purchase, Standing
from entremise.buying.operations import ArticleDraft, Plan, Wants
from entremise.buying.queries import articles_of
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.operations import Terms
from entremise.doors.clock.demo.founding import Cast
from entremise.kernel.act import Act
from entremise.people.models import Person

RICE = ArticleDraft("Riz", "sac de 5 kg", [Tier(1, 890), Tier(4, 790)], Decimal("0.055"), size=4)
COFFEE = ArticleDraft("Café", "paquet de 250 g", [Tier(2, 420)], Decimal("0.055"), size=12)


def come_again(cast: Cast, now: datetime, client: Person) -> Purchase:
    """One that runs, with this client's order each time, one that is paused, and two households that take turns."""
    act = cast.desk(now)
    closes = now + timedelta(days=6)
    first = (closes + timedelta(days=3)).date()
    said = Plan("own_sale", "handover", "Au local, 14, rue du Lavoir", first, first, [RICE, COFFEE])
    purchase = buying.plan(act=act, terms=Terms("Produits de base", "pledges", 3, act.at, closes), plan=said)
    buying.repeat(act=act, purchase=purchase, weeks=2)
    campaigns.open_campaign(act=act, campaign=purchase.campaign)
    others = [one for one in cast.clients if one.id != client.id]
    _say(act, purchase, client)
    buying.pause_standing(act=act, standing=_say(act, purchase, others[0]))
    buying.share_standing(act=act, standing=_say(act, purchase, others[1]), partner=others[2])
    return purchase


def _say(act: Act, purchase: Purchase, person: Person) -> Standing:
    rice, coffee = articles_of(purchase=purchase.id)
    assert purchase.series is not None
    return buying.say_standing(
        act=act.for_person(person.id),
        series=purchase.series,
        person=person,
        wants=[Wants(rice, 1, 1, 890), Wants(coffee, 2, 0, 420)],
        means="later",
    )
