"""Which needs speak of the same thing, by a word that they share. A person gathers them; this only points."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)

SMALL = frozenset(["avec", "dans", "des", "les", "pour", "sans", "une", "and", "for", "some", "the", "with"])
_WORD = re.compile(r"[a-z]{3,}")


def words_of(text: str) -> dict[str, str]:
    """What its words come down to (no accent, no plural), each with the word as it was written."""
    found: dict[str, str] = {}
    for written in re.findall(r"\w+", text.lower()):
        plain = unicodedata.normalize("NFKD", written).encode("ascii", "ignore").decode()
        if _WORD.fullmatch(plain) and plain not in SMALL:
            found.setdefault(plain[:-1] if plain[-1] in "sx" and len(plain) > 3 else plain, written)
    return found


def alike(texts: Mapping[K, str]) -> list[tuple[str, list[K]]]:
    """(the word they share, two needs or more), the most wanted first; each need stands in one group at most."""
    known = {key: words_of(text) for key, text in texts.items()}
    left, groups = dict(known), list[tuple[str, list[K]]]()
    while True:
        sharing: defaultdict[str, list[K]] = defaultdict(list)
        for key, words in left.items():
            for word in words:
                sharing[word].append(key)
        word = max(sharing, key=lambda one: (len(sharing[one]), len(one), one), default="")
        if len(sharing.get(word, ())) < 2:
            return groups
        groups.append((known[sharing[word][0]][word], sharing[word]))
        left = {key: words for key, words in left.items() if key not in sharing[word]}
