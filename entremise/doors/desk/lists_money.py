"""Lists of money and of what the organisation set, as files."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk import words, words_bank, words_figures
from entremise.doors.desk.nav import allowed_to
from entremise.doors.desk.words_dunning import HELD, TONES
from entremise.doors.frame.lists import Asked, Column, Listed, Words
from entremise.doors.frame.visit import money_staff, staff
from entremise.doors.frame.words_debits import REASONS
from entremise.doors.frame.words_papers import DOCUMENTS
from entremise.jobs.models import Activity, Tariff
from entremise.jobs.queries import money, setup
from entremise.kernel.act import Door
from entremise.kernel.time import Period, parse_month
from entremise.ledger.queries import TrialLine
from entremise.payments import queries as payments
from entremise.payments.models import BankLine
from entremise.people.rules.may import Verb
from entremise.settlement import queries as settled
from entremise.settlement.models import Debit, Payout, Payslip

# A page and its list are for the same people.
REMINDED = allowed_to(Verb.REMINDERS_SEND)
SPREAD = allowed_to(Verb.PLANS_AGREE)
SHARED = allowed_to(Verb.PAYERS_DESCRIBE)
ALL = 100_000  # Lines that nobody explained yet.
HOW: dict[str, Words] = {"transfer": _("virement"), "cash": _("espèces"), "cheque": _("chèque")}
TIP_HOW: dict[str, Words] = {"cash": _("espèces"), "account": _("son compte")}
PAID: dict[str, Words] = {
    "ordered": _("en route"),
    "paid": _("payé"),
    "rejected": _("revenu, ou pas parti"),
    "returned": _("revenu, ou pas parti"),
}


def _today(asked: Asked) -> date:
    return asked.visit.act(Door.DESK).at.date()


INVOICES = Listed[settled.OpenInvoice](
    name="invoices",
    title=_("Factures"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("etat",),
    rows=lambda asked: settled.each_invoice(still_owed=asked.filters.get("etat") != "toutes"),
    columns=(
        Column(_("N°"), lambda one: one.invoice.number),
        Column(_("Client"), lambda one: one.invoice.client.called),
        Column(_("Mois"), lambda one: one.invoice.month, "day"),
        Column(_("Faite le"), lambda one: one.invoice.issued_on, "day"),
        Column(_("À payer avant"), lambda one: one.invoice.due_on if one.invoice.kind == "invoice" else None, "day"),
        Column(_("Genre"), lambda one: DOCUMENTS[one.invoice.kind]),
        Column(
            _("Total (€)"),
            lambda one: one.invoice.total if one.invoice.kind == "invoice" else -one.invoice.total,
            "euros",
        ),
        Column(_("Reste (€)"), lambda one: one.due, "euros"),
    ),
)

Wage = tuple[Payslip, Payout | None]

WAGES = Listed[Wage](
    name="wages",
    title=_("Salaires"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.each_wage(),
    columns=(
        Column(_("Bulletin"), lambda one: one[0].number),
        Column(_("Personne"), lambda one: one[0].worker.full_name),
        Column(_("Mois"), lambda one: one[0].month, "day"),
        Column(_("Net payé (€)"), lambda one: one[0].paid, "euros"),
        Column(_("État"), lambda one: PAID[one[1].state] if one[1] else _("à payer")),
        Column(_("Comment"), lambda one: HOW[one[1].how] if one[1] else ""),
        Column(_("Payé le"), lambda one: one[1].paid_at if one[1] else None, "day"),
    ),
)

DEBIT_STATES: dict[str, Words] = {
    "announced": _("annoncé"),
    "dropped": _("pas prélevé"),
    "ordered": _("en route"),
    "paid": _("encaissé"),
    "rejected": _("rejeté"),
    "returned": _("repris par la banque"),
}

DEBITS = Listed[Debit](
    name="debits",
    title=_("Prélèvements"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.each_debit(),
    columns=(
        Column(_("Facture"), lambda one: one.invoice.number),
        Column(_("Client"), lambda one: one.invoice.client.full_name),
        Column(_("Référence"), lambda one: one.reference),
        Column(_("Mandat"), lambda one: one.mandate.reference),
        Column(_("Montant (€)"), lambda one: one.amount, "euros"),
        Column(_("Jour"), lambda one: one.collect_on, "day"),
        Column(_("État"), lambda one: DEBIT_STATES[one.state]),
        Column(_("Pourquoi"), lambda one: REASONS.get(one.reason, one.reason) if one.reason else ""),
        Column(_("Encaissé le"), lambda one: one.paid_on, "day"),
        Column(_("Revenu le"), lambda one: one.back_on, "day"),
    ),
)


REMINDERS = Listed[settled.Late](
    name="reminders",
    title=_("Rappels"),
    guard=REMINDED,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.late(on=_today(asked)),
    columns=(
        Column(_("Facture"), lambda one: one.invoice.number),
        Column(_("Client"), lambda one: one.invoice.client.full_name),
        Column(_("Depuis le"), lambda one: one.invoice.due_on, "day"),
        Column(_("Reste (€)"), lambda one: one.due, "euros"),
        Column(_("Déjà écrit"), lambda one: len(one.sent), "number"),
        Column(_("La suite"), lambda one: HELD[one.held] if one.held else TONES[one.step.tone] if one.step else ""),
        Column(_("À partir du"), lambda one: one.step.on if one.step and not one.held else None, "day"),
    ),
)


PLANS = Listed[settled.PlanSeen](
    name="plans",
    title=_("En plusieurs fois"),
    guard=SPREAD,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.running_plans(on=_today(asked)),
    columns=(
        Column(_("Client"), lambda one: one.plan.client.full_name),
        Column(_("Factures"), lambda one: ", ".join(row.invoice.number for row in one.invoices)),
        Column(_("Prochaine date"), lambda one: one.next.instalment.due_on if one.next else None, "day"),
        Column(_("À cette date (€)"), lambda one: one.next.left if one.next else 0, "euros"),
        Column(_("Total (€)"), lambda one: one.total, "euros"),
        Column(_("Reste (€)"), lambda one: one.left, "euros"),
    ),
)


TIPS = Listed[settled.TipSeen](
    name="tips",
    title=_("Remerciements"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.tips(limit=ALL),
    columns=(
        Column(_("Donné le"), lambda one: one.tip.given_at.date(), "day"),
        Column(_("Client"), lambda one: one.tip.client.full_name),
        Column(_("Salarié"), lambda one: one.tip.worker.full_name),
        Column(_("Montant (€)"), lambda one: one.tip.amount, "euros"),
        Column(_("Comment"), lambda one: TIP_HOW[one.tip.how]),
        Column(_("Bulletin"), lambda one: one.number),
        Column(_("Repris"), lambda one: _("oui") if one.taken_back else ""),
    ),
)


PAYERS = Listed[settled.Owing](
    name="payers",
    title=_("Autres payeurs"),
    guard=SHARED,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: [row for one in settled.payers_seen() for row in one.shares],
    columns=(
        Column(_("Organisme"), lambda one: one.share.undertaking.payer.person.full_name),
        Column(_("Référence"), lambda one: one.share.reference),
        Column(_("Client"), lambda one: one.share.invoice.client.full_name),
        Column(_("À payer avant"), lambda one: one.share.due_on, "day"),
        Column(_("Demandé (€)"), lambda one: one.share.asked, "euros"),
        Column(_("Reste (€)"), lambda one: one.due, "euros"),
    ),
)


def _payslips(asked: Asked) -> Iterable[Payslip]:
    try:
        month = parse_month(asked.filters.get("mois", ""))
    except ValueError:
        month = Period.month_of(_today(asked).replace(day=1) - timedelta(days=1))
    return money.payslips_made(month=month)


PAYROLL = Listed[Payslip](
    name="payroll",
    title=_("Bulletins faits"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("mois",),
    rows=_payslips,
    columns=(
        Column(_("Bulletin"), lambda one: one.number),
        Column(_("Personne"), lambda one: one.worker.full_name),
        Column(_("Mois"), lambda one: one.month, "day"),
        Column(_("Heures"), lambda one: one.minutes, "hours"),
        Column(_("Brut (€)"), lambda one: one.gross, "euros"),
        Column(_("Net avant impôt (€)"), lambda one: one.net, "euros"),
        Column(_("Net payé (€)"), lambda one: one.paid, "euros"),
        Column(_("Coût employeur (€)"), lambda one: one.employer_cost, "euros"),
    ),
)


def year_asked(typed: str, today: date) -> int:
    """The year of an address, the current one when it says none."""
    return int(typed) if typed.isdecimal() and 2000 <= int(typed) < 3000 else today.year


def _place_of(one: settled.SellerQuarter) -> str:
    person = one.supplier.person
    return ", ".join(part for part in (person.street, str(person.place or "")) if part)


SELLERS = Listed[settled.SellerQuarter](
    name="sellers",
    title=_("Vendeurs, par trimestre (DAC7)"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("annee",),
    rows=lambda asked: settled.seller_quarters(year=year_asked(asked.filters.get("annee", ""), _today(asked))),
    columns=(
        Column(_("Personne"), lambda one: one.supplier.person.full_name),
        Column(_("Nom commercial"), lambda one: one.supplier.trade_name),
        Column(_("Adresse"), _place_of),
        Column(_("SIRET"), lambda one: one.supplier.siret),
        Column(_("Numéro de TVA"), lambda one: one.supplier.vat_number),
        Column(_("Date de naissance"), lambda one: one.supplier.person.birth_date, "day"),
        Column(_("IBAN"), lambda one: one.account.iban if one.account else ""),
        Column(_("Trimestre"), lambda one: one.quarter, "number"),
        Column(_("Prestations"), lambda one: one.activities, "number"),
        Column(_("Payé par les clients (€)"), lambda one: one.consideration, "euros"),
        Column(_("Commissions (€)"), lambda one: one.commission, "euros"),
    ),
)

_LINE: tuple[Column[BankLine], ...] = (
    Column(_("Date"), lambda one: one.booked_on, "day"),
    Column(_("De, à"), lambda one: one.counterparty),
    Column(_("Libellé"), lambda one: one.text),
    Column(_("Référence"), lambda one: one.reference),
    Column(_("Montant (€)"), lambda one: one.amount, "euros"),
    Column(_("État"), lambda one: words.LINES[one.state][0]),
    Column(_("Pourquoi"), lambda one: words_bank.MATCHES.get(one.reason, one.reason)),
)

BANK = Listed[BankLine](
    name="bank",
    title=_("Lignes à reconnaître"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: payments.unmatched_lines(limit=ALL),
    columns=_LINE,
)


def _statement(asked: Asked) -> list[BankLine]:
    with suppress(ValueError):
        return payments.lines_of(file=UUID(asked.filters.get("file", "")))
    return []


STATEMENT = Listed[BankLine](
    name="statement",
    title=_("Lignes du relevé"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("file",),
    rows=_statement,
    columns=_LINE,
    home="bank",
)


LINE_RULES = Listed[payments.ToldRule](
    name="line_rules",
    title=_("Règles apprises pour la banque"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: payments.line_rules(limit=ALL),
    columns=(
        Column(_("Vue sur"), lambda one: one.rule.said),
        Column(_("IBAN"), lambda one: one.rule.iban),
        Column(_("Texte"), lambda one: one.rule.text),
        Column(_("Client"), lambda one: one.rule.client.full_name if one.rule.client else ""),
        Column(_("Sinon"), lambda one: words.EXPLANATIONS.get(one.rule.what, one.rule.what)),
        Column(_("Dite (fois)"), lambda one: one.rule.times, "number"),
        Column(_("Utilisée (fois)"), lambda one: one.rule.used, "number"),
        Column(_("Apprise par"), lambda one: one.by),
        Column(_("Apprise le"), lambda one: one.rule.taught_at, "moment"),
        Column(_("Retirée le"), lambda one: one.rule.withdrawn_at, "moment"),
    ),
)


def up_to(asked: str, today: date) -> date:
    """The day of the address, or today."""
    try:
        return date.fromisoformat(asked)
    except ValueError:
        return today


BALANCE = Listed[TrialLine](
    name="balance",
    title=_("Balance"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("au",),
    rows=lambda asked: money.books(up_to=up_to(asked.filters.get("au", ""), _today(asked))).lines,
    columns=(
        Column(_("Compte"), lambda one: one.code),
        Column(_("Nom"), lambda one: one.name),
        Column(_("Débit (€)"), lambda one: one.debit, "euros"),
        Column(_("Crédit (€)"), lambda one: one.credit, "euros"),
        Column(_("Solde (€)"), lambda one: one.balance, "euros"),
    ),
)

TARIFFS = Listed[Tariff](
    name="tariffs",
    title=_("Tarifs"),
    guard=staff,
    rows=lambda asked: setup.everything(on=_today(asked)).tariffs,
    columns=(
        Column(_("Travail"), lambda one: one.activity.called if one.activity else _("Tous")),
        Column(_("Client"), lambda one: words.PERSON_KINDS[one.client_kind] if one.client_kind else _("Tous")),
        Column(_("Prix (€ l’heure)"), lambda one: one.hourly_price, "euros"),
        Column(_("Salaire brut (€ l’heure)"), lambda one: one.hourly_wage, "euros"),
        Column(_("Au moins (heures)"), lambda one: one.minimum_minutes, "hours"),
        Column(_("Déplacement (€)"), lambda one: one.travel_fee, "euros"),
        Column(_("Depuis"), lambda one: one.valid_from, "day"),
    ),
)

ACTIVITIES = Listed[Activity](
    name="activities",
    title=_("Activités"),
    guard=staff,
    rows=lambda asked: setup.everything(on=_today(asked)).activities,
    columns=(
        Column(_("Activité"), lambda one: one.name),
        Column(_("Mots"), lambda one: ", ".join(one.words)),
        Column(_("Proposée"), lambda one: _("oui") if one.offered else _("non")),
        Column(_("Dangereuse"), lambda one: _("oui") if one.dangerous else _("non")),
        Column(_("Services à la personne"), lambda one: _("oui") if one.personal_service else _("non")),
    ),
)


def _figures(asked: Asked) -> list[setup.FigureRow]:
    seen = setup.figures(on=_today(asked))
    return [*seen.policy, *seen.law]


FIGURES = Listed[setup.FigureRow](
    name="figures",
    title=_("Chiffres et délais"),
    guard=staff,
    rows=_figures,
    columns=(
        Column(_("Chiffre"), lambda one: words_figures.LAW.get(one.figure.key, one.figure.note)),
        Column(_("Valeur"), lambda one: (one.own or one.figure).value.normalize(), "number"),
        Column(_("Unité"), lambda one: words.UNITS.get((one.own or one.figure).unit, (one.own or one.figure).unit)),
        Column(_("Depuis"), lambda one: (one.own or one.figure).valid_from, "day"),
        Column(_("Source"), lambda one: (one.own or one.figure).source),
        Column(_("Vérifié"), lambda one: _("oui") if one.figure.verified or one.own else _("non")),
    ),
)
