from dataclasses import fields, replace
from datetime import UTC, date, datetime
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.rules.limits import Block
from entremise.jobs.rules.matching import (
    CRITERIA,
    Availability,
    Candidate,
    JobBefore,
    Ranking,
    rank,
)
from entremise.jobs.rules.need import JobNeed, Travel
from entremise.kernel.place import Point
from entremise.kernel.time import Window

TODAY = date(2026, 11, 23)
TILLEULS = Point(44.20, 0.62)
NEAR, FAR = Point(44.203, 0.623), Point(44.25, 0.68)
WINDOW = Window.lasting(datetime(2026, 11, 24, 8, tzinfo=UTC), 120)
NEED = JobNeed(UUID(int=318), WINDOW, "hedge", TILLEULS, "47001", in_twos_ok=True)
LEGAL = Block("daily_rest", {})
TRAVEL = Block("travel_time", {}, waivable=True)

KNOWS = frozenset({"hedge"})


def someone(number: int, **traits) -> Candidate:
    """Alike in everything, so that one trait at a time can decide."""
    usual = {"skills": KNOWS, "availability": Availability.FREE, "hours_wanted": 1200, "hours_given": 600}
    usual |= {"last_worked": date(2026, 11, 20), "point": NEAR}
    return Candidate(UUID(int=number), **(usual | traits))


def order(*candidates: Candidate, need: JobNeed = NEED) -> list[int]:
    return [suggestion.person.int for suggestion in rank(need, candidates, today=TODAY).suggestions]


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({}, {"blocks": (TRAVEL,)}),
        ({"blocks": (TRAVEL,)}, {"blocks": (LEGAL,)}),
        ({}, {"skills": frozenset()}),
        ({}, {"availability": Availability.UNKNOWN}),
        ({"availability": Availability.UNKNOWN}, {"availability": Availability.BUSY}),
        ({"done_for_client": 1}, {}),
        ({"hours_given": 0}, {}),
        ({}, {"hours_wanted": 0}),
        ({"last_worked": date(2026, 11, 9)}, {}),
        ({"last_worked": None}, {"last_worked": date(2020, 1, 1)}),
        ({}, {"point": FAR}),
        ({}, {"point": None}),
        ({"travel": Travel.BIKE}, {"travel": Travel.WALK}),
    ],
)
def test_each_criterion_decides_when_those_before_it_are_equal(better, worse):
    assert order(someone(1, **better), someone(2, **worse)) == [1, 2]
    assert order(someone(2, **better), someone(1, **worse)) == [2, 1]


# In the order of CRITERIA; the last one is drawn and cannot be chosen.
WORSE_BY = (
    {"blocks": (LEGAL,)},
    {"skills": frozenset()},
    {"availability": Availability.BUSY},
    {"done_for_client": 0},
    {"hours_given": 1200},
    {"last_worked": date(2026, 11, 22)},
    {"point": FAR},
)
BEST = {"done_for_client": 2, "hours_given": 0, "last_worked": date(2026, 1, 1), "availability": Availability.FREE}


@pytest.mark.parametrize("place", range(len(WORSE_BY)))
def test_an_earlier_criterion_outweighs_all_later_ones_together(place):
    only_this = someone(1, **(BEST | WORSE_BY[place]))
    all_later = {key: value for worse in WORSE_BY[place + 1 :] for key, value in worse.items()}
    assert order(only_this, someone(2, **(BEST | all_later))) == [2, 1]


def test_the_published_rule_names_what_is_compared_in_its_order():
    assert [criterion.code for criterion in CRITERIA] == [
        "not_blocked",
        "knows_activity",
        "free_then",
        "knows_client",
        "hours_still_wanted",
        "longest_without",
        "shortest_way",
        "drawn_by_lot",
    ]
    assert len(CRITERIA) == len(WORSE_BY) + 1


def test_hours_closer_than_a_published_step_count_as_equal():
    near, far = someone(1, hours_given=620), someone(2, hours_given=610, point=FAR)
    assert order(far, near) == [1, 2]


def test_how_often_somebody_worked_gives_no_standing_advantage():
    often, once = someone(1, done_activity=40, done_for_client=20), someone(2, done_for_client=1, done_activity=1)
    others = [replace(NEED, request=UUID(int=number)) for number in range(40)]
    assert {tuple(order(often, once, need=need)) for need in others} == {(1, 2), (2, 1)}


def test_nobody_gains_from_a_name_when_all_is_equal():
    people = [someone(number) for number in range(5)]
    first = [order(*people, need=replace(NEED, request=UUID(int=number)))[0] for number in range(200)]
    assert set(first) == set(range(5))


def test_a_tie_is_drawn_the_same_way_each_time_it_is_asked():
    assert order(someone(1), someone(2), someone(3)) == order(someone(3), someone(1), someone(2))


def test_no_field_of_a_candidate_is_an_age_an_origin_or_an_opinion():
    assert {field.name for field in fields(Candidate)} == {
        *("person", "skills", "done_activity", "done_for_client", "point", "travel", "availability", "free_until"),
        *("hours_wanted", "hours_given", "last_worked", "trained_on", "prefers_call", "job_before", "blocks"),
    }


def test_a_first_job_that_cannot_be_in_twos_is_blocked_and_may_be_waived():
    found = rank(replace(NEED, in_twos_ok=False), [someone(1, skills=frozenset())], today=TODAY)
    assert [(block.code, block.waivable) for block in found.suggestions[0].blocks] == [("first_job_alone", True)]
    assert found.blocked == {"first_job_alone": 1}


def test_a_first_job_alone_found_by_the_limits_already_is_said_once():
    alone = Block("first_job_alone", {"activity": "hedge"}, waivable=True)
    found = rank(replace(NEED, in_twos_ok=False), [someone(1, skills=frozenset(), blocks=(alone,))], today=TODAY)
    assert found.suggestions[0].blocks == (alone,)


def test_blocked_people_are_counted_by_reason_beyond_the_limit():
    people = [someone(1), someone(2, blocks=(LEGAL, TRAVEL)), someone(3, blocks=(LEGAL,))]
    found = rank(NEED, people, today=TODAY, limit=1)
    assert (len(found.suggestions), found.total) == (1, 3)
    assert found.blocked == {"daily_rest": 2, "travel_time": 1}


def reasons(**traits) -> dict[str, tuple[str, dict]]:
    found = rank(NEED, [someone(1, **traits)], today=TODAY).suggestions[0].reasons
    return {reason.code: (reason.kind, dict(reason.params)) for reason in found}


def test_reasons_say_what_a_coordinator_would_say():
    noon = datetime(2026, 11, 24, 11, tzinfo=UTC)
    found = reasons(
        done_activity=3,
        done_for_client=2,
        free_until=noon,
        hours_given=840,
        last_worked=date(2026, 11, 14),
        prefers_call=True,
    )
    assert list(found) == ["done_here", "done_this", "distance", "free", "hours", "nothing_for", "prefers_call"]
    assert found["done_this"] == ("plus", {"times": 3})
    assert found["free"] == ("plus", {"until": noon})
    assert found["hours"] == ("note", {"given": 840, "wanted": 1200})
    assert found["nothing_for"] == ("plus", {"days": 9})
    assert found["distance"][1]["mode"] == "walk"
    assert 0 < found["distance"][1]["minutes"] < 15


def test_training_is_named_until_the_first_job_is_done():
    assert reasons(trained_on=date(2026, 10, 14))["trained"] == ("plus", {"month": date(2026, 10, 1)})
    assert "trained" not in reasons(trained_on=date(2026, 10, 14), done_activity=1)
    assert "can_do" in reasons()


def test_a_first_job_is_announced_as_a_pair():
    assert reasons(skills=frozenset())["first_job_in_twos"] == ("note", {"activity": "hedge"})


def test_somebody_without_any_job_yet_is_said_so():
    assert reasons(last_worked=None)["no_job_yet"] == ("plus", {})


def test_three_days_without_a_job_are_not_worth_a_word():
    assert "nothing_for" not in reasons(last_worked=date(2026, 11, 20))


def test_the_job_before_is_a_warning_with_the_way_from_there():
    nine = datetime(2026, 11, 24, 8, tzinfo=UTC)
    kind, params = reasons(job_before=JobBefore("M. Roux", nine, FAR))["ends_before"]
    assert (kind, params["where"], params["at"]) == ("warn", "M. Roux", nine)
    assert params["minutes"] > 60
    assert reasons(job_before=JobBefore("M. Roux", nine))["ends_before"][1]["minutes"] is None


def test_somebody_who_said_to_be_busy_is_shown_with_a_warning():
    assert reasons(availability=Availability.BUSY)["not_free"] == ("warn", {})
    assert reasons(availability=Availability.UNKNOWN)["free_unknown"] == ("note", {})


POINTS = st.one_of(st.none(), st.builds(Point, st.floats(44, 44.3), st.floats(0.4, 0.9)))
CANDIDATES = st.lists(
    st.builds(
        Candidate,
        person=st.uuids(),
        skills=st.sampled_from((KNOWS, frozenset())),
        done_activity=st.integers(0, 3),
        done_for_client=st.integers(0, 2),
        point=POINTS,
        travel=st.sampled_from(Travel),
        availability=st.sampled_from(Availability),
        hours_wanted=st.integers(0, 2100),
        hours_given=st.integers(0, 2400),
        last_worked=st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2026, 12, 31))),
        blocks=st.sampled_from(((), (LEGAL,), (TRAVEL,), (LEGAL, TRAVEL))),
    ),
    unique_by=lambda candidate: candidate.person,
    max_size=12,
)


def ranked(candidates: list[Candidate], in_twos_ok: bool) -> Ranking:
    return rank(replace(NEED, in_twos_ok=in_twos_ok), candidates, today=TODAY)


@given(CANDIDATES, st.randoms(use_true_random=False), st.booleans())
def test_the_order_does_not_depend_on_the_order_people_come_in(candidates, random, in_twos_ok):
    shuffled = list(candidates)
    random.shuffle(shuffled)
    assert ranked(shuffled, in_twos_ok) == ranked(candidates, in_twos_ok)


@given(CANDIDATES, st.booleans())
def test_nobody_blocked_ever_comes_before_somebody_who_is_not(candidates, in_twos_ok):
    blocked = [bool(suggestion.blocks) for suggestion in ranked(candidates, in_twos_ok).suggestions]
    assert blocked == sorted(blocked)


@given(CANDIDATES, st.integers(0, 12))
def test_a_shorter_list_is_the_beginning_of_the_longer_one(candidates, limit):
    whole = rank(NEED, candidates, today=TODAY).suggestions
    assert rank(NEED, candidates, today=TODAY, limit=limit).suggestions == whole[:limit]


@given(CANDIDATES)
def test_two_people_stand_in_the_same_order_whoever_else_is_there(candidates):
    everybody = order(*candidates)
    for first, second in pairwise(everybody):
        pair = [candidate for candidate in candidates if candidate.person.int in (first, second)]
        assert order(*pair) == [first, second]
