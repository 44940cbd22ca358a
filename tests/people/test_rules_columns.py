import pytest

from entremise.kernel.refused import Refused
from entremise.people.rules.columns import NEEDS, SYNONYMS, knows, map_columns, shown


def found(kind, *headers):
    return dict(map_columns(kind, headers).found)


def test_people_columns_are_known_by_the_names_offices_give_them():
    headers = ["Civ.", "NOM", "Prénom", "Tél. portable", "Tel fixe", "Adresse mail", "Adresse", "CP", "Commune",
               "Né(e) le", "N° Sécu", "Type", "Observations"]  # fmt: skip
    assert found("people", *headers) == {
        "title": (0,), "family_name": (1,), "given_name": (2,), "phone": (3, 4), "email": (5,), "address": (6,),
        "postcode": (7,), "town": (8,), "birth_date": (9,), "nir": (10,), "role": (11,), "remark": (12,),
    }  # fmt: skip


def test_a_merged_name_column_says_which_word_comes_first():
    assert map_columns("people", ["Nom et prénom"]).family_first is True
    assert map_columns("people", ["Prénom NOM"]).family_first is False
    assert map_columns("people", ["Nom complet"]).family_first is None


def test_a_lone_name_column_holds_the_whole_name():
    assert found("people", "Nom", "Téléphone") == {"full_name": (0,), "phone": (1,)}


def test_numbered_columns_bracketed_hints_and_role_words_do_not_hide_a_name():
    assert found("people", "Nom du client", "Prénom (usuel)", "Téléphone 1", "Téléphone 2") == {
        "family_name": (0,), "given_name": (1,), "phone": (2, 3),
    }  # fmt: skip


def test_unknown_and_missing_columns_are_named():
    columns = map_columns("requests", ["Client", "Couleur", "Date"])
    assert (columns.unknown, columns.missing) == (("Couleur",), ("what",))


def test_an_hour_is_a_moment_and_hours_are_a_duration():
    assert found("requests", "Client", "Activité", "Date", "Heure", "Heures") == {
        "client": (0,), "what": (1,), "day": (2,), "start": (3,), "minutes": (4,),
    }  # fmt: skip


def test_start_and_end_stand_for_a_duration():
    assert map_columns("hours", ["Date", "Salarié", "Client", "Début", "Fin"]).missing == ()
    assert map_columns("hours", ["Date", "Salarié", "Client", "Début"]).missing == ("minutes",)


def test_hours_tell_the_number_of_the_mission_from_that_of_the_line():
    assert found("hours", "N°", "N° mission", "Validé par") == {"number": (0,), "request": (1,), "validated_by": (2,)}


def test_english_headers_are_read_too():
    assert map_columns("people", ["First name", "Last name", "Phone number", "Date of birth"]).unknown == ()


@pytest.mark.parametrize(
    "headers",
    [
        ["code_commune_INSEE", "nom_commune_postal", "code_postal", "latitude", "longitude"],
        ["#Code_commune_INSEE", "Nom_de_la_commune", "Code_postal", "coordonnees_gps"],
        ["code", "nom", "codesPostaux", "centre"],
        ["code_insee", "nom_standard", "codes_postaux", "latitude_mairie", "longitude_mairie"],
    ],
)
def test_every_official_list_of_communes_is_read(headers):
    columns = map_columns("places", headers)
    assert (columns.missing, columns.unknown) == ((), ())


def test_the_full_name_of_a_commune_is_preferred_to_its_postal_capitals():
    columns = map_columns("places", ["code_commune_INSEE", "nom_commune_postal", "nom_commune_complet"])
    assert columns.value(("01004", "VALMARELLE", "Valmarelle"), "name") == "Valmarelle"


def test_values_skip_blank_cells():
    columns = map_columns("people", ["Nom", "Fixe", "Portable"])
    assert columns.values(("Marsan", "", "0639980001"), "phone") == ("0639980001",)
    assert columns.value(("Marsan", "", ""), "email") == ""


def test_a_line_with_a_separator_too_many_is_refused():
    columns = map_columns("people", ["Nom", "Adresse"])
    with pytest.raises(Refused, match="line_too_long"):
        columns.check(("Marsan", "3", "rue du Four"))


@pytest.mark.parametrize("kind", SYNONYMS)
def test_the_shown_name_of_every_field_is_read_back_as_that_field(kind):
    for field in SYNONYMS[kind]:
        assert map_columns(kind, [shown(kind, field), "prénom"]).found[field][0] == 0


def test_every_need_names_fields_that_exist():
    for kind, needs in NEEDS.items():
        assert all(fields <= SYNONYMS[kind].keys() for need in needs for fields in need)


def test_a_title_line_is_not_a_column_name():
    is_name = knows("people")
    assert is_name("Téléphone")
    assert not is_name("Fichier des clients 2026")
