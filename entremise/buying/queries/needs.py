"""Needs and who says them, briefs, the answers that stand, and how the votes count."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from entremise.buying.models import Ballot, Brief, Need, Tender
from entremise.buying.rules.gathering import alike
from entremise.buying.rules.states import LIVE_NEEDS, PUBLIC_BRIEFS
from entremise.buying.rules.voting import METHODS
from entremise.people.models import Person

MOST = 500  # Needs that one page groups.


def need(*, need: UUID) -> Need | None:
    return Need.objects.select_related("person", "brief").filter(id=need).first()


def needs_waiting(*, limit: int = MOST) -> list[Need]:
    """Those that no brief gathered yet, the oldest first."""
    return list(Need.objects.filter(state="said").select_related("person").order_by("said_at", "id")[:limit])


def needs_of(*, person: UUID) -> list[Need]:
    """The latest first."""
    rows = Need.objects.filter(person_id=person).select_related("brief__purchase__campaign")
    return list(rows.order_by("-said_at", "-id")[:100])


def needs_in(*, brief: UUID) -> list[Need]:
    rows = Need.objects.filter(brief_id=brief).exclude(state="withdrawn").select_related("person")
    return list(rows.order_by("said_at", "id"))


@dataclass(frozen=True)
class Group:
    """Needs that share a word."""

    word: str
    needs: list[Need]


def grouped(*, needs: Collection[Need]) -> tuple[list[Group], list[Need]]:
    """Those that speak of the same thing, by the word that they share; and the others."""
    known = {one.id: one for one in needs}
    groups = [Group(word, [known[one] for one in ids]) for word, ids in alike({one.id: one.what for one in needs})]
    in_groups = {one.id for group in groups for one in group.needs}
    return groups, [one for one in needs if one.id not in in_groups]


def brief(*, number: int) -> Brief | None:
    rows = Brief.objects.select_related("organiser", "chosen__supplier", "purchase__campaign")
    return rows.filter(number=number).first()


def briefs(*, states: Collection[str] = (*PUBLIC_BRIEFS, "draft", "given_up"), limit: int = 100) -> list[Brief]:
    """The latest first."""
    rows = Brief.objects.filter(state__in=states).select_related("chosen__supplier", "purchase__campaign")
    return list(rows.order_by("-number")[:limit])


def tenders_of(*, brief: UUID) -> list[Tender]:
    """The answers that stand: not replaced, not taken back; in the order in which they came."""
    rows = Tender.objects.filter(brief_id=brief, replaced_by=None, ended=None).select_related("supplier")
    return list(rows.order_by("dated_at", "id"))


def tenders_by(*, supplier: UUID) -> dict[UUID, Tender]:
    """brief → the answer of theirs that stands."""
    rows = Tender.objects.filter(supplier_id=supplier, replaced_by=None, ended=None)
    return {one.brief_id: one for one in rows}


def voters(*, brief: UUID) -> list[Person]:
    """Whoever's need it gathers, each once."""
    rows = Person.objects.filter(id__in=Need.objects.filter(brief_id=brief, state__in=LIVE_NEEDS).values("person"))
    return list(rows.order_by("id"))


def ballot_of(*, brief: UUID, person: UUID) -> Ballot | None:
    return Ballot.objects.filter(brief_id=brief, person_id=person).first()


@dataclass(frozen=True)
class Count:
    """rounds, first: as `rules.voting.Counted`, by the ids of the answers that stand. enough: whether as many voted as
    had to.
    """

    voters: int
    ballots: int
    enough: bool
    rounds: Sequence[Mapping[UUID, int]]
    first: tuple[UUID, ...]


def count(*, brief: Brief) -> Count:
    """How the votes stand, by the method that was said before. Ballots of people whose need is gone do not count."""
    may_vote = {one.id for one in voters(brief=brief.id)}
    rows = [one for one in Ballot.objects.filter(brief=brief) if one.person_id in may_vote]
    among = [one.id for one in tenders_of(brief=brief.id)]
    counted = METHODS[brief.method]([[UUID(one) for one in row.choices] for row in rows], among)
    return Count(len(may_vote), len(rows), len(rows) >= brief.quorum, counted.rounds, counted.first)
