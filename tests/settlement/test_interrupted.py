"""A process may die after any statement. What it was doing is undone, and done whole the next time."""

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import connection

from entremise.documents.models import Document
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.ledger import queries as ledger
from entremise.ledger.models import Transfer
from entremise.messaging.models import Letter
from entremise.payments.models import BankLine
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, InvoiceLine, PaidWork, Payout, Payslip, Receipt
from entremise.settlement.operations.statements import bring_in
from entremise.tenancy import scope
from tests.settlement.conftest import DECEMBER_4, ENTRY, NOVEMBER, STATEMENT, settle

KEPT = (Document, Invoice, InvoiceLine, Letter, PaidWork, Payout, Payslip, Receipt, Transfer, BankLine)


class Killed(Exception):
    pass


class Killer:
    """Lets `after` statements pass, then kills; what opens and closes transactions does not count."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if "SAVEPOINT" not in sql:
            if self.left == 0:
                raise Killed(sql)
            self.left -= 1
        return execute(sql, params, many, context)


def rows() -> Counter[str]:
    return Counter({model.__name__: model.objects.count() for model in KEPT})


def kill_everywhere(organisation: object, work: Callable[[], object]) -> int:
    """Run `work` in its transaction, killed after 0, 1, 2… statements, until it gets through; returns how often."""
    before = rows()
    for after in range(2000):
        killer = Killer(after)
        with suppress(Killed), connection.execute_wrapper(killer), scope.writing(scope.current()):
            work()
            return after
        assert rows() == before
    raise AssertionError("it never ended")


@pytest.fixture
def items(treasurer: Act, worked: Mission) -> list[Any]:
    run = operations.open_run(act=treasurer, month=NOVEMBER)
    return queries.items_to_do(run=run.id)


def test_each_document_is_made_once_whenever_the_process_dies(inside: object, treasurer: Act, items: list[Any]) -> None:
    for item in items:
        assert kill_everywhere(inside, lambda item=item: operations.settle_item(act=treasurer, item=item)) > 20
    assert {row.number for row in Invoice.objects.all()} == {"FA-2026-0001"}
    assert {row.number for row in Payslip.objects.all()} == {"BP-2026-0001"}
    assert Letter.objects.filter(template__endswith="_ready").exclude(template="mission_ready").count() == 2
    made = rows()
    settle(treasurer)
    assert rows() == made
    assert ledger.verify() == []


def test_a_run_is_opened_once_whenever_the_process_dies(inside: object, treasurer: Act, worked: Mission) -> None:
    kill_everywhere(inside, lambda: operations.open_run(act=treasurer, month=NOVEMBER))
    run = operations.open_run(act=treasurer, month=NOVEMBER)
    assert queries.run_progress(run=run.id).total == 2


def test_a_statement_is_settled_once_whenever_the_process_dies(inside: object, treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    entries = ENTRY.format(amount="49.00", way="CRDT", ref="R1", text="FA-2026-0001")
    content = STATEMENT.format(entries=entries).encode()
    assert kill_everywhere(inside, lambda: bring_in(act=treasurer, name="s.xml", content=content)) > 10
    assert (Receipt.objects.count(), queries.open_invoices()) == (1, [])
    assert ledger.verify() == []


def test_wages_are_ordered_once_whenever_the_process_dies(inside: object, treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    assert kill_everywhere(inside, lambda: operations.order_payouts(act=treasurer, execution_on=DECEMBER_4.date())) > 10
    assert Payout.objects.count() == 1
    assert ledger.verify() == []


def test_a_credit_note_is_made_once_whenever_the_process_dies(inside: object, treasurer: Act, worked: Mission) -> None:
    settle(treasurer)
    invoice = Invoice.objects.get()
    kill_everywhere(
        inside, lambda: operations.credit(act=treasurer, key="note 1", invoice=invoice, reason="Geste", amount=900)
    )
    assert [row.number for row in Invoice.objects.filter(kind="credit_note")] == ["AV-2026-0001"]
    assert queries.owed_by(client=invoice.client_id) == 4000
