from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from entremise.doors.clock.keeping import archive, engines
from entremise.doors.clock.keeping.archive import Damaged, Manifest, Progress
from entremise.tenancy import scope
from entremise.tenancy.queries import all_organisations


def restore(source: Path, *, over: bool, progress: Progress) -> Manifest:
    """Put a backup in the place of the database, whole, and bring its tables up to this version.

    over: what is there may go. Raises CommandError before anything is touched when the file is damaged, of the other
    engine or of a later version, or when the database holds an organisation.
    """
    engine = engines.here()
    try:
        manifest = archive.read(source, progress)
        _fits(manifest, engine)
        if not over and not _empty():
            raise CommandError(
                "La base contient déjà une organisation. Restaurez dans une base vide, ou remplacez tout avec --over."
            )
        beside = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else settings.VAR / "database"
        with archive.nearby(beside) as folder:
            copy = folder / engine.part
            archive.extract(source, manifest, engine.part, copy, progress)
            engine.prove(copy, manifest.counts)
            engine.put(copy, progress)
        if connection.vendor == "postgresql":
            _count(manifest)
    except Damaged as damaged:
        raise CommandError(f"{damaged} Rien n’a été changé.") from damaged
    call_command("migrate", verbosity=0)
    _fill_spool(source, manifest, progress)
    return manifest


def _fits(manifest: Manifest, engine: engines.Engine) -> None:
    if manifest.engine != connection.vendor or engine.part not in manifest.parts:
        raise CommandError(f"Cette sauvegarde est de {manifest.engine}, cette base de {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
    if not known.issuperset(manifest.migrations):
        raise CommandError(
            f"Cette sauvegarde vient d’une version plus récente ({manifest.program}). Mettez d’abord celle-ci à jour."
        )


def _empty() -> bool:
    if connection.vendor == "sqlite" and not Path(connection.settings_dict["NAME"]).exists():
        return True
    with connection.cursor() as cursor:
        if "tenancy_organisation" not in connection.introspection.table_names(cursor):
            return True
        cursor.execute("SELECT count(*) FROM tenancy_organisation")
        return bool(cursor.fetchone() == (0,))


def _count(manifest: Manifest) -> None:
    """Whether the server has every row that was announced. The policies show one organisation's at a time."""
    with connection.cursor() as cursor:
        of_tenants = {
            table
            for table in manifest.counts
            if any(
                column.name == "organisation_id"
                for column in connection.introspection.get_table_description(cursor, table)
            )
        }
        found = dict.fromkeys(of_tenants, 0)
        for table in manifest.counts.keys() - of_tenants:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            found[table] = int(cursor.fetchone()[0])
    for organisation in all_organisations():
        with scope.reading(organisation.id), connection.cursor() as cursor:
            for table in of_tenants:
                cursor.execute(f'SELECT count(*) FROM "{table}" WHERE organisation_id = %s', [organisation.id])
                found[table] += int(cursor.fetchone()[0])
    wrong = sorted(table for table, count in manifest.counts.items() if found[table] != count)
    if wrong:
        raise CommandError(f"Des lignes manquent dans {', '.join(wrong)}. Ne démarrez rien, et restaurez à nouveau.")


def _fill_spool(source: Path, manifest: Manifest, progress: Progress) -> None:
    """Put back the texts that are nowhere in their spool: one that was sent since must not wait to be sent again."""
    spool = Path(settings.TEXT_SPOOL)
    there = {(path.relative_to(spool).parts[0], path.name) for path in spool.glob("*/*/*")}
    for part, place in archive.spooled(manifest):
        if (place.parts[0], place.name) not in there:
            archive.extract(source, manifest, part, spool / place, progress)
