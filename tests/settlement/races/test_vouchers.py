"""The last euro of a gift voucher, and a number that two desks type at the same moment."""

from datetime import date
from functools import partial

import pytest

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Receipt, Voucher
from entremise.settlement.rules.vouchers import Given
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from tests.races import rivals
from tests.settlement.conftest import balance, settle
from tests.settlement.races.test_settling import month

__all__ = ["month"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def billed(month: tuple[Organisation, Act]) -> tuple[Organisation, Act, list[Invoice]]:
    """Four clients who owe 24.50 € each."""
    organisation, treasurer = month
    with scope.writing(organisation.id):
        LegalIdentity.objects.update(sap_number="SAP732829320", sap_date=date(2020, 1, 1))
        settle(treasurer)
        invoices = list(Invoice.objects.select_related("client").order_by("number"))
    return organisation, treasurer, invoices


def test_several_clients_spend_one_code_and_never_more_than_it_holds(
    billed: tuple[Organisation, Act, list[Invoice]],
) -> None:
    organisation, act, invoices = billed
    with scope.writing(organisation.id):
        voucher, code = operations.sell_gift_voucher(act=act, value=6000, how="cash", key="sale", secret_key="s")
    spend = partial(operations.spend_gift_voucher, act=act, code=code, secret_keys=["s"])
    made = rivals(8, organisation.id, lambda one: spend(invoice=invoices[one % 4], key=str(one)))
    assert {one.code for one in made if isinstance(one, Refused)} <= {"gift_empty", "nothing_due"}
    assert not [one for one in made if isinstance(one, Exception) and not isinstance(one, Refused)]
    with scope.writing(organisation.id):
        spent = sorted(Receipt.objects.filter(how="gift_voucher").values_list("amount", flat=True))
        assert (spent, queries.gift_left(voucher=voucher)) == ([1100, 2450, 2450], 0)


def test_a_number_typed_for_two_invoices_at_once_is_taken_once(
    billed: tuple[Organisation, Act, list[Invoice]],
) -> None:
    organisation, act, invoices = billed
    given = [Given("up", "1001", 2026, 1000)]
    take = partial(operations.take_vouchers, act=act, vouchers=given)
    made = rivals(4, organisation.id, lambda one: take(invoice=invoices[one], key=str(one)))
    assert [one.code for one in made if isinstance(one, Refused)] == ["voucher_taken"] * 3
    with scope.writing(organisation.id):
        assert (Voucher.objects.count(), balance("511500")) == (1, 1000)


def test_what_is_refused_and_paid_at_once_adds_up(billed: tuple[Organisation, Act, list[Invoice]]) -> None:
    organisation, act, invoices = billed
    with scope.writing(organisation.id):
        both = [Given("up", number, 2026, 1000) for number in ("1", "2")]
        taken = operations.take_vouchers(act=act, invoice=invoices[0], vouchers=both, key="k")
        operations.claim_vouchers(act=act, vouchers=taken)
    refuse = partial(operations.refuse_voucher, act=act, voucher=taken[0], reason="x")
    made = rivals(4, organisation.id, lambda _: refuse())
    assert len([one for one in made if isinstance(one, Voucher)]) == 1
    with scope.writing(organisation.id):
        assert balance("511500") == 1000
