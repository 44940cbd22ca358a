from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.jobs.rules.quick_entry import (
    ActivityWords,
    Habits,
    Understood,
    parse_day,
    parse_duration,
    parse_hours,
    parse_recurrence,
    parse_start,
    parse_what,
    understand,
    written,
)

MONDAY = date(2026, 11, 23)
TUESDAY = date(2026, 11, 24)
ACTIVITIES = (
    ActivityWords("hedge", ("haie", "taille de haie", "taille-haie", "hedge")),
    ActivityWords("ironing", ("repassage", "ironing")),
    ActivityWords("cleaning", ("ménage", "cleaning")),
    ActivityWords("boxes", ("cartons", "boxes")),
    ActivityWords("windows", ("vitres", "windows")),
    ActivityWords("shopping", ("courses", "shopping")),
    ActivityWords("garden", ("jardin", "jardinage", "garden", "gardening")),
    ActivityWords("diy", ("bricolage", "odd jobs")),
    ActivityWords("moving", ("déménagement", "moving house")),
)
WEEKLY = "FREQ=WEEKLY;INTERVAL=1;BYDAY="


def read(text: str, today: date = MONDAY) -> Understood:
    return understand(text, today=today, activities=ACTIVITIES)


@pytest.mark.parametrize(
    ("text", "activity", "day", "start", "minutes", "recurrence"),
    [
        ("haie mardi matin 2h", "hedge", TUESDAY, time(9), 120, None),
        ("ironing every Friday 2pm 3h", "ironing", date(2026, 11, 27), time(14), 180, WEEKLY + "FR"),
        ("ménage tous les mardis 14h 3 heures", "cleaning", TUESDAY, time(14), 180, WEEKLY + "TU"),
        ("repassage vendredi 9h30 à 12h", "ironing", date(2026, 11, 27), time(9, 30), 150, None),
        ("cartons samedi 28 nov 4h", "boxes", date(2026, 11, 28), None, 240, None),
        ("vitres demain après-midi 1h30", "windows", TUESDAY, time(14), 90, None),
        ("courses le 3 décembre 10h 1h", "shopping", date(2026, 12, 3), time(10), 60, None),
        ("jardin chaque semaine le jeudi 9h-11h", "garden", date(2026, 11, 26), time(9), 120, WEEKLY + "TH"),
        ("bricolage dans 15 jours", "diy", date(2026, 12, 7), None, None, None),
        ("déménagement weekend", "moving", date(2026, 11, 28), None, None, None),
        ("garden next tuesday morning 2 hours", "garden", TUESDAY, time(9), 120, None),
        ("every other Monday", None, date(2026, 11, 30), None, None, "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO"),
        ("MENAGE JEU. 26 NOV. 10 H 15 1 H", "cleaning", date(2026, 11, 26), time(10, 15), 60, None),
        ("cleaning 4 dec 9.30am-11am", "cleaning", date(2026, 12, 4), time(9, 30), 90, None),
        ("vitres du lundi au vendredi 8h 2h", "windows", TUESDAY, time(8), 120, WEEKLY + "MO,TU,WE,TH,FR"),
        ("ménage 3/12 à 2h 3 heures", "cleaning", date(2026, 12, 3), time(14), 180, None),
        ("odd jobs tomorrow at 2 for half an hour", "diy", TUESDAY, time(14), 30, None),
        ("haie mardi à 9h pendant 1 heure et demie", "hedge", TUESDAY, time(9), 90, None),
        ("ménage mardi 24 à 9h, 1/2 heure", "cleaning", TUESDAY, time(9), 30, None),
        ("haie mercredi matinée 2h½", "hedge", date(2026, 11, 25), time(9), 150, None),
    ],
)
def test_a_request_is_understood_as_it_is_said(text, activity, day, start, minutes, recurrence):
    found = read(text)
    assert (found.activity, found.day, found.start, found.minutes) == (activity, day, start, minutes)
    assert (found.recurrence, found.note) == (recurrence, "")


def test_what_is_not_understood_is_named():
    assert read("every other Monday").missing == ("activity", "minutes")
    assert read("haie").missing == ("day", "minutes")
    assert read("").missing == ("activity", "day", "minutes")


def test_a_part_of_the_day_is_a_guess_and_an_hour_is_not():
    assert read("haie mardi matin 2h").time_is_guess
    assert not read("haie mardi 9h 2h").time_is_guess
    assert read("haie mardi at 2").time_is_guess


def test_parts_of_the_day_are_the_organisations_own():
    habits = Habits(morning=time(8, 15), half_day=210)
    found = understand("haie mardi matin une demi-journée", today=MONDAY, activities=ACTIVITIES, habits=habits)
    assert (found.start, found.minutes) == (time(8, 15), 210)


def test_a_weekend_is_a_guess_because_it_has_two_days():
    assert read("déménagement weekend").day_is_guess


def test_a_weekday_that_disagrees_with_its_date_is_a_guess():
    assert read("haie lundi 24/11").day_is_guess
    assert not read("haie mardi 24/11").day_is_guess


def test_the_words_that_remain_are_the_note():
    assert read("Haie, 10 m mardi matin 2 h").note == "10 m"
    assert read("2h de ménage jeudi soir chez sa mère, portail vert").note == "chez sa mère, portail vert"


def test_a_second_mention_of_the_activity_stays_in_the_note():
    found = read("Haie mardi 2h, taille-haie sur place")
    assert (found.activity, found.note) == ("hedge", "taille-haie sur place")


def test_after_a_semicolon_everything_is_note():
    found = read("ménage jeudi 2h ; préfère mardi matin")
    assert (found.day, found.note) == (date(2026, 11, 26), "préfère mardi matin")


def test_the_longest_known_words_decide_the_activity():
    found = understand(
        "grand ménage mardi 2h",
        today=MONDAY,
        activities=(ActivityWords("cleaning", ("ménage",)), ActivityWords("spring", ("grand ménage",))),
    )
    assert (found.activity, found.note) == ("spring", "")


def test_three_letters_are_enough_when_only_one_activity_begins_so():
    assert read("vit mardi 9h 2h").activity == "windows"
    assert read("mo mardi 9h 2h").activity is None


def test_a_beginning_that_two_activities_share_is_not_guessed():
    both = (ActivityWords("lawn", ("tonte",)), ActivityWords("barrel", ("tonneau",)))
    assert understand("ton mardi 2h", today=MONDAY, activities=both).activity is None


def test_my_garden_is_not_a_monday():
    found = read("mon jardin demain 1h")
    assert (found.activity, found.day, found.note) == ("garden", TUESDAY, "")


def test_what_was_understood_can_be_shown_in_the_typed_text():
    text = "Ménage tous les mardis 14h 3 heures, chien"
    found = read(text)
    assert [(span.kind, span.text) for span in found.spans] == [
        ("activity", "Ménage"),
        ("recurrence", "tous les mardis"),
        ("start", "14h"),
        ("minutes", "3 heures"),
    ]
    assert all(text[span.start : span.end] == span.text for span in found.spans)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("mardi", TUESDAY),
        ("lundi", date(2026, 11, 30)),
        ("aujourd'hui", MONDAY),
        ("ce matin", MONDAY),
        ("demain mardi à 9h", TUESDAY),
        ("après-demain", date(2026, 11, 25)),
        ("the day after tomorrow", date(2026, 11, 25)),
        ("mardi en huit", date(2026, 12, 1)),
        ("tuesday week", date(2026, 12, 1)),
        ("mercredi de la semaine prochaine", date(2026, 12, 2)),
        ("next week on friday", date(2026, 12, 4)),
        ("dans 8 jours", date(2026, 11, 30)),
        ("in 15 days", date(2026, 12, 8)),
        ("dans deux semaines", date(2026, 12, 7)),
        ("dans 3 mois", date(2027, 2, 23)),
        ("le 1er", date(2026, 12, 1)),
        ("le 23", MONDAY),
        ("mardi 1er", date(2026, 12, 1)),
        ("3 mars", date(2027, 3, 3)),
        ("December 3rd", date(2026, 12, 3)),
        ("03/12/2026", date(2026, 12, 3)),
        ("3/12/26", date(2026, 12, 3)),
        ("2026-12-03", date(2026, 12, 3)),
        ("mar. 24 nov., 9 h", TUESDAY),
        ("tous les jeudis à partir du 7 décembre", date(2026, 12, 10)),
        ("22/11/2026", None),
        ("31/02", None),
        ("3/14", None),
        ("29 février 2027", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_a_day_is_read_from_its_own_field(text, day):
    assert parse_day(text, MONDAY) == day


def test_a_figure_after_a_weekday_is_its_date_only_when_the_calendar_agrees():
    assert parse_day("mardi 9 à 11h", MONDAY) == TUESDAY
    assert parse_start("mardi 9 à 11h") == time(9)
    assert parse_day("mardi 8 à 11h", MONDAY) == date(2026, 12, 8)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("tous les mardis et jeudis", WEEKLY + "TU,TH"),
        ("on Fridays", WEEKLY + "FR"),
        ("un vendredi sur deux", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("tous les 15 jours le mercredi", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE"),
        ("every 3 weeks on Monday", "FREQ=WEEKLY;INTERVAL=3;BYDAY=MO"),
        ("chaque semaine", "FREQ=WEEKLY;INTERVAL=1"),
        ("every week from 24/11", WEEKLY + "TU"),
        ("le premier mardi du mois", "FREQ=MONTHLY;INTERVAL=1;BYDAY=1TU"),
        ("last friday of the month", "FREQ=MONTHLY;INTERVAL=1;BYDAY=-1FR"),
        ("tous les mois le 3", "FREQ=MONTHLY;INTERVAL=1;BYMONTHDAY=3"),
        ("tous les jours", "FREQ=DAILY;INTERVAL=1"),
        ("une fois par semaine le lundi", WEEKLY + "MO"),
        ("tous les mardis matins", WEEKLY + "TU"),
        ("every weekday", WEEKLY + "MO,TU,WE,TH,FR"),
        ("tous les mardis jusqu'au 18 décembre", WEEKLY + "TU;UNTIL=20261218"),
        ("mardi", None),
    ],
)
def test_a_rhythm_is_read_as_a_rule(text, rule):
    assert parse_recurrence(text, MONDAY) == rule


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("mardi matin", time(9)),
        ("14h", time(14)),
        ("9", time(9)),
        ("mardi 9 h 30", time(9, 30)),
        ("2pm", time(14)),
        ("12am", time(0)),
        ("5h du soir", time(17)),
        ("à midi", time(12)),
        ("from 10 to 2", time(10)),
        ("de 2h à 4h", time(14)),
        ("25h", None),
        ("13pm", None),
        ("mardi", None),
        ("75", None),
    ],
)
def test_a_start_is_read_from_its_own_field(text, start):
    assert parse_start(text) == start


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("2 h", 120),
        ("8h", 480),
        ("2h30", 150),
        ("2 h 30 min", 150),
        ("1/2 heure", 30),
        ("une demi-heure", 30),
        ("half an hour", 30),
        ("3/4 d'heure", 45),
        ("une heure et demie", 90),
        ("deux heures", 120),
        ("90 min", 90),
        ("90", 90),
        ("3", 180),
        ("1,5", 90),
        ("2.5 hours", 150),
        ("2 1/2 h", 150),
        ("2 à 3 h", 180),
        ("9h-11h", 120),
        ("demi-journée", 240),
        ("0", None),
        ("longtemps", None),
        ("", None),
    ],
)
def test_a_length_is_read_from_its_own_field(text, minutes):
    assert parse_duration(text) == minutes


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("3,5", 210),
        ("3.5", 210),
        ("3h30", 210),
        ("3 h 30", 210),
        ("3:30", 210),
        ("4H", 240),
        ("4", 240),
        (" 3,25 ", 195),
        ("3,50", 210),
        ("0h45", 45),
        ("3 heures", 180),
    ],
)
def test_hours_in_a_text_message_become_minutes(text, minutes):
    assert parse_hours(text) == minutes


@pytest.mark.parametrize("text", ["3.30", "3,15", "3h75", "90", "-2", "0", "trois", "3,5 merci", "", "25", "1e3"])
def test_hours_that_could_be_read_in_two_ways_reach_a_person(text):
    assert parse_hours(text) is None


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("text", ["haie mardi 5am 2h", "haie mardi 12am", "haie mardi 9h 8h"])
def test_a_start_before_dawn_survives_being_written_out(text, language):
    found = read(text)
    again = read(written(found, ACTIVITIES, language=language))
    assert (again.start, again.minutes) == (found.start, found.minutes)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (None, "on 24/11/2026 at 9h00 for 2h00"),
        ("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH", "every 2 weeks on Monday and Thursday on 24/11/2026 at 9h00 for 2h00"),
        ("FREQ=MONTHLY;BYDAY=-1TU", "every last Tuesday of the month on 24/11/2026 at 9h00 for 2h00"),
    ],
)
def test_it_is_written_in_the_language_of_whoever_reads_it(rule, said):
    request = Understood(day=date(2026, 11, 24), start=time(9), minutes=120, recurrence=rule)
    assert written(request, (), language="en") == said


def test_the_field_what_keeps_what_is_not_the_activity():
    assert parse_what("Haie, 10 m", ACTIVITIES) == ("hedge", "10 m")
    assert parse_what("10 m", ACTIVITIES) == (None, "10 m")


WORDS = st.sampled_from(
    [
        *(
            "haie",
            "mardi",
            "mar.",
            "24",
            "nov",
            "9h",
            "2h",
            "2h30",
            "14h",
            "à",
            "de",
            "at",
            "for",
            "1/2",
            "heure",
            "3/12",
        ),
        *("31/02", "tous", "les", "chaque", "every", "other", "week", "semaine", "sur", "deux", "jusqu'au", "18"),
        *("décembre", "-", ";", ",", "matin", "après-midi", "weekend", "dans", "15", "jours", "le", "1er", "premier"),
        *("du", "mois", "9-11h", "99", "0h", "24h", "12pm", "5am", "½", "œuf", "l'étage", "midi", "to", "et", "next"),
        *("aujourd'hui", "monday", "mardis", "2027", "29", "février", "00/00/0000"),
    ]
)
LINES = st.one_of(st.text(max_size=80), st.lists(WORDS, max_size=12).map(" ".join))
DAYS = st.dates(date(2020, 1, 1), date(2100, 12, 31))


@given(LINES, DAYS)
def test_no_text_ever_breaks_the_reading_and_no_day_is_past(text, today):
    found = read(text, today)
    assert found.day is None or found.day >= today
    assert found.minutes is None or 0 < found.minutes <= 24 * 60
    parse_start(text)
    assert (parse_duration(text) or 1) > 0
    assert (parse_hours(text) or 1) > 0


@given(LINES, DAYS)
def test_spans_never_overlap_and_quote_the_text(text, today):
    ends = [0]
    for span in read(text, today).spans:
        assert span.start >= ends[-1]
        ends.append(span.end)


@pytest.mark.parametrize("language", ["fr", "en"])
@given(text=LINES, today=DAYS)
def test_a_request_written_out_is_read_back_the_same(text, today, language):
    first = read(text, today)
    line = written(first, ACTIVITIES, language=language)
    again = read(line, today)
    for name in ("activity", "day", "start", "minutes", "recurrence", "note"):
        assert getattr(again, name) == getattr(first, name)
    assert written(again, ACTIVITIES, language=language) == line
