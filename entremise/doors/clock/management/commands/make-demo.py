# ruff: noqa: N999  # The word that an operator types.
from argparse import ArgumentParser
from random import Random
from typing import Any

from allauth.mfa.totp.internal import auth as totp
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from tqdm import tqdm

from config import demo
from entremise.doors.clock.demo import STAFF
from entremise.doors.clock.demo.founding import found, opening_day
from entremise.doors.clock.demo.life import Year
from entremise.history.operations import chain
from entremise.kernel.clock import now
from entremise.people.models import Account
from entremise.tenancy import scope

SEED = 2026


class Command(BaseCommand):
    help = "Fills the database of the example; `entremise demo` calls it when there is none."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--scale", type=int, default=1, help="how many times the usual size, for benchmarks")

    def handle(self, *args: Any, **options: Any) -> None:
        if connection.settings_dict["NAME"] != str(demo.MAKING):
            raise CommandError("This is not the example's database; `entremise demo` makes it.")
        scale = options["scale"]
        call_command("migrate", verbosity=0)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=OFF")  # The file is thrown away if this is interrupted.
        present, chance = now(), Random(SEED)
        opening = opening_day(present)
        cast = found(opening=opening, scale=scale, chance=chance)
        with tqdm(desc="Une année au Pas de Porte", unit=" gestes", leave=False, disable=None) as bar:
            year = Year(cast, opening=opening, now=present, scale=scale, chance=chance)
            year.replay(lambda steps: _count(bar, steps))
        for login, _ in STAFF:
            totp.TOTP.activate(Account.objects.get(login=login), totp.generate_totp_secret())
        with scope.writing(cast.organisation.id):
            while chain():
                pass
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()


def _count(bar: "tqdm[Any]", steps: int) -> None:
    bar.update(steps)
