"""Random months against a plain model: what people did, what they owe and are owed, to the cent."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement, Fulfilment
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.ids import new_id
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, InvoiceLine, PaidWork, Payslip
from entremise.tenancy import scope
from tests.conftest import TODAY
from tests.settlement.conftest import DECEMBER_4, NOVEMBER, balance


@dataclass(frozen=True)
class Visit:
    """who goes to whom, on which day, for how long; late: the client says yes only after the first run."""

    client: int
    worker: int
    day: int
    minutes: int
    price: int
    wage: int
    travel: int
    minimum: int
    late: bool

    @property
    def charged(self) -> int:
        return cents(self.price, max(self.minutes, self.minimum)) + self.travel


VISITS = st.lists(
    st.builds(
        Visit,
        client=st.integers(0, 2),
        worker=st.integers(0, 2),
        day=st.integers(1, 22),
        minutes=st.integers(1, 480),
        price=st.integers(2200, 3000),
        wage=st.integers(1100, 1500),
        travel=st.sampled_from([0, 0, 350]),
        minimum=st.sampled_from([0, 60]),
        late=st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


class Undo(Exception):
    pass


@pytest.fixture
def cast(legal: None, treasurer: Act) -> tuple[list[Person], list[Person], Act]:
    clients = [Person.objects.create(family_name=f"Client {n}", known_since=TODAY) for n in range(3)]
    workers = [Person.objects.create(family_name=f"Worker {n}", known_since=TODAY) for n in range(3)]
    return clients, workers, treasurer


def cents(hourly: int, minutes: int) -> int:
    return int((Decimal(hourly) * minutes / 60).quantize(Decimal(1), ROUND_HALF_UP))


def happen(act: Act, visit: Visit, clients: list[Person], workers: list[Person]) -> Fulfilment:
    """An agreement, signed, and its hours, logged."""
    day = date(2026, 11, visit.day)
    promises = [
        agreements.PromiseDraft("price", "client", "organisation", "EUR", visit.price),
        agreements.PromiseDraft("wage", "organisation", "worker", "EUR", visit.wage),
    ]
    if visit.travel:
        promises.append(agreements.PromiseDraft("travel", "client", "organisation", "EUR", visit.travel))
    agreement: Agreement = agreements.draw_up(
        act=act,
        mode="placement_fr",
        title="Tailler une haie",
        listing=None,
        starts_on=day,
        ends_on=day,
        terms={"label": "Tailler une haie", "minimum_minutes": visit.minimum, "personal_service": True},
        parties=[
            agreements.PartyDraft("organisation", must_sign=False),
            agreements.PartyDraft("client", clients[visit.client]),
            agreements.PartyDraft("worker", workers[visit.worker]),
        ],
        promises=promises,
    )
    for role in ("client", "worker"):
        agreements.sign(act=act, agreement=agreement, role=role, how="screen")
    agreement.refresh_from_db()
    return agreements.log(
        act=act, agreement=agreement, occasion=new_id(), day=day, minutes=visit.minutes, key=str(new_id())
    )


def settle(act: Act) -> None:
    run = operations.open_run(act=act, month=NOVEMBER)
    for item in queries.items_to_do(run=run.id):
        assert operations.settle_item(act=act, item=item)
    assert operations.finish_run(act=act, run=run).state == "finished"


def must_agree(visits: list[Visit], clients: list[Person], workers: list[Person]) -> None:
    """Documents and books say what the model says of these visits."""
    charged: Counter[object] = Counter()
    earned: Counter[object] = Counter()
    worked: Counter[object] = Counter()
    for visit in visits:
        charged[clients[visit.client].id] += visit.charged
        earned[workers[visit.worker].id] += cents(max(visit.wage, 1231), visit.minutes)
        worked[workers[visit.worker].id] += visit.minutes
    assert ledger.balances_by_holder(code="411000") == charged
    assert {client: queries.owed_by(client=client) for client in charged} == charged
    assert -balance("706000") == sum(charged.values())
    assert balance("641100") == sum(earned.values())
    slips = list(Payslip.objects.all())
    net: Counter[object] = Counter()
    minutes: Counter[object] = Counter()
    for slip in slips:
        net[slip.worker_id] += slip.paid
        minutes[slip.worker_id] += slip.minutes
    assert minutes == worked
    assert ledger.balances_by_holder(code="421000") == {worker: -paid for worker, paid in net.items()}
    charges = ("641100", "641200", "645100", "645300")
    assert sum(balance(code) for code in charges) == sum(slip.employer_cost for slip in slips)
    assert sum(line.balance for line in ledger.trial_balance(up_to=date(2027, 1, 1))) == 0
    assert InvoiceLine.objects.count() == PaidWork.objects.count() == len(visits)
    numbers = sorted(Invoice.objects.values_list("number", flat=True))
    assert numbers == [f"FA-2026-{n:04d}" for n in range(1, len(numbers) + 1)]
    for invoice in Invoice.objects.prefetch_related("lines"):
        assert sum(line.amount for line in invoice.lines.all()) == invoice.total
        assert sum(invoice.split.values()) in (0, invoice.total)


@given(visits=VISITS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_month_adds_up_however_late_it_is_confirmed(
    cast: tuple[list[Person], list[Person], Act], visits: list[Visit]
) -> None:
    clients, workers, treasurer = cast
    desk = Act(by=Actor(treasurer.by.person, STAFF), at=TODAY, door=Door.DESK)
    with suppress(Undo), scope.writing(scope.current()):
        logged = [(visit, happen(desk, visit, clients, workers)) for visit in visits]
        for visit, fulfilment in logged:
            if not visit.late:
                agreements.confirm(act=desk, fulfilment=fulfilment, minutes=visit.minutes)
        settle(treasurer)
        must_agree([visit for visit in visits if not visit.late], clients, workers)
        for visit, fulfilment in logged:
            if visit.late:
                agreements.confirm(act=desk, fulfilment=fulfilment, minutes=None)
        settle(replace(treasurer, at=DECEMBER_4 + timedelta(days=1)))
        must_agree(visits, clients, workers)
        raise Undo
