"""A day's jobs spread over a day's people: as many jobs as can be, each person once, close to the published order.

There is no weight here either. Every job brings its own list of people, in the order of `matching.CRITERIA`; the plan
gives each job somebody so that the places in those lists add up to as little as they can. A coordinator decides.
"""

from collections.abc import Hashable, Mapping, Sequence
from heapq import heappop, heappush
from typing import TypeVar

Job = TypeVar("Job", bound=Hashable)
Somebody = TypeVar("Somebody", bound=Hashable)

NOBODY = 1_000_000  # Costs more than any places could: a job stays without only when it must.


def spread(orders: Mapping[Job, Sequence[Somebody]]) -> dict[Job, Somebody]:
    """Who could go where; jobs for which nobody is left are not in it.

    orders: for each job the people who may go, the first of the rule first. The best there is: no other plan gives
    more jobs somebody, and of those that give as many none has a smaller sum of places. The same orders give the same
    plan. Shortest augmenting paths after Jonker and Volgenant, https://doi.org/10.1007/BF02278710.
    """
    jobs = list(orders)
    people: dict[Somebody, int] = {}
    options: list[list[tuple[int, int]]] = []
    for job in jobs:
        options.append([(people.setdefault(one, len(people)), place) for place, one in enumerate(orders[job])])
    for row, choices in enumerate(options):
        choices.append((len(people) + row, NOBODY))  # Staying without, each job on its own.
    taken = _assign(options, len(people) + len(jobs))
    named = list(people)
    return {job: named[column] for job, column in zip(jobs, taken, strict=True) if column < len(named)}


def _assign(options: Sequence[Sequence[tuple[int, int]]], columns: int) -> list[int]:
    """For each row its column, at the least cost of all. Every row has a column of its own that it may always take."""
    price = [0] * columns
    owner = [-1] * columns
    of_row = [-1] * len(options)
    free = list(range(len(options)))
    for _ in range(2):
        free = _bid(options, price, owner, of_row, free)
    for row in free:
        _augment(options, price, owner, of_row, row)
    return of_row


def _bid(
    options: Sequence[Sequence[tuple[int, int]]], price: list[int], owner: list[int], of_row: list[int], free: list[int]
) -> list[int]:
    """Each free row takes what is best for it and pays what it is better than the next best; who lost is free."""
    lost: list[int] = []
    for first in free:
        row = first
        for _ in range(len(options)):
            best, least, second = -1, NOBODY * 4, NOBODY * 4
            for column, cost in options[row]:
                reduced = cost - price[column]
                if reduced < least:
                    best, least, second = column, reduced, least
                elif reduced < second:
                    second = reduced
            before = owner[best]
            price[best] -= second - least
            owner[best], of_row[row] = row, best
            if before < 0:
                break
            of_row[before] = -1
            if second == least:
                lost.append(before)
                break
            row = before
        else:
            lost.append(row)
    return [row for row in lost if of_row[row] < 0]


def _augment(
    options: Sequence[Sequence[tuple[int, int]]], price: list[int], owner: list[int], of_row: list[int], start: int
) -> None:
    """The cheapest way to give one more row a column, moving others along."""
    distance: dict[int, int] = {}
    came_from: dict[int, int] = {}
    done: dict[int, int] = {}
    heap: list[tuple[int, int]] = []
    row, so_far = start, 0
    while True:
        held = of_row[row]
        base = so_far - next((cost - price[column] for column, cost in options[row] if column == held), 0)
        for column, cost in options[row]:
            if column in done:
                continue
            reached = base + cost - price[column]
            if reached < distance.get(column, NOBODY * 8):
                distance[column], came_from[column] = reached, row
                heappush(heap, (reached, column))
        while True:
            so_far, end = heappop(heap)
            if end not in done:
                break
        done[end] = so_far
        if owner[end] < 0:
            break
        row = owner[end]
    for column, reached in done.items():
        price[column] += reached - so_far
    while True:
        row = came_from[end]
        owner[end], of_row[row], end = row, end, of_row[row]
        if row == start:
            return
