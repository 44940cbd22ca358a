from datetime import date

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.kernel.time import Period
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.models import Person
from entremise.people.queries import way_to_reach
from entremise.people.rules.may import Verb, require
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.solidarity import queries
from entremise.solidarity.models import Fund, Gift
from entremise.solidarity.operations.funds import entry_of, locked_fund, open_fund_now, slot
from entremise.solidarity.rules.books_fr import gift_moves, share_moves


def give(
    *,
    act: Act,
    fund: Fund,
    kind: str,
    amount: int,
    how: str,
    on: date,
    key: str,
    giver: Person | None = None,
    item: str = "",
    reference: str = "",
    line: BankLine | None = None,
) -> Gift:
    """Money for a fund: topup, suspended (with its item) or grant (with its reference). how: cash, cheque or transfer.

    A transfer is a line of the bank's statement, which says how much and when. The same key again is the same gift.
    Whoever gave is thanked. Raises Refused("fund_closed"), Refused("year_stated"), Refused("gift_incomplete"), or
    Refused("not_now") when the line was explained before.
    """
    require(act, Verb.FUNDS_GIVE)
    locked_fund(fund)
    same = Gift.objects.filter(key=key).first()
    if same:
        return same
    if line:
        amount, how, on = _of_line(act, line)
    _must_be_whole(kind, amount, how, item, reference, line)
    if on > today(act):
        raise Refused("day_to_come", where="on")
    owner, on = open_fund_on(fund, on)
    moves = gift_moves(slot(owner), amount, how, f"Don, {owner.name}")
    entry = book(act=act, key=f"gift:{key}", on=on, cause="gift", cause_id=owner.id, moves=moves)
    if line:
        payments.mark_line(act=act, line=line, state="matched", reason="gift", entry=entry)
    gift = Gift(fund=owner, kind=kind, giver=giver, amount=amount, how=how, received_on=on, entry=entry, key=key)
    gift.item, gift.reference, gift.line = item, reference, line
    return keep_gift(act, gift)


def share_commission(*, act: Act, fund: Fund, month: Period) -> Gift:
    """The part of a month's commissions that the organisation decided to give (`solidarity.commission_share`).

    Once a month; again, it is the same gift. Raises Refused("day_to_come") before the month is over and
    Refused("nothing_to_share").
    """
    require(act, Verb.FUNDS_OPEN)
    locked_fund(fund)
    key = f"share:{month.first:%Y-%m}"
    same = Gift.objects.filter(key=key).first()
    if same:
        return same
    if month.last >= today(act):
        raise Refused("day_to_come", where="month")
    owner, on = open_fund_on(fund, month.last)
    amount = queries.commission_to_share(month=month)
    if amount <= 0:
        raise Refused("nothing_to_share", where="month")
    moves = share_moves(owner.origin, slot(owner), amount, f"Part des commissions {month.first:%m/%Y}")
    entry = book(act=act, key=f"gift:{key}", on=on, cause="gift", cause_id=owner.id, moves=moves)
    return keep_gift(
        act,
        Gift(fund=owner, kind="commission", amount=amount, how="share", received_on=on, entry=entry, key=key),
    )


def leave_surplus(*, act: Act, fund: Fund, invoice: Invoice, amount: int, key: str) -> Gift:
    """A client leaves to a fund what they paid beyond an invoice. The same key again is the same gift.

    Raises Refused("no_surplus"), Refused("fund_closed") or Refused("year_stated").
    """
    require(act, Verb.FUNDS_GIVE)
    wait_for(people=[invoice.client_id])  # Before the fund, as whoever is helped.
    locked_fund(fund)
    same = Gift.objects.filter(key=key).first()
    if same:
        return same
    owner, on = open_fund_on(fund, today(act))
    receipt = settlement.give_up_surplus(
        act=act, invoice=invoice, amount=amount, fund=slot(owner), on=on, key=f"gift:{key}"
    )
    return keep_gift(
        act,
        Gift(
            fund=owner,
            kind="surplus",
            giver=invoice.client,
            amount=amount,
            how="invoice",
            received_on=on,
            invoice=invoice,
            entry=entry_of(receipt),
            key=key,
        ),
    )


def take_back(*, act: Act, gift: Gift) -> Gift:
    """A cheque that bounced, or a slip of the pen: the gift leaves again. What was promised already stays promised.

    Raises Refused("not_enough") when too little is left, Refused("already_reversed") the second time and
    Refused("not_now") for what is no money by hand.
    """
    require(act, Verb.FUNDS_OPEN)
    if gift.how not in ("cash", "cheque") or gift.corrects_id:
        raise Refused("not_now", {"thing": "gift", "state": gift.how, "verb": "take back"})
    on = ledger_queries.first_open(on=today(act))
    owner = locked_fund(gift.fund)
    key = f"back:{gift.id}"
    if Gift.objects.filter(key=key).exists():
        raise Refused("already_reversed")
    entry = ledger.reverse(key=f"gift:{key}", at=act.at, effective_on=on, entry=gift.entry, cause="gift").id
    return keep_gift(
        act,
        Gift(
            fund=owner,
            kind=gift.kind,
            giver_id=gift.giver_id,
            amount=-gift.amount,
            how=gift.how,
            received_on=on,
            corrects=gift,
            entry=entry,
            key=key,
        ),
    )


def open_fund_on(fund: Fund, day: date) -> tuple[Fund, date]:
    """The fund, locked, and the first open day for what happened on a day.

    Raises Refused("fund_closed") or Refused("year_stated").
    """
    on = ledger_queries.first_open(on=day)
    owner = open_fund_now(fund)
    if owner.years.filter(year=on.year).exists():
        raise Refused("year_stated", {"year": on.year}, where="on")
    return owner, on


def _of_line(act: Act, line: BankLine) -> tuple[int, str, date]:
    """How much, how and when, as the bank says it."""
    require(act, Verb.PAYMENTS_RECEIVE)
    return line.amount, "transfer", line.booked_on


def _thank(act: Act, giver: Person, gift: Gift) -> None:
    messaging.queue(
        act=act,
        person=giver,
        template="gift_thanks",
        context={"gift": gift, "organisation": giver.organisation},
        key=f"gift:{gift.id}",
        about="gift",
        about_id=gift.id,
    )


def _must_be_whole(kind: str, amount: int, how: str, item: str, reference: str, line: BankLine | None) -> None:
    known = kind in ("topup", "suspended", "grant") and how in ("cash", "cheque", "transfer")
    if not known or (how == "transfer") != bool(line) or (line and line.amount <= 0):
        raise Refused("gift_incomplete", where="how")
    if amount <= 0:
        raise Refused("gift_incomplete", where="amount")
    if (kind == "suspended" and not item) or (kind == "grant" and not reference):
        raise Refused("gift_incomplete", where="words")


def keep_gift(act: Act, gift: Gift) -> Gift:
    """The row, its fact, and a word of thanks the first time; one by card from somebody out of reach gets none."""
    gift.given_at = act.at
    gift.save(force_insert=True)
    data = {"kind": gift.kind, "amount": gift.amount, "fund": str(gift.fund_id)}
    back = gift.amount < 0
    record(act=act, type="gift_taken_back" if back else "gift_received", thing="gift", thing_id=gift.id, data=data)
    by_card = gift.asked is not None
    again = by_card and Gift.objects.filter(asked=gift.asked).exclude(id=gift.id).exists()
    if gift.giver and not back and not again and (not by_card or way_to_reach(person=gift.giver).channel != "none"):
        _thank(act, gift.giver, gift)
    return gift
