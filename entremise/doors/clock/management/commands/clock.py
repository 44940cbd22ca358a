from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, close_old_connections

from entremise.doors.clock.rounds import Wheel
from entremise.doors.clock.watch import Watch, log


class Command(BaseCommand):
    help = "Carries out what is due for every organisation: letters, texts, documents, deadlines, self-checks."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="every round once, then leave")
        parser.add_argument("--every", type=float, default=2, metavar="SECONDS", help="pause between two turns")

    def handle(self, *args: Any, **options: Any) -> None:
        wheel = Wheel(Watch())
        if options["once"]:
            wheel.turn()
            if wheel.watch.failures:
                raise CommandError(f"{wheel.watch.failures} items failed; the log says why.")
            return
        wheel.watch.listen_for_the_end()
        log.info("clock_started", every=options["every"])
        while not wheel.watch.stop.is_set():
            try:
                close_old_connections()
                wheel.turn()
            except DatabaseError:
                log.exception("database_away")  # It comes back, and nobody should have to start the clock again.
            wheel.watch.stop.wait(options["every"])
        log.info("clock_stopped")
