from collections import Counter
from zoneinfo import ZoneInfo

from django.db.models import Max

from entremise.agreements import operations as agreements
from entremise.agreements.queries import bound_in
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Invoice, Item, Payslip, Run, SupplierInvoice
from entremise.settlement.operations.invoicing import Relief, issue_invoice
from entremise.settlement.operations.paying import issue_payslip
from entremise.settlement.operations.supplying import issue_supplied
from entremise.settlement.queries import claims_of
from entremise.settlement.rules.claims import INVOICE, SUPPLIER
from entremise.settlement.rules.runs import ITEM, RUN
from entremise.tenancy.queries import here


def open_run(*, act: Act, month: Period) -> Run:
    """Start settling a month, or take it up again: one item for every document still to be made.

    Documents already made are never touched; work confirmed since gets a later pass. Raises Refused("month_to_come").
    """
    require(act, Verb.MONTHS_SETTLE)
    if act.at.astimezone(ZoneInfo(here().timezone)).date() <= month.last:
        raise Refused("month_to_come", {"last": month.last.isoformat()})
    state, fact = RUN.step("", "open")
    first = {"state": state, "started_at": act.at, "started_by": act.by.person}
    run, opened = Run.objects.select_for_update().get_or_create(month=month.first, defaults=first)
    if opened:
        record(act=act, type=fact, thing="run", thing_id=run.id, data={"month": month.label})
    waiting = set(run.items.exclude(state="done").values_list("kind", "person_id"))
    passes = {
        (kind, person): last
        for kind, person, last in run.items.values_list("kind", "person_id").annotate(last=Max("pass_number"))
    }
    new = [
        Item(
            run=run, kind=claim.kind, person_id=claim.person, pass_number=passes.get((claim.kind, claim.person), 0) + 1
        )
        for claim in claims_of(month=month)
        if (claim.kind, claim.person) not in waiting
    ]
    Item.objects.bulk_create(new)
    run.items.filter(state="blocked").update(state="to_do", reason="")
    if run.state == "finished" and (new or waiting):
        _move(act=act, run=run, verb="reopen")
    return run


def settle_item(
    *, act: Act, item: Item, relief: Relief | None = None
) -> Invoice | Payslip | list[SupplierInvoice] | None:
    """Make what an item is for, with numbers, entry and letters, all or nothing. None when somebody else just made it.

    relief: what a room above bears of an invoice.

    The state is taken by a conditional update before anything else, so that two processes never work on one item.
    Refusals come from what the document needs: "no_legal_identity", "figure_missing", what payroll refuses.
    """
    require(act, Verb.MONTHS_SETTLE)
    state, _ = ITEM.step("to_do", "settle")
    if not Item.objects.filter(id=item.id, state="to_do").update(state=state, done_at=act.at):
        return None
    month = Period.month_of(item.run.month)
    # What is read now is what is billed and paid: nobody waives or corrects it meanwhile.
    agreements.hold(agreements=bound_in(period=month, person=item.person_id))
    theirs = claims_of(month=month, person=item.person_id)
    claim = next((one for one in theirs if (one.kind, one.person) == (item.kind, item.person_id)), None)
    if claim is None:
        return None  # Everything it was for is on an earlier document.
    if item.kind == INVOICE:
        return issue_invoice(act=act, item=item, claim=claim, month=month, relief=relief)
    if item.kind == SUPPLIER:
        return issue_supplied(act=act, item=item, claim=claim, month=month)
    return issue_payslip(act=act, item=item, claim=claim, month=month)


def block_item(*, act: Act, item: Item, reason: str) -> None:
    """This document cannot be made as things are; the rest of the month goes on."""
    state, fact = ITEM.step("to_do", "block")
    if Item.objects.filter(id=item.id, state="to_do").update(state=state, reason=reason[:60]):
        data = {"kind": item.kind, "reason": reason[:60]}
        record(act=act, type=fact, thing="item", thing_id=item.id, data=data)


def finish_run(*, act: Act, run: Run) -> Run:
    """Nothing is left to do. Blocked items keep a run open to be taken up again, but do not hold this back."""
    run.refresh_from_db(from_queryset=Run.objects.select_for_update())
    if run.state == "finished" or run.items.filter(state="to_do").exists():
        return run
    counts = Counter(run.items.filter(state="done").values_list("kind", flat=True))
    return _move(act=act, run=run, verb="finish", data={"month": f"{run.month:%Y-%m}", **counts})


def _move(*, act: Act, run: Run, verb: str, data: dict[str, object] | None = None) -> Run:
    run.state, fact = RUN.step(run.state, verb)
    run.finished_at = act.at if run.state == "finished" else None
    run.save(update_fields=["state", "finished_at"])
    record(act=act, type=fact, thing="run", thing_id=run.id, data=data)
    return run
