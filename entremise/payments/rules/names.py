"""Names as banks write them, against names as we know them: titles, couples, initials, forms of companies."""

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Literal

from entremise.kernel.words import fold

Likeness = Literal["same_name", "alike_name", ""]

_TITLES = "m mr mrs ms mme mle mlle melle madame monsieur mademoiselle dr docteur me maitre veuve epouse ou et and"
_COMPANIES = (
    "sarl eurl sa sas sasu sci snc scop scic selarl ste societe association assoc asso ets etablissement etablissements"
)
_PARTICLES = "le la les l de du des d"
_SAY_NOTHING = frozenset(f"{_TITLES} {_COMPANIES} {_PARTICLES}".split())
_MONTHS = (
    "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre "
    "janv fevr fev avr juil sept oct nov dec"
)
_PASSING = frozenset(_MONTHS.split())  # A rule about « LOYER NOVEMBRE » is one about « LOYER DECEMBRE ».
_CLOSE = 0.8  # ODILE and ODILLE are; MARTIN and MARTY are not.
_WORD = 4  # Of shorter words one letter makes another word.


@lru_cache(maxsize=50_000)
def words_of(name: str) -> frozenset[str]:
    """What tells a name from another: its words folded, without titles, forms of companies and particles."""
    words = frozenset(fold(name).split())
    return words - _SAY_NOTHING or words


def name_key(name: str) -> str:
    """The same for every order of the same words."""
    return " ".join(sorted(words_of(name)))


def text_key(text: str) -> str:
    """What stays of a line's text from month to month: its words, without numbers and the names of months."""
    return " ".join(sorted({word for word in re.findall(r"[a-z]{3,}", fold(text)) if word not in _PASSING}))


def likeness(written: str, known: str) -> Likeness:
    """How far the name that a bank wrote is the one we know.

    The same: the same words in any order, or all we know among those of a couple (« M OU MME MARSAN PAUL ET ODILE »).
    Alike: the family name alone, an initial for a given name, a letter more or less.
    """
    theirs, ours = words_of(written), words_of(known)
    if not theirs or not ours:
        return ""
    if theirs == ours or (len(ours) > 1 and ours < theirs):
        return "same_name"
    fewer, more = sorted((theirs, ours), key=len)
    near = [any(_near(one, other) for other in more) for one in fewer]
    return "alike_name" if all(near) and any(len(one) >= _WORD for one in fewer) else ""


def _near(one: str, other: str) -> bool:
    if one == other or (1 in (len(one), len(other)) and one[0] == other[0]):
        return True
    return min(len(one), len(other)) >= _WORD and SequenceMatcher(None, one, other).ratio() > _CLOSE
