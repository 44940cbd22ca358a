from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import transaction

from entremise.jobs.models import Mission
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.ledger.rules import Problem
from entremise.messaging.models import Task
from entremise.payments.models import BankFile, BankLine
from entremise.settlement import operations, queries
from entremise.settlement.models import Payout, Payslip
from entremise.settlement.operations.statements import bring_in, explain_line
from entremise.settlement.rules import fec
from entremise.settlement.rules.runs import PAYOUT
from tests.settlement.conftest import DECEMBER_4, ENTRY, STATEMENT, balance, settle, statement

DAY = date(2026, 12, 7)


@pytest.fixture
def payout(treasurer: Act, worked: Mission) -> Payout:
    """Karim's wage, in a file that the bank has."""
    settle(treasurer)
    operations.order_payouts(act=treasurer, execution_on=DAY)
    return Payout.objects.select_related("payslip__worker").get()


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


def test_an_ordered_wage_is_held_and_still_owed(payout: Payout) -> None:
    worker = ledger.account(code="421000", holder=payout.payslip.worker_id)
    bank = ledger.account(code="512000")
    assert worker is not None
    assert bank is not None
    assert ledger.balance(account=worker.id).posted == -payout.amount
    assert ledger.balance(account=bank.id).pending_out == payout.amount
    assert queries.unpaid_payslips() == []


def test_the_file_holds_the_wages_to_the_cent(payout: Payout) -> None:
    file = BankFile.objects.get(way="out")
    assert (file.lines, file.total) == (1, Payslip.objects.get().paid)
    assert f"<EndToEndId>{payout.payslip.number}</EndToEndId>" in bytes(file.content).decode()


def test_a_wage_the_bank_books_alone_is_known_by_its_payslip(treasurer: Act, payout: Payout) -> None:
    other = statement(treasurer, (euros(payout.amount + 1), "DBIT", "R1", "BP-2026-0001"))
    assert operations.recognise_payouts(act=treasurer, line=other[0]) == []
    (line,) = statement(treasurer, (euros(payout.amount), "DBIT", "R2", "PAIE BP-2026-0001"))
    assert operations.recognise_payouts(act=treasurer, line=line) == [payout]
    line.refresh_from_db()
    assert (line.state, line.reason) == ("matched", "wages_file")
    assert balance("421000") == 0


def test_two_files_of_one_total_wait_for_a_person(treasurer: Act, payout: Payout) -> None:
    twin = BankFile.objects.get(way="out")
    twin.pk, twin.sha256 = None, "0" * 64
    twin.save(force_insert=True)
    Payout.objects.create(
        payslip=_another_payslip(payout), file=twin, amount=payout.amount, iban=payout.iban, ordered_at=DECEMBER_4
    )
    (line,) = statement(treasurer, (euros(payout.amount), "DBIT", "R1", "VIR SEPA"))
    assert operations.recognise_payouts(act=treasurer, line=line) == []
    assert BankLine.objects.get().state == "unmatched"


def test_a_wage_that_comes_back_is_owed_again_and_leaves_with_the_next_file(treasurer: Act, payout: Payout) -> None:
    operations.reject_payout(act=treasurer, payout=payout)
    assert balance("421000") == -payout.amount
    assert queries.unpaid_payslips() == [payout.payslip]
    operations.order_payouts(act=treasurer, execution_on=DAY)
    again = Payout.objects.get(state="ordered")
    operations.paid_out(act=treasurer, payout=again, on=DAY)
    assert (balance("421000"), balance("512000")) == (0, -payout.amount)
    assert ledger.verify() == []


def test_a_wage_is_paid_once(treasurer: Act, payout: Payout) -> None:
    stale = Payout.objects.select_related("payslip").get()
    operations.paid_out(act=treasurer, payout=payout, on=DAY)
    assert operations.paid_out(act=treasurer, payout=stale, on=DAY).state == "paid"
    assert balance("512000") == -payout.amount
    with pytest.raises(Refused, match="not_now"):
        operations.reject_payout(act=treasurer, payout=stale)


def test_who_writes_the_account_down_does_not_order_the_payment(treasurer: Act, payout: Payout) -> None:
    coordinator = replace(treasurer, by=Actor(treasurer.by.person, frozenset({Role.COORDINATOR})))
    with pytest.raises(Refused, match="not_allowed"):
        operations.order_payouts(act=coordinator, execution_on=DAY)
    with pytest.raises(Refused, match="not_allowed"):
        operations.paid_out(act=coordinator, payout=payout, on=DAY)


def test_a_statement_brought_in_twice_explains_all_it_can_once(treasurer: Act, payout: Payout) -> None:
    entries = ENTRY.format(amount="49.00", way="CRDT", ref="R1", text="FA-2026-0001")
    entries += ENTRY.format(amount=euros(payout.amount), way="DBIT", ref="R2", text="VIR SEPA")
    entries += ENTRY.format(amount="3.10", way="DBIT", ref="R3", text="FRAIS")
    content = STATEMENT.format(entries=entries).encode()
    first = bring_in(act=treasurer, name="s.xml", content=content)
    second = bring_in(act=treasurer, name="s.xml", content=content)
    assert ((first.new, first.matched), (second.new, second.matched)) == ((3, 2), (0, 2))
    assert (balance("411000"), balance("421000"), balance("512000")) == (0, 0, 4900 - payout.amount)


def test_a_wage_that_comes_back_after_it_was_paid_is_owed_again(treasurer: Act, payout: Payout) -> None:
    wage = euros(payout.amount)
    entries = ENTRY.format(amount=wage, way="DBIT", ref="R1", text="VIR SEPA")
    entries += ENTRY.format(amount=wage, way="CRDT", ref="R2", text="REJET BP-2026-0001 COMPTE CLOS")
    brought = bring_in(act=treasurer, name="s.xml", content=STATEMENT.format(entries=entries).encode())
    assert brought.matched == 2
    assert Payout.objects.get().state == "returned"
    assert (balance("421000"), balance("512000")) == (-payout.amount, 0)
    assert queries.unpaid_payslips() == [payout.payslip]
    assert Task.objects.get(kind="wage_returned").person == payout.payslip.worker
    assert ledger.verify() == []
    lines = list(queries.fec_lines(period=Period(date(2026, 1, 1), date(2026, 12, 31))))
    assert fec.problems(lines) == []
    assert {line.split("\t")[0] for line in lines[-2:]} == {"BQ"}
    operations.order_payouts(act=treasurer, execution_on=DAY)
    assert Payout.objects.filter(state="ordered").count() == 1


def test_a_wage_that_comes_back_before_the_bank_booked_it_never_left(treasurer: Act, payout: Payout) -> None:
    operations.send_back(act=treasurer, payout=payout, on=DAY)
    assert Payout.objects.get().state == "rejected"
    assert (balance("421000"), balance("512000")) == (-payout.amount, 0)
    with pytest.raises(Refused, match="not_now"):
        operations.send_back(act=treasurer, payout=payout, on=DAY)


def test_a_file_without_the_wage_that_did_not_leave_is_known_by_what_is_left(treasurer: Act, payout: Payout) -> None:
    file = BankFile.objects.get(way="out")
    file.total += 500
    file.save()
    slip = _another_payslip(payout)
    Payout.objects.create(payslip=slip, file=file, amount=500, state="rejected", ordered_at=DECEMBER_4)
    (line,) = statement(treasurer, (euros(payout.amount), "DBIT", "R1", "VIR SEPA"))
    assert [one.state for one in operations.recognise_payouts(act=treasurer, line=line)] == ["paid"]


def test_what_the_bank_takes_back_is_no_wage_that_left(treasurer: Act, payout: Payout) -> None:
    line = statement(treasurer, (euros(payout.amount), "DBIT", "R1", "ANNULATION"))[0]
    line.reversal = True
    assert operations.recognise_payouts(act=treasurer, line=line) == []


@pytest.mark.parametrize(("how", "out_of"), [("cheque", "512000"), ("cash", "530000")])
def test_a_wage_handed_over_is_paid_at_once_and_once(treasurer: Act, worked: Mission, how: str, out_of: str) -> None:
    settle(treasurer)
    payslip = Payslip.objects.get()
    with pytest.raises(Refused, match="not_enough"), transaction.atomic():
        operations.hand_over(act=treasurer, payslip=payslip, how="cash")  # Nobody paid in coins yet.
    (line,) = statement(treasurer, ("100.00", "DBIT", "R1", "RETRAIT"))
    explain_line(act=treasurer, line=line, what="cash")
    before = balance(out_of)
    first = operations.hand_over(act=treasurer, payslip=payslip, how=how)
    assert operations.hand_over(act=treasurer, payslip=payslip, how=how) == first
    assert (balance("421000"), balance(out_of)) == (0, before - payslip.paid)
    assert queries.unpaid_payslips() == []
    with pytest.raises(Refused, match="nothing_to_pay"):
        operations.order_payouts(act=treasurer, execution_on=DAY)
    operations.send_back(act=treasurer, payout=first, on=DAY)
    assert (balance("421000"), balance(out_of)) == (-payslip.paid, before)
    assert not Task.objects.filter(kind="wage_returned").exists()
    assert operations.hand_over(act=treasurer, payslip=payslip, how=how) != first


def test_a_wage_in_a_file_is_not_handed_over_too(treasurer: Act, payout: Payout) -> None:
    with pytest.raises(Refused, match="already_ordered"):
        operations.hand_over(act=treasurer, payslip=payout.payslip, how="cash")


def test_coins_pay_no_more_than_the_law_lets_them(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    payslip = Payslip.objects.get()
    payslip.paid = 150_001
    with pytest.raises(Refused, match="cash_wage_too_large"):
        operations.hand_over(act=treasurer, payslip=payslip, how="cash")


def test_a_person_says_which_wage_a_line_is(treasurer: Act, payout: Payout) -> None:
    other, line = statement(
        treasurer, (euros(payout.amount + 1), "DBIT", "R1", "VIR"), (euros(payout.amount), "CRDT", "R2", "VIR")
    )
    if other.amount > 0:
        other, line = line, other
    with pytest.raises(Refused, match="number_unknown"):
        operations.wages_by_hand(act=treasurer, line=line, number="BP-9")
    with pytest.raises(Refused, match="line_differs"):
        operations.wages_by_hand(act=treasurer, line=other, number="BP-2026-0001")
    with pytest.raises(Refused, match="number_unknown"):  # It comes back once it is known to have left.
        operations.wages_by_hand(act=treasurer, line=line, number="BP-2026-0001")
    (left,) = statement(treasurer, (euros(payout.amount), "DBIT", "R3", "VIR"))
    for known, state in ((left, "paid"), (line, "returned")):
        (wage,) = operations.wages_by_hand(act=treasurer, line=known, number="bp-2026-0001")
        assert wage.state == state
    assert balance("512000") == 0


def test_every_state_of_a_payout_is_reachable() -> None:
    assert not PAYOUT.unreachable


def _another_payslip(payout: Payout) -> Payslip:
    row = payout.payslip
    row.pk, row.number = None, "BP-2026-0002"
    row.save(force_insert=True)
    return row


WRONG = [Problem("transfer_changed", "01a21c41-8187-71ee-a402-d39c05814ead")]


def prove(act: Act, found: list[Problem]) -> None:
    operations.note_proof(act=replace(act, by=THE_CLOCK, door=Door.CLOCK), transfers=1, facts=1, found=found)


def test_no_wage_is_ordered_or_handed_over_while_the_books_do_not_add_up(treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    prove(treasurer, WRONG)
    with pytest.raises(Refused, match="payouts_stopped"):
        operations.order_payouts(act=treasurer, execution_on=DAY)
    with pytest.raises(Refused, match="payouts_stopped"):
        operations.hand_over(act=treasurer, payslip=Payslip.objects.get(), how="cheque")
    assert not BankFile.objects.filter(way="out").exists()
    prove(replace(treasurer, at=treasurer.at + timedelta(days=1)), [])
    assert operations.order_payouts(act=treasurer, execution_on=DAY).file.lines == 1


def test_what_the_bank_tells_is_written_down_all_the_same(treasurer: Act, payout: Payout) -> None:
    prove(treasurer, WRONG)
    (line,) = statement(treasurer, (euros(payout.amount), "DBIT", "R2", "PAIE BP-2026-0001"))
    assert operations.recognise_payouts(act=treasurer, line=line) == [payout]


def test_nobody_writes_down_that_all_is_well(treasurer: Act) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        operations.note_proof(act=treasurer, transfers=0, facts=0, found=[])


def test_a_proof_names_some_problems_and_counts_them_all(treasurer: Act) -> None:
    prove(treasurer, WRONG * 50)
    stop = ledger.payouts_stopped()
    assert stop is not None
    assert (stop.latest.count, len(stop.latest.found)) == (50, 20)
