"""The client's word on a quote."""

from zoneinfo import ZoneInfo

from entremise.jobs.models import SupplierQuote, Worker
from entremise.jobs.operations.agreeing import agree
from entremise.jobs.operations.holding import hold
from entremise.jobs.operations.moves import move_request
from entremise.jobs.operations.proposals import agreed_yes, run_out_if_nobody_waits
from entremise.jobs.operations.quoting import move_quote
from entremise.jobs.queries.people import blocks_for, still_promised
from entremise.jobs.queries.seasons import promised_until
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market import operations as market
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require


def accept_quote(*, act: Act, quote: SupplierQuote) -> SupplierQuote:
    """The client says yes: the supplier and the client are bound, everybody else who was asked is told. Yes again is
    the same yes. To the quote of somebody who comes already it is a yes to the next season of a recurring job.

    Raises Refused quote_over after its last day, already_taken, no_longer_possible, not_now.
    """
    require(act, Verb.QUOTES_ANSWER, owner=quote.request.client_id)
    if quote.state == "accepted":
        return quote
    request, proposal = quote.request, quote.proposal
    hold(request=request)
    today = act.at.astimezone(ZoneInfo(request.organisation.timezone)).date()
    if quote.state == "sent" and quote.valid_until < today:
        raise Refused("quote_over", {"last": quote.valid_until})
    goes_on = proposal.state == "accepted"
    # Locked: two yeses to one supplier, for two jobs of the same hour, are judged one after the other.
    Worker.objects.select_for_update().filter(person=quote.supplier_id).first()
    after = promised_until(proposal=proposal, at=act.at) if goes_on else still_promised(request, at=act.at)
    waived = proposal.override.get("blocks", [])
    for block in blocks_for(request=request, person=quote.supplier_id, at=act.at, after=after):
        if block.code not in waived:
            raise Refused("no_longer_possible")  # Which rule is no affair of the client.
    move_quote(act=act, quote=quote, verb="accept")
    request.hourly_price, request.price = quote.hourly_price, quote.price
    request.save(update_fields=["hourly_price", "price"])
    if goes_on:
        move_request(act=act, request=request, verb="renew", data={"people": 1})
        messaging.finish_tasks_about(act=act, about_id=request.id, outcome="renewed")
        agree(act=act, request=request, proposal=proposal, after=after, accepted=quote)
    else:
        market.accept(act=act, proposal=proposal)
        agreed_yes(act=act, request=request, proposal=proposal, after=after, accepted=quote)
    return quote


def decline_quote(*, act: Act, quote: SupplierQuote) -> SupplierQuote:
    """The client says no: the supplier is told, without a reason. What they promised before stands."""
    require(act, Verb.QUOTES_ANSWER, owner=quote.request.client_id)
    if quote.state == "declined":
        return quote
    request = quote.request
    hold(request=request)
    move_quote(act=act, quote=quote, verb="decline")
    goes_on = quote.proposal.state == "accepted"
    if not goes_on:
        market.lose(act=act, proposal=quote.proposal)
    messaging.queue(
        act=act,
        person=quote.supplier,
        template="quote_declined",
        context={"request": request, "listing": request.listing, "organisation": request.organisation},
        key=f"quote-declined:{quote.id}",
        about="request",
        about_id=request.id,
    )
    if not goes_on:
        run_out_if_nobody_waits(act, request)
    return quote
