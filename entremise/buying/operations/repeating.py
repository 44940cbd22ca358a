"""A purchase that comes again, planned from the one before."""

from entremise.buying import queries
from entremise.buying.models import Purchase, Series
from entremise.buying.operations import planning
from entremise.buying.operations.planning import Plan, alone
from entremise.campaigns.operations import Terms
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.rules.may import Verb, require

LONGEST = 52  # Weeks: beyond, somebody mistyped.


def repeat(*, act: Act, purchase: Purchase, weeks: int) -> Series:
    """It comes again every so many weeks. Said again, the rhythm changes. Raises Refused("rhythm_wrong")."""
    require(act, Verb.CAMPAIGNS_RUN, owner=purchase.campaign.organiser_id)
    if not 1 <= weeks <= LONGEST:
        raise Refused("rhythm_wrong", where="weeks")
    campaign = alone(purchase)
    series = purchase.series
    if series and series.weeks == weeks:
        return series
    if series is None:
        series = purchase.series = Series.objects.create(weeks=weeks, begun_at=act.at)
        purchase.save(update_fields=["series"])
    else:
        series.weeks = weeks
        series.save(update_fields=["weeks"])
    data = {"number": campaign.number, "weeks": weeks}
    record(act=act, type="series_rhythm_set", thing="series", thing_id=series.id, data=data)
    return series


def plan_next(*, act: Act, series: Series, terms: Terms, plan: Plan) -> Purchase:
    """The next purchase of a series; nobody sees it yet.

    Raises Refused("next_planned") while the one before is not open yet, and like `planning.plan`.
    """
    require(act, Verb.CAMPAIGNS_RUN)
    list(Series.objects.select_for_update(no_key=True).filter(id=series.id).values_list("id"))
    before = queries.latest_of(series=series.id)
    if before.campaign.state == "draft":
        raise Refused("next_planned", {"number": before.campaign.number})
    purchase = planning.plan(act=act, terms=terms, plan=plan)
    purchase.series = series
    purchase.save(update_fields=["series"])
    data = {"number": purchase.campaign.number, "after": before.campaign.number}
    record(act=act, type="series_went_on", thing="series", thing_id=series.id, data=data)
    return purchase
