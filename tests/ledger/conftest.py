from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from entremise.ledger import operations
from entremise.ledger.models import Account
from entremise.ledger.rules import Line

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
DAY = AT.date()

Post = Callable[..., operations.Entry]


@pytest.fixture
def bank(inside: object) -> Account:
    return operations.open_account(code="512", name="Banque")


@pytest.fixture
def sales(inside: object) -> Account:
    return operations.open_account(code="706", name="Prestations")


@pytest.fixture
def fund(inside: object) -> Account:
    """A credit account that may never be overdrawn: at most nothing on the debit side."""
    return operations.open_account(code="194", name="Fonds solidaire", ceiling=0)


@pytest.fixture
def post(inside: object) -> Post:
    def one(key: str, debit: Account, credit: Account, amount: int, **changes: object) -> operations.Entry:
        asked = {"at": AT, "effective_on": DAY, "cause": "test", "cause_id": None, **changes}
        return operations.post(key=key, lines=[Line(debit.id, credit.id, amount)], **asked)  # type: ignore[arg-type]  # Keywords of a test.

    return one
