"""What people say of bank lines: what they pay, part by part; what is learned from it; what is taken back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from entremise.history.models import Fact
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.payments import operations as payments
from entremise.payments.models import BankLine, LineRule
from entremise.payments.queries import rules_for
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.operations.statements import explain_line, explain_lines
from tests.settlement.conftest import DECEMBER_4, balance, settle, statement

DUPLICATE = "FA-2026-000{}"
HERS, THEIRS = "FR7630004000070000000178914", "FR7630006000020000000053846"
Brought = Callable[..., BankLine]


@pytest.fixture
def invoice(treasurer: Act, worked: Mission) -> Invoice:
    """49 € that Odile Marsan owes."""
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


def another(first: Invoice, number: int, total: int, client: Person | None = None) -> Invoice:
    return Invoice.objects.create(
        number=DUPLICATE.format(number),
        client=client or first.client,
        month=first.month,
        issued_on=first.issued_on,
        due_on=first.due_on + timedelta(days=number),
        total=total,
        document=first.document,
        entry=first.entry,
        issued_at=first.issued_at,
    )


@pytest.fixture
def brought(treasurer: Act) -> Brought:
    """A line of a statement, from somebody."""
    refs = iter(range(99))

    def bring(amount: str, text: str = "", payer: str = "", iban: str = "", way: str = "CRDT") -> BankLine:
        (line,) = statement(treasurer, (amount, way, f"L{next(refs)}", text))
        BankLine.objects.filter(id=line.id).update(counterparty=payer, counterparty_iban=iban)
        line.refresh_from_db()
        return line

    return bring


@pytest.fixture
def paul(invoice: Invoice) -> Person:
    return Person.objects.create(given_name="Paul", family_name="Brémond", known_since=DECEMBER_4)


def dues() -> dict[str, int]:
    return {one.invoice.number: one.due for one in queries.open_invoices()}


def test_one_line_pays_several_invoices_of_a_client(treasurer: Act, invoice: Invoice, brought: Brought) -> None:
    second = another(invoice, 2, 2000)
    line = brought("69.00")
    receipts = operations.receive_parts(act=treasurer, line=line, parts={invoice: 4900, second: 2000})
    assert [one.amount for one in receipts] == [4900, 2000]
    assert dues() == {}
    line.refresh_from_db()
    assert (line.state, line.reason) == ("matched", "by_hand")
    assert balance("512000") == 6900


def test_one_line_pays_a_part_of_an_invoice(treasurer: Act, invoice: Invoice, brought: Brought) -> None:
    operations.receive_parts(act=treasurer, line=brought("20.00"), parts={invoice: 2000})
    assert dues() == {"FA-2026-0001": 2900}


def test_what_is_left_of_a_line_is_the_credit_of_its_client(treasurer: Act, invoice: Invoice, brought: Brought) -> None:
    second = another(invoice, 2, 2000)
    operations.receive_parts(act=treasurer, line=brought("80.00"), parts={invoice: 4900, second: 2000})
    assert queries.owed_by(client=invoice.client_id) == -1100


def test_one_line_pays_for_several_clients_to_the_cent(
    treasurer: Act, invoice: Invoice, brought: Brought, paul: Person
) -> None:
    his = another(invoice, 2, 2000, paul)
    line = brought("70.00", payer="CCAS", iban=THEIRS)
    with pytest.raises(Refused, match="line_not_spent") as refused, transaction.atomic():
        operations.receive_parts(act=treasurer, line=line, parts={invoice: 4900, his: 2000})
    assert (refused.value.where, refused.value.params) == ("FA-2026-0002", {"left": 100})
    operations.receive_parts(act=treasurer, line=brought("69.00"), parts={invoice: 4900, his: 2000})
    assert dues() == {}
    assert not LineRule.objects.exists()  # Whose money it is, nobody could say.


@pytest.mark.parametrize(
    ("amounts", "code", "where"),
    [
        ({}, "nothing_chosen", "parts"),
        ({1: 4901}, "amount_not_due", "FA-2026-0001"),
        ({1: 0}, "amount_not_due", "FA-2026-0001"),
        ({1: -100}, "amount_not_due", "FA-2026-0001"),
        ({1: 4900, 2: 1101}, "beyond_the_line", "FA-2026-0002"),
    ],
)
def test_a_wrong_amount_is_refused_beside_its_invoice_and_changes_nothing(
    treasurer: Act, invoice: Invoice, brought: Brought, amounts: dict[int, int], code: str, where: str
) -> None:
    known = {1: invoice, 2: another(invoice, 2, 2000)}
    parts = {known[number]: amount for number, amount in amounts.items()}
    with pytest.raises(Refused, match=code) as refused:
        operations.receive_parts(act=treasurer, line=brought("60.00"), parts=parts)
    assert refused.value.where == where
    assert not Receipt.objects.exists()


def test_the_account_of_a_client_is_remembered_and_the_next_line_settles_itself(
    treasurer: Act, invoice: Invoice, brought: Brought
) -> None:
    second, third = another(invoice, 2, 2000), another(invoice, 3, 3000)
    operations.receive_by_hand(act=treasurer, line=brought("49.00", "", "MME MARSAN", HERS), invoice=invoice)
    rule = LineRule.objects.get()
    assert (rule.iban, rule.name, rule.client_id, rule.taught_by) == (HERS, "", invoice.client_id, treasurer.by.person)
    found = operations.receive_line(act=treasurer, line=brought("20.00", "merci", "MARSAN ODILE", HERS))
    assert (found.confidence, found.reason) == ("sure", "learned")
    assert dues() == {third.number: 3000}
    assert second.number not in dues()
    rule.refresh_from_db()
    assert (rule.used, rule.times) == (1, 1)


def test_without_an_account_the_name_and_the_text_are_remembered(
    treasurer: Act, invoice: Invoice, brought: Brought
) -> None:
    another(invoice, 2, 2000)
    line = brought("49.00", "MENAGE NOVEMBRE 2026", "M MARSAN")
    operations.receive_by_hand(act=treasurer, line=line, invoice=invoice)
    same = operations.receive_line(act=treasurer, line=brought("20.00", "menage décembre 2026", "MARSAN M."))
    assert same.confidence == "sure"


def test_whoever_pays_for_others_is_believed_the_second_time(
    treasurer: Act, invoice: Invoice, brought: Brought
) -> None:
    second, _ = another(invoice, 2, 2000), another(invoice, 3, 3000)
    ccas = {"payer": "CCAS DE BOURG", "iban": THEIRS}
    operations.receive_by_hand(act=treasurer, line=brought("49.00", **ccas), invoice=invoice)
    doubtful = brought("20.00", **ccas)
    assert operations.receive_line(act=treasurer, line=doubtful).confidence == "none"
    operations.receive_by_hand(act=treasurer, line=doubtful, invoice=second)
    assert operations.receive_line(act=treasurer, line=brought("30.00", **ccas)).confidence == "sure"


def test_an_account_that_pays_for_two_clients_only_suggests(
    treasurer: Act, invoice: Invoice, brought: Brought, paul: Person
) -> None:
    his = another(invoice, 2, 2000, paul)
    another(invoice, 3, 3000)
    for paid in (invoice, his):
        for _ in range(2):
            line = brought("1.00", payer="CCAS", iban=THEIRS)
            operations.receive_by_hand(act=treasurer, line=line, invoice=paid)
    line = brought("30.00", payer="CCAS", iban=THEIRS)
    assert len(rules_for(lines=[line])[line.id]) == 2
    assert operations.receive_line(act=treasurer, line=line).confidence == "none"


def test_a_rule_that_was_withdrawn_settles_nothing_and_may_be_taught_again(
    treasurer: Act, invoice: Invoice, brought: Brought
) -> None:
    another(invoice, 2, 2000)
    line = brought("49.00", payer="MARSAN", iban=HERS)
    operations.receive_by_hand(act=treasurer, line=line, invoice=invoice)
    rule = payments.withdraw_rule(act=treasurer, rule=LineRule.objects.get())
    with pytest.raises(Refused, match="not_now"):
        payments.withdraw_rule(act=treasurer, rule=rule)
    later = brought("20.00", payer="MARSAN", iban=HERS)
    assert operations.receive_line(act=treasurer, line=later).confidence == "none"
    payments.teach(act=treasurer, line=line, client=invoice.client)
    assert LineRule.objects.filter(withdrawn_at=None).count() == 1


def test_a_line_that_is_always_a_fee_is_written_as_one(treasurer: Act, inside: object, brought: Brought) -> None:
    explain_line(act=treasurer, line=brought("3.10", "FRAIS TENUE 11/2026", way="DBIT"), what="fees", always=True)
    fees, other, back = (
        brought("3.20", "FRAIS TENUE 12/2026", way="DBIT"),
        brought("3.20", "FRAIS DE REJET", way="DBIT"),
        brought("3.20", "FRAIS TENUE 12/2026"),
    )
    assert explain_lines(act=treasurer, lines=[fees, other, back]) == 1
    assert explain_lines(act=treasurer, lines=[fees, other, back]) == 0
    fees.refresh_from_db()
    assert (fees.state, fees.reason) == ("set_aside", "fees")
    assert balance("627000") == 630
    assert LineRule.objects.get().used == 1


def test_a_match_that_is_taken_back_is_reversed_and_waits_for_a_person(
    treasurer: Act, invoice: Invoice, brought: Brought
) -> None:
    line = brought("49.00", "FA-2026-0001")
    operations.receive_line(act=treasurer, line=line)
    operations.unmatch_line(act=treasurer, line=line, reason="wrong_invoice")
    assert (line.state, line.reason, line.undone) == ("unmatched", "wrong_invoice", 1)
    assert dues() == {"FA-2026-0001": 4900}
    assert queries.owed_by(client=invoice.client_id) == balance("411000") == 4900
    assert balance("512000") == 0
    assert Fact.objects.get(type="bank_line_reopened").data == {"reason": "wrong_invoice"}
    assert operations.receive_line(act=treasurer, line=line).confidence == "sure"
    line.refresh_from_db()
    assert line.state == "unmatched"  # No machine says again what a person took back.
    operations.receive_by_hand(act=treasurer, line=line, invoice=invoice)
    assert dues() == {}
    operations.unmatch_line(act=treasurer, line=line, reason="wrong_client")
    assert dues() == {"FA-2026-0001": 4900}
    assert ledger.verify() == []


def test_what_was_learned_from_it_alone_is_forgotten_with_it(
    treasurer: Act, invoice: Invoice, brought: Brought
) -> None:
    line = brought("49.00", payer="MARSAN", iban=HERS)
    operations.receive_by_hand(act=treasurer, line=line, invoice=invoice)
    operations.unmatch_line(act=treasurer, line=line, reason="wrong_client")
    assert LineRule.objects.get().withdrawn_at


def test_a_line_that_was_set_aside_is_taken_back_too(treasurer: Act, inside: object, brought: Brought) -> None:
    line = brought("3.10", "FRAIS", way="DBIT")
    explain_line(act=treasurer, line=line, what="fees", note="frais de novembre", always=True)
    operations.unmatch_line(act=treasurer, line=line, reason="not_a_payment")
    assert (balance("627000"), LineRule.objects.filter(withdrawn_at=None).count()) == (0, 0)
    explain_line(act=treasurer, line=line, what="urssaf")
    assert (balance("627000"), balance("431000")) == (0, 310)


def test_money_that_was_given_back_by_mistake_counts_again(treasurer: Act, invoice: Invoice, brought: Brought) -> None:
    operations.receive_line(act=treasurer, line=brought("49.00", "FA-2026-0001"))
    gone = brought("49.00", "IMPAYE", way="DBIT")
    operations.give_back(act=treasurer, line=gone, invoice=invoice)
    operations.unmatch_line(act=treasurer, line=gone, reason="wrong_invoice")
    assert (dues(), balance("512000")) == ({}, 4900)


@pytest.mark.parametrize(("reason", "code"), [("", "reason_needed"), ("humeur", "reason_needed")])
def test_taking_back_needs_a_reason(treasurer: Act, invoice: Invoice, brought: Brought, reason: str, code: str) -> None:
    line = brought("49.00", "FA-2026-0001")
    operations.receive_line(act=treasurer, line=line)
    with pytest.raises(Refused, match=code):
        operations.unmatch_line(act=treasurer, line=line, reason=reason)


def test_a_line_that_waits_or_pays_wages_has_nothing_to_take_back(
    treasurer: Act, invoice: Invoice, brought: Brought
) -> None:
    line = brought("17.00", "merci")
    with pytest.raises(Refused, match="not_now"):
        operations.unmatch_line(act=treasurer, line=line, reason="wrong_client")
    payments.mark_line(act=treasurer, line=line, state="matched", reason="wages_file")
    with pytest.raises(Refused, match="not_undoable"):
        operations.unmatch_line(act=treasurer, line=line, reason="wrong_client")


def test_the_books_close_between_a_match_and_its_end(treasurer: Act, invoice: Invoice, brought: Brought) -> None:
    line = brought("49.00", "FA-2026-0001")
    operations.receive_line(act=treasurer, line=line)
    later = replace(treasurer, at=treasurer.at + timedelta(days=40))
    operations.close_books(act=later, up_to=line.booked_on)
    operations.unmatch_line(act=later, line=line, reason="wrong_invoice")
    assert dues() == {"FA-2026-0001": 4900}
