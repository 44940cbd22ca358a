import re
from decimal import Decimal

from entremise.kernel.money import half_up

_HOUR = r"(?:h|heures?|hours?|hrs?)"
_MINUTE = r"(?:mn|min|minutes?)"
_CLOCK = re.compile(rf"(\d{{1,3}}) ?(?:{_HOUR}|:) ?([0-5]\d) ?{_MINUTE}?")
_HALF = re.compile(rf"(\d{{1,3}}) ?{_HOUR} ?(?:et )?(?:demie?|½|1/2)")
_DECIMAL = re.compile(rf"(\d{{1,3}}(?:[.,]\d{{1,2}})?) ?{_HOUR}?")
_MINUTES = re.compile(rf"(\d{{1,4}}) ?{_MINUTE}")


def minutes_typed(text: str) -> int | None:
    """Whole minutes of a duration as people write it: `3,5`, `3h30`, `3 h`, `3:30`, `2 heures et demie`, `45 min`.

    A bare number counts hours. None when the text is anything else, is zero, or can be read two ways (`3h5`).
    """
    line = " ".join(text.lower().split()).rstrip(" .")
    if found := _CLOCK.fullmatch(line):
        minutes = int(found[1]) * 60 + int(found[2])
    elif found := _HALF.fullmatch(line):
        minutes = int(found[1]) * 60 + 30
    elif found := _DECIMAL.fullmatch(line):
        minutes = half_up(Decimal(found[1].replace(",", ".")) * 60)
    elif found := _MINUTES.fullmatch(line):
        minutes = int(found[1])
    else:
        return None
    return minutes or None
