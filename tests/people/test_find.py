from collections.abc import Callable
from datetime import date

import pytest

from entremise.kernel.act import Act, Role
from entremise.people import operations, queries
from entremise.people.models import Person, Place
from entremise.tenancy import scope
from entremise.tenancy.models import Organisation

Add = Callable[..., Person]


def names(typed: str, **more) -> list[str]:
    return [found.person.full_name for found in queries.find(typed=typed, **more)]


@pytest.mark.parametrize(
    "typed",
    ["odi", "marsan", "MARSAN odile", "odile mars", "màrsan", "rue four", "3 rue four", "odile 01990", "valmarelle"],
)
def test_starts_of_words_find_somebody_in_any_order(odile: Person, typed: str) -> None:
    assert names(typed) == ["Odile Marsan"]


def test_family_names_that_begin_so_come_first(odile: Person, add: Add) -> None:
    add("Boulangerie du Marché")
    assert names("mar") == ["Odile Marsan", "Boulangerie du Marché"]


@pytest.mark.parametrize("typed", ["", "o", "dile", "odile roux", "rue tour", "14", "|", "%", "_"])
def test_what_does_not_fit_finds_nobody(odile: Person, typed: str) -> None:
    assert names(typed) == []


@pytest.mark.parametrize(
    "typed", ["1427", "14 27", "06 39 98 14 27", "+33 6 39 98 14 27", "0033639981427", "0639", "06 39 98", "1234"]
)
def test_a_telephone_is_found_by_its_end_its_beginning_or_all_of_it(odile: Person, typed: str) -> None:
    assert names(typed) == ["Odile Marsan"]


def test_a_name_and_the_end_of_a_number_go_together(odile: Person, add: Add) -> None:
    add("Marsan", "Louis", phones=["06 39 98 00 01"])
    assert names("marsan 1427") == ["Odile Marsan"]


def test_a_whole_name_with_an_s_is_found(add: Add) -> None:
    add("Thomas", "Louis")
    assert names("thomas louis") == ["Louis Thomas"]


def test_names_come_before_streets(odile: Person, add: Add) -> None:
    add("Aubry", "Karim", street="12 rue Marsan")
    assert names("marsan") == ["Odile Marsan", "Karim Aubry"]


def test_a_changed_name_is_found_by_the_new_one_only(act: Act, odile: Person) -> None:
    operations.change_person(act=act, person=odile, family_name="Roux")
    assert (names("roux"), names("marsan")) == (["Odile Roux"], [])


def test_a_stranger_is_never_found(stranger: Person, elsewhere: Organisation, odile: Person) -> None:
    for typed in ("odile", "1427", "06 39 98 14 27"):
        assert [found.person.id for found in queries.find(typed=typed)] == [odile.id]
    assert queries.people_with_phone(phone="+33639981427") == [odile]
    assert queries.person_with_roles(person=stranger.id) is None
    with pytest.raises(Person.DoesNotExist):
        queries.get(person=stranger.id)
    with scope.within(elsewhere.id):
        assert [found.person.id for found in queries.find(typed="odile")] == [stranger.id]


def test_homonyms_are_told(odile: Person, add: Add) -> None:
    add("MARSAN", "Odilé")
    assert [found.homonym for found in queries.find(typed="marsan")] == [True, True]


def test_telephones_roles_and_household_come_with_somebody(act: Act, odile: Person, add: Add) -> None:
    louis = add("Marsan", "Louis", roles=[Role.CLIENT, Role.WORKER])
    operations.form_household(act=act, name="Marsan", people=[odile, louis])
    first, second = queries.find(typed="marsan")
    assert (first.person, first.roles, first.household) == (louis, {Role.CLIENT, Role.WORKER}, "Odile Marsan")
    assert (second.phones, second.household) == (["+33639981427", "+33536491234"], "Louis Marsan")


def test_only_those_who_hold_the_role_are_found_when_one_is_asked(act: Act, odile: Person, add: Add) -> None:
    louis = add("Marsan", "Louis", roles=[Role.WORKER])
    assert names("marsan", role=Role.WORKER) == ["Louis Marsan"]
    operations.end_role(act=act, person=louis, role=Role.WORKER, until=date(2026, 11, 23))
    assert names("marsan", role=Role.WORKER) == []


@pytest.mark.parametrize("typed", ["marsan", "063998"])
def test_finding_costs_three_queries_however_many_are_found(
    act: Act, add: Add, typed: str, django_assert_num_queries
) -> None:
    home = [add("Marsan", given, phones=[f"06 39 98 00 0{n}"]) for n, given in enumerate(["Odile", "Louis", "Ali"])]
    operations.form_household(act=act, name="Marsan", people=home)
    with django_assert_num_queries(3):
        assert len(queries.find(typed=typed)) == 3
    for n in range(6):
        add("Marsan", phones=[f"06 39 98 10 0{n}"], roles=[Role.CLIENT])
    with django_assert_num_queries(3):
        assert len(queries.find(typed=typed)) == 8


@pytest.mark.parametrize(("typed", "postcode"), [("valm", ""), ("0199", ""), ("Valmarelle cedex", "01990"), ("", "01")])
def test_a_place_is_found_by_name_or_postcode(valmarelle: Place, typed: str, postcode: str) -> None:
    assert queries.find_place(typed=typed, postcode=postcode) == [valmarelle]


def test_a_place_elsewhere_of_that_name_is_left_out_by_postcode(valmarelle: Place) -> None:
    assert queries.find_place(typed="valmarelle", postcode="75") == []
    assert queries.find_place(typed="") == []


def test_roles_are_held_from_a_day_until_another(act: Act, odile: Person) -> None:
    operations.give_role(act=act, person=odile, role=Role.CLIENT, since=date(2026, 1, 5))
    operations.end_role(act=act, person=odile, role=Role.CLIENT, until=date(2026, 3, 1))
    days = [date(2026, 1, 4), date(2026, 1, 5), date(2026, 2, 28), date(2026, 3, 1)]
    assert [queries.people_in_role(role=Role.CLIENT, on=day) == [odile] for day in days] == [False, True, True, False]
