"""The steps that the drills run in processes of their own: python -m tests.drills STEP"""

import os
from datetime import UTC, datetime, time, timedelta

from django.core.management import call_command

from entremise.doors.clock import letters, watch
from entremise.doors.clock.prints import print_documents
from entremise.jobs import operations as jobs
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.clock import now
from entremise.kernel.time import Period
from entremise.market.models import Proposal
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.drills.scenario import SLUG, a_month_of_work, found, offers


def last_month() -> Period:
    return Period.month_of(now().date().replace(day=1) - timedelta(days=1))


def build() -> None:
    call_command("migrate", verbosity=0)
    month = last_month()
    house = found(at=datetime.combine(month.first, time(7), UTC))
    a_month_of_work(house, month)
    offers(house, at=now())
    deliver()


def settle() -> None:
    call_command("settle", f"--organisation={SLUG}", f"--month={last_month().label}")


def answer() -> None:
    """Everybody who was asked says yes, whatever was answered before: some win, the others are told."""
    organisation = Organisation.objects.get(slug=SLUG)
    with scope.reading(organisation.id):
        asked = list(Proposal.objects.filter(listing__starts_at__gte=now()).order_by("offered_at", "id"))
    for proposal in asked:
        with scope.writing(organisation.id):
            fresh = Proposal.objects.select_related("listing", "person").get(id=proposal.id)
            worker = Actor(proposal.person_id, frozenset({Role.WORKER}))
            jobs.answer(act=Act(by=worker, at=now(), door=Door.TEXT), proposal=fresh, yes=True)


def deliver() -> None:
    """Letters of the month that was settled. Each start is later than the lease of the one before."""
    later = timedelta(minutes=int(os.environ.get("DRILL_MINUTES", "0")), days=1)
    at = datetime.combine(now().date(), time(10), UTC) + later
    letters.now = watch.now = lambda: at
    organisation = Organisation.objects.get(slug=SLUG)
    duty = watch.Watch()
    print_documents(duty, organisation)
    letters.deliver(duty, organisation)


STEPS = {"build": build, "settle": settle, "answer": answer, "deliver": deliver}
