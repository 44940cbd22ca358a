import re
import unicodedata
from functools import lru_cache

_KEEP = {"œ": "oe", "æ": "ae", "ß": "ss"}


@lru_cache(maxsize=5000)  # A spreadsheet says the same few names again and again.
def fold(text: str) -> str:
    """Lower case, without accents or punctuation, single spaces: what two spellings of one word share."""
    text = "".join(_KEEP.get(char, char) for char in text.lower())
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(re.sub(r"[^a-z0-9]+", " ", bare).split())


def stem(word: str) -> str:
    """A folded word without a light plural ending, so that « vélos » meets « vélo » and "boxes" meets "box"."""
    for ending, replacement in (("eaux", "eau"), ("aux", "al"), ("xes", "x"), ("s", ""), ("x", "")):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            return word[: -len(ending)] + replacement
    return word


def searchable(*texts: str) -> str:
    """The folded and stemmed words of `texts`, in order: the content of every `search_text` column."""
    return " ".join(stem(word) for text in texts for word in fold(text).split())
