from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.core.management import CommandError, call_command

from entremise.doors.clock import settling
from entremise.doors.clock.settling import settle_open_runs
from entremise.doors.clock.watch import Watch, clock_act
from entremise.kernel.time import Period
from entremise.ledger.queries import verify
from entremise.messaging.models import Letter
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice, Payslip, Run
from entremise.tenancy import scope
from entremise.tenancy.models import LegalIdentity
from tests.drills.scenario import House, a_month_of_work, found

Rows = Callable[[Callable[[], object]], object]
OCTOBER = Period.month(2026, 10)


@pytest.fixture
def house(db: None, time_is: Callable[[datetime], None]) -> House:
    house = found(at=datetime(2026, 10, 1, 7, tzinfo=UTC), clients=2, workers=2)
    a_month_of_work(house, OCTOBER)
    return house


def settle(*more: str, month: str = "2026-10") -> None:
    call_command("settle", "--organisation=pas-de-porte", f"--month={month}", *more)


def counts(rows: Rows) -> list[int]:
    return rows(lambda: [model.objects.count() for model in (Invoice, Payslip, Letter)])


def test_a_month_settled_twice_gives_nothing_twice(
    house: House, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    settle()
    once = counts(rows)
    assert once[:2] == [2, 2]
    assert "2 factures" in capsys.readouterr().out
    settle()
    assert counts(rows) == once
    assert rows(verify) == []


def test_the_preview_shows_amounts_and_problems_and_writes_nothing(
    house: House, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    before = counts(rows)
    settle("--dry-run")
    assert counts(rows) == before
    assert rows(Run.objects.count) == 0
    shown = capsys.readouterr().out
    assert "Odile Marsan-A" in shown
    assert "98,00" in shown
    assert "2 factures" in shown


def test_a_month_that_is_not_over_is_refused(house: House) -> None:
    with pytest.raises(CommandError, match="Ce mois n’est pas terminé"):
        settle(month="2026-11")


def test_what_cannot_be_made_is_named_and_leaves_an_exit_code(
    house: House, rows: Rows, capsys: pytest.CaptureFixture[str]
) -> None:
    with scope.writing(house.organisation.id):
        LegalIdentity.objects.all().delete()
    with pytest.raises(CommandError, match="4 documents restent"):
        settle()
    assert "bloqué : Odile Marsan-A" in capsys.readouterr().out
    assert counts(rows)[:2] == [0, 0]


def test_the_clock_takes_up_a_run_that_the_desk_opened(house: House, watch: Watch, rows: Rows) -> None:
    with scope.writing(house.organisation.id):
        settlement.open_run(act=clock_act(), month=OCTOBER)
    assert settle_open_runs(watch, house.organisation) == 1
    assert counts(rows)[:2] == [2, 2]
    assert settle_open_runs(watch, house.organisation) == 0


def test_a_document_that_fails_stays_to_do_and_the_rest_is_made(
    house: House, watch: Watch, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    make, tries = settling.solidarity.settle_item, []

    def fail_first(**given: object) -> object:
        tries.append(given)
        return 1 / 0 if len(tries) == 1 else make(**given)

    monkeypatch.setattr(settling.solidarity, "settle_item", fail_first)
    with pytest.raises(CommandError, match="1 documents restent"):
        settle()
    settle()
    assert counts(rows)[:2] == [2, 2]


def test_a_stop_leaves_the_rest_for_the_next_time(house: House, watch: Watch, rows: Rows) -> None:
    with scope.writing(house.organisation.id):
        run = settlement.open_run(act=clock_act(), month=OCTOBER)
    settling.work_through(watch, house.organisation, run, progress=lambda item: watch.stop.set())
    assert sum(counts(rows)[:2]) == 1
    assert rows(lambda: Run.objects.get().state) == "open"
