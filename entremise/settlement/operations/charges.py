"""What is charged to the means that a client keeps: told first, with the amount and the day, then followed."""

from django.db.models import QuerySet

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.messaging.models import Letter
from entremise.payments import operations as payments
from entremise.payments.models import Intent, KeptMeans
from entremise.payments.operations import Change
from entremise.payments.rules.provider import Standing
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Charge
from entremise.settlement.operations.booking import wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.charges import ToTell, to_tell
from entremise.settlement.rules.charges import CHARGE
from entremise.tenancy.queries import here


def tell_charge(*, act: Act, one: ToTell) -> Charge:
    """Tell a client who chose so what will be charged to their means, and when. Never more is charged, nor earlier.

    Raises Refused("nothing_to_collect") when it is told already, or not to be charged any more.
    """
    require(act, Verb.PAYMENTS_ASK, owner=one.means.person_id)
    wait_for(people=[one.means.person_id])
    fresh = next((row for row in to_tell(on=today(act), client=one.means.person_id) if row.id == one.id), None)
    if fresh is None:
        raise Refused("nothing_to_collect")
    state, fact = CHARGE.step("", "tell")
    charge = Charge.objects.create(
        id=new_id(),
        client=fresh.means.person,
        means=fresh.means,
        invoice=fresh.invoice,
        instalment=fresh.instalment,
        deposit=fresh.deposit,
        amount=fresh.amount,
        collect_on=fresh.collect_on,
        state=state,
        told_at=act.at,
    )
    data = {"number": _number(charge), "amount": charge.amount}
    record(act=act, type=fact, thing="charge", thing_id=charge.id, data=data)
    _write(act, charge, "charge_told")
    return charge


def choose_means(*, act: Act, means: KeptMeans) -> KeptMeans:
    """Its owner wants what they owe to be charged to it; what they were told of another of theirs is told anew.
    Raises what `payments.pay_with` does.
    """
    payments.pay_with(act=act, means=means)
    others = Charge.objects.filter(client=means.person_id).exclude(means=means)
    drop_told(act, others, reason="replaced")
    return means


def stop_charging(*, act: Act, means: KeptMeans) -> KeptMeans:
    """Its owner, or the desk on their word: nothing more is charged to it, and nothing of what they were told of.
    What the provider has been asked for already still comes.
    """
    payments.pay_no_more(act=act, means=means)
    drop_told(act, Charge.objects.filter(means=means), reason="not_wanted")
    return means


def take_away(*, act: Act, means: KeptMeans) -> KeptMeans:
    """As `stop_charging`, and it is not kept any longer."""
    payments.remove_means(act=act, means=means)
    drop_told(act, Charge.objects.filter(means=means), reason="not_wanted")
    return means


def send_link(*, act: Act, person: Person) -> Letter:
    """Send somebody the way to the page on which they may keep a card or an account, while they are on the phone."""
    require(act, Verb.MANDATES_KEEP, owner=person.id)
    key = f"means:{person.id}:{act.at.isoformat()}"
    context = {"client": person, "organisation": here()}
    return messaging.queue(act=act, person=person, template="means_link", context=context, key=key)


def follow_charge(*, act: Act, intent: Intent, change: Change, standing: Standing | None) -> None:
    """What a look at a payment has found, for the charge that it is, if it is one."""
    require(act, Verb.PAYMENTS_CARRY)
    charge = _of(intent)
    if charge is None:
        return
    why = standing.why if standing else ""
    if intent.state == "needs_action":
        why = why or "authentication_required"
    if why and not charge.reason:
        charge.reason = why[:60]
        charge.save(update_fields=["reason"])
    if charge.state == "asked" and (change.taken > 0 or intent.state == "authorised"):
        step(act, charge, "take")
    if charge.state == "asked" and change.over:
        fail(act, charge)
    if charge.state == "taken" and change.contested > 0:  # They took it back: they are asked before anything else.
        step(act, charge, "return")
        payments.pay_no_more(act=act, means=charge.means, reason="contested")
        drop_told(act, Charge.objects.filter(means=charge.means), reason="not_wanted")


def step(act: Act, charge: Charge, verb: str, *, reason: str = "") -> None:
    """Take one edge; its client is locked."""
    charge.state, fact = CHARGE.step(charge.state, verb)
    charge.reason = reason[:60] or charge.reason
    charge.save()
    data = {"number": _number(charge), "amount": charge.amount, "reason": charge.reason}
    record(act=act, type=fact, thing="charge", thing_id=charge.id, data=data)


def fail(act: Act, charge: Charge, *, reason: str = "") -> None:
    """It is not taken and not tried again: its client is told how to pay, and somebody of the desk looks."""
    step(act, charge, "fail", reason=reason)
    _write(act, charge, "charge_failed")
    messaging.add_task(
        act=act,
        kind="charge_failed",
        key=f"charge:{charge.id}",
        person=charge.client,
        about="charge",
        about_id=charge.id,
        params={"what": charge.what, "amount": charge.amount, "why": charge.reason},
    )


def _of(intent: Intent) -> Charge | None:
    if intent.means_id is None:
        return None
    rows = Charge.objects.select_related("client", "means__person", "invoice", "instalment", "deposit__agreement")
    return rows.filter(intent=intent).first()


def drop_told(act: Act, charges: QuerySet[Charge], *, reason: str) -> None:
    """Of these, what was told and is not asked for yet is not charged; their clients are locked."""
    for charge in charges.filter(state="told").select_related("invoice", "deposit__agreement").order_by("id"):
        step(act, charge, "drop", reason=reason)


def _write(act: Act, charge: Charge, template: str) -> None:
    count = charge.instalment.plan.instalments.count() if charge.instalment else 0
    messaging.queue(
        act=act,
        person=charge.client,
        template=template,
        context={"charge": charge, "count": count, "organisation": here()},
        key=f"{template}:{charge.id}",
        about="charge",
        about_id=charge.id,
    )


def told_by(charge: Charge) -> str:
    """The key of the letter."""
    return f"charge_told:{charge.id}"


def _number(charge: Charge) -> str:
    if charge.invoice:
        return charge.invoice.number
    return charge.deposit.agreement.number if charge.deposit else ""
