from entremise.jobs.models import Mission
from entremise.jobs.queries.thanking import may_be_thanked
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require
from entremise.settlement import operations as settlement
from entremise.settlement.models import Tip


def thank(*, act: Act, mission: Mission, amount: int, how: str, key: str) -> Tip:
    """A client gives something to whoever came, once the work is done. how: account, or cash at the counter.

    amount: cents. Raises Refused("not_to_thank_yet") before the work, or for somebody whom we do not employ, and what
    `give_tip` does.
    """
    require(act, Verb.TIPS_GIVE, owner=mission.client_id)
    if not may_be_thanked(mission=mission):
        raise Refused("not_to_thank_yet")
    return settlement.give_tip(
        act=act,
        client=mission.client,
        worker=mission.worker,
        occasion=mission.id,
        amount=amount,
        how=how,
        key=key,
    )
