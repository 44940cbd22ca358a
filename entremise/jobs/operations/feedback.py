"""How it went, said by both after the hours are confirmed."""

from datetime import timedelta

from entremise.agreements import operations as agreements
from entremise.agreements import queries as agreed
from entremise.agreements.models import Feedback
from entremise.figures import queries as figures
from entremise.jobs.models import Mission
from entremise.kernel.act import Act
from entremise.messaging import operations as messaging
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require


def ask_how_it_went(*, act: Act, mission: Mission) -> None:
    """Ask worker and client, each about the other and about us; not again within so many days of each other."""
    table, day = figures.table(), act.at.date()
    patience, every = (int(table.at(key, day)) for key in ("feedback.open_days", "feedback.every_days"))
    worker, client, opens_at = mission.worker, mission.client, act.at + timedelta(days=patience)
    since = opens_at - timedelta(days=every)
    if mission.agreement is None or agreed.feedback_asked_since(writer=client.id, about=worker.id, since=since):
        return
    between = ((worker, client), (client, worker), (worker, None), (client, None))
    made = agreements.ask_feedback(
        act=act, agreement=mission.agreement, occasion=mission.id, between=between, opens_at=opens_at
    )
    for one in made:
        if one.about:
            _write(act, mission, one.writer, one.about, "feedback_asked")


def give_feedback(
    *, act: Act, mission: Mission, feedback: Feedback, answer: str, words: str = "", of_us: str = ""
) -> Feedback:
    """One side's answer, by page, text or telephone. When it opens, whoever it is about hears of it.

    of_us: what the same person says of the organisation, when they were asked and say it.
    """
    require(act, Verb.FEEDBACK_GIVE, owner=feedback.writer_id)
    ours = agreed.feedback_on_us(beside=feedback) if of_us else None
    if ours:
        agreements.give_feedback(act=act, feedback=ours, answer=of_us)
    for one in agreements.give_feedback(act=act, feedback=feedback, answer=answer, words=words):
        _tell(act, mission, one)
    return feedback


def open_feedback(*, act: Act, mission: Mission, feedback: Feedback) -> Feedback:
    """Nobody waits longer for the other side."""
    require(act, Verb.FEEDBACK_OPEN)
    agreements.open_feedback(act=act, feedback=feedback)
    if feedback.state == "open":
        _tell(act, mission, feedback)
    return feedback


def reply_to_feedback(*, act: Act, feedback: Feedback, words: str) -> Feedback:
    """Whom it is about answers, once."""
    require(act, Verb.FEEDBACK_GIVE, owner=feedback.about_id)
    return agreements.reply_to_feedback(act=act, feedback=feedback, words=words)


def contest_feedback(*, act: Act, mission: Mission, feedback: Feedback, words: str) -> Feedback:
    """Whom it is about wants it taken back: a person at the desk hears both."""
    require(act, Verb.FEEDBACK_GIVE, owner=feedback.about_id)
    agreements.contest_feedback(act=act, feedback=feedback, words=words)
    messaging.add_task(
        act=act,
        kind="feedback_contested",
        key=f"feedback:{feedback.id}",
        person=feedback.about,
        about="feedback",
        about_id=feedback.id,
        params={"number": mission.number},
    )
    return feedback


def decide_feedback(*, act: Act, feedback: Feedback, keep: bool, reason: str) -> Feedback:
    """Staff keep or withdraw what was contested; both read why."""
    require(act, Verb.FEEDBACK_DECIDE)
    agreements.decide_feedback(act=act, feedback=feedback, keep=keep, reason=reason)
    messaging.finish_tasks_about(act=act, about_id=feedback.id, outcome="done")
    return feedback


def _tell(act: Act, mission: Mission, feedback: Feedback) -> None:
    if feedback.about:
        _write(act, mission, feedback.about, feedback.writer, "feedback_open")


def _write(act: Act, mission: Mission, reader: Person, other: Person, template: str) -> None:
    messaging.queue(
        act=act,
        person=reader,
        template=template,
        context={
            "mission": mission,
            "listing": mission.request.listing,
            "organisation": mission.organisation,
            "other": other.given_name or other.called,
        },
        key=f"{template}:{mission.id}:{reader.id}",
        about="mission",
        about_id=mission.id,
    )
