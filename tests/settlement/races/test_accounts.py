from datetime import date
from functools import partial

import pytest

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments.operations import set_bank_account
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Approval, Invoice, Receipt, Withdrawal
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.races import rivals
from tests.settlement.conftest import balance, settle
from tests.settlement.races.test_settling import month

__all__ = ["month"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]

DAY = date(2026, 12, 7)
IBAN = "FR7630006000011234567890189"


@pytest.fixture
def saved(month: tuple[Organisation, Act]) -> tuple[Organisation, Act, Person]:
    """A client who owes 24.50 € and has 30 € with us."""
    organisation, treasurer = month
    with scope.writing(organisation.id):
        settle(treasurer)
        client = Invoice.objects.select_related("client").order_by("number")[0].client
        set_bank_account(act=treasurer, person=client, iban=IBAN)
        operations.pay_in(act=treasurer, person=client, amount=3000, how="cash", key="in")
    return organisation, treasurer, client


def test_the_same_money_is_taken_back_once(saved: tuple[Organisation, Act, Person]) -> None:
    organisation, act, client = saved
    take = partial(operations.withdraw, act=act, person=client, amount=2000, how="transfer")
    made = rivals(8, organisation.id, lambda number: take(key=str(number)))
    assert len([one for one in made if isinstance(one, Withdrawal)]) == 1
    assert {str(one.code) for one in made if isinstance(one, Refused)} == {"account_too_low"}
    with scope.writing(organisation.id):
        assert queries.free_on_account(person=client.id) == 1000


def test_two_clicks_at_once_are_one_wish(saved: tuple[Organisation, Act, Person]) -> None:
    organisation, act, client = saved
    take = partial(operations.withdraw, act=act, person=client, amount=1000, how="cash", key="same")
    rivals(6, organisation.id, lambda _: take())
    with scope.writing(organisation.id):
        assert (Withdrawal.objects.count(), balance("530000")) == (1, 2000)


def test_what_is_spent_and_asked_back_at_once_is_there(saved: tuple[Organisation, Act, Person]) -> None:
    organisation, act, client = saved
    with scope.writing(organisation.id):
        invoice = Invoice.objects.select_related("client").filter(client=client).order_by("number")[0]

    def either(number: int) -> object:
        if number % 2:
            return operations.withdraw(act=act, person=client, amount=3000, how="transfer", key=str(number))
        return operations.pay_from_account(act=act, invoice=invoice, key=str(number))

    rivals(6, organisation.id, either)
    with scope.writing(organisation.id):
        spent = sum(Receipt.objects.filter(how="account").values_list("amount", flat=True))
        asked = sum(Withdrawal.objects.values_list("amount", flat=True))
        assert spent + asked in (2450, 3000)
        assert queries.free_on_account(person=client.id) == 3000 - spent - asked


def test_one_file_is_made_of_what_was_asked_back(saved: tuple[Organisation, Act, Person]) -> None:
    organisation, act, client = saved
    with scope.writing(organisation.id):
        for key in ("a", "b"):
            operations.withdraw(act=act, person=client, amount=500, how="transfer", key=key)
    made = rivals(6, organisation.id, lambda _: operations.order_withdrawals(act=act, execution_on=DAY))
    assert {str(one.code) for one in made if isinstance(one, Refused)} == {"nothing_to_pay"}
    with scope.writing(organisation.id):
        assert set(Withdrawal.objects.values_list("state", flat=True)) == {"ordered"}
        assert Withdrawal.objects.values("file").distinct().count() == 1
        assert not Approval.objects.exists()
