"""What every payment provider looks like from inside: money of other people stays with it, and we ask it to move.

Every request carries a key: asked again with the same key, whatever became of the first answer, it moves money once.
What a provider tells us of its own accord is only a hint to look: how a payment stands is always asked, so that a
message that comes late, twice or in another order changes nothing. Amounts are minor units of `currency`.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Protocol

from entremise.payments.rules.provider import Asked, Hint, Kept, Movement, Page, Standing


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

    def charged(self, *, payer: str, reference: str) -> Standing | None:
        """The payment that `charge` made under a reference of ours, when its answer was lost; None: it made none."""
        ...

    def kept(self, *, means: str, mandate: str) -> Kept:
        """What the provider tells of means that it keeps. mandate: by which it may charge them; empty for a card."""
        ...

    def forget(self, *, means: str) -> None:
        """Keep these means no more. Forgotten twice, it is the same."""
        ...

    def standing(self, ref: str) -> Standing: ...

    def close_page(self, *, key: str, page: str) -> None:
        """Nobody can pay on it any more. Closed twice, or over already, it is the same."""
        ...

    def take(self, *, key: str, ref: str, amount: int) -> Standing:
        """Take of what is held, once; the rest is let go."""
        ...

    def let_go(self, *, key: str, ref: str) -> Standing:
        """Give up what is held, or what somebody has begun to pay."""
        ...

    def give_back(self, *, key: str, ref: str, amount: int) -> str:
        """Refund of what was taken; returns the refund's own reference."""
        ...

    def open_account(self, *, key: str, reference: str) -> str:
        """An account with the provider for somebody whom it is to pay; returns its reference. reference: ours."""
        ...

    def account_page(self, *, account: str, back: str) -> str:
        """Where its owner tells the provider who they are: for a few minutes, and once. back: where it leads."""
        ...

    def account_ready(self, account: str) -> bool:
        """Whether the provider knows enough of its owner to pay them."""
        ...

    def send_on(self, *, key: str, account: str, amount: int, payment: str, currency: str = "EUR") -> str:
        """Pass on of what a payment brought to somebody's account with it; returns the transfer's reference."""
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
