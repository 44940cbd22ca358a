"""Whether somebody on a list is somebody already known. A name alone never decides: homonyms are shown to a human."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID

from entremise.kernel.words import fold

ALIKE = 0.8  # « Odlie » and « Odile » are one slip apart; « Jean » and « Marie » are two people.


@dataclass(frozen=True)
class Traits:
    """What may identify a person. Free text as typed; phones in E.164; number: their key in the organisation's file."""

    family: str
    given: str = ""
    title: str = ""
    birth_name: str = ""
    birth_date: date | None = None
    phones: frozenset[str] = frozenset()
    email: str = ""
    address: str = ""
    number: str = ""


@dataclass(frozen=True)
class Known:
    person: UUID
    traits: Traits


class Kind(StrEnum):
    SAME = "same"
    MAYBE = "maybe"
    NEW = "new"


@dataclass(frozen=True)
class Match:
    """person: who it is, or for MAYBE the likeliest. reason: same_number, same_phone, same_birth_date, same_email,
    same_address; homonym, number_of_another, phone_of_another, birth_dates_differ, titles_differ, several; for NEW
    shares_phone (a household) or "". others: everybody else who came into question.
    """

    kind: Kind
    person: UUID | None = None
    reason: str = ""
    others: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class _Keys:
    """The traits of one person, normalised once for many comparisons."""

    names: frozenset[str]
    given: str
    title: str
    birth_date: date | None
    phones: frozenset[str]
    email: str
    address: str
    number: str

    @staticmethod
    def of(traits: Traits) -> "_Keys":
        families = [traits.family, traits.birth_name] if traits.birth_name else [traits.family]
        return _Keys(
            # Sorted words: « Paul Martin » and « Martin Paul » meet whatever order was guessed.
            frozenset(name for family in families if (name := _words(f"{family} {traits.given}"))),
            _words(traits.given),
            fold(traits.title),
            traits.birth_date,
            traits.phones,
            traits.email.strip().lower(),
            fold(traits.address),
            fold(traits.number),
        )


def _words(name: str) -> str:
    # Names in other scripts have nothing left once folded, and would all be one.
    return " ".join(sorted((fold(name) or name.casefold()).split()))


class KnownPeople:
    """Everybody known, looked up by what identifies: a line costs a few dictionary reads, not a walk through all.

    Add each person that an import creates, so that the next line of the same file meets them.
    """

    def __init__(self, known: Iterable[Known] = ()) -> None:
        self._keys: dict[UUID, _Keys] = {}
        self._having: defaultdict[tuple[str, str], list[UUID]] = defaultdict(list)
        for one in known:
            self.add(one)

    def add(self, known: Known) -> None:
        keys = _Keys.of(known.traits)
        self._keys[known.person] = keys
        for handle in _handles(keys):
            self._having[handle].append(known.person)

    def match(self, candidate: Traits) -> Match:
        """SAME when one person alone fits on name and a second trait; MAYBE for a human to decide; NEW otherwise."""
        keys = _Keys.of(candidate)
        near = dict.fromkeys(person for handle in _handles(keys) for person in self._having.get(handle, ()))
        verdicts = [(person, *_judge(keys, self._keys[person])) for person in near]
        for wanted in (Kind.SAME, Kind.MAYBE, Kind.NEW):
            hits = [(person, reason) for person, kind, reason in verdicts if kind is wanted and reason]
            if not hits:
                continue
            people = tuple(person for person, _ in hits)
            if wanted is Kind.NEW:
                return Match(Kind.NEW, None, hits[0][1], people)
            if wanted is Kind.SAME and len(hits) > 1:
                # Their own number outranks everything: two records of one person would stay two for ever otherwise.
                numbered = [person for person, reason in hits if reason == "same_number"]
                if len(numbered) != 1:
                    return Match(Kind.MAYBE, people[0], "several", people[1:])
                return Match(Kind.SAME, numbered[0], "same_number", tuple(p for p in people if p != numbered[0]))
            return Match(wanted, people[0], hits[0][1], people[1:])
        return Match(Kind.NEW)


def same_person(candidate: Traits, existing: Sequence[Known]) -> Match:
    """One look-up among a few; for a whole file keep a `KnownPeople`."""
    return KnownPeople(existing).match(candidate)


def _handles(keys: _Keys) -> Iterable[tuple[str, str]]:
    if keys.number:
        yield "number", keys.number
    for phone in keys.phones:
        yield "phone", phone
    for name in keys.names:
        yield "name", name


def _judge(one: _Keys, other: _Keys) -> tuple[Kind, str]:
    """Verdict on a pair and its reason; NEW with "" when nothing links them."""
    if not one.names & other.names:
        return _judge_other_name(one, other)
    proof = _proof(one, other)
    if one.number and one.number == other.number:
        return Kind.SAME, "same_number"
    if one.birth_date and other.birth_date and one.birth_date != other.birth_date:
        # A father and a son under one roof, or a slip of the pen: somebody looks.
        return (Kind.MAYBE, "birth_dates_differ") if proof else (Kind.NEW, "")
    if one.title and other.title and one.title != other.title:
        return Kind.MAYBE, "titles_differ"
    return (Kind.SAME, proof) if proof else (Kind.MAYBE, "homonym")


def _proof(one: _Keys, other: _Keys) -> str:
    """The trait beside the name that makes two records one person, or ""."""
    if one.phones & other.phones:
        return "same_phone"
    if one.birth_date and one.birth_date == other.birth_date:
        return "same_birth_date"
    if one.email and one.email == other.email:
        return "same_email"
    return "same_address" if one.address and one.address == other.address else ""


def _judge_other_name(one: _Keys, other: _Keys) -> tuple[Kind, str]:
    if one.number and one.number == other.number:
        return Kind.MAYBE, "number_of_another"
    if not one.phones & other.phones:
        return Kind.NEW, ""
    if one.given and one.given == other.given:
        return Kind.MAYBE, "phone_of_another"  # A changed family name, or a neighbour's telephone.
    alike = any(_alike(mine.split(), theirs.split()) for mine in one.names for theirs in other.names)
    return (Kind.MAYBE, "phone_of_another") if alike else (Kind.NEW, "shares_phone")


def _alike(mine: list[str], theirs: list[str]) -> bool:
    """Whether two names may be one written twice: part of the other (« Mme Marsan »), an initial, or a slip."""
    left, right = set(mine) - set(theirs), set(theirs) - set(mine)
    if not left or not right:
        return True
    a, b = " ".join(sorted(left)), " ".join(sorted(right))
    if min(len(a), len(b)) == 1:
        return a[0] == b[0]
    return SequenceMatcher(None, a, b).ratio() >= ALIKE
