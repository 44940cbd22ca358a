"""Remind those who are late, in three tones, until a human says stop."""

from datetime import date

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.models import Letter, Task
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, Pause
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.owed import dues
from entremise.settlement.queries.reminders import TEMPLATES, Late, late, to_remind, words_in_reminder
from entremise.settlement.rules.reminders import FIRM, PAUSE

MEANT = "firm_reminder"


def remind(*, act: Act, invoice: Invoice, cards: bool = False) -> Letter | Task | None:
    """What the clock does for a late invoice: the letter of its day; a task for the firm one, which a person reads
    first; None when it is no longer time. cards: whether somebody can pay by card.
    """
    require(act, Verb.REMINDERS_SEND)
    wait_for(people=[invoice.client_id])
    one = next(iter(to_remind(on=today(act), only=[invoice.id])), None)
    if one is None or one.step is None:
        return None
    if one.step.tone != FIRM:
        return _write(act, one, one.step.tone, cards)
    return messaging.add_task(
        act=act,
        kind=MEANT,
        key=f"firm:{invoice.id}",
        person=one.invoice.client,
        about="invoice",
        about_id=invoice.id,
        params={"invoice": invoice.number, "amount": one.due},
    )


def drop_reminders(*, act: Act) -> int:
    """Whoever was to read a firm reminder before it leaves need not once the invoice is paid; returns how many."""
    require(act, Verb.REMINDERS_SEND)
    asked = Task.objects.filter(kind=MEANT, done_at__isnull=True).values_list("about_id", flat=True)
    due = dues(invoices=list(Invoice.objects.filter(id__in=list(asked))))
    paid = [invoice for invoice, amount in due.items() if not amount]
    for invoice in paid:
        messaging.finish_tasks_about(act=act, about_id=invoice, outcome="done", kind=MEANT)
    return len(paid)


def send_reminder(*, act: Act, invoice: Invoice, tone: str, cards: bool = False) -> Letter:
    """A person sends the next reminder now. The same tone again is the same letter.

    Raises Refused("nothing_due"), ("reminder_too_early") before its day to pay is over, ("reminder_held") while it is
    paused or money is under way, ("not_now") for another tone than the next.
    """
    require(act, Verb.REMINDERS_SEND)
    if act.by.person is None:
        raise Refused("not_allowed", {"verb": Verb.REMINDERS_SEND.value})
    wait_for(people=[invoice.client_id])
    one = next(iter(late(on=today(act), only=[invoice.id])), None)
    if one is None:
        owed = dues(invoices=[invoice])[invoice.id]
        raise Refused("reminder_too_early" if owed else "nothing_due", {"number": invoice.number})
    same = next((letter for letter in one.sent if TEMPLATES[letter.template] == tone), None)
    if same:
        return same
    if one.step is None or one.step.tone != tone:
        raise Refused("not_now", {"thing": "reminder", "state": invoice.number, "verb": tone})
    if not one.may_send:
        raise Refused("reminder_held", {"number": invoice.number})
    return _write(act, one, tone, cards)


def pause_reminders(
    *, act: Act, client: Person, why: str, invoice: Invoice | None = None, note: str = "", until: date | None = None
) -> Pause:
    """No reminder leaves for this client, or this invoice, until a day (its last) or until told; what was written and
    has not left stays here. A call is logged with it; when the client says it themselves, somebody calls them.

    Said anew, it counts as said last; the same again changes nothing. Raises Refused("day_past") beside `until`.
    """
    require(act, Verb.REMINDERS_PAUSE, owner=client.id)
    if until and until < today(act):
        raise Refused("day_past", where="until")
    wait_for(people=[client.id])
    before = Pause.objects.filter(client=client, invoice=invoice, state="on").first()
    said = {"why": why, "until": until, "note": note.strip()[:300]}
    if before:
        if {name: getattr(before, name) for name in said} == said:
            return before
        _resume(act, before)
    state, fact = PAUSE.step("", "pause")
    pause = Pause.objects.create(
        client=client, invoice=invoice, state=state, said_at=act.at, said_by=act.by.person, **said
    )
    data = {"why": why, "until": until.isoformat() if until else "", "number": invoice.number if invoice else ""}
    record(act=act, type=fact, thing="pause", thing_id=pause.id, data=data)
    _hold_back(act, client, invoice)
    if act.by.person == client.id:
        _ask_to_call(act, pause)
    elif why == Pause.Why.CALL:
        call = messaging.log_call(act=act, person=client)
        messaging.end_call(act=act, call=call, outcome="question", note=note, about_id=pause.id)
    return pause


def resume_reminders(*, act: Act, pause: Pause) -> Pause:
    """Reminders may leave again, each in its turn. Said again, nothing changes."""
    require(act, Verb.REMINDERS_PAUSE)
    wait_for(people=[pause.client_id])
    pause.refresh_from_db(fields=["state"])
    return pause if pause.state == "over" else _resume(act, pause)


def _resume(act: Act, pause: Pause) -> Pause:
    pause.state, fact = PAUSE.step(pause.state, "resume")
    pause.ended_at, pause.ended_by = act.at, act.by.person
    pause.save(update_fields=["state", "ended_at", "ended_by"])
    record(act=act, type=fact, thing="pause", thing_id=pause.id)
    return pause


def _write(act: Act, one: Late, tone: str, cards: bool) -> Letter:
    invoice, template = one.invoice, f"reminder_{tone}"
    kept_back = Letter.objects.filter(about_id=invoice.id, template=template, state="cancelled").count()
    letter = messaging.queue(
        act=act,
        person=invoice.client,
        template=template,
        context=words_in_reminder(invoice=invoice, due=one.due, cards=cards),
        key=f"reminder:{invoice.id}:{tone}:{kept_back}",
        about="invoice",
        about_id=invoice.id,
    )
    data = {"number": invoice.number, "tone": tone, "amount": one.due}
    record(act=act, type="reminder_written", thing="invoice", thing_id=invoice.id, data=data)
    messaging.finish_tasks_about(act=act, about_id=invoice.id, outcome="done", kind=MEANT)
    return letter


def _hold_back(act: Act, client: Person, invoice: Invoice | None) -> None:
    waiting = Letter.objects.filter(person=client, template__in=list(TEMPLATES), state="queued")
    for key in (waiting.filter(about_id=invoice.id) if invoice else waiting).values_list("key", flat=True):
        messaging.recall(act=act, key=key)


def _ask_to_call(act: Act, pause: Pause) -> None:
    params = {"note": pause.note, **({"invoice": pause.invoice.number} if pause.invoice else {})}
    messaging.add_task(
        act=act,
        kind="money_talk",
        key=f"talk:{pause.id}",
        person=pause.client,
        about="pause",
        about_id=pause.id,
        params=params,
    )
