"""A group purchase from its plan to what each household wants; pledges and their money are those of campaigns."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.buying import queries
from entremise.buying.models import Article, Purchase
from entremise.buying.rules.filling import Wanted, helps_to_fill
from entremise.buying.rules.states import PURCHASE
from entremise.buying.rules.tiers import Tier, in_order
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign, Pledge
from entremise.campaigns.operations import LotDraft, Said, Terms
from entremise.campaigns.queries import lots_of
from entremise.campaigns.rules import Wish
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.settlement.operations.accounts import set_aside
from entremise.tenancy.queries import here

KIND = "buying"


@dataclass(frozen=True)
class ArticleDraft:
    """One thing on offer. tiers: see `Article`. capacity: units there are; None for as many as people want."""

    title: str
    unit: str
    tiers: Sequence[Tier]
    vat_rate: Decimal
    size: int = 1
    measure: str = "boxes"
    ours: int = 0
    carriage: int = 0
    capacity: int | None = None


@dataclass(frozen=True)
class Plan:
    """where: as people know the place. handed_from, handed_until: the days between which it is handed over."""

    role: str
    pays: str
    where: str
    handed_from: date
    handed_until: date
    articles: Sequence[ArticleDraft]
    about: str = ""
    strategy: str = "queue"
    supplier: Person | None = None
    organiser: Person | None = None


def plan(*, act: Act, terms: Terms, plan: Plan) -> Purchase:
    """Write a purchase down, with its campaign; nobody sees it yet.

    Raises Refused("nothing_on_offer"), Refused("tiers_wrong") for tiers that do not get cheaper, Refused("price_parts")
    when what goes to us and to the transport is more than the lowest price, Refused("handed_over_early") before the
    campaign is over, and what `campaigns.draft` raises.
    """
    for article in plan.articles:
        _check(article)
    if not plan.articles:
        raise Refused("nothing_on_offer")
    closes = terms.closes_at.astimezone(ZoneInfo(here().timezone)).date()  # As clocks in town show it.
    if plan.handed_from < closes or plan.handed_until < plan.handed_from:
        raise Refused("handed_over_early", where="handed_from")
    lots = [LotDraft(article.title, article.capacity) for article in plan.articles]
    campaign = campaigns.draft(act=act, kind=KIND, terms=terms, lots=lots, organiser=plan.organiser)
    state, fact = PURCHASE.step("", "plan")
    purchase = Purchase.objects.create(
        campaign=campaign,
        state=state,
        supplier=plan.supplier,
        role=plan.role,
        pays=plan.pays,
        strategy=plan.strategy,
        about=plan.about,
        where=plan.where,
        handed_from=plan.handed_from,
        handed_until=plan.handed_until,
    )
    Article.objects.bulk_create(
        _article(purchase, lot.id, draft)
        for lot, draft in zip(lots_of(campaign=campaign.id), plan.articles, strict=True)
    )
    record(act=act, type=fact, thing="purchase", thing_id=purchase.id, data={"number": campaign.number})
    return purchase


@dataclass(frozen=True)
class Wants:
    """What a household wants of an article. ceiling: the most it would pay for a unit, minor units."""

    article: Article
    quantity: int
    tolerance: int
    ceiling: int


def order(
    *, act: Act, purchase: Purchase, person: Person, wants: Sequence[Wants], means: str, budget: int | None = None
) -> Pledge:
    """A household says what it wants, in place of what it said before; nothing is paid. means: of `Pledge.Means`; what
    is on their account is set aside for it.

    Raises Refused("ceiling_too_low") below the lowest price there can be, Refused("not_enough") for more than is on
    their account, and what `campaigns.pledge` raises.
    """
    wanted = [one for one in wants if one.quantity or one.tolerance]
    for one in wanted:
        lowest = min(price for _, price in one.article.tiers)
        if one.ceiling < lowest:
            raise Refused("ceiling_too_low", {"price": lowest, "title": one.article.lot.title}, where="ceiling")
    wishes = [Wish(one.article.lot_id, one.quantity, one.tolerance, one.ceiling) for one in wanted]
    sizes = {article.lot_id: article.size for article in queries.articles_of(purchase=purchase.id)}

    def hold(amount: int) -> UUID:
        return set_aside(act=act, person=person, amount=amount, key=f"aside:{new_id()}", cause_id=purchase.id)

    def helps(lot: UUID, before: Wish[UUID], after: Wish[UUID]) -> bool:
        now, then = (Wanted(wish.quantity, wish.tolerance) for wish in (before, after))
        return helps_to_fill(size=sizes[lot], before=now, after=then)

    return campaigns.pledge(
        act=act,
        campaign=purchase.campaign,
        person=person,
        said=Said(wishes, means, budget),
        hold=hold if means == Pledge.Means.ACCOUNT else None,
        helps=helps,
    )


def alone(purchase: Purchase) -> Campaign:
    """One at a time takes it further: its campaign is locked until the commit."""
    list(Campaign.objects.select_for_update(no_key=True).filter(id=purchase.campaign_id).values_list("id"))
    purchase.refresh_from_db()
    return purchase.campaign


def _check(article: ArticleDraft) -> None:
    try:
        steps = in_order(article.tiers)
    except ValueError:
        steps = []
    if not steps or steps[0].at_least < 1 or steps[-1].price < 1:
        raise Refused("tiers_wrong", {"title": article.title}, where="tiers")
    if article.ours + article.carriage > steps[-1].price:
        raise Refused("price_parts", {"title": article.title}, where="ours")
    if article.size < 1:
        raise Refused("size_wrong", {"title": article.title}, where="size")


def _article(purchase: Purchase, lot: UUID, draft: ArticleDraft) -> Article:
    return Article(
        purchase=purchase,
        lot_id=lot,
        unit=draft.unit,
        size=draft.size,
        measure=draft.measure,
        tiers=[[tier.at_least, tier.price] for tier in in_order(draft.tiers)],
        vat_rate=draft.vat_rate,
        ours=draft.ours,
        carriage=draft.carriage,
    )
