"""What hours of help cost and what each of those present pays of it, exactly to the cent."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from entremise.kernel.money import for_minutes, half_up, split
from entremise.kernel.refused import Refused

MOST_PERCENT = 10_000  # Hundredths of a percent: everything.


@dataclass(frozen=True)
class Terms:
    """Cents an hour: hourly, to whoever helps; alone, what one would pay without the others.

    fee_how: `hourly`, fee_value is cents an hour; `percent`, hundredths of a percent of what goes to whoever helps.
    """

    hourly: int
    alone: int
    fee_how: str
    fee_value: int

    def fee(self, minutes: int, care: int) -> int:
        if self.fee_how == "hourly":
            return for_minutes(self.fee_value, minutes)
        return half_up(Decimal(care) * self.fee_value / MOST_PERCENT)


@dataclass(frozen=True)
class Part:
    """What one pays: `amount`, of which `fee` is the intermediary's. alone: their minutes at the individual price."""

    minutes: int
    amount: int
    fee: int
    alone: int


@dataclass(frozen=True)
class Cost:
    """care: to whoever helped. fee: to the intermediary. borne: cents of the care that the intermediary pays itself.

    The parts add up to care + fee - borne.
    """

    care: int
    fee: int
    borne: int
    parts: Mapping[UUID, Part]


def check(terms: Terms) -> None:
    """Raises Refused("amount_needed") without a price, Refused("fee_wrong"), or Refused("pool_dearer") when an hour
    costs more than alone.
    """
    if terms.hourly < 60:  # A minute costs a cent at least: no session is for nothing.
        raise Refused("amount_needed", where="hourly")
    if not terms.fee_value >= 0 or (terms.fee_how == "percent" and terms.fee_value > MOST_PERCENT):
        raise Refused("fee_wrong", where="fee_value")
    together = terms.hourly + terms.fee(60, terms.hourly)
    if together > terms.alone:
        raise Refused("pool_dearer", {"sum": together, "price": terms.alone}, where="alone")


def cost(terms: Terms, minutes: int, present: Mapping[UUID, int]) -> Cost:
    """minutes: of whoever helped. present: how many of them each one had, in any order; those with none pay nothing.

    Nobody pays more than the individual price of their own minutes; what rounding leaves over is the intermediary's to
    give up. Raises Refused("nobody_there"), Refused("there_too_long") for more minutes than there were, and
    Refused("hours_nobody_had") when some of the minutes were with nobody.
    """
    there = {who: present[who] for who in sorted(present) if present[who] > 0}
    if not there or minutes <= 0:
        raise Refused("nobody_there", where="minutes")
    if max(there.values()) > minutes:
        raise Refused("there_too_long", {"minutes": minutes}, where="minutes")
    if sum(there.values()) < minutes:
        raise Refused("hours_nobody_had", {"minutes": sum(there.values())}, where="minutes")
    care = for_minutes(terms.hourly, minutes)
    alone = [for_minutes(terms.alone, one) for one in there.values()]
    paid = min(care + terms.fee(minutes, care), sum(alone))
    fee, borne = max(0, paid - care), max(0, care - paid)
    amounts = _capped(paid, list(there.values()), alone)
    fees = split(fee, amounts) if fee else [0] * len(amounts)
    parts = zip(there.items(), amounts, fees, alone, strict=True)
    return Cost(care, fee, borne, {who: Part(had, *sums) for (who, had), *sums in parts})


def _capped(total: int, weights: Sequence[int], caps: Sequence[int]) -> list[int]:
    """`total` by largest remainder, none above its cap: what one cannot take is shared among the others.

    total: at most the sum of the caps.
    """
    parts, still, left = [0] * len(weights), list(range(len(weights))), total
    while still:
        shares = split(left, [weights[one] for one in still])
        over = [one for one, share in zip(still, shares, strict=True) if share > caps[one]]
        if not over:
            for one, share in zip(still, shares, strict=True):
                parts[one] = share
            break
        for one in over:
            parts[one] = caps[one]
            left -= caps[one]
        still = [one for one in still if one not in over]
    return parts
