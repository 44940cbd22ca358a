"""The example as somebody starts it who has just cloned: made once, served, ended by Ctrl-C, started again."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from entremise.jobs.rules.requests import MISSION, REQUEST
from tests.laws.tree import ROOT

KEPT = ("config", "entremise", "static", "templates")  # What runs; the clone has no var/.


class Demo:
    def __init__(self, home: Path, port: int) -> None:
        self.began = time.monotonic()
        command = [sys.executable, "-m", "config", "demo", "--serve", "--port", str(port)]
        plain = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO", "ENTREMISE"))}
        self.process = subprocess.Popen(
            command,
            cwd=home,
            env=plain,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.address = f"http://localhost:{port}"

    def ready(self) -> tuple[str, float]:
        """What it printed until it answers, and the seconds that took."""
        said = ""
        assert self.process.stdout
        for line in self.process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        for _ in range(600):
            try:
                with urllib.request.urlopen(f"{self.address}/healthz", timeout=5) as answer:
                    assert answer.status == 200
                    return said, time.monotonic() - self.began
            except OSError:
                assert self.process.poll() is None, said
                time.sleep(0.05)
        raise AssertionError(said)

    def interrupt(self) -> int:
        """As a terminal does: to everybody in the process group."""
        os.killpg(self.process.pid, signal.SIGINT)
        with self.process:
            return self.process.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    for name in KEPT:
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_the_example_is_made_served_ended_and_started_again(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    demo = Demo(home, free_port())
    said, first = demo.ready()
    assert demo.address in said
    assert {"solene", "awa", "helene"} <= set(re.findall(r"\w+", said))
    for link in re.findall(rf"{demo.address}(/l/\S+)", said):
        with urllib.request.urlopen(demo.address + link, timeout=10) as answer:
            assert "Entrer" in answer.read().decode()
    assert demo.interrupt() == 0
    with pytest.raises(OSError, match="refused"), urllib.request.urlopen(demo.address, timeout=5):
        pass

    again = Demo(home, free_port())
    _, second = again.ready()
    assert again.interrupt() == 0
    with capsys.disabled():
        sys.stdout.write(f"\nexample made in {first:.0f} s, started again in {second:.1f} s\n")


def test_the_example_is_a_year_of_life(home: Path) -> None:
    with sqlite3.connect(home / "var" / "demo" / "entremise.sqlite3") as database:

        def count(sql: str) -> int:
            number: int = database.execute(sql).fetchone()[0]
            return number

        def values(sql: str) -> set[str]:
            return {row[0] for row in database.execute(sql)}

        assert count("SELECT count(DISTINCT person_id) FROM people_membership WHERE role = 'client'") >= 60
        assert count("SELECT count(DISTINCT person_id) FROM people_membership WHERE role = 'worker'") == 25
        assert count("SELECT count(*) FROM jobs_request") >= 400
        assert values("SELECT state FROM jobs_request") == set(REQUEST.states)
        assert values("SELECT state FROM jobs_mission") == set(MISSION.states)
        assert count("SELECT count(*) FROM settlement_run WHERE state = 'finished'") >= 10
        assert count("SELECT count(*) FROM history_fact") > 5_000
        assert values("SELECT state FROM agreements_feedback") >= {"asked", "open", "lapsed"}
        assert count("SELECT count(*) FROM agreements_fulfilment WHERE kind = 'called_off'") > 0


def test_nonsense_in_every_form_is_answered_and_never_half_done(home: Path, tmp_path: Path) -> None:
    """The first walk found an answer to a quote that failed, three pages that no refusal could lead back to, and a form
    that lost what was typed.
    """
    example, spoilt = home / "var" / "demo" / "entremise.sqlite3", tmp_path / "spoilt.sqlite3"
    shutil.copyfile(example, spoilt)
    given = {"ENTREMISE_DATABASE_URL": f"sqlite:///{spoilt}", "ENTREMISE_VAR": str(tmp_path), "ENTREMISE_HTTPS": "0"}
    given |= {"ENTREMISE_SECRET_KEY": "drill", "DJANGO_SETTINGS_MODULE": "config.settings_test"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.drills.every_form"],
        cwd=ROOT,
        env={**os.environ, **given},
        capture_output=True,
        text=True,
        check=True,
    )
    walked = json.loads(done.stdout)
    assert walked["wrong"] == []
    assert len(walked["ways"]) > 90, f"too few forms were met; never: {walked['never']}"
