"""Killed at fifty random points and started again: nothing lost, nothing double.

The first line of the output names the seed; ENTREMISE_DRILL_SEED plays it again.
"""

import random
import shutil
import sys
from collections.abc import Iterator

import pytest

from tests.drills.processes import BASE, RUN, SEED, START, Database, Step

KILLS = 50


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
