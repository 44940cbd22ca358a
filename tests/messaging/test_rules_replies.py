import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.messaging.rules import Meaning, Reply, in_context, need_told, understand_reply


@pytest.mark.parametrize(
    "text",
    ["OUI 318", "oui318", "Oui je peux 318", "318 oui", "Oui, pour la mission n° 318 !", "OUI #318.", "ok 318",
     "yes 318", "Bonjour, oui d’accord pour la 318. Merci", "D'accord 318", "OUI\n318", "oui nº 318", "Oui 318 👍🏽"],
)  # fmt: skip
def test_a_yes_with_its_number_is_a_yes(text):
    assert understand_reply(text) == Reply(Meaning.YES, 318)


@pytest.mark.parametrize(
    "text", ["NON 318", "non318", "Non désolée je ne peux pas 318", "no 318", "Non merci pas cette fois 318"]
)
def test_a_no_with_its_number_is_a_no(text):
    assert understand_reply(text) == Reply(Meaning.NO, 318)


@pytest.mark.parametrize(("text", "meaning"), [("Oui", Meaning.YES), ("Non merci", Meaning.NO), ("OUI !", Meaning.YES)])
def test_a_bare_answer_has_no_number_yet(text, meaning):
    assert understand_reply(text) == Reply(meaning, None)


@pytest.mark.parametrize(
    ("text", "number", "minutes"),
    [
        ("H 318 3,5", 318, 210),
        ("H318 3h30", 318, 210),
        ("h 318 : 3.25", 318, 195),
        ("heures 318 = 4", 318, 240),
        ("H 318 45 min", 318, 45),
        ("318 4h", 318, 240),
        ("4H", None, 240),
        ("3h30", None, 210),
        ("3 h 30", None, 210),
        ("h 3,5", None, 210),
        ("2 heures 15 minutes.", None, 135),
    ],
)
def test_hours_are_understood_in_minutes(text, number, minutes):
    assert understand_reply(text) == Reply(Meaning.HOURS, number, minutes)


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("BIEN 318", Meaning.WELL),
        ("très bien 318", Meaning.WELL),
        ("c'était bien 318", Meaning.WELL),
        ("MOYEN 318", Meaning.FAIR),
        ("PAS BIEN 318", Meaning.BADLY),
        ("Pas très bien 318.", Meaning.BADLY),
        ("mal 318", Meaning.BADLY),
    ],
)
def test_how_it_went_is_one_of_three(text, meaning):
    assert understand_reply(text) == Reply(meaning, 318)


@pytest.mark.parametrize("text", ["merci bien", "pas 318", "bien mais en retard 318", "bien ou mal 318", "bien 318 ?"])
def test_an_opinion_in_more_words_is_read_by_a_person(text):
    assert understand_reply(text).meaning is Meaning.UNKNOWN


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("STOP", Meaning.STOP),
        ("stop sms svp", Meaning.STOP),
        ("RAPPEL", Meaning.CALL_BACK),
        ("Bonjour, pouvez-vous me rappeler ?", Meaning.CALL_BACK),
        ("TRAVAIL", Meaning.WORK),
        ("Bonjour je cherche du travail", Meaning.WORK),
    ],
)
def test_the_other_words_are_understood(text, meaning):
    assert understand_reply(text) == Reply(meaning)


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("YES 318", Reply(Meaning.YES, 318)),
        ("Hi, yes I can come 318. Thank you", Reply(Meaning.YES, 318)),
        ("Yes, I will go 318", Reply(Meaning.YES, 318)),
        ("NO 318", Reply(Meaning.NO, 318)),
        ("No sorry, I can't 318", Reply(Meaning.NO, 318)),
        ("No, not this time 318", Reply(Meaning.NO, 318)),
        ("H 318 3.5", Reply(Meaning.HOURS, 318, 210)),
        ("318 2 h 30 min", Reply(Meaning.HOURS, 318, 150)),
        ("2 hours 30 minutes", Reply(Meaning.HOURS, None, 150)),
        ("Can you call me back please?", Reply(Meaning.CALL_BACK)),
        ("WORK", Reply(Meaning.WORK)),
        ("Hello, I am looking for work", Reply(Meaning.WORK)),
        ("stop", Reply(Meaning.STOP)),
        ("WELL 318", Reply(Meaning.WELL, 318)),
        ("Fair 318", Reply(Meaning.FAIR, 318)),
        ("badly 318", Reply(Meaning.BADLY, 318)),
        ("not well 318", Reply(Meaning.BADLY, 318)),
        ("yes but not before 10 318", Reply(Meaning.UNKNOWN)),
        ("no I can 318", Reply(Meaning.UNKNOWN)),
        ("yes I will not come 318", Reply(Meaning.UNKNOWN)),
    ],
)
def test_english_is_understood_as_well(text, reply):
    assert understand_reply(text) == reply


def test_a_call_back_may_name_a_job():
    assert understand_reply("RAPPEL 318") == Reply(Meaning.CALL_BACK, 318)


@pytest.mark.parametrize(
    "text",
    ["", "318", "👍", "oui 318 👎", "oui 318 😢",
     "ok", "ok merci", "oui mais pas avant 10h 318", "oui non", "oui 318 non 319", "oui 318 ou 319",
     "Oui 318 ?", "oui je ne peux pas 318", "Oui 318 à 9h", "non je peux 318", "Je suis malade 318", "STOP 318",
     "travail 318 fini", "rappelez-moi au 06 39 98 00 12", "H 4", "H 318", "H 318 45", "H 318 25h", "H 318 0", "9:30",
     "12.11", "9h-12h", "H3183,5", "318 3h5", "oui 31800000", "c'est qui", "Oui oui oui 318 Karim",
     "stop ou encore oui", "de 9h à 12h"],
)  # fmt: skip
def test_what_can_be_read_two_ways_goes_to_a_person(text):
    assert understand_reply(text) == Reply(Meaning.UNKNOWN)


def test_a_bare_answer_belongs_to_the_only_open_offer():
    assert in_context(Reply(Meaning.YES), [318]) == Reply(Meaning.YES, 318)
    assert in_context(Reply(Meaning.HOURS, None, 210), [318]) == Reply(Meaning.HOURS, 318, 210)


@pytest.mark.parametrize("open_numbers", [[], [318, 319]])
def test_a_bare_answer_with_none_or_several_open_goes_to_a_person(open_numbers):
    assert in_context(Reply(Meaning.YES), open_numbers).meaning is Meaning.UNKNOWN


def test_a_number_that_was_named_is_kept_whatever_is_open():
    assert in_context(Reply(Meaning.YES, 317), [318]) == Reply(Meaning.YES, 317)


def test_stop_needs_no_job():
    assert in_context(Reply(Meaning.STOP), []) == Reply(Meaning.STOP)


@given(st.text(max_size=200))
def test_any_text_has_an_answer(text):
    assert isinstance(understand_reply(text), Reply)


@given(st.sampled_from(["oui", "non", "stop"]), st.sampled_from(["mais", "peut-être", "sauf", "plutôt", "malade"]))
def test_a_word_we_do_not_know_is_never_passed_over(said, doubt):
    assert understand_reply(f"{said} {doubt} 318").meaning is Meaning.UNKNOWN


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("BESOIN 20 sacs de granulés", "20 sacs de granulés"),
        ("Besoin : huile d’olive.", "huile d’olive"),
        ("besoin de couches", "couches"),
        ("Need nappies", "nappies"),
        ("besoin", ""),
        ("Besoin de moi demain ?", ""),
        ("J'ai besoin de travail", ""),
        ("OUI 318", ""),
    ],
)
def test_a_need_says_so_in_its_first_word(text: str, need: str) -> None:
    assert need_told(text) == need
