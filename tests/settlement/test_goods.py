from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from entremise.documents.models import Document
from entremise.documents.rules import invoice_from_json
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging.models import Letter
from entremise.payments.models import Intent
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, InvoiceLine
from entremise.settlement.rules.goods import Billed, Sold, back_by_amount
from entremise.settlement.rules.vouchers import Given
from tests.settlement.conftest import DECEMBER_4, balance

PELLETS = Sold("Pellets", 40, "sacs", 575, Decimal("0.10"), ours=1200)
FLOUR = Sold("Farine", 7, "kg", 143, Decimal("0.055"), ours=50)
DAY = DECEMBER_4.date()


@pytest.fixture
def supplier(treasurer: Act) -> Person:
    return people.add_person(act=treasurer, family_name="Scierie du Lac", kind="company", phones=[])


@pytest.fixture
def sold(treasurer: Act, legal: object, odile: Person) -> Invoice:
    return sell(treasurer, odile)


def sell(
    act: Act, client: Person, *, role: str = "own_sale", supplier: Person | None = None, key: str = "k"
) -> Invoice:
    return operations.bill_goods(
        act=act, client=client, title="Achat groupé", lines=[PELLETS, FLOUR], role=role, supplier=supplier, key=key
    )


def test_an_own_sale_is_our_revenue_with_vat_by_rate(sold: Invoice) -> None:
    assert (sold.total, sold.vat, sold.what) == (24001, 2143, "goods")
    assert [balance(code) for code in ("411000", "707000", "445710", "467000")] == [24001, -21858, -2143, 0]
    assert sorted(InvoiceLine.objects.values_list("units", "unit", "vat", "ours")) == [
        (7, "kg", 52, 1001),
        (40, "sacs", 2091, 23000),
    ]


def test_it_is_a_paper_and_a_letter_like_every_invoice(sold: Invoice) -> None:
    data = invoice_from_json(Document.objects.get(number=sold.number).data)
    assert [(tax.rate, tax.vat) for tax in data.taxes] == [(Decimal("0.10"), 2091), (Decimal("0.055"), 52)]
    assert data.title == "Achat groupé"
    assert data.seller.vat.startswith("FR")
    assert Letter.objects.get(template="invoice_ready").about_id == sold.id


def test_an_agent_owes_the_price_to_the_supplier_but_for_its_share(
    treasurer: Act, legal: object, odile: Person, supplier: Person
) -> None:
    invoice = sell(treasurer, odile, role="agent", supplier=supplier)
    assert (invoice.total, invoice.vat) == (24001, 208)
    assert [balance(code) for code in ("411000", "707000", "708200", "445710", "467000")] == [
        24001,
        0,
        -1042,
        -208,
        -22751,
    ]
    data = invoice_from_json(invoice.document.data)
    assert "Scierie du Lac" in data.mentions[0].text
    assert "compte" in data.mentions[0].text
    assert data.exemption
    assert [line.amount for line in data.lines] == [21800, 951, 1250]


def test_the_same_key_is_the_same_invoice(treasurer: Act, sold: Invoice, odile: Person, supplier: Person) -> None:
    assert sell(treasurer, odile) == sold
    assert Invoice.objects.count() == 1
    with pytest.raises(Refused) as refused:
        sell(treasurer, odile, role="agent", supplier=supplier)
    assert refused.value.code == "key_reused"


def test_an_agent_acts_for_somebody(treasurer: Act, legal: object, odile: Person) -> None:
    with pytest.raises(Refused) as refused:
        sell(treasurer, odile, role="agent")
    assert refused.value.code == "supplier_needed"


def test_nothing_to_pay_is_no_invoice(treasurer: Act, legal: object, odile: Person) -> None:
    with pytest.raises(Refused) as refused:
        operations.bill_goods(
            act=treasurer, client=odile, title="", lines=[], role="own_sale", supplier=None, key="none"
        )
    assert refused.value.code == "amount_needed"


def test_goods_without_vat_say_why(treasurer: Act, legal: object, odile: Person) -> None:
    free = replace(PELLETS, vat_rate=Decimal(0))
    invoice = operations.bill_goods(
        act=treasurer, client=odile, title="", lines=[free, FLOUR], role="own_sale", supplier=None, key="free"
    )
    data = invoice_from_json(invoice.document.data)
    assert data.exemption
    assert "293 B" in data.exemption.text
    assert invoice.vat == 52


def test_units_that_come_back_take_their_own_vat_back(treasurer: Act, sold: Invoice) -> None:
    line = InvoiceLine.objects.get(label="Pellets")
    note = operations.credit(act=treasurer, invoice=sold, key="n", reason="deux sacs percés", units={line.id: 2})
    assert (note.total, note.vat) == (1150, 105)
    back = InvoiceLine.objects.get(invoice=note)
    assert (back.units, back.amount, back.vat, back.corrects_id) == (2, 1150, 105, line.id)
    assert [balance(code) for code in ("411000", "707000", "445710")] == [22851, -20813, -2038]
    with pytest.raises(Refused) as refused:
        operations.credit(act=treasurer, invoice=sold, key="m", reason="trop", units={line.id: 39})
    assert refused.value.code == "credit_too_large"


def test_an_amount_that_is_credited_goes_over_the_rates(treasurer: Act, sold: Invoice) -> None:
    note = operations.credit(act=treasurer, invoice=sold, key="n", reason="geste", amount=2400)
    assert sorted(InvoiceLine.objects.filter(invoice=note).values_list("vat_rate", "amount", "vat")) == [
        (Decimal("0.0550"), 100, 5),
        (Decimal("0.1000"), 2300, 209),
    ]


@pytest.mark.parametrize("role", ["own_sale", "agent"])
def test_taken_back_whole_nothing_is_left(
    treasurer: Act, legal: object, odile: Person, supplier: Person, role: str
) -> None:
    invoice = sell(treasurer, odile, role=role, supplier=supplier if role == "agent" else None)
    operations.credit(act=treasurer, invoice=invoice, key="n", reason="tout")
    codes = ("411000", "707000", "708200", "445710", "467000")
    assert [balance(code) for code in codes] == [0] * 5
    assert queries.dues(invoices=[invoice])[invoice.id] == 0


def test_an_agent_takes_back_the_part_of_each(treasurer: Act, legal: object, odile: Person, supplier: Person) -> None:
    invoice = sell(treasurer, odile, role="agent", supplier=supplier)
    line = InvoiceLine.objects.get(label="Pellets")
    note = operations.credit(act=treasurer, invoice=invoice, key="n", reason="non livré", units={line.id: 10})
    assert (note.total, note.vat, note.role, note.supplier) == (5750, 50, "agent", supplier)
    assert [balance(code) for code in ("411000", "708200", "445710", "467000")] == [18251, -792, -158, -17301]


def test_personal_services_alone_take_vouchers(treasurer: Act, sold: Invoice) -> None:
    given_ = [Given("edenred", "paper", 2026, 1000, "12345678")]
    with pytest.raises(Refused) as refused:
        operations.take_vouchers(act=treasurer, invoice=sold, vouchers=given_, key="v")
    assert refused.value.code in ("vouchers_not_for_this", "voucher_not_understood")


def test_goods_are_on_no_tax_certificate(treasurer: Act, sold: Invoice) -> None:
    operations.receive_cash(act=treasurer, invoice=sold, amount=24001, how="cheque", on=DAY, key="c")
    assert queries.client_years(year=2026) == []


def test_a_voucher_for_one_service_pays_no_goods(treasurer: Act, sold: Invoice) -> None:
    _, code = operations.sell_gift_voucher(
        act=treasurer, value=3000, how="cash", key="g", secret_key="x" * 40, what="Pellets"
    )
    with pytest.raises(Refused) as refused:
        operations.spend_gift_voucher(act=treasurer, invoice=sold, code=code, key="s", secret_keys=["x" * 40])
    assert refused.value.code == "gift_not_for_this"


@pytest.mark.parametrize("role", ["own_sale", "agent"])
def test_a_card_says_in_which_role_we_take_it(
    treasurer: Act, legal: object, odile: Person, supplier: Person, role: str
) -> None:
    invoice = sell(treasurer, odile, role=role, supplier=supplier if role == "agent" else None)
    act = replace(treasurer, by=Actor(odile.id, frozenset()))
    operations.pay_online(act=act, invoice=invoice, provider="stripe", back="https://x.example.org/moi/")
    assert Intent.objects.get().role == role


def test_it_is_paid_in_instalments_like_every_invoice(treasurer: Act, sold: Invoice) -> None:
    plan = operations.agree_plan(
        act=treasurer, client=sold.client, invoices=[sold], count=3, first_on=date(2026, 12, 20), key="plan"
    )
    assert plan.state == "running"


def test_the_clock_may_bill_and_a_client_may_not(treasurer: Act, legal: object, odile: Person) -> None:
    with pytest.raises(Refused):
        sell(replace(treasurer, by=Actor(odile.id, frozenset())), odile)
    assert sell(replace(treasurer, by=Actor(new_id(), frozenset({Role.COORDINATOR}))), odile)


def test_vat_is_reported_by_rate(treasurer: Act, legal: object, odile: Person, supplier: Person) -> None:
    own = sell(treasurer, odile)
    sell(treasurer, odile, role="agent", supplier=supplier, key="agent")
    operations.credit(act=treasurer, invoice=own, key="n", reason="geste", amount=2400)
    year = queries.year(year=2026, on=DAY)
    december = year.months[-1]
    assert (december.billed, december.vat, december.for_others) == (48002 - 2400, 2143 + 208 - 214, 22751)
    assert december.taxed == 21858 + 1042 - 2400 + 214
    assert december.exempt == 0
    assert [(one.rate, one.net, one.vat) for one in year.taxes] == [
        (Decimal("0.2"), 1042, 208),
        (Decimal("0.1"), 20909 - 2091, 2091 - 209),
        (Decimal("0.055"), 949 - 95, 52 - 5),
    ]


@given(st.data())
def test_what_is_taken_back_never_passes_a_line_and_ends_at_nothing(data: st.DataObject) -> None:
    lines = [
        Billed(new_id(), amount, data.draw(st.integers(0, amount)), 1, amount)
        for amount in data.draw(st.lists(st.integers(1, 5000), min_size=1, max_size=6))
    ]
    ours = dict.fromkeys((one.id for one in lines), 0)
    while left := sum(one.left for one in lines):
        back = {one.line: one for one in back_by_amount(lines, data.draw(st.integers(max(1, left // 4), left)))}
        assert all(0 <= one.ours <= one.amount for one in back.values())
        for key, one in back.items():
            ours[key] += one.ours
        lines = [replace(one, taken=one.taken + (back[one.id].amount if one.id in back else 0)) for one in lines]
        assert all(one.left >= 0 for one in lines)
    assert ours == {one.id: one.ours for one in lines}
