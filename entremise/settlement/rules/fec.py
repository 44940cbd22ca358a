"""Fichier des écritures comptables: article A47 A-1 of the Livre des procédures fiscales, eighteen columns."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from datetime import date

COLUMNS = (
    "JournalCode", "JournalLib", "EcritureNum", "EcritureDate", "CompteNum", "CompteLib", "CompAuxNum", "CompAuxLib",
    "PieceRef", "PieceDate", "EcritureLib", "Debit", "Credit", "EcritureLet", "DateLet", "ValidDate", "Montantdevise",
    "Idevise",
)  # fmt: skip
HEADER = "\t".join(COLUMNS)


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


def problems(lines: Iterable[str]) -> list[str]:
    """What the tax office's own check would refuse: columns, numbering, balance of an entry, empty mandatory cells."""
    found: list[str] = []
    rows = iter(lines)
    if next(rows, "") != HEADER:
        return ["the header is not the eighteen columns in their order"]
    sums: defaultdict[str, int] = defaultdict(int)
    last = 0
    for position, line in enumerate(rows, start=2):
        cells = line.split("\t")
        if len(cells) != len(COLUMNS):
            found.append(f"line {position}: {len(cells)} columns")
            continue
        if not all(cells[index] for index in (0, 1, 2, 3, 4, 5, 8, 9, 10, 15)):
            found.append(f"line {position}: a mandatory cell is empty")
        number = int(cells[2])
        if number not in (last, last + 1):
            found.append(f"line {position}: entry {number} follows {last}")
        last = number
        sums[cells[2]] += _cents(cells[11]) - _cents(cells[12])
    return found + [f"entry {number} does not balance" for number, total in sums.items() if total]


def _cents(text: str) -> int:
    return int(text.replace(",", ""))


def _plain(cell: str) -> str:
    return " ".join(cell.split())
