"""What of a provider's fee falls on money that is given back. Pure functions of their arguments, amounts in cents."""


def fee_of_part(*, fee: int, taken: int, returned: int, shared_out: int) -> int:
    """What of the `fee` of a payment falls on its newest refund, so that refunds of all of it bear all of the fee.

    taken: by the payment; returned: all that goes back of it, this refund counted; shared_out: on the refunds before.
    """
    return max(0, fee * min(returned, taken) // taken - shared_out) if taken > 0 else 0


def bearer_beside_us(what: str) -> str:
    """Who else than the organisation may bear it. what: of the invoice that was paid."""
    return "supplier" if what == "commission" else "client"
