"""Databases that drills spoil, and steps that run in processes of their own, so that they can be killed."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from tests.conftest import ON_POSTGRESQL

SEED = int(os.environ.get("ENTREMISE_DRILL_SEED") or random.SystemRandom().randrange(10**6))
BASE, START, RUN = (f"entremise_drill_{os.getpid()}_{name}" for name in ("base", "start", "run"))


class Database:
    """A database that can be put back to where it began. SQLite: a file; PostgreSQL: made from a template."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.server = os.environ.get("ENTREMISE_DATABASE_URL", "") if ON_POSTGRESQL else ""

    def address(self, name: str, role: str = "") -> str:
        """role: on PostgreSQL, another than the owner."""
        if self.server:
            whole = urlsplit(self.server)._replace(path=f"/{name}")
            return whole._replace(netloc=f"{role}@{whole.netloc.partition('@')[2]}" if role else whole.netloc).geturl()
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

    def make_empty(self, name: str) -> None:
        """As an operator finds it before a restore: no file, or a database without tables."""
        if self.server:
            self._run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")
        for left in self.folder.glob(f"{name}.sqlite3*"):
            left.unlink()

    def _run(self, *statements: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


class Step:
    """One step of the scenario, in a process of its own."""

    def __init__(self, database: Database, step: str, *, name: str = RUN, minutes: int = 0, provider: str = "") -> None:
        environment: Mapping[str, str] = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings_test",
            "ENTREMISE_DATABASE_URL": database.address(name),
            "ENTREMISE_TEXT_SPOOL": str(database.folder / "sms"),
            "ENTREMISE_SMTP_URL": "",
            "DRILL_MINUTES": str(minutes),
            "DRILL_PROVIDER": provider,
        }
        self.log = (database.folder / f"log-{step}").open("w+")
        command = [sys.executable, "-m", "tests.drills", step]
        self.process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True)
        assert self.process.stdout
        self.began = self.process.stdout.readline() and time.monotonic()

    def finish(self) -> float:
        """Seconds it took from when it was ready. What it said since is in `said`."""
        assert self.process.stdout
        with self.process, self.log:
            self.said = self.process.stdout.read()
            status = self.process.wait()
            self.log.seek(0)
            assert status == 0, self.log.read()
        return time.monotonic() - float(self.began)

    def hear(self) -> str:
        """The next line that it says."""
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        with self.process, self.log:
            self.process.wait()

    def killed_after(self, seconds: float) -> bool:
        """Whether it still ran when its time was over."""
        try:
            self.process.wait(timeout=max(0.0, float(self.began) + seconds - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.kill()
            return self.process.returncode == -signal.SIGKILL
        self.finish()
        return False
