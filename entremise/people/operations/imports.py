from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from uuid import UUID

from entremise.history.operations import record, record_many
from entremise.kernel.act import Act, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.models import ContactPoint, Membership, Paper, Person, Place
from entremise.people.operations.persons import LONGEST, LONGEST_CONTACT
from entremise.people.operations.places import EVERY, check_asked
from entremise.people.rules.columns import map_columns, shown
from entremise.people.rules.fitting import check_lengths
from entremise.people.rules.identity import Kind, Known, KnownPeople, Match, Traits
from entremise.people.rules.lines import PaperLine, PersonLine, read_person
from entremise.people.rules.may import Verb, require
from entremise.people.rules.preview import Outcome, Reason, Verdict
from entremise.people.rules.search import person_text, place_text
from entremise.people.rules.sheet import Sheet

BATCH = 1000


@dataclass(frozen=True)
class Extra:
    """What a line says of a person for other rooms, as typed: `rules.lines.EXTRAS` names the fields.

    A door that imports gives hours_wanted, skills and travel to jobs and iban to payments, in the same transaction.
    """

    line: int
    person: UUID
    roles: frozenset[Role]
    values: Mapping[str, str]


@dataclass(frozen=True)
class PeopleImport:
    """outcomes: one for each line, in order. extras: of the lines taken; of a dry run too, with ids that nobody has."""

    outcomes: list[Outcome]
    extras: list[Extra]


@dataclass
class _Has:
    """What the organisation knows of one person while the lines go by."""

    contacts: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    papers: set[tuple[str, str]] = field(default_factory=set)
    import_key: str = ""


@dataclass
class _Rows:
    """What the import will write."""

    people: list[Person] = field(default_factory=list)
    contacts: list[ContactPoint] = field(default_factory=list)
    roles: list[Membership] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    keyed: list[Person] = field(default_factory=list)
    added: dict[UUID, dict[str, object]] = field(default_factory=dict)
    completed: dict[UUID, dict[str, object]] = field(default_factory=dict)


def import_people(
    *,
    act: Act,
    sheet: Sheet,
    dry_run: bool,
    role: Role | None = None,
    good_only: bool = False,
    decided: Mapping[int, UUID | None] | None = None,
    progress: Callable[[int], None] | None = None,
) -> PeopleImport:
    """People of a spreadsheet: new ones are added, known ones get the contacts, roles and papers they lack.

    Nothing known is overwritten, so the same file twice changes nothing the second time. role: for lines that do not
    say. decided: line → who it is, None for somebody new, where a line was asked about. progress: told the lines done.
    Raises Refused not_allowed, column_missing, and lines_refused when some lines are bad and not `good_only`.
    """
    require(act, Verb.IMPORTS_RUN)
    columns = map_columns("people", sheet.headers)
    if columns.missing:
        raise Refused("column_missing", {"column": shown("people", columns.missing[0])}, where="file")
    lines = [read_person(columns, cells, today=act.at.date(), role=role) for _, cells in sheet.rows]
    work = _Import(act, _Places(lines), decided or {})
    for done, ((number, _), line) in enumerate(zip(sheet.rows, lines, strict=True), start=1):
        work.take(number, line)
        if progress and done % EVERY == 0:
            progress(done)
    if not dry_run:
        check_asked(work.outcomes, good_only=good_only)
        _write(act, work.rows, work.outcomes)
    return PeopleImport(work.outcomes, work.extras)


class _Import:
    def __init__(self, act: Act, places: "_Places", decided: Mapping[int, UUID | None]) -> None:
        self.act, self.places, self.decided = act, places, decided
        self.people: dict[UUID, Person] = {}
        self.has: defaultdict[UUID, _Has] = defaultdict(_Has)
        self.known = KnownPeople(_known(self.people, self.has))
        self.keys = {has.import_key for has in self.has.values()}
        self.rows = _Rows()
        self.outcomes: list[Outcome] = []
        self.extras: list[Extra] = []

    def take(self, number: int, line: PersonLine) -> None:
        """Judge one line and prepare what it brings."""
        notes: tuple[Reason, ...]
        try:
            if line.bad:
                return self._say(number, Verdict.REFUSE, line, line.bad)
            match = self._match(number, line)
            if match.kind is Kind.MAYBE:
                return self._say(number, Verdict.ASK, line, (self._reason(match),))
            if match.kind is Kind.SAME and match.person:
                person, notes = self.people[match.person], (self._reason(match),)
                self._complete(person, line)
            else:
                person, notes = self._add(line)
                notes += (self._reason(match),) if match.reason else ()
        except Refused as refused:
            return self._say(number, Verdict.REFUSE, line, (Reason.of(refused),))
        if line.extras:
            self.extras.append(Extra(number, person.id, line.roles, line.extras))
        return self._say(number, Verdict.MATCH if match.kind is Kind.SAME else Verdict.CREATE, line, notes)

    def _say(self, number: int, verdict: Verdict, line: PersonLine, reasons: tuple[Reason, ...]) -> None:
        self.outcomes.append(Outcome(number, verdict, line.what, reasons))

    def _match(self, number: int, line: PersonLine) -> Match:
        match = self.known.match(line.traits)
        if match.kind is not Kind.MAYBE or number not in self.decided:
            return match
        chosen = self.decided[number]
        if chosen is None:
            return Match(Kind.NEW, None, "decided")
        if chosen not in self.people:
            raise Refused("person_unknown", where="line")
        return Match(Kind.SAME, chosen, "decided")

    def _reason(self, match: Match) -> Reason:
        who = self.people.get(match.person) if match.person else None
        ids = [str(person) for person in (match.person, *match.others) if person]
        return Reason(match.reason, {"name": who.full_name if who else "", "people": ids})

    def _add(self, line: PersonLine) -> tuple[Person, tuple[Reason, ...]]:
        place, street, notes = self.places.of(line)
        person = Person(
            id=new_id(),
            kind=line.kind,
            title=line.name.title,
            given_name=line.name.given,
            family_name=line.name.family,
            birth_date=line.birth_date,
            street=street,
            place=place,
            latitude=place.latitude if place else None,
            longitude=place.longitude if place else None,
            remarks=list(line.remarks),
            prefers_call=line.prefers_call,
            import_key="" if line.number in self.keys else line.number,
            known_since=self.act.at,
            search_text=person_text(line.name.family, line.name.given, street, str(place or "")),
        )
        check_lengths(vars(person), LONGEST)
        self._complete(person, line)
        self.people[person.id] = person
        self.has[person.id].import_key = person.import_key
        self.keys.add(person.import_key)
        self.known.add(Known(person.id, line.traits))
        self.rows.people.append(person)
        roles = sorted(role.value for role in line.roles)
        self.rows.added[person.id] = {"kind": person.kind, "roles": roles, "imported": True}
        return person, line.notes + notes

    def _complete(self, person: Person, line: PersonLine) -> None:
        """Contacts, roles and papers that the person lacks, and their number in the file."""
        has, rows, act = self.has[person.id], self.rows, self.act
        new = [
            *(ContactPoint.phone(person, phone, line.phone_label) for phone in line.phones),
            *([ContactPoint.email(person, line.email)] if line.email else []),
        ]
        new = [contact for contact in new if contact.value not in has.contacts]
        for contact in new:
            check_lengths(vars(contact), LONGEST_CONTACT)
        roles = [role.value for role in line.roles if role.value not in has.roles]
        papers = [paper for paper in line.papers if (paper.kind, paper.number) not in has.papers]
        rows.contacts += new
        rows.roles += [Membership(person=person, role=role, since=act.at.date()) for role in sorted(roles)]
        rows.papers += [_paper(person, paper, act) for paper in papers]
        keyed = bool(line.number) and not has.import_key and line.number not in self.keys and person.id in self.people
        if keyed:
            person.import_key = has.import_key = line.number
            self.keys.add(line.number)
            rows.keyed.append(person)
        has.contacts |= {contact.value for contact in new}
        has.roles |= set(roles)
        has.papers |= {(paper.kind, paper.number) for paper in papers}
        if (new or roles or papers or keyed) and person.id in self.people and person.id not in rows.added:
            rows.completed[person.id] = {"imported": True}


def _paper(person: Person, line: PaperLine, act: Act) -> Paper:
    return Paper(
        person=person,
        kind=line.kind,
        number=line.number,
        valid_from=line.valid_from,
        valid_to=line.valid_to,
        checked_on=act.at.date(),
        checked_by=act.by.person,
    )


def _known(people: dict[UUID, Person], has: defaultdict[UUID, _Has]) -> Iterator[Known]:
    """Everybody of the organisation, four queries for all; fills `people` and `has` on the way."""
    phones: defaultdict[UUID, set[str]] = defaultdict(set)
    emails: dict[UUID, str] = {}
    for person_id, kind, value in ContactPoint.objects.values_list("person_id", "kind", "value"):
        has[person_id].contacts.add(value)
        if kind == ContactPoint.Kind.PHONE:
            phones[person_id].add(value)
        else:
            emails[person_id] = value
    for person_id, role in Membership.objects.filter(until__isnull=True).values_list("person_id", "role"):
        has[person_id].roles.add(role)
    for person_id, kind, number in Paper.objects.values_list("person_id", "kind", "number"):
        has[person_id].papers.add((kind, number))
    for person in Person.objects.select_related("place").order_by("id"):
        people[person.id] = person
        has[person.id].import_key = person.import_key
        place = person.place
        yield Known(
            person.id,
            Traits(
                family=person.family_name,
                given=person.given_name,
                title=person.title,
                birth_date=person.birth_date,
                phones=frozenset(phones[person.id]),
                email=emails.get(person.id, ""),
                address=f"{person.street} {place.postcode} {place.name}" if place and person.street else person.street,
                number=person.import_key,
            ),
        )


class _Places:
    """The communes that the lines name, looked up once for all of them."""

    def __init__(self, lines: Sequence[PersonLine]) -> None:
        self._at: defaultdict[str, list[Place]] = defaultdict(list)
        self._named: defaultdict[str, list[Place]] = defaultdict(list)
        for postcodes in _chunks({line.postcode for line in lines if line.postcode}):
            for place in Place.objects.filter(postcode__in=postcodes).order_by("name"):
                self._at[place.postcode].append(place)
        for names in _chunks({place_text(line.town) for line in lines if line.town and not line.postcode}):
            for place in Place.objects.filter(search_text__in=names).order_by("postcode"):
                self._named[place.search_text].append(place)

    def of(self, line: PersonLine) -> tuple[Place | None, str, tuple[Reason, ...]]:
        """The commune, the street to write down, and a note when the commune is not known: its words stay in it."""
        town = place_text(line.town)
        if line.postcode:
            here = self._at[line.postcode]
            fits = [place for place in here if place.search_text == town] or (here if len(here) == 1 else [])
        else:
            fits = self._named[town] if town else []
        if len(fits) == 1:
            return fits[0], line.street, ()
        written = f"{line.postcode} {line.town}".strip()
        if not written:
            return None, line.street, ()
        street = ", ".join(part for part in (line.street, written) if part)
        return None, street, (Reason("place_not_found", {"typed": written}, "town"),)


def _chunks(values: Iterable[str]) -> Iterator[list[str]]:
    rest = iter(sorted(values))
    while chunk := list(islice(rest, BATCH)):
        yield chunk


def _write(act: Act, rows: _Rows, outcomes: Sequence[Outcome]) -> None:
    Person.objects.bulk_create(rows.people, batch_size=BATCH)
    Person.objects.bulk_update(rows.keyed, ["import_key"], batch_size=BATCH)
    ContactPoint.objects.bulk_create(rows.contacts, batch_size=BATCH)
    Membership.objects.bulk_create(rows.roles, batch_size=BATCH)
    Paper.objects.bulk_create(rows.papers, batch_size=BATCH)
    record_many(act=act, type="person_added", thing="person", data=rows.added)
    record_many(act=act, type="person_changed", thing="person", data=rows.completed)
    counts: dict[str, object] = {
        verdict.value: sum(outcome.verdict is verdict for outcome in outcomes) for verdict in Verdict
    }
    record(act=act, type="people_imported", thing="import", thing_id=None, data=counts)
