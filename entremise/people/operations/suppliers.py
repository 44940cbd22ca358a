from datetime import date

from entremise.history.operations import record
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.people.models import Person, Supplier
from entremise.people.operations.standing import give_role
from entremise.people.rules.may import Verb, require
from entremise.people.rules.typed import siret_typed, vat_number_typed
from entremise.tenancy.operations import next_number


def describe_supplier(
    *,
    act: Act,
    person: Person,
    siret: str,
    trade_name: str = "",
    trade: str = "craft",
    vat: str = "franchise",
    vat_number: str = "",
    mandate_on: date | None = None,
) -> Supplier:
    """Somebody works on their own account, under this SIRET (as typed); from now on they hold the role.

    mandate_on: the day they signed that we draw up their invoices in their name.
    Raises Refused not_allowed, siret_not_understood, siret_taken, vat_number_not_understood.
    """
    require(act, Verb.SUPPLIERS_DESCRIBE)
    number = siret_typed(siret)
    if Supplier.objects.filter(siret=number).exclude(person=person).exists():
        raise Refused("siret_taken", {"siret": number}, where="siret")
    liable = vat != Supplier.Vat.FRANCHISE
    described = {
        "siret": number,
        "trade_name": trade_name.strip()[:80],
        "trade": trade,
        "vat": vat,
        "vat_number": vat_number_typed(vat_number, siret=number) if liable else "",
        "mandate_on": mandate_on,
    }
    supplier = Supplier.objects.filter(person=person).first()
    if supplier is None:
        supplier = Supplier(person=person, number=next_number(series="supplier"), since=act.at.date())
    for name, value in described.items():
        setattr(supplier, name, value)
    supplier.save()
    record(act=act, type="supplier_described", thing="person", thing_id=person.id, data={"siret": number, "vat": vat})
    give_role(act=act, person=person, role=Role.SUPPLIER, since=act.at.date())
    return supplier
