"""The worked examples of docs/accounting.md: each is done, and the books must say what stands there."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import pytest

from entremise.jobs.models import Mission
from entremise.kernel.act import Act, Actor
from entremise.kernel.time import Period
from entremise.payments import operations as payments
from entremise.payments.models import Intent
from entremise.payments.rules.provider import Standing
from entremise.people import operations as people
from entremise.settlement import operations, queries
from entremise.settlement.models import Invoice, Withdrawal
from entremise.settlement.operations.statements import bring_in, explain_line
from entremise.tenancy.models import LegalIdentity
from tests.settlement.conftest import DECEMBER_4, ENTRY, STATEMENT, settle, statement
from tests.settlement.fund_examples import FUNDS

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


EXAMPLES: Final[dict[str, Example]] = {
    "A month: one invoice, one payslip": a_month,
    "A wage leaves": a_wage,
    "Coins, and a cheque that is brought to the bank": coins_and_a_cheque,
    "Too much paid, kept, and given back": too_much,
    "A credit note": half_an_hour_too_much,
    "A card": a_card,
    "A direct debit that is taken back": a_debit_taken_back,
    "A part that somebody else pays": a_part_for_another,
    **FUNDS,
}
WHOLE = (a_month, a_part_for_another)  # Shown from the first row on.
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
def test_the_books_say_what_the_example_says(title: str, treasurer: Act, worked: Mission) -> None:
    EXAMPLES[title](treasurer)
    assert booked(after=0 if EXAMPLES[title] in WHOLE else A_MONTH) == told()[title]
