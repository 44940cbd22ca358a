from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import TypedDict

from entremise.doors.clock.demo import PASSWORD, SLUG, town
from entremise.figures import operations as figures
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.place import Point
from entremise.payments import operations as payments
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.people.rules.lines import PlaceLine
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity, Organisation

FIGURES_BEGIN = datetime(2026, 1, 5, 7, 30, tzinfo=UTC)  # entremise/figures/data holds no rates of earlier years.


@dataclass
class Cast:
    """Everybody in the example, by what they do."""

    organisation: Organisation
    coordinator: Person
    support_worker: Person
    treasurer: Person
    activities: dict[str, Activity]
    workers: list[Person]
    clients: list[Person]

    def act(self, person: Person, roles: set[Role], at: datetime, door: Door = Door.PHONE) -> Act:
        return Act(by=Actor(person.id, frozenset(roles)), at=at, door=door)

    def desk(self, at: datetime, door: Door = Door.PHONE) -> Act:
        return self.act(self.coordinator, {Role.COORDINATOR}, at, door)

    def treasury(self, at: datetime) -> Act:
        return self.act(self.treasurer, {Role.TREASURER, Role.DIRECTOR}, at, Door.DESK)


def found(*, opening: datetime, scale: int, chance: Random, slug: str = SLUG) -> Cast:
    """The organisation, its figures, staff, tariffs, workers and first clients, on its opening day."""
    figures.load_shipped()
    organisation = Organisation.objects.create(
        slug=slug,
        name="Le Pas de Porte",
        tagline="Association intermédiaire · Valmarelle",
        town="Valmarelle",
        phone="+33536491200",
        text_phone="+33639980012",
        opening_hours="Du lundi au vendredi, 8 h 30 – 17 h 30",
        founded_at=opening,
        demo=True,
    )
    with scope.writing(organisation.id):
        cast = _settle_in(organisation, opening, chance)
        for number in range(25 * scale):
            cast.workers.append(_worker(cast, opening, number, chance))
        for number in range(45 * scale):
            cast.clients.append(new_client(cast, opening, number, chance))
    return cast


def _settle_in(organisation: Organisation, opening: datetime, chance: Random) -> Cast:
    clock = Act(by=THE_CLOCK, at=opening, door=Door.CLOCK)
    LegalIdentity.objects.create(
        legal_name="Association Le Pas de Porte",
        siret="73282932000074",
        street="14, rue du Lavoir",
        postcode="33499",
        town="Valmarelle",
        email="bonjour@pas-de-porte.example",
        iban="FR7630006000011234567890189",
        bic="AGRIFRPP",
        creditor_id="FR72ZZZ123456",
        agreement_number="AI 033 26 0001",
        agreement_from=date(2025, 1, 1),
        agreement_to=date(2027, 12, 31),
        sap_number="SAP732829320",
        sap_date=date(2025, 1, 15),
        insurer="Mutuelle d’exemple, contrat 000 000",
        signatory="Hélène Garrigue, directrice",
    )
    lines = [PlaceLine(code, postcode, name, lat, lon) for code, postcode, name, lat, lon in town.PLACES]
    people.load_places(rows=lines)
    staff = []
    for given, family, login, roles in (
        ("Solène", "Oudin", "solene", [Role.COORDINATOR]),
        ("Awa", "Wane", "awa", [Role.SUPPORT_WORKER]),
        ("Hélène", "Garrigue", "helene", [Role.TREASURER, Role.DIRECTOR]),
    ):
        person = people.add_person(act=clock, given_name=given, family_name=family, roles=roles)
        people.give_account(act=clock, person=person, login=login, password=PASSWORD)
        staff.append(person)
    cast = Cast(organisation, staff[0], staff[1], staff[2], {}, [], [])
    money = cast.treasury(opening)
    for position, kind in enumerate(town.ACTIVITIES):
        activity = jobs.add_activity(
            act=money,
            code=kind.code,
            name=kind.name,
            name_en=kind.name_en,
            pictogram=kind.pictogram,
            words=list(kind.words),
            words_en=list(kind.words_en),
            personal_service=kind.personal_service,
            equipment=kind.equipment,
            position=position,
        )
        cast.activities[kind.code] = activity
        jobs.set_tariff(
            act=money,
            activity=activity,
            client_kind="",
            hourly_price=kind.hourly,
            hourly_wage=1188,
            minimum_minutes=60,
            travel_fee=0,
            valid_from=opening.date(),
        )
    for place in Place.objects.filter(code__in=[row[0] for row in town.PLACES]):
        jobs.cover_place(act=money, place=place)
    return cast


def _worker(cast: Cast, opening: datetime, number: int, chance: Random) -> Person:
    given, family = town.WORKERS[number % len(town.WORKERS)]
    act = cast.desk(opening)
    person = people.add_person(
        act=act,
        given_name=given,
        family_name=family if number < len(town.WORKERS) else f"{family}-{number // len(town.WORKERS)}",
        phones=[f"0639982{number:03d}"] if number < 1000 else [f"06399{80000 + number}"],
        birth_date=date(1965 + chance.randrange(38), 1 + chance.randrange(12), 1 + chance.randrange(28)),
        roles=[Role.WORKER],
        prefers_call=chance.random() < 0.12,
        **_address(chance),
    )
    until = opening.date() + timedelta(days=chance.choice([300, 420, 600, 700]))
    people.show_paper(
        act=act,
        person=person,
        kind="pass_iae",
        number=f"99999{chance.randrange(10_000_000):07d}",
        valid_from=opening.date(),
        valid_to=until,
    )
    codes = [kind.code for kind in town.ACTIVITIES]
    skills = {
        code: chance.choice(["said", "seen", "trained"]) for code in chance.sample(codes, 3 + chance.randrange(4))
    }
    days = sorted(chance.sample(range(5), 3 + chance.randrange(3)))
    jobs.describe_worker(
        act=act,
        person=person,
        hours_wanted=60 * chance.choice([10, 15, 18, 20, 24, 30]),
        travel_mode=chance.choice(["walk", "walk", "bike", "bus", "car"]),
        free_times=[(day, "08:00", chance.choice(["12:30", "18:00"])) for day in days],
        skills=skills,
    )
    if chance.random() < 0.9:
        payments.set_bank_account(act=act, person=person, iban=made_up_iban(number))
    return person


def new_client(cast: Cast, at: datetime, number: int, chance: Random) -> Person:
    """Somebody who calls for the first time."""
    act = cast.desk(at)
    if number < len(town.BODIES):
        kind, name, _ = town.BODIES[number]
        person = people.add_person(
            act=act,
            kind=kind,
            family_name=name,
            phones=[f"0536493{number:03d}"],
            roles=[Role.CLIENT],
            **_address(chance),
        )
    else:
        woman = chance.random() < 0.66 or number == 4
        person = people.add_person(
            act=act,
            title="Mme" if woman else "M.",
            given_name=chance.choice(town.WOMEN if woman else town.MEN) if number != 4 else "Odile",
            family_name=chance.choice(town.FAMILIES) if number != 4 else "Marsan",
            # Three in ten have no mobile: they are called, or written to.
            phones=[f"0639981{number:03d}" if chance.random() < 0.7 else f"0536494{number:03d}"],
            remarks=chance.sample(town.REMARKS, chance.randrange(3)),
            roles=[Role.CLIENT],
            **_address(chance),
        )
    people.record_consent(act=act, person=person, purpose="services", given=True, wording="oral-1")
    if number % 6 == 3:
        iban = made_up_iban(50_000 + number)
        payments.give_mandate(act=act, person=person, iban=iban, signed_on=at.date(), how="paper")
    return person


def made_up_iban(number: int) -> str:
    """A French IBAN of an invented account, with valid check digits."""
    bank, desk, account = "30006", "00001", f"{90000000000 + number:011d}"
    key = 97 - (89 * int(bank) + 15 * int(desk) + 3 * int(account)) % 97
    bban = f"{bank}{desk}{account}{key:02d}"
    check = 98 - int(f"{bban}152700") % 97
    return f"FR{check:02d}{bban}"


class Address(TypedDict):
    street: str
    place: Place
    point: Point


def _address(chance: Random) -> Address:
    row = chance.choices(town.PLACES, weights=[12, 3, 2, 2])[0]
    place = Place.objects.get(code=row[0])
    near = Point(row[3] + chance.uniform(-0.012, 0.012), row[4] + chance.uniform(-0.014, 0.014))
    return {"street": f"{1 + chance.randrange(60)}, {chance.choice(town.STREETS)}", "place": place, "point": near}


def opening_day(now: datetime) -> datetime:
    """A year and a few days ago, in the morning, but never before the figures begin: the example always ends today."""
    first = (now - timedelta(days=366)).astimezone(UTC).replace(day=1, hour=7, minute=30, second=0, microsecond=0)
    return max(first, FIGURES_BEGIN)
