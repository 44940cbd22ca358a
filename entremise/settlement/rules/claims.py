"""What a month's work claims: from the clients by the price promised, for the workers by the wage promised."""

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Protocol
from uuid import UUID

from entremise.kernel.money import for_minutes
from entremise.kernel.time import Period
from entremise.settlement.rules.commission import as_rate, commission_of

INVOICE, PAYSLIP, SUPPLIER = "invoice", "payslip", "supplier"
WORK = "work"
FEES = {"fee", "whole_fee"}
FORFEITS = {"called_off": "visite annulée après le délai", "absent": "personne à l’arrivée"}  # As printed.


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
    def kind(self) -> str: ...
    @property
    def due(self) -> int | None: ...
    @property
    def term(self) -> Period: ...
    @property
    def people(self) -> Mapping[str, UUID]: ...
    @property
    def promises(self) -> Mapping[str, int]: ...
    @property
    def terms(self) -> Mapping[str, object]: ...


@dataclass(frozen=True)
class ClaimLine:
    """One visit. hourly: cents; label as printed. On an invoice only, travel: cents added; minimum: minutes that are
    billed at least. kind: work, or why there was none; then minutes are paid, not billed, and due is the amount.
    """

    fulfilment: UUID
    agreement: UUID
    day: date
    label: str
    minutes: int
    hourly: int
    travel: int = 0
    minimum: int = 0
    kind: str = WORK
    due: int | None = None
    worker: str = ""
    wage: int = 0
    personal_service: bool = False
    tax_credit: bool = False
    term: Period | None = None  # Of the agreement.
    client: UUID | None = None  # Who owes it, when it is owed to a supplier; commission: cents of it that are ours.
    commission: int = 0

    @property
    def amount(self) -> int:
        if self.due is not None:
            return self.due
        return for_minutes(self.hourly, self.minutes) + self.top_up + self.travel

    @property
    def top_up(self) -> int:
        """What a visit shorter than the minimum costs beyond its time, in cents."""
        return max(0, for_minutes(self.hourly, self.minimum) - for_minutes(self.hourly, self.minutes))


@dataclass
class Claim:
    """An invoice, a payslip or a supplier's papers to make, for one person and month."""

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
    """What work gives rise to; what was billed or paid before is left out.

    A promise of kind `price` makes an invoice line, `wage` a payslip line, `fee` or `whole_fee` a line of what a client
    owes to a supplier, of which a `commission` is ours: the work mode decided which there are.
    minimum: the legal hourly wage of a day, in cents; a promise made before it rose is paid at the new one.
    """
    found: dict[tuple[str, UUID], Claim] = {}
    lines: dict[tuple[str, UUID], list[ClaimLine]] = defaultdict(list)
    for done in work:
        client, worker = done.people.get("client"), done.people.get("worker")
        wage = max(done.promises["wage"], minimum(done.day)) if "wage" in done.promises else 0
        if client and "price" in done.promises and done.due != 0 and done.fulfilment not in billed:
            lines[INVOICE, client].append(_billed(done, wage))
        if worker and wage and done.minutes and done.fulfilment not in paid:
            lines[PAYSLIP, worker].append(_line(done, wage, wage))
        supplier = done.people.get("supplier")
        if client and supplier and done.promises.keys() & FEES and done.due != 0 and done.fulfilment not in billed:
            lines[SUPPLIER, supplier].append(_supplied(done, client))
    for (kind, person), rows in lines.items():
        found[kind, person] = Claim(kind, person, rows)
    return sorted(found.values(), key=lambda claim: (claim.kind, claim.person.bytes))


def _billed(done: Done, wage: int) -> ClaimLine:
    if done.kind != WORK:
        # Nobody was served: no tax credit, no travel, and the price is what the terms say.
        owed = _line(done, done.promises["price"], wage)
        label = f"{owed.label} : {FORFEITS[done.kind]}"
        return replace(owed, label=label, due=done.due, personal_service=False, tax_credit=False)
    least = done.terms.get("minimum_minutes")
    return replace(
        _line(done, done.promises["price"], wage),
        travel=done.promises.get("travel", 0),
        minimum=least if isinstance(least, int) else 0,
    )


def _supplied(done: Done, client: UUID) -> ClaimLine:
    line = replace(_line(done, done.promises.get("fee", 0), 0), client=client)
    if done.kind != WORK:
        line = replace(line, label=f"{line.label} : {FORFEITS[done.kind]}", due=done.due)
    elif "whole_fee" in done.promises:
        line = replace(line, due=done.promises["whole_fee"])
    return replace(line, commission=commission_of(line.amount, as_rate(done.promises.get("commission", 0))))


def _line(done: Done, hourly: int, wage: int) -> ClaimLine:
    return ClaimLine(
        fulfilment=done.fulfilment,
        agreement=done.agreement,
        day=done.day,
        label=str(done.terms.get("label") or done.title),
        minutes=done.minutes,
        hourly=hourly,
        kind=done.kind,
        worker=str(done.terms.get("worker", "")),
        wage=wage,
        personal_service=bool(done.terms.get("personal_service")),
        tax_credit=bool(done.terms.get("tax_credit")),
        term=done.term,
    )
