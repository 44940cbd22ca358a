from uuid import UUID

from entremise.agreements import operations as agreements
from entremise.agreements.models import Agreement, Party
from entremise.documents import operations as documents
from entremise.documents import queries as issued
from entremise.documents.models import Scan
from entremise.jobs.models import Mission
from entremise.jobs.operations.moves import move_mission
from entremise.jobs.queries.orders import order_of
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require


def sign(*, act: Act, agreement: Agreement, role: str, how: str) -> Agreement:
    """One party's signature by link, on screen or on paper. The last one makes the missions ready and says so.

    Raises Refused("not_a_party") for a role the agreement does not have.
    """
    party = Party.objects.filter(agreement=agreement, role=role).first()
    if party is None:
        raise Refused("not_a_party", {"role": role})
    require(act, Verb.MISSIONS_SIGN, owner=party.person_id)
    agreements.sign(act=act, agreement=agreement, role=role, how=how)
    agreement.refresh_from_db()
    if agreement.state == "active":
        make_ready(act, agreement)
    return agreement


def keep_signed_paper(*, act: Act, document: UUID, content: bytes) -> Scan:
    """The paper that came back with a signature on it, kept with the document it signs."""
    require(act, Verb.DOCUMENTS_SCAN)
    found = issued.document(document=document)
    if found is None:
        raise Refused("document_not_found")
    return documents.keep_scan(act=act, document=found, content=content)


def remind_unsigned(*, act: Act, agreement: Agreement) -> None:
    """Tomorrow it starts and somebody has not signed: the desk is told, since nobody works before."""
    messaging.add_task(
        act=act,
        kind="unsigned",
        key=f"unsigned:{agreement.id}",
        about="agreement",
        about_id=agreement.id,
        params={"number": agreement.number},
    )


def make_ready(act: Act, agreement: Agreement) -> None:
    """Everybody has signed: the visits will take place, and both sides are told."""
    missions = list(
        Mission.objects.filter(agreement=agreement, state="agreed")
        .select_related("request__listing", "request__activity", "worker", "client")
        .order_by("starts_at")
    )
    for mission in missions:
        move_mission(act=act, mission=mission, verb="sign")
    if not missions:
        return
    messaging.finish_tasks_about(act=act, about_id=agreement.id, outcome="signed")
    first = missions[0]
    order = order_of(agreement=agreement)
    for person, template in ((first.worker, "mission_ready"), (first.client, "visit_confirmed")):
        messaging.queue(
            act=act,
            person=person,
            template=template,
            context={
                "mission": first,
                "listing": first.request.listing,
                "request": first.request,
                "organisation": agreement.organisation,
            },
            key=f"ready:{agreement.id}:{template}",
            about="mission",
            about_id=first.id,
            enclosures=[(order.id, f"{order.number}.pdf")] if order and order.person_id == person.id else [],
        )
