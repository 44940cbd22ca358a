from typing import Any

from django.core.management.base import BaseCommand

from entremise.doors.clock.watch import write
from entremise.solidarity.operations import reseal
from entremise.tenancy.queries import all_organisations


class Command(BaseCommand):
    help = "Seals anew, with ENTREMISE_SECRET_KEY, the words that few may read; run it before an old key goes."

    def handle(self, *args: Any, **options: Any) -> None:
        for organisation in all_organisations():
            count = write(organisation, lambda act: reseal(act=act))
            self.stdout.write(f"{organisation.slug} : {count} demandes scellées.")
