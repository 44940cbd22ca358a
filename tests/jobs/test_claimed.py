"""A request of a visitor whom nobody has spoken with."""

from datetime import timedelta

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Request
from entremise.kernel.act import Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people.models import Person, Place
from tests.conftest import TODAY

IN_JANUARY = TODAY.replace(year=2027, month=1, day=12)


@pytest.fixture
def claimed(act: Act, hedge: Activity, place: Place) -> Request:
    jobs.set_tariff(
        act=act,
        activity=None,
        client_kind="",
        hourly_price=2600,
        hourly_wage=1231,
        minimum_minutes=60,
        travel_fee=0,
        valid_from=IN_JANUARY.date() - timedelta(days=11),
    )
    visitor = Act(by=Actor(None), at=TODAY, door=Door.SITE)
    somebody = people.add_visitor(
        act=visitor,
        name="Odile Marsan",
        phone="06 39 98 14 27",
        street="12, rue des Tilleuls",
        place=place,
        language="fr",
    )
    return jobs.post_request(
        act=visitor.for_person(somebody.id),
        client=somebody,
        activity=hedge,
        starts_at=IN_JANUARY,
        minutes=120,
        claimed=True,
    )


def test_whoever_is_recognised_pays_the_price_of_the_day_of_the_visit(
    act: Act, claimed: Request, odile: Person
) -> None:
    assert claimed.price == 5200
    jobs.identify(act=act, request=claimed, known=odile)
    assert (claimed.client, claimed.price) == (odile, 5200)


def test_a_visitor_neither_identifies_nor_changes_what_was_asked(claimed: Request) -> None:
    visitor = Act(by=Actor(None), at=TODAY, door=Door.SITE)
    with pytest.raises(Refused, match="not_allowed"):
        jobs.identify(act=visitor, request=claimed, known=None)
    with pytest.raises(Refused, match="not_allowed"):
        jobs.amend(act=visitor, request=claimed, starts_at=IN_JANUARY, minutes=60, note="")
