"""Public holidays by the rule of the labour code."""

from datetime import date

from entremise.figures.queries import public_holidays


def test_the_eleven_of_a_year() -> None:
    assert public_holidays(first=date(2027, 1, 1), last=date(2027, 12, 31)) == {
        date(2027, 1, 1): "new_year",
        date(2027, 3, 29): "easter_monday",
        date(2027, 5, 1): "labour_day",
        date(2027, 5, 6): "ascension",
        date(2027, 5, 8): "victory_day",
        date(2027, 5, 17): "whit_monday",
        date(2027, 7, 14): "bastille_day",
        date(2027, 8, 15): "assumption",
        date(2027, 11, 1): "all_saints",
        date(2027, 11, 11): "armistice",
        date(2027, 12, 25): "christmas",
    }


def test_a_season_over_new_year_has_both() -> None:
    found = public_holidays(first=date(2026, 12, 20), last=date(2027, 1, 5))
    assert list(found.values()) == ["christmas", "new_year"] or list(found.values()) == ["new_year", "christmas"]
