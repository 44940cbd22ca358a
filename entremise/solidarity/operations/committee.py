from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from entremise.history.operations import record
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require
from entremise.settlement.operations.debits import today
from entremise.solidarity import queries, rules
from entremise.solidarity.models import Award, Rules, Seat, Vote


def seat(*, act: Act, person: Person, kind: str, since: date, delegate: bool = False) -> Seat:
    """Somebody sits on the committee from a day on. Raises Refused("already_seated")."""
    require(act, Verb.FUNDS_RULE)
    if Seat.objects.filter(person=person, until=None).exists():
        raise Refused("already_seated", where="person")
    made = Seat.objects.create(person=person, kind=kind, since=since, delegate=delegate)
    record(act=act, type="seat_taken", thing="seat", thing_id=made.id, data={"kind": kind, "delegate": delegate})
    return made


def unseat(*, act: Act, seat: Seat) -> Seat:
    """Today is the last day of a seat; what it voted stays."""
    require(act, Verb.FUNDS_RULE)
    if seat.until is None:
        seat.until = today(act)
        seat.save(update_fields=["until"])
        record(act=act, type="seat_left", thing="seat", thing_id=seat.id)
    return seat


def propose_rules(
    *,
    act: Act,
    text: str,
    purposes: Collection[str],
    most_award: int,
    most_year: int,
    quorum: int,
    in_force_from: date,
    delegate_up_to: int = 0,
    emergency_up_to: int = 0,
    emergencies: int = 0,
) -> Rules:
    """A new version, for the committee to vote. Amounts in cents. Raises Refused("vote_open") while another waits."""
    require(act, Verb.FUNDS_RULE)
    if Rules.objects.filter(state="proposed").exists():
        raise Refused("vote_open")
    if not purposes or not set(purposes) <= set(rules.PURPOSES):
        raise Refused("purpose_not_covered", where="purposes")
    state, fact = rules.RULES.step("", "propose")
    proposed = Rules.objects.create(
        number=Rules.objects.count() + 1,
        text=text,
        purposes=sorted(purposes),
        most_award=most_award,
        most_year=most_year,
        delegate_up_to=delegate_up_to,
        emergency_up_to=emergency_up_to,
        emergencies=emergencies,
        quorum=quorum,
        in_force_from=in_force_from,
        state=state,
        proposed_at=act.at,
    )
    record(act=act, type=fact, thing="rules", thing_id=proposed.id, data={"number": proposed.number})
    return proposed


def vote(*, act: Act, on: Rules | Award, answers: Mapping[UUID, str]) -> int:
    """What members of the committee say of a version of the rules or of a request; seat → for, against or abstain.

    Members vote from their own seat; staff write down what was said at a meeting. Who said something already keeps
    what they said. Returns how many said something new. Raises Refused("own_case") for somebody's own request or their
    household's, Refused("not_now") when it is decided already.
    """
    seats = {one.id: one for one in queries.seats(on=today(act)) if one.id in answers}
    for owner in {one.person_id for one in seats.values()}:
        require(act, Verb.AIDS_VOTE, owner=owner)
    thing = on.__class__.objects.select_for_update(no_key=True).get(id=on.id)
    if thing.state not in ("proposed", *rules.WAITING):
        raise Refused("not_now", {"thing": "vote", "state": thing.state, "verb": "vote"})
    award = thing if isinstance(thing, Award) else None
    about = {"award": award, "round": award.round} if award else {"rules": thing}
    said = set(Vote.objects.filter(**about, seat__in=seats).values_list("seat_id", flat=True))
    new = [one for one in seats.values() if one.id not in said]
    for one in new:
        if award and own_case(one.person, award.person):
            raise Refused("own_case", {"name": one.person.full_name})
    Vote.objects.bulk_create(Vote(seat=one, answer=answers[one.id], cast_at=act.at, **about) for one in new)
    if new:
        record(act=act, type="votes_cast", thing="vote", thing_id=thing.id, data={"count": len(new)})
    return len(new)


def close_vote(*, act: Act, rules_: Rules) -> Rules:
    """Adopted or rejected, by what was said. Raises Refused("quorum_missing") or Refused("no_beneficiary_seat")."""
    require(act, Verb.FUNDS_RULE)
    on = today(act)
    version = Rules.objects.select_for_update(no_key=True).get(id=rules_.id)
    rules.require_committee(one.kind for one in queries.seats(on=on))
    current = queries.rules_in_force(on=on) or version
    answers = version.votes.values_list("answer", flat=True)
    verb = "adopt" if rules.carried(answers, current.quorum) else "reject"
    version.state, fact = rules.RULES.step(version.state, verb)
    # Nothing was decided under rules that were not there yet.
    version.in_force_from = max(version.in_force_from, on)
    version.save(update_fields=["state", "in_force_from"])
    record(act=act, type=fact, thing="rules", thing_id=version.id, data={"number": version.number})
    return version


def own_case(voter: Person, person: Person) -> bool:
    return rules.own_case(voter.id, voter.household_id, person.id, person.household_id)
