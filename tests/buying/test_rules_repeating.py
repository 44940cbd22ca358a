"""The dates of a purchase that comes again, and what of a usual order it still offers."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from entremise.buying.rules.repeating import Offered, Usual, fitting, later, weeks_on

PARIS = ZoneInfo("Europe/Paris")
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


def test_two_weeks_later_clocks_show_the_same_time_although_summer_came() -> None:
    before = datetime(2027, 3, 20, 18, tzinfo=PARIS)
    after = later(before, weeks=2, zone=PARIS)
    assert after.astimezone(PARIS) == datetime(2027, 4, 3, 18, tzinfo=PARIS)
    assert after - before.astimezone(UTC) == timedelta(days=14) - timedelta(hours=1)


@given(MOMENTS, st.integers(1, 52))
def test_the_day_of_the_week_stays_and_the_hour_does_where_it_exists(moment: datetime, weeks: int) -> None:
    there, then = moment.astimezone(PARIS), later(moment, weeks=weeks, zone=PARIS).astimezone(PARIS)
    assert then.date() - there.date() == timedelta(weeks=weeks) or there.hour >= 23
    assert abs((then.replace(tzinfo=None) - there.replace(tzinfo=None)) - timedelta(weeks=weeks)) <= timedelta(hours=1)


@given(MOMENTS, st.integers(1, 8), st.integers(-400, 400))
def test_the_next_deadline_is_ahead_and_no_turn_too_far(closes: datetime, weeks: int, days: int) -> None:
    now = closes + timedelta(days=days)
    found = weeks_on(closes_at=closes, weeks=weeks, now=now, zone=PARIS)
    assert found % weeks == 0
    assert found >= weeks
    assert later(closes, weeks=found, zone=PARIS) > now
    assert found == weeks or later(closes, weeks=found - weeks, zone=PARIS) <= now


LINES = st.lists(
    st.builds(
        Usual,
        title=st.sampled_from(["Riz", "Huile", "Savon"]),
        unit=st.sampled_from(["kg", "L"]),
        quantity=st.integers(1, 9),
        tolerance=st.integers(0, 3),
        ceiling=st.integers(1, 900),
    ),
    unique_by=lambda one: one.known_by,
)
OFFERS = st.lists(
    st.builds(
        Offered,
        article=st.integers(),
        title=st.sampled_from(["riz", "HUILE", " Savon "]),
        unit=st.sampled_from(["kg", "l"]),
        lowest=st.integers(1, 900),
    )
)


@given(LINES, OFFERS)
def test_every_line_is_ordered_gone_or_too_dear_and_never_above_its_ceiling(
    usual: list[Usual], offered: list[Offered[int]]
) -> None:
    found = fitting(usual=usual, offered=offered)
    taken = [line for _article, line in found.taken]
    dear = [line for line, _price in found.dear]
    assert sorted(map(repr, [*taken, *found.gone, *dear])) == sorted(map(repr, usual))
    assert all(price > line.ceiling for line, price in found.dear)
    words = {(one.title.strip().lower(), one.unit.lower()) for one in offered}
    assert all((one.title.lower(), one.unit.lower()) not in words for one in found.gone)
    assert len({line.known_by for line in taken}) == len(taken)


def test_another_spelling_is_the_same_article_and_another_unit_is_not() -> None:
    usual = [Usual("Huile  d’olive", "Bouteille", 2, 0, 700), Usual("Riz", "kg", 1, 0, 300)]
    offered = [Offered(1, "huile d’Olive", "bouteille", 700), Offered(2, "Riz", "sac", 300)]
    found = fitting(usual=usual, offered=offered)
    assert [(article, line.quantity) for article, line in found.taken] == [(1, 2)]
    assert [line.title for line in found.gone] == ["Riz"]
