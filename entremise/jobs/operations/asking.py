"""A request made on the web: answers kept page by page, sent once, and shown to nobody before the desk has spoken
with whoever sent it, unless they had signed in.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.jobs.models import Activity, Request, UnsentRequest
from entremise.jobs.operations.holding import hold
from entremise.jobs.operations.moves import move_request
from entremise.jobs.operations.requests import at_price_of, post_request
from entremise.jobs.queries.asking import call_by
from entremise.jobs.rules.asking import CODES, GUESSED_MINUTES, LASTS
from entremise.jobs.rules.consent import PURPOSE, WEB_WORDING
from entremise.jobs.rules.requests import REQUEST
from entremise.kernel.act import Act, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.market import operations as market
from entremise.messaging import operations as messaging
from entremise.people import operations as people
from entremise.people import queries as known_people
from entremise.people.models import Person, Place
from entremise.people.rules.may import Verb, require
from entremise.tenancy import scope

TRIES = 5  # Of a free code, should somebody else take it at the same moment.


class Answers(TypedDict, total=False):
    """What a page of questions tells. minutes None: to be settled. phone: E.164. wish: when, in words, if open."""

    activity: Activity
    minutes: int | None
    note: str
    starts_at: datetime
    recurrence: str
    wish: str
    name: str
    phone: str
    street: str
    place: Place | None


def keep_answers(
    *, act: Act, unsent: UnsentRequest | None, page: str, typed: Mapping[str, object], **answers: Unpack[Answers]
) -> UnsentRequest:
    """Keep what a page was answered; the first one begins a request that expires. typed: the page as filled in.

    Raises Refused("too_many_begun") when every code is taken.
    """
    require(act, Verb.REQUESTS_POST, owner=act.by.person)
    row = (_still_open(unsent.id) if unsent else None) or _begun(act)
    row.typed = {**row.typed, page: dict(typed)}
    for column, value in answers.items():
        setattr(row, column, value)
    row.expires_at = act.at + LASTS
    row.save()
    return row


def take_over_unsent(*, act: Act, unsent: UUID, client: Person) -> None:
    """Whoever began without a name has signed in since: what they answered goes on as theirs."""
    require(act, Verb.REQUESTS_POST, owner=client.id)
    row = _still_open(unsent)
    if row and row.client_id is None:
        row.client = client
        row.save(update_fields=["client"])


def _still_open(unsent: UUID) -> UnsentRequest | None:
    """As it is now, held until the end: in another tab it may have been answered, or sent, since it was read."""
    return UnsentRequest.objects.select_for_update().filter(id=unsent, request__isnull=True).first()


def _begun(act: Act) -> UnsentRequest:
    taken = set(UnsentRequest.objects.values_list("code", flat=True))
    free = [code for code in (f"{number:04}" for number in range(CODES)) if code not in taken]
    for code in secrets.SystemRandom().sample(free, min(TRIES, len(free))):
        row = UnsentRequest(
            id=new_id(),
            organisation_id=scope.current(),
            code=code,
            client_id=act.by.person,
            expires_at=act.at + LASTS,
        )
        UnsentRequest.objects.bulk_create([row], ignore_conflicts=True)
        if UnsentRequest.objects.filter(id=row.id).exists():
            return UnsentRequest.objects.get(id=row.id)
    raise Refused("too_many_begun")


def send_request(*, act: Act, unsent: UUID, unsettled: str, language: str) -> Request:
    """Send what was answered, once: sent again it is the same request. unsettled: when and how long, in words, while
    one of them is to be settled.

    A visitor is written down as somebody new, with the consent they ticked, and their request is held back until
    `identify`: a known telephone number neither shows nor changes anything of whoever it belongs to.
    Raises Refused like `post_request`, and answers_missing.
    """
    row = UnsentRequest.objects.select_for_update(of=("self",)).get(id=unsent)
    if row.request_id:
        return Request.objects.select_related("listing", "activity").get(id=row.request_id)
    signed_in = act.by.person is not None
    if row.activity is None or row.starts_at is None or not (signed_in or row.name):
        raise Refused("answers_missing")
    client = _client(act) if signed_in else _visitor(act, row, language)
    request = post_request(
        act=act.for_person(client.id),
        client=client,
        activity=row.activity,
        starts_at=row.starts_at,
        minutes=row.minutes or GUESSED_MINUTES,
        recurrence=row.recurrence,
        note=row.note,
        unsettled=unsettled,
        claimed=not signed_in,
    )
    if not signed_in or request.unsettled:
        zone = ZoneInfo(client.organisation.timezone)
        messaging.add_task(
            act=act,
            kind="web_request",
            key=f"web:{request.id}",
            person=client,
            about="request",
            about_id=request.id,
            due_at=call_by(asked=act.at.astimezone(zone)),
            params={"number": request.listing.number},
        )
    end_unsent(act=act, unsent=row, request=request)
    return request


def _client(act: Act) -> Person:
    """Whoever has signed in; somebody who works for us may ask for help too."""
    client = known_people.get(person=act.by.person) if act.by.person else None
    if client is None:
        raise Refused("answers_missing")
    people.give_role(act=act, person=client, role=Role.CLIENT, since=act.at.date())
    return client


def _visitor(act: Act, row: UnsentRequest, language: str) -> Person:
    visitor = people.add_visitor(
        act=act, name=row.name, phone=row.phone, street=row.street, place=row.place, language=language
    )
    people.record_consent(
        act=act.for_person(visitor.id), person=visitor, purpose=PURPOSE, given=True, wording=WEB_WORDING
    )
    return visitor


def end_unsent(*, act: Act, unsent: UnsentRequest, request: Request) -> None:
    """It was sent, or finished by telephone: of the answers nothing is kept here."""
    require(act, Verb.REQUESTS_POST, owner=act.by.person)
    kept = UnsentRequest(id=unsent.id, code=unsent.code, client_id=unsent.client_id, request=request)
    kept.organisation_id, kept.expires_at = unsent.organisation_id, unsent.expires_at
    kept.save(force_update=True)


def identify(*, act: Act, request: Request, known: Person | None) -> Request:
    """The desk has spoken with whoever asked. known: who they turned out to be; None: somebody new, as they said.

    From now on the request is like any other. A known client's price is theirs.
    """
    require(act, Verb.REQUESTS_IDENTIFY)
    hold(request=request)
    visitor = request.client
    REQUEST.step(request.state, "identify")
    if known is None:
        people.prove_contacts(act=act, person=visitor)
    else:
        request.client = people.recognise(act=act, visitor=visitor, known=known)
        request.save(update_fields=["client"])
        people.give_role(act=act, person=known, role=Role.CLIENT, since=act.at.date())
        at_price_of(request, request.listing.starts_at or act.at)
    market.put_out(act=act, listing=request.listing, person=request.client)
    move_request(act=act, request=request, verb="identify", data={"known": known is not None})
    messaging.finish_tasks_about(act=act, about_id=request.id, kind="web_request", outcome="spoken")
    return request


def forget_unsent(*, act: Act) -> int:
    """What nobody finished in time is forgotten, with all that was typed; returns how many."""
    gone, _ = UnsentRequest.objects.filter(expires_at__lte=act.at).delete()
    return gone
