"""Which organisation a command works for."""

from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entremise.kernel.act import Act, Actor, Door
from entremise.kernel.clock import now, told_in
from entremise.people.models import Account
from entremise.people.queries import person_of_account
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from entremise.tenancy.queries import all_organisations, organisation_by_slug


class ForEach(BaseCommand):
    """A command for one organisation, or for all of them."""

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--organisation", metavar="SLUG", help="all of them unless given")

    def chosen(self, options: Mapping[str, Any]) -> list[Organisation]:
        slug = options["organisation"]
        return [named(slug)] if slug else all_organisations()


def named(slug: str) -> Organisation:
    found = organisation_by_slug(slug=slug)
    if found is None:
        known = ", ".join(one.slug for one in all_organisations()) or "aucune"
        raise CommandError(f"Aucune organisation ne s’appelle « {slug} ». Connues : {known}.")
    return found


def the_one(slug: str | None) -> Organisation:
    """The organisation named, or the default one, or the only one there is."""
    if slug or settings.DEFAULT_ORGANISATION:
        return named(slug or settings.DEFAULT_ORGANISATION)
    found = all_organisations()
    if len(found) != 1:
        raise CommandError("Dites pour qui : --organisation SLUG.")
    return found[0]


def staff_act(organisation: Organisation, login: str) -> Act:
    """A command that a member of staff answers for: what they may do at the desk, they may do here."""
    account = Account.objects.filter(login__iexact=login).first()
    with scope.reading(organisation.id):
        known = person_of_account(account=account.id) if account else None
    if known is None:
        raise CommandError(f"« {login} » ne travaille pas pour {organisation.name}.")
    at = told_in(ZoneInfo(organisation.timezone), now())
    return Act(by=Actor(known.person, known.roles), at=at, door=Door.CLOCK)
