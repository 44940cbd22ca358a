"""What people have with us: money paid in ahead, or paid too much; spent on invoices, and given back when they ask."""

from uuid import UUID

from django.db.models import Sum

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import queries as ledger_queries
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import Deposit, Invoice, MemberAccount, Receipt
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.accounts import free_on_account, overpaid
from entremise.settlement.queries.debits import being_collected
from entremise.settlement.queries.owed import dues
from entremise.settlement.rules.books_fr import MEMBERS, Move, from_account_moves, pay_in_moves
from entremise.settlement.rules.runs import MEMBER_ACCOUNT


def pay_in(*, act: Act, person: Person, amount: int, how: str, key: str) -> MemberAccount:
    """Somebody pays in ahead, in coins or by cheque (how: cash, cheque). amount: cents. The same key again is the same.

    Raises Refused("amount_needed").
    """
    require(act, Verb.CASH_RECEIVE)
    if amount <= 0 or how not in ("cash", "cheque"):
        raise Refused("amount_needed", where="amount")
    wait_for(people=[person.id])
    account = opened_account(act, person)
    label = f"Versement, {person.full_name}"
    if _booked(act, f"in:{key}", "account_in", person.id, pay_in_moves(person.id, amount, how, label)):
        data = {"amount": amount, "how": how}
        record(act=act, type="account_paid_in", thing="person", thing_id=person.id, data=data)
    return account


def keep_overpaid(*, act: Act, person: Person) -> int:
    """What somebody paid too much for their invoices comes to their account; returns how much, in cents.

    Raises Refused("nothing_overpaid").
    """
    require(act, Verb.ACCOUNTS_USE, owner=person.id)
    wait_for(people=[person.id])
    found = overpaid(person=person.id)
    if not found:
        raise Refused("nothing_overpaid")
    opened_account(act, person)
    on = today(act)
    for invoice, amount in found:
        key = f"kept:{new_id()}"
        moves = from_account_moves(person.id, -amount, f"{invoice.number}, {person.full_name}")
        entry = book(act=act, key=key, on=on, cause="overpaid", cause_id=invoice.id, moves=moves)
        Receipt.objects.create(invoice=invoice, how="account", amount=-amount, received_on=on, entry=entry, key=key)
        data = {"number": invoice.number, "amount": amount}
        record(act=act, type="overpaid_kept", thing="invoice", thing_id=invoice.id, data=data)
    return sum(amount for _, amount in found)


def pay_from_account(*, act: Act, invoice: Invoice, key: str) -> Receipt:
    """An invoice is paid with what its client has with us, whole or as far as it goes. The same key again is the same.

    Raises Refused("nothing_due"), Refused("account_empty"), or Refused("debit_on_its_way") for what the bank is
    collecting already.
    """
    require(act, Verb.ACCOUNTS_USE, owner=invoice.client_id)
    wait_for(people=[invoice.client_id])
    key = f"account:{key}"
    same = Receipt.objects.filter(key=key).first()
    if same:
        return same
    due, coming = dues(invoices=[invoice])[invoice.id], being_collected(invoice=invoice.id)
    if not due:
        raise Refused("nothing_due", {"number": invoice.number})
    if due <= coming:
        raise Refused("debit_on_its_way", {"due": coming})
    amount = min(due - coming, free_on_account(person=invoice.client_id))
    if amount <= 0:
        raise Refused("account_empty")
    on, client = today(act), invoice.client
    moves = from_account_moves(client.id, amount, f"{invoice.number}, {client.full_name}")
    entry = book(act=act, key=key, on=on, cause="account_used", cause_id=invoice.id, moves=moves)
    data = {"number": invoice.number, "amount": amount, "how": "account", "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=invoice.id, data=data)
    return Receipt.objects.create(invoice=invoice, how="account", amount=amount, received_on=on, entry=entry, key=key)


def set_aside(*, act: Act, person: Person, amount: int, key: str, cause_id: UUID) -> UUID:
    """Keep an amount, cents, of what somebody has with us for what they will owe; returns the entry that holds it.

    Raises Refused("not_enough") for more than is free.
    """
    require(act, Verb.ACCOUNTS_HOLD, owner=person.id)
    moves = from_account_moves(person.id, amount, f"Mis de côté, {person.full_name}")
    return book(act=act, key=key, on=today(act), cause="set_aside", cause_id=cause_id, moves=moves, held=True)


def close_account(*, act: Act, person: Person) -> MemberAccount:
    """Somebody leaves: their account is closed once nothing is on it. Raises Refused("account_not_empty")."""
    require(act, Verb.ACCOUNTS_WITHDRAW, owner=person.id)
    wait_for(people=[person.id])
    account = MemberAccount.objects.filter(person=person).first()
    if account is None:
        raise Refused("not_now", {"thing": "member account", "state": "", "verb": "close"})
    held = ledger_queries.account(code=MEMBERS[0], holder=person.id)
    balance = ledger_queries.balance(account=held.id) if held else None
    if balance and (balance.posted or balance.pending_in or balance.pending_out):
        raise Refused("account_not_empty", {"left": -balance.posted})
    aside = Deposit.objects.filter(client=person).aggregate(total=Sum("left"))["total"]
    if aside:
        raise Refused("account_not_empty", {"left": aside})
    return _move(act, account, "close")


def opened_account(act: Act, person: Person) -> MemberAccount:
    account = MemberAccount.objects.filter(person=person).first()
    if account is None:
        state, fact = MEMBER_ACCOUNT.step("", "open")
        account = MemberAccount.objects.create(id=new_id(), person=person, state=state, opened_at=act.at)
        record(act=act, type=fact, thing="person", thing_id=person.id)
    elif account.state == "closed":
        _move(act, account, "reopen")
    return account


def _move(act: Act, account: MemberAccount, verb: str) -> MemberAccount:
    account.state, fact = MEMBER_ACCOUNT.step(account.state, verb)
    account.closed_at = act.at if account.state == "closed" else None
    account.save(update_fields=["state", "closed_at"])
    record(act=act, type=fact, thing="person", thing_id=account.person_id)
    return account


def _booked(act: Act, key: str, cause: str, cause_id: UUID, moves: list[Move]) -> bool:
    """Whether this key is new; the same key with other amounts is refused by the ledger."""
    before = ledger_queries.entry_of(key=key)
    book(act=act, key=key, on=today(act), cause=cause, cause_id=cause_id, moves=moves)
    return before is None
