"""How votes on offers are counted. The method is chosen before anybody answers, and everybody can count it again."""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Counted(Generic[K]):
    """rounds: in each, what is left and its votes, in the order in which the answers came in. first: what the votes
    prefer; several when they are level, none when nobody wanted any.
    """

    rounds: Sequence[Mapping[K, int]]
    first: tuple[K, ...]


def approval(ballots: Sequence[Sequence[K]], among: Sequence[K]) -> Counted[K]:
    """Yes to every one that suits; most yeses first."""
    said = Counter(one for ballot in ballots for one in set(ballot))
    votes = {one: said[one] for one in among}
    return Counted([votes], _most(votes))


def ranking(ballots: Sequence[Sequence[K]], among: Sequence[K]) -> Counted[K]:
    """In the order of preference: the first of each ballot counts. Until one has more than half of what still counts,
    the last goes out and its ballots count for whom they name next; all that are last go out together.
    """
    left, rounds = list(among), []
    while True:
        tops = [next((one for one in ballot if one in left), None) for ballot in ballots]
        votes = {one: sum(top == one for top in tops) for one in left}
        rounds.append(votes)
        first, counted = _most(votes), sum(votes.values())
        fewest = min(votes.values(), default=0)
        last = [one for one in left if votes[one] == fewest]
        if not first or votes[first[0]] * 2 > counted or len(last) == len(left):
            return Counted(rounds, first)
        left = [one for one in left if one not in last]


def _most(votes: Mapping[K, int]) -> tuple[K, ...]:
    most = max(votes.values(), default=0)
    return tuple(one for one, count in votes.items() if count == most) if most else ()


Method = Callable[[Sequence[Sequence[K]], Sequence[K]], Counted[K]]

METHODS: Mapping[str, Method[Any]] = {"approval": approval, "ranking": ranking}
