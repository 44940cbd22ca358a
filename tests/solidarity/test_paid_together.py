"""One invoice paid by prepaid vouchers, by a fund and by card: each counts once, everywhere."""

from dataclasses import replace
from datetime import UTC, date, datetime

from entremise.documents.models import Document
from entremise.jobs.models import Mission
from entremise.kernel.act import STAFF, Act, Actor, Door
from entremise.ledger import queries as ledger
from entremise.payments.models import Intent
from entremise.payments.rules.provider import Standing
from entremise.people.models import Person
from entremise.settlement import operations as settlement
from entremise.settlement import queries as settled
from entremise.settlement.models import Invoice, Receipt
from entremise.settlement.rules.vouchers import Given
from entremise.solidarity import operations
from entremise.solidarity.models import Fund, Seat
from entremise.tenancy.models import LegalIdentity
from tests.settlement.conftest import (
    asked,
    clock_act,
    hedge,
    karim,
    mission,
    nadege,
    odile,
    place,
    request_,
    settle,
    treasurer,
    worked,
)
from tests.solidarity.conftest import agreed, ask, due, give, held

__all__ = [
    "asked", "clock_act", "hedge", "karim", "mission", "nadege", "odile", "place", "request_", "treasurer", "worked",
]  # fmt: skip


def test_vouchers_a_fund_and_a_card_pay_one_invoice(
    treasurer: Act,
    worked: Mission,
    desk: Act,
    fund: Fund,
    seats: list[Seat],
    odile: Person,
) -> None:
    LegalIdentity.objects.update(sap_number="SAP732829320", sap_date=date(2020, 1, 1))
    settle(treasurer)
    invoice = Invoice.objects.select_related("client").get()
    money = Act(by=Actor(treasurer.by.person, STAFF), at=treasurer.at, door=Door.DESK)
    vouchers = [Given("up", number, 2026, 1000) for number in ("1001", "1002")]
    settlement.take_vouchers(act=money, invoice=invoice, vouchers=vouchers, key="vouchers")
    assert due(invoice) == 2900
    give(desk, fund, 10000)
    award = operations.grant(act=desk, award=agreed(desk, ask(desk, odile)), fund=fund, amount=1000)
    operations.pay_invoice(act=money, award=award, invoice=invoice, amount=1000, key="award")
    assert due(invoice) == 1900
    own = replace(treasurer, by=Actor(odile.id, frozenset()), door=Door.SITE)
    settlement.pay_online(act=own, invoice=invoice, provider="stripe", back="http://localhost/")
    taken = Standing(ref="pi_1", state="captured", amount=1900, taken=1900, fee=55)
    operations.look_at_invoice(act=money, intent=Intent.objects.get(), standing=taken, asked_at=treasurer.at)

    assert due(invoice) == 0
    assert settled.owed_by(client=odile.id) == 0
    assert ledger.balances_by_holder(code="411000").get(odile.id, 0) == 0
    how = sorted(Receipt.objects.values_list("how", "amount"))
    assert how == [("card", 1900), ("cesu", 1000), ("cesu", 1000), ("fund", 1000)]
    assert held(fund)[1] == 0
    assert ledger.verify() == []

    january = replace(money, at=datetime(2027, 1, 20, 9, tzinfo=UTC))
    settlement.issue_certificates(act=january, year=2026)
    told = Document.objects.get(kind="tax_certificate").data
    assert (told["paid"], told["cesu"]) == (3900, 2000)  # What a fund paid, she did not.
