from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.rules.spreading import spread

orders = st.integers(0, 5).flatmap(
    lambda people: st.dictionaries(
        st.integers(0, 4), st.lists(st.sampled_from(range(people)), unique=True) if people else st.just([]), max_size=5
    )
)


def worth(orders: dict[int, list[int]], plan: dict[int, int]) -> tuple[int, int]:
    """Jobs without anybody, then the sum of places: the smaller the better."""
    return len(orders) - len(plan), sum(orders[job].index(one) for job, one in plan.items())


def best(orders: dict[int, list[int]]) -> tuple[int, int]:
    """By trying every plan there is."""
    plans = product(*[[None, *people] for people in orders.values()])
    somebody = [{job: one for job, one in zip(orders, plan, strict=True) if one is not None} for plan in plans]
    return min(worth(orders, plan) for plan in somebody if len(set(plan.values())) == len(plan))


@given(orders)
def test_no_other_plan_gives_more_jobs_somebody_or_comes_closer_to_the_order(orders):
    plan = spread(orders)
    assert len(set(plan.values())) == len(plan)
    assert all(one in orders[job] for job, one in plan.items())
    assert worth(orders, plan) == best(orders)


@given(orders)
def test_the_same_day_gives_the_same_plan(orders):
    assert spread(orders) == spread(dict(orders))


def test_the_first_of_two_jobs_is_left_to_whom_only_it_can_have():
    assert spread({"hedge": ["Karim", "Nadège"], "lawn": ["Karim"]}) == {"hedge": "Nadège", "lawn": "Karim"}


def test_somebody_far_down_the_list_is_better_than_nobody():
    people = [f"{number}" for number in range(60)]
    plan = spread(dict.fromkeys(range(60), people))
    assert len(plan) == 60
