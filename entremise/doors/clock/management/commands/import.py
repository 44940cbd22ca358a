# ruff: noqa: N999  # The word that an operator types.
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError
from tqdm import tqdm

from entremise.doors.clock import previews
from entremise.doors.clock.importing import KINDS, Import
from entremise.doors.clock.organisations import staff_act, the_one
from entremise.doors.clock.watch import NOBODYS, clock_act
from entremise.doors.frame.words import sentence
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.people.adapters.sheets import read_sheet
from entremise.people.rules.columns import knows
from entremise.people.rules.preview import Outcome, Verdict
from entremise.people.rules.sheet import Sheet
from entremise.tenancy import scope


class Command(BaseCommand):
    help = "Reads a spreadsheet (CSV, ODS, XLSX) of people, requests, hours or communes. Read again, it adds nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("kind", choices=KINDS)
        parser.add_argument("file", type=Path)
        parser.add_argument("--organisation", metavar="SLUG", help="the only one there is, unless given")
        parser.add_argument("--by", metavar="LOGIN", help="the member of staff who answers for it; the clock otherwise")
        parser.add_argument("--role", choices=["client", "worker"], help="of people whose line does not say")
        parser.add_argument("--dry-run", action="store_true", help="show what would become of each line, write nothing")
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument(
            "--all-or-nothing",
            dest="good_ones",
            action="store_false",
            help="write nothing if a line is refused (usual)",
        )
        choice.add_argument("--good-ones", dest="good_ones", action="store_true", help="leave out the lines refused")
        parser.set_defaults(good_ones=False)

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            sheet = self._sheet(options["file"], options["kind"])
            organisation = None if options["kind"] == "places" else the_one(options["organisation"])
            where = organisation.id if organisation else NOBODYS
            act = staff_act(organisation, options["by"]) if organisation and options["by"] else clock_act(organisation)
            with tqdm(total=len(sheet.rows), unit=" lignes", leave=False, disable=None) as bar:

                def show(done: int) -> None:
                    bar.update(done - bar.n)

                work = Import(
                    kind=options["kind"],
                    sheet=sheet,
                    zone=ZoneInfo(organisation.timezone if organisation else "Europe/Paris"),
                    role=Role(options["role"]) if options["role"] else None,
                    good_only=options["good_ones"],
                    progress=show,
                )
                found = self._run(work, act, where, dry_run=options["dry_run"])
        except Refused as refused:
            raise CommandError(sentence(refused)) from refused
        previews.outcomes(self.stdout, found)

    def _sheet(self, file: Path, kind: str) -> Sheet:
        try:
            return read_sheet(file.name, file.read_bytes(), is_name=knows(kind))
        except OSError as error:
            raise CommandError(f"« {file} » ne s’ouvre pas : {error.strerror}") from error

    def _run(self, work: Import, act: Act, where: UUID, *, dry_run: bool) -> list[Outcome]:
        if dry_run:
            return self._preview(work, act, where)
        try:
            with scope.writing(where):
                return work.run(act, dry_run=False)
        except Refused as refused:
            if refused.code == "lines_refused":
                bad = [one for one in self._preview(work, act, where) if one.verdict is Verdict.REFUSE]
                previews.outcomes(self.stderr, bad)
            raise

    def _preview(self, work: Import, act: Act, where: UUID) -> list[Outcome]:
        with scope.reading(where):
            return work.run(act, dry_run=True)
