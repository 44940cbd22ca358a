"""Agree with a client on instalments, keep them in mind, agree anew, give them up."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from uuid import UUID

from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.payments.queries import live_intent, mandates_of, paying_means
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Charge, Debit, Instalment, Invoice, Plan, PlanInvoice
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.charges import drop_told
from entremise.settlement.operations.debits import move, today
from entremise.settlement.queries.owed import dues
from entremise.settlement.queries.plans import Part, PlanSeen, limits, plan_running
from entremise.settlement.rules.charges import LIVE as CHARGED_SOON
from entremise.settlement.rules.plans import PLAN, Due, calendar
from entremise.tenancy.queries import here

ABOUT, MISSED = "plan", "instalment_missed"


def agree_plan(
    *,
    act: Act,
    client: Person,
    invoices: Sequence[Invoice],
    count: int,
    first_on: date,
    key: str,
    instead_of: UUID | None = None,
) -> Plan:
    """The client pays what is due of these invoices in `count` instalments, a month apart, without any charge.

    instead_of: the running plan that this one takes the place of, which is a person's doing. The same key again is the
    same plan. Raises Refused("nothing_to_spread"), ("plan_running") when another plan runs, ("debit_on_its_way"),
    ("payment_on_its_way"), and what `calendar` does.
    """
    require(act, Verb.PLANS_AGREE, owner=None if instead_of else client.id)
    wait_for(people=[client.id])
    same = Plan.objects.filter(key=key).first()
    if same:
        return same
    running = Plan.objects.filter(client=client, state="running").select_related("client").first()
    if (running.id if running else None) != instead_of:
        raise Refused("plan_running")
    due = {one: cents for one, cents in _due(client, invoices).items() if cents}
    if not due:
        raise Refused("nothing_to_spread", where="invoices")
    on = today(act)
    dates = calendar(sum(due.values()), count, first_on, agreed_on=on, limits=limits(on=on))
    if running:
        _drop_announced(act, running)
    _nothing_on_its_way(list(due))
    drop_told(act, Charge.objects.filter(invoice__in=due), reason="plan_changed")
    if running:
        _move(act, running, "replace")
    plan = _write_down(act, client, running, key, due, dates)
    _tell(act, plan, "plan_agreed", f"plan:{plan.id}")
    return plan


def cancel_plan(*, act: Act, plan: Plan, reason: str) -> Plan:
    """A person gives the plan up, with a reason: its invoices are due as before. Raises Refused("reason_needed")."""
    require(act, Verb.PLANS_AGREE)
    if not reason.strip():
        raise Refused("reason_needed", where="reason")
    wait_for(people=[plan.client_id])
    plan.refresh_from_db(fields=["state"])
    ended = _move(act, plan, "cancel", reason)
    _drop_announced(act, plan)
    return ended


def mind_plan(*, act: Act, plan: Plan) -> Plan:
    """What the clock does of a running plan: it ends when all is paid; a letter goes before each date; of a date that
    was missed, a gentle letter and a task, each once.
    """
    require(act, Verb.REMINDERS_SEND)
    wait_for(people=[plan.client_id])
    on = today(act)
    seen = plan_running(client=plan.client_id, on=on)
    if seen is None or seen.plan.id != plan.id:
        return plan
    if not seen.left:
        ended = _move(act, plan, "finish")
        _tell(act, ended, "plan_paid", f"plan-paid:{plan.id}")
        return ended
    if _collected(seen):
        return plan
    for part in seen.missed:
        _missed(act, seen, part)
    if not seen.missed:
        messaging.finish_tasks_about(act=act, about_id=plan.id, outcome="done", kind=MISSED)
        _remind_before(act, seen, on)
    return plan


def _collected(seen: PlanSeen) -> bool:
    """The next date is collected and the client was told; or it could not be, and a person speaks with them already."""
    part = seen.next
    mine = Debit.objects.filter(instalment__plan=seen.plan)
    back = mine.filter(instalment=part.instalment if part else None, state__in=["rejected", "returned"], again_at=None)
    charges = Charge.objects.filter(instalment__plan=seen.plan)
    failed = charges.filter(instalment=part.instalment if part else None, state__in=["failed", "returned"])
    by_file = mine.filter(state__in=["announced", "ordered"]).exists() or back.exists()
    return by_file or charges.filter(state__in=CHARGED_SOON).exists() or failed.exists()


def _drop_announced(act: Act, plan: Plan) -> None:
    """What was announced of a plan that is no more is not collected, and may be announced anew."""
    rows = Debit.objects.filter(instalment__plan=plan, state="announced").select_related("invoice")
    for debit in rows.order_by("id"):
        move(act, debit, "drop", reason="plan_changed")
    drop_told(act, Charge.objects.filter(instalment__plan=plan), reason="plan_changed")


def _remind_before(act: Act, seen: PlanSeen, on: date) -> None:
    """A few days before the next date; not when the plan itself was told that late."""
    if seen.next is None:
        return
    day = seen.next.instalment.due_on
    told_from = day - timedelta(days=int(figures.table().at("plan.notice_days", on)))
    if told_from <= on <= day and seen.plan.agreed_at.date() < told_from:
        _tell(act, seen.plan, "instalment_coming", f"instalment:{seen.next.instalment.id}", seen, seen.next)


def _due(client: Person, invoices: Sequence[Invoice]) -> dict[Invoice, int]:
    """What is due of these, of this client alone; the oldest first."""
    mine = sorted((one for one in invoices if one.client_id == client.id), key=lambda one: (one.due_on, one.number))
    due = dues(invoices=mine)
    return {one: due[one.id] for one in mine}


def _nothing_on_its_way(invoices: Sequence[Invoice]) -> None:
    debit = Debit.objects.filter(invoice__in=invoices, state__in=["announced", "ordered"]).first()
    if debit:
        raise Refused("debit_on_its_way", {"due": debit.amount})
    for invoice in invoices:
        intent = live_intent(about="invoice", about_id=invoice.id)
        if intent and (intent.means_id or intent.state in ("processing", "authorised")):
            raise Refused("payment_on_its_way", {"number": invoice.number})


def _write_down(
    act: Act, client: Person, before: Plan | None, key: str, due: Mapping[Invoice, int], dates: Sequence[Due]
) -> Plan:
    state, fact = PLAN.step("", "agree")
    plan = Plan.objects.create(
        client=client,
        replaces=before,
        state=state,
        how=act.door.value,
        key=key,
        agreed_at=act.at,
        agreed_by=act.by.person,
    )
    PlanInvoice.objects.bulk_create(PlanInvoice(plan=plan, invoice=one, due=cents) for one, cents in due.items())
    Instalment.objects.bulk_create(
        Instalment(plan=plan, number=number, due_on=row.on, amount=row.amount) for number, row in enumerate(dates, 1)
    )
    data = {"total": sum(due.values()), "count": len(dates), "numbers": [one.number for one in due]}
    record(act=act, type=fact, thing="plan", thing_id=plan.id, data=data)
    return plan


def _move(act: Act, plan: Plan, verb: str, reason: str = "") -> Plan:
    plan.state, fact = PLAN.step(plan.state, verb)
    plan.ended_at, plan.reason = act.at, reason.strip()[:200]
    plan.save(update_fields=["state", "ended_at", "reason"])
    record(act=act, type=fact, thing="plan", thing_id=plan.id)
    messaging.finish_tasks_about(act=act, about_id=plan.id, outcome="done")
    return plan


def _missed(act: Act, seen: PlanSeen, part: Part) -> None:
    key = f"missed:{part.instalment.id}"
    _tell(act, seen.plan, MISSED, key, seen, part)
    messaging.add_task(
        act=act,
        kind=MISSED,
        key=key,
        person=seen.plan.client,
        about=ABOUT,
        about_id=seen.plan.id,
        params={"invoice": seen.reference, "amount": part.left},
    )


def _tell(
    act: Act, plan: Plan, template: str, key: str, seen: PlanSeen | None = None, part: Part | None = None
) -> None:
    found = seen or plan_running(client=plan.client_id, on=today(act))
    messaging.queue(
        act=act,
        person=plan.client,
        template=template,
        context={
            "plan": plan,
            "seen": found,
            "part": part,
            "mandate": mandates_of(on=today(act), people=[plan.client_id]).get(plan.client_id),
            "by_means": bool(paying_means(person=plan.client_id)),
            "organisation": here(),
        },
        key=key,
        about=ABOUT,
        about_id=plan.id,
    )
