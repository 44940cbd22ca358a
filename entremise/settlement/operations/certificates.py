from datetime import date

from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.figures import queries as figures
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.booking import wait_for, who_we_are
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.certificates import KIND, ClientYear, client_years
from entremise.tenancy.models import LegalIdentity


def issue_certificates(*, act: Act, year: int) -> list[Document]:
    """Each client's certificate of what they paid in a year for personal services, printed and sent; where something
    changed since the last one, another. Done again, it makes none. Bounded by the clients of one organisation.

    Raises Refused("year_not_over"), ("no_legal_identity"), or ("not_declared") without the declaration for personal
    services.
    """
    require(act, Verb.MONTHS_SETTLE)
    on = today(act)
    if on.year <= year:
        raise Refused("year_not_over", {"year": year})
    legal = who_we_are()
    if not legal.sap_number or legal.sap_date is None:
        raise Refused("not_declared")
    wait_for(people=[one.client.id for one in client_years(year=year)])
    return [_issue(act, one, year, legal, on) for one in client_years(year=year) if one.to_make]


def _issue(act: Act, one: ClientYear, year: int, legal: LegalIdentity, on: date) -> Document:
    client = one.client
    document = documents.issue(
        act=act,
        kind=KIND,
        prefix="AF",
        template=KIND,
        data=_data(one, year, legal, on),
        person=client,
        about="person",
        about_id=client.id,
    )
    messaging.queue(
        act=act,
        person=client,
        template="certificate_ready",
        context={"client": client, "year": year, "paid": one.paid, "organisation": client.organisation},
        key=f"certificate:{document.id}",
        about="document",
        about_id=document.id,
        enclosures=[(document.id, f"{document.number}.pdf")],
    )
    return document


def _data(one: ClientYear, year: int, legal: LegalIdentity, on: date) -> dict[str, object]:
    """The keys that templates/documents/tax_certificate.typ lists at its head."""
    client, organisation = one.client, one.client.organisation
    place = client.place
    return {
        "year": year,
        "made_on": on.isoformat(),
        "org": {
            "name": organisation.name,
            "legal": legal.legal_name,
            "street": legal.street,
            "postcode": legal.postcode,
            "city": legal.town,
            "siret": legal.siret,
            "phone": organisation.phone,
        },
        "declared": {"number": legal.sap_number, "on": legal.sap_date.isoformat() if legal.sap_date else ""},
        "signatory": legal.signatory,
        "client": {
            "name": client.called,
            "street": client.street,
            "postcode": place.postcode if place else "",
            "city": place.name if place else "",
        },
        "visits": [
            {"on": visit.day.isoformat(), "label": visit.what, "worker": visit.worker, "minutes": visit.minutes}
            for visit in one.visits
        ],
        "minutes": sum(visit.minutes for visit in one.visits),
        "paid": one.paid,
        "cesu": one.cesu,
        "notes": [
            figures.mention(key="home_service_credit", day=on),
            *([figures.mention(key="cesu_own_share", day=on)] if one.cesu else []),
        ],
    }
