import codecs
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from entremise.buying.models import Need
from entremise.doors.clock import letters
from entremise.doors.clock.letters import modem, receive
from entremise.doors.clock.watch import Watch
from entremise.history.models import Fact
from entremise.jobs.models import Mission
from entremise.kernel.act import Role
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.messaging.models import Incoming, Task
from entremise.people import operations as people
from entremise.tenancy import scope
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House, offer, post

Rows = Callable[[Callable[[], object]], object]
KARIM = "+33639982000"


@pytest.fixture
def asked(house: House) -> Proposal:
    request = post(house, client=0, on=(MORNING + timedelta(days=1)).date(), at=MORNING)
    (proposal,) = offer(house, request, workers=[0], at=MORNING)
    return proposal


def comes_in(house: House, words: str, *, sender: str = KARIM, second: int = 0) -> Path:
    modem(house.organisation)
    inbox = letters.Path(letters.settings.TEXT_SPOOL) / "pas-de-porte" / "inbox"
    path = inbox / f"IN20261124_0955{second:02}_00_{sender}_00.txt"
    path.write_bytes(codecs.BOM_UTF16_BE + words.encode("utf-16-be"))
    before = (MORNING - timedelta(minutes=1)).timestamp()
    os.utime(path, (before, before))
    return path


def test_a_yes_by_text_is_carried_out_in_the_name_of_the_sender(
    house: House, spool: Path, asked: Proposal, watch: Watch, rows: Rows
) -> None:
    file = comes_in(house, f"OUI {asked.listing.number}")
    assert receive(watch, house.organisation) == 1
    assert not file.exists()
    assert (spool / "read" / file.name).exists()
    assert rows(lambda: Mission.objects.get().worker_id) == house.workers[0].id
    fact = rows(lambda: Fact.objects.get(type="proposal_accepted"))
    assert (fact.by, fact.door) == (house.workers[0].id, "text")


def test_a_text_whose_files_come_back_is_carried_out_once(
    house: House, spool: Path, asked: Proposal, watch: Watch, rows: Rows
) -> None:
    for _ in range(2):  # Killed after the commit: the files were not moved.
        comes_in(house, f"OUI {asked.listing.number}")
        receive(watch, house.organisation)
    assert rows(Incoming.objects.count) == rows(Mission.objects.count) == 1


def test_a_text_that_a_rule_refuses_is_kept_for_a_person(
    house: House, spool: Path, asked: Proposal, watch: Watch, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(**_: object) -> str:
        raise Refused("no_longer_possible")

    monkeypatch.setattr(letters.jobs, "read_text", refuse)
    comes_in(house, "OUI")
    receive(watch, house.organisation)
    assert rows(lambda: Incoming.objects.get().handled_at) is None
    assert rows(lambda: Task.objects.get(kind="read_message").params) == {"why": "no_longer_possible"}


def test_one_text_that_fails_does_not_stop_the_others(
    house: House, spool: Path, asked: Proposal, watch: Watch, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    carry_out = letters.jobs.read_text

    def fail_on_strange(*, act: object, incoming: Incoming) -> str:
        return str(1 / 0) if "étrange" in incoming.text else carry_out(act=act, incoming=incoming)

    monkeypatch.setattr(letters.jobs, "read_text", fail_on_strange)
    strange = comes_in(house, "étrange", second=1)
    comes_in(house, f"OUI {asked.listing.number}", second=2)
    assert receive(watch, house.organisation) == 1
    assert rows(Mission.objects.count) == 1
    assert strange.exists()  # It is read again later.


def test_a_forged_number_of_the_staff_is_only_a_persons_own_word(
    house: House, spool: Path, asked: Proposal, watch: Watch, rows: Rows
) -> None:
    with scope.writing(house.organisation.id):
        roles = [Role.COORDINATOR, Role.CLIENT]
        act = house.desk(MORNING)
        people.add_person(act=act, family_name="Wane", phones=["06 39 98 30 00"], roles=roles)
    comes_in(house, f"OUI {asked.listing.number}", sender="+33639983000")
    receive(watch, house.organisation)
    assert rows(Mission.objects.count) == 0


def test_a_stranger_may_say_stop(house: House, spool: Path, watch: Watch, rows: Rows) -> None:
    comes_in(house, "STOP", sender="+33639987777")
    receive(watch, house.organisation)
    assert rows(lambda: Incoming.objects.get().outcome) == "stopped"


def test_a_message_that_is_still_being_written_waits(house: House, spool: Path, watch: Watch) -> None:
    file = comes_in(house, "OUI")
    os.utime(file, (MORNING.timestamp(), MORNING.timestamp()))
    assert receive(watch, house.organisation) == 0


def test_a_failure_logs_neither_number_nor_words(
    house: House, spool: Path, asked: Proposal, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(**_: object) -> str:
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr(letters.jobs, "read_text", breaks)
    comes_in(house, "OUI, je suis à l’hôpital")
    with capture_logs() as events:
        receive(watch, house.organisation)
    assert [event["event"] for event in events] == ["failed"]
    assert KARIM[-8:] not in str(events)
    assert "hôpital" not in str(events)


def test_a_need_by_text_is_noted_for_its_sender_and_read_by_a_person(house: House, watch: Watch, rows: Rows) -> None:
    comes_in(house, "BESOIN 20 sacs de granulés")
    assert receive(watch, house.organisation) == 1
    need = rows(lambda: Need.objects.get())
    assert (need.what, need.person_id) == ("20 sacs de granulés", house.workers[0].id)
    assert rows(lambda: Task.objects.get().params) == {"why": "need_noted"}


def test_whoever_needs_work_says_nothing_to_buy(house: House, watch: Watch, rows: Rows) -> None:
    comes_in(house, "Besoin de travail")
    assert receive(watch, house.organisation) == 1
    assert rows(lambda: Need.objects.count()) == 0


def test_a_need_of_somebody_unknown_is_read_by_a_person(house: House, watch: Watch, rows: Rows) -> None:
    comes_in(house, "BESOIN de couches", sender="+33639989999")
    assert receive(watch, house.organisation) == 1
    assert rows(lambda: Need.objects.count()) == 0
    assert rows(lambda: Task.objects.get().kind) == "read_message"
