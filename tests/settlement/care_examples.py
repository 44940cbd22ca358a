"""The worked examples of docs/accounting.md about care budgets."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from entremise.kernel.act import STAFF, Act, Actor
from entremise.pools import operations
from tests.pools.conftest import AT, done, joined, opened, planned, somebody
from tests.settlement.conftest import settle


def shared_hours(treasurer: Act) -> None:
    """Two hours that Aline and Bernard had together; then Bernard leaves."""
    settle(treasurer)
    act = replace(treasurer, by=Actor(treasurer.by.person, STAFF), at=AT)
    pool = opened(act)
    aline, bernard = (joined(act, pool, somebody(name), paid=10_000) for name in ("Aline", "Bernard"))
    done(act, planned(act, pool, aline, bernard), 120, aline, bernard)
    operations.leave(act=act, budget=bernard, seen=10_000 - 2250)


CARE: Final[Mapping[str, Callable[[Act], None]]] = {"Hours of help out of two care budgets": shared_hours}
