import re
import secrets
import sys
from argparse import ArgumentParser, ArgumentTypeError, _ArgumentGroup
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError, ProgrammingError
from stdnum.fr import siret as stdnum_siret

from entremise.doors.clock.watch import clock_act
from entremise.doors.frame.addresses import home_of
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
from entremise.payments.adapters.iban import bic_of, check_iban
from entremise.people import operations as people
from entremise.people import queries as known
from entremise.people.models import Person
from entremise.people.rules.typed import day_typed, decimal_typed, email_typed, postcode_typed
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation
from entremise.tenancy.queries import organisation_by_slug

FIRST_ROLES = (Role.COORDINATOR, Role.TREASURER, Role.DIRECTOR)
LEGAL = (
    "legal_name", "siret", "street", "postcode", "email", "iban", "bic", "agreement_number", "sap_number",
    "collective_agreement", "insurer", "signatory",
)  # fmt: skip
DATES = ("agreement_from", "agreement_to", "sap_date")
OWN = ("slug", "name", "town", "phone", "text_phone", "host", "opening_hours", "tagline", "timezone")
LABEL = r"[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?"  # Of a domain name: the slug is one.
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # Nothing that looks like something else on paper.


def new_password() -> str:
    """Twenty signs: 98 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(4))


def typed(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """For flags and questions alike: a refusal in the person's words."""

    def parse(text: str) -> Any:
        try:
            return read(text.strip())
        except Refused as refused:
            raise ArgumentTypeError(sentence(refused)) from refused

    return parse


def optional(read: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: read(text) if text.strip() else ""


def words(text: str) -> str:
    if not text.strip():
        raise ArgumentTypeError("Écrivez au moins un mot.")
    return text.strip()


def login(text: str) -> str:
    if not re.fullmatch(r"\S{1,60}", text):
        raise ArgumentTypeError("Un seul mot, au plus 60 signes. Exemple : solene.")
    return text


def slug(text: str) -> str:
    if not re.fullmatch(LABEL, text):
        raise ArgumentTypeError(
            f"« {text} » : minuscules sans accents, chiffres, traits d’union. Exemple : coup-de-pouce."
        )
    try:
        taken = organisation_by_slug(slug=text)
    except (OperationalError, ProgrammingError) as error:
        raise ArgumentTypeError("la base n’est pas prête. Lancez d’abord : entremise migrate") from error
    if taken:
        raise ArgumentTypeError(f"« {text} » existe déjà.")
    return text


def host(text: str) -> str:
    if not re.fullmatch(rf"({LABEL}\.)+{LABEL}", text.lower()):
        raise ArgumentTypeError(f"« {text} » n’est pas un nom de domaine. Exemple : www.coup-de-pouce.fr.")
    return text.lower()


def siret(text: str) -> str:
    if not stdnum_siret.is_valid(text):
        raise ArgumentTypeError(f"« {text} » n’est pas un SIRET : 14 chiffres, dont une clé.")
    return str(stdnum_siret.compact(text))


def minutes(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,3}", text):
        raise ArgumentTypeError(f"« {text} » : un nombre de minutes. Exemple : 60.")
    return int(text)


def euros(text: str) -> int:
    """Cents."""
    cents = half_up(decimal_typed(text) * 100)
    if not 0 <= cents < 100_000:
        raise Refused("number_not_understood", {"typed": text})
    return cents


def price_of(text: str) -> tuple[str, int]:
    code, _, amount = text.partition("=")
    if code not in {one.code for one in STARTERS}:
        raise ArgumentTypeError(f"les activités de départ sont {', '.join(one.code for one in STARTERS)}")
    return code, euros(amount)


# What nobody can guess: a flag, or a question when somebody sits at the terminal.
ASKED: Mapping[str, tuple[Callable[[str], Any], str]] = {
    "slug": (slug, "Nom court, dans l’adresse et les commandes (coup-de-pouce)"),
    "name": (words, "Nom de l’association (Le Coup de pouce)"),
    "town": (words, "Commune (Valmarelle)"),
    "phone": (typed(parse_phone), "Téléphone où quelqu’un répond (05 36 49 12 00)"),
    "price": (typed(euros), "Prix d’une heure pour le client, en euros (24,50)"),
    "coordinator": (login, "Identifiant du premier compte (solene)"),
}
READ: Mapping[str, Callable[[str], Any]] = {
    "siret": siret,
    "email": typed(email_typed),
    "iban": typed(check_iban),
    "postcode": typed(postcode_typed),
}


class Command(BaseCommand):
    help = "Founds an organisation: its name, its legal identity, a first list of activities, its first account."

    def add_arguments(self, parser: ArgumentParser) -> None:
        who = parser.add_argument_group("qui")
        for name in ("slug", "name", "town", "phone"):
            who.add_argument(f"--{name}", type=ASKED[name][0], help=ASKED[name][1])
        who.add_argument("--text-phone", default="", type=optional(typed(parse_phone)), help="receives text messages")
        who.add_argument("--host", default="", type=optional(host), help="a domain of its own")
        who.add_argument("--opening-hours", default="")
        who.add_argument("--tagline", default="")
        who.add_argument("--timezone", default="Europe/Paris")
        self._add_legal(parser.add_argument_group("identité légale, à compléter au bureau si elle manque"))
        prices = parser.add_argument_group("tarifs")
        prices.add_argument("--price", type=ASKED["price"][0], help=ASKED["price"][1])
        prices.add_argument("--price-of", type=typed(price_of), action="append", default=[], metavar="haie=26,50")
        prices.add_argument(
            "--wage", type=typed(euros), default=0, help="gross euros an hour; the legal minimum unless higher"
        )
        prices.add_argument("--travel", type=typed(euros), default=0, help="euros for each visit")
        prices.add_argument(
            "--prices-since",
            type=typed(day_typed),
            metavar="01/01/2026",
            help="from when they count, for work that a spreadsheet brings in; the first day of this year unless given",
        )
        prices.add_argument("--minimum", type=minutes, default=60, metavar="MINUTES", help="that a visit is billed")
        first = parser.add_argument_group("premier compte")
        first.add_argument(
            "--coordinator", type=login, metavar="LOGIN", help="gets every role of the staff, to hand on at the desk"
        )
        first.add_argument("--coordinator-name", default="", metavar="« Prénom Nom »")

    def _add_legal(self, group: _ArgumentGroup) -> None:
        for name in LEGAL:
            group.add_argument(f"--{name.replace('_', '-')}", default="", type=optional(READ.get(name, str.strip)))
        for name in DATES:
            group.add_argument(f"--{name.replace('_', '-')}", type=typed(day_typed), metavar="31/01/2026")

    def handle(self, *args: Any, **options: Any) -> None:
        self._ask(options)
        if options["timezone"] not in available_timezones():
            raise CommandError(f"« {options['timezone']} » n’est pas un fuseau horaire. Exemple : Europe/Paris.")
        first, last = options["agreement_from"], options["agreement_to"]
        if first and last and last < first:
            raise CommandError(sentence(Refused("dates_reversed", {"first": first, "last": last})))
        password = new_password()
        try:
            organisation = self._found(options, password)
        except Refused as refused:
            raise CommandError(sentence(refused)) from refused
        except ValidationError as error:
            said = "\n".join(f"{name} : {' '.join(texts)}" for name, texts in error.message_dict.items())
            raise CommandError(said) from error
        self._say(organisation, options, password)

    def _ask(self, options: dict[str, Any]) -> None:
        """Whatever no flag said, of somebody at the terminal; a script is told what it forgot."""
        missing = [name for name in ASKED if options[name] is None]
        if missing and not sys.stdin.isatty():
            raise CommandError(f"Il manque {', '.join(f'--{name}' for name in missing)}.")
        for name in missing:
            read, question = ASKED[name]
            while options[name] is None:
                try:
                    options[name] = read(input(f"{question} : "))
                except EOFError as error:
                    raise CommandError("Rien n’est fondé.") from error
                except ArgumentTypeError as error:
                    self.stdout.write(f"  {error}")

    def _found(self, options: Mapping[str, Any], password: str) -> Organisation:
        identity, act = new_id(), clock_act()
        with scope.writing(identity):
            load_shipped()
            organisation = Organisation(
                id=identity,
                founded_at=act.at,
                **{name: options[name] for name in OWN},
            )
            organisation.full_clean()
            organisation.save(force_insert=True)
            legal = LegalIdentity(
                **{name: options[name] for name in (*LEGAL, *DATES)}
                | {"bic": options["bic"] or (bic_of(options["iban"]) if options["iban"] else "")}
                | {"town": options["town"]}
                | {"legal_name": options["legal_name"] or options["name"]}
            )
            legal.full_clean()
            legal.save(force_insert=True)
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
        since, particular = options["prices_since"], dict(options["price_of"])
        since = since or act.at.astimezone(zone).date().replace(month=1, day=1)
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
                self._price(act, activity, particular[one.code], options, since)
        self._price(act, None, options["price"], options, since)

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
            f"  Bureau : {home_of(organisation)}/bureau/\n"
            f"  Premier compte : {options['coordinator']}   mot de passe pour une fois : {password}\n"
            "  À la première entrée, le bureau demande un second facteur ; changez ensuite le mot de passe.\n"
            f"  Textos : le modem (gammu-smsd, service files) lit et écrit dans {spool}\n"
            + ("" if known.places_known() else "  Communes : entremise import places FICHIER, pour les adresses.\n")
        )
