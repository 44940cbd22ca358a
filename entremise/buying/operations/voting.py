"""Whoever needs it says which answers suit them."""

from collections.abc import Sequence
from uuid import UUID

from entremise.buying import queries
from entremise.buying.models import Ballot, Brief
from entremise.buying.operations.asking import locked_brief
from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.debits import today


def cast_ballot(*, act: Act, brief: Brief, person: Person, choices: Sequence[UUID]) -> Ballot:
    """What one person says of the answers, in place of what they said before; none suits is an answer too. For a
    ranking the one they like best comes first.

    Raises Refused("not_now") when there is no vote, Refused("vote_over") after its last day,
    Refused("no_vote_of_theirs") for somebody whose need is not of it, Refused("tender_over") for an answer that does
    not stand any more, and Refused("named_twice").
    """
    require(act, Verb.BALLOTS_CAST, owner=person.id)
    row = locked_brief(brief.id)
    if row.state != "voting":
        raise Refused("not_now", {"thing": "brief", "state": row.state, "verb": "cast"})
    if today(act) > row.votes_until:
        raise Refused("vote_over", {"until": row.votes_until})
    if person.id not in {one.id for one in queries.voters(brief=row.id)}:
        raise Refused("no_vote_of_theirs", {"number": row.number})
    stands = {one.id for one in queries.tenders_of(brief=row.id)}
    if not stands.issuperset(choices):
        raise Refused("tender_over", where="choices")
    if len(set(choices)) != len(choices):
        raise Refused("named_twice", where="choices")
    said = {"choices": [str(one) for one in choices], "cast_at": act.at}
    ballot, _ = Ballot.objects.update_or_create(brief=row, person=person, defaults=said)
    # What they said is theirs: the history keeps that they voted.
    record(act=act, type="ballot_cast", thing="ballot", thing_id=ballot.id, data={"number": row.number})
    return ballot
