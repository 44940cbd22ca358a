"""What people have with us: paid in, kept, spent, given back, closed at nothing; and one statement of all of it."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Actor, Door
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.payments.operations import set_bank_account
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, MemberAccount, Payslip, Withdrawal
from entremise.settlement.rules.runs import MEMBER_ACCOUNT, WITHDRAWAL
from tests.settlement.conftest import balance, settle, statement

DAY = date(2026, 12, 7)
IBAN = "FR7630006000011234567890189"


@pytest.fixture
def billed(treasurer: Act, worked: Mission) -> Invoice:
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


@pytest.fixture
def client(billed: Invoice) -> Person:
    return billed.client


def paid_in(act: Act, person: Person, amount: int = 3000, key: str = "in") -> None:
    operations.pay_in(act=act, person=person, amount=amount, how="cash", key=key)


def free(person: Person) -> int:
    return queries.free_on_account(person=person.id)


def test_what_is_paid_in_stands_to_ones_own_credit(treasurer: Act, client: Person) -> None:
    paid_in(treasurer, client)
    paid_in(treasurer, client)  # Two clicks.
    assert (free(client), balance("419100"), balance("530000")) == (3000, -3000, 3000)
    with pytest.raises(Refused, match="key_reused"):
        paid_in(treasurer, client, 4000)
    with pytest.raises(Refused, match="amount_needed"):
        paid_in(treasurer, client, 0, "other")


def test_an_invoice_is_paid_as_far_as_the_account_goes(treasurer: Act, client: Person, billed: Invoice) -> None:
    paid_in(treasurer, client)
    for _ in range(2):
        receipt = operations.pay_from_account(act=treasurer, invoice=billed, key="pay")
    assert (receipt.amount, free(client), queries.owed_by(client=client.id)) == (3000, 0, 1900)
    with pytest.raises(Refused, match="account_empty"):
        operations.pay_from_account(act=treasurer, invoice=billed, key="more")
    paid_in(treasurer, client, 5000, "again")
    assert operations.pay_from_account(act=treasurer, invoice=billed, key="rest").amount == 1900
    assert free(client) == 3100
    with pytest.raises(Refused, match="nothing_due"):
        operations.pay_from_account(act=treasurer, invoice=billed, key="too much")


def test_what_was_paid_too_much_is_kept_once(treasurer: Act, client: Person, billed: Invoice) -> None:
    (line,) = statement(treasurer, ("60.00", "CRDT", "R1", "merci"))
    operations.receive_by_hand(act=treasurer, line=line, invoice=billed)
    assert operations.keep_overpaid(act=treasurer, person=client) == 1100
    assert (free(client), queries.owed_by(client=client.id)) == (1100, 0)
    with pytest.raises(Refused, match="nothing_overpaid"):
        operations.keep_overpaid(act=treasurer, person=client)


def test_a_credit_note_on_a_paid_invoice_can_be_kept(treasurer: Act, client: Person, billed: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=billed, amount=4900, how="cash", on=DAY, key="all")
    operations.credit(act=treasurer, invoice=billed, key="note", reason="trop", amount=900)
    assert operations.keep_overpaid(act=treasurer, person=client) == 900
    assert queries.owed_by(client=client.id) == 0


def test_coins_leave_over_the_counter_and_never_more_than_there_are(treasurer: Act, client: Person) -> None:
    paid_in(treasurer, client)
    with pytest.raises(Refused, match="account_too_low"):
        operations.withdraw(act=treasurer, person=client, amount=3001, how="cash", key="w")
    for _ in range(2):
        given = operations.withdraw(act=treasurer, person=client, amount=1000, how="cash", key="w")
    assert (given.state, free(client), balance("530000")) == ("paid", 2000, 2000)


def test_what_is_asked_back_cannot_be_spent_meanwhile(treasurer: Act, client: Person, billed: Invoice) -> None:
    paid_in(treasurer, client)
    with pytest.raises(Refused, match="no_account_to_pay"):
        operations.withdraw(act=treasurer, person=client, amount=2500, how="transfer", key="w")
    set_bank_account(act=treasurer, person=client, iban=IBAN)
    asked = operations.withdraw(act=treasurer, person=client, amount=2500, how="transfer", key="w")
    assert (asked.state, free(client)) == ("asked", 500)
    assert operations.pay_from_account(act=treasurer, invoice=billed, key="pay").amount == 500
    operations.drop_withdrawal(act=treasurer, withdrawal=asked)
    assert free(client) == 2500
    with pytest.raises(Refused, match="not_now"):
        operations.drop_withdrawal(act=treasurer, withdrawal=Withdrawal.objects.get())


def test_a_transfer_leaves_with_the_file_and_ends_with_the_banks_word(treasurer: Act, client: Person) -> None:
    paid_in(treasurer, client)
    set_bank_account(act=treasurer, person=client, iban=IBAN)
    asked = operations.withdraw(act=treasurer, person=client, amount=2500, how="transfer", key="w")
    with pytest.raises(Refused, match="day_past"):
        operations.order_withdrawals(act=treasurer, execution_on=date(2026, 12, 1))
    given = operations.order_withdrawals(act=treasurer, execution_on=DAY)
    assert given.file
    content = bytes(given.file.content).decode()
    assert IBAN in content
    assert asked.reference in content
    with pytest.raises(Refused, match="nothing_to_pay"):
        operations.order_withdrawals(act=treasurer, execution_on=DAY)
    (line,) = statement(treasurer, ("25.00", "DBIT", "R1", f"VIR {asked.reference}"))
    assert [one.reference for one in operations.recognise_withdrawals(act=treasurer, lines=[line])] == [asked.reference]
    assert Withdrawal.objects.get().state == "paid"
    assert (balance("512000"), balance("419100")) == (-2500, -500)


def test_a_file_booked_as_one_line_is_known_by_its_sum(treasurer: Act, client: Person) -> None:
    paid_in(treasurer, client)
    set_bank_account(act=treasurer, person=client, iban=IBAN)
    for key in ("a", "b"):
        operations.withdraw(act=treasurer, person=client, amount=1000, how="transfer", key=key)
    operations.order_withdrawals(act=treasurer, execution_on=DAY)
    lines = statement(treasurer, ("20.01", "DBIT", "R1", "VIR"), ("20.00", "DBIT", "R2", "VIR"))
    line, other = sorted(lines, key=lambda one: -one.amount)
    assert operations.recognise_withdrawals(act=treasurer, lines=[other]) == []
    assert len(operations.recognise_withdrawals(act=treasurer, lines=[line])) == 2


def test_what_the_bank_refuses_is_on_the_account_again(treasurer: Act, client: Person) -> None:
    paid_in(treasurer, client)
    set_bank_account(act=treasurer, person=client, iban=IBAN)
    operations.withdraw(act=treasurer, person=client, amount=2500, how="transfer", key="w")
    operations.order_withdrawals(act=treasurer, execution_on=DAY)
    operations.reject_withdrawal(act=treasurer, withdrawal=Withdrawal.objects.get())
    assert free(client) == 3000


def test_an_account_is_closed_at_nothing_only(treasurer: Act, client: Person) -> None:
    with pytest.raises(Refused, match="not_now"):
        operations.close_account(act=treasurer, person=client)
    paid_in(treasurer, client)
    with pytest.raises(Refused, match="account_not_empty"):
        operations.close_account(act=treasurer, person=client)
    operations.withdraw(act=treasurer, person=client, amount=3000, how="cash", key="w")
    assert operations.close_account(act=treasurer, person=client).state == "closed"
    paid_in(treasurer, client, 100, "back")
    assert MemberAccount.objects.get().state == "open"


def test_people_use_what_is_theirs_and_nothing_of_others(treasurer: Act, client: Person, billed: Invoice) -> None:
    paid_in(treasurer, client)
    herself = replace(treasurer, by=Actor(client.id, frozenset()), door=Door.SITE)
    stranger = replace(treasurer, by=Actor(new_id(), frozenset()), door=Door.SITE)
    with pytest.raises(Refused, match="not_allowed"):
        operations.pay_from_account(act=stranger, invoice=billed, key="pay")
    with pytest.raises(Refused, match="not_allowed"):
        operations.withdraw(act=herself, person=client, amount=100, how="cash", key="w")
    assert operations.pay_from_account(act=herself, invoice=billed, key="pay").amount == 3000


def test_one_statement_tells_all_and_adds_up(treasurer: Act, client: Person, billed: Invoice) -> None:
    paid_in(treasurer, client)
    operations.pay_from_account(act=treasurer, invoice=billed, key="pay")
    seen = queries.statement(person=client.id)
    told = [(line.code, line.cause, line.amount, line.moved, line.balance) for line in reversed(seen.lines)]
    assert told == [
        ("411000", "invoice", -4900, 0, -4900),
        ("419100", "account_in", 3000, 0, -1900),
        ("419100", "account_used", 0, 3000, -1900),
    ]
    assert (seen.balance, seen.free, seen.owes, seen.owed, seen.overpaid) == (-1900, 0, 1900, 0, 0)


def test_a_workers_statement_tells_their_pay_in_one_line(treasurer: Act, billed: Invoice) -> None:
    payslip = Payslip.objects.select_related("worker").get()
    seen = queries.statement(person=payslip.worker_id)
    (line,) = seen.lines
    assert (line.code, line.cause, line.piece, line.amount) == ("421000", "payslip", payslip.number, payslip.paid)
    assert (seen.owed, seen.balance) == (payslip.paid, payslip.paid)


def test_a_long_statement_asks_no_more_often(treasurer: Act, client: Person) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            queries.statement(person=client.id)
        return len(captured)

    paid_in(treasurer, client)
    little = asked()
    for number in range(6):
        paid_in(treasurer, client, 100, f"k{number}")
    assert asked() == little


def test_every_state_is_reached() -> None:
    assert not MEMBER_ACCOUNT.unreachable
    assert not WITHDRAWAL.unreachable
