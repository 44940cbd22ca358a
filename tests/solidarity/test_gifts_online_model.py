"""Whatever happens to gifts by card, in any order, against the tills of both providers."""

from collections.abc import Callable
from contextlib import ExitStack, suppress
from random import Random

import pytest
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import invariant, rule

from entremise.doors.clock import paying
from entremise.figures.operations import load_shipped
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.payments.models import Intent
from entremise.payments.rules.intents import LIVE
from entremise.people.models import Person
from entremise.settlement import queries as settled
from entremise.settlement.models import Receipt
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Gift, GiftAsked
from tests.machine import Machine
from tests.provider.wire import Wrong
from tests.settlement.town import FAULTS, START
from tests.solidarity.conftest import agreed, ask, books, committee, due, give, owe, somebody, staff
from tests.solidarity.town import carried, giving_town, mean_to_give, pay, with_invoice

PROVIDERS = {"stripe": "517000", "helloasso": "517100"}
which = st.integers(0, 3)
providers = st.sampled_from(list(PROVIDERS))


class Giving(Machine):
    """Whatever givers, the desk, the network and the providers do: no promise of a fund is ever broken, and once all is
    quiet every cent that a provider has for us is in a fund, on an invoice, or waits for a person; each once.
    """

    def __init__(self) -> None:
        super().__init__()
        load_shipped()
        self.stack, self.patch = ExitStack(), pytest.MonkeyPatch()
        self.town = self.stack.enter_context(giving_town(self.patch))
        self.act = staff(START)
        committee(self.act, most_award=2500, most_year=10**6)
        self.fund = operations.open_fund(act=self.act, name="Entraide", purpose="x", origin="public")
        self.people = [Person.objects.create(family_name=name, known_since=START) for name in ("Marsan", "Aubry")]
        self.invoices = [owe(self.act, person, 4900) for person in self.people for _ in range(2)]

    def teardown(self) -> None:
        try:
            self.all_is_quiet()
        finally:
            self.stack.close()
            self.patch.undo()
            super().teardown()

    @rule(who=which, amount=st.integers(100, 3000), provider=providers, whole=st.booleans(), bad=st.booleans())
    def give(self, who: int, amount: int, provider: str, whole: bool, bad: bool) -> None:
        """whole: all that a gift takes when nothing goes wrong. bad: with a card whose owner will contest it."""
        intent = mean_to_give(self.town, self.people[who % 2], self.fund, amount, provider)
        if whole:
            self.try_to_pay(intent, "pm_card_createDispute" if bad else "pm_card_visa")

    @rule(who=which, ticked=st.booleans(), whole=st.booleans())
    def pay_an_invoice(self, who: int, ticked: bool, whole: bool) -> None:
        asked = list[Intent]()
        self.maybe(lambda: asked.append(with_invoice(self.town, self.invoices[who], self.fund if ticked else None)))
        if asked and whole:
            self.try_to_pay(asked[0], "pm_card_visa")

    @rule(number=which)
    def pay(self, number: int) -> None:
        opened = Intent.objects.exclude(page="").filter(state__in=LIVE).order_by("id")
        if opened:
            with suppress(Wrong):
                pay(self.town, opened[number % len(opened)])

    @rule(number=which)
    def contest(self, number: int) -> None:
        taken = [one for one in self.town.helloasso.payments.values() if one["state"] == "Authorized"]
        if taken:
            self.town.helloasso.becomes(taken[number % len(taken)]["id"], "Contested")

    @rule(number=which)
    def refund_at_the_provider(self, number: int) -> None:
        """Somebody of the organisation, on HelloAsso's own pages."""
        payments = list(self.town.helloasso.payments)
        if payments:
            with suppress(Wrong):
                self.town.helloasso.refund(payments[number % len(payments)])

    @rule(number=which)
    def give_back(self, number: int) -> None:
        asked = GiftAsked.objects.select_related("intent", "fund").order_by("id")
        if asked:
            self.maybe(lambda: operations.return_gift(act=self.town.treasurer, asked=asked[number % len(asked)]))

    @rule(amount=st.integers(100, 2500))
    def promise(self, amount: int) -> None:
        award = agreed(self.act, ask(self.act, somebody(self.key())))
        self.maybe(lambda: operations.grant(act=self.act, award=award, fund=self.fund, amount=amount))

    @rule(amount=st.integers(100, 2500))
    def coins(self, amount: int) -> None:
        give(self.act, self.fund, amount, self.key(), how="cash")

    @rule(faults=st.sampled_from(FAULTS), provider=providers)
    def turn(self, faults: tuple[str, ...], provider: str) -> None:
        (self.town.fake if provider == "stripe" else self.town.helloasso).wire.faults = list(faults)
        self.town.turn()

    @rule(seed=st.integers(0, 99))
    def tell(self, seed: int) -> None:
        self.town.told(Random(seed))

    @rule(hours=st.sampled_from([0.2, 1, 13, 30]))
    def time_passes(self, hours: float) -> None:
        self.town.later(hours=hours)

    @rule()
    def all_is_quiet(self) -> None:
        town = self.town
        for _ in range(2):
            town.told()
            town.settle_down()
        paying.read_statements(town.watch, town.organisation)
        town.settle_down()
        waiting = 0
        for asked in GiftAsked.objects.select_related("intent"):
            intent = asked.intent
            alone = asked.invoice_id is None
            meant = intent.left if alone else max(0, intent.left - (intent.amount - asked.amount))
            assert meant <= asked.amount
            assert 0 <= asked.kept <= asked.amount
            assert asked.kept >= meant  # More where the fund could not give back what it has promised.
            waiting += (meant - asked.kept) * alone
        assert books("471000") == -waiting
        for invoice in self.invoices:
            assert due(invoice) == 4900 - sum(one.amount for one in Receipt.objects.filter(invoice=invoice))
        assert self.at_helloasso() == books("517100")
        assert books("517000") == sum(one["net"] for one in town.fake.till.all("balance_transaction"))
        for name, code in PROVIDERS.items():
            seen = settled.reconciled(provider=name, since=START.replace(year=2025))
            assert [one for one in seen.differences if one.what != "holds"] == []
            held = sum(one.amount for one in Intent.objects.filter(provider=name, state__in=LIVE))
            found = ledger.account(code=code)
            assert held == (ledger.balance(account=found.id).pending_in if found else 0)

    def at_helloasso(self) -> int:
        return sum(map(self.town.helloasso.kept, self.town.helloasso.payments.values()))

    @invariant()
    def a_fund_is_what_its_gifts_are_and_breaks_no_promise(self) -> None:
        free, promised = queries.balance_of(fund=self.fund)
        assert free >= 0
        assert free + promised == sum(Gift.objects.values_list("amount", flat=True))

    @invariant()
    def every_account_adds_up(self) -> None:
        assert ledger.verify() == []

    def maybe(self, do: Callable[[], object]) -> None:
        """As a door would: what is refused leaves nothing behind."""
        with suppress(Refused), transaction.atomic():
            do()

    def try_to_pay(self, intent: Intent, means: str) -> None:
        with suppress(Wrong):
            carried(self.town, intent, means)


class TestGiving(TestCase, Giving.TestCase):
    # The same walks each time; `derandomize=False` with more examples looks further.
    settings = hypothesis_settings(
        max_examples=8, stateful_step_count=20, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
    )
