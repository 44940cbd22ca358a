from functools import partial

import pytest

from entremise.documents.models import Document
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Payslip, Tip, TipPaid
from entremise.settlement.operations.tips import join_tips, tips_to_join
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.races import rivals
from tests.settlement.conftest import DECEMBER_4, balance
from tests.settlement.races.test_accounts import month, saved

__all__ = ["month", "saved"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def worker_of(organisation: Organisation) -> Person:
    with scope.writing(organisation.id):
        return Person.objects.create(given_name="Karim", family_name="Belkacem", known_since=DECEMBER_4)


def test_the_same_money_thanks_once(saved: tuple[Organisation, Act, Person]) -> None:
    organisation, act, client = saved
    give = partial(operations.give_tip, act=act, client=client, worker=worker_of(organisation), how="account")
    made = rivals(8, organisation.id, lambda number: give(occasion=new_id(), amount=2000, key=str(number)))
    assert len([one for one in made if isinstance(one, Tip)]) == 1, made
    assert {str(one.code) for one in made if isinstance(one, Refused)} == {"account_empty"}


def test_one_that_is_taken_back_while_a_payslip_takes_it_is_either(saved: tuple[Organisation, Act, Person]) -> None:
    organisation, act, client = saved
    worker = worker_of(organisation)
    with scope.writing(organisation.id):
        tip = operations.give_tip(
            act=act, client=client, worker=worker, occasion=new_id(), amount=200, how="cash", key="x"
        )
        said = {"kind": "letter", "template": "letter", "data": {}}
        document = Document.objects.create(number="BP-2026-9999", issued_at=DECEMBER_4, **said)

    def pay() -> object:
        tips = tips_to_join(worker=worker)
        amount = sum(one.amount for one in tips)
        money = {"gross": 0, "net": 0, "tips": amount, "paid": amount, "employer_cost": 0, "minutes": 0}
        payslip = Payslip.objects.create(
            number="BP-2026-9999",
            worker=worker,
            month=DECEMBER_4.date(),
            document=document,
            entry=new_id(),
            issued_at=DECEMBER_4,
            **money,
        )
        join_tips(payslip=payslip, tips=tips)
        return payslip

    def either(number: int) -> object:
        return operations.take_back_tip(act=act, tip=tip, reason="x") if number else pay()

    rivals(4, organisation.id, either)
    with scope.writing(organisation.id):
        back = Tip.objects.filter(takes_back=tip).count()
        assert back + TipPaid.objects.count() == 1
        assert sum(Payslip.objects.filter(number="BP-2026-9999").values_list("tips", flat=True)) == (0 if back else 200)
        assert -balance("467100") == (0 if back else 200)  # The wage's own entry is not part of this.
        assert [one.taken_back for one in queries.tips()] == [bool(back)]
