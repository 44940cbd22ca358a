"""Why no money is paid out, for the pages where it would be."""

from dataclasses import dataclass
from datetime import datetime

from entremise.doors.frame.words_proof import problem
from entremise.ledger.queries import payouts_stopped
from entremise.ledger.rules import Problem


@dataclass(frozen=True)
class Stopped:
    """since: when a proof first found something. at: when the latest did. more: problems that are not named here."""

    since: datetime
    at: datetime
    problems: list[str]
    more: int


def stopped() -> Stopped | None:
    stop = payouts_stopped()
    if stop is None:
        return None
    named = [problem(Problem(**one)) for one in stop.latest.found]
    return Stopped(stop.since, stop.latest.at, named, stop.latest.count - len(named))
