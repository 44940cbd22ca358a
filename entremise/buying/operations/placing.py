"""A standing order when the next purchase of its series opens: placed once, skipped, or missed and told why."""

from collections.abc import Mapping

from entremise.buying import queries
from entremise.buying.models import Article, Purchase, Standing, StandingTurn
from entremise.buying.operations.planning import Wants, order
from entremise.buying.rules.repeating import Fitting, Offered, Usual, fitting
from entremise.buying.rules.states import STANDING
from entremise.campaigns import queries as campaigns
from entremise.campaigns.models import Pledge
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require

VERBS: Mapping[str, str] = {"placed": "place", "skipped": "pass", "already": "meet", "missed": "miss"}  # By outcome.


def place_standing(*, act: Act, standing: Standing, purchase: Purchase) -> StandingTurn:
    """Order in the name of whoever's turn it is what they said once, and tell them; nothing when they skip this one or
    ordered themselves. Called again, nothing more happens.

    Raises Refused("not_now") for one that is paused, over or said later, and what `order` raises: then `miss_standing`.
    """
    row, before = _alone(act, standing, purchase)
    if before:
        return before
    if row.skips:
        row.skips = False
        row.save(update_fields=["skips"])
        return _turn(act, row, purchase, "skipped")
    mine = campaigns.pledge_of(campaign=purchase.campaign_id, person=row.whose.id)
    if mine:
        return _passed_on(row, _turn(act, row, purchase, "already", pledge=mine))
    found = _fitting(row, purchase)
    if not found.taken:
        return _missed(act, row, purchase, found, "")
    pledge = order(
        act=act.for_person(row.whose.id),
        purchase=purchase,
        person=row.whose,
        wants=[Wants(article, one.quantity, one.tolerance, one.ceiling) for article, one in found.taken],
        means=Pledge.Means.LATER if row.partners_turn else row.means,
        budget=None if row.partners_turn else row.budget,
    )
    made = _turn(act, row, purchase, "placed", pledge=pledge)
    _tell(act, made, found, "standing_placed", at_most=pledge.at_most)
    return _passed_on(row, made)


def miss_standing(*, act: Act, standing: Standing, purchase: Purchase, why: str) -> StandingTurn:
    """It could not be ordered this time, and they are told why; it stays their turn. why: the code of the refusal."""
    row, before = _alone(act, standing, purchase)
    return before or _missed(act, row, purchase, _fitting(row, purchase), why)


def _alone(act: Act, standing: Standing, purchase: Purchase) -> tuple[Standing, StandingTurn | None]:
    require(act, Verb.CAMPAIGNS_CARRY)
    rows = Standing.objects.select_for_update(no_key=True, of=("self",)).select_related("person", "partner")
    row = rows.get(id=standing.id)
    before = StandingTurn.objects.filter(standing=row, purchase=purchase).first()
    due = row.state == "active" and purchase.series_id == row.series_id and purchase.campaign.number > row.after
    if before is None and not due:
        raise Refused("not_now", {"thing": "standing", "state": row.state, "verb": "place"})
    return row, before


def _fitting(row: Standing, purchase: Purchase) -> Fitting[Article]:
    return fitting(
        usual=[
            Usual(one.title, one.unit, one.quantity, one.tolerance, one.ceiling)
            for one in row.lines.filter(quantity__gt=0).order_by("id")
        ],
        offered=[
            Offered(one, one.lot.title, one.unit, min(price for _, price in one.tiers))
            for one in queries.articles_of(purchase=purchase.id)
        ],
    )


def _missed(act: Act, row: Standing, purchase: Purchase, found: Fitting[Article], why: str) -> StandingTurn:
    made = _turn(act, row, purchase, "missed", why=why)
    _tell(act, made, found, "standing_missed")
    return made


def _passed_on(row: Standing, made: StandingTurn) -> StandingTurn:
    """The next time is the other household's."""
    if row.partner_id:
        row.partners_turn = not row.partners_turn
        row.save(update_fields=["partners_turn"])
    return made


def _turn(
    act: Act, row: Standing, purchase: Purchase, outcome: str, *, pledge: Pledge | None = None, why: str = ""
) -> StandingTurn:
    made = StandingTurn.objects.create(
        standing=row, purchase=purchase, person=row.whose, pledge=pledge, outcome=outcome, why=why, at=act.at
    )
    _state, fact = STANDING.step(row.state, VERBS[outcome])
    data = {"number": purchase.campaign.number}
    record(act=act, type=fact, thing="standing", thing_id=row.id, data=data)
    return made


def _tell(act: Act, made: StandingTurn, found: Fitting[Article], template: str, *, at_most: int = 0) -> None:
    campaign = made.purchase.campaign
    messaging.queue(
        act=act,
        person=made.person,
        template=template,
        context={
            "person": made.person,
            "campaign": campaign,
            "lines": [one for _article, one in found.taken],
            "gone": found.gone,
            "dear": [{"title": one.title, "price": price} for one, price in found.dear],
            "why": made.why,
            "at_most": at_most,
            "in_turn": made.standing.partner_id is not None,
            "organisation": made.organisation,
        },
        key=f"{template}:{made.id}",
        about="standing",
        about_id=made.standing_id,
    )
