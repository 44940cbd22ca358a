from datetime import date
from uuid import UUID

import pytest

from entremise.people.rules.identity import Kind, Known, KnownPeople, Match, Traits, same_person

ODILE, KARIM, OTHER = UUID(int=1), UUID(int=2), UUID(int=3)
PHONE, LANDLINE = "+33639980001", "+33639980002"


def traits(family="Marsan", given="Odile", *phones, **more):
    return Traits(family, given, phones=frozenset(phones), **more)


def match(candidate, *existing):
    found = same_person(candidate, [Known(UUID(int=at), one) for at, one in enumerate(existing, start=1)])
    return found.kind, found.reason


def test_nobody_like_it_is_new():
    assert same_person(traits(), []) == Match(Kind.NEW)


def test_a_shared_phone_and_the_same_name_are_one_person():
    assert match(traits("MARSAN", "Odile", PHONE), traits("Marsan", "odile", PHONE, LANDLINE)) == ("same", "same_phone")


def test_the_order_of_a_guessed_name_does_not_matter():
    assert match(traits("Laurent", "Thomas", PHONE), traits("Thomas", "Laurent", PHONE)) == ("same", "same_phone")


def test_the_same_name_and_birth_date_are_one_person():
    born = date(1948, 5, 12)
    assert match(traits(birth_date=born), traits(birth_date=born)) == ("same", "same_birth_date")


def test_the_same_name_and_address_are_one_person():
    one, other = traits(address="3, rue du Four 01000"), traits(address="3 rue du four, 01000")
    assert match(one, other) == ("same", "same_address")


def test_homonyms_are_left_to_a_human():
    assert match(traits("Marsan", "Odile", PHONE), traits("Marsan", "Odile", LANDLINE)) == ("maybe", "homonym")


def test_homonyms_born_on_different_days_are_two_people():
    assert match(traits(birth_date=date(1948, 5, 12)), traits(birth_date=date(1980, 1, 1))) == ("new", "")


def test_father_and_son_under_one_roof_are_left_to_a_human():
    father = traits("Roux", "Jean", LANDLINE, birth_date=date(1948, 5, 12))
    son = traits("Roux", "Jean", LANDLINE, birth_date=date(1980, 1, 1))
    assert match(son, father) == ("maybe", "birth_dates_differ")


def test_spouses_who_share_a_phone_are_two_people():
    found = same_person(traits("Roux", "Marie", LANDLINE), [Known(ODILE, traits("Roux", "Jean", LANDLINE))])
    assert found == Match(Kind.NEW, None, "shares_phone", (ODILE,))


def test_a_title_alone_on_the_common_phone_may_be_either_spouse():
    madam, sir = traits("Roux", "", LANDLINE, title="Mme"), traits("Roux", "", LANDLINE, title="M.")
    assert match(madam, traits("Roux", "Marie", LANDLINE)) == ("maybe", "phone_of_another")
    assert match(madam, sir) == ("maybe", "titles_differ")


@pytest.mark.parametrize("given", ["Odlie", "O."])
def test_a_slip_or_an_initial_on_the_same_phone_is_left_to_a_human(given):
    assert match(traits("Marsan", given, PHONE), traits("Marsan", "Odile", PHONE)) == ("maybe", "phone_of_another")


def test_a_birth_name_links_the_two_names_of_a_woman():
    assert match(traits("Roux", "Odile", PHONE), traits("Marsan", "Odile", PHONE, birth_name="Roux")) == (
        "same", "same_phone",
    )  # fmt: skip


def test_the_number_of_the_file_finds_a_person_who_moved_and_changed_phone():
    assert match(traits(number="C-12"), traits("Marsan", "Odile", PHONE, number="c 12")) == ("same", "same_number")


def test_a_number_under_another_name_is_left_to_a_human():
    assert match(traits("Roux", "Jean", number="12"), traits(number="12")) == ("maybe", "number_of_another")


def test_two_records_that_fit_alike_are_left_to_a_human():
    one, two = traits("Marsan", "Odile", PHONE), traits("Marsan", "Odile", LANDLINE)
    found = same_person(traits("Marsan", "Odile", PHONE, LANDLINE), [Known(ODILE, one), Known(KARIM, two)])
    assert (found.kind, found.reason, {found.person, *found.others}) == (Kind.MAYBE, "several", {ODILE, KARIM})


def test_a_sure_match_outranks_a_homonym():
    homonym, herself = traits("Marsan", "Odile", LANDLINE), traits("Marsan", "Odile", PHONE)
    found = same_person(traits("Marsan", "Odile", PHONE), [Known(OTHER, homonym), Known(ODILE, herself)])
    assert (found.kind, found.person) == (Kind.SAME, ODILE)


def test_names_in_another_script_are_compared_as_they_are():
    assert match(traits("王", "伟"), traits("李", "娜")) == ("new", "")
    assert match(traits("王", "伟", PHONE), traits("王", "伟", PHONE)) == ("same", "same_phone")


def test_a_file_imported_twice_finds_everybody_again():
    people = KnownPeople()
    lines = [traits(f"Nom{at % 700}", f"Prénom{at % 90}", f"+336399{at:05}", number=str(at)) for at in range(5000)]
    for at, line in enumerate(lines):
        people.add(Known(UUID(int=at), line))
    assert [people.match(line).person for line in lines] == [UUID(int=at) for at in range(5000)]
