from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.models import BankFile, Mandate
from entremise.settlement import operations, queries
from entremise.settlement.models import Debit, Invoice, Receipt
from entremise.settlement.operations.debits import Collected
from entremise.settlement.operations.statements import bring_in
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.races import rivals
from tests.settlement.conftest import ENTRY, STATEMENT, balance, settle
from tests.settlement.races.test_settling import month

__all__ = ["month"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

SOON = datetime(2026, 12, 28, 9, 0, tzinfo=UTC)


@pytest.fixture
def announced(month: tuple[Organisation, Act]) -> tuple[Organisation, Act]:
    """Four invoices of 24.50 €, each to be collected of its client."""
    organisation, treasurer = month
    with scope.writing(organisation.id):
        LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
        settle(treasurer)
        for invoice in Invoice.objects.select_related("client"):
            iban, signed = "FR7630004000070000000178914", date(2026, 11, 20)
            payments.give_mandate(act=treasurer, person=invoice.client, iban=iban, signed_on=signed, how="paper")
        operations.announce_debits(act=treasurer)
    return organisation, replace(treasurer, at=SOON)


def test_eight_who_make_the_file_make_one(announced: tuple[Organisation, Act]) -> None:
    organisation, treasurer = announced
    made = rivals(8, organisation.id, lambda _: operations.order_debits(act=treasurer))
    assert len([one for one in made if isinstance(one, Collected)]) == 1
    assert {str(one.code) for one in made if isinstance(one, Refused)} == {"nothing_to_collect"}
    with scope.writing(organisation.id):
        assert (BankFile.objects.filter(message="pain.008").count(), Debit.objects.filter(state="ordered").count()) == (
            1,
            4,
        )


def test_four_who_announce_tell_each_client_once(announced: tuple[Organisation, Act]) -> None:
    organisation, treasurer = announced
    with scope.writing(organisation.id):
        for debit in Debit.objects.select_related("invoice__client"):
            operations.drop_debit(act=treasurer, debit=debit)
            operations.collect_again(act=treasurer, debit=debit)
    rivals(4, organisation.id, lambda _: operations.announce_debits(act=treasurer))
    with scope.writing(organisation.id):
        assert Debit.objects.filter(state="announced").count() == 4


def test_coins_and_the_file_at_once_never_take_more_than_is_due(announced: tuple[Organisation, Act]) -> None:
    organisation, treasurer = announced
    with scope.writing(organisation.id):
        ids = list(Invoice.objects.order_by("number").values_list("id", flat=True))

    def either(number: int) -> object:
        if number == 4:
            return operations.order_debits(act=treasurer)
        invoice = Invoice.objects.select_related("client").get(id=ids[number])
        return operations.receive_cash(
            act=treasurer, invoice=invoice, amount=2450, how="cash", on=SOON.date(), key=str(number)
        )

    found = rivals(5, organisation.id, either)
    assert all(isinstance(one, Receipt | Collected | Refused) for one in found)
    with scope.writing(organisation.id):
        ordered = set(Debit.objects.filter(state="ordered").values_list("invoice_id", flat=True))
        paid = set(Receipt.objects.values_list("invoice_id", flat=True))
        assert not ordered & paid
        assert ordered | paid == set(ids)


def test_a_mandate_revoked_while_the_file_is_made_is_in_it_or_not_at_all(announced: tuple[Organisation, Act]) -> None:
    organisation, treasurer = announced

    def either(number: int) -> object:
        if number:
            return operations.order_debits(act=treasurer)
        return payments.revoke_mandate(act=treasurer, mandate=Mandate.objects.order_by("id").first())

    assert not [one for one in rivals(2, organisation.id, either) if isinstance(one, Exception)]
    with scope.writing(organisation.id):
        assert set(Debit.objects.values_list("state", flat=True)) <= {"ordered", "dropped"}


def test_a_statement_read_by_four_collects_once(announced: tuple[Organisation, Act]) -> None:
    organisation, treasurer = announced
    with scope.writing(organisation.id):
        operations.order_debits(act=treasurer)
    entry = ENTRY.format(amount="98.00", way="CRDT", ref="R1", text="REMISE")
    content = STATEMENT.format(entries=entry).encode()
    rivals(4, organisation.id, lambda _: bring_in(act=treasurer, name="s.xml", content=content))
    with scope.writing(organisation.id):
        assert (Receipt.objects.count(), balance("512000"), queries.open_invoices()) == (4, 9800, [])
