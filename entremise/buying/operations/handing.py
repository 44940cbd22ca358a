"""The hand-over: what each household really takes is billed, and nothing else."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from entremise.buying import queries
from entremise.buying.models import Parcel, ParcelLine, Purchase
from entremise.buying.operations.planning import alone
from entremise.buying.operations.telling import tell_parcel
from entremise.buying.rules.states import OPEN, PARCEL, PURCHASE
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Pledge
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice
from entremise.settlement.operations.accounts import pay_from_account
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.goods import bill_goods
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.rules.goods import AGENT, Sold


def hand_over(*, act: Act, parcel: Parcel, key: str, to: str = "", given: Mapping[UUID, int] | None = None) -> Parcel:
    """Somebody collects a parcel, and what they really take is billed to its household; what was set aside on their
    account pays it at once. to: who collects, when it is somebody else. given: units by article, when it is less than
    all of it. key: of the tick; the same one again changes nothing.

    Raises Refused("parcel_ended") when it was collected or left before, Refused("more_than_parcel"),
    Refused("nothing_given"), Refused("not_now") before it is ready, and what `bill_goods` raises.
    """
    require(act, Verb.PARCELS_HAND)
    _begin(parcel)
    if parcel.state == "collected" and parcel.key == key:
        return parcel
    if parcel.state in ("collected", "left"):
        raise Refused("parcel_ended", {"number": parcel.number})
    parcel.state, fact = PARCEL.step(parcel.state, "collect")
    lines = _taken(parcel, given)
    _handing(act, parcel.purchase)
    parcel.invoice = _bill(act, parcel, lines)
    ParcelLine.objects.bulk_update(lines, ["given"])
    parcel.to, parcel.key, parcel.ended_at = to.strip()[:120], key, act.at
    parcel.save(update_fields=["state", "to", "key", "invoice", "ended_at"])
    units, planned = sum(line.given or 0 for line in lines), sum(line.planned for line in lines)
    data = {"number": parcel.number, "units": units, "left": planned - units, "total": parcel.invoice.total}
    record(act=act, type=fact, thing="parcel", thing_id=parcel.id, data=data)
    return parcel


def leave_parcel(*, act: Act, parcel: Parcel, reason: str = "") -> Parcel:
    """Nobody came for it: it goes back to what may be offered again, and its household owes nothing. reason: needed
    before the day until which it is kept for them (`queries.kept_until`).

    Raises Refused("parcel_kept") before that day without one, Refused("parcel_ended") when it was collected.
    """
    require(act, Verb.PARCELS_HAND)
    _begin(parcel)
    if parcel.state == "left":
        return parcel
    if parcel.state == "collected":
        raise Refused("parcel_ended", {"number": parcel.number})
    until = queries.kept_until(purchase=parcel.purchase)
    if not reason.strip() and today(act) <= until:
        raise Refused("parcel_kept", {"until": f"{until:%d/%m/%Y}"}, where="reason")
    parcel.state, fact = PARCEL.step(parcel.state, "leave")
    _handing(act, parcel.purchase)
    lines = list(parcel.lines.all())
    ParcelLine.objects.filter(parcel=parcel).update(given=0)
    campaigns.release(act=act, pledges=[parcel.share.pledge])
    parcel.reason, parcel.ended_at = reason.strip()[:200], act.at
    parcel.save(update_fields=["state", "reason", "ended_at"])
    data = {"number": parcel.number, "units": sum(line.planned for line in lines)}
    record(act=act, type=fact, thing="parcel", thing_id=parcel.id, data=data)
    return parcel


def finish_purchase(*, act: Act, purchase: Purchase) -> Purchase:
    """Every parcel came to its end: the purchase and its campaign are over. Called again, nothing more happens.

    Raises Refused("parcels_left") while some wait.
    """
    require(act, Verb.CAMPAIGNS_CARRY)
    campaign = alone(purchase)
    if purchase.state == "finished":
        return purchase
    waiting = Parcel.objects.filter(purchase=purchase, state__in=OPEN).count()
    purchase.state, fact = PURCHASE.step(purchase.state, "finish")
    if waiting:
        raise Refused("parcels_left", {"count": waiting})
    campaigns.finish(act=act, campaign=campaign)
    purchase.save(update_fields=["state"])
    record(act=act, type=fact, thing="purchase", thing_id=purchase.id, data={"number": campaign.number})
    return purchase


def remind_parcel(*, act: Act, parcel: Parcel) -> Parcel:
    """Its last day is near and nobody has come: its household is reminded, once."""
    require(act, Verb.CAMPAIGNS_CARRY)
    _begin(parcel)
    if parcel.state != "ready" or parcel.reminded_at:
        return parcel
    lines = list(parcel.lines.all())
    units, amount = sum(line.planned for line in lines), sum(line.amount for line in lines)
    tell_parcel(act, parcel, "parcel_waiting", units=units, amount=amount)
    parcel.reminded_at = act.at
    parcel.save(update_fields=["reminded_at"])
    record(act=act, type="parcel_reminded", thing="parcel", thing_id=parcel.id, data={"number": parcel.number})
    return parcel


def _begin(parcel: Parcel) -> None:
    """As it is now, until the commit: one tick after the other, also from two telephones."""
    alone(parcel.purchase)
    parcel.refresh_from_db(fields=["state", "key", "to", "invoice", "reminded_at", "ended_at"])
    parcel.share.pledge.refresh_from_db(fields=["state"])


def _handing(act: Act, purchase: Purchase) -> None:
    """With the first parcel that comes to its end, what came is not counted anew any more."""
    if purchase.state == "handing":
        return
    purchase.state, fact = PURCHASE.step(purchase.state, "hand")
    purchase.save(update_fields=["state"])
    record(act=act, type=fact, thing="purchase", thing_id=purchase.id, data={"number": purchase.campaign.number})


def _taken(parcel: Parcel, given: Mapping[UUID, int] | None) -> list[ParcelLine]:
    lines = list(
        ParcelLine.objects.filter(parcel=parcel).select_related("article__lot").order_by("article__lot__place")
    )
    for line in lines:
        line.given = line.planned if given is None else given.get(line.article_id, 0)
        if not 0 <= line.given <= line.planned:
            raise Refused(
                "more_than_parcel",
                {"title": line.article.lot.title, "units": line.planned},
                where=f"units_{line.article_id}",
            )
    if not any(line.given for line in lines):
        raise Refused("nothing_given")
    return lines


def _bill(act: Act, parcel: Parcel, lines: Sequence[ParcelLine]) -> Invoice:
    """On the household's invoice, in our name or its supplier's; from their account, as far as it goes, at once."""
    purchase, pledge = parcel.purchase, parcel.share.pledge
    person = pledge.person
    wait_for(people=[person.id])  # Before the ledger's rows: whoever else bills or pays for them waits here.
    campaigns.charge(act=act, pledges=[pledge])
    agent = purchase.role == AGENT
    sold = [_sold(line, agent=agent) for line in lines if line.given]
    by_account = pledge.means == Pledge.Means.ACCOUNT
    total = sum(line.amount for line in sold)
    aside = min(total, max(0, free_on_account(person=person.id))) if by_account else 0
    invoice = bill_goods(
        act=act,
        client=person,
        title=purchase.campaign.title,
        lines=sold,
        role=purchase.role,
        supplier=purchase.supplier if agent else None,
        key=f"parcel:{parcel.id}",
        aside=aside,
    )
    if aside:
        pay_from_account(act=act, invoice=invoice, key=f"parcel:{parcel.id}")
    return invoice


def _sold(line: ParcelLine, *, agent: bool) -> Sold:
    units, article = line.given or 0, line.article
    ours = units * article.ours if agent else 0
    return Sold(article.lot.title, units, article.unit, line.price, article.vat_rate, ours)
