from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from entremise.jobs import operations as jobs
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.time import Period
from entremise.payments import operations as payments
from entremise.people.models import Person
from tests.jobs.conftest import asked, clock_act, hedge, karim, legal, mission, nadege, odile, place, request_

__all__ = ["asked", "clock_act", "hedge", "karim", "legal", "mission", "nadege", "odile", "place", "request_"]

NOVEMBER = Period.month(2026, 11)
DECEMBER_4 = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)


@pytest.fixture
def treasurer(inside: object) -> Act:
    person = Person.objects.create(given_name="Hélène", family_name="Garrigue", known_since=DECEMBER_4)
    return Act(by=Actor(person.id, frozenset({Role.TREASURER})), at=DECEMBER_4, door=Door.DESK)


@pytest.fixture
def worked(act: Act, mission: Mission, karim: Person) -> Mission:
    """Two hours of hedge, logged and confirmed."""
    payments.set_bank_account(act=act, person=karim, iban="FR7630006000011234567890189")
    done = replace(act, at=act.at + timedelta(days=2))
    jobs.log_hours(act=done, mission=mission, minutes=120, key="slip")
    jobs.confirm_hours(act=done, mission=Mission.objects.select_related("client", "request__listing").get())
    return Mission.objects.get()

    return treasurer
