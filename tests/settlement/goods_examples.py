"""The worked examples of docs/accounting.md about goods sold and bought."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from entremise.kernel.act import Act
from entremise.payments import operations as payments
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations
from entremise.settlement.models import Invoice, InvoiceLine, SupplierBill
from entremise.settlement.operations.statements import bring_in
from entremise.settlement.rules.bills import Bought
from entremise.settlement.rules.goods import Sold
from tests.settlement.conftest import DECEMBER_4, ENTRY, STATEMENT, settle

PELLETS = Sold("Pellets", 40, "sacs", 575, Decimal("0.10"), ours=1200)
FLOUR = Sold("Farine", 7, "kg", 143, Decimal("0.055"), ours=50)
IBAN = "FR7630004000070000000178914"


def supplier_of(act: Act) -> Person:
    return people.add_person(act=act, family_name="Scierie du Lac", kind="company", phones=[])


def sold(act: Act, role: str, supplier: Person | None) -> Invoice:
    settle(act)
    client = Person.objects.get(given_name="Odile")
    return operations.bill_goods(
        act=act, client=client, title="Achat groupé", lines=[PELLETS, FLOUR], role=role, supplier=supplier, key="goods"
    )


def in_our_name(act: Act) -> None:
    sold(act, "own_sale", None)


def for_their_supplier(act: Act) -> None:
    sold(act, "agent", supplier_of(act))


def two_bags_back(act: Act) -> None:
    invoice = sold(act, "own_sale", None)
    bags = InvoiceLine.objects.get(label="Pellets")
    operations.credit(act=act, invoice=invoice, key="bags", reason="deux sacs percés", units={bags.id: 2})
    operations.credit(act=act, invoice=invoice, key="late", reason="livré en retard", amount=1000)


def a_bill(act: Act, role: str) -> None:
    supplier = supplier_of(act)
    if role == "agent":
        sold(act, role, supplier)
    else:
        settle(act)
    payments.set_bank_account(act=act, person=supplier, iban=IBAN)
    lines = [Bought("Pellets", Decimal("0.10"), 19818, 1982), Bought("Farine", Decimal("0.055"), 901, 50)]
    said = {"number": "F-881", "dated_on": date(2026, 12, 1), "due_on": date(2026, 12, 31), "role": role}
    bill = operations.write_bill(act=act, supplier=supplier, lines=lines, **said)
    operations.approve_bill(act=act, bill=bill)
    operations.order_bills(act=act, execution_on=DECEMBER_4.date())
    paid = ENTRY.format(amount="227.51", way="DBIT", ref="R1", text=SupplierBill.objects.get().reference)
    bring_in(act=act, name="releve.xml", content=STATEMENT.format(entries=paid).encode())


def a_bill_of_ours(act: Act) -> None:
    a_bill(act, "own_sale")


def a_bill_of_their_clients(act: Act) -> None:
    a_bill(act, "agent")


GOODS: dict[str, Callable[[Act], None]] = {
    "Goods sold at two rates": in_our_name,
    "Goods sold for their supplier": for_their_supplier,
    "Some of the goods come back": two_bags_back,
    "The bill of a supplier": a_bill_of_ours,
    "The bill of a supplier whose clients paid us": a_bill_of_their_clients,
}
