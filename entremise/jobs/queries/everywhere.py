from dataclasses import dataclass

from entremise.agreements.models import Agreement
from entremise.jobs.models import Request
from entremise.people import queries as people
from entremise.settlement.models import Invoice


@dataclass(frozen=True)
class Everywhere:
    people: list[people.Found]
    requests: list[Request]
    agreements: list[Agreement]
    invoices: list[Invoice]

    @property
    def count(self) -> int:
        return len(self.people) + len(self.requests) + len(self.agreements) + len(self.invoices)


def find(*, typed: str, invoices: bool, limit: int = 6) -> Everywhere:
    """What a word or a number may mean: people, requests by number, contracts and invoices by theirs.

    invoices: whether whoever asks may see them. Seven queries at most.
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
    )
