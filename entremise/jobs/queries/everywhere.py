from dataclasses import dataclass
from datetime import datetime

from entremise.agreements.models import Agreement
from entremise.jobs.models import Request, UnsentRequest
from entremise.jobs.queries.asking import unsent_by_code
from entremise.people import queries as people
from entremise.settlement.models import Invoice


@dataclass(frozen=True)
class Everywhere:
    people: list[people.Found]
    requests: list[Request]
    agreements: list[Agreement]
    invoices: list[Invoice]
    unsent: UnsentRequest | None

    @property
    def count(self) -> int:
        return len(self.people) + len(self.requests) + len(self.agreements) + len(self.invoices) + bool(self.unsent)


def find(*, typed: str, invoices: bool, at: datetime, limit: int = 6) -> Everywhere:
    """What a word or a number may mean: people, requests by number, contracts and invoices by theirs, what
    was begun on the web by its code.

    invoices: whether whoever asks may see them. Eight queries at most.
    """
    number = typed.upper()
    by_number = Request.objects.select_related("client", "activity", "listing")
    return Everywhere(
        people=people.find(typed=typed, limit=limit),
        requests=list(by_number.filter(listing__number=int(typed))) if typed.isdecimal() and len(typed) < 9 else [],
        agreements=list(Agreement.objects.filter(number__istartswith=number)[:limit]) if "-" in number else [],
        invoices=list(Invoice.objects.filter(number__istartswith=number).select_related("client")[:limit])
        if invoices and "-" in number
        else [],
        unsent=unsent_by_code(typed=typed, at=at),
    )
