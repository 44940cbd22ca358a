from entremise.messaging.adapters.base import Outgoing, Receipt

TO_PRINT = "to_print"


class Paper:
    """Letters on paper: nothing leaves by itself, the letter joins those that somebody prints and posts."""

    def send(self, message: Outgoing) -> Receipt:
        return Receipt(TO_PRINT)
