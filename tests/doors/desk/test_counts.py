"""However many rows a page shows, it asks the database as many questions."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission
from entremise.jobs.queries import desk
from entremise.kernel.act import Act
from entremise.kernel.time import Window
from entremise.market.models import Proposal
from entremise.people.models import Person, Place
from tests.conftest import TODAY
from tests.jobs.conftest import by_text, new_worker

pytestmark = pytest.mark.usefixtures("inside")


def questions(ask: Callable[[], object]) -> int:
    ask()  # The first visit of a session writes down that it was seen.
    with CaptureQueriesContext(connection) as asked:
        ask()
    return len(asked)


@pytest.fixture
def more(act: Act, odile: Person, hedge: Activity, place: Place) -> Callable[[], None]:
    """Two more requests: one that is proposed to three new workers, one that somebody took and is over."""

    def add() -> None:
        many = Person.objects.count()
        workers = [
            new_worker(act, place, f"Ana{n}", f"Sousa{n}", f"06 39 98 3{n // 10} {n % 10}0")
            for n in range(many, many + 3)
        ]
        day = TODAY + timedelta(days=2 + many)
        open_one = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=day, minutes=60)
        jobs.propose(act=act, request=open_one, workers=[one.id for one in workers])
        taken = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=day + timedelta(hours=4), minutes=60)
        (proposal,) = jobs.propose(act=act, request=taken, workers=[workers[0].id])
        jobs.answer(act=by_text(workers[0]), proposal=proposal, yes=True)

    return add


@pytest.mark.parametrize("name", ["today", "requests", "contracts", "hours", "people", "tasks"])
def test_list_pages_ask_as_much_for_many_rows(coordination: Client, more: Callable[[], None], name: str) -> None:
    more()
    before = questions(lambda: coordination.get(reverse(f"desk:{name}")))
    more()
    more()
    assert questions(lambda: coordination.get(reverse(f"desk:{name}"))) == before


def test_a_request_asks_as_much_for_many_workers(
    coordination: Client, more: Callable[[], None], asked: list[Proposal]
) -> None:
    address = reverse("desk:request", args=[asked[0].listing.number])
    before = questions(lambda: coordination.get(address))
    more()
    assert questions(lambda: coordination.get(address)) == before


def test_the_board_takes_eight_questions(mission: Mission) -> None:
    day = Window(TODAY, TODAY + timedelta(days=1))
    assert questions(lambda: desk.board(at=TODAY, today=day)) == 8


def test_the_caller_is_found_in_few_questions(coordination: Client, odile: Person, more: Callable[[], None]) -> None:
    before = questions(lambda: coordination.get("/bureau/appelant", {"q": "mar"}))
    more()
    assert questions(lambda: coordination.get("/bureau/appelant", {"q": "mar"})) == before
