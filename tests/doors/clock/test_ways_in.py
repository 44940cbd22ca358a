"""Links in letters: made when they leave, the same at every attempt, and never in a row."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from entremise.doors.clock import ways_in
from entremise.doors.clock.letters import deliver
from entremise.doors.clock.watch import Watch
from entremise.jobs import operations as jobs
from entremise.messaging.models import Letter
from entremise.messaging.rules import WAY_IN, parts
from entremise.people.models import EntryKey
from entremise.tenancy import scope
from tests.doors.clock.conftest import MORNING
from tests.drills.scenario import House, offer, post

TOMORROW = (MORNING + timedelta(days=1)).date()
TEMPLATES = Path(settings.BASE) / "templates" / "letters"
LINK = re.compile(r"http://\S+(/l/[\w-]{16})")
Rows = Callable[[Callable[[], object]], object]


@pytest.fixture
def agreed(house: House) -> House:
    request = post(house, client=0, on=TOMORROW, at=MORNING)
    (proposal,) = offer(house, request, workers=[0], at=MORNING)
    with scope.writing(house.organisation.id):
        jobs.answer(act=house.desk(MORNING), proposal=proposal, yes=True)
    return house


def letter_of(rows: Rows, template: str) -> Letter:
    return rows(lambda: Letter.objects.select_related("person").get(template=template))


def spooled(spool: Path, letter: Letter) -> str:
    (file,) = (spool / "outbox").glob(f"*{letter.id.hex}.txt")
    return file.read_bytes().decode("utf-16")


def test_a_text_to_sign_leads_to_the_contract(agreed: House, spool: Path, watch: Watch, rows: Rows) -> None:
    deliver(watch, agreed.organisation)
    letter = letter_of(rows, "sign_worker")
    said = LINK.search(spooled(spool, letter))
    assert said
    visitor = Client(headers={"host": "pas-de-porte.localhost"})
    assert "Entrer" in visitor.get(said[1]).content.decode()
    answer = visitor.post(said[1])
    assert answer["Location"] == f"/moi/papiers/{letter.about_id}/"
    assert visitor.get(answer["Location"]).status_code == 200


def test_no_row_holds_the_secret(agreed: House, spool: Path, watch: Watch, rows: Rows) -> None:
    deliver(watch, agreed.organisation)
    letter = letter_of(rows, "sign_client")
    assert WAY_IN in letter.body
    token = LINK.search(spooled(spool, letter))[1].rpartition("/")[2]
    assert token not in str(rows(lambda: list(EntryKey.objects.values())))


def test_a_letter_carried_twice_says_the_same(agreed: House, rows: Rows) -> None:
    letter = letter_of(rows, "sign_worker")
    bodies = {ways_in.body_of(agreed.organisation, letter) for _ in range(2)}
    assert len(bodies) == 1
    assert rows(lambda: EntryKey.objects.filter(person=letter.person).count()) == 1


def test_a_link_still_fits_one_text_under_a_long_address(agreed: House, rows: Rows, settings) -> None:
    settings.HTTPS, settings.BASE_DOMAIN = True, "exemple-de-reseau.fr"
    for template in ("sign_worker", "sign_client"):
        assert parts(ways_in.body_of(agreed.organisation, letter_of(rows, template))).parts == 1


def test_paper_says_the_address_without_a_secret(agreed: House, rows: Rows) -> None:
    letter = letter_of(rows, "sign_worker")
    letter.channel = Letter.Channel.POST
    assert ways_in.body_of(agreed.organisation, letter).endswith("http://pas-de-porte.localhost/moi/")
    assert rows(EntryKey.objects.count) == 0


def test_every_letter_with_a_link_leads_somewhere() -> None:
    linked = {file.name.partition(".")[0] for file in TEMPLATES.glob("*.txt") if "{{ way_in }}" in file.read_text()}
    assert linked == set(ways_in.PAGES)
