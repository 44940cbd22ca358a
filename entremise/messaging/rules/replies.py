"""What a text message received means. Only what leaves no doubt is understood; a person reads everything else."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass, replace
from enum import StrEnum

from entremise.kernel.hours import minutes_typed
from entremise.kernel.words import fold

A_DAY = 24 * 60  # More cannot be one day's work: the number was something else.


class Meaning(StrEnum):
    YES = "yes"
    NO = "no"
    HOURS = "hours"
    STOP = "stop"
    CALL_BACK = "call_back"
    WORK = "work"
    WELL = "well"
    FAIR = "fair"
    BADLY = "badly"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Reply:
    """number: the job named, None when none is. minutes: of work, with HOURS only."""

    meaning: Meaning
    number: int | None = None
    minutes: int | None = None


OPINIONS = frozenset({Meaning.WELL, Meaning.FAIR, Meaning.BADLY})
ABOUT_A_JOB = OPINIONS | {Meaning.YES, Meaning.NO, Meaning.HOURS}
_NOT_UNDERSTOOD = Reply(Meaning.UNKNOWN)


def _words(folded: str) -> frozenset[str]:
    return frozenset(folded.split())


_POLITE = _words("bonjour bonsoir salut madame monsieur merci beaucoup svp stp please thanks thank you hello hi")
_JOB = _words("pour a la le cette mission numero n job the for")
_I_AM = _words("je j suis peux dispo disponible libre i can am")

# Meaning → (words of which at least one is said, words that may stand beside). One word more and a person reads it:
# « oui mais pas avant 10 h » is not a yes.
_SAYINGS = {
    Meaning.YES: (
        _words("oui ouais yes yeah yep"),
        _POLITE
        | _JOB
        | _I_AM
        | _words("ok d accord volontiers avec plaisir c est bon bien prends accepte will go come fine"),
    ),
    Meaning.NO: (
        _words("non no nope"),
        _POLITE
        | _JOB
        | _I_AM
        | _words("ne pas desole desolee malheureusement fois sorry not cannot t won this time unfortunately"),
    ),
    Meaning.STOP: (_words("stop"), _POLITE | _words("sms texto textos messages")),
    Meaning.CALL_BACK: (
        _words("rappel rappeler rappelez appel appeler appelez callback call"),
        _POLITE | _JOB | _words("pouvez vous moi me m back sur demande can could"),
    ),
    # Short, and without thanks: « merci bien » is no opinion.
    Meaning.WELL: (_words("bien super parfait well good"), _JOB | _words("tres c est etait s passe tout very")),
    Meaning.FAIR: (_words("moyen moyenne moyennement fair"), _JOB | _words("c est etait")),
    Meaning.BADLY: (_words("mal badly bad"), _JOB | _words("tres c est etait s passe")),
    Meaning.WORK: (
        _words("travail work"),
        _POLITE | _words("je j cherche veux ai besoin du de un i want need m am looking for some"),
    ),
}
_AGREED = frozenset({"ok", "accord"})  # Enough beside a job's number; alone it may answer anything.

_GLAD = frozenset("👍👌🙏🙂😊😀😃😄😁💪✅☺°")

_DURATION = r"\d[\d.,:]*(?: ?(?:h|heures?|hours?|hrs?|mn|min|minutes?)(?: ?\d\d)?(?: ?(?:mn|min|minutes?))?)?"
_UNIT = re.compile(r"h|min|mn")  # Without one, 9:30 may be a time of day and 12.11 a date.
_NAMED_HOURS = re.compile(rf"(?:h|heures?|hours?) ?(\d{{1,6}})(?: ?[:=] ?| )({_DURATION})")
_NUMBER_FIRST = re.compile(rf"(\d{{1,6}}) ?[:=]? ({_DURATION})")
_NEED = re.compile(r"(?:besoins?|needs?)(?: ?: ?| )(?:de |d[’'])?(.*\w.*)", re.IGNORECASE)
_BARE_HOURS = re.compile(rf"((?:h|heures?|hours?) )?({_DURATION})")


def need_told(text: str) -> str:
    """What somebody says they need, in their words: « BESOIN 20 sacs de granulés ». Empty for anything else, also for a
    question.
    """
    found = _NEED.fullmatch(" ".join(text.split()))
    return found[1].strip(" .!") if found and "?" not in text else ""


def understand_reply(text: str) -> Reply:
    """What the sender of `text` wants. UNKNOWN unless one reading alone is possible."""
    if hours := _hours(text):
        return hours
    words = re.findall(r"[a-z]+|\d+", fold(text.replace("º", "°")))
    numbers = [int(word) for word in words if word.isdecimal()]
    said = {word for word in words if not word.isdecimal()}
    if len(numbers) > 1 or any(number > 999_999 for number in numbers):
        return _NOT_UNDERSTOOD
    number = numbers[0] if numbers else None
    meaning = _meaning(said, numbered=number is not None)
    doubtful = _wavers(text) and meaning is not Meaning.CALL_BACK
    return _NOT_UNDERSTOOD if doubtful else Reply(meaning, number if meaning is not Meaning.UNKNOWN else None)


def in_context(reply: Reply, open_numbers: Collection[int]) -> Reply:
    """`reply` with the job it must be about, when its sender has one open matter only.

    A bare yes, no or duration with none or several open is UNKNOWN: somebody asks which one was meant.
    """
    if reply.meaning not in ABOUT_A_JOB or reply.number is not None:
        return reply
    only = set(open_numbers)
    return replace(reply, number=only.pop()) if len(only) == 1 else _NOT_UNDERSTOOD


def _meaning(said: set[str], *, numbered: bool) -> Meaning:
    for no, well in (("pas", "bien"), ("not", "well")):
        if {no, well} <= said:
            said = said - {no, well, "tres", "very"} | {"mal"}
    if numbered and said & _AGREED:
        said = said | {"oui"}
    found = [meaning for meaning, (keys, beside) in _SAYINGS.items() if said & keys and said <= keys | beside]
    if len(found) != 1:
        return Meaning.UNKNOWN
    if numbered and found[0] in (Meaning.STOP, Meaning.WORK):
        return Meaning.UNKNOWN  # STOP 318: all messages, or that one job?
    if found[0] is Meaning.NO and said & _I_AM - {"je", "j", "i"} and not said & {"pas", "not", "cannot", "t"}:
        return Meaning.UNKNOWN  # « non je peux ».
    return found[0]


def _wavers(text: str) -> bool:
    """A question, or a picture that may take the words back."""
    pictures = {char for char in text if unicodedata.category(char) == "So"}
    return "?" in text or bool(pictures - _GLAD)


def _hours(text: str) -> Reply | None:
    line = " ".join(text.lower().split()).strip(" .!")
    if found := _NAMED_HOURS.fullmatch(line):
        return _worked(found[2], int(found[1]))
    if (found := _NUMBER_FIRST.fullmatch(line)) and _UNIT.search(found[2]):
        return _worked(found[2], int(found[1]))
    if (found := _BARE_HOURS.fullmatch(line)) and (_UNIT.search(found[2]) or (found[1] and not found[2].isdigit())):
        return _worked(found[2], None)
    return None


def _worked(duration: str, number: int | None) -> Reply:
    minutes = minutes_typed(duration)
    return Reply(Meaning.HOURS, number, minutes) if minutes and minutes <= A_DAY else _NOT_UNDERSTOOD
