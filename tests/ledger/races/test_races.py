import threading
import time

import pytest

from entremise.kernel.refused import Refused
from entremise.ledger import operations, queries
from entremise.ledger.models import Transfer
from entremise.ledger.rules import Line
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation
from tests.ledger.conftest import AT, DAY
from tests.races import rivals

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def books() -> tuple[Organisation, dict[str, object]]:
    organisation = Organisation.objects.create(slug="races", name="Races")
    with scope.writing(organisation.id):
        bank = operations.open_account(code="512", name="Banque")
        fund = operations.open_account(code="194", name="Fonds", ceiling=0)
        operations.post(key="in", at=AT, effective_on=DAY, cause="t", cause_id=None, lines=[Line(bank.id, fund.id, 10)])
    return organisation, {"bank": bank.id, "fund": fund.id}


def test_eight_threads_with_one_key_post_once(books) -> None:
    organisation, ids = books
    line = Line(ids["bank"], ids["fund"], 5)
    answers = rivals(
        8,
        organisation.id,
        lambda _: operations.post(key="same", at=AT, effective_on=DAY, cause="t", cause_id=None, lines=[line]),
    )
    assert sorted(answer.repeated for answer in answers) == [False, *[True] * 7]
    with scope.writing(organisation.id):
        assert Transfer.objects.filter(key="same").count() == 1


def test_the_last_euros_of_a_fund_go_to_exactly_as_many_as_there_are(books) -> None:
    organisation, ids = books
    line = Line(ids["fund"], ids["bank"], 1)
    answers = rivals(
        16,
        organisation.id,
        lambda n: operations.post(key=f"take {n}", at=AT, effective_on=DAY, cause="t", cause_id=None, lines=[line]),
    )
    refused = [answer for answer in answers if isinstance(answer, Refused)]
    assert len(refused) == 6
    assert {answer.code for answer in refused} == {"not_enough"}
    with scope.writing(organisation.id):
        assert queries.balance(account=ids["fund"]).posted == 0
        assert queries.verify() == []


def test_no_entry_slips_into_a_period_while_it_is_shut(books) -> None:
    organisation, ids = books
    line = Line(ids["bank"], ids["fund"], 5)
    written, closing = threading.Event(), threading.Event()

    def post_slowly() -> str:
        operations.post(key="slow", at=AT, effective_on=DAY, cause="t", cause_id=None, lines=[line])
        written.set()
        closing.wait(timeout=5)
        time.sleep(0.3)  # Long enough for the other to shut the books, did it not wait.
        return "posted"

    def close() -> int:
        written.wait(timeout=5)
        closing.set()
        operations.close_period(up_to=DAY)
        return Transfer.objects.filter(key="slow").count()

    posted, seen = rivals(2, organisation.id, lambda n: close() if n else post_slowly())
    assert (posted, seen) == ("posted", 1)  # What is in the books was there when they were shut.


def test_a_reversal_by_two_happens_once(books) -> None:
    organisation, _ = books
    with scope.writing(organisation.id):
        entry = Transfer.objects.get(key="in").entry
        operations.post(
            key="more",
            at=AT,
            effective_on=DAY,
            cause="t",
            cause_id=None,
            lines=[Line(_["bank"], _["fund"], 100)],
        )
    answers = rivals(
        2,
        organisation.id,
        lambda n: operations.reverse(key=f"undo {n}", at=AT, effective_on=DAY, entry=entry, cause="undo"),
    )
    assert len([answer for answer in answers if isinstance(answer, Exception)]) == 1
    with scope.writing(organisation.id):
        assert Transfer.objects.filter(reverses__isnull=False).count() == 1
