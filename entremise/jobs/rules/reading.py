"""A line of typed text, understood piece by piece."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeVar

from entremise.kernel.words import fold

Kind = Literal["activity", "day", "start", "minutes", "recurrence"]
T = TypeVar("T")


def numbered(*groups: str, start: int = 1) -> dict[str, int]:
    """Each word of the first group means `start`, each of the next one more."""
    return {word: number for number, words in enumerate(groups, start) for word in words.split()}


NUMBERS = numbered(
    *("un une a an one", "deux two", "trois three", "quatre four", "cinq five", "six", "sept seven", "huit eight"),
    *("neuf nine", "dix ten", "onze eleven", "douze twelve", "treize", "quatorze", "quinze", "seize"),
)
NUMBER_WORD = "(?:" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"

# Words that only tie others together; they never begin or end a note.
TIES = frozenset(
    {"le", "la", "les", "l", "de", "du", "des", "d", "a", "au", "aux", "en", "et", "pour", "un", "une", "dans", "vers"}
    | {"ce", "cette", "pendant", "mon", "ma", "mes"}
    | {"the", "on", "at", "for", "of", "in", "and", "an", "from", "this", "my"}
)

_TAKEN = "|"
_EDGES = " \t\r\n,:.-–—'’|/"
_SAME = {
    "œ": "oe",
    "æ": "ae",
    "ß": "ss",
    "½": " 1/2",
    "¼": " 1/4",
    "¾": " 3/4",
    "–": "-",
    "—": "-",
    "‑": "-",
    "&": " et ",
}


@dataclass(frozen=True)
class Span:
    """A stretch of `Reading.text` and what it was understood as."""

    kind: Kind
    start: int
    end: int
    text: str


class Reading:
    """`folded` is the text in lower case without accents; what a rule takes is blanked, so nothing is read twice."""

    def __init__(self, typed: str) -> None:
        self.text = unicodedata.normalize("NFC", typed)
        self.folded, self._origin = _fold_with_origin(self.text)
        self._spans: list[Span] = []

    def find(self, pattern: re.Pattern[str], kind: Kind, read: Callable[[re.Match[str]], T | None]) -> T | None:
        """The first match that `read` makes sense of; its text is taken."""
        for match in pattern.finditer(self.folded):
            value = read(match)
            if value is not None:
                self.take(match.start(), match.end(), kind)
                return value
        return None

    def take(self, start: int, end: int, kind: Kind) -> None:
        """Marks `folded[start:end]` as understood."""
        first, last = self._origin[start], self._origin[end - 1] + 1
        piece = self.text[first:last]
        first += len(piece) - len(piece.lstrip())
        piece = piece.strip()
        self._spans.append(Span(kind, first, first + len(piece), piece))
        self.folded = self.folded[:start] + _TAKEN * (end - start) + self.folded[end:]

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(sorted(self._spans, key=lambda span: span.start))

    @property
    def rest(self) -> str:
        """The words that nothing took, as they were typed."""
        return " ".join(" ".join(words) for words in self._loose())

    def _loose(self) -> Iterator[list[str]]:
        for run in re.finditer(rf"[^{re.escape(_TAKEN)}]+", self.folded):
            words = self.text[self._origin[run.start()] : self._origin[run.end() - 1] + 1].strip(_EDGES).split()
            while words and _is_tie(words[0]):
                words = words[1:]
            while words and _is_tie(words[-1]):
                words = words[:-1]
            if words:
                words[0], words[-1] = words[0].lstrip(_EDGES), words[-1].rstrip(_EDGES)
                yield words


def _is_tie(word: str) -> bool:
    return not word.strip(_EDGES) or fold(word) in TIES


def _fold_with_origin(text: str) -> tuple[str, list[int]]:
    chars: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(text):
        lower = char.lower()
        for bare in unicodedata.normalize("NFKD", _SAME.get(lower, lower)):
            if unicodedata.combining(bare):
                continue
            kept = bare if re.match(r"[a-z0-9/:.,-]", bare) else " "
            if kept == " " and chars and chars[-1] == " ":
                continue
            chars.append(kept)
            origin.append(index)
    return "".join(chars), origin
