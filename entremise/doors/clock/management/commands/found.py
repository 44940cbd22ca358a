import secrets
from argparse import ArgumentParser, ArgumentTypeError, _ArgumentGroup
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from entremise.doors.clock.watch import clock_act
from entremise.doors.frame.words import sentence
from entremise.figures.operations import load_shipped
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity
from entremise.jobs.rules.starter import STARTERS
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.ids import new_id
from entremise.kernel.money import half_up
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.people.rules.typed import decimal_typed
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from entremise.tenancy.queries import organisation_by_slug

FIRST_ROLES = (Role.COORDINATOR, Role.TREASURER, Role.DIRECTOR)
LEGAL = (
    "legal_name", "siret", "street", "postcode", "email", "iban", "bic", "agreement_number", "sap_number",
    "collective_agreement", "insurer", "signatory",
)  # fmt: skip
DATES = ("agreement_from", "agreement_to", "sap_date")
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # Nothing that looks like something else on paper.


def euros(text: str) -> int:
    """Cents."""
    try:
        return half_up(decimal_typed(text) * 100)
    except Refused as refused:
        raise ArgumentTypeError(sentence(refused)) from refused


def price_of(text: str) -> tuple[str, int]:
    code, _, amount = text.partition("=")
    if code not in {one.code for one in STARTERS}:
        raise ArgumentTypeError(f"les activités de départ sont {', '.join(one.code for one in STARTERS)}")
    return code, euros(amount)


class Command(BaseCommand):
    help = "Founds an organisation: its name, its legal identity, a first list of activities, its first account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_argument_group("qui")
        who.add_argument("--slug", required=True, help="its short name, in addresses and commands")
        who.add_argument("--name", required=True)
        who.add_argument("--town", required=True)
        who.add_argument("--phone", required=True, help="answered by a person")
        who.add_argument("--text-phone", default="", help="receives text messages")
        who.add_argument("--host", default="", help="a domain of its own")
        who.add_argument("--opening-hours", default="")
        who.add_argument("--tagline", default="")
        who.add_argument("--timezone", default="Europe/Paris")
        self._add_legal(parser.add_argument_group("identité légale, à compléter au bureau si elle manque"))
        prices = parser.add_argument_group("tarifs")
        prices.add_argument("--price", required=True, type=euros, help="euros an hour that a client pays")
        prices.add_argument("--price-of", type=price_of, action="append", default=[], metavar="haie=26,50")
        prices.add_argument(
            "--wage", type=euros, default=0, help="gross euros an hour; the legal minimum unless higher"
        )
        prices.add_argument("--travel", type=euros, default=0, help="euros for each visit")
        prices.add_argument("--minimum", type=int, default=60, metavar="MINUTES", help="that a visit is billed")
        first = parser.add_argument_group("premier compte")
        first.add_argument(
            "--coordinator", required=True, metavar="LOGIN", help="gets every role of the staff, to hand on at the desk"
        )
        first.add_argument("--coordinator-name", default="", metavar="« Prénom Nom »")

    def _add_legal(self, group: _ArgumentGroup) -> None:
        for name in LEGAL:
            group.add_argument(f"--{name.replace('_', '-')}", default="")
        for name in DATES:
            group.add_argument(f"--{name.replace('_', '-')}", type=date.fromisoformat, metavar="2026-01-31")

    def handle(self, *args: Any, **options: Any) -> None:
        if organisation_by_slug(slug=options["slug"]):
            raise CommandError(f"« {options['slug']} » existe déjà.")
        if options["timezone"] not in available_timezones():
            raise CommandError(f"« {options['timezone']} » n’est pas un fuseau horaire. Exemple : Europe/Paris.")
        password = "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))
        try:
            organisation = self._found(options, password)
        except Refused as refused:
            raise CommandError(sentence(refused)) from refused
        self._say(organisation, options, password)

    def _found(self, options: Mapping[str, Any], password: str) -> Organisation:
        identity, act = new_id(), clock_act()
        with scope.writing(identity):
            load_shipped()
            organisation = Organisation(
                id=identity,
                founded_at=act.at,
                phone=parse_phone(options["phone"]),
                text_phone=parse_phone(options["text_phone"]) if options["text_phone"] else "",
                **{
                    name: options[name]
                    for name in ("slug", "name", "town", "host", "opening_hours", "tagline", "timezone")
                },
            )
            organisation.full_clean()
            organisation.save(force_insert=True)
            LegalIdentity.objects.create(
                **{name: options[name] for name in (*LEGAL, *DATES)}
                | {"town": options["town"]}
                | {"legal_name": options["legal_name"] or options["name"]}
            )
            director = self._first(act, options, password)
            # The clock sets no prices: whoever answers for the organisation does.
            as_director = Act(by=Actor(director.id, frozenset(FIRST_ROLES)), at=act.at, door=act.door)
            self._offer(as_director, options, ZoneInfo(organisation.timezone))
        return organisation

    def _first(self, act: Act, options: Mapping[str, Any], password: str) -> Person:
        given, _, family = options["coordinator_name"].strip().rpartition(" ")
        person = people.add_person(
            act=act, given_name=given, family_name=family or options["coordinator"], roles=FIRST_ROLES
        )
        people.give_account(act=act, person=person, login=options["coordinator"], password=password)
        return person

    def _offer(self, act: Act, options: Mapping[str, Any], zone: ZoneInfo) -> None:
        today, particular = act.at.astimezone(zone).date(), dict(options["price_of"])
        for position, one in enumerate(STARTERS):
            activity = jobs.add_activity(
                act=act,
                code=one.code,
                name=one.name,
                pictogram=one.pictogram,
                name_en=one.name_en,
                words=list(one.words),
                words_en=list(one.words_en),
                personal_service=one.personal_service,
                first_in_twos=one.first_in_twos,
                equipment=one.equipment,
                position=position,
            )
            if one.code in particular:
                self._price(act, activity, particular[one.code], options, today)
        self._price(act, None, options["price"], options, today)

    def _price(
        self, act: Act, activity: Activity | None, hourly: int, options: Mapping[str, Any], valid_from: date
    ) -> None:
        jobs.set_tariff(
            act=act,
            activity=activity,
            client_kind="",
            hourly_price=hourly,
            hourly_wage=options["wage"],
            minimum_minutes=options["minimum"],
            travel_fee=options["travel"],
            valid_from=valid_from,
        )

    def _say(self, organisation: Organisation, options: Mapping[str, Any], password: str) -> None:
        spool = Path(settings.TEXT_SPOOL) / organisation.slug
        self.stdout.write(
            f"{organisation.name} est fondée.\n"
            f"  Premier compte : {options['coordinator']}   mot de passe pour une fois : {password}\n"
            "  À la première entrée, le bureau demande un second facteur ; changez ensuite le mot de passe.\n"
            f"  Textos : le modem (gammu-smsd, service files) lit et écrit dans {spool}\n"
        )
