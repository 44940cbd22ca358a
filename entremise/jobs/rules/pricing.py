"""What a client pays for one visit."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from entremise.jobs.rules.need import ClientKind
from entremise.kernel.money import for_minutes, share


@dataclass(frozen=True)
class Tariff:
    """Cents an hour, the least that is billed for one visit (minutes), cents of travel per visit.

    `personal_service`: the activity is in the scope of services à la personne.
    """

    hourly: int
    minimum_minutes: int = 0
    travel: int = 0
    personal_service: bool = False


@dataclass(frozen=True)
class Line:
    """Cents; `minutes` where the line is made of time."""

    code: Literal["hours", "minimum", "travel"]
    amount: int
    minutes: int = 0


@dataclass(frozen=True)
class Price:
    """Cents. `credit` is the tax credit an individual may hope for; it is never deducted from what is paid."""

    lines: tuple[Line, ...]
    total: int
    credit: int

    @property
    def after_credit(self) -> int:
        return self.total - self.credit


def price(tariff: Tariff, *, minutes: int, client_kind: ClientKind, credit_rate: Decimal) -> Price:
    """`credit_rate` is the dated figure of CGI 199 sexdecies, a fraction. The minimum is a line of its own."""
    hours = for_minutes(tariff.hourly, minutes)
    lines = [Line("hours", hours, minutes)]
    if minutes < tariff.minimum_minutes:
        whole = for_minutes(tariff.hourly, tariff.minimum_minutes)
        lines.append(Line("minimum", whole - hours, tariff.minimum_minutes - minutes))
    if tariff.travel:
        lines.append(Line("travel", tariff.travel))
    total = sum(line.amount for line in lines)
    eligible = tariff.personal_service and client_kind is ClientKind.INDIVIDUAL
    return Price(tuple(lines), total, share(total, credit_rate) if eligible else 0)
