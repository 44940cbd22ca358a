from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from entremise.jobs.rules.offers import called, free_windows, holds, quarters, usual_windows, visits_in
from entremise.kernel.time import Window

PARIS = ZoneInfo("Europe/Paris")
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # Ten o'clock in Paris.
TUESDAYS = [[1, "08:00", "12:00"]]


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=PARIS).astimezone(UTC)


def free(*busy: Window, single: list[Window] | None = None, days: int = 7) -> tuple[Window, ...]:
    return free_windows(TUESDAYS, single or [], busy, after=MONDAY, days=days, zone=PARIS)


def starts(windows: tuple[Window, ...], minutes: int, after: datetime = MONDAY) -> list[str]:
    return [f"{one.start.astimezone(PARIS):%d %H:%M}" for one in visits_in(windows, minutes=minutes, after=after)]


def test_a_usual_week_is_free_on_its_days():
    assert free(days=9) == (
        Window(at(24, 8), at(24, 12)),
        Window(at(24, 8) + timedelta(days=7), at(24, 12) + timedelta(days=7)),
    )


def test_the_wall_clock_counts_when_clocks_change():
    (spring,) = usual_windows([[6, "01:00", "05:00"]], date(2026, 3, 29), PARIS)
    assert spring.minutes == 180


def test_a_day_may_end_at_midnight():
    (evening,) = usual_windows([[1, "20:00", "24:00"]], date(2026, 11, 24), PARIS)
    assert evening == Window(at(24, 20), at(25, 0))


def test_a_single_day_joins_the_week_where_they_touch():
    assert free(single=[Window(at(24, 12), at(24, 14))]) == (Window(at(24, 8), at(24, 14)),)


def test_what_is_promised_is_not_free():
    assert free(Window(at(24, 9), at(24, 10))) == (Window(at(24, 8), at(24, 9)), Window(at(24, 10), at(24, 12)))


def test_a_long_absence_takes_whole_days():
    assert free(Window(at(23, 0), at(28, 0))) == ()


def test_a_visit_may_start_each_hour_that_leaves_room_for_it():
    assert starts(free(), 120) == ["24 08:00", "24 09:00", "24 10:00"]


def test_nothing_starts_before_the_notice_is_over():
    assert starts(free(), 120, after=at(24, 8, 30)) == ["24 09:00", "24 10:00"]


def test_starts_fall_on_quarters_after_an_odd_end():
    assert starts(free(Window(at(24, 8), at(24, 9, 20))), 60) == ["24 09:30", "24 10:30"]


def test_a_visit_too_long_for_the_time_left_has_no_start():
    assert starts(free(), 300) == []


def test_a_visit_lies_whole_in_one_stretch():
    stretches = free(Window(at(24, 9), at(24, 10)))
    assert holds(stretches, Window(at(24, 10), at(24, 12)))
    assert not holds(stretches, Window(at(24, 8), at(24, 10)))


def test_a_visit_touches_the_quarters_it_begins_and_ends_in():
    assert [f"{one:%M}" for one in quarters(Window(at(24, 9, 10), at(24, 9, 40)))] == ["00", "15", "30"]
    assert len(quarters(Window(at(24, 9), at(24, 11)))) == 8


def test_nobody_is_named_who_did_not_agree():
    assert called("Karim", "Belkacem", agreed=False) == ""
    assert called("Karim", "Belkacem", agreed=True) == "Karim B."
