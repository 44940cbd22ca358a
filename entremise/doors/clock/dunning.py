"""Reminders of what is late, each in its turn, by day: nobody is disturbed about money in the evening."""

from zoneinfo import ZoneInfo

from entremise.doors.clock.watch import Watch, read, write
from entremise.doors.frame.providers import takes_cards
from entremise.kernel.clock import now
from entremise.messaging.rules import QuietHours
from entremise.settlement import operations as settlement
from entremise.settlement.queries import Late, to_remind
from entremise.tenancy.models import Organisation


def remind_late(watch: Watch, organisation: Organisation) -> int:
    zone, cards = ZoneInfo(organisation.timezone), bool(takes_cards(organisation))
    if QuietHours(zone).holds(now()):
        return 0
    due = read(organisation, lambda: to_remind(on=now().astimezone(zone).date()))

    def remind(one: Late) -> None:
        write(organisation, lambda act: settlement.remind(act=act, invoice=one.invoice, cards=cards))

    return watch.each(organisation, "dun", due, remind)
