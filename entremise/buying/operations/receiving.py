"""What really came, and what the supplier bills: kept apart from what was ordered, and shared out anew."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from entremise.buying.models import Parcel, ParcelLine, Purchase, SupplyLine
from entremise.buying.operations.planning import alone
from entremise.buying.operations.telling import tell_household, tell_parcel
from entremise.buying.rules.states import OPEN, ORDERED, PARCEL, PURCHASE
from entremise.buying.rules.supplying import share_again
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as campaign_queries
from entremise.history.operations import record, record_many
from entremise.kernel import chain
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.debits import today

MOST = 1_000_000  # Units of one article: beyond, somebody mistyped.


def receive_supply(*, act: Act, purchase: Purchase, received: Mapping[UUID, int], complete: bool = True) -> Purchase:
    """What is here of each article in all, in units, by its id. complete: nothing more comes, so it is shared out by
    the rule of the purchase: who asked first, or fairly, and nobody more than they said that they would take. Parcels
    become ready and their households are told; who receives nothing after all is told too, and owes nothing.

    It may be counted anew until the first parcel is collected. Raises Refused("units_needed") for an article that
    nobody counted, Refused("too_many_units"), and Refused("not_now") once parcels were handed over.
    """
    require(act, Verb.CAMPAIGNS_RUN)
    campaign = alone(purchase)
    purchase.state, fact = PURCHASE.step(purchase.state, "receive" if complete else "receive_part")
    lines = _counted(purchase, received)
    for line in lines:
        line.received = received[line.article_id]
    SupplyLine.objects.bulk_update(lines, ["received"])
    purchase.save(update_fields=["state"])
    data = {"number": campaign.number, "units": sum(received[line.article_id] for line in lines)}
    record(act=act, type=fact, thing="purchase", thing_id=purchase.id, data=data)
    if complete:
        _share_out(act, purchase, received)
    return purchase


def set_handover(*, act: Act, purchase: Purchase, where: str, first: date, last: date) -> Purchase:
    """Where and when it is really handed over: a delivery may be late. Whose parcel is ready reads it anew.

    Raises Refused("place_needed"), Refused("handed_over_past") for a last day before the first or before today, and
    Refused("not_now") once it is over.
    """
    require(act, Verb.CAMPAIGNS_RUN)
    campaign = alone(purchase)
    if purchase.state not in ("closed", *ORDERED) or purchase.state == "finished":
        raise Refused("not_now", {"thing": "purchase", "state": purchase.state, "verb": "move"})
    where = where.strip()[:120]
    if not where:
        raise Refused("place_needed", where="where")
    if last < first or last < today(act):
        raise Refused("handed_over_past", where="last")
    if (purchase.where, purchase.handed_from, purchase.handed_until) == (where, first, last):
        return purchase
    purchase.where, purchase.handed_from, purchase.handed_until = where, first, last
    purchase.save(update_fields=["where", "handed_from", "handed_until"])
    data = {"number": campaign.number, "first": first.isoformat(), "last": last.isoformat()}
    record(act=act, type="handover_moved", thing="purchase", thing_id=purchase.id, data=data)
    ready = _parcels(purchase, states=("ready",))
    for parcel in ready:
        _tell_ready(act, parcel)
    Parcel.objects.filter(id__in=[one.id for one in ready]).update(reminded_at=None)
    return purchase


def note_billed(*, act: Act, purchase: Purchase, billed: Mapping[UUID, int]) -> Purchase:
    """Units of each article on the supplier's bill, by its id: to be compared with what came, and nothing else.

    Raises like `receive_supply`.
    """
    require(act, Verb.CAMPAIGNS_RUN)
    campaign = alone(purchase)
    if purchase.state not in ORDERED:
        raise Refused("not_now", {"thing": "purchase", "state": purchase.state, "verb": "bill"})
    lines = _counted(purchase, billed)
    for line in lines:
        line.billed = billed[line.article_id]
    SupplyLine.objects.bulk_update(lines, ["billed"])
    data = {"number": campaign.number, "units": sum(billed[line.article_id] for line in lines)}
    record(act=act, type="supply_billed", thing="purchase", thing_id=purchase.id, data=data)
    return purchase


def _counted(purchase: Purchase, units: Mapping[UUID, int]) -> list[SupplyLine]:
    lines = list(SupplyLine.objects.filter(purchase=purchase).select_related("article__lot").order_by("id"))
    for line in lines:
        counted, where = units.get(line.article_id), f"units_{line.article_id}"
        if counted is None or counted < 0:
            raise Refused("units_needed", {"title": line.article.lot.title}, where=where)
        if counted > MOST:
            raise Refused("too_many_units", {"title": line.article.lot.title}, where=where)
    return lines


def _share_out(act: Act, purchase: Purchase, received: Mapping[UUID, int]) -> None:
    parcels = _parcels(purchase, states=OPEN)
    lines = [line for parcel in parcels for line in parcel.lines.all()]
    by_id = {parcel.id: parcel for parcel in parcels}
    given = _given(purchase, lines, by_id, received)
    changed = set()
    for line in lines:
        units = given[line.article.lot_id][by_id[line.parcel_id].share.pledge_id]
        if units != line.planned:
            line.planned = units
            changed.add(line.parcel_id)
    ParcelLine.objects.bulk_update(lines, ["planned"], batch_size=500)
    for parcel in parcels:
        _put_aside(act, parcel, changed=parcel.id in changed)
    Parcel.objects.bulk_update(parcels, ["state", "ended_at"], batch_size=500)
    _record(act, parcels)
    campaigns.release(act=act, pledges=[one.share.pledge for one in parcels if one.state == "void"])


def _parcels(purchase: Purchase, *, states: Collection[str]) -> list[Parcel]:
    rows = Parcel.objects.filter(purchase=purchase, state__in=states)
    rows = rows.select_related("share__pledge__person", "purchase__campaign", "purchase__organisation")
    return list(rows.prefetch_related("lines__article").order_by("number"))


def _given(
    purchase: Purchase, lines: Sequence[ParcelLine], parcels: Mapping[UUID, Parcel], received: Mapping[UUID, int]
) -> dict[UUID, Counter[UUID]]:
    takers: dict[UUID, list[UUID]] = {}
    for line in lines:
        takers.setdefault(line.article.lot_id, []).append(parcels[line.parcel_id].share.pledge_id)
    return share_again(
        queue=campaign_queries.queue_of(campaign=purchase.campaign_id),
        takers=takers,
        received={line.article.lot_id: received[line.article_id] for line in lines},
        strategy=purchase.strategy,
    )


def _put_aside(act: Act, parcel: Parcel, *, changed: bool) -> None:
    """Ready, and its household told, once for each content; or empty."""
    units, before = sum(line.planned for line in parcel.lines.all()), parcel.state
    parcel.state, _fact = PARCEL.step(parcel.state, "fill" if units else "empty")
    if not units:
        parcel.ended_at = act.at
        tell_household(act, parcel.purchase, parcel.share.pledge, "parcel_void")
    elif before == "waiting" or changed:
        _tell_ready(act, parcel)


def _tell_ready(act: Act, parcel: Parcel) -> None:
    """Once for the same content, place and days."""
    lines, purchase = list(parcel.lines.all()), parcel.purchase
    content = "-".join(str(line.planned) for line in lines)
    said = [purchase.where, purchase.handed_from.isoformat(), purchase.handed_until.isoformat()]
    place = chain.link("", chain.canonical(said))[:12]
    units, amount = sum(line.planned for line in lines), sum(line.amount for line in lines)
    tell_parcel(act, parcel, "parcel_ready", units=units, amount=amount, again=f":{content}:{place}")


def _record(act: Act, parcels: Sequence[Parcel]) -> None:
    for fact, state in (("parcel_ready", "ready"), ("parcel_void", "void")):
        data = {one.id: {"number": one.number} for one in parcels if one.state == state}
        record_many(act=act, type=fact, thing="parcel", data=data)
