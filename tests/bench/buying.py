"""Pledges a second while 64 clients want the last boxes; what it takes to close a purchase of many households, and how
long anybody waits for it.
"""

import threading
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum

from entremise.buying import operations, queries
from entremise.buying.models import Purchase, Share
from entremise.buying.operations import ArticleDraft, Plan
from entremise.buying.rules.sharing_out import Step, allocate_steps
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns.models import Campaign, Lot, Pledge, PledgeLine, PledgeStep
from entremise.campaigns.operations import Said, Terms
from entremise.campaigns.queries import progress
from entremise.campaigns.rules import Wish
from entremise.kernel.act import STAFF, THE_CLOCK, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.bench.measure import line, rate, seconds_of

CLIENTS = 64
NOW = datetime.now(UTC)
CLOSES = NOW + timedelta(days=1)


def run(*, households: int, seconds: float) -> None:
    organisation = Organisation.objects.create(slug="bench", name="Bench")
    with scope.writing(organisation.id):
        staff = _person("Bench")
        act = Act(by=Actor(staff.id, STAFF), at=NOW, door=Door.DESK)
        rivals = [_person(f"R{number}") for number in range(CLIENTS)]
    _race(organisation.id, act, rivals, seconds)
    _close(organisation.id, act, households)


def _race(organisation: UUID, act: Act, rivals: list[Person], seconds: float) -> None:
    """Each client orders one box and gives it back, again and again; there is one box for every two of them."""
    with scope.writing(organisation):
        boxes = _purchase(act, capacity=CLIENTS // 2)
        lot = Lot.objects.get(campaign=boxes.campaign)
    refused, lock = count(), threading.Lock()

    def ours(client: int, _: int) -> None:
        try:
            with scope.writing(organisation):
                said = Said([Wish(lot.id, 1, 0, 700)], Pledge.Means.LATER)
                mine = campaigns.pledge(act=act, campaign=_fresh(boxes), person=rivals[client], said=said)
            with scope.writing(organisation):
                campaigns.withdraw(act=act, pledge=mine)
        except Refused:
            with lock:
                next(refused)

    claim = "UPDATE campaigns_lot SET taken = taken {0} 1 WHERE id = %s AND taken {0} 1 BETWEEN 0 AND capacity"

    def raw(client: int, _: int) -> None:
        for sign in ("+", "-"):
            with transaction.atomic(), scope.within(organisation), connection.cursor() as cursor:
                # The same claim on the same row, without anything that is written down of it.
                cursor.execute(claim.format(sign), [lot.id.hex if connection.vendor == "sqlite" else lot.id])

    pledges = rate(CLIENTS, seconds, ours)
    with scope.reading(organisation):
        lot.refresh_from_db()
        seen = progress(campaign=boxes.campaign_id).units
    if not seen == lot.taken <= (lot.capacity or 0):
        raise SystemExit(f"oversold: {seen} pledged, {lot.taken} taken of {lot.capacity}")
    line(f"the last boxes, {CLIENTS} clients, pledged and given back", pledges, rate(CLIENTS, seconds, raw), "pairs/s")


def _close(organisation: UUID, act: Act, households: int) -> None:
    """Preview and closing of one purchase, beside the sharing out alone."""
    with scope.writing(organisation):
        purchase = _purchase(act, capacity=None)
        _crowd(purchase, households)
        campaigns.shut(act=Act(by=THE_CLOCK, at=CLOSES, door=Door.CLOCK), campaign=purchase.campaign)
    steps = [Step(number, 3, 1) for number in range(households)]
    alone = seconds_of(lambda: allocate_steps(steps=steps, delivered=households * 3, strategy="fair"), 3)
    with scope.reading(organisation):
        shown = seconds_of(lambda: queries.preview(purchase=purchase), 3)
        seen = queries.preview(purchase=purchase).digest
    line(f"preview of {households} households, beside the sharing out alone", shown, alone, "s")

    def close() -> None:
        with scope.writing(organisation):
            operations.close_purchase(act=act, purchase=Purchase.objects.get(id=purchase.id), seen=seen)

    line(f"deciding to close for {households} households, beside the preview", seconds_of(close, 1), shown, "s")
    with scope.reading(organisation):
        found = queries.preview(purchase=purchase)
    chunks = []

    def write_down() -> None:
        with scope.writing(organisation):
            done = Purchase.objects.get(id=purchase.id)
            operations.write_shares(act=Act(by=THE_CLOCK, at=CLOSES, door=Door.CLOCK), purchase=done, found=found)

    while not _closed(organisation, purchase):
        chunks.append(seconds_of(write_down, 1))
    with scope.reading(organisation):
        total = Share.objects.filter(purchase=purchase).aggregate(total=Sum("amount"))["total"]
    if total != found.closing.money:
        raise SystemExit(f"closed for {total}, seen for {found.closing.money}")
    line(
        f"the slowest of {len(chunks)} chunks of households written down, beside all of them",
        max(chunks),
        sum(chunks),
        "s",
    )


def _closed(organisation: UUID, purchase: Purchase) -> bool:
    with scope.reading(organisation):
        return Purchase.objects.get(id=purchase.id).closed_at is not None


def _purchase(act: Act, *, capacity: int | None) -> Purchase:
    article = ArticleDraft("Huile", "bouteille", [Tier(1, 700), Tier(100, 620)], Decimal("0.055"), 6, capacity=capacity)
    day = CLOSES.date() + timedelta(days=1)
    said = Plan("own_sale", "handover", "Au local", day, day, [article], strategy="fair")
    purchase = operations.plan(act=act, terms=Terms("Ensemble", "pledges", 1, NOW, CLOSES), plan=said)
    campaigns.open_campaign(act=act, campaign=purchase.campaign)
    return purchase


def _fresh(purchase: Purchase) -> Campaign:
    return Campaign.objects.get(id=purchase.campaign_id)


def _crowd(purchase: Purchase, households: int) -> None:
    """Everybody wants three and would take a fourth, as if each had said so themselves."""
    (lot,) = purchase.campaign.lots.all()
    people = [Person(given_name="Odile", family_name=f"F{n}", known_since=NOW) for n in range(households)]
    Person.objects.bulk_create(people, batch_size=1000)
    pledges = [
        Pledge(campaign=purchase.campaign, person=person, means=Pledge.Means.LATER, at_most=2800, made_at=NOW)
        for person in people
    ]
    Pledge.objects.bulk_create(pledges, batch_size=1000)
    lines = [PledgeLine(pledge=pledge, lot=lot, quantity=3, tolerance=1, ceiling=700) for pledge in pledges]
    PledgeLine.objects.bulk_create(lines, batch_size=1000)
    steps = [PledgeStep(line=one, quantity=3, tolerance=1, at=NOW) for one in lines]
    PledgeStep.objects.bulk_create(steps, batch_size=1000)


def _person(name: str) -> Person:
    return Person.objects.create(given_name="Odile", family_name=name, known_since=NOW)
