from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands import migrate
from django.db import connection

from entremise.tenancy import walls


class Command(migrate.Command):
    """Django's migrate, with the walls taken down before and put up after (tenancy.walls), and the shared cache."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        if connection.vendor == "sqlite":  # The first run has no folder yet, and the system checks already connect.
            Path(connection.settings_dict["NAME"]).parent.mkdir(parents=True, exist_ok=True)
        return super().execute(*args, **options)

    def handle(self, *args: Any, **options: Any) -> None:
        walls.take_down()
        super().handle(*args, **options)
        call_command("createcachetable", database=options["database"], verbosity=0)  # Before the rights are given.
        walls.put_up(web_role=settings.WEB_ROLE)
