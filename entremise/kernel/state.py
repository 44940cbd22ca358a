from collections.abc import Mapping
from dataclasses import dataclass

from entremise.kernel.refused import Refused


@dataclass(frozen=True)
class StateTable:
    """The states of a thing as data: (from, verb) → (to, fact). `""` is the state before it exists."""

    name: str
    edges: Mapping[tuple[str, str], tuple[str, str]]

    def step(self, state: str, verb: str) -> tuple[str, str]:
        """The next state and the fact to record. Raises Refused("not_now") when no edge leaves `state` by `verb`."""
        try:
            return self.edges[state, verb]
        except KeyError:
            raise Refused("not_now", {"thing": self.name, "state": state, "verb": verb}) from None

    def allows(self, state: str, verb: str) -> bool:
        return (state, verb) in self.edges

    @property
    def states(self) -> frozenset[str]:
        ends = {to for to, _ in self.edges.values()}
        return frozenset(ends | {state for state, _ in self.edges if state})

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(fact for _, fact in self.edges.values())

    @property
    def unreachable(self) -> frozenset[str]:
        """States that no path from the beginning reaches; a law wants this empty."""
        seen, frontier = {""}, {""}
        while frontier:
            frontier = {to for (state, _), (to, _) in self.edges.items() if state in frontier} - seen
            seen |= frontier
        return self.states - seen
