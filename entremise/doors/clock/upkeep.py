"""What comes due by itself: deadlines, silence, holds, days that are over."""

from datetime import UTC, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection

from entremise.agreements import queries as agreements
from entremise.agreements.models import Agreement, Feedback, Fulfilment
from entremise.doors.clock.watch import Watch, read, write
from entremise.figures import queries as figures
from entremise.history import operations as history
from entremise.jobs import operations as jobs
from entremise.jobs.models import Notice, Offer
from entremise.jobs.queries import offers
from entremise.jobs.queries.alerts import people_to_alert
from entremise.jobs.queries.desk import mission
from entremise.jobs.queries.notices import begun
from entremise.jobs.queries.seasons import Season, running_out
from entremise.kernel.act import Act
from entremise.kernel.clock import now
from entremise.ledger import operations as ledger
from entremise.ledger.queries import expired_holds
from entremise.market.models import Proposal
from entremise.market.queries import overdue_proposals
from entremise.messaging.models import Letter
from entremise.messaging.rules import QuietHours
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.tenancy.models import Organisation

ANSWERS_KEPT = timedelta(days=2)


def expire_proposals(watch: Watch, organisation: Organisation) -> int:
    """Nobody answered in time: somebody calls."""
    overdue = read(organisation, lambda: overdue_proposals(at=now()))

    def expire(proposal: Proposal) -> None:
        write(organisation, lambda act: jobs.expire(act=act, proposal=proposal))

    return watch.each(organisation, "expire", overdue, expire)


def turn_notices_over(watch: Watch, organisation: Organisation) -> int:
    """The visit of a notice has begun and nobody said yes: its next visit takes its place on the public list."""
    past = read(organisation, lambda: begun(at=now()))

    def turn(notice: Notice) -> None:
        write(organisation, lambda act: jobs.turn_over(act=act, notice=notice))

    return watch.each(organisation, "notices", past, turn)


def send_alerts(watch: Watch, organisation: Organisation) -> int:
    """What is new for saved searches, by day only: at night it would wait in a letter and miss the morning's jobs."""
    if QuietHours(ZoneInfo(organisation.timezone)).holds(now()):
        return 0
    searching = read(organisation, people_to_alert)
    sent: list[Letter] = []

    def send(person: Person) -> None:
        letter = write(organisation, lambda act: jobs.send_alert(act=act, person=person))
        sent.extend([letter] if letter else [])

    watch.each(organisation, "alert", searching, send)
    return len(sent)


def presume_silent_hours(watch: Watch, organisation: Organisation) -> int:
    """Hours count once the client has been silent for as long as the organisation waits."""
    patience = read(organisation, lambda: figures.table().at("hours.silence_days", now().date()))
    logged_before = now() - timedelta(days=float(patience))
    silent = read(organisation, lambda: agreements.unconfirmed(logged_before=logged_before))

    def presume(fulfilment: Fulfilment) -> None:
        visit = read(organisation, lambda: mission(mission=fulfilment.occasion))
        if visit:
            write(organisation, lambda act: jobs.presume_silent(act=act, mission=visit))

    return watch.each(organisation, "presume", silent, presume)


def open_feedback(watch: Watch, organisation: Organisation) -> int:
    """Nobody waits for ever for the other side's word."""
    due = read(organisation, lambda: agreements.feedback_due(at=now()))

    def open_(feedback: Feedback) -> None:
        visit = read(organisation, lambda: mission(mission=feedback.occasion))
        if visit:
            write(organisation, lambda act: jobs.open_feedback(act=act, mission=visit, feedback=feedback))

    return watch.each(organisation, "feedback", due, open_)


def remind_unsigned(watch: Watch, organisation: Organisation) -> int:
    """Nobody works before everybody has signed: the desk hears of it the day before."""
    tomorrow = now().astimezone(ZoneInfo(organisation.timezone)).date() + timedelta(days=1)
    soon = read(organisation, lambda: [one for one in agreements.unsigned() if one.starts_on <= tomorrow])

    def remind(agreement: Agreement) -> None:
        write(organisation, lambda act: jobs.remind_unsigned(act=act, agreement=agreement))

    return watch.each(organisation, "remind", soon, remind)


def remind_renewals(watch: Watch, organisation: Organisation) -> int:
    """A recurring job is agreed for a season: the desk hears in time that it runs out."""
    seasons = read(organisation, lambda: running_out(at=now()))

    def remind(season: Season) -> None:
        write(organisation, lambda act: jobs.remind_renewal(act=act, season=season))

    return watch.each(organisation, "renew", seasons, remind)


def forget_unsent_requests(watch: Watch, organisation: Organisation) -> int:
    """What somebody began on the web and never sent."""
    return watch.one(organisation, "unsent", None, lambda: write(organisation, lambda act: jobs.forget_unsent(act=act)))


def end_offers(watch: Watch, organisation: Organisation) -> int:
    """Offers whose last day has passed are taken down."""
    over = read(organisation, lambda: offers.over(at=now()))

    def end(offer: Offer) -> None:
        write(organisation, lambda act: jobs.end_offer(act=act, offer=offer))

    return watch.each(organisation, "end", over, end)


def release_holds(watch: Watch, organisation: Organisation) -> int:
    held = read(organisation, lambda: expired_holds(at=now()))

    def release(entry: UUID) -> None:
        write(organisation, lambda act: ledger.release(key=f"expired:{entry}", at=act.at, entry=entry))

    return watch.each(organisation, "release", held, release)


def fold_days(watch: Watch, organisation: Organisation) -> int:
    today = now().astimezone(UTC).date()
    return watch.one(organisation, "fold", today, lambda: write(organisation, lambda _: ledger.fold(today=today)))


def seal_days(watch: Watch, organisation: Organisation) -> int:
    """Put every folded day under seal, some of them at a time."""
    sealed: list[int] = []

    def seal() -> None:
        sealed.append(write(organisation, lambda _: ledger.seal()))

    while not watch.stop.is_set() and watch.one(organisation, "seal", organisation.id, seal) and sealed[-1]:
        continue
    return sum(sealed)


def chain_facts(watch: Watch, organisation: Organisation) -> int:
    """Bind every new fact into the organisation's chain, a batch at a time."""
    batches = 0
    while not watch.stop.is_set() and _chain_batch(watch, organisation):
        batches += 1
    return batches


def _chain_batch(watch: Watch, organisation: Organisation) -> bool:
    bound: list[int] = []
    watch.one(organisation, "chain", None, lambda: bound.append(write(organisation, lambda _: history.chain())))
    return bool(bound and bound[0])


def forget_expired(watch: Watch, organisation: Organisation) -> int:
    """Sessions, counted tries and uploads whose time is over. All organisations share them; again does no harm."""

    def forget(act: Act) -> None:
        Session.objects.filter(expire_date__lt=act.at).delete()
        if isinstance(store := caches["default"], DatabaseCache):
            before = connection.ops.adapt_datetimefield_value(act.at.replace(microsecond=0))
            table = connection.ops.quote_name(store._table)  # type: ignore[attr-defined]  # Left out of the stubs.
            with connection.cursor() as cursor:
                cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [before])

    return watch.one(organisation, "forget", None, lambda: write(organisation, forget))


def forget_answers(watch: Watch, organisation: Organisation) -> int:
    """What programs were answered is kept for as long as they may ask again."""
    gone: list[int] = []

    def forget(act: Act) -> None:
        gone.append(people.forget_answers(before=act.at - ANSWERS_KEPT))

    watch.one(organisation, "answers", None, lambda: write(organisation, forget))
    return sum(gone)
