from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import models

from entremise.agreements.models import Agreement, Confirmation, Feedback, Fulfilment, Party, Promise
from entremise.agreements.rules import OPENED, WORK
from entremise.kernel.time import Period


@dataclass(frozen=True)
class DoneWork:
    """Hours that count: confirmed, presumed after silence, or settled by a human. Minutes; money per hour.

    kind: work, or why there was none; then the minutes are paid all the same, and due is what the client owes instead
    of their price.
    """

    fulfilment: UUID
    agreement: UUID
    number: str
    mode: str
    title: str
    occasion: UUID
    day: date
    minutes: int
    kind: str
    due: int | None
    term: Period  # Of the agreement.
    people: Mapping[str, UUID]  # Role → person.
    promises: Mapping[str, int]  # Kind → quantity.
    terms: Mapping[str, object]


@dataclass(frozen=True)
class OpenDifference:
    fulfilment: Fulfilment
    said: int


def agreement(*, agreement: UUID) -> Agreement:
    return Agreement.objects.select_related("listing").get(id=agreement)


def parties_of(*, agreement: UUID) -> list[Party]:
    """With their person, document and signature, the organisation first."""
    return list(
        Party.objects.filter(agreement_id=agreement)
        .select_related("person", "document")
        .prefetch_related("signatures")
        .order_by(models.F("person_id").asc(nulls_first=True), "id")
    )


def unsigned(*, limit: int = 200) -> list[Agreement]:
    """Drawn up and waiting for a signature, the soonest start first."""
    return list(Agreement.objects.filter(state="drawn_up").order_by("starts_on", "number")[:limit])


def bound_in(*, period: Period, person: UUID) -> list[UUID]:
    """The agreements of a person that some day of a period falls under."""
    theirs = Party.objects.filter(person_id=person, agreement__starts_on__lte=period.last)
    return list(theirs.filter(agreement__ends_on__gte=period.first).values_list("agreement_id", flat=True))


def current_fulfilment(*, occasion: UUID) -> Fulfilment | None:
    """The latest version of an occasion's hours."""
    replaced = models.Exists(Fulfilment.objects.filter(replaces=models.OuterRef("id")))
    return Fulfilment.objects.filter(~replaced, occasion=occasion).first()


def logged_minutes(*, occasions: Collection[UUID]) -> dict[UUID, int]:
    """The minutes of work that count now, by occasion; those without hours are left out. One query."""
    return dict(_current().filter(occasion__in=occasions, kind=WORK).values_list("occasion", "minutes"))


def confirmation_of(*, fulfilment: UUID) -> Confirmation | None:
    return Confirmation.objects.filter(fulfilment_id=fulfilment).first()


def unconfirmed(*, logged_before: datetime, limit: int = 500) -> list[Fulfilment]:
    """Hours that nobody answered for, logged before a moment."""
    return list(_current().filter(confirmations__isnull=True, at__lt=logged_before).select_related("agreement")[:limit])


def differences() -> list[OpenDifference]:
    """Hours on which worker and client do not agree and nobody has decided yet."""
    rows = _current().filter(confirmations__answer="differs").annotate(said=models.F("confirmations__minutes"))
    return [OpenDifference(row, row.said) for row in rows.select_related("agreement").order_by("day")]


def done_work(*, period: Period, person: UUID | None = None, forfeits: bool = False) -> list[DoneWork]:
    """What counts of the work done in a period, in the order it was done. Differences still open do not count.

    person: only what they are a party of. forfeits: with what is due for work that did not take place. Three queries
    whatever the number of rows.
    """
    answers = ["agreed", "silent", *(["terms"] if forfeits else [])]
    counted = _current().filter(day__range=(period.first, period.last), confirmations__answer__in=answers)
    counted = counted.filter(models.Q(minutes__gt=0) | models.Q(due__gt=0))
    if person:
        # Two queries rather than a join: a database that has not counted its rows yet would walk the whole month.
        counted = counted.filter(agreement__in=list(_bound(person)))
    rows = list(counted.select_related("agreement").order_by("day", "id"))
    agreements = {row.agreement_id for row in rows}
    people, promises = _people_of(agreements), promised_by(agreements=agreements)
    return [
        DoneWork(
            fulfilment=row.id,
            agreement=row.agreement_id,
            number=row.agreement.number,
            mode=row.agreement.mode,
            title=row.agreement.title,
            occasion=row.occasion,
            day=row.day,
            minutes=row.minutes,
            kind=row.kind,
            due=row.due,
            term=Period(row.agreement.starts_on, row.agreement.ends_on),
            people=people[row.agreement_id],
            promises=promises[row.agreement_id],
            terms=row.agreement.terms,
        )
        for row in rows
    ]


def promised_by(*, agreements: Collection[UUID]) -> dict[UUID, dict[str, int]]:
    """Agreement → kind → quantity. One query."""
    promises: dict[UUID, dict[str, int]] = defaultdict(dict)
    for promise in Promise.objects.filter(agreement_id__in=agreements):
        promises[promise.agreement_id][promise.kind] = promise.quantity
    return promises


def _people_of(agreements: Collection[UUID]) -> dict[UUID, dict[str, UUID]]:
    people: dict[UUID, dict[str, UUID]] = defaultdict(dict)
    for party in Party.objects.filter(agreement_id__in=agreements, person__isnull=False):
        if party.person_id:
            people[party.agreement_id][party.role] = party.person_id
    return people


def _bound(person: UUID) -> models.QuerySet[Party, UUID]:
    return Party.objects.filter(person_id=person).values_list("agreement_id", flat=True)


def _current() -> models.QuerySet[Fulfilment]:
    return Fulfilment.objects.filter(~models.Exists(Fulfilment.objects.filter(replaces=models.OuterRef("id"))))


def feedback(*, feedback: UUID) -> Feedback | None:
    return Feedback.objects.select_related("writer", "about", "agreement").filter(id=feedback).first()


def feedback_to_give(*, writer: UUID, at: datetime) -> list[Feedback]:
    """What somebody is asked and may still answer, the oldest first."""
    rows = _feedback().filter(writer_id=writer, state="asked", opens_at__gt=at)
    return list(rows.order_by("opens_at", "id"))


def opinions_asked(*, writer: UUID, at: datetime) -> int:
    """How many people somebody is asked about."""
    return Feedback.objects.filter(writer_id=writer, about__isnull=False, state="asked", opens_at__gt=at).count()


def feedback_read_by(*, person: UUID, limit: int = 40) -> list[Feedback]:
    """What somebody may read: their own words, and what is said of them once it is open. The latest first."""
    mine = models.Q(writer_id=person) & ~models.Q(state__in=["asked", "lapsed"])
    theirs = models.Q(about_id=person, state__in=OPENED)
    return list(_feedback().filter(mine | theirs, about__isnull=False).order_by("-opens_at", "id")[:limit])


def feedback_on_us(*, beside: Feedback) -> Feedback | None:
    """The question about the organisation that the same writer has not answered yet."""
    rows = _feedback().filter(occasion=beside.occasion, writer_id=beside.writer_id, about__isnull=True)
    return rows.filter(state="asked").first()


def feedback_on(*, occasion: UUID) -> list[Feedback]:
    """Between the parties, for staff: what is still sealed comes without its answer and words."""
    return [_sealed(row) for row in _feedback().filter(occasion=occasion, about__isnull=False).order_by("id")]


def feedback_asked_since(*, writer: UUID, about: UUID, since: datetime) -> bool:
    """Whether somebody was asked about somebody lately."""
    return Feedback.objects.filter(writer_id=writer, about_id=about, opens_at__gte=since).exists()


def feedback_due(*, at: datetime, limit: int = 500) -> list[Feedback]:
    """What opens or lapses because its time is over."""
    return list(_feedback().filter(state__in=["asked", "sealed"], opens_at__lte=at).order_by("opens_at", "id")[:limit])


def _sealed(row: Feedback) -> Feedback:
    if row.state not in OPENED:
        row.answer = row.words = ""
    return row


def _feedback() -> models.QuerySet[Feedback]:
    return Feedback.objects.select_related("writer", "about", "agreement")
