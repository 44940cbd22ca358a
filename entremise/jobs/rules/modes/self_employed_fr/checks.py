"""Nobody is employed: rests, hours, territory and dangerous work are the supplier's own affair. The organisation
answers for whom it brings: a business that the register knows, and somebody to pay when something breaks.
"""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from entremise.jobs.rules.limits import (
    Block,
    Limits,
    Papers,
    Site,
    Worker,
    already_begun,
    last_day,
    overlap,
    those,
    travel_time,
)
from entremise.jobs.rules.need import JobNeed


def site_blocks(need: JobNeed, site: Site, limits: Limits, zone: ZoneInfo, at: datetime) -> tuple[Block, ...]:
    return those(already_begun(need.window, at))


def person_blocks(need: JobNeed, worker: Worker, limits: Limits, zone: ZoneInfo) -> tuple[Block, ...]:
    day = last_day(need.window, zone)
    return (
        *business_papers(worker.papers, day),
        *those(
            stale_registration(worker.papers, day, limits),
            overlap(need.window, worker.engagements),
            travel_time(need, worker.engagements, worker.travel),
        ),
    )


def business_papers(papers: Papers, day: date) -> tuple[Block, ...]:
    """Seen in the register once, by somebody. Insurance is not the law for every trade: a reason may stand for it."""
    blocks = []
    if papers.registered_on is None:
        blocks.append(Block("registration_missing", {}))
    if not papers.insured:
        blocks.append(Block("insurance_missing", {}, waivable=True))
    elif papers.insured_until and papers.insured_until < day:
        blocks.append(Block("insurance_expired", {"on": papers.insured_until}, waivable=True))
    return tuple(blocks)


def stale_registration(papers: Papers, day: date, limits: Limits) -> Block | None:
    """A business may have closed since: C. trav. D8222-5 looks again every so many months."""
    seen = papers.registered_on
    if seen is None or seen + relativedelta(months=limits.vigilance_months) >= day:
        return None
    return Block("registration_old", {"on": seen}, waivable=True)
