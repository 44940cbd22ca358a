from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from math import cos, radians
from typing import Literal
from uuid import UUID

from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import ASin, Cos, Least, Power, Radians, Sin, Sqrt, StrIndex, Substr

from entremise.kernel.act import Role
from entremise.kernel.phone import is_mobile
from entremise.kernel.place import EARTH_RADIUS_KM, Point, box
from entremise.kernel.words import fold
from entremise.people.models import Consent, ContactPoint, EntryKey, Paper, Person, Place, ProgramKey, Supplier
from entremise.people.rules import entry, programs, search

_ROLE = ("memberships__role", "memberships__since", "memberships__until")

Channel = Literal["text", "email", "post", "voice", "none"]


@dataclass(frozen=True)
class KnownPerson:
    person: UUID
    name: str
    roles: frozenset[Role]
    language: str = ""
    visits_ended: int = 0


@dataclass(frozen=True)
class Found:
    """phones: E.164. household: names of those who live with them. homonym: another one found has the same name."""

    person: Person
    phones: list[str]
    roles: frozenset[Role]
    household: str
    homonym: bool


@dataclass(frozen=True)
class Reach:
    """address: E.164 for text and voice, lines of an envelope for post, empty for none."""

    channel: Channel
    address: str = ""


def get(*, person: UUID) -> Person:
    """Raises Person.DoesNotExist."""
    return Person.objects.select_related("place", "household").get(id=person)


def person_with_roles(*, person: UUID) -> KnownPerson | None:
    """Who somebody is, with the roles they hold now."""
    return _known(Q(id=person))


def person_of_account(*, account: UUID) -> KnownPerson | None:
    """The person that an account speaks for in the organisation in force; None for a stranger or a closed account."""
    return _known(Q(account=account, account__is_active=True))


def _known(who: Q) -> KnownPerson | None:
    columns = ("id", "given_name", "family_name", "language", "visits_ended", "account__operates_network", *_ROLE)
    rows = Person.objects.filter(who).values_list(*columns)
    known: KnownPerson | None = None
    roles: set[Role] = set()
    for person, given, family, language, ended, operates, role, since, until in rows:
        known = KnownPerson(person, f"{given} {family}".strip(), frozenset(), language, ended)
        if since and not until:
            roles.add(Role(role))
        if operates:
            roles.add(Role.NETWORK_OPERATOR)
    return replace(known, roles=frozenset(roles)) if known else None


# Finding


def find(*, typed: str, limit: int = 8, role: Role | None = None) -> list[Found]:
    """People by the starts of words of their name, street or place, in any order and without accents, or by the end,
    the beginning or all of a telephone number. Those whose name fits come first, family names before. Three queries.
    """
    wanted = search.understood(typed)
    if not wanted.words and not wanted.number:
        return []
    rows = Person.objects.select_related("place")
    if role:
        rows = rows.filter(memberships__role=role.value, memberships__until__isnull=True)
    rows = _by_words(rows, wanted.words) if wanted.words else _by_number(rows, wanted)
    return _described(list(rows[:limit]))


def several(*, people: Collection[UUID]) -> dict[UUID, Found]:
    """These people, as a list shows somebody to choose from."""
    rows = Person.objects.select_related("place").filter(id__in=people)
    return {found.person.id: found for found in _described(list(rows))}


def _by_words(rows: "QuerySet[Person]", words: Iterable[search.Word]) -> "QuerySet[Person]":
    in_name, family = Q(), Q()
    for word in words:
        rows = rows.filter(_has("search_text", word) | _has_number(word))
        in_name &= _has("names", word)
        family |= Q(search_text__startswith=f" {word.start}")  # It stands first in the text.
    named = rows.annotate(names=Substr("search_text", 1, StrIndex("search_text", Value(search.BAR))))
    rank = Case(When(in_name & family, then=0), When(in_name, then=1), default=2)
    return named.order_by(rank, "family_name", "given_name", "id")


def _has(column: str, word: search.Word) -> Q:
    return Q(**{f"{column}__contains": f" {word.start}"}) | Q(**{f"{column}__contains": f" {word.whole} "})


def _has_number(word: search.Word) -> Q:
    """« marsan 1427 »: a name and the end of a number."""
    if not word.start.isdigit() or len(word.start) < search.SHORTEST_NUMBER:
        return Q()
    ends = ContactPoint.objects.filter(person=OuterRef("id"), kind="phone", backwards__startswith=word.start[::-1])
    return Q(Exists(ends))


def _by_number(rows: "QuerySet[Person]", wanted: search.Typed) -> "QuerySet[Person]":
    fits = Q(backwards__startswith=wanted.number[::-1])
    if wanted.phone:
        fits |= Q(value=wanted.phone)
    if wanted.number.startswith("0"):
        fits |= Q(value__startswith=f"+33{wanted.number[1:]}")
    phones = ContactPoint.objects.filter(fits, kind="phone", person=OuterRef("id"))
    return rows.filter(Exists(phones)).order_by("family_name", "given_name", "id")


def _described(people: list[Person]) -> list[Found]:
    ids = {person.id for person in people}
    phones: defaultdict[UUID, list[str]] = defaultdict(list)
    for owner, value in (
        ContactPoint.objects.filter(person__in=ids, kind="phone").order_by("id").values_list("person_id", "value")
    ):
        phones[owner].append(value)
    roles: defaultdict[UUID, set[Role]] = defaultdict(set)
    homes: defaultdict[UUID, dict[UUID, str]] = defaultdict(dict)
    for one, home, given, family, role, since, until in (
        Person.objects.filter(Q(id__in=ids) | Q(household__in={person.household_id for person in people}))
        .order_by("family_name", "given_name", "id")
        .values_list("id", "household_id", "given_name", "family_name", *_ROLE)
    ):
        if since and not until:
            roles[one].add(Role(role))
        if home:
            homes[home][one] = f"{given} {family}".strip()
    names = Counter(fold(person.full_name) for person in people)
    return [
        Found(
            person,
            phones[person.id],
            frozenset(roles[person.id]),
            ", ".join(name for one, name in homes[person.household_id].items() if one != person.id)
            if person.household_id
            else "",
            names[fold(person.full_name)] > 1,
        )
        for person in people
    ]


def people_with_phone(*, phone: str) -> list[Person]:
    """Everybody who is known to answer a number, E.164; who only typed it on a page is not."""
    having = ContactPoint.objects.filter(kind="phone", value=phone, claimed=False, person=OuterRef("id"))
    return list(Person.objects.filter(Exists(having)).order_by("family_name", "given_name", "id"))


def people_in_role(*, role: Role, on: date) -> list[Person]:
    """Everybody who holds `role` that day, in order of their names."""
    held = Q(memberships__until__isnull=True) | Q(memberships__until__gt=on)
    rows = Person.objects.filter(held, memberships__role=role.value, memberships__since__lte=on)
    return list(rows.select_related("place").order_by("family_name", "given_name", "id").distinct())


def find_place(*, typed: str, postcode: str = "", limit: int = 8) -> list[Place]:
    """Communes by the start of their name or of their postcode; the exact name first."""
    text = search.place_text(typed)
    rows = Place.objects.filter(postcode__startswith=postcode) if postcode else Place.objects.all()
    if text.isdigit():
        return list(rows.filter(postcode__startswith=text).order_by("postcode", "name", "id")[:limit])
    if not text and not postcode:
        return []
    exact = Case(When(search_text=text, then=0), default=1)
    return list(rows.filter(search_text__startswith=text).order_by(exact, "name", "postcode", "id")[:limit])


def place(*, place: UUID) -> Place:
    """Raises Place.DoesNotExist."""
    return Place.objects.get(id=place)


def places_around(*, centre: Place, km: float) -> dict[UUID, float]:
    """The communes whose middle lies within so many kilometres of another's, each with how many; `centre` with 0."""
    if km <= 0:
        return {centre.id: 0.0}
    south, north, west, east = box(Point(centre.latitude, centre.longitude), km)
    boxed = Place.objects.filter(latitude__range=(south, north), longitude__range=(west, east))
    rows = boxed.annotate(km=_km_from(centre)).filter(km__lte=km).values_list("id", "km")
    return dict(rows) | {centre.id: 0.0}


def _km_from(centre: Place) -> CombinedExpression:
    """kernel.place.distance_km in SQL, the same on both databases."""
    here, there = radians(centre.latitude), Radians("latitude")
    half = (there - Value(here)) / 2.0
    across = (Radians("longitude") - Value(radians(centre.longitude))) / 2.0
    chord = Power(Sin(half), 2) + Value(cos(here)) * Cos(there) * Power(Sin(across), 2)
    return ASin(Least(Value(1.0), Sqrt(chord))) * Value(2 * EARTH_RADIUS_KM)


def places_known() -> bool:
    """Whether anybody has loaded the list of communes; until then no address can name one."""
    return Place.objects.exists()


# Reaching


def way_to_reach(*, person: Person) -> Reach:
    """How the person is told something: by voice when they prefer it, else text, email, post, any telephone."""
    return _reach(person, list(ContactPoint.objects.filter(person=person).order_by("id")))


def ways_to_reach(*, people: Sequence[Person]) -> dict[UUID, Reach]:
    """The same for several people, in one query."""
    contacts: defaultdict[UUID, list[ContactPoint]] = defaultdict(list)
    for contact in ContactPoint.objects.filter(person__in=people).order_by("id"):
        contacts[contact.person_id].append(contact)
    return {person.id: _reach(person, contacts[person.id]) for person in people}


def _reach(person: Person, contacts: Sequence[ContactPoint]) -> Reach:
    phones = [contact for contact in contacts if contact.kind == ContactPoint.Kind.PHONE]
    if person.prefers_call and phones:
        return Reach("voice", phones[0].value)
    for phone in phones:
        if phone.texts and not phone.stopped_at and is_mobile(phone.value):
            return Reach("text", phone.value)
    for contact in contacts:
        if contact.kind == ContactPoint.Kind.EMAIL:
            return Reach("email", contact.value)
    if person.street and person.place_id:
        return Reach("post", f"{person.street}\n{person.place}")
    return Reach("voice", phones[0].value) if phones else Reach("none")


def addresses_of(*, person: Person) -> dict[str, str]:
    """Where writing reaches somebody, by channel: no text to a number that said STOP."""
    found: dict[str, str] = {}
    for contact in ContactPoint.objects.filter(person=person).order_by("id"):
        if contact.kind == ContactPoint.Kind.EMAIL:
            found.setdefault("email", contact.value)
        elif contact.texts and not contact.stopped_at and is_mobile(contact.value):
            found.setdefault("text", contact.value)
    if person.street and person.place:
        found["post"] = f"{person.street}\n{person.place}"
    return found


def unreachable() -> list[Person]:
    """Those whom nothing reaches: no telephone, no email, no postal address."""
    contacts = ContactPoint.objects.filter(person=OuterRef("id"))
    homeless = Q(street="") | Q(place__isnull=True)
    return list(on_file().filter(homeless, ~Exists(contacts)).order_by("family_name", "given_name", "id"))


def on_file() -> QuerySet[Person]:
    """Everybody but visitors who turned out to be somebody known: there is one card for each of us."""
    return Person.objects.exclude(search_text="")


def not_located(*, limit: int = 50) -> list[Person]:
    """Those whose street the address service was not asked about yet, the latest known first: they may be calling."""
    rows = Person.objects.filter(place__isnull=False, located_at__isnull=True).exclude(street="")
    return list(rows.select_related("place").order_by("-known_since", "-id")[:limit])


# What they showed and agreed to


def papers_of(*, person: Person, on: date) -> list[Paper]:
    """Papers that count that day: begun, not over, not suspended."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    suspended = Q(suspended_from__lte=on) & (Q(suspended_to__isnull=True) | Q(suspended_to__gte=on))
    return list(Paper.objects.filter(begun, lasting, person=person).exclude(suspended).order_by("kind", "-checked_on"))


def tax_rates(*, people: Collection[UUID], on: date) -> dict[UUID, Decimal]:
    """Person → the fraction of their pay that the tax office wants withheld that day, of those whose rate it told."""
    begun = Q(valid_from__isnull=True) | Q(valid_from__lte=on)
    lasting = Q(valid_to__isnull=True) | Q(valid_to__gte=on)
    told = Paper.objects.filter(begun, lasting, kind=Paper.Kind.TAX_RATE, person__in=people).order_by(
        "checked_on", "id"
    )
    return {person: Decimal(rate) / 100 for person, rate in told.values_list("person_id", "number")}


def supplier(*, person: UUID) -> Supplier | None:
    """How their invoices name somebody who works on their own account; None for anybody else."""
    return Supplier.objects.filter(person_id=person).select_related("person__place").first()


def any_supplier() -> bool:
    """Whether anybody here works on their own account."""
    return Supplier.objects.exists()


def suppliers(*, people: Collection[UUID]) -> dict[UUID, Supplier]:
    """Those of these people who work on their own account, in one query."""
    return {row.person_id: row for row in Supplier.objects.filter(person_id__in=people)}


def consents_of(*, person: Person) -> dict[str, Consent]:
    """The latest word on each purpose."""
    return {consent.purpose: consent for consent in Consent.objects.filter(person=person).order_by("at", "id")}


# Ways in


def link_of(*, token: str, secret_key: str) -> EntryKey | None:
    """The key that a link opens, used or not: a door shows where it leads before anybody signs in with it."""
    digest = entry.link_digest(token, secret_key=secret_key)
    return EntryKey.objects.select_related("person").filter(kind=EntryKey.Kind.LINK, digest=digest).first()


def card_position(*, phone: str, at: datetime, secret_key: str) -> int:
    """Which line of the printed card to ask for. A number without card gets one too: the answer tells nothing."""
    having = ContactPoint.objects.filter(kind="phone", value=phone, person=OuterRef("person"))
    unused = EntryKey.objects.filter(Exists(having), kind=EntryKey.Kind.CARD, used_at__isnull=True)
    fresh = unused.filter(tries__lt=entry.MOST_TRIES, expires_at__gt=at).order_by("-made_at", "position")
    position = fresh.values_list("position", flat=True).first()
    return position or entry.decoy_position(phone, secret_key=secret_key)


@dataclass(frozen=True)
class Program:
    """A program at the door: its key, and the person as whom it acts."""

    key: ProgramKey
    person: KnownPerson


def program(*, secret: str, on: date, secret_key: str) -> Program | None:
    """Whom a key lets in; None when it is unknown, revoked or over, or its person's account is closed. One query."""
    digest = programs.digest_of(secret, secret_key=secret_key)
    open_ones = ProgramKey.objects.filter(digest=digest, revoked_at__isnull=True, expires_on__gt=on)
    open_ones = open_ones.exclude(person__account__is_active=False).select_related("person")
    held = list(  # The key once for each role that its person ever held.
        open_ones.annotate(
            role=F("person__memberships__role"),
            since=F("person__memberships__since"),
            until=F("person__memberships__until"),
        )
    )
    if not held:
        return None
    key, person = held[0], held[0].person
    roles = frozenset(Role(one.role) for one in held if one.since and not one.until)
    return Program(key, KnownPerson(person.id, person.full_name, roles, person.language, person.visits_ended))


def program_keys() -> list[ProgramKey]:
    """All there ever were, those that still open something first, then the latest."""
    rows = ProgramKey.objects.select_related("person")
    return list(rows.order_by(F("revoked_at").desc(nulls_first=True), "-made_at", "-id"))


def program_key(*, key: UUID) -> ProgramKey | None:
    return ProgramKey.objects.select_related("person").filter(id=key).first()
