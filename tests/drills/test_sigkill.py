"""Killed at fifty random points and started again: nothing lost, nothing double.

The first line of the output names the seed; ENTREMISE_DRILL_SEED plays it again.
"""

import json
import random
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from tests.drills.processes import BASE, RUN, SEED, START, Database, Step
from tests.drills.steps import ACCOUNTS
from tests.provider.fake import Fake

KILLS = 50
AT_THE_PROVIDER = {"pay": 34, "take": 33, "give_back": 33}
STARTS = 24  # Of all steps on one database, each later than the lease of the one before: within a provider's day.


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    made = Database(tmp_path_factory.mktemp("drill"))
    made.make()
    Step(made, "build", name=BASE).finish()
    yield made
    made.drop()


@pytest.mark.parametrize(
    ("step", "proof", "before"),
    [("settle", "settled", []), ("answer", "answered", []), ("deliver", "delivered", ["settle", "answer"])],
)
def test_killed_at_fifty_random_points_nothing_is_lost_and_nothing_double(
    database: Database, step: str, proof: str, before: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    chance = random.Random(f"{SEED}{step}")
    with capsys.disabled():
        sys.stdout.write(f"\n{step}: seed {SEED}\n")

    database.copy(BASE, START)
    for earlier in before:
        Step(database, earlier, name=START).finish()

    def begin() -> None:
        shutil.rmtree(database.folder / "sms", ignore_errors=True)
        database.copy(START, RUN)

    begin()
    lasts = Step(database, step).finish()
    Step(database, proof).finish()
    kills = starts = 0
    while kills < KILLS:
        begin()
        # Half of it on average, so that most starts are killed and one gets through.
        while Step(database, step, minutes=6 * starts).killed_after(chance.uniform(0, lasts)):
            kills, starts = kills + 1, starts + 1
        starts += 1
        Step(database, proof).finish()


def test_killed_between_our_commit_and_the_provider_nothing_is_lost_and_nothing_double(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """A hundred times, at random: while pages are opened; while what is held is taken, and what is a supplier's passed
    on; and while money is given back, or called back.
    """
    chance, kills, last = random.Random(f"{SEED}pay"), dict.fromkeys(AT_THE_PROVIDER, 0), dict[str, float]()
    database.copy(BASE, START)
    for earlier in ("settle", "owe"):
        Step(database, earlier, name=START).finish()
    while any(kills[step] < wanted for step, wanted in AT_THE_PROVIDER.items()):
        database.copy(START, RUN)
        with Fake.open() as fake:
            for ref in ACCOUNTS:
                account = fake.till.make("acct", "account", payouts_enabled=True, balance=0, metadata={})
                assert account["id"] == ref
            starts = 0
            for step, wanted in AT_THE_PROVIDER.items():
                while step in last and kills[step] < wanted and starts < STARTS:
                    starts += 1
                    again = Step(database, step, minutes=6 * starts, provider=fake.address)
                    kills[step] += again.killed_after(chance.uniform(0, last[step]))
                # The first time nobody is killed: so long it takes.
                took = Step(database, step, minutes=6 * (starts + 1), provider=fake.address).finish()
                last.setdefault(step, took)
                starts += 1
                if step == "pay":
                    for session in fake.till.all("checkout.session"):
                        fake.pay(session["id"])
            proof = Step(database, "paid")
            proof.finish()
            _compare(json.loads(proof.said), fake)
    with capsys.disabled():
        sys.stdout.write(f"\nkilled {kills}: seed {SEED}\n")


def _compare(written: dict[str, Any], fake: Fake) -> None:
    rows = written["rows"]
    assert Counter(about for about, *_ in rows) == {"invoice": 4, "deposit": 2, "supplied": 2}
    till, count = fake.till, len(rows)
    assert sorted(page for _, page, _, _ in rows) == sorted(one["id"] for one in till.all("checkout.session"))
    charges = till.all("charge")
    assert sorted(taken for _, _, taken, _ in rows) == sorted(one["amount_captured"] for one in charges)
    assert [given for *_, given in rows] == [one["amount_refunded"] for one in charges] == [100] * count
    assert written["gifts"] == [200] * 4  # Of 3 €: what goes back is the gift first.
    assert written["deposits"] == [[1500, 0]] * 2
    assert written["used"] == 3000
    assert [(one["amount"], one["amount_reversed"]) for one in till.all("transfer")] == [(5000, 100)] * 2
    assert not any(written["suppliers"])
    assert written["held"] == sum(one["net"] for one in till.all("balance_transaction"))
