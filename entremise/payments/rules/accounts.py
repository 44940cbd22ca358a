"""Whether a provider can pay somebody into an account of their own with it."""

from datetime import datetime, timedelta
from typing import Final

from entremise.kernel.state import StateTable

# asked: the provider does not know enough of them yet, or wants to know more.
PROVIDER_ACCOUNT = StateTable(
    "provider account",
    {
        ("", "ask"): ("asked", "provider_account_asked"),
        ("asked", "complete"): ("ready", "provider_account_ready"),
        ("ready", "lack"): ("asked", "provider_account_lacks"),
    },
)
PAGE_LASTS: Final = timedelta(minutes=4)  # The provider's lasts five.


def look_again(state: str, page_at: datetime | None, at: datetime) -> datetime:
    """When to ask about it although nothing is heard: soon while its owner is at the provider's page, else in a day."""
    at_the_page = state == "asked" and page_at is not None and at - page_at < timedelta(hours=1)
    return at + (timedelta(minutes=2) if at_the_page else timedelta(days=1))
