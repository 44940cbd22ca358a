"""A group purchase while it is handed over: parcels in each of their states, and a count that does not agree."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Purchase
from entremise.buying.operations import ArticleDraft, Plan, Wants
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.operations import Terms
from entremise.kernel.act import Act
from entremise.people import operations as people
from entremise.people.models import Person

PELLETS = ArticleDraft(
    "Granulés de bois", "sac de 15 kg", [Tier(1, 620), Tier(3, 575)], Decimal("0.1"), size=10, ours=25, carriage=45
)
OIL = ArticleDraft("Huile d’olive", "bouteille d’un litre", [Tier(1, 700)], Decimal("0.055"), size=6)
HOUSEHOLDS = 8


def closed(act: Act, households: list[Person], title: str = "Granulés et huile") -> Purchase:
    """Its households have signed up, its time is over, and somebody has closed it."""
    before, over = replace(act, at=act.at - timedelta(days=20)), act.at - timedelta(days=6)
    supplier = people.add_person(act=act, family_name="Coopérative du Lac", kind="company", phones=[])
    said = Plan(
        role="own_sale",
        pays="handover",
        where="Au local, 14, rue du Lavoir",
        handed_from=act.at.date() - timedelta(days=1),
        handed_until=act.at.date() + timedelta(days=2),
        articles=[PELLETS, OIL],
        supplier=supplier,
    )
    purchase = buying.plan(act=before, terms=Terms(title, "pledges", 3, before.at, over), plan=said)
    campaigns.open_campaign(act=before, campaign=purchase.campaign)
    articles = bought.articles_of(purchase=purchase.id)
    for number, person in enumerate(households):
        wants = [Wants(article, 4 + number % 3 - place, 1, 700) for place, article in enumerate(articles)]
        buying.order(act=before, purchase=purchase, person=person, wants=wants, means="later")
    campaigns.shut(act=act, campaign=purchase.campaign)
    seen = bought.preview(purchase=purchase).digest
    return buying.close_purchase(act=act, purchase=purchase, seen=seen)


def hand_over_some(act: Act, households: list[Person]) -> Purchase:
    """Ordered, less oil received than billed; one parcel collected by a neighbour, one left, the others ready."""
    purchase = closed(act, households[:HOUSEHOLDS])
    buying.order_supply(act=act, purchase=purchase)
    units = {one.article.id: one.balance.ordered for one in bought.supply(purchase=purchase.id)}
    *_first, oil = units
    buying.note_billed(act=act, purchase=purchase, billed=units)
    buying.receive_supply(act=act, purchase=purchase, received={**units, oil: units[oil] - 5})
    first, second, *_ready = sorted(bought.parcels_of(purchase=purchase.id), key=lambda one: one.number)
    buying.hand_over(act=act, parcel=first, key="tick", to="Mme Bru, sa voisine")
    buying.leave_parcel(act=act, parcel=second, reason="a prévenu qu’elle ne vient pas")
    closed(act, households[:3], "À commander")
    buying.order_supply(act=act, purchase=closed(act, households[:3], "À recevoir"))
    _hand_over_all(act, closed(act, households[:3], "À terminer"))
    return purchase


def _hand_over_all(act: Act, purchase: Purchase) -> None:
    buying.order_supply(act=act, purchase=purchase)
    came = {one.article.id: one.balance.ordered for one in bought.supply(purchase=purchase.id)}
    buying.receive_supply(act=act, purchase=purchase, received=came)
    for parcel in bought.parcels_of(purchase=purchase.id):
        if parcel.state == "ready":
            buying.hand_over(act=act, parcel=parcel, key=f"tick:{parcel.number}")


def at_the_desk() -> Iterator[str]:
    """The room of each purchase that closed, its list, and a parcel in each of their states."""
    for one in (
        Purchase.objects.exclude(state__in=("planned", "closing", "off"))
        .select_related("campaign")
        .order_by("campaign__number")
    ):
        room = f"/bureau/ensemble/{one.campaign.number}/remise/"
        parcels = {parcel.state: parcel for parcel in bought.parcels_of(purchase=one.id)}
        yield from (room, *([f"{room}liste/"] if parcels else []))
        yield from (f"{room}colis/{parcel.id}/" for parcel in parcels.values())
