from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from entremise.doors.clock.keeping.backing_up import back_up, rotate


def at_least_one(typed: str) -> int:
    if not typed.isdigit() or int(typed) < 1:
        raise ArgumentTypeError("au moins 1")
    return int(typed)


class Command(BaseCommand):
    help = "Writes everything into one file, while the programs run: database, text messages, what proves them."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help="a new file, or a folder")
        parser.add_argument(
            "--keep", type=at_least_one, metavar="N", help="keep the last N of the folder, remove older"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with tqdm(unit="B", unit_scale=True, leave=False, disable=None) as bar:
                made = back_up(options["file"], bar.update)
        except OSError as error:
            raise CommandError(f"La sauvegarde n’a pas pu s’écrire : {error}.") from error
        self.stdout.write(f"{made} : {made.stat().st_size / 1e6:.1f} Mo. Gardez-en une copie ailleurs, sans la clé.")
        for gone in rotate(made.parent, options["keep"]) if options["keep"] else ():
            self.stdout.write(f"{gone} : enlevée")
