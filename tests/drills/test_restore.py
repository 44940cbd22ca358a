"""The restore drill: a world with money, documents and facts is backed up while it lives, lost, and put back whole."""

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import pytest

from entremise.doors.clock.keeping import archive
from tests.conftest import ON_POSTGRESQL
from tests.drills.processes import BASE, RUN, SEED, START, Database, Step
from tests.laws.tree import ROOT

KEY = "drill"
KILLS = 4


class Installation:
    """Commands of `entremise` on databases of its own, with an operator's settings."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.folder = database.folder

    def start(self, *command: str, name: str, **more: str) -> "subprocess.Popen[str]":
        role = "entremise_backup" if command[0] == "backup" else ""
        environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "ENTREMISE_DATABASE_URL": self.database.address(name, role),
            "ENTREMISE_SECRET_KEY": KEY,
            "ENTREMISE_HTTPS": "0",
            "ENTREMISE_VAR": str(self.folder / "var"),
            "ENTREMISE_TEXT_SPOOL": str(self.folder / "sms"),
            "ENTREMISE_LOG_LEVEL": "ERROR",
            "PYTHONPATH": str(ROOT),
            **more,
        }
        said = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        command = (sys.executable, "-m", "config", *command)
        return subprocess.Popen(command, env=environment, cwd=self.folder, **said)  # type: ignore[call-overload]  # Keywords in a dictionary.

    def does(self, *command: str, name: str = RUN, status: int = 0, **more: str) -> str:
        """What a command says; its exit code must be `status`."""
        process = self.start(*command, name=name, **more)
        said, _ = process.communicate(timeout=120)
        assert process.returncode == status, said
        return str(said)

    def told(self, name: str) -> object:
        """Sums, sums of documents, facts, whether a page answers."""
        step = Step(self.database, "told", name=name)
        step.finish()
        return json.loads(step.said)


def seeded(capsys: pytest.CaptureFixture[str]) -> random.Random:
    with capsys.disabled():
        sys.stdout.write(f"\nrestore: seed {SEED}\n")
    return random.Random(SEED)


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    database = Database(tmp_path_factory.mktemp("restore"))
    database.make()
    Step(database, "small", name=BASE).finish()
    yield Installation(database)
    database.drop()


@pytest.fixture(scope="module")
def backup(installation: Installation) -> Path:
    installation.does("backup", "quiet.zip", name=BASE)
    return installation.folder / "quiet.zip"


@pytest.fixture
def empty(installation: Installation) -> Installation:
    installation.database.make_empty(RUN)
    return installation


def test_what_is_put_back_is_what_there_was(empty: Installation, backup: Path) -> None:
    texts = {path.name for path in (empty.folder / "sms").rglob("*.txt")}
    shutil.rmtree(empty.folder / "sms")
    said = empty.does("restore", str(backup))
    assert "pas-de-porte : tout est juste" in said
    assert "ENTREMISE_SECRET_KEY" not in said
    told = empty.told(RUN)
    assert told == empty.told(BASE)
    balance, prints, payouts, facts, status, named = told  # type: ignore[misc]  # A list of six.
    assert (len(prints) > 10, len(payouts), facts > 100, status, named) == (True, 2, True, 200, True)
    assert balance
    assert {path.name for path in (empty.folder / "sms").rglob("*.txt")} == texts


def test_a_backup_is_for_its_owner_alone_and_names_what_is_in_it(backup: Path) -> None:
    manifest = archive.read(backup, lambda size: None)
    assert backup.stat().st_mode & 0o077 == 0
    assert manifest.counts["ledger_transfer"] > 10
    assert "ledger.0002_seals" in manifest.migrations
    assert len(manifest.seals["pas-de-porte"]) == 64
    with ZipFile(backup) as packed:
        assert not any(KEY.encode() in packed.read(name) for name in packed.namelist() if name.startswith("manifest"))


def test_a_backup_made_while_another_program_writes_without_pause_is_whole(empty: Installation) -> None:
    empty.database.copy(BASE, START)
    writer = Step(empty.database, "write", name=START)
    try:
        assert writer.hear() == "writing"
        file = empty.folder / "busy.zip"
        empty.does("backup", str(file), name=START)
        assert writer.process.poll() is None
    finally:
        writer.kill()
    assert "tout est juste" in empty.does("restore", str(file))
    assert archive.read(file, lambda size: None).counts["ledger_transfer"] > 30


def test_the_books_are_proved_while_another_program_writes_without_pause(empty: Installation) -> None:
    empty.database.copy(BASE, START)
    writer = Step(empty.database, "write", name=START)
    try:
        assert writer.hear() == "writing"
        assert "tout est juste" in empty.does("check", name=START)
        assert writer.process.poll() is None
    finally:
        writer.kill()


def test_a_backup_killed_anywhere_leaves_no_half_file_and_the_next_one_goes(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    began = time.monotonic()
    installation.does("backup", str(installation.folder / "timed.zip"), name=BASE)
    lasts = time.monotonic() - began
    chance = seeded(capsys)
    for number in range(KILLS):
        file = installation.folder / f"killed-{number}.zip"
        process = installation.start("backup", str(file), name=BASE)
        try:
            process.wait(timeout=chance.uniform(lasts * 0.4, lasts))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        if file.exists():
            archive.read(file, lambda size: None)
        else:
            installation.does("backup", str(file), name=BASE)


def test_a_restore_killed_anywhere_leaves_the_database_before_or_after(
    empty: Installation, backup: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chance = seeded(capsys)
    empty.does("restore", str(backup))
    began = time.monotonic()
    empty.does("restore", "--over", str(backup))
    lasts = time.monotonic() - began
    whole = empty.told(BASE)
    for _ in range(2):
        process = empty.start("restore", "--over", str(backup), name=RUN)
        try:
            process.wait(timeout=chance.uniform(lasts * 0.2, lasts * 0.8))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
        process.communicate()
        empty.does("migrate", "--verbosity=0")
        assert empty.told(RUN) == whole
        assert "tout est juste" in empty.does("check")


def test_a_full_database_is_kept_unless_somebody_says_over(empty: Installation, backup: Path) -> None:
    empty.does("restore", str(backup))
    said = empty.does("restore", str(backup), status=1)
    assert "La base contient déjà une organisation." in said
    assert "tout est juste" in empty.does("restore", "--over", str(backup))


def test_a_backup_is_never_written_over_another_file(installation: Installation, backup: Path) -> None:
    before = backup.read_bytes()
    assert "existe déjà" in installation.does("backup", str(backup), name=BASE, status=1)
    assert backup.read_bytes() == before


def test_a_spoilt_backup_is_refused_before_anything_is_touched(empty: Installation, backup: Path) -> None:
    spoilt = empty.folder / "spoilt.zip"
    whole = backup.read_bytes()
    spoilt.write_bytes(whole[:5000] + bytes([whole[5000] ^ 1]) + whole[5001:])
    said = empty.does("restore", "--over", str(spoilt), status=1)
    assert "n’est pas une sauvegarde entière" in said
    assert "Rien n’a été changé." in said
    assert "Lancez d’abord" in empty.does("check", status=1)  # Still without a table.


def test_a_backup_of_an_earlier_version_is_brought_up_to_this_one(empty: Installation) -> None:
    empty.database.copy(BASE, START)
    Step(empty.database, "older", name=START).finish()
    old = empty.folder / "old.zip"
    empty.does("backup", str(old), name=START)
    assert "ledger.0002_seals" not in archive.read(old, lambda size: None).migrations
    assert "tout est juste" in empty.does("restore", str(old))


def test_a_backup_of_a_later_version_waits_for_the_program(empty: Installation, backup: Path) -> None:
    later = empty.folder / "later.zip"
    manifest = archive.read(backup, lambda size: None)
    part = "database.dump" if ON_POSTGRESQL else "database.sqlite3"
    copy = empty.folder / part
    archive.extract(backup, manifest, part, copy, lambda size: None)
    manifest.migrations.append("ledger.9999_of_tomorrow")
    archive.write(later, manifest, {part: copy}, lambda size: None)
    assert "d’une version plus récente" in empty.does("restore", str(later), status=1)


def test_another_key_is_said_with_what_it_ends(empty: Installation, backup: Path) -> None:
    said = empty.does("restore", str(backup), ENTREMISE_SECRET_KEY="another")
    assert "ENTREMISE_SECRET_KEY n’est pas la clé de cette sauvegarde" in said


@pytest.mark.postgresql
def test_a_role_that_the_policies_bind_makes_no_backup(installation: Installation) -> None:
    """It would miss the rows of every organisation, and nobody would know."""
    url = installation.database.address(BASE)
    said = installation.does("backup", str(installation.folder / "bound.zip"), status=1, ENTREMISE_DATABASE_URL=url)
    assert "BYPASSRLS" in said
