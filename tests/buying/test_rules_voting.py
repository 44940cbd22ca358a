"""How votes on answers are counted, and which needs are shown together."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.buying.rules.gathering import alike, words_of
from entremise.buying.rules.voting import METHODS, Method, approval, ranking

AMONG = ["a", "b", "c", "d"]
BALLOTS = st.lists(st.lists(st.sampled_from(AMONG), unique=True), max_size=12)


@pytest.mark.parametrize("method", METHODS.values(), ids=list(METHODS))
@given(ballots=BALLOTS, order=st.randoms(use_true_random=False))
def test_the_order_of_the_ballots_changes_nothing(method: Method[str], ballots: list[list[str]], order: Random) -> None:
    mixed = list(ballots)
    order.shuffle(mixed)
    assert method(mixed, AMONG) == method(ballots, AMONG)


@given(ballots=BALLOTS)
def test_another_yes_never_hurts_whom_it_is_for(ballots: list[list[str]]) -> None:
    before = approval(ballots, AMONG).first
    for one in before:
        assert approval([*ballots, [one]], AMONG).first == (one,)


@given(ballots=BALLOTS)
def test_whoever_is_first_on_most_ballots_wins_a_ranking(ballots: list[list[str]]) -> None:
    tops = [ballot[0] for ballot in ballots if ballot]
    for one in set(tops):
        if tops.count(one) * 2 > len(tops):
            assert ranking(ballots, AMONG).first == (one,)


@given(ballots=BALLOTS)
def test_a_ranking_counts_each_ballot_once_a_round_and_ends(ballots: list[list[str]]) -> None:
    rounds = ranking(ballots, AMONG).rounds
    assert len(rounds) <= len(AMONG)
    for votes in rounds:
        assert sum(votes.values()) <= len(ballots)
        assert list(votes) == [one for one in AMONG if one in votes]


def test_a_ballot_counts_for_its_next_choice_once_the_first_is_out() -> None:
    counted = ranking([["a"], ["a"], ["b", "c"], ["c"], ["c"]], ["a", "b", "c"])
    assert [dict(votes) for votes in counted.rounds] == [{"a": 2, "b": 1, "c": 2}, {"a": 2, "c": 3}]
    assert counted.first == ("c",)


def test_level_votes_leave_the_choice_to_people() -> None:
    assert approval([["a"], ["b"]], ["a", "b"]).first == ("a", "b")
    assert ranking([["a", "b"], ["b", "a"]], ["a", "b"]).first == ("a", "b")


def test_nobody_wanting_any_prefers_none() -> None:
    assert approval([[], []], ["a"]).first == ()
    assert ranking([[], []], ["a"]).first == ()


def test_needs_stand_together_by_a_word_they_share() -> None:
    said = {1: "Granulés de bois", 2: "des granules", 3: "huile d’olive", 4: "Huiles", 5: "couches taille 3"}
    assert alike(said) == [("granulés", [1, 2]), ("huile", [3, 4])]


def test_small_words_and_numbers_bring_nothing_together() -> None:
    assert words_of("pour les 3 kg de la") == {}


@given(texts=st.dictionaries(st.integers(), st.text(alphabet="abcé s", max_size=20), max_size=12))
def test_a_need_stands_in_one_group_at_most(texts: dict[int, str]) -> None:
    seen = [key for _, keys in alike(texts) for key in keys]
    assert len(seen) == len(set(seen))
    assert all(len(keys) > 1 for _, keys in alike(texts))
