"""A worker who saw a job on the public list would go. It binds nobody: the desk proposes, or does not."""

from uuid import UUID

from entremise.history.operations import record
from entremise.jobs.models import Interest, Notice, Request
from entremise.jobs.operations.holding import hold
from entremise.jobs.queries.interests import barring
from entremise.jobs.rules.notices import INTEREST, WANTED
from entremise.kernel.act import Act
from entremise.kernel.refused import Refused
from entremise.market.queries import latest_proposal
from entremise.market.rules import WAITING
from entremise.messaging import operations as messaging
from entremise.people.models import Person
from entremise.people.rules.may import Verb, require


def show_interest(*, act: Act, request: Request, person: Person) -> Interest:
    """« Je veux y aller ». Said twice, it is the same.

    Raises Refused("already_taken") when it is not, or no longer, for everybody to take, ("asked_already") when it was
    put to them and waits for their answer, ("cannot_go") when a rule stands against it that nobody may waive.
    """
    require(act, Verb.INTERESTS_SHOW, owner=person.id)
    hold(request=request)
    number = request.listing.number
    if request.state not in WANTED or not Notice.objects.filter(request=request).exists():
        raise Refused("already_taken", {"number": number})
    asked = latest_proposal(person=person.id, number=number)
    if asked and asked.state in WAITING:
        raise Refused("asked_already", {"number": number})
    if barring(request=request, person=person.id, at=act.at):
        raise Refused("cannot_go", {"number": number})
    interest = Interest.objects.filter(request=request, person=person).first()
    if interest and interest.state == "shown":
        return interest
    state, fact = INTEREST.step(interest.state if interest else "", "show")
    said = {"state": state, "state_at": act.at}
    interest, _created = Interest.objects.update_or_create(request=request, person=person, defaults=said)
    record(act=act, type=fact, thing="interest", thing_id=interest.id, data={"number": number})
    return interest


def take_interest_back(*, act: Act, request: Request, person: Person) -> Interest | None:
    """They would not go after all. Costs nothing later."""
    require(act, Verb.INTERESTS_SHOW, owner=person.id)
    interest = Interest.objects.filter(request=request, person=person, state="shown").first()
    return _move(act, interest, "take_back") if interest else None


def asked_of(*, act: Act, request: Request, people: list[UUID]) -> None:
    """It is put to them now: a proposal takes the place of what they said."""
    for interest in Interest.objects.filter(request=request, person__in=people, state="shown"):
        _move(act, interest, "end")


def nobody_wanted(*, act: Act, request: Request, template: str) -> None:
    """Nobody is looked for any more: whoever would have gone is told, as politely as those who were asked."""
    for interest in Interest.objects.filter(request=request, state="shown").select_related("person"):
        _move(act, interest, "end")
        messaging.queue(
            act=act,
            person=interest.person,
            template=template,
            context={
                "request": request,
                "listing": request.listing,
                "organisation": request.organisation,
                "paid": 0,
                "owed": 0,
            },
            key=f"interest:{interest.id}:{act.at:%Y%m%d%H%M}",
            about="request",
            about_id=request.id,
        )


def _move(act: Act, interest: Interest, verb: str) -> Interest:
    interest.state, fact = INTEREST.step(interest.state, verb)
    interest.state_at = act.at
    interest.save(update_fields=["state", "state_at"])
    record(act=act, type=fact, thing="interest", thing_id=interest.id)
    return interest
