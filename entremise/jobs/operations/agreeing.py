from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement, Party
from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.jobs.models import Mission, Request
from entremise.jobs.queries.calling_off import terms_on
from entremise.jobs.queries.people import agreed_visits
from entremise.jobs.queries.prices import quote
from entremise.jobs.rules.modes import Body, Deal, Mode, Someone
from entremise.jobs.rules.registry import MODES
from entremise.jobs.rules.requests import MISSION
from entremise.kernel.act import Act, Actor
from entremise.kernel.money import share
from entremise.kernel.time import Window
from entremise.market.models import Proposal
from entremise.messaging import operations as messaging
from entremise.people.models import ContactPoint, Paper, Person
from entremise.tenancy.queries import legal_identity

WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
SPLIT_LABELS = (
    ("wage_gross", "Salaire de la personne, congés compris"),
    ("employer_contributions", "Cotisations sociales"),
    ("accompaniment", "Accompagnement vers l’emploi"),
    ("running", "Accueil, assurance, bureau"),
)


def agree(
    *, act: Act, request: Request, proposal: Proposal, after: datetime, offered_by: UUID | None = None
) -> Agreement:
    """What a yes leads to in this request's work mode: agreement, documents to sign, missions, letters.

    The organisation's own signature is that of whoever made the offer; the client and the worker still sign.
    after: the visits that begin later are agreed.
    """
    mode = MODES[request.mode]
    visits = agreed_visits(request=request, person=proposal.person_id, after=after)
    deal = _deal(request, proposal.person, visits)
    agreement = agreements.draw_up(
        act=act,
        mode=mode.code,
        title=request.activity.name,
        listing=request.listing,
        starts_on=deal.starts.date(),
        ends_on=deal.last_day,
        terms=_terms(request, deal),
        parties=[
            agreements.PartyDraft(role, {"client": request.client, "worker": proposal.person}.get(role), must_sign)
            for role, must_sign in mode.parties.items()
        ],
        promises=_promises(mode, request, visits),
    )
    missions = _missions(act, request, proposal, agreement, visits)
    _papers(act, mode, deal, agreement, missions[0])
    offered_by = offered_by or proposal.offered_by or request.posted_by
    signer = replace(act, by=Actor(offered_by, act.by.roles), on_behalf_of=None) if offered_by else act
    agreements.sign(act=signer, agreement=agreement, role="organisation", how="screen")
    _ask_to_sign(act, request, agreement, deal)
    return agreement


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


def _papers(act: Act, mode: Mode, deal: Deal, agreement: Agreement, first: Mission) -> None:
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


def _promises(mode: Mode, request: Request, visits: list[Window]) -> list[agreements.PromiseDraft]:
    amounts = {
        "work": request.minutes * len(visits),
        "price": request.hourly_price,
        "travel": request.travel_fee,
        "wage": request.hourly_wage,
    }
    return [
        agreements.PromiseDraft(kind, giver, taker, asset, amounts[kind])
        for kind, (giver, taker, asset) in mode.promises.items()
        if amounts[kind]
    ]


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
        "calling_off": deal.calling_off.as_json(),
    }


def _deal(request: Request, worker: Person, visits: list[Window]) -> Deal:
    zone = ZoneInfo(request.organisation.timezone)
    times = tuple((visit.start.astimezone(zone), visit.end.astimezone(zone)) for visit in visits)
    on = times[0][0].date()  # The day whose price was said, whenever the yes comes.
    price = quote(client=request.client, activity=request.activity, minutes=request.minutes, on=on)
    table = figures.table()
    rate = table.at("usage_contract_holiday_share", on)
    parts = [(label, int(getattr(price.split, name))) for name, label in SPLIT_LABELS]
    agreed = sum(amount for _, amount in parts) == request.price
    return Deal(
        number=request.listing.number,
        title=request.activity.name,
        tasks=tuple(part for part in (request.activity.name, request.note) if part),
        body=_body(request),
        client=_someone(request.client, request),
        worker=_someone(worker, None),
        visits=times,
        rhythm=_rhythm([start for start, _ in times]),
        minutes=request.minutes,
        hourly_price=request.hourly_price,
        hourly_wage=request.hourly_wage,
        holiday=share(request.hourly_wage, rate),
        holiday_rate=rate,
        travel_fee=request.travel_fee,
        minimum_minutes=price.minimum_minutes,
        price=request.price,
        tax_credit=price.price.credit,
        # A tariff that changed since the price was said: the agreed total stands, its parts would not add up.
        split=tuple(parts) if agreed else (),
        equipment=request.activity.equipment,
        access=", ".join(request.client.remarks),
        referent="",
        dismissal_months=int(table.at("economic_dismissal_months", on)),
        calling_off=terms_on(on),
    )


def _rhythm(days: Sequence[datetime]) -> str:
    if len(days) == 1:
        return ""
    names = " et ".join(f"le {WEEKDAYS[number]}" for number in sorted({day.weekday() for day in days}))
    return f"{len(days)} fois, {names}, du {_day(days[0])} au {_day(days[-1])}"


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"


def _body(request: Request) -> Body:
    organisation, legal = request.organisation, legal_identity()
    if legal is None:
        return Body(name=organisation.name, town=organisation.town, phone=organisation.phone)
    sap = f"{legal.sap_number} du {legal.sap_date:%d/%m/%Y}" if legal.sap_number and legal.sap_date else ""
    return Body(
        name=organisation.name,
        town=legal.town or organisation.town,
        phone=organisation.phone,
        street=legal.street,
        postcode=legal.postcode,
        siret=legal.siret,
        legal=legal.legal_name,
        collective_agreement=legal.collective_agreement,
        insurer=legal.insurer,
        signatory=legal.signatory,
        sap=sap,
    )


def _someone(person: Person, request: Request | None) -> Someone:
    """As documents name them; a client's address is where the job is."""
    place = request.listing.place if request else person.place
    nir = Paper.objects.filter(person=person, kind=Paper.Kind.NIR).order_by("-checked_on").first()
    return Someone(
        name=person.called if request else person.full_name,
        kind=person.kind,
        street=request.listing.street if request else person.street,
        postcode=place.postcode if place else "",
        town=place.name if place else "",
        phone=_phone(person.id),
        born=f"Né(e) le {person.birth_date:%d/%m/%Y}" if person.birth_date else "",
        nir=nir.number if nir else "",
    )


def _phone(person: UUID) -> str:
    phones = ContactPoint.objects.filter(person_id=person, kind=ContactPoint.Kind.PHONE).order_by("id")
    return phones.values_list("value", flat=True).first() or ""
