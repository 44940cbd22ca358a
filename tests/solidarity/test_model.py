"""Any sequence of what happens to funds, against a plain model: no fund ever passes nothing, nothing is paid twice, and
the books say what the model says."""

from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.figures.operations import load_shipped
from entremise.kernel.money import share
from entremise.ledger import queries as ledger
from entremise.settlement.models import Invoice
from entremise.settlement.operations import receive_by_hand
from entremise.settlement.queries import dues, surplus
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Addition, Award, AwardPayment, Gift, Place
from entremise.solidarity.operations.prices import _relieve, _their_price
from entremise.solidarity.queries import prices
from tests.machine import Machine
from tests.settlement.conftest import statement
from tests.solidarity.conftest import DAY, agreed, ask, books, committee, give, owe, somebody, staff
from tests.solidarity.test_prices import FIRST, LAST, THE, asks, worked

which = st.integers(0, 1)
cents = st.integers(1, 3000)
ORIGINS = ("public", "grant")
HOUR = "1 heure de ménage"
PLACES, RESERVE = (2, 1), 700  # Of two prices, out of the first fund.


@dataclass
class Held:
    given: int = 0
    promised: int = 0
    paid: int = 0
    gifts: list[Gift] = field(default_factory=list)

    @property
    def free(self) -> int:
        return self.given - self.promised - self.paid


@dataclass
class Promise:
    award: Award
    fund: int
    left: int
    invoice: Invoice
    due: int
    payments: list[AwardPayment] = field(default_factory=list)


@dataclass
class Mine:
    place: Place
    step: int
    left: int


class Helping(Machine):
    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        self.act = staff()
        committee(self.act, most_award=2500, most_year=10**6)
        self.funds = [operations.open_fund(act=self.act, name=one, purpose=one, origin=one) for one in ORIGINS]
        self.held = [Held(), Held()]
        self.promises: list[Promise] = []
        self.till = self.cheques = 0
        season = {"first": FIRST, "last": LAST, "reserve": RESERVE}
        self.bands = [
            operations.open_band(act=self.act, fund=self.funds[0], percent=20 * (step + 1), places=places, **season)
            for step, places in enumerate(PLACES)
        ]
        self.mine: list[Mine] = []
        self.turns: list[list[Place]] = [[], []]
        self.hours: list[int] = []  # Given and not taken, the oldest first.

    @rule(which=which, amount=cents, coins=st.booleans())
    def give(self, which: int, amount: int, coins: bool) -> None:
        key = self.key()
        gifts = {give(self.act, self.funds[which], amount, key, how="cash" if coins else "cheque") for _ in range(2)}
        self.held[which].given += amount
        self.held[which].gifts += gifts
        self.till += amount * coins
        self.cheques += amount * (not coins)

    @rule(which=which)
    def take_a_gift_back(self, which: int) -> None:
        held = self.held[which]
        if not held.gifts:
            return
        gift = held.gifts[-1]
        coins = gift.how == "cash"
        if gift.amount > held.free or (coins and gift.amount > self.till):
            self.refused("not_enough", lambda: operations.take_back(act=self.act, gift=gift))
            return
        operations.take_back(act=self.act, gift=gift)
        self.refused("already_reversed", lambda: operations.take_back(act=self.act, gift=gift))
        held.gifts.pop()
        held.given -= gift.amount
        self.till -= gift.amount * coins
        self.cheques -= gift.amount * (not coins)

    @rule(which=which, amount=cents)
    def award(self, which: int, amount: int) -> None:
        person = somebody(self.key())
        award = agreed(self.act, ask(self.act, person))

        def grant() -> Award:
            return operations.grant(act=self.act, award=award, fund=self.funds[which], amount=amount)

        if amount > 2500:
            self.refused("award_too_large", grant)
        elif amount > self.held[which].free:
            self.refused("not_enough", grant)
        else:
            self.promises.append(Promise(grant(), which, amount, owe(self.act, person, 2000), 2000))
            self.held[which].promised += amount

    @rule(amount=cents, coins=st.booleans())
    def pay(self, amount: int, coins: bool) -> None:
        if not self.promises:
            return
        one = self.promises[0]
        key = self.key()

        def pay() -> AwardPayment:
            if coins:
                return operations.pay_cash(act=self.act, award=one.award, amount=amount, key=key)
            return operations.pay_invoice(act=self.act, award=one.award, invoice=one.invoice, amount=amount, key=key)

        if not one.left:
            self.refused("not_now", pay)
        elif amount > one.left:
            self.refused("award_too_small", pay)
        elif coins and amount > self.till:
            self.refused("not_enough", pay)
        elif not coins and amount > one.due:
            self.refused("amount_not_due", pay)
        else:
            assert pay() == pay()
            one.payments.append(AwardPayment.objects.get(key=key))
            one.left -= amount
            self.held[one.fund].promised -= amount
            self.held[one.fund].paid += amount
            self.till -= amount * coins
            one.due -= amount * (not coins)
            if not one.left:
                self.promises.append(self.promises.pop(0))

    @rule()
    def take_a_payment_back(self) -> None:
        for one in self.promises:
            if one.payments:
                payment = one.payments.pop()
                operations.take_payment_back(act=self.act, payment=payment)
                again = partial(operations.take_payment_back, act=self.act, payment=payment)
                self.refused("already_reversed", again)
                self.held[one.fund].paid -= payment.amount
                self.till += payment.amount * (payment.how == "cash")
                one.due += payment.amount * (payment.how == "invoice")
                return

    @rule()
    def release(self) -> None:
        if self.promises and self.promises[-1].left:
            one = self.promises.pop()
            operations.release(act=self.act, award=one.award)
            self.held[one.fund].promised -= one.left

    def room(self, step: int, back: int = 0) -> bool:
        """Whether a place of a step can be kept. back: cents that come back first."""
        taken = sum(one.step == step for one in self.mine)
        return taken < PLACES[step] and self.held[0].free + back >= RESERVE

    def keep(self, place: Place, step: int) -> None:
        self.mine.append(Mine(place, step, RESERVE))
        self.held[0].promised += RESERVE

    @rule(step=which)
    def ask_for_a_price(self, step: int) -> None:
        person = somebody(self.key())
        served = not self.turns[step] and self.room(step)
        place, again = asks(person, self.bands[step]), asks(person, self.bands[step])
        assert place == again
        assert place.state == ("held" if served else "waiting")
        if served:
            self.keep(place, step)
        else:
            self.turns[step].append(place)

    @rule()
    def serve_those_who_wait(self) -> None:
        for place in prices.to_give(on=DAY):
            step = place.band.step - 1
            served = self.room(step)
            assert place == self.turns[step][0]
            assert operations.give_place(act=THE, place=place).state == ("held" if served else "waiting")
            if not served:
                return
            self.turns[step].pop(0)
            self.keep(place, step)

    @rule(amount=cents)
    def make_an_invoice(self, amount: int) -> None:
        if not self.mine:
            return
        one = self.mine[0]
        invoice = worked(one.place.person, amount=amount)
        expected = min(one.left, share(amount, Decimal(20 * (one.step + 1)) / 100))
        assert _relieve(THE, invoice) == expected
        assert dues(invoices=[invoice])[invoice.id] == amount - expected
        one.left -= expected
        self.held[0].promised -= expected
        self.held[0].paid += expected
        self.mine.append(self.mine.pop(0))

    @rule()
    def lower_a_price(self) -> None:
        one = next((one for one in self.mine if one.step == 0), None)
        if one is None:
            return

        def ease() -> Place:
            return operations.ease_place(act=self.act, place=one.place)

        if not self.room(1, back=one.left):
            self.refused("price_full", ease)
            return
        assert ease().eased == 1
        self.held[0].promised += RESERVE - one.left
        one.step, one.left = 1, RESERVE

    @rule()
    def leave_a_price(self) -> None:
        if self.mine:
            one = self.mine.pop()
            operations.leave_place(act=self.act, place=one.place)
            self.held[0].promised -= one.left

    @rule(amount=st.integers(1, 2500))
    def give_an_hour(self, amount: int) -> None:
        give(self.act, self.funds[0], amount, self.key(), kind="suspended", item=HOUR)
        self.held[0].given += amount
        self.cheques += amount
        self.hours.append(amount)

    @rule(total=cents)
    def take_an_hour(self, total: int) -> None:
        invoice, key = owe(self.act, somebody(self.key()), total), self.key()

        def take() -> AwardPayment:
            return operations.take_item(act=self.act, invoice=invoice, item=HOUR, key=key)

        if not self.hours:
            self.refused("nothing_left_of_it", take)
            return
        amount = min(self.hours[0], total)
        if amount > self.held[0].free:
            self.refused("not_enough", take)
            return
        assert take() == take()
        assert dues(invoices=[invoice])[invoice.id] == total - amount
        self.hours.pop(0)
        self.held[0].paid += amount

    @rule(hourly=st.integers(50, 1000), extra=cents)
    def pay_a_little_more(self, hourly: int, extra: int) -> None:
        person = somebody(self.key())
        operations.set_contribution(act=self.act, person=person, fund=self.funds[0], hourly=hourly)
        invoice = worked(person, amount=2000)
        assert _their_price(THE, invoice) == -2 * hourly
        (line,) = statement(self.act, (f"{(2000 + extra) / 100:.2f}", "CRDT", self.key(), "x"))
        receive_by_hand(act=self.act, line=line, invoice=invoice)
        for _ in range(2):
            operations.book_addition(act=THE, addition=Addition.objects.get(invoice=invoice))
        assert surplus(invoice=invoice) == max(0, extra - 2 * hourly)
        self.held[0].given += min(extra, 2 * hourly)

    @rule(answer=st.sampled_from(["against", "abstain"]))
    def refuse(self, answer: str) -> None:
        award = agreed(self.act, ask(self.act, somebody(self.key())), answer)
        self.refused("vote_against", lambda: operations.grant(act=self.act, award=award, fund=self.funds[0], amount=1))
        operations.refuse(act=self.act, award=award, reason="x")

    @invariant()
    def the_funds_hold_what_the_model_says_and_never_less_than_nothing(self) -> None:
        for fund, held in zip(self.funds, self.held, strict=True):
            assert queries.balance_of(fund=fund) == (held.free, held.promised)
            assert held.free >= 0

    @invariant()
    def the_books_are_the_models(self) -> None:
        assert (books("530000"), books("511200")) == (self.till, self.cheques)
        assert books("196000") == self.held[0].paid - self.held[0].given
        assert books("194000") == self.held[1].paid - self.held[1].given
        assert ledger.verify() == []

    @invariant()
    def what_is_due_is_the_models(self) -> None:
        found = dues(invoices=[one.invoice for one in self.promises])
        assert found == {one.invoice.id: one.due for one in self.promises}


class TestHelping(Helping.TestCase, TestCase):
    settings = settings(max_examples=12, stateful_step_count=25, suppress_health_check=[HealthCheck.too_slow])
