"""How the clock carries items: one transaction each, the failure of one never the failure of the next."""

import signal
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import FrameType
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog

from entremise.kernel.act import THE_CLOCK, Act, Door
from entremise.kernel.clock import now, told_in
from entremise.kernel.refused import Refused
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation

log = structlog.get_logger("entremise.clock")
T = TypeVar("T")

PATIENCE = timedelta(minutes=10)  # What failed for a reason of its own is not tried at every turn.
NOBODYS = UUID(int=0)  # For what all organisations share: a transaction wants a scope, and this one holds no rows.


def clock_act(organisation: Organisation | None = None) -> Act:
    zone = ZoneInfo(organisation.timezone) if organisation else ZoneInfo("UTC")
    return Act(by=THE_CLOCK, at=told_in(zone, now()), door=Door.CLOCK)


@dataclass
class Watch:
    """One clock on duty. stop: set to leave after the item in hand. put_off: (round, item) → when to look again."""

    stop: threading.Event = field(default_factory=threading.Event)
    put_off: dict[tuple[str, object], datetime] = field(default_factory=dict)
    failures: int = 0

    def each(self, organisation: Organisation, round_: str, items: Iterable[T], do: Callable[[T], object]) -> int:
        """Call `do` for every item that was not put off; returns how many went well. An item is known by `id`."""
        done = 0
        for item in items:
            if self.stop.is_set():
                break
            done += self.one(organisation, round_, getattr(item, "id", item), partial(do, item))
        return done

    def one(self, organisation: Organisation, round_: str, key: object, do: Callable[[], object]) -> bool:
        at = now()
        if self.put_off.get((round_, key), at) > at:
            return False
        try:
            do()
        except Refused as refused:  # Somebody was faster, or a rule came between: no bug, and nothing was written.
            log.info("refused", round=round_, organisation=organisation.slug, item=str(key), code=refused.code)
        except Exception:
            log.exception("failed", round=round_, organisation=organisation.slug, item=str(key))
            self.failures += 1
        else:
            self.put_off.pop((round_, key), None)
            return True
        self.put_off[round_, key] = at + PATIENCE
        return False

    def forget_the_past(self) -> None:
        at = now()
        self.put_off = {item: until for item, until in self.put_off.items() if until > at}

    def listen_for_the_end(self) -> None:
        """SIGTERM and SIGINT end the watch after the item in hand."""

        def end(number: int, frame: FrameType | None) -> None:
            self.stop.set()

        signal.signal(signal.SIGTERM, end)
        signal.signal(signal.SIGINT, end)


def read(organisation: Organisation, ask: Callable[[], T]) -> T:
    """The answer to a question, asked as a read door."""
    with scope.reading(organisation.id):
        return ask()


def write(organisation: Organisation, change: Callable[[Act], T]) -> T:
    """One change by the clock, in a transaction of its own."""
    with scope.writing(organisation.id):
        return change(clock_act(organisation))
