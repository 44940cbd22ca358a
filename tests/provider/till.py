"""What the fake provider does with money: payments held, taken, given back, contested; transfers; its own balance.

Amounts in cents. Time stands still until a test moves it (`later`): holds run out, debits clear or come back, money
becomes available, in the order in which they fall due.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.provider.wire import Params, Wrong, declined, invalid, missing

DAY = 86_400
HOLD = 7 * DAY  # A card that is held and not taken.
CLEARS = 5 * DAY  # A direct debit.
AVAILABLE = 2 * DAY  # The money of a card.
SESSION = DAY
# Cards by what becomes of them, as the provider's own test cards.
CARDS = {
    "pm_card_visa": "",
    "pm_card_chargeDeclined": "generic_decline",
    "pm_card_chargeDeclinedInsufficientFunds": "insufficient_funds",
    "pm_card_authenticationRequired": "authentication_required",
    "pm_card_createDispute": "dispute",
}
# Accounts, by the end of their number: the debit is paid, comes back unpaid, or is taken back after it was paid.
DEBITS = {"06": "", "07": "insufficient_funds", "08": "dispute"}
LATE = 40 * DAY  # When somebody takes a debit back, without a question: up to eight weeks.


@dataclass
class Till:
    now: int = 1_790_000_000
    things: dict[str, Params] = field(default_factory=dict)
    events: list[Params] = field(default_factory=list)
    waiting: list[tuple[int, int, Callable[[], None]]] = field(default_factory=list)
    ids: "count[int]" = field(default_factory=lambda: count(1))
    fates: dict[str, str] = field(default_factory=dict)  # What becomes of a means of payment.

    # Time

    def at(self, when: int, do: Callable[[], None]) -> None:
        heapq.heappush(self.waiting, (when, next(self.ids), do))

    def later(self, *, seconds: int = 0, days: float = 0) -> None:
        end = self.now + seconds + int(days * DAY)
        while self.waiting and self.waiting[0][0] <= end:
            self.now, _, do = heapq.heappop(self.waiting)
            do()
        self.now = end

    # Rows

    def make(self, prefix: str, kind: str, **fields: Any) -> Params:
        id_ = f"{prefix}_{next(self.ids):06d}"
        row = {"id": id_, "object": kind, "created": self.now, "livemode": False, **fields}
        self.things[id_] = row
        return row

    def find(self, id_: str, kind: str) -> Params:
        row = self.things.get(id_)
        if row is None or row["object"] != kind:
            raise missing(kind, id_)
        return row

    def all(self, kind: str, **having: object) -> list[Params]:
        rows = [row for row in self.things.values() if row["object"] == kind]
        return [row for row in rows if all(row.get(key) == value for key, value in having.items())][::-1]

    def say(self, type_: str, about: Params) -> None:
        """An event, with its thing as it is now."""
        frozen = {**about, "metadata": dict(about.get("metadata", {}))}
        self.events.append(self.make("evt", "event", type=type_, data={"object": frozen}, api_version="2026-10-28"))

    def book(self, kind: str, amount: int, source: str, *, fee: int = 0, after: int = 0) -> Params:
        """A movement of the provider's balance that is ours."""
        return self.make(
            "txn",
            "balance_transaction",
            type=kind,
            amount=amount,
            fee=fee,
            net=amount - fee,
            currency="eur",
            source=source,
            available_on=self.now + after,
            status="available" if after == 0 else "pending",
            payout=None,
        )

    def available(self) -> int:
        return sum(one["net"] for one in self.all("balance_transaction") if one["available_on"] <= self.now)

    # Means of payment

    def means(self, id_: str) -> Params:
        if id_ in CARDS and id_ not in self.things:
            card = {"brand": "visa", "last4": "4242", "exp_month": 12, "exp_year": 2034}
            self.things[id_] = {"id": id_, "object": "payment_method", "type": "card", "card": card, "customer": None}
            self.fates[id_] = CARDS[id_]
        return self.find(id_, "payment_method")

    def new_means(self, given: Params) -> Params:
        kind = given["type"]
        row = self.make("pm", "payment_method", type=kind, customer=None, billing_details=given.get("billing_details"))
        if kind == "sepa_debit":
            iban = given["sepa_debit"]["iban"].replace(" ", "")
            row["sepa_debit"] = {"last4": iban[-4:], "country": iban[:2]}
            self.fates[row["id"]] = DEBITS.get(iban[-2:], "")
        return row

    def mandate(self, means: Params) -> Params:
        said = {"type": "online", "accepted_at": self.now}
        return self.make(
            "mandate",
            "mandate",
            payment_method=means["id"],
            status="active",
            type="multi_use",
            customer_acceptance=said,
            payment_method_details={"type": means["type"], "sepa_debit": {"reference": f"RUM{means['id'][-6:]}"}},
        )

    # Payments

    def intent(self, given: Params) -> Params:
        amount = int(given["amount"])
        if amount < 50:
            raise invalid("Amount must be at least €0.50 eur", "amount_too_small", "amount")
        row = self.make(
            "pi",
            "payment_intent",
            amount=amount,
            amount_received=0,
            amount_capturable=0,
            currency=given["currency"],
            capture_method=given.get("capture_method", "automatic"),
            status="requires_payment_method",
            customer=given.get("customer"),
            payment_method=given.get("payment_method"),
            metadata=given.get("metadata", {}),
            transfer_group=given.get("transfer_group"),
            latest_charge=None,
            last_payment_error=None,
            next_action=None,
            setup_future_usage=given.get("setup_future_usage"),
            cancellation_reason=None,
            description=given.get("description"),
        )
        self.say("payment_intent.created", row)
        if given.get("payment_method"):
            row["status"] = "requires_confirmation"
        return self.confirm(row, off_session=given.get("off_session") == "true") if given.get("confirm") else row

    def confirm(self, row: Params, *, off_session: bool = False, shown: bool = False) -> Params:
        """shown: the payer has just shown their bank who they are."""
        self._must(row, "requires_confirmation", "requires_action", "requires_payment_method")
        if not row["payment_method"]:
            raise invalid("A payment method is needed to confirm.", "payment_intent_unexpected_state")
        means = self.means(row["payment_method"])
        fate = self.fates.get(means["id"], "")
        if fate == "authentication_required" and not shown:
            if off_session:
                self._fail(row, "authentication_required")
            row.update(status="requires_action", next_action={"type": "redirect_to_url"})
            self.say("payment_intent.requires_action", row)
            return row
        if means["type"] == "card" and fate in ("generic_decline", "insufficient_funds"):
            self._fail(row, fate)
        charge = self._charge(row, means)
        row["latest_charge"] = charge["id"]
        if means["type"] == "sepa_debit":
            row.update(status="processing", next_action=None)
            self.say("payment_intent.processing", row)
            self.at(self.now + CLEARS, lambda: self._clear(row, charge, fate))
        elif row["capture_method"] == "manual":
            row.update(status="requires_capture", amount_capturable=row["amount"], next_action=None)
            details = {"type": "card", "card": {"capture_before": self.now + HOLD}}
            charge["payment_method_details"] = details
            self.say("payment_intent.amount_capturable_updated", row)
            self.at(self.now + HOLD, lambda: self._run_out(row))
        else:
            self._take(row, charge, row["amount"], fate)
        return row

    def _charge(self, row: Params, means: Params) -> Params:
        return self.make(
            "ch",
            "charge",
            amount=row["amount"],
            amount_captured=0,
            amount_refunded=0,
            captured=False,
            refunded=False,
            paid=False,
            disputed=False,
            status="pending",
            payment_intent=row["id"],
            payment_method=means["id"],
            currency=row["currency"],
            metadata=dict(row["metadata"]),
            balance_transaction=None,
            dispute=None,
            payment_method_details={"type": means["type"]},
            transfer_group=row["transfer_group"],
        )

    def _fail(self, row: Params, code: str) -> None:
        row.update(status="requires_payment_method", payment_method=None, last_payment_error={"decline_code": code})
        self.say("payment_intent.payment_failed", row)
        raise declined(code)

    def capture(self, row: Params, amount: int | None) -> Params:
        self._must(row, "requires_capture")
        wanted = row["amount_capturable"] if amount is None else amount
        if not 0 < wanted <= row["amount_capturable"]:
            raise invalid("The amount is more than can be captured.", "amount_too_large", "amount_to_capture")
        charge = self.find(row["latest_charge"], "charge")
        self._take(row, charge, wanted, self.fates.get(row["payment_method"], ""))
        return row

    def _take(self, row: Params, charge: Params, amount: int, fate: str) -> None:
        card = charge["payment_method_details"]["type"] == "card"
        fee = (amount * 15 + 500) // 1000 + 25 if card else 35
        movement = self.book("charge", amount, charge["id"], fee=fee, after=AVAILABLE if card else 0)
        charge.update(captured=True, paid=True, status="succeeded", amount_captured=amount)
        charge["balance_transaction"] = movement["id"]
        row.update(status="succeeded", amount_received=amount, amount_capturable=0, next_action=None)
        self.say("charge.succeeded" if row["capture_method"] == "automatic" else "charge.captured", charge)
        self.say("payment_intent.succeeded", row)
        if fate == "dispute":
            self.at(self.now + (DAY if card else LATE), lambda: self.dispute(charge))

    def _clear(self, row: Params, charge: Params, fate: str) -> None:
        if fate == "insufficient_funds":
            charge.update(status="failed", failure_code="insufficient_funds")
            row.update(status="requires_payment_method", last_payment_error={"code": "insufficient_funds"})
            self.say("charge.failed", charge)
            self.say("payment_intent.payment_failed", row)
        else:
            self._take(row, charge, row["amount"], fate)

    def _run_out(self, row: Params) -> None:
        if row["status"] == "requires_capture":
            charge = self.find(row["latest_charge"], "charge")
            self.say("charge.expired", charge)
            self._end(row, "automatic")

    def cancel(self, row: Params) -> Params:
        self._must(row, "requires_payment_method", "requires_confirmation", "requires_action", "requires_capture")
        self._end(row, "requested_by_customer")
        return row

    def _end(self, row: Params, reason: str) -> None:
        row.update(status="canceled", amount_capturable=0, cancellation_reason=reason)
        self.say("payment_intent.canceled", row)

    def _must(self, row: Params, *states: str) -> None:
        if row["status"] not in states:
            text = f"This PaymentIntent's status is {row['status']}."
            raise Wrong(400, "invalid_request_error", "payment_intent_unexpected_state", text, payment_intent=dict(row))

    # Money that goes back

    def refund(self, row: Params, amount: int | None, metadata: Params) -> Params:
        if row["status"] != "succeeded":
            raise invalid("This PaymentIntent does not have a successful charge to refund.", "charge_not_captured")
        charge = self.find(row["latest_charge"], "charge")
        left = charge["amount_captured"] - charge["amount_refunded"]
        wanted = left if amount is None else amount
        if charge["disputed"]:
            raise invalid("The charge has been charged back.", "charge_disputed")
        if left == 0:
            raise invalid("The charge has already been refunded.", "charge_already_refunded")
        if not 0 < wanted <= left:
            raise invalid("The refund is greater than what is left of the charge.", "amount_too_large", "amount")
        refund = self.make(
            "re",
            "refund",
            amount=wanted,
            charge=charge["id"],
            payment_intent=row["id"],
            currency="eur",
            status="succeeded",
            metadata=metadata,
        )
        refund["balance_transaction"] = self.book("refund", -wanted, refund["id"])["id"]
        charge["amount_refunded"] += wanted
        charge["refunded"] = charge["amount_refunded"] == charge["amount_captured"]
        self.say("refund.created", refund)
        self.say("charge.refunded", charge)
        return refund

    def dispute(self, charge: Params) -> Params | None:
        """A debit that is taken back is lost at once; a card's owner is argued with."""
        amount = charge["amount_captured"] - charge["amount_refunded"]
        if charge["disputed"] or amount == 0:
            return None
        debit = charge["payment_method_details"]["type"] == "sepa_debit"
        charge["disputed"] = True
        dispute = self.make(
            "dp",
            "dispute",
            amount=amount,
            charge=charge["id"],
            payment_intent=charge["payment_intent"],
            currency="eur",
            status="lost" if debit else "needs_response",
            reason="debit_not_authorized" if debit else "fraudulent",
            metadata={},
            evidence={},
        )
        charge["dispute"] = dispute["id"]
        dispute["balance_transactions"] = [self.book("adjustment", -amount, dispute["id"], fee=750 if debit else 2000)]
        self.say("charge.dispute.created", dispute)
        self.say("charge.dispute.funds_withdrawn", dispute)
        if debit:
            self.say("charge.dispute.closed", dispute)
        return dispute

    def judge(self, dispute: Params, *, won: bool) -> None:
        dispute["status"] = "won" if won else "lost"
        if won:
            dispute["balance_transactions"].append(self.book("adjustment", dispute["amount"], dispute["id"]))
            self.say("charge.dispute.funds_reinstated", dispute)
        self.say("charge.dispute.closed", dispute)

    # Money that goes on

    def onboarding(self, given: Params) -> Params:
        """A page for a few minutes on which the owner of an account says who they are."""
        account = self.find(given["account"], "account")["id"]
        return {"url": f"https://connect.example/{account}/{self.now}", "expires_at": self.now + 300}

    def knows(self, account: str, *, enough: bool = True) -> None:
        """The owner has told all that the law wants of them; or the law wants more."""
        row = self.find(account, "account")
        row["payouts_enabled"] = enough
        self.say("account.updated", row)

    def transfer(self, given: Params) -> Params:
        account, amount = self.find(given["destination"], "account"), int(given["amount"])
        if not account["payouts_enabled"]:
            raise invalid("The account cannot be paid yet.", "insufficient_capabilities_for_transfer")
        source = given.get("source_transaction")
        if not source and amount > self.available():
            raise invalid("You have insufficient available funds.", "balance_insufficient")
        if (
            source
            and amount + sum(one["amount"] for one in self.all("transfer", source_transaction=source))
            > (self.find(source, "charge")["amount_captured"])
        ):
            raise invalid("The transfer is greater than the charge.", "source_transaction_amount")
        row = self.make(
            "tr",
            "transfer",
            amount=amount,
            amount_reversed=0,
            currency=given["currency"],
            destination=account["id"],
            reversed=False,
            metadata=given.get("metadata", {}),
            transfer_group=given.get("transfer_group"),
            source_transaction=given.get("source_transaction"),
        )
        row["balance_transaction"] = self.book("transfer", -amount, row["id"])["id"]
        account["balance"] += amount
        self.say("transfer.created", row)
        return row

    def reverse(self, row: Params, amount: int | None) -> Params:
        left = row["amount"] - row["amount_reversed"]
        wanted = left if amount is None else amount
        account = self.find(row["destination"], "account")
        if not 0 < wanted <= left:
            raise invalid("The reversal is greater than the transfer.", "amount_too_large", "amount")
        if wanted > account["balance"]:
            raise invalid("The account does not hold enough.", "balance_insufficient")
        back = self.make("trr", "transfer_reversal", amount=wanted, transfer=row["id"], currency="eur", metadata={})
        back["balance_transaction"] = self.book("transfer_refund", wanted, back["id"])["id"]
        row["amount_reversed"] += wanted
        row["reversed"] = row["amount_reversed"] == row["amount"]
        account["balance"] -= wanted
        self.say("transfer.reversed", row)
        return back

    def pay_out(self) -> Params | None:
        """All that is available, to our bank: what the statement shows one day."""
        rows = [one for one in self.all("balance_transaction", payout=None) if one["available_on"] <= self.now]
        total = sum(one["net"] for one in rows)
        if total <= 0:
            return None
        payout = self.make("po", "payout", amount=total, currency="eur", status="paid", arrival_date=self.now + DAY)
        for one in rows:
            one.update(payout=payout["id"], status="available")
        self.book("payout", -total, payout["id"])["payout"] = payout["id"]
        self.say("payout.paid", payout)
        return payout
