"""Killed at fifty random points and started again: nothing lost, nothing double.

The first line of the output names the seed; ENTREMISE_DRILL_SEED plays it again.
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.conftest import ON_POSTGRESQL

KILLS = 50
SEED = int(os.environ.get("ENTREMISE_DRILL_SEED") or random.SystemRandom().randrange(10**6))
BASE, START, RUN = (f"entremise_drill_{name}" for name in ("base", "start", "run"))


class Database:
    """A database that can be put back to where it began. SQLite: a file; PostgreSQL: made from a template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ.get("ENTREMISE_DATABASE_URL", "") if ON_POSTGRESQL else ""

    def address(self, name: str) -> str:
        if self.server:
            return urlsplit(self.server)._replace(path=f"/{name}").geturl()
        return f"sqlite:///{self.folder / name}.sqlite3"

    def make(self) -> None:
        if self.server:
            self.drop()
            self._run(f"CREATE DATABASE {BASE}")

    def copy(self, source: str, target: str) -> None:
        if self.server:
            self._run(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)", f"CREATE DATABASE {target} TEMPLATE {source}")
            return
        for left in self.folder.glob(f"{target}.sqlite3*"):
            left.unlink()
        shutil.copyfile(self.folder / f"{source}.sqlite3", self.folder / f"{target}.sqlite3")

    def drop(self) -> None:
        if self.server:
            self._run(*(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)" for name in (RUN, START, BASE)))

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


class Step:
    """One step of the scenario, in a process of its own."""

    def __init__(self, database: Database, step: str, *, name: str = RUN, minutes: int = 0) -> None:
        environment: Mapping[str, str] = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
            "ENTREMISE_DATABASE_URL": database.address(name),
            "ENTREMISE_TEXT_SPOOL": str(database.folder / "sms"),
            "ENTREMISE_SMTP_URL": "",
            "DRILL_MINUTES": str(minutes),
        }
        self.log = (database.folder / "log").open("w+")
        command = [sys.executable, "-m", "tests.drills", step]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        assert self.process.stdout
        self.began = self.process.stdout.readline() and time.monotonic()

    def finish(self) -> float:
        """Seconds it took from when it was ready."""
        assert self.process.stdout
        with self.process, self.log:
            self.process.stdout.read()
            status = self.process.wait()
            self.log.seek(0)
            assert status == 0, self.log.read()
        return time.monotonic() - float(self.began)

    def killed_after(self, seconds: float) -> bool:
        """Whether it still ran when its time was over."""
        try:
            self.process.wait(timeout=max(0.0, float(self.began) + seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGKILL)
            with self.process, self.log:
                return self.process.wait() == -signal.SIGKILL
        self.finish()
        return False


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
