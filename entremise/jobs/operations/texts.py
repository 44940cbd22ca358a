from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from entremise.jobs.models import Mission
from entremise.jobs.operations.choosing import accept_quote, decline_quote
from entremise.jobs.operations.feedback import give_feedback
from entremise.jobs.operations.hours import confirm_hours, log_hours
from entremise.jobs.operations.proposals import answer
from entremise.jobs.queries import feedback
from entremise.jobs.queries.quotes import to_answer
from entremise.kernel.act import Act
from entremise.market import queries as market
from entremise.messaging import operations as messaging
from entremise.messaging.models import Incoming
from entremise.messaging.rules import OPINIONS, Meaning, Reply, in_context, understand_reply
from entremise.people import operations as people
from entremise.people.models import Person


def read_text(*, act: Act, incoming: Incoming) -> str:
    """Carry out what a text message says, when only one reading is possible; else a person reads it.

    The act is the sender's. Returns what came of it: answered, logged, confirmed, opinion, stopped, task. A rule that
    says no raises Refused: the door starts afresh, keeps the message and calls `put_aside`.
    """
    if incoming.handled_at:
        return incoming.outcome
    person = incoming.person
    reply = understand_reply(incoming.text)
    if reply.meaning is Meaning.STOP:
        people.stop_texts(act=act, phone=incoming.sender)
        return _done(act, incoming, reply, "stopped")
    if person is None:
        return put_aside(act=act, incoming=incoming, why="unknown_sender")
    reply = in_context(reply, _open_numbers(person.id, reply.meaning, act.at))
    outcome = _carry_out(act, incoming, person, reply)
    return (
        _done(act, incoming, reply, outcome) if outcome else put_aside(act=act, incoming=incoming, why="not_understood")
    )


def put_aside(*, act: Act, incoming: Incoming, why: str) -> str:
    """A person reads this message. why: a code, for the task."""
    messaging.add_task(
        act=replace(act, on_behalf_of=None),
        kind="read_message",
        key=f"read:{incoming.id}",
        person=incoming.person,
        about="incoming",
        about_id=incoming.id,
        params={"why": why},
    )
    return "task"


def _carry_out(act: Act, incoming: Incoming, person: Person, reply: Reply) -> str:
    """Empty when the message is about nothing that waits for this person."""
    if reply.number is None:
        return ""
    if reply.meaning in (Meaning.YES, Meaning.NO):
        proposal = market.latest_proposal(person=person.id, number=reply.number)
        if proposal:
            answer(act=act, proposal=proposal, yes=reply.meaning is Meaning.YES)
            return "answered"
        if _answer_quote(act, person.id, reply):
            return "answered"
        mission = _to_confirm(person.id, reply.number)
        if mission and reply.meaning is Meaning.YES:
            confirm_hours(act=act, mission=mission)
            return "confirmed"
    if reply.meaning in OPINIONS:
        waiting = feedback.waiting_for(person=person.id, at=act.at, number=reply.number)
        if len(waiting) == 1:
            one, opinion = waiting[0], reply.meaning.value
            give_feedback(act=act, mission=one.mission, feedback=one.feedback, answer=opinion)
            return "opinion"
    if reply.meaning is Meaning.HOURS and reply.minutes:
        mission = _to_log(person.id, reply.number, act.at)
        if mission:
            log_hours(act=act, mission=mission, minutes=reply.minutes, key=f"text:{incoming.key}"[:80])
            return "logged"
        mission = _to_confirm(person.id, reply.number)
        if mission:
            confirm_hours(act=act, mission=mission, minutes=reply.minutes)
            return "confirmed"
    return ""


def _answer_quote(act: Act, client: UUID, reply: Reply) -> bool:
    """A client's word on the only quote of a request; with several a person asks which."""
    mine = [quote for quote in to_answer(client=client) if quote.request.listing.number == reply.number]
    if len(mine) != 1:
        return False
    (accept_quote if reply.meaning is Meaning.YES else decline_quote)(act=act, quote=mine[0])
    return True


def _open_numbers(person: UUID, meaning: Meaning, at: datetime) -> set[int]:
    """The numbers of what waits for this person's word, by what they seem to answer."""
    if meaning in OPINIONS:
        return {one.mission.number for one in feedback.waiting_for(person=person, at=at)}
    if meaning is Meaning.HOURS:
        mine = Mission.objects.filter(worker_id=person, state__in=["ready", "worked"])
    else:
        mine = Mission.objects.filter(client_id=person, state="worked")
    numbers = set(mine.values_list("number", flat=True))
    if meaning in (Meaning.YES, Meaning.NO):
        numbers |= {proposal.listing.number for proposal in market.waiting_proposals_of(person=person)}
        numbers |= {quote.request.listing.number for quote in to_answer(client=person)}
    return numbers


def _to_log(worker: UUID, number: int, at: datetime) -> Mission | None:
    """Of that number, the earliest mission that has begun and waits for its hours; else the last that has some or that
    somebody was said to be absent from; else the next to come, which says that it is too early.
    """
    mine = _missions().filter(worker_id=worker, number=number)
    ready = mine.filter(state="ready").order_by("starts_at")
    last = mine.filter(state__in=["worked", "no_show_worker", "no_show_client"]).order_by("-starts_at")
    return ready.filter(starts_at__lte=at).first() or last.first() or ready.first()


def _to_confirm(client: UUID, number: int) -> Mission | None:
    return _missions().filter(client_id=client, number=number, state="worked").order_by("starts_at").first()


def _missions() -> QuerySet[Mission]:
    return Mission.objects.select_related("agreement", "request__listing", "client", "worker")


def _done(act: Act, incoming: Incoming, reply: Reply, outcome: str) -> str:
    messaging.handle(act=act, incoming=incoming, meaning=reply.meaning.value, outcome=outcome)
    return outcome
