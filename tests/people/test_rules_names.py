import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from entremise.kernel.refused import Refused
from entremise.people.rules.names import Name, cased, split_name, title_of


@pytest.mark.parametrize(
    ("typed", "family", "first"),
    [
        ("MARSAN Odile", "Marsan", "Odile"),
        ("Odile MARSAN", "Marsan", "Odile"),
        ("Odile Marsan", "Marsan", "Odile"),
        ("Marsan Odile", "Marsan", "Odile"),
        ("MARSAN ODILE", "Marsan", "Odile"),
        ("marsan, odile", "Marsan", "Odile"),
        ("DE LA TOUR Jeanne", "de la Tour", "Jeanne"),
        ("Jean-Pierre de la Tour", "de la Tour", "Jean-Pierre"),
        ("BEN ALI Karim", "Ben Ali", "Karim"),
        ("Karim Ben Ali", "Ben Ali", "Karim"),
        ("SAINT MARTIN Paul", "Saint Martin", "Paul"),
        ("D'ALMEIDA Rosa", "d'Almeida", "Rosa"),
        ("Marie Anne Dupont", "Dupont", "Marie Anne"),
        ("Dupont Marie Anne", "Dupont", "Marie Anne"),
        ("Martin Odile", "Martin", "Odile"),
        ("J.-P. Roux", "Roux", "J.-P."),
        ("Mamadou Diallo", "Diallo", "Mamadou"),
    ],
)
def test_a_merged_name_is_cut_where_a_reader_would_cut_it(typed, family, first):
    name = split_name(typed)
    assert (name.family, name.given, name.sure) == (family, first, True)


def test_a_title_is_taken_off_and_written_one_way():
    assert split_name("Mme de la Tour Jeanne") == Name("de la Tour", "Jeanne", "Mme")
    assert split_name("MONSIEUR Karim BEN ALI").title == "M."
    assert split_name("M.Dupuis Karim") == Name("Dupuis", "Karim", "M.")
    assert title_of("Mademoiselle") == "Mme"


def test_two_names_that_are_both_given_names_are_a_guess():
    assert not split_name("Thomas Laurent").sure


def test_the_header_settles_the_order_that_words_cannot():
    assert split_name("Thomas Laurent", family_first=True) == Name("Thomas", "Laurent")
    assert split_name("Thomas Laurent", family_first=False) == Name("Laurent", "Thomas")


def test_a_name_against_its_header_is_followed_and_flagged():
    name = split_name("Odile Marsan", family_first=True)
    assert (name.family, name.given, name.sure) == ("Marsan", "Odile", False)


@pytest.mark.parametrize("typed", ["M. et Mme Roux", "Mr & Mme ROUX", "M./Mme Roux", "Famille Roux", "Mme et M. Roux"])
def test_a_couple_is_flagged_as_a_household(typed):
    name = split_name(typed)
    assert (name.family, name.given, name.household, name.sure) == ("Roux", "", True, False)


def test_two_given_names_under_one_family_name_stay_together():
    name = split_name("ROUX Jean et Marie")
    assert (name.family, name.given, name.household) == ("Roux", "Jean et Marie", True)


def test_a_birth_name_is_kept_apart():
    assert split_name("Odile Marsan née de la Tour") == Name("Marsan", "Odile", birth="de la Tour")
    assert split_name("ROUX épouse MARSAN Odile") == Name("Marsan", "Odile", birth="Roux")


def test_an_organisation_is_not_cut_into_a_person():
    assert split_name("Mairie de Valmarelle") == Name("Mairie de Valmarelle", company=True)


def test_what_stands_in_brackets_is_kept_as_a_note():
    assert split_name("Marsan Odile (voir sa fille)").note == "voir sa fille"


def test_a_lone_word_is_a_family_name_after_a_title_and_a_guess_without():
    assert split_name("Mme Marsan") == Name("Marsan", "", "Mme")
    assert not split_name("Marsan").sure


@pytest.mark.parametrize("typed", ["", "  ", "Mme", "0639980001", "--"])
def test_a_cell_without_a_name_is_refused_with_what_was_typed(typed):
    with pytest.raises(Refused) as refused:
        split_name(typed)
    assert (refused.value.code, refused.value.params) == ("name_not_understood", {"typed": typed})


def test_mixed_case_is_left_as_its_owner_writes_it():
    assert cased("McArthur") == "McArthur"
    assert cased("N'DIAYE-LE GALL") == "N'Diaye-Le Gall"


PIECES = st.sampled_from(["Mme", "M.", "et", "née", "de la", "MARSAN", "Odile", "J.-P.", ",", "(", ")", "&", "épouse"])
TYPED = st.one_of(st.text(max_size=40), st.lists(PIECES, max_size=7).map(" ".join))


@settings(deadline=None)
@given(TYPED, st.sampled_from([None, True, False]))
@example("0 EPOUSE ,", None)
def test_any_text_is_a_name_or_is_refused(typed, family_first):
    try:
        name = split_name(typed, family_first=family_first)
    except Refused:
        return
    assert name.family or name.given
