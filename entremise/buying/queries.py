"""How a purchase stands, and what would come of it if it closed as it is."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet, Sum

from entremise.buying.models import Allotment, Article, Purchase, Share
from entremise.buying.rules.closing import Closing, close
from entremise.buying.rules.filling import still_to_fill
from entremise.buying.rules.tiers import Ahead, Intent, Tier, ahead, reached
from entremise.campaigns import queries as campaigns
from entremise.campaigns.models import Pledge
from entremise.campaigns.queries import Asked
from entremise.campaigns.rules import TAKING, Progress
from entremise.kernel import chain


def purchase(*, number: int) -> Purchase | None:
    """By the number of its campaign."""
    rows = Purchase.objects.select_related("campaign__organiser", "supplier")
    return rows.filter(campaign__number=number).first()


def articles_of(*, purchase: UUID) -> list[Article]:
    """In the order of the page."""
    return list(Article.objects.filter(purchase_id=purchase).select_related("lot").order_by("lot__place"))


@dataclass(frozen=True)
class Row:
    """A purchase in a list, with what its campaign has reached in its own measure."""

    purchase: Purchase
    progress: Progress

    @property
    def measured(self) -> int:
        return self.progress.measured(self.purchase.campaign.measure)


def listed(*, states: Collection[str], before: UUID | None = None) -> QuerySet[Purchase]:
    """Purchases whose campaigns are in one of these states, the latest plan first.

    before: the last purchase of the page before.
    """
    found = Purchase.objects.filter(campaign__state__in=states).select_related("campaign", "supplier")
    return (found.filter(id__lt=before) if before else found).order_by("-id")


def rows(*, purchases: Iterable[Purchase]) -> list[Row]:
    """These, each with what it has reached. One question more."""
    page = list(purchases)
    found = campaigns.progress_of(campaigns=[one.campaign_id for one in page])
    return [Row(one, found[one.campaign_id]) for one in page]


def to_look_after(*, until: datetime) -> list[Purchase]:
    """Purchases that somebody has to close, or that take pledges and end before then: the first to end at the top."""
    due = Q(campaign__state="closing") | Q(campaign__state__in=TAKING, campaign__closes_at__lt=until)
    return list(Purchase.objects.filter(due).select_related("campaign").order_by("campaign__closes_at", "id"))


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
    asked = campaigns.asked(campaign=purchase.campaign_id)
    return Standing(
        campaigns.progress(campaign=purchase.campaign_id),
        [
            _line(article, [one for one in asked if one.lot == article.lot_id])
            for article in articles_of(purchase=purchase.id)
        ],
    )


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
class Order:
    """What somebody pledged in a purchase. share: what it came to, once that is closed."""

    pledge: Pledge
    share: Share | None


def orders_by(*, person: UUID, limit: int) -> list[Order]:
    """Somebody's orders, the latest first. Two questions."""
    return orders(pledges=campaigns.pledges_by(person=person)[:limit])


def orders(*, pledges: Iterable[Pledge]) -> list[Order]:
    """These, each with what it came to. One question more."""
    page = list(pledges)
    shares = {one.pledge_id: one for one in Share.objects.filter(pledge__in=[one.id for one in page])}
    return [Order(one, shares.get(one.id)) for one in page]


def share_of(*, pledge: UUID) -> Share | None:
    return Share.objects.filter(pledge_id=pledge).prefetch_related("allotments__article__lot").first()
