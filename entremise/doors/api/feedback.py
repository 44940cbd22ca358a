"""How a visit went, said by both and blind until both have spoken. No score is made of it, of anybody."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest
from pydantic import Field

from entremise.agreements import queries as agreed
from entremise.agreements.models import Feedback
from entremise.agreements.rules import LONGEST_WORDS
from entremise.doors.api.door import DESK, act_of, asks, found, only, tells, whose
from entremise.doors.api.told import Someone
from entremise.doors.api.types import Clean, Given, Named, Told, Truth
from entremise.jobs import operations as jobs
from entremise.jobs.queries import feedback as queries

READ = ("open", "contested", "kept")  # States in which the other side and staff read it.
Opinion = Literal["well", "fair", "badly"]
Plain = Annotated[Clean, Field(max_length=LONGEST_WORDS)]
Needed = Annotated[Clean, Field(min_length=1, max_length=LONGEST_WORDS)]


class FeedbackTold(Told):
    """What somebody said, or was asked to say. Sealed or withdrawn, it has no words. contest: why whom it is about
    wants it taken back, for themselves and the desk.
    """

    id: UUID
    mission: UUID
    writer: Someone
    about: Someone | None
    state: Literal["asked", "sealed", "lapsed", "open", "contested", "kept", "withdrawn"]
    answer: Literal["", Opinion]
    words: str
    reply: str
    contest: str
    decision: str
    opens_at: datetime


class FeedbackRows(Told):
    """What was asked and said."""

    rows: list[FeedbackTold]


class NewFeedback(Given):
    """One of three answers, and words if they wish. of_us: what the same person says of the organisation."""

    answer: Opinion
    words: Plain = ""
    of_us: Opinion | None = None


class Answered(Given):
    """What whom it is about answers, or why they want it taken back."""

    words: Needed


class Decided(Given):
    """Whether it stays, and why, for both."""

    keep: Truth
    reason: Needed


@asks("/feedback", "missions:read", answer=FeedbackRows, summary="What this person may say, and may read")
def list_feedback(request: HttpRequest) -> FeedbackRows:
    act = act_of(request)
    seen = queries.mine(person=found(act.by.person), at=act.at)
    rows = {one.feedback.id: one.feedback for one in (*seen.to_give, *seen.read)}
    return FeedbackRows(rows=[_told(request, one) for one in rows.values()])


@asks("/missions/{mission}/feedback", "missions:read", answer=FeedbackRows, summary="How one visit went")
def read_feedback(request: HttpRequest, mission: Named) -> FeedbackRows:
    """For whoever works at the desk."""
    only(request, *DESK)
    return FeedbackRows(rows=[_told(request, one) for one in found(queries.on_mission(mission=mission)).rows])


@tells("/feedback/{feedback}/answer", "missions:write", answer=FeedbackTold, summary="Say how it went")
def give_feedback(request: HttpRequest, feedback: Named, body: NewFeedback) -> FeedbackTold:
    """Said once; it opens when the other side has spoken too, or when the time is over."""
    row = _row(request, feedback)
    jobs.give_feedback(
        act=act_of(request).for_person(row.writer_id),
        mission=queries.mission_of(feedback=row),
        feedback=row,
        answer=body.answer,
        words=body.words,
        of_us=body.of_us or "",
    )
    return _told(request, row)


@tells("/feedback/{feedback}/reply", "missions:write", answer=FeedbackTold, summary="Whom it is about replies, once")
def reply_to_feedback(request: HttpRequest, feedback: Named, body: Answered) -> FeedbackTold:
    row = _row(request, feedback)
    act = act_of(request).for_person(found(row.about_id))
    return _told(request, jobs.reply_to_feedback(act=act, feedback=row, words=body.words))


@tells(
    "/feedback/{feedback}/contestation", "missions:write", answer=FeedbackTold, summary="Ask for it to be taken back"
)
def contest_feedback(request: HttpRequest, feedback: Named, body: Answered) -> FeedbackTold:
    """A person at the desk hears both."""
    row = _row(request, feedback)
    act, mission = act_of(request).for_person(found(row.about_id)), queries.mission_of(feedback=row)
    return _told(request, jobs.contest_feedback(act=act, mission=mission, feedback=row, words=body.words))


@tells("/feedback/{feedback}/decision", "missions:write", answer=FeedbackTold, summary="Keep it or withdraw it")
def decide_feedback(request: HttpRequest, feedback: Named, body: Decided) -> FeedbackTold:
    """Staff, after both were heard."""
    row = _row(request, feedback)
    return _told(request, jobs.decide_feedback(act=act_of(request), feedback=row, keep=body.keep, reason=body.reason))


def _row(request: HttpRequest, feedback: UUID) -> Feedback:
    """Staff reach what people said of each other; others what they were asked, and what they may read of themselves."""
    row, mine = agreed.feedback(feedback=feedback), whose(request, *DESK)
    theirs = row and (mine in (None, row.writer_id) or (mine == row.about_id and row.state in READ))
    return found(row if row and row.about_id and theirs else None)


def _told(request: HttpRequest, row: Feedback) -> FeedbackTold:
    own = row.writer_id == act_of(request).by.person and row.state != "withdrawn"
    hidden = {} if own or row.state in READ else {"answer": "", "words": "", "reply": ""}
    if whose(request, *DESK) not in (None, row.about_id):
        hidden["contest"] = ""
    return FeedbackTold.drawn(
        row,
        mission=row.occasion,
        writer=Someone.of(row.writer),
        about=Someone.of(row.about) if row.about else None,
        **hidden,
    )
