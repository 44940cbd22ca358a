"""The next season of a recurring job. A usage contract has an end written in it: no silence carries it on."""

from datetime import timedelta

from entremise.agreements.models import Agreement
from entremise.jobs.models import Request
from entremise.jobs.operations.agreeing import agree
from entremise.jobs.operations.holding import hold
from entremise.jobs.operations.moves import move_request
from entremise.jobs.operations.quoting import lapse_quotes, quote_on
from entremise.jobs.operations.requests import at_price_of, finish_if_over
from entremise.jobs.queries.people import SEASON_WEEKS, blocks_for
from entremise.jobs.queries.seasons import Season, running_out
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market import operations as market
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require


def remind_renewal(*, act: Act, season: Season) -> None:
    """The agreed visits run out: the desk asks both sides whether they go on, once the next is near enough to agree.
    A rhythm that is over is done.
    """
    request = season.request
    if season.next is None:
        hold(request=request)
        finish_if_over(act=act, request=request)
        return
    if season.next > act.at + timedelta(weeks=SEASON_WEEKS):
        return
    messaging.add_task(
        act=act,
        kind="renew",
        key=f"renew:{season.id}:{season.last:%Y-%m-%d}",
        person=request.client,
        about="request",
        about_id=request.id,
        due_at=min(season.last, season.next, act.at + messaging.CALL_WITHIN),
        params={"number": request.listing.number},
    )


def renew(*, act: Act, request: Request) -> list[Agreement]:
    """Whoever does a recurring job goes on: for each a new agreement of the coming visits, at the price of their day,
    that client and worker sign anew. By quote there is none yet: the supplier's price goes to the client once more,
    whose yes makes it (`accept_quote`).

    Raises Refused("not_running_out") while visits enough are agreed, ("no_longer_possible") when a rule stands
    against it; then `seek_another` looks for somebody else.
    """
    require(act, Verb.MISSIONS_AGREE)
    hold(request=request)
    seasons = [one for one in running_out(at=act.at, request=request) if one.next]
    if not seasons:
        raise Refused("not_running_out", {"number": request.listing.number})
    if request.by_quote:
        for season in seasons:
            after = max(season.last, act.at)
            quote_on(act=act, request=request, proposal=season.proposal, after=after)
        return []
    move_request(act=act, request=request, verb="renew", data={"people": len(seasons)})
    at_price_of(request, min(one.next for one in seasons if one.next))
    made = []
    for season in seasons:
        after, waived = max(season.last, act.at), season.proposal.override.get("blocks", [])
        for block in blocks_for(request=request, person=season.proposal.person_id, at=act.at, after=after):
            if block.code not in waived:
                raise Refused("no_longer_possible", {"block": block.code, **block.params})
        signer = act.by.person
        made.append(agree(act=act, request=request, proposal=season.proposal, after=after, offered_by=signer))
    messaging.finish_tasks_about(act=act, about_id=request.id, outcome="renewed")
    return made


def seek_another(*, act: Act, request: Request) -> Request:
    """Whoever comes now does not go on: what they promised stands, and the desk looks for somebody for the rest,
    at the price of its day.

    Raises Refused("not_running_out") while visits enough are agreed.
    """
    require(act, Verb.MISSIONS_CANCEL)
    hold(request=request)
    seasons = [one for one in running_out(at=act.at, request=request) if one.next]
    if not seasons:
        raise Refused("not_running_out", {"number": request.listing.number})
    lapse_quotes(act=act, request=request)
    for season in seasons:
        market.withdraw(act=act, proposal=season.proposal)
    messaging.finish_tasks_about(act=act, about_id=request.id, outcome="reopened")
    at_price_of(request, min(one.next for one in seasons if one.next))
    move_request(act=act, request=request, verb="reopen")
    return request
