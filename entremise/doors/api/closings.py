"""How a group purchase closes: every household's result before, and then exactly that. Amounts are cents."""

from collections import defaultdict
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Purchase
from entremise.campaigns import operations as campaigns
from entremise.doors.api import pages
from entremise.doors.api.door import DESK, act_of, asks, found, only, tells
from entremise.doors.api.purchases import PurchaseRead, purchase_of, told
from entremise.doors.api.told import Someone
from entremise.doors.api.types import PAGE, Cursor, Given, Limit, Numbered, Told
from entremise.kernel.refused import Refused

CLOSINGS = "closings"
Digest = Annotated[str, Field(max_length=64, pattern="^[0-9a-f]*$")]


class PartTold(Told):
    """What a household would receive of an article. too_dear: at a price that they would not pay."""

    article: UUID
    units: int
    price: int
    too_dear: bool


class HouseholdTold(Told):
    """What one household would receive, and what it would pay: cents."""

    person: Someone
    amount: int
    parts: list[PartTold]


class OutcomeTold(Told):
    """What would be ordered of an article. price null: not even the first tier is reached. short: units that no full
    box holds.
    """

    article: UUID
    price: int | None
    boxes: int
    units: int
    short: int


class ClosingTold(Told):
    """What would come of a purchase if it closed now. digest: of all of it; closing names it. enough: whether the
    threshold is reached. rows: a page of households; next: the cursor of the page after, null on the last.
    """

    digest: str
    enough: bool
    measured: int
    households: int
    units: int
    total: int
    outcomes: list[OutcomeTold]
    rows: list[HouseholdTold]
    next: str | None


class Close(Given):
    """seen: the digest of what was looked at."""

    seen: Digest


@asks("/purchases/{number}/closing", "purchases:read", answer=ClosingTold, summary="What would come of it now")
def preview_closing(request: HttpRequest, number: Numbered, cursor: Cursor = "", limit: Limit = PAGE) -> ClosingTold:
    """For the desk: every household's result, by the rules alone. Nothing is written."""
    only(request, *DESK)
    return _closing(purchase_of(request, number), pages.before(cursor, of=CLOSINGS), limit)


@tells("/purchases/{number}/closing", "purchases:write", answer=PurchaseRead, summary="Close it as it was seen")
def close_purchase(request: HttpRequest, number: Numbered, body: Close) -> PurchaseRead:
    """The price is fixed, and what each household receives. Is it something else by now, it is refused. What a large
    one came to is written down in the moments after: `closed_at` says when that is done.
    """
    purchase = buying.close_purchase(act=act_of(request), purchase=purchase_of(request, number), seen=body.seen)
    return told(found(bought.purchase(number=purchase.campaign.number)))


@tells("/purchases/{number}/failure", "purchases:write", answer=PurchaseRead, summary="End it below its threshold")
def fail_purchase(request: HttpRequest, number: Numbered) -> PurchaseRead:
    """Nobody pays, and everybody is free again."""
    only(request, *DESK)
    purchase = purchase_of(request, number)
    if bought.preview(purchase=purchase).enough:
        raise Refused("not_now", {"thing": "purchase", "state": purchase.campaign.state, "verb": "fail"})
    campaigns.fail(act=act_of(request), campaign=purchase.campaign)
    return told(purchase)


def _closing(purchase: Purchase, before: UUID | None, limit: int) -> ClosingTold:
    seen = bought.preview(purchase=purchase)
    closing = seen.closing
    parts = defaultdict[UUID, list[PartTold]](list)
    for part in closing.parts:
        told = PartTold(article=part.lot, units=part.units, price=part.price, too_dear=part.too_dear)
        parts[part.pledge].append(told)
    ids = [one.id for one in seen.pledges]
    first = ids.index(before) + 1 if before in ids else 0
    page, following = pages.split(seen.pledges[first : first + limit + 1], limit=limit, of=CLOSINGS)
    return ClosingTold(
        digest=seen.digest,
        enough=seen.enough,
        measured=seen.measured,
        households=closing.households,
        units=closing.units,
        total=closing.money,
        outcomes=[
            OutcomeTold(
                article=one.lot,
                price=one.tier.price if one.tier else None,
                boxes=one.boxes,
                units=one.units,
                short=one.short,
            )
            for one in closing.outcomes
        ],
        rows=[
            HouseholdTold(
                person=Someone.of(one.person),
                amount=sum(part.units * part.price for part in parts[one.id]),
                parts=parts[one.id],
            )
            for one in page
        ],
        next=following,
    )
