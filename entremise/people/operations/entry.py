from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Exists, F, OuterRef, Q

from entremise.history.operations import record
from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.models import ContactPoint, EntryKey, Person
from entremise.people.queries import link_of, people_with_phone
from entremise.people.rules import entry
from entremise.people.rules.may import Verb, require

CARD_LASTS = timedelta(days=365)


@dataclass(frozen=True)
class Entrance:
    """The answer to a code, a link or a line of a card.

    people: who may come in; several share the telephone, and the door asks who. leads_to: a path, or empty.
    refused: why not. It is returned, not raised: the door must commit, or the try would not be counted.
    """

    people: tuple[Person, ...] = ()
    leads_to: str = ""
    refused: Refused | None = None


def make_entry_code(
    *, act: Act, person: Person, kind: str, lasting: timedelta, secret_key: str, leads_to: str = ""
) -> tuple[EntryKey, str]:
    """A way in, and its secret in clear, to be sent to the person's own telephone, mailbox or address only.

    kind: "code", six digits that void the one before; "link", a token that voids the one before to the same path.
    leads_to: a path of our own pages. Anybody's act may cause one, since only the person receives it; a page that
    asks for codes answers alike for unknown numbers. Raises Refused path_not_local, too_many_codes (five an hour).
    """
    entry.check_path(leads_to)
    older = EntryKey.objects.filter(person=person, kind=kind)
    if kind == EntryKey.Kind.LINK:
        older = older.filter(leads_to=leads_to)
    elif older.filter(made_at__gt=act.at - timedelta(hours=1)).count() >= entry.CODES_AN_HOUR:
        raise Refused("too_many_codes", {"most": entry.CODES_AN_HOUR})
    older.filter(expires_at__gt=act.at).update(expires_at=act.at)
    secret = entry.new_token() if kind == EntryKey.Kind.LINK else entry.new_code()
    key = _key(person, kind, secret, act.at, lasting, secret_key)
    key.leads_to = leads_to
    key.save(force_insert=True)
    record(act=act, type="entry_key_made", thing="person", thing_id=person.id, data={"kind": kind})
    return key, secret


def make_letter_link(
    *, act: Act, person: Person, letter: UUID, lasting: timedelta, secret_key: str, leads_to: str
) -> str:
    """The token of the way in that a letter carries. Asked again for the same letter, it is the same."""
    token = entry.letter_token(letter, secret_key=secret_key)
    if link_of(token=token, secret_key=secret_key) is None:
        key = _key(person, EntryKey.Kind.LINK, token, act.at, lasting, secret_key)
        key.leads_to = entry.check_path(leads_to)
        key.save(force_insert=True)
        record(act=act, type="entry_key_made", thing="person", thing_id=person.id, data={"kind": key.kind})
    return token


def print_card(*, act: Act, person: Person, secret_key: str, lasting: timedelta = CARD_LASTS) -> list[str]:
    """Ten codes in the order of the card's lines, for somebody without a mobile. The card before opens nothing more."""
    require(act, Verb.CARDS_PRINT)
    cards = EntryKey.objects.filter(person=person, kind=EntryKey.Kind.CARD, expires_at__gt=act.at)
    cards.update(expires_at=act.at)
    codes = [entry.new_code() for _ in range(entry.CARD_LINES)]
    keys = [_key(person, EntryKey.Kind.CARD, code, act.at, lasting, secret_key) for code in codes]
    for position, key in enumerate(keys, start=1):
        key.position = position
    EntryKey.objects.bulk_create(keys)
    record(act=act, type="card_printed", thing="person", thing_id=person.id)
    return codes


def end_visits(*, act: Act, person: Person) -> None:
    """Close every session that was opened without an account, and void every code, link and card not used yet."""
    require(act, Verb.PEOPLE_CHANGE, owner=person.id)
    Person.objects.filter(id=person.id).update(visits_ended=F("visits_ended") + 1)
    EntryKey.objects.filter(person=person, used_at__isnull=True, expires_at__gt=act.at).update(expires_at=act.at)
    record(act=act, type="visits_ended", thing="person", thing_id=person.id)


def _key(person: Person, kind: str, secret: str, at: datetime, lasting: timedelta, secret_key: str) -> EntryKey:
    identity = new_id()
    if kind == EntryKey.Kind.LINK:
        digest = entry.link_digest(secret, secret_key=secret_key)
    else:
        digest = entry.code_digest(identity, secret, secret_key=secret_key)
    return EntryKey(id=identity, person=person, kind=kind, digest=digest, made_at=at, expires_at=at + lasting)


def enter(*, secret: str, phone: str | None, at: datetime, secret_key: str, position: int | None = None) -> Entrance:
    """Let somebody in by a code from their telephone, by a line of their card, or by a link.

    secret: digits in any spacing, or a link's token when `phone` (E.164) is None. position: the line of the card
    that was asked for; None for a code. Refusals: code_wrong, also for a number that nobody has; code_expired and
    too_many_tries only to whoever holds the right secret. The door commits in every case.
    """
    if phone is None:
        key = link_of(token=secret, secret_key=secret_key)
        return _opened(key, at) if key else Entrance(refused=Refused("code_wrong", where="code"))
    code = entry.digits_of(secret)
    for key in _tried(phone, position):
        if entry.same(key.digest, entry.code_digest(key.id, code, secret_key=secret_key)):
            return _opened(key, at, phone=phone)
    return Entrance(refused=Refused("code_wrong", where="code"))


def _tried(phone: str, position: int | None) -> Sequence[EntryKey]:
    """The keys that a secret may fit, this try already counted: two guesses at once both cost one."""
    having = ContactPoint.objects.filter(kind=ContactPoint.Kind.PHONE, value=phone, person=OuterRef("person"))
    fits = Q(kind=EntryKey.Kind.CODE) if position is None else Q(kind=EntryKey.Kind.CARD, position=position)
    keys = EntryKey.objects.filter(fits, Exists(having))
    keys.filter(used_at__isnull=True, tries__lte=entry.MOST_TRIES).update(tries=F("tries") + 1)
    return list(keys.select_related("person").order_by("-made_at", "-id")[: 2 * entry.CODES_AN_HOUR])


def _opened(key: EntryKey, at: datetime, *, phone: str | None = None) -> Entrance:
    if key.tries > entry.MOST_TRIES:
        return Entrance(leads_to=key.leads_to, refused=Refused("too_many_tries", where="code"))
    fresh = EntryKey.objects.filter(id=key.id, used_at__isnull=True, expires_at__gt=at)
    if not fresh.update(used_at=at):
        return Entrance(leads_to=key.leads_to, refused=Refused("code_expired", where="code"))
    # A code proves the telephone, which a household may share; a card or a link was given to one person.
    shared = phone is not None and key.kind == EntryKey.Kind.CODE
    people = tuple(people_with_phone(phone=phone)) if shared and phone else (key.person,)
    act = Act(by=THE_CLOCK, at=at, door=Door.SITE)
    record(act=act, type="entry_key_used", thing="person", thing_id=key.person_id, data={"kind": key.kind})
    return Entrance(people, key.leads_to)
