from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from entremise.doors.clock import letters
from entremise.doors.clock.letters import deliver, hear_of_failures
from entremise.doors.clock.watch import Watch
from entremise.messaging import operations as messaging
from entremise.messaging.models import Letter, Task
from entremise.messaging.rules import CLAIM_LASTS, Purpose
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.tenancy import scope
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House, agree, offer, post
from tests.messaging.test_adapters_smtp import Mailbox, mailbox

__all__ = ["mailbox"]

TOMORROW = (MORNING + timedelta(days=1)).date()
Rows = Callable[[Callable[[], object]], object]


@pytest.fixture
def server(settings, spool: Path, mailbox: Mailbox) -> Mailbox:
    settings.SMTP_URL, settings.MAIL_FROM = f"smtp://127.0.0.1:{mailbox.port}", "bonjour@pas-de-porte.test"
    return mailbox


def someone(house: House, **reached: object) -> Person:
    with scope.writing(house.organisation.id):
        return people.add_person(act=house.desk(MORNING), family_name="Castaing", **reached)


def write_to(house: House, person: Person) -> Letter:
    with scope.writing(house.organisation.id):
        return messaging.queue(
            act=house.desk(MORNING),
            person=person,
            template="job_taken",
            context={
                "request": None,
                "listing": {"number": 318, "title": "Tailler une haie"},
                "organisation": house.organisation,
            },
            key=f"taken:{person.id}",
            purpose=Purpose.ANSWER,
        )


def states(rows: Rows, *written: Letter) -> list[str]:
    return rows(lambda: [Letter.objects.get(id=letter.id).state for letter in written])


def test_an_email_arrives_with_the_contract_in_it(house: House, server: Mailbox, watch: Watch) -> None:
    client = someone(house, email="odile.marsan@exemple.test", street="3 rue du Four", place=house.place)
    house.clients.append(client)
    request = post(house, client=2, on=TOMORROW, at=MORNING)
    (proposal,) = offer(house, request, workers=[0], at=MORNING)
    agree(house, proposal, at=MORNING)
    deliver(watch, house.organisation)
    contract = next(mail for _, mail in server.received if list(mail.iter_attachments()))
    (file,) = contract.iter_attachments()
    assert file.get_filename().startswith("MAD-2026-")
    assert file.get_content().startswith(b"%PDF-1.7")
    assert contract["From"] == "Le Pas de Porte <bonjour@pas-de-porte.test>"


def test_a_text_lies_in_the_outbox_of_the_organisation(house: House, spool: Path, watch: Watch, rows: Rows) -> None:
    letter = write_to(house, house.workers[0])
    assert deliver(watch, house.organisation) >= 1
    (file,) = (spool / "outbox").glob(f"OUTC*_+33639982000_{letter.id.hex}.txt")
    assert "318" in file.read_bytes().decode("utf-16")
    assert states(rows, letter) == ["sent"]


def test_nothing_leaves_twice(house: House, server: Mailbox, watch: Watch) -> None:
    write_to(house, someone(house, email="odile.marsan@exemple.test"))
    deliver(watch, house.organisation)
    assert deliver(watch, house.organisation) == 0
    assert len(server.received) == 1


def test_one_bad_letter_does_not_stop_the_others(
    house: House, server: Mailbox, watch: Watch, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused = write_to(house, someone(house, email="nobody@exemple.test"))
    full = write_to(house, someone(house, email="full@exemple.test"))
    broken = write_to(house, someone(house, email="broken@exemple.test"))
    good = write_to(house, someone(house, email="odile.marsan@exemple.test"))
    attached = letters._enclosed

    def attach(organisation: object, letter: Letter) -> object:
        return 1 / 0 if letter.id == broken.id else attached(organisation, letter)

    monkeypatch.setattr(letters, "_enclosed", attach)
    deliver(watch, house.organisation)
    assert states(rows, refused, full, broken, good) == ["given_up", "queued", "queued", "sent"]
    assert rows(lambda: list(Task.objects.filter(kind="letter_lost").values_list("about_id", flat=True))) == [
        refused.id
    ]
    assert watch.failures == 1


def test_the_letter_of_a_killed_worker_leaves_after_its_lease(
    house: House, spool: Path, watch: Watch, rows: Rows, time_is: Callable[[datetime], None]
) -> None:
    letter = write_to(house, house.workers[0])
    with scope.writing(house.organisation.id):
        messaging.claim(at=MORNING)  # And then it is killed.
    deliver(watch, house.organisation)
    assert states(rows, letter) == ["queued"]
    time_is(MORNING + CLAIM_LASTS + timedelta(seconds=1))
    deliver(watch, house.organisation)
    assert states(rows, letter) == ["sent"]


def test_without_a_mail_server_somebody_calls(house: House, spool: Path, watch: Watch, rows: Rows) -> None:
    letter = write_to(house, someone(house, email="odile.marsan@exemple.test"))
    deliver(watch, house.organisation)
    assert states(rows, letter) == ["given_up"]
    assert rows(lambda: Task.objects.get(kind="letter_lost").about_id) == letter.id


def test_what_the_modem_gives_up_becomes_a_call(house: House, spool: Path, watch: Watch, rows: Rows) -> None:
    letter = write_to(house, house.workers[0])
    deliver(watch, house.organisation)
    (file,) = (spool / "outbox").glob(f"*{letter.id.hex}.txt")
    file.rename(spool / "error" / file.name)
    assert hear_of_failures(watch, house.organisation) == 1
    assert hear_of_failures(watch, house.organisation) == 0
    assert states(rows, letter) == ["given_up"]


def test_a_stop_comes_after_the_letter_in_hand(house: House, spool: Path, watch: Watch, rows: Rows) -> None:
    first, second = (write_to(house, worker) for worker in house.workers)
    watch.stop.set()
    assert deliver(watch, house.organisation) == 0
    assert states(rows, first, second) == ["queued", "queued"]
