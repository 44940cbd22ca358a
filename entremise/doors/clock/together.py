"""Group purchases when their time comes: they fill, shut, fail; what each household receives is written down, and who
is let go is told, a few households at a time.
"""

from zoneinfo import ZoneInfo

from entremise.buying import operations as buying
from entremise.buying import queries as bought
from entremise.buying.models import Parcel, Purchase
from entremise.buying.queries import Due
from entremise.campaigns.queries import to_move_on
from entremise.doors.clock.watch import Watch, read, write
from entremise.kernel.clock import now
from entremise.kernel.refused import Refused
from entremise.messaging.rules import QuietHours
from entremise.tenancy.models import Organisation


def move_on(watch: Watch, organisation: Organisation) -> int:
    """The deadline of each, in a transaction of its own."""

    def due() -> list[Purchase]:
        return bought.of_campaigns(campaigns=[one.id for one in to_move_on(at=now())])

    def move(purchase: Purchase) -> None:
        write(organisation, lambda act: buying.move_on(act=act, purchase=purchase))

    return watch.each(organisation, "campaigns", read(organisation, due), move)


def close(watch: Watch, organisation: Organisation) -> int:
    """Those that somebody decided to close: chunk by chunk what they had seen, computed once. Killed at any point, the
    next turn takes what is left.
    """

    def write_down(purchase: Purchase) -> None:
        seen = read(organisation, lambda: bought.preview(purchase=purchase))
        while not watch.stop.is_set():
            written = write(organisation, lambda act: buying.write_shares(act=act, purchase=purchase, found=seen))
            if not written or purchase.closed_at:
                break

    return watch.each(organisation, "close", read(organisation, bought.to_close), write_down)


def let_go(watch: Watch, organisation: Organisation) -> int:
    """One chunk of households of each that came to nothing; the next turn takes the next, also after a crash."""
    off = read(organisation, bought.to_let_go)

    def release(purchase: Purchase) -> None:
        write(organisation, lambda act: buying.let_go(act=act, purchase=purchase))

    return watch.each(organisation, "let_go", off, release)


# What a household has to know when what it wants each time could not be ordered.
TOLD = ("lot_taken", "not_enough", "over_budget", "does_not_help", "ceiling_too_low")


def place_standing(watch: Watch, organisation: Organisation) -> int:
    """What households want each time, once the next purchase of its series has opened."""

    def place(due: Due) -> None:
        standing, purchase = due.standing, due.purchase
        try:
            write(organisation, lambda act: buying.place_standing(act=act, standing=standing, purchase=purchase))
        except Refused as refused:
            if (code := refused.code) not in TOLD:
                raise
            write(
                organisation,
                lambda act: buying.miss_standing(act=act, standing=standing, purchase=purchase, why=code),
            )

    return watch.each(organisation, "standing", read(organisation, lambda: bought.to_place(at=now())), place)


def remind(watch: Watch, organisation: Organisation) -> int:
    """Who has not collected their parcel, by day, when its last day is near."""
    zone = ZoneInfo(organisation.timezone)
    if QuietHours(zone).holds(now()):
        return 0
    waiting = read(organisation, lambda: bought.to_remind(on=now().astimezone(zone).date()))

    def tell(parcel: Parcel) -> None:
        write(organisation, lambda act: buying.remind_parcel(act=act, parcel=parcel))

    return watch.each(organisation, "parcels", waiting, tell)


def finish(watch: Watch, organisation: Organisation) -> int:
    """Those of which the last parcel has come to its end."""
    over = read(organisation, bought.to_finish)

    def end(purchase: Purchase) -> None:
        write(organisation, lambda act: buying.finish_purchase(act=act, purchase=purchase))

    return watch.each(organisation, "purchases", over, end)
