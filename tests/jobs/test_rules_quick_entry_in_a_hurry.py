"""What was once read as another day, another hour or another rhythm than the one that was meant."""

from datetime import date, time

import pytest

from tests.jobs.test_rules_quick_entry import TUESDAY, WEEKLY, read

MONTHLY = "FREQ=MONTHLY;INTERVAL=1;"


@pytest.mark.parametrize(
    ("text", "day", "start", "minutes", "recurrence", "note"),
    [
        ("ménage les mardi et vendredi 9h 2h", TUESDAY, time(9), 120, WEEKLY + "TU,FR", ""),
        ("cleaning every Mon, Wed and Fri 9am 2h", date(2026, 11, 25), time(9), 120, WEEKLY + "MO,WE,FR", ""),
        ("cleaning twice a week mon and fri 9am 2h", date(2026, 11, 27), time(9), 120, WEEKLY + "MO,FR", "twice"),
        ("ménage tous les jours ouvrés 9h 1h", TUESDAY, time(9), 60, WEEKLY + "MO,TU,WE,TH,FR", ""),
        ("ménage tous les jours sauf dimanche 9h 1h", TUESDAY, time(9), 60, WEEKLY + "MO,TU,WE,TH,FR,SA", ""),
        ("ménage tous les mardis sauf le 8 décembre 9h 2h", TUESDAY, time(9), 120, WEEKLY + "TU", "sauf le 8 décembre"),
        ("ménage tous les midis 1h", TUESDAY, time(12), 60, "FREQ=DAILY;INTERVAL=1", ""),
        ("ménage une fois par mois le vendredi 9h 2h", date(2026, 11, 27), time(9), 120, MONTHLY + "BYDAY=4FR", ""),
        (
            "ménage du 1er au 3 décembre 9h 2h",
            date(2026, 12, 1),
            time(9),
            120,
            "FREQ=DAILY;INTERVAL=1;UNTIL=20261203",
            "",
        ),
        ("courses le 31/11 9h 1h", None, time(9), 60, None, "31/11"),
        ("courses le 31 novembre 9h 1h", None, time(9), 60, None, "31 novembre"),
        ("cleaning monday 9 to 11", date(2026, 11, 30), time(9), 120, None, ""),
        ("ménage mardi 9h 2h bât 8-10", TUESDAY, time(9), 120, None, "bât 8-10"),
        ("ménage 9h/11h mardi", TUESDAY, time(9), 120, None, ""),
        ("ménage deux heures mardi à neuf heures", TUESDAY, time(9), 120, None, ""),
        ("ménage mardi 2 heures et quart à 9h", TUESDAY, time(9), 135, None, ""),
        ("boxes saturday 8.30 4 hours", date(2026, 11, 28), time(8, 30), 240, None, ""),
    ],
)
def test_what_a_coordinator_types_in_a_hurry_is_not_misread(text, day, start, minutes, recurrence, note):
    found = read(text)
    assert (found.day, found.start, found.minutes) == (day, start, minutes)
    assert (found.recurrence, found.note) == (recurrence, note)


@pytest.mark.parametrize("text", ["ménage mardi et jeudi 2h", "cleaning mon & thu 2h", "ménage mar jeu 9h 2h"])
def test_one_day_of_several_is_a_guess(text):
    assert read(text).day_is_guess
