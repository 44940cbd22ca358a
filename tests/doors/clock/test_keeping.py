"""The file of a backup, byte by byte. What is done with it is in tests/drills/test_restore.py."""

import random
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from entremise.doors.clock.keeping import archive, engines
from entremise.doors.clock.keeping.backing_up import rotate


def no_progress(size: int) -> None: ...


MANIFEST = archive.Manifest(
    format=archive.FORMAT, program="0.1.0", made_at="2026-11-27T09:00:00+00:00", engine="sqlite", key="01234567",
    migrations=["ledger.0001_initial"], counts={"ledger_transfer": 3}, seals={},
)  # fmt: skip


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    database, text = tmp_path / "copy", tmp_path / "text"
    database.write_bytes(random.Random(1).randbytes(3000))
    text.write_text("OUI 318")
    made = tmp_path / "made" / "backup.zip"
    parts = {"database.sqlite3": database, "spool/a/inbox/IN1.txt": text, "spool/a/gone.txt": tmp_path / "gone"}
    archive.write(made, MANIFEST, parts, no_progress)
    return made


def test_a_backup_is_read_as_it_was_written(backup: Path, tmp_path: Path) -> None:
    manifest = archive.read(backup, no_progress)
    assert (manifest.counts, list(manifest.parts)) == (MANIFEST.counts, ["database.sqlite3", "spool/a/inbox/IN1.txt"])
    archive.extract(backup, manifest, "database.sqlite3", tmp_path / "out" / "copy", no_progress)
    assert (tmp_path / "out" / "copy").read_bytes() == (tmp_path / "copy").read_bytes()
    assert [str(place) for _, place in archive.spooled(manifest)] == ["a/inbox/IN1.txt"]


def test_a_name_without_a_folder_is_beside_whoever_asks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with archive.nearby(Path("backup.zip")) as folder:
        assert (folder.is_absolute(), folder.parent) == (True, tmp_path)


def test_nothing_is_left_beside_it_and_nobody_else_reads_it(backup: Path) -> None:
    assert [path.name for path in backup.parent.iterdir()] == ["backup.zip"]
    assert backup.stat().st_mode & 0o077 == 0


def test_one_wrong_byte_anywhere_is_found(backup: Path) -> None:
    whole = backup.read_bytes()
    for place in range(0, len(whole), 7):
        backup.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        with pytest.raises(archive.Damaged):
            archive.read(backup, no_progress)


@pytest.mark.parametrize("size", [0, 63, 64, 1000])
def test_a_file_cut_short_is_refused(backup: Path, size: int) -> None:
    backup.write_bytes(backup.read_bytes()[:size])
    with pytest.raises(archive.Damaged):
        archive.read(backup, no_progress)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(archive.Damaged, match="ne se lit pas"):
        archive.read(tmp_path / "nothing.zip", no_progress)


def test_a_part_that_is_not_what_the_manifest_says_is_refused(backup: Path, tmp_path: Path) -> None:
    manifest = archive.read(backup, no_progress)
    manifest.parts["database.sqlite3"] = "0" * 64
    with pytest.raises(archive.Damaged, match=r"database\.sqlite3"):
        archive.extract(backup, manifest, "database.sqlite3", tmp_path / "out", no_progress)


def test_no_part_leads_out_of_the_spool(backup: Path) -> None:
    manifest = archive.read(backup, no_progress)
    manifest.parts.update({"spool/../../etc/passwd": "0", "/etc/passwd": "0", "other": "0"})
    assert [str(place) for _, place in archive.spooled(manifest)] == ["a/inbox/IN1.txt"]


def test_a_file_that_is_there_is_not_written_over(backup: Path, tmp_path: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(FileExistsError):
        archive.write(backup, MANIFEST, {"database.sqlite3": tmp_path / "copy"}, no_progress)
    assert backup.read_bytes() == before


def test_a_folder_keeps_the_latest_and_what_is_not_ours(tmp_path: Path) -> None:
    for day in ("01", "02", "03"):
        (tmp_path / f"entremise-2026-01-{day}-030000.zip").touch()
    (tmp_path / "mine.zip").touch()
    assert [path.name for path in rotate(tmp_path, 2)] == ["entremise-2026-01-01-030000.zip"]
    assert (tmp_path / "mine.zip").exists()
    assert rotate(tmp_path, 5) == []


def installed(folder: Path, *versions: int) -> None:
    for version in versions:
        program = folder / str(version) / "bin" / "pg_entremise"
        program.parent.mkdir(parents=True)
        program.write_text(f"#!/bin/sh\necho 'pg_entremise (PostgreSQL) {version}.4'\n")
        program.chmod(0o755)


def test_the_program_of_the_servers_version_is_taken_or_the_next_later_one(tmp_path: Path) -> None:
    installed(tmp_path, 13, 16, 17)
    assert engines.program("pg_entremise", 15, tmp_path) == str(tmp_path / "16" / "bin" / "pg_entremise")
    assert engines.program("pg_entremise", 17, tmp_path) == str(tmp_path / "17" / "bin" / "pg_entremise")


def test_a_program_older_than_the_server_is_said_with_what_to_do(tmp_path: Path) -> None:
    installed(tmp_path, 13)
    with pytest.raises(CommandError, match=r"13 est plus ancien que le serveur \(15\)\. .*postgresql-client-15"):
        engines.program("pg_entremise", 15, tmp_path)


def test_a_missing_program_is_said_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"manque sur cette machine\. .*postgresql-client-15"):
        engines.program("pg_entremise", 15, tmp_path)
