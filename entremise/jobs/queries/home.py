from collections.abc import Sequence
from datetime import date

from entremise.jobs.models import Activity
from entremise.jobs.queries.prices import Quote, quote
from entremise.kernel.refused import Refused


def usual_quote(*, activities: Sequence[Activity], minutes: int, on: date) -> Quote | None:
    """The price of the first activity at home, to explain where each euro goes; None before any tariff is set."""
    for activity in activities:
        try:
            return quote(client=None, activity=activity, minutes=minutes, on=on)
        except Refused:
            continue
    return None
