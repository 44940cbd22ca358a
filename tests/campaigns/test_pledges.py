from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from entremise.campaigns import operations, queries
from entremise.campaigns.models import Campaign, Lot, Pledge
from entremise.campaigns.operations import LotDraft
from entremise.campaigns.rules import Progress, Step, Wish
from entremise.history.models import Fact
from entremise.kernel.act import THE_CLOCK, Act, Actor, Door
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.ledger.rules import Line
from entremise.people.models import Person
from tests.campaigns.conftest import Say, Start, household
from tests.conftest import TODAY

CLOCK = Act(by=THE_CLOCK, at=TODAY + timedelta(days=10), door=Door.CLOCK)


def later(act: Act, **by: float) -> Act:
    return Act(by=act.by, at=act.at + timedelta(**by), door=act.door)


@pytest.fixture
def marsan(act: Act) -> Person:
    return household("Marsan")


@pytest.fixture
def roux(act: Act) -> Person:
    return household("Roux")


@pytest.fixture
def aside(act: Act, marsan: Person) -> Callable[[int], UUID]:
    """Sets minor units aside on what Mme Marsan has with us: 100 euros."""
    theirs = ledger.open_account(code="419100", name="Members", holder=marsan.id, ceiling=0)
    bank, campaigns = (ledger.open_account(code=code, name=code) for code in ("512000", "467200"))
    ledger.post(
        key="in",
        at=act.at,
        effective_on=act.at.date(),
        cause="test",
        cause_id=None,
        lines=[Line(bank.id, theirs.id, 10000, "in")],
    )
    said = iter(range(99))

    def hold(amount: int) -> UUID:
        line = Line(theirs.id, campaigns.id, amount, "aside")
        return ledger.hold(
            key=f"aside:{next(said)}",
            at=act.at,
            effective_on=act.at.date(),
            cause="test",
            cause_id=None,
            lines=[line],
        ).id

    return hold


def free(person: Person) -> int:
    account = ledger_queries.account(code="419100", holder=person.id)
    assert account
    return -ledger_queries.balance(account=account.id).posted - ledger_queries.balance(account=account.id).pending_in


def test_two_households_are_counted_with_what_they_want(start: Start, say: Say, marsan: Person, roux: Person) -> None:
    campaign = start()
    say(campaign, marsan, (40, 10))
    say(campaign, roux, (20, 0), ceiling=575)
    assert queries.progress(campaign=campaign.id) == Progress(2, 60, 40 * 600 + 20 * 575)
    assert [(one.ceiling, one.pledges, one.quantity, one.tolerance) for one in queries.asked(campaign=campaign.id)] == [
        (600, 1, 40, 10),
        (575, 1, 20, 0),
    ]


def test_a_second_word_takes_the_place_of_the_first(start: Start, say: Say, marsan: Person) -> None:
    campaign = start()
    first, second = say(campaign, marsan, (40, 0)), say(campaign, marsan, (30, 5))
    assert first.id == second.id
    assert Pledge.objects.get().at_most == 35 * 600
    lot = campaign.lots.get().id
    assert queries.queue_of(campaign=campaign.id) == [Step(first.id, lot, 30, 0), Step(first.id, lot, 0, 5)]


def test_the_same_word_again_changes_nothing(start: Start, say: Say, marsan: Person) -> None:
    campaign = start()
    say(campaign, marsan, (40, 0))
    say(campaign, marsan, (40, 0))
    assert campaign.lots.get().lines.get().steps.count() == 1


def test_what_is_added_later_queues_behind_what_others_asked_for(
    start: Start, say: Say, act: Act, marsan: Person, roux: Person
) -> None:
    campaign = start()
    say(campaign, marsan, (3, 0))
    say(campaign, roux, (2, 0), act=later(act, hours=1))
    say(campaign, marsan, (5, 0), act=later(act, hours=2))
    assert [step.quantity for step in queries.queue_of(campaign=campaign.id)] == [3, 2, 2]


def test_no_more_is_promised_than_there_is(start: Start, say: Say, marsan: Person, roux: Person) -> None:
    campaign = start(lots=(LotDraft("Caisse", capacity=5),))
    say(campaign, marsan, (4, 0))
    with pytest.raises(Refused) as refused:
        say(campaign, roux, (2, 0))
    assert (refused.value.code, refused.value.params["units"]) == ("lot_taken", 1)
    say(campaign, marsan, (3, 0))
    say(campaign, roux, (2, 0))
    assert Lot.objects.get().taken == 5


def test_what_is_withdrawn_is_there_for_others(start: Start, say: Say, act: Act, marsan: Person, roux: Person) -> None:
    campaign = start(lots=(LotDraft("Caisse", capacity=5),))
    operations.withdraw(act=act, pledge=say(campaign, marsan, (5, 0)))
    say(campaign, roux, (5, 0))
    assert queries.progress(campaign=campaign.id).pledges == 1
    assert queries.pledge_of(campaign=campaign.id, person=marsan.id) is None


def test_who_withdrew_may_come_back(start: Start, say: Say, act: Act, marsan: Person) -> None:
    campaign = start()
    operations.withdraw(act=act, pledge=say(campaign, marsan, (5, 0)))
    say(campaign, marsan, (2, 0))
    assert [one.state for one in queries.pledges_by(person=marsan.id)] == ["pledged", "withdrawn"]


@pytest.mark.parametrize(
    ("hours", "reason"), [(-1, "campaign_not_open"), (240, "campaign_over"), (300, "campaign_over")]
)
def test_a_pledge_is_taken_between_the_opening_and_the_deadline_only(
    start: Start, say: Say, act: Act, marsan: Person, hours: int, reason: str
) -> None:
    campaign = start()
    with pytest.raises(Refused) as refused:
        say(campaign, marsan, (1, 0), act=later(act, hours=hours))
    assert refused.value.code == reason


def test_a_draft_takes_no_pledge(start: Start, say: Say, marsan: Person) -> None:
    campaign = start()
    Campaign.objects.update(state="draft")
    with pytest.raises(Refused, match="campaign_not_open"):
        say(campaign, marsan, (1, 0))


def test_a_budget_is_never_passed(start: Start, say: Say, marsan: Person) -> None:
    with pytest.raises(Refused) as refused:
        say(start(), marsan, (40, 10), budget=29999)
    assert refused.value.params == {"at_most": 30000, "budget": 29999}


def test_a_pledge_wants_something(start: Start, say: Say, marsan: Person) -> None:
    with pytest.raises(Refused, match="nothing_wanted"):
        say(start(), marsan, (0, 3))


def test_towards_the_end_only_what_helps_is_taken(start: Start, say: Say, act: Act, marsan: Person) -> None:
    campaign = start(fills_at=act.at + timedelta(days=8))
    say(campaign, marsan, (5, 0))
    late = later(act, days=9)
    seen: list[tuple[Wish[UUID], Wish[UUID]]] = []

    def helps(lot: UUID, before: Wish[UUID], after: Wish[UUID]) -> bool:
        seen.append((before, after))
        return len(seen) > 1

    with pytest.raises(Refused, match="does_not_help"):
        say(campaign, household("Pons"), (2, 1), act=late, helps=helps)
    say(campaign, household("Odier"), (2, 1), act=late, helps=helps)
    (before, after), *_ = seen
    assert (before.quantity, before.tolerance, after.quantity, after.tolerance) == (5, 0, 7, 1)
    with pytest.raises(Refused, match="does_not_help"):
        operations.withdraw(act=late, pledge=Pledge.objects.get(person=marsan))


def test_money_held_for_it_follows_the_pledge(
    start: Start, say: Say, act: Act, marsan: Person, aside: Callable[[int], UUID]
) -> None:
    campaign = start()
    say(campaign, marsan, (10, 0), means="account", hold=aside)
    assert free(marsan) == 4000
    pledge = say(campaign, marsan, (5, 0), means="account", hold=aside)
    assert free(marsan) == 7000
    operations.withdraw(act=act, pledge=pledge)
    assert free(marsan) == 10000


def test_more_than_there_is_cannot_be_held(
    start: Start, say: Say, marsan: Person, aside: Callable[[int], UUID]
) -> None:
    with pytest.raises(Refused, match="not_enough"):
        say(start(), marsan, (20, 0), means="account", hold=aside)


def test_a_failed_campaign_lets_everybody_go(
    start: Start, say: Say, marsan: Person, roux: Person, aside: Callable[[int], UUID]
) -> None:
    campaign = start()
    say(campaign, marsan, (10, 0), means="account", hold=aside)
    say(campaign, roux, (10, 0))
    operations.fail(act=CLOCK, campaign=operations.shut(act=CLOCK, campaign=campaign))
    assert queries.to_release() == [campaign]
    waiting = queries.pledges_in(campaign=campaign.id, state="pledged", limit=10)
    assert operations.release(act=CLOCK, pledges=waiting) == 2
    assert free(marsan) == 10000
    assert queries.to_release() == []
    assert set(Pledge.objects.values_list("state", flat=True)) == {"released"}
    assert Fact.objects.filter(type="pledge_released").count() == 2


def test_what_was_charged_and_is_released_after_all_frees_its_hold_once(
    start: Start, say: Say, marsan: Person, aside: Callable[[int], UUID]
) -> None:
    pledge = say(start(), marsan, (10, 0), means="account", hold=aside)
    for verb in (operations.confirm, operations.charge, operations.release):
        assert verb(act=CLOCK, pledges=[pledge]) == 1
    assert (pledge.state, free(marsan)) == ("released", 10000)


def test_two_clocks_release_a_pledge_once(start: Start, say: Say, marsan: Person) -> None:
    campaign = start()
    say(campaign, marsan, (10, 0))
    operations.fail(act=CLOCK, campaign=operations.shut(act=CLOCK, campaign=campaign))
    first, second = (queries.pledges_in(campaign=campaign.id, state="pledged", limit=10) for _ in range(2))
    assert [operations.release(act=CLOCK, pledges=rows) for rows in (first, second)] == [1, 0]


def test_a_campaign_is_not_shut_before_its_time(start: Start, act: Act) -> None:
    with pytest.raises(Refused, match="campaign_still_open"):
        operations.shut(act=later(act, days=9), campaign=start())


def test_the_clock_finds_what_fills_and_what_is_over(start: Start, act: Act) -> None:
    campaign = start(fills_at=act.at + timedelta(days=8))
    assert queries.to_move_on(at=act.at + timedelta(days=7)) == []
    assert queries.to_move_on(at=act.at + timedelta(days=8)) == [campaign]
    operations.begin_filling(act=CLOCK, campaign=campaign)
    assert queries.to_move_on(at=act.at + timedelta(days=9)) == []
    assert queries.to_move_on(at=act.at + timedelta(days=10)) == [campaign]


def test_who_calls_it_off_says_why(start: Start, act: Act) -> None:
    campaign = start()
    with pytest.raises(Refused, match="reason_needed"):
        operations.call_off(act=act, campaign=campaign, reason=" ")
    assert operations.call_off(act=act, campaign=campaign, reason="Le fournisseur a fermé").state == "called_off"


def test_a_member_pledges_for_themselves_only(start: Start, say: Say, act: Act, marsan: Person, roux: Person) -> None:
    herself = Act(by=Actor(marsan.id), at=act.at, door=Door.SITE)
    say(campaign := start(), marsan, (1, 0), act=herself)
    with pytest.raises(Refused, match="not_allowed"):
        say(campaign, roux, (1, 0), act=herself)
