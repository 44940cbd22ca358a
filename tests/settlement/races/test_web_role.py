"""Money is taken by web processes, whose role may not change what is kept for ever: not even lock it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection

from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Payslip
from entremise.tenancy import walls
from tests.settlement.conftest import DECEMBER_4, settle

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db]


@pytest.fixture
def web(treasurer: Act, worked: Mission) -> Iterator[Invoice]:
    """An invoice, seen from the role of the web processes."""
    settle(treasurer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        walls.put_up(web_role="entremise_web")
        cursor.execute("SET LOCAL ROLE entremise_web")
        yield Invoice.objects.select_related("client").get()
        cursor.execute("RESET ROLE")


def test_coins_are_taken(treasurer: Act, web: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=web, amount=900, how="cash", on=DECEMBER_4.date(), key="till")
    assert queries.owed_by(client=web.client_id) == 4000


def test_a_wage_is_handed_over_and_comes_back(treasurer: Act, web: Invoice) -> None:
    payout = operations.hand_over(act=treasurer, payslip=Payslip.objects.get(), how="cheque")
    operations.send_back(act=treasurer, payout=payout, on=DECEMBER_4.date())
    assert queries.unpaid_payslips() == [payout.payslip]


def test_the_books_are_shut(treasurer: Act, web: Invoice) -> None:
    day = DECEMBER_4.date() - timedelta(days=1)
    assert operations.close_books(act=treasurer, up_to=day) == day


def test_a_credit_note_is_made(treasurer: Act, web: Invoice) -> None:
    operations.credit(act=treasurer, key="note 1", invoice=web, reason="Geste", amount=900)
    assert queries.owed_by(client=web.client_id) == 4000
