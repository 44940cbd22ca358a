"""Two people stop or send at once: one letter, one pause, never a letter after a stop."""

from dataclasses import replace
from datetime import timedelta

import pytest

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.settlement import operations
from entremise.settlement.models import Invoice, Pause, Plan
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.races import rivals
from tests.settlement.conftest import settle
from tests.settlement.races.test_settling import month

__all__ = ["month"]

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]
Late = tuple[Organisation, Act, Invoice]


@pytest.fixture
def late(month: tuple[Organisation, Act]) -> Late:
    """An invoice that should have been paid long ago."""
    organisation, treasurer = month
    with scope.writing(organisation.id):
        settle(treasurer)
        invoice = Invoice.objects.select_related("client").earliest("number")
    return organisation, replace(treasurer, at=treasurer.at + timedelta(days=60)), invoice


def test_eight_who_send_at_once_send_one_letter(late: Late) -> None:
    organisation, act, invoice = late
    made = rivals(8, organisation.id, lambda _: operations.send_reminder(act=act, invoice=invoice, tone="friendly"))
    letters = [one for one in made if isinstance(one, Letter)]
    assert len(letters) == len(made)
    assert len({one.id for one in letters}) == 1
    with scope.writing(organisation.id):
        assert Letter.objects.filter(template="reminder_friendly").count() == 1


def test_six_who_say_stop_at_once_say_it_once(late: Late) -> None:
    organisation, act, invoice = late
    made = rivals(
        6, organisation.id, lambda _: operations.pause_reminders(act=act, client=invoice.client, why="hard_month")
    )
    assert all(isinstance(one, Pause) for one in made)
    with scope.writing(organisation.id):
        assert Pause.objects.filter(state="on").count() == 1


def test_a_stop_and_a_letter_at_once_leave_no_letter_after_the_stop(late: Late) -> None:
    organisation, act, invoice = late

    def either(number: int) -> object:
        if number % 2:
            return operations.pause_reminders(act=act, client=invoice.client, why="call")
        return operations.send_reminder(act=act, invoice=invoice, tone="friendly")

    found = rivals(6, organisation.id, either)
    assert all(isinstance(one, Letter | Pause | Refused) for one in found)
    with scope.writing(organisation.id):
        assert Pause.objects.filter(state="on").count() == 1
        assert not Letter.objects.filter(template="reminder_friendly").exclude(state="cancelled").exists()


def test_five_who_agree_at_once_agree_once(late: Late) -> None:
    organisation, act, invoice = late

    def agree(number: int) -> Plan:
        return operations.agree_plan(
            act=act, client=invoice.client, invoices=[invoice], count=2, first_on=act.at.date(), key=str(number)
        )

    made = rivals(5, organisation.id, agree)
    assert len([one for one in made if isinstance(one, Plan)]) == 1
    assert {str(one.code) for one in made if isinstance(one, Refused)} == {"plan_running"}


def test_a_plan_and_a_reminder_at_once_leave_no_reminder_after_the_plan(late: Late) -> None:
    organisation, act, invoice = late

    def either(number: int) -> object:
        if number % 2:
            return operations.agree_plan(
                act=act, client=invoice.client, invoices=[invoice], count=2, first_on=act.at.date(), key="one"
            )
        return operations.send_reminder(act=act, invoice=invoice, tone="friendly")

    found = rivals(6, organisation.id, either)
    assert all(isinstance(one, Letter | Plan | Refused) for one in found)
    with scope.writing(organisation.id):
        assert Plan.objects.filter(state="running").count() == 1
        assert Letter.objects.filter(template="reminder_friendly").count() <= 1
