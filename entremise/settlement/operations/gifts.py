"""Gift vouchers: sold over the counter, spent on invoices, given back or lapsed."""

from collections.abc import Collection
from secrets import randbelow

from dateutil.relativedelta import relativedelta

from entremise.documents.operations import reserve_number
from entremise.figures import queries as figures
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.ids import new_id
from entremise.kernel.refused import Refused
from entremise.ledger import operations as ledger
from entremise.ledger import queries as ledger_queries
from entremise.payments import operations as payments
from entremise.payments.models import BankLine
from entremise.people.rules.may import Verb, require
from entremise.settlement.models import GiftVoucher, Invoice, Receipt
from entremise.settlement.operations.booking import book, wait_for
from entremise.settlement.operations.debits import today
from entremise.settlement.queries.debits import being_collected
from entremise.settlement.queries.gifts import gift_by_code, gift_left, gift_pays, lapsed_gifts
from entremise.settlement.queries.owed import dues
from entremise.settlement.rules.books_fr import (
    gift_lapsed_moves,
    gift_returned_moves,
    gift_sold_moves,
    gift_spent_moves,
)
from entremise.settlement.rules.gifts import GIFT_VOUCHER, LENGTH, checked_code, digest_of


def sell_gift_voucher(
    *,
    act: Act,
    value: int,
    how: str,
    key: str,
    secret_key: str,
    what: str = "",
    buyer: str = "",
    line: BankLine | None = None,
) -> tuple[GiftVoucher, str]:
    """Somebody pays one: the voucher, and its code, which is told this once. how: cash, cheque or transfer, with the
    line of the bank that paid it. what: the one service it is for, "" for any. value: cents.

    Raises Refused("amount_needed"), ("line_differs"), ("not_now") for a line that was explained before, or
    ("gift_voucher_sold") for the key of another sale, whose code nobody knows any more.
    """
    require(act, Verb.CASH_RECEIVE)
    _may_be_sold(value, how, line, key)
    on, code = today(act), checked_code(randbelow(10**LENGTH))
    state, fact = GIFT_VOUCHER.step("", "sell")
    voucher = GiftVoucher.objects.create(
        id=new_id(),
        reference=reserve_number(prefix="BON", year=on.year),
        digest=digest_of(code, secret_key=secret_key),
        kind=GiftVoucher.Kind.SINGLE if what else GiftVoucher.Kind.MULTI,
        what=what[:160],
        value=value,
        buyer=buyer.strip()[:120],
        how=how,
        line=line,
        sold_on=on,
        expires_on=on + relativedelta(months=int(figures.table().at("gift.valid_months", on))),
        state=state,
        key=key,
        sold_at=act.at,
        sold_by=act.by.person,
    )
    _book_sale(act, voucher)
    data = {"reference": voucher.reference, "kind": voucher.kind, "value": value, "how": how}
    record(act=act, type=fact, thing="gift_voucher", thing_id=voucher.id, data=data)
    return voucher, code


def spend_gift_voucher(*, act: Act, invoice: Invoice, code: str, key: str, secret_keys: Collection[str]) -> Receipt:
    """A code pays an invoice, whole or as far as it goes. The same key again is the same payment. secret_keys: as
    `queries.gift_by_code`.

    Raises, beside `code`, Refused("gift_code_wrong") for digits that are no code, ("gift_code_unknown"),
    ("gift_over"), ("gift_empty"), ("gift_not_for_this"); ("nothing_due"), or ("debit_on_its_way") for what the bank is
    collecting already.
    """
    require(act, Verb.ACCOUNTS_USE, owner=invoice.client_id)
    found = gift_by_code(code=code, secret_keys=secret_keys)
    if found is None:
        raise Refused("gift_code_unknown", where="code")
    wait_for(people=[invoice.client_id])
    voucher, key = _locked(found), f"gift:{found.id}:{key}"
    same = Receipt.objects.filter(key=key).first()
    if same:
        return same
    amount, on = _payable(act, voucher, invoice), today(act)
    _, fact = GIFT_VOUCHER.step(voucher.state, "spend")
    label = f"{invoice.number}, {invoice.client.full_name}, {voucher.reference}"
    moves = gift_spent_moves(voucher.id, invoice.client_id, amount, voucher.kind == "single", label)
    entry = book(act=act, key=key, on=on, cause="gift_spent", cause_id=invoice.id, moves=moves)
    said = {"number": invoice.number, "amount": amount, "how": "gift_voucher", "reason": ""}
    record(act=act, type="payment_received", thing="invoice", thing_id=invoice.id, data=said)
    data = {"invoice": invoice.number, "amount": amount}
    record(act=act, type=fact, thing="gift_voucher", thing_id=voucher.id, data=data)
    return Receipt.objects.create(
        invoice=invoice, how="gift_voucher", amount=amount, received_on=on, entry=entry, key=key
    )


def take_back_gift(*, act: Act, receipt: Receipt) -> GiftVoucher:
    """It paid the wrong invoice: the entry is reversed, the invoice is due again, and the voucher holds it again.

    Raises Refused("not_now") when that was done before, or nothing is left to buy with it.
    """
    require(act, Verb.CASH_RECEIVE)
    invoice = receipt.invoice
    wait_for(people=[invoice.client_id])
    voucher = _locked(GiftVoucher.objects.get(id=receipt.key.split(":")[1]))
    _, fact = GIFT_VOUCHER.step(voucher.state, "take_back")
    key = f"undone:{receipt.id}"
    if receipt.entry is None or Receipt.objects.filter(key=key).exists():
        raise Refused("not_now", {"thing": "receipt", "state": "undone", "verb": "take_back"})
    on = ledger_queries.first_open(on=today(act))
    entry = ledger.reverse(key=key, at=act.at, effective_on=on, entry=receipt.entry, cause="gift_spent")
    Receipt.objects.create(
        invoice=invoice, how="gift_voucher", amount=-receipt.amount, received_on=on, entry=entry.id, key=key
    )
    data = {"invoice": invoice.number, "amount": receipt.amount}
    record(act=act, type=fact, thing="gift_voucher", thing_id=voucher.id, data=data)
    return voucher


def return_gift_voucher(*, act: Act, voucher: GiftVoucher) -> GiftVoucher:
    """What is left of it is given back in coins, and it buys nothing any more.

    Raises Refused("gift_empty"), ("not_now"), or ("not_enough") for more than the till has.
    """
    require(act, Verb.REFUNDS_ORDER)
    voucher = _locked(voucher)
    left = gift_left(voucher=voucher)
    state, fact = GIFT_VOUCHER.step(voucher.state, "give_back")
    if not left:
        raise Refused("gift_empty", where="code")
    label, single = f"{voucher.reference}, remboursé", voucher.kind == "single"
    moves = gift_returned_moves(voucher.id, left, single, label)
    key = f"gift-back:{voucher.id}"
    book(act=act, key=key, on=today(act), cause="gift_voucher", cause_id=voucher.id, moves=moves)
    return _ended(act, voucher, state, fact, left)


def lapse_gift_vouchers(*, act: Act) -> list[GiftVoucher]:
    """What nobody spent in time becomes ours, where the organisation decided so. Bounded by the vouchers it sold."""
    require(act, Verb.REFUNDS_ORDER)
    on = today(act)
    return [_lapse(act, one.voucher) for one in lapsed_gifts(on=on)]


def _book_sale(act: Act, sold: GiftVoucher) -> None:
    moves = gift_sold_moves(sold.id, sold.value, sold.how, sold.kind == "single", sold.reference)
    entry = book(act=act, key=f"gift:{sold.id}", on=sold.sold_on, cause="gift_voucher", cause_id=sold.id, moves=moves)
    if sold.line:
        payments.mark_line(act=act, line=sold.line, state="matched", reason="gift_voucher", entry=entry)


def _may_be_sold(value: int, how: str, line: BankLine | None, key: str) -> None:
    if value <= 0 or how not in ("cash", "cheque", "transfer") or (how == "transfer") != (line is not None):
        raise Refused("amount_needed", where="value")
    if line and line.amount != value:
        raise Refused("line_differs", {"due": line.amount}, where="value")
    if GiftVoucher.objects.filter(key=key).exists():
        raise Refused("gift_voucher_sold")


def _lapse(act: Act, voucher: GiftVoucher) -> GiftVoucher:
    voucher = _locked(voucher)
    left = gift_left(voucher=voucher)
    state, fact = GIFT_VOUCHER.step(voucher.state, "lapse")
    moves = gift_lapsed_moves(voucher.id, left, voucher.kind == "single", f"{voucher.reference}, périmé")
    key = f"gift-lapsed:{voucher.id}"
    book(act=act, key=key, on=today(act), cause="gift_voucher", cause_id=voucher.id, moves=moves)
    return _ended(act, voucher, state, fact, left)


def _payable(act: Act, voucher: GiftVoucher, invoice: Invoice) -> int:
    if voucher.expires_on < today(act):
        raise Refused("gift_over", {"last": voucher.expires_on}, where="code")
    left = gift_left(voucher=voucher)
    if not left:
        raise Refused("gift_empty", where="code")
    pays = gift_pays(voucher=voucher, invoice=invoice)
    if pays <= 0:
        raise Refused("gift_not_for_this", {"what": voucher.what}, where="code")
    due, coming = dues(invoices=[invoice])[invoice.id], being_collected(invoice=invoice.id)
    if not due:
        raise Refused("nothing_due", {"number": invoice.number})
    if due <= coming:
        raise Refused("debit_on_its_way", {"due": coming})
    return min(left, pays, due - coming)


def _locked(voucher: GiftVoucher) -> GiftVoucher:
    """After the client: whoever spends the same voucher elsewhere at this moment is waited for."""
    return GiftVoucher.objects.select_for_update(no_key=True).get(id=voucher.id)


def _ended(act: Act, voucher: GiftVoucher, state: str, fact: str, amount: int) -> GiftVoucher:
    voucher.state = state
    voucher.save(update_fields=["state"])
    data = {"reference": voucher.reference, "amount": amount}
    record(act=act, type=fact, thing="gift_voucher", thing_id=voucher.id, data=data)
    return voucher
