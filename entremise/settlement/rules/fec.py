"""Fichier des écritures comptables: article A47 A-1 of the Livre des procédures fiscales, eighteen columns."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import astuple, dataclass
from datetime import date

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
HEADER = "\t".join(COLUMNS)
MANDATORY = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "PieceRef", "PieceDate",
    "EcritureLib", "Debit", "Credit", "ValidDate",
)  # fmt: skip
CHARSET = "iso8859-15"
_PLAIN = {"’": "'", "‘": "'", "–": "-", "—": "-", "…": "...", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d", "ı": "i"}
_AMOUNT = re.compile(r"\d+,\d\d")


@dataclass(frozen=True)
class Row:
    """One side of a transfer, as the eighteen columns spell it."""

    journal: str
    journal_name: str
    number: str
    on: str
    account: str
    account_name: str
    aux: str
    aux_name: str
    piece: str
    piece_on: str
    label: str
    debit: str
    credit: str
    lettering: str = ""
    lettered_on: str = ""
    valid_on: str = ""
    currency_amount: str = ""
    currency: str = ""

    @property
    def line(self) -> str:
        return "\t".join(_plain(cell) for cell in astuple(self))


def amount(cents: int) -> str:
    """1234.50 € as `1234,50`."""
    return f"{cents // 100},{cents % 100:02d}"


def day(on: date) -> str:
    return f"{on:%Y%m%d}"


def file_name(siren: str, closing: date) -> str:
    return f"{siren}FEC{closing:%Y%m%d}.txt"


def encoded(lines: Iterable[str]) -> Iterator[bytes]:
    """The file's lines as bytes: article A47 A-1, III, 1° knows ASCII, ISO 8859-15 and EBCDIC, not UTF-8."""
    for line in lines:
        yield "".join(map(_in_charset, line)).encode(CHARSET) + b"\r\n"


def _in_charset(char: str) -> str:
    """The character itself, else without its accent, else a question mark: a name must never stop the file."""
    for spelled in (char, _PLAIN.get(char, ""), unicodedata.normalize("NFKD", char)[0]):
        if spelled and spelled.encode(CHARSET, "ignore"):
            return spelled
    return "?"


def problems(lines: Iterable[str]) -> list[str]:
    """What the tax office's own check would refuse: columns, dates, amounts, accounts, numbering, balance."""
    rows = iter(lines)
    if next(rows, "") != HEADER:
        return ["the header is not the eighteen columns in their order"]
    found: list[str] = []
    sums: defaultdict[str, int] = defaultdict(int)
    last = 0
    for position, line in enumerate(rows, start=2):
        cells = line.split("\t")
        wrong = _wrong_in(cells)
        found += [f"line {position}: {one}" for one in wrong]
        if wrong:
            continue
        number = int(cells[2])
        if number not in (last, last + 1) or not number:
            found.append(f"line {position}: entry {number} follows {last}")
        last = number
        sums[cells[2]] += _cents(cells[11]) - _cents(cells[12])
    return found + [f"entry {number} does not balance" for number, total in sums.items() if total]


def _wrong_in(cells: Sequence[str]) -> list[str]:
    if len(cells) != len(COLUMNS):
        return [f"{len(cells)} columns"]
    named = dict(zip(COLUMNS, cells, strict=True))
    found = [f"{column} is empty" for column in MANDATORY if not named[column]]
    found += [
        f"{column} is not a day" for column in ("EcritureDate", "PieceDate", "ValidDate") if not _is_day(named[column])
    ]
    found += [f"{column} is not an amount" for column in ("Debit", "Credit") if not _AMOUNT.fullmatch(named[column])]
    if not re.fullmatch(r"[1-9]\d*", named["EcritureNum"]):
        found.append("EcritureNum is not a number")
    if not re.match(r"[1-8]\d\d", named["CompteNum"]):
        found.append("CompteNum is not in the chart of accounts")
    if bool(named["CompAuxNum"]) != bool(named["CompAuxLib"]):
        found.append("a subsidiary account has both a number and a name")
    if not found and bool(_cents(named["Debit"])) == bool(_cents(named["Credit"])):
        found.append("a line is either debit or credit")
    return found


def _is_day(text: str) -> bool:
    try:
        return len(text) == 8 and bool(date.fromisoformat(text))
    except ValueError:
        return False


def _cents(text: str) -> int:
    return int(text.replace(",", ""))


def _plain(cell: str) -> str:
    return " ".join(cell.split())
