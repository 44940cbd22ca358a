from datetime import datetime, time, timedelta

from entremise.doors.frame.visit import Inside
from entremise.kernel.act import Door
from entremise.kernel.time import Period, Window


def this_month(request: Inside) -> Window:
    """The current month, in the organisation's own time."""
    zone = request.visit.zone
    month = Period.month_of(request.visit.act(Door.SITE).at.astimezone(zone).date())
    return Window(
        datetime.combine(month.first, time(), zone), datetime.combine(month.last + timedelta(days=1), time(), zone)
    )
