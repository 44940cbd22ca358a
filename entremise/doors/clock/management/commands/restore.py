from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from entremise.doors.clock.keeping.backing_up import fingerprint
from entremise.doors.clock.keeping.restoring import restore


class Command(BaseCommand):
    help = "Puts a backup in the place of the database, then proves it as « entremise check » does."
    requires_system_checks = ()  # They would ask a database that is not there yet.

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--over", action="store_true", help="replace everything that is in the database now")

    def handle(self, *args: Any, **options: Any) -> None:
        with tqdm(unit="B", unit_scale=True, leave=False, disable=None) as bar:
            manifest = restore(options["file"], over=options["over"], progress=bar.update)
        rows = sum(manifest.counts.values())
        self.stdout.write(f"Restauré : {rows} lignes du {manifest.made_at[:16].replace('T', ', ')} UTC.")
        if manifest.key != fingerprint():
            self.stdout.write(
                "ENTREMISE_SECRET_KEY n’est pas la clé de cette sauvegarde : sessions, codes, cartes, liens et clés "
                "des programmes ne marchent plus, et les mots des demandes d’aide sont illisibles. "
                "Remettez l’ancienne clé, ou donnez-en de nouveaux."
            )
        call_command("check", stdout=self.stdout, stderr=self.stderr)
