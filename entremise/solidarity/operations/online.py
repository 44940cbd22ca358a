"""Gifts through a provider, alone or with an invoice: the fund follows what the provider took, gave back or lost.

As for invoices, each look compares how a payment stands with what is written down. Whatever a payment leaves us pays
its invoice first, and the fund has the rest: so a payment that is given back or contested takes its gift back too.
A fund gives back only what it has promised to nobody. What it cannot follow waits to be sorted, and a person is told.
"""

from datetime import date, datetime
from uuid import UUID

from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger_queries
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import Intent
from entremise.payments.operations import Change, Wanted
from entremise.payments.queries import live_intent
from entremise.payments.rules.provider import Standing
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement import operations as settlement
from entremise.settlement.models import Invoice
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.looking import look
from entremise.solidarity import queries
from entremise.solidarity.models import Fund, Gift, GiftAsked
from entremise.solidarity.operations.funds import entry_of, locked_fund, slot
from entremise.solidarity.operations.gifts import keep_gift, open_fund_on
from entremise.solidarity.rules import follows, of_payment
from entremise.solidarity.rules.books_fr import online_gift_moves

ABOUT = "gift"


def give_online(*, act: Act, giver: Person, fund: Fund, amount: int, provider: str, back: str) -> Intent:
    """Ask a provider for a page on which somebody gives to a fund, in cents. back: where that page leads.

    Raises Refused("gift_incomplete"), Refused("fund_closed").
    """
    require(act, Verb.PAYMENTS_ASK, owner=giver.id)
    if amount <= 0:
        raise Refused("gift_incomplete", where="amount")
    wait_for(people=[giver.id])
    owner, on = open_fund_on(fund, today(act))
    intent, asked = new_id(), new_id()
    moves = online_gift_moves(provider, slot(owner), amount, 0, _label(owner))
    entry = book(act=act, key=f"intent:{intent}", on=on, cause="intent", cause_id=asked, moves=moves, held=True)
    said = {"text": owner.name, "back": back}
    wanted = Wanted(giver, ABOUT, asked, Intent.Role.FUND, provider, amount, said, entry)
    row = payments.ask_payment(act=act, intent=intent, wanted=wanted)
    GiftAsked.objects.create(id=asked, fund=owner, giver=giver, amount=amount, intent=row, asked_at=act.at)
    return row


def pay_with_gift(
    *, act: Act, invoice: Invoice, provider: str, back: str, fund: Fund | None = None, amount: int = 0
) -> Intent:
    """`settlement.pay_online`, with something for a fund in the same payment when its payer ticked that.

    A page that was opened for another gift, or for none, is closed first. Raises Refused like `settlement.pay_online`,
    and Refused("fund_closed").
    """
    require(act, Verb.PAYMENTS_ASK, owner=invoice.client_id)
    wait_for(people=[invoice.client_id])
    owner = open_fund_on(fund, today(act))[0] if fund else None
    extra = amount if owner else 0
    before = live_intent(about="invoice", about_id=invoice.id)
    intent = settlement.pay_online(act=act, invoice=invoice, provider=provider, back=back, extra=extra)
    if before is None or intent.id != before.id:
        if owner:
            GiftAsked.objects.create(
                fund=owner, giver=invoice.client, amount=extra, intent=intent, invoice=invoice, asked_at=act.at
            )
        return intent
    known = GiftAsked.objects.filter(intent=intent).first()
    if (known and (known.fund_id, known.amount)) != (owner and (owner.id, extra)):
        payments.instruct(act=act, intent=intent, verb="let_go")
    return intent


def look_at_gift(*, act: Act, intent: Intent, standing: Standing | None, asked_at: datetime) -> Change:
    """`settlement.look_at_payment` for a gift."""
    require(act, Verb.PAYMENTS_RECEIVE)
    asked, fund = _locked(intent)

    def follow(change: Change) -> None:
        moved = change.taken - change.given_back - change.contested
        _follow(act, asked, fund, f"{intent.id}:{asked_at.isoformat()}", moved=moved)

    return look(
        act=act,
        intent=intent,
        standing=standing,
        asked_at=asked_at,
        label=_label(fund),
        named={"fund": fund.name},
        follow=follow,
    )


def look_at_invoice(*, act: Act, intent: Intent, standing: Standing | None, asked_at: datetime) -> Change:
    """`settlement.look_at_payment`, and what was paid with the invoice for a fund goes there."""
    with_gift = GiftAsked.objects.filter(intent=intent).exists()
    asked, fund = _locked(intent) if with_gift else (None, None)
    change = settlement.look_at_payment(act=act, intent=intent, standing=standing, asked_at=asked_at)
    if asked and fund:
        _follow(act, asked, fund, f"{intent.id}:{asked_at.isoformat()}")
    return change


def return_gift(*, act: Act, asked: GiftAsked) -> None:
    """Have the provider give back what a fund still has of a gift by card; or, when the giver has it back already and
    the fund could not follow then, let the fund bear it now.

    Raises Refused("not_enough") when too little of the fund is promised to nobody, Refused("already_reversed") when
    nothing is left to do, and what `settlement.give_back_online` raises.
    """
    require(act, Verb.FUNDS_OPEN)
    row, fund = _locked(asked.intent)
    intent = Intent.objects.select_related("person").get(id=row.intent_id)
    if row.kept <= 0:
        raise Refused("already_reversed")
    if row.kept > queries.balance_of(fund=fund)[0]:
        raise Refused("not_enough")
    if _wanted(row, intent) == row.kept:
        settlement.give_back_online(act=act, intent=intent, amount=row.kept)
    else:
        _follow(act, row, fund, f"{intent.id}:{act.at.isoformat()}")


def _locked(intent: Intent) -> tuple[GiftAsked, Fund]:
    """The person, then the fund, before any payment and any account: always in this order."""
    wait_for(people=[intent.person_id])
    asked = GiftAsked.objects.select_related("fund", "giver__organisation", "intent", "invoice__client").get(
        intent=intent
    )
    return asked, locked_fund(asked.fund)


def _wanted(asked: GiftAsked, intent: Intent) -> int:
    return of_payment(left=intent.left, whole=intent.amount, gift=asked.amount)


def _follow(act: Act, asked: GiftAsked, fund: Fund, key: str, *, moved: int = 0) -> None:
    """Let the fund have what it must of a payment as it stands now, its giver and it being locked.

    moved: cents of a gift alone that the provider has just taken, or, below nothing, no longer has; what came with an
    invoice is its client's until it goes to the fund.
    """
    intent = Intent.objects.get(id=asked.intent_id)  # An older answer changes nothing, and leaves an older row in hand.
    on, wanted = ledger_queries.first_open(on=today(act)), _wanted(asked, intent)
    change, stated = wanted - asked.kept, fund.years.filter(year=on.year).exists()
    free, is_open = queries.balance_of(fund=fund)[0], not (fund.closed_on or stated)
    to_fund = change if follows(change, free=free, is_open=is_open) else 0
    entry = _book(act, asked, fund, to_fund, moved - to_fund, key, on)
    if to_fund and entry:
        gift = Gift(fund=fund, kind="topup", giver=asked.giver, amount=to_fund, how="card", received_on=on, key=key)
        gift.entry, gift.asked, gift.invoice = entry, asked, asked.invoice
        keep_gift(act, gift)
    if to_fund != change:
        key, params = f"gift:{asked.id}:{wanted}", {"amount": change, "fund": fund.name}
        messaging.add_task(
            act=act, kind="gift_stuck", key=key, person=asked.giver, about=ABOUT, about_id=asked.id, params=params
        )


def _book(act: Act, asked: GiftAsked, fund: Fund, to_fund: int, to_sort: int, key: str, on: date) -> UUID | None:
    name, account = f"gift:{key}", slot(fund)
    if asked.invoice is None:
        moves = online_gift_moves(asked.intent.provider, account, to_fund, to_sort, _label(fund))
        return book(act=act, key=name, on=on, cause="gift", cause_id=fund.id, moves=moves) if moves else None
    if not to_fund:
        return None
    invoice = asked.invoice
    return entry_of(settlement.pass_extra_on(act=act, invoice=invoice, amount=to_fund, fund=account, on=on, key=name))


def _label(fund: Fund) -> str:
    return f"Don, {fund.name}"
