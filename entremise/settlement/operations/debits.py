"""Collect what clients with a mandate owe: tell them first, then make the file."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import BankFile
from entremise.payments.operations import DebitPayment
from entremise.payments.rules import batches
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Approval, Debit
from entremise.settlement.operations.approving import Prepared, agreed
from entremise.settlement.operations.booking import book, wait_for, who_we_are
from entremise.settlement.queries.debits import (
    ToCollect,
    collection_day,
    earliest_collection,
    for_the_file,
    next_collection,
    to_announce,
)
from entremise.settlement.queries.orders import debits_to_order
from entremise.settlement.rules.books_fr import receipt_moves
from entremise.settlement.rules.runs import DEBIT
from entremise.tenancy.queries import here


@dataclass(frozen=True)
class Collected:
    """The file, None when nothing was left for one or it waits for an approval; what is in it, what was dropped."""

    file: BankFile | None
    ordered: list[Debit]
    dropped: list[Debit]
    approval: Approval | None = None


def announce_debits(*, act: Act, collect_on: date | None = None) -> list[Debit]:
    """Tell every client with a mandate what will be collected of them, and when: that day or, when their invoice is due
    later or banks are shut, the next that suits; an instalment on its own day. The first day possible unless given.

    Raises Refused("creditor_id_missing"), Refused("own_iban_missing"), Refused("debit_too_early") for a day before what
    was promised, or Refused("nothing_to_collect").
    """
    require(act, Verb.DEBITS_ORDER)
    legal = who_we_are()
    if not legal.iban:
        raise Refused("own_iban_missing")
    if not legal.creditor_id:  # Before anybody is told: the file could not be made.
        raise Refused("creditor_id_missing")
    on = today(act)
    first = earliest_collection(on=on)
    if collect_on and collect_on < first:
        raise Refused("debit_too_early", {"first": first}, where="collect_on")
    payments.lapse_mandates(act=act)
    wait_for(people=[one.invoice.client_id for one in to_announce(on=on)])
    ready = to_announce(on=on)
    if not ready:
        raise Refused("nothing_to_collect")
    return [_announce(act, one, collect_on or first, legal.creditor_id) for one in ready]


def drop_debit(*, act: Act, debit: Debit) -> Debit:
    """This one is not collected after all: a person said so, and nobody announces it again by itself."""
    require(act, Verb.DEBITS_ORDER)
    wait_for(people=[debit.invoice.client_id])
    debit.refresh_from_db(fields=["state"])
    return move(act, debit, "drop", reason="by_hand")


def collect_again(*, act: Act, debit: Debit) -> Debit:
    """A person has spoken with the client: what came back, or was dropped, may be announced again.

    Raises Refused("not_now") for one that did not come back.
    """
    require(act, Verb.DEBITS_ORDER)
    wait_for(people=[debit.invoice.client_id])
    debit.refresh_from_db(fields=["state", "again_at"])
    if debit.state not in ("dropped", "rejected", "returned"):
        raise Refused("not_now", {"thing": "debit", "state": debit.state, "verb": "collect again"})
    if debit.again_at is None:
        debit.again_at = act.at
        debit.save(update_fields=["again_at"])
        data = {"number": debit.invoice.number}
        record(act=act, type="debit_let_again", thing="debit", thing_id=debit.id, data=data)
    return debit


def order_debits(*, act: Act, seen: str | None = None) -> Collected:
    """Put what was announced, and is near, into one file, and hold the money until the bank says that it came.

    Never more than was announced or is still due; what was paid meanwhile, or has lost its mandate, is dropped.
    A day that the bank no longer takes becomes the next one that it does. Beyond the organisation's limit the file
    waits until a second person orders the same. seen: the digest of the preview that was looked at.
    Raises Refused("nothing_to_collect"), what the file needs, or what `approving.agreed` raises.
    """
    require(act, Verb.DEBITS_ORDER)
    on = today(act)
    wait_for(people=[one.invoice.client_id for one in for_the_file(on=on)])
    found = debits_to_order(on=on)
    if not found.rows and not found.dropped:
        raise Refused("nothing_to_collect")
    dropped = [move(act, one, "drop", reason=reason) for one, reason in found.dropped]
    if not found.rows:
        return Collected(None, [], dropped)
    approval = agreed(act=act, file=Prepared("debits", found.digest, len(found.rows), found.total, on, seen=seen))
    if approval:
        return Collected(None, [], dropped, approval)
    soonest = next_collection(on=on)
    for one, amount in found.rows:
        one.amount, one.collect_on = amount, max(one.collect_on, soonest)
    file = payments.make_debits_file(act=act, debits=[_payment(one) for one, _ in found.rows])
    names = batches(file.message_id, (one.collect_on for one, _ in found.rows))
    return Collected(file, [_order(act, one, file, names[one.collect_on]) for one, _ in found.rows], dropped)


def today(act: Act) -> date:
    return act.at.astimezone(ZoneInfo(here().timezone)).date()


def move(act: Act, debit: Debit, verb: str, *, reason: str = "", **changes: object) -> Debit:
    """Take one edge, and what changes with it. Whoever comes second gets Refused("not_now")."""
    before = debit.state
    state, fact = DEBIT.step(before, verb)
    values = {"state": state, "reason": reason[:35], **changes}
    if not Debit.objects.filter(id=debit.id, state=before).update(**values):
        raise Refused("not_now", {"thing": "debit", "state": before, "verb": verb})
    for name, value in values.items():
        setattr(debit, name, value)
    data = {"number": debit.invoice.number, "amount": debit.amount, "reason": debit.reason}
    record(act=act, type=fact, thing="debit", thing_id=debit.id, data=data)
    return debit


def _announce(act: Act, one: ToCollect, wanted: date, creditor_id: str) -> Debit:
    state, fact = DEBIT.step("", "announce")
    before = Debit.objects.filter(invoice=one.invoice).count()
    debit = Debit.objects.create(
        id=new_id(),
        invoice=one.invoice,
        mandate=one.mandate,
        reference=f"{one.invoice.number}-P{before + 1}",
        amount=one.due,
        collect_on=one.collect_on if one.instalment else collection_day(wanted=wanted, due_on=one.invoice.due_on),
        instalment=one.instalment,
        state=state,
        announced_at=act.at,
    )
    data = {"number": one.invoice.number, "amount": debit.amount}
    record(act=act, type=fact, thing="debit", thing_id=debit.id, data=data)
    messaging.queue(
        act=act,
        person=one.invoice.client,
        template="debit_announced",
        context={"debit": debit, "count": one.count, "creditor_id": creditor_id, "organisation": here()},
        key=f"debit:{debit.id}",
        about="debit",
        about_id=debit.id,
    )
    return debit


def _order(act: Act, debit: Debit, file: BankFile, batch: str) -> Debit:
    label = f"{debit.invoice.number}, {debit.invoice.client.full_name}"
    hold: UUID = book(
        act=act,
        key=f"debit:{debit.id}",
        on=today(act),
        cause="debit",
        cause_id=debit.invoice_id,
        moves=receipt_moves(debit.invoice.client_id, debit.amount, "debit", label),
        held=True,
    )
    amount, day = debit.amount, debit.collect_on
    return move(act, debit, "order", file=file, batch=batch, hold=hold, amount=amount, collect_on=day)


def _payment(debit: Debit) -> DebitPayment:
    return DebitPayment(
        mandate=debit.mandate,
        amount=debit.amount,
        end_to_end=debit.reference,
        text=f"Facture {debit.invoice.number}" + (f", échéance {debit.instalment.number}" if debit.instalment else ""),
        collect_on=debit.collect_on,
    )
