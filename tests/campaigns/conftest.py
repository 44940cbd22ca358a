from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from entremise.campaigns import operations, queries
from entremise.campaigns.models import Campaign, Pledge
from entremise.campaigns.operations import LotDraft, Said, Terms
from entremise.campaigns.rules import Wish
from entremise.kernel.act import Act
from entremise.people.models import Person
from tests.conftest import TODAY

Start = Callable[..., Campaign]
Say = Callable[..., Pledge]


def begun(act: Act, *, lots: tuple[LotDraft, ...] = (LotDraft("Sac"),), fills_at: datetime | None = None) -> Campaign:
    """Open from now on, for ten days; twenty households are enough."""
    said = Terms("Granulés", "pledges", 20, act.at, act.at + timedelta(days=10), fills_at)
    return operations.open_campaign(act=act, campaign=operations.draft(act=act, kind="buying", terms=said, lots=lots))


def household(name: str) -> Person:
    return Person.objects.create(given_name="Odile", family_name=name, known_since=TODAY)


@pytest.fixture
def start(act: Act) -> Start:
    return lambda **terms: begun(act, **terms)


@pytest.fixture
def say(act: Act) -> Say:
    """What somebody wants of each lot of a campaign: (quantity, tolerance)."""

    def one(campaign: Campaign, person: Person, *wanted: tuple[int, int], **more: Any) -> Pledge:
        lots, given = queries.lots_of(campaign=campaign.id), {"act": act, **more}
        ceiling, means, budget = (given.pop(*of) for of in (("ceiling", 600), ("means", "later"), ("budget", None)))
        wishes = [Wish(lot.id, *of, ceiling) for lot, of in zip(lots, wanted, strict=True)]
        return operations.pledge(campaign=campaign, person=person, said=Said(wishes, means, budget), **given)

    return one
