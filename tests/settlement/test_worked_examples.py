"""The worked examples of docs/accounting.md: each is done, and the books must say what stands there."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from entremise.figures import operations as figures
from entremise.jobs.models import Activity, Mission
from entremise.kernel.act import Act, Actor, Role
from entremise.kernel.ids import new_id
from entremise.kernel.time import Period
from entremise.payments import operations as payments
from entremise.payments.models import Intent
from entremise.payments.rules.provider import Standing
from entremise.people import operations as people
from entremise.people.models import Person
from entremise.settlement import operations, queries
from entremise.settlement.models import GiftVoucher, Invoice, Withdrawal
from entremise.settlement.operations.sharing import share_out
from entremise.settlement.operations.statements import bring_in, explain_line
from entremise.settlement.rules.vouchers import Given
from entremise.solidarity import operations as solidarity
from entremise.tenancy.models import LegalIdentity
from tests.conftest import TODAY
from tests.jobs.conftest import bruno
from tests.settlement.care_examples import CARE
from tests.settlement.conftest import DECEMBER_4, ENTRY, STATEMENT, settle, statement
from tests.settlement.fund_examples import FUNDS
from tests.settlement.goods_examples import GOODS
from tests.settlement.test_suppliers import done_for

__all__ = ["bruno"]

DOCUMENT: Final = Path(__file__).parents[2] / "docs" / "accounting.md"
DAY = DECEMBER_4.date()
EVER = Period(date(2026, 1, 1), date(2027, 12, 31))
IBAN = "FR7630004000070000000178914"
Row = tuple[str, str, str, str]
Example = Callable[[Act], None]


def bank_says(act: Act, *lines: tuple[str, str, str, str]) -> None:
    entries = "".join(ENTRY.format(amount=a, way=w, ref=r, text=t) for a, w, r, t in lines)
    bring_in(act=act, name="releve.xml", content=STATEMENT.format(entries=entries).encode())


def owed() -> Invoice:
    return Invoice.objects.select_related("client").get(kind="invoice")


def a_month(act: Act) -> None:
    settle(act)


def a_wage(act: Act) -> None:
    a_month(act)
    operations.order_payouts(act=act, execution_on=DAY)
    bank_says(act, ("21.44", "DBIT", "R1", "PAIE BP-2026-0001"))


def coins_and_a_cheque(act: Act) -> None:
    a_month(act)
    operations.receive_cash(act=act, invoice=owed(), amount=2000, how="cash", on=DAY, key="coins")
    operations.receive_cash(act=act, invoice=owed(), amount=2900, how="cheque", on=DAY, key="cheque")
    (line,) = statement(act, ("29.00", "CRDT", "R1", "REMISE DE CHEQUES"))
    explain_line(act=act, line=line, what="cheques")


def too_much(act: Act) -> None:
    a_month(act)
    client = owed().client
    (line,) = statement(act, ("60.00", "CRDT", "R1", "merci"))
    operations.receive_by_hand(act=act, line=line, invoice=owed())
    operations.keep_overpaid(act=act, person=client)
    payments.set_bank_account(act=act, person=client, iban=IBAN)
    operations.withdraw(act=act, person=client, amount=1100, how="transfer", key="back")
    operations.order_withdrawals(act=act, execution_on=DAY)
    bank_says(act, ("11.00", "DBIT", "R2", Withdrawal.objects.get().reference))


def half_an_hour_too_much(act: Act) -> None:
    a_month(act)
    operations.credit(act=act, invoice=owed(), key="note", reason="une demi-heure en trop", amount=1225)


def a_card(act: Act) -> None:
    a_month(act)
    client = replace(act, by=Actor(owed().client_id, frozenset()))
    operations.pay_online(act=client, invoice=owed(), provider="stripe", back="https://pas-de-porte.example.org/moi/")
    taken = Standing(ref="pi_1", state="captured", amount=4900, taken=4900, fee=75)
    operations.look_at_payment(act=act, intent=Intent.objects.get(), standing=taken, asked_at=act.at)
    (line,) = statement(act, ("48.25", "CRDT", "R1", "STRIPE"))
    explain_line(act=act, line=line, what="provider")


def a_card_and_a_gift(act: Act) -> None:
    a_month(act)
    fund = solidarity.open_fund(act=act, name="Entraide", purpose="Aider à payer.", origin="public")
    client = replace(act, by=Actor(owed().client_id, frozenset()))
    back = "https://pas-de-porte.example.org/moi/"
    solidarity.pay_with_gift(act=client, invoice=owed(), provider="stripe", back=back, fund=fund, amount=300)
    taken = Standing(ref="pi_1", state="captured", amount=5200, taken=5200)
    for standing, late in ((taken, 0), (replace(taken, contested=5200), 1)):
        at = act.at + timedelta(hours=late)
        solidarity.look_at_invoice(act=act, intent=Intent.objects.get(), standing=standing, asked_at=at)


def a_debit_taken_back(act: Act) -> None:
    a_month(act)
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    payments.give_mandate(act=act, person=owed().client, iban=IBAN, signed_on=DAY, how="paper")
    operations.announce_debits(act=act)
    late = replace(act, at=datetime(2026, 12, 30, 9, 0, tzinfo=UTC))
    (debit,) = operations.order_debits(act=late).ordered
    operations.confirm_debit(act=late, debit=debit, on=date(2027, 1, 4))
    operations.return_debit(act=late, debit=debit, on=date(2027, 1, 11), reason="AC04")


def a_part_for_another(act: Act) -> None:
    body = people.add_person(act=act, family_name="CCAS", kind="local_authority", phones=[])
    payer = operations.describe_payer(act=act, person=body, kind="ccas", due_days=30)
    client = Mission.objects.select_related("client").get().client
    operations.undertake(
        act=act, payer=payer, beneficiary=client, how="percent", value=4000, starts_on=date(2026, 1, 1)
    )
    a_month(act)


def a_deposit(act: Act) -> None:
    mission = Mission.objects.select_related("client", "agreement").get()
    assert mission.agreement
    deposit = operations.ask_deposit(
        act=act, agreement=mission.agreement, client=mission.client, amount=6000, hold=False
    )
    operations.receive_deposit(act=act, deposit=deposit, how="cash")
    a_month(act)
    operations.return_deposit(act=act, deposit=deposit)


def a_commission(act: Act) -> None:
    before = replace(act, by=Actor(act.by.person, frozenset({Role.DIRECTOR})), at=TODAY)
    supplier = Person.objects.get(given_name="Bruno")
    done_for(before, Mission.objects.get().client, supplier, Activity.objects.get(code="haie"))
    a_month(act)


def a_refund_with_its_fee(act: Act) -> None:
    a_month(act)
    client = replace(act, by=Actor(owed().client_id, frozenset()))
    operations.pay_online(act=client, invoice=owed(), provider="stripe", back="https://pas-de-porte.example.org/moi/")
    taken = Standing(ref="pi_1", state="captured", amount=4900, taken=4900, fee=75)
    intent = Intent.objects.get()
    operations.look_at_payment(act=act, intent=intent, standing=taken, asked_at=act.at)
    operations.credit(act=act, invoice=owed(), key="note", reason="annulé", amount=4900)
    refund = operations.give_back_online(act=act, intent=intent, amount=4900, bearer="client", reason="annulé")
    payments.carried_out(act=act, instruction=refund, answer="re_1")
    back, later = replace(taken, given_back=4825), act.at + timedelta(minutes=1)
    operations.look_at_payment(act=act, intent=intent, standing=back, asked_at=later)


def one_transfer_for_two_parts(act: Act) -> None:
    a_month(act)
    body = people.add_person(act=act, family_name="CCAS", kind="local_authority", phones=[])
    payer = operations.describe_payer(act=act, person=body, kind="ccas", due_days=30)
    said = {"act": act, "payer": payer, "beneficiary": owed().client, "how": "per_month", "starts_on": date(2026, 1, 1)}
    parts = [(operations.undertake(**said, value=amount), amount) for amount in (1960, 1000)]
    shares = share_out(act=act, invoice=owed(), parts=parts)
    (line,) = statement(act, ("25.00", "CRDT", "R1", "CCAS"))
    operations.receive_shares(act=act, line=line, shares=[one.id for one in shares])


def an_instalment_taken_back(act: Act) -> None:
    a_month(act)
    LegalIdentity.objects.update(creditor_id="FR72ZZZ123456")
    client, first = owed().client, date(2026, 12, 28)
    payments.give_mandate(act=act, person=client, iban=IBAN, signed_on=DAY, how="paper")
    operations.agree_plan(act=act, client=client, invoices=[owed()], count=3, first_on=first, key="three")
    operations.announce_debits(act=act)
    late = replace(act, at=datetime(2026, 12, 22, 9, 0, tzinfo=UTC))
    (debit,) = operations.order_debits(act=late).ordered
    operations.confirm_debit(act=late, debit=debit, on=first)
    operations.return_debit(act=late, debit=debit, on=date(2027, 1, 4), reason="AM04")


def a_tip(act: Act) -> None:
    mission = Mission.objects.select_related("client", "worker").get()
    people_of = {"client": mission.client, "worker": mission.worker}
    tip = partial(operations.give_tip, act=act, **people_of)
    tip(occasion=mission.id, amount=200, how="cash", key="coins")
    operations.pay_in(act=act, person=mission.client, amount=500, how="cash", key="ahead")
    tip(occasion=new_id(), amount=100, how="account", key="account")
    a_month(act)
    operations.order_payouts(act=act, execution_on=DAY)
    bank_says(act, ("24.44", "DBIT", "R1", "PAIE BP-2026-0001"))


def vouchers_reimbursed(act: Act) -> None:
    a_month(act)
    LegalIdentity.objects.update(sap_number="SAP732829320")
    both = [Given("up", number, 2026, amount) for number, amount in (("1001", 2000), ("1002", 1500))]
    taken = operations.take_vouchers(act=act, invoice=owed(), vouchers=both, key="vouchers")
    batch = operations.claim_vouchers(act=act, vouchers=taken)
    operations.refuse_voucher(act=act, voucher=taken[1], reason="déjà présenté")
    (line,) = statement(act, ("19.60", "CRDT", "R1", "CRCESU"))
    operations.pay_batch(act=act, batch=batch, line=line, fee=40)


def a_voucher_lost(act: Act) -> None:
    a_month(act)
    LegalIdentity.objects.update(sap_number="SAP732829320")
    operations.take_vouchers(act=act, invoice=owed(), vouchers=[Given("up", "1001", 2026, 2000)], key="vouchers")
    operations.write_off_vouchers(act=replace(act, at=datetime(2027, 3, 1, 9, tzinfo=UTC)))


def a_gift_voucher(act: Act) -> None:
    a_month(act)
    voucher, code = gift(act)
    operations.receive_cash(act=act, invoice=owed(), amount=2000, how="cash", on=DAY, key="coins")
    operations.spend_gift_voucher(act=act, invoice=owed(), code=code, key="spent", secret_keys=["s"])
    operations.return_gift_voucher(act=act, voucher=voucher)


def a_gift_voucher_for_hedges(act: Act) -> None:
    a_month(act)
    _voucher, code = gift(act, "Tailler une haie")
    operations.spend_gift_voucher(act=act, invoice=owed(), code=code, key="spent", secret_keys=["s"])


def a_gift_voucher_lapsed(act: Act) -> None:
    a_month(act)
    gift(act)
    named = {"key": "gift.lapsed_is_income", "unit": "yes", "source": "CA"}
    figures.override(act=act, value=Decimal(1), valid_from=DAY, **named)
    operations.lapse_gift_vouchers(act=replace(act, at=datetime(2027, 12, 5, 9, 0, tzinfo=UTC)))


def gift(act: Act, what: str = "") -> tuple[GiftVoucher, str]:
    return operations.sell_gift_voucher(act=act, value=3000, how="cash", what=what, key="sale", secret_key="s")


def hours_offered(act: Act) -> None:
    body = people.add_person(act=act, family_name="Scierie", kind="company", phones=[])
    payer = operations.describe_payer(act=act, person=body, kind="sponsor", due_days=30)
    client = Mission.objects.select_related("client").get().client
    first = date(2026, 1, 1)
    operations.undertake(
        act=act, payer=payer, beneficiary=client, how="percent", value=10_000, hours=90, starts_on=first
    )
    a_month(act)


EXAMPLES: Final[dict[str, Example]] = {
    "A month: one invoice, one payslip": a_month,
    "A wage leaves": a_wage,
    "Coins, and a cheque that is brought to the bank": coins_and_a_cheque,
    "Too much paid, kept, and given back": too_much,
    "A credit note": half_an_hour_too_much,
    "A card": a_card,
    "A card, with something for a fund": a_card_and_a_gift,
    "A direct debit that is taken back": a_debit_taken_back,
    "A part that somebody else pays": a_part_for_another,
    "A deposit, and what the work did not need": a_deposit,
    "A commission": a_commission,
    "A refund whose fee the client bears": a_refund_with_its_fee,
    "One transfer of the CCAS for two parts": one_transfer_for_two_parts,
    "An instalment that is collected, and taken back": an_instalment_taken_back,
    "A tip, and the wage that it leaves with": a_tip,
    "Vouchers that a centre reimburses": vouchers_reimbursed,
    "A prepaid voucher that nobody claimed in time": a_voucher_lost,
    "A gift voucher for any service": a_gift_voucher,
    "A gift voucher for one service": a_gift_voucher_for_hedges,
    "A gift voucher that nobody spends": a_gift_voucher_lapsed,
    "Hours that a sponsor offers": hours_offered,
    **FUNDS,
    **GOODS,
    **CARE,
}
WHOLE = (a_month, a_part_for_another, a_deposit, a_tip, hours_offered)  # Shown from the first row on.
A_MONTH = 14  # Rows.


def told() -> dict[str, list[Row]]:
    """Title of an example → the rows of its table: account, whose, debit, credit."""
    parts = re.split(r"^## ", DOCUMENT.read_text(), flags=re.MULTILINE)[1:]
    return {
        part.partition("\n")[0].strip(): [
            (code, whose, debit, credit)
            for code, whose, debit, credit in re.findall(
                r"^\| (\d{6}) [^|]*\| ([^|]*?) *\| *([\d.]*) *\| *([\d.]*) *\|$", part, flags=re.MULTILINE
            )
        ]
        for part in parts
    }


def booked(after: int) -> list[Row]:
    rows = list(queries.journal(period=EVER))[after:]
    return [(row.account.code, row.holder, euros(row.debit), euros(row.credit)) for row in rows]


def euros(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}" if cents else ""


def test_every_example_is_done_here_and_told_there() -> None:
    assert set(told()) == set(EXAMPLES)
    assert all(told().values())


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_books_say_what_the_example_says(title: str, treasurer: Act, worked: Mission, bruno: Person) -> None:
    EXAMPLES[title](treasurer)
    rows, table = booked(after=0 if EXAMPLES[title] in WHOLE else A_MONTH), told()[title]
    assert (rows[: len(table)] if EXAMPLES[title] is hours_offered else rows) == table
