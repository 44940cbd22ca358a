"""How a purchase stands, and what would come of it if it closed as it is."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from entremise.buying.models import Allotment, Article, Parcel, ParcelLine, Purchase, Share
from entremise.buying.rules.closing import Closing, Part, close
from entremise.buying.rules.filling import still_to_fill
from entremise.buying.rules.tiers import Ahead, Intent, Tier, ahead, reached
from entremise.campaigns import queries as campaigns
from entremise.campaigns.models import Pledge
from entremise.campaigns.queries import Asked
from entremise.campaigns.rules import TAKING, Progress, Wish
from entremise.kernel import chain


def purchase(*, number: int) -> Purchase | None:
    """By the number of its campaign."""
    rows = Purchase.objects.select_related("campaign__organiser", "supplier", "series")
    return rows.filter(campaign__number=number).first()


def articles_of(*, purchase: UUID) -> list[Article]:
    """In the order of the page."""
    return list(Article.objects.filter(purchase_id=purchase).select_related("lot").order_by("lot__place"))


@dataclass(frozen=True)
class Line:
    """How one article stands. now: the price that is reached, None before the first. ahead: the next better one, and
    what is missing for it. missing: units that fill the box that was begun.
    """

    article: Article
    households: int
    quantity: int
    tolerance: int
    now: Tier | None
    ahead: Ahead | None
    missing: int


@dataclass(frozen=True)
class Standing:
    progress: Progress
    lines: list[Line]


def standing(*, purchase: Purchase) -> Standing:
    """What everybody may see of it: never who. A constant number of questions, however many take part."""
    return standings(purchases=[purchase])[purchase.id]


def _line(article: Article, asked: list[Asked]) -> Line:
    good = article.good()
    intents = [Intent(one.quantity, one.tolerance, one.ceiling, one.pledges) for one in asked]
    quantity, tolerance = sum(one.quantity for one in asked), sum(one.tolerance for one in asked)
    return Line(
        article,
        sum(one.pledges for one in asked),
        quantity,
        tolerance,
        reached(tiers=good.tiers, intents=intents, size=good.size, measure=good.measure),
        ahead(tiers=good.tiers, intents=intents, size=good.size, measure=good.measure),
        still_to_fill(size=good.size, quantity=quantity, tolerance=tolerance),
    )


@dataclass(frozen=True)
class Preview:
    """What would come of it now. enough: whether its threshold is reached. digest: of all of it; another one means
    that something changed since somebody looked.
    """

    closing: Closing[UUID, UUID]
    pledges: list[Pledge]
    measured: int
    enough: bool
    digest: str

    @cached_property
    def parts(self) -> dict[UUID, list[Part[UUID, UUID]]]:
        """By pledge, in the order of the page."""
        found: defaultdict[UUID, list[Part[UUID, UUID]]] = defaultdict(list)
        for part in self.closing.parts:
            found[part.pledge].append(part)
        return dict(found)


def preview(*, purchase: Purchase) -> Preview:
    """Every household's result, by the rules alone: closing it does exactly this. Four questions, whatever its size."""
    campaign = purchase.campaign
    pledges = campaigns.pledges_of(campaign=campaign.id, states=("pledged",))
    closing = close(
        goods=[article.good() for article in articles_of(purchase=purchase.id)],
        wishes=campaigns.wishes_of(pledges=[one.id for one in pledges]),
        queue=campaigns.queue_of(campaign=campaign.id),
        strategy=purchase.strategy,
    )
    measured = closing.measured(campaign.measure)
    enough = measured >= campaign.threshold and bool(closing.units)
    said = [(one.pledge, one.lot, one.units, one.price) for one in closing.parts]
    return Preview(closing, pledges, measured, enough, chain.link("", chain.canonical(said)))


@dataclass(frozen=True)
class Ordered:
    """What was allotted of an article to all of them. price: minor units a unit."""

    article: Article
    units: int
    boxes: int
    households: int
    price: int


def ordered(*, purchase: UUID) -> list[Ordered]:
    """What the supplier is asked for, in the order of the page."""
    sums = {
        one["article"]: one
        for one in Allotment.objects.filter(share__purchase_id=purchase, units__gt=0)
        .values("article", "price")
        .annotate(total=Sum("units"), households=Count("share", filter=Q(units__gt=0)))
        .order_by()
    }
    return [
        Ordered(article, found["total"], found["total"] // article.size, found["households"], found["price"])
        for article in articles_of(purchase=purchase)
        if (found := sums.get(article.id))
    ]


@dataclass(frozen=True)
class Written:
    """How far the closing of a purchase is: households that are written down, of all of them."""

    done: int
    total: int


def written(*, purchase: Purchase) -> Written:
    pledges = Pledge.objects.filter(campaign=purchase.campaign_id, state="pledged")
    return Written(Share.objects.filter(purchase=purchase).count(), pledges.count())


def to_close(*, limit: int = 20) -> list[Purchase]:
    """Those that somebody decided to close, and that are not called off, until every household is written down."""
    rows = Purchase.objects.filter(state="closing", campaign__state="tipped").select_related("campaign")
    return list(rows.order_by("id")[:limit])


def closed_shares() -> QuerySet[Share]:
    """While a purchase is closing nobody reads a part of it."""
    return Share.objects.filter(purchase__closed_at__isnull=False)


def share_of(*, pledge: UUID) -> Share | None:
    """What it came to, once every household's is written down."""
    return closed_shares().filter(pledge_id=pledge).prefetch_related("allotments__article__lot").first()


def standings(*, purchases: Collection[Purchase]) -> dict[UUID, Standing]:
    """How several stand. Three questions, however many they are."""
    within = [one.campaign_id for one in purchases]
    asked, progress = campaigns.asked_in(campaigns=within), campaigns.progress_in(campaigns=within)
    lines: dict[UUID, list[Line]] = {one.id: [] for one in purchases}
    for article in Article.objects.filter(purchase__in=purchases).select_related("lot").order_by("lot__place"):
        lines[article.purchase_id].append(_line(article, [one for one in asked if one.lot == article.lot_id]))
    return {one.id: Standing(progress[one.campaign_id], lines[one.id]) for one in purchases}


def running(*, at: datetime) -> list[Purchase]:
    """Those that people can take part in by now, the one that closes first at the top."""
    rows = Purchase.objects.filter(
        campaign__state__in=TAKING, campaign__opens_at__lte=at, campaign__closes_at__gt=at
    ).select_related("campaign", "supplier")
    return list(rows.order_by("campaign__closes_at", "campaign__number"))


@dataclass(frozen=True)
class OrderLine:
    """What somebody wants of an article, what it came to once the purchase closed, and what their parcel holds."""

    article: Article
    wish: Wish[UUID]
    allotted: Allotment | None
    packed: ParcelLine | None

    @property
    def units(self) -> int:
        """What they receive, as far as it is known."""
        if self.packed:
            return self.packed.planned if self.packed.given is None else self.packed.given
        return self.allotted.units if self.allotted else 0


@dataclass(frozen=True)
class Order:
    """What somebody asked for in one purchase, their share once it closed, their parcel once it was ordered."""

    pledge: Pledge
    purchase: Purchase
    lines: list[OrderLine]
    share: Share | None
    parcel: Parcel | None

    @property
    def amount(self) -> int:
        """Minor units of what they receive, as far as it is known."""
        if self.parcel:
            return sum(line.packed.amount for line in self.lines if line.packed)
        return self.share.amount if self.share else 0


def orders_of(*, person: UUID) -> list[Order]:
    """All that somebody ever ordered with others, the newest first. A constant number of questions."""
    pledges = campaigns.pledges_by(person=person)
    within = Purchase.objects.filter(campaign__in=[one.campaign_id for one in pledges])
    purchases = {one.campaign_id: one for one in within.select_related("campaign", "supplier")}
    mine = [one for one in pledges if one.campaign_id in purchases]
    wishes = campaigns.wishes_of(pledges=[one.id for one in mine])
    articles = list(
        Article.objects.filter(purchase__in=purchases.values()).select_related("lot").order_by("lot__place")
    )
    shares = {one.pledge_id: one for one in closed_shares().filter(pledge__in=mine).prefetch_related("allotments")}
    theirs = Parcel.objects.filter(share__in=shares.values()).select_related("share").prefetch_related("lines")
    parcels = {one.share.pledge_id: one for one in theirs}
    return [
        Order(
            one,
            purchases[one.campaign_id],
            _ordered_lines(
                [article for article in articles if article.purchase_id == purchases[one.campaign_id].id],
                wishes[one.id],
                shares.get(one.id),
                parcels.get(one.id),
            ),
            shares.get(one.id),
            parcels.get(one.id),
        )
        for one in mine
    ]


def _ordered_lines(
    articles: Iterable[Article], wishes: Mapping[UUID, Wish[UUID]], share: Share | None, parcel: Parcel | None
) -> list[OrderLine]:
    allotted = {one.article_id: one for one in share.allotments.all()} if share else {}
    packed = {one.article_id: one for one in parcel.lines.all()} if parcel else {}
    return [
        OrderLine(article, wishes[article.lot_id], allotted.get(article.id), packed.get(article.id))
        for article in articles
        if article.lot_id in wishes and wishes[article.lot_id].quantity
    ]


def has_orders(*, person: UUID) -> bool:
    """Whether somebody ever ordered with others."""
    return Pledge.objects.filter(person_id=person, campaign__in=Purchase.objects.values("campaign")).exists()
