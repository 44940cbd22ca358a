from datetime import UTC, datetime
from uuid import UUID

from entremise.messaging.adapters.base import Outgoing

REFERENCE = UUID("01930b8e-7c00-7000-8000-00000000002a")


def outgoing(to, body="Bonjour", **more):
    values = {"subject": "", "reference": REFERENCE, "queued_at": datetime(2026, 11, 24, 10, 11, 12, tzinfo=UTC)}
    return Outgoing(to=to, body=body, **values | more)
