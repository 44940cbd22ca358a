from contextlib import suppress
from datetime import date, time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from entremise.kernel.act import Role
from entremise.kernel.refused import Refused
from entremise.people.rules import typed as read

NEW_YEARS_EVE = date(2026, 12, 31)


@pytest.mark.parametrize(
    "typed",
    [
        "31/12/2026", "31/12/26", "31-12-2026", "31.12.26", "2026-12-31", "2026/12/31", "31 décembre 2026",
        "31 déc. 2026", "jeudi 31 décembre 2026", "jeu. 31/12/2026", "31 December 2026", "December 31, 2026",
        "31st december 2026", "31122026", "20261231", "46387", "2026-12-31 14:30", "2026-12-31T00:00:00",
        "31/12/2026 14h30", " 31 / 12 / 2026 ",
    ],
)  # fmt: skip
def test_one_day_is_read_in_every_habit(typed):
    assert read.day_typed(typed) == NEW_YEARS_EVE


def test_the_first_of_a_month_is_read_as_it_is_spoken():
    assert read.day_typed("1er mars 2026") == date(2026, 3, 1)


@pytest.mark.parametrize(
    "typed", ["", "12/31/2026", "30/02/2026", "31/12", "demain", "31/12/226", "3", "46387.5", "20261331", "jui 2026"]
)
def test_what_is_no_date_is_refused_with_what_was_typed(typed):
    with pytest.raises(Refused) as refused:
        read.day_typed(typed, where="birth_date")
    assert (refused.value.code, refused.value.params, refused.value.where) == (
        "date_not_understood", {"typed": typed}, "birth_date",
    )  # fmt: skip


def test_a_short_year_of_birth_belongs_to_the_past():
    assert read.day_typed("12/05/48", latest=NEW_YEARS_EVE) == date(1948, 5, 12)
    assert read.day_typed("12/05/04", latest=NEW_YEARS_EVE) == date(2004, 5, 12)


def test_a_birth_in_the_future_is_refused():
    with pytest.raises(Refused, match="date_too_late"):
        read.day_typed("01/01/2027", latest=NEW_YEARS_EVE)


@settings(deadline=None)
@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)))
def test_every_day_survives_the_french_and_the_iso_form(day):
    assert read.day_typed(day.strftime("%d/%m/%Y")) == read.day_typed(day.isoformat()) == day


@pytest.mark.parametrize(
    ("typed", "moment"),
    [("14h30", time(14, 30)), ("14:30:00", time(14, 30)), ("9 h", time(9)), ("9", time(9)), ("midi", time(12)),
     ("2:30 pm", time(14, 30)), ("12 am", time(0)), ("8 heures", time(8))],
)  # fmt: skip
def test_a_moment_of_the_day_is_read(typed, moment):
    assert read.time_typed(typed) == moment


@pytest.mark.parametrize("typed", ["", "25h", "9h75", "13 pm", "matin"])
def test_what_is_no_moment_is_refused(typed):
    with pytest.raises(Refused, match="time_not_understood"):
        read.time_typed(typed)


@pytest.mark.parametrize(
    ("typed", "minutes"),
    [("2h30", 150), ("2,5", 150), ("2.5", 150), ("2:30", 150), ("3.33333333333333", 200), ("20 h par semaine", 1200),
     ("20h/sem.", 1200)],
)  # fmt: skip
def test_a_duration_is_minutes(typed, minutes):
    assert read.duration_typed(typed) == minutes


def test_hours_a_month_are_not_taken_for_hours_a_week():
    with pytest.raises(Refused, match="duration_not_understood"):
        read.duration_typed("80 h par mois")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1 234,50", "1234.50"), ("1\u202f234,50 €", "1234.50"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"),
     ("1'234.50", "1234.50"), ("12,5", "12.5"), ("12.5", "12.5"), ("1.234.567", "1234567"), ("-3", "-3"),
     ("€ 12", "12"), ("1 234", "1234"), ("1.234", "1.234")],
)  # fmt: skip
def test_a_number_is_read_in_every_habit(typed, number):
    assert read.decimal_typed(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["", "12 34", "1,23,4", "douze", "1e5", "1.2.3", "NaN", "9" * 31])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(Refused, match="number_not_understood"):
        read.decimal_typed(typed)


@pytest.mark.parametrize(
    ("typed", "numbers", "rest"),
    [
        ("06 39 98 00 01", ("+33639980001",), ""),
        ("06.39.98.00.01 / 06-39-98-00-02", ("+33639980001", "+33639980002"), ""),
        ("06/39/98/00/01", ("+33639980001",), ""),
        ("639980001", ("+33639980001",), ""),
        ("639980001.0", ("+33639980001",), ""),
        ("+33 (0)6 39 98 00 01", ("+33639980001",), ""),
        ("0033639980001 ou 0639980002", ("+33639980001", "+33639980002"), ""),
        ("0639980001\n0639980001", ("+33639980001",), ""),
        ("Port : 06 39 98 00 01 (fille, le soir)", ("+33639980001",), "fille le soir"),
        ("+44 7700 900123", ("+447700900123",), ""),
        ("", (), ""),
    ],
)
def test_every_number_of_a_cell_is_found(typed, numbers, rest):
    assert read.phones_typed(typed) == read.Phones(numbers, rest)


@pytest.mark.parametrize("typed", ["06 39 98 00", "06 39 98 00 01 poste 12", "aucun", "06399800010639980002"])
def test_a_number_with_digits_missing_or_left_over_is_refused(typed):
    with pytest.raises(Refused, match="phone_not_understood"):
        read.phones_typed(typed)


def test_a_number_that_the_spreadsheet_rounded_is_said_to_be_lost():
    with pytest.raises(Refused, match="digits_lost"):
        read.phones_typed("6,3998E+08")
    with pytest.raises(Refused, match="digits_lost"):
        read.nir_typed("1,85057E+14")


def test_a_postcode_gets_its_zero_back():
    assert read.postcode_typed("1000") == "01000"
    assert read.postcode_typed("F-01 000") == "01000"
    assert read.postcodes_typed("69001,69002/1000") == ("69001", "69002", "01000")


@pytest.mark.parametrize("typed", ["", "123", "123456", "Valmarelle"])
def test_what_is_no_postcode_is_refused(typed):
    with pytest.raises(Refused, match="postcode_not_understood"):
        read.postcode_typed(typed)


def test_a_commune_code_gets_its_zero_back():
    assert read.insee_typed("1004") == "01004"
    assert read.insee_typed("2a004") == "2A004"


def test_a_point_is_read_and_kept_on_the_globe():
    assert read.point_typed("46.153426, 4.926114") == (46.153426, 4.926114)
    assert read.coordinate_typed("46,15", limit=90, where="latitude") == 46.15
    with pytest.raises(Refused, match="coordinate_not_understood"):
        read.coordinate_typed("191", limit=180, where="longitude")


def test_an_address_on_one_line_is_cut_at_its_postcode():
    assert read.split_address("3 rue du Four, 01000 Valmarelle") == ("3 rue du Four", "01000", "Valmarelle")
    assert read.split_address("01000 Valmarelle") == ("", "01000", "Valmarelle")
    assert read.split_address("Le Moulin") == ("Le Moulin", "", "")


def test_yes_no_and_an_empty_cell_are_told_apart_from_nonsense():
    assert [read.yes_typed(typed) for typed in ("Oui", "x", "✓", "true", "Non", "", "faux")] == [True] * 4 + [False] * 3
    with pytest.raises(Refused, match="yes_or_no_not_understood"):
        read.yes_typed("peut-être")


def test_roles_are_read_in_the_words_of_the_trade():
    assert read.roles_typed("Salariée") == {Role.WORKER}
    assert read.roles_typed("demandeurs d'emploi") == {Role.WORKER}
    assert read.roles_typed("client et salarié") == {Role.CLIENT, Role.WORKER}
    assert read.roles_typed("") == frozenset()
    with pytest.raises(Refused, match="role_not_understood"):
        read.roles_typed("bizarre")


def test_a_social_security_number_is_proved_by_its_key():
    whole = read.nir_typed("2 55 08 14 168 025")
    assert whole == "255081416802538"
    assert read.nir_typed(whole) == whole
    with pytest.raises(Refused, match="nir_not_understood"):
        read.nir_typed("255081416802539")


def test_an_iban_is_proved_by_its_check_digits():
    assert read.iban_typed("IBAN : FR14 2004 1010 0505 0001 3M02 606") == "FR1420041010050500013M02606"
    with pytest.raises(Refused, match="iban_not_understood"):
        read.iban_typed("FR15 2004 1010 0505 0001 3M02 606")


def test_a_pass_number_has_twelve_digits():
    assert read.pass_number_typed("99999 26 12345") == "999992612345"
    with pytest.raises(Refused, match="pass_number_not_understood"):
        read.pass_number_typed("en cours")


def test_an_email_keeps_its_name_and_lowers_its_domain():
    assert read.email_typed(" mailto:Odile.M@Exemple.FR ") == "Odile.M@exemple.fr"
    with pytest.raises(Refused, match="email_not_understood"):
        read.email_typed("odile at exemple")


def test_a_list_is_cut_at_any_separator_and_keeps_each_item_once():
    assert read.list_typed("ménage, repassage ; jardin / ménage") == ("ménage", "repassage", "jardin")


DIGITS = st.text("0123456789 /.-:h,+eE'€²٣", max_size=24)
READERS = [
    read.day_typed, read.time_typed, read.duration_typed, read.decimal_typed, read.yes_typed, read.phones_typed,
    read.email_typed, read.postcode_typed, read.postcodes_typed, read.insee_typed, read.point_typed, read.nir_typed,
    read.iban_typed, read.pass_number_typed, read.roles_typed, read.list_typed, read.split_address,
]  # fmt: skip


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@settings(deadline=None)
@given(typed=st.one_of(DIGITS, st.text(max_size=40)))
def test_any_text_is_a_value_or_is_refused(reader, typed):
    with suppress(Refused):
        reader(typed)
