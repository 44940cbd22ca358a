from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from django.db import transaction

from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement.models import Invoice
from entremise.settlement.operations.booking import book
from entremise.settlement.queries import dues
from entremise.settlement.rules.books_fr import invoice_moves
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, Fund, Rules, Seat
from tests.jobs.conftest import legal
from tests.settlement.town import bill

__all__ = ["legal"]

AT = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)
DAY = date(2026, 12, 4)
JANUARY = datetime(2027, 1, 5, 9, 0, tzinfo=UTC)


def somebody(name: str) -> Person:
    return Person.objects.create(family_name=name, known_since=AT)


def staff(at: datetime = AT) -> Act:
    """Somebody with every right at the desk, who asks for nothing."""
    return Act(by=Actor(somebody("Direction").id, STAFF), at=at, door=Door.DESK)


def committee(act: Act, **limits: int) -> list[Seat]:
    """Three seats, and the first version of the rules, adopted."""
    kinds = ("beneficiary", "client", "organisation")
    seats = [operations.seat(act=act, person=somebody(kind), kind=kind, since=date(2026, 1, 1)) for kind in kinds]
    adopt(act, propose(act, **limits))
    return seats


def propose(act: Act, **limits: int) -> Rules:
    given = {"most_award": 10000, "most_year": 15000, "quorum": 2, "delegate_up_to": 2000, **limits}
    given = {"emergency_up_to": 1500, "emergencies": 2, **given}
    return operations.propose_rules(
        act=act, text="Aider.", purposes=["home_help", "transport"], in_force_from=date(2026, 1, 1), **given
    )


def adopt(act: Act, version: Rules) -> Rules:
    seats = Seat.objects.filter(until=None)
    operations.vote(act=act, on=version, answers={one.id: "for" for one in seats})
    return operations.close_vote(act=act, rules_=version)


def give(act: Act, fund: Fund, amount: int, key: str = "gift", **more: object) -> object:
    given = {"kind": "topup", "how": "cheque", "on": DAY, **more}
    return operations.give(act=act, fund=fund, amount=amount, key=key, **given)


def ask(act: Act, person: Person, purpose: str = "home_help", need: str = "Deux heures") -> Award:
    return operations.ask_help(act=act, person=person, purpose=purpose, need=need)


def agreed(act: Act, award: Award, answer: str = "for") -> Award:
    """What most of the committee says of a request."""
    seats = [one for one in Seat.objects.filter(until=None) if one.person_id != award.person_id]
    operations.vote(act=act, on=award, answers={one.id: answer for one in seats})
    return award


def owe(act: Act, person: Person, total: int) -> Invoice:
    """An invoice and its entry."""
    invoice = bill(person, total)
    moves = invoice_moves(person.id, total, invoice.number)
    book(act=act, key=invoice.number, on=DAY, cause="invoice", cause_id=invoice.id, moves=moves)
    return invoice


def later(act: Act, at: datetime) -> Act:
    return replace(act, at=at)


def books(code: str) -> int:
    return next((line.balance for line in ledger.trial_balance(up_to=date(2027, 12, 31)) if line.code == code), 0)


def refused(code: str, operation: Callable[[], object]) -> None:
    with pytest.raises(Refused, match=code), transaction.atomic():
        operation()


def held(fund: Fund) -> tuple[int, int]:
    return queries.balance_of(fund=fund)


def due(invoice: Invoice) -> int:
    return dues(invoices=[invoice])[invoice.id]


@pytest.fixture
def desk(legal: None) -> Act:
    return staff()


@pytest.fixture
def fund(desk: Act) -> Fund:
    return operations.open_fund(act=desk, name="Coup de pouce", purpose="Aider à payer.", origin="public")


@pytest.fixture
def seats(desk: Act) -> list[Seat]:
    return committee(desk)


@pytest.fixture
def aline(desk: Act) -> Person:
    return somebody("Aline")


@pytest.fixture
def granted(desk: Act, fund: Fund, seats: list[Seat], aline: Person) -> Callable[[int], Award]:
    """Aline's request, granted for an amount out of a fund of 100 €."""
    give(desk, fund, 10000)

    def make(amount: int) -> Award:
        award = agreed(desk, ask(desk, aline, need=f"Besoin {amount}"))
        return operations.grant(act=desk, award=award, fund=fund, amount=amount)

    return make
