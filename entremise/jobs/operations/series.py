"""One visit of a recurring job that differs: skipped, kept on a holiday, moved, or done by somebody else."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.history.operations import record
from entremise.jobs.models import Absence, DayException, Mission, Request, TakenQuarter, Worker
from entremise.jobs.operations.calling_off import cancel_mission
from entremise.jobs.operations.holding import hold, hold_visit
from entremise.jobs.operations.moves import end_if_over, move_mission, take
from entremise.jobs.operations.owing import Said, check_whole
from entremise.jobs.operations.requests import post_request
from entremise.jobs.queries.calling_off import calling_off
from entremise.jobs.queries.orders import order_of
from entremise.jobs.queries.people import judge, mode_of, need_of
from entremise.jobs.queries.series import is_visit_day, replacement_of, visits_on
from entremise.jobs.rules.limits import AROUND
from entremise.jobs.rules.modes.clauses import slot
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window
from entremise.market.operations import Where
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require


def skip(*, act: Act, request: Request, day: date, reason: str = "", excuse: str = "", fee: int = 0) -> DayException:
    """Nobody comes that day; every other visit stands. What was agreed for it is called off, by its terms. fee: cents
    that whoever says it was told, in all.

    Raises Refused("not_a_visit_day"), ("moment_past"), and what `cancel_mission` raises.
    """
    require(act, Verb.REQUESTS_CANCEL, owner=request.client_id)
    hold(request=request)
    _check_day(act, request, day)
    visits = visits_on(request=request, day=day)
    check_whole(calling_off(missions=visits, at=act.at), Said(fee, reason, excuse))
    for mission in visits:
        cancel_mission(act=act, mission=mission, reason=reason, excuse=excuse, fee=fee)
    row = _except(request, day, kept=False)
    record(act=act, type="visit_skipped", thing="request", thing_id=request.id, data=_said(request, day))
    return row


def keep(*, act: Act, request: Request, day: date) -> DayException:
    """Somebody comes although it is a public holiday: the client was asked.

    Raises Refused("not_a_visit_day"), once nobody comes that day, and ("moment_past").
    """
    require(act, Verb.REQUESTS_POST, owner=request.client_id)
    hold(request=request)
    _check_day(act, request, day)
    if DayException.objects.filter(request=request, day=day, kept=False).exists():
        raise Refused("not_a_visit_day", {"day": day}, where="day")
    row = _except(request, day, kept=True)
    record(act=act, type="visit_kept", thing="request", thing_id=request.id, data=_said(request, day))
    return row


def move_visit(*, act: Act, mission: Mission, starts_at: datetime) -> Mission:
    """This one visit at another moment, after both were asked; both are told. Its contract goes on as it is; another
    order of the visits to come replaces the one before.

    Raises Refused("moment_past"), ("outside_contract") beyond its days, ("move_blocked") when a rule stands against it.
    """
    require(act, Verb.MISSIONS_AGREE)
    hold_visit(mission=mission)
    zone = ZoneInfo(mission.organisation.timezone)
    window = Window.lasting(starts_at, Window(mission.starts_at, mission.ends_at).minutes)
    if starts_at <= act.at:
        raise Refused("moment_past", where="day")
    agreement, day = mission.agreement, starts_at.astimezone(zone).date()
    if agreement and not agreement.starts_on <= day <= agreement.ends_on:
        raise Refused("outside_contract", {"first": agreement.starts_on, "last": agreement.ends_on}, where="day")
    _check_free(mission, window)
    before = mission.starts_at
    move_mission(act=act, mission=mission, verb="move", data={"from": before.isoformat(), "to": starts_at.isoformat()})
    if day != before.astimezone(zone).date():
        _not_in_the_rhythm(mission)
        DayException.objects.filter(request=mission.request, day=day, kept=False).delete()
    mission.starts_at, mission.ends_at = window.start, window.end
    mission.save(update_fields=["starts_at", "ends_at"])
    if TakenQuarter.objects.filter(mission=mission).exists():
        take(mission=mission, visit=window)
    _tell_moved(act, mission, before, _order_anew(act, mission, zone))
    return mission


def _tell_moved(act: Act, mission: Mission, before: datetime, order: Document | None) -> None:
    """Both hear of it; whoever the order is for gets it with the letter."""
    for person in (mission.worker, mission.client):
        theirs = order if order and order.person_id == person.id else None
        messaging.queue(
            act=act,
            person=person,
            template="visit_moved",
            context={
                "mission": mission,
                "before": before,
                "order": theirs.number if theirs else "",
                "listing": mission.request.listing,
                "organisation": mission.organisation,
            },
            key=f"moved:{mission.id}:{mission.starts_at.isoformat()}:{person.id}",
            about="mission",
            about_id=mission.id,
            enclosures=[(theirs.id, f"{theirs.number}.pdf")] if theirs else [],
        )


def _order_anew(act: Act, mission: Mission, zone: ZoneInfo) -> Document | None:
    """The order as it was, with the visits to come as they are now. The one before stays as it was issued."""
    before = order_of(agreement=mission.agreement) if mission.agreement else None
    if before is None:
        return None
    coming = Mission.objects.filter(agreement=mission.agreement, state__in=["agreed", "ready"]).order_by("starts_at")
    slots = [
        slot(one.starts_at.astimezone(zone), one.ends_at.astimezone(zone), Window(one.starts_at, one.ends_at).minutes)
        for one in coming
    ]
    return documents.issue(
        act=act,
        kind=before.kind,
        prefix=mode_of(mission.request).order.prefix,
        template=before.template,
        data={**before.data, "slots": slots, "replaces": before.number},
        person=before.person,
        about=before.about,
        about_id=before.about_id,
    )


def replace_once(*, act: Act, mission: Mission, reason: str = "", starts_at: datetime | None = None) -> Request:
    """Somebody else for this one visit: a search of its own, with its own yes and its own contract, at the price of
    the season, or by a quote of theirs. The season, its other visits and whoever does them stay as they are.

    starts_at: when it is done instead, for a visit that somebody missed. Raises Refused("already_replacing"),
    ("moment_past").
    """
    require(act, Verb.MISSIONS_CANCEL)
    hold_visit(mission=mission)
    if replacement_of(mission=mission):
        raise Refused("already_replacing")
    if mission.state != "no_show_worker":
        move_mission(act=act, mission=mission, verb="withdraw", data={"once": True, "reason": reason[:200]})
        _away(mission)
        _not_in_the_rhythm(mission)
        if mission.agreement:
            end_if_over(act=act, agreement=mission.agreement)
    season = mission.request
    search = post_request(
        act=act.for_person(mission.client_id),
        client=mission.client,
        activity=season.activity,
        starts_at=starts_at or mission.starts_at,
        minutes=Window(mission.starts_at, mission.ends_at).minutes,
        note=season.note,
        where=_where(season),
        mode=season.mode,
        stands_in=mission,
    )
    messaging.finish_tasks_about(act=act, about_id=mission.id, outcome="reopened")
    return search


def _check_day(act: Act, request: Request, day: date) -> None:
    if not is_visit_day(request=request, day=day):
        raise Refused("not_a_visit_day", {"day": day}, where="day")
    if day < act.at.astimezone(ZoneInfo(request.organisation.timezone)).date():
        raise Refused("moment_past", where="day")


def _except(request: Request, day: date, *, kept: bool) -> DayException:
    row, _ = DayException.objects.update_or_create(request=request, day=day, defaults={"kept": kept})
    return row


def _not_in_the_rhythm(mission: Mission) -> None:
    """Done on another day, or by somebody else: whoever does the recurring job is not asked for this one again."""
    request = mission.request
    if request.listing.recurrence:
        zone = ZoneInfo(mission.organisation.timezone)
        _except(request, mission.starts_at.astimezone(zone).date(), kept=False)


def _said(request: Request, day: date) -> dict[str, object]:
    return {"number": request.listing.number, "day": day.isoformat()}


def _check_free(mission: Mission, window: Window) -> None:
    request = mission.request
    worker = Worker.objects.select_for_update().get(person=mission.worker_id)
    need, around = need_of(request, window), Window(window.start - AROUND, window.end + AROUND)
    against = judge(worker=worker, need=need, span=around, mode=mode_of(request), but=mission.id)(window)
    if against:
        raise Refused("move_blocked", {"name": mission.worker.called, "block": against[0].code}, where="day")


def _away(mission: Mission) -> None:
    worker = Worker.objects.filter(person=mission.worker_id).first()
    if worker:
        Absence.objects.create(worker=worker, starts_at=mission.starts_at, ends_at=mission.ends_at)


def _where(season: Request) -> Where:
    listing = season.listing
    return Where(listing.street, listing.place, listing.latitude, listing.longitude)
