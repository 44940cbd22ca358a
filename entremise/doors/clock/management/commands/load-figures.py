# ruff: noqa: N999  # Commands are typed with a hyphen.
from typing import Any

from django.core.management.base import BaseCommand

from entremise.doors.clock.watch import NOBODYS
from entremise.figures.operations import load_shipped
from entremise.tenancy import scope


class Command(BaseCommand):
    help = "Loads the legal figures that come with the program; run again after every update, harmless otherwise."

    def handle(self, *args: Any, **options: Any) -> None:
        with scope.writing(NOBODYS):
            changed = load_shipped()
        self.stdout.write(f"{changed} chiffres nouveaux ou corrigés")
