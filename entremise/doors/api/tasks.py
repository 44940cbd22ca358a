"""What waits for a human at the desk: tasks, messages to read, calls to note."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.http import HttpRequest

from entremise.doors.api import pages
from entremise.doors.api.door import act_of, asks, found, only, tells
from entremise.doors.api.told import Someone
from entremise.doors.api.types import PAGE, Cursor, Given, Id, Limit, Named, Note, Reason, Title, Told, Word
from entremise.jobs.operations import calls
from entremise.jobs.queries import listed, persons
from entremise.kernel.act import STAFF
from entremise.kernel.phone import parse_phone
from entremise.messaging import operations as messaging
from entremise.messaging.models import Incoming, Task

TASKS, MESSAGES = "tasks", "messages"
State = Literal["waiting", "done"]


class TaskTold(Told):
    """Something a human must look at. about, about_id: what it concerns. params: values of its kind."""

    id: UUID
    kind: str
    person: Someone | None
    about: str
    about_id: UUID | None
    params: dict[str, Any]
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    outcome: str


class Tasks(Told):
    """A page of tasks; next: the cursor of the page after, null on the last."""

    rows: list[TaskTold]
    next: str | None


class Outcome(Given):
    """What came of it, in a few words."""

    outcome: Reason = ""


class Read(Given):
    """What was done about it, in a word or two."""

    outcome: Word = ""


class MessageTold(Told):
    """A message that came in. meaning and outcome: what was understood and done; empty while it waits."""

    id: UUID
    channel: Literal["text", "email", "post", "voice"]
    sender: str
    person: Someone | None
    text: str
    received_at: datetime
    meaning: str
    outcome: str
    handled_at: datetime | None


class Messages(Told):
    """A page of messages; next: the cursor of the page after, null on the last."""

    rows: list[MessageTold]
    next: str | None


class NewCall(Given):
    """A telephone call that ended without a request. call_back: somebody is asked to call again."""

    person: Id | None = None
    name: Title = ""
    phone: Word = ""
    outcome: Literal["call_back", "question", "nothing", "wrong_number"]
    note: Note = ""


class CallTold(Told):
    """A call that was noted."""

    id: UUID
    person: UUID | None
    outcome: str
    started_at: datetime


@asks("/tasks", "tasks:read", answer=Tasks, summary="Tasks, the latest first")
def list_tasks(request: HttpRequest, state: State = "waiting", cursor: Cursor = "", limit: Limit = PAGE) -> Tasks:
    """For staff."""
    only(request, *STAFF)
    rows = listed.tasks(done=state == "done", before=pages.before(cursor, of=TASKS), limit=limit)
    page, following = pages.split(rows, limit=limit, of=TASKS)
    return Tasks(rows=[_task(one) for one in page], next=following)


@tells("/tasks/{task}/completion", "tasks:write", answer=TaskTold, summary="A human has looked")
def complete_task(request: HttpRequest, task: Named, body: Outcome) -> TaskTold:
    only(request, *STAFF)
    row = found(listed.task(task=task))
    return _task(messaging.finish_task(act=act_of(request), task=row, outcome=body.outcome or "done"))


@asks("/messages", "tasks:read", answer=Messages, summary="Messages that came in, the latest first")
def list_messages(request: HttpRequest, state: State = "waiting", cursor: Cursor = "", limit: Limit = PAGE) -> Messages:
    """For staff. waiting: nobody has understood them yet."""
    only(request, *STAFF)
    rows = listed.messages(handled=state == "done", before=pages.before(cursor, of=MESSAGES), limit=limit)
    page, following = pages.split(rows, limit=limit, of=MESSAGES)
    return Messages(rows=[_message(one) for one in page], next=following)


@tells("/messages/{message}/reading", "tasks:write", answer=MessageTold, summary="Somebody has read it")
def handle_message(request: HttpRequest, message: Named, body: Read) -> MessageTold:
    only(request, *STAFF)
    row = found(listed.message(message=message))
    return _message(calls.read_message(act=act_of(request), incoming=row, outcome=body.outcome or "done"))


@tells("/calls", "tasks:write", answer=CallTold, summary="Note a call that ended without a request")
def log_call(request: HttpRequest, body: NewCall) -> CallTold:
    only(request, *STAFF)
    act = act_of(request)
    known = found(persons.person(person=body.person)) if body.person else None
    caller = calls.Caller(known, body.name, parse_phone(body.phone) if body.phone.strip() else "")
    acting = act.for_person(known.id) if known else act
    row = calls.log_only(act=acting, started_at=act.at, caller=caller, outcome=body.outcome, note=body.note)
    return CallTold.drawn(row, person=row.person_id)


def _task(row: Task) -> TaskTold:
    return TaskTold.drawn(row, person=Someone.of(row.person) if row.person else None)


def _message(row: Incoming) -> MessageTold:
    return MessageTold.drawn(row, person=Someone.of(row.person) if row.person else None)
