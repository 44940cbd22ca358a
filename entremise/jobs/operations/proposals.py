from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from entremise.figures import queries as figures
from entremise.jobs.models import Mission, Request, SupplierQuote, Worker
from entremise.jobs.operations.agreeing import agree
from entremise.jobs.operations.holding import hold, hold_asked, hold_visit
from entremise.jobs.operations.interests import asked_of, nobody_wanted
from entremise.jobs.operations.moves import call_off, move_mission, move_request
from entremise.jobs.operations.quoting import lapse_quotes, send_own_price
from entremise.jobs.operations.requests import forget_quoted_price, found_nobody
from entremise.jobs.queries.offers import pick_of
from entremise.jobs.queries.people import blocks_for, still_promised
from entremise.jobs.queries.quotes import open_quote_of, own_prices
from entremise.jobs.queries.rounds import offer_context
from entremise.jobs.rules.limits import Override, check_override
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market import operations as market
from entremise.market import queries as listings
from entremise.market.models import Proposal
from entremise.market.rules import WAITING
from entremise.messaging import operations as messaging
from entremise.messaging.rules import Purpose
from entremise.people import queries as people
from entremise.people.rules.may import Verb, require


def propose(
    *, act: Act, request: Request, workers: Sequence[UUID], overrides: Mapping[UUID, Override] | None = None
) -> list[Proposal]:
    """Ask several workers at once, each by the way that suits them; the first yes wins.

    A rule that blocks somebody stops the whole proposal unless `overrides` waives it for them, where the law allows:
    raises Refused("block_not_waivable"), ("override_needs_reason") or ("override_needs_reference").
    """
    require(act, Verb.REQUESTS_PROPOSE)
    waived = overrides or {}
    if waived:
        require(act, Verb.RULES_WAIVE)
    asked = []
    for worker in workers:
        blocks = blocks_for(request=request, person=worker, at=act.at)
        check_override(blocks, waived.get(worker))
        person = people.get(person=worker)
        noted: dict[str, object] = {}
        if blocks:
            given = waived[worker]
            noted = {"blocks": [b.code for b in blocks], "by": str(given.by), "reason": given.reason}
            noted["reference"] = given.reference
        asked.append(market.Asked(person, people.way_to_reach(person=person).channel, noted))
    return put_to(act=act, request=request, asked=asked)


def propose_day(*, act: Act, asked: Sequence[tuple[Request, UUID]]) -> list[Proposal]:
    """Several jobs at once, each to one worker, as `queries.days` spread them. All of them or none.

    Raises what `propose` raises, and Refused("not_now") for a request that is no longer open.
    """
    require(act, Verb.REQUESTS_PROPOSE)
    for request, _worker in asked:
        if request.state != "open":
            raise Refused("not_now", {"thing": "request", "state": request.state, "verb": "propose"})
    return [made for request, worker in asked for made in propose(act=act, request=request, workers=[worker])]


def put_to(
    *, act: Act, request: Request, asked: Sequence[market.Asked], offered_by: UUID | None = None
) -> list[Proposal]:
    """Ask people against whom nothing stands. offered_by: who commits the organisation, when it is not whoever acts."""
    hold(request=request)
    patience = timedelta(minutes=int(figures.table().at("proposal.deadline_minutes", act.at.date())))
    made = market.propose(
        act=act, listing=request.listing, asked=asked, deadline=act.at + patience, offered_by=offered_by
    )
    if made:
        move_request(act=act, request=request, verb="propose", data={"people": len(made)})
    for proposal in made:
        _send(act, request, proposal)
    asked_of(act=act, request=request, people=[proposal.person_id for proposal in made])
    return made


def answer(*, act: Act, proposal: Proposal, yes: bool) -> Proposal:
    """A worker's yes or no, whoever carries it in. A yes that comes too late is answered kindly and returned so:
    somebody else goes, or nobody does any more.

    Of somebody who works on their own account a yes is a quote at their own price, which the client answers.
    Raises Refused("no_longer_possible") when a rule has come to stand against it since they were asked, ("not_now") for
    a yes after a no, or on terms that changed, while somebody is still looked for: a person hears them.
    """
    require(act, Verb.PROPOSALS_ANSWER, owner=proposal.person_id)
    request = hold_asked(proposal=proposal)
    if not yes:
        lapse_quotes(act=act, request=request, of=proposal.id)
        market.decline(act=act, proposal=proposal)
        run_out_if_nobody_waits(act, request)
        return proposal
    if proposal.state not in (*WAITING, "accepted"):
        return _too_late(act, request, proposal)
    if request.by_quote and proposal.state != "accepted":
        send_own_price(act=act, proposal=proposal)
        return proposal
    after = still_promised(request, at=act.at)
    if proposal.state in WAITING:
        # Locked: two yeses of one person, to two jobs of the same hour, are judged one after the other.
        Worker.objects.select_for_update().filter(person=proposal.person_id).first()
        waived = proposal.override.get("blocks", [])
        blocks = blocks_for(request=request, person=proposal.person_id, at=act.at, after=after)
        against = [block for block in blocks if block.code not in waived]
        if against:
            raise Refused("no_longer_possible", {"block": against[0].code, **against[0].params})
    before = proposal.state
    market.accept(act=act, proposal=proposal)
    if before != "accepted":
        agreed_yes(act=act, request=request, proposal=proposal, after=after)
    return proposal


def agreed_yes(
    *, act: Act, request: Request, proposal: Proposal, after: datetime, accepted: SupplierQuote | None = None
) -> None:
    """What every yes leads to, by whichever door it came: the others are told, the agreement is drawn up.

    after: the visits that begin later are agreed. accepted: the quote that was said yes to.
    """
    request.listing.refresh_from_db()
    if request.listing.state == "filled" and request.state in ("open", "proposed"):
        move_request(act=act, request=request, verb="fill")
        asked_of(act=act, request=request, people=[proposal.person_id])
        nobody_wanted(act=act, request=request, template="job_taken")
        lapse_quotes(act=act, request=request)
    for other in market.others_lose(act=act, listing=request.listing):
        _tell_over(act, request, other, "job_taken")
    messaging.finish_tasks_about(act=act, about_id=request.id, outcome="filled")
    agree(act=act, request=request, proposal=proposal, after=after, accepted=accepted)


def expire(*, act: Act, proposal: Proposal) -> Proposal:
    """The deadline passed without a word: somebody calls. A late yes still counts while nobody else said it."""
    require(act, Verb.PROPOSALS_EXPIRE)
    request = hold_asked(proposal=proposal)
    market.expire(act=act, proposal=proposal)
    if open_quote_of(proposal=proposal.id):
        lapse_quotes(act=act, request=request, of=proposal.id)
        messaging.add_task(
            act=act,
            kind="quote_over",
            key=f"quote-over:{proposal.id}",
            person=request.client,
            about="request",
            about_id=request.id,
            params={"number": request.listing.number},
        )
        return proposal
    messaging.add_task(
        act=act,
        kind="no_answer",
        key=f"no-answer:{proposal.id}",
        person=proposal.person,
        about="request",
        about_id=request.id,
        params={"number": request.listing.number},
    )
    return proposal


def withdraw_worker(*, act: Act, mission: Mission, reason: str = "") -> Mission:
    """Whoever had said yes cannot come: the job is open again and the desk looks for somebody else."""
    require(act, Verb.MISSIONS_CANCEL, owner=mission.worker_id)
    hold_visit(mission=mission)
    request = Request.objects.select_related("listing").get(id=mission.request_id)
    move_mission(act=act, mission=mission, verb="withdraw", data={"reason": reason[:200]})
    if mission.agreement:
        call_off(act=act, agreement=mission.agreement, verb="withdraw", since=act.at)
    if mission.proposal and mission.proposal.state == "accepted":
        lapse_quotes(act=act, request=request, of=mission.proposal.id)
        market.withdraw(act=act, proposal=mission.proposal)
        if request.state == "filled":
            move_request(act=act, request=request, verb="reopen")
            forget_quoted_price(request)
    messaging.add_task(
        act=act,
        kind="replace",
        key=f"replace:{mission.id}",
        person=mission.client,
        about="request",
        about_id=request.id,
        due_at=min(mission.starts_at, act.at + messaging.CALL_WITHIN),
        params={"number": mission.number},
    )
    return mission


def _send(act: Act, request: Request, proposal: Proposal) -> None:
    context = offer_context(request=request)
    if request.by_quote:
        mine = [proposal.person_id]
        asked = own_prices(people_=mine, activity=request.activity, minutes=request.minutes, on=act.at.date())
        context = {**context, "own": asked.get(proposal.person_id)}
    messaging.queue(
        act=act,
        person=proposal.person,
        template="quote_asked" if request.by_quote else "proposal",
        context=context,
        key=f"proposal:{proposal.id}",
        about="request",
        about_id=request.id,
    )


def _too_late(act: Act, request: Request, proposal: Proposal) -> Proposal:
    now = request.listing.state
    if now == "open":
        raise Refused("not_now", {"thing": "proposal", "state": proposal.state, "verb": "accept"})
    _tell_over(act, request, proposal, "job_taken" if now == "filled" else "job_cancelled")
    return proposal


def _tell_over(act: Act, request: Request, proposal: Proposal, template: str) -> None:
    if act.whose != proposal.person_id and messaging.recall(act=act, key=f"proposal:{proposal.id}"):
        return  # They never heard of it.
    messaging.queue(
        act=act,
        person=proposal.person,
        template=template,
        context={
            "request": request,
            "listing": request.listing,
            "organisation": request.organisation,
            "paid": 0,
            "owed": 0,
        },
        key=f"{template}:{proposal.id}",
        purpose=Purpose.ANSWER if act.whose == proposal.person_id else Purpose.NEWS,
        about="request",
        about_id=request.id,
    )


def run_out_if_nobody_waits(act: Act, request: Request) -> None:
    """Everybody said no: the request comes back to the desk, unless the client wanted one person and nobody else."""
    everybody = listings.proposals_of_listing(listing=request.listing_id)
    if request.state != "proposed" or any(p.state in (*WAITING, "accepted") for p in everybody):
        return
    move_request(act=act, request=request, verb="run_out")
    pick = pick_of(request=request)
    if pick and not pick.else_another:
        found_nobody(act=act, request=request)
        return
    messaging.add_task(
        act=act,
        kind="nobody_left",
        key=f"nobody:{request.id}:{len(everybody)}",
        person=request.client,
        about="request",
        about_id=request.id,
        params={"number": request.listing.number},
    )
