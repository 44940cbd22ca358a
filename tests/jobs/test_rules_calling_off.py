"""What a visit that does not take place costs, and what is paid for it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.rules.calling_off import Due, Terms, Visit, borne, when_absent, when_called_off

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
TERMS = Terms(24, 30, Decimal("0.5"), Decimal(1), Decimal(1))
VISIT = Visit(NOON, 120, 4900, bound_at=NOON - timedelta(days=3))
SHARES = st.decimals(0, 1, places=2)
ANY_TERMS = st.builds(Terms, st.integers(0, 96), st.integers(0, 600), SHARES, SHARES, SHARES)
MOMENTS = st.integers(-14 * 24 * 60, 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))
VISITS = st.builds(Visit, st.just(NOON), st.integers(15, 720), st.integers(0, 50_000), st.one_of(st.none(), MOMENTS))


def test_the_day_before_is_free_to_the_minute() -> None:
    assert when_called_off(TERMS, VISIT, at=NOON - timedelta(hours=24)) == Due("early")
    assert when_called_off(TERMS, VISIT, at=NOON - timedelta(hours=24) + timedelta(seconds=1)) == Due("late", 2450, 120)


def test_half_an_hour_after_the_last_signature_is_free_too() -> None:
    signed = replace(VISIT, bound_at=NOON - timedelta(hours=2))
    assert when_called_off(TERMS, signed, at=NOON - timedelta(minutes=91)) == Due("grace")
    assert when_called_off(TERMS, signed, at=NOON - timedelta(minutes=90)) == Due("late", 2450, 120)


def test_nobody_owes_anything_before_everybody_has_signed() -> None:
    unsigned = replace(VISIT, bound_at=None)
    assert when_called_off(TERMS, unsigned, at=NOON - timedelta(minutes=1)) == Due("unsigned")
    assert when_absent(TERMS, unsigned) == Due("unsigned")


def test_calling_off_once_it_should_have_begun_is_not_being_there() -> None:
    assert when_called_off(TERMS, VISIT, at=NOON) == when_absent(TERMS, VISIT) == Due("absent", 4900, 120)


def test_a_fee_below_what_the_worker_costs_says_what_the_organisation_pays() -> None:
    assert borne(Due("late", 2450, 120), cost=2708) == 258
    assert borne(Due("absent", 4900, 120), cost=2708) == 0


@given(ANY_TERMS, VISITS, MOMENTS)
def test_never_more_than_the_price_nor_more_than_the_hours(terms: Terms, visit: Visit, at: datetime) -> None:
    for due in (when_called_off(terms, visit, at=at), when_absent(terms, visit)):
        assert 0 <= due.fee <= visit.price
        assert 0 <= due.minutes <= visit.minutes


@given(ANY_TERMS, VISITS, MOMENTS, MOMENTS)
def test_waiting_never_makes_it_cheaper(terms: Terms, visit: Visit, one: datetime, other: datetime) -> None:
    early, late = (when_called_off(terms, visit, at=at) for at in sorted((one, other)))
    assert early.fee <= late.fee <= when_absent(terms, visit).fee
    assert early.minutes <= late.minutes


@given(ANY_TERMS, VISITS, MOMENTS, st.integers(0, 100_000))
def test_what_the_fee_does_not_cover_is_said(terms: Terms, visit: Visit, at: datetime, cost: int) -> None:
    due = when_called_off(terms, visit, at=at)
    assert due.fee + borne(due, cost=cost) >= cost


@given(ANY_TERMS)
def test_a_contract_keeps_the_rule_as_it_was_signed(terms: Terms) -> None:
    assert Terms.of_json(terms.as_json()) == terms  # type: ignore[arg-type]  # As a column of JSON gives it back.
