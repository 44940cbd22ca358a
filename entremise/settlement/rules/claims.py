"""What a month's work claims: from the clients by the price promised, for the workers by the wage promised."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol
from uuid import UUID

from entremise.kernel.money import for_minutes

INVOICE, PAYSLIP = "invoice", "payslip"


class Done(Protocol):
    """Work that counts, as agreements tell it (agreements.queries.DoneWork)."""

    @property
    def fulfilment(self) -> UUID: ...
    @property
    def agreement(self) -> UUID: ...
    @property
    def title(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def minutes(self) -> int: ...
    @property
    def people(self) -> Mapping[str, UUID]: ...
    @property
    def promises(self) -> Mapping[str, int]: ...
    @property
    def terms(self) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class ClaimLine:
    """One visit. hourly: cents; travel: cents added to an invoice line; label as printed."""

    fulfilment: UUID
    agreement: UUID
    day: date
    label: str
    minutes: int
    hourly: int
    travel: int = 0
    worker: str = ""
    wage: int = 0
    personal_service: bool = False
    tax_credit: bool = False

    @property
    def amount(self) -> int:
        return for_minutes(self.hourly, self.minutes) + self.travel


@dataclass
class Claim:
    """An invoice or a payslip to make, for one person and month."""

    kind: str
    person: UUID
    lines: list[ClaimLine] = field(default_factory=list)

    @property
    def minutes(self) -> int:
        return sum(line.minutes for line in self.lines)

    @property
    def total(self) -> int:
        return sum(line.amount for line in self.lines)


def claims(
    work: Sequence[Done], *, billed: Collection[UUID], paid: Collection[UUID], minimum: Callable[[date], int]
) -> list[Claim]:
    """The invoices and payslips that work gives rise to; what was billed or paid before is left out.

    A promise of kind `price` makes an invoice line, `wage` a payslip line: the work mode decided which there are.
    minimum: the legal hourly wage of a day, in cents; a promise made before it rose is paid at the new one.
    """
    found: dict[tuple[str, UUID], Claim] = {}
    lines: dict[tuple[str, UUID], list[ClaimLine]] = defaultdict(list)
    for done in work:
        client, worker = done.people.get("client"), done.people.get("worker")
        if client and "price" in done.promises and done.fulfilment not in billed:
            lines[INVOICE, client].append(_line(done, done.promises["price"], travel=done.promises.get("travel", 0)))
        if worker and "wage" in done.promises and done.fulfilment not in paid:
            wage = max(done.promises["wage"], minimum(done.day))
            lines[PAYSLIP, worker].append(_line(done, wage, travel=0))
    for (kind, person), rows in lines.items():
        found[kind, person] = Claim(kind, person, rows)
    return sorted(found.values(), key=lambda claim: (claim.kind, claim.person.bytes))


def _line(done: Done, hourly: int, *, travel: int) -> ClaimLine:
    return ClaimLine(
        fulfilment=done.fulfilment,
        agreement=done.agreement,
        day=done.day,
        label=str(done.terms.get("label") or done.title),
        minutes=done.minutes,
        hourly=hourly,
        travel=travel,
        worker=str(done.terms.get("worker", "")),
        wage=done.promises.get("wage", 0),
        personal_service=bool(done.terms.get("personal_service")),
        tax_credit=bool(done.terms.get("tax_credit")),
    )
