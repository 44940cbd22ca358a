from datetime import timedelta

from entremise.doors.clock.upkeep import end_offers
from entremise.doors.clock.watch import Watch
from entremise.jobs import operations as jobs
from entremise.jobs.operations.offers import Terms
from entremise.market.models import Listing
from entremise.tenancy import scope
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House


def test_an_offer_is_taken_down_after_its_last_day(house: House, watch: Watch) -> None:
    with scope.writing(house.organisation.id):
        for worker, until in zip(house.workers, (MORNING - timedelta(hours=1), None), strict=True):
            terms = Terms(reach_km=5, until=until)
            act = house.desk(MORNING - timedelta(days=9))
            jobs.put_up(act=act, person=worker, activity=house.activity, terms=terms)
    assert end_offers(watch, house.organisation) == 1
    assert end_offers(watch, house.organisation) == 0
    with scope.reading(house.organisation.id):
        assert sorted(Listing.objects.values_list("state", flat=True)) == ["closed", "open"]
