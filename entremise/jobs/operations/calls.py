"""What one phone call or one visit at the counter brings about, whole or not at all."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from entremise.agreements import queries as agreed
from entremise.agreements.models import Agreement
from entremise.jobs.models import Activity, Request, UnsentRequest
from entremise.jobs.operations.asking import end_unsent
from entremise.jobs.operations.requests import post_request
from entremise.jobs.operations.signing import keep_signed_paper, sign
from entremise.jobs.rules.consent import PURPOSE, WORDING
from entremise.jobs.rules.modes.registry import USUAL
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.models import Call, Incoming
from entremise.people import operations as people
from entremise.people.models import Person, Place
from entremise.people.rules.may import Verb, require
from entremise.people.rules.names import split_name


@dataclass(frozen=True)
class Caller:
    """Who is on the line: a known person, or what a new one said of themselves: name as typed, phone E.164 or empty."""

    person: Person | None = None
    name: str = ""
    phone: str = ""
    street: str = ""
    place: Place | None = None


@dataclass(frozen=True)
class Wanted:
    """The job that a caller asks for; minutes of one visit, recurrence an RFC 5545 rule."""

    activity: Activity
    starts_at: datetime
    minutes: int
    recurrence: str = ""
    note: str = ""
    repeats: Request | None = None
    mode: str = USUAL


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is written down at the counter, after they agreed to it. phone E.164; place and dates as known."""

    family_name: str
    given_name: str = ""
    title: str = ""
    kind: str = "individual"
    phone: str = ""
    email: str = ""
    street: str = ""
    place: Place | None = None
    birth_date: date | None = None
    remarks: tuple[str, ...] = ()
    language: str = "fr"
    prefers_call: bool = False
    role: Role = Role.CLIENT


def take_request(
    *,
    act: Act,
    once: str,
    started_at: datetime,
    caller: Caller,
    wanted: Wanted,
    unsent: UnsentRequest | None = None,
) -> Request:
    """A call that ends with a request. A new caller is written down first, with the consent they gave aloud.

    once: names the call; heard of twice, it is taken once. unsent: what they had begun on the web.
    """
    key = f"call:{once}"
    same = Request.objects.filter(import_key=key).select_related("listing").first()
    if same:
        return same
    call = messaging.log_call(act=replace(act, at=started_at), phone=caller.phone, person=caller.person)
    client = caller.person or _newcomer(act, caller)
    request = post_request(
        act=act.for_person(client.id),
        client=client,
        activity=wanted.activity,
        starts_at=wanted.starts_at,
        minutes=wanted.minutes,
        recurrence=wanted.recurrence,
        note=wanted.note,
        repeats=wanted.repeats,
        mode=wanted.mode,
        import_key=key,
    )
    if unsent:
        end_unsent(act=act, unsent=unsent, request=request)
    messaging.end_call(act=act, call=call, outcome="request", person=client, about_id=request.id)
    return request


def log_only(*, act: Act, started_at: datetime, caller: Caller, outcome: str, note: str = "") -> Call:
    """A call without a request. outcome: call_back asks somebody to call again; nothing, question, wrong_number."""
    call = messaging.log_call(act=replace(act, at=started_at), phone=caller.phone, person=caller.person)
    if outcome == "call_back":
        messaging.add_task(
            act=act,
            kind="call_back",
            key=f"call-back:{call.id}",
            person=caller.person,
            about="call",
            about_id=call.id,
            params={"name": caller.name, "phone": caller.phone, "note": note},
        )
    return messaging.end_call(act=act, call=call, outcome=outcome, note=note)


def return_paper(*, act: Act, agreement: Agreement, role: str, content: bytes) -> Agreement:
    """A signed paper came back: its scan is kept and the party has signed."""
    party = next((one for one in agreed.parties_of(agreement=agreement.id) if one.role == role), None)
    if party is None or party.document_id is None:
        raise Refused("not_a_party", {"role": role})
    keep_signed_paper(act=act, document=party.document_id, content=content)
    return sign(act=act, agreement=agreement, role=role, how="paper")


def read_message(*, act: Act, incoming: Incoming, outcome: str) -> Incoming:
    """Somebody read a message that was not understood, and did what it asked."""
    require(act, Verb.MESSAGES_HANDLE)
    messaging.finish_tasks_about(act=act, about_id=incoming.id, outcome=outcome)
    return messaging.handle(act=act, incoming=incoming, meaning="read", outcome=outcome[:40])


def add_known(*, act: Act, newcomer: Newcomer) -> Person:
    """Write somebody down with the consent they just gave."""
    person = people.add_person(
        act=act,
        family_name=newcomer.family_name,
        given_name=newcomer.given_name,
        title=newcomer.title,
        kind=newcomer.kind,
        phones=[newcomer.phone] if newcomer.phone else [],
        email=newcomer.email,
        street=newcomer.street,
        place=newcomer.place,
        birth_date=newcomer.birth_date,
        remarks=newcomer.remarks,
        language=newcomer.language,
        prefers_call=newcomer.prefers_call,
        roles=[newcomer.role],
    )
    return _agreed(act, person)


def _newcomer(act: Act, caller: Caller) -> Person:
    name = split_name(caller.name, where="who")
    person = people.add_person(
        act=act,
        title=name.title,
        given_name=name.given,
        family_name=name.family,
        kind="company" if name.company else "individual",
        phones=[caller.phone] if caller.phone else [],
        street=caller.street,
        place=caller.place,
        roles=[Role.CLIENT],
    )
    return _agreed(act, person)


def _agreed(act: Act, person: Person) -> Person:
    people.record_consent(act=act.for_person(person.id), person=person, purpose=PURPOSE, given=True, wording=WORDING)
    return person
