from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate

from entremise.tenancy import walls


class Command(migrate.Command):
    """Django's migrate, with the walls taken down before and put up after (tenancy.walls), and the shared cache."""

    def handle(self, *args: Any, **options: Any) -> None:
        walls.take_down()
        super().handle(*args, **options)
        call_command("createcachetable", database=options["database"], verbosity=0)  # Before the rights are given.
        walls.put_up(web_role=settings.WEB_ROLE)
