"""Killed at fifty random points and started again: nothing lost, nothing double.

The first line of the output names the seed; ENTREMISE_DRILL_SEED plays it again.
"""

import json
import random
import shutil
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from tests.drills.processes import BASE, RUN, SEED, START, Database, Step
from tests.provider.fake import Fake

KILLS = 50
AT_THE_PROVIDER = {"pay": 50, "give_back": 50}
STARTS = 24  # Of both steps on one database, each later than the lease of the one before: within a provider's day.


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
    """A hundred times, at random: while pages are opened, and while money is given back."""
    chance, kills, last = random.Random(f"{SEED}pay"), dict.fromkeys(AT_THE_PROVIDER, 0), dict[str, float]()
    database.copy(BASE, START)
    Step(database, "settle", name=START).finish()
    while any(kills[step] < wanted for step, wanted in AT_THE_PROVIDER.items()):
        database.copy(START, RUN)
        with Fake.open() as fake:
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
    sessions = fake.till.all("checkout.session")
    assert sorted(page for page, _, _ in written["rows"]) == sorted(one["id"] for one in sessions)
    assert [given for _, _, given in written["rows"]] == [100] * len(sessions)
    assert [charge["amount_refunded"] for charge in fake.till.all("charge")] == [100] * len(sessions)
    assert written["gifts"] == [200] * len(sessions)  # Of 3 €: what goes back is the gift first.
    assert written["held"] == sum(one["net"] for one in fake.till.all("balance_transaction"))
