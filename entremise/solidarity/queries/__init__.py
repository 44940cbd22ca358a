"""Questions about funds, who decides, who was helped and what a year left."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, Sum

from entremise.documents.models import Document
from entremise.figures import queries as figures
from entremise.kernel.money import share
from entremise.kernel.time import Period
from entremise.ledger import queries as ledger
from entremise.payments.models import Intent
from entremise.settlement import queries as settled
from entremise.settlement.rules.books_fr import Move
from entremise.solidarity.models import Award, AwardPayment, Fund, FundYear, Gift, GiftAsked, Rules, Seat, Vote
from entremise.solidarity.rules import WAITING, Before, Limits, own_case
from entremise.solidarity.rules.books_fr import ORIGINS, Year, year_moves

CHUNK = 500


@dataclass(frozen=True)
class Balance:
    """Cents: free to be promised, and promised but not paid."""

    fund: Fund
    free: int
    promised: int


@dataclass(frozen=True)
class FundsYear:
    """A line of the statement of dedicated funds. promised: of what is carried, as of now. moves: what is posted."""

    fund: Fund
    account: str
    sums: Year
    promised: int

    @property
    def moves(self) -> list[Move]:
        return year_moves(self.fund.origin, self.sums, self.fund.name)


# Funds


def funds(*, open_only: bool = False) -> list[Balance]:
    """Every fund with what it holds. Two queries."""
    rows = Fund.objects.filter(closed_on=None) if open_only else Fund.objects.all()
    held = _held()
    return [Balance(one, *held.get(one.id, (0, 0))) for one in rows.order_by("closed_on", "name")]


def fund(*, fund: UUID) -> Fund | None:
    return Fund.objects.filter(id=fund).first()


def funds_to_give(*, on: date) -> list[Fund]:
    """Those that anybody may give to: open, to be used still, and made of what people give. The oldest first."""
    rows = Fund.objects.filter(Q(usable_until=None) | Q(usable_until__gte=on), closed_on=None, origin="public")
    return list(rows.order_by("opened_on", "id"))


def topup(*, on: date) -> tuple[Fund, int] | None:
    """What is offered to whoever pays an invoice: cents for a fund, the oldest that anybody may give to."""
    amount = int(figures.table().at("solidarity.topup", on) * 100)
    return next(((fund, amount) for fund in funds_to_give(on=on)), None) if amount > 0 else None


def gift_asked(*, intent: UUID) -> GiftAsked | None:
    """What somebody means to give with a payment."""
    return GiftAsked.objects.select_related("fund", "intent").filter(intent=intent).first()


def balance_of(*, fund: Fund) -> tuple[int, int]:
    """Cents of a fund that are free, and that are promised."""
    return _held().get(fund.id, (0, 0))


def _held() -> dict[UUID, tuple[int, int]]:
    codes = {origin.fund[0] for origin in ORIGINS.values()}
    return {
        holder: (-kept.posted - kept.pending_in, kept.pending_in)
        for holder, kept in ledger.bounded_by_holder(codes=codes).items()
    }


def gift(*, gift: UUID) -> Gift | None:
    return Gift.objects.select_related("fund", "asked__intent", "asked__fund").filter(id=gift).first()


def latest_gifts(*, limit: int = 30) -> list[Gift]:
    """Those that came in, newest first, each with what took it back."""
    rows = Gift.objects.filter(corrects=None).select_related("fund", "giver", "asked")
    rows = rows.prefetch_related("corrections", "asked__gifts")
    return list(rows.order_by("-received_on", "-id")[:limit])


def each_gift() -> Iterator[Gift]:
    return Gift.objects.select_related("fund", "giver").order_by("-received_on", "-id").iterator(chunk_size=CHUNK)


def commission_to_share(*, month: Period) -> int:
    """Cents of a month's commissions that go to a fund, by the organisation's own rate on its last day."""
    rate = figures.table().at("solidarity.commission_share", month.last)
    return share(max(0, settled.commissions(month=month.first)), rate)


# Who decides


def seats(*, on: date) -> list[Seat]:
    """Who sits on the committee on a day."""
    rows = Seat.objects.filter(since__lte=on).filter(Q(until=None) | Q(until__gte=on))
    return list(rows.select_related("person").order_by("person__family_name", "id"))


def seat(*, seat: UUID) -> Seat | None:
    return Seat.objects.select_related("person").filter(id=seat).first()


def seat_of(*, person: UUID, on: date) -> Seat | None:
    """Somebody's own seat, while they have one."""
    return next((one for one in seats(on=on) if one.person_id == person), None)


def to_vote(*, seat: Seat) -> list[Award]:
    """What this seat has not voted on yet, the longest first; never their own case or their household's."""
    said = Vote.objects.filter(seat=seat, award=OuterRef("id"), round=OuterRef("round"))
    rows = Award.objects.filter(~Exists(said), state__in=WAITING).select_related("person").order_by("asked_at")
    voter = seat.person
    return [one for one in rows if not own_case(voter.id, voter.household_id, one.person_id, one.person.household_id)]


def rules_in_force(*, on: date) -> Rules | None:
    rows = Rules.objects.filter(state="adopted", in_force_from__lte=on)
    return rows.order_by("-in_force_from", "-number").first()


def versions() -> list[Rules]:
    """Every version of the rules with its votes, newest first."""
    return list(Rules.objects.prefetch_related("votes__seat__person").order_by("-number"))


def version(*, number: int) -> Rules | None:
    return Rules.objects.filter(number=number).first()


def limits(*, version: Rules) -> Limits:
    return Limits(
        purposes=version.purposes,
        most_award=version.most_award,
        most_year=version.most_year,
        delegate_up_to=version.delegate_up_to,
        emergency_up_to=version.emergency_up_to,
        emergencies=version.emergencies,
    )


# Helps


def granted_before(*, person: UUID, year: int) -> Before:
    """What somebody was granted in a civil year; what was released again does not count."""
    rows = Award.objects.filter(person_id=person, decided_on__year=year, amount__gt=0)
    kept = rows.exclude(state="released").aggregate(total=Sum("amount"))["total"] or 0
    released = AwardPayment.objects.filter(award__in=rows.filter(state="released"), corrects=None)
    used = released.aggregate(total=Sum("amount"))["total"] or 0
    return Before(kept + used, rows.filter(decided_by="emergency").count())


def award(*, award: UUID) -> Award | None:
    """What somebody asked for; a price of their own is no request."""
    rows = Award.objects.exclude(decided_by="place").select_related("person__organisation", "fund", "rules")
    return (
        rows.prefetch_related("votes__seat__person", "payments__invoice", "payments__corrections")
        .filter(id=award)
        .first()
    )


def awards_waiting() -> list[Award]:
    """Those that wait for the committee, the longest first."""
    return list(Award.objects.filter(state__in=WAITING).select_related("person").order_by("asked_at"))


def awards_to_pay() -> list[Award]:
    """Those of which something is still to be paid."""
    rows = Award.objects.filter(state="granted").exclude(decided_by="place").select_related("person", "fund")
    return list(rows.order_by("decided_on", "id"))


def latest_awards(*, limit: int = 30) -> list[Award]:
    rows = Award.objects.exclude(state__in=(*WAITING, "granted")).exclude(decided_by="place")
    rows = rows.select_related("person", "fund")
    return list(rows.order_by("-asked_at")[:limit])


def awards_of(*, person: UUID) -> list[Award]:
    """Somebody's own, newest first."""
    return list(Award.objects.filter(person_id=person).exclude(decided_by="place").order_by("-asked_at")[:20])


def left_of(*, award: Award) -> int:
    """Cents of an award that are not paid yet; what came back later went to the fund."""
    paid = AwardPayment.objects.filter(award=award, corrects=None).aggregate(total=Sum("amount"))["total"] or 0
    return (award.amount or 0) - int(paid)


def payment(*, payment: UUID) -> AwardPayment | None:
    return AwardPayment.objects.select_related("award", "invoice__client").filter(id=payment).first()


# The year


def year(*, year: int) -> list[FundsYear]:
    """Every fund that held, took or gave anything until the end of a year. A constant number of queries."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    before, during = (
        _sums(Q(received_on__lt=first), Q(paid_on__lt=first)),
        _sums(Q(received_on__range=(first, last)), Q(paid_on__range=(first, last))),
    )
    held = _held()
    rows = []
    for one in Fund.objects.order_by("name"):
        earlier, now = before[one.id], during[one.id]
        sums = Year(earlier.carried, now.received, now.shared, now.used)
        if sums.opening or sums.received or sums.used:
            promised = held.get(one.id, (0, 0))[1]
            rows.append(FundsYear(one, ORIGINS[one.origin].fund[0], sums, promised))
    return rows


def statement_of(*, year: int) -> Document | None:
    """The statement of a year, once it is made."""
    made = FundYear.objects.select_related("document").filter(year=year).first()
    return made.document if made else None


def earlier_open(*, year: int) -> bool:
    """Whether a year before moved money and has no statement yet."""
    first = date(year, 1, 1)
    moved = {day.year for day in Gift.objects.filter(received_on__lt=first).dates("received_on", "year")}
    moved |= {day.year for day in AwardPayment.objects.filter(paid_on__lt=first).dates("paid_on", "year")}
    return bool(moved - set(FundYear.objects.filter(year__lt=year).values_list("year", flat=True)))


def _sums(given: Q, paid: Q) -> defaultdict[UUID, Year]:
    rows: defaultdict[UUID, Year] = defaultdict(lambda: Year(0, 0, 0, 0))
    used = dict(AwardPayment.objects.filter(paid).values_list("award__fund").annotate(total=Sum("amount")))
    shared = Sum("amount", filter=Q(kind="commission"))
    came = Gift.objects.filter(given).values_list("fund").annotate(total=Sum("amount"), shared=shared)
    received = {one: (total, part or 0) for one, total, part in came}
    for one in received.keys() | used.keys():
        total, part = received.get(one, (0, 0))
        rows[one] = Year(0, total, part, used.get(one, 0))
    return rows


def names_gift(*, intent: Intent) -> dict[str, str]:
    """As `settlement.queries.names_invoice`: its fund."""
    return {"fund": GiftAsked.objects.values_list("fund__name", flat=True).get(intent=intent)}
