from typing import Any

from django.conf import settings
from django.core.management.commands import migrate

from entremise.tenancy import walls


class Command(migrate.Command):
    """Django's migrate with the walls of the house taken down before and put up after (tenancy.walls)."""

    def handle(self, *args: Any, **options: Any) -> None:
        walls.take_down()
        super().handle(*args, **options)
        walls.put_up(web_role=settings.WEB_ROLE)
