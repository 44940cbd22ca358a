"""What calling off a visit, or not being there, costs: by the terms that its agreement holds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from entremise.agreements.models import Fulfilment
from entremise.agreements.queries import promised_by
from entremise.agreements.rules import WORK
from entremise.figures import queries as figures
from entremise.jobs.models import Mission, Request
from entremise.jobs.rules.calling_off import Due, Terms, Visit, borne, when_absent, when_called_off
from entremise.jobs.rules.modes.registry import MODES
from entremise.kernel.money import for_minutes, share
from entremise.kernel.time import Window
from entremise.settlement.queries import settled_among
from entremise.settlement.rules.commission import as_rate, commission_of


@dataclass(frozen=True)
class Calling:
    """What a person sees before they say it. terms None: the agreement says nothing of it, so nothing is due.

    pay: gross cents of the minutes, holiday included. borne: what of it the fee does not cover. theirs: the fee is owed
    to whoever would have come; commission: cents of it that are ours.
    """

    terms: Terms | None
    due: Due
    pay: int
    borne: int
    theirs: bool = False
    commission: int = 0


@dataclass(frozen=True)
class Owed:
    """due: cents from the client, for a visit that did not take place."""

    mission: Mission
    due: int


def terms_on(day: date) -> Terms:
    """What the organisation's own figures say for what is agreed that day."""
    table = figures.table()
    return Terms(
        free_hours=int(table.at("calling_off.free_hours", day)),
        grace_minutes=int(table.at("calling_off.grace_minutes", day)),
        late_share=table.at("calling_off.late_share", day),
        absent_share=table.at("calling_off.absent_share", day),
        paid_share=table.at("calling_off.paid_share", day),
    )


def terms_of(terms: object) -> Terms | None:
    """The rule that an agreement was signed with; one on paper from elsewhere may hold none."""
    return Terms.of_json(terms) if isinstance(terms, dict) and terms else None


def calling_off(*, missions: Collection[Mission], at: datetime) -> dict[UUID, Calling]:
    """What calling off each of these visits `at` that moment costs. Two queries; agreements are at hand."""
    return _each(missions, at)


def coming(*, request: Request, at: datetime) -> list[Mission]:
    """The visits that fall when the request is called off."""
    rows = Mission.objects.filter(request=request, state__in=["agreed", "ready"], starts_at__gte=at)
    return list(rows.select_related("agreement").order_by("starts_at"))


def absent(*, mission: Mission) -> Calling:
    """What is due when nobody was there."""
    return _each([mission], None)[mission.id]


def forfeits_of(*, missions: Collection[UUID]) -> dict[UUID, Fulfilment]:
    """What is due for visits that did not take place, by visit."""
    rows = Fulfilment.objects.filter(occasion__in=missions).exclude(kind=WORK).order_by("at", "id")
    latest = {row.occasion: row for row in rows}
    replaced = set(Fulfilment.objects.filter(replaces__in=rows, kind=WORK).values_list("occasion", flat=True))
    return {occasion: row for occasion, row in latest.items() if occasion not in replaced}


def owed_to(*, person: UUID) -> list[Owed]:
    """What clients owe somebody for visits that did not take place, as long as it is not billed; the latest first."""
    theirs = [mode.code for mode in MODES.values() if mode.owed_to_who_comes]
    missions = Mission.objects.filter(worker_id=person, request__mode__in=theirs, agreement__isnull=False)
    forfeits = Fulfilment.objects.filter(occasion__in=missions.values("id"), due__gt=0).exclude(kind=WORK)
    rows = list(forfeits.exclude(id__in=Fulfilment.objects.filter(replaces__isnull=False).values("replaces")))
    billed = settled_among(fulfilments=[row.id for row in rows])
    due = {row.occasion: row.due or 0 for row in rows if row.id not in billed}
    called_off = Mission.objects.filter(id__in=due).select_related("request__activity", "request__listing", "client")
    return [Owed(one, due[one.id]) for one in called_off.order_by("-starts_at")]


def _each(missions: Collection[Mission], at: datetime | None) -> dict[UUID, Calling]:
    promises = promised_by(agreements={mission.agreement_id for mission in missions if mission.agreement_id})
    holiday = figures.table()
    made = {}
    for mission in missions:
        agreement = mission.agreement
        terms = terms_of(agreement.terms.get("calling_off")) if agreement else None
        if agreement is None or terms is None:
            made[mission.id] = Calling(None, Due("unsigned"), 0, 0)
            continue
        promised = promises.get(agreement.id, {})
        visit = _visit(mission, promised, agreement.terms.get("minimum_minutes"))
        due = when_absent(terms, visit) if at is None else when_called_off(terms, visit, at=at)
        pay = for_minutes(promised.get("wage", 0), due.minutes)
        pay += share(pay, holiday.at("usage_contract_holiday_share", mission.starts_at.date()))
        ours = commission_of(due.fee, as_rate(promised.get("commission", 0)))
        theirs = MODES[agreement.mode].owed_to_who_comes
        made[mission.id] = Calling(terms, due, pay, borne(due, cost=pay), theirs, ours)
    return made


def _visit(mission: Mission, promised: dict[str, int], minimum: object) -> Visit:
    minutes = Window(mission.starts_at, mission.ends_at).minutes
    billed = max(minutes, minimum if isinstance(minimum, int) else 0)
    # Of the employed a price an hour; of the self-employed a fee an hour, or for the whole visit.
    hourly = promised.get("price", promised.get("fee", 0))
    price = promised.get("whole_fee", for_minutes(hourly, billed)) + promised.get("travel", 0)
    agreement = mission.agreement
    return Visit(mission.starts_at, minutes, price, agreement.active_at if agreement else None)
