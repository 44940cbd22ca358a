"""What the machines over a town with a misbehaving provider share."""

from random import Random

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from entremise.ledger import queries as ledger
from tests.machine import Machine
from tests.provider.fake import Fake
from tests.settlement.town import FAULTS, Town


class InTown(Machine):
    """The network and the provider do what they like; in the end all is quiet, and what is then true is looked at."""

    def __init__(self) -> None:
        super().__init__()
        self.opened = Fake.open()
        self.patch = pytest.MonkeyPatch()
        self.town = Town(self.opened.__enter__(), self.patch)

    def teardown(self) -> None:
        try:
            self.all_is_quiet()
        finally:
            self.opened.__exit__(None, None, None)
            self.patch.undo()
            super().teardown()

    def all_is_quiet(self) -> None:
        raise NotImplementedError  # Each machine says what is quiet at its end: one that forgets fails.

    @rule(faults=st.sampled_from(FAULTS))
    def turn(self, faults: tuple[str, ...]) -> None:
        self.town.fake.wire.faults = list(faults)
        self.town.turn()

    @rule(seed=st.integers(0, 99))
    def tell(self, seed: int) -> None:
        self.town.told(Random(seed))

    @precondition(lambda self: self.town.fake.till.all("dispute"))
    @rule(won=st.booleans())
    def judge(self, won: bool) -> None:
        (dispute, *_) = self.town.fake.till.all("dispute")
        if dispute["status"] == "needs_response":
            self.town.fake.till.judge(dispute, won=won)

    @invariant()
    def every_account_adds_up(self) -> None:
        assert ledger.verify() == []
