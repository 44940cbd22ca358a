"""Days that are over are under seal: what became of their rows since is found, by name."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from entremise.kernel import chain
from entremise.ledger import operations, queries, rules
from entremise.ledger.models import BEGINNING, Account, Seal, Transfer
from tests.ledger.conftest import AT, DAY, Post

LATER = DAY + timedelta(days=10)


@pytest.fixture
def three_days(post: Post, bank: Account, sales: Account) -> list[Transfer]:
    """Two transfers a day, the days apart, all folded and sealed."""
    for number in range(6):
        at = AT + timedelta(days=2 * (number // 2), minutes=number)
        post(f"sale:{number}", bank, sales, 1000 + number, at=at)
    operations.fold(today=LATER)
    assert operations.seal() == 3
    return list(Transfer.objects.order_by("id"))


def found() -> list[tuple[str, str]]:
    return [(one.code, one.about) for one in queries.broken_seals()]


def test_days_that_are_over_are_sealed_once_and_prove_right(three_days: list[Transfer]) -> None:
    assert operations.seal() == 0
    assert list(Seal.objects.order_by("day").values_list("rows", flat=True)) == [2, 2, 2]
    assert found() == []


def test_a_day_that_may_still_be_written_is_not_sealed(post: Post, bank: Account, sales: Account) -> None:
    post("sale", bank, sales, 1000)
    operations.fold(today=DAY + timedelta(days=1))
    assert operations.seal() == 0


def test_a_long_past_is_sealed_in_portions(post: Post, bank: Account, sales: Account) -> None:
    for number in range(4):
        post(f"sale:{number}", bank, sales, 1000, at=AT + timedelta(days=number))
    operations.fold(today=LATER)
    assert [operations.seal(limit=3), operations.seal(limit=3)] == [3, 1]
    assert found() == []


def test_a_later_seal_continues_the_chain(
    three_days: list[Transfer], post: Post, bank: Account, sales: Account
) -> None:
    post("late", bank, sales, 500, at=AT + timedelta(days=12))
    operations.fold(today=LATER + timedelta(days=10))
    assert operations.seal() == 1
    assert found() == []


Change = Callable[[Transfer], object]
CHANGES: dict[str, Change] = {
    "amount": lambda one: _rows(one).update(amount=1),
    "accounts": lambda one: _rows(one).update(debit=one.credit_id, credit=one.debit_id),
    "label": lambda one: _rows(one).update(label="autre chose"),
    "effective day": lambda one: _rows(one).update(effective_on=date(2020, 1, 1)),
    "moment": lambda one: _rows(one).update(recorded_at=one.recorded_at + timedelta(seconds=1)),
    "cause": lambda one: _rows(one).update(cause="gift"),
    "what an account is": lambda one: Account.objects.filter(id=one.debit_id).update(code="467"),
}


def _rows(one: Transfer) -> "object":
    return Transfer.objects.filter(id=one.id)


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_changed_transfer_is_named(three_days: list[Transfer], walls_down: None, change: Change) -> None:
    change(three_days[2])
    assert ("transfer_changed", str(three_days[2].id)) in found()


def test_a_removed_transfer_is_named(three_days: list[Transfer], walls_down: None) -> None:
    Transfer.objects.filter(id=three_days[3].id).delete()
    assert found() == [("transfer_gone", str(three_days[3].id))]


@pytest.mark.parametrize("day", [0, 1])  # A sealed day, and one without any transfer between two sealed days.
def test_a_transfer_slipped_into_the_past_is_named(three_days: list[Transfer], walls_down: None, day: int) -> None:
    slipped = three_days[0]
    slipped.id = slipped.entry = three_days[5].id.__class__(int=three_days[5].id.int + 1)
    slipped.key, slipped.recorded_at = "slipped", AT + timedelta(days=day, hours=3)
    slipped.save(force_insert=True)
    assert found() == [("transfer_added", str(slipped.id))]


def test_a_transfer_moved_to_another_day_is_gone_here_and_added_there(
    three_days: list[Transfer], walls_down: None
) -> None:
    moved = three_days[0]
    Transfer.objects.filter(id=moved.id).update(recorded_at=AT + timedelta(days=2))
    assert found() == [("transfer_gone", str(moved.id)), ("transfer_added", str(moved.id))]


def test_a_seal_made_anew_for_changed_rows_breaks_the_chain_after_it(
    three_days: list[Transfer], walls_down: None
) -> None:
    """Somebody who changes a row and its seal would have to change all that follow, and what was kept elsewhere."""
    Transfer.objects.filter(id=three_days[0].id).update(amount=1)
    first = Seal.objects.order_by("day")[0]
    Seal.objects.filter(id=first.id).delete()
    page = queries.digests(after=BEGINNING, until=first.day)
    forged = rules.page_hash(chain.BEGINNING, first.day, page)
    Seal.objects.create(day=first.day, rows=first.rows, digests=page, hash=forged)
    second = Seal.objects.order_by("day")[1]
    assert found() == [("seal_broken", second.day.isoformat())]


def test_a_seal_that_was_taken_away_is_missed(three_days: list[Transfer], walls_down: None) -> None:
    first, second, _ = Seal.objects.order_by("day")
    Seal.objects.filter(id=first.id).delete()
    assert ("seal_broken", second.day.isoformat()) in found()


def test_a_walk_holds_a_page_of_rows_at_a_time(three_days: list[Transfer], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries.balances, "PAGE", 1)
    walked: list[int] = []
    assert list(queries.broken_seals(progress=walked.append)) == []
    assert walked == [1] * 6


@pytest.mark.parametrize("statement", ["UPDATE ledger_seal SET rows = 0", "DELETE FROM ledger_seal"])
def test_the_database_refuses_to_change_a_seal(three_days: list[Transfer], statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
