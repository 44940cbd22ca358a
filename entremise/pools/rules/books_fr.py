"""Which accounts a care budget moves. We hold it for somebody and buy in their name: nothing of it is our income but
the fee. Account 467 for it is our reading of the chart, to be checked with an accountant (docs/adr/0026).
"""

from uuid import UUID

from entremise.pools.rules.sharing import Cost
from entremise.settlement.rules.books_fr import BANK, CASH, CHEQUES, COMMISSIONS, MEMBERS, THIRD, Move, Slot

BUDGETS = ("467200", "Budgets d’aide tenus pour autrui")  # Each budget's own.
BORNE = ("658000", "Charges diverses de gestion courante")  # Cents that nobody owes.
INTO = {"cash": CASH, "cheque": CHEQUES, "transfer": BANK}


def budget_slot(budget: UUID) -> Slot:
    return Slot(BUDGETS, budget)


def paid_in_moves(budget: UUID, amount: int, how: str, label: str) -> list[Move]:
    """how: cash, cheque or transfer."""
    return [Move(Slot(INTO[how]), budget_slot(budget), amount, label)]


def care_moves(cost: Cost, provider: UUID, label: str) -> list[Move]:
    """Whoever helped is owed the care, by each one's own budget; what we keep is a commission."""
    helped, moves = Slot(THIRD, provider), []
    for budget, part in cost.parts.items():
        moves.append(Move(budget_slot(budget), helped, part.amount - part.fee, label))
        moves.append(Move(budget_slot(budget), Slot(COMMISSIONS), part.fee, f"{label}, nos frais"))
    moves.append(Move(Slot(BORNE), helped, cost.borne, f"{label}, arrondi"))
    return [move for move in moves if move.amount]


def given_back_moves(budget: UUID, to: UUID, amount: int, label: str) -> list[Move]:
    """To what whoever it goes to has with us: from there it is paid out like any other money of theirs."""
    return [Move(budget_slot(budget), Slot(MEMBERS, to), amount, label)]
