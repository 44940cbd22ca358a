from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement, Party
from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.history.operations import record
from entremise.jobs.models import Mission, Request, SupplierQuote
from entremise.jobs.operations.signing import make_ready
from entremise.jobs.queries.deals import amounts_of, deal_of, quoted_by
from entremise.jobs.queries.people import agreed_visits
from entremise.jobs.queries.series import undecided_holidays
from entremise.jobs.rules.modes import Deal, Mode
from entremise.jobs.rules.modes.registry import MODES
from entremise.jobs.rules.requests import MISSION
from entremise.kernel.act import Act, Actor, Door
from entremise.kernel.time import Window
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.people.models import Person


def agree(
    *,
    act: Act,
    request: Request,
    proposal: Proposal,
    after: datetime,
    offered_by: UUID | None = None,
    accepted: SupplierQuote | None = None,
) -> Agreement:
    """What a yes leads to in this request's work mode: agreement, documents to sign, missions, letters.

    The organisation's own signature is that of whoever made the offer. accepted: the quote that the client said yes
    to; it carries both signatures. after: the visits that begin later are agreed.
    """
    mode, person = MODES[request.mode], proposal.person
    visits = agreed_visits(request=request, person=person.id, after=after)
    quoted = quoted_by(quote=accepted) if accepted else None
    deal = deal_of(request=request, worker=person, visits=visits, quoted=quoted)
    agreement = agreements.draw_up(
        act=act,
        mode=mode.code,
        title=request.activity.name,
        listing=request.listing,
        starts_on=deal.starts.date(),
        ends_on=deal.last_day,
        terms=_terms(request, deal),
        parties=parties_of(mode, request.client, person),
        promises=promises_of(mode, amounts_of(request=request, times=len(visits), quoted=quoted)),
    )
    missions = _missions(act, request, proposal, agreement, visits)
    _papers(act, mode, deal, agreement, missions[0], accepted)
    _ask_of_holidays(act, request, agreement, visits)
    _sign_by_the_yes(act, mode, agreement, offered_by or proposal.offered_by or request.posted_by)
    if agreement.state == "active":
        make_ready(act, agreement)
    else:
        _ask_to_sign(act, request, agreement, deal)
    return agreement


def _ask_of_holidays(act: Act, request: Request, agreement: Agreement, visits: list[Window]) -> None:
    """A season with a public holiday of which nobody has spoken: somebody asks the client."""
    if undecided_holidays(request=request, visits=visits):
        messaging.add_task(
            act=act,
            kind="holidays",
            key=f"holidays:{agreement.id}",
            person=request.client,
            about="request",
            about_id=request.id,
            params={"number": request.listing.number},
        )


def _sign_by_the_yes(act: Act, mode: Mode, agreement: Agreement, offered_by: UUID | None) -> None:
    signer = replace(act, by=Actor(offered_by, act.by.roles), on_behalf_of=None) if offered_by else act
    for role in mode.signed:
        ours = role == "organisation"
        how = "link" if act.door is Door.SITE and not ours else "screen"
        agreements.sign(act=signer if ours else act, agreement=agreement, role=role, how=how)
    agreement.refresh_from_db()


def parties_of(mode: Mode, client: Person, person: Person) -> list[agreements.PartyDraft]:
    who = {"client": client, mode.comes.value: person}
    return [agreements.PartyDraft(role, who.get(role), must_sign) for role, must_sign in mode.parties.items()]


def promises_of(mode: Mode, amounts: Mapping[str, int]) -> list[agreements.PromiseDraft]:
    """amounts: kind of promise → what it counts; nothing is no promise."""
    return [
        agreements.PromiseDraft(kind, giver, taker, asset, amounts[kind])
        for kind, (giver, taker, asset) in mode.promises.items()
        if amounts[kind]
    ]


def _missions(
    act: Act, request: Request, proposal: Proposal, agreement: Agreement, visits: list[Window]
) -> list[Mission]:
    state, fact = MISSION.step("", "agree")
    missions = Mission.objects.bulk_create(
        Mission(
            request=request,
            proposal=proposal,
            worker=proposal.person,
            client=request.client,
            agreement=agreement,
            number=request.listing.number,
            starts_at=visit.start,
            ends_at=visit.end,
            state=state,
            state_at=act.at,
        )
        for visit in visits
    )
    for mission in missions:
        data = {"number": mission.number}
        record(act=act, type=fact, thing="mission", thing_id=mission.id, data=data)
    return missions


def _papers(
    act: Act, mode: Mode, deal: Deal, agreement: Agreement, first: Mission, accepted: SupplierQuote | None
) -> None:
    parties = {party.role: party for party in Party.objects.filter(agreement=agreement).select_related("person")}
    signed: dict[str, Document] = {}
    for paper in mode.papers:
        document = documents.issue(
            act=act,
            kind=paper.kind,
            prefix=paper.prefix,
            template=paper.template,
            data=paper.data(deal),
            person=parties[paper.role].person,
            about="agreement",
            about_id=agreement.id,
        )
        signed[paper.role] = document
        agreements.attach(party=parties[paper.role], document=document)
    if accepted and mode.quote:
        agreements.attach(party=parties[mode.quote.role], document=accepted.document)
    contract = signed.get(mode.order.role)
    documents.issue(
        act=act,
        kind=mode.order.kind,
        prefix=mode.order.prefix,
        template=mode.order.template,
        data={**mode.order.data(deal), "contract_number": contract.number if contract else agreement.number},
        person=parties[mode.order.role].person,
        about="mission",
        about_id=first.id,
    )


def _ask_to_sign(act: Act, request: Request, agreement: Agreement, deal: Deal) -> None:
    for role, person in (("worker", None), ("client", request.client)):
        party = Party.objects.select_related("person", "document").get(agreement=agreement, role=role)
        who = person or party.person
        if who is None:
            continue
        enclosures = [(party.document.id, f"{party.document.number}.pdf")] if party.document else []
        messaging.queue(
            act=act,
            person=who,
            template=f"sign_{role}",
            context={
                "request": request,
                "listing": request.listing,
                "agreement": agreement,
                "starts": deal.starts,
                "worker": deal.worker.name,
                "organisation": request.organisation,
            },
            key=f"sign:{agreement.id}:{role}",
            about="agreement",
            about_id=agreement.id,
            enclosures=enclosures,
        )


def _terms(request: Request, deal: Deal) -> dict[str, object]:
    """What settlement and pages need beyond the promises."""
    return {
        "label": request.activity.name,
        "number": request.listing.number,
        "travel_fee": request.travel_fee,
        "minimum_minutes": deal.minimum_minutes,
        "personal_service": request.activity.personal_service,
        "tax_credit": deal.tax_credit > 0,
        "worker": deal.worker.name,
        **({"calling_off": deal.calling_off.as_json()} if deal.calling_off else {}),
    }
