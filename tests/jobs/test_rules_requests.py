import pytest

from entremise.jobs.rules.requests import MISSION, REQUEST
from entremise.kernel.refused import Refused
from entremise.kernel.state import StateTable

TABLES = pytest.mark.parametrize("table", [REQUEST, MISSION], ids=["request", "mission"])


@TABLES
def test_every_state_is_reached_from_the_beginning(table: StateTable):
    assert table.unreachable == frozenset()


@TABLES
def test_every_edge_has_a_fact_named_after_its_thing(table: StateTable):
    assert all(fact.startswith(f"{table.name}_") for fact in table.facts)


@TABLES
def test_one_fact_never_means_two_different_ends(table: StateTable):
    ends: dict[str, set[str]] = {}
    for (before, _verb), (to, fact) in table.edges.items():
        if to != before:  # What changes no state, as a visit that is moved, ends nowhere.
            ends.setdefault(fact, set()).add(to)
    assert all(len(states) == 1 for states in ends.values())


def follow(table: StateTable, *verbs: str) -> str:
    state = ""
    for verb in verbs:
        state, _ = table.step(state, verb)
    return state


def test_a_request_goes_from_the_call_to_the_work_done():
    assert follow(REQUEST, "post", "propose", "propose", "fill", "finish") == "done"


def test_a_request_without_an_answer_is_open_again():
    assert follow(REQUEST, "post", "propose", "run_out") == "open"


def test_a_worker_who_withdraws_opens_the_request_again():
    assert follow(REQUEST, "post", "fill", "reopen", "propose", "fill") == "filled"


def test_other_terms_have_to_be_proposed_anew():
    assert follow(REQUEST, "post", "propose", "amend") == "open"


@pytest.mark.parametrize("verb", ["propose", "fill", "reopen", "amend", "finish"])
def test_a_cancelled_request_stays_cancelled(verb: str):
    with pytest.raises(Refused, match="not_now"):
        REQUEST.step("cancelled", verb)


def test_a_mission_goes_from_the_agreement_to_confirmed_hours():
    assert follow(MISSION, "agree", "sign", "log_hours", "log_hours", "confirm") == "confirmed"


@pytest.mark.parametrize("verb", ["log_hours", "confirm", "miss_worker"])
def test_a_mission_that_is_not_signed_does_not_start(verb: str):
    with pytest.raises(Refused, match="not_now"):
        MISSION.step("agreed", verb)


def test_an_absence_said_by_mistake_can_be_followed_by_hours():
    assert follow(MISSION, "agree", "sign", "miss_worker", "log_hours") == "worked"


@pytest.mark.parametrize("state", ["worked", "confirmed"])
def test_work_that_was_done_cannot_be_cancelled(state: str):
    assert not MISSION.allows(state, "cancel")
