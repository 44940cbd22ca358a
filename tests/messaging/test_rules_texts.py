import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.messaging.rules import SmsCount, is_gsm7, parts, septets, to_gsm7


def test_common_french_accents_stay_and_the_others_lose_theirs():
    assert to_gsm7("à é è ù É Ç | ê ë î ï ô û ç À È Œuvre") == "à é è ù É Ç | e e i i o u c A E OEuvre"


def test_typography_becomes_plain():
    assert to_gsm7("« L’aide », n° 12 … 3\u00a0h\u202f– oui\u2009!") == '" L\'aide ", no 12 ... 3 h - oui !'


def test_an_accent_written_apart_is_the_same_letter():
    assert to_gsm7("Solène e\u0302") == "Solène e"


def test_a_letter_without_latin_relative_stays():
    assert to_gsm7("Привет 🙂") == "Привет 🙂"


def test_the_euro_counts_two():
    assert septets("3 €") == 4


def test_a_length_in_septets_of_another_alphabet_is_a_mistake():
    with pytest.raises(ValueError, match="alphabet"):
        septets("ê")


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", SmsCount("gsm7", 0, 1, 160)),
        ("a" * 160, SmsCount("gsm7", 160, 1, 160)),
        ("a" * 161, SmsCount("gsm7", 161, 2, 306)),
        ("€" * 80, SmsCount("gsm7", 160, 1, 160)),
        ("a" * 152 + "€" * 77, SmsCount("gsm7", 306, 3, 459)),
        ("ê" * 70, SmsCount("ucs2", 70, 1, 70)),
        ("ê" * 71, SmsCount("ucs2", 71, 2, 134)),
        ("🙂" * 35, SmsCount("ucs2", 70, 1, 70)),
        ("ê" * 66 + "🙂" * 34, SmsCount("ucs2", 134, 3, 201)),
    ],
    ids=[
        "nothing",
        "full",
        "one more",
        "euros",
        "euro on the edge",
        "accents",
        "one more accent",
        "emoji",
        "on the edge",
    ],
)
def test_parts_are_those_a_phone_sends(text, count):
    assert parts(text) == count


@given(st.text(alphabet="aàâäçéèêëîïôöùûüœæÀÂÇÉÈÊËÎÏÔÙÛÜŒ0’«»–…€°² \u00a0\u202f!?,.'", max_size=300))
def test_what_is_written_in_french_always_fits_the_alphabet_and_twice_changes_nothing(text):
    once = to_gsm7(text)
    assert is_gsm7(once)
    assert to_gsm7(once) == once


@given(st.text(max_size=400))
def test_a_text_is_never_longer_than_its_parts_hold(text):
    count = parts(text)
    assert 0 <= count.length <= count.limit
