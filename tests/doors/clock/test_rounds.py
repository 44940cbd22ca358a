import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command

from entremise.agreements.models import Confirmation
from entremise.documents.models import Document, Print
from entremise.doors.clock import press, prints, upkeep
from entremise.doors.clock.prints import print_documents
from entremise.doors.clock.rounds import Round, Wheel
from entremise.doors.clock.watch import PATIENCE, Watch
from entremise.history.models import Fact, Link
from entremise.jobs.models import Mission
from entremise.ledger import operations as ledger
from entremise.ledger.queries import balance
from entremise.ledger.rules import Line
from entremise.market.models import Listing
from entremise.messaging.models import Letter, Task
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House, agree, offer, post, work

Rows = Callable[[Callable[[], object]], object]
SetTime = Callable[[datetime], None]
YESTERDAY = MORNING - timedelta(days=1)


@pytest.fixture
def agreed(house: House) -> Mission:
    request = post(house, client=0, on=MORNING.date(), at=YESTERDAY)
    (proposal,) = offer(house, request, workers=[0], at=YESTERDAY)
    return agree(house, proposal, at=YESTERDAY)


def test_documents_are_printed_once(agreed: Mission, house: House, watch: Watch, rows: Rows) -> None:
    assert print_documents(watch, house.organisation) == 3
    assert print_documents(watch, house.organisation) == 0
    assert all(
        bytes(one).startswith(b"%PDF") for one in rows(lambda: list(Print.objects.values_list("content", flat=True)))
    )


def test_many_documents_are_printed_by_several_processes_to_the_same_bytes(
    agreed: Mission, house: House, watch: Watch, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(press, "WORTH_IT", 2)
    assert print_documents(watch, house.organisation) == 3
    document = rows(lambda: Document.objects.get(kind="work_contract"))
    kept = rows(lambda: bytes(Print.objects.get(document=document).content))
    assert kept == prints.render(document=document)


def test_a_document_that_cannot_be_printed_does_not_hold_up_the_others(
    agreed: Mission, house: House, watch: Watch, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    render = prints.render

    def fail_on_orders(*, document: Document) -> bytes:
        return b"" if 1 // (document.kind != "mission_order") else render(document=document)

    monkeypatch.setattr(prints, "render", fail_on_orders)
    assert print_documents(watch, house.organisation) == 2
    assert print_documents(watch, house.organisation) == 0
    assert watch.failures == 1  # It is put off, not tried at every turn.


def test_nobody_answered_in_time_and_somebody_is_asked_to_call(
    house: House, watch: Watch, rows: Rows, time_is: SetTime
) -> None:
    request = post(house, client=0, on=(MORNING + timedelta(days=1)).date(), at=MORNING)
    offer(house, request, workers=[0, 1], at=MORNING)
    assert upkeep.expire_proposals(watch, house.organisation) == 0
    time_is(MORNING + timedelta(minutes=41))
    assert upkeep.expire_proposals(watch, house.organisation) == 2
    assert rows(lambda: Task.objects.filter(kind="no_answer").count()) == 2


def test_hours_count_after_seven_days_of_silence_and_the_client_is_told(
    agreed: Mission, house: House, watch: Watch, rows: Rows, time_is: SetTime
) -> None:
    work(house, agreed, at=MORNING + timedelta(hours=3), confirmed=False)
    time_is(MORNING + timedelta(days=7))
    assert upkeep.presume_silent_hours(watch, house.organisation) == 0
    time_is(MORNING + timedelta(days=7, hours=4))
    assert upkeep.presume_silent_hours(watch, house.organisation) == 1
    assert rows(lambda: Confirmation.objects.get().answer) == "silent"
    assert rows(lambda: Letter.objects.get(template="hours_presumed").person_id) == house.clients[0].id


def test_an_agreement_that_starts_tomorrow_unsigned_is_a_task_once(house: House, watch: Watch, rows: Rows) -> None:
    request = post(house, client=0, on=(MORNING + timedelta(days=1)).date(), at=MORNING)
    (proposal,) = offer(house, request, workers=[0], at=MORNING)
    with scope.writing(house.organisation.id):
        upkeep.jobs.answer(act=house.desk(MORNING), proposal=proposal, yes=True)
    for _ in range(2):
        assert upkeep.remind_unsigned(watch, house.organisation) == 1
    assert rows(lambda: Task.objects.filter(kind="unsigned").count()) == 1


def test_a_season_that_runs_out_is_a_task_once(house: House, watch: Watch, rows: Rows, time_is: SetTime) -> None:
    request = post(house, client=0, on=(MORNING + timedelta(days=1)).date(), at=MORNING)
    with scope.writing(house.organisation.id):
        Listing.objects.filter(id=request.listing_id).update(recurrence="FREQ=WEEKLY")
    (proposal,) = offer(house, request, workers=[0], at=MORNING)
    with scope.writing(house.organisation.id):
        upkeep.jobs.answer(act=house.desk(MORNING), proposal=proposal, yes=True)
    assert upkeep.remind_renewals(watch, house.organisation) == 0
    time_is(MORNING + timedelta(weeks=11))
    for _ in range(2):
        assert upkeep.remind_renewals(watch, house.organisation) == 1
    assert rows(lambda: Task.objects.filter(kind="renew").count()) == 1


def test_a_hold_past_its_time_is_released(house: House, watch: Watch, rows: Rows) -> None:
    with scope.writing(house.organisation.id):
        accounts = [ledger.open_account(code=code, name=code).id for code in ("512", "467")]
        ledger.hold(
            key="gift",
            at=YESTERDAY,
            effective_on=YESTERDAY.date(),
            cause="gift",
            cause_id=None,
            lines=[Line(accounts[0], accounts[1], 500)],
            expires_at=MORNING - timedelta(minutes=1),
        )
    assert upkeep.release_holds(watch, house.organisation) == 1
    assert upkeep.release_holds(watch, house.organisation) == 0
    assert rows(lambda: balance(account=accounts[0]).pending_in) == 0


def test_every_fact_finds_its_place_in_the_chain(agreed: Mission, house: House, watch: Watch, rows: Rows) -> None:
    upkeep.chain_facts(watch, house.organisation)
    assert rows(lambda: Fact.objects.count() - Link.objects.count()) == 0


def test_one_round_that_fails_does_not_stop_the_others_and_waits_before_it_is_tried_again(
    house: House, watch: Watch, time_is: SetTime
) -> None:
    went = []

    def fail(watch: Watch, organisation: Organisation) -> int:
        went.append("fail")
        return 1 // 0

    def go(watch: Watch, organisation: Organisation) -> int:
        went.append(organisation.slug)
        return 1

    wheel = Wheel(watch, [Round("fail", timedelta(), fail), Round("go", timedelta(), go)])
    assert [wheel.turn(), wheel.turn()] == [1, 1]
    assert went == ["fail", "pas-de-porte", "pas-de-porte"]
    time_is(MORNING + PATIENCE)
    wheel.turn()
    assert went.count("fail") == 2


def test_a_round_goes_as_often_as_it_says(house: House, watch: Watch, time_is: SetTime) -> None:
    wheel = Wheel(watch, [Round("hourly", timedelta(hours=1), lambda watch, organisation: 1)])
    assert [wheel.turn(), wheel.turn()] == [1, 0]
    time_is(MORNING + timedelta(hours=1))
    assert wheel.turn() == 1


def test_all_rounds_go_for_every_organisation(
    agreed: Mission, house: House, elsewhere: Organisation, spool: Path, rows: Rows
) -> None:
    call_command("clock", once=True)
    assert rows(lambda: Letter.objects.filter(state="queued").exclude(channel="voice").count()) == 0
    assert rows(lambda: Document.objects.filter(prints__isnull=True).count()) == 0
    assert (spool.parent / "coup-de-pouce" / "inbox").is_dir()


def test_the_clock_ends_when_it_is_told_to(tmp_path: Path) -> None:
    environment = {
        "PATH": "/usr/bin:/bin",
        "ENTREMISE_DATABASE_URL": f"sqlite:///{tmp_path / 'clock.sqlite3'}",
        "ENTREMISE_SECRET_KEY": "tests-only",
        "ENTREMISE_TEXT_SPOOL": str(tmp_path),
    }
    subprocess.run([sys.executable, "-m", "config", "migrate", "-v0"], check=True, env=environment)
    command = [sys.executable, "-m", "config", "clock", "--every", "60"]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as clock:
        assert clock.stdout
        for line in clock.stdout:
            if "clock_started" in line:
                break
        clock.send_signal(signal.SIGTERM)
        assert "clock_stopped" in clock.stdout.read()
    assert clock.returncode == 0
