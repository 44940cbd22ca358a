"""A large group purchase killed while it closes, fifty times at random, and taken up again: every household once, and
exactly what was confirmed.
"""

import random
import sys

import pytest

from tests.drills.processes import BASE, RUN, SEED, Database, Step

KILLS = 50


def test_a_closing_that_is_killed_goes_on_as_it_was_seen(
    tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    database, chance = Database(tmp_path_factory.mktemp("drill")), random.Random(f"{SEED}close")
    database.make()
    try:
        Step(database, "crowd", name=BASE).finish()
        database.copy(BASE, RUN)
        lasts = Step(database, "close").finish()
        Step(database, "closed").finish()
        kills = 0
        while kills < KILLS:
            database.copy(BASE, RUN)
            # Half of it on average, so that most starts are killed and one gets through.
            while Step(database, "close").killed_after(chance.uniform(0, lasts)):
                kills += 1
            Step(database, "closed").finish()
        with capsys.disabled():
            sys.stdout.write(f"\nclose: killed {kills}, {lasts:.1f} s undisturbed, seed {SEED}\n")
    finally:
        database.drop()
