"""The rules held against what the tables say."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from entremise.agreements.models import Agreement
from entremise.documents.models import Document
from entremise.documents.queries import render
from entremise.jobs import operations as jobs
from entremise.jobs.models import Activity, Mission, Request, Worker
from entremise.jobs.queries.people import blocks_for
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market.models import Proposal
from entremise.people.models import Paper, Person
from tests.conftest import TODAY
from tests.jobs.conftest import TOMORROW, by_text, later, say_yes, sign_all


def test_a_pass_for_later_does_not_end_the_one_before_it(act: Act, request_: Request, karim: Person) -> None:
    later_pass = (TODAY + timedelta(days=30)).date()
    Paper.objects.create(person=karim, kind="pass_iae", valid_from=later_pass, checked_on=TODAY.date())
    assert blocks_for(request=request_, person=karim.id, at=TODAY) == ()
    Paper.objects.filter(person=karim, valid_from=None).delete()
    assert [one.code for one in blocks_for(request=request_, person=karim.id, at=TODAY)] == ["pass_missing"]


def test_nobody_agrees_to_a_visit_that_has_begun(act: Act, asked: list[Proposal], karim: Person) -> None:
    with pytest.raises(Refused, match="no_longer_possible") as refused:
        jobs.answer(act=by_text(karim, at=TOMORROW), proposal=asked[0], yes=True)
    assert refused.value.params["block"] == "already_begun"


def test_who_no_longer_works_here_is_not_asked(act: Act, request_: Request, karim: Person) -> None:
    Worker.objects.filter(person=karim).update(until=TODAY.date())
    assert [one.code for one in blocks_for(request=request_, person=karim.id, at=TODAY)] == ["not_a_worker"]


def in_company(request: Request, worker: Person, day: datetime, hours: int) -> Mission:
    """So many hours were planned there; a state in which they count."""
    return Mission.objects.create(
        request=request,
        worker=worker,
        client=request.client,
        number=1,
        starts_at=day,
        ends_at=day + timedelta(hours=hours),
        state="confirmed",
        state_at=day,
    )


@pytest.fixture
def at_a_company(act: Act, odile: Person, hedge: Activity) -> Request:
    Person.objects.filter(id=odile.id).update(kind="company")
    odile.refresh_from_db()
    return jobs.post_request(act=act, client=odile, activity=hedge, starts_at=TOMORROW, minutes=120)


def test_the_period_in_companies_is_counted_from_the_very_first_placement(
    act: Act, at_a_company: Request, karim: Person
) -> None:
    """June 2022 opens until 2024, July 2024 until 2026, August 2026 anew: what comes before is closed."""
    for month, hours in ((date(2022, 6, 1), 8), (date(2024, 1, 15), 8), (date(2024, 7, 1), 8), (date(2026, 2, 2), 479)):
        in_company(at_a_company, karim, datetime.combine(month, time(8), UTC), hours)
    assert blocks_for(request=at_a_company, person=karim.id, at=TODAY) == ()
    in_company(at_a_company, karim, datetime(2026, 8, 3, 8, tzinfo=UTC), 479)
    assert [one.code for one in blocks_for(request=at_a_company, person=karim.id, at=TODAY)] == ["company_work"]


def test_a_company_declares_that_nobody_was_dismissed_from_the_post(
    act: Act, at_a_company: Request, karim: Person
) -> None:
    say_yes(act, at_a_company, karim)
    paper = Document.objects.get(kind="placement_agreement")
    assert "depuis 6 mois" in paper.data["clauses"][0]["text"]
    assert render(document=paper).startswith(b"%PDF")


def test_hours_in_companies_count_as_they_were_done(
    act: Act, at_a_company: Request, karim: Person, odile: Person, hedge: Activity
) -> None:
    say_yes(act, at_a_company, karim)
    sign_all(act, Agreement.objects.get())
    after = later(act, days=2)
    jobs.log_hours(act=after, mission=Mission.objects.select_related("agreement").get(), minutes=300, key="slip")
    in_company(at_a_company, karim, datetime(2026, 9, 1, 8, tzinfo=UTC), 474)
    again = jobs.repeat(act=after, request=at_a_company, starts_at=TOMORROW + timedelta(days=7))
    (block,) = blocks_for(request=again, person=karim.id, at=after.at)
    assert (block.code, block.params["minutes"]) == ("company_work", (474 + 5 + 2) * 60)
