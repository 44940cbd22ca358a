"""Money for a fund, votes, and what the committee and the rules allow."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from entremise.figures import operations as figures
from entremise.history.models import Fact
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.time import Period
from entremise.messaging.models import Letter
from entremise.people.models import Household, Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice
from entremise.solidarity import operations, queries
from entremise.solidarity.models import Award, Fund, Gift, Rules, Seat
from tests.settlement.conftest import statement
from tests.settlement.town import bill
from tests.solidarity.conftest import (
    DAY,
    JANUARY,
    adopt,
    agreed,
    ask,
    books,
    due,
    give,
    held,
    later,
    owe,
    propose,
    refused,
    somebody,
)

# What comes in


def test_a_gift_is_owed_to_its_purpose_and_its_giver_is_thanked(desk: Act, fund: Fund, aline: Person) -> None:
    give(desk, fund, 2000, giver=aline)
    assert held(fund) == (2000, 0)
    assert (books("511200"), books("196000")) == (2000, -2000)
    assert Letter.objects.get(template="gift_thanks").person == aline


def test_the_same_gift_again_is_one_gift(desk: Act, fund: Fund) -> None:
    first, second = give(desk, fund, 2000), give(desk, fund, 2000)
    assert first == second
    assert held(fund) == (2000, 0)


def test_a_transfer_is_a_line_of_the_statement_and_is_used_once(desk: Act, fund: Fund) -> None:
    (line,) = statement(desk, ("30.00", "CRDT", "R1", "Merci"))
    later_on = later(desk, JANUARY)
    give(later_on, fund, 1, key=f"line:{line.id}", how="transfer", line=line)
    line.refresh_from_db()
    assert (line.state, held(fund), books("512000")) == ("matched", (3000, 0), 3000)
    refused("not_now", lambda: give(later_on, fund, 1, key="again", how="transfer", line=line))


@pytest.mark.parametrize(
    "wrong",
    [
        {"how": "gold"},
        {"how": "transfer"},
        {"kind": "surplus"},
        {"kind": "suspended"},
        {"kind": "grant"},
        {"amount": 0},
    ],
)
def test_a_gift_that_says_too_little_is_refused(desk: Act, fund: Fund, wrong: dict[str, object]) -> None:
    refused("gift_incomplete", lambda: give(desk, fund, **{"amount": 100, **wrong}))


def test_a_cheque_that_bounced_leaves_again_once(desk: Act, fund: Fund) -> None:
    gift = give(desk, fund, 2000)
    operations.take_back(act=desk, gift=gift)
    assert held(fund) == (0, 0)
    refused("already_reversed", lambda: operations.take_back(act=desk, gift=gift))


def test_a_gift_that_leaves_takes_nothing_from_what_was_promised(
    desk: Act, fund: Fund, granted: Callable[[int], Award]
) -> None:
    granted(5000)
    refused("not_enough", lambda: operations.take_back(act=desk, gift=Gift.objects.get()))
    assert held(fund) == (5000, 5000)


def test_a_share_of_the_months_commissions_goes_to_a_fund_once(desk: Act, fund: Fund, aline: Person) -> None:
    invoice = bill(aline, 12000)
    commission = {"what": "commission", "vat": 2000, "month": date(2026, 11, 1), "number": "FA-2026-9999"}
    Invoice.objects.create(**{**model_values(invoice), **commission})
    november = Period.month(2026, 11)
    refused("nothing_to_share", lambda: operations.share_commission(act=desk, fund=fund, month=november))
    rate = {"key": "solidarity.commission_share", "value": Decimal("0.05"), "unit": "rate", "source": "AG"}
    figures.override(act=desk, valid_from=date(2026, 1, 1), **rate)
    for _ in range(2):
        operations.share_commission(act=desk, fund=fund, month=november)
    assert (held(fund), books("689600")) == ((500, 0), 500)
    december = Period.month(2026, 12)
    another = operations.open_fund(act=desk, name="Autre", purpose="x", origin="public")
    refused("day_to_come", lambda: operations.share_commission(act=desk, fund=another, month=december))


def model_values(row: Invoice) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in row._meta.fields if field.name != "id"}


def test_a_client_leaves_what_they_paid_too_much(desk: Act, fund: Fund, aline: Person) -> None:
    invoice = owe(desk, aline, 2000)
    (line,) = statement(desk, ("25.00", "CRDT", "R1", "x"))
    settlement.receive_by_hand(act=desk, line=line, invoice=invoice)
    refused("no_surplus", lambda: operations.leave_surplus(act=desk, fund=fund, invoice=invoice, amount=501, key="s"))
    operations.leave_surplus(act=desk, fund=fund, invoice=invoice, amount=500, key="s")
    assert (held(fund), books("411000"), due(invoice)) == ((500, 0), 0, 0)
    refused("no_surplus", lambda: operations.leave_surplus(act=desk, fund=fund, invoice=invoice, amount=1, key="t"))


def test_a_treasurer_may_give_and_a_support_worker_may_not(desk: Act, fund: Fund) -> None:
    support = replace(desk, by=Actor(desk.by.person, frozenset({Role.SUPPORT_WORKER})))
    refused("not_allowed", lambda: give(support, fund, 100))


# The committee and its rules


def test_rules_are_voted_and_older_versions_stay(desk: Act, seats: list[Seat]) -> None:
    second = adopt(desk, propose(desk, most_award=5000))
    assert queries.rules_in_force(on=DAY) == second
    assert queries.rules_in_force(on=DAY - timedelta(days=1)) is None  # Nothing is adopted backwards.
    assert [one.number for one in queries.versions()] == [2, 1]


def test_rules_that_most_do_not_want_are_rejected(desk: Act, seats: list[Seat]) -> None:
    version = propose(desk, most_award=1)
    operations.vote(act=desk, on=version, answers={seats[0].id: "against", seats[1].id: "abstain"})
    assert operations.close_vote(act=desk, rules_=version).state == "rejected"
    assert queries.rules_in_force(on=DAY).number == 1


def test_the_quorum_is_that_of_the_rules_in_force(desk: Act, seats: list[Seat]) -> None:
    version = propose(desk, quorum=1)
    operations.vote(act=desk, on=version, answers={seats[0].id: "for"})
    refused("quorum_missing", lambda: operations.close_vote(act=desk, rules_=version))


def test_no_decision_counts_without_somebody_who_is_helped(
    desk: Act, fund: Fund, seats: list[Seat], aline: Person
) -> None:
    give(desk, fund, 5000)
    award = agreed(desk, ask(desk, aline))
    operations.unseat(act=desk, seat=seats[0])
    tomorrow = later(desk, desk.at + timedelta(days=1))
    refused("no_beneficiary_seat", lambda: operations.grant(act=tomorrow, award=award, fund=fund, amount=100))
    refused("no_beneficiary_seat", lambda: operations.close_vote(act=tomorrow, rules_=propose(tomorrow)))


def test_nobody_votes_for_themselves_or_their_household(desk: Act, seats: list[Seat]) -> None:
    home = Household.objects.create(name="x")
    member = seats[0].person
    member.household = home
    member.save()
    neighbour = Person.objects.create(family_name="Aussi", household=home, known_since=desk.at)
    for person in (member, neighbour):
        award = ask(desk, person)
        refused("own_case", lambda award=award: operations.vote(act=desk, on=award, answers={seats[0].id: "for"}))
        assert operations.vote(act=desk, on=award, answers={seats[1].id: "for"}) == 1


def test_nobody_grants_themselves(desk: Act, fund: Fund, seats: list[Seat]) -> None:
    me = Person.objects.get(id=desk.by.person)
    give(desk, fund, 5000)
    award = agreed(desk, ask(desk, me))
    refused("own_case", lambda: operations.grant(act=desk, award=award, fund=fund, amount=100))


def test_a_vote_is_cast_once(desk: Act, seats: list[Seat], aline: Person) -> None:
    award = ask(desk, aline)
    assert operations.vote(act=desk, on=award, answers={seats[0].id: "against"}) == 1
    assert operations.vote(act=desk, on=award, answers={seats[0].id: "for"}) == 0
    assert award.votes.get().answer == "against"


def test_members_vote_from_their_own_seat_only(desk: Act, seats: list[Seat], aline: Person) -> None:
    award = ask(desk, aline)
    mine = Act(by=Actor(seats[1].person_id), at=desk.at, door=Door.SITE)
    refused("not_allowed", lambda: operations.vote(act=mine, on=award, answers={seats[0].id: "for"}))
    assert operations.vote(act=mine, on=award, answers={seats[1].id: "for"}) == 1


# Helps


def test_an_award_cites_the_rules_and_is_set_aside(desk: Act, fund: Fund, granted: Callable[[int], Award]) -> None:
    award = granted(4000)
    assert (award.state, award.rules, held(fund)) == ("granted", Rules.objects.get(), (6000, 4000))
    letter = Letter.objects.get(template="help_answered")
    assert letter.person == award.person
    assert "40" not in letter.body


def test_the_committee_said_no_so_it_is_not_granted(desk: Act, fund: Fund, seats: list[Seat], aline: Person) -> None:
    give(desk, fund, 5000)
    award = agreed(desk, ask(desk, aline), "against")
    refused("vote_against", lambda: operations.grant(act=desk, award=award, fund=fund, amount=100))


def test_the_committee_said_yes_so_it_is_not_refused(desk: Act, seats: list[Seat], aline: Person) -> None:
    award = agreed(desk, ask(desk, aline))
    refused("vote_for", lambda: operations.refuse(act=desk, award=award, reason="Non"))


def test_a_fund_never_promises_more_than_it_holds(desk: Act, fund: Fund, seats: list[Seat], aline: Person) -> None:
    give(desk, fund, 3000)
    award = agreed(desk, ask(desk, aline))
    refused("not_enough", lambda: operations.grant(act=desk, award=award, fund=fund, amount=3001))
    operations.grant(act=desk, award=award, fund=fund, amount=3000)


def test_restricted_money_is_for_its_purpose(desk: Act, seats: list[Seat], aline: Person) -> None:
    bus = operations.open_fund(act=desk, name="Bus", purpose="Bus.", origin="grant", purposes=["transport"])
    give(desk, bus, 3000, kind="grant", reference="Convention 12")
    award = agreed(desk, ask(desk, aline, "home_help"))
    refused("fund_not_for_this", lambda: operations.grant(act=desk, award=award, fund=bus, amount=100))
    ride = agreed(desk, ask(desk, aline, "transport"))
    operations.grant(act=desk, award=ride, fund=bus, amount=100)


def test_a_grant_that_has_ended_pays_no_more(desk: Act, seats: list[Seat], aline: Person) -> None:
    over = operations.open_fund(
        act=desk, name="Hier", purpose="Hier.", origin="grant", usable_until=DAY - timedelta(days=1)
    )
    give(desk, over, 3000)
    award = agreed(desk, ask(desk, aline))
    refused("fund_closed", lambda: operations.grant(act=desk, award=award, fund=over, amount=100))


def test_what_one_person_gets_in_a_year_has_a_limit(desk: Act, fund: Fund, granted: Callable[[int], Award]) -> None:
    give(desk, fund, 90000, key="more")
    first = granted(10000)
    refused("award_year_spent", lambda: granted(5001))
    operations.release(act=desk, award=first)  # What is given back leaves room.
    granted(5001)


def test_a_delegate_decides_alone_within_a_ceiling(desk: Act, fund: Fund, seats: list[Seat], aline: Person) -> None:
    give(desk, fund, 5000)
    award = ask(desk, aline)
    refused("not_a_delegate", lambda: operations.grant(act=desk, award=award, fund=fund, amount=100, by="delegate"))
    me = Person.objects.get(id=desk.by.person)
    operations.seat(act=desk, person=me, kind="worker", since=DAY, delegate=True)
    refused("award_too_large", lambda: operations.grant(act=desk, award=award, fund=fund, amount=2001, by="delegate"))
    done = operations.grant(act=desk, award=award, fund=fund, amount=2000, by="delegate")
    assert done.decided_by == "delegate"


def test_needed_today_is_granted_at_once_as_often_as_the_rules_say(
    desk: Act, fund: Fund, seats: list[Seat], aline: Person
) -> None:
    give(desk, fund, 9000)

    def hurry(need: str, amount: int = 1500) -> Award:
        return operations.help_at_once(act=desk, person=aline, purpose="transport", need=need, fund=fund, amount=amount)

    refused("award_too_large", lambda: hurry("Taxi", 1501))
    assert Award.objects.count() == 0
    assert hurry("Taxi") == hurry("Taxi")
    hurry("Bus")
    refused("emergencies_used", lambda: hurry("Train"))
    assert held(fund) == (6000, 3000)


def test_a_refusal_has_a_reason_and_one_appeal(desk: Act, seats: list[Seat], aline: Person) -> None:
    award = agreed(desk, ask(desk, aline), "against")
    operations.refuse(act=desk, award=award, reason="Autre aide possible")
    award = operations.appeal(act=desk, award=award, words="Elle est finie")
    assert (award.state, award.round) == ("appealed", 2)
    refused("quorum_missing", lambda: operations.refuse(act=desk, award=award, reason="Non"))
    agreed(desk, award, "against")
    assert operations.refuse(act=desk, award=award, reason="Non").state == "upheld"
    refused("not_now", lambda: operations.appeal(act=desk, award=award, words="Encore"))


def test_people_ask_and_take_back_their_own_and_nobody_elses(desk: Act, aline: Person) -> None:
    mine = Act(by=Actor(aline.id), at=desk.at, door=Door.SITE)
    award = ask(mine, aline)
    other = Act(by=Actor(somebody("Autre").id), at=desk.at, door=Door.SITE)
    refused("not_allowed", lambda: ask(other, aline))
    refused("not_allowed", lambda: operations.withdraw(act=other, award=award))
    assert operations.withdraw(act=mine, award=award).state == "withdrawn"


def test_no_fact_carries_the_words_of_a_need(desk: Act, fund: Fund, granted: Callable[[int], Award]) -> None:
    granted(500)
    assert "Besoin" not in "".join(str(fact.data) for fact in Fact.objects.all())
