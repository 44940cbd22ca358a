from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest

from entremise.doors.clock import letters, organisations, rounds, upkeep
from entremise.doors.clock import watch as watching
from entremise.doors.clock.watch import Watch
from entremise.tenancy import scope
from tests.drills.scenario import House, found

T = TypeVar("T")
MORNING = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # A Tuesday, out of the quiet hours.


@pytest.fixture
def time_is(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets the clock's clock."""

    def set_to(moment: datetime) -> None:
        for module in (letters, organisations, rounds, upkeep, watching):
            monkeypatch.setattr(module, "now", lambda: moment)

    set_to(MORNING)
    return set_to


@pytest.fixture
def house(db: None, time_is: Callable[[datetime], None]) -> House:
    return found(at=MORNING, clients=2, workers=2)


@pytest.fixture
def spool(settings, tmp_path: Path) -> Path:
    """The modem's folders of Le Pas de Porte; no mail server."""
    settings.TEXT_SPOOL = str(tmp_path)
    settings.SMTP_URL = ""
    return tmp_path / "pas-de-porte"


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def rows(house: House) -> Callable[[Callable[[], T]], T]:
    """Asks something of the house's rows: `rows(Letter.objects.count)`."""

    def ask(question: Callable[[], T]) -> T:
        with scope.reading(house.organisation.id):
            return question()

    return ask
