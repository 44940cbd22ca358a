"""Which accounts an invoice, a payslip and a payment move: plan comptable général, règlement ANC 2014-03 modified.

Pure: names accounts by `Slot`, amounts in cents; operations open the accounts and post.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from entremise.settlement.rules.payroll_fr import Family, Pay, PayLine

BANK = ("512000", "Banque")
CASH = ("530000", "Caisse")
PROVIDER = ("517000", "Prestataire de paiement")  # It holds our money until it pays it out to our bank.
PROVIDERS = {"stripe": PROVIDER, "helloasso": ("517100", "HelloAsso")}  # Each holds its own: told apart to be compared.
CHEQUES = ("511200", "Chèques à encaisser")
THIRD = ("467000", "Reçu pour le compte de tiers")  # Of people whose clients pay them through our provider.
VOUCHERS = ("511500", "CESU préfinancés à rembourser")  # Of class 511 like cheques: our reading of the chart.
LOST = ("654000", "Pertes sur créances irrécouvrables")  # Vouchers nobody claimed in time: our reading of the chart.
# Our reading of the chart: what is left of a gift voucher is owed to whoever has it, each its own.
GIFT_VOUCHERS = ("419700", "Bons cadeaux à servir")
# Of a single purpose the income counts at the sale: this stands against the debt until the service is billed.
GIFTS_EARNED = ("419800", "Bons cadeaux à usage unique, produit acquis")
LAPSED = ("758800", "Autres produits divers de gestion courante")
CLIENTS = ("411000", "Clients")
MEMBERS = ("419100", "Clients, avances et acomptes reçus")  # What people have with us, each their own.
DEPOSITS = ("419200", "Clients, acomptes sur un travail")  # Each client's; no invoice has used them yet.
SERVICES = ("706000", "Mises à disposition")
GOODS = ("707000", "Ventes de marchandises")
COMMISSIONS = ("708200", "Commissions et courtages")
FEES_BORNE = ("708800", "Autres produits d’activités annexes")  # What others bear of our provider's fees.
TIPS = ("467100", "Pourboires à reverser")  # Each worker's own, until they are on a payslip.
VAT_COLLECTED = ("445710", "TVA collectée")
WAGES = ("641100", "Salaires")
HOLIDAY = ("641200", "Congés payés")
SUPPLIERS = ("401000", "Fournisseurs")
PURCHASES = ("607000", "Achats de marchandises")
VAT_DEDUCTIBLE = ("445660", "TVA déductible sur autres biens et services")
STAFF = ("421000", "Personnel, rémunérations dues")
URSSAF = ("431000", "Urssaf")
PENSIONS = ("437000", "Retraite complémentaire")
CHARGES_URSSAF = ("645100", "Cotisations à l’Urssaf")
CHARGES_PENSIONS = ("645300", "Cotisations aux caisses de retraite")
WITHHOLDING = ("442100", "Prélèvement à la source")
GRANTS = ("740000", "Subventions d’exploitation")
BANK_FEES = ("627000", "Services bancaires")
TO_SORT = ("471000", "Compte d’attente")
PROFIT_BEFORE = ("110000", "Report à nouveau (solde créditeur)")
LOSS_BEFORE = ("119000", "Report à nouveau (solde débiteur)")
RESULT = ("6", "7")  # Classes that start each year from nothing.

Chart = tuple[str, str]

# What a movement of the bank account is when it pays no invoice and no wage. `other` waits for the accountant.
EXPLAINED: Mapping[str, Chart] = {
    "provider": PROVIDER,
    "helloasso": PROVIDERS["helloasso"],
    "cheques": CHEQUES,
    "cash": CASH,
    "grant": GRANTS,
    "fees": BANK_FEES,
    "urssaf": URSSAF,
    "pensions": PENSIONS,
    "withholding": WITHHOLDING,
    "other": TO_SORT,
}

# Agirc-Arrco collects these; the general reduction is imputed on Urssaf's part alone (a choice: both exist in law).
_PENSION_CODES = (
    "complementary_t1",
    "complementary_t2",
    "general_balance_t1",
    "general_balance_t2",
    "technical_balance",
)


@dataclass(frozen=True)
class Slot:
    """An account by its place in the chart, and whose it is when it is somebody's."""

    chart: Chart
    holder: UUID | None = None


@dataclass(frozen=True)
class Move:
    """From credit to debit, a positive amount in cents."""

    debit: Slot
    credit: Slot
    amount: int
    label: str


def invoice_moves(client: UUID, total: int, label: str) -> list[Move]:
    return _kept([Move(Slot(CLIENTS, client), Slot(SERVICES), total, label)])


def commission_moves(supplier: UUID, total: int, vat: int, label: str) -> list[Move]:
    """What a supplier owes us for bringing them clients: ours without its VAT, which is the State's."""
    owes = Slot(CLIENTS, supplier)
    return _kept(
        [Move(owes, Slot(COMMISSIONS), total - vat, label), Move(owes, Slot(VAT_COLLECTED), vat, f"{label}, TVA")]
    )


def goods_moves(
    client: UUID,
    label: str,
    *,
    net: int,
    vats: Iterable[tuple[Decimal, int]],
    theirs: int = 0,
    supplier: UUID | None = None,
) -> list[Move]:
    """Goods sold: ours without their VAT, a row for each rate; for a supplier, theirs is owed to them, and only our
    share is a revenue.
    """
    owes = Slot(CLIENTS, client)
    found = [Move(owes, Slot(THIRD, supplier), theirs, label)]
    found.append(Move(owes, Slot(COMMISSIONS if supplier else GOODS), net, label))
    for rate, vat in vats:
        found.append(Move(owes, Slot(VAT_COLLECTED), vat, f"{label}, TVA {percent(rate)}"))
    return _kept(found)


def bill_moves(supplier: UUID, label: str, *, agent: bool, net: int, vats: Iterable[tuple[Decimal, int]]) -> list[Move]:
    """What a supplier bills: a purchase and its VAT; as their agent, what their clients owe us for them."""
    owed = Slot(SUPPLIERS, supplier)
    rates = list(vats)
    if agent:
        return _kept([Move(Slot(THIRD, supplier), owed, net + sum(vat for _, vat in rates), label)])
    taxes = [Move(Slot(VAT_DEDUCTIBLE), owed, vat, f"{label}, TVA {percent(rate)}") for rate, vat in rates]
    return _kept([Move(Slot(PURCHASES), owed, net, label), *taxes])


def bill_paid_moves(supplier: UUID, amount: int, label: str, how: str = "transfer") -> list[Move]:
    """how: transfer, cash, or cheque, which our bank pays."""
    out_of = {"transfer": BANK, "cash": CASH, "cheque": BANK}[how]
    return _kept([Move(Slot(SUPPLIERS, supplier), Slot(out_of), amount, label)])


def back(moves: Iterable[Move]) -> list[Move]:
    """The mirror: what takes them back."""
    return [Move(one.credit, one.debit, one.amount, one.label) for one in moves]


def percent(rate: Decimal) -> str:
    """0.055 as « 5,5 % »."""
    return f"{(rate * 100).normalize():f} %".replace(".", ",")


def credit_moves(client: UUID, total: int, label: str, what: str = "work", vat: int = 0) -> list[Move]:
    """what: of the invoice that is taken back."""
    if what == "work":
        return _kept([Move(Slot(SERVICES), Slot(CLIENTS, client), total, label)])
    return back(commission_moves(client, total, vat, label))


def receipt_moves(client: UUID, amount: int, how: str, label: str) -> list[Move]:
    """how: transfer, debit, cash or cheque."""
    into = {"transfer": BANK, "debit": BANK, "cash": CASH, "cheque": CHEQUES}[how]
    return _kept([Move(Slot(into), Slot(CLIENTS, client), amount, label)])


def voucher_moves(client: UUID, amount: int, label: str) -> list[Move]:
    """A prepaid voucher pays a part of what a client owes: its issuer owes it to us."""
    return _kept([Move(Slot(VOUCHERS), Slot(CLIENTS, client), amount, label)])


def reimbursed_moves(amount: int, fee: int, label: str) -> list[Move]:
    """amount: of the bank line. fee: what the centre kept, beside it and never taken off it."""
    return _kept(
        [
            Move(Slot(BANK), Slot(VOUCHERS), amount, label),
            Move(Slot(BANK_FEES), Slot(VOUCHERS), fee, f"{label}, commission"),
        ]
    )


def voucher_lost_moves(amount: int, label: str) -> list[Move]:
    """A voucher that was not claimed in time: its centre owes nothing any more, and the client has paid."""
    return _kept([Move(Slot(LOST), Slot(VOUCHERS), amount, label)])


def gift_sold_moves(voucher: UUID, value: int, how: str, single: bool, label: str) -> list[Move]:
    """how: cash, cheque or transfer."""
    into = {"transfer": BANK, "cash": CASH, "cheque": CHEQUES}[how]
    earned = value if single else 0
    return _kept(
        [
            Move(Slot(into), Slot(GIFT_VOUCHERS, voucher), value, label),
            Move(Slot(GIFTS_EARNED), Slot(SERVICES), earned, f"{label}, produit"),
        ]
    )


def gift_spent_moves(voucher: UUID, client: UUID, amount: int, single: bool, label: str) -> list[Move]:
    """It pays what a client owes; of a single purpose, the invoice's income was ours already."""
    earned = amount if single else 0
    return _kept(
        [
            Move(Slot(GIFT_VOUCHERS, voucher), Slot(CLIENTS, client), amount, label),
            Move(Slot(SERVICES), Slot(GIFTS_EARNED), earned, f"{label}, produit déjà compté"),
        ]
    )


def gift_returned_moves(voucher: UUID, amount: int, single: bool, label: str) -> list[Move]:
    """What is left is given back in coins."""
    earned = amount if single else 0
    return _kept(
        [
            Move(Slot(GIFT_VOUCHERS, voucher), Slot(CASH), amount, label),
            Move(Slot(SERVICES), Slot(GIFTS_EARNED), earned, f"{label}, produit repris"),
        ]
    )


def gift_lapsed_moves(voucher: UUID, amount: int, single: bool, label: str) -> list[Move]:
    """What nobody spent in time is ours; of a single purpose it counted already."""
    return _kept([Move(Slot(GIFT_VOUCHERS, voucher), Slot(GIFTS_EARNED if single else LAPSED), amount, label)])


def refund_moves(client: UUID, amount: int, label: str) -> list[Move]:
    return _kept([Move(Slot(CLIENTS, client), Slot(BANK), amount, label)])


def fund_moves(client: UUID, amount: int, fund: Slot, label: str) -> list[Move]:
    """What a fund paid of what a client owes, or, below nothing, what went to the fund."""
    return _kept([_signed(fund, Slot(CLIENTS, client), amount, label)])


def share_moves(payer: UUID, client: UUID, amount: int, label: str) -> list[Move]:
    """What a payer owes in the place of a client, or, below nothing, the client again."""
    return _kept([_signed(Slot(CLIENTS, payer), Slot(CLIENTS, client), amount, label)])


def online_moves(provider: str, client: UUID, amount: int, label: str) -> list[Move]:
    """What a provider took for us, or, below nothing, gave back."""
    return _kept([_signed(Slot(PROVIDERS[provider]), Slot(CLIENTS, client), amount, label)])


def provider_fee_moves(provider: str, amount: int, label: str) -> list[Move]:
    """What the provider kept for itself; below nothing when it gives some back."""
    return _kept([_signed(Slot(BANK_FEES), Slot(PROVIDERS[provider]), amount, label)])


def refund_fee_moves(client: UUID, amount: int, label: str) -> list[Move]:
    """What somebody leaves us, of money that goes back to them, for the provider's fee that we have paid."""
    return _kept([Move(Slot(CLIENTS, client), Slot(FEES_BORNE), amount, label)])


def pay_in_moves(person: UUID, amount: int, how: str, label: str) -> list[Move]:
    """Money ahead of any invoice. how: cash, cheque or transfer."""
    into = {"transfer": BANK, "cash": CASH, "cheque": CHEQUES}[how]
    return _kept([Move(Slot(into), Slot(MEMBERS, person), amount, label)])


def deposit_moves(client: UUID, amount: int, how: str, label: str) -> list[Move]:
    """Money for a work that is not billed yet. how: a provider, cash or cheque."""
    into = {**PROVIDERS, "cash": CASH, "cheque": CHEQUES}[how]
    return _kept([Move(Slot(into), Slot(DEPOSITS, client), amount, label)])


def deposit_used_moves(client: UUID, amount: int, label: str) -> list[Move]:
    return _kept([Move(Slot(DEPOSITS, client), Slot(CLIENTS, client), amount, label)])


def deposit_left_moves(client: UUID, amount: int, label: str) -> list[Move]:
    """What no work needed comes to the client's own account."""
    return _kept([Move(Slot(DEPOSITS, client), Slot(MEMBERS, client), amount, label)])


def deposit_back_moves(provider: str, client: UUID, parts: Sequence[int], label: str) -> list[Move]:
    """A card takes money back: from what is left of the deposits, from the client's account, and what both have not the
    client owes.
    """
    pots = (DEPOSITS, MEMBERS, CLIENTS)
    return _kept(
        [Move(Slot(pot, client), Slot(PROVIDERS[provider]), part, label) for pot, part in zip(pots, parts, strict=True)]
    )


def deposit_again_moves(client: UUID, amount: int, provider: str, label: str) -> list[Move]:
    """What a card pays when nothing waits for it any more: to the client's account, for that is settled otherwise."""
    return _kept([Move(Slot(PROVIDERS[provider]), Slot(MEMBERS, client), amount, label)])


def third_moves(provider: str, supplier: UUID, amount: int, label: str) -> list[Move]:
    """What a provider took for somebody else, or, below nothing, gave back or passed on to them."""
    return _kept([_signed(Slot(PROVIDERS[provider]), Slot(THIRD, supplier), amount, label)])


def kept_moves(supplier: UUID, amount: int, label: str) -> list[Move]:
    """Our commission, out of what was taken for them."""
    return _kept([Move(Slot(THIRD, supplier), Slot(CLIENTS, supplier), amount, label)])


def from_account_moves(person: UUID, amount: int, label: str) -> list[Move]:
    """From somebody's account to what they owe; below nothing, what they paid too much to their account."""
    return _kept([_signed(Slot(MEMBERS, person), Slot(CLIENTS, person), amount, label)])


def withdrawal_moves(person: UUID, amount: int, how: str, label: str) -> list[Move]:
    """how: transfer or cash."""
    out_of = {"transfer": BANK, "cash": CASH}[how]
    return _kept([Move(Slot(MEMBERS, person), Slot(out_of), amount, label)])


def tip_moves(client: UUID, worker: UUID, amount: int, how: str, label: str) -> list[Move]:
    """What a client gives to a worker, and we owe them. how: account, from what the client has with us; cash."""
    out_of = Slot(MEMBERS, client) if how == "account" else Slot(CASH)
    return _kept([Move(out_of, Slot(TIPS, worker), amount, label)])


def tips_paid_moves(worker: UUID, amount: int, label: str) -> list[Move]:
    """They are due with the wage from now on."""
    return _kept([Move(Slot(TIPS, worker), Slot(STAFF, worker), amount, f"{label}, pourboires")])


def payout_moves(worker: UUID, amount: int, label: str, how: str = "transfer") -> list[Move]:
    """how: transfer, cash, or cheque, which our bank pays."""
    out_of = {"transfer": BANK, "cash": CASH, "cheque": BANK}[how]
    return _kept([Move(Slot(STAFF, worker), Slot(out_of), amount, label)])


def line_moves(what: str, amount: int, label: str) -> list[Move]:
    """what: a key of EXPLAINED. amount: of the bank line, positive when money came in."""
    return _kept([_signed(Slot(BANK), Slot(EXPLAINED[what]), amount, label)])


def payslip_moves(worker: UUID, pay: Pay, label: str) -> list[Move]:
    """Wage and holiday owed to the worker, what is withheld from it, and what the employer adds."""
    staff = Slot(STAFF, worker)
    moves = [
        Move(Slot(WAGES), staff, pay.base_gross, label),
        Move(Slot(HOLIDAY), staff, pay.holiday, label),
    ]
    pensions, rest = _totals(pay)
    moves.append(Move(staff, Slot(URSSAF), rest[0], f"{label}, part salariale"))
    moves.append(Move(staff, Slot(PENSIONS), pensions[0], f"{label}, part salariale"))
    moves.append(Move(staff, Slot(WITHHOLDING), pay.withholding, f"{label}, impôt"))
    moves.append(_signed(Slot(CHARGES_PENSIONS), Slot(PENSIONS), pensions[1], f"{label}, part patronale"))
    moves.append(_signed(Slot(CHARGES_URSSAF), Slot(URSSAF), rest[1], f"{label}, part patronale"))
    return _kept(moves)


def _totals(pay: Pay) -> tuple[tuple[int, int], tuple[int, int]]:
    """(employee, employer) of complementary pensions, and of all the rest with the general reduction taken off."""
    ours = [line for line in pay.lines if line.code in _PENSION_CODES]
    others = [line for line in pay.lines if line.code not in _PENSION_CODES]
    return _sum(ours), _sum(others)


def _sum(lines: Iterable[PayLine]) -> tuple[int, int]:
    rows = list(lines)
    return sum(row.employee_amount for row in rows), sum(row.employer_amount for row in rows)


def _signed(debit: Slot, credit: Slot, amount: int, label: str) -> Move:
    """A relief larger than the contributions turns the transfer round: amounts are never negative."""
    return Move(debit, credit, amount, label) if amount >= 0 else Move(credit, debit, -amount, label)


def _kept(moves: Sequence[Move]) -> list[Move]:
    return [move for move in moves if move.amount]


FAMILIES = {
    Family.HEALTH: "Santé",
    Family.ACCIDENT: "Accidents du travail",
    Family.RETIREMENT: "Retraite",
    Family.FAMILY: "Famille",
    Family.UNEMPLOYMENT: "Chômage",
    Family.OTHER: "Autres contributions de l’employeur",
    Family.CSG: "CSG et CRDS",
    Family.RELIEF: "Allègements",
}
