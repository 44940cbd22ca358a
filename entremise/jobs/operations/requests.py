from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement
from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.jobs.models import Activity, Mission, Request
from entremise.jobs.operations.holding import hold
from entremise.jobs.operations.interests import nobody_wanted
from entremise.jobs.operations.moves import call_off, end_if_over, move_request
from entremise.jobs.operations.notices import announce
from entremise.jobs.operations.owing import Said, Told, owe_all
from entremise.jobs.operations.quoting import lapse_quotes
from entremise.jobs.queries.calling_off import coming
from entremise.jobs.queries.people import visits_of
from entremise.jobs.queries.prices import Quote, quote
from entremise.jobs.rules.modes.registry import MODES, USUAL
from entremise.jobs.rules.pricing import Price
from entremise.jobs.rules.recurrence import check_rule
from entremise.jobs.rules.requests import REQUEST
from entremise.kernel.act import Act
from entremise.kernel.money import share
from entremise.kernel.refused import Refused
from entremise.market import operations as market
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.messaging.rules import Purpose
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require

LONGEST_VISIT = 12 * 60


def post_request(
    *,
    act: Act,
    client: Person,
    activity: Activity,
    starts_at: datetime,
    minutes: int,
    recurrence: str = "",
    note: str = "",
    slots: int = 1,
    where: market.Where | None = None,
    repeats: Request | None = None,
    import_key: str = "",
    quiet: bool = False,
    picked: bool = False,
    price: Quote | None = None,
    unsettled: str = "",
    claimed: bool = False,
    mode: str = USUAL,
    stands_in: Mission | None = None,
) -> Request:
    """Write down a client's need with the price of that day, and send them a note of it. Without one where whoever
    comes names it.

    minutes: of one visit. recurrence: RFC 5545, local. where: the client's home unless given. quiet: no note and not
    on the public list, for needs that were known before (an import), and may be over. picked: one person is asked
    first, so it is not on the list either. price: when it is known already. unsettled: their words, while the moment
    or the length is a guess. claimed: by a visitor, held back until `identify`. stands_in: whose visit somebody else
    does, at the price of its season.
    Raises Refused minutes_out_of_range, moment_past, activity_not_offered, no_tariff, recurrence_not_understood.
    """
    require(act, Verb.REQUESTS_POST, owner=client.id)
    _check(activity=activity, minutes=minutes, recurrence=recurrence, past=not quiet and starts_at <= act.at)
    if not (price or stands_in or MODES[mode].by_quote):
        price = quote(client=client, activity=activity, minutes=minutes, on=_local_day(client, starts_at))
    listing = market.publish(
        act=act,
        side="request",
        what=activity.code,
        title=activity.name,
        details=note,
        person=client,
        where=where or home_of(client),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        recurrence=recurrence,
        slots=slots,
        draft=claimed,
    )
    state, fact = REQUEST.step("", "claim" if claimed else "post")
    request = Request.objects.create(
        listing=listing,
        client=client,
        activity=activity,
        mode=mode,
        minutes=minutes,
        **(_columns_of(stands_in.request) if stands_in and not MODES[mode].by_quote else _columns(price)),
        note=note,
        unsettled=unsettled,
        state=state,
        repeats=repeats,
        stands_in=stands_in,
        import_key=import_key,
        **_posted(act),
    )
    data = {"number": listing.number, "activity": activity.code, "minutes": minutes, "price": request.price}
    record(act=act, type=fact, thing="request", thing_id=request.id, data=data)
    if not quiet:
        _tell(act, request, _credit_of(request, price), everybody=not (picked or claimed or request.by_quote))
    return request


def _posted(act: Act) -> dict[str, Any]:
    return {"posted_by": act.by.person, "posted_door": act.door.value, "posted_at": act.at}


def _check(*, activity: Activity, minutes: int, recurrence: str, past: bool) -> None:
    if not 15 <= minutes <= LONGEST_VISIT:
        raise Refused("minutes_out_of_range", {"minutes": minutes}, where="minutes")
    if not activity.offered:
        raise Refused("activity_not_offered", {"activity": activity.name}, where="activity")
    if recurrence:
        check_rule(recurrence)
    if past:
        raise Refused("moment_past", where="when")


def repeat(*, act: Act, request: Request, starts_at: datetime) -> Request:
    """« Refaire pareil »: the same job at another moment, at today's price."""
    listing = request.listing
    where = market.Where(listing.street, listing.place, listing.latitude, listing.longitude)
    return post_request(
        act=act,
        client=request.client,
        activity=request.activity,
        starts_at=starts_at,
        minutes=request.minutes,
        note=request.note,
        slots=listing.slots,
        where=where,
        repeats=request,
        mode=request.mode,
    )


def amend(*, act: Act, request: Request, starts_at: datetime, minutes: int, note: str) -> Request:
    """Other terms. Whoever was asked on the old ones is told that it changed, and may be asked again."""
    require(act, Verb.REQUESTS_POST, owner=request.client_id)
    if not 15 <= minutes <= LONGEST_VISIT:
        raise Refused("minutes_out_of_range", {"minutes": minutes}, where="minutes")
    if starts_at <= act.at:
        raise Refused("moment_past", where="day")
    hold(request=request)
    move_request(act=act, request=request, verb="amend")
    lapse_quotes(act=act, request=request)
    of_its_season = request.stands_in_id and minutes == request.minutes
    request.minutes, request.note, request.unsettled = minutes, note, ""
    request.save(update_fields=["minutes", "note", "unsettled"])
    messaging.finish_tasks_about(act=act, about_id=request.id, kind="web_request", outcome="settled")
    if not of_its_season:
        at_price_of(request, starts_at)
    asked = market.reschedule(
        act=act,
        listing=request.listing,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        details=note,
    )
    _tell_asked(act, request, asked, "job_changed")
    announce(act=act, request=request)
    return request


def at_price_of(request: Request, visit: datetime) -> None:
    """What is agreed from now on costs what it does on the day of this visit, or what whoever comes will name; what was
    agreed before keeps its own terms. Raises Refused("no_tariff").
    """
    client, price = request.client, None
    if not request.by_quote:
        day = _local_day(client, visit)
        price = quote(client=client, activity=request.activity, minutes=request.minutes, on=day)
    _put_price(request, price)


def forget_quoted_price(request: Request) -> None:
    """Somebody else is looked for: the price of whoever was to come binds nobody else."""
    if request.by_quote:
        _put_price(request, None)


def _put_price(request: Request, price: Quote | None) -> None:
    columns = _columns(price)
    for name, value in columns.items():
        setattr(request, name, value)
    request.save(update_fields=list(columns))


def _columns(price: Quote | None) -> dict[str, int]:
    """What a request holds of a price in cents; nothing while no quote was accepted."""
    if price is None:
        return {"price": 0, "hourly_price": 0, "hourly_wage": 0, "travel_fee": 0}
    return {
        "price": price.price.total,
        "hourly_price": price.hourly,
        "hourly_wage": price.wage,
        "travel_fee": price.travel_fee,
    }


def _columns_of(season: Request) -> dict[str, int]:
    """The same of what was agreed before."""
    return {name: getattr(season, name) for name in _columns(None)}


def _credit_of(request: Request, price: Quote | None) -> int:
    """Cents of the tax credit that the client may hope for."""
    if price:
        return price.price.credit
    agreement, on = request.stands_in and request.stands_in.agreement, request.posted_at.date()
    hoped = agreement and agreement.terms.get("tax_credit")
    return share(request.price, figures.table().at("home_service_credit_rate", on)) if hoped else 0


def cancel(*, act: Act, request: Request, reason: str = "", excuse: str = "", fee: int = 0) -> Request:
    """No longer wanted. Whoever said yes is told; hours already done stay.

    What the signed terms make due for its next visits is written down. fee: cents that whoever says it was told, in
    all; excuse: one of EXCUSES. Raises Refused("fee_changed") when more is due, ("waiver_needs_reason").
    """
    require(act, Verb.REQUESTS_CANCEL, owner=request.client_id)
    hold(request=request)
    visits = Mission.objects.filter(request=request, agreement__isnull=False)
    agreements.hold(agreements=visits.values_list("agreement", flat=True))
    fallen = coming(request=request, at=act.at)
    owed, told = owe_all(act=act, missions=fallen, said=Said(fee, reason, excuse))
    data: dict[str, object] = {"reason": reason[:200], "excuse": excuse, "fee": owed}
    move_request(act=act, request=request, verb="cancel", data=data)
    promised = Mission.objects.filter(request=request, state__in=["agreed", "ready"], agreement__isnull=False)
    for agreement in Agreement.objects.filter(id__in=promised.values("agreement")):
        call_off(act=act, agreement=agreement, verb="cancel", since=act.at)
    nobody_wanted(act=act, request=request, template="job_cancelled")
    lapse_quotes(act=act, request=request)
    asked = market.close(act=act, listing=request.listing)
    # Somebody who does not go on may still have had visits to come.
    before = Proposal.objects.filter(id__in={visit.proposal_id for visit in fallen}, state="withdrawn")
    others = before.exclude(person__in=[one.person_id for one in asked if one.state == "accepted"])
    _tell_asked(act, request, [*asked, *others.select_related("person")], "job_cancelled", told)
    messaging.finish_tasks_about(act=act, about_id=request.id, outcome="cancelled")
    return request


def _tell_asked(
    act: Act, request: Request, asked: Sequence[Proposal], template: str, told: Mapping[UUID, Told] | None = None
) -> None:
    """The offer that went out to these people is over; whoever never heard of it hears nothing. told: what each of them
    is paid or owed for visits that fall late.
    """
    for proposal in asked:
        if messaging.recall(act=act, key=f"proposal:{proposal.id}") and proposal.state == "too_late":
            continue
        theirs = (told or {}).get(proposal.person_id, Told())
        messaging.queue(
            act=act,
            person=proposal.person,
            template=template,
            context={"request": request, "listing": request.listing, "paid": theirs.paid, "owed": theirs.owed},
            key=f"{template}:{proposal.id}",
            about="request",
            about_id=request.id,
        )


def give_up(*, act: Act, request: Request) -> Request:
    """Nobody could go. The caller is told, and the need stays on record: unmet need is data."""
    require(act, Verb.REQUESTS_CANCEL)
    hold(request=request)
    return found_nobody(act=act, request=request)


def found_nobody(*, act: Act, request: Request) -> Request:
    """The same, where nobody has to decide it: the only person wanted said no."""
    move_request(act=act, request=request, verb="give_up")
    nobody_wanted(act=act, request=request, template="job_cancelled")
    lapse_quotes(act=act, request=request)
    _tell_asked(act, request, market.close(act=act, listing=request.listing), "job_cancelled")
    messaging.queue(
        act=act,
        person=request.client,
        template="request_unmet",
        context={"request": request, "listing": request.listing},
        key=f"unmet:{request.id}",
        about="request",
        about_id=request.id,
    )
    messaging.finish_tasks_about(act=act, about_id=request.id, outcome="unmet")
    return request


def _local_day(client: Person, moment: datetime) -> date:
    return moment.astimezone(ZoneInfo(client.organisation.timezone)).date()


def _tell(act: Act, request: Request, credit: int, *, everybody: bool) -> None:
    """The client gets a note of what they asked for; everybody reads what may be read of it."""
    messaging.queue(
        act=act,
        person=request.client,
        template="request_for_quotes" if request.by_quote else "request_noted",
        context={"request": request, "listing": request.listing, "price": Price((), request.price, credit)},
        key=f"noted:{request.id}",
        purpose=Purpose.ANSWER,
        about="request",
        about_id=request.id,
    )
    if everybody:
        announce(act=act, request=request)


def home_of(client: Person) -> market.Where:
    """Where a client lives, as far as it is known."""
    place = client.place
    home = market.Where(client.street, place, client.latitude, client.longitude)
    if home.latitude is None and place:
        # The middle of the commune: near enough to say who lives close by.
        return replace(home, latitude=place.latitude, longitude=place.longitude)
    return home


def close_if_over(*, act: Act, mission: Mission) -> None:
    """After a visit: the agreement ends with the last that it promised, the request with the last there is."""
    if mission.agreement:
        end_if_over(act=act, agreement=mission.agreement)
    finish_if_over(act=act, request=Request.objects.select_related("listing").get(id=mission.request_id))


def finish_if_over(*, act: Act, request: Request) -> None:
    """A request of which every visit has its hours, or nobody came to, is done, unless it comes back."""
    open_ones = Mission.objects.filter(request=request, state__in=["agreed", "ready"])
    if request.state == "filled" and not open_ones.exists() and not _comes_back(act, request):
        if Mission.objects.filter(request=request).exclude(state="cancelled").exists():
            move_request(act=act, request=request, verb="finish")
        else:
            move_request(act=act, request=request, verb="cancel")
            market.close(act=act, listing=request.listing)


def _comes_back(act: Act, request: Request) -> bool:
    return bool(request.listing.recurrence) and visits_of(request, after=act.at)[0].start > act.at
