"""The steps that the drills run in processes of their own: python -m tests.drills STEP"""

import os
import sys
from datetime import UTC, datetime, time, timedelta
from itertools import count

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from entremise.doors.clock import letters, watch
from entremise.doors.clock.prints import print_documents
from entremise.history import operations as history
from entremise.jobs import operations as jobs
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.clock import now
from entremise.kernel.time import Period
from entremise.ledger import operations as ledger
from entremise.ledger.rules import Line
from entremise.market.models import Proposal
from entremise.settlement import operations as settlement
from entremise.tenancy import scope, walls
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


def small() -> None:
    """Two clients, two workers and their month: settled, printed, paid out; its days are over and sealed."""
    call_command("migrate", verbosity=0)
    month = last_month()
    house = found(at=datetime.combine(month.first, time(7), UTC), clients=2, workers=2)
    a_month_of_work(house, month)
    settle()
    deliver()
    later = now().date() + timedelta(days=3)
    with scope.writing(house.organisation.id):
        settlement.order_payouts(act=house.desk(now()), execution_on=later)
    with scope.writing(house.organisation.id):
        ledger.fold(today=later)
        ledger.seal()
        history.chain(limit=10_000)


def write() -> None:
    """Entries and facts, one after the other, until it is killed."""
    organisation = Organisation.objects.get(slug=SLUG)
    at = now() + timedelta(days=5)  # The days before are over.
    for number in count():
        with scope.writing(organisation.id):
            bank, sales = (ledger.open_account(code=code, name=code).id for code in ("512000", "706000"))
            ledger.post(
                key=f"drill:{number}", at=at, effective_on=at.date(), cause="drill", cause_id=None,
                lines=[Line(bank, sales, 100 + number)],
            )  # fmt: skip
            clerk = Act(by=THE_CLOCK, at=at, door=Door.CLOCK)
            history.record(act=clerk, type="call_logged", thing="call", thing_id=None, data={"number": number})
        if number == 20:
            sys.stdout.write("writing\n")
            sys.stdout.flush()


def older() -> None:
    """The tables as they were before days were sealed."""
    walls.take_down()
    MigrationExecutor(connection).migrate([("ledger", "0001_initial")])


STEPS = {
    "build": build,
    "small": small,
    "write": write,
    "older": older,
    "settle": settle,
    "answer": answer,
    "deliver": deliver,
}
