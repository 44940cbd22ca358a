from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from entremise.history.models import Fact
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.place import Point
from entremise.kernel.refused import Refused
from entremise.people import operations, queries
from entremise.people.models import Account, Person, Place
from entremise.people.queries import Reach
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation

Add = Callable[..., Person]
TODAY = date(2026, 11, 23)


def facts(person: Person) -> list[str]:
    return list(Fact.objects.filter(thing_id=person.id).order_by("id").values_list("type", flat=True))


@pytest.fixture
def herself(act: Act, odile: Person) -> Act:
    """Odile Marsan on her own page."""
    return replace(act, by=Actor(odile.id, frozenset({Role.CLIENT})))


@pytest.mark.parametrize("typed", ["", "beaucoup", "-1", "61", "350"])
def test_a_tax_rate_is_a_percentage(act: Act, odile: Person, typed: str) -> None:
    with pytest.raises(Refused, match="rate_not_understood"):
        operations.show_paper(act=act, person=odile, kind="tax_rate", number=typed)
    assert operations.show_paper(act=act, person=odile, kind="tax_rate", number="3,5 %").number == "3.5"


def test_somebody_added_lives_where_their_place_is(odile: Person, valmarelle: Place) -> None:
    assert (odile.place, odile.latitude, odile.longitude) == (valmarelle, 46.2, 5.2)
    assert facts(odile) == ["person_added"]


def test_an_address_service_knows_better_where_they_live(add: Add, valmarelle: Place) -> None:
    louis = add("Marsan", "Louis", place=valmarelle, point=Point(46.21, 5.19))
    assert (louis.latitude, louis.longitude) == (46.21, 5.19)


def test_a_fact_holds_no_name(odile: Person) -> None:
    fact = Fact.objects.get(thing_id=odile.id)
    assert fact.data == {"kind": "individual", "roles": []}


@pytest.mark.parametrize(
    ("given", "code", "where"),
    [
        ({"family_name": " "}, "name_missing", "family_name"),
        ({"phones": ["06 39"]}, "phone_not_understood", "phone"),
        ({"email": "odile at home"}, "email_not_understood", "email"),
        ({"street": "x" * 121}, "too_long", "street"),
    ],
)
def test_what_cannot_be_written_down_is_refused_beside_its_field(act: Act, given, code: str, where: str) -> None:
    with pytest.raises(Refused) as caught:
        operations.add_person(act=act, **({"family_name": "Marsan"} | given))
    assert (caught.value.code, caught.value.where) == (code, where)


def test_a_coordinator_adds_workers_but_no_colleagues(act: Act) -> None:
    coordinator = replace(act, by=Actor(act.by.person, frozenset({Role.COORDINATOR})))
    operations.add_person(act=coordinator, family_name="B.", given_name="Karim", roles=[Role.WORKER])
    with pytest.raises(Refused, match="not_allowed"):
        operations.add_person(act=coordinator, family_name="T.", roles=[Role.TREASURER])


def test_a_change_is_one_fact_that_names_the_fields(act: Act, odile: Person) -> None:
    operations.change_person(act=act, person=odile, street=" 5 rue du Four ", remarks=["Parler fort"])
    odile.refresh_from_db()
    assert (odile.street, odile.remarks) == ("5 rue du Four", ["Parler fort"])
    assert Fact.objects.get(type="person_changed").data == {"fields": ["remarks", "street"]}


def test_no_change_is_no_fact(act: Act, odile: Person) -> None:
    operations.change_person(act=act, person=odile, given_name="Odile")
    assert facts(odile) == ["person_added"]


def test_a_point_stays_when_only_the_title_changes(act: Act, odile: Person) -> None:
    operations.change_person(act=act, person=odile, point=Point(46.3, 5.3))
    operations.change_person(act=act, person=odile, title="Dr")
    odile.refresh_from_db()
    assert odile.latitude == 46.3


def test_people_change_themselves_and_nobody_else(herself: Act, odile: Person, add: Add) -> None:
    operations.change_person(act=herself, person=odile, prefers_call=True)
    with pytest.raises(Refused, match="not_allowed"):
        operations.change_person(act=herself, person=add("Marsan", "Louis"), prefers_call=True)


def test_a_contact_added_twice_is_one(act: Act, odile: Person) -> None:
    first = operations.add_contact(act=act, person=odile, kind="phone", value="0639980001", label="fille")
    again = operations.add_contact(act=act, person=odile, kind="phone", value="06 39 98 00 01", texts=False)
    assert (again.id, again.label, again.texts) == (first.id, "fille", False)
    assert facts(odile) == ["person_added", "contact_added"]


def test_a_removed_contact_reaches_nobody(act: Act, odile: Person) -> None:
    for contact in odile.contacts.all():
        operations.remove_contact(act=act, contact=contact)
    assert queries.people_with_phone(phone="+33639981427") == []


# Reaching


def test_a_mobile_gets_a_text(odile: Person) -> None:
    assert queries.way_to_reach(person=odile) == Reach("text", "+33639981427")


def test_somebody_who_prefers_it_is_called(act: Act, odile: Person) -> None:
    operations.change_person(act=act, person=odile, prefers_call=True)
    assert queries.way_to_reach(person=odile) == Reach("voice", "+33639981427")


def test_after_stop_a_letter_goes_by_post(act: Act, odile: Person) -> None:
    assert operations.stop_texts(act=act, phone="+33639981427") == 1
    assert operations.stop_texts(act=act, phone="+33639981427") == 0
    assert queries.way_to_reach(person=odile) == Reach("post", "3 rue du Four\n01990 Valmarelle")
    assert facts(odile) == ["person_added", "texts_stopped"]


def test_texts_come_back_when_asked_for(act: Act, odile: Person) -> None:
    operations.stop_texts(act=act, phone="+33639981427")
    operations.resume_texts(act=act, phone="+33639981427")
    assert queries.way_to_reach(person=odile).channel == "text"


def test_stop_is_for_ones_own_number(herself: Act, odile: Person, add: Add) -> None:
    add("Marsan", "Louis", phones=["0639980001"])
    assert operations.stop_texts(act=herself, phone="+33639981427") == 1
    with pytest.raises(Refused, match="not_allowed"):
        operations.stop_texts(act=herself, phone="+33639980001")


@pytest.mark.parametrize(
    ("given", "reach"),
    [
        ({"email": "a@exemple.fr", "phones": ["0536491234"]}, Reach("email", "a@exemple.fr")),
        ({"phones": ["0536491234"]}, Reach("voice", "+33536491234")),
        ({}, Reach("none", "")),
        ({"prefers_call": True}, Reach("none", "")),
    ],
)
def test_others_are_reached_as_they_can_be(add: Add, given, reach: Reach) -> None:
    assert queries.way_to_reach(person=add("Marsan", **given)) == reach


def test_those_whom_nothing_reaches_are_listed(odile: Person, add: Add, stranger: Person) -> None:
    lost = add("Marsan", "Louis", street="3 rue du Four")
    assert queries.unreachable() == [lost]


# Roles, consents, papers, accounts


def test_a_role_given_twice_is_one(act: Act, odile: Person) -> None:
    first = operations.give_role(act=act, person=odile, role=Role.CLIENT, since=TODAY)
    assert operations.give_role(act=act, person=odile, role=Role.CLIENT, since=TODAY) == first
    assert facts(odile) == ["person_added", "role_given"]


def test_a_role_ended_opens_nothing_more(act: Act, odile: Person) -> None:
    operations.give_role(act=act, person=odile, role=Role.CLIENT, since=TODAY)
    operations.end_role(act=act, person=odile, role=Role.CLIENT, until=TODAY)
    known = queries.person_with_roles(person=odile.id)
    assert known is not None
    assert (known.name, known.roles) == ("Odile Marsan", frozenset())
    operations.give_role(act=act, person=odile, role=Role.CLIENT, since=TODAY)


def test_nobody_gives_the_networks_role(act: Act, odile: Person) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        operations.give_role(act=act, person=odile, role=Role.NETWORK_OPERATOR, since=TODAY)


def test_the_latest_word_on_a_purpose_counts(act: Act, odile: Person) -> None:
    for given in (True, False):
        operations.record_consent(act=act, person=odile, purpose="photo", given=given, wording="2026-1")
    consent = queries.consents_of(person=odile)["photo"]
    assert (consent.given, consent.how, consent.taken_by) == (False, "phone", act.by.person)


def test_a_pass_prolonged_is_one_paper(act: Act, odile: Person) -> None:
    shown = {"act": act, "person": odile, "kind": "pass_iae", "number": "1234 5678 9012"}
    operations.show_paper(**shown, valid_from=date(2025, 1, 1), valid_to=date(2026, 1, 1))
    assert queries.papers_of(person=odile, on=TODAY) == []
    prolonged = operations.show_paper(**shown, valid_from=date(2025, 1, 1), valid_to=date(2027, 1, 1))
    assert (queries.papers_of(person=odile, on=TODAY), prolonged.number) == ([prolonged], "123456789012")


def test_a_suspended_paper_does_not_count(act: Act, odile: Person) -> None:
    paper = operations.show_paper(
        act=act, person=odile, kind="pass_iae", suspended_from=date(2026, 11, 1), suspended_to=date(2026, 11, 30)
    )
    days = [date(2026, 10, 31), TODAY, date(2026, 12, 1)]
    assert [queries.papers_of(person=odile, on=day) == [paper] for day in days] == [True, False, True]


def test_a_paper_does_not_end_before_it_begins(act: Act, odile: Person) -> None:
    with pytest.raises(Refused, match="dates_reversed"):
        operations.show_paper(act=act, person=odile, kind="siret", valid_from=TODAY, valid_to=date(2026, 1, 1))


def test_an_account_speaks_for_its_person_until_closed(act: Act, odile: Person) -> None:
    account = operations.give_account(act=act, person=odile, login="odile", password="quatre mots au hasard")
    known = queries.person_of_account(account=account.id)
    assert known is not None
    assert known.person == odile.id
    Account.objects.filter(id=account.id).update(is_active=False)
    assert queries.person_of_account(account=account.id) is None


@pytest.mark.parametrize(
    ("login", "password", "code"),
    [("solene", "quatre mots au hasard", "login_taken"), ("odile", "court", "password_weak")],
)
def test_an_account_needs_a_login_of_its_own_and_a_strong_password(
    act: Act, odile: Person, add: Add, login: str, password: str, code: str
) -> None:
    operations.give_account(act=act, person=add("Oudin"), login="Solene", password="quatre mots au hasard")
    with pytest.raises(Refused, match=code):
        operations.give_account(act=act, person=odile, login=login, password=password)


def test_an_account_is_given_once(act: Act, odile: Person) -> None:
    operations.give_account(act=act, person=odile, login="odile", password="quatre mots au hasard")
    with pytest.raises(Refused, match="account_exists"):
        operations.give_account(act=act, person=odile, login="odile2", password="quatre mots au hasard")


def test_an_account_is_nobody_in_another_organisation(act: Act, odile: Person, elsewhere: Organisation) -> None:
    account = operations.give_account(act=act, person=odile, login="odile", password="quatre mots au hasard")
    with scope.within(elsewhere.id):
        assert queries.person_of_account(account=account.id) is None
