"""Reminders of what is late and of instalments, by day: nobody is disturbed about money in the evening."""

from zoneinfo import ZoneInfo

from entremise.doors.clock.watch import Watch, read, write
from entremise.doors.frame.providers import takes_cards
from entremise.kernel.clock import now
from entremise.messaging.rules import QuietHours
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, Payer, Plan
from entremise.settlement.queries import payers_to_remind, running_plans, to_remind
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


def mind_vouchers(watch: Watch, organisation: Organisation) -> int:
    """Prepaid vouchers that are soon too old to be reimbursed."""
    write(organisation, lambda act: settlement.mind_vouchers(act=act))
    return 0
