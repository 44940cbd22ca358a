import os
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from entremise.doors.clock.management.commands import clock as clock_command
from entremise.tenancy.models import Organisation
from tests.conftest import TODAY
from tests.doors.desk.conftest import HOST, desk
from tests.jobs.conftest import hedge, karim, legal, nadege, odile, place

__all__ = ["HOST", "desk", "hedge", "karim", "legal", "nadege", "odile", "place"]

CLOCK = clock_command.Command  # Imported here, so that `Time` finds every module that reads the time.


class Time:
    """What the doors' clocks say. `to` moves on; `rounds` lets the organisation's clock go round once."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, spool: Path) -> None:
        self.monkeypatch, self.spool = monkeypatch, spool
        self.to(TODAY)

    def to(self, moment: datetime) -> None:
        self.now = moment
        for name, module in list(sys.modules.items()):
            if name.startswith("entremise.doors.") and "now" in vars(module):
                self.monkeypatch.setattr(module, "now", lambda: self.now)

    def rounds(self) -> None:
        call_command(CLOCK(), once=True)

    def texts_to(self, phone: str) -> list[str]:
        """Text messages in the modem's outbox for a number."""
        files = sorted((self.spool / "outbox").glob(f"OUT*_{phone}_*.txt"))
        return [file.read_bytes()[2:].decode("utf-16-be") for file in files]

    def text_from(self, phone: str, words: str) -> None:
        """The modem receives a message, and the clock goes round."""
        name = f"IN{self.now:%Y%m%d_%H%M%S}_{len(list((self.spool / 'read').iterdir())):02d}_{phone}_00.txt"
        file = self.spool / "inbox" / name
        file.write_text(words)
        os.utime(file, (self.now.timestamp(), self.now.timestamp()))
        self.to(self.now + timedelta(seconds=10))  # The modem may still be writing what is newer.
        self.rounds()


@pytest.fixture
def time(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, settings: object, organisation: Organisation
) -> Callable[[], Time]:
    settings.TEXT_SPOOL = str(tmp_path)  # type: ignore[attr-defined]  # pytest-django's settings.
    return Time(monkeypatch, tmp_path / organisation.slug)
