"""What is said to a payment provider and what it says, whichever it is. Amounts are minor units of `currency`."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

# created: nobody has paid yet; needs_action: the payer must show their bank who they are; authorised: held, not taken;
# processing: a debit on its way; captured: taken; failed: this try is over, another may follow.
State = Literal["created", "needs_action", "authorised", "processing", "captured", "failed", "cancelled", "expired"]


@dataclass(frozen=True)
class Asked:
    """A payment that somebody is asked for. key: of the request. reference: ours, found again on the payment.

    hold: set aside now, taken later. keep: their means of payment is kept, to charge it again when they are not there.
    ways: card, sepa_debit. payer: as the provider knows them, empty when it does not. means: kept before, for `charge`.
    name, email: of whose means are kept, and where the provider writes about them: ours, for who has none.
    """

    key: str
    amount: int
    reference: str
    text: str
    currency: str = "EUR"
    hold: bool = False
    keep: bool = False
    ways: tuple[str, ...] = ("card",)
    payer: str = ""
    means: str = ""
    name: str = ""
    email: str = ""


@dataclass(frozen=True)
class Page:
    """Where somebody pays, or leaves means of payment for later. payment: once they have begun to. payer, means and
    mandate: what they left, to charge when they are not there.
    """

    ref: str
    url: str
    until: datetime
    over: bool = False
    payment: str = ""
    payer: str = ""
    means: str = ""
    mandate: str = ""


@dataclass(frozen=True)
class Kept:
    """Means of payment that the provider keeps, as far as it tells. there: it may be charged. expires_on: the last good
    day of a card. reference: of the mandate.
    """

    there: bool
    brand: str = ""
    last4: str = ""
    expires_on: date | None = None
    reference: str = ""


@dataclass(frozen=True)
class Standing:
    """How a payment stands. held_until: when what is authorised and not taken falls back. fee: the provider's, of what
    was taken or is contested. contested: what the payer's bank has taken back, or asks back.
    """

    ref: str
    state: State
    amount: int
    taken: int = 0
    given_back: int = 0
    fee: int = 0
    contested: int = 0
    held_until: datetime | None = None
    payer: str = ""
    means: str = ""
    why: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Movement:
    """A line of the provider's own statement of what it holds for us. net = amount - fee. payment: the one that it is
    of, empty for what is of none; source: the thing itself.
    """

    ref: str
    kind: Literal["payment", "refund", "transfer", "transfer_back", "dispute", "payout", "fee", "other"]
    amount: int
    fee: int
    net: int
    source: str
    payment: str
    at: datetime


@dataclass(frozen=True)
class Hint:
    """Something has happened. id: of the message, the same when it comes again. about: payment, page, means, transfer,
    payout, account or other; ref: of which.
    """

    id: str
    about: Literal["payment", "page", "means", "transfer", "payout", "account", "other"]
    ref: str
