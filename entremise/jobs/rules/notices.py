"""What everybody may read of a request, and how it is looked for."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from uuid import UUID

from entremise.kernel.refused import Refused
from entremise.kernel.state import StateTable
from entremise.kernel.words import fold, stem

WANTED = ("open", "proposed")  # States of a request in which an answer is still wanted.
LONGEST_WORD = 40
MOST_WORDS = 8  # That are looked for at once; whoever types more has found it already.
_FILLERS = frozenset({
    "au", "aux", "avec", "chez", "dans", "de", "des", "du", "en", "et", "la", "le", "les", "ou", "par", "pour", "sur",
    "un", "une",
})  # fmt: skip
_NOON, _EVENING = time(12), time(18)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


INTEREST = StateTable(
    "interest",
    {
        ("", "show"): ("shown", "interest_shown"),
        ("shown", "take_back"): ("taken_back", "interest_taken_back"),
        ("taken_back", "show"): ("shown", "interest_shown"),
        # Somebody else went, the client needs nobody any more, or the desk has asked them.
        ("shown", "end"): ("over", "interest_over"),
        ("over", "show"): ("shown", "interest_shown"),
    },
)

SEARCH = StateTable(
    "search",
    {
        ("", "save"): ("active", "search_saved"),
        ("active", "change"): ("active", "search_changed"),
        ("active", "remove"): ("removed", "search_removed"),
    },
)


class Part(StrEnum):
    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Order(StrEnum):
    DATE = "date"
    DISTANCE = "distance"


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for. place, km: within so many kilometres of a commune, 0 for the commune itself.

    first, last: local days, both included. days: weekdays as `Notice.days` has them, 0 for any.
    """

    words: str = ""
    activity: UUID | None = None
    place: UUID | None = None
    km: int = 10
    first: date | None = None
    last: date | None = None
    days: int = 0
    part: Part | None = None
    regular: bool = False
    order: Order = Order.DATE


@dataclass(frozen=True)
class Mark:
    """Where a page of a list ended: the next one begins after it. metres: from the place looked around."""

    metres: int
    starts_at: datetime
    notice: UUID

    @staticmethod
    def read(text: str) -> "Mark | None":
        """The mark that an address carries; None when it is not one."""
        parts = text.split("~")
        try:
            metres, moment, notice = int(parts[0]), datetime.fromisoformat(parts[1]), UUID(parts[2])
        except (IndexError, ValueError):
            return None
        known = moment.tzinfo is not None and abs(metres) < 10**8 and 2000 < moment.year < 2200
        return Mark(metres, moment, notice) if known else None

    def __str__(self) -> str:
        return f"{self.metres}~{self.starts_at.isoformat()}~{self.notice.hex}"


def terms(*texts: str) -> frozenset[str]:
    """The words that texts are found by: folded, without fillers, one form for singular and plural."""
    return frozenset(_term(word) for text in texts for word in fold(text).split() if len(word) > 1) - _FILLERS


def _term(word: str) -> str:
    if word in _FILLERS:
        return word
    root = stem(word)[:LONGEST_WORD]
    # « travaux » and « travail » share a root, as « chevaux » and « cheval » do.
    return f"{root[:-3]}al" if root.endswith("ail") and len(root) > 4 else root


def asked_terms(typed: str) -> list[str]:
    """The words to look for, the longest first: it is mostly the rarest."""
    return sorted(terms(typed), key=lambda term: (-len(term), term))[:MOST_WORDS]


def part_of(moment: time) -> Part:
    """The part of the day in which a visit begins."""
    return Part.MORNING if moment < _NOON else Part.AFTERNOON if moment < _EVENING else Part.EVENING


def days_of(recurrence: str, first: date) -> int:
    """The weekdays of a job: those of its rule, or that of its only visit."""
    parts = dict(part.partition("=")[::2] for part in recurrence.split(";"))
    if parts.get("FREQ") == "DAILY" or "BYMONTHDAY" in parts:
        return days_mask(range(7))
    named = [at for at, code in enumerate(_DAYS) if code in parts.get("BYDAY", "")]
    return days_mask(named or [first.weekday()])


def days_mask(weekdays: Iterable[int]) -> int:
    """Weekdays (Monday 0) as one number."""
    return sum(1 << day for day in set(weekdays))


_NUMBER = re.compile(r"\d[\d .\u00a0-]{6,}\d")
_ADDRESS = re.compile(r"@|https?:|www\.", re.IGNORECASE)


def check_public(words: str, *, private: Iterable[str]) -> None:
    """Raises Refused("words_tell_who") when words for everybody hold a number, an address or one of `private`."""
    said = f" {fold(words)} "
    if found := _ADDRESS.search(words) or _NUMBER.search(words):
        raise Refused("words_tell_who", {"word": found[0]}, where="words")
    for one in private:
        folded = fold(one)
        if len(folded) > 2 and f" {folded} " in said:
            raise Refused("words_tell_who", {"word": one}, where="words")
