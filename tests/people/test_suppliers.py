from datetime import date

import pytest

from entremise.history.models import Fact
from entremise.kernel.act import Act, Role
from entremise.kernel.refused import Refused
from entremise.people import operations as people
from entremise.people import queries
from entremise.people.models import Person, Supplier

SIRET = "73282932000074"


@pytest.fixture
def bruno(act: Act) -> Person:
    return people.add_person(act=act, given_name="Bruno", family_name="Corvaisier")


def test_a_supplier_holds_the_role_and_a_short_number(act: Act, bruno: Person) -> None:
    supplier = people.describe_supplier(
        act=act, person=bruno, siret="732 829 320 00074", trade_name="Jardins Corvaisier"
    )
    assert (supplier.siret, supplier.number, supplier.vat) == (SIRET, 1, "franchise")
    known = queries.person_with_roles(person=bruno.id)
    assert known
    assert Role.SUPPLIER in known.roles
    assert Fact.objects.filter(type="supplier_described", thing_id=bruno.id).count() == 1


def test_described_again_a_supplier_keeps_the_number(act: Act, bruno: Person) -> None:
    people.describe_supplier(act=act, person=bruno, siret=SIRET)
    people.describe_supplier(act=act, person=bruno, siret=SIRET, mandate_on=date(2026, 11, 2))
    supplier = Supplier.objects.get()
    assert (supplier.number, supplier.mandate_on) == (1, date(2026, 11, 2))


@pytest.mark.parametrize(
    ("described", "code", "where"),
    [
        ({"siret": "73282932000075"}, "siret_not_understood", "siret"),
        ({"siret": "abc"}, "siret_not_understood", "siret"),
        ({"siret": SIRET, "vat": "standard"}, "vat_number_not_understood", "vat_number"),
        ({"siret": SIRET, "vat": "standard", "vat_number": "FR83404833048"}, "vat_number_not_understood", "vat_number"),
    ],
)
def test_numbers_that_do_not_hold_are_refused(
    act: Act, bruno: Person, described: dict[str, str], code: str, where: str
) -> None:
    with pytest.raises(Refused) as refused:
        people.describe_supplier(act=act, person=bruno, **described)  # type: ignore[arg-type]  # Words only.
    assert (refused.value.code, refused.value.where) == (code, where)
    assert not Supplier.objects.exists()


def test_a_vat_number_belongs_to_its_business(act: Act, bruno: Person) -> None:
    supplier = people.describe_supplier(act=act, person=bruno, siret=SIRET, vat="standard", vat_number="44 732 829 320")
    assert supplier.vat_number == "FR44732829320"


def test_two_people_do_not_share_a_siret(act: Act, bruno: Person) -> None:
    people.describe_supplier(act=act, person=bruno, siret=SIRET)
    other = people.add_person(act=act, family_name="Lantier")
    with pytest.raises(Refused) as refused:
        people.describe_supplier(act=act, person=other, siret=SIRET)
    assert refused.value.code == "siret_taken"
