"""The text that people and places are found by, and what a person types to find them."""

from dataclasses import dataclass

from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.kernel.words import fold, searchable, stem

BAR = "|"  # Between names and the rest: a name that fits comes before a street of that name.
LONGEST = 300
SHORTEST_NUMBER = 3

_SHORT = {"st": "saint", "ste": "sainte"}


@dataclass(frozen=True)
class Word:
    """A word typed. `start` begins a word of the text looked for, or `whole` is one of its words."""

    start: str
    whole: str


@dataclass(frozen=True)
class Typed:
    """words: all must fit. number: digits of a telephone, when nothing else was typed; phone: the whole one."""

    words: tuple[Word, ...] = ()
    number: str = ""
    phone: str = ""


def person_text(family: str, given: str, street: str, place: str) -> str:
    """` marsan odile | 3 rue four 01000 valmarelle `: every word between spaces, so that a start is found by ` odi`."""
    text = f" {searchable(family, given)} {BAR} {searchable(street, place)}"
    return text[: LONGEST - 1].rstrip() + " "


def place_text(name: str) -> str:
    """A commune's name for looking it up: « ST-ÉTIENNE CEDEX 2 » and « Saint-Étienne » share theirs."""
    words = fold(name).split()
    if "cedex" in words:
        words = words[: words.index("cedex")]
    return " ".join(_SHORT.get(word, word) for word in words)


def understood(typed: str, *, region: str = "FR") -> Typed:
    """What somebody types to find a person: words in any order, or three digits or more of a telephone number."""
    digits = "".join(char for char in typed if char.isdigit())
    if not any(char.isalpha() for char in typed):
        if len(digits) < SHORTEST_NUMBER:
            return Typed()
        try:
            return Typed(number=digits, phone=parse_phone(typed, region=region))
        except Refused:
            return Typed(number=digits)
    return Typed(words=tuple(Word(word, stem(word)) for word in fold(typed).split() if len(word) > 1 or word.isdigit()))
