"""Addresses become points when the clock asks the address service; nobody waits for it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from entremise.doors.clock.locating import locate_people
from entremise.doors.clock.watch import Watch
from entremise.market.models import Listing
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.tenancy import scope
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House, post
from tests.people.test_addresses import Double, double

__all__ = ["double"]

Rows = Callable[[Callable[[], object]], object]


@pytest.fixture
def service(double: Double, settings) -> Double:
    settings.ADDRESS_SERVICE_URL = double.url
    double.says(0.9, -0.21, 44.61)
    return double


def odile(rows: Rows) -> Person:
    return rows(lambda: Person.objects.get(family_name="Marsan-A"))


def test_somebody_lies_where_their_street_is(house: House, service: Double, watch: Watch, rows: Rows) -> None:
    assert locate_people(watch, house.organisation) == 2
    assert (odile(rows).latitude, odile(rows).longitude) == (44.61, -0.21)
    assert {one["q"][0] for one in service.asked} == {"1, rue des Tilleuls", "2, rue des Tilleuls"}


def test_what_they_asked_for_at_home_lies_there_too(house: House, service: Double, watch: Watch, rows: Rows) -> None:
    post(house, client=0, on=(MORNING + timedelta(days=2)).date(), at=MORNING)
    locate_people(watch, house.organisation)
    assert rows(lambda: Listing.objects.get().latitude) == 44.61


def test_nobody_is_asked_about_twice_until_they_move(house: House, service: Double, watch: Watch, rows: Rows) -> None:
    service.body = b'{"features": []}'
    locate_people(watch, house.organisation)
    assert locate_people(watch, house.organisation) == 0
    assert odile(rows).latitude == house.place.latitude
    with scope.writing(house.organisation.id):
        people.change_person(act=house.desk(MORNING), person=odile(rows), street="9, rue Haute")
    assert locate_people(watch, house.organisation) == 1


def test_a_service_that_is_away_is_asked_again_later(house: House, service: Double, watch: Watch, rows: Rows) -> None:
    service.status = 500
    assert locate_people(watch, house.organisation) == 0
    assert len(service.asked) == 1
    assert watch.failures == 0
    service.status = 200
    assert locate_people(watch, house.organisation) == 2


def test_an_answer_about_the_old_street_is_not_kept(house: House, rows: Rows) -> None:
    before = odile(rows)
    with scope.writing(house.organisation.id):
        people.change_person(act=house.desk(MORNING), person=odile(rows), street="9, rue Haute")
        people.locate(act=house.desk(MORNING), person=before, point=None)
    assert odile(rows).located_at is None


def test_without_a_service_nobody_is_asked_about(house: House, watch: Watch, rows: Rows, settings) -> None:
    settings.ADDRESS_SERVICE_URL = ""
    assert locate_people(watch, house.organisation) == 0
    assert odile(rows).located_at is None
