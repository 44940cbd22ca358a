from collections.abc import Mapping
from datetime import date

from entremise.jobs.models import Activity, Offer, Skill, Worker
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people.models import Person, Supplier
from entremise.people.rules.may import Verb, require


def describe_supplier(
    *,
    act: Act,
    person: Person,
    siret: str,
    trade_name: str = "",
    trade: str = "craft",
    vat: str = "franchise",
    vat_number: str = "",
    mandate_on: date | None = None,
    prices: Mapping[str, int | None] | None = None,
) -> Supplier:
    """Somebody works on their own account, and can be proposed to clients from now on.

    prices: activity code → cents an hour, taxes included; None: they do it by quote alone. An activity that is left out
    stays as it was. Raises what `people.describe_supplier` refuses, and Refused("price_not_positive").
    """
    require(act, Verb.SUPPLIERS_DESCRIBE)
    supplier = people.describe_supplier(
        act=act,
        person=person,
        siret=siret,
        trade_name=trade_name,
        trade=trade,
        vat=vat,
        vat_number=vat_number,
        mandate_on=mandate_on,
    )
    worker, _ = Worker.objects.get_or_create(person=person, defaults={"travel_mode": "car", "since": act.at.date()})
    activities = {activity.code: activity for activity in Activity.objects.filter(code__in=list(prices or {}))}
    for code, hourly in (prices or {}).items():
        if hourly is not None and hourly <= 0:
            raise Refused("price_not_positive", where=f"price_{code}")
        name_price(worker=worker, activity=activities[code], hourly=hourly, on=act.at.date())
    return supplier


def name_price(*, worker: Worker, activity: Activity, hourly: int | None, on: date) -> None:
    """Their own price of an hour, cents: in what they are asked, and the same in an offer that names one."""
    Skill.objects.update_or_create(
        worker=worker,
        activity=activity,
        defaults={"hourly_price": hourly},
        create_defaults={"hourly_price": hourly, "how": "said", "since": on},
    )
    priced = Offer.objects.filter(person=worker.person_id, activity=activity, hourly_price__isnull=False)
    priced.update(hourly_price=hourly)
