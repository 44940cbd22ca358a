from datetime import date
from functools import partial
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.money import split
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.rules.may import Verb, require
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.rules.books_fr import Slot
from entremise.solidarity import queries
from entremise.solidarity.models import Award, AwardPayment
from entremise.solidarity.operations.awards import locked_award, step
from entremise.solidarity.operations.funds import entry_of, locked_fund, slot
from entremise.solidarity.rules import INVOICED
from entremise.solidarity.rules.books_fr import hold_moves, paid_moves


def pay_invoice(*, act: Act, award: Award, invoice: Invoice, amount: int, key: str) -> AwardPayment:
    """Pay a part of what the person owes us, at most what is due and what is left of the award, in cents.

    The same key again is the same payment. Raises Refused("not_their_invoice"), Refused("invoice_not_for_this")
    when the award is for something else, Refused("award_too_small"), and what `settlement.settle_from_fund` raises.
    """
    row, same = _begin(act, award, key)
    return same or spend_on(act, row, invoice, amount, key)


def spend_on(act: Act, row: Award, invoice: Invoice, amount: int, key: str) -> AwardPayment:
    """A part of an invoice out of an award that is `locked`. Raises as `pay_invoice`."""
    if invoice.client_id != row.person_id:
        raise Refused("not_their_invoice", {"number": invoice.number}, where="what")
    if row.purpose not in INVOICED:
        raise Refused("invoice_not_for_this", where="what")
    on, fund = _free(act, row, amount)
    receipt = settlement.settle_from_fund(act=act, invoice=invoice, amount=amount, fund=fund, on=on, key=f"aid:{key}")
    payment = AwardPayment(
        award=row, amount=amount, how="invoice", invoice=invoice, paid_on=on, entry=entry_of(receipt), key=key
    )
    return _keep(act, row, payment)


def pay_cash(*, act: Act, award: Award, amount: int, key: str) -> AwardPayment:
    """Hand coins over out of the till. The same key again is the same payment.

    Raises Refused("award_too_small"), Refused("not_enough") when the till does not hold it, Refused("payouts_stopped").
    """
    row, same = _begin(act, award, key)
    if same:
        return same
    ledger.require_proved()
    on, fund = _free(act, row, amount)
    entry = _pay(act, row, fund, amount, "cash", on, key)
    return _keep(act, row, AwardPayment(award=row, amount=amount, how="cash", paid_on=on, entry=entry, key=key))


def pay_by_line(*, act: Act, award: Award, line: BankLine) -> AwardPayment:
    """A transfer that left our account, on the bank's statement, was this award.

    Raises Refused("award_too_small") or Refused("not_now") when the line was explained before.
    """
    key = f"line:{line.id}"
    row, same = _begin(act, award, key)
    if same:
        return same
    require(act, Verb.PAYMENTS_RECEIVE)
    if line.amount >= 0:
        raise Refused("not_now", {"thing": "bank line", "state": line.state, "verb": "match"})
    on = ledger_queries.first_open(on=line.booked_on)
    if row.fund and row.fund.years.filter(year=on.year).exists():
        raise Refused("year_stated", {"year": on.year})
    _today, fund = _free(act, row, -line.amount)
    entry = _pay(act, row, fund, -line.amount, "transfer", on, key)
    payments.mark_line(act=act, line=line, state="matched", reason="award", entry=entry)
    payment = AwardPayment(
        award=row,
        amount=-line.amount,
        how="transfer",
        line=line,
        paid_on=on,
        entry=entry,
        key=key,
    )
    return _keep(act, row, payment)


def take_payment_back(*, act: Act, payment: AwardPayment) -> AwardPayment:
    """It was paid by mistake, or the coins came back: the money is the fund's again, free for anybody.

    What it had settled is due again. Raises Refused("already_reversed") the second time, Refused("not_now") for a
    transfer, which comes back by the bank.
    """
    require(act, Verb.AIDS_PAY)
    row = locked(payment.award)
    if AwardPayment.objects.filter(corrects=payment).exists():
        raise Refused("already_reversed")
    if payment.corrects_id or payment.how == "transfer" or row.fund is None:
        raise Refused("not_now", {"thing": "award payment", "state": payment.how, "verb": "take back"})
    key, on = f"back:{payment.id}", ledger_queries.first_open(on=today(act))
    if payment.invoice:
        entry = _leave_invoice(act, payment.invoice, slot(row.fund), payment.amount, on, key)
    else:
        entry = ledger.reverse(key=f"aid:{key}", at=act.at, effective_on=on, entry=payment.entry, cause="award").id
    return _came_back(act, payment, payment.amount, on, entry, key)


def credit(*, act: Act, invoice: Invoice, key: str, reason: str, amount: int | None = None) -> Invoice:
    """`settlement.credit`; of what funds paid of the invoice, as much goes back to them as is credited of it: all of it
    with the whole invoice, else in proportion. Raises as it does.
    """
    returned = partial(_return, act, invoice)
    return settlement.credit(act=act, invoice=invoice, key=key, reason=reason, amount=amount, returned=returned)


def _return(act: Act, invoice: Invoice, credited: int, whole: int) -> None:
    payments = AwardPayment.objects.filter(invoice=invoice, corrects=None).order_by("award", "id")
    for payment in payments.select_related("award").prefetch_related("corrections"):
        fund = locked(payment.award).fund
        theirs, _ = split(payment.amount, [credited, whole - credited])
        amount = theirs + sum(one.amount for one in payment.corrections.all())
        if fund and amount > 0:
            key, on = f"credit:{payment.id}:{credited}", ledger_queries.first_open(on=today(act))
            entry = _leave_invoice(act, invoice, slot(fund), amount, on, key)
            _came_back(act, payment, amount, on, entry, key)


def _leave_invoice(act: Act, invoice: Invoice, fund: Slot, amount: int, on: date, key: str) -> UUID:
    receipt = settlement.return_to_fund(act=act, invoice=invoice, amount=amount, fund=fund, on=on, key=f"aid:{key}")
    return entry_of(receipt)


def _came_back(act: Act, payment: AwardPayment, amount: int, on: date, entry: UUID, key: str) -> AwardPayment:
    back = AwardPayment.objects.create(
        award_id=payment.award_id,
        amount=-amount,
        how=payment.how,
        invoice=payment.invoice,
        corrects=payment,
        paid_on=on,
        entry=entry,
        key=key,
        paid_at=act.at,
    )
    data = {"amount": amount}
    record(act=act, type="award_payment_taken_back", thing="award", thing_id=payment.award_id, data=data)
    return back


def release(*, act: Act, award: Award) -> Award:
    """What is left of it is not needed: free for somebody else. Raises Refused("not_now") when nothing is left."""
    require(act, Verb.AIDS_DECIDE)
    return give_rest_back(act, locked(award))


def give_rest_back(act: Act, row: Award) -> Award:
    """What is left of an award that is `locked` is free again."""
    _let_go(act, row)
    row.hold = None
    return step(act, row, "release", "hold")


def _begin(act: Act, award: Award, key: str) -> tuple[Award, AwardPayment | None]:
    """The award, and the payment that this key made already."""
    require(act, Verb.AIDS_PAY)
    row = locked(award)
    return row, AwardPayment.objects.filter(key=key, award=row).first()


def locked(award: Award) -> Award:
    """The person, the award, its fund: always in this order, before any account, so that nobody waits in a ring."""
    wait_for(people=[award.person_id])
    row = locked_award(award)
    if row.fund:
        locked_fund(row.fund)
    return row


def _free(act: Act, award: Award, amount: int) -> tuple[date, Slot]:
    """Give up the hold, whose account stays locked until the commit: nobody else can have what it held."""
    left = queries.left_of(award=award)
    if award.state != "granted" or award.fund is None:
        raise Refused("not_now", {"thing": "award", "state": award.state, "verb": "pay"})
    if not 0 < amount <= left:
        raise Refused("award_too_small", {"due": left}, where="amount")
    _let_go(act, award)
    return ledger_queries.first_open(on=today(act)), slot(award.fund)


def _let_go(act: Act, award: Award) -> None:
    if award.hold is None:
        raise Refused("not_now", {"thing": "award", "state": award.state, "verb": "release"})
    ledger.release(key=f"free:{award.hold}", at=act.at, entry=award.hold)


def _pay(act: Act, award: Award, fund: Slot, amount: int, how: str, on: date, key: str) -> UUID:
    moves = paid_moves(fund, amount, how, f"Aide versée, {award.fund}")
    return book(act=act, key=f"aid:{key}", on=on, cause="award", cause_id=award.id, moves=moves)


def _keep(act: Act, award: Award, payment: AwardPayment) -> AwardPayment:
    """The row, the fact, and what is left of the award held anew."""
    payment.paid_at = act.at
    payment.save(force_insert=True)
    left = queries.left_of(award=award)
    award.hold = None
    if left and award.fund:
        moves = hold_moves(slot(award.fund), left, f"Aide accordée, {award.fund}")
        award.hold = book(
            act=act,
            key=f"award:{award.id}:{payment.id}",
            on=today(act),
            cause="award",
            cause_id=award.id,
            moves=moves,
            held=True,
        )
    step(act, award, "pay" if left else "finish", "hold")
    return payment
