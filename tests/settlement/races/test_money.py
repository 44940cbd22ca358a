from datetime import timedelta
from uuid import UUID

import pytest

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Payout, Payslip, Receipt
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.races import rivals
from tests.settlement.conftest import DECEMBER_4, balance, settle, statement
from tests.settlement.races.test_settling import month

__all__ = ["month"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

Owed = tuple[Organisation, Act, UUID]


@pytest.fixture
def owed(month: tuple[Organisation, Act]) -> Owed:
    """Four invoices of 24.50 €; the id of the first."""
    organisation, treasurer = month
    with scope.writing(organisation.id):
        settle(treasurer)
        return organisation, treasurer, Invoice.objects.get(number="FA-2026-0001").id


def test_a_line_read_by_eight_processes_is_received_once(owed: Owed) -> None:
    organisation, treasurer, _ = owed
    with scope.writing(organisation.id):
        statement(treasurer, ("49.00", "CRDT", "R1", "FA-2026-0001 FA-2026-0002"))
    found = rivals(
        8, organisation.id, lambda _: operations.receive_line(act=treasurer, line=BankLine.objects.get()).confidence
    )
    assert not [one for one in found if isinstance(one, Exception)]
    with scope.writing(organisation.id):
        assert (Receipt.objects.count(), balance("512000"), balance("411000")) == (2, 4900, 4900)
        assert len(queries.open_invoices()) == 2


def test_two_lines_for_one_invoice_pay_it_once(owed: Owed) -> None:
    organisation, treasurer, _ = owed
    with scope.writing(organisation.id):
        lines = statement(treasurer, *[("24.50", "CRDT", f"R{n}", "FA-2026-0001") for n in range(4)])
    ids = [line.id for line in lines]
    found = rivals(
        4,
        organisation.id,
        lambda n: operations.receive_line(act=treasurer, line=BankLine.objects.get(id=ids[n])).confidence,
    )
    assert sorted(str(one) for one in found) == ["none", "none", "none", "sure"]
    with scope.writing(organisation.id):
        assert (Receipt.objects.count(), balance("512000")) == (1, 2450)


def test_coins_pushed_eight_times_are_taken_once(owed: Owed) -> None:
    organisation, treasurer, first = owed
    taken = rivals(
        8,
        organisation.id,
        lambda _: operations.receive_cash(
            act=treasurer,
            invoice=Invoice.objects.get(id=first),
            amount=1000,
            how="cash",
            on=DECEMBER_4.date(),
            key="till 1",
        ),
    )
    assert len({one.id for one in taken if isinstance(one, Receipt)}) == 1
    with scope.writing(organisation.id):
        assert balance("530000") == 1000


def test_an_invoice_is_credited_once_by_eight(owed: Owed) -> None:
    organisation, treasurer, first = owed
    notes = rivals(
        8,
        organisation.id,
        lambda number: operations.credit(
            act=treasurer, key=f"note {number}", invoice=Invoice.objects.get(id=first), reason="Erreur"
        ),
    )
    assert [one.number for one in notes if isinstance(one, Invoice)] == ["AV-2026-0001"]
    assert {one.code for one in notes if isinstance(one, Refused)} == {"credit_too_large"}
    with scope.writing(organisation.id):
        assert balance("411000") == 3 * 2450
        assert ledger.verify() == []


def test_a_wage_confirmed_and_rejected_at_once_is_one_of_them(owed: Owed) -> None:
    organisation, treasurer, _ = owed
    with scope.writing(organisation.id):
        slip = Payslip.objects.select_related("worker").get()
        payments.set_bank_account(act=treasurer, person=slip.worker, iban="FR7630006000011234567890189")
        operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date() + timedelta(days=3))

    def decide(number: int) -> str:
        payout = Payout.objects.select_related("payslip").get()
        if number % 2:
            return operations.reject_payout(act=treasurer, payout=payout).state
        return operations.paid_out(act=treasurer, payout=payout, on=DECEMBER_4.date()).state

    said = {one for one in rivals(8, organisation.id, decide) if isinstance(one, str)}
    with scope.writing(organisation.id):
        state = Payout.objects.get().state
        assert said == {state}
        assert balance("421000") == (0 if state == "paid" else -slip.paid)
        assert ledger.verify() == []


def test_a_wage_handed_over_eight_times_while_a_file_is_made_is_paid_once(owed: Owed) -> None:
    organisation, treasurer, _ = owed
    with scope.writing(organisation.id):
        slip = Payslip.objects.select_related("worker").get()
        payments.set_bank_account(act=treasurer, person=slip.worker, iban="FR7630006000011234567890189")

    def pay(number: int) -> str:
        if number % 2:
            return operations.hand_over(act=treasurer, payslip=Payslip.objects.get(), how="cheque").state
        return operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date()).file.name

    found = rivals(8, organisation.id, pay)
    refused = {one.code for one in found if isinstance(one, Refused)}
    assert not [one for one in found if isinstance(one, Exception) and not isinstance(one, Refused)]
    assert refused <= {"already_ordered", "nothing_to_pay"}
    with scope.writing(organisation.id):
        assert Payout.objects.count() == 1
        assert ledger.verify() == []


def test_of_two_people_who_match_a_line_at_once_one_wins_and_the_other_hears_so(owed: Owed) -> None:
    organisation, treasurer, _ = owed
    with scope.writing(organisation.id):
        statement(treasurer, ("24.50", "CRDT", "R1", "merci"))
        theirs = list(Invoice.objects.filter(number__startswith="FA").select_related("client").order_by("number"))
        assert len({invoice.client_id for invoice in theirs}) == 4  # No lock on a client is shared.
    found = rivals(
        4,
        organisation.id,
        lambda n: operations.receive_parts(act=treasurer, line=BankLine.objects.get(), parts={theirs[n]: 2450}),
    )
    assert len([one for one in found if isinstance(one, list)]) == 1
    assert [one.code for one in found if isinstance(one, Refused)] == ["not_now"] * 3
    with scope.writing(organisation.id):
        assert (Receipt.objects.count(), balance("512000")) == (1, 2450)
        assert ledger.verify() == []


def test_a_match_is_taken_back_once_by_eight(owed: Owed) -> None:
    organisation, treasurer, _ = owed
    with scope.writing(organisation.id):
        (line,) = statement(treasurer, ("24.50", "CRDT", "R1", "FA-2026-0001"))
        operations.receive_line(act=treasurer, line=line)
    found = rivals(
        8,
        organisation.id,
        lambda _: operations.unmatch_line(act=treasurer, line=BankLine.objects.get(), reason="wrong_client"),
    )
    assert len([one for one in found if isinstance(one, BankLine)]) == 1
    assert {one.code for one in found if isinstance(one, Refused)} == {"not_now"}
    assert len([one for one in found if isinstance(one, Refused)]) == 7
    with scope.writing(organisation.id):
        assert (len(queries.open_invoices()), balance("512000")) == (4, 0)
        assert ledger.verify() == []
