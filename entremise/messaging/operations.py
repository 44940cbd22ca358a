from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging import rules
from entremise.messaging.models import Call, Enclosure, Incoming, Letter, Task
from entremise.messaging.queries import words_of
from entremise.people import queries as people
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.tenancy import scope

CALL_WITHIN = timedelta(hours=4)


def queue(
    *,
    act: Act,
    person: Person,
    template: str,
    context: Mapping[str, object],
    key: str,
    purpose: rules.Purpose = rules.Purpose.NEWS,
    about: str = "",
    about_id: UUID | None = None,
    enclosures: Sequence[tuple[UUID, str]] = (),
    channel: str = "",
    address: str = "",
) -> Letter:
    """Write a letter by the channel that suits the person; the clock carries it. The same key again queues nothing.

    Written in the person's language (`queries.words_of`); where it says `way_in`, the clock puts the reader's own link.
    A letter that somebody must read aloud, or that no channel can carry, is a task for the desk as well.
    enclosures: documents by id, each with its file name; they never travel by text message.
    channel and address: given when the person waits at a phone they named; else what suits them is looked up.
    """
    same = Letter.objects.filter(key=key).first()
    if same:
        return same
    reach = people.way_to_reach(person=person)
    chosen = channel or ("voice" if reach.channel == "none" else reach.channel)
    subject, body = words_of(template=template, context=context, channel=chosen, language=person.language)
    state, fact = rules.LETTER.step("", "queue")
    letter = Letter.objects.create(
        person=person,
        channel=chosen,
        address=reach.address if chosen == reach.channel else address,
        template=template,
        subject=subject,
        body=body,
        key=key,
        about=about,
        about_id=about_id,
        state=state,
        queued_at=act.at,
        due_at=act.at if purpose is rules.Purpose.ANSWER else rules.send_after(act.at, _quiet(person)),
    )
    Enclosure.objects.bulk_create(
        Enclosure(letter=letter, document=document, name=name) for document, name in enclosures
    )
    data = {"template": template, "channel": chosen}
    record(act=act, type=fact, thing="letter", thing_id=letter.id, data=data)
    if chosen == "voice":
        kind = "no_channel" if reach.channel == "none" else "call"
        add_task(act=act, kind=kind, key=f"letter:{letter.id}", person=person, about="letter", about_id=letter.id)
    return letter


def claim(*, at: datetime, limit: int = 20) -> list[Letter]:
    """Take due letters for this worker. A claim is a lease: after CLAIM_LASTS another worker may take them.

    Two workers never hold the same letter: the update only counts where nobody came first.
    """
    stale = at - rules.CLAIM_LASTS
    due = Letter.objects.filter(state="queued", due_at__lte=at).exclude(channel="voice").exclude(claimed_at__gt=stale)
    rows = due.order_by("due_at", "id")
    if connection.features.has_select_for_update_skip_locked:
        rows = rows.select_for_update(skip_locked=True)
    taken = list(rows.values_list("id", flat=True)[:limit])
    Letter.objects.filter(id__in=taken).update(claimed_at=at)
    return list(
        Letter.objects.filter(id__in=taken)
        .select_related("person")
        .prefetch_related("enclosures")
        .order_by("due_at", "id")
    )


def recall(*, act: Act, key: str) -> bool:
    """What a letter says is no longer so: if nobody has taken it to carry yet, it does not leave. Whether it stayed."""
    state, fact = rules.LETTER.step("queued", "cancel")
    waiting = Letter.objects.filter(key=key, state="queued", claimed_at__isnull=True)
    letter = waiting.values_list("id", flat=True).first()
    if letter is None or not waiting.update(state=state):
        return False
    record(act=act, type=fact, thing="letter", thing_id=letter)
    finish_tasks_about(act=act, about_id=letter, outcome="cancelled")  # Nobody has to read it aloud any more.
    return True


def carried(*, act: Act, letter: Letter, answer: str) -> Letter:
    """The carrier took it."""
    return _move(act=act, letter=letter, verb="send", sent_at=act.at, answer=answer[:300], tries=letter.tries + 1)


def not_carried(*, act: Act, letter: Letter, answer: str, final: bool) -> Letter:
    """The carrier did not take it: later again, or, when it never will, a task for somebody to call."""
    again = None if final else rules.retry_at(act.at, letter.tries + 1)
    if again:
        letter.tries += 1
        letter.due_at, letter.claimed_at, letter.answer = again, None, answer[:300]
        letter.save(update_fields=["tries", "due_at", "claimed_at", "answer"])
        record(act=act, type="letter_failed", thing="letter", thing_id=letter.id, data={"tries": letter.tries})
        return letter
    _move(act=act, letter=letter, verb="give_up", answer=answer[:300], tries=letter.tries + 1)
    add_task(
        act=act,
        kind="letter_lost",
        key=f"lost:{letter.id}",
        person=letter.person,
        about="letter",
        about_id=letter.id,
        params={"address": letter.address},
    )
    return letter


def receive(
    *, act: Act, channel: str, sender: str, text: str, received_at: datetime, key: str
) -> tuple[Incoming, bool]:
    """Keep a message that came in. Returns it, and whether it is new: the carrier may hand it over twice.

    The sender is recognised when exactly one person answers that phone.
    """
    known = people.people_with_phone(phone=sender)
    row = Incoming(
        id=new_id(),
        organisation_id=scope.current(),
        key=key,
        channel=channel,
        sender=sender,
        person=known[0] if len(known) == 1 else None,
        text=text,
        received_at=received_at,
    )
    Incoming.objects.bulk_create([row], ignore_conflicts=True)
    kept = Incoming.objects.select_related("person").get(key=key)
    if kept.id != row.id:
        return kept, False
    record(act=act, type="message_received", thing="incoming", thing_id=kept.id, data={"channel": channel})
    return kept, True


def handle(*, act: Act, incoming: Incoming, meaning: str, outcome: str) -> Incoming:
    """The message was understood and carried out, or a person has read it."""
    if incoming.handled_at:
        return incoming
    incoming.meaning, incoming.outcome = meaning, outcome
    incoming.handled_at, incoming.handled_by = act.at, act.by.person
    incoming.save(update_fields=["meaning", "outcome", "handled_at", "handled_by"])
    data = {"meaning": meaning, "outcome": outcome}
    record(act=act, type="message_handled", thing="incoming", thing_id=incoming.id, data=data)
    return incoming


def log_call(*, act: Act, phone: str = "", person: Person | None = None) -> Call:
    """A call came in. Written down first, whatever comes of it."""
    require(act, Verb.CALLS_LOG)
    call = Call.objects.create(person=person, phone=phone, answered_by=act.by.person, started_at=act.at)
    record(act=act, type="call_logged", thing="call", thing_id=call.id)
    return call


def end_call(
    *, act: Act, call: Call, outcome: str, note: str = "", person: Person | None = None, about_id: UUID | None = None
) -> Call:
    """What came of a call: request, call_back, question, nothing or wrong_number."""
    if call.ended_at:
        raise Refused("call_ended")
    call.ended_at, call.outcome, call.note, call.about_id = act.at, outcome, note[:300], about_id
    call.person = person or call.person
    call.save(update_fields=["ended_at", "outcome", "note", "about_id", "person"])
    record(act=act, type="call_ended", thing="call", thing_id=call.id, data={"outcome": outcome})
    return call


def add_task(
    *,
    act: Act,
    kind: str,
    key: str,
    person: Person | None = None,
    about: str = "",
    about_id: UUID | None = None,
    due_at: datetime | None = None,
    params: Mapping[str, object] | None = None,
) -> Task:
    """Ask a human to look. The same key asks once; due within CALL_WITHIN unless said otherwise."""
    row = Task(
        id=new_id(),
        organisation_id=scope.current(),
        kind=kind,
        key=key,
        person=person,
        about=about,
        about_id=about_id,
        params=dict(params or {}),
        created_at=act.at,
        due_at=due_at or act.at + CALL_WITHIN,
    )
    Task.objects.bulk_create([row], ignore_conflicts=True)
    task = Task.objects.get(key=key)
    if task.id == row.id:
        record(act=act, type="task_added", thing="task", thing_id=task.id, data={"kind": kind})
    return task


def finish_task(*, act: Act, task: Task, outcome: str) -> Task:
    """A human has looked. A second finish changes nothing; outcome is cut at 200 characters."""
    require(act, Verb.TASKS_FINISH)
    return _finish(act=act, task=task, outcome=outcome)


def _finish(*, act: Act, task: Task, outcome: str) -> Task:
    if task.done_at:
        return task
    task.done_at, task.done_by, task.outcome = act.at, act.by.person, outcome[:200]
    task.save(update_fields=["done_at", "done_by", "outcome"])
    record(act=act, type="task_done", thing="task", thing_id=task.id, data={"kind": task.kind})
    return task


def finish_tasks_about(*, act: Act, about_id: UUID, outcome: str, kind: str = "") -> None:
    """What these tasks asked for has happened by itself, by whosever hand: a worker's yes ends the call to make.

    kind: only those of one kind.
    """
    about = Task.objects.filter(about_id=about_id, done_at__isnull=True)
    for task in about.filter(kind=kind) if kind else about:
        _finish(act=act, task=task, outcome=outcome)


def _quiet(person: Person) -> rules.QuietHours:
    return rules.QuietHours(zone=ZoneInfo(person.organisation.timezone))


def _move(*, act: Act, letter: Letter, verb: str, **changes: object) -> Letter:
    letter.state, fact = rules.LETTER.step(letter.state, verb)
    if rules.opens_a_door(letter.template):
        changes["body"] = ""  # The key is kept as a digest; its letter must not undo that.
    for name, value in changes.items():
        setattr(letter, name, value)
    letter.save(update_fields=["state", *changes])
    record(act=act, type=fact, thing="letter", thing_id=letter.id, data={"channel": letter.channel})
    return letter
