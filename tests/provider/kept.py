"""What becomes of means of payment that the fake provider keeps for somebody."""

from tests.provider.till import CARDS, Till
from tests.provider.wire import Params, invalid


def own(till: Till, means: Params) -> Params:
    """A card that somebody types is their own: the names of the test cards are everybody's."""
    if means["id"] not in CARDS:
        return means
    row = till.make("pm", "payment_method", type="card", customer=None, card=dict(means["card"]))
    till.fates[row["id"]] = till.fates[means["id"]]
    return row


def turn_out(till: Till, means: str, fate: str) -> None:
    """Its bank thinks otherwise of it from now on."""
    till.fates[means] = fate


def renew(till: Till, means: str, year: int) -> None:
    """A card's owner has a new one, or none any more: the provider learns its date."""
    row = till.find(means, "payment_method")
    row["card"]["exp_year"] = year
    till.say("payment_method.automatically_updated", row)


def revoke(till: Till, mandate: str) -> None:
    """The bank ends it."""
    row = till.find(mandate, "mandate")
    row["status"] = "inactive"
    till.say("mandate.updated", row)


def detached(till: Till, row: Params) -> Params:
    if not row["customer"]:
        raise invalid("The payment method is not attached to a customer.")
    row["customer"] = None
    till.fates[row["id"]] = "detached"
    till.say("payment_method.detached", row)
    return row


def charged(till: Till, given: Params) -> Params:
    if till.fates.get(given.get("payment_method", "")) == "detached":
        raise invalid("The payment method was detached from its customer.")
    return till.intent(given)
