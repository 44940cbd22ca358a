from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction

from entremise.jobs.models import Mission
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, InvoiceLine, Receipt
from entremise.settlement.operations.statements import explain_line
from entremise.settlement.queries import claims_open
from tests.settlement.conftest import DECEMBER_4, NOVEMBER, balance, settle, statement

TODAY = DECEMBER_4.date()


@pytest.fixture
def invoice(treasurer: Act, worked: Mission) -> Invoice:
    """49 € that Odile owes."""
    settle(treasurer)
    return Invoice.objects.select_related("client").get()


@pytest.fixture
def another(treasurer: Act, invoice: Invoice) -> Invoice:
    """20 € that Odile owes as well."""
    number = "FA-2026-0002"
    return Invoice.objects.create(
        number=number,
        client=invoice.client,
        month=invoice.month,
        issued_on=TODAY,
        due_on=TODAY,
        total=2000,
        document=invoice.document,
        entry=invoice.entry,
        issued_at=treasurer.at,
    )


def in_the_books(client: UUID) -> int:
    """What the client's own account says."""
    return ledger.balances_by_holder(code="411000").get(client, 0)


def test_one_transfer_pays_several_invoices_it_names(treasurer: Act, invoice: Invoice, another: Invoice) -> None:
    (line,) = statement(treasurer, ("69.00", "CRDT", "R1", "FA-2026-0001 et FA 2026 0002"))
    found = operations.receive_line(act=treasurer, line=line)
    assert (found.confidence, found.reason) == ("sure", "several_cited")
    assert queries.open_invoices() == []
    assert balance("512000") == 6900


def test_a_second_transfer_for_a_paid_invoice_waits_for_a_person(treasurer: Act, invoice: Invoice) -> None:
    claims = claims_open()
    for line in statement(
        treasurer, ("49.00", "CRDT", "R1", "FA-2026-0001"), ("49.00", "CRDT", "R2", "FA-2026-0001 encore")
    ):
        operations.receive_line(act=treasurer, line=line, claims=claims)
    assert Receipt.objects.count() == 1
    assert balance("512000") == 4900


def test_claims_read_before_somebody_else_was_paid_settle_nothing_twice(treasurer: Act, invoice: Invoice) -> None:
    claims = claims_open()
    operations.receive_cash(act=treasurer, invoice=invoice, amount=4900, how="cash", on=TODAY, key="till")
    (line,) = statement(treasurer, ("49.00", "CRDT", "R1", "FA-2026-0001"))
    assert operations.receive_line(act=treasurer, line=line, claims=claims).confidence == "none"
    line.refresh_from_db()
    assert (line.state, line.reason) == ("unmatched", "nothing_found")
    assert Receipt.objects.count() == 1


@pytest.mark.parametrize(("amount", "reason"), [("48.99", "partial"), ("50.00", "overpaid")])
def test_another_amount_than_the_invoices_waits_for_a_person(
    treasurer: Act, invoice: Invoice, amount: str, reason: str
) -> None:
    (line,) = statement(treasurer, (amount, "CRDT", "R1", "FA-2026-0001"))
    operations.receive_line(act=treasurer, line=line)
    line.refresh_from_db()
    assert (line.state, line.reason) == ("unmatched", reason)
    assert balance("512000") == 0


def test_too_much_stays_to_the_clients_credit(treasurer: Act, invoice: Invoice) -> None:
    (line,) = statement(treasurer, ("60.00", "CRDT", "R1", "FA-2026-0001"))
    operations.receive_by_hand(act=treasurer, line=line, invoice=invoice)
    assert queries.open_invoices() == []
    assert queries.owed_by(client=invoice.client_id) == in_the_books(invoice.client_id) == -1100


def test_a_line_explained_once_is_not_explained_again(treasurer: Act, invoice: Invoice, another: Invoice) -> None:
    (line,) = statement(treasurer, ("20.00", "CRDT", "R1", "merci"))
    stale = type(line).objects.get()
    operations.receive_by_hand(act=treasurer, line=line, invoice=another)
    with pytest.raises(Refused, match="not_now"):
        operations.receive_by_hand(act=treasurer, line=stale, invoice=invoice)
    assert Receipt.objects.count() == 1


def test_money_that_left_pays_no_invoice(treasurer: Act, invoice: Invoice) -> None:
    (line,) = statement(treasurer, ("49.00", "DBIT", "R1", "FA-2026-0001"))
    assert operations.receive_line(act=treasurer, line=line).confidence == "none"
    with pytest.raises(Refused, match="not_now"):
        operations.receive_by_hand(act=treasurer, line=line, invoice=invoice)


def test_a_payment_that_the_bank_takes_back_is_due_again(treasurer: Act, invoice: Invoice) -> None:
    paid, gone = sorted(
        statement(treasurer, ("49.00", "CRDT", "R1", "FA-2026-0001"), ("49.00", "DBIT", "R2", "IMPAYE")),
        key=lambda line: -line.amount,
    )
    with pytest.raises(Refused, match="line_differs"):
        operations.give_back(act=treasurer, line=gone, invoice=invoice)  # Nothing was received of it.
    operations.receive_line(act=treasurer, line=paid)
    operations.give_back(act=treasurer, line=gone, invoice=invoice)
    assert [one.due for one in queries.open_invoices()] == [4900]
    assert queries.owed_by(client=invoice.client_id) == in_the_books(invoice.client_id) == 4900
    assert balance("512000") == 0
    with pytest.raises(Refused, match="not_now"):
        operations.give_back(act=treasurer, line=gone, invoice=invoice)


def test_what_is_credited_after_the_payment_is_given_back(treasurer: Act, invoice: Invoice) -> None:
    paid, gone = sorted(
        statement(treasurer, ("49.00", "CRDT", "R1", "FA-2026-0001"), ("24.50", "DBIT", "R2", "REMBOURSEMENT")),
        key=lambda line: -line.amount,
    )
    operations.receive_line(act=treasurer, line=paid)
    note = operations.credit(act=treasurer, key="note 1", invoice=invoice, reason="Une heure de trop", amount=2450)
    operations.give_back(act=treasurer, line=gone, invoice=note)
    assert queries.open_invoices() == []
    assert queries.owed_by(client=invoice.client_id) == in_the_books(invoice.client_id) == 0


@pytest.mark.parametrize(
    ("what", "way", "code", "left"),
    [("grant", "CRDT", "740000", -1500), ("fees", "DBIT", "627000", 1500), ("urssaf", "DBIT", "431000", 1500)],
)
def test_a_movement_that_pays_nothing_of_ours_is_in_the_books(
    treasurer: Act, inside: object, what: str, way: str, code: str, left: int
) -> None:
    (line,) = statement(treasurer, ("15.00", way, "R1", "X"))
    stale = type(line).objects.get()
    done = explain_line(act=treasurer, line=line, what=what)
    assert (done.state, done.reason) == ("set_aside", what)
    assert (balance(code), balance("512000")) == (left, -left)
    with pytest.raises(Refused, match="not_now"):
        explain_line(act=treasurer, line=stale, what=what)


def test_cheques_and_coins_brought_to_the_bank_leave_the_drawer(treasurer: Act, invoice: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=invoice, amount=3000, how="cheque", on=TODAY, key="cheque")
    operations.receive_cash(act=treasurer, invoice=invoice, amount=1900, how="cash", on=TODAY, key="till")
    lines = statement(
        treasurer, ("30.00", "CRDT", "R1", "REM CHQ"), ("15.00", "CRDT", "R2", "VRST"), ("9.00", "CRDT", "R3", "VRST")
    )
    cheques, coins, more = sorted(lines, key=lambda line: line.amount, reverse=True)
    explain_line(act=treasurer, line=cheques, what="cheques")
    explain_line(act=treasurer, line=coins, what="cash")
    assert (balance("511200"), balance("530000"), balance("512000")) == (0, 400, 4500)
    with pytest.raises(Refused, match="not_enough"), transaction.atomic():
        explain_line(act=treasurer, line=more, what="cash")  # The till holds 4 €.


def test_a_credit_note_takes_no_money(treasurer: Act, invoice: Invoice) -> None:
    note = operations.credit(act=treasurer, key="note 2", invoice=invoice, reason="Geste", amount=1000)
    (line,) = statement(treasurer, ("10.00", "CRDT", "R1", "AV-2026-0001"))
    assert operations.receive_line(act=treasurer, line=line).confidence == "none"
    with pytest.raises(Refused, match="not_an_invoice"):
        operations.receive_by_hand(act=treasurer, line=line, invoice=note)
    with pytest.raises(Refused, match="not_an_invoice"):
        operations.receive_cash(act=treasurer, invoice=note, amount=1000, how="cash", on=TODAY, key="till")


def test_a_credit_after_the_payment_is_owed_to_the_client(treasurer: Act, invoice: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=invoice, amount=4900, how="cheque", on=TODAY, key="cheque")
    operations.credit(act=treasurer, key="note 3", invoice=invoice, reason="Une heure de trop", amount=2450)
    assert queries.open_invoices() == []
    assert queries.owed_by(client=invoice.client_id) == in_the_books(invoice.client_id) == -2450


def test_a_credit_settles_only_what_is_still_due(treasurer: Act, invoice: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=invoice, amount=4000, how="cash", on=TODAY, key="till")
    operations.credit(act=treasurer, key="note 4", invoice=invoice, reason="Geste", amount=2000)
    assert Receipt.objects.get(how="credit_note").amount == 900
    assert queries.owed_by(client=invoice.client_id) == in_the_books(invoice.client_id) == -1100


def test_a_credit_sent_twice_is_one_note(treasurer: Act, invoice: Invoice) -> None:
    asked = {"act": treasurer, "invoice": invoice, "reason": "Une heure de trop", "amount": 1000, "key": "form 1"}
    assert operations.credit(**asked) == operations.credit(**asked)
    assert queries.owed_by(client=invoice.client_id) == in_the_books(invoice.client_id) == 3900
    for other in ({"amount": 2000}, {"reason": "Geste"}):
        with pytest.raises(Refused, match="key_reused"):
            operations.credit(**{**asked, **other})
    operations.credit(**{**asked, "key": "form 2"})
    assert queries.owed_by(client=invoice.client_id) == 2900


def test_what_was_credited_stays_billed(treasurer: Act, invoice: Invoice) -> None:
    operations.credit(act=treasurer, key="note 5", invoice=invoice, reason="Erreur")
    run = operations.open_run(act=replace(treasurer, at=treasurer.at + timedelta(days=1)), month=NOVEMBER)
    assert queries.items_to_do(run=run.id) == []
    assert InvoiceLine.objects.filter(fulfilment__isnull=False).count() == 1


def test_coins_beyond_what_is_due_are_given_back(treasurer: Act, invoice: Invoice) -> None:
    with pytest.raises(Refused, match="amount_not_due"):
        operations.receive_cash(act=treasurer, invoice=invoice, amount=4901, how="cash", on=TODAY, key="till")


@pytest.mark.parametrize("how", ["transfer", "credit_note", "gold"])
def test_only_coins_and_cheques_come_over_the_counter(treasurer: Act, invoice: Invoice, how: str) -> None:
    with pytest.raises(Refused, match="amount_not_due"):
        operations.receive_cash(act=treasurer, invoice=invoice, amount=100, how=how, on=TODAY, key="till")


def test_the_clock_matches_statements_but_takes_no_coins(treasurer: Act, invoice: Invoice) -> None:
    clock = Act(by=THE_CLOCK, at=DECEMBER_4, door=Door.CLOCK)
    (line,) = statement(treasurer, ("49.00", "CRDT", "R1", "FA-2026-0001"))
    with pytest.raises(Refused, match="not_allowed"):
        operations.receive_cash(act=clock, invoice=invoice, amount=100, how="cash", on=TODAY, key="till")
    assert operations.receive_line(act=clock, line=line).confidence == "sure"


def test_somebody_who_owes_nothing_owes_nothing(treasurer: Act) -> None:
    stranger = Person.objects.create(family_name="Garrigue", known_since=DECEMBER_4)
    assert queries.owed_by(client=stranger.id) == 0
