from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial

import pytest

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments.models import BankFile
from entremise.payments.operations import set_bank_account
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice, SupplierBill
from entremise.settlement.rules.bills import Bought
from entremise.settlement.rules.goods import Sold
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.races import rivals
from tests.settlement.conftest import balance
from tests.settlement.races.test_settling import month

__all__ = ["month"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

DAY = date(2026, 12, 7)
LINES = [Bought("Pellets", Decimal("0.10"), 20000, 2000)]
Write = Callable[[], SupplierBill]


@pytest.fixture
def write(month: tuple[Organisation, Act]) -> Write:
    organisation, treasurer = month
    with scope.writing(organisation.id):
        supplier = people.add_person(act=treasurer, family_name="Scierie", kind="company", phones=[])
        set_bank_account(act=treasurer, person=supplier, iban="FR7630006000011234567890189")
    days = {"dated_on": date(2026, 12, 1), "due_on": DAY}
    return partial(operations.write_bill, act=treasurer, supplier=supplier, number="F-1", lines=LINES, **days)


def test_the_same_sale_by_many_is_billed_once(month: tuple[Organisation, Act]) -> None:
    organisation, act = month
    with scope.writing(organisation.id):
        client = Person.objects.order_by("id")[0]
    bags = [Sold("Pellets", 2, "sacs", 575, Decimal("0.10"))]
    said = {"client": client, "title": "x", "lines": bags, "role": "own_sale", "supplier": None, "key": "k"}
    made = rivals(6, organisation.id, lambda _: operations.bill_goods(act=act, **said))
    assert len({one.id for one in made if isinstance(one, Invoice)}) == 1
    with scope.writing(organisation.id):
        assert balance("411000") == 1150


def test_a_bill_that_two_write_down_is_there_once(month: tuple[Organisation, Act], write: Write) -> None:
    organisation, _act = month
    made = rivals(6, organisation.id, lambda _: write())
    assert len([one for one in made if isinstance(one, SupplierBill)]) == 1
    assert {str(one.code) for one in made if isinstance(one, Refused)} == {"bill_known"}
    with scope.writing(organisation.id):
        assert balance("401000") == -22000


def test_a_bill_leaves_in_one_file_and_by_no_other_way(month: tuple[Organisation, Act], write: Write) -> None:
    organisation, act = month
    with scope.writing(organisation.id):
        bill = operations.approve_bill(act=act, bill=write())

    def pay(number: int) -> object:
        if number % 2:
            return operations.order_bills(act=act, execution_on=DAY)
        mine = SupplierBill.objects.select_related("supplier").get(id=bill.id)
        return operations.hand_over_bill(act=act, bill=mine, how="cheque")

    made = rivals(6, organisation.id, pay)
    assert len([one for one in made if not isinstance(one, Refused)]) == 1
    with scope.writing(organisation.id):
        bill.refresh_from_db()
        assert (bill.state, BankFile.objects.filter(way="out").count()) in (("ordered", 1), ("paid", 0))
        assert balance("401000") == (-22000 if bill.state == "ordered" else 0)
