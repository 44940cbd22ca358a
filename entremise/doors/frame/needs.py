"""The answers to a brief side by side, as the desk and everybody see them."""

from collections.abc import Sequence

from entremise.buying.models import Brief, Tender
from entremise.buying.queries import Count

COUNTED = ("chosen", "planned")  # Before, a count would be a reason to vote with the others.


def told(brief: Brief, tenders: Sequence[Tender], count: Count, *, inside: bool = False) -> list[dict[str, object]]:
    """One row an answer. votes: once the vote is over, or for whoever runs it (inside)."""
    last = count.rounds[-1] if count.rounds else {}
    return [
        {
            "tender": one,
            "steps": one.steps(),
            "chosen": one.id == brief.chosen_id,
            "votes": last.get(one.id, 0) if inside or brief.state in COUNTED else None,
            "first": one.id in count.first,
        }
        for one in tenders
    ]
