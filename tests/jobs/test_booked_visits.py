"""What becomes of the quarters of an hour that a booking took."""

from datetime import timedelta

from entremise.agreements.models import Agreement
from entremise.jobs import operations as jobs
from entremise.jobs.models import Offer, TakenQuarter
from entremise.kernel.act import Act
from entremise.people.models import Person
from tests.jobs.test_offers import WEDNESDAY, book, neighbour, offer, waiting

__all__ = ["neighbour", "offer", "waiting"]


def test_a_moment_is_free_again_when_the_visit_moves(offer: Offer, act: Act, odile: Person, neighbour: Person) -> None:
    mission, thursday = book(offer, odile), WEDNESDAY + timedelta(days=1)
    Agreement.objects.update(ends_on=thursday.date())
    mission.agreement = Agreement.objects.get()
    jobs.move_visit(act=act, mission=mission, starts_at=thursday)
    assert book(offer, neighbour).state == "agreed"
    assert set(TakenQuarter.objects.values_list("at__date", flat=True)) == {WEDNESDAY.date(), thursday.date()}
