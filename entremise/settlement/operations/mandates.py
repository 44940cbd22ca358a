"""The paper by which a client lets us collect: printed, signed, and kept with its photograph."""

from datetime import date

from entremise.documents import operations as documents
from entremise.documents.models import Document
from entremise.documents.queries import latest_about, scans_of
from entremise.figures import queries as figures
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.payments import operations as payments
from entremise.payments.models import Mandate
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.booking import who_we_are
from entremise.settlement.operations.debits import today

KIND = "mandate"


def draw_up_mandate(*, act: Act, person: Person) -> Document:
    """The form to sign, addressed to this client. One that says the same and did not come back is the same one again.

    Raises Refused("no_legal_identity") or Refused("creditor_id_missing").
    """
    require(act, Verb.MANDATES_KEEP, owner=person.id)
    data, before = _data(act, person), latest_about(about=[person.id], kind=KIND)
    if before and before.data == data and not scans_of(document=before.id):
        return before
    return documents.issue(
        act=act,
        kind=KIND,
        prefix="MPS",
        template="mandate",
        data=data,
        person=person,
        about="person",
        about_id=person.id,
    )


def return_mandate(
    *, act: Act, person: Person, iban: str, signed_on: date, holder: str = "", scan: bytes | None = None
) -> Mandate:
    """The paper came back signed; its photograph is kept with the form when there is one.

    Raises what `payments.give_mandate` does, Refused("scan_not_readable") or Refused("scan_too_large").
    """
    document = draw_up_mandate(act=act, person=person) if scan else None
    kept = document.id if document else None
    mandate = payments.give_mandate(
        act=act, person=person, iban=iban, signed_on=signed_on, how="paper", holder=holder, document=kept
    )
    if document and scan:
        documents.keep_scan(act=act, document=document, content=scan)
    return mandate


def _data(act: Act, person: Person) -> dict[str, object]:
    """The keys that templates/documents/mandate.typ lists at its head."""
    legal, organisation, place = who_we_are(), person.organisation, person.place
    if not legal.creditor_id:
        raise Refused("creditor_id_missing")
    ours = {"street": legal.street, "postcode": legal.postcode, "city": legal.town}
    return {
        "org": {"name": organisation.name, "phone": organisation.phone, "siret": legal.siret, **ours},
        "client": {
            "name": person.called,
            "street": person.street,
            "postcode": place.postcode if place else "",
            "city": place.name if place else "",
        },
        "creditor": {"name": legal.legal_name, "identifier": legal.creditor_id, **ours},
        "weeks": int(figures.table().at("sepa_refund_weeks", today(act))),
    }
