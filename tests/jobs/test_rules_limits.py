from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.rules.limits import (
    Block,
    CompanyWork,
    Engagement,
    Limits,
    Override,
    Papers,
    Pass,
    Site,
    Worker,
    check_override,
    company_work,
    daily_rest,
    daily_work,
    dangerous_work,
    first_job_alone,
    missing_papers,
    outside_territory,
    overlap,
    recent_dismissal,
    site_blocks,
    travel_time,
    weekly_rest,
    weekly_work,
    worker_blocks,
)
from entremise.jobs.rules.need import ClientKind, JobNeed, Travel, minutes_between
from entremise.kernel.place import Point
from entremise.kernel.refused import Refused
from entremise.kernel.time import Window

PARIS = ZoneInfo("Europe/Paris")
LIMITS = Limits(
    daily_rest=11 * 60,
    weekly_rest=35 * 60,
    daily_work=10 * 60,
    weekly_work=48 * 60,
    company_work=480 * 60,
    company_months=24,
    dismissal_months=6,
    vigilance_months=6,
)
MONDAY = datetime(2026, 11, 23, tzinfo=PARIS)
HERE, THERE = Point(44.20, 0.62), Point(44.22, 0.64)
GOOD = Papers(Pass.VALID, date(2027, 12, 31))
SOLENE = UUID(int=7)


def hours(day: int, first: float, last: float) -> Window:
    """Local hours of a day counted from Monday 23 November."""
    midnight = MONDAY + timedelta(days=day)
    return Window(midnight + timedelta(hours=first), midnight + timedelta(hours=last))


def busy(day: int, first: float, last: float, point: Point | None = None) -> Engagement:
    return Engagement(hours(day, first, last), point, "M. Roux")


def need(window: Window | None = None, *, kind: ClientKind = ClientKind.INDIVIDUAL, **traits) -> JobNeed:
    return JobNeed(UUID(int=318), window or hours(1, 9, 11), "hedge", client_kind=kind, **traits)


def test_a_place_outside_the_agreed_territory_is_refused_to_all():
    assert outside_territory("47002", frozenset({"47001"})) == Block("outside_territory", {"place": "47002"})
    assert outside_territory("47001", frozenset({"47001"})) is None


def test_a_job_without_a_place_cannot_be_shown_to_be_inside_the_territory():
    assert outside_territory("", frozenset({"47001"})) == Block("place_unknown", {})


def test_an_organisation_without_an_agreed_territory_goes_anywhere():
    assert outside_territory("47002", None) is None
    assert outside_territory("", None) is None


def test_dangerous_work_is_refused():
    assert dangerous_work("roof", dangerous=True) == Block("dangerous_work", {"activity": "roof"})
    assert dangerous_work("hedge", dangerous=False) is None


@pytest.mark.parametrize(("day", "blocked"), [(date(2026, 11, 30), True), (date(2026, 12, 1), False)])
def test_a_company_that_dismissed_waits_six_months(day, blocked):
    dismissed = date(2026, 6, 1)
    assert bool(recent_dismissal(ClientKind.COMPANY, dismissed, day, LIMITS)) is blocked
    assert recent_dismissal(ClientKind.ASSOCIATION, dismissed, day, LIMITS) is None


@pytest.mark.parametrize(
    ("papers", "codes"),
    [
        (GOOD, []),
        (Papers(Pass.NOT_NEEDED), []),
        (Papers(Pass.MISSING), ["pass_missing"]),
        (Papers(Pass.SUSPENDED, date(2027, 1, 1)), ["pass_suspended"]),
        (Papers(Pass.VALID, date(2026, 11, 24)), []),
        (Papers(Pass.VALID, date(2026, 11, 23)), ["pass_expired"]),
        (Papers(Pass.VALID, None, date(2026, 11, 24)), []),
        (Papers(Pass.VALID, None, date(2026, 11, 23)), ["right_to_work_expired"]),
        (Papers(Pass.MISSING, None, date(2026, 1, 1), False), ["pass_missing", "right_to_work_expired"]),
    ],
)
def test_papers_are_valid_to_the_end_of_their_last_day(papers, codes):
    found = [block.code for block in missing_papers(papers, date(2026, 11, 24))]
    assert [code for code in found if code != "no_contract_possible"] == codes
    assert ("no_contract_possible" in found) is not papers.contract_possible


def test_a_job_that_ends_at_midnight_ends_on_its_own_day():
    worker = Worker(Papers(Pass.VALID, date(2026, 11, 24)))
    assert worker_blocks(need(hours(1, 20, 24)), worker, LIMITS, PARIS) == ()


def test_two_jobs_at_the_same_time_overlap_and_two_that_touch_do_not():
    found = overlap(hours(1, 9, 11), [busy(1, 10, 12)])
    assert found is not None
    assert (found.code, found.params["where"], found.waivable) == ("overlap", "M. Roux", False)
    assert overlap(hours(1, 9, 11), [busy(1, 11, 12), busy(1, 8, 9)]) is None


def test_the_way_between_two_jobs_has_to_fit_before_and_after():
    way = minutes_between(HERE, THERE, Travel.WALK)
    job = need(point=HERE)
    before = travel_time(job, [Engagement(hours(1, 7, 9), THERE, "M. Roux")], Travel.WALK)
    assert before is not None
    assert before.params == {"where": "M. Roux", "minutes": way, "gap": 0, "before": True}
    after = travel_time(job, [busy(1, 11.25, 13, THERE)], Travel.WALK)
    assert after is not None
    assert after.params == {"where": "M. Roux", "minutes": way, "gap": 15, "before": False}
    assert before.waivable


def test_a_way_that_just_fits_is_no_obstacle():
    way = minutes_between(HERE, THERE, Travel.WALK)
    assert travel_time(need(point=HERE), [busy(1, 6, 9 - way / 60, THERE)], Travel.WALK) is None


def test_a_way_between_unknown_points_is_not_judged():
    assert travel_time(need(point=None), [busy(1, 7, 9, THERE)], Travel.WALK) is None
    assert travel_time(need(point=HERE), [busy(1, 7, 9)], Travel.WALK) is None


def test_the_bus_is_never_slower_than_walking():
    close = Point(44.2005, 0.6205)
    assert minutes_between(HERE, close, Travel.BUS) <= minutes_between(HERE, close, Travel.WALK)
    assert minutes_between(HERE, THERE, Travel.BUS) < minutes_between(HERE, THERE, Travel.WALK)


def test_a_first_job_alone_may_be_waived_and_a_pair_needs_no_waiver():
    alone = first_job_alone(need(), knows_activity=False)
    assert alone is not None
    assert alone.waivable
    assert not alone.needs_reference
    assert first_job_alone(need(in_twos_ok=True), knows_activity=False) is None


@pytest.mark.parametrize(("starts", "blocked"), [(7, False), (6.75, True)])
def test_eleven_hours_lie_between_an_evening_and_the_next_morning(starts, blocked):
    assert bool(daily_rest(hours(1, starts, 9), [busy(0, 14, 20)], LIMITS)) is blocked


def test_a_day_may_not_stretch_over_more_than_thirteen_hours():
    assert daily_rest(hours(1, 18, 20), [busy(1, 7, 9)], LIMITS) is None
    found = daily_rest(hours(1, 18, 20.5), [busy(1, 7, 9)], LIMITS)
    assert found is not None
    assert found.params["minutes"] == 660


def test_ten_hours_are_the_longest_day_and_midnight_parts_two():
    assert daily_work(hours(1, 17, 19), [busy(1, 8, 16)], LIMITS, PARIS) is None
    found = daily_work(hours(1, 17, 19.25), [busy(1, 8, 16)], LIMITS, PARIS)
    assert found is not None
    assert (found.code, found.params, found.waivable) == ("daily_work", {"minutes": 615, "limit": 600}, False)
    assert daily_work(hours(1, 20, 26), [busy(1, 8, 14), busy(2, 8, 16)], LIMITS, PARIS) is None


def test_a_day_counts_the_hours_that_pass_when_clocks_go_back():
    """From midnight to ten on the clock, eleven hours pass on 25 October 2026."""
    night = Window(datetime(2026, 10, 25, tzinfo=PARIS), datetime(2026, 10, 25, 10, tzinfo=PARIS))
    found = daily_work(night, [], LIMITS, PARIS)
    assert found is not None
    assert found.params["minutes"] == 660


def test_a_job_that_bridges_two_days_takes_the_rest_of_both():
    around = [busy(0, 14, 20), busy(1, 8, 10)]
    assert daily_rest(hours(0, 22, 23), around, LIMITS) is not None


def test_a_rest_is_counted_in_hours_that_pass_when_clocks_change():
    saturday = datetime(2026, 10, 24, 20, tzinfo=PARIS)
    evening = Engagement(Window(saturday - timedelta(hours=3), saturday))
    sunday_at_six = datetime(2026, 10, 25, 6, tzinfo=PARIS)  # Ten hours on the clock, eleven in the night.
    assert daily_rest(Window.lasting(sunday_at_six, 60), [evening], LIMITS) is None


def test_six_days_of_work_leave_sunday_and_a_seventh_is_refused():
    week = [busy(day, 9, 12) for day in range(6)]
    assert weekly_rest(hours(5, 14, 16), week, LIMITS, PARIS) is None
    found = weekly_rest(hours(6, 9, 12), week, LIMITS, PARIS)
    assert found is not None
    assert found.params["week"] == date(2026, 11, 23)
    assert not found.waivable


def test_a_rest_may_reach_over_sunday_midnight():
    week = [*(busy(day, 9, 12) for day in range(5)), busy(7, 7, 9)]
    assert weekly_rest(hours(5, 16, 20), week, LIMITS, PARIS) is None
    assert weekly_rest(hours(5, 16, 20.5), week, LIMITS, PARIS) is not None


def test_the_day_of_rest_belongs_to_the_week_itself():
    week = [*(busy(day, 9, 12) for day in range(6)), busy(9, 9, 12)]
    assert weekly_rest(hours(6, 9, 12), week, LIMITS, PARIS) is not None


def test_a_day_off_in_the_middle_of_the_week_is_a_rest_too():
    week = [busy(day, 9, 12) for day in (0, 1, 3, 4, 5)]
    assert weekly_rest(hours(6, 9, 12), week, LIMITS, PARIS) is None


def test_forty_eight_hours_are_the_most_of_a_week():
    week = [busy(day, 8, 17) for day in range(5)]
    assert weekly_work(hours(5, 8, 11), week, LIMITS, PARIS) is None
    found = weekly_work(hours(5, 8, 11.5), week, LIMITS, PARIS)
    assert found is not None
    assert found.params == {"minutes": 2910, "limit": 2880, "week": date(2026, 11, 23)}


def test_a_night_over_sunday_midnight_counts_in_each_of_its_weeks():
    full = [busy(day, 8, 17) for day in range(5)]
    assert weekly_work(hours(6, 21, 27), full, LIMITS, PARIS) is None
    assert weekly_work(hours(6, 20.5, 27), full, LIMITS, PARIS) is not None


def in_company(minutes: int, day: date = date(2026, 1, 5)) -> list[CompanyWork]:
    return [CompanyWork(day, minutes)]


def test_four_hundred_and_eighty_hours_in_companies_are_the_limit():
    job = need(kind=ClientKind.COMPANY)
    assert company_work(job, in_company(478 * 60), LIMITS, PARIS) is None
    found = company_work(job, in_company(478 * 60 + 1), LIMITS, PARIS)
    assert found is not None
    assert found.params["minutes"] == 480 * 60 + 1
    assert found.params["since"] == date(2026, 1, 5)
    assert (found.waivable, found.needs_reference) == (True, True)


@pytest.mark.parametrize("kind", [ClientKind.INDIVIDUAL, ClientKind.ASSOCIATION, ClientKind.LOCAL_AUTHORITY])
def test_only_companies_count_towards_the_limit(kind):
    assert company_work(need(kind=kind), in_company(480 * 60), LIMITS, PARIS) is None


def test_twenty_four_months_after_the_first_placement_a_new_period_opens():
    job = need(kind=ClientKind.COMPANY)
    assert company_work(job, in_company(480 * 60, date(2024, 11, 24)), LIMITS, PARIS) is None
    assert company_work(job, in_company(480 * 60, date(2024, 11, 25)), LIMITS, PARIS) is not None


def test_hours_promised_for_later_count_in_the_same_period_only():
    job = need(kind=ClientKind.COMPANY)
    assert company_work(job, in_company(480 * 60, date(2027, 3, 1)), LIMITS, PARIS) is not None
    assert company_work(job, in_company(480 * 60, date(2028, 11, 24)), LIMITS, PARIS) is None


def test_all_reasons_are_given_at_once():
    worker = Worker(Papers(Pass.MISSING), (busy(1, 10, 12),), knows_activity=False)
    codes = [block.code for block in worker_blocks(need(), worker, LIMITS, PARIS)]
    assert codes == ["pass_missing", "overlap", "first_job_alone"]
    site = Site(frozenset({"47001"}), dangerous=True, dismissed_on=date(2026, 11, 1))
    company = need(kind=ClientKind.COMPANY, place_code="47009")
    codes = [block.code for block in site_blocks(company, site, LIMITS, PARIS, company.window.start)]
    assert codes == ["already_begun", "outside_territory", "dangerous_work", "recent_dismissal"]


def test_nothing_stands_in_the_way_of_an_ordinary_job():
    assert worker_blocks(need(point=HERE), Worker(GOOD, (busy(1, 14, 16, THERE),)), LIMITS, PARIS) == ()
    assert site_blocks(need(), Site(), LIMITS, PARIS, MONDAY) == ()


TRAVEL = Block("travel_time", {}, waivable=True)
COMPANY = Block("company_work", {}, waivable=True, needs_reference=True)
REST = Block("daily_rest", {"minutes": 660})


def test_without_blocks_nobody_has_to_answer_for_anything():
    check_override([], None)


def test_a_coordinator_waives_travel_time_with_a_reason():
    check_override([TRAVEL], Override(SOLENE, "Son frère l'emmène"))


@pytest.mark.parametrize(
    ("blocks", "override", "code"),
    [
        ([REST], Override(SOLENE, "Elle veut bien", "PREF-47-12"), "block_not_waivable"),
        ([TRAVEL, REST], Override(SOLENE, "Elle veut bien"), "block_not_waivable"),
        ([TRAVEL], None, "override_needs_reason"),
        ([TRAVEL], Override(SOLENE, "  "), "override_needs_reason"),
        ([COMPANY], Override(SOLENE, "Accord du préfet"), "override_needs_reference"),
        ([COMPANY], None, "override_needs_reason"),
    ],
)
def test_an_override_is_refused_where_the_law_or_the_reason_is_missing(blocks, override, code):
    with pytest.raises(Refused) as refused:
        check_override(blocks, override)
    assert refused.value.code == code


def test_the_prefects_decision_lifts_the_limit_in_companies():
    check_override([COMPANY], Override(SOLENE, "Accord du préfet", "PREF-47-12"))


WINDOWS = st.builds(
    lambda start, length: Window.lasting(MONDAY.astimezone(UTC) + timedelta(minutes=15 * start), 15 * length),
    st.integers(0, 7 * 96),
    st.integers(1, 40),
)
ENGAGEMENTS = st.lists(st.builds(Engagement, WINDOWS), max_size=10)


@given(WINDOWS, WINDOWS)
def test_an_overlap_is_mutual(first, second):
    assert bool(overlap(first, [Engagement(second)])) == bool(overlap(second, [Engagement(first)]))


@given(WINDOWS, WINDOWS)
def test_a_rest_that_one_job_breaks_is_broken_by_the_other_too(first, second):
    alone = daily_rest(first, [], LIMITS) or daily_rest(second, [], LIMITS)
    if not alone:
        assert bool(daily_rest(first, [Engagement(second)], LIMITS)) == bool(
            daily_rest(second, [Engagement(first)], LIMITS)
        )


@given(WINDOWS, ENGAGEMENTS, WINDOWS)
def test_more_work_never_makes_a_rest_longer(window, engagements, another):
    more = [*engagements, Engagement(another)]
    for rule in (weekly_rest, weekly_work):
        if rule(window, engagements, LIMITS, PARIS):
            assert rule(window, more, LIMITS, PARIS)
    if daily_rest(window, engagements, LIMITS):
        assert daily_rest(window, more, LIMITS)


@given(WINDOWS, ENGAGEMENTS)
def test_a_day_that_keeps_its_rest_has_it_within_twenty_four_hours_of_every_start(window, engagements):
    if daily_rest(window, engagements, LIMITS):
        return
    busy_minutes = {
        minute
        for item in [*engagements, Engagement(window)]
        for minute in range(int(item.window.start.timestamp()) // 60, int(item.window.end.timestamp()) // 60)
    }
    start = int(window.start.timestamp()) // 60
    run = longest = 0
    for minute in range(start, start + 24 * 60):
        run = 0 if minute in busy_minutes else run + 1
        longest = max(longest, run)
    assert longest >= LIMITS.daily_rest
