"""How a group purchase closes: somebody decides it at once; what each household receives is then written down, some
hundred at a time.
"""

from entremise.buying import queries
from entremise.buying.models import Allotment, Purchase, Share
from entremise.buying.operations.planning import alone
from entremise.buying.queries import Preview
from entremise.buying.rules.states import PURCHASE
from entremise.campaigns import operations as campaigns
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require

CHUNK = 300  # Households that are written down in one transaction.


def close_purchase(*, act: Act, purchase: Purchase, seen: str) -> Purchase:
    """What somebody saw in the preview comes true: the price is fixed, and what each household receives. seen: the
    digest of that preview. Called again with the same one, nothing more happens.

    One of up to `CHUNK` households is closed by it. A larger one is only decided, and `write_shares` does the rest:
    nobody pledges or changes anything by then, so that every preview of it is the one that was seen.

    Raises Refused("closing_changed") when it would be something else by now, Refused("not_enough_yet") below the
    threshold, Refused("not_now") while it takes pledges.
    """
    require(act, Verb.CAMPAIGNS_RUN, owner=purchase.campaign.organiser_id)
    campaign = alone(purchase)
    if purchase.state == "closing" or purchase.closed_at:
        return purchase
    found = queries.preview(purchase=purchase)
    if found.digest != seen:
        raise Refused("closing_changed")
    if not found.enough:
        raise Refused("not_enough_yet", {"number": campaign.number})
    campaigns.tip(act=act, campaign=campaign)
    purchase.state, fact = PURCHASE.step(purchase.state, "decide")
    purchase.seen = seen
    purchase.save(update_fields=["state", "seen"])
    _record(act, purchase, fact, found)
    if len(found.pledges) <= CHUNK:
        _write_down(act, purchase, found, CHUNK)
    return purchase


def write_shares(*, act: Act, purchase: Purchase, found: Preview, limit: int = CHUNK) -> int:
    """At most `limit` more households of a purchase that somebody decided to close; with the last ones it is closed.
    Returns how many. Called again, it goes on where it stopped. found: the preview, the same for all of them.

    Raises Refused("not_now") when there is nothing to close, or it was called off meanwhile.
    """
    require(act, Verb.CAMPAIGNS_CARRY)
    campaign = alone(purchase)
    if purchase.closed_at:
        return 0
    if campaign.state != "tipped":
        raise Refused("not_now", {"thing": "campaign", "state": campaign.state, "verb": "close"})
    return _write_down(act, purchase, found, limit)


def _write_down(act: Act, purchase: Purchase, found: Preview, limit: int) -> int:
    state, fact = PURCHASE.step(purchase.state, "close")
    if found.digest != purchase.seen:
        # No rule leads here; another version of the program may. Somebody has to look before anything is written.
        raise RuntimeError(f"purchase {purchase.id} would not close as it was seen")
    written = set(Share.objects.filter(purchase=purchase).values_list("pledge", flat=True))
    left = [one.id for one in found.pledges if one.id not in written]
    parts = found.parts
    shares = {
        pledge: Share(purchase=purchase, pledge_id=pledge, amount=sum(part.amount for part in parts.get(pledge, ())))
        for pledge in left[:limit]
    }
    Share.objects.bulk_create(shares.values())
    articles = {article.lot_id: article for article in queries.articles_of(purchase=purchase.id)}
    Allotment.objects.bulk_create(
        (
            Allotment(
                share=share,
                article=articles[part.lot],
                units=part.units,
                price=part.price,
                too_dear=part.too_dear,
            )
            for pledge, share in shares.items()
            for part in parts.get(pledge, ())
        ),
        batch_size=500,
    )
    if len(left) <= limit:
        purchase.state, purchase.closed_at = state, act.at
        purchase.save(update_fields=["state", "closed_at"])
        _record(act, purchase, fact, found)
    return len(shares)


def _record(act: Act, purchase: Purchase, fact: str, found: Preview) -> None:
    closing = found.closing
    data = {"number": purchase.campaign.number, "households": closing.households, "total": closing.money}
    record(act=act, type=fact, thing="purchase", thing_id=purchase.id, data=data)
