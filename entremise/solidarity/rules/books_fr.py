"""Which accounts a fund moves: règlement ANC 2018-06, art. 132-1 and its chart. The numbers of accounts 19, 657, 689,
754, 755 and 789 were not read in the text itself: to be checked with an accountant (docs/adr/0021).

A fund is a debt to its purpose from the first day: what comes in goes to its account of dedicated funds, what helps
somebody leaves it. The result of the year shows both at once, at the year's end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from entremise.settlement.rules.books_fr import BANK, CASH, CHEQUES, GRANTS, PROVIDERS, TO_SORT, Chart, Move, Slot

AIDS = ("657100", "Aides financières octroyées")
PROMISED = ("467500", "Aides accordées, à verser")  # The other side of what is held; nothing is ever posted to it.
INTO = {"cash": CASH, "cheque": CHEQUES, "transfer": BANK}


@dataclass(frozen=True)
class Origin:
    """Where a fund's money comes from decides its accounts: the fund's own, income, what is kept, what is used."""

    fund: Chart
    income: Chart
    kept: Chart
    used: Chart


ORIGINS: Mapping[str, Origin] = {
    "grant": Origin(
        ("194000", "Fonds dédiés sur subventions d’exploitation"),
        GRANTS,
        ("689400", "Reports en fonds dédiés, subventions"),
        ("789400", "Utilisations de fonds dédiés, subventions"),
    ),
    "body": Origin(
        ("195000", "Fonds dédiés sur contributions financières"),
        ("755000", "Contributions financières"),
        ("689500", "Reports en fonds dédiés, contributions"),
        ("789500", "Utilisations de fonds dédiés, contributions"),
    ),
    "public": Origin(
        ("196000", "Fonds dédiés, générosité du public"),
        ("754000", "Ressources liées à la générosité du public"),
        ("689600", "Reports en fonds dédiés, générosité du public"),
        ("789600", "Utilisations de fonds dédiés, générosité du public"),
    ),
}


@dataclass(frozen=True)
class Year:
    """A fund's year, cents. received holds `shared`, the part of our own commissions among it."""

    opening: int
    received: int
    shared: int
    used: int

    @property
    def carried(self) -> int:
        return self.opening + self.received - self.used


def fund_slot(origin: str, fund: UUID) -> Slot:
    return Slot(ORIGINS[origin].fund, fund)


def gift_moves(fund: Slot, amount: int, how: str, label: str) -> list[Move]:
    """how: cash, cheque or transfer."""
    return [Move(Slot(INTO[how]), fund, amount, label)]


def online_gift_moves(provider: str, fund: Slot, to_fund: int, to_sort: int, label: str) -> list[Move]:
    """What a provider took for a fund, or, below nothing, gave back. to_sort: what the fund could not follow."""
    held = Slot(PROVIDERS[provider])
    parts = ((fund, to_fund), (Slot(TO_SORT), to_sort))
    return [_signed(held, where, amount, label) for where, amount in parts if amount]


def share_moves(origin: str, fund: Slot, amount: int, label: str) -> list[Move]:
    """Our own commissions stay income; what we keep of them for the fund is an expense at once."""
    return [Move(Slot(ORIGINS[origin].kept), fund, amount, label)]


def hold_moves(fund: Slot, amount: int, label: str) -> list[Move]:
    return [Move(fund, Slot(PROMISED), amount, label)]


def paid_moves(fund: Slot, amount: int, how: str, label: str) -> list[Move]:
    """Paid out by hand. how: cash or transfer."""
    return [Move(fund, Slot(INTO[how]), amount, label)]


def year_moves(origin: str, year: Year, label: str) -> list[Move]:
    """What the result must show: income of what was given, aids of what was used, and in 689 or 789 the difference.

    The fund's own account, already right, is not touched, nor is the result as a whole.
    """
    accounts = ORIGINS[origin]
    aids, income = Slot(AIDS), Slot(accounts.income)
    kept, used = Slot(accounts.kept), Slot(accounts.used)
    given = year.received - year.shared
    both = min(given, year.used)
    more, less = given - both, year.used - both
    out_of_shares = min(less, max(0, year.shared))  # What we put aside this year and used this year was not kept.
    moves = (
        (aids, income, both, label),
        (kept, income, more, f"{label}, à reporter"),
        (aids, kept, out_of_shares, f"{label}, part des commissions"),
        (aids, used, less - out_of_shares, f"{label}, utilisé"),
    )
    return [_signed(*one) for one in moves if one[2]]


def _signed(debit: Slot, credit: Slot, amount: int, label: str) -> Move:
    """More came back than went out: the other way round."""
    return Move(debit, credit, amount, label) if amount > 0 else Move(credit, debit, -amount, label)
