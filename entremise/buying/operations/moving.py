"""What a purchase does by itself when its time comes, and how one that came to nothing is let go."""

from entremise.buying import queries
from entremise.buying.models import Purchase
from entremise.buying.operations.planning import alone
from entremise.buying.operations.telling import tell_household
from entremise.buying.rules.states import PURCHASE
from entremise.campaigns import operations as campaigns
from entremise.campaigns import queries as campaign_queries
from entremise.campaigns.rules import ENDED, LIVE, TAKING
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require

CHUNK = 50  # Households that are told in one transaction.


def move_on(*, act: Act, purchase: Purchase) -> Purchase:
    """What its time says: only what fills boxes is taken; or it is shut, and fails when it is not enough. Somebody
    looks at what is enough, and closes it. Called again, nothing more happens.
    """
    require(act, Verb.CAMPAIGNS_CARRY)
    campaign = alone(purchase)
    if campaign.state in TAKING and campaign.closes_at <= act.at:
        campaigns.shut(act=act, campaign=campaign)
        if not queries.preview(purchase=purchase).enough:
            campaigns.fail(act=act, campaign=campaign)
    elif campaign.state == "open" and campaign.fills_at and campaign.fills_at <= act.at:
        campaigns.begin_filling(act=act, campaign=campaign)
    return purchase


def let_go(*, act: Act, purchase: Purchase, limit: int = CHUNK) -> int:
    """Its campaign failed or was called off: at most `limit` households are told why, and what was set aside for it is
    free again. Returns how many; with the last ones it is over. Called again, it goes on where it stopped.

    Raises Refused("not_now") while its campaign may still come to something.
    """
    require(act, Verb.CAMPAIGNS_CARRY)
    campaign = alone(purchase)
    if campaign.state not in ENDED:
        raise Refused("not_now", {"thing": "purchase", "state": campaign.state, "verb": "let_go"})
    told = [
        pledge
        for state in LIVE
        for pledge in campaign_queries.pledges_in(campaign=campaign.id, state=state, limit=limit)
    ][:limit]
    campaigns.release(act=act, pledges=told)
    for pledge in told:
        tell_household(act, purchase, pledge, "purchase_off")
    if len(told) < limit and purchase.state != "off":
        purchase.state, fact = PURCHASE.step(purchase.state, "let_go")
        purchase.save(update_fields=["state"])
        record(act=act, type=fact, thing="purchase", thing_id=purchase.id, data={"number": campaign.number})
    return len(told)
