"""The public list: what goes up, what comes down, what of a request may be read."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from entremise.figures.models import Override
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Notice, NoticeWord, Request
from entremise.jobs.queries import notices
from entremise.jobs.rules.notices import Wanted
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.people.models import Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later

PARIS = ZoneInfo("Europe/Paris")


def listed() -> list[int]:
    return [row.number for row in notices.search(wanted=Wanted(), at=TODAY, zone=PARIS).rows]


def test_a_request_goes_on_the_list_with_nothing_that_tells_who_or_where(request_: Request) -> None:
    notice = Notice.objects.select_related("place").get()
    assert listed() == [request_.listing.number]
    assert (notice.minutes, notice.wage, notice.gross) == (120, 1231, 2708)
    said = " ".join(
        [*(str(value) for value in vars(notice).values()), *NoticeWord.objects.values_list("word", flat=True)]
    )
    for secret in ("arsan", "odile", "illeul", "39981427", "ortail"):
        assert secret not in said.lower()


def test_a_request_leaves_the_list_with_the_last_yes_and_returns_when_somebody_cannot_come(
    act: Act, asked: list[Proposal], karim: Person
) -> None:
    jobs.answer(act=by_text(karim), proposal=asked[0], yes=True)
    assert listed() == []
    assert not NoticeWord.objects.exists()
    mission = Mission.objects.get(worker=karim)
    jobs.withdraw_worker(act=act, mission=mission)
    assert listed() == [mission.number]


def test_a_cancelled_request_leaves_the_list(act: Act, request_: Request) -> None:
    jobs.cancel(act=act, request=request_)
    assert listed() == []
    assert notices.was_wanted(number=request_.listing.number)


def test_what_waits_for_a_quote_is_no_job_to_take(act: Act, request_: Request) -> None:
    Request.objects.update(hourly_wage=0)
    jobs.set_publicity(act=act, request=Request.objects.get(), listed=True, words="")
    assert listed() == []


def test_the_desk_keeps_a_request_off_the_list(act: Act, request_: Request) -> None:
    jobs.set_publicity(act=act, request=request_, listed=False, words="")
    assert listed() == []
    assert not notices.was_wanted(number=request_.listing.number)
    jobs.amend(act=act, request=request_, starts_at=TOMORROW, minutes=60, note="")
    assert listed() == []
    jobs.set_publicity(act=act, request=request_, listed=True, words="Ramasser les branches")
    assert Notice.objects.get().words == "Ramasser les branches"


def test_an_organisation_may_keep_its_requests_to_itself(
    act: Act, inside: object, odile: Person, hedge: Activity
) -> None:
    Override.objects.create(
        key="jobs.listed_by_default", value=0, unit="yes", valid_from=TODAY.date(), source="conseil"
    )
    jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=60)
    assert listed() == []


@pytest.mark.parametrize(
    "words",
    [
        "Appeler Mme Marsan",
        "Le 06 39 98 14 27 en arrivant",
        "odile.marsan@exemple.fr",
        "Au 12, rue des Tilleuls",
        "voir https://exemple.fr",
    ],
)
def test_words_for_everybody_tell_nobody_who_it_is(act: Act, request_: Request, words: str) -> None:
    with pytest.raises(Refused, match="words_tell_who"):
        jobs.set_publicity(act=act, request=request_, listed=True, words=words)


def test_other_terms_are_on_the_list_at_once_under_the_day_it_first_went_up(act: Act, request_: Request) -> None:
    new = TOMORROW + timedelta(days=2)
    jobs.amend(act=later(act, hours=1), request=request_, starts_at=new, minutes=180, note="digicode 1234")
    notice = Notice.objects.get()
    assert (notice.starts_at, notice.minutes, notice.put_up_at) == (new, 180, TODAY)
    assert "1234" not in notice.words


def test_once_a_visit_has_begun_the_next_takes_its_place(
    act: Act, clock_act: Act, odile: Person, hedge: Activity, request_: Request
) -> None:
    rule = "FREQ=WEEKLY;BYDAY=TU"
    weekly = jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=60, recurrence=rule)
    begun = notices.begun(at=clock_act.at)
    assert {one.request_id for one in begun} == {weekly.id, request_.id}
    for notice in begun:
        jobs.turn_over(act=clock_act, notice=notice)
    notice = Notice.objects.get()
    assert (notice.request_id, notice.starts_at) == (weekly.id, TOMORROW + timedelta(days=14))
    assert notices.begun(at=clock_act.at) == []
