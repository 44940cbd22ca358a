"""Bills of suppliers at the desk: written down, approved, disputed, paid, matched at the bank."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from entremise.doors.frame import visit
from entremise.kernel.act import Act, Role
from entremise.payments.models import BankLine
from entremise.payments.operations import set_bank_account
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement.models import SupplierBill
from entremise.settlement.rules.bills import Bought
from tests.doors.desk.conftest import Desk, coordination, desk, treasury
from tests.doors.desk.pages import text
from tests.settlement.conftest import DECEMBER_4, legal, statement, treasurer

__all__ = ["coordination", "desk", "legal", "treasurer", "treasury"]

pytestmark = pytest.mark.usefixtures("inside", "legal")

GIVEN = {
    "number": "F-881",
    "dated_on": "01/12/2026",
    "due_on": "31/12/2026",
    "role": "own_sale",
    "label": "Pellets",
    "net_1": "200,00",
    "rate_1": "10",
    "vat_1": "",
    "net_2": "9,00",
    "rate_2": "5,5",
    "vat_2": "0,50",
}


@pytest.fixture(autouse=True)
def december(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visit, "now", lambda: DECEMBER_4)


@pytest.fixture
def supplier(treasurer: Act) -> Person:
    made = people.add_person(act=treasurer, family_name="Scierie du Lac", kind="company", phones=[])
    set_bank_account(act=treasurer, person=made, iban="FR7630004000070000000178914")
    return made


def written(act: Act, supplier: Person, number: str = "F-881") -> SupplierBill:
    lines = [Bought("Pellets", Decimal("0.10"), 20000, 2000)]
    days = {"dated_on": date(2026, 12, 1), "due_on": date(2026, 12, 31)}
    return settlement.write_bill(act=act, supplier=supplier, number=number, lines=lines, **days)


def given(supplier: Person, **other: str) -> dict[str, str]:
    return {**GIVEN, "who": supplier.full_name, "picked": str(supplier.id), **other}


def test_a_bill_is_written_down_approved_and_paid(treasury: Client, supplier: Person) -> None:
    page = treasury.post(reverse("desk:new_purchase"), given(supplier))
    bill = SupplierBill.objects.get()
    address = reverse("desk:purchase", args=[bill.id])
    assert page["Location"] == address
    assert sorted(bill.lines.values_list("vat_rate", "net", "vat")) == [
        (Decimal("0.0550"), 900, 50),
        (Decimal("0.1000"), 20000, 2000),
    ]
    seen = text(treasury.get(address))
    for word in ("F-881", "5,5 %", "229,50 €", "à approuver"):
        assert word in seen, word
    treasury.post(reverse("desk:approve_bill", args=[bill.id]))
    assert "1 facture à payer, 229,50 €" in text(treasury.get(reverse("desk:purchases")))
    pay = reverse("desk:pay_bills")
    assert "1 virement, 229,50 €" in text(treasury.get(pay))
    assert "Écrivez la date ainsi" in text(treasury.post(pay, {"on": "demain"}), 422)
    assert treasury.post(pay, {"on": "10/12/2026"})["Location"] == reverse("desk:bank")
    assert "En route" in text(treasury.get(pay))
    assert "en route vers la banque" in text(treasury.get(address))


def test_without_an_account_nobody_promises_that_it_leaves_with_the_transfers(treasury: Client, treasurer: Act) -> None:
    nobody_knows_where = people.add_person(act=treasurer, family_name="Moulin Vert", kind="company", phones=[])
    bill = written(treasurer, nobody_knows_where)
    approved = treasury.post(reverse("desk:approve_bill", args=[bill.id]), follow=True)
    assert "dès que nous avons un IBAN" in text(approved)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": " "}, "Écrivez le numéro imprimé"),
        ({"rate_1": "dix"}, "Écrivez le taux ainsi"),
        ({"rate_1": ""}, "Écrivez le taux ainsi"),
        ({"net_1": "beaucoup"}, "Écrivez le montant ainsi"),
        ({"vat_2": "7,00"}, "À ce taux, la TVA n’est pas celle-ci"),
        ({"net_2": ""}, "Écrivez le montant hors TVA"),
        ({"due_on": "01/11/2026"}, "On paie le jour de la facture ou plus tard"),
        ({"dated_on": "24/12/2026"}, "Ce jour n’est pas terminé"),
        ({"who": "", "picked": ""}, "Écrivez le nom ou le téléphone"),
        ({"net_1": "2000000"}, "C’est trop"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(
    treasury: Client, supplier: Person, wrong: dict[str, str], sentence: str
) -> None:
    page = text(treasury.post(reverse("desk:new_purchase"), given(supplier, **wrong)), 422)
    assert sentence in page
    assert "Pellets" in page
    assert not SupplierBill.objects.exists()


def test_the_same_bill_twice_is_one(treasury: Client, treasurer: Act, supplier: Person) -> None:
    written(treasurer, supplier)
    page = text(treasury.post(reverse("desk:new_purchase"), given(supplier)), 422)
    assert "Cette facture est déjà notée, sous la référence AC-2026-0001" in page
    assert SupplierBill.objects.count() == 1


def test_a_dispute_needs_its_reason_and_ends(treasury: Client, treasurer: Act, supplier: Person) -> None:
    bill = written(treasurer, supplier)
    dispute, address = reverse("desk:dispute_bill", args=[bill.id]), reverse("desk:purchase", args=[bill.id])
    assert "Écrivez pourquoi" in text(treasury.post(dispute, {"reason": ""}), 422)
    treasury.post(dispute, {"reason": "deux sacs manquent"})
    assert "deux sacs manquent" in text(treasury.get(address))
    treasury.post(reverse("desk:resume_bill", args=[bill.id]))
    treasury.post(reverse("desk:withdraw_bill", args=[bill.id]), {"reason": "notée deux fois"})
    bill.refresh_from_db()
    assert bill.state == "withdrawn"
    assert "notée deux fois" in text(treasury.get(address))


def test_a_bill_handed_over_by_mistake_is_to_pay_again(treasury: Client, treasurer: Act, supplier: Person) -> None:
    bill = settlement.approve_bill(act=treasurer, bill=written(treasurer, supplier))
    hand = reverse("desk:hand_over_bill", args=[bill.id])
    assert "Choisissez dans la liste" in text(treasury.post(hand, {"how": "troc"}), 422)
    treasury.post(hand, {"how": "cheque"})
    assert "par chèque" in text(treasury.get(reverse("desk:purchase", args=[bill.id])))
    treasury.post(reverse("desk:bill_back", args=[bill.id]))
    bill.refresh_from_db()
    assert bill.state == "approved"
    assert (
        "cette action n’est plus possible"
        in text(treasury.post(reverse("desk:bill_back", args=[bill.id])), 422).casefold()
    )


def test_a_bank_line_is_said_to_be_a_bill(treasury: Client, treasurer: Act, supplier: Person) -> None:
    bill = settlement.approve_bill(act=treasurer, bill=written(treasurer, supplier))
    settlement.order_bills(act=treasurer, execution_on=date(2026, 12, 7))
    (line,) = statement(treasurer, ("220.00", "DBIT", "R1", "vir"))
    treasury.post(reverse("desk:match", args=[line.id]), {"number": bill.reference})
    bill.refresh_from_db()
    assert bill.state == "paid"
    assert "fournisseur payé" in text(treasury.get(reverse("desk:line", args=[line.id])))
    assert BankLine.objects.get().state == "matched"


def test_bills_are_for_those_who_hold_the_money(coordination: Client, treasurer: Act, supplier: Person) -> None:
    bill = written(treasurer, supplier)
    for name, args in (("purchases", []), ("new_purchase", []), ("purchase", [bill.id]), ("pay_bills", [])):
        assert coordination.get(reverse(f"desk:{name}", args=args)).status_code == 404


def test_the_list_asks_as_much_for_one_as_for_many(desk: Desk, treasurer: Act, supplier: Person) -> None:
    client = desk(Role.TREASURER)
    counts = []
    for number in range(6):
        settlement.approve_bill(act=treasurer, bill=written(treasurer, supplier, f"F-{number}"))
        if number in (0, 5):
            client.get(reverse("desk:purchases"))
            with CaptureQueriesContext(connection) as asked:
                assert client.get(reverse("desk:purchases")).status_code == 200
            counts.append(len(asked))
    assert counts[0] == counts[1]


def test_what_we_owe_names_the_supplier(treasury: Client, treasurer: Act, supplier: Person) -> None:
    written(treasurer, supplier)
    page = text(treasury.get(reverse("desk:owing")))
    assert "Fournisseurs" in page
    assert "Scierie du Lac" in page
