"""Reminders, instalments, and what is charged to kept means: by day, nobody is disturbed about money in the evening."""

from zoneinfo import ZoneInfo

from entremise.doors.clock.watch import Watch, read, write
from entremise.doors.frame.providers import takes_cards
from entremise.kernel.clock import now
from entremise.messaging.rules import QuietHours
from entremise.settlement import operations as settlement
from entremise.settlement.models import Charge, Invoice, Payer, Plan
from entremise.settlement.queries import ToTell, charges_due, payers_to_remind, running_plans, to_remind, to_tell
from entremise.tenancy.models import Organisation


def remind_late(watch: Watch, organisation: Organisation) -> int:
    zone, cards = ZoneInfo(organisation.timezone), bool(takes_cards(organisation))
    if QuietHours(zone).holds(now()):
        return 0
    write(organisation, lambda act: settlement.drop_reminders(act=act))
    due = read(organisation, lambda: [one.invoice for one in to_remind(on=now().astimezone(zone).date())])

    def remind(invoice: Invoice) -> None:
        write(organisation, lambda act: settlement.remind(act=act, invoice=invoice, cards=cards))

    return watch.each(organisation, "dun", due, remind)


def mind_plans(watch: Watch, organisation: Organisation) -> int:
    """Before each date of a plan, after one that was missed, and when all is paid."""
    zone = ZoneInfo(organisation.timezone)
    if QuietHours(zone).holds(now()):
        return 0
    running = read(organisation, lambda: [one.plan for one in running_plans(on=now().astimezone(zone).date())])

    def mind(plan: Plan) -> None:
        write(organisation, lambda act: settlement.mind_plan(act=act, plan=plan))

    watch.each(organisation, "plans", running, mind)
    return 0  # Most have nothing to do: nobody waits for the round to be empty.


def remind_payers(watch: Watch, organisation: Organisation) -> int:
    """Bodies that pay for others and are late."""
    zone = ZoneInfo(organisation.timezone)
    if QuietHours(zone).holds(now()):
        return 0
    late = read(organisation, lambda: payers_to_remind(on=now().astimezone(zone).date()))

    def remind(payer: Payer) -> None:
        write(organisation, lambda act: settlement.remind_payer(act=act, payer=payer))

    return watch.each(organisation, "payers", late, remind)


def tell_charges(watch: Watch, organisation: Organisation) -> int:
    """Clients who let their kept means be charged are told what will be, and when."""
    zone = ZoneInfo(organisation.timezone)
    if QuietHours(zone).holds(now()):
        return 0
    coming = read(organisation, lambda: to_tell(on=now().astimezone(zone).date()))

    def tell(one: ToTell) -> None:
        write(organisation, lambda act: settlement.tell_charge(act=act, one=one))

    return watch.each(organisation, "tell", coming, tell)


def charge(watch: Watch, organisation: Organisation) -> int:
    """What they were told of, on its day."""
    zone = ZoneInfo(organisation.timezone)
    if QuietHours(zone).holds(now()):
        return 0
    due = read(organisation, lambda: charges_due(on=now().astimezone(zone).date()))

    def take(one: Charge) -> None:
        write(organisation, lambda act: settlement.charge_now(act=act, charge=one))

    return watch.each(organisation, "charge", due, take)


def mind_vouchers(watch: Watch, organisation: Organisation) -> int:
    """Prepaid vouchers that are soon too old to be reimbursed."""
    write(organisation, lambda act: settlement.mind_vouchers(act=act))
    return 0
