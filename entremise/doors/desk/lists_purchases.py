"""Bills of suppliers as lists to take away."""

from django.utils.translation import gettext_lazy as _

from entremise.doors.desk.words_purchases import BILLS as STATES
from entremise.doors.frame.lists import Column, Listed
from entremise.doors.frame.visit import money_staff
from entremise.payments.models import BankAccount
from entremise.people.rules.may import Verb
from entremise.settlement import queries as settled
from entremise.settlement.models import SupplierBill

MOST = 100_000

BILLS = Listed[SupplierBill](
    name="purchases",
    title=_("Factures de fournisseurs"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    filters=("quoi",),
    rows=lambda asked: settled.bills(state=asked.filters.get("quoi", ""), limit=MOST),
    columns=(
        Column(_("Référence"), lambda one: one.reference),
        Column(_("Fournisseur"), lambda one: one.supplier.full_name),
        Column(_("Numéro"), lambda one: one.number),
        Column(_("Datée du"), lambda one: one.dated_on, "day"),
        Column(_("À payer avant le"), lambda one: one.due_on, "day"),
        Column(_("État"), lambda one: STATES[one.state][0]),
        Column(_("Total (€)"), lambda one: one.total, "euros"),
    ),
)

TO_PAY = Listed[tuple[SupplierBill, BankAccount]](
    name="pay_bills",
    title=_("Fournisseurs à payer"),
    guard=money_staff,
    verb=Verb.BOOKS_EXPORT,
    rows=lambda asked: settled.bills_to_order().rows,
    columns=(
        Column(_("Référence"), lambda row: row[0].reference),
        Column(_("Fournisseur"), lambda row: row[0].supplier.full_name),
        Column(_("Numéro"), lambda row: row[0].number),
        Column(_("IBAN"), lambda row: row[1].iban),
        Column(_("Montant (€)"), lambda row: row[0].total, "euros"),
    ),
)
