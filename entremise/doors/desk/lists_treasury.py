"""The books and payment files, as lists to take away."""

from contextlib import suppress
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.nav import counter
from entremise.doors.desk.words import DEPOSITS as DEPOSIT_STATES
from entremise.doors.frame.lists import Asked, Column, Listed
from entremise.doors.frame.lists_account import STATEMENT
from entremise.doors.frame.visit import money_staff
from entremise.kernel.act import Door
from entremise.kernel.time import Period, parse_month
from entremise.ledger.queries import AccountLine
from entremise.payments.models import BankAccount
from entremise.people.rules.may import Verb
from entremise.settlement import queries as settled
from entremise.settlement.models import Deposit, Payslip, Withdrawal
from entremise.settlement.queries import Supplied
from entremise.settlement.queries.reports import Month
from entremise.settlement.queries.treasury import Debt, Flow


def _today(asked: Asked) -> date:
    return asked.visit.act(Door.DESK).at.date()


def month_asked(asked: str, today: date) -> Period:
    """The month of the address, or this one."""
    try:
        return parse_month(asked)
    except ValueError:
        return Period.month_of(today)


def year_of(asked: str, today: date) -> int:
    """The year of the address, or this one."""
    return int(asked) if asked.isdecimal() and 2000 <= int(asked[:5]) <= today.year else today.year


MONEY = Listed[Flow](
    name="money",
    title=_("Entré et sorti, par mois"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.treasury(on=_today(asked)).flows,
    columns=(
        Column(_("Mois"), lambda one: one.month, "day"),
        Column(_("Entré (€)"), lambda one: one.came, "euros"),
        Column(_("Sorti (€)"), lambda one: one.went, "euros"),
    ),
)

PAY = Listed[tuple[Payslip, BankAccount]](
    name="pay",
    title=_("Virements à faire"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.wages_to_order().rows,
    columns=(
        Column(_("Personne"), lambda one: one[0].worker.full_name),
        Column(_("Bulletin"), lambda one: one[0].number),
        Column(_("Mois"), lambda one: one[0].month, "day"),
        Column(_("Titulaire"), lambda one: one[1].holder),
        Column(_("IBAN"), lambda one: one[1].iban),
        Column(_("Montant (€)"), lambda one: one[0].paid, "euros"),
    ),
)

OWING = Listed[Debt](
    name="owing",
    title=_("Ce que nous devons"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.owing(on=_today(asked)),
    columns=(
        Column(_("Compte"), lambda one: one.account.code),
        Column(_("Nom"), lambda one: one.account.name),
        Column(_("À qui"), lambda one: one.person.full_name if one.person else ""),
        Column(_("Depuis"), lambda one: one.since, "day"),
        Column(_("Montant (€)"), lambda one: one.amount, "euros"),
    ),
)


def _account(asked: Asked) -> list[AccountLine]:
    month = month_asked(asked.filters.get("mois", ""), _today(asked))
    seen = settled.account_page(code=asked.filters.get("code", ""), month=month)
    return seen.lines if seen else []


ACCOUNT_LINES = Listed[AccountLine](
    name="account_lines",
    title=_("Mouvements du compte"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("code", "mois"),
    rows=_account,
    columns=(
        Column(_("Date"), lambda one: one.transfer.effective_on, "day"),
        Column(_("Libellé"), lambda one: one.transfer.label),
        Column(_("Autre compte"), lambda one: one.other.code),
        Column(_("Nom"), lambda one: one.other.name),
        Column(_("Entré (€)"), lambda one: one.came, "euros"),
        Column(_("Sorti (€)"), lambda one: one.went, "euros"),
        Column(_("Solde (€)"), lambda one: one.balance, "euros"),
    ),
    home="balance",
)

JOURNAL = Listed[settled.JournalRow](
    name="journal",
    title=_("Journal des écritures"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("mois",),
    rows=lambda asked: settled.journal(period=month_asked(asked.filters.get("mois", ""), _today(asked))),
    columns=(
        Column(_("Journal"), lambda one: one.journal),
        Column(_("Date"), lambda one: one.transfer.effective_on, "day"),
        Column(_("Écriture"), lambda one: one.number, "number"),
        Column(_("Compte"), lambda one: one.account.code),
        Column(_("Nom"), lambda one: one.account.name),
        Column(_("Tiers"), lambda one: one.holder),
        Column(_("Pièce"), lambda one: one.piece),
        Column(_("Libellé"), lambda one: one.transfer.label or one.transfer.cause),
        Column(_("Débit (€)"), lambda one: one.debit, "euros"),
        Column(_("Crédit (€)"), lambda one: one.credit, "euros"),
    ),
)


def _person(asked: Asked) -> list[settled.StatementLine]:
    with suppress(ValueError):
        return settled.statement(person=UUID(asked.filters.get("person", ""))).lines
    return []


MEMBER_ACCOUNT = Listed[settled.StatementLine](
    name="member_account",
    title=_("Relevé du compte"),
    guard=counter,
    filters=("person",),
    rows=_person,
    columns=STATEMENT,
    home="people",
)

DEPOSITS = Listed[Deposit](
    name="deposits",
    title=_("Acomptes"),
    guard=counter,
    verb=Verb.LISTS_EXPORT,
    rows=lambda asked: settled.live_deposits(),
    columns=(
        Column(_("Contrat"), lambda one: one.agreement.number),
        Column(_("Client"), lambda one: one.client.full_name),
        Column(_("Demandé le"), lambda one: one.asked_at, "day"),
        Column(_("Où ça en est"), lambda one: DEPOSIT_STATES[one.state][0]),
        Column(_("Demandé (€)"), lambda one: one.amount, "euros"),
        Column(_("Reste à utiliser (€)"), lambda one: one.left, "euros"),
    ),
)

SUPPLIED = Listed[Supplied](
    name="supplied",
    title=_("Payé par carte aux indépendants"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.supplied_by_card(limit=100_000),
    columns=(
        Column(_("Facture"), lambda one: one.invoice.number),
        Column(_("Personne indépendante"), lambda one: one.invoice.supplier.full_name),
        Column(_("Client"), lambda one: one.invoice.client.full_name),
        Column(_("Payé le"), lambda one: one.intent.asked_at, "day"),
        Column(_("Payé (€)"), lambda one: one.intent.taken, "euros"),
        Column(_("Versé (€)"), lambda one: one.sent, "euros"),
        Column(_("Rendu (€)"), lambda one: one.intent.given_back, "euros"),
    ),
)

WITHDRAWALS = Listed[Withdrawal](
    name="withdrawals",
    title=_("Argent à rendre"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.withdrawals_to_order().rows,
    columns=(
        Column(_("Personne"), lambda one: one.person.full_name),
        Column(_("Référence"), lambda one: one.reference),
        Column(_("Demandé le"), lambda one: one.asked_at, "day"),
        Column(_("IBAN"), lambda one: one.iban),
        Column(_("Montant (€)"), lambda one: one.amount, "euros"),
    ),
)


def _year(asked: Asked) -> list[Month]:
    day = _today(asked)
    return settled.year(year=year_of(asked.filters.get("annee", ""), day), on=day).months


REPORTS = Listed[Month](
    name="reports",
    title=_("TVA et activité, par mois"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("annee",),
    rows=_year,
    columns=(
        Column(_("Mois"), lambda one: one.month, "day"),
        Column(_("Factures"), lambda one: one.invoices, "number"),
        Column(_("Facturé, avoirs déduits (€)"), lambda one: one.billed, "euros"),
        Column(_("Exonéré (€)"), lambda one: one.exempt, "euros"),
        Column(_("Taxé, hors TVA (€)"), lambda one: one.taxed, "euros"),
        Column(_("Facturé pour des fournisseurs (€)"), lambda one: one.for_others, "euros"),
        Column(_("TVA collectée (€)"), lambda one: one.vat, "euros"),
        Column(_("Heures facturées"), lambda one: one.minutes, "hours"),
        Column(_("Clients"), lambda one: one.clients, "number"),
        Column(_("Personnes payées"), lambda one: one.workers, "number"),
        Column(_("Salaires bruts (€)"), lambda one: one.gross, "euros"),
        Column(_("Coût des salaires (€)"), lambda one: one.cost, "euros"),
        Column(_("Entré (€)"), lambda one: one.received, "euros"),
        Column(_("Sorti (€)"), lambda one: one.paid, "euros"),
    ),
)
