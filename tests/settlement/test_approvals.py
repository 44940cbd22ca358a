"""Much money takes two people: one prepares a payment file, another one agrees to the same."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from entremise.figures.operations import override
from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging.models import Task
from entremise.payments.models import BankFile
from entremise.settlement import operations, queries
from entremise.settlement.models import Approval, Payout
from entremise.settlement.rules.runs import APPROVAL, digest
from tests.settlement.conftest import settle

DAY, LATER = date(2026, 12, 7), date(2026, 12, 8)


@pytest.fixture
def limited(treasurer: Act, worked: Mission) -> Act:
    """Karim's wage waits, and ten euros in one file are much money here."""
    settle(treasurer)
    limit(treasurer, 10)
    return treasurer


def limit(act: Act, euros: int) -> None:
    override(
        act=act,
        key="payments.second_person_above",
        value=Decimal(euros),
        unit="EUR",
        valid_from=date(2026, 1, 1),
        source="conseil",
    )


def somebody_else(act: Act) -> Act:
    return replace(act, by=Actor(new_id(), frozenset({Role.DIRECTOR})))


def test_a_small_file_is_made_by_one_person(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    assert operations.order_payouts(act=treasurer, execution_on=DAY).file
    assert not Approval.objects.exists()


def test_a_large_file_waits_and_moves_nothing(limited: Act) -> None:
    ordered = operations.order_payouts(act=limited, execution_on=DAY)
    assert ordered.file is None
    assert ordered.approval
    assert (ordered.approval.total, ordered.approval.count, ordered.approval.execution_on) == (2144, 1, DAY)
    assert not Payout.objects.exists()
    assert not BankFile.objects.filter(way="out").exists()
    assert Task.objects.get(kind="second_person").done_at is None


def test_whoever_prepared_it_cannot_agree_to_it(limited: Act) -> None:
    operations.order_payouts(act=limited, execution_on=DAY)
    with pytest.raises(Refused, match="second_person_needed"):
        operations.order_payouts(act=limited, execution_on=DAY)


def test_a_second_person_makes_the_file(limited: Act) -> None:
    operations.order_payouts(act=limited, execution_on=DAY)
    ordered = operations.order_payouts(act=somebody_else(limited), execution_on=DAY)
    assert ordered.file
    assert ordered.file.lines == 1
    assert Approval.objects.get().state == "given"
    assert Task.objects.get(kind="second_person").done_at


def test_another_day_is_another_file_and_waits_anew(limited: Act) -> None:
    operations.order_payouts(act=limited, execution_on=DAY)
    ordered = operations.order_payouts(act=somebody_else(limited), execution_on=LATER)
    assert ordered.file is None
    assert sorted(Approval.objects.values_list("state", flat=True)) == ["waiting", "withdrawn"]
    assert operations.order_payouts(act=limited, execution_on=LATER).file


def test_what_changed_since_it_was_looked_at_is_refused(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    with pytest.raises(Refused, match="order_changed"):
        operations.order_payouts(act=treasurer, execution_on=DAY, seen=digest([]))
    assert operations.order_payouts(act=treasurer, execution_on=DAY, seen=queries.wages_to_order().digest).file


def test_a_file_that_is_withdrawn_is_not_made_by_anybodys_word(limited: Act) -> None:
    waiting = operations.order_payouts(act=limited, execution_on=DAY).approval
    assert waiting
    operations.withdraw_approval(act=somebody_else(limited), approval=waiting)
    with pytest.raises(Refused, match="not_now"):
        operations.withdraw_approval(act=limited, approval=waiting)
    assert operations.order_payouts(act=somebody_else(limited), execution_on=DAY).file is None


def test_a_higher_limit_set_by_another_lets_one_person_go_on(limited: Act) -> None:
    operations.order_payouts(act=limited, execution_on=DAY)
    limit(somebody_else(limited), 100)
    assert operations.order_payouts(act=limited, execution_on=DAY).file
    assert Approval.objects.get().state == "withdrawn"


def test_nobody_lifts_the_limit_for_themselves(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    limit(somebody_else(treasurer), 10)
    limit(treasurer, 100)
    assert operations.order_payouts(act=treasurer, execution_on=DAY).file is None
    assert operations.order_payouts(act=somebody_else(treasurer), execution_on=DAY).file


def test_a_lower_limit_counts_for_whoever_set_it(limited: Act) -> None:
    limit(somebody_else(limited), 100)
    limit(limited, 10)
    assert operations.order_payouts(act=limited, execution_on=DAY).file is None


def test_the_same_lines_are_the_same_file_in_any_order() -> None:
    one, two = new_id(), new_id()
    lines = [(one, 100, "FR76"), (two, 200, "FR77")]
    assert digest(lines) == digest(reversed(lines))
    assert digest(lines) != digest([(one, 100, "FR76"), (two, 200, "FR78")])
    assert digest(lines) != digest([(one, 101, "FR76"), (two, 199, "FR77")])


def test_every_state_of_an_approval_is_reached() -> None:
    assert not APPROVAL.unreachable
