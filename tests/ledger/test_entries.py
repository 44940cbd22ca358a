from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import operations, queries
from entremise.ledger.models import Account, BoundedBalance, Fold, Transfer
from entremise.ledger.rules import Line, Posting
from tests.ledger.conftest import AT, DAY, Post


def posted(account: Account) -> int:
    return queries.balance(account=account.id).posted


def test_an_entry_moves_money_from_credit_to_debit(post: Post, bank: Account, sales: Account) -> None:
    post("a", bank, sales, 4900)
    assert (posted(bank), posted(sales)) == (4900, -4900)


def test_the_same_key_and_request_again_writes_nothing(post: Post, bank: Account, sales: Account) -> None:
    first = post("a", bank, sales, 4900)
    again = post("a", bank, sales, 4900, at=AT + timedelta(hours=1))
    assert (again.id, again.repeated) == (first.id, True)
    assert Transfer.objects.count() == 1


def test_the_same_key_with_another_request_is_refused(post: Post, bank: Account, sales: Account) -> None:
    post("a", bank, sales, 4900)
    with pytest.raises(Refused, match="key_reused"):
        post("a", bank, sales, 4901)


def test_the_same_key_with_one_more_line_is_refused(post: Post, bank: Account, sales: Account) -> None:
    post("a", bank, sales, 4900)
    lines = [Line(bank.id, sales.id, 4900), Line(bank.id, sales.id, 100)]
    with pytest.raises(Refused, match="key_reused"), transaction.atomic():
        operations.post(key="a", at=AT, effective_on=DAY, cause="test", cause_id=None, lines=lines)
    assert Transfer.objects.count() == 1


@pytest.mark.parametrize("amount", [0, -1])
def test_an_amount_is_positive(post: Post, bank: Account, sales: Account, amount: int) -> None:
    with pytest.raises(ValueError, match="positive"):
        post("a", bank, sales, amount)


def test_two_assets_do_not_mix(post: Post, bank: Account) -> None:
    hours = operations.open_account(code="HOURS", name="Heures", asset="HOUR")
    with pytest.raises(ValueError, match="same asset"):
        post("a", bank, hours, 60)


def test_opening_an_account_twice_gives_the_same_one(bank: Account) -> None:
    assert operations.open_account(code="512", name="Banque").id == bank.id


def test_a_bounded_account_never_passes_its_bound(post: Post, bank: Account, fund: Account) -> None:
    post("in", bank, fund, 1000)
    with pytest.raises(Refused, match="not_enough"), transaction.atomic():
        post("too-much", fund, bank, 1001)
    post("all", fund, bank, 1000)
    assert posted(fund) == 0


def test_what_is_held_can_no_longer_be_spent(post: Post, bank: Account, fund: Account) -> None:
    post("in", bank, fund, 1000)
    held = operations.hold(
        key="h", at=AT, effective_on=DAY, cause="award", cause_id=None, lines=[Line(fund.id, bank.id, 700)]
    )
    with pytest.raises(Refused, match="not_enough"), transaction.atomic():
        post("more", fund, bank, 301)
    operations.release(key="r", at=AT, entry=held.id)
    post("more", fund, bank, 301)
    assert posted(fund) == -699


def test_a_hold_is_settled_once(post: Post, bank: Account, fund: Account) -> None:
    post("in", bank, fund, 1000)
    held = operations.hold(
        key="h", at=AT, effective_on=DAY, cause="award", cause_id=None, lines=[Line(fund.id, bank.id, 700)]
    )
    operations.settle_hold(key="s", at=AT, effective_on=DAY, entry=held.id)
    assert operations.settle_hold(key="s", at=AT, effective_on=DAY, entry=held.id).repeated
    with pytest.raises(Refused, match="already_resolved"):
        operations.release(key="r", at=AT, entry=held.id)
    assert queries.balance(account=fund.id) == queries.Balance(-300, 0, 0)


def test_a_reversal_is_the_mirror_and_happens_once(post: Post, bank: Account, sales: Account) -> None:
    entry = post("a", bank, sales, 4900)
    operations.reverse(key="r", at=AT, effective_on=DAY, entry=entry.id, cause="mistake")
    assert posted(bank) == 0
    with pytest.raises(Refused, match="already_reversed"):
        operations.reverse(key="r2", at=AT, effective_on=DAY, entry=entry.id, cause="mistake")


def test_a_closed_period_takes_no_entry(post: Post, bank: Account, sales: Account) -> None:
    operations.close_period(up_to=date(2026, 10, 31))
    with pytest.raises(Refused, match="period_closed"), transaction.atomic():
        post("a", bank, sales, 1, effective_on=date(2026, 10, 31))
    post("b", bank, sales, 1, effective_on=date(2026, 11, 1))


def test_closing_an_earlier_day_opens_nothing(inside: object) -> None:
    operations.close_period(up_to=date(2026, 10, 31))
    assert operations.close_period(up_to=date(2026, 9, 30)) == date(2026, 10, 31)


@pytest.mark.parametrize("statement", ["UPDATE ledger_transfer SET amount = 1", "DELETE FROM ledger_transfer"])
def test_the_database_refuses_to_change_a_transfer(post: Post, bank: Account, sales: Account, statement: str) -> None:
    post("a", bank, sales, 4900)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_folding_changes_no_balance(post: Post, bank: Account, sales: Account) -> None:
    for day in range(6):
        post(f"d{day}", bank, sales, 100 + day, at=AT - timedelta(days=6 - day))
    before = queries.balance(account=bank.id)
    assert operations.fold(today=DAY) == 5
    assert Fold.objects.filter(account=bank).count() == 5
    assert queries.balance(account=bank.id) == before
    assert queries.verify() == []


def test_a_folded_day_takes_no_more_rows(post: Post, bank: Account, sales: Account) -> None:
    post("a", bank, sales, 1, at=AT - timedelta(days=5))
    operations.fold(today=DAY)
    with pytest.raises(Refused, match="day_is_over"), transaction.atomic():
        post("late", bank, sales, 1, at=AT - timedelta(days=5))


def test_the_proof_finds_a_stored_balance_that_was_changed(post: Post, bank: Account, fund: Account) -> None:
    post("in", bank, fund, 1000)
    assert queries.verify() == []
    BoundedBalance.objects.filter(account=fund).update(posted=-1)
    assert {problem.code for problem in queries.verify()} == {"bounded_differs"}


def test_the_trial_balance_adds_up_to_nothing(post: Post, bank: Account, sales: Account, fund: Account) -> None:
    post("a", bank, sales, 4900)
    post("b", bank, fund, 700)
    lines = queries.trial_balance(up_to=DAY)
    assert [(line.code, line.balance) for line in lines] == [("194", -700), ("512", 5600), ("706", -4900)]
    assert sum(line.balance for line in lines) == 0


def test_journal_numbers_follow_each_other(post: Post, bank: Account, sales: Account) -> None:
    for key in "abc":
        post(key, bank, sales, 100)
    assert [line.number for line in queries.journal(period=Period.month(2026, 11))] == [1, 2, 3]


def test_many_entries_are_written_with_as_many_questions_as_one(bank: Account, sales: Account, fund: Account) -> None:
    def many(prefix: str, count: int) -> list[Posting]:
        lines = [Line(bank.id, sales.id, 100), Line(bank.id, fund.id, 10)]
        return [Posting(f"{prefix}{number}", DAY, "test", None, lines) for number in range(count)]

    operations.post_many(at=AT, postings=many("a", 1))  # What never changes is read once.
    with CaptureQueriesContext(connection) as few:
        operations.post_many(at=AT, postings=many("b", 2))
    with CaptureQueriesContext(connection) as lots:
        entries = operations.post_many(at=AT, postings=many("c", 200))
    assert len(lots) == len(few)
    assert len({entry.id for entry in entries}) == 200
    assert (posted(sales), posted(fund)) == (-20300, -2030)
    assert queries.verify() == []


def test_what_was_written_before_is_not_written_again_among_many(post: Post, bank: Account, sales: Account) -> None:
    first = post("a", bank, sales, 4900)
    same, other = (Posting(key, DAY, "test", None, [Line(bank.id, sales.id, 4900)]) for key in ("a", "b"))
    again = operations.post_many(at=AT, postings=[same, other])
    assert [(one.repeated, one.id == first.id) for one in again] == [(True, True), (False, False)]
    assert posted(bank) == 9800
    with pytest.raises(Refused, match="key_reused"), transaction.atomic():
        operations.post_many(at=AT, postings=[replace(other, key="c"), replace(same, cause="x")])


def test_many_entries_keep_to_bounds_and_open_days(bank: Account, sales: Account, fund: Account) -> None:
    spent = Posting("a", DAY, "test", None, [Line(fund.id, sales.id, 1)])
    with pytest.raises(Refused, match="not_enough"), transaction.atomic():
        operations.post_many(at=AT, postings=[spent])
    operations.close_period(up_to=DAY - timedelta(days=1))
    early = Posting("b", DAY - timedelta(days=1), "test", None, [Line(bank.id, sales.id, 1)])
    with pytest.raises(Refused, match="period_closed"), transaction.atomic():
        operations.post_many(at=AT, postings=[early])
    assert Transfer.objects.count() == 0
