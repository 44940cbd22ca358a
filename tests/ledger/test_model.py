"""Any sequence of operations against a plain model: sums stay at nothing, bounds hold, repeats change nothing."""

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from hypothesis.stateful import Bundle, consumes, invariant, rule

from entremise.ledger import operations, queries
from entremise.ledger.rules import Line
from tests.ledger.conftest import AT, DAY
from tests.machine import Machine

NAMES = ("bank", "sales", "wallet", "fund")
BOUNDS = {"wallet": {"floor": 0}, "fund": {"ceiling": 0}}
amounts = st.integers(1, 1000)
pairs = st.permutations(NAMES).map(lambda names: names[:2])


class Books(Machine):
    entries = Bundle("entries")
    holds = Bundle("holds")

    def __init__(self) -> None:
        super().__init__()
        self.accounts = {
            name: operations.open_account(code=name, name=name, **BOUNDS.get(name, {})).id for name in NAMES
        }
        self.posted: Counter[str] = Counter()
        self.incoming: Counter[str] = Counter()
        self.outgoing: Counter[str] = Counter()

    def fits(self) -> bool:
        return self.posted["wallet"] - self.outgoing["wallet"] >= 0 and self.posted["fund"] + self.incoming["fund"] <= 0

    def move(self, debit: str, credit: str, amount: int) -> None:
        self.posted[debit] += amount
        self.posted[credit] -= amount

    @rule(target=entries, pair=pairs, amount=amounts)
    def post(self, pair: tuple[str, str], amount: int) -> tuple[object, ...]:
        debit, credit = pair
        key, line = self.key(), Line(self.accounts[debit], self.accounts[credit], amount)
        asked = {"key": key, "at": AT, "effective_on": DAY, "cause": "post", "cause_id": None, "lines": [line]}
        self.move(debit, credit, amount)
        if self.fits():
            entry = operations.post(**asked)
            assert operations.post(**asked).repeated
            return ("posted", entry.id, pair, amount)
        self.move(credit, debit, amount)
        self.refused("not_enough", lambda: operations.post(**asked))
        return ("refused", None, pair, amount)

    @rule(target=holds, pair=pairs, amount=amounts)
    def hold(self, pair: tuple[str, str], amount: int) -> tuple[object, ...]:
        debit, credit = pair
        line = Line(self.accounts[debit], self.accounts[credit], amount)
        asked = {"key": self.key(), "at": AT, "effective_on": DAY, "cause": "h", "cause_id": None, "lines": [line]}
        self.incoming[debit] += amount
        self.outgoing[credit] += amount
        if self.fits():
            return ("held", operations.hold(**asked).id, pair, amount)
        self.incoming[debit] -= amount
        self.outgoing[credit] -= amount
        self.refused("not_enough", lambda: operations.hold(**asked))
        return ("refused", None, pair, amount)

    @rule(held=consumes(holds), final=st.booleans())
    def resolve(self, held: tuple[str, object, tuple[str, str], int], final: bool) -> None:
        state, entry, (debit, credit), amount = held
        if state != "held":
            return
        self.incoming[debit] -= amount
        self.outgoing[credit] -= amount
        if final:
            self.move(debit, credit, amount)
            operations.settle_hold(key=self.key(), at=AT, effective_on=DAY, entry=entry)
        else:
            operations.release(key=self.key(), at=AT, entry=entry)

    @rule(entry=consumes(entries))
    def reverse(self, entry: tuple[str, object, tuple[str, str], int]) -> None:
        state, done, (debit, credit), amount = entry
        if state != "posted":
            return
        self.move(credit, debit, amount)
        if self.fits():
            operations.reverse(key=self.key(), at=AT, effective_on=DAY, entry=done, cause="undo")
            return
        self.move(debit, credit, amount)
        self.refused(
            "not_enough", lambda: operations.reverse(key=self.key(), at=AT, effective_on=DAY, entry=done, cause="undo")
        )

    @invariant()
    def balances_are_the_models(self) -> None:
        for name, account in self.accounts.items():
            expected = queries.Balance(self.posted[name], self.incoming[name], self.outgoing[name])
            assert queries.balance(account=account) == expected, name
        assert sum(self.posted.values()) == 0

    @invariant()
    def the_proof_holds(self) -> None:
        assert queries.verify() == []


class TestBooks(Books.TestCase, TestCase):
    settings = settings(
        max_examples=60, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
