"""Group purchases: how they stand, what somebody orders in one, and how it closes. Amounts are cents."""

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Article, Purchase
from entremise.buying.operations import Wants
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as pledged
from entremise.campaigns.models import Pledge
from entremise.campaigns.rules import CAMPAIGN, TAKING, Wish
from entremise.doors.api import pages
from entremise.doors.api.door import DESK, act_of, asks, found, tells, whose
from entremise.doors.api.told import Someone, somebody
from entremise.doors.api.types import LARGEST_NUMBER, PAGE, WHOLE, Cursor, Given, Id, Limit, Numbered, Reason, Told
from entremise.kernel.refused import Refused

PURCHASES, PLEDGES = "purchases", "pledges"
PurchaseState = Literal[
    "draft", "open", "filling", "closing", "tipped", "committed", "failed", "called_off", "finished"
]
PledgeState = Literal["pledged", "withdrawn", "released", "confirmed", "charged", "dropped"]
Means = Literal["later", "account", "kept"]
SHOWN = tuple(state for state in CAMPAIGN.states if state not in ("", "draft"))  # A plan is the desk's own.
MOST = 10_000
Units = Annotated[int, Field(ge=0, le=MOST, description="Units.", examples=[4]), WHOLE]
Price = Annotated[int, Field(ge=0, le=LARGEST_NUMBER, description="Cents, taxes included.", examples=[620]), WHOLE]


class PurchaseTold(Told):
    """What a group buys together. threshold and measured: in the measure; money at the most that people would pay.

    fills_at: from then on only what fills a box is taken.
    """

    number: int
    title: str
    state: PurchaseState
    measure: Literal["pledges", "units", "money"]
    threshold: int
    measured: int
    households: int
    opens_at: datetime
    fills_at: datetime | None
    closes_at: datetime
    where: str
    handed_from: date
    handed_until: date


class Purchases(Told):
    """A page of purchases; next: the cursor of the page after, null on the last."""

    rows: list[PurchaseTold]
    next: str | None


class TierTold(Told):
    """From so many, in the measure of the article, a unit costs so much: cents, taxes included."""

    at_least: int
    price: int


class ArticleTold(Told):
    """One thing on offer, and how it stands. size: units in a box. price: what is reached, null before the first tier;
    missing_for_next: boxes or households that reach the next one; missing_for_box: units that fill the one that was
    begun. ours and carriage: cents of the price. left: units there still are, null for as many as people want.
    """

    id: UUID
    title: str
    unit: str
    size: int
    measure: Literal["boxes", "households"]
    tiers: list[TierTold]
    vat_rate: Decimal
    ours: int
    carriage: int
    left: int | None
    households: int
    quantity: int
    tolerance: int
    price: int | None
    next_price: int | None
    missing_for_next: int | None
    missing_for_box: int


class PurchaseRead(PurchaseTold):
    """A purchase with its articles. reason: why it was called off. closed_at: when what each household receives was
    written down; null before, also for the moments that it takes once a large one was closed.
    """

    about: str
    role: Literal["own_sale", "agent"]
    pays: Literal["before", "handover"]
    strategy: Literal["queue", "fair"]
    reason: str
    closed_at: datetime | None
    articles: list[ArticleTold]


class WishTold(Told):
    """What somebody wants of an article. ceiling: the most they would pay for a unit, cents."""

    article: UUID
    quantity: int
    tolerance: int
    ceiling: int


class PledgeTold(Told):
    """An order. at_most and budget: cents."""

    purchase: int
    person: Someone
    state: PledgeState
    means: Means
    at_most: int
    budget: int | None
    made_at: datetime
    wants: list[WishTold]


class Pledges(Told):
    """A page of orders; next: the cursor of the page after, null on the last."""

    rows: list[PledgeTold]
    next: str | None


class NewWish(Given):
    """ceiling: the most they would pay for a unit; left out, the price of the first tier."""

    article: Id
    quantity: Units
    tolerance: Units = 0
    ceiling: Price | None = None


class NewPledge(Given):
    """What somebody wants, in place of what they wanted before: what is not named is not wanted any more. person: the
    one as whom the program acts, when left out. budget: cents it may come to at most.
    """

    person: Id | None = None
    wants: Annotated[list[NewWish], Field(max_length=50)]
    means: Means = "later"
    budget: Price | None = None


class Withdrawal(Given):
    """person: the one as whom the program acts, when left out."""

    person: Id | None = None


class CallOff(Given):
    """reason: everybody who is in it reads it."""

    reason: Reason


@asks("/purchases", "purchases:read", answer=Purchases, summary="Group purchases, the latest first")
def list_purchases(
    request: HttpRequest, state: Literal["running", "all"] = "running", cursor: Cursor = "", limit: Limit = PAGE
) -> Purchases:
    """Those that take orders, or all that were ever opened; the desk finds its plans among all of them too."""
    states = TAKING if state == "running" else SHOWN if whose(request, *DESK) else (*SHOWN, "draft")
    rows = bought.listed(states=states, before=pages.before(cursor, of=PURCHASES))
    page, following = pages.split(list(rows[: limit + 1]), limit=limit, of=PURCHASES)
    told_ = [PurchaseTold.model_validate(_facts(one)) for one in bought.rows(purchases=page)]
    return Purchases(rows=told_, next=following)


@asks("/purchases/{number}", "purchases:read", answer=PurchaseRead, summary="One group purchase, and how it stands")
def read_purchase(request: HttpRequest, number: Numbered) -> PurchaseRead:
    """What everybody may see: never who."""
    return told(purchase_of(request, number))


@asks("/purchases/{number}/pledges", "purchases:read", answer=Pledges, summary="Orders, the latest first")
def list_pledges(request: HttpRequest, number: Numbered, cursor: Cursor = "", limit: Limit = PAGE) -> Pledges:
    """Staff find all that count, others their own."""
    purchase = purchase_of(request, number)
    before = pages.before(cursor, of=PLEDGES)
    rows = pledged.pledges_before(
        campaign=purchase.campaign_id, of=whose(request, *DESK), before=before, limit=limit + 1
    )
    page, following = pages.split(rows, limit=limit, of=PLEDGES)
    return Pledges(rows=_pledges(purchase, page), next=following)


@tells("/purchases/{number}/pledges", "purchases:write", answer=PledgeTold, summary="Order, or change an order")
def make_pledge(request: HttpRequest, number: Numbered, body: NewPledge) -> PledgeTold:
    """Until the deadline. Nothing is paid; what is on somebody's account is set aside for it."""
    purchase, person = purchase_of(request, number), somebody(request, body.person)
    articles = {one.lot_id: one for one in bought.articles_of(purchase=purchase.id)}
    act = act_of(request).for_person(person.id)
    before = pledged.pledge_of(campaign=purchase.campaign_id, person=person.id)
    if body.means == "kept" and act.by.person != person.id and (before is None or before.means != "kept"):
        raise Refused("not_allowed")  # Nobody is charged on another's word.
    wants = [_wants(found(articles.get(one.article)), one) for one in body.wants]
    made = buying.order(act=act, purchase=purchase, person=person, wants=wants, means=body.means, budget=body.budget)
    return _pledges(purchase, [made])[0]


@tells("/purchases/{number}/withdrawal", "purchases:write", answer=PledgeTold, summary="Take an order back")
def withdraw_pledge(request: HttpRequest, number: Numbered, body: Withdrawal) -> PledgeTold:
    """While orders may change."""
    purchase, person = purchase_of(request, number), somebody(request, body.person)
    pledge = found(pledged.pledge_of(campaign=purchase.campaign_id, person=person.id))
    campaigns.withdraw(act=act_of(request).for_person(person.id), pledge=pledge)
    return _pledges(purchase, [pledge])[0]


@tells("/purchases/{number}/opening", "purchases:write", answer=PurchaseRead, summary="Take orders")
def open_purchase(request: HttpRequest, number: Numbered) -> PurchaseRead:
    """From the moment it opens."""
    purchase = purchase_of(request, number)
    campaigns.open_campaign(act=act_of(request), campaign=purchase.campaign)
    return told(purchase)


@tells("/purchases/{number}/cancellation", "purchases:write", answer=PurchaseRead, summary="Call it off")
def call_off_purchase(request: HttpRequest, number: Numbered, body: CallOff) -> PurchaseRead:
    """For a reason that everybody who is in it is told."""
    purchase = purchase_of(request, number)
    campaigns.call_off(act=act_of(request), campaign=purchase.campaign, reason=body.reason)
    return told(purchase)


def purchase_of(request: HttpRequest, number: int) -> Purchase:
    """A plan that is not open yet is the desk's own."""
    row = found(bought.purchase(number=number))
    return found(None if row.campaign.state == "draft" and whose(request, *DESK) else row)


def _facts(row: bought.Row) -> dict[str, object]:
    purchase = row.purchase
    campaign = purchase.campaign
    named = ("number", "title", "state", "measure", "threshold", "opens_at", "fills_at", "closes_at")
    own = {name: getattr(campaign, name) for name in named}
    where = {name: getattr(purchase, name) for name in ("where", "handed_from", "handed_until")}
    return {**own, **where, "measured": row.measured, "households": row.progress.pledges}


def told(purchase: Purchase) -> PurchaseRead:
    seen = bought.standing(purchase=purchase)
    own = {name: getattr(purchase, name) for name in ("about", "role", "pays", "strategy", "closed_at")}
    return PurchaseRead.model_validate(
        {
            **_facts(bought.Row(purchase, seen.progress)),
            **own,
            "reason": purchase.campaign.reason,
            "articles": [_article(one) for one in seen.lines],
        }
    )


def _article(line: bought.Line) -> ArticleTold:
    article, lot = line.article, line.article.lot
    return ArticleTold.drawn(
        article,
        id=article.lot_id,  # By which orders name it.
        title=lot.title,
        tiers=[TierTold(at_least=at_least, price=price) for at_least, price in article.tiers],
        left=None if lot.capacity is None else lot.capacity - lot.taken,
        households=line.households,
        quantity=line.quantity,
        tolerance=line.tolerance,
        price=line.now.price if line.now else None,
        next_price=line.ahead.tier.price if line.ahead else None,
        missing_for_next=line.ahead.missing if line.ahead else None,
        missing_for_box=line.missing,
    )


def _wants(article: Article, wish: NewWish) -> Wants:
    first = max((price for _at_least, price in article.tiers), default=0)
    return Wants(article, wish.quantity, wish.tolerance, first if wish.ceiling is None else wish.ceiling)


def _pledges(purchase: Purchase, rows: list[Pledge]) -> list[PledgeTold]:
    wishes = pledged.wishes_of(pledges=[one.id for one in rows])
    number = purchase.campaign.number
    return [
        PledgeTold.drawn(
            one,
            purchase=number,
            person=Someone.of(one.person),
            wants=[_wish(wish) for wish in wishes[one.id].values() if wish.quantity],
        )
        for one in rows
    ]


def _wish(wish: Wish[UUID]) -> WishTold:
    return WishTold(article=wish.lot, quantity=wish.quantity, tolerance=wish.tolerance, ceiling=wish.ceiling)
