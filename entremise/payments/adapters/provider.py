"""What every payment provider looks like from inside: money of other people stays with it, and we ask it to move.

Every request carries a key: asked again with the same key, whatever became of the first answer, it moves money once.
What a provider tells us of its own accord is only a hint to look: how a payment stands is always asked, so that a
message that comes late, twice or in another order changes nothing. Amounts are minor units of `currency`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

# created: nobody has paid yet; needs_action: the payer must show their bank who they are; authorised: held, not taken;
# processing: a debit on its way; captured: taken; failed: this try is over, another may follow.
State = Literal["created", "needs_action", "authorised", "processing", "captured", "failed", "cancelled", "expired"]


class ProviderDown(Exception):
    """No answer, or none now. Whether anything was done is not known: the same request with the same key, later."""


class ProviderRefused(Exception):
    """It will not do this, now or later. code: the provider's word for why."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(said or code)
        self.code = code


class Declined(ProviderRefused):
    """The payer's bank says no. code: insufficient_funds, authentication_required, or another of its words."""


class NotTheirs(Exception):
    """A message that is not signed by the provider, or too old."""


@dataclass(frozen=True)
class Asked:
    """A payment that somebody is asked for. key: of the request. reference: ours, found again on the payment.

    hold: set aside now, taken later. keep: their means of payment is kept, to charge it again when they are not there.
    ways: card, sepa_debit. payer: as the provider knows them, empty when it does not. means: kept before, for `charge`.
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


@dataclass(frozen=True)
class Page:
    """Where somebody pays, or leaves means of payment for later. payment: once they have begun to. payer, means: what
    they left, to charge when they are not there.
    """

    ref: str
    url: str
    until: datetime
    over: bool = False
    payment: str = ""
    payer: str = ""
    means: str = ""


@dataclass(frozen=True)
class Standing:
    """How a payment stands. held_until: when what is authorised and not taken falls back. fee: the provider's, of what
    was taken. contested: what the payer's bank has taken back, or asks back.
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
    """Something has happened. id: of the message, the same when it comes again. about: payment, page, transfer, payout
    or other; ref: of which.
    """

    id: str
    about: Literal["payment", "page", "transfer", "payout", "other"]
    ref: str


class Provider(Protocol):
    """Raises ProviderDown or ProviderRefused; `charge` also Declined."""

    def open_page(self, asked: Asked, *, back: str, gave_up: str) -> Page:
        """A page of the provider's where the payer types their card: we never see it."""
        ...

    def open_keeping_page(self, asked: Asked, *, back: str, gave_up: str) -> Page:
        """The same for a card or a mandate that is only kept; nothing is paid, whatever the amount."""
        ...

    def page(self, ref: str) -> Page: ...

    def charge(self, asked: Asked) -> Standing:
        """Charge means kept before, the payer not being there."""
        ...

    def standing(self, ref: str) -> Standing: ...

    def take(self, *, key: str, ref: str, amount: int) -> Standing:
        """Take of what is held, once; the rest is let go."""
        ...

    def let_go(self, *, key: str, ref: str) -> Standing:
        """Give up what is held, or what nobody has paid yet."""
        ...

    def give_back(self, *, key: str, ref: str, amount: int) -> str:
        """Refund of what was taken; returns the refund's own reference."""
        ...

    def send_on(self, *, key: str, account: str, amount: int, group: str, currency: str = "EUR") -> str:
        """Pass money on to somebody's account with the provider; returns the transfer's reference."""
        ...

    def call_back(self, *, key: str, transfer: str, amount: int) -> str:
        """Take back of what was passed on; returns the reversal's reference."""
        ...

    def movements(self, *, since: datetime) -> Iterator[Movement]:
        """The provider's statement from a moment on, latest first; a page in memory at a time."""
        ...

    def hint(self, body: bytes, headers: Mapping[str, str]) -> Hint:
        """Read a message. Raises NotTheirs."""
        ...
