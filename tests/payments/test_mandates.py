from dataclasses import replace
from datetime import date, timedelta

import pytest

from entremise.figures.operations import load_shipped
from entremise.kernel.act import Act, Actor, Door, Role
from entremise.kernel.refused import Refused
from entremise.payments import operations, queries
from entremise.payments.models import Mandate
from entremise.payments.rules import bank_day, bank_days_after, batches, suspends
from entremise.people.models import Person
from tests.conftest import TODAY

IBAN, OTHER = "FR7630004000070000000178914", "FR7613335000400000000077756"
ON = date(2026, 11, 20)


@pytest.fixture
def odile(inside: object) -> Person:
    load_shipped()
    return Person.objects.create(given_name="Odile", family_name="Marsan", known_since=TODAY)


def given(act: Act, person: Person, iban: str = IBAN) -> Mandate:
    return operations.give_mandate(act=act, person=person, iban=iban, signed_on=ON, how="paper")


def test_a_mandate_has_a_reference_of_its_own_without_gaps(act: Act, odile: Person) -> None:
    first = given(act, odile)
    second = given(act, Person.objects.create(family_name="Bernard", known_since=TODAY))
    assert [first.reference, second.reference] == ["RUM-00001", "RUM-00002"]
    assert (first.holder, first.state, first.bic) == ("Odile Marsan", "active", "BNPAFRPP")


def test_the_same_account_again_changes_nothing_and_another_ends_the_first(act: Act, odile: Person) -> None:
    first = given(act, odile)
    assert given(act, odile) == first
    second = given(act, odile, OTHER)
    first.refresh_from_db()
    assert (first.state, first.reason, second.state) == ("revoked", "replaced", "active")
    assert queries.mandate_of(person=odile.id) == second


def test_people_sign_and_revoke_their_own_and_nobody_elses(inside: object, odile: Person) -> None:
    own = Act(by=Actor(odile.id, frozenset({Role.CLIENT})), at=TODAY, door=Door.SITE)
    mandate = operations.give_mandate(act=own, person=odile, iban=IBAN, signed_on=ON, how="site")
    assert operations.revoke_mandate(act=own, mandate=mandate).state == "revoked"
    assert operations.revoke_mandate(act=own, mandate=mandate).state == "revoked"
    other = Person.objects.create(family_name="Bernard", known_since=TODAY)
    with pytest.raises(Refused, match="not_allowed"):
        operations.give_mandate(act=own, person=other, iban=IBAN, signed_on=ON, how="site")


def test_a_signature_of_tomorrow_is_refused_beside_its_field(act: Act, odile: Person) -> None:
    with pytest.raises(Refused, match="signed_later") as refused:
        operations.give_mandate(
            act=act, person=odile, iban=IBAN, signed_on=TODAY.date() + timedelta(days=1), how="paper"
        )
    assert refused.value.where == "signed_on"


def test_a_mandate_at_rest_is_not_used_until_somebody_has_looked(act: Act, odile: Person) -> None:
    mandate = operations.suspend_mandate(act=act, mandate=given(act, odile), reason="AC04")
    assert queries.mandates_of(people=[odile.id], on=ON) == {}
    assert queries.mandate_of(person=odile.id) == mandate
    operations.resume_mandate(act=act, mandate=mandate)
    assert list(queries.mandates_of(people=[odile.id], on=ON)) == [odile.id]


def test_a_mandate_asleep_for_three_years_is_void(act: Act, odile: Person) -> None:
    mandate = given(act, odile)
    assert queries.mandates_of(people=[odile.id], on=date(2029, 11, 20))
    assert not queries.mandates_of(people=[odile.id], on=date(2029, 11, 21))
    assert operations.lapse_mandates(act=act) == 0
    assert operations.lapse_mandates(act=replace(act, at=act.at + timedelta(days=3 * 366))) == 1
    mandate.refresh_from_db()
    assert mandate.state == "lapsed"


def test_banks_rest_at_weekends_and_on_the_days_of_their_calendar() -> None:
    closed = {date(2026, 12, 25)}
    assert bank_day(date(2026, 12, 25), closed) == date(2026, 12, 28)
    assert bank_day(date(2026, 12, 24), closed) == date(2026, 12, 24)
    assert bank_days_after(date(2026, 12, 23), 2, closed) == date(2026, 12, 28)


def test_each_day_of_a_file_has_its_batch() -> None:
    days = [date(2026, 12, 21), date(2026, 12, 18), date(2026, 12, 21)]
    assert batches("P", days) == {date(2026, 12, 18): "P", date(2026, 12, 21): "P-2"}


def test_want_of_money_passes_and_a_closed_account_does_not() -> None:
    assert [suspends(code) for code in ("AM04", "MS03", "", "AC04", "MD01", "MD07")] == [False] * 3 + [True] * 3
