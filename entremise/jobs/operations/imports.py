"""Requests of a spreadsheet, and what the imports of this room share."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.history.operations import record
from entremise.jobs.models import Activity, Request
from entremise.jobs.operations.requests import LONGEST_VISIT, post_request
from entremise.jobs.queries.calling import as_words, offered_activities
from entremise.jobs.queries.prices import Quote, price_basis, quote, tariff_for
from entremise.jobs.rules.lines import Named, RequestLine, read_request
from entremise.jobs.rules.quick_entry import parse_what
from entremise.jobs.rules.recurrence import check_rule
from entremise.jobs.rules.who import Directory, Entry
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.market.operations import Where
from entremise.people.models import ContactPoint, Membership, Person, Place
from entremise.people.operations.places import check_asked
from entremise.people.rules.columns import ColumnMap, map_columns, shown
from entremise.people.rules.may import Verb, require
from entremise.people.rules.preview import Outcome, Reason, Verdict
from entremise.people.rules.search import place_text
from entremise.people.rules.sheet import Sheet

EVERY = 100  # Lines between two words about progress.
Progress = Callable[[int], None]


def import_requests(
    *, act: Act, sheet: Sheet, zone: ZoneInfo, dry_run: bool, good_only: bool = False, progress: Progress | None = None
) -> list[Outcome]:
    """Requests of a spreadsheet, each with today's price and no letter: the clients know what they asked for.

    The same line again, known by its number or else by all that it says, is the same request. progress: told the
    lines done. Raises Refused not_allowed, column_missing, and lines_refused when some are bad and not `good_only`.
    """
    require(act, Verb.IMPORTS_RUN)
    columns = columns_of("requests", sheet)
    work = _Requests(act, zone)
    judged = [work.judge(number, read_request(columns, cells, today=act.at.date())) for number, cells in sheet.rows]
    outcomes = [outcome for outcome, _ in judged]
    if dry_run:
        return outcomes
    check_asked(outcomes, good_only=good_only)
    for done, (outcome, draft) in enumerate(judged, start=1):
        if draft and outcome.verdict is Verdict.CREATE:
            work.post(draft)
        if progress and done % EVERY == 0:
            progress(done)
    record(act=act, type="requests_imported", thing="import", thing_id=None, data=counts_of(outcomes))
    return outcomes


@dataclass(frozen=True)
class _Draft:
    line: RequestLine
    client: Person
    activity: Activity
    where: Where | None
    note: str


class _Requests:
    def __init__(self, act: Act, zone: ZoneInfo) -> None:
        self.act, self.zone = act, zone
        self.known = Known()
        self.keys = set(Request.objects.exclude(import_key="").values_list("import_key", flat=True))

    def judge(self, number: int, line: RequestLine) -> tuple[Outcome, _Draft | None]:
        what = f"{line.client} · {line.what} · {line.day:%d/%m/%Y}"[:90]
        if line.bad:
            return Outcome(number, Verdict.REFUSE, what, line.bad), None
        if line.key in self.keys:
            return Outcome(number, Verdict.MATCH, what, (Reason("line_known"),)), None
        try:
            draft = self._draft(line)
        except Refused as refused:
            return Outcome(number, verdict_of(refused), what, (Reason.of(refused),)), None
        self.keys.add(line.key)
        return Outcome(number, Verdict.CREATE, what, line.notes), draft

    def _draft(self, line: RequestLine) -> _Draft:
        client = self.known.person(line.client, Role.CLIENT)
        activity, rest = self.known.activity(line.what)
        check_visit(line.minutes)
        if line.recurrence:
            check_rule(line.recurrence)
        self.known.check_tariff(activity, client.kind, line.day)
        note = ", ".join(part for part in (rest, line.note) if part)
        if len(note) > 300:
            raise Refused("too_long", {"most": 300, "length": len(note)}, where="remark")
        return _Draft(line, client, activity, self._where(line, client), note)

    def _where(self, line: RequestLine, client: Person) -> Where | None:
        if not line.street:
            return None
        place = self.known.place(line.postcode, line.town) or client.place
        return Where(line.street[:120], place, place.latitude if place else None, place.longitude if place else None)

    def post(self, draft: _Draft) -> Request:
        line = draft.line
        return post_request(
            act=self.act,
            client=draft.client,
            activity=draft.activity,
            starts_at=datetime.combine(line.day, line.start, self.zone),
            minutes=line.minutes,
            recurrence=line.recurrence,
            note=draft.note,
            where=draft.where,
            import_key=line.key,
            quiet=True,
            price=self.known.price(draft.client, draft.activity, line.minutes, line.day),
        )


class Known:
    """What the organisation knows before the first line, read in a handful of queries for all of them."""

    def __init__(self) -> None:
        self.people = {person.id: person for person in Person.objects.select_related("place", "organisation")}
        self.directory = Directory(_entries(self.people))
        self.activities = {one.code: one for one in offered_activities()}
        self._words = as_words(list(self.activities.values()))
        self.activity = cache(self._activity)
        self.check_tariff = cache(self._check_tariff)
        self.place = cache(self._place)
        self._basis = price_basis()
        self._prices: dict[tuple[str, UUID, int, date], Quote] = {}

    def person(self, named: Named, role: Role) -> Person:
        return self.people[self.directory.find(named, role=role)]

    def _activity(self, typed: str) -> tuple[Activity, str]:
        """The activity that words mean, and the words that it leaves. Raises Refused("activity_not_found")."""
        code, rest = parse_what(typed, self._words)
        if code is None:
            raise Refused("activity_not_found", {"typed": typed}, where="what")
        return self.activities[code], rest

    def _check_tariff(self, activity: Activity, client_kind: str, on: date) -> None:
        tariff_for(activity=activity, client_kind=client_kind, on=on, tariffs=self._basis.tariffs)

    def price(self, client: Person, activity: Activity, minutes: int, on: date) -> Quote:
        """Clients of one kind pay the same for the same: it is worked out once."""
        key = (client.kind, activity.id, minutes, on)
        if key not in self._prices:
            self._prices[key] = quote(client=client, activity=activity, minutes=minutes, on=on, basis=self._basis)
        return self._prices[key]

    def _place(self, postcode: str, town: str) -> Place | None:
        rows = Place.objects.filter(postcode=postcode) if postcode else Place.objects.all()
        found = list(rows.filter(search_text=place_text(town))[:2] if town else rows[:2] if postcode else [])
        return found[0] if len(found) == 1 else None


def _entries(people: dict[UUID, Person]) -> Iterator[Entry]:
    phones: dict[UUID, set[str]] = {}
    for person, value in ContactPoint.objects.filter(kind="phone").values_list("person_id", "value"):
        phones.setdefault(person, set()).add(value)
    roles: dict[UUID, set[Role]] = {}
    for person, role in Membership.objects.filter(until__isnull=True).values_list("person_id", "role"):
        roles.setdefault(person, set()).add(Role(role))
    for one in people.values():
        yield Entry(
            person=one.id,
            family=one.family_name,
            given=one.given_name,
            title=one.title,
            number=one.import_key,
            phones=frozenset(phones.get(one.id, ())),
            roles=frozenset(roles.get(one.id, ())),
        )


def columns_of(kind: str, sheet: Sheet) -> ColumnMap:
    columns = map_columns(kind, sheet.headers)
    if columns.missing:
        raise Refused("column_missing", {"column": shown(kind, columns.missing[0])}, where="file")
    return columns


def check_visit(minutes: int) -> None:
    if not 15 <= minutes <= LONGEST_VISIT:
        raise Refused("minutes_out_of_range", {"minutes": minutes}, where="minutes")


def verdict_of(refused: Refused) -> Verdict:
    """What only a human can tell is asked, not refused."""
    return Verdict.ASK if refused.code in ("person_uncertain", "mission_uncertain") else Verdict.REFUSE


def counts_of(outcomes: Sequence[Outcome]) -> dict[str, object]:
    return {verdict.value: sum(outcome.verdict is verdict for outcome in outcomes) for verdict in Verdict}
