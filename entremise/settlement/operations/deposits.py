"""What clients put aside for a piece of work before it is billed, and how its invoice uses it.

By card the books follow what the provider says, as for an invoice (operations.online): a look compares and books the
difference. A row is changed only while its client's own row is locked.
"""

from collections.abc import Mapping
from datetime import datetime

from entremise.agreements import queries as agreements
from entremise.agreements.models import Agreement
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.messaging import operations as messaging
from entremise.payments import operations as payments
from entremise.payments.models import Instruction, Intent, KeptMeans
from entremise.payments.operations import Change, Wanted
from entremise.payments.queries import live_intent
from entremise.payments.rules.provider import Standing
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Deposit, Invoice, Receipt
from entremise.settlement.operations.accounts import opened_account
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.operations.looking import look
from entremise.settlement.queries.accounts import free_on_account
from entremise.settlement.queries.debits import being_collected
from entremise.settlement.queries.deposits import invoices_to_pay, takes_deposit, waiting_for
from entremise.settlement.queries.owed import dues
from entremise.settlement.rules import books_fr as books
from entremise.settlement.rules.deposits import DEPOSIT, taken_back

ABOUT = "deposit"


def ask_deposit(*, act: Act, agreement: Agreement, client: Person, amount: int, hold: bool) -> Deposit:
    """Ask a client to put money aside for a work of ours: cents, paid ahead or (hold) held on their card.

    They are told, with the way to their page. Raises Refused("amount_needed"), Refused("deposit_asked_already"), or
    Refused("deposit_not_ours") for a work that the client pays to somebody else, or that is not theirs.
    """
    require(act, Verb.DEPOSITS_ASK)
    if amount <= 0:
        raise Refused("amount_needed", where="amount")
    bound = {one.role: one.person_id for one in agreements.parties_of(agreement=agreement.id)}
    if not takes_deposit(agreement=agreement.id) or bound.get("client") != client.id:
        raise Refused("deposit_not_ours")
    wait_for(people=[client.id])
    if Deposit.objects.filter(agreement=agreement, state__in=("asked", "held", "paid")).exists():
        raise Refused("deposit_asked_already")
    state, fact = DEPOSIT.step("", "ask")
    deposit = Deposit.objects.create(
        id=new_id(),
        agreement=agreement,
        client=client,
        amount=amount,
        hold=hold,
        state=state,
        asked_at=act.at,
        asked_by=act.by.person,
    )
    _record(act, deposit, fact, amount=amount, hold=hold)
    messaging.queue(
        act=act,
        person=client,
        template="deposit_asked",
        context={"deposit": deposit, "agreement": agreement, "organisation": client.organisation},
        key=f"deposit:{deposit.id}",
        about="deposit",
        about_id=deposit.id,
    )
    return deposit


def pay_deposit(*, act: Act, deposit: Deposit, provider: str, back: str) -> Intent:
    """The client pays it, or has it held, on the provider's page. back: where that page leads. Asked again while
    nothing has changed, it is the same payment. Raises Refused("not_now") once it is paid, held or given up.
    """
    require(act, Verb.PAYMENTS_ASK, owner=deposit.client_id)
    _locked(deposit)
    if deposit.state != "asked":
        raise Refused("not_now", {"thing": "deposit", "state": deposit.state, "verb": "pay"})
    before = live_intent(about=ABOUT, about_id=deposit.id)
    if before:
        return before
    return ask_for(act, deposit, provider, {"text": deposit.agreement.title, "back": back})


def ask_for(
    act: Act, deposit: Deposit, provider: str, said: Mapping[str, str], means: KeptMeans | None = None
) -> Intent:
    """The payment and what the books expect of it, together; its client is locked. means: as in `payments.Wanted`."""
    intent = new_id()
    moves = books.deposit_moves(deposit.client_id, deposit.amount, provider, _label(deposit))
    entry = book(
        act=act,
        key=f"intent:{intent}",
        on=today(act),
        cause="intent",
        cause_id=deposit.id,
        moves=moves,
        held=True,
    )
    wanted = Wanted(
        deposit.client,
        ABOUT,
        deposit.id,
        Intent.Role.OWN_SALE,
        provider,
        deposit.amount,
        said,
        entry,
        hold=deposit.hold,
        means=means,
    )
    return payments.ask_payment(act=act, intent=intent, wanted=wanted)


def receive_deposit(*, act: Act, deposit: Deposit, how: str) -> Deposit:
    """The whole of it arrives at the counter. how: cash or cheque.

    Raises Refused("not_now") once it is paid, held or given up; Refused("payment_on_its_way") while a card is paying.
    """
    require(act, Verb.CASH_RECEIVE)
    _locked(deposit)
    live = live_intent(about=ABOUT, about_id=deposit.id)
    if live and (live.means_id or live.state in ("processing", "authorised")):
        raise Refused("payment_on_its_way", {"number": deposit.agreement.number})
    if live:
        payments.instruct(act=act, intent=live, verb="let_go")
    if deposit.state != "asked":
        raise Refused("not_now", {"thing": "deposit", "state": deposit.state, "verb": "receive"})
    moves = books.deposit_moves(deposit.client_id, deposit.amount, how, _label(deposit))
    book(act=act, key=f"deposit:{deposit.id}:in", on=today(act), cause="deposit_in", cause_id=deposit.id, moves=moves)
    return _paid(act, deposit, deposit.amount)


def take_deposit(*, act: Act, deposit: Deposit, amount: int) -> Instruction:
    """Take of what is held, cents, once; the rest is let go. The books follow when the provider has done it.

    Raises Refused("not_now") for what is not held, or is being taken; Refused("amount_not_held") beyond it.
    """
    require(act, Verb.DEPOSITS_ASK)
    _locked(deposit)
    held = live_intent(about=ABOUT, about_id=deposit.id)
    if deposit.state != "held" or held is None or waiting_for(intent=held.id):
        raise Refused("not_now", {"thing": "deposit", "state": deposit.state, "verb": "take"})
    if not 0 < amount <= deposit.amount:
        raise Refused("amount_not_held", {"held": deposit.amount}, where="amount")
    return payments.instruct(act=act, intent=held, verb="take", amount=amount)


def withdraw_deposit(*, act: Act, deposit: Deposit) -> Deposit:
    """It is not wanted any more: what is held is let go. Raises Refused("not_now") once it is paid or being taken."""
    require(act, Verb.DEPOSITS_ASK)
    _locked(deposit)
    live = live_intent(about=ABOUT, about_id=deposit.id)
    if live and waiting_for(intent=live.id) == "take":
        raise Refused("not_now", {"thing": "deposit", "state": deposit.state, "verb": "withdraw"})
    _step(act, deposit, "withdraw")
    if live:
        payments.instruct(act=act, intent=live, verb="let_go")
    return deposit


def return_deposit(*, act: Act, deposit: Deposit) -> Deposit:
    """What is left of it is not needed: it comes to the client's own account, to spend or to take back.

    Raises Refused("not_now") when nothing is left.
    """
    require(act, Verb.DEPOSITS_ASK)
    _locked(deposit)
    return _return(act, deposit)


def use_deposits(*, act: Act, invoice: Invoice) -> int:
    """What its client put aside for the work on an invoice pays it; returns how many cents are paid now.

    Of what is only held, the provider is asked to take what is still due.
    """
    require(act, Verb.MONTHS_SETTLE)
    bound = set(invoice.lines.exclude(agreement=None).values_list("agreement", flat=True))
    live = Deposit.objects.filter(agreement__in=bound, client_id=invoice.client_id, state__in=("paid", "held"))
    deposits = list(live.select_related("client", "agreement").order_by("state", "asked_at", "id")) if bound else []
    if not deposits:
        return 0
    wait_for(people=[invoice.client_id])
    used = 0
    for deposit in deposits:
        deposit.refresh_from_db()
        used += _use(act, deposit, invoice)
        due = dues(invoices=[invoice])[invoice.id]
        held = live_intent(about=ABOUT, about_id=deposit.id) if deposit.state == "held" and due else None
        if held and not waiting_for(intent=held.id):
            payments.instruct(act=act, intent=held, verb="take", amount=min(due, deposit.amount))
    return used


def look_at_deposit(*, act: Act, intent: Intent, standing: Standing | None, asked_at: datetime) -> Change:
    """Write down how the payment of a deposit stands and book what is new; as `online.look_at_payment`."""
    require(act, Verb.PAYMENTS_RECEIVE)
    wait_for(people=[intent.person_id])
    deposit = Deposit.objects.select_related("client", "agreement").get(id=intent.about_id)

    def follow(change: Change) -> None:
        if intent.state == "authorised" and deposit.state == "asked":
            _step(act, deposit, "hold")
        if change.over and deposit.state == "held":
            _fell_back(act, deposit)
        if change.taken:
            _take(act, deposit, intent, change.taken)
        back = change.given_back + change.contested
        if back:
            _take_back(act, deposit, intent, back, asked_at)

    return look(
        act=act,
        intent=intent,
        standing=standing,
        asked_at=asked_at,
        label=_label(deposit),
        named={"invoice": deposit.agreement.number},
        follow=follow,
    )


def _take(act: Act, deposit: Deposit, intent: Intent, amount: int) -> None:
    """It is the deposit's, while that is awaited. Who paid while it was given up, or paid in coins as well, has it on
    their own account.
    """
    awaited = deposit.state in ("asked", "held")
    if not awaited:
        opened_account(act, deposit.client)
    moves_of = books.deposit_moves if awaited else books.deposit_again_moves
    moves = moves_of(deposit.client_id, amount, intent.provider, _label(deposit))
    key = f"intent:{intent.id}:taken:{intent.taken}"
    book(act=act, key=key, on=today(act), cause="deposit_in", cause_id=deposit.id, moves=moves)
    if awaited:
        _paid(act, deposit, amount)


def _take_back(act: Act, deposit: Deposit, intent: Intent, amount: int, asked_at: datetime) -> None:
    """A refund, or the payer's bank; below nothing a dispute was won, and the money is theirs to spend."""
    key = f"intent:{intent.id}:back:{asked_at.isoformat()}"
    if amount < 0:
        opened_account(act, deposit.client)
        moves = books.deposit_again_moves(deposit.client_id, -amount, intent.provider, _label(deposit))
        book(act=act, key=key, on=today(act), cause="deposit_back", cause_id=deposit.id, moves=moves)
        return
    parts = taken_back(amount, pots=(deposit.left, free_on_account(person=deposit.client_id)))
    moves = books.deposit_back_moves(intent.provider, deposit.client_id, parts, _label(deposit))
    book(act=act, key=key, on=today(act), cause="deposit_back", cause_id=deposit.id, moves=moves)
    deposit.left -= parts[0]
    deposit.save(update_fields=["left"])
    if deposit.state == "paid" and not deposit.left:
        _step(act, deposit, "return")


def _fell_back(act: Act, deposit: Deposit) -> None:
    """The provider let go of it before we took it: somebody decides whether to ask again."""
    _step(act, deposit, "fall")
    params = {"agreement": deposit.agreement.number, "amount": deposit.amount}
    messaging.add_task(
        act=act,
        kind="deposit_fell_back",
        key=f"deposit-fell-back:{deposit.id}:{act.at.isoformat()}",
        person=deposit.client,
        about="deposit",
        about_id=deposit.id,
        params=params,
    )


def _paid(act: Act, deposit: Deposit, amount: int) -> Deposit:
    """It is here; what the work was billed already is paid with it."""
    _step(act, deposit, "pay")
    deposit.taken += amount
    deposit.left += amount
    deposit.save(update_fields=["taken", "left"])
    for invoice in invoices_to_pay(agreement=deposit.agreement_id, client=deposit.client_id):
        _use(act, deposit, invoice)
    return deposit


def _use(act: Act, deposit: Deposit, invoice: Invoice) -> int:
    due, coming = dues(invoices=[invoice])[invoice.id], being_collected(invoice=invoice.id)
    amount = min(deposit.left, max(0, due - coming)) if deposit.state == "paid" else 0
    if not amount:
        return 0
    key = f"deposit:{deposit.id}:{invoice.id}:{deposit.left}"
    moves = books.deposit_used_moves(deposit.client_id, amount, f"{invoice.number}, {deposit.client.full_name}")
    entry = book(act=act, key=key, on=today(act), cause="deposit_used", cause_id=invoice.id, moves=moves)
    Receipt.objects.create(invoice=invoice, how="deposit", amount=amount, received_on=today(act), entry=entry, key=key)
    data = {"number": invoice.number, "amount": amount, "how": "deposit", "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=invoice.id, data=data)
    deposit.left -= amount
    deposit.save(update_fields=["left"])
    if not deposit.left:
        _step(act, deposit, "use")
    return amount


def _return(act: Act, deposit: Deposit) -> Deposit:
    amount = deposit.left
    _step(act, deposit, "return", amount=amount)
    opened_account(act, deposit.client)
    moves = books.deposit_left_moves(deposit.client_id, amount, _label(deposit))
    key = f"deposit:{deposit.id}:left:{deposit.taken}"
    book(act=act, key=key, on=today(act), cause="deposit_left", cause_id=deposit.id, moves=moves)
    deposit.left = 0
    deposit.save(update_fields=["left"])
    return deposit


def _locked(deposit: Deposit) -> None:
    wait_for(people=[deposit.client_id])
    deposit.refresh_from_db(fields=["state", "taken", "left"])


def _step(act: Act, deposit: Deposit, verb: str, **said: object) -> None:
    deposit.state, fact = DEPOSIT.step(deposit.state, verb)
    deposit.save(update_fields=["state"])
    _record(act, deposit, fact, **said)


def _record(act: Act, deposit: Deposit, fact: str, **said: object) -> None:
    data = {"agreement": deposit.agreement.number, **said}
    record(act=act, type=fact, thing="deposit", thing_id=deposit.id, data=data)


def _label(deposit: Deposit) -> str:
    return f"Acompte {deposit.agreement.number}, {deposit.client.full_name}"
