from uuid import UUID

import pytest

from entremise.kernel.act import STAFF, THE_CLOCK, Act, Actor, Door, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.people.rules.may import CLOCK, OPEN, OWN, TABLE, Verb, allowed, may, require
from tests.conftest import TODAY

SOMEBODY, ANOTHER = new_id(), new_id()
MONEY = [Verb.MONTHS_SETTLE, Verb.PAYOUTS_ORDER, Verb.STATEMENTS_IMPORT, Verb.INVOICES_CREDIT, Verb.FIGURES_OVERRIDE]


def acting(*roles: Role, door: Door = Door.SITE, whose: UUID | None = None) -> Act:
    return Act(by=Actor(SOMEBODY, frozenset(roles)), at=TODAY, door=door, on_behalf_of=whose)


@pytest.mark.parametrize("verb", Verb)
def test_every_verb_names_who_may(verb: Verb) -> None:
    assert TABLE[verb] or verb in CLOCK or verb in OWN


@pytest.mark.parametrize("verb", Verb)
def test_a_client_or_a_worker_may_nothing_for_others(verb: Verb) -> None:
    assert not may(frozenset({Role.CLIENT, Role.WORKER}), verb)
    assert not allowed(acting(Role.CLIENT, Role.WORKER), verb, owner=ANOTHER)
    assert not allowed(acting(Role.CLIENT, Role.WORKER), verb)


@pytest.mark.parametrize("verb", MONEY)
def test_money_is_for_the_treasurer_and_the_director(verb: Verb) -> None:
    assert {role for role in Role if may(frozenset({role}), verb)} == {Role.TREASURER, Role.DIRECTOR}


@pytest.mark.parametrize("verb", [Verb.ROLES_GIVE, Verb.ACCOUNTS_GIVE])
def test_only_the_director_opens_the_desk_to_somebody(verb: Verb) -> None:
    assert {role for role in Role if may(frozenset({role}), verb)} == {Role.DIRECTOR}


@pytest.mark.parametrize("verb", sorted(OWN))
def test_people_do_for_themselves_what_is_theirs(verb: Verb) -> None:
    assert allowed(acting(Role.WORKER), verb, owner=SOMEBODY)


@pytest.mark.parametrize("verb", sorted(OWN))
def test_naming_somebody_else_gives_no_right_over_their_things(verb: Verb) -> None:
    assert not allowed(acting(Role.WORKER, whose=ANOTHER), verb, owner=ANOTHER)


def test_nobody_signs_a_payout_by_owning_it() -> None:
    assert not allowed(acting(Role.WORKER), Verb.PAYOUTS_ORDER, owner=SOMEBODY)


def test_the_clock_does_its_verbs_and_no_others() -> None:
    clock = Act(by=THE_CLOCK, at=TODAY, door=Door.CLOCK)
    assert {verb for verb in Verb if allowed(clock, verb)} == CLOCK
    assert not CLOCK & {Verb.PAYOUTS_ORDER, Verb.RULES_WAIVE, Verb.MISSIONS_SIGN, Verb.FIGURES_OVERRIDE}


@pytest.mark.parametrize("door", [door for door in Door if door is not Door.CLOCK])
def test_a_visitor_is_not_the_clock_though_both_are_nobody(door: Door) -> None:
    visitor = Act(by=THE_CLOCK, at=TODAY, door=door)
    assert {verb for verb in Verb if allowed(visitor, verb)} == OPEN


@pytest.mark.parametrize("verb", sorted(OPEN))
def test_a_visitor_does_nothing_to_what_is_somebodys(verb: Verb) -> None:
    visitor = Act(by=THE_CLOCK, at=TODAY, door=Door.SITE)
    assert not allowed(visitor, verb, owner=ANOTHER)
    assert allowed(visitor.for_person(ANOTHER), verb, owner=ANOTHER)  # Whom they were just written down as.


def test_a_refusal_names_the_verb() -> None:
    with pytest.raises(Refused) as caught:
        require(acting(Role.COORDINATOR), Verb.PAYOUTS_ORDER)
    assert (caught.value.code, caught.value.params) == ("not_allowed", {"verb": "payouts.order"})
    require(acting(*STAFF), Verb.PAYOUTS_ORDER)
