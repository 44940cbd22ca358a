"""How each engine gives its database out and takes it back, whole and at one moment."""

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path
from typing import Any, Protocol

from django.core.management.base import CommandError
from django.db import connection

from entremise.doors.clock.keeping.archive import Damaged, Progress
from entremise.doors.clock.watch import NOBODYS
from entremise.tenancy import scope

Ask = Callable[[str], Sequence[Any]]  # The rows that answer a question.
PAGES = 2000  # Of SQLite, copied between two looks at the progress.
DEBIAN = Path("/usr/lib/postgresql")
FUNCTIONS = "SELECT proname FROM pg_proc WHERE proname LIKE 'entremise~_%' ESCAPE '~'"


class Engine(Protocol):
    """copy: the database into a file, and a way to ask that very moment. put: the file in the database's place."""

    part: str
    tables: str

    def copy(self, target: Path, progress: Progress) -> AbstractContextManager[Ask]: ...

    def prove(self, copy: Path, counted: Mapping[str, int]) -> None: ...

    def put(self, copy: Path, progress: Progress) -> None: ...


def counts(ask: Ask, tables: str) -> dict[str, int]:
    """Rows of every table. tables: the question that names them."""
    return {table: int(ask(f'SELECT count(*) FROM "{table}"')[0][0]) for (table,) in ask(tables)}


class Sqlite:
    """The online backup of SQLite, from one snapshot of the log of writes: no writer waits or spoils it."""

    part = "database.sqlite3"
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' ORDER BY 1"

    @contextmanager
    def copy(self, target: Path, progress: Progress) -> Iterator[Ask]:
        """Yields a way to ask the copy."""
        name = Path(str(connection.settings_dict["NAME"]))
        if not name.exists():
            raise CommandError(f"{name} n’existe pas : il n’y a rien à sauvegarder.")
        with closing(_open(name)) as source, closing(_open(target)) as copy:
            # The snapshot is held while it is copied: SQLite would begin again at every write of another program.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            _copy(source, copy, progress)
            source.rollback()
            yield lambda question: copy.execute(question).fetchall()

    def prove(self, copy: Path, counted: Mapping[str, int]) -> None:
        """Raises Damaged unless the file is a sound database with these rows."""
        with closing(_open(copy)) as file:
            try:
                sound = file.execute("PRAGMA quick_check(1)").fetchone()[0]
                found = counts(lambda question: file.execute(question).fetchall(), self.tables)
            except sqlite3.DatabaseError as error:
                raise Damaged(f"La base de la sauvegarde ne s’ouvre pas : {error}.") from error
        if sound != "ok" or found != counted:
            raise Damaged("La base de la sauvegarde n’a pas les lignes que la sauvegarde annonce.")

    def put(self, copy: Path, progress: Progress) -> None:
        """In one transaction of SQLite: killed in the middle, the database is what it was."""
        name = Path(str(connection.settings_dict["NAME"]))
        name.parent.mkdir(parents=True, exist_ok=True)
        connection.close()
        with closing(_open(copy)) as source, closing(_open(name)) as target:
            _copy(source, target, progress)


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(path, isolation_level=None, timeout=20)


def _copy(source: sqlite3.Connection, target: sqlite3.Connection, progress: Progress) -> None:
    size = source.execute("PRAGMA page_size").fetchone()[0]
    done = 0

    def step(status: int, remaining: int, total: int) -> None:
        nonlocal done
        progress((total - remaining) * size - done)
        done = (total - remaining) * size

    source.backup(target, pages=PAGES, progress=step)


class Postgresql:
    """pg_dump and pg_restore, of a version that the server understands."""

    part = "database.dump"
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"

    @contextmanager
    def copy(self, target: Path, progress: Progress) -> Iterator[Ask]:
        """Yields a way to ask the moment that was dumped. The role must read beyond the policies."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
            if cursor.fetchall() != [(True,)]:
                raise CommandError(
                    "Ce rôle ne voit pas les lignes de toutes les organisations. Sauvegardez avec un rôle BYPASSRLS, "
                    "par exemple entremise_backup (docs/running.md)."
                )
        with scope.snapshot(NOBODYS), connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            snapshot = cursor.fetchone()[0]
            plain = ["--format=custom", "--no-owner", "--no-privileges"]
            _run("pg_dump", [*plain, f"--snapshot={snapshot}", f"--file={target}"], target.parent)
            progress(target.stat().st_size)

            def ask(question: str) -> Sequence[Any]:
                cursor.execute(question)
                return list(cursor.fetchall())

            yield ask

    def prove(self, copy: Path, counted: Mapping[str, int]) -> None:
        """Raises CommandError when pg_restore cannot read it."""
        _run("pg_restore", ["--file=/dev/null", str(copy)], copy.parent, connects=False)

    def put(self, copy: Path, progress: Progress) -> None:
        """Tables of before dropped and those of the backup loaded in one transaction: all of it, or nothing."""
        with connection.cursor() as cursor:
            before = connection.introspection.table_names(cursor)
            cursor.execute(FUNCTIONS)
            functions = [name for (name,) in cursor.fetchall()]
        connection.close()
        drop = copy.with_name("drop.sql")
        drop.write_text(
            "SET lock_timeout = '20s';\n"
            + "".join(f'DROP TABLE "{table}" CASCADE;\n' for table in before)
            + "".join(f'DROP FUNCTION public."{name}"() CASCADE;\n' for name in functions)
        )
        load = copy.with_name("load.sql")
        plain = ["--no-owner", "--no-privileges", f"--file={load}"]
        _run("pg_restore", [*plain, str(copy)], copy.parent, connects=False)
        options = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1"]
        _run("psql", [*options, "--output=/dev/null", f"--file={drop}", f"--file={load}"], copy.parent)
        progress(copy.stat().st_size)


def here() -> Engine:
    return Sqlite() if connection.vendor == "sqlite" else Postgresql()


def program(name: str, server: int, folder: Path = DEBIAN) -> str:
    """PostgreSQL's program of this name: of the server's version, or the next later one. server: major version."""
    found: dict[int, str] = {}
    for path in (shutil.which(name), *map(str, folder.glob(f"*/bin/{name}"))):
        said = subprocess.run([path, "--version"], capture_output=True, text=True).stdout if path else ""
        if version := re.search(r"\) (\d+)", said):
            found[int(version[1])] = str(path)
    fitting = [version for version in found if version >= server]
    if fitting:
        return found[min(fitting)]
    hint = f"Installez-le : apt install postgresql-client-{server}."
    if found:
        raise CommandError(f"{name} {max(found)} est plus ancien que le serveur ({server}). {hint}")
    raise CommandError(f"{name} manque sur cette machine. {hint}")


def _run(name: str, options: Sequence[str], folder: Path, *, connects: bool = True) -> None:
    """Run one of PostgreSQL's programs. The password goes by a file in `folder`, which nobody else can read."""
    where = [f"--dbname={_address(folder)}"] if connects else []
    command = [program(name, connection.pg_version // 10000), *where, *options]  # type: ignore[attr-defined]  # Of this engine only.
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    if done.returncode:
        raise CommandError(f"{name} : {done.stderr.strip()[-2000:]}")


def _address(folder: Path) -> str:
    given = connection.settings_dict
    named = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "dbname": given["NAME"]}
    if given["PASSWORD"]:
        kept = folder / "password"
        kept.touch(mode=0o600)
        kept.write_text("*:*:*:*:" + re.sub(r"([\\:])", r"\\\1", given["PASSWORD"]) + "\n")
        named["passfile"] = str(kept)
    quoted = {name: re.sub(r"([\\'])", r"\\\1", str(value)) for name, value in named.items() if value}
    return " ".join(f"{name}='{value}'" for name, value in quoted.items())
