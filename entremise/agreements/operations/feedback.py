"""Feedback between the parties of an agreement, blind until both have spoken."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from entremise.agreements.models import Agreement, Feedback
from entremise.agreements.rules import FEEDBACK, LONGEST_WORDS, OPINIONS
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.models import Person


def ask_feedback(
    *,
    act: Act,
    agreement: Agreement,
    occasion: UUID,
    between: Sequence[tuple[Person, Person | None]],
    opens_at: datetime,
) -> list[Feedback]:
    """Ask each writer how it went with whom they met, None being the organisation itself.

    opens_at: when it opens even if somebody said nothing. Asked again of the same occasion, nothing is added.
    """
    Agreement.objects.select_for_update().get(id=agreement.id)
    if Feedback.objects.filter(occasion=occasion).exists():
        return []
    state, fact = FEEDBACK.step("", "ask")
    made = [
        Feedback.objects.create(
            agreement=agreement, occasion=occasion, writer=writer, about=about, state=state, opens_at=opens_at
        )
        for writer, about in between
    ]
    record(act=act, type=fact, thing="agreement", thing_id=agreement.id, data={"occasion": str(occasion)})
    return made


def give_feedback(*, act: Act, feedback: Feedback, answer: str, words: str = "") -> list[Feedback]:
    """One of OPINIONS, and words if they wish: said once. Returns what opened by it, when the other side had spoken;
    what is said of the organisation has no other side.

    Raises Refused("opinion_missing"), ("feedback_over") once the time for it has passed, ("not_now") a second time.
    """
    if answer not in OPINIONS:
        raise Refused("opinion_missing", where="answer")
    if act.at >= feedback.opens_at:
        raise Refused("feedback_over")
    said = {"answer": answer, "words": _short(words, "words"), "written_at": act.at}
    # Locked: of two who speak at the same moment, the second finds the first.
    Agreement.objects.select_for_update().get(id=feedback.agreement_id)
    _move(act, feedback, "give", said)
    if feedback.about_id is None:
        return [_open(act, feedback)]
    others = list(Feedback.objects.filter(occasion=feedback.occasion, about__isnull=False).exclude(id=feedback.id))
    if any(other.state == "asked" for other in others):
        return []
    return [_open(act, one) for one in (feedback, *others) if one.state == "sealed"]


def open_feedback(*, act: Act, feedback: Feedback) -> Feedback:
    """The time is over: what was said opens, what was not said lapses."""
    return _open(act, feedback) if feedback.state == "sealed" else _move(act, feedback, "lapse", {})


def reply_to_feedback(*, act: Act, feedback: Feedback, words: str) -> Feedback:
    """What whom it is about answers: once. Raises Refused("words_missing"), ("already_replied")."""
    if feedback.replied_at:
        raise Refused("already_replied")
    return _move(act, feedback, "reply", {"reply": _needed(words, "reply"), "replied_at": act.at}, replied_at=None)


def contest_feedback(*, act: Act, feedback: Feedback, words: str) -> Feedback:
    """Whom it is about wants it taken back, and says why: staff decide. Raises Refused("words_missing")."""
    return _move(act, feedback, "contest", {"contest": _needed(words, "contest"), "contested_at": act.at})


def decide_feedback(*, act: Act, feedback: Feedback, keep: bool, reason: str) -> Feedback:
    """Somebody heard both: it stays, or nobody reads it any more. Raises Refused("words_missing")."""
    said = {"decision": _needed(reason, "decision"), "decided_by": act.by.person, "decided_at": act.at}
    return _move(act, feedback, "keep" if keep else "withdraw", said)


def _open(act: Act, feedback: Feedback) -> Feedback:
    return _move(act, feedback, "open", {"opened_at": act.at})


def _move(act: Act, feedback: Feedback, verb: str, said: Mapping[str, object], **still: object) -> Feedback:
    """Take one edge; whoever comes second gets Refused("not_now"). Words stay out of history."""
    before = feedback.state
    state, fact = FEEDBACK.step(before, verb)
    changed = {"state": state, **said}
    if not Feedback.objects.filter(id=feedback.id, state=before, **still).update(**changed):
        raise Refused("not_now", {"thing": "feedback", "state": before, "verb": verb})
    for name, value in changed.items():
        setattr(feedback, name, value)
    record(act=act, type=fact, thing="feedback", thing_id=feedback.id, data={"occasion": str(feedback.occasion)})
    return feedback


def _needed(words: str, where: str) -> str:
    if not words.strip():
        raise Refused("words_missing", where=where)
    return _short(words, where)


def _short(words: str, where: str) -> str:
    if len(words.strip()) > LONGEST_WORDS:
        raise Refused("too_long", {"length": len(words.strip()), "most": LONGEST_WORDS}, where=where)
    return words.strip()
