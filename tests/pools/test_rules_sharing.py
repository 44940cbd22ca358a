"""Shared hours are split exactly, nobody pays more than alone, and the order in which people are named says nothing."""

from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.kernel.money import for_minutes
from entremise.kernel.refused import Refused
from entremise.pools.rules.sharing import Cost, Terms, check, cost

WHO = [UUID(int=number) for number in range(1, 7)]


@st.composite
def terms(draw: st.DrawFn) -> Terms:
    """Any price that is no dearer together than alone, down to one that is just the same."""
    hourly = draw(st.integers(60, 6000))
    how = draw(st.sampled_from(["hourly", "percent"]))
    value = draw(st.integers(0, 900 if how == "hourly" else 3000))
    least = hourly + Terms(hourly, 0, how, value).fee(60, hourly)
    return Terms(hourly, least + draw(st.integers(0, 2000) | st.just(0)), how, value)


@st.composite
def hours(draw: st.DrawFn) -> tuple[int, dict[UUID, int]]:
    """Minutes there were, and of whom: none longer than they lasted, and never nobody."""
    minutes = draw(st.integers(1, 400))
    many = draw(st.integers(1, len(WHO)))
    present = {WHO[one]: draw(st.integers(0, minutes)) for one in range(many)}
    short = minutes - sum(present.values())
    if short > 0:
        present[WHO[0]] += short
    return minutes, present


def total(found: Cost) -> int:
    return sum(part.amount for part in found.parts.values())


@given(terms(), hours())
def test_the_parts_add_up_to_the_cent(terms: Terms, hours: tuple[int, dict[UUID, int]]) -> None:
    found = cost(terms, *hours)
    assert total(found) + found.borne == found.care + found.fee
    assert found.care == for_minutes(terms.hourly, hours[0])
    assert sum(part.fee for part in found.parts.values()) == found.fee
    assert not (found.fee and found.borne)


@given(terms(), hours())
def test_nobody_pays_more_than_alone(terms: Terms, hours: tuple[int, dict[UUID, int]]) -> None:
    for who, part in cost(terms, *hours).parts.items():
        assert part.alone == for_minutes(terms.alone, hours[1][who])
        assert 0 <= part.fee <= part.amount <= part.alone


@given(terms(), hours(), st.randoms(use_true_random=False))
def test_the_order_of_names_says_nothing(terms: Terms, hours: tuple[int, dict[UUID, int]], chance: Random) -> None:
    minutes, present = hours
    names = list(present)
    chance.shuffle(names)
    assert cost(terms, minutes, {name: present[name] for name in names}) == cost(terms, minutes, present)


@given(terms(), st.integers(1, 400), st.integers(1, 6))
def test_those_who_had_the_same_pay_the_same_but_for_a_cent(terms: Terms, minutes: int, many: int) -> None:
    amounts = [part.amount for part in cost(terms, minutes, dict.fromkeys(WHO[:many], minutes)).parts.values()]
    assert max(amounts) - min(amounts) <= 1


def test_two_hours_for_three_people() -> None:
    found = cost(Terms(2100, 2900, "hourly", 150), 120, dict.fromkeys(WHO[:3], 120))
    assert (found.care, found.fee, found.borne) == (4200, 300, 0)
    assert [part.amount for part in found.parts.values()] == [1500, 1500, 1500]
    assert [part.alone - part.amount for part in found.parts.values()] == [4300, 4300, 4300]


def test_a_cent_that_nobody_owes_is_the_intermediarys_to_give_up() -> None:
    found = cost(Terms(2000, 2000, "hourly", 0), 2, dict.fromkeys(WHO[:2], 1))
    assert (found.care, found.fee, found.borne, total(found)) == (67, 0, 1, 66)


def test_a_cent_above_somebodys_own_price_goes_to_whoever_has_room_for_it() -> None:
    """By largest remainder alone, the first would pay 80 cents for two minutes that cost 79 alone."""
    found = cost(Terms(1957, 2384, "hourly", 427), 9, dict(zip(WHO, (2, 2, 5), strict=False)))
    assert [part.alone for part in found.parts.values()] == [79, 79, 199]
    assert [part.amount for part in found.parts.values()] == [79, 79, found.care + found.fee - 158]


@pytest.mark.parametrize(
    ("code", "minutes", "present"),
    [
        ("nobody_there", 60, {}),
        ("nobody_there", 60, {WHO[0]: 0}),
        ("nobody_there", 0, {WHO[0]: 60}),
        ("there_too_long", 60, {WHO[0]: 61}),
        ("hours_nobody_had", 60, {WHO[0]: 30, WHO[1]: 29}),
    ],
)
def test_hours_that_cannot_be_are_refused(code: str, minutes: int, present: dict[UUID, int]) -> None:
    with pytest.raises(Refused, match=code):
        cost(Terms(2100, 2900, "hourly", 150), minutes, present)


@pytest.mark.parametrize(
    ("code", "terms"),
    [
        ("amount_needed", Terms(0, 2900, "hourly", 0)),
        ("fee_wrong", Terms(2100, 2900, "hourly", -1)),
        ("fee_wrong", Terms(2100, 9900, "percent", 10_001)),
        ("pool_dearer", Terms(2100, 2249, "hourly", 150)),
    ],
)
def test_a_price_that_saves_nothing_is_refused(code: str, terms: Terms) -> None:
    with pytest.raises(Refused, match=code):
        check(terms)
