from collections.abc import Callable

import pytest

from entremise.history.models import Fact
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market import operations, queries, rules
from entremise.market.models import Listing, Proposal

Publish = Callable[..., Listing]
Ask = Callable[[Listing], list[Proposal]]


def test_numbers_are_short_and_follow_each_other(publish: Publish) -> None:
    assert [publish().number, publish().number] == [101, 102]


def test_the_first_yes_takes_the_only_slot_and_the_rest_are_too_late(act: Act, publish: Publish, ask: Ask) -> None:
    listing = publish()
    first, second, third = ask(listing)
    operations.decline(act=act, proposal=third)
    operations.accept(act=act, proposal=first)
    listing.refresh_from_db()
    assert listing.state == "filled"
    assert [p.id for p in operations.others_lose(act=act, listing=listing)] == [second.id]
    with pytest.raises(Refused, match="not_now"):
        operations.accept(act=act, proposal=Proposal.objects.get(id=second.id))


def test_a_second_yes_before_the_others_are_told_is_refused(act: Act, publish: Publish, ask: Ask) -> None:
    first, second, _ = ask(publish())
    operations.accept(act=act, proposal=first)
    with pytest.raises(Refused, match="already_taken"):
        operations.accept(act=act, proposal=second)


def test_of_two_who_change_a_listing_at_once_the_second_is_refused(act: Act, publish: Publish) -> None:
    mine = publish()
    theirs = Listing.objects.get()
    operations.close(act=act, listing=mine)
    with pytest.raises(Refused, match="not_now"):
        operations.pause(act=act, listing=theirs)
    assert Listing.objects.get().state == "closed"


def test_the_same_yes_twice_is_one_yes(act: Act, publish: Publish, ask: Ask) -> None:
    first, *_ = ask(publish())
    operations.accept(act=act, proposal=first)
    operations.accept(act=act, proposal=Proposal.objects.get(id=first.id))
    assert Fact.objects.filter(type="proposal_accepted").count() == 1


def test_two_slots_take_two_yeses(act: Act, publish: Publish, ask: Ask) -> None:
    listing = publish(slots=2)
    first, second, third = ask(listing)
    operations.accept(act=act, proposal=first)
    operations.accept(act=act, proposal=second)
    assert sorted(Proposal.objects.filter(state="accepted").values_list("slot", flat=True)) == [1, 2]
    with pytest.raises(Refused, match="already_taken"):
        operations.accept(act=act, proposal=third)


def test_a_yes_after_the_deadline_still_counts_while_the_slot_is_free(act: Act, publish: Publish, ask: Ask) -> None:
    first, *_ = ask(publish())
    operations.expire(act=act, proposal=first)
    assert operations.accept(act=act, proposal=first).state == "accepted"


def test_a_withdrawn_yes_frees_the_slot_for_another(act: Act, publish: Publish, ask: Ask) -> None:
    listing = publish()
    first, second, _ = ask(listing)
    operations.withdraw(act=act, proposal=operations.accept(act=act, proposal=first))
    assert operations.accept(act=act, proposal=second).slot == 1


def test_someone_still_free_to_answer_is_not_asked_twice(act: Act, publish: Publish, ask: Ask) -> None:
    listing = publish()
    assert len(ask(listing)) == 3
    assert ask(listing) == []


def test_someone_who_said_no_may_be_asked_again(act: Act, publish: Publish, ask: Ask) -> None:
    listing = publish()
    first, *_ = ask(listing)
    operations.decline(act=act, proposal=first)
    (again,) = ask(listing)
    assert (again.person_id, again.round) == (first.person_id, 2)
    latest = queries.latest_proposal(person=first.person_id, number=listing.number)
    assert latest is not None
    assert latest.id == again.id


def test_a_filled_listing_is_proposed_to_nobody_else(act: Act, publish: Publish, ask: Ask) -> None:
    listing = publish()
    first, *_ = ask(listing)
    operations.accept(act=act, proposal=first)
    listing.refresh_from_db()
    with pytest.raises(Refused, match="already_taken"):
        ask(listing)


def test_states_are_all_reachable() -> None:
    assert not rules.LISTING.unreachable
    assert not rules.PROPOSAL.unreachable
