"""Three group purchases of the example: potatoes that are handed over, wood pellets that get cheaper with every few
households, and essentials by the box, in their last days before the deadline.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Protocol
from zoneinfo import ZoneInfo

from entremise.buying import operations as buying
from entremise.buying.operations import ArticleDraft, Plan, Wants
from entremise.buying.queries import articles_of, parcels_of, preview
from entremise.buying.queries import purchase as by_number
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge
from entremise.campaigns.operations import Terms
from entremise.campaigns.rules import deadline
from entremise.doors.clock.demo.founding import Cast
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.people import operations as people

PARIS = ZoneInfo("Europe/Paris")
PELLETS = ArticleDraft(
    "Granulés de bois",
    "sac de 15 kg",
    [Tier(20, 620), Tier(40, 575), Tier(60, 540)],
    Decimal("0.1"),
    measure="households",
    ours=25,
    carriage=45,
)
ESSENTIALS = (
    ArticleDraft("Huile de tournesol", "bouteille de 1 litre", [Tier(1, 245), Tier(4, 220)], Decimal("0.055"), size=12),
    ArticleDraft("Riz", "paquet de 1 kg", [Tier(1, 195), Tier(6, 170)], Decimal("0.055"), size=10),
    ArticleDraft("Savon", "pain de 100 g", [Tier(1, 140), Tier(3, 115)], Decimal("0.2"), size=24, ours=10),
    ArticleDraft("Lessive", "bidon de 3 litres", [Tier(1, 690)], Decimal("0.2"), size=4, ours=30, capacity=40),
)
POTATOES = ArticleDraft("Pommes de terre", "sac de 10 kg", [Tier(1, 1100), Tier(3, 890)], Decimal("0.055"), size=8)
# What a household wants of each article, and how many more it would take.
Basket = Sequence[tuple[int, int]]
BAGS: tuple[Basket, ...] = tuple([(bags, 0)] for bags in (40, 60, 30, 45, 20, 50, 35))
SACKS: tuple[Basket, ...] = (((2, 0),), ((1, 1),), ((3, 0),), ((1, 0),))
BASKETS: tuple[Basket, ...] = (
    ((2, 1), (3, 1), (0, 0), (1, 0)),
    ((4, 0), (2, 2), (6, 2), (0, 0)),
    ((1, 1), (0, 0), (4, 0), (1, 0)),
    ((3, 0), (5, 1), (2, 1), (0, 0)),
    ((2, 0), (4, 0), (0, 0), (1, 1)),
)


class Calendar(Protocol):
    cast: Cast
    now: datetime

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None: ...


@dataclass(frozen=True)
class Story:
    """A purchase and who joins it. begun, closes, fills: days before or after now; fills None: no last days of filling.
    handed: days after its end. came: units that the supplier delivered, of one that is handed over now.
    """

    title: str
    about: str
    supplier: str
    drafts: Sequence[ArticleDraft]
    threshold: int
    begun: int
    closes: int
    fills: int | None
    handed: tuple[int, int]
    households: int
    baskets: Sequence[Basket]
    came: int | None = None


STORIES = (
    Story(
        title="Pommes de terre",
        about="Des sacs de 10 kg, récoltés à 12 km.",
        supplier="Ferme des Alouettes",
        drafts=(POTATOES,),
        threshold=10,
        begun=-24,
        closes=-8,
        fills=None,
        handed=(7, 10),
        households=16,
        baskets=SACKS,
        came=24,
    ),
    Story(
        title="Granulés de bois",
        about="Sacs de 15 kg, fabriqués à 40 km, livrés au local.",
        supplier="Scierie de la Combe",
        drafts=(PELLETS,),
        threshold=20,
        begun=-17,
        closes=12,
        fills=None,
        handed=(9, 13),
        households=47,
        baskets=BAGS,
    ),
    Story(
        title="Produits du quotidien",
        about="Huile, riz, savon et lessive, par cartons entiers.",
        supplier="Épicerie en gros Lafargue",
        drafts=ESSENTIALS,
        threshold=10,
        begun=-10,
        closes=1,
        fills=-1,
        handed=(4, 5),
        households=19,
        baskets=BASKETS,
    ),
)


def plan(year: Calendar) -> None:
    """Each is opened one morning; orders come in until today, by telephone and over the counter."""
    for story in STORIES:
        year.at(at_work(year, story.begun, 9), partial(_begin, year=year, story=story))


def _begin(at: datetime, year: Calendar, story: Story) -> None:
    act = year.cast.desk(at, Door.DESK)
    supplier = people.add_person(act=act, kind="company", family_name=story.supplier, phones=[])
    closes = _moment(year, story.closes, 18)
    fills = None if story.fills is None else _moment(year, story.fills, 12)
    last = closes.astimezone(PARIS).date()
    planned = buying.plan(
        act=act,
        terms=Terms(story.title, "pledges", story.threshold, at, closes, fills),
        plan=Plan(
            role="own_sale",
            pays="handover",
            where="Au local, 14, rue du Lavoir",
            handed_from=last + timedelta(days=story.handed[0]),
            handed_until=last + timedelta(days=story.handed[1]),
            articles=story.drafts,
            about=story.about,
            supplier=supplier,
        ),
    )
    campaigns.open_campaign(act=act, campaign=planned.campaign)
    number = planned.campaign.number
    span = (story.fills if story.fills is not None else min(0, story.closes)) - story.begun
    for turn in range(story.households):
        day = story.begun + 1 + (span - 1) * turn // story.households
        moment = max(at, at_work(year, day, 9 + turn % 8)) + timedelta(minutes=1 + 7 * turn % 59)
        year.at(moment, partial(_order, year=year, number=number, turn=turn, basket=story.baskets))
    if fills:
        year.at(fills, partial(_fill, number=number))
    if story.came:
        year.at(closes + timedelta(hours=1), partial(_close, year=year, number=number))
        year.at(at_work(year, -1, 9), partial(_hand, year=year, number=number, came=story.came))


def _order(at: datetime, year: Calendar, number: int, turn: int, basket: Sequence[Basket]) -> None:
    """The next household says what it wants."""
    purchase = by_number(number=number)
    households = [one for one in (*year.cast.clients, *year.cast.workers) if one.kind == "individual"]
    if purchase is None or turn >= len(households):
        return
    person, door = households[turn], Door.COUNTER if turn % 3 == 2 else Door.PHONE
    pairs = zip(articles_of(purchase=purchase.id), basket[turn % len(basket)], strict=True)
    wants = [Wants(one, units, more, one.tiers[0][1]) for one, (units, more) in pairs if units]
    act = year.cast.desk(at, door).for_person(person.id)
    buying.order(act=act, purchase=purchase, person=person, wants=wants, means=Pledge.Means.LATER)


def _fill(at: datetime, number: int) -> None:
    purchase = by_number(number=number)
    if purchase:
        campaigns.begin_filling(act=Act(by=THE_CLOCK, at=at, door=Door.CLOCK), campaign=purchase.campaign)


def _close(at: datetime, year: Calendar, number: int) -> None:
    """What everybody saw in the preview comes true, and the supplier is asked for it."""
    purchase, act = by_number(number=number), year.cast.desk(at, Door.DESK)
    if purchase:
        campaigns.shut(act=Act(by=THE_CLOCK, at=at, door=Door.CLOCK), campaign=purchase.campaign)
        closed = buying.close_purchase(act=act, purchase=purchase, seen=preview(purchase=purchase).digest)
        buying.order_supply(act=act, purchase=closed)


def _hand(at: datetime, year: Calendar, number: int, came: int) -> None:
    """It came, and the first households took theirs home."""
    purchase, act = by_number(number=number), year.cast.desk(at, Door.COUNTER)
    if purchase:
        received = {article.id: came for article in articles_of(purchase=purchase.id)}
        buying.receive_supply(act=act, purchase=purchase, received=received, complete=True)
        waiting = [one for one in parcels_of(purchase=purchase.id) if one.state == "ready"]
        for parcel in sorted(waiting, key=lambda one: one.number)[:3]:
            buying.hand_over(act=act, parcel=parcel, key=f"example:{parcel.number}")


def at_work(year: Calendar, days: int, hour: int) -> datetime:
    """That hour of the day, or of the last working day before it."""
    weekday = (year.now.astimezone(PARIS).date() + timedelta(days=days)).weekday()
    return _moment(year, days - max(0, weekday - 4), hour)


def _moment(year: Calendar, days: int, hour: int) -> datetime:
    return deadline(year.now.astimezone(PARIS).date() + timedelta(days=days), time(hour), PARIS)
