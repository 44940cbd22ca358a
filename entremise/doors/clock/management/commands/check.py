from typing import Any

from django.core.management.base import CommandError, CommandParser, SystemCheckError
from django.core.management.commands import check
from tqdm import tqdm

from entremise.doors.clock import proving
from entremise.doors.clock.organisations import named
from entremise.doors.frame.words_proof import problem
from entremise.tenancy.models import Organisation
from entremise.tenancy.queries import all_organisations


class Command(check.Command):
    """Django's check, and then the proof that the books and the history are what was written down."""

    help = (
        "Checks the installation, then proves every balance, limit and daily sum and the chains of transfers and "
        "history anew. Exit code 1 when something is wrong."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--organisation", metavar="SLUG", help="all of them unless given")

    def handle(self, *app_labels: list[str], **options: Any) -> None:
        if app_labels or options["tags"] or options["list_tags"]:  # Somebody asks Django for a part of its own.
            super().handle(*app_labels, **options)
            return
        badly_set = self.badly_set(options)
        if proving.migrations_wait():
            raise CommandError("Les tables sont d’une version plus ancienne. Lancez d’abord « entremise migrate ».")
        chosen = [named(options["organisation"])] if options["organisation"] else all_organisations()
        wrong = sum(self.prove(organisation) for organisation in chosen)
        if wrong:
            raise CommandError(f"À voir : {wrong}. Rien n’est versé tant qu’un contrôle trouve une erreur.")
        if badly_set:
            raise CommandError("Les comptes sont justes, mais un réglage de l’installation est à corriger.")

    def badly_set(self, options: dict[str, Any]) -> bool:
        """Django's own check. What it finds is said, and keeps nothing from being proved."""
        try:
            super().handle(**options)
        except SystemCheckError as error:
            self.stderr.write(str(error))
            return True
        return False

    def prove(self, organisation: Organisation) -> int:
        """Prove one organisation's books and say what was found; returns how many problems."""
        with tqdm(desc=organisation.slug, unit=" lignes", leave=False, disable=None) as bar:
            proved = proving.prove(organisation, begin=lambda total: bar.reset(total), progress=bar.update)
        proving.note(organisation, proved)
        for one in proved.found:
            self.stdout.write(f"{organisation.slug} : {problem(one)}")
        if not proved.found:
            seal = proved.seal
            sealed = f", scellé jusqu’au {seal.day:%d/%m/%Y} ({seal.hash[:16]})" if seal else ""
            looked = f"{proved.transfers} écritures et {proved.facts} faits"
            self.stdout.write(f"{organisation.slug} : tout est juste, {looked}{sealed}")
        return len(proved.found)
