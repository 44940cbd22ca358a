"""What people type in a cell or a form field, as values. Every function raises Refused with the text as typed."""

import re
from dataclasses import dataclass
from datetime import date, time, timedelta
from decimal import Decimal

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError
from stdnum.fr import nir as stdnum_nir
from stdnum.fr import siret as stdnum_siret
from stdnum.fr import tva as stdnum_tva

from entremise.kernel.act import Role
from entremise.kernel.hours import minutes_typed
from entremise.kernel.money import half_up
from entremise.kernel.phone import parse_phone
from entremise.kernel.refused import Refused
from entremise.kernel.words import fold

_MONTHS = (
    ("janvier", "january"), ("fevrier", "february"), ("mars", "march"), ("avril", "april"), ("mai", "may"),
    ("juin", "june"), ("juillet", "july"), ("aout", "august"), ("septembre", "september"), ("octobre", "october"),
    ("novembre", "november"), ("decembre", "december"),
)  # fmt: skip
_WEEKDAYS_WORDS = (
    "lundi mardi mercredi jeudi vendredi samedi dimanche monday tuesday wednesday thursday friday saturday sunday"
)
_WEEKDAYS = frozenset(_WEEKDAYS_WORDS.split())
_CLOCK_TAIL = re.compile(r"[T ,]+(?:à )?[0-9]{1,2} ?[:hH] ?[0-9]{2}(?:[:.][0-9.]+)?Z?$")
_SERIAL_ZERO = date(1899, 12, 30)  # Spreadsheets count days from here since they inherited a leap year 1900.
_OLDEST = date(1900, 1, 1)
HIGHEST_RATE = 60  # Percent of income tax withheld: above, somebody slipped.

# Day and decimal


def day_typed(typed: str, *, where: str = "day", latest: date | None = None) -> date:
    """A date: 31/12/2026, 31.12.26, jeudi 31 décembre 2026, 2026-12-31, 31122026, or a spreadsheet's day number.

    Two-digit years belong to this century unless that is after `latest` (for a birth date, today). Month-first
    figures are refused, not guessed. Raises Refused date_not_understood, or date_too_late when after `latest`.
    """
    parts = _date_parts(fold(_CLOCK_TAIL.sub("", typed.strip())).split())
    try:
        if len(parts) == 1:
            day = _SERIAL_ZERO + timedelta(days=parts[0])
        else:
            year, month, dom = parts
            if year < 100:
                year += 1900 if latest and date(2000 + year, month, dom) > latest else 2000
            day = date(year, month, dom)
    except ValueError:
        raise Refused("date_not_understood", {"typed": typed}, where=where) from None
    if day < _OLDEST:
        raise Refused("date_not_understood", {"typed": typed}, where=where)
    if latest and day > latest:
        raise Refused("date_too_late", {"typed": typed, "latest": latest}, where=where)
    return day


def _date_parts(words: list[str]) -> tuple[int, ...]:
    """(year, month, day), or (day number,); figures no date has when the words are not a date."""
    nothing = (0, 0, 0)
    if len(words) == 4 and len(words[0]) >= 2 and any(name.startswith(words[0]) for name in _WEEKDAYS):
        words = words[1:]
    words = [re.sub(r"^([0-9]{1,2})(?:er|st|nd|rd|th)$", r"\1", word) for word in words]
    if len(words) == 1:
        return _one_figure(words[0]) or nothing
    if len(words) != 3:
        return nothing
    first, second, third = words
    if second.isalpha() and (month := _month(second)):
        first, second = first, str(month)
    elif first.isalpha() and (month := _month(first)):
        first, second = second, str(month)
    if not all(word.isdecimal() for word in (first, second, third)):
        return nothing
    if len(first) == 4 and len(third) <= 2:
        first, third = third, first
    if len(first) > 2 or len(second) > 2 or len(third) not in (2, 4):
        return nothing
    return int(third), int(second), int(first)


def _one_figure(word: str) -> tuple[int, ...] | None:
    if not word.isdecimal():
        return None
    if len(word) == 5:
        return (int(word),)
    if len(word) != 8:
        return None
    # No figure can be read both ways: a century is no month.
    if 1 <= int(word[4:6]) <= 12:
        return int(word[:4]), int(word[4:6]), int(word[6:])
    return int(word[4:]), int(word[2:4]), int(word[:2])


def _month(word: str) -> int | None:
    if len(word) < 3:
        return None
    hits = [number for number, names in enumerate(_MONTHS, 1) if any(name.startswith(word) for name in names)]
    return hits[0] if len(hits) == 1 else None


def time_typed(typed: str, *, where: str = "start") -> time:
    """A moment of the day: 14h30, 14:30, 9 h, 9, midi, 2:30 pm. Raises Refused("time_not_understood")."""
    text = typed.strip().lower().replace("\u00a0", " ")
    if fold(text) in ("midi", "noon"):
        return time(12)
    match = re.fullmatch(r"([0-9]{1,2})(?: ?(?:[:h.]|heures?) ?([0-9]{2})?(?::[0-9]{2})?)?(?: ?(am|pm))?", text)
    try:
        if not match:
            raise ValueError
        hour, half = int(match[1]), match[3]
        if half and not 1 <= hour <= 12:
            raise ValueError
        return time(hour % 12 + (12 if half == "pm" else 0) if half else hour, int(match[2] or 0))
    except ValueError:
        raise Refused("time_not_understood", {"typed": typed}, where=where) from None


def duration_typed(typed: str, *, where: str = "minutes") -> int:
    """Minutes: 2h30, 2,5, 2:30, 150 min, « 20 h par semaine ». Raises Refused("duration_not_understood")."""
    text = re.sub(r"\s*(?:/|par)\s*sem(?:aine|\.)?\s*$|\s*hebdo\w*\s*$", "", typed.strip(), flags=re.IGNORECASE)
    if re.fullmatch(r"[0-9]{1,3}\.[0-9]{3,15}", text):
        return half_up(Decimal(text) * 60)  # 3 h 20 as a workbook stores it: 3.33333333333333.
    minutes = minutes_typed(text)
    if minutes is None:
        raise Refused("duration_not_understood", {"typed": typed}, where=where)
    return minutes


_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)")
_GROUPED = tuple(
    re.compile(rf"[+-]?[0-9]{{1,3}}(?:{re.escape(group)}[0-9]{{3}})+(?:{re.escape(point)}[0-9]*)?")
    for group in " .,'"
    for point in ",."
    if group != point
)


def percent_typed(text: str, *, where: str) -> Decimal:
    """« 3,5 », « 3,5 % »: a percentage from 0 to 60. Raises Refused("rate_not_understood")."""
    try:
        rate = decimal_typed(text.replace("%", ""))
    except Refused as refused:
        raise Refused("rate_not_understood", {"typed": text}, where=where) from refused
    if not 0 <= rate <= HIGHEST_RATE:
        raise Refused("rate_not_understood", {"typed": text}, where=where)
    return rate


def decimal_typed(typed: str, *, where: str = "amount") -> Decimal:
    """A number in any habit: 1 234,50 · 1.234,50 · 1,234.50 · 12,5 · 12.5 · 12,50 €. A lone comma or point is decimal.

    Raises Refused("number_not_understood").
    """
    text = re.sub(r"[\u00a0\u202f\u2009]", " ", typed).replace("’", "'").replace("−", "-").strip()
    text = re.sub(r"^(?:€|£|eur\b)\s*|\s*(?:€|£|eur|euros?)$", "", text, flags=re.IGNORECASE)
    if len(text) <= 30:
        if _PLAIN.fullmatch(text):
            return Decimal(text.replace(",", "."))
        if any(pattern.fullmatch(text) for pattern in _GROUPED):
            point = re.search(r"[.,](?=[0-9]*$)", text)
            at = point.start() if point and text.count(point[0]) == 1 else len(text)
            return Decimal(re.sub(r"[ .,']", "", text[:at]) + "." + (text[at + 1 :] or "0"))
    raise Refused("number_not_understood", {"typed": typed}, where=where)


def yes_typed(typed: str, *, where: str = "") -> bool:
    """Yes or no; an empty cell is no. Raises Refused("yes_or_no_not_understood")."""
    if typed.strip() in ("✓", "✔", "☑", "+"):
        return True
    folded = fold(typed)
    if folded in ("oui", "o", "yes", "y", "x", "1", "vrai", "true", "ok"):
        return True
    if folded in ("non", "n", "no", "0", "faux", "false", ""):
        return False
    raise Refused("yes_or_no_not_understood", {"typed": typed}, where=where)


def list_typed(typed: str) -> tuple[str, ...]:
    """The items of « ménage, repassage ; jardin », each once, in order."""
    return tuple(dict.fromkeys(item for part in re.split(r"[,;/|\n•]+", typed) if (item := part.strip(" -\t\r"))))


# Reaching somebody


@dataclass(frozen=True)
class Phones:
    """E.164 numbers of one cell, and the words around them (« fille », « le soir »)."""

    numbers: tuple[str, ...]
    rest: str = ""


_GAP = r"[\s.\-/_]*"
_PHONE = re.compile(
    rf"(?<![0-9+])(?:(?:\+|00)33{_GAP}(?:\(0\){_GAP}|0)?|0)[1-9](?:{_GAP}[0-9]{{2}}){{4}}(?![0-9])"
    r"|(?<![0-9+])(?:\+|00)(?!33)[1-9][0-9]{0,2}(?:[\s.\-]?\(0\))?(?:[\s.\-]?[0-9]){6,12}(?![0-9])"
    r"|(?<![0-9+.,])[1-9](?:[\s.\-]?[0-9]{2}){4}(?:\.0)?(?![0-9])"
)
_ROUNDED = re.compile(r"[0-9][.,][0-9]+ ?[eE]\+?[0-9]{1,2}")


def phones_typed(typed: str, *, region: str = "FR", where: str = "phone") -> Phones:
    """Every number of a cell: « 06 39 98 00 01 / 04 … (fille) ». An empty cell holds none.

    Raises Refused phone_not_understood when digits are left over, digits_lost for a number that the spreadsheet
    has rounded (6,39981E+08).
    """
    _whole(typed, where)
    numbers: list[str] = []
    rest = typed
    if region == "FR":
        numbers = [parse_phone(match[0].removesuffix(".0"), region=region) for match in _PHONE.finditer(typed)]
        rest = _PHONE.sub(" ", typed)
    elif typed.strip():
        numbers, rest = [parse_phone(part, region=region) for part in re.split(r"[/;|,\n]+", typed) if fold(part)], ""
    if any(char.isdigit() for char in rest):
        raise Refused("phone_not_understood", {"typed": typed}, where=where)
    words = re.sub(
        r"[/;|,:()\n\-.]+|\b(?:ou|et|or|and|t[ée]l|port|portable|fixe|dom)\b", " ", rest, flags=re.IGNORECASE
    )
    if not numbers and fold(words):
        raise Refused("phone_not_understood", {"typed": typed}, where=where)
    return Phones(tuple(dict.fromkeys(numbers)), " ".join(words.split()))


def email_typed(typed: str, *, where: str = "email") -> str:
    """An address with its domain in lower case. Raises Refused("email_not_understood")."""
    text = typed.strip().removeprefix("mailto:").strip("<>;, ")
    if len(text) > 254 or not re.fullmatch(r"[^\s@<>,;:\"()]+@[^\s@<>,;:\"()_]+\.[^\W\d_]{2,}", text):
        raise Refused("email_not_understood", {"typed": typed}, where=where)
    local, _, domain = text.rpartition("@")
    return f"{local}@{domain.lower()}"


# Where


def postcode_typed(typed: str, *, where: str = "postcode") -> str:
    """Five digits; the leading zero that spreadsheets eat is put back. Raises Refused("postcode_not_understood")."""
    match = re.fullmatch(
        r"(?:F ?-? ?)?([0-9]{2} ?[0-9]{3}|[0-9]{4})(?:\.0)?(?: cedex.*)?", typed.strip(), re.IGNORECASE
    )
    if not match:
        raise Refused("postcode_not_understood", {"typed": typed}, where=where)
    return match[1].replace(" ", "").zfill(5)


def postcodes_typed(typed: str, *, where: str = "postcode") -> tuple[str, ...]:
    """The postcodes of a commune that has several: 69001,69002 · 69001/69002 · ["69001"]."""
    parts = re.split(r"[\[\]\"',;/|]+|\s+(?=[0-9]{5})", typed)
    return tuple(dict.fromkeys(postcode_typed(part, where=where) for part in parts if part.strip()))


def insee_typed(typed: str, *, where: str = "code") -> str:
    """Official code of a commune: 01004, 2A004, 1004 without its zero. Raises Refused("place_code_not_understood")."""
    text = typed.strip().upper().removesuffix(".0")
    if not re.fullmatch(r"[0-9]{4,5}|2[AB][0-9]{3}", text):
        raise Refused("place_code_not_understood", {"typed": typed}, where=where)
    return text.zfill(5)


def coordinate_typed(typed: str, *, limit: int, where: str) -> float:
    """Degrees between -`limit` and `limit` (90 for a latitude). Raises Refused("coordinate_not_understood")."""
    try:
        degrees = float(decimal_typed(typed, where=where))
    except Refused:
        degrees = limit + 1.0
    if abs(degrees) > limit:
        raise Refused("coordinate_not_understood", {"typed": typed}, where=where)
    return degrees


def point_typed(typed: str, *, where: str = "point") -> tuple[float, float]:
    """Latitude and longitude of « 46.153426, 4.926114 »."""
    parts = re.split(r"\s*[,;]\s*|\s+", typed.strip(" ()[]"))
    if len(parts) != 2:
        raise Refused("coordinate_not_understood", {"typed": typed}, where=where)
    return coordinate_typed(parts[0], limit=90, where=where), coordinate_typed(parts[1], limit=180, where=where)


def split_address(typed: str) -> tuple[str, str, str]:
    """Street, postcode and town of « 3 rue du Four, 01000 Valmarelle »; all is street without a postcode."""
    text = " ".join(typed.split())
    match = re.fullmatch(r"(.*?)[\s,;-]*(?<![0-9])(?:F-)?([0-9]{5})(?![0-9])[\s,;-]*([^0-9]*)", text)
    return (match[1].strip(), match[2], match[3].strip()) if match else (text, "", "")


# Papers and roles


def nir_typed(typed: str, *, where: str = "nir") -> str:
    """A French social security number with its key, 15 characters; the key is added when only 13 were typed.

    Raises Refused nir_not_understood (a wrong key too), or digits_lost.
    """
    _whole(typed, where)
    text = re.sub(r"[\s.\-/]", "", typed).upper()
    try:
        if len(text) == 13:
            text += stdnum_nir.calc_check_digits(text)
        if len(text) != 15:
            raise Refused("nir_not_understood", {"typed": typed}, where=where)
        return str(stdnum_nir.validate(text))
    except (ValidationError, ValueError):
        raise Refused("nir_not_understood", {"typed": typed}, where=where) from None


def iban_typed(typed: str, *, where: str = "iban") -> str:
    """An IBAN without spaces, its check digits proved. Raises Refused("iban_not_understood")."""
    try:
        return str(stdnum_iban.validate(re.sub(r"^\s*iban\s*:?", "", typed, flags=re.IGNORECASE)))
    except (ValidationError, ValueError):
        raise Refused("iban_not_understood", {"typed": typed}, where=where) from None


def siret_typed(typed: str, *, where: str = "siret") -> str:
    """The fourteen digits of a SIRET, its check digits proved. Raises Refused siret_not_understood or digits_lost."""
    _whole(typed, where)
    try:
        return str(stdnum_siret.validate(typed))
    except (ValidationError, ValueError):
        raise Refused("siret_not_understood", {"typed": typed}, where=where) from None


def vat_number_typed(typed: str, *, siret: str, where: str = "vat_number") -> str:
    """A French VAT number with its country, of the business that has this SIRET.

    Raises Refused("vat_number_not_understood"), also for the number of another business.
    """
    try:
        digits = str(stdnum_tva.validate(typed))
    except (ValidationError, ValueError):
        digits = ""
    if digits[2:] != siret[:9]:
        raise Refused("vat_number_not_understood", {"typed": typed}, where=where)
    return f"FR{digits}"


def pass_number_typed(typed: str, *, where: str = "pass_number") -> str:
    """The twelve digits of a PASS IAE. Raises Refused("pass_number_not_understood")."""
    digits = re.sub(r"[\s.\-/]", "", typed)
    if not re.fullmatch(r"[0-9]{12}", digits):
        raise Refused("pass_number_not_understood", {"typed": typed}, where=where)
    return digits


_ROLES = {
    Role.CLIENT: "client cliente particulier entreprise utilisateur utilisatrice beneficiaire donneur employeur "
    "collectivite customer",
    Role.WORKER: "salarie salariee travailleur travailleuse employe employee candidat candidate demandeur demandeuse "
    "intervenant intervenante worker",
}


def roles_typed(typed: str, *, where: str = "role") -> frozenset[Role]:
    """Client, worker or both; empty for an empty cell. Raises Refused("role_not_understood")."""
    words = {word.removesuffix("s") for word in fold(typed).split()}
    roles = frozenset(role for role, known in _ROLES.items() if words & set(known.split()))
    if words and not roles:
        raise Refused("role_not_understood", {"typed": typed}, where=where)
    return roles


def _whole(typed: str, where: str) -> None:
    if _ROUNDED.fullmatch(typed.strip()):
        raise Refused("digits_lost", {"typed": typed}, where=where)
