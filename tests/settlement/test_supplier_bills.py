from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from entremise.figures import operations as figures
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger
from entremise.messaging.models import Task
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Approval, SupplierBill
from entremise.settlement.operations.statements import bring_in
from entremise.settlement.rules.bills import Bought
from tests.settlement.conftest import DECEMBER_4, ENTRY, STATEMENT, balance, statement
from tests.settlement.test_goods import sell

DAY = DECEMBER_4.date()
IBAN = "FR7630004000070000000178914"
PELLETS = Bought("Pellets", Decimal("0.10"), 20000, 2000)
FLOUR = Bought("Farine", Decimal("0.055"), 900, 50)


@pytest.fixture
def supplier(treasurer: Act, legal: object) -> Person:
    made = people.add_person(act=treasurer, family_name="Scierie du Lac", kind="company", phones=[])
    payments.set_bank_account(act=treasurer, person=made, iban=IBAN)
    return made


@pytest.fixture
def bill(treasurer: Act, supplier: Person) -> SupplierBill:
    return written(treasurer, supplier)


@pytest.fixture
def director(treasurer: Act) -> Act:
    person = Person.objects.create(given_name="Paule", family_name="Rey", known_since=DECEMBER_4)
    return replace(treasurer, by=Actor(person.id, frozenset({Role.DIRECTOR})))


def written(act: Act, supplier: Person, *, number: str = "F-881", role: str = "own_sale") -> SupplierBill:
    return operations.write_bill(
        act=act,
        supplier=supplier,
        number=number,
        dated_on=date(2026, 12, 1),
        due_on=date(2026, 12, 31),
        lines=[PELLETS, FLOUR],
        role=role,
    )


def two_above(act: Act, euros: int) -> None:
    named = {"key": "payments.second_person_above", "unit": "EUR", "source": "CA"}
    figures.override(act=act, value=Decimal(euros), valid_from=DAY, **named)


def says(act: Act, *lines: tuple[str, str, str, str]) -> None:
    entries = "".join(ENTRY.format(amount=a, way=w, ref=r, text=t) for a, w, r, t in lines)
    bring_in(act=act, name="releve.xml", content=STATEMENT.format(entries=entries).encode())


def ordered(act: Act, bill: SupplierBill) -> SupplierBill:
    operations.approve_bill(act=act, bill=bill)
    operations.order_bills(act=act, execution_on=DAY)
    return SupplierBill.objects.select_related("supplier", "file").get(id=bill.id)


def code_of(refused: pytest.ExceptionInfo[Refused]) -> str:
    return refused.value.code


def test_a_bill_is_owed_from_the_day_it_is_written_down(bill: SupplierBill) -> None:
    assert (bill.total, bill.state, bill.reference) == (22950, "received", "AC-2026-0001")
    assert [balance(code) for code in ("607000", "445660", "401000")] == [20900, 2050, -22950]
    assert [(one.account.code, one.amount) for one in queries.owing(on=DAY)] == [("401000", 22950)]


def test_what_was_sold_for_its_supplier_is_no_purchase(treasurer: Act, supplier: Person, odile: Person) -> None:
    sell(treasurer, odile, role="agent", supplier=supplier)
    written(treasurer, supplier, role="agent")
    assert [balance(code) for code in ("607000", "445660", "401000", "467000")] == [0, 0, -22950, 22950 - 22751]


def test_one_bill_for_each_number_of_a_supplier(treasurer: Act, bill: SupplierBill) -> None:
    with pytest.raises(Refused) as refused:
        written(treasurer, bill.supplier, number=" f-881 ")
    assert code_of(refused) == "bill_known"
    assert written(treasurer, bill.supplier, number="F-882")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"number": " "}, "number_needed"),
        ({"lines": []}, "amount_needed"),
        ({"lines": [Bought("Pellets", Decimal("0.10"), 20000, 4000)]}, "bill_vat_wrong"),
        ({"dated_on": date(2026, 12, 5)}, "day_to_come"),
        ({"due_on": date(2026, 11, 5)}, "bill_due_early"),
    ],
)
def test_a_bill_that_cannot_be_right_is_refused(
    treasurer: Act, supplier: Person, wrong: dict[str, object], code: str
) -> None:
    good = {"number": "F-1", "dated_on": date(2026, 12, 1), "due_on": DAY, "lines": [PELLETS]}
    with pytest.raises(Refused) as refused:
        operations.write_bill(act=treasurer, supplier=supplier, **{**good, **wrong})  # type: ignore[arg-type]  # Wrong values.
    assert code_of(refused) == code
    assert not SupplierBill.objects.exists()


def test_a_large_bill_is_approved_by_somebody_else(treasurer: Act, director: Act, bill: SupplierBill) -> None:
    two_above(director, 100)
    with pytest.raises(Refused) as refused:
        operations.approve_bill(act=treasurer, bill=bill)
    assert code_of(refused) == "bill_needs_another"
    assert operations.approve_bill(act=director, bill=bill).state == "approved"


def test_it_leaves_with_the_file_and_is_paid_on_the_banks_word(treasurer: Act, bill: SupplierBill) -> None:
    bill = ordered(treasurer, bill)
    assert bill.file
    assert (bill.state, bill.iban, bill.file.lines) == ("ordered", IBAN, 1)
    assert bill.reference.encode() in bytes(bill.file.content)
    assert balance("401000") == -22950
    assert queries.to_close(up_to=DAY).on_their_way == 1
    says(treasurer, ("229.50", "DBIT", "R1", f"VIR {bill.reference}"))
    bill.refresh_from_db()
    assert (bill.state, bill.paid_on) == ("paid", date(2026, 12, 10))
    assert [balance(code) for code in ("401000", "512000")] == [0, -22950]
    assert BankLine.objects.get().reason == "supplier_bill"


def test_a_whole_file_is_known_by_its_sum(treasurer: Act, supplier: Person) -> None:
    for number in ("A", "B"):
        operations.approve_bill(act=treasurer, bill=written(treasurer, supplier, number=number))
    operations.order_bills(act=treasurer, execution_on=DAY)
    says(treasurer, ("459.00", "DBIT", "R1", "REMISE DE VIREMENTS"))
    assert set(SupplierBill.objects.values_list("state", flat=True)) == {"paid"}


def test_what_came_back_is_owed_again_and_leaves_anew(treasurer: Act, bill: SupplierBill) -> None:
    bill = ordered(treasurer, bill)
    says(treasurer, ("229.50", "DBIT", "R1", f"VIR {bill.reference}"))
    says(treasurer, ("229.50", "CRDT", "R2", f"RETOUR VIR {bill.reference}"))
    bill.refresh_from_db()
    assert (bill.state, bill.hold, balance("401000"), balance("512000")) == ("approved", None, -22950, 0)
    assert Task.objects.filter(kind="bill_returned").count() == 1
    operations.order_bills(act=treasurer, execution_on=DAY)
    says(treasurer, ("229.50", "DBIT", "R3", f"VIR {bill.reference}"))
    assert SupplierBill.objects.get().state == "paid"


def test_what_the_bank_refuses_of_a_file_is_owed_again(treasurer: Act, bill: SupplierBill) -> None:
    bill = ordered(treasurer, bill)
    assert bill.file
    status = (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><OrgnlGrpInfAndSts>'
        f"<OrgnlMsgId>{bill.file.message_id}</OrgnlMsgId></OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>"
        f"{bill.file.message_id}</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>{bill.reference}</OrgnlEndToEndId>"
        "<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    )
    assert bring_in(act=treasurer, name="statut.xml", content=status.encode()).matched == 1
    assert SupplierBill.objects.get().state == "approved"
    assert (balance("401000"), balance("512000")) == (-22950, 0)


@pytest.mark.parametrize(("how", "code"), [("cheque", "512000"), ("cash", "530000")])
def test_a_bill_is_paid_by_hand(treasurer: Act, bill: SupplierBill, odile: Person, how: str, code: str) -> None:
    operations.pay_in(act=treasurer, person=odile, amount=30000, how="cash", key="till")
    operations.approve_bill(act=treasurer, bill=bill)
    operations.hand_over_bill(act=treasurer, bill=bill, how=how)
    before = 30000 if how == "cash" else 0
    assert (SupplierBill.objects.get().state, balance("401000"), balance(code)) == ("paid", 0, before - 22950)
    operations.send_bill_back(act=treasurer, bill=bill, on=DAY)
    assert (SupplierBill.objects.get().state, balance("401000"), balance(code)) == ("approved", -22950, before)


def test_only_what_is_approved_is_paid(treasurer: Act, bill: SupplierBill) -> None:
    for pay in (
        lambda: operations.order_bills(act=treasurer, execution_on=DAY),
        lambda: operations.hand_over_bill(act=treasurer, bill=bill, how="cheque"),
    ):
        with pytest.raises(Refused):
            pay()
    operations.approve_bill(act=treasurer, bill=bill)
    operations.dispute_bill(act=treasurer, bill=bill, reason="deux sacs manquent")
    with pytest.raises(Refused) as refused:
        operations.order_bills(act=treasurer, execution_on=DAY)
    assert code_of(refused) == "nothing_to_pay"
    operations.resume_bill(act=treasurer, bill=bill)
    assert (bill.state, bill.approved_by) == ("received", None)


def test_a_mistake_is_taken_back_and_its_number_may_come_again(treasurer: Act, bill: SupplierBill) -> None:
    operations.withdraw_bill(act=treasurer, bill=bill, reason="saisie deux fois")
    assert [balance(code) for code in ("607000", "445660", "401000")] == [0, 0, 0]
    assert written(treasurer, bill.supplier).state == "received"


def test_many_bills_wait_for_a_second_person_together(treasurer: Act, director: Act, supplier: Person) -> None:
    for number in ("A", "B"):
        operations.approve_bill(act=treasurer, bill=written(treasurer, supplier, number=number))
    two_above(director, 300)
    assert operations.order_bills(act=treasurer, execution_on=DAY).file is None
    assert Approval.objects.get().kind == "bills"
    assert operations.order_bills(act=director, execution_on=DAY).file


def test_a_supplier_without_an_account_is_named_and_left_out(treasurer: Act, legal: object) -> None:
    bare = people.add_person(act=treasurer, family_name="Moulin", kind="company", phones=[])
    operations.approve_bill(act=treasurer, bill=written(treasurer, bare))
    assert queries.bills_to_order().without == [bare]


def test_a_person_says_which_bill_a_line_paid(treasurer: Act, bill: SupplierBill) -> None:
    bill = ordered(treasurer, bill)
    wrong, line = sorted(
        statement(treasurer, ("9.00", "DBIT", "R1", "?"), ("229.50", "DBIT", "R2", "?")), key=lambda one: -one.amount
    )
    with pytest.raises(Refused) as refused:
        operations.bill_by_hand(act=treasurer, line=wrong, number=bill.reference)
    assert code_of(refused) == "line_differs"
    assert operations.bill_by_hand(act=treasurer, line=line, number=bill.reference)
    assert SupplierBill.objects.get().state == "paid"


def test_amounts_of_a_bill_cannot_be_changed_by_lines(bill: SupplierBill) -> None:
    assert sorted(bill.lines.values_list("net", "vat")) == [(900, 50), (20000, 2000)]
    assert bill.lines.model.append_only


def test_the_books_stay_whole(treasurer: Act, bill: SupplierBill) -> None:
    ordered(treasurer, bill)
    says(treasurer, ("229.50", "DBIT", "R1", bill.reference))
    assert sum(line.balance for line in ledger.trial_balance(up_to=date(2027, 1, 1))) == 0
