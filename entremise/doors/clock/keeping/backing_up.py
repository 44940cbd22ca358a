from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from django.utils.crypto import salted_hmac

from entremise.doors.clock.keeping import archive, engines
from entremise.doors.clock.keeping.archive import FORMAT, Manifest, Progress
from entremise.kernel.clock import now

NAMED = "entremise-%Y-%m-%d-%H%M%S.zip"  # In UTC, so that names are in the order of time.
PATTERN = "entremise-????-??-??-??????.zip"
SEALS = (
    "SELECT o.slug, s.hash FROM ledger_seal s JOIN tenancy_organisation o ON o.id = s.organisation_id "
    "WHERE s.day = (SELECT max(day) FROM ledger_seal l WHERE l.organisation_id = o.id)"
)


def back_up(asked: Path | None, progress: Progress) -> Path:
    """Write a backup; returns its file. asked: its name, or the folder it goes into under a name with the moment.

    Raises CommandError, among others when the file is there already.
    """
    moment, engine = now(), engines.here()
    target = asked or settings.VAR / "backups"
    if asked is None or asked.is_dir():
        target /= moment.strftime(NAMED)
    if target.exists():
        raise CommandError(f"{target} existe déjà. Donnez un autre nom : rien n’est écrasé.")
    with archive.nearby(target) as folder:
        copy = folder / engine.part
        with engine.copy(copy, progress) as ask:
            counted = engines.counts(ask, engine.tables)
            manifest = Manifest(
                format=FORMAT,
                program=version("entremise"),
                made_at=moment.isoformat(),
                engine=connection.vendor,
                key=fingerprint(),
                migrations=[
                    f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations ORDER BY id")
                ],
                counts=counted,
                seals=dict(ask(SEALS)) if "ledger_seal" in counted else {},  # Not there before an upgrade.
            )
        archive.write(target, manifest, {engine.part: copy, **dict(_spool())}, progress)
    return target


def rotate(folder: Path, keep: int) -> list[Path]:
    """Remove all but the latest `keep` backups that were named by us; returns those that went."""
    gone = sorted(folder.glob(PATTERN))[:-keep]
    for one in gone:
        one.unlink()
    return gone


def fingerprint() -> str:
    """Tells one SECRET_KEY from another, and nothing else of it."""
    return salted_hmac("entremise.backup", "which key").hexdigest()[:8]


def _spool() -> Iterator[tuple[str, Path]]:
    """Text messages that wait, were sent or came in: the only data that is not in the database."""
    spool = Path(settings.TEXT_SPOOL)
    for path in sorted(spool.rglob("*")):
        if path.is_file():
            yield f"{archive.SPOOL}/{path.relative_to(spool).as_posix()}", path
