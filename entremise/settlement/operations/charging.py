"""The day has come: what a client was told of is charged to the means that they keep."""

from datetime import timedelta

from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.queries import has_reached
from entremise.payments import operations as payments
from entremise.payments.models import Intent
from entremise.payments.queries import live_intent, mandates_of
from entremise.payments.rules.means import LEAST
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Charge
from entremise.settlement.operations import deposits, online
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.charges import fail, step, told_by
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.debits import being_collected
from entremise.settlement.queries.owed import dues
from entremise.settlement.queries.reminders import paused_clients
from entremise.settlement.rules.charges import LATE


def charge_now(*, act: Act, charge: Charge) -> Charge:
    """Have the provider charge what was told, on its day: never more than that, or than is still due.

    What is paid, not wanted any more, or was told by a letter that has reached nobody is dropped, to be told anew if it
    is still due; a page that its client has open for it is closed first, for the next turn.
    Raises Refused("not_now") for what is charged or dropped already, or whose day has not come.
    """
    require(act, Verb.PAYMENTS_ASK, owner=charge.client_id)
    wait_for(people=[charge.client_id])
    charge.refresh_from_db(fields=["state", "reason"])
    charge.means.refresh_from_db()
    if charge.state != "told" or charge.collect_on > today(act):
        raise Refused("not_now", {"thing": "charge", "state": charge.state, "verb": "ask"})
    amount = min(charge.amount, _due(charge))
    why = _against(act, charge, amount)
    if why:
        step(act, charge, "drop", reason=why)
    elif charge.means.state != "kept":
        fail(act, charge, reason="means_gone")
    elif not _is_paying(act, charge):
        charge.intent = _ask(act, charge, amount)
        charge.amount = amount
        step(act, charge, "ask")
    return charge


def _due(charge: Charge) -> int:
    """Cents of it that are still to be paid, and are not on their way."""
    if charge.deposit:
        return charge.deposit.amount if charge.deposit.state == "asked" else 0
    if charge.invoice is None:
        return 0
    return max(0, dues(invoices=[charge.invoice])[charge.invoice.id] - being_collected(invoice=charge.invoice.id))


def _against(act: Act, charge: Charge, amount: int) -> str:
    """Why it is not charged after all, empty when nothing speaks against it."""
    on = today(act)
    reasons = (
        ("paid", amount < LEAST),
        ("too_late", on > charge.collect_on + timedelta(days=LATE)),
        ("untold", not has_reached(key=told_by(charge))),
        ("paused", bool(paused_clients(clients=[charge.client_id], on=on))),
        ("by_file", charge.client_id in mandates_of(on=on, people=[charge.client_id])),
        ("not_wanted", charge.means.state == "kept" and charge.means.pays_since is None),
    )
    return next((reason for reason, holds in reasons if holds), "")


def _is_paying(act: Act, charge: Charge) -> bool:
    """Whether its client is paying it on a page, or the provider has it in hand: an open page is closed."""
    about, thing = (deposits.ABOUT, charge.deposit_id) if charge.deposit_id else (online.ABOUT, charge.invoice_id)
    live = live_intent(about=about, about_id=thing) if thing else None
    if live and live.state not in ("processing", "authorised"):
        payments.instruct(act=act, intent=live, verb="let_go")
    return live is not None


def _ask(act: Act, charge: Charge, amount: int) -> Intent:
    means = charge.means
    if charge.deposit:
        said = {"text": charge.deposit.agreement.title}
        return deposits.ask_for(act, charge.deposit, means.provider, said, means)
    if charge.invoice is None:
        raise LookupError("neither an invoice nor a deposit")
    return online.ask_for(act, charge.invoice, means.provider, amount, {"text": charge.invoice.number}, means)
