"""Figures added up by the database, and which of them everybody may see."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from entremise.agreements.models import Fulfilment, Party
from entremise.agreements.queries import done_work
from entremise.impact import queries
from entremise.impact.queries import TWELVE, months_with_work, published, report
from entremise.jobs.models import Activity
from entremise.kernel.time import Period
from entremise.messaging.models import Call
from entremise.people.models import Place
from tests.impact.conftest import Work

ZONE = ZoneInfo("Europe/Paris")
OCTOBER, SEPTEMBER = Period.month(2026, 10), Period.month(2026, 9)
NOW = date(2026, 11, 23)

pytestmark = pytest.mark.usefixtures("inside")


def test_figures_are_those_of_the_rows(work: Work) -> None:
    work(date(2026, 10, 5), workers=6)
    work(date(2026, 10, 6), workers=5, minutes=90)
    figures = report(period=OCTOBER, zone=ZONE).figures
    assert figures["hours"].value == 6 * 60 + 5 * 90 == sum(one.minutes for one in done_work(period=OCTOBER))
    assert (figures["jobs"].value, figures["workers"].value, figures["clients"].value) == (11, 6, 6)
    assert (figures["first_yes"].value, figures["within_day"].value) == (120, 100)


def test_hours_that_were_replaced_do_not_count_twice(work: Work) -> None:
    work(date(2026, 10, 5))
    old = Fulfilment.objects.first()
    assert old
    values = {"agreement": old.agreement, "occasion": old.occasion, "day": old.day, "at": old.at, "door": "desk"}
    Fulfilment.objects.create(minutes=30, replaces=old, key="other", **values)
    assert report(period=OCTOBER, zone=ZONE).figures["hours"].value == 5 * 60


def test_the_wait_is_the_middle_one(work: Work) -> None:
    for hours in (1, 3, 30):
        work(date(2026, 10, 5), workers=5, wait=timedelta(hours=hours))
    figures = report(period=OCTOBER, zone=ZONE).figures
    assert figures["first_yes"].value == 180
    assert figures["within_day"].value == 67


def test_a_request_at_midnight_belongs_to_the_local_month(work: Work) -> None:
    for minute in range(5):
        Call.objects.create(started_at=datetime(2026, 9, 30, 22, 30 + minute, tzinfo=UTC))
    assert report(period=OCTOBER, zone=ZONE).figures["calls"].value == 5
    assert report(period=SEPTEMBER, zone=ZONE).figures["calls"].value == 0


def test_few_clients_hide_the_hours_of_many_workers(work: Work) -> None:
    work(date(2026, 10, 5), workers=8, clients=2)
    figures = report(period=OCTOBER, zone=ZONE).figures
    assert figures["hours"].hidden
    assert figures["clients"].hidden
    assert figures["workers"].value == 8


def test_the_hours_of_one_person_on_their_own_account_are_nobodys_to_count(work: Work) -> None:
    work(date(2026, 10, 5), workers=6)
    Party.objects.filter(role="worker").update(role="supplier", person=work.people[0])
    figures = report(period=OCTOBER, zone=ZONE).figures
    assert (figures["hours"].hidden, figures["workers"].value) == (True, 0)
    assert published(wanted="2026", today=NOW, zone=ZONE).report is None
    assert queries.hours_by_activity(period=OCTOBER) == []


def test_a_small_month_is_published_with_the_next_one(work: Work) -> None:
    work(date(2026, 8, 5), workers=6)
    work(date(2026, 9, 5), workers=2)
    work(date(2026, 10, 5), workers=6)
    seen = published(wanted="2026", today=NOW, zone=ZONE)
    shown = [one.period for one in seen.blocks]
    assert shown == [Period.month(2026, 8), Period(SEPTEMBER.first, OCTOBER.last)]
    assert [figure.value for _period, figure in seen.series("hours")] == [360, 480]
    assert [figure.value for _period, figure in seen.series("workers")] == [6, 6]


def test_the_month_that_runs_is_not_published(work: Work) -> None:
    work(date(2026, 10, 5))
    work(date(2026, 11, 5))
    seen = published(wanted=TWELVE, today=NOW, zone=ZONE)
    assert seen.report
    assert seen.report.period == OCTOBER
    assert seen.report.figures["hours"].value == 360


def test_a_month_is_a_choice_when_it_stands_alone(work: Work) -> None:
    work(date(2026, 8, 5), workers=6)
    work(date(2026, 9, 5), workers=2)
    work(date(2026, 10, 5), workers=6)
    assert set(published(wanted="", today=NOW, zone=ZONE).choices) == {TWELVE, "2026", "2026-08"}
    assert published(wanted="2026-09", today=NOW, zone=ZONE).chosen == TWELVE


def test_an_organisation_that_begins_publishes_nothing(work: Work) -> None:
    work(date(2026, 11, 5))
    assert published(wanted=TWELVE, today=NOW, zone=ZONE).report is None


def test_a_small_december_is_published_with_january(work: Work) -> None:
    work(date(2025, 12, 5), workers=2)
    work(date(2026, 1, 5), workers=6)
    seen = published(wanted="2026", today=NOW, zone=ZONE)
    assert set(seen.choices) == {TWELVE, "2026"}
    assert seen.blocks[0].period == Period(date(2025, 12, 1), date(2026, 1, 31))


def test_a_breakdown_tells_small_lines_together(work: Work, hedge: Activity, place: Place) -> None:
    meal, shed = (
        Activity.objects.create(code=code, name=code.title(), pictogram="repas", words=[]) for code in ("repas", "vélo")
    )
    work(date(2026, 10, 5), workers=9)
    work(date(2026, 10, 6), workers=6, activity=meal)
    work(date(2026, 10, 7), workers=2, activity=shed)
    lines = queries.hours_by_activity(period=OCTOBER)
    assert [(one.label, one.value) for one in lines] == [(hedge.name, 540), ("", 480)]
    assert [(one.label, one.value) for one in queries.hours_by_place(period=OCTOBER)] == [(place.name, 1020)]


def test_a_series_with_a_hidden_month_is_not_shown(work: Work) -> None:
    work(date(2026, 9, 5), workers=8, door="site")
    work(date(2026, 10, 5), workers=6)
    work(date(2026, 10, 6), workers=2, door="site")
    assert published(wanted="2026", today=NOW, zone=ZONE).series("by_voice") == []


def test_the_number_of_queries_does_not_grow(work: Work) -> None:
    def asked() -> int:
        with CaptureQueriesContext(connection) as captured:
            published(wanted="2026", today=NOW, zone=ZONE)
        return len(captured)

    work(date(2026, 10, 5))
    few = asked()
    work(date(2026, 9, 5), workers=9)
    work(date(2025, 3, 5), workers=9)
    assert asked() == few


def test_months_begin_with_the_first_work(work: Work) -> None:
    work(date(2026, 9, 5))
    work(date(2026, 10, 5))
    assert months_with_work(until=OCTOBER, count=12, zone=ZONE) == [(SEPTEMBER, 360), (OCTOBER, 360)]
