"""From what people say they need to the answer that is chosen for them, and why."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from entremise.buying import operations, queries
from entremise.buying.models import Brief, Need, Tender
from entremise.buying.operations import BriefDraft, Offered, Plan
from entremise.buying.operations.needing import MOST, Words
from entremise.buying.rules.tiers import Tier
from entremise.campaigns.operations import Terms
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.people.models import Person
from entremise.tenancy.models import Organisation
from tests.buying.conftest import CLOSES, PELLETS, household
from tests.conftest import TODAY

ANSWERS, VOTES = date(2026, 12, 4), date(2026, 12, 11)
DRAFT = BriefDraft(
    title="Granulés pour l’hiver",
    about="Des granulés de bois en sacs, livrés à Valmarelle avant Noël.",
    unit="sac de 15 kg",
    answers_until=ANSWERS,
    votes_until=VOTES,
    counts="La distance, et qui travaille à la scierie.",
)
OFFERED = Offered([Tier(1, 620), Tier(10, 560)], Decimal("0.1"), date(2027, 1, 31), size=6, minimum=60, lead_days=9)

Voting = Callable[..., tuple[Brief, list[Tender]]]


def later(act: Act, days: int) -> Act:
    return replace(act, at=TODAY + timedelta(days=days))


def said(act: Act, number: int = 1, what: str = "Granulés de bois") -> Need:
    return operations.say_need(act=act, person=household(number), words=Words(what, 20, "sac"))


def firm(name: str) -> Person:
    return Person.objects.create(family_name=name, kind="company", known_since=TODAY)


@pytest.fixture
def voting(act: Act) -> Voting:
    """A brief that is put to the vote, with so many households and answers."""

    def put(households: int = 3, answers: int = 2, **changed: Any) -> tuple[Brief, list[Tender]]:
        needs = [said(act, number) for number in range(households)]
        brief = operations.write_brief(act=act, draft=replace(DRAFT, **changed), needs=needs)
        brief = operations.ask_suppliers(act=act, brief=brief)
        made = [
            operations.tender(act=act, brief=brief, supplier=firm(f"Scierie {number}"), offered=OFFERED)
            for number in range(answers)
        ]
        return operations.put_to_vote(act=act, brief=brief), made

    return put


def test_a_need_said_twice_is_one(act: Act, organisation: Organisation) -> None:
    person = household(1)
    first = operations.say_need(act=act, person=person, words=Words("Granulés  de bois"))
    assert operations.say_need(act=act, person=person, words=Words("granulés de bois")).id == first.id
    assert Need.objects.count() == 1


def test_a_need_without_words_is_refused_beside_them(act: Act, organisation: Organisation) -> None:
    with pytest.raises(Refused, match="need_what") as refused:
        operations.say_need(act=act, person=household(1), words=Words("  "))
    assert refused.value.where == "what"


def test_nobody_fills_the_list_alone(act: Act, organisation: Organisation) -> None:
    person = household(1)
    for number in range(MOST):
        operations.say_need(act=act, person=person, words=Words(f"chose {number}"))
    with pytest.raises(Refused, match="too_many_needs"):
        operations.say_need(act=act, person=person, words=Words("encore une chose"))


def test_a_need_is_gathered_by_one_brief_only(act: Act, organisation: Organisation) -> None:
    need = said(act)
    operations.write_brief(act=act, draft=DRAFT, needs=[need])
    with pytest.raises(Refused, match="need_elsewhere"):
        operations.write_brief(act=act, draft=DRAFT, needs=[need])
    assert Need.objects.get().state == "gathered"


def test_a_vote_that_ends_before_the_answers_is_refused(act: Act, organisation: Organisation) -> None:
    with pytest.raises(Refused, match="vote_too_early"):
        operations.write_brief(act=act, draft=replace(DRAFT, votes_until=ANSWERS - timedelta(days=1)))


def test_suppliers_who_are_asked_are_written_to_once(act: Act, organisation: Organisation) -> None:
    brief = operations.write_brief(act=act, draft=DRAFT)
    supplier = firm("Scierie du Lac")
    with pytest.raises(Refused, match="not_now"):
        operations.invite(act=act, brief=brief, supplier=supplier)
    operations.ask_suppliers(act=act, brief=brief)
    for _ in range(2):
        operations.invite(act=act, brief=brief, supplier=supplier)
    assert Letter.objects.filter(template="tender_wanted", person=supplier).count() == 1


def test_an_answer_replaces_the_one_before_and_changes_none(act: Act, organisation: Organisation) -> None:
    brief = operations.ask_suppliers(act=act, brief=operations.write_brief(act=act, draft=DRAFT))
    supplier = firm("Scierie du Lac")
    first = operations.tender(act=act, brief=brief, supplier=supplier, offered=OFFERED)
    assert operations.tender(act=act, brief=brief, supplier=supplier, offered=OFFERED).id == first.id
    dearer = replace(OFFERED, delivery=3000)
    second = operations.tender(act=act, brief=brief, supplier=supplier, offered=dearer)
    assert [one.id for one in queries.tenders_of(brief=brief.id)] == [second.id]
    assert Tender.objects.get(id=first.id).delivery == 0


def test_an_answer_comes_in_time_and_lasts_through_the_vote(act: Act, organisation: Organisation) -> None:
    brief = operations.ask_suppliers(act=act, brief=operations.write_brief(act=act, draft=DRAFT))
    short = replace(OFFERED, valid_until=VOTES - timedelta(days=1))
    wrong = replace(OFFERED, tiers=[Tier(1, 500), Tier(3, 500)])
    with pytest.raises(Refused, match="valid_too_short"):
        operations.tender(act=act, brief=brief, supplier=firm("Scierie"), offered=short)
    with pytest.raises(Refused, match="answers_over"):
        operations.tender(act=later(act, 12), brief=brief, supplier=firm("Scierie"), offered=OFFERED)
    with pytest.raises(Refused, match="tiers_wrong"):
        operations.tender(act=act, brief=brief, supplier=firm("Scierie"), offered=wrong)


def test_without_an_answer_or_a_need_there_is_no_vote(act: Act, organisation: Organisation) -> None:
    brief = operations.ask_suppliers(act=act, brief=operations.write_brief(act=act, draft=DRAFT))
    with pytest.raises(Refused, match="no_answers"):
        operations.put_to_vote(act=act, brief=brief)
    operations.tender(act=act, brief=brief, supplier=firm("Scierie"), offered=OFFERED)
    with pytest.raises(Refused, match="nobody_to_vote"):
        operations.put_to_vote(act=act, brief=brief)


def test_whoever_needs_it_votes_and_may_change_their_mind(act: Act, voting: Voting) -> None:
    brief, (one, other) = voting()
    voter, *_ = queries.voters(brief=brief.id)
    operations.cast_ballot(act=act, brief=brief, person=voter, choices=[one.id])
    operations.cast_ballot(act=act, brief=brief, person=voter, choices=[other.id])
    assert queries.count(brief=brief).first == (other.id,)
    with pytest.raises(Refused, match="no_vote_of_theirs"):
        operations.cast_ballot(act=act, brief=brief, person=household(99), choices=[one.id])
    with pytest.raises(Refused, match="named_twice"):
        operations.cast_ballot(act=act, brief=brief, person=voter, choices=[one.id, one.id])
    with pytest.raises(Refused, match="vote_over"):
        operations.cast_ballot(act=later(act, 19), brief=brief, person=voter, choices=[one.id])


def test_an_answer_that_was_taken_back_counts_no_more(act: Act, voting: Voting) -> None:
    brief, (one, other) = voting()
    first, second, _ = queries.voters(brief=brief.id)
    operations.cast_ballot(act=act, brief=brief, person=first, choices=[one.id, other.id])
    operations.cast_ballot(act=act, brief=brief, person=second, choices=[one.id])
    operations.end_tender(act=act, tender=one)
    assert queries.count(brief=brief).first == (other.id,)
    with pytest.raises(Refused, match="tender_over"):
        operations.cast_ballot(act=act, brief=brief, person=second, choices=[one.id])
    with pytest.raises(Refused, match="not_now"):
        operations.end_tender(act=act, tender=one)


def test_what_the_vote_prefers_is_chosen_without_another_reason(act: Act, voting: Voting) -> None:
    brief, (one, _) = voting()
    for voter in queries.voters(brief=brief.id):
        operations.cast_ballot(act=act, brief=brief, person=voter, choices=[one.id])
    chosen = operations.choose(act=act, brief=brief, tender=one)
    assert (chosen.state, chosen.chosen_id, chosen.reason) == ("chosen", one.id, "")
    assert Letter.objects.filter(template="brief_chosen").count() == 3


@pytest.mark.parametrize("quorum", [1, 3])
def test_another_choice_or_too_few_votes_wants_a_reason(act: Act, voting: Voting, quorum: int) -> None:
    brief, (one, other) = voting(quorum=quorum)
    voter, *_ = queries.voters(brief=brief.id)
    operations.cast_ballot(act=act, brief=brief, person=voter, choices=[one.id])
    taken = other if quorum == 1 else one
    with pytest.raises(Refused, match="vote_open_still"):
        operations.choose(act=act, brief=brief, tender=taken, reason="Elle livre à temps.")
    with pytest.raises(Refused, match="reason_needed") as refused:
        operations.choose(act=later(act, 19), brief=brief, tender=taken)
    assert refused.value.where == "reason"
    chosen = operations.choose(act=later(act, 19), brief=brief, tender=taken, reason="Elle livre à temps.")
    assert chosen.reason == "Elle livre à temps."


def test_what_is_given_up_frees_its_needs_and_says_why(act: Act, voting: Voting) -> None:
    brief, _ = voting()
    with pytest.raises(Refused, match="reason_needed"):
        operations.give_up_brief(act=act, brief=brief, reason=" ")
    given_up = operations.give_up_brief(act=act, brief=brief, reason="Aucune offre ne convient.")
    assert given_up.state == "given_up"
    assert set(Need.objects.values_list("state", "brief")) == {("said", None)}
    assert Letter.objects.filter(template="brief_given_up").count() == 3


def test_a_need_that_is_withdrawn_votes_no_more(act: Act, voting: Voting) -> None:
    brief, (one, _) = voting()
    need = queries.needs_in(brief=brief.id)[0]
    operations.cast_ballot(act=act, brief=brief, person=need.person, choices=[one.id])
    operations.withdraw_need(act=act, need=need)
    assert (queries.count(brief=brief).ballots, queries.count(brief=brief).voters) == (0, 2)
    with pytest.raises(Refused, match="not_now"):
        operations.withdraw_need(act=act, need=need)


def test_the_purchase_that_is_planned_is_that_of_the_chosen_supplier(act: Act, voting: Voting) -> None:
    brief, (one, other) = voting()
    for voter in queries.voters(brief=brief.id):
        operations.cast_ballot(act=act, brief=brief, person=voter, choices=[one.id])
    brief = operations.choose(act=act, brief=brief, tender=one)
    terms = Terms("Granulés", "pledges", 3, act.at, CLOSES)
    plan = Plan(
        role="own_sale",
        pays="handover",
        where="Au local",
        handed_from=(CLOSES + timedelta(days=9)).date(),
        handed_until=(CLOSES + timedelta(days=13)).date(),
        articles=[PELLETS],
        supplier=other.supplier,
    )
    with pytest.raises(Refused, match="supplier_differs"):
        operations.plan_for(act=act, brief=brief, terms=terms, plan=plan)
    purchase = operations.plan_for(act=act, brief=brief, terms=terms, plan=replace(plan, supplier=one.supplier))
    seen = queries.brief(number=brief.number)
    assert seen
    assert (seen.state, seen.purchase_id) == ("planned", purchase.id)
    assert set(Need.objects.values_list("state", flat=True)) == {"met"}
