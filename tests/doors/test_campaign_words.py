"""Whatever state a campaign or a pledge is in, the doors have a word for it."""

from typing import get_args

from entremise.campaigns.rules import CAMPAIGN, PLEDGE
from entremise.doors.api.purchases import PledgeState, PurchaseState
from entremise.doors.desk.words_together import CAMPAIGNS, PLEDGES, SEEN


def test_every_state_has_its_badge_and_its_place_in_a_tab() -> None:
    assert set(CAMPAIGNS) == CAMPAIGN.states
    assert set(PLEDGES) == PLEDGE.states
    assert {state for key, (_, states) in SEEN.items() if key != "tous" for state in states} == CAMPAIGN.states


def test_programs_are_told_every_state() -> None:
    assert set(get_args(PurchaseState)) == CAMPAIGN.states
    assert set(get_args(PledgeState)) == PLEDGE.states
