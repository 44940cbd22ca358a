# ruff: noqa: N999  # Commands are typed with a hyphen.
from typing import Any

from django.core.management.base import CommandError

from entremise.doors.clock.organisations import ForEach
from entremise.doors.clock.upkeep import problems


class Command(ForEach):
    help = "Proves every balance and the chain of history anew. Exit code 1 when something is wrong."

    def handle(self, *args: Any, **options: Any) -> None:
        count = 0
        for organisation in self.chosen(options):
            found = problems(organisation)
            count += len(found)
            for line in found or ["tout est juste"]:
                self.stdout.write(f"{organisation.slug} : {line}")
        if count:
            raise CommandError(f"{count} anomalies", returncode=1)
