"""Whom a line of a list means, among the people already known."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from entremise.jobs.rules.lines import Named
from entremise.kernel.act import Role
from entremise.kernel.refused import Refused
from entremise.kernel.words import fold


@dataclass(frozen=True)
class Entry:
    """phones: E.164. number: their key in the organisation's own file."""

    person: UUID
    family: str
    given: str
    title: str = ""
    number: str = ""
    phones: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()


class Directory:
    """Everybody known, looked up by number, telephone and the words of their name."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._entries: dict[UUID, Entry] = {}
        self._words: dict[UUID, frozenset[str]] = {}
        self._numbered: defaultdict[str, set[UUID]] = defaultdict(set)
        self._answering: defaultdict[str, set[UUID]] = defaultdict(set)
        self._called: defaultdict[str, set[UUID]] = defaultdict(set)
        for entry in entries:
            self._entries[entry.person] = entry
            self._words[entry.person] = _words(entry.family, entry.given)
            if entry.number:
                self._numbered[fold(entry.number)].add(entry.person)
            for phone in entry.phones:
                self._answering[phone].add(entry.person)
            for word in self._words[entry.person]:
                self._called[word].add(entry.person)

    def find(self, named: Named, *, role: Role) -> UUID:
        """The one person meant. A number or a telephone proves it unless the name says otherwise; a name alone will do
        when one person bears it. Those in `role` come first.

        Raises Refused("person_not_found"), or ("person_uncertain") when a human should say who it is.
        """
        words = _words(named.name.family, named.name.given)
        for proved in (
            self._numbered.get(fold(named.number), set()) if named.number else set(),
            set[UUID]().union(*(self._answering.get(phone, set()) for phone in named.phones)),
        ):
            if proved:
                fits = {one for one in proved if self._words[one] & words} if words else proved
                return self._only(fits or proved, named, role, sure=bool(fits))
        if not words:
            raise Refused("person_not_found", {"typed": str(named)}, where=role.value)
        bearing = set.intersection(*(self._called.get(word, set()) for word in words))
        exactly = {one for one in bearing if self._words[one] == words}
        return self._only(exactly or bearing, named, role, sure=True)

    def _only(self, people: set[UUID], named: Named, role: Role, *, sure: bool) -> UUID:
        if not people:
            raise Refused("person_not_found", {"typed": str(named)}, where=role.value)
        best = {one for one in people if role in self._entries[one].roles} or people
        title = named.name.title
        best = {one for one in best if self._entries[one].title in ("", title)} or best if title else best
        if len(best) > 1 or not sure:
            raise Refused("person_uncertain", {"typed": str(named), "count": len(best)}, where=role.value)
        return best.pop()


def _words(family: str, given: str) -> frozenset[str]:
    return frozenset(fold(f"{family} {given}").split())
