"""Any sequence of orders, changes, withdrawals and ends of a purchase, against a plain model: no more is promised than
there is, what is held is what live pledges may come to, nobody's place is lost, and when all is over nothing is held.
"""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, precondition, rule

from entremise.buying import operations, queries
from entremise.buying.models import Allotment, Share
from entremise.buying.operations import ArticleDraft, Wants
from entremise.buying.rules.tiers import Tier
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as pledged
from entremise.campaigns.models import Lot, Pledge
from entremise.kernel.act import STAFF, THE_CLOCK, Act, Actor, Door
from entremise.ledger import queries as ledger
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.queries.accounts import free_on_account
from tests.buying.conftest import CLOSES, household, planned
from tests.conftest import TODAY
from tests.machine import Machine

BOXES = 9
WHO = st.integers(0, 3)
PRICES = (150, 120)
HONEY = ArticleDraft("Miel", "pot", [Tier(1, 150), Tier(2, 120)], Decimal("0.055"), 2, capacity=BOXES)
CLOCK = Act(by=THE_CLOCK, at=CLOSES, door=Door.CLOCK)


@dataclass
class Household:
    """What one person has with us, cents, and wants now: quantity, tolerance, ceiling, whether it is held."""

    person: Person
    has: int = 0
    wants: tuple[int, int, int] | None = None
    held: bool = False
    asked: list[int] = field(default_factory=list)  # Each unit that it wants, by the turn in which it was added.

    @property
    def at_most(self) -> int:
        quantity, tolerance, ceiling = self.wants or (0, 0, 0)
        return (quantity + tolerance) * ceiling


class Together(Machine):
    def __init__(self) -> None:
        super().__init__()
        director = Person.objects.create(family_name="Direction", known_since=TODAY)
        self.act = Act(by=Actor(director.id, STAFF), at=TODAY, door=Door.DESK)
        self.turn, self.over = 0, False
        self.people = [Household(household(number)) for number in range(4)]
        self.purchase = planned(self.act, HONEY, threshold=2)
        campaigns.open_campaign(act=self.act, campaign=self.purchase.campaign)
        (self.article,) = queries.articles_of(purchase=self.purchase.id)

    def _now(self) -> Act:
        """Each word a minute after the one before."""
        self.turn += 1
        return replace(self.act, at=TODAY + timedelta(minutes=self.turn))

    @property
    def taken(self) -> int:
        return sum(one.wants[0] for one in self.people if one.wants)

    @rule(who=WHO, cents=st.integers(1, 900))
    def pay_in(self, who: int, cents: int) -> None:
        one = self.people[who]
        settlement.pay_in(act=self._now(), person=one.person, amount=cents, how="cash", key=self.key())
        one.has += cents

    @precondition(lambda self: not self.over)
    @rule(
        who=WHO,
        quantity=st.integers(0, 5),
        tolerance=st.integers(0, 2),
        ceiling=st.sampled_from(PRICES),
        held=st.booleans(),
    )
    def say(self, who: int, quantity: int, tolerance: int, ceiling: int, held: bool) -> None:
        one, act = self.people[who], self._now()
        at_most = (quantity + tolerance) * ceiling

        def order() -> Pledge:
            means = Pledge.Means.ACCOUNT if held else Pledge.Means.LATER
            wants = [Wants(self.article, quantity, tolerance, ceiling)]
            return operations.order(act=act, purchase=self.purchase, person=one.person, wants=wants, means=means)

        others = self.taken - (one.wants[0] if one.wants else 0)
        if not quantity:
            self.refused("nothing_wanted", order)
        elif held and at_most > one.has:
            self.refused("not_enough", order)
        elif others + quantity > BOXES:
            self.refused("lot_taken", order)
        else:
            order()
            before = one.asked if one.wants else []
            one.asked = before[:quantity] + [self.turn] * (quantity - len(before))
            one.wants, one.held = (quantity, tolerance, ceiling), held

    @precondition(lambda self: not self.over and any(one.wants for one in self.people))
    @rule(who=WHO)
    def withdraw(self, who: int) -> None:
        one = self.people[who]
        mine = pledged.pledge_of(campaign=self.purchase.campaign_id, person=one.person.id)
        assert (mine is None) == (one.wants is None)
        if mine:
            campaigns.withdraw(act=self._now(), pledge=mine)
            one.wants, one.asked, one.held = None, [], False

    @precondition(lambda self: not self.over)
    @rule(on_time=st.booleans())
    def end(self, on_time: bool) -> None:
        """The deadline; or it is called off before it. Then everybody is let go, or knows what they receive."""
        self.over = True
        campaign = self.purchase.campaign
        if not on_time:
            campaigns.call_off(act=self._now(), campaign=campaign, reason="Le fournisseur ne livre plus")
            return self._let_go()
        campaigns.shut(act=CLOCK, campaign=campaign)
        found = queries.preview(purchase=self.purchase)
        if not found.enough:
            campaigns.fail(act=CLOCK, campaign=campaign)
            return self._let_go()
        late = replace(self.act, at=CLOSES)
        operations.close_purchase(act=late, purchase=self.purchase, seen=found.digest)
        self._check_shares()
        return None

    def _let_go(self) -> None:
        for state in ("pledged",):
            rows = pledged.pledges_in(campaign=self.purchase.campaign_id, state=state, limit=10)
            for _ in range(2):  # Two clocks.
                campaigns.release(act=CLOCK, pledges=[Pledge.objects.get(id=one.id) for one in rows if not _over(one)])
        for one in self.people:
            one.wants, one.asked, one.held = None, [], False

    def _check_shares(self) -> None:
        """Nobody receives or pays more than they said; whole boxes only."""
        total = 0
        for one in self.people:
            share = Share.objects.filter(pledge__person=one.person, pledge__campaign=self.purchase.campaign_id).last()
            units = sum(row.units for row in Allotment.objects.filter(share=share)) if share else 0
            quantity, tolerance, _ceiling = one.wants or (0, 0, 0)
            assert units <= quantity + tolerance
            assert (share.amount if share else 0) <= one.at_most
            total += units
        assert total % HONEY.size == 0

    @invariant()
    def no_more_is_promised_than_there_is(self) -> None:
        assert Lot.objects.get().taken == self.taken <= BOXES

    @invariant()
    def what_is_held_is_what_it_may_come_to(self) -> None:
        for one in self.people:
            assert free_on_account(person=one.person.id) == one.has - (one.at_most if one.held else 0)

    @invariant()
    def everybody_keeps_their_place(self) -> None:
        names = {row.id: row.person_id for row in Pledge.objects.filter(state__in=("pledged", "confirmed", "charged"))}
        queue = [
            names[step.pledge]
            for step in pledged.queue_of(campaign=self.purchase.campaign_id)
            for _ in range(step.quantity)
        ]
        expected = sorted((turn, n) for n, one in enumerate(self.people) for turn in one.asked)
        assert queue == [self.people[n].person.id for _, n in expected]

    @invariant()
    def the_books_add_up(self) -> None:
        assert ledger.verify() == []


def _over(pledge: Pledge) -> bool:
    return Pledge.objects.get(id=pledge.id).state == "released"


class TestTogether(Together.TestCase, TestCase):
    settings = settings(
        max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
