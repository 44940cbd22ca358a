"""A campaign from its draft to its end, and the pledges in it. What is bought and how it is paid is not known here."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.db.models import F, Sum

from entremise.campaigns import queries, rules
from entremise.campaigns.models import Campaign, Lot, Pledge, PledgeLine, PledgeStep
from entremise.campaigns.rules import LIVE, Wish, step_to
from entremise.history.operations import record, record_many
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.people.models import Person
from entremise.people.operations.waiting import wait_for
from entremise.people.rules.may import Verb, require
from entremise.tenancy.operations import next_number

FIRST_NUMBER = 100  # Said aloud and texted back, like those of listings.

# All that is wanted of a lot before and after a change: whether it helps, once only that is taken.
Helps = Callable[[UUID, Wish[UUID], Wish[UUID]], bool]


@dataclass(frozen=True)
class LotDraft:
    """capacity: units there are; None for as many as people want."""

    title: str
    capacity: int | None = None


@dataclass(frozen=True)
class Terms:
    """threshold: in the measure's own unit (pledges, units, minor units). fills_at: when only what helps is taken."""

    title: str
    measure: str
    threshold: int
    opens_at: datetime
    closes_at: datetime
    fills_at: datetime | None = None


def draft(*, act: Act, kind: str, terms: Terms, lots: Sequence[LotDraft], organiser: Person | None = None) -> Campaign:
    """Write a campaign down under a new short number; nobody sees it yet. kind: the service's own word.

    Raises Refused("window_wrong") for a window that ends before it begins, or a filling time outside of it.
    """
    require(act, Verb.CAMPAIGNS_RUN, owner=organiser.id if organiser else None)
    if terms.closes_at <= terms.opens_at:
        raise Refused("window_wrong", where="closes_at")
    if terms.fills_at and not terms.opens_at < terms.fills_at < terms.closes_at:
        raise Refused("window_wrong", where="fills_at")
    state, fact = rules.CAMPAIGN.step("", "draft")
    campaign = Campaign.objects.create(
        number=FIRST_NUMBER + next_number(series="campaign"),
        kind=kind,
        organiser=organiser,
        title=terms.title,
        state=state,
        measure=terms.measure,
        threshold=terms.threshold,
        opens_at=terms.opens_at,
        fills_at=terms.fills_at,
        closes_at=terms.closes_at,
    )
    Lot.objects.bulk_create(
        Lot(campaign=campaign, place=place, title=lot.title, capacity=lot.capacity)
        for place, lot in enumerate(lots, start=1)
    )
    _record(act, campaign, fact)
    return campaign


def open_campaign(*, act: Act, campaign: Campaign) -> Campaign:
    """Pledges are taken from its opening on. Raises Refused("campaign_over") when it would close before now."""
    if campaign.closes_at <= act.at:
        raise Refused("campaign_over", {"number": campaign.number})
    return _move(act, campaign, "open")


def begin_filling(*, act: Act, campaign: Campaign) -> Campaign:
    """From now on only what helps the whole is taken."""
    return _move(act, campaign, "fill")


def shut(*, act: Act, campaign: Campaign) -> Campaign:
    """Its time is over: what was pledged stays as it is. Raises Refused("campaign_still_open") before that."""
    if act.at < campaign.closes_at:
        raise Refused("campaign_still_open", {"number": campaign.number})
    return _move(act, campaign, "shut")


def tip(*, act: Act, campaign: Campaign) -> Campaign:
    """It is enough: it will be done."""
    return _move(act, campaign, "tip")


def fail(*, act: Act, campaign: Campaign) -> Campaign:
    """It is not enough: nobody gives anything. The pledges are released one chunk after the other (`release`)."""
    return _move(act, campaign, "fail")


def call_off(*, act: Act, campaign: Campaign, reason: str) -> Campaign:
    """Nothing comes of it, for a reason that everybody is told. Raises Refused("reason_needed")."""
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    campaign.reason = reason.strip()[:200]
    return _move(act, campaign, "call_off")


def commit(*, act: Act, campaign: Campaign) -> Campaign:
    """Something was ordered in its name: from now on it is not called off."""
    return _move(act, campaign, "commit")


def finish(*, act: Act, campaign: Campaign) -> Campaign:
    """All of it was done and paid."""
    return _move(act, campaign, "finish")


@dataclass(frozen=True)
class Said:
    """What a household says: what it wants, how it will pay (`Pledge.Means`), and the most it may come to, in minor
    units, when it set a limit.
    """

    wishes: Sequence[Wish[UUID]]
    means: str
    budget: int | None = None

    @property
    def wanted(self) -> dict[UUID, Wish[UUID]]:
        return {wish.lot: wish for wish in self.wishes if wish.quantity or wish.tolerance}

    @property
    def at_most(self) -> int:
        return sum(wish.at_most for wish in self.wishes)


def pledge(
    *,
    act: Act,
    campaign: Campaign,
    person: Person,
    said: Said,
    hold: Callable[[int], UUID] | None = None,
    helps: Helps | None = None,
) -> Pledge:
    """What a household wants, in place of what it wanted before; lots that are not named are not wanted any more.

    hold: sets minor units aside for it, and names their entry. helps: asked once only what helps is taken.
    Raises Refused("campaign_not_open"), Refused("campaign_over"), Refused("nothing_wanted"), Refused("over_budget"),
    Refused("lot_taken") for more than there is left, Refused("does_not_help").
    """
    require(act, Verb.PLEDGES_MAKE, owner=person.id)
    _check(said)
    filling = _taking(act, campaign)
    wait_for(people=[person.id])
    row = queries.pledge_of(campaign=campaign.id, person=person.id)
    state, fact = rules.PLEDGE.step(row.state if row else "", "change" if row else "pledge")
    row = row or Pledge(campaign=campaign, person=person, made_at=act.at)
    before, wanted = queries.wishes_of(pledges=[row.id])[row.id], said.wanted
    if filling:
        _must_help(campaign, before, wanted, helps)
    if row.entry:
        ledger.release(key=f"pledge:{row.entry}:free", at=act.at, entry=row.entry)
    row.state, row.means, row.at_most, row.budget = state, said.means, said.at_most, said.budget
    row.entry = hold(said.at_most) if hold else None
    row.save()
    _want(act, row, before, wanted)
    data = {"number": campaign.number, "at_most": said.at_most, "means": said.means}
    record(act=act, type=fact, thing="pledge", thing_id=row.id, data=data)
    return row


def _check(said: Said) -> None:
    if not any(wish.quantity for wish in said.wishes):
        raise Refused("nothing_wanted")
    if said.budget is not None and said.at_most > said.budget:
        raise Refused("over_budget", {"at_most": said.at_most, "budget": said.budget}, where="budget")


def withdraw(*, act: Act, pledge: Pledge) -> Pledge:
    """They want nothing any more, while pledges may change. Raises like `pledge`."""
    require(act, Verb.PLEDGES_MAKE, owner=pledge.person_id)
    if _taking(act, pledge.campaign):
        raise Refused("does_not_help", {"number": pledge.campaign.number})
    wait_for(people=[pledge.person_id])
    pledge.refresh_from_db()
    _end(act, [pledge], "withdraw")
    return pledge


def confirm(*, act: Act, pledges: Sequence[Pledge]) -> int:
    """They are of what will be done. Returns how many were not before."""
    require(act, Verb.CAMPAIGNS_CARRY)
    return _end(act, pledges, "confirm")


def charge(*, act: Act, pledges: Sequence[Pledge]) -> int:
    """What they gave is ours to use; what was held for it is asked for in its own way from now on."""
    require(act, Verb.CAMPAIGNS_CARRY)
    return _end(act, pledges, "charge")


def drop(*, act: Act, pledges: Sequence[Pledge]) -> int:
    """They did not pay within the time they had."""
    require(act, Verb.CAMPAIGNS_CARRY)
    return _end(act, pledges, "drop")


def release(*, act: Act, pledges: Sequence[Pledge]) -> int:
    """They owe nothing: what was held is free again. Returns how many were released; the others were before."""
    require(act, Verb.CAMPAIGNS_CARRY)
    return _end(act, pledges, "release")


def _taking(act: Act, campaign: Campaign) -> bool:
    """Whether only what helps is taken. Until the commit nobody may shut it; once only what helps is taken, one pledge
    follows the other.
    """
    filling = campaign.fills_at is not None and campaign.fills_at <= act.at
    if filling:
        list(Campaign.objects.select_for_update(no_key=True).filter(id=campaign.id).values_list("id"))
    elif connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(Campaign._meta.db_table)
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [campaign.id])
    campaign.refresh_from_db(fields=["state", "opens_at", "closes_at"])
    if campaign.state not in rules.TAKING or act.at < campaign.opens_at:
        over = campaign.state != "draft" and act.at >= campaign.opens_at
        raise Refused("campaign_over" if over else "campaign_not_open", {"number": campaign.number})
    if act.at >= campaign.closes_at:
        raise Refused("campaign_over", {"number": campaign.number})
    return filling


def _must_help(
    campaign: Campaign, before: Mapping[UUID, Wish[UUID]], wanted: Mapping[UUID, Wish[UUID]], helps: Helps | None
) -> None:
    totals: defaultdict[UUID, list[int]] = defaultdict(lambda: [0, 0])
    for one in queries.asked(campaign=campaign.id):
        totals[one.lot][0] += one.quantity
        totals[one.lot][1] += one.tolerance
    for lot in {*before, *wanted}:
        quantity, tolerance = totals[lot]
        more, others = step_to(before=_wish(before, lot), after=_wish(wanted, lot))
        now, then = Wish(lot, quantity, tolerance, 0), Wish(lot, quantity + more, tolerance + others, 0)
        if now != then and not (helps and helps(lot, now, then)):
            raise Refused("does_not_help", {"number": campaign.number})


def _want(act: Act, pledge: Pledge, before: Mapping[UUID, Wish[UUID]], wanted: Mapping[UUID, Wish[UUID]]) -> None:
    """Lots in the order of their ids, so that two pledges queue for them and do not wait for each other."""
    for lot in sorted({*before, *wanted}):
        now, then = _wish(before, lot), _wish(wanted, lot)
        if now == then:
            continue
        more, others = step_to(before=now, after=then)
        _take(lot, more)
        changed = {"quantity": then.quantity, "tolerance": then.tolerance, "ceiling": then.ceiling}
        line, _ = PledgeLine.objects.update_or_create(pledge=pledge, lot_id=lot, defaults=changed)
        if more or others:
            PledgeStep.objects.create(line=line, quantity=more, tolerance=others, at=act.at)


def _wish(of: Mapping[UUID, Wish[UUID]], lot: UUID) -> Wish[UUID]:
    return of.get(lot) or Wish(lot, 0, 0, 0)


def _take(lot: UUID, units: int) -> None:
    """Of a capacity: one statement that takes them only while they are there."""
    if not units:
        return
    bounded = Lot.objects.filter(id=lot, capacity__isnull=False)
    taken = bounded.filter(taken__lte=F("capacity") - units).update(taken=F("taken") + units)
    if not taken:
        full = bounded.first()
        if full:
            raise Refused("lot_taken", {"title": full.title, "units": (full.capacity or 0) - full.taken})


def _end(act: Act, pledges: Sequence[Pledge], verb: str) -> int:
    """Take each of these one step on, if it was not taken there before."""
    moved: defaultdict[str, list[Pledge]] = defaultdict(list)
    for pledge in pledges:
        state, fact = rules.PLEDGE.step(pledge.state, verb)
        ended = act.at if state not in LIVE else None
        if Pledge.objects.filter(id=pledge.id, state=pledge.state).update(state=state, ended_at=ended):
            pledge.state, pledge.ended_at = state, ended
            moved[fact].append(pledge)
    for fact, rows in moved.items():
        record_many(act=act, type=fact, thing="pledge", data={one.id: {} for one in rows})
    through = [one for rows in moved.values() for one in rows]
    for one in through:
        if one.entry and one.state != "confirmed":
            ledger.release(key=f"pledge:{one.entry}:free", at=act.at, entry=one.entry)
    _give_back([one for one in through if one.state not in LIVE])
    return len(through)


def _give_back(pledges: Sequence[Pledge]) -> None:
    """Units of a capacity that they had taken are there for others."""
    lines = PledgeLine.objects.filter(pledge__in=pledges, lot__capacity__isnull=False)
    for lot, units in sorted(lines.values_list("lot").annotate(units=Sum("quantity"))):
        Lot.objects.filter(id=lot).update(taken=F("taken") - units)


def _move(act: Act, campaign: Campaign, verb: str) -> Campaign:
    carried = verb in ("fill", "shut", "fail", "finish")
    require(act, Verb.CAMPAIGNS_CARRY if carried else Verb.CAMPAIGNS_RUN, owner=campaign.organiser_id)
    list(Campaign.objects.select_for_update(no_key=True).filter(id=campaign.id).values_list("id"))
    reason = campaign.reason
    campaign.refresh_from_db()
    campaign.state, fact = rules.CAMPAIGN.step(campaign.state, verb)
    campaign.reason = reason
    if campaign.state in ("tipped", *rules.ENDED):
        campaign.ended_at = act.at
    campaign.save(update_fields=["state", "reason", "ended_at"])
    _record(act, campaign, fact)
    return campaign


def _record(act: Act, campaign: Campaign, fact: str) -> None:
    record(act=act, type=fact, thing="campaign", thing_id=campaign.id, data={"number": campaign.number})
