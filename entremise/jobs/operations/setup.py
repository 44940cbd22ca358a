from collections.abc import Mapping, Sequence
from datetime import date

from entremise.history.operations import record
from entremise.jobs.models import Activity, Skill, Tariff, TerritoryPlace, Worker
from entremise.jobs.queries.people import limits_on
from entremise.jobs.queries.prices import check_covers
from entremise.jobs.rules.offers import check_weekly
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.models import Person, Place
from entremise.people.rules.may import Verb, require
from entremise.tenancy.models import LegalIdentity


def add_activity(*, act: Act, code: str, name: str, pictogram: str, **described: object) -> Activity:
    """A kind of job the organisation offers. `described`: the other columns. The same code again changes it."""
    require(act, Verb.TARIFFS_SET)
    activity, _ = Activity.objects.update_or_create(
        code=code, defaults={"name": name, "pictogram": pictogram, **described}
    )
    record(act=act, type="activity_described", thing="activity", thing_id=activity.id, data={"code": code})
    return activity


def set_tariff(
    *,
    act: Act,
    activity: Activity | None,
    client_kind: str,
    hourly_price: int,
    hourly_wage: int,
    minimum_minutes: int,
    travel_fee: int,
    valid_from: date,
) -> Tariff:
    """What a client pays an hour and the worker's gross wage, in cents, from a day on. activity None and client_kind
    empty mean all. Jobs already posted keep the price that was said. Raises Refused("price_below_cost").
    """
    require(act, Verb.TARIFFS_SET)
    described = {
        "hourly_price": hourly_price,
        "hourly_wage": hourly_wage,
        "minimum_minutes": minimum_minutes,
        "travel_fee": travel_fee,
    }
    check_covers(tariff=Tariff(**described), on=max(valid_from, act.at.date()))
    tariff, _ = Tariff.objects.update_or_create(
        activity=activity, client_kind=client_kind, valid_from=valid_from, defaults=described
    )
    data = {"price": hourly_price, "wage": hourly_wage, "from": valid_from.isoformat()}
    record(act=act, type="tariff_set", thing="tariff", thing_id=tariff.id, data=data)
    return tariff


def describe_worker(
    *,
    act: Act,
    person: Person,
    hours_wanted: int = 0,
    travel_mode: str = "walk",
    free_times: Sequence[tuple[int, str, str]] = (),
    skills: Mapping[str, str] | None = None,
    note: str = "",
) -> Worker:
    """What a worker wants and can do. hours_wanted: minutes a week. skills: activity code → said, trained or seen.
    free_times: (weekday 0–6, "08:00", "12:00"), local. Raises Refused hours_wanted_out_of_range, hours_reversed,
    activity_not_found.
    """
    require(act, Verb.WORKERS_CHANGE, owner=person.id)
    check_weekly(free_times)
    most = limits_on(act.at.date()).weekly_work if hours_wanted else 0
    if hours_wanted > most:
        raise Refused("hours_wanted_out_of_range", {"minutes": most}, where="hours_wanted")
    described = {
        "hours_wanted": hours_wanted,
        "travel_mode": travel_mode,
        "free_times": [list(slot) for slot in free_times],
        "note": note,
    }
    worker, _ = Worker.objects.update_or_create(
        person=person, defaults=described, create_defaults={**described, "since": act.at.date()}
    )
    activities = {activity.code: activity for activity in Activity.objects.filter(code__in=list(skills or {}))}
    for code, how in (skills or {}).items():
        if code not in activities:
            raise Refused("activity_not_found", {"typed": code}, where="skills")
        Skill.objects.update_or_create(
            worker=worker,
            activity=activities[code],
            defaults={"how": how},
            create_defaults={"how": how, "since": act.at.date()},
        )
    record(act=act, type="worker_described", thing="person", thing_id=person.id)
    return worker


def cover_place(*, act: Act, place: Place) -> TerritoryPlace:
    """Add a commune of the State agreement to the territory."""
    require(act, Verb.TARIFFS_SET)
    covered, new = TerritoryPlace.objects.get_or_create(place=place)
    if new:
        data = {"code": place.code}
        record(act=act, type="territory_extended", thing="place", thing_id=place.id, data=data)
    return covered


def set_identity(*, act: Act, **described: object) -> LegalIdentity:
    """What contracts and invoices say of the organisation from now on. `described`: columns of LegalIdentity."""
    require(act, Verb.IDENTITY_SET)
    identity = LegalIdentity.objects.first() or LegalIdentity()
    changed = [name for name, value in described.items() if getattr(identity, name) != value]
    for name in changed:
        setattr(identity, name, described[name])
    identity.save()
    thing = identity.organisation_id
    record(act=act, type="identity_set", thing="organisation", thing_id=thing, data={"fields": sorted(changed)})
    return identity
