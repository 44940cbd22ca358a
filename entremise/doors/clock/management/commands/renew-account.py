# ruff: noqa: N999  # The word that an operator types.
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from entremise.doors.clock.management.commands.found import new_password
from entremise.doors.clock.organisations import staff_act, the_one
from entremise.doors.clock.watch import NOBODYS, write
from entremise.doors.frame.words import sentence
from entremise.kernel.refused import Refused
from entremise.people.operations import renew_account
from entremise.people.queries import get


class Command(BaseCommand):
    help = "Gives a login a new password and takes its second factors away: for whoever is the only director."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("login")
        parser.add_argument("--organisation", metavar="SLUG", help="the only one there is, unless given")

    def handle(self, *args: Any, **options: Any) -> None:
        organisation, password = the_one(options["organisation"]), new_password()
        person = staff_act(organisation, options["login"]).whose or NOBODYS
        try:
            write(organisation, lambda act: renew_account(act=act, person=get(person=person), password=password))
        except Refused as refused:
            raise CommandError(sentence(refused)) from refused
        self.stdout.write(f"{options['login']}   mot de passe pour une fois : {password}")
