from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import entremise.figures
from entremise.figures.rules import FigureTable, parse_toml
from entremise.kernel.ids import new_id
from entremise.kernel.time import Period
from entremise.settlement.rules import books_fr
from entremise.settlement.rules.books_fr import Move, Slot
from entremise.settlement.rules.payroll_fr import Family, Pay, PayInput, PayLine, payslip

FIGURES = FigureTable(
    parse_toml((Path(entremise.figures.__file__).parent / "data" / "fr.toml").read_text(encoding="utf-8"))
)
WORKER, CLIENT = new_id(), new_id()


def worked(minutes: int, hourly: int = 1231, rate: str = "0") -> Pay:
    month = PayInput(
        month=Period.month(2026, 11),
        worked_minutes=minutes,
        hourly_gross=hourly,
        headcount_under_11=False,
        headcount_under_50=True,
        non_profit=True,
        fixed_term=True,
        withholding_rate=Decimal(rate),
    )
    return payslip(month, FIGURES)


def balances(moves: list[Move]) -> Counter[str]:
    """Debit less credit of each account."""
    sums: Counter[str] = Counter()
    for move in moves:
        sums[move.debit.chart[0]] += move.amount
        sums[move.credit.chart[0]] -= move.amount
    return sums


@given(
    minutes=st.integers(1, 9100),
    hourly=st.integers(1231, 3000),
    rate=st.decimals("0", "0.43", places=3).map(str),
)
def test_a_payslip_leaves_the_worker_the_net_and_the_employer_its_cost(minutes: int, hourly: int, rate: str) -> None:
    pay = worked(minutes, hourly, rate)
    moves = books_fr.payslip_moves(WORKER, pay, "BP-2026-0001")
    left = balances(moves)
    assert min(move.amount for move in moves) > 0
    assert sum(left.values()) == 0
    assert left["421000"] == -pay.net_payable
    assert left["442100"] == -pay.withholding
    assert left["431000"] + left["437000"] == -(pay.employee_total + pay.employer_total)
    assert left["641100"] + left["641200"] + left["645100"] + left["645300"] == pay.cost


def test_the_worker_alone_holds_what_is_owed_to_them() -> None:
    moves = books_fr.payslip_moves(WORKER, worked(600), "BP-2026-0001")
    held = {slot for move in moves for slot in (move.debit, move.credit) if slot.holder}
    assert held == {Slot(books_fr.STAFF, WORKER)}


def test_a_relief_larger_than_the_contributions_turns_the_transfer_round() -> None:
    pay = worked(600)
    relief = PayLine("general_reduction", "Réduction", Family.RELIEF, pay.gross, employer_amount=-pay.gross)
    rest = [line for line in pay.lines if line.code != "general_reduction"]
    generous = replace(pay, lines=(*rest, relief))
    moves = books_fr.payslip_moves(WORKER, generous, "BP-2026-0001")
    assert min(move.amount for move in moves) > 0
    assert balances(moves)["645100"] < 0


@pytest.mark.parametrize(("how", "code"), [("transfer", "512000"), ("cash", "530000"), ("cheque", "511200")])
def test_a_payment_is_kept_where_it_came_in(how: str, code: str) -> None:
    assert balances(books_fr.receipt_moves(CLIENT, 4900, how, "FA-2026-0001")) == {code: 4900, "411000": -4900}


def test_a_credit_note_undoes_an_invoice() -> None:
    moves = books_fr.invoice_moves(CLIENT, 4900, "FA-2026-0001") + books_fr.credit_moves(CLIENT, 4900, "AV-2026-0001")
    assert set(balances(moves).values()) == {0}


def test_a_month_without_holiday_or_tax_makes_no_empty_transfer() -> None:
    pay = replace(worked(600), holiday=0, withholding=0)
    codes = balances(books_fr.payslip_moves(WORKER, pay, "BP-2026-0001"))
    assert not {"641200", "442100"} & set(codes)
