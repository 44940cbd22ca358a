"""What the treasurer does each month: settle, take payments in, pay the wages."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from random import Random
from typing import Protocol
from uuid import UUID

from entremise.doors.clock.demo.bank import TAIL, entry, head
from entremise.doors.clock.demo.debits import collect_month
from entremise.doors.clock.demo.founding import Cast
from entremise.kernel.act import Act
from entremise.kernel.time import Period
from entremise.payments import operations as payments
from entremise.payments.queries import files, lines_of, mandates_of
from entremise.settlement import operations, queries
from entremise.settlement.operations.statements import explain_line
from entremise.settlement.queries import OpenInvoice, claims_open
from entremise.settlement.rules import books_fr
from entremise.solidarity import operations as solidarity

# What else a statement says each month, by account: what we owe these is levied, the cheques are brought there.
OTHERS = {
    books_fr.URSSAF[0]: ("urssaf", "URSSAF"),
    books_fr.PENSIONS[0]: ("pensions", "AGIRC ARRCO"),
    books_fr.CHEQUES[0]: ("cheques", "REMISE DE CHEQUES"),
}
EXPLAINED = {said: what for what, said in OTHERS.values()}


class Calendar(Protocol):
    cast: Cast
    chance: Random
    now: datetime

    def at(self, moment: datetime, happens: Callable[[datetime], None]) -> None: ...


def settle_month(year: Calendar, month: Period, at: datetime) -> None:
    """The run of a month on the fifth, its wages on the eighth, the bank's word and the clients' money on the way."""
    act = year.cast.treasury(at)
    run = operations.open_run(act=act, month=month)
    for item in queries.items_to_do(run=run.id):
        solidarity.settle_item(act=act, item=item)
    operations.finish_run(act=act, run=run)
    year.at(at + timedelta(minutes=30), partial(collect_month, year))
    year.at(at + timedelta(days=3), partial(_pay, year))
    year.at(at + timedelta(days=12), partial(_statement, year))
    if year.chance.random() < 0.25:
        year.at(at + timedelta(days=6), partial(_credit, year))


def _pay(year: Calendar, at: datetime) -> None:
    operations.order_payouts(act=year.cast.treasury(at), execution_on=at.date() + timedelta(days=2))
    year.at(at + timedelta(days=2), partial(_cheques, year))


def _cheques(year: Calendar, at: datetime) -> None:
    """Those who gave no account come for their cheque; one in three has not come yet."""
    for payslip in queries.unpaid_payslips():
        if year.chance.random() < 0.67:
            operations.hand_over(act=year.cast.treasury(at), payslip=payslip, how="cheque")


def _credit(year: Calendar, at: datetime) -> None:
    waiting = [one for one in queries.open_invoices() if one.invoice.what == "work"]
    if waiting:
        invoice = year.chance.choice(waiting).invoice
        operations.credit(
            act=year.cast.treasury(at),
            key=f"demo:{invoice.number}",
            invoice=invoice,
            reason="Une heure comptée en trop",
            amount=invoice.total // 2,
        )


def _statement(year: Calendar, at: datetime) -> None:
    """The statement of the middle of the month: most clients have paid, a few wrote nothing on their transfer."""
    act, chance = year.cast.treasury(at), year.chance
    waiting = queries.open_invoices()
    paying = [one for one in waiting if one.invoice.what == "work" and chance.random() < 0.8]
    collected = mandates_of(on=at.date())  # Their invoices are collected.
    paying = [one for one in paying if one.invoice.client_id not in collected]
    by_hand = [one for one in paying if chance.random() < 0.15]
    for one in by_hand:
        how = chance.choice(["cash", "cheque"])
        key = f"demo:{one.invoice.number}"
        operations.receive_cash(act=act, invoice=one.invoice, amount=one.due, how=how, on=at.date(), key=key)
    sent = [file for file in files(way="out", limit=3) if file.at > at - timedelta(days=20)]
    transfers = [one for one in paying if one not in by_hand]
    commissions = [one for one in waiting if one.invoice.what != "work"]
    content = _camt(at.date(), transfers, [file.total for file in sent], chance, commissions, _others(at.date()))
    file, _ = payments.import_statement(act=act, name=f"releve-{at:%Y-%m}.xml", content=content.encode())
    _match(act, file.id)


def _others(on: date) -> list[tuple[int, str]]:
    """What is levied and brought that day: cents, positive when it comes in, and the bank's words."""
    seen = queries.treasury(on=on)
    standing = {one.account.code: -one.amount for one in seen.by_us} | {one.code: one.amount for one in seen.places}
    return [(standing[code], said) for code, (_, said) in OTHERS.items() if standing.get(code)]


def _match(act: Act, file: UUID) -> None:
    claims = claims_open()
    for line in lines_of(file=file):
        if line.text in EXPLAINED:
            explain_line(act=act, line=line, what=EXPLAINED[line.text])
        elif line.amount > 0:
            operations.receive_line(act=act, line=line, claims=claims)
        else:
            operations.recognise_payouts(act=act, line=line)


def _camt(
    on: date,
    paying: Sequence[OpenInvoice],
    wages: Sequence[int],
    chance: Random,
    commissions: Sequence[OpenInvoice],
    others: Sequence[tuple[int, str]],
) -> str:
    parts = [head(on)]
    for number, one in enumerate(paying):
        cited = f"Facture {one.invoice.number}" if chance.random() < 0.93 else "Virement, merci"
        name = one.invoice.client.full_name
        parts.append(entry(on, number, one.due, "CRDT", name, cited))
    for number, total in enumerate(wages, start=len(paying)):
        parts.append(entry(on, number, total, "DBIT", "Association Le Pas de Porte", "VIR SEPA PAIES"))
    for number, one in enumerate(commissions, start=len(paying) + len(wages)):
        name, cited = one.invoice.client.full_name, f"Commission {one.invoice.number}"
        parts.append(entry(on, number, one.due, "CRDT", name, cited))
    for amount, said in others:
        parts.append(entry(on, said.lower(), abs(amount), "CRDT" if amount > 0 else "DBIT", said, said))
    return "".join([*parts, TAIL])
