"""Purchases that were ordered, and what is asked of them: for the tests of what comes after the closing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from entremise.buying import operations, queries
from entremise.buying.models import Parcel, Purchase
from entremise.buying.operations import ArticleDraft
from entremise.kernel.act import Act
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from tests.buying.conftest import OIL, Ask, Offer, household, over
from tests.settlement.conftest import legal

__all__ = ["legal"]

HANDED = datetime(2026, 12, 14, 9, 0, tzinfo=UTC)  # The first day of the hand-over.
Ordered = Callable[..., Purchase]


@pytest.fixture
def later(act: Act) -> Act:
    return replace(act, at=HANDED)


@pytest.fixture
def order(act: Act, later: Act, offer: Offer, ask: Ask) -> Ordered:
    """A purchase that closed with what these households wanted, and was ordered."""

    def one(
        *wanted: tuple[tuple[int, int, int], ...], articles: tuple[ArticleDraft, ...] = (OIL,), means: str = "later"
    ) -> Purchase:
        purchase = offer(*articles, threshold=1)
        for number, wants in enumerate(wanted):
            person = household(number)
            if means == "account":
                settlement.pay_in(act=act, person=person, amount=100000, how="cash", key=f"in{number}")
            ask(purchase, person, *wants, means=means)
        closed(later, purchase)
        operations.order_supply(act=later, purchase=purchase)
        return purchase

    return one


def closed(act: Act, purchase: Purchase) -> Purchase:
    seen = queries.preview(purchase=over(purchase)).digest
    return operations.close_purchase(act=act, purchase=purchase, seen=seen)


def receive(act: Act, purchase: Purchase, *units: int, complete: bool = True) -> Purchase:
    articles = queries.articles_of(purchase=purchase.id)
    received = {article.id: count for article, count in zip(articles, units, strict=True)}
    return operations.receive_supply(act=act, purchase=purchase, received=received, complete=complete)


def parcels(purchase: Purchase) -> list[Parcel]:
    return sorted(queries.parcels_of(purchase=purchase.id), key=lambda one: one.number)


def planned(purchase: Purchase) -> list[int]:
    return [sum(line.planned for line in parcel.lines.all()) for parcel in parcels(purchase)]


def letters(template: str) -> list[Person | None]:
    return [one.person for one in Letter.objects.filter(template=template).order_by("queued_at", "id")]
