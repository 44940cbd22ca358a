"""What a worker or a client sees of their own jobs. A constant number of queries, whatever they did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from entremise.agreements.models import Agreement, Party, Promise, Signature
from entremise.agreements.queries import opinions_asked, parties_of
from entremise.figures import queries as figures
from entremise.figures.rules import FigureTable
from entremise.jobs.models import Mission, Request, SupplierQuote, Worker
from entremise.jobs.queries.crowd import point_of
from entremise.jobs.queries.desk import Visit, with_hours
from entremise.jobs.queries.quotes import first_visit, open_quotes_of, own_offers, splits_of, to_answer
from entremise.jobs.rules.need import Travel, minutes_between
from entremise.jobs.rules.quotes import QuoteSplit
from entremise.kernel.money import for_minutes, share
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period, Window
from entremise.market.models import Listing, Proposal
from entremise.market.rules import WAITING
from entremise.settlement import queries as settlement
from entremise.settlement.models import Payslip
from entremise.settlement.queries import OpenInvoice
from entremise.settlement.rules.employer import employer
from entremise.settlement.rules.payroll_fr import PayInput, payslip

COMING = ("agreed", "ready")
LATER = 6
WEEKS_A_YEAR, MONTHS_A_YEAR = 52, 12


@dataclass(frozen=True)
class Trip:
    """How somebody gets to a job. minutes: None when one of the two places is not known."""

    mode: Travel
    minutes: int | None


@dataclass(frozen=True)
class Coming:
    mission: Mission
    trip: Trip


@dataclass(frozen=True)
class Offer:
    """A proposal to answer. gross: cents of one visit, holiday included. own: at their own price, where they name it.
    sent: the quote that waits for the client.
    """

    proposal: Proposal
    request: Request
    gross: int
    trip: Trip
    own: QuoteSplit | None = None
    sent: SupplierQuote | None = None


@dataclass(frozen=True)
class PayEstimate:
    """A month so far. minutes: written down; wanted: minutes a month; cents. net: about what reaches the account, None
    when it cannot be worked out yet."""

    minutes: int
    wanted: int
    gross: int
    net: int | None


@dataclass(frozen=True)
class WorkerHome:
    next: Coming | None
    later: list[Mission]
    offers: list[Offer]
    to_log: list[Mission]
    to_sign: list[Agreement]
    pay: PayEstimate
    opinions: int


@dataclass(frozen=True)
class Paper:
    """promises: kind → minutes of work, or cents an hour."""

    agreement: Agreement
    mine: Party
    parties: list[Party]
    promises: dict[str, int]

    @property
    def signed(self) -> bool:
        return bool(self.mine.signatures.all())


@dataclass(frozen=True)
class QuoteToAnswer:
    """starts: the first of its visits."""

    quote: SupplierQuote
    split: QuoteSplit
    starts: datetime


@dataclass(frozen=True)
class ClientHome:
    """searching: requests that nobody said yes to yet. owed: cents. opinions: visits that wait for their word."""

    visits: list[Mission]
    searching: list[Request]
    to_confirm: list[Visit]
    disputed: list[Visit]
    to_sign: list[Agreement]
    owed: int
    opinions: int
    quotes: list[QuoteToAnswer]


def worker_home(*, worker: UUID, at: datetime, month: Window) -> WorkerHome:
    """month: the current one, in the organisation's own time."""
    profile = Worker.objects.select_related("person").filter(person_id=worker).first()
    coming = list(
        _missions().filter(worker_id=worker, state__in=COMING, ends_at__gte=at).order_by("starts_at")[: LATER + 1]
    )
    first, table = (coming[0] if coming else None), figures.table()
    return WorkerHome(
        next=Coming(first, _trip(profile, first.request.listing)) if first else None,
        later=coming[1:],
        offers=_offers(worker, profile, table),
        to_log=_to_log(worker, at),
        to_sign=to_sign(person=worker),
        pay=_estimate(worker, profile, month, table),
        opinions=opinions_asked(writer=worker, at=at),
    )


def worker_hours(*, worker: UUID, at: datetime, limit: int = 30) -> tuple[list[Mission], list[Visit]]:
    """What is still to write down, and what was, the latest first."""
    done = _missions().filter(worker_id=worker, state__in=["worked", "confirmed"]).order_by("-starts_at", "-id")
    return _to_log(worker, at), with_hours(done[:limit])


def worker_pay(*, worker: UUID, month: Window) -> tuple[PayEstimate, list[Payslip]]:
    profile = Worker.objects.filter(person_id=worker).first()
    return _estimate(worker, profile, month, figures.table()), settlement.payslips_of(worker=worker)


def client_home(*, client: UUID, at: datetime) -> ClientHome:
    visits = _missions().filter(client_id=client, state__in=COMING, ends_at__gte=at).order_by("starts_at")
    searching = Request.objects.filter(client_id=client, state__in=["open", "proposed"])
    worked = with_hours(_missions().filter(client_id=client, state="worked").order_by("starts_at")[:20])
    return ClientHome(
        visits=list(visits[:LATER]),
        searching=list(searching.select_related("listing", "activity").order_by("listing__starts_at", "id")[:LATER]),
        to_confirm=[visit for visit in worked if not visit.answer],
        disputed=[visit for visit in worked if visit.differs],
        to_sign=to_sign(person=client),
        owed=settlement.owed_by(client=client),
        opinions=opinions_asked(writer=client, at=at),
        quotes=quotes_to_answer(client=client),
    )


def quotes_to_answer(*, client: UUID) -> list[QuoteToAnswer]:
    """In the order they came. Three queries."""
    waiting = to_answer(client=client)
    splits = splits_of(quotes=waiting) if waiting else {}
    return [QuoteToAnswer(quote, splits[quote.id], first_visit(quote)) for quote in waiting]


def client_money(*, client: UUID) -> tuple[int, list[OpenInvoice]]:
    """What is owed in all, in cents, and the invoices, the latest first."""
    return settlement.owed_by(client=client), settlement.invoices_of(client=client)


def to_sign(*, person: UUID) -> list[Agreement]:
    """Agreements that wait for this person's signature, the soonest start first."""
    unsigned = Party.objects.filter(
        ~Exists(Signature.objects.filter(party=OuterRef("id"))),
        agreement=OuterRef("id"),
        person_id=person,
        must_sign=True,
    )
    rows = Agreement.objects.filter(Exists(unsigned), state="drawn_up").select_related("listing")
    return list(rows.order_by("starts_on", "number"))


def paper_to_sign(*, agreement: UUID, person: UUID) -> Paper | None:
    """An agreement as one of its parties reads it; None for a stranger to it."""
    parties = parties_of(agreement=agreement)
    mine = next((party for party in parties if party.person_id == person), None)
    if mine is None:
        return None
    found = Agreement.objects.select_related("listing__place").get(id=agreement)
    promises = dict(Promise.objects.filter(agreement_id=agreement).values_list("kind", "quantity"))
    return Paper(found, mine, parties, promises)


def mission_of(*, mission: UUID, worker: UUID | None = None, client: UUID | None = None) -> Mission | None:
    """A mission of this worker, or at this client's; None for anybody else's."""
    rows = _missions().filter(id=mission)
    return (rows.filter(worker_id=worker) if worker else rows.filter(client_id=client)).first()


def goes_to(*, number: int, worker: UUID) -> bool:
    """Whether this worker has a visit of the request of this number to make, or hours of one to write down."""
    states = ["agreed", "ready", "worked"]
    return Mission.objects.filter(number=number, worker_id=worker, state__in=states).exists()


def _to_log(worker: UUID, at: datetime) -> list[Mission]:
    """Missions that have begun and whose hours nobody wrote down."""
    rows = _missions().filter(worker_id=worker, state__in=["ready", "no_show_client"], starts_at__lte=at)
    return list(rows.order_by("starts_at")[:10])


def _offers(worker: UUID, profile: Worker | None, table: FigureTable) -> list[Offer]:
    proposals = Proposal.objects.filter(person_id=worker, state__in=WAITING, listing__state="open")
    waiting = list(proposals.select_related("listing__place").order_by("offered_at"))
    requests = Request.objects.filter(listing__in=[p.listing_id for p in waiting]).select_related("activity")
    by_listing = {request.listing_id: request for request in requests}
    by_quote = [request for request in by_listing.values() if request.by_quote]
    sent = open_quotes_of(supplier=worker) if by_quote else {}
    own = own_offers(person=worker, requests=by_quote, on=waiting[0].offered_at.date()) if by_quote else {}
    return [
        Offer(
            p,
            found,
            _gross(found, found.minutes, table),
            _trip(profile, p.listing),
            own=own.get(found.id),
            sent=sent.get(p.id),
        )
        for p in waiting
        if (found := by_listing.get(p.listing_id))
    ]


def _trip(profile: Worker | None, listing: Listing) -> Trip:
    mode = Travel(profile.travel_mode) if profile else Travel.WALK
    here = point_of(profile.person.latitude, profile.person.longitude) if profile else None
    there = point_of(listing.latitude, listing.longitude)
    return Trip(mode, minutes_between(here, there, mode) if here and there else None)


def _estimate(worker: UUID, profile: Worker | None, month: Window, table: FigureTable) -> PayEstimate:
    rows = _missions().filter(worker_id=worker, state__in=["worked", "confirmed"])
    done = [
        visit for visit in with_hours(rows.filter(starts_at__gte=month.start, starts_at__lt=month.end)) if visit.logged
    ]
    minutes = sum(visit.logged or 0 for visit in done)
    gross = sum(_gross(visit.mission.request, visit.logged or 0, table) for visit in done)
    wanted = (profile.hours_wanted if profile else 0) * WEEKS_A_YEAR // MONTHS_A_YEAR
    return PayEstimate(minutes, wanted, gross, _net(done, Period.month_of(month.start.date()), table))


def _net(done: Sequence[Visit], month: Period, table: FigureTable) -> int | None:
    wages = [(visit.mission.request.hourly_wage, visit.logged or 0) for visit in done]
    return about_net(wages=wages, month=month, table=table) if wages else 0


def about_net(*, wages: Sequence[tuple[int, int]], month: Period, table: FigureTable) -> int | None:
    """About what reaches the account of (hourly gross in cents, minutes), as the payslip will work it out."""
    ours = employer(table, month.first)
    try:
        pay = payslip(
            PayInput(
                month=month,
                worked_minutes=sum(minutes for _, minutes in wages),
                hourly_gross=min(wage for wage, _ in wages),
                base_gross=sum(for_minutes(wage, minutes) for wage, minutes in wages),
                headcount_under_11=ours.under_11,
                headcount_under_50=ours.under_50,
                non_profit=ours.non_profit,
                fixed_term=True,
                short_contract=True,
            ),
            table,
        )
    except Refused:
        return None
    return pay.net_payable


def _gross(request: Request, minutes: int, table: FigureTable) -> int:
    """Gross wage of so many minutes, holiday included, in cents."""
    base = for_minutes(request.hourly_wage, minutes)
    return base + share(base, table.at("usage_contract_holiday_share", request.posted_at.date()))


def _missions() -> QuerySet[Mission]:
    return Mission.objects.select_related(
        "agreement", "request__listing__place", "request__activity", "worker", "client"
    )
